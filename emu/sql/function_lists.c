/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that choose among their arguments, or among the pieces of a list in text. */
#include "emu/sql/function.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

/* greatest(), least(); SQLite's min() and max() of several */
static int extreme(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value common = a[0];
	unsigned best = ARGUMENTS_MAX;
	int cmp, e = 0;

	for (unsigned i = 1; i < count && e == 0; i++) {
		struct sql_value with = common;

		e = cast_common(r, &with, &a[i], &common);
	}
	if (e < 0)
		return e;
	if (r->dialect == SQL_MYSQL && type_is_string(common.type)) {
		for (unsigned i = 0; i < count; i++) {
			if (!type_is_string(a[i].type))
				common.type = TYPE_REAL; /* then all are reals, of the longest scale */
			if (i == 0 || a[i].scale > common.scale)
				common.scale = a[i].scale;
		}
	}
	for (unsigned i = 0; i < count; i++) {
		if (r->dialect != SQL_SQLITE && !a[i].null && (e = cast_value(r, &a[i], &common, &a[i])) < 0)
			return e;
		if (a[i].null && r->dialect == SQL_POSTGRESQL)
			continue; /* NULLs do not count there */
		if (a[i].null) {
			*ret = value_null(common.type);
			ret->scale = common.scale;
			return 0;
		}
		if (best == ARGUMENTS_MAX) {
			best = i;
			continue;
		}
		if ((e = compare_order(r, &a[i], &a[best], &cmp)) < 0)
			return e;
		if (f->variant ? cmp > 0 : cmp < 0 || (cmp == 0 && r->dialect == SQL_SQLITE))
			best = i;
	}
	*ret = best == ARGUMENTS_MAX ? value_null(common.type) : a[best];
	return 0;
}

static int elt(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s;
	int e;

	(void)f;
	*ret = value_null(TYPE_TEXT);
	if (a[0].null || a[0].i < 1 || a[0].i >= count || a[a[0].i].null)
		return 0;
	if ((e = value_write(r, &a[a[0].i], false, &s)) < 0)
		return e;
	*ret = text_result(r, a + 1, count - 1, s);
	return 0;
}

/* All texts: as texts; all numbers: as numbers; else as reals. */
static int field(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool texts = true, numbers = true;
	int e, cmp;

	(void)f;
	for (unsigned i = 0; i < count; i++) {
		texts &= type_is_string(a[i].type) || a[i].type == TYPE_NULL;
		numbers &= type_is_number(a[i].type);
	}
	for (unsigned i = 1; i < count && texts; i++)
		a[0].type = a[i].type == TYPE_BYTES ? TYPE_BYTES : a[0].type; /* one collation for all */
	*ret = sql_value_int(0);
	for (unsigned i = 1; i < count && !a[0].null; i++) {
		double x, y;

		if (a[i].null)
			continue;
		if (texts || numbers) {
			if ((e = compare_order(r, &a[0], &a[i], &cmp)) < 0)
				return e;
		} else {
			if ((e = value_real_of(r, &a[0], &x)) < 0 || (e = value_real_of(r, &a[i], &y)) < 0)
				return e;
			cmp = x != y;
		}
		if (cmp == 0) {
			*ret = sql_value_int(i);
			break;
		}
	}
	return 0;
}

static int find_in_set(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes rest = a[1].s;
	int64_t n = 1;

	(void)f;
	(void)count;
	*ret = sql_value_int(0);
	if (rest.left == 0)
		return 0;
	for (;; n++) {
		const uint8_t *comma = memchr(rest.at, ',', rest.left);
		struct bytes item = bytes_of(rest.at, comma != NULL ? (size_t)(comma - rest.at) : rest.left);

		if (item.left == a[0].s.left && (a[0].type == TYPE_BYTES || a[1].type == TYPE_BYTES ? bytes_equal(item, a[0].s) : bytes_equal_fold(item, a[0].s))) {
			*ret = sql_value_int(n);
			return 0;
		}
		if (comma == NULL)
			return 0;
		rest = bytes_of(comma + 1, rest.left - item.left - 1);
		if (rest.left == 0 && a[0].s.left > 0)
			return 0;
		if (rest.left == 0)
			return run_refuse(r, "an empty last item");
	}
}

static int make_set(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	size_t size = 0, n = 0;
	uint8_t *room;
	int e;

	(void)f;
	for (unsigned i = 1; i < count; i++)
		size += a[i].s.left + 1;
	if ((e = text_room(r, size, &room)) < 0)
		return e;
	for (unsigned i = 1; i < count && i <= 64; i++) {
		if (((uint64_t)a[0].i >> (i - 1) & 1) == 0 || a[i].null)
			continue;
		if (n > 0)
			room[n++] = ',';
		memcpy(room + n, a[i].s.at, a[i].s.left);
		n += a[i].s.left;
	}
	*ret = text_result(r, a + 1, count - 1, bytes_of(room, n));
	return 0;
}

static int interval(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t n = 0;

	(void)r;
	(void)f;
	if (a[0].null) {
		*ret = sql_value_int(-1);
		return 0;
	}
	for (unsigned i = 1; i < count && !(a[i].d > a[0].d); i++)
		n = i;
	*ret = sql_value_int(n);
	return 0;
}

/* What gives its argument back: likely(), unlikely() */
static int same(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)r;
	(void)f;
	*ret = a[count - 1];
	return 0;
}

static int choose(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)r;
	(void)f;
	*ret = a[0].null || a[0].i < 1 || a[0].i >= count ? value_null(TYPE_TEXT) : a[a[0].i];
	return 0;
}

static const struct function list[] = {
	{ "greatest", IN_MYSQL | IN_POSTGRESQL | IN_ORACLE, "AAA*", TYPE_NULL, 1, extreme },
	{ "least", IN_MYSQL | IN_POSTGRESQL | IN_ORACLE, "AAA*", TYPE_NULL, 0, extreme },
	{ "max", IN_SQLITE, "AAA*", TYPE_NULL, 1, extreme }, { "min", IN_SQLITE, "AAA*", TYPE_NULL, 0, extreme },
	{ "elt", IN_MYSQL, "IAA*", TYPE_TEXT, 0, elt }, { "field", IN_MYSQL, "AAA*", TYPE_INT, 0, field },
	{ "find_in_set", IN_MYSQL, "tt", TYPE_INT, 0, find_in_set }, { "make_set", IN_MYSQL, "iTT*", TYPE_TEXT, 0, make_set },
	{ "interval", IN_MYSQL, "RRR*", TYPE_INT, 0, interval }, { "choose", IN_MSSQL, "IAA*", TYPE_TEXT, 0, choose },
	{ "likely", IN_SQLITE, "A", TYPE_NULL, 0, same }, { "unlikely", IN_SQLITE, "A", TYPE_NULL, 0, same },
	{ "name_const", IN_MYSQL, "AA", TYPE_NULL, 0, same }, { "any_value", IN_MYSQL, "A", TYPE_NULL, 0, same },
};

const struct function_table functions_lists = { list, COUNT_OF(list) };

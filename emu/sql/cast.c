/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CAST, and the type that several values have together. */
#include "emu/sql/effect.h"
#include "emu/sql/operate.h"
#include "emu/sql/cast.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

bool cast_named(struct bytes name, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (bytes_equal_fold(name, bytes_text(*names)))
			return true;
	}
	return false;
}

struct bytes cast_cut(struct bytes s, int characters)
{
	size_t at = 0;

	for (int i = 0; i < characters && at < s.left; i++) {
		at++;
		while (at < s.left && s.at[at - 1] >= 0xc0 && (s.at[at] & 0xc0) == 0x80)
			at++;
		while (at < s.left && (s.at[at] & 0xc0) == 0x80 && s.at[at - 1] >= 0x80)
			at++;
	}
	return characters < 0 ? s : bytes_of(s.at, at);
}

static struct bytes trimmed(struct bytes s)
{
	while (s.left > 0 && (*s.at == ' ' || (*s.at >= '\t' && *s.at <= '\r'))) {
		s.at++;
		s.left--;
	}
	while (s.left > 0 && (s.at[s.left - 1] == ' ' || (s.at[s.left - 1] >= '\t' && s.at[s.left - 1] <= '\r')))
		s.left--;
	return s;
}

int cast_read_integer(struct sql_run *r, const struct sql_value *v, int64_t *ret)
{
	struct bytes s = trimmed(v->s);
	bool fits;

	if (s.left > 0 && integer_prefix(s, &fits, ret) == s.left && fits)
		return 0;
	if (r->dialect == SQL_POSTGRESQL) {
		if (v->open) { /* it may be a number as well, and a long one */
			char text[80];
			int len = snprintf(text, sizeof(text), "value \"%u%" PRIi64 "%06u\" is out of range for type integer",
			                   (unsigned)(r->seed % 4 * 2 + 3), effect_unknown_number(r, v->s, 0).i + 1000, (unsigned)(r->seed % 4 * 246813));

			effect_note(r, SQL_LEAK, bytes_of(text, (size_t)len), 0, true);
		}
		return run_error_says(r, "invalid input syntax for type integer: \"", v, "\"");
	}
	return r->dialect == SQL_MSSQL ? run_error_says(r, " value '", v, "' to data type int.") : run_error_shows(r, v);
}

static int read_bool(struct sql_run *r, const struct sql_value *v, bool *ret)
{
	static const char *const words[][2] = { { "true", "t" }, { "false", "f" }, { "yes", "y" }, { "no", "n" }, { "on", "on" }, { "off", "of" }, { "1", "1" }, { "0", "0" } };
	struct bytes s = trimmed(v->s);

	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		if (bytes_starts_fold(bytes_text(words[i][0]), s) && s.left >= strlen(words[i][1])) {
			*ret = i % 2 == 0;
			return 0;
		}
	}
	return run_error_shows(r, v);
}

static int read_real(struct sql_run *r, const struct sql_value *v, double *ret)
{
	struct bytes s = trimmed(v->s);
	bool integer;

	if (s.left == 0 || number_prefix(s, &integer, ret) != s.left || isinf(*ret))
		return r->dialect == SQL_POSTGRESQL ? run_error_says(r, "invalid input syntax for type double precision: \"", v, "\"") : run_error_shows(r, v);
	return 0;
}

int cast_literal(struct sql_run *r, const struct sql_value *v, enum sql_type type, struct sql_value *ret)
{
	struct sql_value made = { .type = type };
	bool truth = false, open = v->open;
	int e = 0;

	if (v->null) {
		*ret = value_null(type);
		ret->open = open;
		return 0;
	}
	if (v->open && v->type == TYPE_UNKNOWN) { /* a column may be of this type */
		int64_t i = effect_unknown_number(r, v->s, 0).i;

		made = type == TYPE_DECIMAL ? value_decimal(decimal_of_int(r->arena, i)) : type == TYPE_REAL ? value_real((double)i) : *v;
		made.type = type;
		made.i = i;
		made.open = true;
		*ret = made;
		return 0;
	}
	switch (type) {
	case TYPE_INT: case TYPE_BIGINT:
		e = cast_read_integer(r, v, &made.i);
		if (e == 0 && type == TYPE_INT && (made.i > INT32_MAX || made.i < INT32_MIN))
			e = run_error_says(r, "value \"", v, "\" is out of range for type integer");
		break;
	case TYPE_BOOL:
		e = read_bool(r, v, &truth);
		made.i = truth;
		break;
	case TYPE_REAL:
		made.scale = SCALE_FREE;
		e = read_real(r, v, &made.d);
		break;
	case TYPE_DECIMAL:
		made = value_decimal(decimal_parse(r->arena, trimmed(v->s)));
		if (made.n == NULL)
			e = r->dialect == SQL_POSTGRESQL ? run_error_says(r, "invalid input syntax for type numeric: \"", v, "\"") : run_error_shows(r, v);
		break;
	case TYPE_BYTES:
		e = cast_read_bytea(r, v, &made);
		break;
	default:
		made = value_text(v->s);
		made.type = type;
		break;
	}
	if (e == -EDOM && v->type == TYPE_UNKNOWN && !open)
		r->mismatch = true; /* literals are read before anything runs */
	if (e == 0) {
		*ret = made;
		ret->open = open;
	}
	return e;
}

/* MySQL: strings take all with them, reals numbers, decimals integers. */
static struct sql_value mysql_common(const struct sql_value *a, const struct sql_value *b)
{
	struct sql_value c = value_null(TYPE_INT);

	if (a->type == TYPE_NULL || b->type == TYPE_NULL) {
		c.type = a->type == TYPE_NULL ? b->type : a->type;
		c.scale = a->type == TYPE_NULL ? b->scale : a->scale;
		return c;
	}
	c.scale = a->scale > b->scale ? a->scale : b->scale;
	if (type_is_string(a->type) || type_is_string(b->type)) {
		c.type = a->type == TYPE_BYTES || b->type == TYPE_BYTES ? TYPE_BYTES : TYPE_TEXT;
		c.scale = SCALE_FREE;
	} else if (a->type == TYPE_REAL || b->type == TYPE_REAL) {
		c.type = TYPE_REAL;
	} else if (a->type == TYPE_DECIMAL || b->type == TYPE_DECIMAL || a->type != b->type) {
		c.type = TYPE_DECIMAL;
	} else {
		c.type = a->type;
	}
	return c;
}

int cast_common(struct sql_run *r, const struct sql_value *a, const struct sql_value *b, struct sql_value *ret)
{
	bool loose_a = a->type == TYPE_NULL || a->type == TYPE_UNKNOWN, loose_b = b->type == TYPE_NULL || b->type == TYPE_UNKNOWN;

	*ret = value_null(a->type);
	if (r->dialect == SQL_MYSQL) {
		*ret = mysql_common(a, b);
	} else if (r->dialect == SQL_SQLITE) {
		ret->type = TYPE_NULL;
	} else if (loose_a && loose_b) {
		ret->type = a->type == TYPE_UNKNOWN || b->type == TYPE_UNKNOWN ? TYPE_UNKNOWN : TYPE_NULL;
	} else if (loose_a || loose_b) {
		ret->type = loose_a ? b->type : a->type;
	} else if (type_is_number(a->type) && type_is_number(b->type)) {
		ret->type = a->type > b->type ? a->type : b->type; /* INT, BIGINT, DECIMAL, REAL in this order */
	} else if (a->type != b->type && run_in(r, IN_POSTGRESQL)) {
		return run_mismatch(r);
	} else if (a->type != b->type && r->dialect == SQL_MSSQL) {
		ret->type = type_is_number(a->type) ? a->type : b->type;
	}
	return 0;
}

static int mysql_value(struct sql_run *r, const struct sql_value *v, const struct sql_value *c, struct sql_value *ret)
{
	struct sql_value made = *v;
	struct bytes s;
	int e = 0;

	if (type_is_string(c->type)) {
		if ((e = value_write(r, v, false, &s)) < 0)
			return e;
		made = value_text(s);
		made.type = c->type;
	} else if (c->type == TYPE_REAL && v->type != TYPE_REAL) {
		made = value_real(0);
		e = value_real_of(r, v, &made.d);
	} else if (c->type == TYPE_DECIMAL && v->type != TYPE_DECIMAL) {
		const struct decimal *n;

		if ((e = value_decimal_of(r, v, &n)) < 0)
			return e;
		made = value_decimal(n);
	}
	made.scale = c->scale;
	made.open = v->open;
	*ret = made;
	return e;
}

int cast_value(struct sql_run *r, const struct sql_value *from, const struct sql_value *c, struct sql_value *ret)
{
	const struct sql_value copy = *from, *v = &copy; /* ret may be the same */
	const struct decimal *n;
	bool open = v->open;
	int e = 0;

	if (v->null) {
		*ret = value_null(c->type);
		ret->scale = c->scale;
		ret->open = open;
		return 0;
	}
	if (r->dialect == SQL_MYSQL)
		return mysql_value(r, v, c, ret);
	*ret = *v;
	if (c->type == v->type || c->type == TYPE_NULL)
		return 0;
	if (v->type == TYPE_UNKNOWN)
		return cast_literal(r, v, c->type, ret);
	if (c->type == TYPE_BIGINT && v->type == TYPE_INT) {
		ret->type = TYPE_BIGINT;
	} else if (c->type == TYPE_DECIMAL && type_is_number(v->type)) {
		if ((e = value_decimal_of(r, v, &n)) == 0)
			*ret = value_decimal(n);
	} else if (c->type == TYPE_REAL && type_is_number(v->type)) {
		*ret = value_real(0);
		e = value_real_of(r, v, &ret->d);
	} else if (r->dialect == SQL_MSSQL && type_is_number(c->type)) {
		e = sql_value_number(r, v, ret);
	}
	ret->open = open;
	return e;
}

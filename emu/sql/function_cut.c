/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that cut, pad, repeat and replace text. */
#include "emu/sql/function.h"

#include <errno.h>
#include <string.h>

enum { SIDE_LEFT = 1, SIDE_RIGHT = 2, TRIM_SET = 4 /* any of the characters, not the whole text */ };

/* Characters from..to (0-based, to behind the last) of the first argument. */
static int piece(struct sql_run *r, const struct sql_value *a, int64_t from, int64_t to, struct sql_value *ret)
{
	int64_t n = (int64_t)text_characters(a);
	size_t begin, end;

	from = from < 0 ? 0 : from > n ? n : from;
	to = to > n ? n : to < from ? from : to;
	begin = text_offset(a, (size_t)from);
	end = text_offset(a, (size_t)to);
	*ret = text_result(r, a, 1, bytes_of(a->s.at + begin, end - begin));
	if (r->dialect == SQL_SQLITE && a->type == TYPE_BYTES)
		ret->type = TYPE_BYTES;
	if (r->dialect == SQL_ORACLE && end == begin)
		ret->null = true;
	return 0;
}

static int64_t clamp(int64_t v)
{
	return v > INT32_MAX ? INT32_MAX : v < -(int64_t)INT32_MAX ? -(int64_t)INT32_MAX : v;
}

static int substring(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t n = (int64_t)text_characters(&a[0]), from = clamp(a[1].i), len = count > 2 ? clamp(a[2].i) : INT32_MAX;

	(void)f;
	switch (r->dialect) {
	case SQL_POSTGRESQL: case SQL_MSSQL:
		if (len < 0)
			return run_error(r);
		return piece(r, &a[0], from - 1, from - 1 + len, ret);
	case SQL_SQLITE:
		if (from < 0) {
			from += n;
			if (from < 0) {
				len = count > 2 && len >= 0 ? len + from : len;
				len = len < 0 && count > 2 && a[2].i >= 0 ? 0 : len;
				from = 0;
			}
		} else if (from > 0) {
			from--;
		} else if (len > 0 && count > 2) {
			len--;
		}
		if (len < 0) { /* those before */
			int64_t before = -len;

			len = from < before ? from : before;
			from -= len;
		}
		return piece(r, &a[0], from, from + len, ret);
	default:
		if (from == 0 && r->dialect == SQL_ORACLE)
			from = 1;
		from = from < 0 ? n + from : from - 1;
		if (from < 0 || len <= 0)
			return piece(r, &a[0], 0, 0, ret);
		return piece(r, &a[0], from, from + len, ret);
	}
}

static int side(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t n = (int64_t)text_characters(&a[0]), len = clamp(a[1].i);

	(void)count;
	if (len < 0) {
		if (r->dialect == SQL_MSSQL)
			return run_error(r);
		len = r->dialect == SQL_POSTGRESQL ? (n + len > 0 ? n + len : 0) : 0;
	}
	len = len > n ? n : len;
	return f->variant == SIDE_LEFT ? piece(r, &a[0], 0, len, ret) : piece(r, &a[0], n - len, n, ret);
}

static bool in_set(const struct sql_value *set, struct bytes character)
{
	for (size_t at = 0; at < set->s.left; at += text_width(set, at)) {
		if (bytes_equal(bytes_of(set->s.at + at, text_width(set, at)), character))
			return true;
	}
	return false;
}

static int trim(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value what = count > 1 ? a[1] : value_text(bytes_text(" "));
	struct sql_value s = a[0];
	bool set = f->variant & TRIM_SET, more = true;

	while (more && (f->variant & SIDE_LEFT) != 0 && s.s.left > 0 && what.s.left > 0) {
		size_t n = set ? text_width(&s, 0) : what.s.left;

		more = n <= s.s.left && (set ? in_set(&what, bytes_of(s.s.at, n)) : memcmp(s.s.at, what.s.at, n) == 0);
		if (more)
			s.s = bytes_of(s.s.at + n, s.s.left - n);
	}
	for (more = true; more && (f->variant & SIDE_RIGHT) != 0 && s.s.left > 0 && what.s.left > 0;) {
		size_t n = what.s.left;

		for (n = set ? 1 : n; set && n < s.s.left && n < 4 && text_is_wide(&s) && (s.s.at[s.s.left - n] & 0xc0) == 0x80;)
			n++;
		more = n <= s.s.left && (set ? in_set(&what, bytes_of(s.s.at + s.s.left - n, n)) : memcmp(s.s.at + s.s.left - n, what.s.at, n) == 0);
		if (more)
			s.s.left -= n;
	}
	*ret = text_result(r, a, count, s.s);
	ret->null = r->dialect == SQL_ORACLE && s.s.left == 0;
	return 0;
}

static int replace(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = a[0].s, from = a[1].s, to = count > 2 && !a[2].null ? a[2].s : (struct bytes){ 0 };
	size_t found = 0, n = 0;
	uint8_t *room;
	int e;

	(void)f;
	if (from.left == 0 || a[1].null) {
		*ret = text_result(r, a, count, s);
		return 0;
	}
	for (size_t i = 0; i + from.left <= s.left; i++) {
		if (memcmp(s.at + i, from.at, from.left) == 0) {
			found++;
			i += from.left - 1;
		}
	}
	if (found > 0 && r->dialect == SQL_MYSQL && a[2].null)
		return 0;
	if ((e = text_room(r, s.left - found * from.left + found * to.left, &room)) < 0)
		return e;
	for (size_t i = 0; i < s.left;) {
		if (i + from.left <= s.left && memcmp(s.at + i, from.at, from.left) == 0) {
			if (to.left > 0)
				memcpy(room + n, to.at, to.left);
			n += to.left;
			i += from.left;
		} else {
			room[n++] = s.at[i++];
		}
	}
	*ret = text_result(r, a, count, bytes_of(room, n));
	return 0;
}

static int reverse(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	size_t left = a[0].s.left;
	uint8_t *room;
	int e = text_room(r, left, &room);

	(void)f;
	(void)count;
	if (e < 0)
		return e;
	for (size_t at = 0; at < a[0].s.left;) {
		size_t n = text_width(&a[0], at);

		left -= n;
		memcpy(room + left, a[0].s.at + at, n);
		at += n;
	}
	*ret = text_result(r, a, 1, a[0].s.left > 0 ? bytes_of(room, a[0].s.left) : a[0].s);
	return 0;
}

/* repeat(text, n); space(n) */
static int repeat(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = count > 1 ? a[0].s : bytes_text(" ");
	int64_t n = a[count - 1].i;
	uint8_t *room;
	int e;

	(void)f;
	if (a[count - 1].type == TYPE_UNSIGNED && n < 0)
		return -E2BIG;
	if (n < 0 && r->dialect == SQL_MSSQL) {
		*ret = value_null(TYPE_TEXT);
		return 0;
	}
	n = n < 0 || s.left == 0 ? 0 : n;
	if (n > VALUE_BYTES_MAX)
		return -E2BIG;
	if ((e = text_room(r, (size_t)n * s.left, &room)) < 0)
		return e;
	for (int64_t i = 0; i < n; i++)
		memcpy(room + (size_t)i * s.left, s.at, s.left);
	*ret = text_result(r, a, count > 1, bytes_of(room, (size_t)n * s.left));
	return 0;
}

static int pad(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value by = count > 2 ? a[2] : value_text(bytes_text(" "));
	int64_t have = (int64_t)text_characters(&a[0]), want = a[1].i, missing;
	size_t at = 0, size, n = 0;
	uint8_t *room;
	int e;

	if (want < 0 && r->dialect == SQL_MYSQL) {
		*ret = value_null(TYPE_TEXT);
		return a[1].type == TYPE_UNSIGNED ? -E2BIG : 0;
	}
	if (want <= have)
		return piece(r, &a[0], 0, want, ret);
	if (by.s.left == 0) {
		if (r->dialect == SQL_POSTGRESQL)
			return piece(r, &a[0], 0, have, ret);
		*ret = value_text(bytes_of(a[0].s.at, 0));
		return 0;
	}
	missing = want - have;
	if (missing > VALUE_BYTES_MAX)
		return -E2BIG;
	size = (size_t)missing * 4 + a[0].s.left;
	if ((e = text_room(r, size, &room)) < 0)
		return e;
	if (f->variant == SIDE_RIGHT) {
		memcpy(room, a[0].s.at, a[0].s.left);
		n = a[0].s.left;
	}
	for (; missing > 0; missing--) {
		size_t width = text_width(&by, at);

		memcpy(room + n, by.s.at + at, width);
		n += width;
		at = at + width < by.s.left ? at + width : 0;
	}
	if (f->variant == SIDE_LEFT) {
		memcpy(room + n, a[0].s.at, a[0].s.left);
		n += a[0].s.left;
	}
	*ret = text_result(r, a, count, bytes_of(room, n));
	return 0;
}

/* insert(text, from, length, new); overlay(text placing new from a [for n]); stuff() */
static int insert(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool overlay = f->variant == 1;
	const struct sql_value *by = overlay ? &a[1] : &a[3];
	int64_t n = (int64_t)text_characters(&a[0]), from = clamp(overlay ? a[2].i : a[1].i);
	int64_t len = overlay ? (count > 3 ? clamp(a[3].i) : (int64_t)text_characters(by)) : clamp(a[2].i), end;
	size_t begin, rest;
	uint8_t *room;
	int e;

	if (overlay && (from <= 0 || len < 0))
		return from <= 0 ? run_error(r) : run_refuse(r, "overlay of less than nothing");
	if (!overlay && (from < 1 || from > n)) {
		*ret = r->dialect == SQL_MSSQL ? value_null(TYPE_TEXT) : text_result(r, a, count, a[0].s);
		return 0;
	}
	if (len < 0 && r->dialect == SQL_MSSQL) {
		*ret = value_null(TYPE_TEXT);
		return 0;
	}
	end = len < 0 || from - 1 + len > n ? n : from - 1 + len;
	begin = text_offset(&a[0], (size_t)(from - 1 > n ? n : from - 1));
	rest = text_offset(&a[0], (size_t)end);
	if ((e = text_room(r, a[0].s.left + by->s.left, &room)) < 0)
		return e;
	memcpy(room, a[0].s.at, begin);
	memcpy(room + begin, by->s.at, by->s.left);
	if (rest < a[0].s.left)
		memcpy(room + begin + by->s.left, a[0].s.at + rest, a[0].s.left - rest);
	rest = rest < a[0].s.left ? a[0].s.left - rest : 0;
	*ret = text_result(r, a, count, bytes_of(room, begin + by->s.left + rest));
	return 0;
}

/* substring_index(text, delimiter, n) */
static int substring_index(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = a[0].s, by = a[1].s;
	int64_t n = a[2].i;

	(void)f;
	if (by.left == 0 || n == 0) {
		*ret = text_result(r, a, count, bytes_of(s.at, 0));
		return 0;
	}
	if (n > 0) {
		for (size_t i = 0; i + by.left <= s.left; i++) {
			if (memcmp(s.at + i, by.at, by.left) != 0)
				continue;
			if (--n == 0) {
				s.left = i;
				break;
			}
			i += by.left - 1;
		}
	} else {
		for (size_t i = s.left; i >= by.left; i--) {
			if (memcmp(s.at + i - by.left, by.at, by.left) != 0)
				continue;
			if (++n == 0) {
				s = bytes_of(s.at + i, s.left - i);
				break;
			}
			i -= by.left - 1;
		}
	}
	*ret = text_result(r, a, count, s);
	return 0;
}

static int split_part(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = a[0].s, by = a[1].s;
	int64_t n = a[2].i;
	ptrdiff_t at;

	(void)f;
	(void)count;
	if (n == 0)
		return run_error(r);
	if (n < 0)
		return run_refuse(r, "split_part from the end");
	for (; n > 1; n--) {
		at = by.left > 0 ? bytes_find(s, by) : -1;
		if (at < 0) {
			s.left = 0;
			break;
		}
		s = bytes_of(s.at + at + by.left, s.left - (size_t)at - by.left);
	}
	at = by.left > 0 ? bytes_find(s, by) : -1;
	*ret = value_text(bytes_of(s.at, at >= 0 ? (size_t)at : s.left));
	return 0;
}

static int translate(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	size_t n = 0;
	uint8_t *room;
	int e = text_room(r, a[0].s.left * 4, &room);

	(void)f;
	(void)count;
	for (size_t at = 0; e == 0 && at < a[0].s.left;) {
		size_t width = text_width(&a[0], at), k = 0, from = 0;

		for (; from < a[1].s.left; from += text_width(&a[1], from), k++) {
			if (bytes_equal(bytes_of(a[1].s.at + from, text_width(&a[1], from)), bytes_of(a[0].s.at + at, width)))
				break;
		}
		if (from >= a[1].s.left) {
			memcpy(room + n, a[0].s.at + at, width);
			n += width;
		} else if ((from = text_offset(&a[2], k)) < a[2].s.left) {
			size_t to = text_width(&a[2], from);

			memcpy(room + n, a[2].s.at + from, to);
			n += to;
		}
		at += width;
	}
	if (e == 0)
		*ret = value_text(bytes_of(room, n));
	return e;
}

static int initcap(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool inside = false;
	uint8_t *room;
	int e = text_room(r, a[0].s.left, &room);

	(void)f;
	(void)count;
	for (size_t i = 0; e == 0 && i < a[0].s.left; i++) {
		uint8_t c = a[0].s.at[i];
		bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';

		if (c >= 0x80)
			return run_refuse(r, "case beyond ASCII");
		room[i] = !letter ? c : inside ? c | 0x20 : c & ~0x20;
		inside = letter || (c >= '0' && c <= '9');
	}
	if (e == 0)
		*ret = value_text(bytes_of(room, a[0].s.left));
	return e;
}

static const struct function list[] = {
	{ "substring", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE, "ti?i", TYPE_TEXT, 0, substring }, { "substring", IN_MSSQL, "tii", TYPE_TEXT, 0, substring },
	{ "substr", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE | IN_ORACLE, "ti?i", TYPE_TEXT, 0, substring },
	{ "mid", IN_MYSQL, "tii", TYPE_TEXT, 0, substring },
	{ "left", IN_MYSQL | IN_POSTGRESQL | IN_MSSQL, "ti", TYPE_TEXT, SIDE_LEFT, side },
	{ "right", IN_MYSQL | IN_POSTGRESQL | IN_MSSQL, "ti", TYPE_TEXT, SIDE_RIGHT, side },
	{ "trim", IN_MYSQL, "t", TYPE_TEXT, SIDE_LEFT | SIDE_RIGHT, trim },
	{ "ltrim", IN_MYSQL, "t?t", TYPE_TEXT, SIDE_LEFT, trim }, { "rtrim", IN_MYSQL, "t?t", TYPE_TEXT, SIDE_RIGHT, trim },
	{ "btrim", IN_MYSQL, "t?t", TYPE_TEXT, SIDE_LEFT | SIDE_RIGHT, trim },
	{ "trim", IN_ALL & ~IN_MYSQL, "t?t", TYPE_TEXT, SIDE_LEFT | SIDE_RIGHT | TRIM_SET, trim },
	{ "btrim", IN_ALL & ~IN_MYSQL, "t?t", TYPE_TEXT, SIDE_LEFT | SIDE_RIGHT | TRIM_SET, trim },
	{ "ltrim", IN_ALL & ~IN_MYSQL, "t?t", TYPE_TEXT, SIDE_LEFT | TRIM_SET, trim },
	{ "rtrim", IN_ALL & ~IN_MYSQL, "t?t", TYPE_TEXT, SIDE_RIGHT | TRIM_SET, trim },
	{ "replace", IN_MYSQL, "ttT", TYPE_TEXT, 0, replace }, { "replace", IN_ALL & ~IN_ORACLE & ~IN_MYSQL, "ttt", TYPE_TEXT, 0, replace }, { "replace", IN_ORACLE, "tT?T", TYPE_TEXT, 0, replace },
	{ "reverse", IN_ALL & ~IN_SQLITE, "t", TYPE_TEXT, 0, reverse },
	{ "repeat", IN_MYSQL | IN_POSTGRESQL, "ti", TYPE_TEXT, 0, repeat }, { "replicate", IN_MSSQL, "ti", TYPE_TEXT, 0, repeat },
	{ "space", IN_MYSQL | IN_MSSQL, "i", TYPE_TEXT, 0, repeat },
	{ "lpad", IN_MYSQL | IN_POSTGRESQL | IN_ORACLE, "ti?t", TYPE_TEXT, SIDE_LEFT, pad },
	{ "rpad", IN_MYSQL | IN_POSTGRESQL | IN_ORACLE, "ti?t", TYPE_TEXT, SIDE_RIGHT, pad },
	{ "insert", IN_MYSQL, "tiit", TYPE_TEXT, 0, insert }, { "stuff", IN_MSSQL, "tiit", TYPE_TEXT, 0, insert },
	{ "overlay", IN_POSTGRESQL, "tti?i", TYPE_TEXT, 1, insert },
	{ "substring_index", IN_MYSQL, "tti", TYPE_TEXT, 0, substring_index }, { "split_part", IN_POSTGRESQL, "tti", TYPE_TEXT, 0, split_part },
	{ "translate", IN_POSTGRESQL | IN_ORACLE | IN_MSSQL, "ttt", TYPE_TEXT, 0, translate },
	{ "initcap", IN_POSTGRESQL | IN_ORACLE, "t", TYPE_TEXT, 0, initcap },
};

const struct function_table functions_cut = { list, COUNT_OF(list) };

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that look at texts or put them together: lengths, codes, case, searching, concatenation. */
#include "emu/sql/function.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

enum { CODE_BYTE, CODE_POINT, CODE_BYTES };
enum { LENGTH_BYTES, LENGTH_CHARACTERS, LENGTH_BITS, LENGTH_TRIMMED };

static unsigned long code_point(struct bytes s)
{
	unsigned c = s.at[0], n = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
	unsigned long v = n == 3 ? c & 7 : n == 2 ? c & 15 : n == 1 ? c & 31 : c;

	for (unsigned i = 1; i <= n && i < s.left; i++)
		v = v << 6 | (s.at[i] & 63);
	return v;
}

static int code(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t v = 0;

	(void)count;
	if (a[0].s.left == 0) {
		*ret = sql_value_int(0);
		ret->null = run_in(r, IN_MSSQL | IN_SQLITE | IN_ORACLE);
		return 0;
	}
	if (f->variant == CODE_POINT)
		v = (int64_t)code_point(a[0].s);
	if (f->variant == CODE_POINT && v == 0 && r->dialect == SQL_SQLITE) {
		*ret = value_null(TYPE_NULL);
		return 0;
	}
	if (f->variant == CODE_POINT)
		;
	else if (f->variant == CODE_BYTE)
		v = a[0].s.at[0];
	else
		for (size_t i = 0; i < text_width(&a[0], 0); i++)
			v = v << 8 | a[0].s.at[i];
	*ret = sql_value_int(v);
	return 0;
}

static size_t put_point(uint8_t *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (uint8_t)(0xc0 | c >> 6);
		to[1] = (uint8_t)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (uint8_t)(0xe0 | c >> 12);
		to[1] = (uint8_t)(0x80 | (c >> 6 & 63));
		to[2] = (uint8_t)(0x80 | (c & 63));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | c >> 18);
	to[1] = (uint8_t)(0x80 | (c >> 12 & 63));
	to[2] = (uint8_t)(0x80 | (c >> 6 & 63));
	to[3] = (uint8_t)(0x80 | (c & 63));
	return 4;
}

/* MySQL's char(): each number as its bytes, NULLs left out. */
static int char_bytes(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	uint8_t *room;
	size_t n = 0;
	int e = text_room(r, 4u * count + 1, &room);

	(void)f;
	for (unsigned i = 0; e == 0 && i < count; i++) {
		uint32_t v = (uint32_t)a[i].i;
		unsigned width = v > 0xffffff ? 4 : v > 0xffff ? 3 : v > 0xff ? 2 : 1;

		for (unsigned k = width; !a[i].null && k > 0; k--)
			room[n++] = (uint8_t)(v >> 8 * (k - 1));
	}
	if (e == 0)
		*ret = sql_value_bytes(bytes_of(room, n));
	return e;
}

static int char_points(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	uint8_t *room;
	size_t n = 0;
	int e = text_room(r, 4u * count + 1, &room);

	(void)f;
	for (unsigned i = 0; e == 0 && i < count; i++) {
		int64_t v = a[i].null ? 0 : a[i].i;

		if (r->dialect == SQL_POSTGRESQL && (v <= 0 || v > 0x10ffff || (v >= 0xd800 && v < 0xe000)))
			return run_error(r);
		if (v < 0 || v > 0x10ffff)
			v = 0xfffd;
		if (r->dialect == SQL_MSSQL && v > 255) {
			*ret = value_null(TYPE_TEXT);
			return 0;
		}
		n += put_point(room + n, (uint32_t)v);
	}
	if (e == 0)
		*ret = value_text(bytes_of(room, n));
	return e;
}

static int length(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = a[0].s;
	size_t n;

	(void)count;
	if (r->dialect == SQL_POSTGRESQL && a[0].type != TYPE_BYTES && a[0].type != TYPE_TEXT && a[0].type != TYPE_UNKNOWN)
		return run_mismatch(r);
	if (f->variant == LENGTH_TRIMMED) {
		while (s.left > 0 && s.at[s.left - 1] == ' ')
			s.left--;
	}
	if (r->dialect == SQL_SQLITE && a[0].type == TYPE_TEXT) { /* up to a NUL */
		const uint8_t *nul = s.left > 0 ? memchr(s.at, 0, s.left) : NULL;

		s.left = nul != NULL ? (size_t)(nul - s.at) : s.left;
	}
	a[0].s = s;
	n = f->variant == LENGTH_BYTES ? s.left : f->variant == LENGTH_BITS ? 8 * s.left : text_characters(&a[0]);
	*ret = sql_value_int((int64_t)n);
	if (r->dialect == SQL_ORACLE)
		*ret = value_decimal(decimal_of_int(r->arena, (int64_t)n));
	return 0;
}

static int change_case(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	uint8_t *room;
	int e = text_room(r, a[0].s.left, &room);

	if (e < 0)
		return e;
	*ret = text_result(r, a, count, bytes_of(room, a[0].s.left));
	for (size_t i = 0; i < a[0].s.left; i++) {
		uint8_t c = a[0].s.at[i];
		bool letter = f->variant ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';

		if (c >= 0x80 && !run_in(r, IN_SQLITE) && ret->type != TYPE_BYTES)
			return run_refuse(r, "case beyond ASCII");
		room[i] = letter && !(r->dialect == SQL_MYSQL && ret->type == TYPE_BYTES) ? c ^ 0x20 : c;
	}
	return 0;
}

static int concat(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool separated = f->variant == 1, any = false;
	struct bytes pieces[ARGUMENTS_MAX];
	size_t size = 0, n = 0;
	uint8_t *room;
	int e = 0;

	if (separated && a[0].null)
		return 0;
	for (unsigned i = 0; i < count && e == 0; i++) {
		pieces[i] = (struct bytes){ 0 };
		/* concat() of PostgreSQL shows booleans as t and f */
		if (!a[i].null)
			e = value_write(r, &a[i], r->dialect == SQL_POSTGRESQL, &pieces[i]);
		size += pieces[i].left + (separated ? pieces[0].left : 0);
	}
	if (e < 0 || (e = text_room(r, size, &room)) < 0)
		return e;
	for (unsigned i = separated; i < count; i++) {
		if (a[i].null)
			continue;
		if (separated && any) {
			memcpy(room + n, pieces[0].at, pieces[0].left);
			n += pieces[0].left;
		}
		any = true;
		if (pieces[i].left > 0)
			memcpy(room + n, pieces[i].at, pieces[i].left);
		n += pieces[i].left;
	}
	*ret = text_result(r, a, r->dialect == SQL_MYSQL ? count : 0, bytes_of(room, n));
	return 0;
}

/* Where needle begins in hay from character `from` (0-based) on, 1-based; 0: nowhere. */
static size_t find(const struct sql_run *r, const struct sql_value *hay, const struct sql_value *needle, size_t from)
{
	bool fold = run_in(r, IN_MYSQL | IN_MSSQL) && hay->type != TYPE_BYTES && needle->type != TYPE_BYTES;
	size_t at = text_offset(hay, from), n = from;

	while (at + needle->s.left <= hay->s.left) {
		struct bytes piece = bytes_of(hay->s.at + at, needle->s.left);

		if (fold ? bytes_equal_fold(piece, needle->s) : bytes_equal(piece, needle->s))
			return n + 1;
		if (at == hay->s.left)
			break;
		at += text_width(hay, at);
		n++;
	}
	return 0;
}

/* instr(hay, needle), or locate(needle, hay [, from]) */
static int instr(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	const struct sql_value *hay = f->variant == 0 ? &a[0] : &a[1], *needle = f->variant == 0 ? &a[1] : &a[0];
	int64_t from = count > 2 ? a[2].i : 1;

	run_work(r, (uint64_t)hay->s.left * (needle->s.left + 1));
	if ((uint64_t)hay->s.left * (needle->s.left + 1) > 1u << 24)
		return -E2BIG;
	if (from <= 0 && r->dialect != SQL_MSSQL && count > 2) {
		*ret = sql_value_int(0);
		return r->dialect == SQL_ORACLE ? run_refuse(r, "instr from the end") : 0;
	}
	from = from < 1 ? 1 : from;
	if (from > (int64_t)text_characters(hay) + 1)
		*ret = sql_value_int(0);
	else if (needle->s.left == 0 && r->dialect == SQL_MSSQL)
		*ret = sql_value_int(0);
	else
		*ret = sql_value_int((int64_t)find(r, hay, needle, (size_t)from - 1));
	return 0;
}

static int string_compare(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int cmp, e = compare_order(r, &a[0], &a[1], &cmp);

	(void)f;
	(void)count;
	if (e == 0)
		*ret = sql_value_int(cmp < 0 ? -1 : cmp > 0);
	return e;
}

static int starts_with(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)f;
	(void)count;
	*ret = sql_value_truth(r, a[0].s.left >= a[1].s.left && (a[1].s.left == 0 || memcmp(a[0].s.at, a[1].s.at, a[1].s.left) == 0));
	return 0;
}

static int like_call(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	return like(r, f->variant ? OP_GLOB : OP_LIKE, &a[1], &a[0], count > 2 ? &a[2] : NULL, ret);
}

static int type_name(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)r;
	(void)f;
	(void)count;
	*ret = value_text(bytes_text(a[0].null ? "null" : a[0].type == TYPE_INT ? "integer" : a[0].type == TYPE_REAL ? "real"
	                             : a[0].type == TYPE_BYTES ? "blob" : "text"));
	return 0;
}

static const struct function list[] = {
	{ "ascii", IN_MYSQL | IN_MSSQL, "t", TYPE_INT, CODE_BYTE, code },
	{ "ascii", IN_POSTGRESQL | IN_ORACLE, "t", TYPE_INT, CODE_POINT, code },
	{ "unicode", IN_SQLITE | IN_MSSQL, "t", TYPE_INT, CODE_POINT, code },
	{ "ord", IN_MYSQL, "t", TYPE_INT, CODE_BYTES, code },
	{ "char", IN_MYSQL, "I*", TYPE_BYTES, 0, char_bytes },
	{ "char", IN_SQLITE, "I*", TYPE_TEXT, 0, char_points },
	{ "char", IN_MSSQL, "i", TYPE_TEXT, 0, char_points },
	{ "nchar", IN_MSSQL, "i", TYPE_TEXT, 0, char_points },
	{ "chr", IN_POSTGRESQL | IN_ORACLE, "i", TYPE_TEXT, 0, char_points },
	{ "concat", IN_MYSQL, "t*", TYPE_TEXT, 0, concat },
	{ "concat", IN_POSTGRESQL | IN_MSSQL, "A*", TYPE_TEXT, 0, concat },
	{ "concat", IN_ORACLE, "TT", TYPE_TEXT, 0, concat },
	{ "concat_ws", IN_MYSQL, "TTT*", TYPE_TEXT, 1, concat },
	{ "concat_ws", IN_POSTGRESQL | IN_MSSQL, "TAA*", TYPE_TEXT, 1, concat },
	{ "length", IN_MYSQL, "t", TYPE_INT, LENGTH_BYTES, length },
	{ "length", IN_POSTGRESQL, "a", TYPE_INT, LENGTH_CHARACTERS, length },
	{ "length", IN_SQLITE | IN_ORACLE, "t", TYPE_INT, LENGTH_CHARACTERS, length },
	{ "lengthb", IN_MYSQL | IN_ORACLE, "t", TYPE_INT, LENGTH_BYTES, length },
	{ "len", IN_MSSQL, "t", TYPE_INT, LENGTH_TRIMMED, length },
	{ "datalength", IN_MSSQL, "t", TYPE_INT, LENGTH_BYTES, length },
	{ "char_length", IN_MYSQL | IN_POSTGRESQL, "t", TYPE_INT, LENGTH_CHARACTERS, length },
	{ "character_length", IN_MYSQL | IN_POSTGRESQL, "t", TYPE_INT, LENGTH_CHARACTERS, length },
	{ "octet_length", IN_MYSQL, "t", TYPE_INT, LENGTH_BYTES, length },
	{ "octet_length", IN_POSTGRESQL, "a", TYPE_INT, LENGTH_BYTES, length },
	{ "bit_length", IN_MYSQL, "t", TYPE_INT, LENGTH_BITS, length },
	{ "bit_length", IN_POSTGRESQL, "a", TYPE_INT, LENGTH_BITS, length },
	{ "lower", IN_ALL, "t", TYPE_TEXT, 0, change_case }, { "lcase", IN_MYSQL, "t", TYPE_TEXT, 0, change_case },
	{ "upper", IN_ALL, "t", TYPE_TEXT, 1, change_case }, { "ucase", IN_MYSQL, "t", TYPE_TEXT, 1, change_case },
	{ "instr", IN_MYSQL | IN_SQLITE, "tt", TYPE_INT, 0, instr },
	{ "instr", IN_ORACLE, "tt?i", TYPE_INT, 0, instr },
	{ "strpos", IN_POSTGRESQL, "tt", TYPE_INT, 0, instr },
	{ "locate", IN_MYSQL, "tt?i", TYPE_INT, 1, instr },
	{ "position", IN_MYSQL | IN_POSTGRESQL, "tt", TYPE_INT, 1, instr },
	{ "charindex", IN_MSSQL, "tt?i", TYPE_INT, 1, instr },
	{ "strcmp", IN_MYSQL, "tt", TYPE_INT, 0, string_compare },
	{ "starts_with", IN_POSTGRESQL, "tt", TYPE_BOOL, 0, starts_with },
	{ "like", IN_SQLITE, "AA?A", TYPE_INT, 0, like_call }, { "glob", IN_SQLITE, "AA", TYPE_INT, 1, like_call },
	{ "typeof", IN_SQLITE, "A", TYPE_TEXT, 0, type_name },
};

const struct function_table functions_text = { list, COUNT_OF(list) };

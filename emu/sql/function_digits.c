/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that write bytes and numbers as digits, and digests. */
#include "emu/sql/function.h"

#include <errno.h>
#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <string.h>

enum { CASE_LOWER, CASE_UPPER };
enum { DIGEST_MD5, DIGEST_SHA1, DIGEST_SHA224, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512, DIGEST_NONE, DIGEST_MAX = 64 };

static int hex_bytes(struct sql_run *r, struct bytes s, int upper, struct sql_value *ret)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	uint8_t *room;
	int e = text_room(r, 2 * s.left, &room);

	for (size_t i = 0; e == 0 && i < s.left; i++) {
		room[2 * i] = (uint8_t)digits[s.at[i] >> 4];
		room[2 * i + 1] = (uint8_t)digits[s.at[i] & 15];
	}
	if (e == 0)
		*ret = value_text(bytes_of(room, 2 * s.left));
	return e;
}

static int in_base(struct sql_run *r, uint64_t v, unsigned base, bool upper, bool negative, struct sql_value *ret)
{
	uint8_t text[72], *at = text + sizeof(text);

	do {
		unsigned d = (unsigned)(v % base);

		*--at = (uint8_t)(d < 10 ? '0' + d : (upper ? 'A' : 'a') + d - 10);
	} while ((v /= base) > 0);
	if (negative)
		*--at = '-';
	*ret = value_text(arena_copy(r->arena, bytes_of(at, (size_t)(text + sizeof(text) - at)), sizeof(text)));
	return r->arena->full ? -ENOMEM : 0;
}

static int hex(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s;
	int64_t v;
	int e;

	(void)count;
	if (a[0].null) {
		*ret = value_text((struct bytes){ 0 });
		return 0;
	}
	if (r->dialect == SQL_MYSQL && type_is_number(a[0].type)) {
		if (a[0].type == TYPE_UNSIGNED)
			return in_base(r, (uint64_t)a[0].i, 16, true, false, ret);
		return (e = value_int_of(r, &a[0], &v)) < 0 ? e : in_base(r, (uint64_t)v, 16, true, false, ret);
	}
	if ((e = value_write(r, &a[0], false, &s)) < 0)
		return e;
	return hex_bytes(r, s, f->variant, ret);
}

static int nibble(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static int unhex(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct bytes s = a[0].s;
	uint8_t *room;
	size_t n = 0, at = 0;
	int e = text_room(r, s.left / 2 + 1, &room);

	(void)f;
	(void)count;
	if (e < 0)
		return e;
	if (s.left % 2 == 1 && r->dialect == SQL_ORACLE)
		return run_error(r);
	for (size_t i = 0; i < s.left; i++) {
		if (nibble(s.at[i]) < 0) {
			*ret = value_null(TYPE_BYTES);
			return r->dialect == SQL_MYSQL ? 0 : run_error(r);
		}
	}
	if (s.left % 2 == 1)
		room[n++] = (uint8_t)nibble(s.at[at++]);
	for (; at + 1 < s.left; at += 2)
		room[n++] = (uint8_t)(nibble(s.at[at]) << 4 | nibble(s.at[at + 1]));
	*ret = sql_value_bytes(bytes_of(room, n));
	ret->scale = 0;
	return 0;
}

/* to_hex(n), bin(n), oct(n): variant is the base */
static int base(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	uint64_t v = (uint64_t)a[0].i;
	bool fits;
	int64_t i;

	(void)count;
	if (r->dialect == SQL_MYSQL) { /* of the digits that a text begins with */
		(void)integer_prefix(a[0].s, &fits, &i);
		if (!fits)
			return run_refuse(r, "digits beyond 64 bits");
		v = (uint64_t)i;
	}
	if (r->dialect == SQL_POSTGRESQL && !type_is_integer(a[0].type))
		return run_error(r);
	if (r->dialect == SQL_POSTGRESQL && a[0].type == TYPE_INT)
		v = (uint32_t)v;
	return in_base(r, v, (unsigned)f->variant, false, false, ret);
}

/* conv(number, from, to): digits as far as they are some. */
static int conv(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	int64_t from = (int32_t)a[1].i, to = (int32_t)a[2].i;
	unsigned base_from = (unsigned)(from < 0 ? -from : from), base_to = (unsigned)(to < 0 ? -to : to);
	struct bytes s = a[0].s;
	bool negative;
	uint64_t v = 0;
	size_t at = 0;

	(void)f;
	(void)count;
	if (from > 62 || to > 62 || from < -62 || to < -62 || base_from < 2 || base_to < 2) {
		*ret = value_null(TYPE_TEXT);
		return 0;
	}
	if (base_from > 36 || base_to > 36)
		return run_refuse(r, "conv beyond base 36");
	while (at < s.left && s.at[at] == ' ')
		at++;
	negative = at < s.left && s.at[at] == '-';
	at += at < s.left && (s.at[at] == '-' || s.at[at] == '+');
	for (; at < s.left; at++) {
		uint8_t c = s.at[at];
		unsigned d = c >= '0' && c <= '9' ? c - 48u : (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? (c | 0x20u) - 87u : 99;

		if (d >= base_from)
			break;
		if (__builtin_mul_overflow(v, (uint64_t)base_from, &v) || __builtin_add_overflow(v, (uint64_t)d, &v))
			return run_refuse(r, "conv beyond 64 bits");
	}
	if (s.left == 0) { /* an empty text has no digits */
		*ret = value_null(TYPE_TEXT);
		return 0;
	}
	if (negative)
		v = 0 - v;
	return in_base(r, to < 0 && (int64_t)v < 0 ? 0 - v : v, base_to, true, to < 0 && (int64_t)v < 0, ret);
}

static size_t digest_bytes(int which, struct bytes s, uint8_t to[DIGEST_MAX])
{
	union {
		struct md5_ctx md5;
		struct sha1_ctx sha1;
		struct sha256_ctx sha256;
		struct sha512_ctx sha512;
	} c;

	switch (which) {
	case DIGEST_MD5:
		md5_init(&c.md5);
		md5_update(&c.md5, s.left, s.at);
		md5_digest(&c.md5, MD5_DIGEST_SIZE, to);
		return MD5_DIGEST_SIZE;
	case DIGEST_SHA1:
		sha1_init(&c.sha1);
		sha1_update(&c.sha1, s.left, s.at);
		sha1_digest(&c.sha1, SHA1_DIGEST_SIZE, to);
		return SHA1_DIGEST_SIZE;
	case DIGEST_SHA224: case DIGEST_SHA256:
		which == DIGEST_SHA224 ? sha224_init(&c.sha256) : sha256_init(&c.sha256);
		sha256_update(&c.sha256, s.left, s.at);
		if (which == DIGEST_SHA224)
			sha224_digest(&c.sha256, SHA224_DIGEST_SIZE, to);
		else
			sha256_digest(&c.sha256, SHA256_DIGEST_SIZE, to);
		return which == DIGEST_SHA224 ? SHA224_DIGEST_SIZE : SHA256_DIGEST_SIZE;
	default:
		which == DIGEST_SHA384 ? sha384_init(&c.sha512) : sha512_init(&c.sha512);
		sha512_update(&c.sha512, s.left, s.at);
		if (which == DIGEST_SHA384)
			sha384_digest(&c.sha512, SHA384_DIGEST_SIZE, to);
		else
			sha512_digest(&c.sha512, SHA512_DIGEST_SIZE, to);
		return which == DIGEST_SHA384 ? SHA384_DIGEST_SIZE : SHA512_DIGEST_SIZE;
	}
}

/* As lower hexadecimal digits, or (PostgreSQL's sha256() and SQL Server's hashbytes()) as bytes. */
static int digest(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	static const struct { const char *name; int which; } names[] = { { "md5", DIGEST_MD5 }, { "sha1", DIGEST_SHA1 }, { "sha", DIGEST_SHA1 },
		{ "sha2_256", DIGEST_SHA256 }, { "sha2_512", DIGEST_SHA512 }, { "sha256", DIGEST_SHA256 }, { "sha384", DIGEST_SHA384 }, { "sha512", DIGEST_SHA512 } };
	const struct sql_value *text = &a[0];
	uint8_t raw[DIGEST_MAX], *room;
	int which = f->variant;
	size_t n;

	if (which == DIGEST_NONE && r->dialect == SQL_MYSQL) { /* sha2(text, bits) */
		which = a[1].i == 224 ? DIGEST_SHA224 : a[1].i == 256 || a[1].i == 0 ? DIGEST_SHA256
		        : a[1].i == 384 ? DIGEST_SHA384 : a[1].i == 512 ? DIGEST_SHA512 : DIGEST_NONE;
	} else if (which == DIGEST_NONE) { /* hashbytes(name, text), standard_hash(text, name) */
		const struct sql_value *name = r->dialect == SQL_MSSQL ? &a[0] : &a[1];

		text = r->dialect == SQL_MSSQL ? &a[1] : &a[0];
		for (unsigned i = 0; count > 1 && i < COUNT_OF(names); i++) {
			if (bytes_equal_fold(name->s, bytes_text(names[i].name)))
				which = names[i].which;
		}
		if (count == 1)
			which = DIGEST_SHA1;
	}
	if (which == DIGEST_NONE) {
		*ret = value_null(TYPE_TEXT);
		return 0;
	}
	if (r->dialect == SQL_POSTGRESQL && which != DIGEST_MD5 && text->type == TYPE_TEXT)
		return run_error(r); /* wants bytea */
	n = digest_bytes(which, text->s, raw);
	if (r->dialect == SQL_MYSQL || which == DIGEST_MD5)
		return hex_bytes(r, bytes_of(raw, n), r->dialect == SQL_ORACLE, ret);
	if ((room = run_room(r, n)) == NULL)
		return -ENOMEM;
	memcpy(room, raw, n);
	*ret = sql_value_bytes(bytes_of(room, n));
	return 0;
}

static int crc32(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	uint32_t c = 0xffffffff;

	(void)r;
	(void)f;
	(void)count;
	for (size_t i = 0; i < a[0].s.left; i++) {
		c ^= a[0].s.at[i];
		for (unsigned k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
	}
	*ret = value_unsigned(~c);
	return 0;
}

static int base64(struct sql_run *r, struct bytes s, struct sql_value *ret)
{
	size_t size = BASE64_ENCODE_RAW_LENGTH(s.left), n = 0;
	char *flat = run_room(r, size + 1);
	uint8_t *room;
	int e;

	if (flat == NULL)
		return -ENOMEM;
	base64_encode_raw(flat, s.left, s.at);
	if ((e = text_room(r, size + size / 76 + 1, &room)) < 0)
		return e;
	for (size_t i = 0; i < size; i++) { /* lines of 76 */
		if (i > 0 && i % 76 == 0)
			room[n++] = '\n';
		room[n++] = (uint8_t)flat[i];
	}
	*ret = value_text(bytes_of(room, n));
	return 0;
}

static int unbase64(struct sql_run *r, struct bytes s, struct sql_value *ret)
{
	struct base64_decode_ctx c;
	uint8_t *room;
	size_t n;
	int e = text_room(r, BASE64_DECODE_LENGTH(s.left) + 1, &room);

	if (e < 0)
		return e;
	base64_decode_init(&c);
	n = BASE64_DECODE_LENGTH(s.left) + 1;
	if (!base64_decode_update(&c, &n, room, s.left, (const char *)s.at) || !base64_decode_final(&c)) {
		*ret = value_null(TYPE_BYTES);
		return r->dialect == SQL_MYSQL ? 0 : run_error(r);
	}
	*ret = sql_value_bytes(bytes_of(room, n));
	return 0;
}

static int base64_call(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)count;
	return f->variant ? unbase64(r, a[0].s, ret) : base64(r, a[0].s, ret);
}

/* PostgreSQL: encode(bytea, form), decode(text, form) */
static int encode(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	bool is_hex = bytes_equal_fold(a[1].s, bytes_text("hex")), is_base64 = bytes_equal_fold(a[1].s, bytes_text("base64"));

	if (a[1].type != TYPE_UNKNOWN && a[1].type != TYPE_TEXT)
		return run_error(r);
	if (f->variant == 0) {
		if (a[0].type != TYPE_BYTES && a[0].type != TYPE_UNKNOWN)
			return run_error(r);
		for (size_t i = 0; a[0].type == TYPE_UNKNOWN && i < a[0].s.left; i++) {
			if (a[0].s.at[i] == '\\')
				return run_refuse(r, "bytea literal");
		}
		return is_hex ? hex_bytes(r, a[0].s, CASE_LOWER, ret) : is_base64 ? base64(r, a[0].s, ret) : run_refuse(r, "encode to this");
	}
	if (a[0].type != TYPE_UNKNOWN && a[0].type != TYPE_TEXT)
		return run_error(r);
	if (is_hex && a[0].s.left % 2 == 1)
		return run_error(r);
	return is_hex ? unhex(r, f, a, count, ret) : is_base64 ? unbase64(r, a[0].s, ret) : run_refuse(r, "decode from this");
}

/* Text as the dialect's own literal. */
static int quote(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	char mark = f->variant == 2 ? '"' : '\'';
	bool backslash = false;
	uint8_t *room;
	struct bytes s;
	size_t n = 0;
	int e;

	(void)count;
	if (a[0].null) {
		*ret = value_text(bytes_text("NULL"));
		return 0;
	}
	if (r->dialect == SQL_SQLITE && a[0].type == TYPE_REAL)
		return run_refuse(r, "quote of a real");
	if ((e = value_write(r, &a[0], false, &s)) < 0 || (e = text_room(r, 2 * s.left + 4, &room)) < 0)
		return e;
	if (r->dialect == SQL_SQLITE && type_is_number(a[0].type)) {
		*ret = value_text(s);
		return 0;
	}
	if (r->dialect == SQL_SQLITE && a[0].type == TYPE_BYTES) {
		struct sql_value digits;

		if ((e = hex_bytes(r, s, CASE_UPPER, &digits)) < 0)
			return e;
		room[0] = 'X';
		room[1] = '\'';
		memcpy(room + 2, digits.s.at, digits.s.left);
		room[2 + digits.s.left] = '\'';
		*ret = value_text(bytes_of(room, digits.s.left + 3));
		return 0;
	}
	if (r->dialect == SQL_SQLITE) { /* up to a NUL */
		const uint8_t *nul = s.left > 0 ? memchr(s.at, 0, s.left) : NULL;

		s.left = nul != NULL ? (size_t)(nul - s.at) : s.left;
	}
	for (size_t i = 0; i < s.left; i++)
		backslash |= s.at[i] == '\\';
	if (f->variant == 1 && backslash && r->dialect == SQL_POSTGRESQL)
		return run_refuse(r, "quote of a backslash");
	if (f->variant == 2)
		return run_refuse(r, "quote of a name");
	room[n++] = (uint8_t)mark;
	for (size_t i = 0; i < s.left; i++) {
		uint8_t c = s.at[i];

		if (r->dialect == SQL_MYSQL && (c == '\\' || c == '\'' || c == 0 || c == 0x1a))
			room[n++] = '\\';
		else if (c == (uint8_t)mark)
			room[n++] = c;
		room[n++] = r->dialect == SQL_MYSQL && c == 0 ? '0' : r->dialect == SQL_MYSQL && c == 0x1a ? 'Z' : c;
	}
	room[n++] = (uint8_t)mark;
	*ret = value_text(bytes_of(room, n));
	return 0;
}

/* Bytes taken as they are: utl_raw.cast_to_raw and its like. */
static int as_bytes(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	(void)r;
	(void)count;
	*ret = f->variant ? value_text(a[0].s) : sql_value_bytes(a[0].s);
	return 0;
}

/* 0x and digits: SQL Server's fn_varbintohexstr. */
static int with_0x(struct sql_run *r, const struct function *f, struct sql_value *a, unsigned count, struct sql_value *ret)
{
	struct sql_value digits;
	uint8_t *room;
	int e = hex_bytes(r, a[0].s, CASE_LOWER, &digits);

	(void)f;
	(void)count;
	if (e < 0 || (e = text_room(r, digits.s.left + 2, &room)) < 0)
		return e;
	room[0] = '0';
	room[1] = 'x';
	memcpy(room + 2, digits.s.at, digits.s.left);
	*ret = value_text(bytes_of(room, digits.s.left + 2));
	return 0;
}

static const struct function list[] = {
	{ "hex", IN_MYSQL, "a", TYPE_TEXT, CASE_UPPER, hex }, { "hex", IN_SQLITE, "T", TYPE_TEXT, CASE_UPPER, hex },
	{ "rawtohex", IN_ORACLE, "t", TYPE_TEXT, CASE_UPPER, hex },
	{ "unhex", IN_MYSQL, "t", TYPE_BYTES, 0, unhex }, { "hextoraw", IN_ORACLE, "t", TYPE_BYTES, 0, unhex },
	{ "to_hex", IN_POSTGRESQL, "n", TYPE_TEXT, 16, base }, { "bin", IN_MYSQL, "t", TYPE_TEXT, 2, base },
	{ "oct", IN_MYSQL, "t", TYPE_TEXT, 8, base }, { "conv", IN_MYSQL, "tii", TYPE_TEXT, 0, conv },
	{ "md5", IN_MYSQL | IN_POSTGRESQL, "t", TYPE_TEXT, DIGEST_MD5, digest },
	{ "sha1", IN_MYSQL, "t", TYPE_TEXT, DIGEST_SHA1, digest }, { "sha", IN_MYSQL, "t", TYPE_TEXT, DIGEST_SHA1, digest },
	{ "sha2", IN_MYSQL, "ti", TYPE_TEXT, DIGEST_NONE, digest }, { "sha256", IN_POSTGRESQL, "a", TYPE_BYTES, DIGEST_SHA256, digest },
	{ "sha512", IN_POSTGRESQL, "a", TYPE_BYTES, DIGEST_SHA512, digest }, { "sha224", IN_POSTGRESQL, "a", TYPE_BYTES, DIGEST_SHA224, digest },
	{ "sha384", IN_POSTGRESQL, "a", TYPE_BYTES, DIGEST_SHA384, digest },
	{ "hashbytes", IN_MSSQL, "tt", TYPE_BYTES, DIGEST_NONE, digest }, { "standard_hash", IN_ORACLE, "t?t", TYPE_BYTES, DIGEST_NONE, digest },
	{ "crc32", IN_MYSQL, "t", TYPE_UNSIGNED, 0, crc32 }, { "to_base64", IN_MYSQL, "t", TYPE_TEXT, 0, base64_call },
	{ "from_base64", IN_MYSQL, "t", TYPE_BYTES, 1, base64_call }, { "encode", IN_POSTGRESQL, "aa", TYPE_TEXT, 0, encode },
	{ "decode", IN_POSTGRESQL, "aa", TYPE_BYTES, 1, encode }, { "quote", IN_MYSQL, "T", TYPE_TEXT, 0, quote },
	{ "quote", IN_SQLITE, "A", TYPE_TEXT, 0, quote }, { "quote_literal", IN_POSTGRESQL, "t", TYPE_TEXT, 1, quote },
	{ "quote_ident", IN_POSTGRESQL, "t", TYPE_TEXT, 2, quote }, { "cast_to_raw", IN_ORACLE, "t", TYPE_BYTES, 0, as_bytes },
	{ "cast_to_varchar2", IN_ORACLE, "t", TYPE_TEXT, 1, as_bytes },
	{ "fn_varbintohexstr", IN_MSSQL, "t", TYPE_TEXT, 0, with_0x }, { "fn_sqlvarbasetostr", IN_MSSQL, "t", TYPE_TEXT, 0, with_0x },
};

const struct function_table functions_digits = { list, COUNT_OF(list) };

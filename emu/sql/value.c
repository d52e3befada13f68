/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values made, and turned into text, numbers and truth. */
#include "emu/sql/value.h"
#include "emu/sql/effect.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

int run_error(struct sql_run *r)
{
	return run_error_says(r, "", NULL, "");
}

int run_mismatch(struct sql_run *r)
{
	r->mismatch = true;
	return run_error(r);
}

int run_error_says(struct sql_run *r, const char *before, const struct sql_value *v, const char *after)
{
	r->leak = v != NULL ? *v : value_null(TYPE_NULL);
	r->said_before = before;
	r->said_after = after;
	return -EDOM;
}

int run_error_shows(struct sql_run *r, const struct sql_value *v)
{
	return run_error_says(r, "", v, "");
}

int run_refuse(struct sql_run *r, const char *what)
{
	r->refused = what;
	return -ENOTSUP;
}

void run_set(struct sql_run *r, struct bytes name, const struct sql_value *v)
{
	unsigned i = 0;

	while (i < r->variables_count && !bytes_equal_fold(r->variables[i].name, name))
		i++;
	if (i == COUNT_OF(r->variables))
		return;
	r->variables[i].name = name;
	r->variables[i].value = *v;
	r->variables_count += i == r->variables_count;
}

bool run_in(const struct sql_run *r, unsigned dialects)
{
	return (1u << r->dialect & dialects) != 0;
}

void run_work(struct sql_run *r, uint64_t bytes)
{
	uint64_t steps = r->steps + bytes / RUN_STEP_WORK;

	r->steps = steps < RUN_STEPS_MAX ? (unsigned)steps : RUN_STEPS_MAX;
}

void *run_room(struct sql_run *r, size_t size)
{
	return size > VALUE_BYTES_MAX * 4 ? NULL : arena_take(r->arena, size > 0 ? size : 1);
}

struct sql_value value_null(enum sql_type type)
{
	return (struct sql_value){ .type = type, .null = true };
}

struct sql_value sql_value_int(int64_t i)
{
	return (struct sql_value){ .type = TYPE_INT, .i = i };
}

struct sql_value value_bigint(int64_t i)
{
	return (struct sql_value){ .type = TYPE_BIGINT, .i = i };
}

struct sql_value value_unsigned(uint64_t i)
{
	return (struct sql_value){ .type = TYPE_UNSIGNED, .i = (int64_t)i };
}

struct sql_value value_real(double d)
{
	return (struct sql_value){ .type = TYPE_REAL, .d = d, .scale = SCALE_FREE };
}

struct sql_value value_text(struct bytes s)
{
	return (struct sql_value){ .type = TYPE_TEXT, .s = s, .scale = SCALE_FREE };
}

struct sql_value sql_value_bytes(struct bytes s)
{
	return (struct sql_value){ .type = TYPE_BYTES, .s = s, .scale = SCALE_FREE };
}

struct sql_value value_decimal(const struct decimal *n)
{
	return (struct sql_value){ .type = TYPE_DECIMAL, .n = n, .scale = (uint8_t)(n != NULL && n->scale < 255 ? n->scale : 0) };
}

struct sql_value sql_value_truth(const struct sql_run *r, bool b)
{
	return (struct sql_value){ .type = run_in(r, IN_MYSQL | IN_SQLITE) ? TYPE_INT : TYPE_BOOL, .i = b };
}

bool type_is_integer(enum sql_type t)
{
	return t == TYPE_INT || t == TYPE_BIGINT || t == TYPE_UNSIGNED;
}

bool type_is_number(enum sql_type t)
{
	return type_is_integer(t) || t == TYPE_DECIMAL || t == TYPE_REAL;
}

bool type_is_string(enum sql_type t)
{
	return t == TYPE_TEXT || t == TYPE_BYTES || t == TYPE_UNKNOWN;
}

static int text_of(struct sql_run *r, const char *text, int len, struct bytes *ret)
{
	*ret = arena_copy(r->arena, bytes_of(text, (size_t)len), (size_t)len);
	return r->arena->full ? -ENOMEM : 0;
}

static int decimal_text(struct sql_run *r, const struct sql_value *v, struct bytes *ret)
{
	const struct decimal *n = v->n;
	struct sink s;
	uint8_t *room;

	if (r->dialect == SQL_MYSQL)
		n = decimal_round(r->arena, n, v->scale, DECIMAL_HALF_UP);
	else if (r->dialect == SQL_ORACLE)
		n = decimal_trim(r->arena, n);
	if (n == NULL || (room = run_room(r, n->count + n->scale + 4u)) == NULL)
		return -ENOMEM;
	s = sink_over(room, n->count + n->scale + 4u);
	decimal_write(&s, n);
	*ret = bytes_of(room, s.used);
	/* Oracle: .5 has no 0 before the point */
	if (r->dialect == SQL_ORACLE && n->scale > 0 && s.used > 1 && room[n->negative] == '0') {
		memmove(room + n->negative, room + n->negative + 1, s.used - n->negative - 1u);
		ret->left--;
	}
	return 0;
}

/* PostgreSQL shows bytea as \x and digits. */
static int bytea_text(struct sql_run *r, struct bytes s, struct bytes *ret)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *room = run_room(r, 2 * s.left + 2);

	if (room == NULL)
		return -ENOMEM;
	room[0] = '\\';
	room[1] = 'x';
	for (size_t i = 0; i < s.left; i++) {
		room[2 + 2 * i] = (uint8_t)digits[s.at[i] >> 4];
		room[3 + 2 * i] = (uint8_t)digits[s.at[i] & 15];
	}
	*ret = bytes_of(room, 2 * s.left + 2);
	return 0;
}

int value_write(struct sql_run *r, const struct sql_value *v, bool shown, struct bytes *ret)
{
	char text[32];

	switch (v->type) {
	case TYPE_BOOL:
		*ret = r->dialect == SQL_POSTGRESQL && !shown ? bytes_text(v->i ? "true" : "false")
		       : r->dialect == SQL_POSTGRESQL ? bytes_text(v->i ? "t" : "f") : bytes_text(v->i ? "1" : "0");
		return 0;
	case TYPE_INT:
	case TYPE_BIGINT:
		return text_of(r, text, snprintf(text, sizeof(text), "%" PRId64, v->i), ret);
	case TYPE_UNSIGNED:
		return text_of(r, text, snprintf(text, sizeof(text), "%" PRIu64, (uint64_t)v->i), ret);
	case TYPE_DECIMAL:
		return decimal_text(r, v, ret);
	case TYPE_REAL:
		*ret = r->dialect == SQL_MYSQL && v->scale < SCALE_FREE ? real_fixed(r, v->d, v->scale) : real_text(r, v->d);
		return r->arena->full ? -ENOMEM : 0;
	case TYPE_BYTES:
		if (r->dialect == SQL_POSTGRESQL)
			return bytea_text(r, v->s, ret);
		*ret = v->s;
		return 0;
	default:
		*ret = v->s;
		return 0;
	}
}

/* MySQL: 0x41 beside a number is one. */
static uint64_t bytes_number(struct bytes s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.left; i++)
		v = v << 8 | s.at[i];
	return v;
}

/* SQLite: the number that a text begins with, an integer where it looks like one. */
static struct sql_value sqlite_number(struct bytes s)
{
	bool integer = true, fits;
	double d = 0;
	int64_t i = 0;

	(void)number_prefix(s, &integer, &d);
	(void)integer_prefix(s, &fits, &i);
	return integer && fits ? sql_value_int(i) : value_real(d);
}

int sql_value_number(struct sql_run *r, const struct sql_value *v, struct sql_value *ret)
{
	bool integer, fits;
	double d = 0;
	int64_t i;

	*ret = *v;
	if (v->null || type_is_number(v->type))
		return 0;
	if (v->type == TYPE_UNKNOWN && v->open) { /* a column: as well a number */
		*ret = effect_unknown_number(r, v->s, 0);
		return 0;
	}
	if (v->type == TYPE_BOOL) {
		ret->type = TYPE_INT;
		return r->dialect == SQL_POSTGRESQL ? run_error(r) : 0;
	}
	switch (r->dialect) {
	case SQL_MYSQL:
		if (v->hex) {
			*ret = value_unsigned(bytes_number(v->s));
			ret->type = TYPE_INT;
		} else {
			(void)number_prefix(v->s, &integer, &d);
			*ret = value_real(d);
			ret->scale = v->scale;
		}
		break;
	case SQL_SQLITE:
		*ret = sqlite_number(v->s);
		break;
	case SQL_ORACLE:
		if ((*ret = value_decimal(decimal_parse(r->arena, v->s))).n == NULL)
			return run_error_shows(r, v);
		break;
	case SQL_MSSQL: /* beside a number, a string becomes an integer: an error shows what is none */
		if (integer_prefix(v->s, &fits, &i) != v->s.left || !fits)
			return run_error_says(r, " value '", v, "' to data type int.");
		*ret = sql_value_int(i);
		break;
	default:
		return run_error(r);
	}
	ret->open = v->open;
	return 0;
}

int value_real_of(struct sql_run *r, const struct sql_value *v, double *ret)
{
	struct sql_value n;
	bool integer;
	int e;

	if (r->dialect == SQL_MSSQL && type_is_string(v->type) && v->type != TYPE_UNKNOWN && !v->null) {
		if (number_prefix(v->s, &integer, ret) != v->s.left)
			return run_error_shows(r, v);
		return 0;
	}
	if ((e = sql_value_number(r, v, &n)) < 0)
		return e;
	*ret = n.type == TYPE_REAL ? n.d : n.type == TYPE_DECIMAL ? decimal_double(n.n)
	       : n.type == TYPE_UNSIGNED ? (double)(uint64_t)n.i : (double)n.i;
	return 0;
}

int value_decimal_of(struct sql_run *r, const struct sql_value *v, const struct decimal **ret)
{
	struct sql_value n;
	char text[32];
	int e = sql_value_number(r, v, &n), len;

	if (e < 0)
		return e;
	if (n.type == TYPE_DECIMAL) {
		*ret = n.n;
	} else if (n.type == TYPE_REAL) {
		if (!isfinite(n.d))
			return run_error(r);
		len = snprintf(text, sizeof(text), "%.14e", n.d); /* PostgreSQL takes 15 digits, MySQL all of them */
		*ret = decimal_parse(r->arena, r->dialect == SQL_MYSQL ? real_text(r, n.d) : bytes_of(text, (size_t)len));
		if (*ret != NULL)
			*ret = decimal_trim(r->arena, *ret);
	} else {
		*ret = n.type == TYPE_UNSIGNED ? decimal_of_unsigned(r->arena, (uint64_t)n.i) : decimal_of_int(r->arena, n.i);
	}
	return *ret == NULL ? (r->arena->full ? -ENOMEM : run_refuse(r, "long number")) : 0;
}

int value_int_of(struct sql_run *r, const struct sql_value *v, int64_t *ret)
{
	struct sql_value n;
	bool fits;
	int e;

	if (v->null) {
		*ret = 0;
		return 0;
	}
	if (run_in(r, IN_MYSQL | IN_SQLITE) && (v->type == TYPE_TEXT || v->type == TYPE_BYTES) && !v->hex) {
		(void)integer_prefix(v->s, &fits, ret);
		return 0;
	}
	if ((e = sql_value_number(r, v, &n)) < 0)
		return e;
	if (n.type == TYPE_DECIMAL) {
		bool rounded = run_in(r, IN_MYSQL | IN_POSTGRESQL);

		if (!decimal_int(n.n, rounded, ret)) {
			if (!run_in(r, IN_MYSQL))
				return run_error(r);
			*ret = n.n->negative ? INT64_MIN : INT64_MAX;
		}
		return 0;
	}
	if (n.type == TYPE_REAL) {
		double d = run_in(r, IN_MYSQL | IN_POSTGRESQL) ? rint(n.d) : trunc(n.d);

		if (isnan(d))
			return run_error(r);
		*ret = d >= 9223372036854775808.0 ? INT64_MAX : d <= -9223372036854775808.0 ? INT64_MIN : (int64_t)d;
		return 0;
	}
	*ret = n.i;
	return 0;
}

int value_truth_of(struct sql_run *r, const struct sql_value *v, int *ret)
{
	double d = 0;
	int e = 0;

	if (v->null) {
		*ret = -1;
		return 0;
	}
	if (v->type == TYPE_BOOL) {
		*ret = v->i != 0;
		return 0;
	}
	if (!run_in(r, IN_MYSQL | IN_SQLITE))
		return run_error(r); /* no boolean: the engine's parser would have said so */
	if (type_is_integer(v->type))
		*ret = v->i != 0;
	else if (v->type == TYPE_DECIMAL)
		*ret = !decimal_is_zero(v->n);
	else if ((e = value_real_of(r, v, &d)) == 0)
		*ret = d != 0;
	return e;
}

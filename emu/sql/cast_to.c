/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CAST(… AS type): the types of each dialect by name, and how a value gets there. */
#include "emu/sql/cast.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <math.h>
#include <string.h>

int cast_read_bytea(struct sql_run *r, const struct sql_value *v, struct sql_value *ret)
{
	uint8_t *room;

	if (v->s.left >= 2 && v->s.at[0] == '\\' && v->s.at[1] == 'x')
		return run_refuse(r, "bytea literal");
	for (size_t i = 0; i < v->s.left; i++) {
		if (v->s.at[i] == '\\')
			return run_refuse(r, "bytea literal");
	}
	if ((room = run_room(r, v->s.left)) == NULL)
		return -ENOMEM;
	*ret = sql_value_bytes(v->s);
	return 0;
}

static const char *const integers[] = { "int", "integer", "int4", "int2", "smallint", "tinyint", "int8", "bigint", "signed", "unsigned", "mediumint", "pls_integer", "binary_integer", NULL };
static const char *const decimals[] = { "decimal", "numeric", "dec", "number", "money", NULL };
static const char *const reals[] = { "float", "double", "float8", "real", "binary_double", NULL };
static const char *const texts[] = { "char", "varchar", "text", "nchar", "nvarchar", "varchar2", "nvarchar2", "character", "name", "sysname", "clob", NULL };
static const char *const bytes[] = { "binary", "varbinary", "bytea", "blob", "raw", NULL };
static const char *const booleans[] = { "bool", "boolean", "bit", NULL };

static bool named(const struct type_name *t, const char *what)
{
	return bytes_equal_fold(t->name, bytes_text(what));
}

static int to_text(struct sql_run *r, const struct sql_value *v, const struct type_name *t, struct sql_value *ret)
{
	int length = t->length;
	struct bytes s;
	int e;

	if (r->dialect == SQL_POSTGRESQL && named(t, "char"))
		length = t->length < 0 ? 1 : t->length;
	if (r->dialect == SQL_POSTGRESQL && (named(t, "char") || named(t, "character")))
		return run_refuse(r, "char(n)");
	if (r->dialect == SQL_MSSQL && length < 0 && (named(t, "varchar") || named(t, "nvarchar")))
		length = v->type == TYPE_TEXT ? -1 : 30;
	if ((e = value_write(r, v, false, &s)) < 0)
		return e;
	*ret = value_text(length >= 0 ? cast_cut(s, length) : s);
	ret->scale = 0;
	return 0;
}

static int in_range(struct sql_run *r, const struct sql_value *v, const struct type_name *t, int64_t i)
{
	bool small = named(t, "smallint") || named(t, "int2"), tiny = named(t, "tinyint"), big = named(t, "bigint") || named(t, "int8");
	int64_t most = tiny ? 255 : small ? INT16_MAX : big ? INT64_MAX : INT32_MAX;
	int64_t least = tiny ? 0 : -most - 1;

	return i > most || i < least ? run_error_shows(r, v) : 0;
}

static int to_integer(struct sql_run *r, const struct sql_value *v, const struct type_name *t, struct sql_value *ret)
{
	int64_t i;
	int e;

	if (r->dialect == SQL_POSTGRESQL && (v->type == TYPE_TEXT || v->type == TYPE_UNKNOWN)) {
		e = cast_read_integer(r, v, &i);
	} else if (r->dialect == SQL_POSTGRESQL && v->type == TYPE_BOOL) {
		i = v->i;
		e = named(t, "int") || named(t, "integer") || named(t, "int4") ? 0 : run_error(r);
	} else if (r->dialect == SQL_POSTGRESQL && v->type == TYPE_REAL && (fabs(v->d) >= 9.2233720368547758e18 || isnan(v->d))) {
		e = run_error(r);
	} else if (r->dialect == SQL_ORACLE) {
		const struct decimal *n;

		if ((e = value_decimal_of(r, v, &n)) < 0)
			return e;
		*ret = value_decimal(decimal_round(r->arena, n, 0, DECIMAL_HALF_UP));
		return ret->n == NULL ? -ENOMEM : 0;
	} else {
		e = value_int_of(r, v, &i);
	}
	if (e < 0)
		return e;
	if (run_in(r, IN_POSTGRESQL | IN_MSSQL)) {
		if ((e = in_range(r, v, t, i)) < 0)
			return e;
		*ret = named(t, "bigint") || named(t, "int8") ? value_bigint(i) : sql_value_int(i);
		return 0;
	}
	if (named(t, "unsigned") && i < 0 && (v->type == TYPE_REAL || v->type == TYPE_DECIMAL))
		i = 0;
	*ret = named(t, "unsigned") ? value_unsigned((uint64_t)i) : sql_value_int(i);
	if (v->type == TYPE_UNSIGNED)
		ret->i = v->i;
	return 0;
}

/* MySQL reads digits of a text as they stand, not by way of a real. */
static int mysql_text_decimal(struct sql_run *r, struct bytes s, const struct decimal **ret)
{
	bool integer;
	double d;
	size_t len = number_prefix(s, &integer, &d), skip = 0;

	while (skip < len && (s.at[skip] == ' ' || (s.at[skip] >= '\t' && s.at[skip] <= '\r')))
		skip++;
	*ret = len > 0 ? decimal_parse(r->arena, bytes_of(s.at + skip, len - skip)) : decimal_of_int(r->arena, 0);
	return *ret == NULL ? run_refuse(r, "long decimal") : 0;
}

static int to_decimal(struct sql_run *r, const struct sql_value *v, const struct type_name *t, struct sql_value *ret)
{
	bool free = t->length < 0 && run_in(r, IN_POSTGRESQL | IN_ORACLE);
	int precision = t->length < 0 ? (r->dialect == SQL_MSSQL ? 18 : 10) : t->length, scale = t->scale < 0 ? 0 : t->scale, e = 0;
	const struct decimal *n = NULL;
	struct sql_value literal;

	if (type_is_string(v->type) && r->dialect == SQL_MYSQL && !v->hex) {
		e = mysql_text_decimal(r, v->s, &n);
	} else if (type_is_string(v->type) && r->dialect != SQL_MYSQL) {
		if ((e = cast_literal(r, v, TYPE_DECIMAL, &literal)) == 0)
			n = literal.n;
	} else {
		e = value_decimal_of(r, v, &n);
	}
	if (e < 0)
		return e;
	if (!free && (n = decimal_round(r->arena, n, scale, DECIMAL_HALF_UP)) == NULL)
		return -ENOMEM;
	if (!free && n->count > precision) {
		if (r->dialect != SQL_MYSQL)
			return run_error_shows(r, v);
		return run_refuse(r, "decimal beyond its type"); /* a warning and the largest number there */
	}
	*ret = value_decimal(n);
	return 0;
}

static int to_boolean(struct sql_run *r, const struct sql_value *v, struct sql_value *ret)
{
	if (r->dialect == SQL_POSTGRESQL) {
		if (type_is_string(v->type) && v->type != TYPE_BYTES)
			return cast_literal(r, v, TYPE_BOOL, ret);
		if (v->type != TYPE_INT && v->type != TYPE_BOOL)
			return run_error(r);
		*ret = (struct sql_value){ .type = TYPE_BOOL, .i = v->i != 0 };
		return 0;
	}
	return run_refuse(r, "cast to bit");
}

static int to_real(struct sql_run *r, const struct sql_value *v, const struct type_name *t, struct sql_value *ret)
{
	struct sql_value literal;
	int e;

	if (r->dialect == SQL_POSTGRESQL && (named(t, "real") || (t->length >= 0 && t->length < 25)))
		return run_refuse(r, "single precision");
	if (r->dialect == SQL_MYSQL && (named(t, "float") || t->length >= 0))
		return run_refuse(r, "cast to float");
	if (type_is_string(v->type) && run_in(r, IN_POSTGRESQL | IN_MSSQL)) {
		if ((e = cast_literal(r, v, TYPE_REAL, &literal)) == 0)
			*ret = literal;
		return e;
	}
	if (v->type == TYPE_BOOL)
		return run_error(r);
	*ret = value_real(0);
	return value_real_of(r, v, &ret->d);
}

static int to_bytes(struct sql_run *r, const struct sql_value *v, const struct type_name *t, struct sql_value *ret)
{
	struct bytes s;
	int e;

	if (r->dialect == SQL_POSTGRESQL) {
		if (v->type == TYPE_BYTES) {
			*ret = *v;
			return 0;
		}
		if (v->type != TYPE_UNKNOWN && v->type != TYPE_TEXT)
			return run_error(r);
		return cast_read_bytea(r, v, ret);
	}
	if (r->dialect == SQL_MSSQL && type_is_number(v->type))
		return run_refuse(r, "number to varbinary");
	if (t->length >= 0)
		return run_refuse(r, "binary(n)");
	if ((e = value_write(r, v, false, &s)) < 0)
		return e;
	*ret = sql_value_bytes(s);
	return 0;
}

static bool holds(struct bytes name, const char *what)
{
	size_t len = strlen(what);

	for (size_t i = 0; i + len <= name.left; i++) {
		if (bytes_equal_fold(bytes_of(name.at + i, len), bytes_text(what)))
			return true;
	}
	return false;
}

/* SQLite goes by pieces of the name: "Determination Of Column Affinity". */
static int to_affinity(struct sql_run *r, const struct sql_value *v, struct bytes name, struct sql_value *ret)
{
	struct bytes s;
	int e;

	if (holds(name, "int")) {
		*ret = sql_value_int(0);
		ret->affinity = AFFINITY_NUMERIC;
		return value_int_of(r, v, &ret->i);
	}
	if (holds(name, "char") || holds(name, "clob") || holds(name, "text") || holds(name, "blob") || name.left == 0) {
		bool text = !holds(name, "blob") && name.left > 0;

		if ((e = value_write(r, v, false, &s)) < 0)
			return e;
		*ret = text ? value_text(s) : sql_value_bytes(s);
		ret->affinity = text ? AFFINITY_TEXT : AFFINITY_BLOB;
		return 0;
	}
	if (holds(name, "real") || holds(name, "floa") || holds(name, "doub")) {
		*ret = value_real(0);
		ret->affinity = AFFINITY_NUMERIC;
		return value_real_of(r, v, &ret->d);
	}
	if ((e = sql_value_number(r, v, ret)) < 0)
		return e;
	if (type_is_string(v->type) && ret->type == TYPE_REAL && ret->d == (double)(int64_t)ret->d && fabs(ret->d) < 9e15)
		*ret = sql_value_int((int64_t)ret->d);
	ret->affinity = AFFINITY_NUMERIC;
	return 0;
}

static enum sql_type type_of(struct sql_run *r, const struct type_name *t)
{
	if (cast_named(t->name, integers))
		return named(t, "unsigned") ? TYPE_UNSIGNED : run_in(r, IN_POSTGRESQL | IN_MSSQL) && (named(t, "bigint") || named(t, "int8")) ? TYPE_BIGINT : TYPE_INT;
	return cast_named(t->name, decimals) ? TYPE_DECIMAL : cast_named(t->name, reals) ? TYPE_REAL
	       : cast_named(t->name, texts) ? TYPE_TEXT : cast_named(t->name, bytes) ? TYPE_BYTES
	       : cast_named(t->name, booleans) ? TYPE_BOOL : TYPE_NULL;
}

int cast_to(struct sql_run *r, const struct sql_value *v, const struct type_name *t, bool attempt, struct sql_value *ret)
{
	enum sql_type type = type_of(r, t);
	bool open = v->open;
	int e;

	if (t->array || (type == TYPE_NULL && r->dialect != SQL_SQLITE))
		return run_refuse(r, "cast to this type");
	if (v->null) {
		*ret = value_null(type);
		ret->scale = type == TYPE_DECIMAL ? (uint8_t)(t->scale > 0 ? t->scale : 0) : type == TYPE_REAL || type == TYPE_TEXT ? SCALE_FREE : 0;
		ret->open = open;
		/* some casts are none, whatever the value */
		if (r->dialect == SQL_POSTGRESQL && ((type == TYPE_BOOL && type_is_number(v->type) && v->type != TYPE_INT) ||
		                                     (v->type == TYPE_BOOL && type_is_number(type) && type != TYPE_INT)))
			return run_mismatch(r);
		return 0;
	}
	if (r->dialect == SQL_SQLITE)
		e = to_affinity(r, v, t->name, ret);
	else if (type == TYPE_INT || type == TYPE_BIGINT || type == TYPE_UNSIGNED)
		e = to_integer(r, v, t, ret);
	else if (type == TYPE_DECIMAL)
		e = to_decimal(r, v, t, ret);
	else if (type == TYPE_REAL)
		e = to_real(r, v, t, ret);
	else if (type == TYPE_TEXT)
		e = to_text(r, v, t, ret);
	else if (type == TYPE_BYTES)
		e = to_bytes(r, v, t, ret);
	else
		e = to_boolean(r, v, ret);
	if (e == -EDOM && attempt) {
		*ret = value_null(type);
		e = 0;
	}
	if (e == 0)
		ret->open = open;
	return e;
}

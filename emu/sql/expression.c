/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions evaluated node by node. The tree's depth is bounded by the parser; so is this recursion. */
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"
#include "emu/sql/expression.h"
#include "emu/sql/function.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

const char carrier_table[] = "konseki_place", carrier_column[] = "konseki_value";

int evaluate_type(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	bool dry = r->dry;
	uint32_t one = r->random.one, two = r->random.two;
	bool set = r->random.set;
	int e;

	r->dry = true;
	e = evaluate_node(r, n, ret);
	r->dry = dry;
	r->random.one = one;
	r->random.two = two;
	r->random.set = set;
	if (e == -EDOM && !(r->mismatch && r->dialect == SQL_POSTGRESQL)) {
		*ret = value_null(TYPE_NULL);
		return 0;
	}
	if (e == 0) {
		ret->null = true;
		ret->open = false;
	}
	return e;
}

static bool is_named(const struct node *n, const char *what)
{
	return bytes_equal_fold(n->name, bytes_text(what));
}

static int literal_integer(struct sql_run *r, struct bytes text, struct sql_value *ret)
{
	const struct decimal *n = decimal_parse(r->arena, text);
	int64_t i;
	uint64_t u;

	if (n == NULL)
		return run_refuse(r, "long number");
	if (r->dialect == SQL_ORACLE) {
		*ret = value_decimal(n);
	} else if (decimal_int(n, false, &i)) {
		*ret = run_in(r, IN_POSTGRESQL | IN_MSSQL) && i > INT32_MAX ? value_bigint(i) : sql_value_int(i);
		if (r->dialect == SQL_MSSQL && i > INT32_MAX)
			*ret = value_decimal(n);
	} else if (r->dialect == SQL_MYSQL && decimal_unsigned(n, false, &u)) {
		*ret = value_unsigned(u);
	} else if (r->dialect == SQL_SQLITE) {
		*ret = value_real(decimal_double(n));
	} else {
		*ret = value_decimal(n);
	}
	return 0;
}

static int literal(struct sql_run *r, const struct lexeme *x, struct sql_value *ret)
{
	bool integer;

	switch (x->kind) {
	case LEX_INTEGER:
		return literal_integer(r, x->text, ret);
	case LEX_DECIMAL:
		*ret = value_decimal(decimal_parse(r->arena, x->text));
		if (r->dialect == SQL_SQLITE) {
			*ret = value_real(0);
			(void)number_prefix(x->text, &integer, &ret->d);
		} else if (ret->n == NULL || (r->dialect == SQL_MYSQL && ret->n->scale > 30)) {
			return run_refuse(r, "long number");
		}
		return 0;
	case LEX_FLOAT:
		*ret = value_real(0);
		(void)number_prefix(x->text, &integer, &ret->d);
		if (run_in(r, IN_POSTGRESQL | IN_ORACLE) && (*ret = value_decimal(decimal_parse(r->arena, x->text))).n == NULL)
			return run_refuse(r, "long number");
		return 0;
	case LEX_BYTES:
		*ret = sql_value_bytes(x->text);
		ret->scale = 0;
		ret->hex = r->dialect == SQL_MYSQL && x->prefix != 'x'; /* x'41' is but a text */
		if (x->prefix == '0' && r->dialect == SQL_SQLITE) { /* 0x10 is 16 */
			uint64_t v = 0;

			for (size_t i = 0; i < x->text.left; i++)
				v = v << 8 | x->text.at[i];
			*ret = sql_value_int((int64_t)v);
			return x->text.left > 8 ? run_error(r) : 0;
		}
		return r->dialect == SQL_POSTGRESQL ? run_refuse(r, "bit string") : 0;
	default:
		*ret = value_text(x->text);
		if (r->dialect == SQL_POSTGRESQL)
			ret->type = TYPE_UNKNOWN;
		if (r->dialect == SQL_ORACLE && x->text.left == 0)
			ret->null = true;
		return 0;
	}
}

static int word(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	if (is_named(n, "null")) {
		*ret = value_null(TYPE_NULL);
		return 0;
	}
	if (is_named(n, "default"))
		return run_error(r);
	*ret = sql_value_truth(r, is_named(n, "true"));
	return 0;
}

/* The cell of this name in one set. false: it has none. */
static bool cell(const struct scope *s, const struct node *n, struct sql_value *ret)
{
	const struct rows *rows = s->rows;

	for (unsigned i = 0; rows != NULL && i < rows->width && s->row < rows->count; i++) {
		if (!bytes_equal_fold(rows->names[i], n->name) || (n->table.left > 0 && !bytes_equal_fold(rows->tables[i], n->table)))
			continue;
		*ret = rows->cells[s->row][i];
		return true;
	}
	return false;
}

/* Words that are calls without brackets. */
static bool is_bare_call(const struct sql_run *r, struct bytes name)
{
	static const struct { const char *name; unsigned in; } words[] = {
		{ "current_user", IN_ALL & ~IN_SQLITE }, { "user", IN_POSTGRESQL | IN_ORACLE }, { "session_user", IN_POSTGRESQL | IN_MSSQL },
		{ "current_catalog", IN_POSTGRESQL }, { "current_timestamp", IN_ALL }, { "current_date", IN_ALL }, { "current_time", IN_MYSQL | IN_SQLITE },
		{ "system_user", IN_MSSQL }, { "sysdate", IN_ORACLE }, { "uid", IN_ORACLE }, { "localtimestamp", IN_POSTGRESQL | IN_ORACLE },
		{ "current_schema", IN_POSTGRESQL }, { "rownum", IN_ORACLE }, { "current_role", IN_POSTGRESQL }, { "localtime", IN_MYSQL },
	};

	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		if (run_in(r, words[i].in) && bytes_equal_fold(name, bytes_text(words[i].name)))
			return true;
	}
	return false;
}

static int column(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	for (const struct scope *s = r->scope; s != NULL; s = s->outer) {
		if (cell(s, n, ret))
			return 0;
		for (const struct node *item = s->aliases != NULL ? s->aliases->first : NULL; item != NULL; item = item->next) {
			if (item->alias.left > 0 && n->table.left == 0 && bytes_equal_fold(item->alias, n->name) && item != n)
				return evaluate_node(r, item, ret);
		}
	}
	if (n->table.left == 0 && is_bare_call(r, n->name)) {
		*ret = effect_fact(r, n->name);
		return 0;
	}
	for (const struct scope *s = r->scope; s != NULL; s = s->outer) {
		if (s->rows == NULL || !s->rows->open)
			continue;
		*ret = run_in(r, IN_ORACLE | IN_SQLITE) && effect_fact_is(r, n->name) ? effect_fact(r, n->name) : effect_unknown(r, n->name, s->row);
		ret->type = TYPE_UNKNOWN;
		ret->carrier = s->rows->carrier && is_named(n, carrier_column);
		if (r->dialect == SQL_ORACLE && is_named(n, "rownum"))
			*ret = value_decimal(decimal_of_int(r->arena, s->row + 1));
		return 0;
	}
	/* SQLite takes a name in double quotes that is none for a text */
	if (r->dialect == SQL_SQLITE && n->table.left == 0 && n->lexeme.kind == LEX_QUOTED) {
		*ret = value_text(n->name);
		return 0;
	}
	return run_error(r);
}

static int variable(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	for (unsigned i = 0; i < r->variables_count; i++) {
		if (bytes_equal_fold(r->variables[i].name, n->name)) {
			*ret = r->variables[i].value;
			return 0;
		}
	}
	if (n->name.left > 1 && n->name.at[0] == '@' && n->name.at[1] != '@') {
		*ret = value_null(r->dialect == SQL_MYSQL ? TYPE_TEXT : TYPE_NULL);
		return 0;
	}
	*ret = effect_fact(r, n->name);
	return 0;
}

static int unary(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value v;
	struct bytes s;
	int e, truth;

	if (n->op == OP_NOT) {
		if ((e = evaluate_condition(r, n->first, &truth, &v)) < 0)
			return e;
		*ret = sql_value_truth(r, truth == 0);
		ret->null = truth < 0;
		ret->open = v.open;
		ret->carrier = v.carrier;
		return 0;
	}
	/* -9223372036854775808 and its neighbours: the sign belongs to the number */
	if ((e = evaluate_node(r, n->first, &v)) < 0)
		return e;
	switch (n->op) {
	case OP_NEGATE:
		return operate_negate(r, &v, ret);
	case OP_BITNOT:
		return operate_bitnot(r, &v, ret);
	case OP_BINARY:
		if ((e = value_write(r, &v, false, &s)) < 0)
			return e;
		*ret = sql_value_bytes(s);
		ret->null = v.null;
		ret->open = v.open;
		return 0;
	case OP_COLLATE:
		if (r->dialect == SQL_POSTGRESQL && !type_is_string(v.type))
			return run_error(r);
		*ret = v;
		if (collation_is_binary(n->name) && r->dialect == SQL_MYSQL)
			ret->type = v.type == TYPE_TEXT ? TYPE_BYTES : v.type;
		return r->dialect == SQL_SQLITE && !is_named(n, "binary") ? run_refuse(r, "collation") : 0;
	default: /* + */
		if (r->dialect == SQL_POSTGRESQL && v.type == TYPE_UNKNOWN && !v.null)
			return cast_literal(r, &v, TYPE_REAL, ret);
		if (r->dialect == SQL_POSTGRESQL && !type_is_number(v.type) && v.type != TYPE_NULL)
			return run_error(r);
		*ret = v;
		ret->affinity = AFFINITY_NONE;
		if (n->name.left > 0)
			run_set(r, n->name, &v);
		return 0;
	}
}

static int binary(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value a, b;
	int e;

	if (n->op == OP_AND || n->op == OP_OR || n->op == OP_XOR)
		return logic(r, n, ret);
	if (n->first->kind == NODE_ROW || n->first->next->kind == NODE_ROW)
		return compare_rows(r, n, ret);
	if ((e = evaluate_node(r, n->first, &a)) < 0 || (e = evaluate_node(r, n->first->next, &b)) < 0)
		return e;
	if (n->op >= OP_EQ && n->op <= OP_NULLSAFE) {
		if (a.carrier || b.carrier) {
			*ret = sql_value_truth(r, true);
			ret->carrier = ret->open = true;
			return 0;
		}
		return compare(r, n->op, &a, &b, ret);
	}
	return operate(r, n->op, &a, &b, ret);
}

/* The word that MySQL keeps for a call, but that other dialects write without. */
static int call(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	const struct function *f;
	struct sql_value *args;
	unsigned count = 0;
	int e;

	if (choice_is(r, n))
		return choice(r, n, ret);
	if (aggregate_is(r, n))
		return aggregate_call(r, n, ret);
	if (n->star || n->distinct || n->order != NULL)
		return run_error(r);
	if ((f = function_find(r, n->name)) == NULL)
		return function_unknown(r, n);
	if (n->count > ARGUMENTS_MAX)
		return run_refuse(r, "many arguments");
	if ((args = run_room(r, (n->count + 1u) * sizeof(*args))) == NULL)
		return -ENOMEM;
	for (const struct node *a = n->first; a != NULL; a = a->next) {
		if (a->kind == NODE_ROW)
			return run_error(r);
		if ((e = evaluate_node(r, a, &args[count++])) < 0)
			return e;
		args[count - 1].carrier = false;
		args[count - 1].affinity = AFFINITY_NONE;
	}
	e = function_call(r, f, args, count, ret);
	if (e == -ENOTSUP && r->refused == NULL)
		r->refused = f->name;
	return e;
}

static int exists(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct rows rows;
	int e;

	r->unread = r->dialect == SQL_POSTGRESQL;
	e = evaluate_query(r, n->query, &rows);
	if (e < 0)
		return e;
	*ret = sql_value_truth(r, rows.count > 0);
	ret->open = rows.open;
	return 0;
}

/* A query as a value: one column, one row or none. */
static int query_value(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	const typeof(r->random) numbers = r->random; /* go on from row to row of the query around it */
	struct rows rows;
	int e = evaluate_query(r, n->query, &rows);

	r->random = numbers;
	if (e < 0)
		return e;
	if (rows.width != 1 && !(rows.open && rows.width == 0))
		return run_error(r);
	if (rows.count > 1 && !rows.open && r->dialect != SQL_SQLITE)
		return run_error(r); /* more than one row */
	if (rows.count == 0 || rows.width == 0) {
		*ret = value_null(TYPE_NULL);
		ret->open = rows.open;
		return 0;
	}
	*ret = rows.cells[0][0];
	ret->open |= rows.open && ret->type == TYPE_UNKNOWN;
	ret->carrier = false;
	if (r->dialect == SQL_POSTGRESQL && ret->type == TYPE_UNKNOWN && !ret->open)
		ret->type = TYPE_TEXT;
	return 0;
}

int evaluate_node(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	if (++r->steps > RUN_STEPS_MAX)
		return -E2BIG;
	switch (n->kind) {
	case NODE_LITERAL: return literal(r, &n->lexeme, ret);
	case NODE_WORD: return word(r, n, ret);
	case NODE_COLUMN: return column(r, n, ret);
	case NODE_VARIABLE: return variable(r, n, ret);
	case NODE_CALL: return call(r, n, ret);
	case NODE_UNARY: return unary(r, n, ret);
	case NODE_BINARY: return binary(r, n, ret);
	case NODE_BETWEEN: return predicate_between(r, n, ret);
	case NODE_IN: return predicate_in(r, n, ret);
	case NODE_LIKE: return predicate_like(r, n, ret);
	case NODE_IS: return predicate_is(r, n, ret);
	case NODE_QUANTIFIED: return predicate_quantified(r, n, ret);
	case NODE_CASE: return choice_case(r, n, ret);
	case NODE_CAST: return cast_node(r, n, ret);
	case NODE_QUERY: return query_value(r, n, ret);
	case NODE_EXISTS: return exists(r, n, ret);
	default: return run_error(r); /* a row, a star */
	}
}

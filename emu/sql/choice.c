/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CASE, IF, COALESCE, NULLIF and their like: one argument's value, in the type that all have together; and casts. */
#include "emu/sql/expression.h"
#include "emu/sql/function.h"
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

static bool is(const struct node *n, const char *what)
{
	return bytes_equal_fold(n->name, bytes_text(what));
}

static bool is_first_of(const struct sql_run *r, const struct node *n)
{
	return is(n, "coalesce") || (is(n, "ifnull") && run_in(r, IN_MYSQL | IN_SQLITE)) || (is(n, "nvl") && run_in(r, IN_ORACLE | IN_MYSQL)) ||
	       (is(n, "isnull") && r->dialect == SQL_MSSQL);
}

static bool is_if(const struct sql_run *r, const struct node *n)
{
	return (is(n, "if") && r->dialect == SQL_MYSQL) || (is(n, "iif") && run_in(r, IN_SQLITE | IN_MSSQL));
}

bool choice_is(const struct sql_run *r, const struct node *n)
{
	return is_first_of(r, n) || is_if(r, n) || is(n, "nullif") || (is(n, "isnull") && r->dialect == SQL_MYSQL) ||
	       (is(n, "decode") && r->dialect == SQL_ORACLE) || (is(n, "nvl2") && run_in(r, IN_ORACLE | IN_MYSQL));
}

/* PostgreSQL reads literals as the type that all have, those too that are never chosen. */
static int check_literals(struct sql_run *r, const struct node *first, unsigned skip, unsigned step, enum sql_type type)
{
	struct sql_value v;
	unsigned i = 0;
	int e = 0;

	for (const struct node *n = first; e == 0 && n != NULL && r->dialect == SQL_POSTGRESQL && type != TYPE_TEXT; n = n->next, i++) {
		if (n->kind != NODE_LITERAL || n->lexeme.kind != LEX_STRING || i < skip || ((i - skip) % step != 0 && !(n->next == NULL && step > 1)))
			continue;
		if ((e = evaluate_node(r, n, &v)) == 0)
			e = cast_literal(r, &v, type, &v);
	}
	return e;
}

/* The common type of some nodes: every step-th from first on. */
static int common_type(struct sql_run *r, const struct node *first, unsigned skip, unsigned step, struct sql_value *ret)
{
	bool begun = false;
	unsigned i = 0;

	for (const struct node *n = first; n != NULL; n = n->next, i++) {
		struct sql_value type, with = *ret;
		int e;

		if (i < skip || ((i - skip) % step != 0 && !(n->next == NULL && step > 1)))
			continue;
		if ((e = evaluate_type(r, n, &type)) < 0)
			return e;
		if (!begun)
			*ret = type;
		else if ((e = cast_common(r, &with, &type, ret)) < 0)
			return e;
		begun = true;
	}
	if (!begun)
		*ret = value_null(TYPE_NULL);
	if (r->dialect == SQL_POSTGRESQL && ret->type <= TYPE_UNKNOWN)
		ret->type = TYPE_TEXT;
	return check_literals(r, first, skip, step, ret->type);
}

/* What the condition before it decided is what it hangs on. */
static int chosen(struct sql_run *r, const struct node *n, const struct sql_value *common, bool open, struct sql_value *ret)
{
	struct sql_value v;
	int e = evaluate_node(r, n, &v);

	if (e == 0 && (e = cast_value(r, &v, common, ret)) == 0) {
		ret->open |= open;
		ret->affinity = AFFINITY_NONE;
		ret->hex = false;
	}
	return e;
}

/* PostgreSQL minds conditions of the wrong type that it never evaluates. */
static int check_rest(struct sql_run *r, const struct node *n, const struct node *pair)
{
	struct sql_value type;
	int e;

	for (; r->dialect == SQL_POSTGRESQL && !n->operand && pair != NULL && pair->next != NULL; pair = pair->next->next) {
		if ((e = evaluate_type(r, pair, &type)) < 0)
			return e;
		if (type.type > TYPE_UNKNOWN && type.type != TYPE_BOOL)
			return run_mismatch(r);
	}
	return 0;
}

int choice_case(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	const struct node *pair = n->operand ? n->first->next : n->first;
	struct sql_value operand, when, equal, common = value_null(TYPE_NULL);
	bool open = false;
	int e = n->operand ? evaluate_node(r, n->first, &operand) : 0, truth;

	if (n->operand && r->dialect == SQL_POSTGRESQL && operand.type <= TYPE_UNKNOWN && e == 0)
		operand.type = TYPE_TEXT;
	/* results: every second behind the first condition, and the last one where there is an ELSE */
	if (e < 0 || (e = common_type(r, pair, 1, 2, &common)) < 0)
		return e;
	while (pair != NULL && pair->next != NULL) {
		if (n->operand) {
			if ((e = evaluate_node(r, pair, &when)) < 0 || (e = compare(r, OP_EQ, &operand, &when, &equal)) < 0)
				return e;
			truth = equal.null ? -1 : equal.i != 0;
			if (equal.open)
				truth = !r->flip;
			open |= equal.open;
			r->undecided |= equal.open && !r->dry;
		} else {
			if ((e = evaluate_condition(r, pair, &truth, &when)) < 0)
				return e;
			open |= when.open;
		}
		if (truth > 0)
			return (e = check_rest(r, n, pair->next->next)) < 0 ? e : chosen(r, pair->next, &common, open, ret);
		pair = pair->next->next;
	}
	if (pair != NULL)
		return chosen(r, pair, &common, open, ret);
	*ret = value_null(common.type);
	ret->scale = common.scale;
	ret->open = open;
	return 0;
}

static int first_of(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value common = value_null(TYPE_NULL), v;
	bool open = false;
	int e;

	if (n->count < 1 || (n->count != 2 && !is(n, "coalesce")) || (n->count < 2 && r->dialect == SQL_SQLITE))
		return run_error(r);
	if ((e = common_type(r, n->first, 0, 1, &common)) < 0)
		return e;
	if (r->dialect == SQL_MSSQL && is(n, "isnull") && (e = evaluate_type(r, n->first, &common)) < 0)
		return e;
	for (const struct node *a = n->first; a != NULL; a = a->next) {
		if ((e = evaluate_node(r, a, &v)) < 0)
			return e;
		if (!v.null) {
			e = cast_value(r, &v, &common, ret);
			ret->open |= open;
			ret->affinity = AFFINITY_NONE;
			ret->hex = false;
			return e;
		}
		open |= v.open;
	}
	*ret = value_null(common.type);
	ret->scale = common.scale;
	ret->open = open;
	return 0;
}

static int null_if(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value a, b, equal;
	int e;

	if (n->count != 2)
		return run_error(r);
	if ((e = evaluate_node(r, n->first, &a)) < 0 || (e = evaluate_node(r, n->first->next, &b)) < 0 || (e = compare(r, OP_EQ, &a, &b, &equal)) < 0)
		return e;
	*ret = a;
	ret->affinity = AFFINITY_NONE;
	if (r->dialect == SQL_POSTGRESQL && type_is_number(a.type) && type_is_number(b.type)) { /* as it was compared */
		struct sql_value common = value_null(a.type > b.type ? a.type : b.type);

		if ((e = cast_value(r, &a, &common, ret)) < 0)
			return e;
	}
	if (!equal.null && equal.i)
		ret->null = true;
	if (r->dialect == SQL_POSTGRESQL && ret->type == TYPE_UNKNOWN)
		ret->type = TYPE_TEXT;
	ret->open = a.open || b.open;
	return 0;
}

/* decode(x, a, r, b, s, …, otherwise): NULLs are equal there */
static int decode(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value x, key, equal;
	bool open = false;
	int e = n->count >= 3 ? evaluate_node(r, n->first, &x) : run_error(r);

	for (const struct node *a = n->first != NULL ? n->first->next : NULL; e == 0 && a != NULL; a = a->next->next) {
		bool hit;

		if (a->next == NULL) {
			e = evaluate_node(r, a, ret);
			ret->open |= open;
			return e;
		}
		if ((e = evaluate_node(r, a, &key)) < 0 || (e = compare(r, OP_NULLSAFE, &x, &key, &equal)) < 0)
			return e;
		open |= equal.open;
		hit = equal.open ? !r->flip : equal.i != 0;
		r->undecided |= equal.open && !r->dry;
		if (hit) {
			e = evaluate_node(r, a->next, ret);
			ret->open |= open;
			return e;
		}
	}
	*ret = value_null(TYPE_TEXT);
	return e;
}

static int if_call(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	bool on_null = is(n, "nvl2");
	struct sql_value when, common = value_null(TYPE_NULL);
	int e, truth = 0;

	if (n->count != 3)
		return run_error(r);
	if ((e = common_type(r, n->first, 1, 1, &common)) < 0)
		return e;
	if ((e = on_null ? evaluate_node(r, n->first, &when) : evaluate_condition(r, n->first, &truth, &when)) < 0)
		return e;
	if (on_null)
		truth = !when.null;
	return chosen(r, truth > 0 ? n->first->next : n->first->next->next, &common, when.open, ret);
}

int choice(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value v;
	int e;

	if (n->star || n->distinct)
		return run_error(r);
	if (is_first_of(r, n))
		return first_of(r, n, ret);
	if (is(n, "nullif"))
		return null_if(r, n, ret);
	if (is(n, "decode"))
		return decode(r, n, ret);
	if (is_if(r, n) || is(n, "nvl2"))
		return if_call(r, n, ret);
	if (n->count != 1) /* isnull(x) */
		return run_error(r);
	if ((e = evaluate_node(r, n->first, &v)) < 0)
		return e;
	*ret = sql_value_int(v.null);
	ret->open = v.open;
	return 0;
}

int cast_node(struct sql_run *r, const struct node *n, struct sql_value *ret)
{
	struct sql_value v;
	int e;

	if (n->first->kind == NODE_ROW)
		return run_error(r);
	if ((e = evaluate_node(r, n->first, &v)) < 0)
		return e;
	v.carrier = false;
	return cast_to(r, &v, &n->type, n->attempt, ret);
}

int function_unknown(struct sql_run *r, const struct node *n)
{
	char *name = run_room(r, n->name.left + 1);

	if (name == NULL)
		return -ENOMEM;
	memcpy(name, n->name.at, n->name.left);
	name[n->name.left] = '\0';
	return run_refuse(r, name);
}

bool collation_is_binary(struct bytes name)
{
	return (name.left >= 4 && bytes_equal_fold(bytes_of(name.at + name.left - 4, 4), bytes_text("_bin"))) || bytes_equal_fold(name, bytes_text("binary"));
}

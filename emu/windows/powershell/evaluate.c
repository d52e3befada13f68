/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions evaluated. Chains to the left are walked, not recursed into: a thousand additions are no depth. */
#include "emu/windows/powershell/session.h"

#include <string.h>

static struct value evaluate_one(struct session *, const struct syntax *, const struct value *left);

static bool has_left(const struct syntax *s)
{
	switch (s->kind) {
	case S_BINARY: case S_MEMBER: case S_CALL: case S_INDEX:
		return true;
	default:
		return false;
	}
}

struct value evaluate_expression(struct session *s, const struct syntax *e)
{
	const struct syntax *few[16], **spine = few;
	struct value v = v_null();
	unsigned count = 0, room = COUNT_OF(few);

	if (!host_enter(s->host))
		return v;
	for (; has_left(e) && host_step(s->host); e = e->a) {
		if (count == room) {
			const struct syntax **more = heap_take(s->host->heap, 2 * room * sizeof(*more));

			memcpy(more, spine, room * sizeof(*more));
			spine = more;
			room *= 2;
		}
		spine[count++] = e;
	}
	/* the steps are used up on the way down the chain */
	if (has_left(e)) {
		host_leave(s->host);
		return v;
	}
	v = evaluate_one(s, e, NULL);
	while (count > 0 && session_goes_on(s))
		v = evaluate_one(s, spine[--count], &v);
	host_leave(s->host);
	return v;
}

/* The results of statements, all of them as one value. */
struct value evaluate_gathered(struct session *s, const struct syntax *statements)
{
	struct list *kept = s->out, *own;

	/* a comparison or a sum is one value: no list is gathered around it */
	if (statements->kind == S_BINARY || statements->kind == S_UNARY || statements->kind == S_CONSTANT)
		return evaluate_expression(s, statements);
	own = list_new(s->host->heap, 4);

	s->out = own;
	if (statements->kind == S_LIST)
		evaluate_statements(s, statements);
	else
		evaluate_statement(s, statements);
	s->out = kept;
	return value_gathered(own);
}

static struct list *all_of(struct session *s, const struct syntax *statements)
{
	struct list *kept = s->out, *own = list_new(s->host->heap, 4);

	s->out = own;
	evaluate_statements(s, statements);
	s->out = kept;
	return own;
}

static struct value join_parts(struct session *s, const struct syntax *e)
{
	struct units u = units_in(s->host->heap);

	for (unsigned i = 0; i < e->count && session_goes_on(s); i++) {
		struct value v = evaluate_expression(s, e->list[i]);

		units_add(&u, value_string(s, &v));
	}
	return v_string(units_string(&u));
}

static struct value make_table(struct session *s, const struct syntax *e)
{
	struct table *t = table_new(s->host->heap);

	for (unsigned i = 0; i + 1 < e->count && session_goes_on(s); i += 2) {
		struct value key = evaluate_expression(s, e->list[i]), v = evaluate_gathered(s, e->list[i + 1]);

		table_set(t, value_string(s, &key), v);
	}
	return (struct value){ V_TABLE, { .table = t } };
}

static struct value make_block(struct session *s, const struct syntax *e)
{
	struct block *b = heap_take(s->host->heap, sizeof(*b));

	*b = (struct block){ e, e->text };
	return (struct value){ V_BLOCK, { .block = b } };
}

static struct value make_list(struct session *s, const struct syntax *e)
{
	struct list *l = list_new(s->host->heap, e->count);

	for (unsigned i = 0; i < e->count && session_goes_on(s); i++)
		list_add(l, evaluate_expression(s, e->list[i]));
	return v_list(l);
}

static struct value step(struct session *s, const struct syntax *e)
{
	struct value before = evaluate_expression(s, e->a), one = v_int(1), after;

	if (before.kind == V_NULL)
		before = v_int(0);
	after = operator_binary(s, e->operator, &before, &one);
	if (session_goes_on(s))
		evaluate_assign(s, e->a, after);
	/* as a statement it shows nothing; inside parentheses the value counts */
	return e->flag ? after : before;
}

static const struct string *member_name(struct session *s, const struct syntax *e)
{
	struct value v;

	if (e->text != NULL)
		return e->text;
	v = evaluate_expression(s, e->b);
	return value_string(s, &v);
}

static struct list *arguments_of(struct session *s, const struct syntax *e)
{
	struct list *l = list_new(s->host->heap, e->count);

	for (unsigned i = 0; i < e->count && session_goes_on(s); i++)
		list_add(l, evaluate_expression(s, e->list[i]));
	return l;
}

/* [type]::name, and the same through a variable that holds a type. */
static struct value static_member(struct session *s, const struct syntax *e)
{
	struct value of = evaluate_expression(s, e->a), v = v_null();
	const char *type = of.kind == V_TYPE ? of.type : of.kind == V_STRING ? type_name(s, of.string) : NULL;
	const char *name = string_to_utf8(s->host->heap, member_name(s, e));
	struct list *args;

	if (of.kind == V_UNKNOWN)
		return of;
	if (type == NULL) {
		/* a static member of a value's own type */
		if (e->kind == S_STATIC)
			return member_get(s, &of, string_text(s->host->heap, name));
		return member_call(s, &of, string_text(s->host->heap, name), arguments_of(s, e));
	}
	if (e->kind == S_STATIC) {
		if (!type_static(s, type, name, &v) && session_goes_on(s))
			session_unsupported(s, type, name);
		return v;
	}
	args = arguments_of(s, e);
	if (!session_goes_on(s))
		return v;
	if (same_name(name, "new") ? !type_new(s, type, args, &v) : !type_call(s, type, name, args, &v))
		if (session_goes_on(s))
			session_unsupported(s, type, name);
	return v;
}

static struct value logical(struct session *s, const struct syntax *e, const struct value *left)
{
	bool a = value_truth(left);
	struct value right;

	if (e->operator == OP_AND && !a)
		return v_bool(false);
	if (e->operator == OP_OR && a)
		return v_bool(true);
	right = evaluate_expression(s, e->b);
	return v_bool(e->operator == OP_XOR ? a != value_truth(&right) : value_truth(&right));
}

static struct value binary(struct session *s, const struct syntax *e, const struct value *left)
{
	struct value right;

	if (e->operator == OP_AND || e->operator == OP_OR || e->operator == OP_XOR)
		return logical(s, e, left);
	right = evaluate_expression(s, e->b);
	return session_goes_on(s) ? operator_binary(s, e->operator, left, &right) : v_null();
}

static struct value evaluate_one(struct session *s, const struct syntax *e, const struct value *left)
{
	struct value v;

	switch (e->kind) {
	case S_CONSTANT: return e->constant;
	case S_VARIABLE: return evaluate_variable(s, e->text);
	case S_TEXT: return join_parts(s, e);
	case S_BINARY: return binary(s, e, left);
	case S_UNARY:
		v = evaluate_expression(s, e->a);
		return operator_unary(s, e->operator, &v);
	case S_COMMA: return make_list(s, e);
	case S_PAREN:
		/* in parentheses what is assigned or stepped is a value too */
		if (e->a->count == 1 && (e->a->list[0]->kind < S_ASSIGN))
			return evaluate_expression(s, e->a->list[0]); /* a list in them stays one */
		v = evaluate_gathered(s, e->a);
		return e->a->count == 1 && e->a->list[0]->kind == S_ASSIGN && session_goes_on(s)
		    ? evaluate_expression(s, e->a->list[0]->a) : v;
	case S_SUB: return evaluate_gathered(s, e->a);
	case S_ARRAY: return v_list(all_of(s, e->a));
	case S_TABLE: return make_table(s, e);
	case S_BLOCK: return make_block(s, e);
	case S_CAST:
		v = evaluate_expression(s, e->a);
		return session_goes_on(s) ? type_cast(s, type_name(s, e->text), &v) : v_null();
	case S_TYPE: return (struct value){ V_TYPE, { .type = type_name(s, e->text) } };
	case S_MEMBER: return member_get(s, left, member_name(s, e));
	case S_CALL: {
		const struct string *name = member_name(s, e);
		struct list *args = arguments_of(s, e);

		return session_goes_on(s) ? member_call(s, left, name, args) : v_null();
	}
	case S_INDEX:
		v = evaluate_expression(s, e->b);
		return session_goes_on(s) ? index_get(s, left, &v) : v_null();
	case S_STATIC: case S_STATIC_CALL: return static_member(s, e);
	case S_STEP: return step(s, e);
	default: return evaluate_gathered(s, e);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements executed, and values put where an expression says. */
#include "emu/expression/class.h"

#include <errno.h>
#include <string.h>

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
}

int java_assign(struct java_run *run, const struct node *n, struct java_value value)
{
	struct java_value target, index;
	int r;

	switch (n->kind) {
	case NODE_NAME:
		if (is(run, IN_OGNL | IN_SPEL) && run->current.kind > JAVA_VOID)
			return java_property_set(run, &run->current, n->name, value);
		return java_variable_set(run, n->name, value, false);
	case NODE_VARIABLE:
		return java_variable_set(run, n->name, value, false);
	case NODE_PROPERTY:
		if ((r = java_evaluate(run, n->first, &target)) < 0)
			return r;
		return java_property_set(run, &target, n->name, value);
	case NODE_INDEX:
		if ((r = java_evaluate(run, n->first, &target)) < 0 || (r = java_evaluate(run, n->second, &index)) < 0)
			return r;
		return java_index_set(run, &target, &index, value);
	case NODE_SEQUENCE: case NODE_WITHIN:
		if ((r = java_evaluate(run, n->first, &target)) < 0)
			return r;
		return java_assign(run, n->second, value);
	default:
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	}
}

static int block(struct java_run *run, const struct node *n)
{
	struct scope scope = { .outer = run->scope };
	bool own = n->which != 'f';
	int r = 0;

	if (own)
		run->scope = &scope;
	/* functions are known before they stand there */
	for (const struct node *s = n->arguments; s != NULL && r == 0; s = s->next) {
		if (s->kind == NODE_FUNCTION)
			r = java_execute(run, s);
	}
	for (const struct node *s = n->arguments; s != NULL && r == 0 && run->leaving == LEAVING_NOT; s = s->next) {
		if (s->kind != NODE_FUNCTION)
			r = java_execute(run, s);
	}
	if (own)
		run->scope = scope.outer;
	return r;
}

/* One turn of a loop; false: it ends. */
static bool turn(struct java_run *run, const struct node *body, int *r)
{
	*r = body != NULL ? java_execute(run, body) : 0;
	if (run->leaving == LEAVING_TURN)
		run->leaving = LEAVING_NOT;
	if (*r == 0 && run->leaving == LEAVING_NOT)
		return true;
	if (run->leaving == LEAVING_LOOP)
		run->leaving = LEAVING_NOT;
	return false;
}

static int condition(struct java_run *run, const struct node *n, bool *ret)
{
	struct java_value v;
	int r;

	*ret = true;
	if (n == NULL)
		return 0;
	if ((r = java_evaluate(run, n, &v)) < 0)
		return r;
	return java_truth(run, &v, ret);
}

static int loop(struct java_run *run, const struct node *n)
{
	struct scope scope = { .outer = run->scope };
	struct java_value v;
	bool go = true;
	int r = 0;

	run->scope = &scope;
	for (const struct node *s = n->kind == NODE_FOR ? n->first : NULL; s != NULL && r == 0; s = s->next)
		r = java_execute(run, s);
	while (r == 0) {
		if ((r = java_step(run)) < 0)
			break;
		if (n->kind != NODE_DO && ((r = condition(run, n->kind == NODE_FOR ? n->second : n->first, &go)) < 0 || !go))
			break;
		if (!turn(run, n->kind == NODE_FOR ? n->fourth : n->second, &r))
			break;
		if (n->kind == NODE_DO && ((r = condition(run, n->first, &go)) < 0 || !go))
			break;
		for (const struct node *s = n->kind == NODE_FOR ? n->third : NULL; s != NULL && r == 0; s = s->next)
			r = java_evaluate(run, s, &v);
	}
	run->scope = scope.outer;
	return r;
}

static int each(struct java_run *run, const struct node *n)
{
	struct scope scope = { .outer = run->scope };
	struct java_value v, *items;
	unsigned count;
	int r;

	if ((r = java_evaluate(run, n->first, &v)) < 0 || (r = java_items_of(run, &v, &items, &count)) < 0)
		return r;
	run->scope = &scope;
	for (unsigned i = 0; i < count && r == 0; i++) {
		if ((r = java_step(run)) < 0 || (r = java_variable_set(run, n->name, items[i], true)) < 0)
			break;
		if (!turn(run, n->fourth, &r))
			break;
	}
	run->scope = scope.outer;
	return r;
}

static int attempt(struct java_run *run, const struct node *n)
{
	struct scope scope = { .outer = run->scope };
	enum leaving leaving;
	int r = 0, last;

	run->scope = &scope;
	for (const struct node *s = n->fourth; s != NULL && r == 0; s = s->next)
		r = java_execute(run, s);
	if (r == 0)
		r = java_execute(run, n->first);
	if (r == -EDOM && n->second != NULL) {
		struct java_value thrown = run->thrown;

		run->thrown = java_null();
		run->scope = &scope;
		if ((r = java_variable_set(run, n->name, thrown, true)) == 0)
			r = java_execute(run, n->second);
	}
	run->scope = scope.outer;
	if (n->third != NULL && (r == 0 || r == -EDOM)) {
		leaving = run->leaving;
		run->leaving = LEAVING_NOT;
		if ((last = java_execute(run, n->third)) < 0)
			r = last;
		if (run->leaving == LEAVING_NOT)
			run->leaving = leaving;
	}
	return r;
}

static int throw(struct java_run *run, const struct node *n)
{
	struct java_value v;
	int r;

	if (n->first == NULL || (r = java_evaluate(run, n->first, &v)) < 0)
		return n->first == NULL ? -EDOM : r;
	run->thrown = v;
	return -EDOM;
}

static int choose(struct java_run *run, const struct node *n)
{
	struct java_value v, c;
	bool found = false;
	int r;

	if ((r = java_evaluate(run, n->first, &v)) < 0)
		return r;
	for (unsigned pass = 0; pass < 2 && !found; pass++) {
		for (const struct node *k = n->arguments; k != NULL && run->leaving == LEAVING_NOT; k = k->next) {
			if (!found && k->first != NULL && pass == 0) {
				if ((r = java_evaluate(run, k->first, &c)) < 0)
					return r;
				found = java_equals(run, &v, &c);
			} else if (!found && k->first == NULL && pass == 1) {
				found = true;
			}
			for (const struct node *s = found ? k->arguments : NULL; s != NULL && run->leaving == LEAVING_NOT; s = s->next) {
				if ((r = java_execute(run, s)) < 0)
					return r;
			}
		}
	}
	if (run->leaving == LEAVING_LOOP)
		run->leaving = LEAVING_NOT;
	return 0;
}

static int declare(struct java_run *run, const struct node *n)
{
	struct java_value v = java_null();
	int r;

	/* each declarator is a statement of its own */
	if (n->first != NULL && (r = java_evaluate(run, n->first, &v)) < 0)
		return r;
	run->result = v;
	return java_variable_set(run, n->name, v, true);
}

static int define(struct java_run *run, const struct node *n)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_LAMBDA, "groovy.lang.Closure", &o);

	if (r < 0)
		return r;
	o->node = n;
	return java_variable_set(run, n->name, java_object(o), true);
}

static int choice(struct java_run *run, const struct node *n)
{
	bool yes;
	int r = condition(run, n->first, &yes);

	if (r < 0)
		return r;
	n = yes ? n->second : n->third;
	return n != NULL ? java_execute(run, n) : 0;
}

static int execute_node(struct java_run *run, const struct node *n)
{
	int r;

	switch (n->kind) {
	case NODE_BLOCK: return block(run, n);
	case NODE_DECLARE: return declare(run, n);
	case NODE_FUNCTION: return define(run, n);
	case NODE_IF: return choice(run, n);
	case NODE_WHILE: case NODE_DO: case NODE_FOR: return loop(run, n);
	case NODE_EACH: return each(run, n);
	case NODE_RETURN:
		run->result = java_null();
		if (n->first != NULL && (r = java_evaluate(run, n->first, &run->result)) < 0)
			return r;
		run->leaving = LEAVING_FUNCTION;
		return 0;
	case NODE_BREAK: run->leaving = LEAVING_LOOP; return 0;
	case NODE_CONTINUE: run->leaving = LEAVING_TURN; return 0;
	case NODE_THROW: return throw(run, n);
	case NODE_TRY: return attempt(run, n);
	case NODE_SWITCH: return choose(run, n);
	default:
		return java_evaluate(run, n, &run->result);
	}
}

int java_execute(struct java_run *run, const struct node *n)
{
	int r = java_step(run);

	if (r < 0)
		return r;
	if (++run->depth > 1000)
		return -E2BIG;
	r = execute_node(run, n);
	run->depth--;
	return r;
}

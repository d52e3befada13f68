/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists, maps and arrays: made, gone through, picked from. */
#include "emu/expression/evaluate.h"

#include <errno.h>
#include <string.h>

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
}

int java_evaluate_list(struct java_run *run, const struct node *n, struct java_value *ret)
{
	bool array = n->which == 'a' || (is(run, IN_MVEL) && n->which == '{');
	struct java_object *o;
	int r = java_make(run, array ? OBJECT_ARRAY : OBJECT_LIST, array ? "java.lang.Object[]" : "java.util.ArrayList", &o);

	for (const struct node *a = n->arguments; a != NULL && r == 0; a = a->next) {
		struct java_value v;

		if ((r = java_evaluate(run, a, &v)) == 0)
			r = java_append(run, o, v);
	}
	*ret = java_object(o);
	return r;
}

/* Keys that are bare names stand for themselves in Groovy, MVEL's and SpEL's maps. */
int java_evaluate_map(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_MAP, "java.util.LinkedHashMap", &o);

	for (const struct node *a = n->arguments; a != NULL && a->next != NULL && r == 0; a = a->next->next) {
		struct java_value key, value;

		if (a->kind == NODE_NAME && (is(run, IN_SPEL) || (is(run, IN_JAVA))))
			key = java_string(a->name);
		else if ((r = java_evaluate(run, a, &key)) < 0)
			return r;
		if ((r = java_evaluate(run, a->next, &value)) == 0)
			r = java_map_put(run, o, key, value);
	}
	*ret = java_object(o);
	return r;
}

int java_evaluate_array(struct java_run *run, const struct node *n, struct java_value *ret)
{
	static const char *const numbers[] = { "int", "long", "short", "byte", "double", "float" };
	struct java_value v = java_null(), size;
	struct java_object *o;
	int r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o);

	if (r < 0)
		return r;
	o->of = class_named(run, n->name);
	*ret = java_object(o);
	if (n->second != NULL) {
		if ((r = java_evaluate(run, n->second, &v)) < 0)
			return r;
		o->items = v.o->items;
		o->count = o->room = v.o->count;
		return 0;
	}
	if ((r = java_evaluate(run, n->first, &size)) < 0)
		return r;
	if (java_is(&size, OBJECT_LIST)) { /* new String[]{…} where the language wrote a list */
		o->items = size.o->items;
		o->count = o->room = size.o->count;
		return 0;
	}
	if (!java_is_whole(&size) || size.i < 0 || size.i > ITEMS_MAX)
		return java_throw(run, "java.lang.NegativeArraySizeException", "");
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		v = bytes_equal(n->name, bytes_text(numbers[i])) ? java_int(0) : v;
	if (bytes_equal(n->name, bytes_text("char")))
		v = java_char(0);
	for (int64_t i = 0; i < size.i && r == 0; i++)
		r = java_append(run, o, v);
	return r;
}

/* .{…}, .![…]: what the expression makes of each; .{? …}, .?[…]: those it is true for. */
int java_evaluate_each(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value target, *items, before = run->current, v;
	bool project = n->kind == NODE_PROJECT, map, truth;
	struct java_object *o;
	unsigned count;
	int r;

	if ((r = java_evaluate(run, n->first, &target)) < 0 || (r = java_items_of(run, &target, &items, &count)) < 0)
		return r;
	map = !project && java_is(&target, OBJECT_MAP);
	if ((r = java_make(run, map ? OBJECT_MAP : OBJECT_LIST, map ? "java.util.HashMap" : "java.util.ArrayList", &o)) < 0)
		return r;
	*ret = java_object(o);
	for (unsigned i = 0; i < count && r == 0; i++) {
		run->current = items[i];
		if ((r = java_evaluate(run, n->second, &v)) < 0)
			break;
		if (project) {
			r = java_append(run, o, v);
			continue;
		}
		if ((r = java_truth(run, &v, &truth)) < 0 || !truth)
			continue;
		if (n->which == '$')
			o->count = 0;
		if (map)
			r = java_map_put(run, o, items[i].o->items[0], items[i].o->items[1]);
		else
			r = java_append(run, o, items[i]);
		if (n->which == '^')
			break;
	}
	run->current = before;
	/* SpEL gives the first or last one itself, OGNL a list of it */
	if (r == 0 && !project && !map && n->which != '?' && is(run, IN_SPEL))
		*ret = o->count > 0 ? o->items[0] : java_null();
	return r;
}

int java_evaluate_lambda(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_LAMBDA, "groovy.lang.Closure", &o);

	o->node = n;
	*ret = java_object(o);
	return r;
}

int java_evaluate_index(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value target, index = java_null();
	int r;

	if ((r = java_evaluate(run, n->first, &target)) < 0)
		return r;
	if (n->which == '^') /* OGNL: the first */
		index = java_int(0);
	else if (n->second->kind == NODE_BINARY && n->second->op == OP_RANGE && n->second->second == NULL) {
		struct java_value from;

		if ((r = java_evaluate(run, n->second->first, &from)) < 0 || target.kind != JAVA_STRING || !java_is_whole(&from))
			return r < 0 ? r : java_refuse(run, "range", (struct bytes){ 0 });
		*ret = java_string(java_text_cut(target.s, from.i > 0 ? (size_t)from.i : 0, SIZE_MAX));
		return 0;
	} else if ((r = java_evaluate(run, n->second, &index)) < 0) {
		return r;
	}
	if (target.kind <= JAVA_VOID) {
		*ret = java_null();
		return is(run, IN_EL | IN_VELOCITY | IN_FREEMARKER) ? 0 : java_throw(run, "java.lang.NullPointerException", "");
	}
	return java_index_get(run, &target, &index, ret);
}

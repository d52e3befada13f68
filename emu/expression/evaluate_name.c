/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and what is called by them: variables, classes by their full names, functions, members, new objects. */
#include "emu/expression/evaluate.h"

#include <errno.h>
#include <string.h>

enum { CHAIN_MAX = 200 };

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
}

struct variable *java_variable_find(const struct java_run *run, struct bytes name)
{
	for (const struct scope *s = run->scope; s != NULL; s = s->outer) {
		for (struct variable *v = s->first; v != NULL; v = v->next) {
			if (bytes_equal(v->name, name))
				return v;
		}
	}
	return NULL;
}

int java_variable_set(struct java_run *run, struct bytes name, struct java_value value, bool here)
{
	struct variable *v = here ? NULL : java_variable_find(run, name);
	struct scope *s = here ? run->scope : run->globals;

	for (struct variable *x = here ? s->first : NULL; x != NULL && v == NULL; x = x->next)
		v = bytes_equal(x->name, name) ? x : NULL;
	if (v == NULL) {
		if ((v = java_take(run, sizeof(*v))) == NULL)
			return -E2BIG;
		*v = (struct variable){ .next = s->first, .name = name };
		s->first = v;
	}
	v->value = value;
	return 0;
}

int java_class_value(struct java_run *run, const struct java_class *c, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_CLASS, "java.lang.Class", &o);

	if (r < 0)
		return r;
	o->of = c;
	*ret = java_object(o);
	return c == NULL ? -E2BIG : 0;
}

/* a.b.C as one name; false: it is no chain of names, or its first one is a variable. */
static bool chain_name(const struct java_run *run, const struct node *n, char ret[CHAIN_MAX])
{
	const struct node *links[24];
	struct sink s = sink_over(ret, CHAIN_MAX - 1);
	unsigned count = 0;

	for (; n != NULL && n->kind == NODE_PROPERTY && !n->safe && count < COUNT_OF(links) - 1; n = n->first)
		links[count++] = n;
	if (n == NULL || n->kind != NODE_NAME || java_variable_find(run, n->name) != NULL)
		return false;
	links[count++] = n;
	while (count-- > 0) {
		/* JavaScript's way to a class */
		if (s.used == 0 && bytes_equal(links[count]->name, bytes_text("Packages")))
			continue;
		if (s.used > 0)
			sink_u8(&s, '.');
		sink_put(&s, links[count]->name.at, links[count]->name.left);
	}
	ret[s.used] = '\0';
	return !s.overflow;
}

/* Is the chain of names a class? */
static bool chain_class(struct java_run *run, const struct node *n, struct java_value *ret)
{
	const struct java_class *c;
	char name[CHAIN_MAX];

	if (!is(run, IN_MVEL | IN_JAVA | IN_EL) || !chain_name(run, n, name))
		return false;
	c = class_find(run, bytes_text(name));
	if (c == NULL && (is(run, IN_EL) || !class_name_plausible(bytes_text(name))))
		return false;
	return java_class_value(run, c != NULL ? c : class_named(run, bytes_text(name)), ret) == 0;
}

static int evaluate_arguments(struct java_run *run, const struct node *n, struct java_value args[CALL_ARGUMENTS_MAX], unsigned *count)
{
	int r = 0;

	*count = 0;
	for (const struct node *a = n->arguments; a != NULL && r == 0; a = a->next) {
		if (*count == CALL_ARGUMENTS_MAX)
			return java_refuse(run, "arguments", n->name);
		r = java_evaluate(run, a, &args[(*count)++]);
	}
	return r;
}

int java_evaluate_name(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct variable *v = java_variable_find(run, n->name);

	if (v != NULL) {
		*ret = v->value;
		return 0;
	}
	if (chain_class(run, n, ret))
		return 0;
	if (is(run, IN_OGNL | IN_SPEL) && run->current.kind > JAVA_VOID)
		return java_property_get(run, &run->current, n->name, ret);
	if (bytes_equal(n->name, bytes_text("this")))
		return java_open(run, "this", ret);
	if (is(run, IN_FREEMARKER | IN_VELOCITY | IN_EL | IN_OGNL)) {
		*ret = java_null();
		return 0;
	}
	if (is(run, IN_SPEL))
		return java_open(run, "property", ret);
	if (is(run, IN_MVEL | IN_JAVA) && bytes_equal(n->name, bytes_text("empty")) && is(run, IN_MVEL)) {
		*ret = java_null();
		return 0;
	}
	return java_throw(run, "groovy.lang.MissingPropertyException", "");
}

int java_evaluate_variable(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct variable *v;

	if (bytes_equal(n->name, bytes_text("this"))) {
		*ret = run->current;
		return run->current.kind <= JAVA_VOID && is(run, IN_SPEL) ? java_open(run, "this", ret) : 0;
	}
	if (bytes_equal(n->name, bytes_text("root"))) {
		*ret = run->root;
		return 0;
	}
	if ((v = java_variable_find(run, n->name)) != NULL)
		*ret = v->value;
	else
		*ret = java_null();
	return 0;
}

/* A value that is code: a lambda, a function of the text's, or a model's method by its name. */
int java_code_call(struct java_run *run, const struct java_value *function, struct java_value *args, unsigned count, struct java_value *ret)
{
	const struct node *n = function->kind == JAVA_OBJECT ? function->o->node : NULL;
	struct scope scope = { 0 }, *outer = run->scope;
	struct java_value current = run->current;
	unsigned i = 0;
	int r = 0;

	if (n == NULL)
		return java_refuse(run, "function", (struct bytes){ 0 });
	if (++run->calls > CALLS_MAX)
		return -E2BIG;
	scope.outer = outer;
	run->scope = &scope;
	for (const struct node *a = n->arguments; a != NULL && r == 0; a = a->next, i++)
		r = java_variable_set(run, a->name, i < count ? args[i] : java_null(), true);
	if (r == 0 && n->which == 'i')
		r = java_variable_set(run, bytes_text("it"), count > 0 ? args[0] : java_null(), true);
	if (n->which == 't')
		run->current = count > 0 ? args[0] : java_null();
	*ret = java_null();
	if (r == 0 && n->first != NULL && n->first->kind == NODE_BLOCK) {
		run->result = java_null();
		if ((r = java_execute(run, n->first)) == 0)
			*ret = run->result;
		run->leaving = LEAVING_NOT;
	} else if (r == 0 && n->first != NULL) {
		r = java_evaluate(run, n->first, ret);
	}
	run->scope = outer;
	run->current = current;
	run->calls--;
	return r;
}

static int call_named(struct java_run *run, const struct node *n, struct java_value *args, unsigned count, struct java_value *ret)
{
	struct variable *v = java_variable_find(run, n->name);

	if (v != NULL && java_is(&v->value, OBJECT_LAMBDA))
		return java_code_call(run, &v->value, args, count, ret);
	if (v != NULL && !java_is_open(&v->value))
		return java_method_call(run, &v->value, NULL, bytes_text("call"), args, count, ret);
	if (is(run, IN_OGNL | IN_SPEL) && run->current.kind > JAVA_VOID && !java_is_open(&run->current))
		return java_method_call(run, &run->current, NULL, n->name, args, count, ret);
	return java_method_call(run, NULL, class_of("konseki.Functions"), n->name, args, count, ret);
}

/* a(b) on a value: a lambda, a class (a constructor in scripts), a member that an index names. */
static int call_value(struct java_run *run, const struct node *n, struct java_value *args, unsigned count, struct java_value *ret)
{
	struct java_value target, member;
	int r;

	if (n->first->kind == NODE_INDEX && is(run, IN_EL | IN_JAVA)) {
		if ((r = java_evaluate(run, n->first->first, &target)) < 0 || (r = java_evaluate(run, n->first->second, &member)) < 0)
			return r;
		if (member.kind == JAVA_STRING) {
			/* JavaScript names an overload with its types */
			const uint8_t *parenthesis = memchr(member.s.at, '(', member.s.left);

			if (parenthesis != NULL && parenthesis > member.s.at)
				member.s.left = (size_t)(parenthesis - member.s.at);
			return java_method_call(run, &target, NULL, member.s, args, count, ret);
		}
	}
	if ((r = java_evaluate(run, n->first, &target)) < 0)
		return r;
	if (java_is(&target, OBJECT_LAMBDA))
		return java_code_call(run, &target, args, count, ret);
	return java_method_call(run, &target, NULL, bytes_text("call"), args, count, ret);
}

/* Does the call's name, with the names before it, say a class we know? */
static bool named_class(struct java_run *run, const struct node *call, const struct java_class **ret)
{
	struct node last = { .kind = NODE_PROPERTY, .name = call->name, .first = call->first };
	char name[CHAIN_MAX];

	if (!is(run, IN_MVEL | IN_JAVA) || call->name.left == 0 || call->name.at[0] < 'A' || call->name.at[0] > 'Z' || !chain_name(run, &last, name))
		return false;
	*ret = class_find(run, bytes_text(name));
	return *ret != NULL;
}

int java_evaluate_call(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value args[CALL_ARGUMENTS_MAX], target;
	const struct java_class *made;
	unsigned count;
	int r;

	if (n->first == NULL || n->which == '(') {
		if ((r = evaluate_arguments(run, n, args, &count)) < 0)
			return r;
		return n->which == '(' && n->first != NULL ? call_value(run, n, args, count, ret) : call_named(run, n, args, count, ret);
	}
	if (named_class(run, n, &made)) { /* a.b.C(…): a constructor, in languages that need no `new` */
		if ((r = evaluate_arguments(run, n, args, &count)) < 0)
			return r;
		return java_method_new(run, made, args, count, ret);
	}
	if (!chain_class(run, n->first, &target) && (r = java_evaluate(run, n->first, &target)) < 0)
		return r;
	if ((r = evaluate_arguments(run, n, args, &count)) < 0)
		return r;
	if (target.kind <= JAVA_VOID) {
		*ret = java_null();
		if (n->safe || is(run, IN_VELOCITY | IN_EL))
			return 0;
		return java_throw(run, "java.lang.NullPointerException", "");
	}
	/* a function kept under a name of a map or bean */
	return java_method_call(run, &target, NULL, n->name, args, count, ret);
}

int java_evaluate_property(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value target;
	int r;

	if (chain_class(run, n, ret))
		return 0;
	if (!chain_class(run, n->first, &target) && (r = java_evaluate(run, n->first, &target)) < 0)
		return r;
	if (target.kind <= JAVA_VOID) {
		*ret = java_null();
		if (n->safe || is(run, IN_VELOCITY | IN_EL | IN_FREEMARKER))
			return 0;
		return java_throw(run, "java.lang.NullPointerException", "");
	}
	if (n->spread) {
		struct java_value *items, v;
		struct java_object *o;
		unsigned count;

		if ((r = java_items_of(run, &target, &items, &count)) < 0 || (r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o)) < 0)
			return r;
		for (unsigned i = 0; i < count; i++) {
			if ((r = java_property_get(run, &items[i], n->name, &v)) < 0 || (r = java_append(run, o, v)) < 0)
				return r;
		}
		*ret = java_object(o);
		return 0;
	}
	return java_property_get(run, &target, n->name, ret);
}

int java_evaluate_new(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value args[CALL_ARGUMENTS_MAX];
	unsigned count;
	int r;

	if ((r = evaluate_arguments(run, n, args, &count)) < 0)
		return r;
	return java_method_new(run, class_named(run, n->name), args, count, ret);
}

int java_evaluate_static(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value args[CALL_ARGUMENTS_MAX];
	const struct java_class *c = class_named(run, n->type);
	unsigned count;
	int r;

	if (c == NULL)
		return -E2BIG;
	if (n->kind == NODE_STATIC_FIELD)
		return bytes_equal(n->name, bytes_text("class")) ? java_class_value(run, c, ret) : java_static_field(run, c, n->name, ret);
	if ((r = evaluate_arguments(run, n, args, &count)) < 0)
		return r;
	return java_method_call(run, NULL, c, n->name, args, count, ret);
}

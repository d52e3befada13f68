/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions evaluated: names, chains of members, literals of lists and maps, choices. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { EVALUATE_DEPTH_MAX = 1200, CHAIN_MAX = 200 };

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

static int class_value(struct java_run *run, const struct java_class *c, struct java_value *ret)
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
	return class_value(run, c != NULL ? c : class_named(run, bytes_text(name)), ret) == 0;
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

static int evaluate_list(struct java_run *run, const struct node *n, struct java_value *ret)
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
static int evaluate_map(struct java_run *run, const struct node *n, struct java_value *ret)
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

static int evaluate_name(struct java_run *run, const struct node *n, struct java_value *ret)
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

static int evaluate_variable(struct java_run *run, const struct node *n, struct java_value *ret)
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

static int evaluate_call(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value args[CALL_ARGUMENTS_MAX], target;
	unsigned count;
	int r;

	if (n->first == NULL || n->which == '(') {
		if ((r = evaluate_arguments(run, n, args, &count)) < 0)
			return r;
		return n->which == '(' && n->first != NULL ? call_value(run, n, args, count, ret) : call_named(run, n, args, count, ret);
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

static int evaluate_property(struct java_run *run, const struct node *n, struct java_value *ret)
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

static int evaluate_logic(struct java_run *run, const struct node *n, struct java_value *ret)
{
	bool values = is(run, IN_OGNL) || run->dialect == DIALECT_SCRIPT, truth;
	struct java_value v;
	int r;

	if ((r = java_evaluate(run, n->first, &v)) < 0 || (r = java_truth(run, &v, &truth)) < 0)
		return r;
	if (truth == (n->op == OP_OR)) {
		*ret = values ? v : java_bool(truth);
		return 0;
	}
	if ((r = java_evaluate(run, n->second, &v)) < 0)
		return r;
	if (values) {
		*ret = v;
		return 0;
	}
	if ((r = java_truth(run, &v, &truth)) == 0)
		*ret = java_bool(truth);
	return r;
}

/* Simple types by their names, else the class. */
static int cast_to(struct java_run *run, struct bytes type, bool loose, struct java_value *v)
{
	static const struct { const char *name; enum java_kind kind; } kinds[] = {
		{ "int", JAVA_INT }, { "long", JAVA_LONG }, { "double", JAVA_DOUBLE }, { "float", JAVA_FLOAT }, { "char", JAVA_CHAR }, { "byte", JAVA_BYTE },
		{ "short", JAVA_SHORT }, { "Integer", JAVA_INT }, { "Long", JAVA_LONG }, { "Double", JAVA_DOUBLE },
	};
	struct bytes text;
	int r;

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!bytes_equal(type, bytes_text(kinds[i].name)))
			continue;
		if (v->kind == JAVA_STRING && (loose || is(run, IN_MVEL)))
			return java_parse_number(run, v->s, kinds[i].kind, 10, v);
		if (v->kind >= JAVA_CHAR && v->kind <= JAVA_DECIMAL)
			*v = java_narrow(*v, kinds[i].kind);
		return 0;
	}
	if (loose && bytes_equal(type, bytes_text("String")) && v->kind != JAVA_STRING && v->kind != JAVA_NULL) {
		if ((r = java_to_text(run, v, &text)) == 0)
			*v = java_string(text);
		return r;
	}
	return 0;
}

static int evaluate_binary(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value a, b = java_null();
	int r;

	if (n->op == OP_AND || n->op == OP_OR)
		return evaluate_logic(run, n, ret);
	if ((r = java_evaluate(run, n->first, &a)) < 0)
		return r;
	if (n->op == OP_INSTANCEOF) {
		const struct java_class *c;

		if (n->second != NULL) { /* SpEL: a class value */
			if ((r = java_evaluate(run, n->second, &b)) < 0)
				return r;
			c = java_is(&b, OBJECT_CLASS) ? b.o->of : NULL;
		} else {
			c = class_find(run, n->type);
		}
		*ret = java_bool(a.kind > JAVA_VOID && c != NULL && (class_is(java_type(&a), c->name) || strcmp(c->name, "java.lang.Object") == 0));
		return 0;
	}
	if (n->op == OP_AS) {
		*ret = a;
		return cast_to(run, n->type, true, ret);
	}
	if (n->second == NULL) { /* a range without an end */
		*ret = a;
		return java_refuse(run, "range", (struct bytes){ 0 });
	}
	if ((r = java_evaluate(run, n->second, &b)) < 0)
		return r;
	return java_operate(run, n->op, &a, &b, ret);
}

static int evaluate_choice(struct java_run *run, const struct node *n, struct java_value *ret)
{
	bool truth;
	int r;

	if ((r = java_evaluate(run, n->first, ret)) < 0)
		return r;
	if (n->op == OP_ELVIS) {
		bool there = ret->kind > JAVA_VOID && !(ret->kind == JAVA_STRING && ret->s.left == 0);

		if (is(run, IN_JAVA) && (r = java_truth(run, ret, &there)) < 0)
			return r;
		return there ? 0 : java_evaluate(run, n->second, ret);
	}
	if ((r = java_truth(run, ret, &truth)) < 0)
		return r;
	return java_evaluate(run, truth ? n->second : n->third, ret);
}

/* .{…}, .![…]: what the expression makes of each; .{? …}, .?[…]: those it is true for. */
static int evaluate_each(struct java_run *run, const struct node *n, struct java_value *ret)
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

static int evaluate_new(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value args[CALL_ARGUMENTS_MAX];
	unsigned count;
	int r;

	if ((r = evaluate_arguments(run, n, args, &count)) < 0)
		return r;
	return java_method_new(run, class_named(run, n->name), args, count, ret);
}

static int evaluate_array(struct java_run *run, const struct node *n, struct java_value *ret)
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

/* (text)(value) of OGNL: text is an expression, evaluated over value. */
static int evaluate_text_as_code(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value code, over, before = run->current;
	int r;

	if ((r = java_evaluate(run, n->first, &code)) < 0 || (r = java_evaluate(run, n->second, &over)) < 0)
		return r;
	if (java_is(&code, OBJECT_LAMBDA))
		return java_code_call(run, &code, &over, 1, ret);
	if (code.kind != JAVA_STRING) {
		*ret = code;
		return 0;
	}
	run->current = over;
	r = java_evaluate_inside(run, EXPRESSION_OGNL, code.s, false, ret);
	run->current = before;
	return r;
}

static int evaluate_step(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value before, one = java_int(1), next;
	int r;

	if ((r = java_evaluate(run, n->first, &before)) < 0 ||
	    (r = java_operate(run, n->op == OP_INCREMENT ? OP_ADD : OP_SUB, &before, &one, &next)) < 0)
		return r;
	if (before.kind >= JAVA_CHAR && before.kind <= JAVA_SHORT)
		next = java_narrow(next, before.kind);
	if ((r = java_assign(run, n->first, next)) < 0)
		return r;
	*ret = n->after ? before : next;
	return 0;
}

static int evaluate_assign(struct java_run *run, const struct node *n, struct java_value *ret)
{
	static const struct { const char *sign; enum operator op; } compound[] = {
		{ "+=", OP_ADD }, { "-=", OP_SUB }, { "*=", OP_MUL }, { "/=", OP_DIV }, { "%=", OP_MOD }, { "|=", OP_BITOR }, { "&=", OP_BITAND },
		{ "^=", OP_BITXOR }, { "<<=", OP_SHL }, { ">>=", OP_SHR }, { ">>>=", OP_USHR },
	};
	struct java_value old;
	int r;

	if ((r = java_evaluate(run, n->second, ret)) < 0)
		return r;
	for (size_t i = 0; i < COUNT_OF(compound); i++) {
		if (!bytes_equal(n->name, bytes_text(compound[i].sign)))
			continue;
		struct java_value by = *ret;

		if ((r = java_evaluate(run, n->first, &old)) < 0 || (r = java_operate(run, compound[i].op, &old, &by, ret)) < 0)
			return r;
		if (old.kind >= JAVA_CHAR && old.kind <= JAVA_DOUBLE && java_is_number(ret) && run->dialect == DIALECT_JAVA)
			*ret = java_narrow(*ret, old.kind);
	}
	return java_assign(run, n->first, *ret);
}

static int evaluate_lambda(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_LAMBDA, "groovy.lang.Closure", &o);

	o->node = n;
	*ret = java_object(o);
	return r;
}

static int evaluate_index(struct java_run *run, const struct node *n, struct java_value *ret)
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

static int evaluate_within(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value before = run->current, target;
	int r;

	if ((r = java_evaluate(run, n->first, &target)) < 0)
		return r;
	run->current = target;
	r = java_evaluate(run, n->second, ret);
	run->current = before;
	return r;
}

static int evaluate_static(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value args[CALL_ARGUMENTS_MAX];
	const struct java_class *c = class_named(run, n->type);
	unsigned count;
	int r;

	if (c == NULL)
		return -E2BIG;
	if (n->kind == NODE_STATIC_FIELD)
		return bytes_equal(n->name, bytes_text("class")) ? class_value(run, c, ret) : java_static_field(run, c, n->name, ret);
	if ((r = evaluate_arguments(run, n, args, &count)) < 0)
		return r;
	return java_method_call(run, NULL, c, n->name, args, count, ret);
}

/* a!b and a??: what is asked for may be missing. */
static int evaluate_default(struct java_run *run, const struct node *n, struct java_value *ret)
{
	bool before = run->soft;
	int r;

	run->soft = true;
	r = java_evaluate(run, n->first, ret);
	run->soft = before;
	if (r == -EDOM || (r == 0 && ret->kind <= JAVA_VOID)) {
		run->thrown = java_null();
		if (n->kind == NODE_EXISTS)
			*ret = java_bool(false);
		else if (n->second != NULL)
			return java_evaluate(run, n->second, ret);
		else
			*ret = java_text("");
		return 0;
	}
	if (r == 0 && n->kind == NODE_EXISTS)
		*ret = java_bool(true);
	return r;
}

static int evaluate_text(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_object *o;
	int r;

	if (run->language == EXPRESSION_JAVA && run->dialect == DIALECT_JAVA) {
		*ret = n->value;
		return 0;
	}
	if ((r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o)) < 0)
		return r;
	if (++run->calls > CALLS_MAX)
		return -E2BIG;
	r = run->language == EXPRESSION_FREEMARKER ? java_freemarker_run(run, n->value.s, o) :
	    run->language == EXPRESSION_VELOCITY ? java_velocity_run(run, n->value.s, o) : java_template_run(run, n->value.s, o);
	run->calls--;
	*ret = java_string(o->text);
	return r;
}

static int evaluate_node(struct java_run *run, const struct node *n, struct java_value *ret)
{
	struct java_value v;
	int r;

	switch (n->kind) {
	case NODE_LITERAL: *ret = n->value; return 0;
	case NODE_TEXT: return evaluate_text(run, n, ret);
	case NODE_NAME: return evaluate_name(run, n, ret);
	case NODE_VARIABLE: return evaluate_variable(run, n, ret);
	case NODE_BEAN: return run->language == EXPRESSION_FREEMARKER ? java_property_get(run, &run->root, n->name, ret) : java_open(run, "bean", ret);
	case NODE_PROPERTY: return evaluate_property(run, n, ret);
	case NODE_INDEX: return evaluate_index(run, n, ret);
	case NODE_CALL: return evaluate_call(run, n, ret);
	case NODE_TYPE: return class_value(run, class_named(run, n->name), ret);
	case NODE_STATIC_CALL: case NODE_STATIC_FIELD: return evaluate_static(run, n, ret);
	case NODE_NEW: return evaluate_new(run, n, ret);
	case NODE_NEW_ARRAY: return evaluate_array(run, n, ret);
	case NODE_LIST: return evaluate_list(run, n, ret);
	case NODE_MAP: return evaluate_map(run, n, ret);
	case NODE_UNARY:
		if ((r = java_evaluate(run, n->first, &v)) < 0)
			return r;
		return java_operate_one(run, n->op, &v, ret);
	case NODE_BINARY: return evaluate_binary(run, n, ret);
	case NODE_TERNARY: return evaluate_choice(run, n, ret);
	case NODE_ASSIGN: return evaluate_assign(run, n, ret);
	case NODE_SEQUENCE:
		if ((r = java_evaluate(run, n->first, &v)) < 0)
			return r;
		return java_evaluate(run, n->second, ret);
	case NODE_PROJECT: case NODE_SELECT: return evaluate_each(run, n, ret);
	case NODE_LAMBDA: return evaluate_lambda(run, n, ret);
	case NODE_WITHIN: return evaluate_within(run, n, ret);
	case NODE_CAST:
		if ((r = java_evaluate(run, n->first, ret)) < 0)
			return r;
		return cast_to(run, n->type, false, ret);
	case NODE_BUILTIN: return run->language == EXPRESSION_FREEMARKER ? java_freemarker_builtin(run, n, ret) : evaluate_text_as_code(run, n, ret);
	case NODE_DEFAULT: case NODE_EXISTS: return evaluate_default(run, n, ret);
	case NODE_STEP: return evaluate_step(run, n, ret);
	default:
		*ret = java_null();
		return java_execute(run, n);
	}
}

int java_evaluate(struct java_run *run, const struct node *n, struct java_value *ret)
{
	int r = java_step(run);

	if (r < 0)
		return r;
	if (++run->depth > EVALUATE_DEPTH_MAX)
		return -E2BIG;
	r = evaluate_node(run, n, ret);
	run->depth--;
	return r;
}

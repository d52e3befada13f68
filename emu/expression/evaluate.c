/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expressions evaluated: literals of lists and maps, choices, assignments, what is done for each item. */
#include "emu/expression/evaluate.h"

#include <errno.h>
#include <string.h>

enum { EVALUATE_DEPTH_MAX = 1200 };

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
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
	case NODE_NAME: return java_evaluate_name(run, n, ret);
	case NODE_VARIABLE: return java_evaluate_variable(run, n, ret);
	case NODE_BEAN: return run->language == EXPRESSION_FREEMARKER ? java_property_get(run, &run->root, n->name, ret) : java_open(run, "bean", ret);
	case NODE_PROPERTY: return java_evaluate_property(run, n, ret);
	case NODE_INDEX: return java_evaluate_index(run, n, ret);
	case NODE_CALL: return java_evaluate_call(run, n, ret);
	case NODE_TYPE: return java_class_value(run, class_named(run, n->name), ret);
	case NODE_STATIC_CALL: case NODE_STATIC_FIELD: return java_evaluate_static(run, n, ret);
	case NODE_NEW: return java_evaluate_new(run, n, ret);
	case NODE_NEW_ARRAY: return java_evaluate_array(run, n, ret);
	case NODE_LIST: return java_evaluate_list(run, n, ret);
	case NODE_MAP: return java_evaluate_map(run, n, ret);
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
	case NODE_PROJECT: case NODE_SELECT: return java_evaluate_each(run, n, ret);
	case NODE_LAMBDA: return java_evaluate_lambda(run, n, ret);
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

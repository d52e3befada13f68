/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk over an expression. */
#include "emu/template/render.h"

#include <errno.h>

static int list_of(struct render *r, const struct node *n, enum list_form form, struct datum *ret)
{
	struct datum value;
	int e = 0;

	int64_t next = 0;

	/* PHP's are arrays */
	*ret = r->dialect == DIALECT_JINJA2 ? datum_list(r->arena, form) : datum_dict(r->arena);
	for (const struct node *i = n->list; i != NULL && e == 0; i = i->next) {
		if ((e = render_expression(r, i, &value)) == 0)
			e = ret->kind == DATUM_LIST ? list_put(ret->list, r->arena, value) : dict_put(ret->dict, r->arena, datum_int(next++), value);
	}
	return e == 0 && ret->list == NULL ? -ENOMEM : e;
}

static int dict_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum key, value;
	int e = 0;

	*ret = datum_dict(r->arena);
	for (const struct node *i = n->list; i != NULL && e == 0; i = i->next->next) {
		if ((e = render_expression(r, i, &key)) < 0 || (e = render_expression(r, i->next, &value)) < 0)
			break;
		e = r->by->binary(r, 'P', key, *ret, &key); /* as a key of this dictionary */
		if (e == 0) {
			struct datum *same = NULL;

			for (size_t k = 0; k < ret->dict->count && same == NULL; k++) {
				if (ret->dict->keys[k].kind == key.kind && (key.kind == DATUM_TEXT ? bytes_equal(ret->dict->keys[k].s, key.s) : ret->dict->keys[k].i == key.i))
					same = &ret->dict->values[k];
			}
			if (same != NULL)
				*same = value;
			else
				e = dict_put(ret->dict, r->arena, key, value);
		}
	}
	return e == 0 && ret->dict == NULL ? -ENOMEM : e;
}

static int concat_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct bytes whole = { 0 }, part;
	struct datum value;
	bool open = false;
	int e;

	for (const struct node *i = n->list; i != NULL; i = i->next) {
		if ((e = render_expression(r, i, &value)) < 0 || (e = r->by->text(r, value, &part)) < 0 ||
		    (e = render_work(r, whole.left + part.left)) < 0)
			return e;
		open |= value.open;
		whole = text_join(r->arena, whole, part);
	}
	*ret = datum_text(whole);
	ret->open = open;
	return render_full(r);
}

static int compare_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum left, right;
	bool truth;
	int e = render_expression(r, n->a, &left);

	for (const struct node *i = n->list; i != NULL && e == 0; i = i->next, left = right) {
		if ((e = render_expression(r, i->b, &right)) < 0 || (e = r->by->binary(r, i->op, left, right, ret)) < 0)
			break;
		if (i->next != NULL) {
			if ((e = r->by->truth(r, *ret, &truth)) < 0 || !truth)
				break;
		}
	}
	return e;
}

/* and, or: Python's give an operand, PHP's a truth. */
static int both_of(struct render *r, const struct node *n, struct datum *ret)
{
	bool truth;
	int e = render_expression(r, n->a, ret);

	if (e < 0 || (e = r->by->truth(r, *ret, &truth)) < 0)
		return e;
	if (truth == (n->kind == NODE_AND) && (e = render_expression(r, n->b, ret)) < 0)
		return e;
	if (r->dialect == DIALECT_JINJA2)
		return 0;
	e = r->by->truth(r, *ret, &truth);
	*ret = datum_bool(truth);
	return e;
}

static int choice_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum value;
	bool truth;
	int e = render_expression(r, n->a, &value);

	if (e < 0 || (e = r->by->truth(r, value, &truth)) < 0)
		return e;
	if (truth && n->b == NULL) {
		*ret = value;
		return 0;
	}
	if (truth || n->c != NULL)
		return render_expression(r, truth ? n->b : n->c, ret);
	*ret = r->dialect == DIALECT_JINJA2
		? (struct datum){ .kind = DATUM_UNDEFINED, .s = bytes_text("the inline if-expression evaluated to false and no else section was defined.") }
		: datum_words("");
	return 0;
}

static int item_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum of, part[3] = { datum_none(), datum_none(), datum_none() };
	const struct node *s = n->b;
	int e = render_expression(r, n->a, &of);

	if (e < 0)
		return e;
	if (s == NULL || s->kind != NODE_SLICE)
		return s == NULL ? -ENOMEM : (e = render_expression(r, s, &part[0])) < 0 ? e : r->by->item(r, of, part[0], ret);
	if ((s->a != NULL && (e = render_expression(r, s->a, &part[0])) < 0) || (s->b != NULL && (e = render_expression(r, s->b, &part[1])) < 0) ||
	    (s->c != NULL && (e = render_expression(r, s->c, &part[2])) < 0))
		return e;
	return r->by->slice(r, of, part, ret);
}

static int call_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct arguments arguments;
	struct datum of;
	int e;

	if (n->a->kind == NODE_ATTRIBUTE) {
		if ((e = render_expression(r, n->a->a, &of)) < 0 || (e = render_arguments(r, n->list, &arguments)) < 0)
			return e;
		return r->by->method(r, of, n->a->name, &arguments, ret);
	}
	if (n->a->kind == NODE_NAME && r->dialect != DIALECT_JINJA2) {
		struct datum *macro = scope_find(r->scope, n->a->name);

		of = macro != NULL && macro->kind == DATUM_CODE ? *macro : (struct datum){ .kind = DATUM_UNDEFINED, .s = n->a->name };
		if ((e = render_arguments(r, n->list, &arguments)) < 0)
			return e;
		return r->by->call(r, of, &arguments, ret);
	}
	if ((e = render_expression(r, n->a, &of)) < 0 || (e = render_arguments(r, n->list, &arguments)) < 0)
		return e;
	return r->by->call(r, of, &arguments, ret);
}

static int filter_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct arguments arguments;
	struct datum of;
	int e;

	if ((e = render_expression(r, n->a, &of)) < 0 || (e = render_arguments(r, n->list, &arguments)) < 0)
		return e;
	return r->by->filter(r, n->name, of, &arguments, ret);
}

static int test_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct arguments arguments;
	struct datum of;
	bool truth = false;
	int e;

	if ((e = render_expression(r, n->a, &of)) < 0 || (e = render_arguments(r, n->list, &arguments)) < 0)
		return e;
	e = r->by->test(r, n->name, of, &arguments, &truth);
	*ret = datum_bool(truth);
	ret->open = of.open;
	return e;
}

static int name_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum *found = scope_find(r->scope, n->name);

	if (found == NULL)
		return r->by->name(r, n->name, ret);
	*ret = *found;
	return 0;
}

static int arrow_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct closure *c = arena_take(r->arena, sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	*c = (struct closure){ .arrow = n, .scope = r->scope };
	*ret = (struct datum){ .kind = DATUM_CODE, .code = c };
	return 0;
}

static int not_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum value;
	bool truth;
	int e = render_expression(r, n->a, &value);

	if (e == 0 && (e = r->by->truth(r, value, &truth)) == 0) {
		*ret = datum_bool(!truth);
		ret->open = value.open;
	}
	return e;
}

/* a ?? b: what is not there is no error on its left side. */
static int coalesce_of(struct render *r, const struct node *n, struct datum *ret)
{
	int e = render_expression(r, n->a, ret);

	if (e == -EDOM || (e == 0 && (ret->kind == DATUM_NONE || ret->kind == DATUM_UNDEFINED)))
		return render_expression(r, n->b, ret);
	return e;
}

static int two_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum a, b;
	int e;

	if ((e = render_expression(r, n->a, &a)) < 0 || (n->kind == NODE_BINARY && (e = render_expression(r, n->b, &b)) < 0))
		return e;
	return n->kind == NODE_UNARY ? r->by->unary(r, n->op, a, ret) : r->by->binary(r, n->op, a, b, ret);
}

static int attribute_of(struct render *r, const struct node *n, struct datum *ret)
{
	struct datum of;
	int e = render_expression(r, n->a, &of);

	return e < 0 ? e : r->by->attribute(r, of, n->name, ret);
}

static int evaluate_node(struct render *r, const struct node *n, struct datum *ret)
{
	switch (n->kind) {
	case NODE_CONST: *ret = n->value; return 0;
	case NODE_NAME: return name_of(r, n, ret);
	case NODE_ATTRIBUTE: return attribute_of(r, n, ret);
	case NODE_ITEM: return item_of(r, n, ret);
	case NODE_CALL: return call_of(r, n, ret);
	case NODE_FILTER: return filter_of(r, n, ret);
	case NODE_TEST: return test_of(r, n, ret);
	case NODE_UNARY: case NODE_BINARY: return two_of(r, n, ret);
	case NODE_COMPARE: return compare_of(r, n, ret);
	case NODE_AND: case NODE_OR: return both_of(r, n, ret);
	case NODE_NOT: return not_of(r, n, ret);
	case NODE_CHOICE: return choice_of(r, n, ret);
	case NODE_CONCAT: return concat_of(r, n, ret);
	case NODE_LIST: return list_of(r, n, FORM_LIST, ret);
	case NODE_TUPLE: return list_of(r, n, FORM_TUPLE, ret);
	case NODE_DICT: return dict_of(r, n, ret);
	case NODE_ARROW: return arrow_of(r, n, ret);
	case NODE_COALESCE: return coalesce_of(r, n, ret);
	default: return render_refuse(r, "an expression");
	}
}

int render_expression(struct render *r, const struct node *n, struct datum *ret)
{
	int e;

	if (r->depth == RENDER_DEPTH_MAX)
		return -E2BIG;
	if ((e = render_work(r, 0)) < 0)
		return e;
	r->depth++;
	e = evaluate_node(r, n, ret);
	r->depth--;
	return e;
}

int render_arguments(struct render *r, const struct node *n, struct arguments *ret)
{
	struct datum value;
	int e = 0;

	*ret = (struct arguments){ 0 };
	for (; n != NULL && e == 0; n = n->next) {
		const struct node *of = n->kind == NODE_KEYWORD || n->kind == NODE_STAR || n->kind == NODE_STARSTAR ? n->a : n;
		struct list spread = { 0 };

		if ((e = render_expression(r, of, &value)) < 0)
			return e;
		if (n->kind == NODE_KEYWORD) {
			e = dict_put(&ret->named, r->arena, datum_text(n->name), value);
		} else if (n->kind == NODE_STAR) {
			e = r->by->iterate(r, value, &spread, NULL);
			for (size_t i = 0; i < spread.count && e == 0; i++)
				e = list_put(&ret->positional, r->arena, spread.at[i]);
		} else if (n->kind == NODE_STARSTAR) {
			if (value.kind != DATUM_DICT)
				return render_refuse(r, "**");
			for (size_t i = 0; i < value.dict->count && e == 0; i++)
				e = dict_put(&ret->named, r->arena, value.dict->keys[i], value.dict->values[i]);
		} else {
			e = list_put(&ret->positional, r->arena, value);
		}
	}
	return e;
}

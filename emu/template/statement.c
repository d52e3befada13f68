/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The walk over statements: printing, branches, loops, names, macros. */
#include "emu/template/render.h"

#include <errno.h>
#include <string.h>

static int put(struct render *r, struct bytes s)
{
	sink_put(&r->page, s.at, s.left);
	return r->page.overflow ? -E2BIG : render_work(r, s.left);
}

static int print(struct render *r, const struct node *n)
{
	struct datum value;
	struct bytes s;
	int e;

	if ((e = render_expression(r, n->a, &value)) < 0 || (e = r->by->text(r, value, &s)) < 0)
		return e;
	r->out->open |= value.open;
	return put(r, s);
}

int render_captured(struct render *r, const struct node *n, struct bytes *ret)
{
	size_t begin = r->page.used;
	int e = render_body(r, n);

	if (e < 0)
		return e;
	*ret = arena_copy(r->arena, bytes_of(r->page.at + begin, r->page.used - begin), TEMPLATE_TEXT_MAX);
	r->page.used = begin;
	return render_full(r);
}

/* Where a set goes: Jinja's to the innermost loop or top, Twig's to where the name is. */
static struct scope *home_of(struct render *r, struct bytes name)
{
	struct scope *s = r->scope;

	if (r->dialect == DIALECT_JINJA2)
		return s;
	while (r->dialect == DIALECT_SMARTY && s->parent != NULL && !s->opaque)
		s = s->parent; /* loops have no names of their own */
	if (r->dialect == DIALECT_SMARTY)
		return s;
	for (; s->parent != NULL && dict_find_text(&s->names, name) == NULL && !s->opaque; s = s->parent)
		;
	return dict_find_text(&s->names, name) != NULL ? s : r->scope;
}

static int assign(struct render *r, const struct node *target, struct datum value)
{
	struct list parts = { 0 };
	struct datum of;
	int e;

	if (target->kind == NODE_NAME)
		return scope_set(r, home_of(r, target->name), target->name, value);
	if (target->kind == NODE_ATTRIBUTE) {
		if ((e = render_expression(r, target->a, &of)) < 0)
			return e;
		if (of.kind != DATUM_DICT)
			return render_fail(r, "cannot assign attribute on non-namespace object");
		struct datum *found = dict_find_text(of.dict, target->name);

		if (found == NULL)
			return dict_put(of.dict, r->arena, datum_text(target->name), value);
		*found = value;
		return 0;
	}
	if ((e = r->by->iterate(r, value, &parts, NULL)) < 0)
		return e;
	size_t i = 0;

	for (const struct node *n = target->list; n != NULL; n = n->next, i++) {
		if (i == parts.count)
			return render_fail(r, "not enough values to unpack");
		if ((e = assign(r, n, parts.at[i])) < 0)
			return e;
	}
	return i < parts.count ? render_fail(r, "too many values to unpack (expected %zu)", i) : 0;
}

static int branch(struct render *r, const struct node *n)
{
	struct datum value;
	bool truth;
	int e = 0;

	for (; n != NULL && n->kind == NODE_IF; n = n->other) {
		if ((e = render_expression(r, n->a, &value)) < 0 || (e = r->by->truth(r, value, &truth)) < 0)
			return e;
		r->out->open |= value.open;
		if (truth)
			return render_body(r, n->list);
	}
	return n != NULL ? render_body(r, n) : 0;
}

/* The facts of a loop at one of its elements. */
static int loop_facts(struct render *r, const struct list *all, size_t i, struct dict *loop)
{
	const struct { const char *name; struct datum value; } facts[] = {
		{ "index", datum_int((int64_t)i + 1) }, { "index0", datum_int((int64_t)i) }, { "first", datum_bool(i == 0) },
		{ "last", datum_bool(i + 1 == all->count) }, { "length", datum_int((int64_t)all->count) },
		{ "revindex", datum_int((int64_t)(all->count - i)) }, { "revindex0", datum_int((int64_t)(all->count - i) - 1) },
		{ "depth", datum_int(1) }, { "depth0", datum_int(0) },
	};
	int e = 0;

	for (unsigned k = 0; k < COUNT_OF(facts) - (r->dialect != DIALECT_JINJA2 ? 2 : 0) && e == 0; k++)
		e = dict_put(loop, r->arena, datum_words(facts[k].name), facts[k].value);
	if (e == 0 && r->dialect == DIALECT_JINJA2 && i > 0)
		e = dict_put(loop, r->arena, datum_words("previtem"), all->at[i - 1]);
	if (e == 0 && r->dialect == DIALECT_JINJA2 && i + 1 < all->count)
		e = dict_put(loop, r->arena, datum_words("nextitem"), all->at[i + 1]);
	return e;
}

static int enter_element(struct render *r, const struct node *n, const struct list *all, const struct list *keys, size_t i)
{
	int e;

	if (n->b->kind == NODE_TUPLE && keys->count == all->count && r->dialect != DIALECT_JINJA2) {
		if ((e = scope_set(r, r->scope, n->b->list->name, keys->at[i])) == 0)
			e = scope_set(r, r->scope, n->b->list->next->name, all->at[i]);
		return e;
	}
	return n->b->kind == NODE_NAME ? scope_set(r, r->scope, n->b->name, all->at[i]) : assign(r, n->b, all->at[i]);
}

/* The elements that a loop's own condition lets through. */
static int chosen_of(struct render *r, const struct node *n, struct list *all)
{
	struct list kept = { 0 };
	struct scope inner = { .parent = r->scope, .opaque = true };
	struct datum value;
	bool truth;
	int e = 0;

	for (size_t i = 0; i < all->count && e == 0; i++) {
		inner.names.count = 0;
		r->scope = &inner;
		if ((e = enter_element(r, n, all, &kept, i)) == 0 && (e = render_expression(r, n->c, &value)) == 0 &&
		    (e = r->by->truth(r, value, &truth)) == 0 && truth)
			e = list_put(&kept, r->arena, all->at[i]);
		r->scope = inner.parent;
	}
	*all = kept;
	return e;
}

static int loop_over(struct render *r, const struct node *n)
{
	struct list all = { 0 }, keys = { 0 };
	struct datum over;
	int e;

	if ((e = render_expression(r, n->a, &over)) < 0 || (e = r->by->iterate(r, over, &all, &keys)) < 0)
		return e;
	if (n->c != NULL && (e = chosen_of(r, n, &all)) < 0)
		return e;
	r->out->open |= over.open;
	for (size_t i = 0; i < all.count && e == 0; i++) {
		struct scope inner = { .parent = r->scope, .opaque = r->dialect == DIALECT_JINJA2 };
		struct datum loop = datum_dict(r->arena);

		if (loop.dict == NULL)
			return -ENOMEM;
		r->scope = &inner;
		if ((e = loop_facts(r, &all, i, loop.dict)) == 0 && (e = scope_set(r, &inner, bytes_text("loop"), loop)) == 0 &&
		    (e = enter_element(r, n, &all, &keys, i)) == 0)
			e = render_body(r, n->list);
		r->scope = inner.parent;
	}
	return e == 0 && all.count == 0 && n->other != NULL ? render_body(r, n->other) : e;
}

static int set_block(struct render *r, const struct node *n)
{
	struct node filter, constant = { .kind = NODE_CONST };
	struct datum value;
	int e = render_captured(r, n->list, &value.s);

	if (e < 0)
		return e;
	constant.value = datum_text(value.s);
	if (n->a == NULL)
		return n->kind == NODE_FILTER_BLOCK ? put(r, constant.value.s) : assign(r, n->b, constant.value);
	/* the innermost filter of the chain takes the text */
	filter = *n->a;
	if (filter.a != NULL)
		return render_refuse(r, "several filters of a block");
	filter.a = &constant;
	if ((e = render_expression(r, &filter, &value)) < 0)
		return e;
	if (n->kind == NODE_FILTER_BLOCK)
		return (e = r->by->text(r, value, &constant.value.s)) < 0 ? e : put(r, constant.value.s);
	return assign(r, n->b, value);
}

static int make_macro(struct render *r, const struct node *n)
{
	struct closure *c = arena_take(r->arena, sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	*c = (struct closure){ .name = n->name, .parameters = n->b, .body = n->list, .scope = r->scope };
	return scope_set(r, r->scope, n->name, (struct datum){ .kind = DATUM_CODE, .code = c });
}

static int with_names(struct render *r, const struct node *n)
{
	struct scope inner = { .parent = r->scope, .opaque = true };
	struct datum value;
	int e = 0;

	if (n->a != NULL) {
		if ((e = render_expression(r, n->a, &value)) < 0)
			return e;
		if (value.kind != DATUM_DICT)
			return render_fail(r, "Variables passed to the \"with\" tag must be a hash");
		for (size_t i = 0; i < value.dict->count && e == 0; i++)
			e = value.dict->keys[i].kind == DATUM_TEXT ? scope_set(r, &inner, value.dict->keys[i].s, value.dict->values[i]) : 0;
	}
	for (const struct node *s = n->b; s != NULL && e == 0; s = s->next) {
		if ((e = render_expression(r, s->a, &value)) < 0)
			return e;
		r->scope = &inner;
		e = assign(r, s->b, value);
		r->scope = inner.parent;
	}
	r->scope = &inner;
	if (e == 0)
		e = render_body(r, n->list);
	r->scope = inner.parent;
	return e;
}

/* {% call(x) f() %}: f with a macro "caller" around it. */
static int call_block(struct render *r, const struct node *n)
{
	struct scope inner = { .parent = r->scope, .opaque = true };
	const struct node macro = { .name = bytes_text("caller"), .b = n->b, .list = n->list };
	struct datum value;
	struct bytes s;
	int e;

	r->scope = &inner;
	if ((e = make_macro(r, &macro)) == 0 && (e = render_expression(r, n->a, &value)) == 0 && (e = r->by->text(r, value, &s)) == 0)
		e = put(r, s);
	r->scope = inner.parent;
	return e;
}

static int run_statement(struct render *r, const struct node *n)
{
	struct datum value;
	int e;

	switch (n->kind) {
	case NODE_TEXT: return put(r, n->name);
	case NODE_PRINT: return print(r, n);
	case NODE_IF: return branch(r, n);
	case NODE_FOR: return loop_over(r, n);
	case NODE_SET:
		if ((e = render_expression(r, n->a, &value)) == 0 && r->by->settle != NULL)
			r->by->settle(r, value);
		return e < 0 ? e : assign(r, n->b, value);
	case NODE_SET_BLOCK: case NODE_FILTER_BLOCK: return set_block(r, n);
	case NODE_MACRO: return make_macro(r, n);
	case NODE_CALL_BLOCK: return call_block(r, n);
	case NODE_WITH: return with_names(r, n);
	case NODE_DO: return render_expression(r, n->a, &value);
	case NODE_GROUP: return render_body(r, n);
	case NODE_INCLUDE: case NODE_IMPORT: case NODE_EXTENDS:
		return (e = render_expression(r, n->a, &value)) < 0 ? e : r->by->file(r, n, value);
	default: return render_refuse(r, "a statement");
	}
}

int render_body(struct render *r, const struct node *group)
{
	int e = 0;

	if (group->kind != NODE_GROUP)
		return run_statement(r, group);
	if (r->depth == RENDER_DEPTH_MAX)
		return -E2BIG;
	r->depth++;
	for (const struct node *n = group->list; n != NULL && e == 0; n = n->next) {
		if ((e = render_work(r, 0)) == 0)
			e = run_statement(r, n);
	}
	r->depth--;
	return e;
}

static int bind(struct render *r, const struct closure *c, const struct arguments *a, struct scope *inner)
{
	struct datum value;
	size_t place = 0;
	int e = 0;

	for (const struct node *n = c->parameters; n != NULL && e == 0; n = n->next, place++) {
		struct datum *named = dict_find_text(&a->named, n->name);

		value = r->dialect == DIALECT_JINJA2 ? (struct datum){ .kind = DATUM_UNDEFINED, .s = bytes_text("a parameter was not provided") } : datum_none();
		if (place < a->positional.count)
			value = a->positional.at[place];
		else if (named != NULL)
			value = *named;
		else if (n->a != NULL)
			e = render_expression(r, n->a, &value);
		if (e == 0)
			e = scope_set(r, inner, n->name, value);
	}
	if (e == 0 && r->dialect == DIALECT_JINJA2 && a->positional.count > place)
		return render_fail(r, "macro '%.*s' takes not more than %zu argument_of(s)", (int)c->name.left, (const char *)c->name.at, place);
	return e;
}

int render_closure(struct render *r, const struct closure *c, const struct arguments *a, struct datum *ret)
{
	struct scope inner = { .parent = c->scope, .opaque = true }, *before = r->scope;
	size_t place = 0;
	int e = 0;

	if (r->depth + 4 >= RENDER_DEPTH_MAX)
		return -E2BIG;
	r->depth += 4;
	r->scope = &inner;
	if (c->arrow != NULL) {
		for (const struct node *n = c->arrow->list; n != NULL && e == 0; n = n->next, place++)
			e = scope_set(r, &inner, n->name, place < a->positional.count ? a->positional.at[place] : datum_none());
		if (e == 0)
			e = render_expression(r, c->arrow->a, ret);
	} else if ((e = bind(r, c, a, &inner)) == 0) {
		*ret = (struct datum){ .kind = DATUM_TEXT };
		e = render_captured(r, c->body, &ret->s);
	}
	r->scope = before;
	r->depth -= 4;
	return e;
}

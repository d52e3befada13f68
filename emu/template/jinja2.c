/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jinja2: names, attributes and items with its undefined values, calls, and files that templates ask for. */
#include "emu/template/python_object.h"

#include <errno.h>

int jinja2_undefined(struct render *r, struct datum d)
{
	return render_fail(r, "%.*s", (int)(d.s.left < 400 ? d.s.left : 400), (const char *)d.s.at);
}

static struct datum undefined(struct render *r, struct datum of, struct datum key)
{
	struct datum made = { .kind = DATUM_UNDEFINED };
	struct bytes name = { 0 };

	if (key.kind == DATUM_TEXT) {
		made.s = text_format(r->arena, "'%s%s' has no attribute '%.*s'", of.kind == DATUM_NONE ? "None" : python_type(of), of.kind == DATUM_NONE ? "" : " object",
		                     (int)(key.s.left < 200 ? key.s.left : 200), (const char *)key.s.at);
		return made;
	}
	if (python_repr(r, key, &name) == 0)
		made.s = text_format(r->arena, "%s%s has no element %.*s", of.kind == DATUM_NONE ? "None" : python_type(of), of.kind == DATUM_NONE ? "" : " object",
		                     (int)(name.left < 200 ? name.left : 200), (const char *)name.at);
	return made;
}

static int name_of(struct render *r, struct bytes name, struct datum *ret)
{
	int e = python_object_name(r, name, ret);

	if (e != -ENOENT)
		return e;
	*ret = (struct datum){ .kind = DATUM_UNDEFINED, .s = text_format(r->arena, "'%.*s' is undefined", (int)(name.left < 200 ? name.left : 200), (const char *)name.at) };
	return 0;
}

static int item_of(struct render *r, struct datum of, struct datum key, struct datum *ret)
{
	int e = of.kind == DATUM_OBJECT ? python_object_item(r, of, key, ret) : python_item(r, of, key, ret);

	if (e == 0)
		ret->open |= of.open;
	return e;
}

int jinja2_attribute(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	int e = python_object_attribute(r, of, name, ret);

	if (e == -ENOENT && of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, of);
	if (e == -ENOENT)
		e = item_of(r, of, datum_text(name), ret);
	if (e == -ENOENT) {
		*ret = undefined(r, of, datum_text(name));
		return render_full(r);
	}
	return e;
}

int jinja2_item(struct render *r, struct datum of, struct datum key, struct datum *ret)
{
	int e;

	if (of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, of);
	if (key.kind == DATUM_OBJECT && (e = python_object_value(r, key, &key)) < 0)
		return e;
	e = item_of(r, of, key, ret);
	if (e == -ENOENT && key.kind == DATUM_TEXT)
		e = python_object_attribute(r, of, key.s, ret);
	if (e == -ENOENT) {
		*ret = undefined(r, of, key);
		return render_full(r);
	}
	return e;
}

static int slice_of(struct render *r, struct datum of, const struct datum part[3], struct datum *ret)
{
	int e;

	if (of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, of);
	if (of.kind == DATUM_OBJECT && (e = python_object_value(r, of, &of)) < 0)
		return e;
	e = python_slice(r, of, part, ret);
	return e == -ENOENT ? render_fail(r, "'%s' object is not subscriptable", of.kind == DATUM_DICT ? "slice" : python_type(of)) : e;
}

/* range(stop), range(start, stop, step) */
static int make_range(struct render *r, const struct arguments *a, struct datum *ret)
{
	int64_t part[3] = { 0, 0, 1 };
	size_t n = a->positional.count;
	int e = 0;

	if (n < 1 || n > 3)
		return render_fail(r, "range expected %s, got %zu", n == 0 ? "at least 1 argument" : "at most 3 arguments", n);
	for (size_t i = 0; i < n; i++) {
		struct datum d = a->positional.at[i];

		if (d.kind != DATUM_INT && d.kind != DATUM_BOOL)
			return render_fail(r, "'%s' object cannot be interpreted as an integer", python_type(d));
		part[n == 1 ? 1 : i] = d.i;
	}
	if (part[2] == 0)
		return render_fail(r, "range() arg 3 must not be zero");
	*ret = datum_list(r->arena, FORM_RANGE);
	for (int64_t i = part[0]; (part[2] > 0 ? i < part[1] : i > part[1]) && e == 0; i += part[2]) {
		if (ret->list != NULL && ret->list->count >= RENDER_LIST_MAX)
			return -E2BIG;
		e = list_put(ret->list, r->arena, datum_int(i));
	}
	if (ret->list == NULL)
		return -ENOMEM;
	ret->list->step = part[2];
	if (part[0] != 0 && ret->list->count == 0)
		ret->list->form = FORM_RANGE;
	return e;
}

static int make_dict(struct render *r, const struct arguments *a, struct datum *ret)
{
	int e = 0;

	if (a->positional.count > 0)
		return render_refuse(r, "dict() of pairs");
	*ret = datum_dict(r->arena);
	for (size_t i = 0; i < a->named.count && e == 0; i++)
		e = dict_put(ret->dict, r->arena, a->named.keys[i], a->named.values[i]);
	return e == 0 && ret->dict == NULL ? -ENOMEM : e;
}

static int call(struct render *r, struct datum callee, const struct arguments *a, struct datum *ret)
{
	if (callee.kind == DATUM_UNDEFINED)
		return jinja2_undefined(r, callee);
	if (callee.kind == DATUM_CODE)
		return render_closure(r, callee.code, a, ret);
	if (callee.kind != DATUM_OBJECT)
		return render_fail(r, "'%s' object is not callable", python_type(callee));
	if (callee.object->kind == OBJECT_SOURCE && bytes_equal(callee.object->source, bytes_text("range")))
		return make_range(r, a, ret);
	if (callee.object->kind == OBJECT_SOURCE && bytes_equal(callee.object->source, bytes_text("dict")))
		return make_dict(r, a, ret);
	return python_object_call(r, callee, a, ret);
}

/* loop.cycle(a, b): the loop's facts are a dictionary here. */
static int cycle(struct render *r, struct datum loop, const struct arguments *a, struct datum *ret)
{
	struct datum *index = dict_find_text(loop.dict, bytes_text("index0"));

	if (a->positional.count == 0)
		return render_fail(r, "no items for cycling given");
	*ret = a->positional.at[(size_t)index->i % a->positional.count];
	return 0;
}

static int method(struct render *r, struct datum of, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct datum callee;
	int e;

	if (of.kind != DATUM_OBJECT && of.kind != DATUM_UNDEFINED && of.kind != DATUM_CODE) {
		if (of.kind == DATUM_DICT && bytes_equal(name, bytes_text("cycle")) && dict_find_text(of.dict, bytes_text("index0")) != NULL)
			return cycle(r, of, a, ret);
		if ((e = python_method(r, of, name, a, ret)) != -ENOENT)
			return e;
	}
	return (e = jinja2_attribute(r, of, name, &callee)) < 0 ? e : call(r, callee, a, ret);
}

/* Another template of the application: nobody knows which there are. */
static int file(struct render *r, const struct node *n, struct datum name)
{
	struct bytes s;
	int e = python_str(r, name, &s);

	if (e < 0 || (n->kind == NODE_INCLUDE && n->op))
		return e;
	return render_fail(r, "%.*s", (int)(s.left < 200 ? s.left : 200), (const char *)s.at);
}

static const struct semantics jinja2 = {
	.name = name_of, .attribute = jinja2_attribute, .item = jinja2_item, .slice = slice_of, .unary = python_unary, .binary = python_binary,
	.truth = python_truth, .text = python_str, .iterate = python_iterate, .call = call, .method = method, .filter = jinja2_filter, .test = jinja2_test,
	.file = file, .settle = python_object_settle,
};

int jinja2_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	return render_template(DIALECT_JINJA2, &jinja2, text, host, a, ret);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twig: names, attributes, operators, tests and functions over PHP's values. What is not there is null. */
#include "emu/template/twig_filters.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* The engine itself, which releases before 2 hand to templates as _self.env. */
static struct dict engine;

static int name_of(struct render *r, struct bytes name, struct datum *ret)
{
	*ret = (struct datum){ .kind = DATUM_UNDEFINED, .s = name };
	if (bytes_equal(name, bytes_text("_self"))) {
		*ret = datum_text(text_format(r->arena, "__string_template__%016" PRIx64 "%016" PRIx64, r->host->seed * 0x9e3779b97f4a7c15u, (r->host->seed + 9) * 0xff51afd7ed558ccdu));
		r->out->open = ret->open = true;
	} else if (bytes_equal(name, bytes_text("_charset"))) {
		*ret = datum_words("UTF-8");
	} else if (bytes_equal(name, bytes_text("_context"))) {
		*ret = datum_dict(r->arena);
	}
	return render_full(r);
}

static bool is_engine(struct datum d)
{
	return d.kind == DATUM_DICT && d.dict == &engine;
}

static int item(struct render *r, struct datum of, struct datum key, struct datum *ret)
{
	struct datum *found = of.kind == DATUM_DICT && key.kind != DATUM_DICT ? php_array_find(of.dict, php_key(key)) : NULL;

	if (of.kind == DATUM_DICT && key.kind == DATUM_DICT)
		return render_fail(r, "Illegal offset type");
	*ret = (struct datum){ .kind = DATUM_UNDEFINED };
	if (found != NULL)
		*ret = *found;
	ret->open |= of.open;
	return 0;
}

static int attribute(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	if (of.kind == DATUM_TEXT && bytes_find(of.s, bytes_text("__string_template__")) == 0 && bytes_equal(name, bytes_text("env"))) {
		*ret = (struct datum){ .kind = DATUM_DICT, .dict = &engine, .open = true };
		r->out->open = true;
		return 0;
	}
	return item(r, of, datum_text(name), ret);
}

static int slice(struct render *r, struct datum of, const struct datum part[3], struct datum *ret)
{
	int e;

	if (of.kind != DATUM_DICT && (e = php_text(r, of, &of.s)) < 0)
		return e;
	return php_slice(r, of, part[0].kind == DATUM_NONE ? 0 : php_int(part[0]), part[1], false, ret);
}

static int contains(struct render *r, struct datum part, struct datum whole, bool *ret)
{
	struct bytes s;
	int e = 0, order = 1;

	*ret = false;
	if (whole.kind == DATUM_TEXT) {
		if (part.kind != DATUM_TEXT && part.kind != DATUM_INT && part.kind != DATUM_REAL)
			return 0;
		if ((e = php_text(r, part, &s)) == 0)
			*ret = s.left == 0 || bytes_find(whole.s, s) >= 0;
		return e;
	}
	for (size_t i = 0; whole.kind == DATUM_DICT && i < whole.dict->count && e == 0 && !*ret; i++) {
		e = php_compare(r, part, whole.dict->values[i], &order);
		*ret = e == 0 && order == 0;
	}
	return e;
}

static bool at_end(struct datum a, struct datum b, bool ends)
{
	if (a.kind != DATUM_TEXT || b.kind != DATUM_TEXT)
		return false;
	return b.s.left <= a.s.left && (b.s.left == 0 || memcmp(ends ? a.s.at + a.s.left - b.s.left : a.s.at, b.s.at, b.s.left) == 0);
}

static int compare(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	bool is = false;
	int order = 0, e = 0;

	switch (op) {
	case OP_IN: case OP_NOT_IN:
		e = contains(r, a, b, &is);
		is = is == (op == OP_IN);
		break;
	case OP_STARTS: case OP_ENDS: is = at_end(a, b, op == OP_ENDS); break;
	default:
		e = php_compare(r, a, b, &order);
		is = op == OP_EQUAL ? order == 0 : op == OP_UNEQUAL ? order != 0 : op == '<' ? order < 0 : op == '>' ? order > 0 : op == OP_AT_MOST ? order <= 0 : order >= 0;
	}
	*ret = op == OP_SPACESHIP ? datum_int(order) : datum_bool(is);
	ret->open = a.open || b.open;
	return e;
}

static int concat(struct render *r, struct datum a, struct datum b, struct datum *ret)
{
	struct bytes s, t;
	int e;

	if ((e = php_text(r, a, &s)) < 0 || (e = php_text(r, b, &t)) < 0 || (e = render_work(r, s.left + t.left)) < 0)
		return e;
	*ret = datum_text(text_join(r->arena, s, t));
	ret->open = a.open || b.open;
	return render_full(r);
}

static int binary(struct render *r, int op, struct datum a, struct datum b, struct datum *ret)
{
	switch (op) {
	case 'P': /* as a key of b */
		if (a.kind == DATUM_DICT)
			return render_fail(r, "Illegal offset type");
		*ret = php_key(a);
		return 0;
	case '~': return concat(r, a, b, ret);
	case OP_RANGE: return php_range(r, a, b, datum_int(1), ret);
	case OP_MATCHES: return render_refuse(r, "matches");
	case OP_IN: case OP_NOT_IN: case OP_STARTS: case OP_ENDS: case OP_EQUAL: case OP_UNEQUAL: case '<': case '>': case OP_AT_MOST: case OP_AT_LEAST: case OP_SPACESHIP:
		return compare(r, op, a, b, ret);
	default:
		if (op == '+' && a.kind == DATUM_DICT && b.kind == DATUM_DICT)
			return render_refuse(r, "a union of arrays");
		return php_arithmetic(r, op, a, b, ret);
	}
}

static int extreme(struct render *r, const struct arguments *a, bool max, struct datum *ret)
{
	struct list all = a->positional;
	int e = 0, order;

	if (all.count == 1 && (e = php_iterate(r, a->positional.at[0], &all, NULL)) < 0)
		return e;
	if (all.count == 0)
		return render_fail(r, "%s(): Argument #1 ($value) must contain at least one element", max ? "max" : "min");
	*ret = all.at[0];
	for (size_t i = 1; i < all.count && e == 0; i++) {
		if ((e = php_compare(r, all.at[i], *ret, &order)) == 0 && (max ? order > 0 : order < 0))
			*ret = all.at[i];
	}
	return e;
}

static int cycle(struct render *r, const struct arguments *a, struct datum *ret)
{
	struct datum values, at;

	if (!argument_of(a, 0, "values", &values) || !argument_of(a, 1, "position", &at) || values.kind != DATUM_DICT || values.dict->count == 0)
		return render_refuse(r, "cycle of such values");
	*ret = values.dict->values[(uint64_t)php_int(at) % values.dict->count];
	return 0;
}

/* A template's file: which there are, the victim alone knows. */
static int no_file(struct render *r, struct datum name)
{
	struct bytes s;
	int e = php_text(r, name, &s);

	return e < 0 ? e : render_fail(r, "Template \"%.*s\" is not defined.", (int)(s.left < 200 ? s.left : 200), (const char *)s.at);
}

static int call(struct render *r, struct datum callee, const struct arguments *a, struct datum *ret)
{
	struct datum first = datum_none(), second = datum_none(), step = datum_int(1), missing = datum_bool(false);

	if (callee.kind == DATUM_CODE)
		return render_closure(r, callee.code, a, ret);
	argument_of(a, 0, NULL, &first);
	argument_of(a, 1, NULL, &second);
	argument_of(a, 2, "step", &step);
	if (bytes_equal(callee.s, bytes_text("range")) && a->positional.count >= 2)
		return php_range(r, first, second, step, ret);
	if (bytes_equal(callee.s, bytes_text("max")) || bytes_equal(callee.s, bytes_text("min")))
		return extreme(r, a, callee.s.at[1] == 'a', ret);
	if (bytes_equal(callee.s, bytes_text("cycle")))
		return cycle(r, a, ret);
	if (bytes_equal(callee.s, bytes_text("attribute")))
		return item(r, first, second, ret);
	if (bytes_equal(callee.s, bytes_text("source")) || bytes_equal(callee.s, bytes_text("include"))) {
		*ret = datum_none();
		return argument_of(a, 99, "ignore_missing", &missing) && missing.i ? 0 : no_file(r, first);
	}
	if (bytes_equal(callee.s, bytes_text("constant")) || bytes_equal(callee.s, bytes_text("random")) || bytes_equal(callee.s, bytes_text("date")) ||
	    bytes_equal(callee.s, bytes_text("dump")))
		return render_refuse(r, "a function of the victim's");
	return render_fail(r, "Unknown \"%.*s\" function.", (int)(callee.s.left < 100 ? callee.s.left : 100), (const char *)callee.s.at);
}

/* Before release 2: a function that is asked for filters that are not there. */
static int engine_method(struct render *r, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct datum first = datum_none();

	argument_of(a, 0, NULL, &first);
	*ret = datum_none();
	ret->open = r->out->open = true;
	if (bytes_equal(name, bytes_text("registerUndefinedFilterCallback")) || bytes_equal(name, bytes_text("registerUndefinedFunctionCallback"))) {
		r->callback = first;
		return 0;
	}
	if ((bytes_equal(name, bytes_text("getFilter")) || bytes_equal(name, bytes_text("getFunction"))) && r->callback.kind == DATUM_TEXT)
		return twig_invoke(r, r->callback, &first, 1, ret);
	if (bytes_equal(name, bytes_text("setCache")) || bytes_equal(name, bytes_text("loadTemplate"))) {
		if (bytes_find(first.s, bytes_text("://")) > 0 && first.kind == DATUM_TEXT)
			template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_FETCH, .text = first.s, .open = true }, r->arena);
		return 0;
	}
	return render_refuse(r, "a method of the engine");
}

static int method(struct render *r, struct datum of, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct datum *macro = scope_find(r->scope, name);

	if (is_engine(of))
		return engine_method(r, name, a, ret);
	if (of.kind == DATUM_TEXT && macro != NULL && macro->kind == DATUM_CODE)
		return render_closure(r, macro->code, a, ret);
	*ret = (struct datum){ .kind = DATUM_UNDEFINED };
	return 0;
}

static int test(struct render *r, struct bytes name, struct datum of, const struct arguments *a, bool *ret)
{
	struct datum first = datum_none(), rest;
	int e = 0;

	argument_of(a, 0, NULL, &first);
	if (bytes_equal(name, bytes_text("defined"))) {
		*ret = of.kind != DATUM_UNDEFINED;
	} else if (bytes_equal(name, bytes_text("none")) || bytes_equal(name, bytes_text("null"))) {
		*ret = of.kind == DATUM_UNDEFINED || of.kind == DATUM_NONE;
	} else if (bytes_equal(name, bytes_text("empty"))) {
		*ret = twig_empty(of);
	} else if (bytes_equal(name, bytes_text("iterable"))) {
		*ret = of.kind == DATUM_DICT;
	} else if (bytes_equal(name, bytes_text("even")) || bytes_equal(name, bytes_text("odd"))) {
		if ((e = php_arithmetic(r, '%', of, datum_int(2), &rest)) == 0)
			*ret = (php_int(rest) != 0) == (name.at[0] == 'o');
	} else if (bytes_equal(name, bytes_text("divisible"))) {
		if ((e = php_arithmetic(r, '%', of, first, &rest)) == 0)
			*ret = php_int(rest) == 0;
	} else if (bytes_equal(name, bytes_text("same"))) {
		*ret = php_identical(of, first);
	} else {
		return render_fail(r, "Unknown \"%.*s\" test.", (int)(name.left < 100 ? name.left : 100), (const char *)name.at);
	}
	return e;
}

static int file(struct render *r, const struct node *n, struct datum name)
{
	if (n->kind == NODE_IMPORT && name.kind == DATUM_TEXT && bytes_find(name.s, bytes_text("__string_template__")) == 0)
		return scope_set(r, r->scope, n->name, name);
	return n->kind == NODE_INCLUDE && n->op ? 0 : no_file(r, name);
}

static const struct semantics twig = {
	.name = name_of, .attribute = attribute, .item = item, .slice = slice, .unary = php_unary, .binary = binary, .truth = php_truth, .text = php_text,
	.iterate = php_iterate, .call = call, .method = method, .filter = twig_filter, .test = test, .file = file,
};

int twig_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	return render_template(DIALECT_TWIG, &twig, text, host, a, ret);
}

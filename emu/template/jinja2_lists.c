/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jinja2's filters that take elements. */
#include "emu/template/jinja2_filters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int elements(struct filtering *f, struct list *ret)
{
	return python_iterate(f->r, f->of, ret, NULL);
}

/* a.b.0 of an element: attributes or items. */
static int attribute_of(struct filtering *f, struct datum of, struct datum path, struct datum *ret)
{
	struct bytes rest = path.s;
	int e = 0;

	if (path.kind == DATUM_INT)
		return jinja2_item(f->r, of, path, ret);
	if (path.kind != DATUM_TEXT)
		return render_refuse(f->r, "an attribute that is no text");
	*ret = of;
	while (rest.left > 0 && e == 0) {
		size_t n = 0;
		bool number = true;

		for (; n < rest.left && rest.at[n] != '.'; n++)
			number &= rest.at[n] >= '0' && rest.at[n] <= '9';
		e = jinja2_item(f->r, *ret, number && n > 0 && n < 9 ? datum_int(strtol((const char *)text_format(f->r->arena, "%.*s", (int)n, (const char *)rest.at).at, NULL, 10))
		                                      : datum_text(text_cut(rest, 0, n)), ret);
		rest = text_cut(rest, n + 1, rest.left);
	}
	return e;
}

static int filter_join(struct filtering *f)
{
	struct datum between = datum_words(""), attribute = datum_none(), d;
	struct list all, texts = { 0 };
	struct bytes s, by;
	int e = elements(f, &all);

	argument_of(f->a, 0, "d", &between);
	argument_of(f->a, 1, "attribute", &attribute);
	for (size_t i = 0; i < all.count && e == 0; i++) {
		d = all.at[i];
		if (attribute.kind != DATUM_NONE && (e = attribute_of(f, all.at[i], attribute, &d)) < 0)
			return e;
		if ((e = python_str(f->r, d, &s)) == 0)
			e = list_put(&texts, f->r->arena, datum_text(s));
		f->of.open |= d.open;
	}
	if (e < 0 || (e = python_str(f->r, between, &by)) < 0)
		return e;
	*f->ret = datum_text((struct bytes){ 0 });
	f->ret->open = f->of.open;
	return python_join(f->r, by, &texts, &f->ret->s);
}

static int copy_to(struct filtering *f, const struct list *l, enum list_form form, const char *maker)
{
	int e = 0;

	*f->ret = datum_list(f->r->arena, form);
	for (size_t i = 0; i < l->count && e == 0; i++)
		e = list_put(f->ret->list, f->r->arena, l->at[i]);
	if (f->ret->list == NULL)
		return -ENOMEM;
	f->ret->list->maker = maker;
	return e;
}

static int filter_list(struct filtering *f)
{
	struct list all;
	int e = elements(f, &all);

	return e < 0 ? e : copy_to(f, &all, FORM_LIST, NULL);
}

static int filter_ends(struct filtering *f)
{
	struct list all;
	int e;

	if (f->name.at[0] == 'l' && f->of.kind == DATUM_LIST && f->of.list->form == FORM_GENERATOR)
		return render_fail(f->r, "'generator' object is not reversible");
	if ((e = elements(f, &all)) < 0)
		return e;
	if (all.count == 0)
		*f->ret = (struct datum){ .kind = DATUM_UNDEFINED, .s = bytes_text("No first item, sequence was empty.") };
	else
		*f->ret = all.at[f->name.at[0] == 'l' ? all.count - 1 : 0];
	return 0;
}

static int filter_reverse(struct filtering *f)
{
	struct list all, turned = { 0 };
	int e = elements(f, &all);

	for (size_t i = all.count; i > 0 && e == 0; i--)
		e = list_put(&turned, f->r->arena, all.at[i - 1]);
	if (e < 0)
		return e;
	if (f->of.kind == DATUM_TEXT) {
		*f->ret = datum_text((struct bytes){ 0 });
		return python_join(f->r, (struct bytes){ 0 }, &turned, &f->ret->s);
	}
	return f->of.kind == DATUM_LIST ? copy_to(f, &turned, FORM_GENERATOR, NULL) : copy_to(f, &turned, FORM_GENERATOR, NULL);
}

/* Without case where the filter does not ask for it. */
static struct datum folded(struct filtering *f, struct datum d, bool exact)
{
	if (!exact && d.kind == DATUM_TEXT)
		d.s = python_upper(f->r->arena, d.s, false);
	return d;
}

static int sort_by(struct filtering *f, struct list *all, struct datum attribute, bool exact, bool reverse)
{
	struct list keys = { 0 }, copy = { 0 };
	struct datum key;
	int e = 0, order;

	for (size_t i = 0; i < all->count && e == 0; i++) {
		key = all->at[i];
		if (attribute.kind != DATUM_NONE && (e = attribute_of(f, all->at[i], attribute, &key)) < 0)
			return e;
		if ((e = list_put(&keys, f->r->arena, folded(f, key, exact))) == 0)
			e = list_put(&copy, f->r->arena, all->at[i]);
	}
	*all = copy;
	for (size_t i = 1; i < all->count && e == 0; i++) { /* stable, as Python's */
		struct datum one = all->at[i], its = keys.at[i];
		size_t k = i;

		for (; k > 0; k--) {
			if ((e = python_order(f->r, reverse ? keys.at[k - 1] : its, reverse ? its : keys.at[k - 1], &order)) < 0 || (e = render_work(f->r, 0)) < 0 || order >= 0)
				break;
			all->at[k] = all->at[k - 1];
			keys.at[k] = keys.at[k - 1];
		}
		all->at[k] = one;
		keys.at[k] = its;
	}
	return e;
}

static bool truth_argument(struct filtering *f, size_t place, const char *name, bool otherwise)
{
	struct datum d;
	bool truth = otherwise;

	if (argument_of(f->a, place, name, &d) && python_truth(f->r, d, &truth) < 0)
		truth = otherwise;
	return truth;
}

static int filter_sort(struct filtering *f)
{
	struct datum attribute = datum_none();
	struct list all;
	int e = elements(f, &all);

	argument_of(f->a, 2, "attribute", &attribute);
	if (e == 0)
		e = sort_by(f, &all, attribute, truth_argument(f, 1, "case_sensitive", false), truth_argument(f, 0, "reverse", false));
	return e < 0 ? e : copy_to(f, &all, FORM_LIST, NULL);
}

static int filter_dictsort(struct filtering *f)
{
	static const struct arguments none;
	struct datum by = datum_words("key");
	struct list all;
	int e;

	if (f->of.kind != DATUM_DICT)
		return f->of.kind == DATUM_UNDEFINED ? jinja2_undefined(f->r, f->of) : render_fail(f->r, "'%s object' has no attribute 'items'", python_type(f->of));
	argument_of(f->a, 1, "by", &by);
	if ((e = python_method(f->r, f->of, bytes_text("items"), &none, &f->of)) < 0 || (e = elements(f, &all)) < 0)
		return e;
	e = sort_by(f, &all, datum_int(bytes_equal(by.s, bytes_text("value"))), truth_argument(f, 0, "case_sensitive", false), truth_argument(f, 2, "reverse", false));
	return e < 0 ? e : copy_to(f, &all, FORM_LIST, NULL);
}

static int filter_unique(struct filtering *f)
{
	struct list all, kept = { 0 };
	bool exact = truth_argument(f, 0, "case_sensitive", false);
	int e = elements(f, &all);

	for (size_t i = 0; i < all.count && e == 0; i++) {
		bool seen = false;

		if (all.at[i].kind == DATUM_DICT || (all.at[i].kind == DATUM_LIST && all.at[i].list->form == FORM_LIST))
			return render_fail(f->r, "unhashable type: '%s'", python_type(all.at[i]));
		for (size_t k = 0; k < kept.count && !seen; k++)
			seen = python_equal(folded(f, kept.at[k], exact), folded(f, all.at[i], exact));
		if (!seen)
			e = list_put(&kept, f->r->arena, all.at[i]);
		if (e == 0)
			e = render_work(f->r, kept.count * 16);
	}
	return e < 0 ? e : copy_to(f, &kept, FORM_GENERATOR, "do_unique");
}

static int filter_extreme(struct filtering *f)
{
	struct datum attribute = datum_none(), best = datum_none(), key, best_key = datum_none();
	bool exact = truth_argument(f, 0, "case_sensitive", false), max = bytes_equal(f->name, bytes_text("max"));
	struct list all;
	int e = elements(f, &all), order = 0;

	argument_of(f->a, 1, "attribute", &attribute);
	if (e == 0 && all.count == 0) {
		*f->ret = (struct datum){ .kind = DATUM_UNDEFINED, .s = bytes_text("No aggregated item, sequence was empty.") };
		return 0;
	}
	for (size_t i = 0; i < all.count && e == 0; i++) {
		key = all.at[i];
		if (attribute.kind != DATUM_NONE && (e = attribute_of(f, all.at[i], attribute, &key)) < 0)
			return e;
		key = folded(f, key, exact);
		if (i == 0 || ((e = python_order(f->r, key, best_key, &order)) == 0 && (max ? order > 0 : order < 0))) {
			best = all.at[i];
			best_key = key;
		}
	}
	*f->ret = best;
	return e;
}

static int filter_sum(struct filtering *f)
{
	struct datum attribute = datum_none(), d, sum = datum_int(0);
	struct list all;
	int e = elements(f, &all);

	argument_of(f->a, 0, "attribute", &attribute);
	argument_of(f->a, 1, "start", &sum);
	for (size_t i = 0; i < all.count && e == 0; i++) {
		d = all.at[i];
		if (attribute.kind != DATUM_NONE && (e = attribute_of(f, all.at[i], attribute, &d)) < 0)
			return e;
		if (sum.kind == DATUM_TEXT)
			return render_fail(f->r, "sum() can't sum strings [use ''.join(seq) instead]");
		e = python_binary(f->r, '+', sum, d, &sum);
	}
	*f->ret = sum;
	return e;
}

/* batch and slice: lists of lists. */
static int filter_cut(struct filtering *f)
{
	bool batch = f->name.at[0] == 'b';
	struct datum count, fill = datum_none(), part;
	struct list all, whole = { 0 };
	size_t at = 0, n, each;
	int e = elements(f, &all);

	if (e < 0 || !argument_of(f->a, 0, batch ? "linecount" : "slices", &count) || count.kind != DATUM_INT || count.i < 1 || count.i > RENDER_LIST_MAX)
		return e < 0 ? e : render_refuse(f->r, "batch() of such a count");
	argument_of(f->a, 1, "fill_with", &fill);
	n = batch ? (all.count + (size_t)count.i - 1) / (size_t)count.i : (size_t)count.i;
	each = all.count / (size_t)count.i;
	for (size_t i = 0; i < n && e == 0; i++) {
		size_t to = batch ? at + (size_t)count.i : at + each + (i < all.count % (size_t)count.i);

		part = datum_list(f->r->arena, FORM_LIST);
		for (; at < to && e == 0; at++) {
			if (at < all.count)
				e = list_put(part.list, f->r->arena, all.at[at]);
			else if (fill.kind != DATUM_NONE)
				e = list_put(part.list, f->r->arena, fill);
		}
		if (!batch && fill.kind != DATUM_NONE && e == 0 && i >= all.count % (size_t)count.i && all.count % (size_t)count.i != 0)
			e = list_put(part.list, f->r->arena, fill);
		if (e == 0)
			e = list_put(&whole, f->r->arena, part);
	}
	return e < 0 ? e : copy_to(f, &whole, FORM_GENERATOR, batch ? "do_batch" : "sync_do_slice");
}

/* The arguments behind the first n. */
static struct arguments rest_of(const struct arguments *a, size_t n)
{
	struct arguments rest = *a;

	n = n < rest.positional.count ? n : rest.positional.count;
	if (n > 0)
		rest.positional.at += n;
	rest.positional.count -= n;
	rest.positional.room = rest.positional.count;
	return rest;
}

static int filter_map(struct filtering *f)
{
	struct datum name = datum_none(), attribute = datum_none(), otherwise = datum_none(), d;
	struct list all, made = { 0 };
	struct arguments rest = rest_of(f->a, 1);
	bool by_attribute = f->a->positional.count == 0 && argument_of(f->a, 99, "attribute", &attribute);
	int e = elements(f, &all);

	argument_of(f->a, 99, "default", &otherwise);
	if (!by_attribute && (!argument_of(f->a, 0, NULL, &name) || name.kind != DATUM_TEXT))
		return render_fail(f->r, "map requires a filter argument");
	for (size_t i = 0; i < all.count && e == 0; i++) {
		e = by_attribute ? attribute_of(f, all.at[i], attribute, &d) : jinja2_filter(f->r, name.s, all.at[i], &rest, &d);
		if (by_attribute && e == 0 && d.kind == DATUM_UNDEFINED && otherwise.kind != DATUM_NONE)
			d = otherwise;
		if (e == 0)
			e = list_put(&made, f->r->arena, d);
	}
	return e < 0 ? e : copy_to(f, &made, FORM_GENERATOR, "sync_do_map");
}

static int filter_select(struct filtering *f)
{
	bool by_attribute = bytes_find(f->name, bytes_text("attr")) >= 0, reject = f->name.at[0] == 'r', truth;
	struct datum attribute = datum_none(), test = datum_none(), d;
	struct arguments rest = rest_of(f->a, by_attribute ? 2 : 1);
	struct list all, kept = { 0 };
	int e = elements(f, &all);

	if (by_attribute && !argument_of(f->a, 0, NULL, &attribute))
		return render_fail(f->r, "Missing parameter for attribute name");
	argument_of(f->a, by_attribute, NULL, &test);
	for (size_t i = 0; i < all.count && e == 0; i++) {
		d = all.at[i];
		if (by_attribute && (e = attribute_of(f, all.at[i], attribute, &d)) < 0)
			return e;
		e = test.kind == DATUM_TEXT ? jinja2_test(f->r, test.s, d, &rest, &truth) : python_truth(f->r, d, &truth);
		if (e == 0 && truth != reject)
			e = list_put(&kept, f->r->arena, all.at[i]);
	}
	return e < 0 ? e : copy_to(f, &kept, FORM_GENERATOR, "select_or_reject");
}

static int filter_items(struct filtering *f)
{
	static const struct arguments none;
	int e;

	if (f->of.kind != DATUM_DICT)
		return f->of.kind == DATUM_UNDEFINED ? copy_to(f, &(struct list){ 0 }, FORM_GENERATOR, "do_items") : render_fail(f->r, "Can only get item pairs from a mapping.");
	e = python_method(f->r, f->of, bytes_text("items"), &none, f->ret);
	if (e == 0) {
		f->ret->list->form = FORM_GENERATOR;
		f->ret->list->maker = "do_items";
	}
	return e;
}

static const struct { const char *name; int (*run)(struct filtering *); } filters[] = {
	{ "join", filter_join }, { "list", filter_list }, { "first", filter_ends }, { "last", filter_ends }, { "reverse", filter_reverse },
	{ "sort", filter_sort }, { "dictsort", filter_dictsort }, { "unique", filter_unique }, { "min", filter_extreme }, { "max", filter_extreme },
	{ "sum", filter_sum }, { "batch", filter_cut }, { "slice", filter_cut }, { "map", filter_map }, { "select", filter_select },
	{ "reject", filter_select }, { "selectattr", filter_select }, { "rejectattr", filter_select }, { "items", filter_items },
};

/* Filters there are, but not here. */
static const char *const others[] = { "filesizeformat", "groupby", "pprint", "random", "striptags", "tojson", "urlize", "wordwrap", "xmlattr" };

int jinja2_filter_list(struct filtering *f)
{
	int e;

	for (unsigned i = 0; i < COUNT_OF(filters); i++) {
		if (bytes_equal(f->name, bytes_text(filters[i].name)))
			return (e = render_work(f->r, 0)) < 0 ? e : filters[i].run(f);
	}
	for (unsigned i = 0; i < COUNT_OF(others); i++) {
		if (bytes_equal(f->name, bytes_text(others[i])))
			return render_refuse(f->r, others[i]);
	}
	return -ENOENT;
}

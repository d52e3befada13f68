/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twig's filters of arrays. */
#include "emu/template/twig_filters.h"

#include <errno.h>
#include <string.h>

static int not_array(struct filtering *f)
{
	return render_fail(f->r, "The \"%.*s\" filter expects an array or \"Traversable\", got \"%s\".", (int)f->name.left, (const char *)f->name.at, php_type(f->of));
}

int twig_invoke(struct render *r, struct datum callable, const struct datum *values, size_t count, struct datum *ret)
{
	struct arguments a = { 0 };
	int e = 0;

	for (size_t i = 0; i < count && e == 0; i++)
		e = list_put(&a.positional, r->arena, values[i]);
	if (e < 0)
		return e;
	if (callable.kind == DATUM_CODE)
		return render_closure(r, callable.code, &a, ret);
	if (callable.kind != DATUM_TEXT)
		return render_fail(r, "Value not callable");
	e = php_call(r, callable.s, &a, ret);
	return e == -ENOENT ? render_fail(r, "Call to undefined function %.*s()", (int)(callable.s.left < 100 ? callable.s.left : 100), (const char *)callable.s.at) : e;
}

static int filter_join(struct filtering *f)
{
	struct datum glue = datum_words(""), and = datum_none();
	struct bytes between, last, whole = { 0 }, one;
	size_t count = f->of.kind == DATUM_DICT ? f->of.dict->count : 0;
	int e;

	argument_of(f->a, 0, "glue", &glue);
	argument_of(f->a, 1, "and", &and);
	if ((e = php_text(f->r, glue, &between)) < 0)
		return e;
	last = between;
	if (and.kind != DATUM_NONE && (e = php_text(f->r, and, &last)) < 0)
		return e;
	*f->ret = datum_words("");
	if (f->of.kind != DATUM_DICT)
		return php_text(f->r, f->of, &f->ret->s);
	for (size_t i = 0; i < count; i++) {
		if ((e = php_text(f->r, f->of.dict->values[i], &one)) < 0 || (e = render_work(f->r, whole.left + one.left)) < 0)
			return e;
		f->of.open |= f->of.dict->values[i].open;
		if (i > 0)
			whole = text_join(f->r->arena, whole, i + 1 == count ? last : between);
		whole = text_join(f->r->arena, whole, one);
	}
	f->ret->s = whole;
	return render_full(f->r);
}

/* map, filter: of each value and its key. */
static int filter_each(struct filtering *f)
{
	bool map = f->name.at[0] == 'm', truth = true;
	struct datum callable, pair[2], made;
	int e = 0;

	if (!argument_of(f->a, 0, "arrow", &callable))
		return render_fail(f->r, "Value for argument \"arrow\" is required");
	if (f->of.kind != DATUM_DICT)
		return not_array(f);
	*f->ret = datum_dict(f->r->arena);
	for (size_t i = 0; i < f->of.dict->count && e == 0; i++) {
		pair[0] = f->of.dict->values[i];
		pair[1] = f->of.dict->keys[i];
		if ((e = twig_invoke(f->r, callable, pair, 2, &made)) < 0 || (!map && (e = php_truth(f->r, made, &truth)) < 0))
			return e;
		if (map || truth)
			e = php_array_set(f->r, f->ret->dict, pair[1], map ? made : pair[0]);
	}
	return e == 0 && f->ret->dict == NULL ? -ENOMEM : e;
}

static int filter_reduce(struct filtering *f)
{
	struct datum callable, initial = datum_none(), three[3];
	int e = 0;

	if (!argument_of(f->a, 0, "arrow", &callable))
		return render_fail(f->r, "Value for argument \"arrow\" is required");
	argument_of(f->a, 1, "initial", &initial);
	if (f->of.kind != DATUM_DICT)
		return not_array(f);
	for (size_t i = 0; i < f->of.dict->count && e == 0; i++) {
		three[0] = initial;
		three[1] = f->of.dict->values[i];
		three[2] = f->of.dict->keys[i];
		/* releases before 3 gave no key, and a function of PHP's own takes no more than it knows */
		f->r->out->open |= callable.kind == DATUM_TEXT;
		e = twig_invoke(f->r, callable, three, callable.kind == DATUM_TEXT ? 2 : 3, &initial);
	}
	*f->ret = initial;
	return e;
}

static int filter_sort(struct filtering *f)
{
	struct datum callable = datum_none(), pair[2], made;
	struct dict *d;
	int e = 0, order = 0;

	argument_of(f->a, 0, "arrow", &callable);
	if (f->of.kind != DATUM_DICT)
		return render_fail(f->r, "The sort filter only works with arrays or \"Traversable\", got \"%s\".", php_type(f->of));
	*f->ret = datum_dict(f->r->arena);
	d = f->ret->dict;
	for (size_t i = 0; i < f->of.dict->count && e == 0; i++)
		e = php_array_set(f->r, d, f->of.dict->keys[i], f->of.dict->values[i]);
	for (size_t i = 1; d != NULL && i < d->count && e == 0; i++) { /* stable, as PHP's */
		struct datum value = d->values[i], key = d->keys[i];
		size_t k = i;

		for (; k > 0; k--) {
			pair[0] = d->values[k - 1];
			pair[1] = value;
			if (callable.kind == DATUM_NONE)
				e = php_compare(f->r, pair[0], pair[1], &order);
			else if ((e = twig_invoke(f->r, callable, pair, 2, &made)) == 0)
				order = php_int(made) > 0 ? 1 : 0;
			if (e < 0 || (e = render_work(f->r, 0)) < 0 || order <= 0)
				break;
			d->values[k] = d->values[k - 1];
			d->keys[k] = d->keys[k - 1];
		}
		d->values[k] = value;
		d->keys[k] = key;
	}
	return e;
}

static int filter_merge(struct filtering *f)
{
	struct datum other;
	int e = 0;

	if (!argument_of(f->a, 0, "arr2", &other) || f->of.kind != DATUM_DICT || other.kind != DATUM_DICT)
		return render_fail(f->r, "The merge filter only works with arrays or \"Traversable\", got \"%s\" as first argument.", php_type(f->of));
	*f->ret = datum_dict(f->r->arena);
	for (unsigned which = 0; which < 2; which++) {
		const struct dict *d = which == 0 ? f->of.dict : other.dict;

		for (size_t i = 0; i < d->count && e == 0; i++)
			e = d->keys[i].kind == DATUM_TEXT ? php_array_set(f->r, f->ret->dict, d->keys[i], d->values[i]) : php_array_push(f->r, f->ret->dict, d->values[i]);
	}
	return e;
}

static int filter_batch(struct filtering *f)
{
	struct datum size, fill = datum_none(), part = datum_none();
	int64_t n;
	int e = 0;

	if (!argument_of(f->a, 0, "size", &size) || f->of.kind != DATUM_DICT)
		return not_array(f);
	argument_of(f->a, 1, "fill", &fill);
	if (size.kind == DATUM_REAL || (n = php_int(size)) < 1 || n > RENDER_LIST_MAX)
		return size.kind == DATUM_REAL ? render_refuse(f->r, "batch of such a size") : render_fail(f->r, "array_chunk(): Argument #2 ($length) must be greater than 0");
	*f->ret = datum_dict(f->r->arena);
	for (size_t i = 0; i < f->of.dict->count && e == 0; i++) {
		if (i % (size_t)n == 0) {
			part = datum_dict(f->r->arena);
			e = php_array_push(f->r, f->ret->dict, part);
		}
		if (e == 0)
			e = php_array_set(f->r, part.dict, f->of.dict->keys[i], f->of.dict->values[i]);
	}
	while (e == 0 && fill.kind != DATUM_NONE && part.kind == DATUM_DICT && part.dict->count < (size_t)n)
		e = php_array_push(f->r, part.dict, fill);
	return e;
}

static int filter_column(struct filtering *f)
{
	struct datum name, *found;
	int e = 0;

	if (!argument_of(f->a, 0, "name", &name) || f->of.kind != DATUM_DICT)
		return not_array(f);
	*f->ret = datum_dict(f->r->arena);
	for (size_t i = 0; i < f->of.dict->count && e == 0; i++) {
		if (f->of.dict->values[i].kind == DATUM_DICT && (found = php_array_find(f->of.dict->values[i].dict, php_key(name))) != NULL)
			e = php_array_push(f->r, f->ret->dict, *found);
	}
	return e;
}

static int filter_keys(struct filtering *f)
{
	int e = 0;

	*f->ret = datum_dict(f->r->arena);
	for (size_t i = 0; f->of.kind == DATUM_DICT && i < f->of.dict->count && e == 0; i++)
		e = php_array_push(f->r, f->ret->dict, f->of.dict->keys[i]);
	return e;
}

static int filter_reverse(struct filtering *f)
{
	struct datum keep = datum_bool(false);
	struct bytes s, whole = { 0 };
	size_t len;
	int e = 0;

	argument_of(f->a, 0, "preserveKeys", &keep);
	if (f->of.kind != DATUM_DICT) {
		if ((e = php_text(f->r, f->of, &s)) < 0)
			return e;
		for (size_t i = 0; i < s.left; i += len) {
			(void)text_point(text_cut(s, i, s.left), &len);
			whole = text_join(f->r->arena, text_cut(s, i, i + len), whole);
		}
		*f->ret = datum_text(whole);
		return (e = render_work(f->r, s.left * s.left / 4)) < 0 ? e : render_full(f->r);
	}
	*f->ret = datum_dict(f->r->arena);
	for (size_t i = f->of.dict->count; i > 0 && e == 0; i--)
		e = f->of.dict->keys[i - 1].kind == DATUM_TEXT || keep.i != 0 ? php_array_set(f->r, f->ret->dict, f->of.dict->keys[i - 1], f->of.dict->values[i - 1])
		                                                              : php_array_push(f->r, f->ret->dict, f->of.dict->values[i - 1]);
	return e;
}

static int filter_slice(struct filtering *f)
{
	struct datum start = datum_int(0), length = datum_none(), keep = datum_bool(false), of = f->of;
	int e = 0;

	argument_of(f->a, 0, "start", &start);
	argument_of(f->a, 1, "length", &length);
	argument_of(f->a, 2, "preserveKeys", &keep);
	if (of.kind != DATUM_DICT && (e = php_text(f->r, of, &of.s)) < 0)
		return e;
	return php_slice(f->r, of, php_int(start), length, keep.kind == DATUM_BOOL && keep.i, f->ret);
}

static int filter_ends(struct filtering *f)
{
	bool last = f->name.at[0] == 'l';
	struct datum of = f->of, one;
	int e;

	if (of.kind != DATUM_DICT && (e = php_text(f->r, of, &of.s)) < 0)
		return e;
	if ((e = php_slice(f->r, of, last ? -1 : 0, datum_int(1), false, &one)) < 0)
		return e;
	*f->ret = one.kind != DATUM_DICT ? one : one.dict->count > 0 ? one.dict->values[0] : datum_bool(false);
	return 0;
}

static int filter_length(struct filtering *f)
{
	struct bytes s;
	int e;

	if (f->of.kind == DATUM_DICT) {
		*f->ret = datum_int((int64_t)f->of.dict->count);
		return 0;
	}
	e = php_text(f->r, f->of, &s);
	*f->ret = datum_int((int64_t)text_length(s));
	return e;
}

static const struct { const char *name; int (*run)(struct filtering *); } filters[] = {
	{ "join", filter_join }, { "map", filter_each }, { "filter", filter_each }, { "reduce", filter_reduce }, { "sort", filter_sort },
	{ "merge", filter_merge }, { "batch", filter_batch }, { "column", filter_column }, { "keys", filter_keys }, { "reverse", filter_reverse },
	{ "slice", filter_slice }, { "first", filter_ends }, { "last", filter_ends }, { "length", filter_length },
};

int twig_filter_list(struct filtering *f)
{
	int e;

	for (unsigned i = 0; i < COUNT_OF(filters); i++) {
		if (bytes_equal(f->name, bytes_text(filters[i].name)))
			return (e = render_work(f->r, 0)) < 0 ? e : filters[i].run(f);
	}
	return -ENOENT;
}

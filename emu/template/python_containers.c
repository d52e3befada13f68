/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods of Python's lists and dictionaries: those that look, and those that change. */
#include "emu/template/python_containers.h"

#include <errno.h>
#include <string.h>

struct call {
	struct render *r;
	struct datum of;
	const struct arguments *a;
	struct bytes name;
	struct datum *ret;
};

static int list_append(struct call *c)
{
	struct datum d;

	if (!argument_of(c->a, 0, NULL, &d))
		return render_fail(c->r, "list.append() takes exactly one argument (0 given)");
	return list_put(c->of.list, c->r->arena, d);
}

static int list_extend(struct call *c)
{
	struct list all;
	struct datum d;
	int e;

	if (!argument_of(c->a, 0, NULL, &d))
		return render_fail(c->r, "list.extend() takes exactly one argument (0 given)");
	e = python_iterate(c->r, d, &all, NULL);
	for (size_t i = 0; i < all.count && e == 0; i++)
		e = list_put(c->of.list, c->r->arena, all.at[i]);
	return e;
}

static int list_pop(struct call *c)
{
	struct datum d = datum_int(-1);
	struct list *l = c->of.list;
	int64_t i;

	argument_of(c->a, 0, NULL, &d);
	if (l->count == 0)
		return render_fail(c->r, "pop from empty list");
	i = d.i < 0 ? d.i + (int64_t)l->count : d.i;
	if ((d.kind != DATUM_INT && d.kind != DATUM_BOOL) || i < 0 || (size_t)i >= l->count)
		return render_fail(c->r, "pop index out of range");
	*c->ret = l->at[i];
	memmove(&l->at[i], &l->at[i + 1], (l->count - (size_t)i - 1) * sizeof(*l->at));
	l->count--;
	return 0;
}

static int list_insert(struct call *c)
{
	struct list *l = c->of.list;
	struct datum at, d;
	int64_t i;
	int e;

	if (!argument_of(c->a, 0, NULL, &at) || !argument_of(c->a, 1, NULL, &d) || at.kind != DATUM_INT)
		return render_fail(c->r, "insert expected 2 arguments, got %zu", c->a->positional.count);
	i = at.i < 0 ? at.i + (int64_t)l->count : at.i;
	i = i < 0 ? 0 : i > (int64_t)l->count ? (int64_t)l->count : i;
	if ((e = list_put(l, c->r->arena, d)) < 0)
		return e;
	memmove(&l->at[i + 1], &l->at[i], (l->count - 1 - (size_t)i) * sizeof(*l->at));
	l->at[i] = d;
	return 0;
}

static int list_index(struct call *c)
{
	int64_t found = -1, times = 0;
	struct datum d;

	if (!argument_of(c->a, 0, NULL, &d))
		return render_fail(c->r, "index expected at least 1 argument, got 0");
	for (size_t i = 0; i < c->of.list->count; i++) {
		if (python_equal(c->of.list->at[i], d)) {
			found = found < 0 ? (int64_t)i : found;
			times++;
		}
	}
	*c->ret = datum_int(c->name.at[0] == 'c' ? times : found);
	if (c->name.at[0] == 'i' && found < 0)
		return render_fail(c->r, c->of.list->form == FORM_TUPLE ? "tuple.index(x): x not in tuple" : "list.index(x): x not in list");
	return 0;
}

static int list_reverse(struct call *c)
{
	struct list *l = c->of.list;

	for (size_t i = 0; i < l->count / 2; i++) {
		struct datum d = l->at[i];

		l->at[i] = l->at[l->count - 1 - i];
		l->at[l->count - 1 - i] = d;
	}
	return 0;
}

static int copy_of(struct call *c)
{
	int e = 0;

	if (c->of.kind == DATUM_LIST) {
		*c->ret = datum_list(c->r->arena, FORM_LIST);
		for (size_t i = 0; i < c->of.list->count && e == 0; i++)
			e = list_put(c->ret->list, c->r->arena, c->of.list->at[i]);
		return e;
	}
	*c->ret = datum_dict(c->r->arena);
	for (size_t i = 0; i < c->of.dict->count && e == 0; i++)
		e = dict_put(c->ret->dict, c->r->arena, c->of.dict->keys[i], c->of.dict->values[i]);
	return e;
}

static int dict_view(struct call *c)
{
	enum list_form form = c->name.at[0] == 'k' ? FORM_KEYS : c->name.at[0] == 'v' ? FORM_VALUES : FORM_ITEMS;
	struct dict *d = c->of.dict;
	int e = 0;

	*c->ret = datum_list(c->r->arena, form);
	for (size_t i = 0; i < d->count && e == 0; i++) {
		struct datum pair = form == FORM_KEYS ? d->keys[i] : d->values[i];

		if (form == FORM_ITEMS) {
			pair = datum_list(c->r->arena, FORM_TUPLE);
			if ((e = list_put(pair.list, c->r->arena, d->keys[i])) < 0 || (e = list_put(pair.list, c->r->arena, d->values[i])) < 0)
				return e;
		}
		e = list_put(c->ret->list, c->r->arena, pair);
	}
	return e == 0 && c->ret->list == NULL ? -ENOMEM : e;
}

static int dict_get(struct call *c)
{
	struct datum key, *found;

	if (!argument_of(c->a, 0, NULL, &key))
		return render_fail(c->r, "get expected at least 1 argument, got 0");
	*c->ret = datum_none();
	argument_of(c->a, 1, NULL, c->ret);
	if ((found = python_dict_find(c->of.dict, key)) != NULL)
		*c->ret = *found;
	return 0;
}

static int dict_update(struct call *c)
{
	struct datum d;
	int e = 0;

	if (argument_of(c->a, 0, NULL, &d)) {
		if (d.kind != DATUM_DICT)
			return render_refuse(c->r, "update() of pairs");
		for (size_t i = 0; i < d.dict->count && e == 0; i++)
			e = python_dict_set(c->r, c->of.dict, d.dict->keys[i], d.dict->values[i]);
	}
	for (size_t i = 0; i < c->a->named.count && e == 0; i++)
		e = python_dict_set(c->r, c->of.dict, c->a->named.keys[i], c->a->named.values[i]);
	return e;
}

static int dict_pop(struct call *c)
{
	struct dict *d = c->of.dict;
	struct datum key;

	if (!argument_of(c->a, 0, NULL, &key))
		return render_fail(c->r, "pop expected at least 1 argument, got 0");
	for (size_t i = 0; i < d->count; i++) {
		if (!python_equal(d->keys[i], key))
			continue;
		*c->ret = d->values[i];
		memmove(&d->keys[i], &d->keys[i + 1], (d->count - i - 1) * sizeof(*d->keys));
		memmove(&d->values[i], &d->values[i + 1], (d->count - i - 1) * sizeof(*d->values));
		d->count--;
		return 0;
	}
	return argument_of(c->a, 1, NULL, c->ret) ? 0 : render_fail(c->r, "key not in dictionary");
}

static int dict_default(struct call *c)
{
	struct datum key, *found;

	if (!argument_of(c->a, 0, NULL, &key))
		return render_fail(c->r, "setdefault expected at least 1 argument, got 0");
	*c->ret = datum_none();
	argument_of(c->a, 1, NULL, c->ret);
	if ((found = python_dict_find(c->of.dict, key)) != NULL) {
		*c->ret = *found;
		return 0;
	}
	return dict_put(c->of.dict, c->r->arena, key, *c->ret);
}

static int item_of(struct call *c)
{
	struct datum key;

	if (!argument_of(c->a, 0, NULL, &key))
		return render_fail(c->r, "expected 1 argument, got 0");
	return python_item(c->r, c->of, key, c->ret) == -ENOENT ? render_fail(c->r, "index out of range") : 0;
}

static int clear(struct call *c)
{
	if (c->of.kind == DATUM_LIST)
		c->of.list->count = 0;
	else
		c->of.dict->count = 0;
	return 0;
}

enum { OF_LIST = 1, OF_TUPLE = 2, OF_DICT = 4 };

static const struct { const char *name; unsigned of; int (*run)(struct call *); } methods[] = {
	{ "append", OF_LIST, list_append }, { "extend", OF_LIST, list_extend }, { "pop", OF_LIST, list_pop }, { "insert", OF_LIST, list_insert },
	{ "index", OF_LIST | OF_TUPLE, list_index }, { "count", OF_LIST | OF_TUPLE, list_index }, { "reverse", OF_LIST, list_reverse },
	{ "copy", OF_LIST | OF_DICT, copy_of }, { "clear", OF_LIST | OF_DICT, clear }, { "keys", OF_DICT, dict_view }, { "values", OF_DICT, dict_view },
	{ "items", OF_DICT, dict_view }, { "get", OF_DICT, dict_get }, { "update", OF_DICT, dict_update }, { "pop", OF_DICT, dict_pop },
	{ "setdefault", OF_DICT, dict_default }, { "__getitem__", OF_LIST | OF_TUPLE | OF_DICT, item_of },
};

static unsigned kind_of(struct datum d)
{
	if (d.kind == DATUM_DICT)
		return OF_DICT;
	return d.list->form == FORM_LIST ? OF_LIST : d.list->form == FORM_TUPLE ? OF_TUPLE : 0;
}

bool python_container_has(struct datum of, struct bytes name)
{
	for (unsigned i = 0; i < COUNT_OF(methods); i++) {
		if ((methods[i].of & kind_of(of)) != 0 && bytes_equal(name, bytes_text(methods[i].name)))
			return true;
	}
	return false;
}

int python_container_method(struct render *r, struct datum of, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct call c = { .r = r, .of = of, .a = a, .name = name, .ret = ret };

	for (unsigned i = 0; i < COUNT_OF(methods); i++) {
		int e;

		if ((methods[i].of & kind_of(of)) == 0 || !bytes_equal(name, bytes_text(methods[i].name)))
			continue;
		*ret = datum_none();
		if ((e = render_work(r, of.kind == DATUM_LIST ? of.list->count * 16 : of.dict->count * 16)) < 0)
			return e;
		e = methods[i].run(&c);
		ret->open |= of.open;
		return e;
	}
	return -ENOENT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements of Python's values: iteration, items, slices, lengths. */
#include "emu/template/python.h"

#include <errno.h>

struct datum *python_dict_find(const struct dict *d, struct datum key)
{
	for (size_t i = 0; i < d->count; i++) {
		if (python_equal(d->keys[i], key))
			return &d->values[i];
	}
	return NULL;
}

int python_dict_set(struct render *r, struct dict *d, struct datum key, struct datum value)
{
	struct datum *found = python_dict_find(d, key);
	int e = render_work(r, d->count * 8);

	if (e < 0)
		return e;
	if (found == NULL)
		return dict_put(d, r->arena, key, value);
	*found = value;
	return 0;
}

static int characters(struct render *r, struct datum d, struct list *ret)
{
	size_t len;
	int e = 0;

	for (size_t i = 0; i < d.s.left && e == 0; i += len) {
		if (d.raw) {
			len = 1;
			e = list_put(ret, r->arena, datum_int(d.s.at[i]));
		} else {
			(void)text_point(text_cut(d.s, i, d.s.left), &len);
			e = list_put(ret, r->arena, datum_text(text_cut(d.s, i, i + len)));
		}
		if (e == 0)
			e = render_work(r, 0);
	}
	return e;
}

int python_iterate(struct render *r, struct datum d, struct list *ret, struct list *keys)
{
	int e = 0;

	(void)keys;
	*ret = (struct list){ 0 };
	switch (d.kind) {
	case DATUM_UNDEFINED: return 0;
	case DATUM_TEXT: return characters(r, d, ret);
	case DATUM_LIST:
		*ret = *d.list;
		ret->form = FORM_LIST;
		ret->room = ret->count; /* what is added goes into a copy */
		if (d.list->form == FORM_GENERATOR)
			d.list->count = 0;
		return render_work(r, ret->count * 16);
	case DATUM_DICT:
		for (size_t i = 0; i < d.dict->count && e == 0; i++)
			e = list_put(ret, r->arena, d.dict->keys[i]);
		return e;
	case DATUM_OBJECT: return python_object_iterate(r, d, ret);
	default: return render_fail(r, "'%s' object is not iterable", python_type(d));
	}
}

int python_length(struct render *r, struct datum d, size_t *ret)
{
	if (d.kind == DATUM_TEXT)
		*ret = d.raw ? d.s.left : text_length(d.s);
	else if (d.kind == DATUM_LIST && d.list->form != FORM_GENERATOR)
		*ret = d.list->count;
	else if (d.kind == DATUM_DICT)
		*ret = d.dict->count;
	else if (d.kind == DATUM_UNDEFINED)
		*ret = 0;
	else
		return render_fail(r, "object of type '%s' has no len()", python_type(d));
	return 0;
}

int python_item(struct render *r, struct datum of, struct datum key, struct datum *ret)
{
	bool is_index = key.kind == DATUM_INT || key.kind == DATUM_BOOL;
	struct datum *found;
	size_t length = 0;
	int64_t i;

	if (of.kind == DATUM_DICT) {
		if ((found = python_dict_find(of.dict, key)) == NULL)
			return -ENOENT;
		*ret = *found;
		return 0;
	}
	if ((of.kind != DATUM_TEXT && (of.kind != DATUM_LIST || (of.list->form > FORM_TUPLE && of.list->form != FORM_RANGE))) || !is_index)
		return -ENOENT;
	(void)!python_length(r, of, &length);
	i = key.i < 0 ? key.i + (int64_t)length : key.i;
	if (i < 0 || (size_t)i >= length)
		return -ENOENT;
	if (of.kind == DATUM_LIST) {
		*ret = of.list->at[i];
	} else if (of.raw) {
		*ret = datum_int(of.s.at[i]);
	} else {
		size_t from = text_place(of.s, (size_t)i), len;

		(void)text_point(text_cut(of.s, from, of.s.left), &len);
		*ret = datum_text(text_cut(of.s, from, from + len));
	}
	ret->open |= of.open;
	return 0;
}

/* A bound of a slice, as slice.indices() has it. */
static int64_t bound_of(struct datum d, int64_t length, int64_t step, bool first)
{
	int64_t i = d.i;

	if (d.kind == DATUM_NONE)
		return step > 0 ? (first ? 0 : length) : (first ? length - 1 : -1);
	if (i < 0) {
		i = i < -length ? -1 : i + length;
		return i < 0 ? (step > 0 ? 0 : -1) : i;
	}
	return i >= length ? (step > 0 ? length : length - 1) : i;
}

int python_slice(struct render *r, struct datum of, const struct datum part[3], struct datum *ret)
{
	struct list all = { 0 };
	struct datum made;
	int64_t step, from, to;
	int e;

	for (unsigned i = 0; i < 3; i++) {
		if (part[i].kind != DATUM_NONE && part[i].kind != DATUM_INT && part[i].kind != DATUM_BOOL)
			return -ENOENT;
	}
	if (of.kind != DATUM_TEXT && !(of.kind == DATUM_LIST && (of.list->form <= FORM_TUPLE || of.list->form == FORM_RANGE)))
		return -ENOENT;
	step = part[2].kind == DATUM_NONE ? 1 : part[2].i;
	if (step == 0)
		return render_fail(r, "slice step cannot be zero");
	if (of.kind == DATUM_LIST && of.list->form == FORM_RANGE)
		return render_refuse(r, "a slice of a range");
	if ((e = python_iterate(r, of, &all, NULL)) < 0)
		return e;
	made = datum_list(r->arena, of.kind == DATUM_LIST ? of.list->form : FORM_LIST);
	from = bound_of(part[0], (int64_t)all.count, step, true);
	to = bound_of(part[1], (int64_t)all.count, step, false);
	for (int64_t i = from; step > 0 ? i < to : i > to; i += step) {
		if ((e = list_put(made.list, r->arena, all.at[i])) < 0)
			return e;
		if (step > (int64_t)all.count || step < -(int64_t)all.count)
			break;
	}
	if (of.kind == DATUM_LIST) {
		*ret = made;
		return made.list == NULL ? -ENOMEM : 0;
	}
	*ret = datum_text((struct bytes){ 0 });
	if (of.raw)
		return render_refuse(r, "a slice of bytes");
	ret->open = of.open;
	return python_join(r, (struct bytes){ 0 }, made.list, &ret->s);
}

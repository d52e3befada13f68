/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP's arrays. */
#include "emu/template/php.h"

#include <errno.h>

struct datum *php_array_find(const struct dict *d, struct datum key)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->keys[i].kind == key.kind && (key.kind == DATUM_INT ? d->keys[i].i == key.i : bytes_equal(d->keys[i].s, key.s)))
			return &d->values[i];
	}
	return NULL;
}

int php_array_set(struct render *r, struct dict *d, struct datum key, struct datum value)
{
	struct datum *found;
	int e;

	if (d == NULL)
		return -ENOMEM;
	if ((e = render_work(r, d->count * 8)) < 0)
		return e;
	key = php_key(key);
	if ((found = php_array_find(d, key)) == NULL)
		return dict_put(d, r->arena, key, value);
	*found = value;
	return 0;
}

int php_array_push(struct render *r, struct dict *d, struct datum value)
{
	int64_t next = 0;

	for (size_t i = 0; d != NULL && i < d->count; i++) {
		if (d->keys[i].kind == DATUM_INT && d->keys[i].i >= next && d->keys[i].i < INT64_MAX)
			next = d->keys[i].i + 1;
	}
	return d == NULL ? -ENOMEM : render_work(r, d->count) < 0 ? -E2BIG : dict_put(d, r->arena, datum_int(next), value);
}

int php_iterate(struct render *r, struct datum d, struct list *ret, struct list *keys)
{
	int e = 0;

	*ret = (struct list){ 0 };
	if (d.kind != DATUM_DICT)
		return 0; /* what is no array is an empty one */
	for (size_t i = 0; i < d.dict->count && e == 0; i++) {
		e = list_put(ret, r->arena, d.dict->values[i]);
		if (e == 0 && keys != NULL)
			e = list_put(keys, r->arena, d.dict->keys[i]);
	}
	return e;
}

static bool one_letter(struct datum d)
{
	struct datum n;

	return d.kind == DATUM_TEXT && d.s.left > 0 && !php_numeric(d.s, &n);
}

/* A range of integers, or of letters. */
int php_range(struct render *r, struct datum from, struct datum to, struct datum step, struct datum *ret)
{
	bool letters = one_letter(from) && one_letter(to);
	int64_t a = letters ? from.s.at[0] : php_int(from), b = letters ? to.s.at[0] : php_int(to), by = php_int(step);
	int e = 0;

	if (!letters && (from.kind == DATUM_REAL || to.kind == DATUM_REAL || step.kind == DATUM_REAL))
		return render_refuse(r, "a range of floats");
	by = by < 0 ? -by : by;
	if (by == 0)
		return render_fail(r, "range(): Argument #3 ($step) cannot be 0");
	if (a != b && (a < b ? b - a : a - b) < by)
		return render_fail(r, "range(): Argument #3 ($step) must not exceed the specified range");
	if ((uint64_t)(a < b ? b - a : a - b) / (uint64_t)by > RENDER_LIST_MAX)
		return -E2BIG;
	*ret = datum_dict(r->arena);
	for (int64_t i = a, k = 0; e == 0 && (a <= b ? i <= b : i >= b); i += a <= b ? by : -by, k++) {
		uint8_t letter = (uint8_t)i;
		struct datum one = letters ? datum_text(arena_copy(r->arena, bytes_of(&letter, 1), 1)) : datum_int(i);

		e = ret->dict == NULL ? -ENOMEM : dict_put(ret->dict, r->arena, datum_int(k), one);
		if (e == 0)
			e = render_work(r, 0);
	}
	return e;
}

int php_slice(struct render *r, struct datum of, int64_t start, struct datum length, bool keep, struct datum *ret)
{
	int64_t count = of.kind == DATUM_DICT ? (int64_t)of.dict->count : (int64_t)text_length(of.s), to;
	int e = 0;

	start = start < 0 ? (start + count < 0 ? 0 : start + count) : start > count ? count : start;
	to = length.kind == DATUM_NONE || length.kind == DATUM_UNDEFINED ? count : php_int(length) < 0 ? count + php_int(length) : php_int(length) > count - start ? count : start + php_int(length);
	to = to < start ? start : to;
	if (of.kind != DATUM_DICT) {
		*ret = datum_text(text_cut(of.s, text_place(of.s, (size_t)start), text_place(of.s, (size_t)to)));
		ret->open = of.open;
		return 0;
	}
	*ret = datum_dict(r->arena);
	for (int64_t i = start; i < to && e == 0; i++)
		e = keep || of.dict->keys[i].kind == DATUM_TEXT ? php_array_set(r, ret->dict, of.dict->keys[i], of.dict->values[i]) : php_array_push(r, ret->dict, of.dict->values[i]);
	return e == 0 && ret->dict == NULL ? -ENOMEM : e;
}

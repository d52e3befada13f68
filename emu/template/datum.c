/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values: making them, and texts made of texts. */
#include "emu/template/datum.h"

#include "control/wire/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_MAX = 1024 };

struct datum datum_none(void)
{
	return (struct datum){ .kind = DATUM_NONE };
}

struct datum datum_bool(bool b)
{
	return (struct datum){ .kind = DATUM_BOOL, .i = b };
}

struct datum datum_int(int64_t i)
{
	return (struct datum){ .kind = DATUM_INT, .i = i };
}

struct datum datum_real(double d)
{
	return (struct datum){ .kind = DATUM_REAL, .d = d };
}

struct datum datum_text(struct bytes s)
{
	return (struct datum){ .kind = DATUM_TEXT, .s = s };
}

struct datum datum_words(const char *s)
{
	return datum_text(bytes_text(s));
}

struct datum datum_list(struct arena *a, enum list_form form)
{
	struct datum made = { .kind = DATUM_LIST };

	made.list = arena_take(a, sizeof(*made.list));
	if (made.list != NULL)
		*made.list = (struct list){ .form = form };
	return made;
}

struct datum datum_dict(struct arena *a)
{
	struct datum made = { .kind = DATUM_DICT };

	made.dict = arena_take(a, sizeof(*made.dict));
	return made;
}

int list_put(struct list *l, struct arena *a, struct datum d)
{
	if (l == NULL)
		return -ENOMEM;
	if (l->count == l->room) {
		size_t room = l->room == 0 ? 8 : 2 * l->room;
		struct datum *at = arena_take(a, room * sizeof(*at));

		if (at == NULL)
			return -ENOMEM;
		if (l->count > 0)
			memcpy(at, l->at, l->count * sizeof(*at));
		l->at = at;
		l->room = room;
	}
	l->at[l->count++] = d;
	return 0;
}

int dict_put(struct dict *d, struct arena *a, struct datum key, struct datum value)
{
	if (d == NULL)
		return -ENOMEM;
	if (d->count == d->room) {
		size_t room = d->room == 0 ? 8 : 2 * d->room;
		struct datum *keys = arena_take(a, room * sizeof(*keys)), *values = arena_take(a, room * sizeof(*values));

		if (keys == NULL || values == NULL)
			return -ENOMEM;
		if (d->count > 0) {
			memcpy(keys, d->keys, d->count * sizeof(*keys));
			memcpy(values, d->values, d->count * sizeof(*values));
		}
		d->keys = keys;
		d->values = values;
		d->room = room;
	}
	d->keys[d->count] = key;
	d->values[d->count++] = value;
	return 0;
}

struct bytes text_join(struct arena *a, struct bytes x, struct bytes y)
{
	uint8_t *at = arena_take(a, x.left + y.left);

	if (at == NULL)
		return (struct bytes){ 0 };
	if (x.left > 0)
		memcpy(at, x.at, x.left);
	if (y.left > 0)
		memcpy(at + x.left, y.at, y.left);
	return bytes_of(at, x.left + y.left);
}

struct bytes text_vformat(struct arena *a, const char *format, va_list list)
{
	char text[FORMAT_MAX];
	int len = vsnprintf(text, sizeof(text), format, list);

	if (len < 0)
		len = 0;
	return arena_copy(a, bytes_of(text, (size_t)len < sizeof(text) ? (size_t)len : sizeof(text) - 1), sizeof(text));
}

struct bytes text_format(struct arena *a, const char *format, ...)
{
	struct bytes text;
	va_list list;

	va_start(list, format);
	text = text_vformat(a, format, list);
	va_end(list);
	return text;
}

struct bytes text_escape(struct arena *a, struct bytes s, const struct text_entity *entities, unsigned count)
{
	struct sink out;
	size_t longest = 1;

	for (unsigned k = 0; k < count; k++)
		longest = strlen(entities[k].entity) > longest ? strlen(entities[k].entity) : longest;
	out = sink_over(arena_take(a, longest * s.left), longest * s.left);
	for (size_t i = 0; i < s.left && out.at != NULL; i++) {
		unsigned k = 0;

		while (k < count && entities[k].c != s.at[i])
			k++;
		if (k < count)
			sink_put(&out, entities[k].entity, strlen(entities[k].entity));
		else
			sink_u8(&out, s.at[i]);
	}
	return bytes_of(out.at, out.used);
}

struct bytes text_cut(struct bytes s, size_t from, size_t to)
{
	to = to < s.left ? to : s.left;
	return from < to ? bytes_of(s.at + from, to - from) : (struct bytes){ 0 };
}

uint32_t text_point(struct bytes s, size_t *len)
{
	size_t n = s.left > 0 ? utf8_length(s) : 0;
	uint32_t point;

	*len = n > 0 ? n : s.left > 0;
	if (s.left == 0)
		return 0;
	if (n < 2)
		return s.at[0];
	point = s.at[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		point = point << 6 | (s.at[i] & 0x3f);
	return point;
}

size_t text_put_point(uint8_t *to, uint32_t p)
{
	if (p < 0x80) {
		to[0] = (uint8_t)p;
		return 1;
	}
	if (p < 0x800) {
		to[0] = (uint8_t)(0xc0 | p >> 6);
		to[1] = (uint8_t)(0x80 | (p & 0x3f));
		return 2;
	}
	if (p < 0x10000) {
		to[0] = (uint8_t)(0xe0 | p >> 12);
		to[1] = (uint8_t)(0x80 | (p >> 6 & 0x3f));
		to[2] = (uint8_t)(0x80 | (p & 0x3f));
		return 3;
	}
	to[0] = (uint8_t)(0xf0 | (p >> 18 & 7));
	to[1] = (uint8_t)(0x80 | (p >> 12 & 0x3f));
	to[2] = (uint8_t)(0x80 | (p >> 6 & 0x3f));
	to[3] = (uint8_t)(0x80 | (p & 0x3f));
	return 4;
}

size_t text_length(struct bytes s)
{
	size_t count = 0, len;

	for (size_t i = 0; i < s.left; i += len, count++)
		(void)text_point(bytes_of(s.at + i, s.left - i), &len);
	return count;
}

size_t text_place(struct bytes s, size_t nth)
{
	size_t at = 0, len;

	for (; nth > 0 && at < s.left; nth--, at += len)
		(void)text_point(bytes_of(s.at + at, s.left - at), &len);
	return at;
}

void real_digits(double d, char ret[32], int *exponent)
{
	char text[40];
	const char *e;
	size_t n = 0;

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*e", digits - 1, fabs(d));
		if (strtod(text, NULL) == fabs(d))
			break;
	}
	e = strchr(text, 'e');
	*exponent = e != NULL ? atoi(e + 1) : 0;
	for (const char *c = text; *c != '\0' && *c != 'e'; c++) {
		if (*c != '.')
			ret[n++] = *c;
	}
	while (n > 1 && ret[n - 1] == '0')
		n--;
	ret[n] = '\0';
}

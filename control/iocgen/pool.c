/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pool of patterns. */
#include "control/iocgen/pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 16384 };

unsigned pattern_literal(const struct pattern *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->count; i++) {
		bool name = false;

		for (size_t c = 0; !p->pieces[i].is_hole && c < p->pieces[i].text.left; c++) {
			uint8_t v = p->pieces[i].text.at[c];

			if (v == '%')
				name = !name;
			n += !name && ((v >= '0' && v <= '9') || (v >= 'a' && v <= 'z') || v >= 0x80);
		}
	}
	return n;
}

static int grow(struct pool *p)
{
	uint32_t room = p->room * 2 + 1024;
	struct pattern *patterns = realloc(p->patterns, room * sizeof(*patterns));
	roaring_bitmap_t **cover;

	if (patterns == NULL)
		return -ENOMEM;
	p->patterns = patterns;
	if ((cover = realloc(p->cover, room * sizeof(*cover))) == NULL)
		return -ENOMEM;
	p->cover = cover;
	p->room = room;
	return 0;
}

/* Pieces and their texts in one run of memory. */
static int copy_pattern(const struct pattern *from, struct pattern *ret)
{
	size_t size = from->count * sizeof(struct piece);
	struct piece *pieces;
	uint8_t *text;

	for (unsigned i = 0; i < from->count; i++)
		size += from->pieces[i].text.left;
	if ((pieces = malloc(size)) == NULL)
		return -ENOMEM;
	text = (uint8_t *)(pieces + from->count);
	*ret = *from;
	ret->pieces = pieces;
	for (unsigned i = 0; i < from->count; i++) {
		struct bytes t = from->pieces[i].text;

		pieces[i] = from->pieces[i];
		if (t.left > 0)
			memcpy(text, t.at, t.left);
		pieces[i].text = bytes_of(text, t.left);
		text += t.left;
	}
	return 0;
}

int pool_add(struct pool *p, const struct pattern *given, uint32_t *ret)
{
	uint8_t key[KEY_MAX];
	struct sink s = sink_over(key, sizeof(key));
	uint32_t id;
	int r;

	sink_u8(&s, (uint8_t)given->kind);
	sink_u8(&s, (uint8_t)given->action);
	if ((r = pattern_regex(given, &s)) < 0 || (p->count == p->room && (r = grow(p)) < 0))
		return r;
	if ((r = names_add(&p->keys, bytes_of(key, s.used), &id)) < 0)
		return r;
	if (id == p->count) {
		if ((r = copy_pattern(given, &p->patterns[id])) < 0)
			return r;
		p->cover[id] = NULL;
		p->count++;
	}
	*ret = id;
	return 0;
}

void pool_fini(struct pool *p)
{
	for (uint32_t i = 0; i < p->count; i++) {
		free(p->patterns[i].pieces);
		if (p->cover[i] != NULL)
			bitmap_free(p->cover[i]);
	}
	names_fini(&p->keys);
	free(p->patterns);
	free(p->cover);
	*p = (struct pool){ 0 };
}

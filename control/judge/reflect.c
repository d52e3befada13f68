/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request's readings, reduced, one behind the other. */
#include "control/judge/reflect.h"

#include "control/extract/decode.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	READINGS_MAX = 4 << 20,  /* bytes of all readings */
	DEPTH = 3,               /* decoders one upon the other */
	EXPLAIN_MAX = 4096,      /* bytes of a match that are compared */
};

struct reflection {
	uint8_t *at;             /* reduced readings, each ended by a NUL */
	size_t len, room;
	bool full;               /* a reading did not fit: then everything counts as explained */
};

static void add_reduced(struct reflection *r, struct bytes b)
{
	if (r->len + b.left + 1 > READINGS_MAX) {
		r->full = true;
		return;
	}
	if (r->len + b.left + 1 > r->room) {
		size_t room = (r->len + b.left + 1) * 2;
		uint8_t *at = realloc(r->at, room);

		if (at == NULL) {
			r->full = true;
			return;
		}
		r->at = at;
		r->room = room;
	}
	for (size_t i = 0; i < b.left; i++) {
		if (isalnum(b.at[i]))
			r->at[r->len++] = (uint8_t)tolower(b.at[i]);
	}
	r->at[r->len++] = '\0';
}

/* The text as it stands, and decoded again and again, each time by all decoders that change it. */
static void add_readings(struct reflection *r, struct bytes text)
{
	static const struct step *const steps[] = { &decode_url, &decode_html, &decode_json, &decode_overlong };
	uint8_t *current = NULL, *next = NULL;

	add_reduced(r, text);
	current = malloc(text.left + 1);
	next = malloc(text.left + 1);
	if (current == NULL || next == NULL) {
		r->full = true;
		goto out;
	}
	for (unsigned depth = 0; depth < DEPTH; depth++) {
		bool changed = false;

		for (size_t i = 0; i < COUNT_OF(steps); i++) {
			struct sink out = sink_over(next, text.left);

			if (!steps[i]->undo(text, &out))
				continue;
			text = bytes_of(next, out.used);
			next = current;
			current = (uint8_t *)(uintptr_t)text.at;
			changed = true;
			add_reduced(r, text);
		}
		if (!changed)
			break;
	}
out:
	free(current);
	free(next);
}

int reflection_new(const struct case_record *record, const struct extraction *codes, struct reflection **ret)
{
	static const enum part_kind parts[] = { PART_REQUEST_HEAD, PART_REQUEST_BODY, PART_CLIENT_STREAM };
	struct reflection *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const struct case_part *p = &record->parts[parts[i]];

		if (p->present && p->head.left > 0)
			add_readings(r, p->head);
		if (p->present && p->tail.left > 0)
			add_readings(r, p->tail);
	}
	/* the extraction undid base64, hex and gzip */
	for (unsigned i = 0; codes != NULL && i < codes->count; i++)
		add_reduced(r, codes->codes[i].value);
	*ret = r;
	return 0;
}

void reflection_free(struct reflection *r)
{
	if (r == NULL)
		return;
	free(r->at);
	free(r);
}

bool reflection_explains(const struct reflection *r, struct bytes text)
{
	uint8_t reduced[EXPLAIN_MAX];
	size_t len = 0;

	for (size_t i = 0; i < text.left && len < sizeof(reduced); i++) {
		if (isalnum(text.at[i]))
			reduced[len++] = (uint8_t)tolower(text.at[i]);
	}
	if (len == 0 || r->full)
		return true;
	return r->len > 0 && memmem(r->at, r->len, reduced, len) != NULL;
}

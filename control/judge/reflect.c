/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request's readings, reduced, one behind the other. */
#include "control/judge/reflect.h"

#include "control/extract/decode.h"
#include "control/judge/grams.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	READINGS_MAX = 4 << 20,  /* bytes of all readings */
	DEPTH = 3,               /* decoders one upon the other */
	EXPLAIN_MAX = 4096,      /* bytes of a match that are compared */
	AROUND = 4,              /* letters and digits beside a match that show how a copy goes on */
	PARAMETER_MIN = 16,      /* shorter words are base64 by chance */
};

struct reflection {
	uint8_t *at;             /* reduced readings, each ended by a NUL */
	size_t len, room;
	struct grams held;       /* what the readings hold */
	bool full;               /* a reading did not fit: then everything counts as explained */
};

size_t reflection_reduce(struct bytes text, uint8_t *to, size_t max)
{
	size_t len = 0;

	for (size_t i = 0; i < text.left && len < max; i++) {
		uint8_t c = text.at[i], letter = c | 0x20;
		bool digit = (uint8_t)(c - '0') < 10;

		to[len] = digit ? c : letter; /* the next overwrites it where it is neither */
		len += digit || (uint8_t)(letter - 'a') < 26;
	}
	return len;
}

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
	r->len += reflection_reduce(b, r->at + r->len, b.left);
	r->at[r->len++] = '\0';
}

/* Whole parameters in base64: a page may show what they stand for. Of a code's own words only a shell would undo it. */
static void add_parameters(struct reflection *r, struct bytes text)
{
	uint8_t *room = malloc(text.left + 1);

	for (size_t i = 0; room != NULL && i < text.left; i++) {
		struct sink out = sink_over(room, text.left);
		size_t end = i + 1;

		if (text.at[i] != '=')
			continue;
		while (end < text.left && (isalnum(text.at[end]) || strchr("+/_-=", text.at[end]) != NULL))
			end++;
		if (end - i > PARAMETER_MIN && (end == text.left || text.at[end] == '&' || isspace(text.at[end])) &&
		    decode_base64.undo(bytes_of(text.at + i + 1, end - i - 1), &out))
			add_reduced(r, bytes_of(out.at, out.used));
		i = end - 1;
	}
	free(room);
}

/* The text as it stands, and decoded again and again, each time by all decoders that change it. */
static void add_readings(struct reflection *r, struct bytes text)
{
	static const struct step *const steps[] = { &decode_url, &decode_html, &decode_json, &decode_overlong };
	uint8_t *current = NULL, *next = NULL;

	add_reduced(r, text);
	add_parameters(r, text);
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
			add_parameters(r, text);
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
	grams_init(&r->held, r->len);
	if (r->len > 0)
		grams_add(&r->held, bytes_of(r->at, r->len));
	*ret = r;
	return 0;
}

void reflection_free(struct reflection *r)
{
	if (r == NULL)
		return;
	grams_fini(&r->held);
	free(r->at);
	free(r);
}

size_t reflection_cost(const struct reflection *r)
{
	return sizeof(*r) + r->room + grams_cost(&r->held);
}

static bool holds(const struct reflection *r, const uint8_t *needle, size_t len)
{
	return r->len > 0 && grams_may_hold(&r->held, bytes_of(needle, len)) && memmem(r->at, r->len, needle, len) != NULL;
}

bool reflection_explains(const struct reflection *r, struct bytes text)
{
	uint8_t reduced[EXPLAIN_MAX];
	size_t len = reflection_reduce(text, reduced, sizeof(reduced));

	if (len == 0 || r->full)
		return true;
	return holds(r, reduced, len);
}

/* The letters and digits of text from `at` on, or before it and backwards: at most max, case folded. */
static size_t take_reduced(struct bytes text, size_t at, bool backwards, uint8_t *to, size_t max)
{
	size_t len = 0;

	while (len < max && (backwards ? at > 0 : at < text.left)) {
		uint8_t c = backwards ? text.at[--at] : text.at[at++];

		if (isalnum(c))
			to[len++] = (uint8_t)tolower(c);
	}
	return len;
}

bool reflection_mirrors(const struct reflection *r, struct bytes text, size_t start, size_t end)
{
	uint8_t piece[EXPLAIN_MAX + 2 * AROUND], after[AROUND];
	size_t len, behind, before;

	/* the piece backwards, with what stands behind it in front and what stands before it behind: as the request has it */
	behind = take_reduced(text, end, false, after, AROUND);
	for (size_t i = 0; i < behind; i++)
		piece[i] = after[behind - 1 - i];
	len = take_reduced(bytes_of(text.at + start, end - start), end - start, true, piece + behind, EXPLAIN_MAX);
	before = take_reduced(text, start, true, piece + behind + len, AROUND);
	return len > 0 && ((behind == AROUND && holds(r, piece, behind + len)) ||
	                   (before == AROUND && holds(r, piece + behind, len + before)));
}

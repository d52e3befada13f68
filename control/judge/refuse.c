/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What this server answers to what does not exist or is not allowed (R1). */
#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	MASK_MAX = HISTORY_SAMPLE_MAX * 2,
	WRITINGS_MAX = 8,
	WRITING_MIN = 2,     /* bytes of a reflected piece that is masked: "/" alone is everywhere */
	IDENTIFIER_MIN = 8,  /* letters and digits mixed, so long, are a request's number */
	ANSWERS_MAX = 256,   /* other answers compared */
};

bool status_refuses(unsigned status)
{
	static const uint16_t refusing[] = { 400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 417, 421, 431, 501, 505 };

	for (size_t i = 0; i < COUNT_OF(refusing); i++) {
		if (status == refusing[i])
			return true;
	}
	return false;
}

/* The ways in which a page may show the target it was asked for. */
struct writings {
	unsigned count;
	struct bytes at[WRITINGS_MAX];
	uint8_t memory[WRITINGS_MAX * HISTORY_NAME_MAX * 6];
	size_t used;
};

static void writing_add(struct writings *w, struct bytes b)
{
	if (b.left >= WRITING_MIN && w->count < WRITINGS_MAX)
		w->at[w->count++] = b;
}

/* b with the five characters that HTML gives a meaning as entities. */
static struct bytes escaped(struct writings *w, struct bytes b)
{
	static const char *const entities[] = { "&&amp;", "<&lt;", ">&gt;", "\"&quot;", "'&#039;" };
	size_t first = w->used;

	for (size_t i = 0; i < b.left && w->used + 6 <= sizeof(w->memory); i++) {
		const char *entity = NULL;

		for (size_t e = 0; e < COUNT_OF(entities); e++) {
			if ((uint8_t)entities[e][0] == b.at[i])
				entity = entities[e] + 1;
		}
		if (entity == NULL) {
			w->memory[w->used++] = b.at[i];
			continue;
		}
		memcpy(w->memory + w->used, entity, strlen(entity));
		w->used += strlen(entity);
	}
	return bytes_of(w->memory + first, w->used - first);
}

static struct bytes decoded(struct writings *w, struct bytes b)
{
	struct sink out = sink_over(w->memory + w->used, sizeof(w->memory) - w->used);
	bool changed = decode_url.undo(b, &out);
	struct bytes made = bytes_of(out.at, out.used);

	if (!changed || out.overflow)
		return (struct bytes){ 0 };
	w->used += out.used;
	return made;
}

/* Longest first, so that no shorter one takes a piece out of a longer one. target: at most HISTORY_NAME_MAX bytes. */
static void writings_of(struct bytes target, struct writings *ret)
{
	struct bytes query, path, plain;

	ret->count = 0;
	ret->used = 0;
	if (target.left > HISTORY_NAME_MAX)
		target.left = HISTORY_NAME_MAX;
	query = target;
	path = http_split(&query, '?');
	writing_add(ret, escaped(ret, target));
	writing_add(ret, target);
	plain = decoded(ret, path);
	if (plain.left > 0) {
		writing_add(ret, escaped(ret, plain));
		writing_add(ret, plain);
	}
	writing_add(ret, escaped(ret, path));
	writing_add(ret, path);
}

/*
 * What is left of a page when the reflected request, numbers and identifiers are holes. Returns the length. A page of a
 * refusal is short, so the plain way is quick enough.
 */
static size_t mask(struct bytes page, const struct writings *w, uint8_t *to)
{
	size_t len = 0;

	for (size_t i = 0; i < page.left && len < MASK_MAX;) {
		size_t run = 0, reflected = 0;
		bool digit = false, letter = false;

		for (unsigned n = 0; n < w->count && reflected == 0; n++) {
			if (w->at[n].left <= page.left - i && memcmp(page.at + i, w->at[n].at, w->at[n].left) == 0)
				reflected = w->at[n].left;
		}
		if (reflected > 0) {
			to[len++] = 1;
			i += reflected;
			continue;
		}
		for (run = 0; i + run < page.left && isalnum(page.at[i + run]); run++) {
			digit |= isdigit(page.at[i + run]);
			letter |= !isdigit(page.at[i + run]);
		}
		if (run > 0 && digit && (!letter || run >= IDENTIFIER_MIN)) {
			to[len++] = 2;
			i += run;
			continue;
		}
		do {
			to[len++] = page.at[i++];
		} while (run > 1 && --run > 0 && len < MASK_MAX);
	}
	return len;
}

struct memory_cursor answers_of(const struct ruling *r)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = MEMORY_TO, .kinds = 1u << HISTORY_RESPONSE,
	                          .to_ns = r->in->known_until_ns };
	struct memory_cursor c;

	memory_seek(r->in->memory, &q, &c);
	return c;
}

bool answer_is_own(const struct ruling *r, const struct history *h)
{
	return h->flow_id == r->in->record->flow_id && h->tx_id == r->in->record->tx_id;
}

static struct bytes target_of(const struct ruling *r)
{
	return http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).target;
}

static bool same_path(struct bytes a, struct bytes b)
{
	return bytes_equal(http_split(&a, '?'), http_split(&b, '?'));
}

/* Statuses with which a server turns a request away before any resource sees it. */
static bool status_precedes_resource(unsigned status)
{
	return status_refuses(status) && status != 400 && status != 401 && status != 403 && status != 404 && status != 410;
}

bool resource_answers(const struct ruling *r)
{
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL;
	struct bytes target = target_of(r);

	if (status_precedes_resource(r->views.status))
		return false;
	while ((h = memory_next(&c)) != NULL) {
		if (!answer_is_own(r, h) && h->tuple.dport == r->in->record->tuple.dport && !status_refuses(h->status) &&
		    same_path(h->name, target))
			return true;
	}
	return false;
}

bool response_refuses(const struct ruling *r)
{
	struct writings *ours = malloc(2 * sizeof(*ours)), *theirs = ours + 1;
	uint8_t *masked = malloc(2 * MASK_MAX);
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL;
	struct bytes target = target_of(r), body = r->views.body;
	bool refuses = false;
	unsigned samples = 0;
	size_t len;

	if (ours == NULL || masked == NULL || !status_refuses(r->views.status) || body.left > HISTORY_SAMPLE_MAX)
		goto out;
	writings_of(target, ours);
	len = mask(body, ours, masked);
	while (!refuses && samples < ANSWERS_MAX && (h = memory_next(&c)) != NULL) {
		/* the same page for another path: that answer does not hang on what this request holds */
		if (h->status != r->views.status || h->tuple.dport != r->in->record->tuple.dport || answer_is_own(r, h) || !h->whole ||
		    same_path(h->name, target) || h->sample.left != h->body_len ||
		    (h->content_encoding.left > 0 && h->sample.left > 0))
			continue;
		samples++;
		writings_of(h->name, theirs);
		refuses = mask(h->sample, theirs, masked + MASK_MAX) == len && memcmp(masked, masked + MASK_MAX, len) == 0;
	}
out:
	free(ours);
	free(masked);
	return refuses;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranges that stay, and asterisks for the rest. */
#include "control/cli/mask.h"

#include "control/extract/http.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { RANGES_MAX = EXTRACT_CODES_MAX + 64, NEAR = 64 /* bytes kept behind an offset whose excerpt has another length than the bytes */ };

/* Of one part: [from, to) stays. */
struct ranges {
	unsigned count;
	struct { uint64_t from, to; } at[RANGES_MAX];
};

static void keep(struct ranges *r, uint64_t from, uint64_t len)
{
	if (r->count < RANGES_MAX) {
		r->at[r->count].from = from;
		r->at[r->count++].to = from + len;
	}
}

static bool is_kept(const struct ranges *r, uint64_t at)
{
	for (unsigned i = 0; i < r->count; i++) {
		if (at >= r->at[i].from && at < r->at[i].to)
			return true;
	}
	return false;
}

static enum part_kind part_of_evidence(const char *where)
{
	if (where != NULL && strcmp(where, "stream") == 0)
		return PART_SERVER_STREAM;
	return where != NULL && strcmp(where, "http.response_header") == 0 ? PART_RESPONSE_HEAD : PART_RESPONSE_BODY;
}

static void ranges_of(const struct stored_case *c, enum part_kind kind, struct ranges *ret)
{
	const json_t *told = json_object_get(json_object_get(c->record, "triage"), "evidence"), *e;
	size_t i;

	ret->count = 0;
	for (unsigned k = 0; c->codes != NULL && k < c->codes->count; k++) {
		if (c->codes->codes[k].part == kind)
			keep(ret, c->codes->codes[k].offset, c->codes->codes[k].raw.left);
	}
	json_array_foreach(told, i, e)
	{
		const char *excerpt = json_string_value(json_object_get(e, "excerpt"));
		const json_t *offset = json_object_get(e, "offset");

		if (offset != NULL && part_of_evidence(json_string_value(json_object_get(e, "where"))) == kind)
			keep(ret, (uint64_t)json_integer_value(offset), excerpt != NULL ? strlen(excerpt) : NEAR);
	}
}

/* The case's own memory behind borrowed bytes. */
static uint8_t *own(struct stored_case *c, struct bytes b)
{
	return c->bytes + (b.at - c->bytes);
}

static bool is_secret(struct bytes name)
{
	static const char *const names[] = { "cookie", "set-cookie", "authorization", "proxy-authorization", "x-api-key", "x-auth-token",
	                                     "x-csrf-token", "x-xsrf-token", "authentication-info" };

	return bytes_is_one_of(name, names, COUNT_OF(names));
}

/* Values of such fields: of cookies what follows each name's equals sign, of others what follows the scheme. */
static void mask_secrets(struct stored_case *c, enum part_kind kind, const struct ranges *stays)
{
	struct bytes head = c->captured.parts[kind].head, lines = head;
	struct http_header h;

	http_split(&lines, '\n');
	while (http_header_next(&lines, &h)) {
		uint8_t *at = own(c, h.value);
		bool cookie = bytes_equal_fold(h.name, bytes_text("cookie")) || bytes_equal_fold(h.name, bytes_text("set-cookie"));
		bool value = !cookie && memchr(h.value.at, ' ', h.value.left) == NULL;

		if (h.value.left == 0 || !is_secret(h.name))
			continue;
		for (size_t i = 0; i < h.value.left; i++) {
			if (cookie && at[i] == ';')
				value = false;
			else if (cookie ? at[i] == '=' && !value : at[i] == ' ')
				value = true;
			else if (value && !isspace(at[i]) && !is_kept(stays, (uint64_t)(h.value.at - head.at) + i))
				at[i] = '*';
		}
	}
}

/* Letters and digits of a piece of a part. */
static void mask_piece(struct stored_case *c, struct bytes piece, uint64_t base, const struct ranges *stays, bool all)
{
	uint8_t *at = own(c, piece);

	for (size_t i = 0; i < piece.left; i++) {
		if ((all || isalnum(at[i]) || at[i] >= 0x80) && !is_kept(stays, base + i))
			at[i] = '*';
	}
}

void case_mask(struct stored_case *c, bool secrets, bool outside)
{
	struct http_response response = http_response_of(c->captured.parts[PART_RESPONSE_HEAD].head);
	bool coded = http_header_find(response.headers, "content-encoding").left > 0;
	struct ranges *stays = malloc(sizeof(*stays));

	for (enum part_kind k = 0; stays != NULL && k < PART_COUNT; k++) {
		const struct case_part *p = &c->captured.parts[k];

		if (!p->present)
			continue;
		ranges_of(c, k, stays);
		if (secrets && (k == PART_REQUEST_HEAD || k == PART_RESPONSE_HEAD))
			mask_secrets(c, k, stays);
		if (!outside || k == PART_REQUEST_HEAD || k == PART_RESPONSE_HEAD)
			continue; /* heads say what was asked and how it was answered */
		if (k == PART_RESPONSE_BODY && coded)
			stays->count = 0;
		mask_piece(c, p->head, 0, stays, k == PART_RESPONSE_BODY && coded);
		if (p->tail.left > 0)
			mask_piece(c, p->tail, p->seen - p->tail.left, stays, k == PART_RESPONSE_BODY && coded);
	}
	free(stays);
}

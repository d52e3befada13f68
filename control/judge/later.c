/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Awaited texts, and the search for them. */
#include "control/judge/later.h"

#include "control/judge/search.h"

#include <stdlib.h>
#include <string.h>

enum { MATCHES_MAX = 16 };

void later_forget(struct later *l)
{
	for (size_t i = 0; i < LATER_MAX; i++)
		free(l->at[i].pattern);
	memset(l, 0, sizeof(*l));
}

const struct awaited *later_find(const struct later *l, const struct case_record *record, unsigned code, unsigned trace)
{
	for (size_t i = 0; i < LATER_MAX; i++) {
		const struct awaited *a = &l->at[i];

		if (a->pattern != NULL && a->flow_id == record->flow_id && a->tx_id == record->tx_id && a->code == code &&
		    a->trace == trace)
			return a;
	}
	return NULL;
}

void later_await(struct later *l, const struct case_record *record, unsigned code, unsigned trace, struct bytes pattern, uint64_t until_ns)
{
	struct awaited *a = &l->at[l->next];
	uint8_t *kept = NULL;

	if (pattern.left == 0 || later_find(l, record, code, trace) != NULL || (kept = malloc(pattern.left)) == NULL)
		return;
	memcpy(kept, pattern.at, pattern.left);
	free(a->pattern);
	*a = (struct awaited){ .flow_id = record->flow_id, .tx_id = record->tx_id, .code = code, .trace = trace,
	                       .tuple = record->tuple, .from_ns = record->request_last_ns, .until_ns = until_ns,
	                       .pattern = kept, .pattern_len = pattern.left };
	l->next = (l->next + 1) % LATER_MAX;
}

static bool is_told(const struct awaited *a, const struct later_response *r)
{
	return a->pattern != NULL && !a->found && r->time_ns > a->from_ns && r->time_ns <= a->until_ns &&
		(r->flow_id != a->flow_id || r->tx_id != a->tx_id) && r->tuple.dport == a->tuple.dport &&
		address_equal(&r->tuple.dst, &a->tuple.dst) && address_equal(&r->tuple.src, &a->tuple.src);
}

/* Does the request that asked for it hold it itself? */
static bool asked_with(const struct later_response *r, struct bytes match)
{
	return r->reflection != NULL ? reflection_explains(r->reflection, match) : bytes_find(r->target, match) >= 0;
}

static void look_for(struct awaited *a, const struct later_response *r)
{
	struct search *s = NULL;
	size_t at = 0, start, end;

	if (search_new(bytes_of(a->pattern, a->pattern_len), r->text.left, &s) < 0)
		return;
	a->searched += (double)r->text.left;
	for (unsigned n = 0; n < MATCHES_MAX && !a->found && search_next(s, r->text, &at, &start, &end); n++) {
		struct bytes match = bytes_of(r->text.at + start, end - start);

		if (asked_with(r, match)) {
			a->explained = true;
			continue;
		}
		a->found = true;
		a->packet = r->packet;
		a->time_ns = r->time_ns;
		a->offset = start;
		a->excerpt_len = match.left < LATER_EXCERPT_MAX ? match.left : LATER_EXCERPT_MAX;
		memcpy(a->excerpt, match.at, a->excerpt_len);
	}
	search_free(s);
}

bool later_awaits(const struct later *l, const struct later_response *r)
{
	for (size_t i = 0; i < LATER_MAX; i++) {
		if (is_told(&l->at[i], r))
			return true;
	}
	return false;
}

void later_look(struct later *l, const struct later_response *r)
{
	for (size_t i = 0; i < LATER_MAX; i++) {
		if (is_told(&l->at[i], r))
			look_for(&l->at[i], r);
	}
}

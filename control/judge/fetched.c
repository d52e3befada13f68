/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which contacts of the site prove that a URL was fetched, or included, as the attack wanted. */
#include "control/judge/choice.h"

#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/extract/url.h"
#include "control/judge/wanted.h"

/* The answer that the site got to this request; NULL: it was not seen. */
static const struct history *answer_got(const struct ruling *r, const struct history *request)
{
	struct memory_query q = { .address = request->tuple.src, .side = MEMORY_FROM, .kinds = 1u << HISTORY_RESPONSE,
	                          .from_ns = request->time_ns, .to_ns = r->in->known_until_ns };
	struct memory_cursor c;
	const struct history *h = NULL;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		if (h->flow_id == request->flow_id && h->tx_id == request->tx_id)
			return h;
	}
	return NULL;
}

bool fetched_body(const struct ruling *r, unsigned code, struct bytes *ret)
{
	const struct report *report = r->in->reports[code];
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = MEMORY_FROM, .kinds = 1u << HISTORY_REQUEST,
	                          .from_ns = r->in->record->request_last_ns, .to_ns = r->in->record->response_last_ns };
	struct memory_cursor c;
	const struct history *h = NULL, *answer;
	struct wanted w;
	bool found = false;

	for (uint32_t i = 0; report != NULL && i < report->traces_count && !found; i++) {
		if (report->traces[i].kind != TRACE_FETCH)
			continue;
		wanted_init(r, &report->traces[i], &w);
		memory_seek(r->in->memory, &q, &c);
		while (!found && w.target.left > 0 && (h = memory_next(&c)) != NULL) {
			if (!is_wanted(&w, h) || (answer = answer_got(r, h)) == NULL)
				continue;
			found = answer->whole && answer->sample.left == answer->body_len && answer->content_encoding.left == 0;
			*ret = answer->sample;
		}
		wanted_fini(&w);
	}
	return found;
}

/* Did the same client ask the same place for a URL that no application would hand on? */
static bool is_in_company(const struct ruling *r, const struct attack_code *code)
{
	struct memory_cursor c = answers_of(r);
	const struct tuple *t = &r->in->record->tuple;
	struct bytes target = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).target, value;
	const struct history *h = NULL;
	uint8_t plain[HISTORY_NAME_MAX];

	while ((h = memory_next(&c)) != NULL) {
		struct sink s = sink_over(plain, sizeof(plain));
		struct bytes path = h->name, own = target;

		if (!address_equal(&h->tuple.src, &t->src) || h->tuple.dport != t->dport ||
		    !bytes_equal(http_split(&path, '?'), http_split(&own, '?')) || !parameter_value(h->name, code->parameter, &value))
			continue;
		if (decode_url.undo(value, &s) && !s.overflow)
			value = bytes_of(s.at, s.used);
		if (url_is_suspicious(value))
			return true;
	}
	return false;
}

bool contact_proves(const struct ruling *r, unsigned code, const struct wanted *w, const struct history *h)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	bool fetched = w->target.left > 0 && h->kind == HISTORY_REQUEST;
	const struct history *answer;

	if (c->language != LANGUAGE_URL)
		return true;
	if (c->quiet && !(fetched && is_in_company(r, c)))
		return false;
	if (!code_is_include(c))
		return true;
	/* what was not got cannot be included */
	answer = fetched ? answer_got(r, h) : NULL;
	return fetched && (answer == NULL || answer->status / 100 == 2);
}

bool contact_counts(const struct attack_code *c, const struct trace *t)
{
	return c->language != LANGUAGE_URL || !code_is_include(c) || t->kind == TRACE_FETCH;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delay traces: the response came later than this place's others by as long as the code sleeps. One late response is
 * proof only beside control requests to the same place that were quick.
 */
#include "control/extract/http.h"
#include "control/judge/ruling.h"

#include <stdio.h>
#include <string.h>

enum {
	DELAY_SLACK = 20,        /* per cent that a sleep may seem shorter or longer */
	DELAY_QUICK = 25,        /* per cent of the sleep within which a control request is answered */
	CONTROLS_MIN = 2,        /* quick ones of the same path; none may be slow without an attack */
	DELAY_BITS_CONTROL = 10, /* a response that is late by just this much, where a control was not */
	DELAY_BITS_BASE = 10,
};
static const uint64_t DELAY_MIN_NS = 1000000000; /* shorter sleeps drown in a busy server's jitter */

/* How requests to the same path were answered. */
struct controls {
	unsigned quick;
	bool slow;               /* one whose code takes no time was slow too: the place is slow by itself */
	uint64_t usual_ns;       /* the longest of the quick ones */
};

static struct controls controls_of(const struct ruling *r, uint64_t sleep_ns)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = MEMORY_TO, .kinds = 1u << HISTORY_RESPONSE,
	                          .to_ns = r->in->known_until_ns };
	struct bytes path = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).path;
	struct controls ret = { 0 };
	struct memory_cursor c;
	const struct history *h = NULL;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		struct bytes name = h->name;

		if ((h->flow_id == r->in->record->flow_id && h->tx_id == r->in->record->tx_id) || h->delay_ns == 0 ||
		    h->tuple.dport != r->in->record->tuple.dport || !bytes_equal(http_split(&name, '?'), path))
			continue;
		if (h->delay_ns < sleep_ns / 100 * DELAY_QUICK) {
			ret.quick++;
			ret.usual_ns = h->delay_ns > ret.usual_ns ? h->delay_ns : ret.usual_ns;
		} else if (!h->suspect || !place_book_sleeps(r->in->places, h->flow_id, h->tx_id)) {
			ret.slow = true;
		}
	}
	return ret;
}

static void weigh(struct ruling *r, unsigned code, unsigned index, uint64_t delay_ns)
{
	const struct trace *t = &r->in->reports[code]->traces[index];
	uint64_t slack = t->value_ns / 100 * DELAY_SLACK;
	struct controls c = controls_of(r, t->value_ns);
	struct sight *sight = &r->sights[code];
	struct evidence e = { .code = code, .trace = index, .packet = r->in->record->response_first_packet,
	                      .time_ns = r->in->record->response_first_ns };

	if (delay_ns < t->value_ns / 100 * DELAY_QUICK)
		sight->delay_missing |= trace_binds(t);
	if (delay_ns + slack < t->value_ns || delay_ns > t->value_ns + slack + c.usual_ns)
		return;
	snprintf(e.where, sizeof(e.where), "http.response_delay");
	e.excerpt_len = (size_t)snprintf((char *)e.excerpt, sizeof(e.excerpt),
	                                 "answered after %.3f s; %u other requests to this path within %.3f s",
	                                 (double)delay_ns / 1e9, c.quick, (double)c.usual_ns / 1e9);
	e.bits = DELAY_BITS_BASE + (c.quick < CONTROLS_MIN ? 0 : DELAY_BITS_CONTROL * (c.quick < 4 ? c.quick : 4));
	e.found = !c.slow && c.quick >= CONTROLS_MIN && e.bits >= r->in->success_bits;
	ruling_evidence(r, &e);
	sight->found |= e.found;
	sight->weak |= !e.found;
	if (e.found)
		sight->where = REASON_TRACE_IN_DELAY;
}

void delay_look(struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];
	const struct case_record *record = r->in->record;

	for (unsigned i = 0; report != NULL && i < report->traces_count; i++) {
		if (report->traces[i].kind != TRACE_DELAY)
			continue;
		r->sights[code].delay_wanted = true;
		/* a retransmitted first segment, or an answer before the request's end, measures something else */
		if (report->traces[i].value_ns < DELAY_MIN_NS || record->response_retransmitted ||
		    record->request_answered_early || record->request_last_ns == 0 ||
		    record->response_first_ns <= record->request_last_ns)
			continue;
		weigh(r, code, i, record->response_first_ns - record->request_last_ns);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network traces: what the site did after the request, looked up in what control remembers of it. */
#include "control/judge/ruling.h"
#include "control/judge/wanted.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	/* bits of meeting just this far end by chance; ordinary servers talk to few, so these are rather too low */
	BITS_IPV4 = 32, BITS_IPV6 = 64,
	BITS_LOCAL = 4,      /* taken off where the far end is in the site's own neighbourhood */
	BITS_ODD_PORT = 8,   /* a port that no common service has */
	BITS_LISTEN = 32,    /* a port that was closed before answers within the window */
	BITS_PORT = 12,      /* one that nobody tried before: it may have been open all the time */
	BITS_SHELL = 24,     /* and who calls it finds a shell: few services that were there before read like one */
	BITS_RARE_KIND = 4,  /* servers seldom ping */
	BITS_PROMPT = 6,     /* at most, for what came at once: of all moments of a window one so short seldom holds it */
	BITS_NAME_BYTE = 3, BITS_NAME_MAX = 64,
};

/* What a site does so soon after a request that asks for it is that request's doing. */
static const uint64_t PROMPT_NS = 3000000000;

/* Before the window's end by so much a code must be due to act, for its silence to mean anything. */
static const uint64_t SETTLE_NS = 10000000000;

bool trace_is_network(const struct trace *t)
{
	return t->kind == TRACE_CONNECT || t->kind == TRACE_LISTEN || t->kind == TRACE_DNS || t->kind == TRACE_ICMP ||
		t->kind == TRACE_FETCH;
}

static bool within_private(const struct address *a)
{
	return a->family == 4 ? a->raw[0] == 10 || a->raw[0] == 127 || (a->raw[0] == 192 && a->raw[1] == 168) ||
			(a->raw[0] == 172 && (a->raw[1] & 0xf0) == 16) :
		(a->raw[0] & 0xfe) == 0xfc || (a->raw[0] == 0xfe && (a->raw[1] & 0xc0) == 0x80);
}

/* A trace that names an address by its name alone is as good as the name, if emulation did not weigh it. */
static double bits_of_trace(const struct trace *t, const struct address *far)
{
	uint8_t name[HISTORY_NAME_MAX];
	double bits = 0;

	if ((t->kind == TRACE_DNS || t->kind == TRACE_FETCH) && t->bits > 0)
		return t->bits;
	if (t->kind == TRACE_DNS || t->address.family == 0) {
		bits = (double)trace_host(t, name, sizeof(name)).left * BITS_NAME_BYTE;
		return bits < BITS_NAME_MAX ? bits : BITS_NAME_MAX;
	}
	bits = far->family == 4 ? BITS_IPV4 : BITS_IPV6;
	if (within_private(far))
		bits -= BITS_LOCAL;
	if (t->kind == TRACE_ICMP)
		bits += BITS_RARE_KIND;
	else if (t->port != 0 && t->port != 80 && t->port != 443 && t->port != 53)
		bits += BITS_ODD_PORT;
	return bits;
}

/*
 * Did the site do this before anybody asked for it? Its own habit explains it then. What it did between the first
 * attack that names this far end and this one is that attack's, and no habit.
 */
static bool is_habit(const struct ruling *r, const struct wanted *w)
{
	uint64_t first = place_book_first_claim_ns(r->in->places, r->in->record, w->trace);
	uint64_t until = first < r->in->record->request_last_ns ? first : r->in->record->request_last_ns;
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = w->side, .kinds = w->kinds, .to_ns = until };
	struct memory_cursor c;
	const struct history *h = NULL;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		if (h->flow_id != r->in->record->flow_id && is_wanted(w, h))
			return true;
	}
	return false;
}

static struct evidence evidence_of(const struct history *h, const struct trace *t, unsigned code, unsigned trace)
{
	struct evidence e = { .code = code, .trace = trace, .packet = h->packet, .time_ns = h->time_ns };
	char text[2][ADDRESS_TEXT], line[256];
	int len = 0;

	e.peer = t->kind == TRACE_LISTEN ? h->tuple.src : h->tuple.dst;
	e.near = t->kind == TRACE_LISTEN ? h->tuple.dst : h->tuple.src;
	snprintf(e.where, sizeof(e.where), "%s", t->kind == TRACE_DNS ? "dns" : t->kind == TRACE_ICMP ? "icmp" : "flow");
	address_format(&h->tuple.src, text[0]);
	address_format(&h->tuple.dst, text[1]);
	if (t->kind == TRACE_DNS)
		len = snprintf(line, sizeof(line), "%s asks %s for %.*s", text[0], text[1],
		               (int)(h->name.left < 128 ? h->name.left : 128), (const char *)h->name.at);
	else if (t->kind == TRACE_ICMP)
		len = snprintf(line, sizeof(line), "%s pings %s", text[0], text[1]);
	else if (h->kind == HISTORY_REQUEST)
		len = snprintf(line, sizeof(line), "%s asks %s port %u for %.*s", text[0], text[1], h->tuple.dport,
		               (int)(h->name.left < 128 ? h->name.left : 128), (const char *)h->name.at);
	else
		len = snprintf(line, sizeof(line), "%s connects to %s port %u", text[0], text[1], h->tuple.dport);
	e.excerpt_len = len < (int)sizeof(line) ? (size_t)len : sizeof(line) - 1;
	memcpy(e.excerpt, line, e.excerpt_len);
	return e;
}

/*
 * Does the site do this again and again since an earlier attack made it? A ping that goes on has its flow; other contacts
 * that no attack came right before are a program that was left running.
 */
static bool goes_on(const struct ruling *r, const struct wanted *w, const struct history *contact)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = w->side, .kinds = w->kinds,
	                          .to_ns = r->in->record->request_last_ns };
	struct memory_cursor c;
	const struct history *h = NULL;
	uint64_t after;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		if (h->flow_id == r->in->record->flow_id || h->packet >= r->in->record->request_last_packet || !is_wanted(w, h))
			continue;
		if (h->flow_id == contact->flow_id)
			return true;
		after = h->time_ns > PROMPT_NS ? h->time_ns - PROMPT_NS : 0;
		if (w->trace->kind != TRACE_ICMP && w->trace->kind != TRACE_DNS &&
		    !place_book_claimed(r->in->places, r->in->record, w->trace, after, h->time_ns))
			return true;
	}
	return false;
}

/* Was the port that answers now found closed before the request? */
static bool was_closed(const struct ruling *r, const struct wanted *w)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = MEMORY_TO, .kinds = 1u << HISTORY_REFUSED,
	                          .to_ns = r->in->record->request_last_ns };
	struct memory_cursor c;
	const struct history *h = NULL;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		if (is_wanted(w, h))
			return true;
	}
	return false;
}

static double bits_of_contact(const struct ruling *r, const struct wanted *w, const struct history *h, const struct address *far)
{
	if (w->trace->kind != TRACE_LISTEN)
		return bits_of_trace(w->trace, far);
	return (was_closed(r, w) ? BITS_LISTEN : BITS_PORT) + (finds_shell(r, h) ? BITS_SHELL : 0);
}

/* The code cannot leave it earlier. */
static uint64_t from_ns(const struct ruling *r, unsigned code, const struct trace *t)
{
	return r->in->record->request_last_ns + trace_lead_ns(r->in->reports[code], t);
}

/* How seldom a name that has nothing to do with the code would be asked for so soon after it; an address may be the application's own. */
static double bits_of_moment(const struct trace *t, uint64_t after_ns)
{
	double bits = t->kind != TRACE_DNS ? 0 : log2((double)PROMPT_NS / (double)(after_ns + 1));

	return bits < 0 ? 0 : bits > BITS_PROMPT ? BITS_PROMPT : bits;
}

/* One contact of the wanted kind in the window, weighed. True: it was found, nothing better will come. */
static bool weigh_contact(struct ruling *r, unsigned code, unsigned index, const struct wanted *w,
                          const struct history *h, unsigned searched)
{
	const struct case_record *record = r->in->record;
	const struct trace *t = w->trace;
	struct sight *sight = &r->sights[code];
	struct evidence e;

	sight->contact = true;
	if (is_habit(r, w)) {
		sight->explained = true;
		return false;
	}
	if (((place_book_claimed(r->in->places, record, t, from_ns(r, code, t), h->time_ns) ||
	      place_book_contested(r->in->places, record, t, h->time_ns)) &&
	     !contact_for_each(r, code, w, h, from_ns(r, code, t))) || goes_on(r, w, h)) {
		sight->weak = true;
		return false;
	}
	e = evidence_of(h, t, code, index);
	e.bits = bits_of_contact(r, w, h, &e.peer) + bits_of_moment(t, h->time_ns - from_ns(r, code, t)) - bits_searched(searched);
	e.found = e.bits >= r->in->success_bits && contact_proves(r, code, w, h);
	ruling_evidence(r, &e);
	sight->weak |= !e.found;
	sight->found |= e.found;
	if (e.found) {
		sight->where = REASON_TRACE_IN_LATER_FLOW;
		if (t->kind != TRACE_LISTEN)
			place_book_note_egress(r->in->places, &record->tuple.dst);
	}
	return e.found;
}

static void look_for_trace(struct ruling *r, unsigned code, unsigned index)
{
	const struct case_record *record = r->in->record;
	struct memory_query q = { .address = record->tuple.dst,
	                          .from_ns = from_ns(r, code, &r->in->reports[code]->traces[index]),
	                          .to_ns = r->window_end_ns };
	struct memory_cursor c;
	struct wanted w;
	const struct history *h = NULL;
	unsigned searched = 0;
	bool found = false;

	wanted_init(r, &r->in->reports[code]->traces[index], &w);
	q.side = w.side;
	q.kinds = w.kinds;
	memory_seek(r->in->memory, &q, &c);
	while (!found && (h = memory_next(&c)) != NULL && h->time_ns <= r->in->known_until_ns) {
		searched++;
		/* at the same instant the packets' order tells which came first */
		if (h->flow_id != record->flow_id && h->packet > record->request_last_packet && is_wanted(&w, h))
			found = weigh_contact(r, code, index, &w, h, searched);
	}
	wanted_fini(&w);
}

/* Did the site do this much of it, before its answer was complete? That proves nothing, but not its absence either. */
static bool is_touched(const struct ruling *r, unsigned code, const struct trace *t)
{
	const struct case_record *record = r->in->record;
	struct memory_query q = { .address = record->tuple.dst, .from_ns = from_ns(r, code, t), .to_ns = r->window_end_ns };
	struct memory_cursor c;
	struct wanted w;
	const struct history *h = NULL;
	bool touched = false;

	if (record->request_last_ns == 0)
		return false;
	if (response_whole(r) && record->response_last_ns != 0)
		q.to_ns = record->response_last_ns;
	wanted_init(r, t, &w);
	q.side = w.side;
	q.kinds = w.kinds;
	memory_seek(r->in->memory, &q, &c);
	while (!touched && (h = memory_next(&c)) != NULL && h->time_ns <= r->in->known_until_ns)
		touched = h->flow_id != record->flow_id && h->packet > record->request_last_packet && is_wanted(&w, h);
	wanted_fini(&w);
	return touched;
}

/* Contacts of one kind may be let out, by the host or beside it, where others are not. */
static bool same_way_out(const struct trace *t, const struct history *h)
{
	if (t->address.family == 0)
		return true;
	return within_private(&t->address) == within_private(&h->tuple.dst) &&
		(t->kind == TRACE_ICMP || ((t->port == 0 || t->port == h->tuple.dport) &&
		                           (t->protocol == 0 || t->protocol == h->tuple.protocol)));
}

/*
 * Would this trace be seen here if the site left it? A question for a name goes to a resolver that may stand beside the
 * site, whatever the operator states of the rest: only questions of its own prove that they pass here.
 */
static bool would_be_seen(const struct ruling *r, const struct trace *t)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = MEMORY_FROM, .kinds = 1u << HISTORY_FLOW,
	                          .to_ns = r->in->known_until_ns };
	struct memory_cursor c;
	const struct history *h = NULL;

	if (t->kind == TRACE_LISTEN) /* a listener shows itself only to who calls it */
		return false;
	if (t->address.family == 0)
		q.kinds = 1u << HISTORY_DNS_QUESTION;
	else if (r->in->egress_visible)
		return true;
	else if (t->kind == TRACE_ICMP)
		q.kinds = 1u << HISTORY_ICMP_ECHO;
	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL) {
		if (same_way_out(t, h))
			return true;
	}
	return false;
}

/*
 * What is to be included must be got first, so that here it need not be known whether the site is let out: where the
 * request is stopped on the host itself, nothing was included either. It is enough that what leaves is seen, as an
 * attack on a neighbour showed. A site that goes out by a proxy where its neighbour does not would be misjudged.
 */
static bool include_would_be_seen(const struct ruling *r, unsigned code, const struct trace *t)
{
	uint8_t host[ADDRESS_TEXT];
	struct address far = { 0 };

	return code_is_include(&r->in->codes->codes[code]) && t->kind == TRACE_FETCH &&
		address_parse_bytes(trace_host(t, host, sizeof(host)), &far) == 0 && !within_private(&far) &&
		!address_equal(&far, &r->in->record->tuple.dst) && place_book_egress_seen(r->in->places, &r->in->record->tuple.dst);
}

void network_look(struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];
	struct sight *sight = &r->sights[code];

	for (unsigned i = 0; report != NULL && i < report->traces_count; i++) {
		const struct trace *t = &report->traces[i];

		if (!trace_is_network(t))
			continue;
		if (!contact_counts(&r->in->codes->codes[code], t)) {
			sight->contact |= is_touched(r, code, t);
			continue;
		}
		sight->network_wanted = true;
		/* what stays on the host, within its net, or goes to a name by a resolver may be out of sight */
		sight->far_wanted |= t->address.family != 0 && t->kind != TRACE_LISTEN && !within_private(&t->address) &&
			!address_equal(&t->address, &r->in->record->tuple.dst);
		sight->must_network |= trace_binds(t) && (would_be_seen(r, t) || include_would_be_seen(r, code, t)) &&
			from_ns(r, code, t) + SETTLE_NS <= r->window_end_ns;
		if (r->in->record->request_last_ns != 0)
			look_for_trace(r, code, i);
	}
}

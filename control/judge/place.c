/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The book of places and claims. */
#include "control/judge/place.h"

#include "control/extract/http.h"
#include "control/judge/digest.h"
#include "control/judge/samples.h"
#include "control/judge/search.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* One case says: if my code ran, this is what the site does. */
struct claim {
	uint64_t trace_key;
	uint64_t time_ns;       /* from when on */
	uint64_t answered_ns;   /* when its response ended; UINT64_MAX: not yet, 0: responses are not seen here */
	uint64_t flow_id;
	uint32_t tx_id;
};

/* An answer that is missing for so long will not come. */
static const uint64_t CONTEST_NS = 10000000000;

struct place_book {
	uint64_t uses;
	size_t places_count;
	size_t claims_count, claims_next; /* a ring: the oldest note gives way */
	uint64_t lines[LINES_MAX];
	struct later later;
	uint64_t nets[NETS_MAX];          /* digests of neighbourhoods that are seen to send */
	uint64_t sleepers[SLEEPERS_MAX];  /* digests of transactions, each in its own slot */
	struct samples samples;
	/* kept when all is forgotten; of the arrays, what the counts above say is valid */
	const struct sites *sites;
	struct searches *searches;
	/* of the places, apart from them: they are looked up again and again; kins: of the same place of any server, since one application may run on many */
	uint64_t keys[PLACES_MAX], kins[PLACES_MAX], used[PLACES_MAX];
	struct claim claims[CLAIMS_MAX];
	struct place places[PLACES_MAX];
};

struct bytes place_path(const struct case_record *record, const struct attack_code *code)
{
	struct bytes path = http_request_of(record->parts[PART_REQUEST_HEAD].head).path;
	size_t plain = 0;

	if (code->part != PART_REQUEST_HEAD || code->sink == SINK_RESOURCE ||
	    code->offset != (uint64_t)(path.at - record->parts[PART_REQUEST_HEAD].head.at))
		return path;
	for (size_t i = 0; i < path.left && (isalnum(path.at[i]) || strchr("/._-", path.at[i]) != NULL) && path.at[i] != '\0'; i++) {
		/* a comment's is none that parts */
		if (path.at[i] == '/' && (i + 1 == path.left || path.at[i + 1] != '*'))
			plain = i + 1;
	}
	return bytes_of(path.at, plain);
}

/* Of the place on whatever server, on top of the digest h. */
static uint64_t kin_key(uint64_t h, const struct case_record *record, const struct attack_code *code)
{
	h = digest_run(h, place_path(record, code));
	h = digest_run(h, bytes_text(code->where));
	h = digest_run(h, bytes_text(code->parameter));
	return digest_run(h, bytes_of(&code->sink, sizeof(code->sink)));
}

uint64_t place_book_key(const struct place_book *b, const struct case_record *record, const struct attack_code *code)
{
	struct address site = site_of(b->sites, &record->tuple.dst);
	uint64_t h = digest_run(DIGEST_START, bytes_of(&site, sizeof(site)));

	return kin_key(digest_run(h, bytes_of(&record->tuple.dport, sizeof(record->tuple.dport))), record, code);
}

const struct place *place_book_kin(const struct place_book *b, const struct case_record *record, const struct attack_code *code,
                                   const struct place *after)
{
	uint64_t kin = kin_key(DIGEST_START, record, code), own = place_book_key(b, record, code);

	for (size_t i = after == NULL ? 0 : (size_t)(after - b->places) + 1; i < b->places_count; i++) {
		if (b->kins[i] == kin && b->keys[i] != own)
			return &b->places[i];
	}
	return NULL;
}

int place_book_new(const struct sites *sites, struct place_book **ret)
{
	struct place_book *b = calloc(1, sizeof(*b));

	if (b == NULL || (b->searches = searches_new()) == NULL) {
		free(b);
		return -ENOMEM;
	}
	b->sites = sites;
	*ret = b;
	return 0;
}

static void place_fini(struct place *p)
{
	free(p->body);
	free(p->result);
}

void place_book_forget(struct place_book *b)
{
	for (size_t i = 0; i < b->places_count; i++)
		place_fini(&b->places[i]);
	later_forget(&b->later);
	memset(b, 0, offsetof(struct place_book, sites));
}

void place_book_free(struct place_book *b)
{
	if (b == NULL)
		return;
	place_book_forget(b);
	searches_free(b->searches);
	free(b);
}

struct place *place_book_at(struct place_book *b, uint64_t key)
{
	for (size_t i = 0; i < b->places_count; i++) {
		if (b->keys[i] == key) {
			b->used[i] = ++b->uses;
			return &b->places[i];
		}
	}
	return NULL;
}

struct place *place_book_find(struct place_book *b, const struct case_record *record, const struct attack_code *code)
{
	return place_book_at(b, place_book_key(b, record, code));
}

struct place *place_book_take(struct place_book *b, const struct case_record *record, const struct attack_code *code)
{
	uint64_t key = place_book_key(b, record, code);
	struct place *p = place_book_at(b, key);
	size_t slot = 0;

	if (p != NULL)
		return p;
	if (b->places_count < PLACES_MAX) {
		slot = b->places_count++;
	} else {
		for (size_t i = 1; i < PLACES_MAX; i++) {
			if (b->used[i] < b->used[slot])
				slot = i;
		}
		place_fini(&b->places[slot]);
	}
	b->keys[slot] = key;
	b->used[slot] = ++b->uses;
	b->kins[slot] = kin_key(DIGEST_START, record, code);
	b->places[slot] = (struct place){ .key = b->keys[slot] };
	return &b->places[slot];
}

void place_keep_body(struct place *p, struct bytes body, uint64_t end_ns)
{
	uint8_t *kept = NULL;

	if (body.left == 0 || body.left > PLACE_BODY_MAX || end_ns < p->body_ns || (kept = malloc(body.left)) == NULL)
		return;
	memcpy(kept, body.at, body.left);
	free(p->body);
	p->body = kept;
	p->body_len = body.left;
	p->body_ns = end_ns;
}

static bool result_take(struct place *p, struct bytes body, uint64_t rest)
{
	uint8_t *kept;

	if (body.left == 0 || body.left > PLACE_BODY_MAX || (kept = malloc(body.left)) == NULL)
		return false;
	memcpy(kept, body.at, body.left);
	if (p->rest != rest)
		p->results = 0;
	free(p->result);
	p->result = kept;
	p->result_len = body.left;
	p->rest = rest;
	p->results++;
	return true;
}

void place_keep_result(struct place *p, struct bytes body, uint64_t rest)
{
	size_t front = 0, back = 0, most = body.left < p->result_len ? body.left : p->result_len;
	bool first = p->result == NULL || p->rest != rest;

	if (p->exact && !first)
		return;
	while (!first && front < most && body.at[front] == p->result[front])
		front++;
	while (!first && back < most - front && body.at[body.left - 1 - back] == p->result[p->result_len - 1 - back])
		back++;
	if (!first && front + back == most)
		return; /* the same again */
	if (!result_take(p, body, rest))
		return;
	p->exact = false;
	p->front = first || p->results == 2 || front < p->front ? front : p->front;
	p->back = first || p->results == 2 || back < p->back ? back : p->back;
}

void place_keep_shown(struct place *p, struct bytes body, uint64_t rest, size_t front, size_t back)
{
	if (!result_take(p, body, rest))
		return;
	p->exact = true;
	p->front = front;
	p->back = back;
}

void place_note_probe(struct place *p, struct bytes pattern, struct bytes text, double bits)
{
	struct probe probe = { .pattern = digest_run(DIGEST_START, pattern), .text = digest_run(DIGEST_START, text), .bits = bits };

	for (unsigned i = 0; i < p->probes_count; i++) {
		if (p->probes[i].pattern == probe.pattern || p->probes[i].text == probe.text)
			return;
	}
	if (p->probes_count < PROBES_MAX)
		p->probes[p->probes_count++] = probe;
}

double place_probes_bits(const struct place *p, struct bytes pattern, struct bytes text)
{
	uint64_t looked_for = digest_run(DIGEST_START, pattern), found = digest_run(DIGEST_START, text);
	double bits = 0;

	for (unsigned i = 0; i < p->probes_count; i++) {
		if (p->probes[i].pattern != looked_for && p->probes[i].text != found)
			bits += p->probes[i].bits;
	}
	return bits;
}

struct searches *place_book_searches(struct place_book *b)
{
	return b->searches;
}

struct later *place_book_later(struct place_book *b)
{
	return &b->later;
}

static uint64_t line_key(const struct place_book *b, const struct case_record *record, struct bytes line)
{
	struct address site = site_of(b->sites, &record->tuple.dst);
	uint64_t h = digest_run(DIGEST_START, bytes_of(&site, sizeof(site)));

	return digest_run(digest_run(h, bytes_of(&record->tuple.dport, sizeof(record->tuple.dport))), bytes_trim(line));
}

void place_book_note_line(struct place_book *b, const struct case_record *record, struct bytes line)
{
	uint64_t key = line_key(b, record, line);

	b->lines[(key ^ key >> 32) % LINES_MAX] = key;
}

bool place_book_knows_line(const struct place_book *b, const struct case_record *record, struct bytes line)
{
	uint64_t key = line_key(b, record, line);

	return b->lines[(key ^ key >> 32) % LINES_MAX] == key;
}

/* The same sites and far end: cases that agree in these cannot be told apart by a contact. */
static uint64_t trace_key(const struct place_book *b, const struct case_record *record, const struct trace *t)
{
	struct address site = site_group(b->sites, &record->tuple.dst);
	uint64_t h = digest_run(DIGEST_START, bytes_of(&site, sizeof(site)));

	if (t->address.family == 0 || t->kind == TRACE_FETCH)
		return digest_run(h, t->pattern);
	h = digest_run(h, bytes_of(&t->address, sizeof(t->address)));
	return digest_run(h, bytes_of(&t->port, sizeof(t->port)));
}

void place_book_claim(struct place_book *b, const struct case_record *record, const struct trace *t, uint64_t lead_ns)
{
	struct claim c = { .trace_key = trace_key(b, record, t), .time_ns = record->request_last_ns + lead_ns,
	                   .answered_ns = !record->server_seen ? 0 : record->state == CASE_DONE && record->response_last_ns != 0 ?
	                   record->response_last_ns : UINT64_MAX,
	                   .flow_id = record->flow_id, .tx_id = record->tx_id };

	for (size_t i = 0; i < b->claims_count; i++) {
		struct claim *o = &b->claims[i];

		if (o->trace_key == c.trace_key && o->flow_id == c.flow_id && o->tx_id == c.tx_id) {
			o->answered_ns = c.answered_ns;
			o->time_ns = c.time_ns < o->time_ns ? c.time_ns : o->time_ns;
			return;
		}
	}
	b->claims[b->claims_next] = c;
	b->claims_next = (b->claims_next + 1) % CLAIMS_MAX;
	if (b->claims_count < CLAIMS_MAX)
		b->claims_count++;
}

/* The first 24 bits of an IPv4 address, the first 64 of an IPv6 one. Never 0. */
static uint64_t net_key(const struct address *site)
{
	return digest_run(digest_run(DIGEST_START, bytes_of(&site->family, sizeof(site->family))),
	              bytes_of(site->raw, site->family == 4 ? 3 : 8)) | 1;
}

void place_book_note_egress(struct place_book *b, const struct address *site)
{
	uint64_t key = net_key(site);

	b->nets[(key ^ key >> 32) % NETS_MAX] = key;
}

bool place_book_egress_seen(const struct place_book *b, const struct address *site)
{
	uint64_t key = net_key(site);

	return b->nets[(key ^ key >> 32) % NETS_MAX] == key;
}

/* Never 0, which stands for an empty slot. */
static uint64_t sleeper_key(uint64_t flow_id, uint32_t tx_id)
{
	return digest_run(digest_run(DIGEST_START, bytes_of(&flow_id, sizeof(flow_id))), bytes_of(&tx_id, sizeof(tx_id))) | 1;
}

bool place_book_wants_sample(struct place_book *b, const struct history *h)
{
	return samples_want(&b->samples, b->sites, h);
}

void place_book_note_sleeper(struct place_book *b, const struct case_record *record)
{
	uint64_t key = sleeper_key(record->flow_id, record->tx_id);

	b->sleepers[(key ^ key >> 32) % SLEEPERS_MAX] = key;
}

bool place_book_sleeps(const struct place_book *b, uint64_t flow_id, uint32_t tx_id)
{
	uint64_t key = sleeper_key(flow_id, tx_id);

	return b->sleepers[(key ^ key >> 32) % SLEEPERS_MAX] == key;
}

bool place_book_claimed(const struct place_book *b, const struct case_record *record, const struct trace *t,
                        uint64_t after_ns, uint64_t until_ns)
{
	uint64_t key = trace_key(b, record, t);

	for (size_t i = 0; i < b->claims_count; i++) {
		const struct claim *o = &b->claims[i];

		if (o->trace_key == key && o->time_ns > after_ns && o->time_ns <= until_ns &&
		    (o->flow_id != record->flow_id || o->tx_id != record->tx_id))
			return true;
	}
	return false;
}

bool place_book_contested(const struct place_book *b, const struct case_record *record, const struct trace *t, uint64_t at_ns)
{
	uint64_t key = trace_key(b, record, t);

	for (size_t i = 0; i < b->claims_count; i++) {
		const struct claim *o = &b->claims[i];

		if (o->trace_key == key && o->time_ns <= at_ns && at_ns - o->time_ns <= CONTEST_NS && o->answered_ns > at_ns &&
		    (o->flow_id != record->flow_id || o->tx_id != record->tx_id))
			return true;
	}
	return false;
}

unsigned place_book_rivals(const struct place_book *b, const struct case_record *record, const struct trace *t,
                           uint64_t after_ns, uint64_t until_ns, uint64_t *first_ns)
{
	uint64_t key = trace_key(b, record, t);
	unsigned n = 0;

	for (size_t i = 0; i < b->claims_count; i++) {
		const struct claim *o = &b->claims[i];

		if (o->trace_key != key || o->time_ns < after_ns || o->time_ns > until_ns ||
		    (o->flow_id == record->flow_id && o->tx_id == record->tx_id))
			continue;
		n++;
		*first_ns = o->time_ns < *first_ns ? o->time_ns : *first_ns;
	}
	return n;
}

uint64_t place_book_first_claim_ns(const struct place_book *b, const struct case_record *record, const struct trace *t)
{
	uint64_t key = trace_key(b, record, t), first = UINT64_MAX;

	for (size_t i = 0; i < b->claims_count; i++) {
		if (b->claims[i].trace_key == key && b->claims[i].time_ns < first)
			first = b->claims[i].time_ns;
	}
	return first;
}

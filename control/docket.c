/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases by id, by the order of their requests, and by when they want to be asked. */
#include "control/docket.h"
#include "control/due.h"
#include "control/upload.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

enum { BUCKETS = 1 << 12, TOUCHED = 1 << 12 };

/* Bytes of what cases that are asked again keep for that; beyond it, it is made once more: time for room. */
enum { READINGS_MAX = 64 << 20 };

/* DESIGN.md: unknown is told after at most ten seconds; what is left covers commit and sending. */
static const uint64_t unknown_after_ns = UINT64_C(9000000000);

/* When the judge names no later time to ask again. */
static const uint64_t ask_step_ns = UINT64_C(1000000000);

struct docket {
	struct docket_tools tools;
	uint8_t build[TRACES_KEY_SIZE];
	struct open_case *buckets[BUCKETS];
	struct open_case *first, *last;       /* opened, by request */
	struct open_case *waiting;            /* traces missing, opened or not */
	struct due due;                       /* opened and not final */
	uint64_t touched[TOUCHED / 64];
	bool any_touched;
	size_t readings_bytes;
	struct docket_counts counts;
};

int docket_new(const struct docket_tools *tools, struct docket **ret)
{
	struct docket *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return -ENOMEM;
	d->tools = *tools;
	build_key(tools->settings, d->build);
	*ret = d;
	return 0;
}

static struct open_case **bucket_of(struct docket *d, const struct case_id *id)
{
	return &d->buckets[(id->flow_id ^ id->flow_id >> 32 ^ id->tx_id) % BUCKETS];
}

static struct open_case *docket_find(struct docket *d, const struct case_id *id)
{
	for (struct open_case *c = *bucket_of(d, id); c != NULL; c = c->bucket_next)
		if (c->id.flow_id == id->flow_id && c->id.tx_id == id->tx_id)
			return c;
	return NULL;
}

static void waiting_add(struct docket *d, struct open_case *c)
{
	c->wait_previous = NULL;
	c->wait_next = d->waiting;
	if (d->waiting != NULL)
		d->waiting->wait_previous = c;
	d->waiting = c;
}

static void waiting_remove(struct docket *d, struct open_case *c)
{
	if (c->wait_previous == NULL && d->waiting != c)
		return; /* it never waited */
	if (c->wait_previous != NULL)
		c->wait_previous->wait_next = c->wait_next;
	else
		d->waiting = c->wait_next;
	if (c->wait_next != NULL)
		c->wait_next->wait_previous = c->wait_previous;
	c->wait_next = c->wait_previous = NULL;
}

static void readings_drop(struct docket *d, struct open_case *c)
{
	d->readings_bytes -= c->readings_cost;
	readings_free(c->readings);
	c->readings = NULL;
	c->readings_cost = 0;
}

/* After a judgement: what it made is kept if there is room. */
static void readings_keep(struct docket *d, struct open_case *c)
{
	d->readings_bytes -= c->readings_cost;
	c->readings_cost = c->readings != NULL ? readings_cost(c->readings) : 0;
	d->readings_bytes += c->readings_cost;
	if (d->readings_bytes > READINGS_MAX)
		readings_drop(d, c);
}

/* Takes an opened case out of everything and frees it. */
static void docket_remove(struct docket *d, struct open_case *c)
{
	struct open_case **at = bucket_of(d, &c->id);

	while (*at != c)
		at = &(*at)->bucket_next;
	*at = c->bucket_next;
	if (c->previous != NULL)
		c->previous->next = c->next;
	else
		d->first = c->next;
	if (c->next != NULL)
		c->next->previous = c->previous;
	else
		d->last = c->previous;
	due_remove(&d->due, c);
	waiting_remove(d, c);
	readings_drop(d, c);
	d->counts.open--;
	d->counts.open_bytes -= c->cost;
	open_case_free(&d->tools, c);
}

void docket_free(struct docket *d)
{
	if (d == NULL)
		return;
	while (d->first != NULL)
		docket_remove(d, d->first);
	due_fini(&d->due);
	free(d);
}

int docket_prepare(struct docket *d, struct bytes encoded, uint64_t now_ns, struct open_case **ret)
{
	struct open_case *c = NULL;
	int r = open_case_new(&d->tools, d->build, encoded, now_ns, &c);

	d->counts.cases++;
	if (r < 0) {
		d->counts.bad++;
		return r;
	}
	if (c == NULL)
		d->counts.quiet++;
	else if (c->missing > 0)
		waiting_add(d, c);
	*ret = c;
	return 0;
}

void docket_drop(struct docket *d, struct open_case *c)
{
	waiting_remove(d, c);
	open_case_free(&d->tools, c);
}

/* How long after its request a case is watched. */
static uint64_t window_of(const struct docket *d)
{
	return (uint64_t)d->tools.settings->window_s * UINT64_C(1000000000);
}

static void input_of(const struct docket *d, const struct open_case *c, uint64_t known_ns, bool over,
                     struct judge_input *ret)
{
	const struct settings *s = d->tools.settings;

	*ret = (struct judge_input){
		.record = &c->file->record, .codes = c->codes, .reports = c->reports, .memory = d->tools.memory,
		.places = d->tools.places, .known_until_ns = known_ns,
		.window_ns = window_of(d), .capture_over = over,
		.egress_visible = s->egress_visible, .success_bits = s->success_bits,
	};
}

static void tell(struct docket *d, struct open_case *c)
{
	const struct judgement *j = &c->judgement;

	if (c->revision > 0 && c->told_verdict == VERDICT_SUCCESS && j->verdict != VERDICT_SUCCESS)
		return; /* a success is never taken back */
	if (c->revision > 0 && c->told_verdict == j->verdict && c->told_reason == j->reason &&
	    c->told_final == j->final)
		return;
	if (c->revision == 0 && j->verdict != VERDICT_SUCCESS && !open_case_reached(c)) {
		if (j->final)
			d->counts.quiet++;
		return;
	}
	c->newly_success = j->verdict == VERDICT_SUCCESS && (c->revision == 0 || c->told_verdict != VERDICT_SUCCESS);
	c->revision++;
	c->told_verdict = j->verdict;
	c->told_reason = j->reason;
	c->told_final = j->final;
	if (j->final)
		d->counts.told[j->verdict]++;
	if (d->tools.tell(d->tools.context, c) < 0)
		c->revision--; /* said on stderr and counted there; the next revision tries again */
}

/* A case that waits for the rest of its response is final only when that came. */
static bool is_settled(const struct open_case *c, bool over)
{
	return c->judgement.final && (over || c->file->record.state == CASE_DONE);
}

/* Emulation has not come to its code yet. What it left on the network while its window was open is past: nobody waits on. */
static void waits(struct judgement *j, bool late)
{
	j->reason = REASON_QUEUE_LATE;
	snprintf(j->detail, sizeof(j->detail), "%s",
	         late ? reason_sentence(REASON_QUEUE_LATE) : "the emulation queue has not come to this code yet");
	j->final = late;
}

/* Judges with what is known until known_ns. True: it was final, and c is gone. */
static bool ask(struct docket *d, struct open_case *c, uint64_t known_ns, bool over)
{
	struct judge_input input;
	struct judgement *j = &c->judgement;

	input_of(d, c, known_ns, over, &input);
	input.kept = &c->readings;
	judge(&input, j);
	readings_keep(d, c);
	d->counts.judged++;
	c->judged = true;
	c->touched = false;
	if (j->verdict == VERDICT_UNKNOWN && c->refused) {
		j->reason = REASON_QUEUE_FULL;
		snprintf(j->detail, sizeof(j->detail), "%s", reason_sentence(REASON_QUEUE_FULL));
	}
	if (j->verdict == VERDICT_UNKNOWN && c->missing > 0)
		waits(j, known_ns >= c->time_ns + input.window_ns);
	if (over)
		j->final = true;
	if (j->final && !over && c->file->record.state == CASE_OPEN && j->verdict != VERDICT_SUCCESS)
		j->final = false;
	if (is_settled(c, over)) {
		tell(d, c);
		docket_remove(d, c);
		return true;
	}
	if (!d->tools.replay && j->verdict == VERDICT_SUCCESS)
		tell(d, c);
	if (j->final)
		due_remove(&d->due, c);
	else
		due_add(&d->due, c, j->ask_again_ns > known_ns ? j->ask_again_ns : known_ns + ask_step_ns);
	return false;
}

/* Its traces are there: they stand in the book of places from now on. */
static void announce(struct docket *d, struct open_case *c)
{
	struct judge_input input;

	open_case_settle(&d->tools, c);
	readings_drop(d, c); /* they were of all codes */
	input_of(d, c, c->time_ns, false, &input);
	judge_announce(&input);
	c->announced = true;
}

/* From when on everything that the case itself brings is known. */
static uint64_t first_due_ns(const struct open_case *c)
{
	const struct case_record *record = &c->file->record;

	return c->time_ns > record->response_last_ns ? c->time_ns : record->response_last_ns;
}

void docket_answered(struct docket *d, const struct traces *t)
{
	for (struct open_case *c = d->waiting, *next; c != NULL; c = next) {
		next = c->wait_next;
		open_case_answered(c, t);
		if (c->missing > 0)
			continue;
		waiting_remove(d, c);
		if (c->opened) {
			announce(d, c);
			due_add(&d->due, c, first_due_ns(c)); /* what it was put off to, without traces, holds no more */
		}
	}
}

/* The newer capture of the same case takes the older one's place; what was told stays told. */
static void take_over(struct docket *d, struct open_case *old, struct open_case *c)
{
	c->revision = old->revision;
	c->told_verdict = old->told_verdict;
	c->told_reason = old->told_reason;
	c->told_final = old->told_final;
	c->arrived_ns = old->arrived_ns;
	c->cached = old->cached; /* whether a case is sent early hangs on the lanes; what its record says must not */
	docket_remove(d, old);
}

/* A restart forgot what was told of it; the store did not. */
static void recall(const struct docket *d, struct open_case *c)
{
	struct store_record told;

	if (d->tools.replay || d->tools.store == NULL || store_find_record(d->tools.store, &c->id, &told) < 0)
		return;
	c->revision = told.revision;
	c->told_verdict = told.verdict;
	c->told_reason = REASON_COUNT; /* any reason is news */
	c->told_final = told.final;
}

static void link_in(struct docket *d, struct open_case *c)
{
	struct open_case **bucket = bucket_of(d, &c->id), *after = d->last;

	c->bucket_next = *bucket;
	*bucket = c;
	while (after != NULL && open_case_order(after, c) > 0)
		after = after->previous;
	c->previous = after;
	c->next = after == NULL ? d->first : after->next;
	if (c->previous != NULL)
		c->previous->next = c;
	else
		d->first = c;
	if (c->next != NULL)
		c->next->previous = c;
	else
		d->last = c;
	d->counts.open++;
	d->counts.open_bytes += c->cost;
}

/* By the order of requests, not of arrival: the record says it, and must not hang on the number of lanes. */
static bool all_seen(struct open_case *c)
{
	bool seen = c->codes->count > 0;

	for (unsigned i = 0; i < c->codes->count; i++) {
		if (c->traces[i] == NULL)
			continue;
		seen = seen && c->traces[i]->seen;
		c->traces[i]->seen = true;
	}
	return seen;
}

void docket_supply(struct docket *d, struct open_case *c)
{
	bool waited = c->missing > 0;

	if (c->supplied)
		return;
	open_case_supply(&d->tools, d->build, c);
	if (!waited && c->missing > 0)
		waiting_add(d, c);
}

void docket_open(struct docket *d, struct open_case *c)
{
	struct open_case *old = docket_find(d, &c->id);
	uint64_t limit = (uint64_t)d->tools.settings->open_mb << 20;

	c->cached = all_seen(c);
	if (old != NULL)
		take_over(d, old, c);
	else
		recall(d, c);
	link_in(d, c);
	c->opened = true;
	uploads_note(d->tools.uploads, &c->file->record, c->codes);
	c->due_ns = first_due_ns(c);
	if (c->missing == 0) {
		announce(d, c);
		due_add(&d->due, c, c->due_ns);
	}
	while (d->counts.open_bytes > limit && d->first != NULL && d->first != c) {
		struct open_case *oldest = d->first;

		d->counts.closed_early++;
		ask(d, oldest, c->time_ns, true);
	}
}

uint64_t docket_due_ns(const struct docket *d)
{
	const struct open_case *c = due_first(&d->due);

	return c != NULL ? c->due_ns : UINT64_MAX;
}

void docket_ask(struct docket *d, uint64_t now_ns)
{
	while (docket_due_ns(d) <= now_ns)
		ask(d, due_first(&d->due), now_ns, false);
}

static unsigned touch_index(const struct address *a)
{
	uint32_t h = a->family;

	for (size_t i = 0; i < sizeof(a->raw); i++)
		h = (h ^ a->raw[i]) * UINT32_C(16777619);
	return h % TOUCHED;
}

void docket_touch(struct docket *d, const struct address *a)
{
	struct address at[SITES_OF_MAX];
	unsigned n = sites_of(d->tools.sites, a, at);

	for (unsigned k = 0; k < n; k++) {
		unsigned i = touch_index(&at[k]);

		d->touched[i / 64] |= UINT64_C(1) << i % 64;
	}
	d->any_touched = true;
}

static bool is_touched(const struct docket *d, const struct address *a)
{
	struct address site = site_of(d->tools.sites, a);
	unsigned i = touch_index(&site);

	return (d->touched[i / 64] >> i % 64 & 1) != 0;
}

void docket_look(struct docket *d, uint64_t capture_ns, uint64_t now_ns)
{
	const uint64_t window_ns = window_of(d);

	for (struct open_case *c = d->first, *next; c != NULL; c = next) {
		const struct tuple *t = &c->file->record.tuple;
		/* it may have come after the caller looked at the clock */
		uint64_t here = now_ns > c->arrived_ns ? now_ns - c->arrived_ns : 0, waited = here;

		next = c->next;
		/* capture time may lie ahead of the arrival: a response that took long has waited already */
		if (capture_ns > c->time_ns && capture_ns - c->time_ns > waited)
			waited = capture_ns - c->time_ns;
		if (c->missing > 0 && here >= (window_ns < unknown_after_ns ? window_ns : unknown_after_ns) &&
		    capture_ns >= c->time_ns + window_ns && ask(d, c, capture_ns, false))
			continue;
		if (c->missing > 0 && waited < unknown_after_ns)
			continue;
		if (c->missing == 0 && d->any_touched && !c->judgement.final &&
		    (is_touched(d, &t->dst) || is_touched(d, &t->src)) && ask(d, c, capture_ns, false))
			continue;
		if (c->revision > 0 || waited < unknown_after_ns)
			continue;
		if (!c->judged && ask(d, c, capture_ns, false))
			continue;
		tell(d, c);
	}
	memset(d->touched, 0, sizeof(d->touched));
	d->any_touched = false;
}

void docket_close_all(struct docket *d, uint64_t end_ns)
{
	for (struct open_case *c = d->first, *next; c != NULL; c = next) {
		next = c->next;
		ask(d, c, end_ns, true);
	}
}

void docket_count(const struct docket *d, struct docket_counts *ret)
{
	*ret = d->counts;
}

void docket_walk(const struct docket *d, bool (*each)(void *context, const struct open_case *), void *context)
{
	for (const struct open_case *c = d->first; c != NULL && each(context, c); c = c->next)
		;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The record of one run, in memory of its own. */
#include "emu/world/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_STEP = 64 << 10, NETWORK_ROOM = 96 /* events that only those of the network may fill */ };

struct keep {
	struct keep *next;
	size_t used, size;
	uint8_t at[];
};

struct record {
	struct outcome outcome;
	struct event events[REPORT_EVENTS_MAX];
	uint8_t *output, *out, *err; /* REPORT_OUTPUT_MAX bytes each, reserved once */
	size_t output_len, out_len, err_len;
	struct keep *keeps;
	const struct twist *twists;
	unsigned twists_count;
};

int record_new(struct record **ret)
{
	struct record *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return -ENOMEM;
	r->output = malloc(REPORT_OUTPUT_MAX);
	r->out = malloc(REPORT_OUTPUT_MAX);
	r->err = malloc(REPORT_OUTPUT_MAX);
	if (r->output == NULL || r->out == NULL || r->err == NULL) {
		record_free(r);
		return -ENOMEM;
	}
	*ret = r;
	return 0;
}

static void keeps_free(struct record *r)
{
	while (r->keeps != NULL) {
		struct keep *next = r->keeps->next;

		free(r->keeps);
		r->keeps = next;
	}
}

void record_free(struct record *r)
{
	if (r == NULL)
		return;
	keeps_free(r);
	free(r->output);
	free(r->out);
	free(r->err);
	free(r);
}

void record_begin(struct record *r, const struct twist *twists, unsigned twists_count)
{
	if (r->keeps != NULL && r->keeps->next == NULL && r->keeps->size == KEEP_STEP)
		r->keeps->used = 0;
	else
		keeps_free(r);
	memset(&r->outcome.run, 0, sizeof(r->outcome.run));
	r->outcome.questions_count = r->outcome.questions_left = 0;
	r->outcome.facts_count = r->outcome.facts_left = 0;
	r->output_len = r->out_len = r->err_len = 0;
	r->twists = twists;
	r->twists_count = twists_count;
}

static void append(uint8_t *to, size_t *len, struct bytes b)
{
	size_t n = b.left < REPORT_OUTPUT_MAX - *len ? b.left : REPORT_OUTPUT_MAX - *len;

	if (n != 0)
		memcpy(to + *len, b.at, n);
	*len += n;
}

int record_output(struct record *r, enum stream stream, struct bytes b)
{
	bool fits = b.left <= REPORT_OUTPUT_MAX - r->output_len;

	append(r->output, &r->output_len, b);
	if (stream == STREAM_OUT)
		append(r->out, &r->out_len, b);
	else
		append(r->err, &r->err_len, b);
	return fits ? 0 : -ENOSPC;
}

uint64_t record_output_len(const struct record *r)
{
	return r->out_len;
}

struct bytes record_keep(struct record *r, struct bytes b)
{
	struct keep *k = r->keeps;

	if (b.left == 0)
		return (struct bytes){ 0 };
	if (k == NULL || k->size - k->used < b.left) {
		size_t size = b.left > KEEP_STEP ? b.left : KEEP_STEP;

		if ((k = malloc(sizeof(*k) + size)) == NULL)
			return (struct bytes){ 0 };
		k->size = size;
		k->used = 0;
		k->next = r->keeps;
		r->keeps = k;
	}
	memcpy(k->at + k->used, b.at, b.left);
	k->used += b.left;
	return bytes_of(k->at + k->used - b.left, b.left);
}

/* What others on the wire would see. No number of files that code touches may hide it. */
static bool of_network(enum event_kind kind)
{
	return kind == EVENT_CONNECT || kind == EVENT_LISTEN || kind == EVENT_ACCEPT || kind == EVENT_DNS || kind == EVENT_ICMP ||
	       kind == EVENT_FETCH || kind == EVENT_SEND || kind == EVENT_SLEEP;
}

struct event *record_event(struct record *r, enum event_kind kind, uint64_t virtual_ns)
{
	struct event *e;

	if (r->outcome.run.events_count >= REPORT_EVENTS_MAX - (of_network(kind) ? 0 : NETWORK_ROOM)) {
		r->outcome.run.events_left++;
		return NULL;
	}
	e = &r->events[r->outcome.run.events_count++];
	*e = (struct event){ .kind = kind, .virtual_ns = virtual_ns };
	return e;
}

void record_more(struct record *r, struct event *e, struct bytes b)
{
	size_t room, n;

	if (e == NULL)
		return;
	e->value += b.left;
	room = EVENT_DATA_MAX - e->data.left;
	n = b.left < room ? b.left : room;
	if (n == 0)
		return;
	if (e->data.at == NULL) {
		/* all of its room at once, so that it can grow in place */
		static const uint8_t none[EVENT_DATA_MAX];

		e->data = record_keep(r, bytes_of(none, sizeof(none)));
		if (e->data.at == NULL)
			return;
		e->data.left = 0;
	}
	memcpy((uint8_t *)(uintptr_t)e->data.at + e->data.left, b.at, n);
	e->data.left += n;
}

static bool twisted(const struct record *r, enum question_kind kind, const char *subject, bool answer)
{
	for (unsigned i = 0; i < r->twists_count; i++)
		if (r->twists[i].kind == kind && strcmp(r->twists[i].subject, subject) == 0)
			return r->twists[i].answer;
	return answer;
}

bool record_twisted(const struct record *r, enum question_kind kind, const char *subject, bool answer)
{
	return twisted(r, kind, subject, answer) != answer;
}

bool record_ask(struct record *r, enum question_kind kind, const char *subject, bool answer)
{
	struct outcome *o = &r->outcome;
	struct question *q;

	answer = twisted(r, kind, subject, answer);
	for (unsigned i = 0; i < o->questions_count; i++)
		if (o->questions[i].kind == kind && strcmp(o->questions[i].subject, subject) == 0)
			return answer;
	if (o->questions_count == SERVER_QUESTIONS_MAX) {
		o->questions_left++;
		return answer;
	}
	q = &o->questions[o->questions_count++];
	q->kind = kind;
	strncpy(q->subject, subject, sizeof(q->subject) - 1);
	q->subject[sizeof(q->subject) - 1] = 0;
	q->output_before = r->out_len;
	q->answered_yes = answer;
	return answer;
}

static void fact_add(struct record *r, struct bytes text, bool name)
{
	struct outcome *o = &r->outcome;
	struct bytes kept;

	for (unsigned i = 0; i < o->facts_count; i++)
		if (o->facts[i].name == name && bytes_equal(o->facts[i].text, text))
			return;
	if (text.left == 0)
		return;
	if (text.left > FACT_BYTES_MAX || o->facts_count == SERVER_FACTS_MAX || (kept = record_keep(r, text)).at == NULL) {
		o->facts_left++;
		return;
	}
	o->facts[o->facts_count++] = (struct fact){ kept, r->out_len, name };
}

void record_fact(struct record *r, struct bytes text)
{
	fact_add(r, text, false);
}

void record_name(struct record *r, struct bytes name)
{
	fact_add(r, name, true);
}

struct outcome *record_outcome(struct record *r)
{
	struct run *run = &r->outcome.run;

	run->output = bytes_of(r->output, r->output_len);
	run->out = bytes_of(r->out, r->out_len);
	run->err = bytes_of(r->err, r->err_len);
	run->events = r->events;
	return &r->outcome;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report as bytes. Sender: emu/pool/worker.c; receivers: control/queue/worker.c, control/store. */
#include "control/wire/report.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 64 << 10 /* bytes of one name, path, argv, data, text or profile list */ };

/* What report_decode() gives: the report first, then what report_free() frees. */
struct decoded {
	struct report report;
	struct run *runs;
	struct trace *traces;
	struct event *events[REPORT_RUNS_MAX];
};

/* A double as the 64 bits it is made of. */
static uint64_t bits_of(double v)
{
	uint64_t raw;

	memcpy(&raw, &v, sizeof(raw));
	return raw;
}

/* -EBADMSG for what is no finite number of bits. */
static int take_bits(struct bytes *b, double *ret)
{
	uint64_t raw;
	double v;

	if (bytes_u64le(b, &raw) < 0)
		return -EBADMSG;
	memcpy(&v, &raw, sizeof(v));
	if (!isfinite(v) || v < 0)
		return -EBADMSG;
	*ret = v;
	return 0;
}

/* A byte that must be below count. */
static int take_below(struct bytes *b, unsigned count, unsigned *ret)
{
	uint8_t v;

	if (bytes_u8(b, &v) < 0 || v >= count)
		return -EBADMSG;
	*ret = v;
	return 0;
}

static void event_encode(struct sink *s, const struct event *e)
{
	sink_u8(s, (uint8_t)e->kind);
	address_encode(s, &e->address);
	sink_u16le(s, e->port);
	sink_u8(s, e->protocol);
	sink_u64le(s, e->virtual_ns);
	sink_u64le(s, e->value);
	sink_run(s, e->name);
	sink_run(s, e->path);
	sink_run(s, e->argv);
	sink_run(s, e->data);
}

static int event_decode(struct bytes *b, struct event *ret)
{
	unsigned kind;

	if (take_below(b, EVENT_KIND_COUNT, &kind) < 0 || address_decode(b, &ret->address) < 0 ||
	    bytes_u16le(b, &ret->port) < 0 || bytes_u8(b, &ret->protocol) < 0 ||
	    bytes_u64le(b, &ret->virtual_ns) < 0 || bytes_u64le(b, &ret->value) < 0 ||
	    bytes_run(b, TEXT_MAX, &ret->name) < 0 || bytes_run(b, TEXT_MAX, &ret->path) < 0 ||
	    bytes_run(b, TEXT_MAX, &ret->argv) < 0 || bytes_run(b, TEXT_MAX, &ret->data) < 0)
		return -EBADMSG;
	ret->kind = (enum event_kind)kind;
	return 0;
}

static void run_encode(struct sink *s, const struct run *r)
{
	sink_run(s, r->profile);
	sink_u32le(s, r->seed);
	sink_run(s, r->output);
	sink_run(s, r->out);
	sink_run(s, r->err);
	sink_u32le(s, (uint32_t)r->exit_status);
	sink_u8(s, (uint8_t)r->stopped_by);
	sink_u64le(s, r->blocks);
	sink_u64le(s, r->host_ns);
	sink_u64le(s, r->ended_ns);
	sink_u32le(s, r->events_left);
	sink_u32le(s, r->events_count);
	for (uint32_t i = 0; i < r->events_count; i++)
		event_encode(s, &r->events[i]);
}

static int run_decode(struct bytes *b, struct run *ret, struct event **ret_events)
{
	struct event *events = NULL;
	uint32_t status, count;
	unsigned stopped;

	if (bytes_run(b, TEXT_MAX, &ret->profile) < 0 || bytes_u32le(b, &ret->seed) < 0 ||
	    bytes_run(b, REPORT_OUTPUT_MAX, &ret->output) < 0 || bytes_run(b, REPORT_OUTPUT_MAX, &ret->out) < 0 ||
	    bytes_run(b, REPORT_OUTPUT_MAX, &ret->err) < 0 || bytes_u32le(b, &status) < 0 ||
	    take_below(b, STOPPED_COUNT, &stopped) < 0 || bytes_u64le(b, &ret->blocks) < 0 ||
	    bytes_u64le(b, &ret->host_ns) < 0 || bytes_u64le(b, &ret->ended_ns) < 0 ||
	    bytes_u32le(b, &ret->events_left) < 0 || bytes_u32le(b, &count) < 0 || count > REPORT_EVENTS_MAX)
		return -EBADMSG;
	if (count > 0 && (events = calloc(count, sizeof(*events))) == NULL)
		return -ENOMEM;
	*ret_events = events; /* freed with the report, also where decoding fails below */
	for (uint32_t i = 0; i < count; i++) {
		if (event_decode(b, &events[i]) < 0)
			return -EBADMSG;
	}
	ret->exit_status = (int32_t)status;
	ret->stopped_by = (enum stopped_by)stopped;
	ret->events_count = count;
	ret->events = events;
	return 0;
}

static void trace_encode(struct sink *s, const struct trace *t)
{
	sink_u8(s, (uint8_t)t->kind);
	sink_u8(s, (uint8_t)t->place);
	sink_u8(s, (uint8_t)((t->must_show ? 1 : 0) | (t->literal ? 2 : 0)));
	sink_run(s, t->pattern);
	address_encode(s, &t->address);
	sink_u16le(s, t->port);
	sink_u8(s, t->protocol);
	sink_u64le(s, t->value_ns);
	sink_u64le(s, bits_of(t->bits));
	sink_run(s, t->text);
	sink_run(s, t->profiles);
	sink_u32le(s, t->depends_count);
	for (uint32_t i = 0; i < t->depends_count; i++)
		sink_run(s, t->depends_on[i]);
}

static int trace_decode(struct bytes *b, struct trace *ret)
{
	unsigned kind, place, flags;

	if (take_below(b, TRACE_KIND_COUNT, &kind) < 0 || take_below(b, PLACE_COUNT, &place) < 0 ||
	    take_below(b, 4, &flags) < 0 || bytes_run(b, TRACE_PATTERN_MAX, &ret->pattern) < 0 ||
	    address_decode(b, &ret->address) < 0 || bytes_u16le(b, &ret->port) < 0 ||
	    bytes_u8(b, &ret->protocol) < 0 || bytes_u64le(b, &ret->value_ns) < 0 ||
	    take_bits(b, &ret->bits) < 0 || bytes_run(b, TEXT_MAX, &ret->text) < 0 ||
	    bytes_run(b, TEXT_MAX, &ret->profiles) < 0 || bytes_u32le(b, &ret->depends_count) < 0 ||
	    ret->depends_count > TRACE_DEPENDS_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < ret->depends_count; i++) {
		if (bytes_run(b, TEXT_MAX, &ret->depends_on[i]) < 0)
			return -EBADMSG;
	}
	ret->kind = (enum trace_kind)kind;
	ret->place = (enum trace_place)place;
	ret->must_show = (flags & 1) != 0;
	ret->literal = (flags & 2) != 0;
	return 0;
}

void report_encode(struct sink *s, const struct report *r)
{
	sink_u64le(s, r->job_id);
	sink_u8(s, (uint8_t)r->language);
	sink_u8(s, (uint8_t)r->stopped_by);
	sink_u64le(s, r->host_ns);
	sink_u64le(s, r->blocks);
	sink_u32le(s, r->runs_count);
	for (uint32_t i = 0; i < r->runs_count; i++)
		run_encode(s, &r->runs[i]);
	sink_u32le(s, r->traces_count);
	for (uint32_t i = 0; i < r->traces_count; i++)
		trace_encode(s, &r->traces[i]);
}

static int runs_decode(struct bytes *b, struct decoded *d)
{
	uint32_t count;
	int r;

	if (bytes_u32le(b, &count) < 0 || count > REPORT_RUNS_MAX)
		return -EBADMSG;
	if (count > 0 && (d->runs = calloc(count, sizeof(*d->runs))) == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		if ((r = run_decode(b, &d->runs[i], &d->events[i])) < 0)
			return r;
	}
	d->report.runs = d->runs;
	d->report.runs_count = count;
	return 0;
}

static int traces_decode(struct bytes *b, struct decoded *d)
{
	uint32_t count;
	int r;

	if (bytes_u32le(b, &count) < 0 || count > REPORT_TRACES_MAX)
		return -EBADMSG;
	if (count > 0 && (d->traces = calloc(count, sizeof(*d->traces))) == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		if ((r = trace_decode(b, &d->traces[i])) < 0)
			return r;
	}
	d->report.traces = d->traces;
	d->report.traces_count = count;
	return 0;
}

int report_decode(struct bytes *b, struct report **ret)
{
	struct decoded *d = calloc(1, sizeof(*d));
	struct bytes at = *b;
	unsigned language, stopped;
	int r = -EBADMSG;

	if (d == NULL)
		return -ENOMEM;
	if (bytes_u64le(&at, &d->report.job_id) < 0 || take_below(&at, LANGUAGE_COUNT, &language) < 0 ||
	    take_below(&at, STOPPED_COUNT, &stopped) < 0 || bytes_u64le(&at, &d->report.host_ns) < 0 ||
	    bytes_u64le(&at, &d->report.blocks) < 0)
		goto out;
	d->report.language = (enum language)language;
	d->report.stopped_by = (enum stopped_by)stopped;
	if ((r = runs_decode(&at, d)) < 0 || (r = traces_decode(&at, d)) < 0)
		goto out;
	*ret = &d->report;
	*b = at;
	d = NULL;
	r = 0;
out:
	report_free(d != NULL ? &d->report : NULL);
	return r;
}

void report_free(struct report *report)
{
	struct decoded *d = (struct decoded *)report; /* the report is its first member */

	if (d == NULL)
		return;
	for (unsigned i = 0; i < REPORT_RUNS_MAX; i++)
		free(d->events[i]);
	free(d->runs);
	free(d->traces);
	free(d);
}

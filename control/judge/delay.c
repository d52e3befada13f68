/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Delay traces: the response came later than this place's others by as long as the code sleeps. One late response is
 * proof only beside others to the same place that were quick, or that were late by as long as they asked for. A script that
 * somebody brought has no other requests: what the server answers otherwise, it does at its own pace.
 */
#include "control/extract/http.h"
#include "control/judge/ruling.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	DELAY_SLACK = 20,        /* per cent that a sleep may seem shorter or longer */
	DELAY_QUICK = 25,        /* per cent of the sleep within which a control request is answered */
	SLOW_SHARE = 100,        /* so many quick controls for each slow one: the 99th percentile */
	CONTROLS_COUNTED = 4,    /* more tell nothing more */
	CONTROLS_BROUGHT = 2,    /* that the whole server's quick answers are worth to a script that has no other requests */
	CONTROLS_HEAVY = 4,      /* quick ones beside which work of unknown length is seen */
	HEAVY_TIMES = 20,        /* so many times as long as the slowest of them it takes at least */
	OTHERS_COUNTED = 2,
	FIT_SHARE = 50,          /* so small a part of the sleep beside what the place takes anyway, and the time fits it closely */
	SERVER_MIN = 16,         /* quick answers of the whole server that say how seldom it is slow */
	ROWS_MAX = 16,           /* of a table, each of which may sleep */
	BITS_BASE = 10,          /* a response that is late by just this much */
	BITS_CONTROL = 10,       /* where another was not */
	BITS_OTHER = 10,         /* where another sleep was just as late */
	BITS_FIT = 6,            /* a time by chance seldom lies so close: log2(FIT_SHARE) */
	BITS_SERVER = 6,         /* at most, for the whole server's quick answers */
	BITS_ROWS = 4,           /* taken off: as many lengths are tried as there may be rows */
};
static const uint64_t DELAY_MIN_NS = 1000000000; /* shorter sleeps drown in a busy server's jitter */

/* How requests to the same path were answered. */
struct controls {
	unsigned quick, slow;    /* slow: whose code takes no time, and that did not queue behind this one */
	unsigned busy, calm;     /* answered slowly and quickly while this one waited, wherever on the server */
	uint64_t usual_ns;       /* the longest of the quick ones */
	unsigned server_quick, server_slow; /* to whatever path */
};

/* The same path, or one below it where the value stands in the path and the place is all of a folder. */
static bool is_here(const struct ruling *r, struct bytes name, struct bytes path)
{
	struct bytes asked = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).path;

	if (path.left == asked.left || path.left <= 1)
		return bytes_equal(name, path);
	return name.left > path.left && bytes_equal(bytes_of(name.at, path.left), path);
}

static void count(const struct ruling *r, const struct history *h, struct bytes path, uint64_t sleep_ns, struct controls *c)
{
	const struct case_record *record = r->in->record;
	struct bytes name = h->name;
	bool quick = h->delay_ns < sleep_ns / 100 * DELAY_QUICK, here = is_here(r, http_split(&name, '?'), path);
	bool during = h->time_ns > record->request_last_ns && h->time_ns < record->response_first_ns;

	/* a server of one worker lets it wait until this one is answered */
	bool queued = h->time_ns >= record->response_first_ns && h->time_ns - h->delay_ns < record->response_first_ns &&
		h->time_ns > record->request_last_ns;

	if (!quick && h->suspect && place_book_sleeps(r->in->places, h->flow_id, h->tx_id))
		return;
	c->busy += during && !quick;
	c->calm += during && quick;
	c->server_quick += quick;
	c->server_slow += !quick && !queued;
	if (!here || (!quick && queued))
		return;
	c->quick += quick;
	c->slow += !quick;
	if (quick && h->delay_ns > c->usual_ns)
		c->usual_ns = h->delay_ns;
}

static struct controls controls_of(const struct ruling *r, unsigned code, uint64_t sleep_ns)
{
	struct memory_cursor c = answers_of(r);
	struct bytes path = place_path(r->in->record, &r->in->codes->codes[code]);
	struct controls ret = { 0 };
	const struct history *h = NULL;

	while ((h = memory_next(&c)) != NULL) {
		if (!answer_is_own(r, h) && h->delay_ns != 0 && h->tuple.dport == r->in->record->tuple.dport)
			count(r, h, path, sleep_ns, &ret);
	}
	return ret;
}

/* Is the place slow by itself, or the whole server just then? */
static bool slow_anyway(const struct controls *c)
{
	return c->slow * SLOW_SHARE > c->quick || c->busy > c->calm;
}

static bool about(uint64_t a, uint64_t b)
{
	return a + b / 100 * DELAY_SLACK >= b && a <= b + b / 100 * DELAY_SLACK;
}

/* Other sleeps at the place that were as late as they should be; without controls only those of another length count. */
static unsigned others_of(const struct ruling *r, unsigned code, uint64_t late_ns, bool any)
{
	const struct place *p = place_of(r, code);
	unsigned others = 0;

	for (unsigned i = 0; p != NULL && i < p->series.count; i++) {
		const struct attempt *o = &p->series.at[i];

		others += o->late_ns != 0 && o->time_ns != r->in->record->request_last_ns && (any || !about(o->late_ns, late_ns));
	}
	return others < OTHERS_COUNTED ? others : OTHERS_COUNTED;
}

/*
 * By how many sleeps the response is late, 0: by another time. Each row of a table may sleep; then the time fits more
 * closely, or any would.
 */
static unsigned sleeps_of(const struct attack_code *code, uint64_t sleep_ns, uint64_t delay_ns, uint64_t usual_ns)
{
	unsigned n = (unsigned)((delay_ns + sleep_ns / 10) / sleep_ns < ROWS_MAX ? (delay_ns + sleep_ns / 10) / sleep_ns : ROWS_MAX);

	if (delay_ns + sleep_ns / 100 * DELAY_SLACK >= sleep_ns && delay_ns <= sleep_ns + sleep_ns / 100 * DELAY_SLACK + usual_ns)
		return sleep_ns >= DELAY_MIN_NS;
	return strcmp(code->class_name, "sql") == 0 && n > 1 && n * sleep_ns >= DELAY_MIN_NS && delay_ns >= n * sleep_ns &&
		delay_ns <= n * sleep_ns + sleep_ns / 10 + usual_ns ? n : 0;
}

/* Bits by which the whole server is seldom slow; 0: too few answers say so. */
static double seldom_bits(const struct controls *c)
{
	double bits = c->server_quick < SERVER_MIN ? 0 : log2(c->server_quick / (c->server_slow + 1.0));

	return bits < 0 ? 0 : bits > BITS_SERVER ? BITS_SERVER : bits;
}

/* A script that a request brought before. */
static bool is_brought(const struct attack_code *code)
{
	return code->layers_count > 0 && strcmp(code->layers[0], EXTRACT_UPLOADED) == 0;
}

/* Late by the sleep and what the place takes anyway, and by next to nothing else? */
static bool fits(uint64_t sleep_ns, uint64_t delay_ns, uint64_t usual_ns)
{
	return delay_ns >= sleep_ns && delay_ns <= sleep_ns + sleep_ns / FIT_SHARE + usual_ns;
}

static double bits_of(const struct ruling *r, unsigned code, const struct controls *c, uint64_t sleep_ns, uint64_t delay_ns,
                      unsigned sleeps)
{
	unsigned controls = c->quick < CONTROLS_COUNTED ? c->quick : CONTROLS_COUNTED;
	double seldom = seldom_bits(c);

	if (sleep_ns == 0)
		return c->quick >= CONTROLS_HEAVY ? r->in->success_bits : BITS_BASE;
	if (is_brought(&r->in->codes->codes[code]) && c->quick == 0 && seldom > 0)
		controls = CONTROLS_BROUGHT;
	if (controls > 0 && sleeps == 1 && fits(sleep_ns, delay_ns, c->usual_ns))
		seldom += BITS_FIT;
	return BITS_BASE + (controls > 0 ? seldom : 0) + BITS_CONTROL * controls + BITS_OTHER * others_of(r, code, sleep_ns * sleeps, controls > 0) -
		(sleeps > 1 ? BITS_ROWS : 0);
}

static void weigh(struct ruling *r, unsigned code, unsigned index, uint64_t delay_ns)
{
	const struct trace *t = &r->in->reports[code]->traces[index];
	struct controls c = controls_of(r, code, t->value_ns != 0 ? t->value_ns : delay_ns);
	struct sight *sight = &r->sights[code];
	struct evidence e = { .code = code, .trace = index, .packet = r->in->record->response_first_packet,
	                      .time_ns = r->in->record->response_first_ns };
	unsigned sleeps = t->value_ns == 0 ? delay_ns >= DELAY_MIN_NS && delay_ns > c.usual_ns * HEAVY_TIMES :
		sleeps_of(&r->in->codes->codes[code], t->value_ns, delay_ns, c.usual_ns);

	/*
	 * A page may begin before the code runs in the middle of it: then its end is late. SQL of one engine runs in that one
	 * alone: it need not be the way of several.
	 */
	if (r->in->record->response_last_ns - r->in->record->request_last_ns < t->value_ns / 100 * DELAY_QUICK)
		sight->delay_missing |= trace_binds(t) || (t->must_show && t->depends_count == 0 &&
		                                           strcmp(r->in->codes->codes[code].class_name, "sql") == 0);
	if (sleeps == 0)
		return;
	snprintf(e.where, sizeof(e.where), "http.response_delay");
	e.excerpt_len = (size_t)snprintf((char *)e.excerpt, sizeof(e.excerpt),
	                                 "answered after %.3f s; %u other requests to this path within %.3f s, %u slower",
	                                 (double)delay_ns / 1e9, c.quick, (double)c.usual_ns / 1e9, c.slow);
	e.bits = bits_of(r, code, &c, t->value_ns, delay_ns, sleeps);
	e.found = !slow_anyway(&c) && e.bits >= r->in->success_bits;
	ruling_evidence(r, &e);
	sight->found |= e.found;
	sight->weak |= !e.found;
	sight->late_ns = slow_anyway(&c) ? 0 : sleeps * t->value_ns;
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
		if (record->response_retransmitted || record->request_answered_early || record->request_last_ns == 0 ||
		    record->response_first_ns <= record->request_last_ns)
			continue;
		weigh(r, code, i, record->response_first_ns - record->request_last_ns);
	}
}

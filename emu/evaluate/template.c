/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Templates and expressions, brought to the same observations as code with a program in the servers: each engine whose
 * grammar takes the text evaluates it on every server with each seed's values of the victim; commands and files inside
 * of it are the server's. Which engine the victim has, if any, nobody knows: nothing of it must show.
 */
#include "emu/evaluate/engines.h"
#include "emu/evaluate/evaluate.h"
#include "emu/evaluate/template_pieces.h"
#include "emu/evaluate/effects.h"

#include <errno.h>
#include <string.h>

enum {
	EVENTS_MAX = 2 * TEMPLATE_EFFECTS_MAX,
	FOLLOWED_MAX = 3,            /* codes inside of one text that are looked into */
	RUNS_MAX = 8,                /* codes that one evaluation may run on a server */
	TOLD_MAX = 8,
	SCRATCH = 24 << 20,          /* of one evaluation; what is kept of it is copied */
};

/* Of a text with holes: less is no trace. */
static const double HOLED_BITS_MIN = 16;

/* One job: what its evaluations share. */
struct engine_work {
	struct server *const *all;
	unsigned all_count;
	struct finder *finder;
	const struct job *job;
	struct arena *arena;
	struct arena scratch;
	void (*run_begins)(void);
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count;
	struct trace_list *list;
	struct report *report;       /* of the engine that did most so far */
	unsigned rank;               /* of that */
	unsigned told_count;
	struct bytes told[TOLD_MAX]; /* what engines made of it that hangs on no victim: one of them is looked at */
};

/* The server an evaluation asks. */
struct asked {
	struct engine_work *work;
	unsigned server, seed, runs; /* server: among the chosen */
	bool missing;                /* it has no program for what is to be run */
};

static int run_on_server(void *context, enum language language, struct bytes code, struct bytes *ret)
{
	struct asked *q = context;
	struct server *server = q->work->chosen[q->server];
	struct command c = { .language = language, .code = code, .seed = known_seed(q->work->job, q->server, q->seed) };
	struct observation seen;
	int r;

	*ret = (struct bytes){ 0 };
	if (!server_runs(server, c.language)) {
		q->missing = true;
		return 0;
	}
	if (c.code.left == 0 || q->runs++ >= RUNS_MAX)
		return 0;
	if (q->work->run_begins != NULL)
		q->work->run_begins();
	if ((r = server_warm(server, c.language)) < 0)
		return r;
	if ((r = known_run(q->work->job->known, q->work->arena, server, &c, q->work->run_begins, &seen)) < 0)
		return r;
	*ret = arena_copy(&q->work->scratch, seen.run.out, TEMPLATE_TEXT_MAX);
	return q->work->scratch.full ? -ENOMEM : 0;
}

/* What a job of that language is. */
static struct event run_event(const struct template_effect *f, struct arena *a)
{
	if (f->language == LANGUAGE_PATH)
		return (struct event){ .kind = EVENT_OPEN, .path = f->text };
	if (f->language == LANGUAGE_SHELL)
		return effect_command(f->text, false, a);
	return (struct event){ .kind = EVENT_EXEC, .path = bytes_text(language_name(f->language)), .argv = f->text };
}

static int events_of(const struct template_outcome *o, struct arena *a, struct run *ret)
{
	struct event *events = arena_take(a, EVENTS_MAX * sizeof(*events)), *e = events;

	if (events == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < o->effects_count; i++) {
		const struct template_effect *f = &o->effects[i];

		switch (f->kind) {
		case TEMPLATE_RUN: *e++ = run_event(f, a); break;
		case TEMPLATE_WRITE: *e++ = (struct event){ .kind = EVENT_WRITE, .path = f->text, .data = f->data, .value = f->data.left }; break;
		case TEMPLATE_FETCH: *e++ = (struct event){ .kind = EVENT_FETCH, .name = f->text }; break;
		case TEMPLATE_DNS: *e++ = (struct event){ .kind = EVENT_DNS, .name = f->text }; break;
		case TEMPLATE_CONNECT: effect_contact(f->text, (uint16_t)f->value, true, &e); break;
		case TEMPLATE_SLEEP:
			*e++ = (struct event){ .kind = EVENT_SLEEP, .value = f->value };
			ret->ended_ns += f->value;
			break;
		}
	}
	ret->events = events;
	ret->events_count = (uint32_t)(e - events);
	return a->full ? -ENOMEM : 0;
}

/* The rest of a buffer that was filled in part only is zeros: no text that would tell of anything. */
static struct bytes without_zeros(struct bytes text, struct arena *a)
{
	struct bytes made;

	if (text.left == 0 || memchr(text.at, 0, text.left) == NULL)
		return text;
	made = arena_copy(a, text, TEMPLATE_TEXT_MAX);
	for (size_t i = 0; i < made.left; i++) {
		if (made.at[i] == 0)
			((uint8_t *)(uintptr_t)made.at)[i] = '\n';
	}
	return made;
}

/* One evaluation as a run. An error that comes before all is a complaint; one that evaluation ends in tells that there was one. */
static int run_of(const struct template_outcome *o, struct bytes code, struct server *server, unsigned seed, struct arena *a, struct run *ret)
{
	*ret = (struct run){ .profile = bytes_text(server_name(server)), .seed = seed, .stopped_by = STOPPED_EXIT };
	if (bytes_equal(o->text, code))
		; /* it stands there as it came: that shows nothing */
	else if (!o->rejected && !o->failed)
		ret->out = ret->output = without_zeros(o->text, a);
	else
		ret->err = ret->output = o->error;
	ret->exit_status = o->rejected;
	if (o->bounded)
		ret->stopped_by = STOPPED_MEMORY;
	else if (o->refusals_count > 0)
		ret->stopped_by = STOPPED_UNSUPPORTED;
	return events_of(o, a, ret);
}

/* Evaluates in the scratch; what the outcome holds is copied out of it. */
static int evaluate_once(struct engine_work *w, const struct template_engine *engine, const struct template_host *host,
                         struct template_outcome **ret)
{
	struct template_outcome *o = arena_take(w->arena, sizeof(*o));
	int r;

	if (o == NULL)
		return -ENOMEM;
	w->scratch.used = 0;
	w->scratch.full = false;
	if ((r = engine->evaluate(w->job->code, host, &w->scratch, o)) < 0)
		return r;
	o->text = arena_copy(w->arena, o->text, TEMPLATE_TEXT_MAX);
	o->error = arena_copy(w->arena, o->error, TEMPLATE_TEXT_MAX);
	for (unsigned i = 0; i < o->effects_count; i++) {
		o->effects[i].text = arena_copy(w->arena, o->effects[i].text, TEMPLATE_TEXT_MAX);
		o->effects[i].data = arena_copy(w->arena, o->effects[i].data, TEMPLATE_TEXT_MAX);
	}
	*ret = o;
	return w->arena->full ? -ENOMEM : 0;
}

/* Is it the same on every server, whatever the victim has? */
static bool is_closed(const struct template_outcome *o)
{
	return !o->open && o->effects_count == 0 && o->effects_left == 0;
}

/* Did another engine make the same of it? */
static bool told_before(struct engine_work *w, const struct template_outcome *o)
{
	if (!is_closed(o) || o->rejected || o->failed || o->refusals_count > 0 || o->bounded)
		return false;
	for (unsigned i = 0; i < w->told_count; i++) {
		if (bytes_equal(w->told[i], o->text))
			return true;
	}
	if (w->told_count < TOLD_MAX)
		w->told[w->told_count++] = o->text;
	return false;
}

/* The text in one engine on every server. *ret: the first evaluation that was made; NULL: plain text to the engine. */
static int observe_engine(struct engine_work *w, const struct template_engine *engine, struct observations *o,
                          struct template_outcome **ret)
{
	*ret = NULL;
	for (unsigned i = 0; i < w->chosen_count; i++) {
		for (unsigned seed = 0; seed < SEEDS; seed++) {
			struct asked asked = { .work = w, .server = i, .seed = seed };
			struct template_host host = { &asked, run_on_server, w->job->request, w->job->seed + o->count };
			struct template_outcome *out = NULL;
			int r = 0;

			if (*ret != NULL && o->count >= SEEDS && is_closed(*ret) && bytes_equal(o->rows[0].run.output, o->rows[1].run.output))
				out = *ret; /* for every seed the same */
			else
				r = evaluate_once(w, engine, &host, &out);
			if (r < 0)
				return r;
			if (!out->taken && !out->rejected)
				return 0;
			if (asked.missing)
				break; /* what the engine itself needs is not there */
			*ret = *ret != NULL ? *ret : out;
			o->rows[o->count].server = i;
			if ((r = run_of(out, w->job->code, w->chosen[i], seed, w->arena, &o->rows[o->count].run)) < 0)
				return r;
			o->plain = ++o->count;
		}
	}
	return 0;
}

static bool told_already(const struct trace_list *list, const struct trace *t)
{
	for (unsigned i = 0; i < list->count; i++) {
		if (list->traces[i].kind == t->kind && bytes_equal(list->traces[i].pattern, t->pattern))
			return true;
	}
	return false;
}

/* A mark or two between what only the victim knows is on every page. */
static bool says_little(const struct trace *t)
{
	return t->kind == TRACE_TEXT && !t->literal && t->bits < HOLED_BITS_MIN;
}

static void tell(struct trace_list *list, const struct trace *t)
{
	struct trace *made = says_little(t) || told_already(list, t) ? NULL : trace_add(list);

	if (made == NULL)
		return;
	*made = *t;
	made->must_show = false;
}

/* What code inside of it does on the network and to the clock. What it prints stands in the text already. */
static int follow(struct engine_work *w, const struct template_outcome *o)
{
	unsigned followed = 0;

	for (unsigned i = 0; i < o->effects_count && followed < FOLLOWED_MAX; i++) {
		const struct template_effect *f = &o->effects[i];
		struct job next = *w->job;
		struct report *report;
		int r;

		if (f->kind != TEMPLATE_RUN || f->language == LANGUAGE_PATH || f->text.left == 0)
			continue;
		followed++;
		next.code = f->text;
		next.language = f->language;
		if ((r = evaluate(w->all, w->all_count, w->finder, &next, w->arena, w->run_begins, &report)) < 0)
			return r;
		for (uint32_t k = 0; k < report->traces_count; k++) {
			if (report->traces[k].kind != TRACE_ERROR && report->traces[k].kind != TRACE_TEXT && report->traces[k].kind != TRACE_SCRIPT)
				tell(w->list, &report->traces[k]);
		}
	}
	return 0;
}

/* How much an engine made of the text: its runs are those that are shown. */
static unsigned rank_of(const struct template_outcome *o)
{
	return o->rejected ? 1 : o->failed ? 2 : o->effects_count == 0 ? 3 : 4;
}

static int try_engine(struct engine_work *w, const struct template_engine *engine)
{
	struct observations *o = arena_take(w->arena, sizeof(*o));
	struct template_outcome *out;
	struct report *report;
	int r;

	if (o == NULL)
		return -ENOMEM;
	if ((r = observe_engine(w, engine, o, &out)) < 0 || out == NULL)
		return r;
	if (o->count >= SEEDS && bytes_equal(o->rows[0].run.output, o->rows[1].run.output) && told_before(w, out))
		return 0;
	if ((r = study_learn(o, w->job, w->arena, &report)) < 0)
		return r;
	for (uint32_t i = 0; i < report->traces_count; i++)
		tell(w->list, &report->traces[i]);
	if ((r = template_pieces(o, w->list)) < 0)
		return r;
	if (rank_of(out) > w->rank) {
		w->rank = rank_of(out);
		w->report = report;
		report->language = engine->language;
	}
	return out->rejected ? 0 : follow(w, out);
}

int evaluate_template(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job, struct arena *a,
                      void (*run_begins)(void), struct report **ret)
{
	struct engine_work w = { .all = servers, .all_count = count, .finder = finder, .job = job, .arena = a, .run_begins = run_begins };
	struct observations *none = arena_take(a, sizeof(*none));
	int r = 0;

	if (none == NULL || (w.list = arena_take(a, sizeof(*w.list))) == NULL)
		return -ENOMEM;
	w.list->arena = a;
	if (a->size - a->used < SCRATCH)
		return -ENOMEM;
	a->size -= SCRATCH;
	w.scratch = (struct arena){ .at = a->at + a->size, .size = SCRATCH };
	w.chosen_count = study_servers(servers, count, job, w.chosen);
	for (unsigned i = 0; i < engines_count && r == 0; i++) {
		if (job->language == LANGUAGE_TEMPLATE || job->language == engines[i].language)
			r = try_engine(&w, &engines[i]);
	}
	if (r == 0 && w.report == NULL)
		r = study_learn(none, job, a, &w.report);
	a->size += SCRATCH;
	if (r < 0)
		return r;
	w.report->traces = w.list->traces;
	w.report->traces_count = w.list->count;
	*ret = w.report;
	return 0;
}

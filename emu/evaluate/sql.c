/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Injected SQL, brought to the same observations as code with a program in the servers. Where nobody said whose SQL it is,
 * every dialect has its own runs, by the dialect's name, and their traces are united. Nothing of it must show: how many
 * columns the attacked query has, and whether it finds a row at all, is the victim's to know.
 */
#include "emu/evaluate/evaluate.h"
#include "emu/evaluate/sql_ways.h"
#include "emu/trace/network.h"

#include <errno.h>
#include <string.h>

enum { FOLLOWED_MAX = 2 /* commands and files of one text that are looked into */ };

struct work {
	struct server *const *servers;
	unsigned count;
	struct finder *finder;
	const struct job *job;
	struct arena *arena;
	void (*run_begins)(void);
	unsigned dialects;
	struct sql_ways ways[SQL_DIALECTS];
	struct observations *all;      /* of every dialect */
	struct trace_list *list;
};

/* Adds a trace, or what it is worth to one that is there. */
static void unite(struct trace_list *list, const struct trace *t)
{
	struct trace *to;

	for (unsigned i = 0; i < list->count; i++) {
		if (list->traces[i].kind == t->kind && bytes_equal(list->traces[i].pattern, t->pattern))
			return;
	}
	if ((to = trace_add(list)) == NULL)
		return;
	*to = *t;
	to->must_show = false;
}

/* The traces of one dialect: its rows are those of `o`. */
static int learn(struct work *w, const struct sql_ways *ways, const struct observations *o)
{
	struct trace_list *own = arena_take(w->arena, sizeof(*own));
	int r;

	if (own == NULL)
		return -ENOMEM;
	own->arena = w->arena;
	network_traces(o, own);
	sql_work_trace(ways, o, own);
	if ((r = sql_value_traces(ways, o, own)) < 0 || (r = sql_row_traces(ways, o, own)) < 0)
		return r;
	for (unsigned i = 0; i < own->count; i++)
		unite(w->list, &own->traces[i]);
	return 0;
}

/* One dialect's runs: by the servers' names where it is the job's own, else by its own name. */
static int observe_dialect(struct work *w, const struct sql_ways *ways, struct server *const *chosen, unsigned chosen_count)
{
	struct observations *o = arena_take(w->arena, sizeof(*o));
	struct bytes name = bytes_text(language_name(ways->language));

	if (o == NULL)
		return -ENOMEM;
	if (w->job->language != LANGUAGE_SQL) {
		for (unsigned i = 0; i < chosen_count; i++)
			sql_ways_observe(ways, bytes_text(server_name(chosen[i])), i, o);
		name = bytes_text(server_name(chosen[0]));
	} else {
		sql_ways_observe(ways, name, ways->language, o);
	}
	for (unsigned row = 0; row < o->plain; row++)
		w->all->rows[w->all->count++] = o->rows[row];
	w->all->plain = w->all->count;
	sql_ways_observe_turned(ways, name, o->rows[0].server, o);
	return learn(w, ways, o);
}

/* What the engine says if it refuses the text. */
static int learn_errors(struct work *w, enum language language)
{
	struct trace_list *own = arena_take(w->arena, sizeof(*own));
	int r;

	if (own == NULL)
		return -ENOMEM;
	own->arena = w->arena;
	r = sql_error_traces(language, w->job->code, own);
	for (unsigned i = 0; i < own->count && r == 0; i++)
		unite(w->list, &own->traces[i]);
	return r;
}

/* What another product of the same dialect would show, beside the first. */
static int learn_flavour(struct work *w, const struct sql_ways *first, unsigned flavour)
{
	struct observations *o = arena_take(w->arena, sizeof(*o));
	struct trace_list *own = arena_take(w->arena, sizeof(*own));
	struct sql_ways *ways = arena_take(w->arena, sizeof(*ways));
	int r;

	if (o == NULL || own == NULL || ways == NULL)
		return -ENOMEM;
	own->arena = w->arena;
	if ((r = sql_ways_of(w->job, first->language, flavour, w->arena, ways)) < 0)
		return r;
	sql_ways_observe(ways, bytes_text(language_name(first->language)), first->language, o);
	if ((r = sql_value_traces(ways, o, own)) < 0 || (r = sql_row_traces(ways, o, own)) < 0)
		return r;
	for (unsigned i = 0; i < own->count; i++)
		unite(w->list, &own->traces[i]);
	return 0;
}

static bool followed_before(const struct bytes *done, unsigned count, struct bytes text)
{
	for (unsigned i = 0; i < count; i++) {
		if (bytes_equal(done[i], text))
			return true;
	}
	return false;
}

/* What a file's contents or a command would show and do, as code of its own. */
static int follow(struct work *w, const struct sql_ways *ways, struct bytes done[FOLLOWED_MAX], unsigned *followed)
{
	const struct sql_outcome *o = ways->outcome[0];

	for (unsigned i = 0; i < o->effects_count && *followed < FOLLOWED_MAX; i++) {
		const struct sql_effect *f = &o->effects[i];
		struct job next = *w->job;
		struct report *report;
		int r;

		if ((f->kind != SQL_EXEC && f->kind != SQL_READ) || f->open || f->text.left == 0 || followed_before(done, *followed, f->text))
			continue;
		done[(*followed)++] = f->text;
		next.code = f->text;
		next.language = f->kind == SQL_READ ? LANGUAGE_PATH : f->value == SQL_SHELL_CMD ? LANGUAGE_CMD : LANGUAGE_SHELL;
		if ((r = evaluate(w->servers, w->count, w->finder, &next, w->arena, w->run_begins, &report)) < 0)
			return r;
		for (uint32_t k = 0; k < report->traces_count; k++) {
			if (report->traces[k].kind != TRACE_ERROR)
				unite(w->list, &report->traces[k]);
		}
	}
	return 0;
}

/* A dialect in which it does something answers for the others, that refuse it. */
static enum stopped_by stop_of(const struct work *w, enum stopped_by worst)
{
	for (unsigned d = 0; d < w->dialects; d++) {
		if (w->ways[d].outcome[0]->effects_count > 0)
			return STOPPED_EXIT;
	}
	return worst;
}

static int evaluate_dialects(struct work *w, struct server *const *chosen, unsigned chosen_count)
{
	enum language first = w->job->language == LANGUAGE_SQL ? LANGUAGE_SQL_MYSQL : w->job->language;
	enum language last = w->job->language == LANGUAGE_SQL ? LANGUAGE_SQL_SQLITE : w->job->language;
	struct bytes done[FOLLOWED_MAX];
	unsigned followed = 0;
	int r = 0;

	for (enum language l = first; l <= last && r == 0; l++) {
		struct sql_ways *ways = &w->ways[w->dialects++];

		if ((r = sql_ways_of(w->job, l, 0, w->arena, ways)) == 0)
			r = observe_dialect(w, ways, chosen, chosen_count);
		if (r == 0)
			r = learn_errors(w, l);
		for (unsigned f = 1; f < SQL_FLAVOURS && r == 0 && ways->outcome[0]->told_of_itself; f++)
			r = learn_flavour(w, ways, f);
	}
	for (unsigned d = 0; d < w->dialects && r == 0; d++)
		r = follow(w, &w->ways[d], done, &followed);
	if (r == 0)
		sql_truth_trace(w->ways, w->dialects, w->all, w->list);
	return r;
}

int evaluate_sql(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job, struct arena *a,
                 void (*run_begins)(void), struct report **ret)
{
	struct work w = { .servers = servers, .count = count, .finder = finder, .job = job, .arena = a, .run_begins = run_begins,
		.all = arena_take(a, sizeof(*w.all)), .list = arena_take(a, sizeof(*w.list)) };
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	int r;

	if (w.all == NULL || w.list == NULL)
		return -ENOMEM;
	w.list->arena = a;
	if (chosen_count > 0 && (r = evaluate_dialects(&w, chosen, chosen_count)) < 0)
		return r;
	if ((r = study_report(w.all, job, a, ret)) < 0)
		return r;
	(*ret)->stopped_by = stop_of(&w, (*ret)->stopped_by);
	(*ret)->traces = w.list->traces;
	(*ret)->traces_count = w.list->count;
	return 0;
}

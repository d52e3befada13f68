/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs kept for the length of a job. Nothing of one job is known in the next: its arena is gone. */
#include "emu/trace/known.h"

#include "emu/trace/observe.h"

#include <errno.h>
#include <string.h>

enum {
	RUNS_MAX = 128,          /* of a job that are kept; later ones are made again */
	OUTPUT_MAX = 256 << 10,  /* bytes that a kept one printed */
};

struct known {
	unsigned count;
	struct one {
		const struct server *server;
		struct command command; /* its bytes and its twist in the arena */
		struct observation seen;
	} runs[RUNS_MAX];
};

struct known *known_new(struct arena *a)
{
	return arena_take(a, sizeof(struct known));
}

uint64_t known_seed(const struct job *j, unsigned server, unsigned number)
{
	return j->seed + 0x9e3779b97f4a7c15u * (server * SEEDS + number + 1);
}

/* Only PHP and machine code see what brought them. */
static struct bytes request_of(const struct command *c)
{
	return c->language == LANGUAGE_PHP || language_is_machine(c->language) ? c->request : (struct bytes){ 0 };
}

static bool same_twists(const struct command *a, const struct command *b)
{
	for (unsigned i = 0; i < a->twists_count && i < b->twists_count; i++) {
		if (a->twists[i].kind != b->twists[i].kind || a->twists[i].answer != b->twists[i].answer ||
		    strcmp(a->twists[i].subject, b->twists[i].subject) != 0)
			return false;
	}
	return a->twists_count == b->twists_count;
}

static bool same(const struct command *a, const struct command *b)
{
	return a->language == b->language && a->seed == b->seed && a->entry == b->entry && a->thumb == b->thumb &&
	       a->registers == b->registers && a->bsd == b->bsd && bytes_equal(a->code, b->code) &&
	       bytes_equal(request_of(a), request_of(b)) && same_twists(a, b);
}

static const struct one *find(const struct known *k, const struct server *server, const struct command *c)
{
	for (unsigned i = 0; i < k->count; i++) {
		if (k->runs[i].server == server && same(&k->runs[i].command, c))
			return &k->runs[i];
	}
	return NULL;
}

static void copy_event(struct event *e, struct arena *a)
{
	e->name = arena_copy(a, e->name, SIZE_MAX);
	e->path = arena_copy(a, e->path, SIZE_MAX);
	e->argv = arena_copy(a, e->argv, SIZE_MAX);
	e->data = arena_copy(a, e->data, SIZE_MAX);
}

static void copy_facts(const struct outcome *from, struct arena *a, struct observation *to)
{
	struct fact *facts = from->facts_count > 0 ? arena_take(a, from->facts_count * sizeof(*facts)) : NULL;

	to->facts = facts;
	to->facts_left = from->facts_left;
	for (to->facts_count = 0; facts != NULL && to->facts_count < from->facts_count; to->facts_count++) {
		facts[to->facts_count] = from->facts[to->facts_count];
		facts[to->facts_count].text = arena_copy(a, facts[to->facts_count].text, FACT_BYTES_MAX);
	}
}

/* An outcome beyond the server's next run. */
static int copy(const struct outcome *from, struct arena *a, struct observation *to)
{
	struct event *events = NULL;
	struct question *questions = NULL;
	uint32_t count = from->run.events_count < REPORT_EVENTS_MAX ? from->run.events_count : REPORT_EVENTS_MAX;

	to->run = from->run;
	to->run.profile = arena_copy(a, from->run.profile, 256);
	to->run.output = arena_copy(a, from->run.output, REPORT_OUTPUT_MAX);
	to->run.out = arena_copy(a, from->run.out, REPORT_OUTPUT_MAX);
	to->run.err = arena_copy(a, from->run.err, REPORT_OUTPUT_MAX);
	to->questions_left = from->questions_left;
	to->questions_count = from->questions_count < SERVER_QUESTIONS_MAX ? from->questions_count : SERVER_QUESTIONS_MAX;
	if (count > 0 && (events = arena_take(a, count * sizeof(*events))) != NULL) {
		memcpy(events, from->run.events, count * sizeof(*events));
		for (uint32_t i = 0; i < count; i++)
			copy_event(&events[i], a);
	}
	if (to->questions_count > 0 &&
	    (questions = arena_take(a, to->questions_count * sizeof(*questions))) != NULL)
		memcpy(questions, from->questions, to->questions_count * sizeof(*questions));
	to->run.events_count = events != NULL ? count : 0;
	to->run.events = events;
	to->questions = questions;
	if (questions == NULL)
		to->questions_count = 0;
	copy_facts(from, a, to);
	return a->full ? -ENOMEM : 0;
}

static void learn(struct known *k, struct arena *a, const struct server *server, const struct command *c, const struct observation *seen)
{
	struct twist *twists = NULL;
	struct one *one;

	if (k->count == RUNS_MAX || seen->run.output.left > OUTPUT_MAX ||
	    (c->twists_count > 0 && (twists = arena_take(a, c->twists_count * sizeof(*twists))) == NULL))
		return;
	if (twists != NULL)
		memcpy(twists, c->twists, c->twists_count * sizeof(*twists));
	one = &k->runs[k->count++];
	*one = (struct one){ server, *c, *seen };
	one->command.twists = twists;
	one->command.code = arena_copy(a, c->code, SIZE_MAX);
	one->command.request = arena_copy(a, request_of(c), SIZE_MAX);
	one->seen.run.host_ns = 0;
}

int known_run(struct known *k, struct arena *a, struct server *server, const struct command *c, void (*run_begins)(void),
              struct observation *ret)
{
	const struct one *one = k != NULL ? find(k, server, c) : NULL;
	const struct outcome *outcome;
	int r;

	if (one != NULL) {
		*ret = one->seen;
		return 0;
	}
	if (run_begins != NULL)
		run_begins();
	if ((r = server_run(server, c, &outcome)) < 0)
		return r;
	*ret = (struct observation){ 0 };
	if ((r = copy(outcome, a, ret)) == 0 && k != NULL)
		learn(k, a, server, c, ret);
	return a->full ? -ENOMEM : r;
}

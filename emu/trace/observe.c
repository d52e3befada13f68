/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running one code until enough is known about what its output hangs on. */
#include "emu/trace/observe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Beyond this, a hostile or slow code is not run with answers turned round: traces are then conditional instead. */
static const uint64_t BLOCKS_ENOUGH = 12000000;

struct subject {
	struct server *const *servers;
	unsigned servers_count;
	const struct job *job;
	struct arena *arena;
	void (*run_begins)(void);
};

/* One more row. number: which of the server's plain seeds. */
static int add(const struct subject *s, unsigned server, unsigned number, const struct question *twisted,
               struct observations *o)
{
	struct twist twist = { 0 };
	struct command c = { .language = s->job->language, .code = s->job->code, .request = s->job->request,
		.entry = s->job->entry, .thumb = s->job->thumb, .registers = s->job->registers, .bsd = s->job->bsd,
		.seed = known_seed(s->job, server, number) };
	struct observation *row = &o->rows[o->count];
	int r;

	if (twisted != NULL) {
		twist.kind = twisted->kind;
		twist.answer = !twisted->answered_yes;
		memcpy(twist.subject, twisted->subject, sizeof(twist.subject));
		c.twists = &twist;
		c.twists_count = 1;
	}
	if ((r = known_run(s->job->known, s->arena, s->servers[server], &c, s->run_begins, row)) < 0)
		return r;
	row->server = server;
	row->twisted = twisted;
	row->run.seed = number;
	o->blocks += row->run.blocks;
	o->host_ns += row->run.host_ns;
	o->count++;
	return r;
}

/* Can the answer be another on the victim, in a way that a seed does not show? */
static bool is_open(const struct question *q)
{
	return q->kind == QUESTION_PATH || q->kind == QUESTION_PROGRAM || q->kind == QUESTION_VARIABLE ||
	       q->kind == QUESTION_NETWORK;
}

static bool asked_by(const struct question *list, unsigned count, const struct question *q)
{
	for (unsigned i = 0; i < count; i++) {
		if (list[i].kind == q->kind && strcmp(list[i].subject, q->subject) == 0)
			return true;
	}
	return false;
}

/* Was it asked in an earlier row already, or earlier in this one? */
static bool asked_before(const struct observations *o, unsigned row, unsigned index)
{
	const struct question *q = &o->rows[row].questions[index];

	for (unsigned i = 0; i < row; i++) {
		if (asked_by(o->rows[i].questions, o->rows[i].questions_count, q))
			return true;
	}
	return asked_by(o->rows[row].questions, index, q);
}

/* What used a budget up would do so again, at a second of ours. Who waits for ever, as a listener does, has used none. */
static bool used_up(const struct run *r)
{
	return r->stopped_by > STOPPED_SIGNAL && r->stopped_by != STOPPED_TIME;
}

/* Turns round each open question once, in the row that asked it first, until it is enough. */
static int twist_all(const struct subject *s, struct observations *o)
{
	int r = 0;

	for (unsigned row = 0; row < o->plain; row++) {
		const struct observation *base = &o->rows[row];

		for (unsigned i = 0; i < base->questions_count; i++) {
			const struct question *q = &base->questions[i];

			if (!is_open(q) || asked_before(o, row, i))
				continue;
			if (r == 0 && !used_up(&base->run) && !server_spoilt(s->servers[base->server]) && o->count < o->plain + TWISTS_MAX && o->blocks < BLOCKS_ENOUGH)
				r = add(s, base->server, base->run.seed, q, o);
			else if (o->untwisted_count < SERVER_QUESTIONS_MAX)
				o->untwisted[o->untwisted_count++] = q;
		}
	}
	return r;
}

int observe(struct server *const *servers, unsigned servers_count, const struct job *job, struct arena *arena,
            void (*run_begins)(void), struct observations *ret)
{
	const struct subject s = { servers, servers_count, job, arena, run_begins };
	int r = 0;

	ret->count = ret->plain = ret->untwisted_count = 0;
	ret->blocks = ret->host_ns = 0;
	for (unsigned i = 0; i < servers_count && r == 0; i++) {
		if (!server_runs(servers[i], job->language))
			continue;
		for (unsigned n = 0; n < SEEDS && r == 0 && ret->count < ROWS_MAX - TWISTS_MAX; n++) {
			/* What used a budget up would do so again, at a second of ours. */
			if (n > 0 && (ret->rows[ret->count - 1].run.stopped_by > STOPPED_SIGNAL || server_spoilt(servers[i])))
				break;
			r = add(&s, i, n, NULL, ret);
		}
	}
	ret->plain = ret->count;
	return r == 0 && !job->unturned ? twist_all(&s, ret) : r;
}

bool observe_all_ended(const struct observations *o)
{
	for (unsigned row = 0; row < o->plain; row++) {
		if (o->rows[row].run.stopped_by != STOPPED_EXIT || o->rows[row].questions_left > 0 ||
		    o->rows[row].facts_left > 0)
			return false;
	}
	return true;
}

struct bytes question_text(const struct question *q, struct arena *a)
{
	static const char *const kinds[] = {
		[QUESTION_PATH] = "path",       [QUESTION_VARIABLE] = "variable", [QUESTION_PROGRAM] = "program",
		[QUESTION_NETWORK] = "network", [QUESTION_CLOCK] = "clock",       [QUESTION_RANDOM] = "random",
		[QUESTION_IDENTITY] = "identity", [QUESTION_DATABASE] = "database",
	};
	char text[sizeof(q->subject) + 16];
	int len = snprintf(text, sizeof(text), "%s%s%.*s", kinds[q->kind], q->subject[0] != '\0' ? " " : "",
	                   (int)sizeof(q->subject), q->subject);

	return arena_copy(a, bytes_of(text, (size_t)len), sizeof(text) - 1);
}

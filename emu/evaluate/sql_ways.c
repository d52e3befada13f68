/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An injected text's effects as events and outputs, way by way. */
#include "emu/evaluate/sql_ways.h"
#include "emu/evaluate/effects.h"

#include <errno.h>

enum { EVENTS_MAX = 2 * SQL_EFFECTS_MAX };

static int events_of(struct sql_ways *w, unsigned way, struct arena *a)
{
	const struct sql_outcome *o = w->outcome[way];
	struct event *e = arena_take(a, EVENTS_MAX * sizeof(*e));

	if ((w->events[way] = e) == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < o->effects_count; i++) {
		const struct sql_effect *f = &o->effects[i];

		switch (f->kind) {
		case SQL_SLEEP:
			if (f->value == 0)
				break; /* nobody knows how long the victim's machine takes */
			*e++ = (struct event){ .kind = EVENT_SLEEP, .value = f->value };
			w->slept_ns[way] = f->value > w->slept_ns[way] ? f->value : w->slept_ns[way];
			break;
		case SQL_DNS: *e++ = (struct event){ .kind = EVENT_DNS, .name = f->text }; break;
		case SQL_CONNECT: effect_contact(f->text, (uint16_t)f->value, true, &e); break;
		case SQL_FETCH: *e++ = (struct event){ .kind = EVENT_FETCH, .name = f->text }; break;
		case SQL_EXEC: *e++ = effect_command(f->text, f->value == SQL_SHELL_CMD, a); break;
		case SQL_READ: *e++ = (struct event){ .kind = EVENT_OPEN, .path = f->text }; break;
		case SQL_WRITE: *e++ = (struct event){ .kind = EVENT_WRITE, .path = f->text, .data = f->data, .value = f->data.left }; break;
		default: break;
		}
	}
	w->events_count[way] = (uint32_t)(e - w->events[way]);
	return a->full ? -ENOMEM : 0;
}

bool sql_is_shown(const struct sql_effect *f)
{
	return (f->kind == SQL_VALUE || f->kind == SQL_LEAK) && f->text.left > 0;
}

static int values_of(struct sql_ways *w, unsigned way, struct arena *a)
{
	const struct sql_outcome *o = w->outcome[way];
	size_t size = 1;
	struct sink s;

	for (unsigned i = 0; i < o->effects_count; i++)
		size += sql_is_shown(&o->effects[i]) ? o->effects[i].text.left + 1 : 0;
	s = sink_over(arena_take(a, size), size);
	if (s.at == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < o->effects_count; i++) {
		if (!sql_is_shown(&o->effects[i]))
			continue;
		sink_put(&s, o->effects[i].text.at, o->effects[i].text.left);
		sink_u8(&s, '\n');
	}
	w->values[way] = bytes_of(s.at, s.used);
	return 0;
}

static bool hangs_on_victim(const struct sql_outcome *o)
{
	bool open = o->undecided;

	for (unsigned i = 0; i < o->effects_count && !open; i++)
		open = o->effects[i].open;
	return open;
}

static void copy_way(struct sql_ways *w, unsigned way)
{
	w->outcome[way] = w->outcome[0];
	w->events[way] = w->events[0];
	w->events_count[way] = w->events_count[0];
	w->slept_ns[way] = w->slept_ns[0];
	w->values[way] = w->values[0];
}

int sql_ways_of(const struct job *job, enum language language, unsigned flavour, struct arena *a, struct sql_ways *ret)
{
	enum sql_dialect dialect = (enum sql_dialect)(language - LANGUAGE_SQL_MYSQL);
	int r = 0;

	ret->language = language;
	ret->flavour = flavour;

	for (unsigned way = 0; way < SQL_WAYS && r == 0; way++) {
		/* where nothing hangs on the victim, every seed says the same */
		if (way > 0 && !hangs_on_victim(ret->outcome[0])) {
			copy_way(ret, way);
			continue;
		}
		if ((ret->outcome[way] = arena_take(a, sizeof(*ret->outcome[way]))) == NULL)
			return -ENOMEM;
		r = sql_evaluate_flavour(dialect, flavour, job->code, job->seed + way % SQL_TURNED, way == SQL_TURNED, a, ret->outcome[way]);
		if (r == 0 && (r = events_of(ret, way, a)) == 0)
			r = values_of(ret, way, a);
	}
	return r;
}

/* Not modelled, and nothing else came of it. */
static enum stopped_by stop_of(const struct sql_outcome *o)
{
	if (o->effects_count > 0 || (o->refusals_count == 0 && !o->bounded))
		return STOPPED_EXIT;
	return o->bounded ? STOPPED_MEMORY : STOPPED_UNSUPPORTED;
}

static void fill_row(const struct sql_ways *w, unsigned way, struct bytes name, unsigned server, struct observations *o)
{
	struct observation *row = &o->rows[o->count++];

	row->server = server;
	row->run = (struct run){ .profile = name, .seed = way % SEEDS, .out = w->values[way], .output = w->values[way],
		.stopped_by = stop_of(w->outcome[way]), .ended_ns = w->slept_ns[way], .events_count = w->events_count[way],
		.events = w->events[way] };
}

void sql_ways_observe(const struct sql_ways *w, struct bytes name, unsigned server, struct observations *o)
{
	for (unsigned seed = 0; seed < SEEDS; seed++)
		fill_row(w, seed, name, server, o);
	o->plain = o->count;
}

void sql_ways_observe_turned(const struct sql_ways *w, struct bytes name, unsigned server, struct observations *o)
{
	static const struct question row = { .kind = QUESTION_DATABASE };

	if (!w->outcome[SQL_TURNED]->undecided)
		return;
	o->rows[o->count].twisted = &row;
	fill_row(w, SQL_TURNED, name, server, o);
}

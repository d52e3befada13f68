/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Injected SQL, brought to the same observations as code with a program in the servers: evaluated with each seed's own
 * values of the victim, and once with its predicates turned round. Nothing of it must show: how many columns the
 * attacked query has, and whether it finds a row at all, is the victim's to know.
 */
#include "emu/evaluate/evaluate.h"
#include "emu/sql/sql.h"
#include "emu/evaluate/sql_pattern.h"
#include "emu/trace/network.h"
#include "emu/trace/readable.h"

#include <errno.h>
#include <string.h>

enum {
	WAYS = SQL_PATTERN_SAMPLES + 1, /* of other seeds, and the last turned round */
	TURNED = SQL_PATTERN_SAMPLES,
	EVENTS_MAX = 2 * SQL_EFFECTS_MAX,
	FOLLOWED_MAX = 2,               /* commands and files of one text that are looked into */
};

/* A value of no more than this is what any page may hold. */
static const double VALUE_BITS_MIN = 3;

struct ways {
	struct sql_outcome *outcome[WAYS];
	struct event *events[WAYS];
	uint32_t events_count[WAYS];
	uint64_t slept_ns[WAYS];
	struct bytes values[WAYS]; /* all that would be shown, a line each */
};

static void add_host(struct bytes host, uint64_t port, struct event **e)
{
	char text[ADDRESS_TEXT];
	struct address address = { 0 };

	if (host.left < sizeof(text)) {
		memcpy(text, host.at, host.left);
		text[host.left] = '\0';
		if (address_parse(text, &address) < 0)
			address = (struct address){ 0 };
	}
	if (address.family == 0)
		*(*e)++ = (struct event){ .kind = EVENT_DNS, .name = host };
	*(*e)++ = (struct event){ .kind = EVENT_CONNECT, .address = address, .port = (uint16_t)port, .protocol = 6,
		.name = address.family == 0 ? host : (struct bytes){ 0 } };
}

/* sh -c command, cmd.exe /c command */
static struct event command_event(const struct sql_effect *f, struct arena *a)
{
	static const char posix[] = "sh\0-c", windows[] = "cmd.exe\0/c";
	bool cmd = f->value == SQL_SHELL_CMD;
	size_t len = cmd ? sizeof(windows) : sizeof(posix);
	uint8_t *argv = arena_take(a, len + f->text.left + 1);

	if (argv == NULL)
		return (struct event){ .kind = EVENT_EXEC };
	memcpy(argv, cmd ? windows : posix, len);
	memcpy(argv + len, f->text.at, f->text.left);
	return (struct event){ .kind = EVENT_EXEC, .path = bytes_text(cmd ? "cmd.exe" : "/bin/sh"), .argv = bytes_of(argv, len + f->text.left + 1) };
}

static int events_of(struct ways *w, unsigned way, struct arena *a)
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
		case SQL_CONNECT: add_host(f->text, f->value, &e); break;
		case SQL_FETCH: *e++ = (struct event){ .kind = EVENT_FETCH, .name = f->text }; break;
		case SQL_EXEC: *e++ = command_event(f, a); break;
		case SQL_READ: *e++ = (struct event){ .kind = EVENT_OPEN, .path = f->text }; break;
		case SQL_WRITE: *e++ = (struct event){ .kind = EVENT_WRITE, .path = f->text, .data = f->data, .value = f->data.left }; break;
		default: break;
		}
	}
	w->events_count[way] = (uint32_t)(e - w->events[way]);
	return a->full ? -ENOMEM : 0;
}

static bool is_shown(const struct sql_effect *f)
{
	return (f->kind == SQL_VALUE || f->kind == SQL_LEAK) && f->text.left > 0;
}

static int values_of(struct ways *w, unsigned way, struct arena *a)
{
	const struct sql_outcome *o = w->outcome[way];
	size_t size = 1;
	struct sink s;

	for (unsigned i = 0; i < o->effects_count; i++)
		size += is_shown(&o->effects[i]) ? o->effects[i].text.left + 1 : 0;
	s = sink_over(arena_take(a, size), size);
	if (s.at == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < o->effects_count; i++) {
		if (!is_shown(&o->effects[i]))
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

static void copy_way(struct ways *w, unsigned way)
{
	w->outcome[way] = w->outcome[0];
	w->events[way] = w->events[0];
	w->events_count[way] = w->events_count[0];
	w->slept_ns[way] = w->slept_ns[0];
	w->values[way] = w->values[0];
}

static int evaluate_ways(const struct job *job, struct arena *a, struct ways *ret)
{
	enum sql_dialect dialect = (enum sql_dialect)(job->language - LANGUAGE_SQL_MYSQL);
	int r = 0;

	for (unsigned way = 0; way < WAYS && r == 0; way++) {
		/* where nothing hangs on the victim, every seed says the same */
		if (way > 0 && !hangs_on_victim(ret->outcome[0])) {
			copy_way(ret, way);
			continue;
		}
		if ((ret->outcome[way] = arena_take(a, sizeof(*ret->outcome[way]))) == NULL)
			return -ENOMEM;
		r = sql_evaluate(dialect, job->code, job->seed + way % TURNED, way == TURNED, a, ret->outcome[way]);
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

static void fill_row(const struct ways *w, unsigned way, struct server *server, unsigned seed, struct observation *ret)
{
	ret->run = (struct run){ .profile = bytes_text(server_name(server)), .seed = seed, .out = w->values[way], .output = w->values[way],
		.stopped_by = stop_of(w->outcome[way]), .ended_ns = w->slept_ns[way], .events_count = w->events_count[way],
		.events = w->events[way] };
}

static void observe_ways(const struct ways *w, struct server *const *servers, unsigned count, struct observations *o)
{
	static const struct question row = { .kind = QUESTION_DATABASE };

	for (unsigned i = 0; i < count; i++) {
		for (unsigned seed = 0; seed < SEEDS; seed++) {
			o->rows[o->count].server = i;
			fill_row(w, seed, servers[i], seed, &o->rows[o->count++]);
		}
	}
	o->plain = o->count;
	if (count > 0 && w->outcome[TURNED]->undecided) {
		o->rows[o->count].server = 0;
		o->rows[o->count].twisted = &row;
		fill_row(w, TURNED, servers[0], 0, &o->rows[o->count++]);
	}
}

/* Does the way show a value of this pattern too? */
static bool shows(const struct sql_outcome *o, const struct pattern *p, struct arena *a)
{
	for (unsigned i = 0; i < o->effects_count; i++) {
		if (is_shown(&o->effects[i]) && pattern_matches(p, o->effects[i].text, a))
			return true;
	}
	return false;
}

/* The nth value of each way; where they differ in what they show, there is none. */
static bool samples_of(const struct ways *w, unsigned n, struct bytes ret[SQL_PATTERN_SAMPLES])
{
	for (unsigned way = 0; way < SQL_PATTERN_SAMPLES; way++) {
		const struct sql_outcome *o = w->outcome[way];

		if (n >= o->effects_count || !is_shown(&o->effects[n]) || holds_binary(o->effects[n].text))
			return false;
		ret[way] = o->effects[n].text;
	}
	return true;
}

static bool told_already(const struct trace_list *list, struct bytes pattern)
{
	for (unsigned i = 0; i < list->count; i++) {
		if (list->traces[i].kind == TRACE_TEXT && bytes_equal(list->traces[i].pattern, pattern))
			return true;
	}
	return false;
}

/* Each value by itself: a page shows them apart. */
static void value_trace(const struct ways *w, const struct observations *o, const struct pattern *p, const struct sql_effect *f,
                        struct trace_list *list)
{
	static const struct question database = { .kind = QUESTION_DATABASE };
	uint8_t text[TRACE_PATTERN_MAX];
	struct sink s = sink_over(text, sizeof(text));
	double bits = patterns_bits(&p, 1);
	struct trace *t;

	patterns_write(&s, &p, 1);
	if (bits < VALUE_BITS_MIN || s.overflow || told_already(list, bytes_of(text, s.used)) || (t = trace_add(list)) == NULL)
		return;
	t->kind = TRACE_TEXT;
	t->place = PLACE_RESPONSE;
	t->pattern = arena_copy(list->arena, bytes_of(text, s.used), sizeof(text));
	t->bits = bits;
	t->literal = pattern_is_literal(p);
	t->text = arena_copy(list->arena, f->text, TRACE_PATTERN_MAX / 2);
	t->profiles = profiles_of(o, plain_rows(o), list->arena);
	if (f->open || !shows(w->outcome[TURNED], p, list->arena))
		trace_depends(t, &database, list->arena);
}

static int value_traces(const struct ways *w, const struct observations *o, struct trace_list *list)
{
	struct bytes samples[SQL_PATTERN_SAMPLES];
	struct pattern *p = arena_take(list->arena, sizeof(*p));

	if (p == NULL)
		return -ENOMEM;
	for (unsigned n = 0; n < w->outcome[0]->effects_count; n++) {
		if (!samples_of(w, n, samples))
			continue;
		sql_pattern(samples, p);
		if (pattern_says_something(p))
			value_trace(w, o, p, &w->outcome[0]->effects[n], list);
	}
	return list->arena->full ? -ENOMEM : 0;
}

/* What the attack made of the query's predicate, where all places agree. */
static void truth_trace(const struct ways *w, const struct observations *o, struct trace_list *list)
{
	static const struct question database = { .kind = QUESTION_DATABASE };
	const struct sql_outcome *out = w->outcome[0];
	bool told[2] = { false }, open = false;
	struct trace *t;

	for (unsigned i = 0; i < out->effects_count; i++) {
		if (out->effects[i].kind != SQL_TRUTH)
			continue;
		open |= out->effects[i].open;
		told[out->effects[i].value != 0] = true;
	}
	if ((!told[0] && !told[1]) || (t = trace_add(list)) == NULL)
		return;
	open |= told[0] && told[1];
	t->kind = TRACE_TRUTH;
	t->place = PLACE_RESPONSE;
	t->pattern = t->text = bytes_text(open ? "open" : told[1] ? "true" : "false");
	t->literal = true;
	t->profiles = profiles_of(o, plain_rows(o), list->arena);
	if (open)
		trace_depends(t, &database, list->arena);
}

/* What a file's contents or a command would show and do, as code of its own. */
static int follow(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job, const struct ways *w,
                  struct arena *a, void (*run_begins)(void), struct trace_list *list)
{
	const struct sql_outcome *o = w->outcome[0];
	unsigned followed = 0;

	for (unsigned i = 0; i < o->effects_count && followed < FOLLOWED_MAX; i++) {
		const struct sql_effect *f = &o->effects[i];
		struct job next = *job;
		struct report *report;
		int r;

		if ((f->kind != SQL_EXEC && f->kind != SQL_READ) || f->open || f->text.left == 0)
			continue;
		followed++;
		next.code = f->text;
		next.language = f->kind == SQL_READ ? LANGUAGE_PATH : f->value == SQL_SHELL_CMD ? LANGUAGE_CMD : LANGUAGE_SHELL;
		if ((r = evaluate(servers, count, finder, &next, a, run_begins, &report)) < 0)
			return r;
		for (uint32_t k = 0; k < report->traces_count; k++) {
			struct trace *t = report->traces[k].kind == TRACE_ERROR ? NULL : trace_add(list);

			if (t != NULL)
				*t = report->traces[k];
		}
	}
	return 0;
}

int evaluate_sql(struct server *const *servers, unsigned count, struct finder *finder, const struct job *job, struct arena *a,
                 void (*run_begins)(void), struct report **ret)
{
	struct observations *o = arena_take(a, sizeof(*o));
	struct trace_list *list = arena_take(a, sizeof(*list));
	struct server *chosen[REPORT_RUNS_MAX];
	unsigned chosen_count = study_servers(servers, count, job, chosen);
	struct ways w = { 0 };
	int r;

	if (o == NULL || list == NULL)
		return -ENOMEM;
	list->arena = a;
	if ((r = evaluate_ways(job, a, &w)) < 0)
		return r;
	observe_ways(&w, chosen, chosen_count, o);
	if ((r = study_learn(o, job, a, ret)) < 0)
		return r;
	network_traces(o, list);
	truth_trace(&w, o, list);
	if ((r = value_traces(&w, o, list)) < 0 || (r = follow(servers, count, finder, job, &w, a, run_begins, list)) < 0)
		return r;
	for (unsigned i = 0; i < list->count; i++)
		list->traces[i].must_show = false;
	(*ret)->traces = list->traces;
	(*ret)->traces_count = list->count;
	return 0;
}

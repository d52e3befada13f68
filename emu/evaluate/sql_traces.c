/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The traces that injected SQL leaves in a response: values shown, and what became of the query's predicate. */
#include "emu/evaluate/sql_ways.h"
#include "emu/trace/readable.h"

#include <errno.h>

/* A value of no more than this is what any page may hold. */
static const double VALUE_BITS_MIN = 7;

/* Does the way show a value of this pattern too? */
static bool shows(const struct sql_outcome *o, const struct pattern *p, struct arena *a)
{
	for (unsigned i = 0; i < o->effects_count; i++) {
		if (sql_is_shown(&o->effects[i]) && pattern_matches(p, o->effects[i].text, a))
			return true;
	}
	return false;
}

/* The nth value of each way; where they differ in what they show, there is none. */
static bool samples_of(const struct sql_ways *w, unsigned n, struct bytes ret[SQL_PATTERN_SAMPLES])
{
	for (unsigned way = 0; way < SQL_PATTERN_SAMPLES; way++) {
		const struct sql_outcome *o = w->outcome[way];

		if (n >= o->effects_count || !sql_is_shown(&o->effects[n]) || holds_binary(o->effects[n].text))
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
static void value_trace(const struct sql_ways *w, const struct observations *o, const struct pattern *p, const struct sql_effect *f,
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
	if (f->open || !shows(w->outcome[SQL_TURNED], p, list->arena))
		trace_depends(t, &database, list->arena);
}

/* Some hole that is worth something by its looks. */
static bool has_shape(const struct pattern *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		if (p->pieces[i].literal.left == 0 && p->pieces[i].hole.kind > HOLE_ANYTHING)
			return true;
	}
	return false;
}

int sql_value_traces(const struct sql_ways *w, const struct observations *o, struct trace_list *list)
{
	struct bytes samples[SQL_PATTERN_SAMPLES];
	struct pattern *p = arena_take(list->arena, sizeof(*p));

	if (p == NULL)
		return -ENOMEM;
	for (unsigned n = 0; n < w->outcome[0]->effects_count; n++) {
		if (!samples_of(w, n, samples))
			continue;
		sql_pattern(samples, p);
		if (pattern_says_something(p) || has_shape(p))
			value_trace(w, o, p, &w->outcome[0]->effects[n], list);
	}
	return list->arena->full ? -ENOMEM : 0;
}

void sql_work_trace(const struct sql_ways *w, const struct observations *o, struct trace_list *list)
{
	static const struct question database = { .kind = QUESTION_DATABASE };
	const struct sql_outcome *out = w->outcome[0];
	bool works = false;
	struct trace *t;

	for (unsigned i = 0; i < out->effects_count; i++)
		works |= out->effects[i].kind == SQL_SLEEP && out->effects[i].value == 0;
	if (!works || (t = trace_add(list)) == NULL)
		return;
	t->kind = TRACE_DELAY;
	t->place = PLACE_RESPONSE;
	t->pattern = t->text = bytes_text("open");
	t->profiles = profiles_of(o, plain_rows(o), list->arena);
	trace_depends(t, &database, list->arena);
}

void sql_truth_trace(const struct sql_ways *w, unsigned dialects, const struct observations *o, struct trace_list *list)
{
	static const struct question database = { .kind = QUESTION_DATABASE };
	bool told[2] = { false }, open = false;
	struct trace *t;

	for (unsigned d = 0; d < dialects; d++) {
		const struct sql_outcome *out = w[d].outcome[0];

		for (unsigned i = 0; i < out->effects_count; i++) {
			if (out->effects[i].kind != SQL_TRUTH && out->effects[i].kind != SQL_CUT)
				continue;
			open |= out->effects[i].open;
			told[out->effects[i].value != 0] = true;
		}
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

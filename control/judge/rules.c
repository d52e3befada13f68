/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules. A success needs one trace. A failure needs a positive reason for every code: the first row of the table
 * that holds for it. Everything else is unknown, and a second table says why.
 */
#include "control/judge/rules.h"

#include "control/extract/http.h"

#include <string.h>

enum {
	SERVERS_MIN = 2, /* emulated servers that must agree on what every success leaves */
	EXIT_NOT_RUN = 126, EXIT_NOT_FOUND = 127, /* of a shell that could start nothing */
};

static bool window_over(const struct ruling *r)
{
	return r->in->known_until_ns >= r->window_end_ns;
}

/* What is to be included is fetched before the page that includes it ends. */
static bool is_awaited(const struct ruling *r, unsigned code)
{
	return code_is_include(&r->in->codes->codes[code]) && response_whole(r) &&
		r->in->known_until_ns >= r->in->record->response_last_ns;
}

static bool request_whole(const struct ruling *r)
{
	const struct case_record *c = r->in->record;

	return c->request_last_ns != 0 && c->parts[PART_REQUEST_HEAD].gaps == 0 && c->parts[PART_REQUEST_BODY].gaps == 0 &&
		c->parts[PART_CLIENT_STREAM].gaps == 0 && r->in->codes->left == 0;
}

bool response_whole(const struct ruling *r)
{
	return r->views.seen && r->views.whole && r->views.decoded && !r->views.cached;
}

bool emulated_to_the_end(const struct ruling *r, unsigned code)
{
	return r->in->reports[code] != NULL && r->in->reports[code]->stopped_by == STOPPED_EXIT;
}

/* R1. A place that ran code before is there and allowed: its refusal now says nothing about this code. */
static bool is_refused(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return r->in->codes->codes[code].sink == SINK_RESOURCE && response_whole(r) && (p == NULL || !p->runs_code) &&
		response_refuses(r) && !resource_answers(r);
}

/* R2 */
static bool is_rejected(const struct ruling *r, unsigned code)
{
	return r->sights[code].rejected && response_whole(r);
}

/* R2, whatever is answered: no database reads a statement that holds it, so that none runs it. */
static bool is_unreadable(const struct ruling *r, unsigned code)
{
	return r->attempts[code].unreadable;
}

/* R2 of a shell: no command line starts what stands there, nor anything else of the value. */
static bool is_misplaced(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];

	return strcmp(c->class_name, "shell") == 0 && c->contexts == 0 && !ran_alike(r, code);
}

/*
 * What every success leaves was learned from several servers: what one alone always does may be its own way. Emulation
 * says must_show for the servers it has.
 */
bool trace_binds(const struct trace *t)
{
	struct bytes rest = t->profiles;
	unsigned servers = 0;

	while (rest.left > 0)
		servers += http_split(&rest, '\0').left > 0;
	return t->must_show && t->depends_count == 0 && servers >= SERVERS_MIN;
}

/* R4 */
static bool own_trace_missing(const struct ruling *r, unsigned code)
{
	const struct sight *s = &r->sights[code];

	return s->must_network && !s->contact && (window_over(r) || is_awaited(r, code)) && emulated_to_the_end(r, code) &&
		memory_lost_until_ns(r->in->memory) <= r->in->record->flow_start_ns;
}

/*
 * R4: the code waits whenever it runs, and the response did not. A command line may be given to a worker or end in the
 * carrier's own '&': of commands that is said only where an answer was seen to wait for one.
 */
static bool own_delay_missing(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];

	return r->sights[code].delay_missing && response_whole(r) && emulated_to_the_end(r, code) &&
		c->sink == SINK_RESOURCE && (c->contexts & CONTEXT_BACKGROUND) == 0 && !ran_alike(r, code) &&
		(strcmp(c->class_name, "shell") != 0 || place_waits(r, code));
}

/* R4: code over a raw stream that writes back to it wherever it runs, by which name ever; the service's own answer came instead. */
static bool own_data_missing(const struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];
	bool writes = false;

	for (unsigned i = 0; report != NULL && i < report->traces_count; i++)
		writes |= report->traces[i].kind == TRACE_DATA && report->traces[i].place == PLACE_OWN_FLOW;
	return writes && r->in->codes->codes[code].sink == SINK_STREAM && response_whole(r) && r->views.body.left > 0 &&
		emulated_to_the_end(r, code) && r->attempts[code].missing_bits >= r->in->success_bits && !ran_alike(r, code);
}

bool proven_not_run(const struct ruling *r, unsigned code)
{
	const struct sight *s = &r->sights[code];

	return !s->weak && !s->gave_up && !s->contact && !s->found &&
		(own_delay_missing(r, code) || own_data_missing(r, code) ||
		 (!s->explained && (own_trace_missing(r, code) || shown_trace_missing(r, code))));
}

enum failure_flag {
	TO_THE_LETTER = 1 << 0, /* no text of the answer is its own, whatever the code prints: nothing need be explained */
	OF_PLACE = 1 << 1,      /* hangs on other attempts: those that follow may show that the place is another one */
	OTHERS_TOO = 1 << 2,    /* what others got too is no sign of this one: a weak trace is none */
};

struct failure_rule {
	enum reason reason;
	bool (*holds)(const struct ruling *, unsigned code);
	unsigned flags;
};

static const struct failure_rule failure_rules[] = {
	{ REASON_REFUSED, is_refused, TO_THE_LETTER },
	{ REASON_REFUSED, value_refused, TO_THE_LETTER | OF_PLACE },
	{ REASON_REFUSED, form_refused, TO_THE_LETTER | OF_PLACE },
	{ REASON_REFUSED, choice_refused, TO_THE_LETTER | OF_PLACE | OTHERS_TOO },
	{ REASON_REJECTED, is_rejected, 0 },
	{ REASON_REJECTED, is_unreadable, TO_THE_LETTER },
	{ REASON_REJECTED, is_misplaced, TO_THE_LETTER },
	{ REASON_CAME_BACK_AS_DATA, came_back, TO_THE_LETTER | OF_PLACE },
	{ REASON_CAME_BACK_AS_DATA, complained_of_whole, TO_THE_LETTER | OF_PLACE },
	{ REASON_CAME_BACK_AS_DATA, value_came_back, TO_THE_LETTER | OF_PLACE },
	{ REASON_CAME_BACK_AS_DATA, ordinary_came_back, TO_THE_LETTER | OF_PLACE },
	{ REASON_CAME_BACK_AS_DATA, base_decides, TO_THE_LETTER | OF_PLACE },
	{ REASON_OWN_TRACE_MISSING, own_trace_missing, 0 },
	{ REASON_OWN_TRACE_MISSING, own_delay_missing, TO_THE_LETTER | OF_PLACE },
	{ REASON_OWN_TRACE_MISSING, own_data_missing, TO_THE_LETTER | OF_PLACE },
	{ REASON_SHOWN_TRACE_MISSING, shown_trace_missing, OF_PLACE },
	{ REASON_SHOWN_TRACE_MISSING, nothing_fetched, TO_THE_LETTER | OF_PLACE },
	{ REASON_SHOWN_TRACE_MISSING, others_followed, TO_THE_LETTER | OF_PLACE },
	{ REASON_SHOWN_TRACE_MISSING, choice_fell_back, TO_THE_LETTER | OF_PLACE | OTHERS_TOO },
	{ REASON_FAILED_ALIKE, failed_alike, TO_THE_LETTER | OF_PLACE },
};

/* NULL where there is no positive reason why this code failed. */
static const struct failure_rule *failure_of(const struct ruling *r, unsigned code)
{
	const struct sight *s = &r->sights[code];
	unsigned must = (s->explained ? TO_THE_LETTER : 0) | (s->weak ? OTHERS_TOO : 0);

	/* something of it was seen, or could not be looked for: then nothing proves that it did not run */
	if (s->gave_up || s->contact || r->in->codes->codes[code].cut)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(failure_rules); i++) {
		if ((failure_rules[i].flags & must) == must && failure_rules[i].holds(r, code))
			return &failure_rules[i];
	}
	return NULL;
}

static bool decide_success(struct ruling *r)
{
	for (unsigned i = 0; i < r->ret->evidence_count; i++) {
		const struct evidence *e = &r->ret->evidence[i];

		if (!e->found)
			continue;
		r->ret->reason = r->sights[e->code].where;
		r->ret->class_name = r->ret->reason == REASON_LOGGED_IN ? "login" : r->in->codes->codes[e->code].class_name;
		return true;
	}
	return false;
}

/*
 * A value that is code of one language is often no code of another that would take it too: a path is a command that cannot
 * be started. Where no emulated server could start anything, only the other codes of the case matter.
 */
static bool starts_nothing(const struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];

	if (report == NULL || report->runs_count == 0 || r->in->codes->codes[code].cut)
		return false;
	for (uint32_t i = 0; i < report->runs_count; i++) {
		const struct run *run = &report->runs[i];

		if ((run->exit_status != EXIT_NOT_RUN && run->exit_status != EXIT_NOT_FOUND) || run->out.left > 0 ||
		    run->events_count > 0 || run->stopped_by != STOPPED_EXIT)
			return false;
	}
	return true;
}

/* *ret_of_place: what the verdict hangs on may look another way when the window is over. */
static bool decide_failure(struct ruling *r, bool *ret_of_place)
{
	enum reason first = REASON_COUNT;

	/* with one direction only nothing can be proven missing */
	if (!request_whole(r) || !r->in->record->client_seen || !r->in->record->server_seen)
		return false;
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct failure_rule *why = NULL;

		/* what stands in ordinary requests too says nothing beside an attack */
		if (r->in->codes->codes[i].quiet && (first != REASON_COUNT || i + 1 < r->in->codes->count))
			continue;

		if (script_is_beside(r, i))
			continue;
		why = failure_of(r, i);
		if (why == NULL && !starts_nothing(r, i))
			return false;
		*ret_of_place |= why != NULL && (why->flags & OF_PLACE) != 0;
		if (first == REASON_COUNT && why != NULL)
			first = why->reason;
	}
	if (first == REASON_COUNT)
		return false;
	r->ret->reason = first;
	return true;
}

/* What holds for any code of the case. */
static bool any(const struct ruling *r, bool (*holds)(const struct ruling *, unsigned code))
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		if (holds(r, i))
			return true;
	}
	return false;
}

static bool wants_text(const struct ruling *r, unsigned code)
{
	return r->sights[code].text_wanted;
}

static bool wants_network(const struct ruling *r, unsigned code)
{
	return (r->sights[code].network_wanted && !is_awaited(r, code)) || r->sights[code].later_wanted;
}

static bool is_weak(const struct ruling *r, unsigned code)
{
	return r->sights[code].weak || r->sights[code].gave_up;
}

static bool is_explained(const struct ruling *r, unsigned code)
{
	return r->sights[code].explained;
}

static bool is_not_emulated(const struct ruling *r, unsigned code)
{
	return r->in->reports[code] == NULL || r->in->reports[code]->stopped_by == STOPPED_UNSUPPORTED;
}

static bool is_stopped(const struct ruling *r, unsigned code)
{
	return !is_not_emulated(r, code) && !emulated_to_the_end(r, code) &&
		r->in->reports[code]->stopped_by != STOPPED_SIGNAL;
}

static bool leaves_traces(const struct ruling *r, unsigned code)
{
	return wants_text(r, code) || wants_network(r, code) || r->sights[code].delay_wanted || r->sights[code].truth_wanted;
}

/* The most telling obstacle first. */
static enum reason unknown_reason(const struct ruling *r)
{
	if (any(r, is_explained) && !any(r, is_weak))
		return REASON_EXPLAINED_BY_REQUEST;
	if (any(r, is_weak))
		return REASON_WEAK_TRACE;
	if (!request_whole(r))
		return REASON_REQUEST_NOT_WHOLE;
	if (any(r, wants_text) || !any(r, leaves_traces)) {
		if (!r->views.seen)
			return REASON_RESPONSE_NOT_SEEN;
		if (!r->views.decoded)
			return REASON_RESPONSE_NOT_DECODED;
		if (!r->views.whole)
			return REASON_RESPONSE_NOT_WHOLE;
	}
	if (any(r, wants_network) && !window_over(r))
		return REASON_WINDOW_OPEN;
	if (any(r, is_not_emulated))
		return REASON_LANGUAGE_NOT_EMULATED;
	if (any(r, is_stopped))
		return REASON_EMULATION_STOPPED;
	return any(r, leaves_traces) ? REASON_MAY_RUN_UNSEEN : REASON_NOTHING_TO_SHOW;
}

bool rules_decide(struct ruling *r)
{
	bool done = r->in->record->state == CASE_DONE, of_place = false;

	if (decide_success(r))
		return false;
	/*
	 * A network trace may still come whatever the response says; a refusal is told at once, but it would be corrected. What
	 * hangs on the place waits for what the place shows to the requests that follow.
	 */
	if (decide_failure(r, &of_place) && (window_over(r) || !any(r, wants_network) || r->ret->reason == REASON_REFUSED))
		return !done || ((of_place || any(r, wants_network)) && !window_over(r));
	r->ret->reason = unknown_reason(r);
	return !done || !window_over(r);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the other attempts at the place say about this one: it was answered just like others of which more is known, each
 * one's own value apart.
 */
#include "control/extract/http.h"
#include "control/judge/ruling.h"

#include <stdio.h>
#include <string.h>

enum {
	BITS_RAN = 20,    /* code that breaks out this way ran here: what is left must only tell that this did */
};

/* Does the value name something that the server fetches and shows, so that no code breaks out of anything? */
static bool names_resource(const struct attack_code *code)
{
	static const char *const classes[] = { "path", "include", "ssrf" };

	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		if (strcmp(code->class_name, classes[i]) == 0)
			return true;
	}
	return code->language == LANGUAGE_PATH || code->language == LANGUAGE_URL;
}

/* Did code that breaks out the same way run here? Then this one may have, whatever its answer. */
static bool ran_so(const struct place *p, const struct attempt *a)
{
	for (unsigned i = 0; i < p->series.count; i++) {
		const struct attempt *o = &p->series.at[i];

		if (o->end == END_RAN && o->around == a->around)
			return true;
	}
	return false;
}

/* The trace that says what the code asks. */
static unsigned truth_trace(const struct report *report)
{
	unsigned i = 0;

	while (i < report->traces_count && report->traces[i].kind != TRACE_TRUTH)
		i++;
	return i;
}

void truth_look(struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attempt *a = &r->attempts[code];
	struct sight *s = &r->sights[code];
	struct evidence e = { .code = code, .packet = r->in->record->response_first_packet,
	                      .time_ns = r->in->record->response_first_ns };

	if (a->truth == TRUTH_NONE)
		return;
	s->truth_wanted = true;
	e.bits = p == NULL ? 0 : series_truth_bits(&p->series, a);
	if (e.bits <= 0)
		return;
	e.trace = truth_trace(r->in->reports[code]);
	e.found = e.bits + (ran_so(p, a) ? BITS_RAN : 0) >= r->in->success_bits && !s->found;
	snprintf(e.where, sizeof(e.where), "http.response");
	e.excerpt_len = (size_t)snprintf((char *)e.excerpt, sizeof(e.excerpt),
	                                 "one of several requests that are answered by what they ask, status %u, %zu bytes",
	                                 r->views.status, r->views.body.left);
	ruling_evidence(r, &e);
	s->weak |= !e.found && !s->found;
	if (e.found) {
		s->found = true;
		s->where = REASON_ANSWERS_FOLLOW;
	}
}

/* What the attempts that were answered like this one are, this one included. */
struct alike {
	unsigned others;
	bool ran, not_run;     /* with one of them; not_run: that breaks out like this one */
	bool contact_missing;
	bool plain;            /* this one or any */
	double missing_bits;   /* of any */
	double missing_family; /* of this one, or of those that break out like it */
	double missing_kin;    /* of this one, or of those in the same language */
};

static struct alike alike_of(const struct place *p, const struct attempt *a)
{
	struct alike ret = { .contact_missing = a->contact_missing, .plain = a->plain, .missing_bits = a->missing_bits,
	                     .missing_family = a->missing_bits, .missing_kin = a->missing_bits };

	for (const struct attempt *o = series_alike(&p->series, a, NULL); o != NULL; o = series_alike(&p->series, a, o)) {
		bool family = o->around != 0 && o->around == a->around && o->language == a->language;

		ret.others++;
		ret.ran |= o->end == END_RAN;
		ret.not_run |= family && o->end == END_NOT_RUN;
		ret.contact_missing |= o->contact_missing;
		ret.plain |= o->plain;
		if (o->missing_bits > ret.missing_bits)
			ret.missing_bits = o->missing_bits;
		if (family && o->missing_bits > ret.missing_family)
			ret.missing_family = o->missing_bits;
		if (o->language == a->language && o->missing_bits > ret.missing_kin)
			ret.missing_kin = o->missing_bits;
	}
	return ret;
}

static bool comparable(const struct ruling *r, unsigned code, const struct place *p)
{
	return p != NULL && r->attempts[code].answer != 0 && r->in->codes->codes[code].sink != SINK_HEADER;
}

bool value_came_back(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	struct alike alike;

	if (!comparable(r, code, p) || !code_is_template(&r->in->codes->codes[code]) || r->attempts[code].copies == 0)
		return false;
	/* an engine that takes other tags shows none of its own; what is shown as data in one tag is data in all */
	alike = alike_of(p, &r->attempts[code]);
	return alike.others > 0 && !alike.ran && (alike.missing_family > 0 || alike.missing_kin >= r->in->success_bits);
}

bool ordinary_came_back(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	/* in a path too: whoever fills in the page, here it was given the value as data */
	return (p == NULL || !p->runs_code) && code_is_template(&r->in->codes->codes[code]) && r->attempts[code].copies > 0 &&
		echo_of(r, code).data;
}

/* A URL that is asked for ran, whether or not anything came back: only a call that did not come says that it was not. */
static bool asks_for(const struct attack_code *code)
{
	return code->language == LANGUAGE_URL || strcmp(code->class_name, "ssrf") == 0;
}

bool value_refused(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	struct alike alike;

	if (!comparable(r, code, p) || !names_resource(&r->in->codes->codes[code]) || !status_refuses(r->views.status))
		return false;
	alike = alike_of(p, &r->attempts[code]);
	return alike.others > 0 && !alike.ran &&
		(alike.contact_missing || (!asks_for(&r->in->codes->codes[code]) && alike.missing_bits >= r->in->success_bits));
}

bool form_refused(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attack_code *c = &r->in->codes->codes[code];
	bool shell = strcmp(c->class_name, "shell") == 0;
	struct alike alike = { .plain = r->attempts[code].plain };

	if (c->sink != SINK_RESOURCE || (!shell && !code_is_sql(c) && c->language != LANGUAGE_PATH) || (p != NULL && p->runs_code) ||
	    !complains_of_form(r, code))
		return false;
	if (p != NULL)
		alike = alike_of(p, &r->attempts[code]);
	return !alike.ran && (!shell || alike.plain);
}

/* Does the place show what it fetched without saying the value again? Then what says it is about the value. */
static bool shows_unquoted(const struct place *p, const struct attempt *a)
{
	bool unquoted = false;

	for (unsigned i = 0; i < p->series.count; i++) {
		const struct attempt *o = &p->series.at[i];

		if (!o->shown || o->rest != a->rest)
			continue;
		if (o->copies > 0)
			return false;
		unquoted = true;
	}
	return unquoted;
}

bool nothing_fetched(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	struct bytes between;
	struct alike alike;

	if (!comparable(r, code, p) || !names_resource(&r->in->codes->codes[code]) ||
	    (asks_for(&r->in->codes->codes[code]) && !r->attempts[code].contact_missing) ||
	    series_shown(&p->series, &r->attempts[code]) == 0 ||
	    r->views.status / 100 != p->status_class || (framed(r, p, &between) && bytes_trim(between).left == 0))
		return false;
	alike = alike_of(p, &r->attempts[code]);
	return alike.others > 0 && !alike.ran &&
		(alike.missing_bits >= r->in->success_bits || (r->attempts[code].copies > 0 && shows_unquoted(p, &r->attempts[code])));
}

bool failed_alike(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attempt *a = &r->attempts[code];
	const struct attack_code *c = &r->in->codes->codes[code];
	struct alike alike;

	/* SQL that one engine does not know says nothing of SQL that it knows */
	if (!comparable(r, code, p) || names_resource(c) || a->around == 0 || code_is_sql(c) || ran_so(p, a))
		return false;
	alike = alike_of(p, a);
	return !alike.ran && alike.not_run;
}

bool base_decides(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return comparable(r, code, p) && code_is_sql(&r->in->codes->codes[code]) &&
		(series_base_decides(&p->series, &r->attempts[code]) || series_takes_no_code(&p->series, &r->attempts[code]));
}

bool others_followed(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return comparable(r, code, p) && code_is_sql(&r->in->codes->codes[code]) &&
		series_follows_others(&p->series, &r->attempts[code]);
}

bool place_waits(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	for (unsigned i = 0; p != NULL && i < p->series.count; i++) {
		if (p->series.at[i].late_ns != 0)
			return true;
	}
	return false;
}

bool ran_alike(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);

	return p != NULL && ran_so(p, &r->attempts[code]);
}

bool others_ran_alike(const struct ruling *r, unsigned code)
{
	const struct place *p = place_of(r, code);
	const struct attempt *a = &r->attempts[code];

	for (unsigned i = 0; p != NULL && i < p->series.count; i++) {
		const struct attempt *o = &p->series.at[i];

		if (o->end == END_RAN && o->around == a->around && o->transaction != a->transaction)
			return true;
	}
	return false;
}

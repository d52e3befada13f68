/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict: look for every trace of every code, then ask the rules in order. */
#include "control/judge/judge.h"

#include "control/judge/rules.h"
#include "control/judge/ruling.h"
#include "control/judge/wanted.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const uint64_t QUICK_NS = 200000000; /* guest time in which a code that waits for nothing has ended */

/* May it hold its response up when it runs? What goes out to the network may wait for an answer that never comes. */
static bool takes_time(const struct report *report)
{
	if (report == NULL || report->stopped_by != STOPPED_EXIT)
		return true;
	for (unsigned t = 0; t < report->traces_count; t++) {
		if (report->traces[t].kind == TRACE_DELAY || trace_is_network(&report->traces[t]))
			return true;
	}
	for (uint32_t i = 0; i < report->runs_count; i++) {
		if (report->runs[i].ended_ns > QUICK_NS)
			return true;
	}
	return false;
}

void judge_announce(const struct judge_input *in)
{
	for (unsigned i = 0; i < in->codes->count; i++) {
		const struct report *report = in->reports[i];

		for (unsigned t = 0; report != NULL && t < report->traces_count; t++) {
			if (trace_is_network(&report->traces[t]) && in->record->request_last_ns != 0)
				place_book_claim(in->places, in->record, &report->traces[t],
				                 trace_lead_ns(report, &report->traces[t]));
		}
		if (takes_time(report))
			place_book_note_sleeper(in->places, in->record);
	}
}

/* Stronger evidence first; what is found stands before what is not. */
static bool stands_before(const struct evidence *a, const struct evidence *b)
{
	return a->found != b->found ? a->found : a->bits > b->bits;
}

void ruling_evidence(struct ruling *r, const struct evidence *e)
{
	struct judgement *j = r->ret;
	unsigned i = 0;

	for (i = 0; i < j->evidence_count; i++) {
		if (j->evidence[i].code == e->code && j->evidence[i].trace == e->trace) {
			if (stands_before(e, &j->evidence[i]))
				j->evidence[i] = *e;
			return;
		}
	}
	for (i = 0; i < j->evidence_count && !stands_before(e, &j->evidence[i]); i++)
		;
	if (i == EVIDENCE_MAX)
		return;
	if (j->evidence_count < EVIDENCE_MAX)
		j->evidence_count++;
	memmove(&j->evidence[i + 1], &j->evidence[i], (j->evidence_count - 1 - i) * sizeof(*e));
	j->evidence[i] = *e;
}

/* The reason's sentence, and the strongest evidence in words. */
static void tell(struct judgement *j)
{
	size_t len = (size_t)snprintf(j->detail, sizeof(j->detail), "%s", reason_sentence(j->reason));
	const struct evidence *e = &j->evidence[0];

	if (j->evidence_count == 0 || (j->verdict == VERDICT_SUCCESS && !e->found) || j->verdict == VERDICT_FAILURE)
		return;
	len += (size_t)snprintf(j->detail + len, sizeof(j->detail) - len, ": ");
	for (size_t i = 0; i < e->excerpt_len && len + 1 < sizeof(j->detail) && i < 160; i++)
		j->detail[len++] = e->excerpt[i] >= 0x20 && e->excerpt[i] < 0x7f ? (char)e->excerpt[i] : ' ';
	j->detail[len] = '\0';
}

/* What this case showed of its places and its server, for the cases that follow. */
static void learn(struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct attack_code *code = &r->in->codes->codes[i];
		struct place *p = NULL;

		if (!r->views.whole || !r->views.decoded ||
		    (p = place_book_take(r->in->places, r->in->record, code)) == NULL)
			continue;
		p->runs_code |= r->sights[i].found || r->sights[i].rejected;
		if (r->sights[i].weak_bits > 0 && !r->sights[i].found)
			place_note_probe(p, r->sights[i].weak_pattern, r->sights[i].weak_text, r->sights[i].weak_bits);
		shown_learn(r, i, p);
		rows_note(r, i);
		place_keep_body(p, r->views.body, r->in->record->response_last_ns);
	}
	attempts_end(r);
	if (reason_verdict(r->ret->reason) != VERDICT_SUCCESS)
		baseline_learn(r);
}

static void look(struct ruling *r)
{
	const struct extraction *codes = r->in->codes;

	for (unsigned i = 0; i < codes->count; i++) {
		const struct report *report = r->in->reports[i];

		for (unsigned t = 0; report != NULL && t < report->traces_count; t++)
			r->texts_tried += trace_is_text(&report->traces[t]);
	}
	attempts_begin(r);
	text_begin(r);
	for (unsigned i = 0; i < codes->count; i++) {
		text_look(r, i);
		script_look(r, i);
		network_look(r, i);
		delay_look(r, i);
		shown_look(r, i);
		rows_look(r, i);
	}
	text_end(r);
	attempts_seen(r);
	for (unsigned i = 0; i < codes->count; i++)
		truth_look(r, i);
	for (unsigned i = 0; i < codes->count; i++)
		login_look(r, i);
}

/* Earlier attacks of the same sender may have left something here. */
static void feed_later(const struct ruling *r)
{
	const struct case_record *c = r->in->record;
	struct later_response response = { .flow_id = c->flow_id, .tx_id = c->tx_id, .tuple = c->tuple,
	                                   .time_ns = c->response_first_ns, .packet = c->response_first_packet,
	                                   .reflection = r->reflection };

	if (!later_awaits(place_book_later(r->in->places), &response))
		return;
	for (unsigned i = 0; i < r->views.count; i++) {
		response.text = r->views.at[i].text;
		later_look(place_book_later(r->in->places), &response);
	}
}

/* Quiet SQL and commands are told of in the company of others, which may come after them: *ret_open. */
static bool has_company(const struct ruling *r, bool *ret_open)
{
	bool found = false, waits = false;

	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct attack_code *code = &r->in->codes->codes[i];

		if (!code->quiet)
			return false;
		if (code->language == LANGUAGE_SQL || code->language == LANGUAGE_SHELL) {
			found |= attempt_has_company(r, i);
			waits = true;
		}
	}
	*ret_open |= waits && !found;
	return found;
}

/* Those of an earlier judgement of the case, or new ones. False: no memory. */
static bool readings_take(struct ruling *r)
{
	const struct judge_input *in = r->in;
	struct views *v;

	if (in->kept != NULL && *in->kept != NULL)
		r->readings = *in->kept;
	else if (readings_new(in->record, in->codes, &r->readings) < 0)
		return false;
	v = &r->readings->views;
	memcpy(&r->views, v, offsetof(struct views, at) + v->count * sizeof(v->at[0]));
	r->reflection = r->readings->reflection;
	return true;
}

static void readings_give(struct ruling *r)
{
	if (r->in->kept != NULL)
		*r->in->kept = r->readings;
	else
		readings_free(r->readings);
}

/* Clears what there is room for of the codes that there are: there is room for many. */
static void ruling_begin(struct ruling *r, const struct judge_input *in, struct judgement *ret)
{
	memset(r, 0, offsetof(struct ruling, place_keys));
	r->in = in;
	r->ret = ret;
	for (unsigned i = 0; i < in->codes->count; i++)
		r->place_keys[i] = place_book_key(in->places, in->record, &in->codes->codes[i]);
	memset(r->excerpts, 0, in->codes->count * sizeof(r->excerpts[0]));
	memset(r->echoed, 0, in->codes->count * sizeof(r->echoed[0]));
	memset(r->sights, 0, in->codes->count * sizeof(r->sights[0]));
	memset(r->attempts, 0, in->codes->count * sizeof(r->attempts[0]));
}

void judge(const struct judge_input *in, struct judgement *ret)
{
	struct ruling r;
	bool open = false;

	memset(ret, 0, offsetof(struct judgement, evidence)); /* the rest is as long as they say */
	ruling_begin(&r, in, ret);
	judge_announce(in);
	r.window_end_ns = in->record->request_last_ns + in->window_ns;
	ret->class_name = in->codes->count > 0 ? in->codes->codes[0].class_name : "";
	ret->reason = REASON_MAY_RUN_UNSEEN;
	if (in->codes->count == 0) {
		ret->reason = REASON_NO_ATTACK_CODE;
	} else if (readings_take(&r)) {
		feed_later(&r);
		look(&r);
		open = rules_decide(&r);
		learn(&r);
		ret->in_company = has_company(&r, &open);
		readings_give(&r);
	}
	ret->verdict = reason_verdict(ret->reason);
	ret->priority = verdict_priority(ret->verdict);
	ret->final = in->capture_over || ret->verdict == VERDICT_SUCCESS || !open;
	ret->ask_again_ns = ret->final ? 0 : r.window_end_ns;
	tell(ret);
}

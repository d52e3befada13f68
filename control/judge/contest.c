/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose doing is a contact that several attacks may have left, and does who calls a port that opened find a shell there?
 */
#include "control/extract/http.h"
#include "control/extract/word.h"
#include "control/judge/ruling.h"
#include "control/judge/wanted.h"

#include <ctype.h>

/* What a site does so soon after a request that asks for it is that request's doing, or that of one sent just then. */
static const uint64_t PROMPT_NS = 3000000000;
/* Attacks sent so long before may still be at work. */
static const uint64_t EARLIER_NS = 10000000000;

/* How often the code leaves this trace in one run. */
static unsigned contacts_each(const struct report *report, const struct trace *t)
{
	unsigned most = 1;

	for (uint32_t i = 0; i < report->runs_count; i++) {
		const struct run *run = &report->runs[i];
		unsigned n = 0;

		for (uint32_t e = 0; e < run->events_count; e++) {
			const struct event *event = &run->events[e];

			n += event->kind == EVENT_CONNECT && event->port == t->port &&
				(t->address.family == 0 || address_equal(&event->address, &t->address));
		}
		most = n > most ? n : most;
	}
	return most;
}

static unsigned contacts_between(const struct ruling *r, const struct wanted *w, uint64_t from_ns, const struct history *last)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = w->side, .kinds = w->kinds, .from_ns = from_ns,
	                          .to_ns = last->time_ns };
	struct memory_cursor c;
	const struct history *h = NULL;
	unsigned n = 0;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL && h->packet <= last->packet)
		n += is_wanted(w, h);
	return n;
}

bool contact_for_each(const struct ruling *r, unsigned code, const struct wanted *w, const struct history *h, uint64_t from_ns)
{
	uint64_t first_ns = from_ns;
	unsigned rivals;

	if ((w->trace->kind != TRACE_CONNECT && w->trace->kind != TRACE_FETCH) || h->time_ns - from_ns > PROMPT_NS)
		return false;
	rivals = place_book_rivals(r->in->places, r->in->record, w->trace, from_ns > EARLIER_NS ? from_ns - EARLIER_NS : 0,
	                           h->time_ns, &first_ns);
	return contacts_between(r, w, first_ns, h) >= (rivals + 1) * contacts_each(r->in->reports[code], w->trace);
}

/* The first that one side of the flow said; NULL: nothing until now. */
static const struct history *first_said(const struct ruling *r, const struct history *flow, enum memory_side side)
{
	struct memory_query q = { .address = r->in->record->tuple.dst, .side = side, .kinds = 1u << HISTORY_SENT,
	                          .from_ns = flow->time_ns, .to_ns = r->in->known_until_ns };
	struct memory_cursor c;
	const struct history *h = NULL;

	memory_seek(r->in->memory, &q, &c);
	while ((h = memory_next(&c)) != NULL && h->flow_id != flow->flow_id)
		;
	return h;
}

static bool is_line(struct bytes text)
{
	for (size_t i = 0; i < text.left; i++) {
		if (!isprint(text.at[i]) && !isspace(text.at[i]) && text.at[i] < 0x80)
			return false;
	}
	return text.left > 1 && text.at[text.left - 1] == '\n';
}

static bool says(struct bytes text, struct bytes word)
{
	ptrdiff_t at;

	while (word.left > 0 && (at = bytes_find(text, word)) >= 0) {
		size_t end = (size_t)at + word.left;

		if ((at == 0 || !isalnum(text.at[at - 1])) && (end == text.left || !isalnum(text.at[end])))
			return true;
		text = bytes_of(text.at + at + 1, text.left - (size_t)at - 1);
	}
	return false;
}

bool finds_shell(const struct ruling *r, const struct history *flow)
{
	const struct history *asked = first_said(r, flow, MEMORY_TO), *told = first_said(r, flow, MEMORY_FROM);
	struct bytes line, word;

	if (asked == NULL || told == NULL || told->packet < asked->packet || !address_equal(&flow->tuple.src, &r->in->record->tuple.src))
		return false;
	line = bytes_trim(asked->sample);
	word = http_split(&line, ' ');
	return is_line(asked->sample) && is_line(told->sample) && command_rank(word) > RANK_PROSE && !says(told->sample, word);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server says whatever it is asked: its answers to ordinary requests, and lines of its answers to attacks that none
 * of their own codes prints. A page that shows such a line in answer to other code too proves nothing by it.
 */
#include "control/extract/http.h"
#include "control/judge/ordinary.h"
#include "control/judge/ruling.h"
#include "control/judge/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_MIN = 4,        /* bytes; shorter lines are in every page */
	LINES_LEARNED = 2000,/* of one view */
	MATCHES_MAX = 4096,
	SAMPLES_MAX = 256,   /* other answers compared */
};

bool response_is_ordinary(const struct ruling *r)
{
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL, *own = NULL;

	while ((h = memory_next(&c)) != NULL && own == NULL)
		own = answer_is_own(r, h) ? h : NULL;
	if (own == NULL || own->body_len == 0)
		return false;
	c = answers_of(r);
	while ((h = memory_next(&c)) != NULL) {
		if (h->body_len == own->body_len && h->body_digest == own->body_digest && h->tuple.dport == own->tuple.dport &&
		    !answer_is_own(r, h) && h->ordinary)
			return true;
	}
	return false;
}

bool server_holds(const struct ruling *r, struct search *s)
{
	struct memory_cursor c = answers_of(r);
	const struct history *h = NULL;
	unsigned samples = 0;

	while (samples < SAMPLES_MAX && (h = memory_next(&c)) != NULL) {
		size_t at = 0, start, end;

		if (answer_is_own(r, h) || h->sample.left == 0 || !h->ordinary)
			continue;
		samples++;
		if (search_next(s, h->sample, &at, &start, &end))
			return true;
	}
	return false;
}

bool line_is_ordinary(const struct ruling *r, const struct view *v, size_t start, size_t end)
{
	struct bytes rest;
	bool known = false;

	while (start > 0 && v->text.at[start - 1] != '\n')
		start--;
	while (end < v->text.left && v->text.at[end] != '\n')
		end++;
	rest = bytes_of(v->text.at + start, end - start);
	while (rest.left > 0) {
		struct bytes line = bytes_trim(http_split(&rest, '\n'));

		if (line.left < LINE_MIN)
			continue;
		if (!place_book_knows_line(r->in->places, r->in->record, line))
			return false;
		known = true;
	}
	return known;
}

/* Every line of a text that none of the marked bytes stands in; own may be NULL. */
static void note_lines(struct place_book *book, const struct case_record *record, struct bytes text, const uint8_t *own)
{
	struct bytes rest = text;

	for (unsigned n = 0; n < LINES_LEARNED && rest.left > 0; n++) {
		struct bytes line = http_split(&rest, '\n');

		if (bytes_trim(line).left >= LINE_MIN && (own == NULL || memchr(own + (line.at - text.at), 1, line.left) == NULL))
			place_book_note_line(book, record, line);
	}
}

int views_of_sample(const struct history *h, struct case_record *record, char head[static SAMPLE_HEAD_MAX], struct views *ret)
{
	int len = snprintf(head, SAMPLE_HEAD_MAX, "HTTP/1.1 200 OK\r\nContent-Encoding: %.*s\r\n\r\n",
	                   (int)(h->content_encoding.left < 16 ? h->content_encoding.left : 16),
	                   h->content_encoding.left > 0 ? (const char *)h->content_encoding.at : "");

	*record = (struct case_record){ .state = CASE_DONE, .tuple = h->tuple };
	record->parts[PART_RESPONSE_HEAD] = (struct case_part){ .present = true, .head = bytes_of(head, (size_t)len) };
	record->parts[PART_RESPONSE_BODY] = (struct case_part){ .present = true, .head = h->sample, .seen = h->sample.left };
	return views_of(record, ret);
}

void judge_note_answer(struct place_book *book, const struct history *h)
{
	struct case_record record = { .tuple = h->tuple };
	struct bytes same = bytes_of(&h->body_digest, sizeof(h->body_digest));
	struct later_response response = { .flow_id = h->flow_id, .tx_id = h->tx_id, .tuple = h->tuple, .time_ns = h->time_ns,
	                                   .packet = h->packet, .target = h->name };
	bool ordinary, awaited;
	char head[SAMPLE_HEAD_MAX];
	struct views views;

	if (h->kind != HISTORY_RESPONSE || h->sample.left == 0)
		return;
	awaited = later_awaits(place_book_later(book), &response);
	/* most pages are asked for again and again */
	ordinary = history_is_ordinary(h) && !place_book_knows_line(book, &record, same);
	if ((!ordinary && !awaited) || views_of_sample(h, &record, head, &views) < 0)
		return;
	for (unsigned i = 0; i < views.count; i++) {
		response.text = views.at[i].text;
		if (awaited)
			later_look(place_book_later(book), &response);
		if (ordinary)
			note_lines(book, &record, views.at[i].text, NULL);
	}
	if (ordinary)
		place_book_note_line(book, &record, same);
	views_fini(&views);
}

/* Marks every byte of a view that a trace of the case's own codes accounts for. */
static void mark_own(const struct ruling *r, const struct view *v, uint8_t *own)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct report *report = r->in->reports[i];

		for (unsigned t = 0; t < report->traces_count; t++) {
			struct search *s = NULL;
			size_t at = 0, start, end;

			if (report->traces[t].kind != TRACE_TEXT || searches_take(place_book_searches(r->in->places), report->traces[t].pattern, v->text.left, &s) < 0)
				continue;
			for (unsigned n = 0; search_may_match(s, &r->held) && n < MATCHES_MAX && search_next(s, v->text, &at, &start, &end); n++)
				memset(own + start, 1, end - start);
			searches_give(s);
		}
	}
}

static void learn_view(const struct ruling *r, const struct view *v)
{
	uint8_t *own = calloc(1, v->text.left);

	if (own == NULL)
		return;
	mark_own(r, v, own);
	note_lines(r->in->places, r->in->record, v->text, own);
	free(own);
}

/* Does what it prints hang on the server it runs in? */
static bool hangs_on_server(const struct report *report)
{
	for (unsigned i = 0; i < report->traces_count; i++) {
		if (report->traces[i].depends_count > 0)
			return true;
	}
	return false;
}

/*
 * Only from cases whose every code was emulated and prints something known: what an unknown code, or one that takes
 * another way on this server, printed may be its result, and would explain away the same result of another.
 */
void baseline_learn(const struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct report *report = r->in->reports[i];

		if (report == NULL || report->stopped_by != STOPPED_EXIT || !r->sights[i].text_wanted ||
		    hangs_on_server(report))
			return;
	}
	for (unsigned i = 0; i < r->views.count; i++)
		learn_view(r, &r->views.at[i]);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server says whatever it is asked: lines of its answers to attacks that none of their own codes prints. A page
 * that shows such a line in answer to other code too proves nothing by it.
 */
#include "control/extract/http.h"
#include "control/judge/ruling.h"
#include "control/judge/search.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINE_MIN = 4,        /* bytes; shorter lines are in every page */
	LINES_LEARNED = 2000,/* of one view */
	MATCHES_MAX = 4096,
};

bool line_is_ordinary(const struct ruling *r, const struct view *v, size_t start, size_t end)
{
	struct bytes rest;

	while (start > 0 && v->text.at[start - 1] != '\n')
		start--;
	while (end < v->text.left && v->text.at[end] != '\n')
		end++;
	rest = bytes_of(v->text.at + start, end - start);
	while (rest.left > 0) {
		struct bytes line = http_trim(http_split(&rest, '\n'));

		if (line.left >= LINE_MIN && !place_book_knows_line(r->in->places, r->in->record, line))
			return false;
	}
	return true;
}

/* Marks every byte of a view that a trace of the case's own codes accounts for. */
static void mark_own(const struct ruling *r, const struct view *v, uint8_t *own)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct report *report = r->in->reports[i];

		for (unsigned t = 0; t < report->traces_count; t++) {
			struct search *s = NULL;
			size_t at = 0, start, end;

			if (report->traces[t].kind != TRACE_TEXT || search_new(report->traces[t].pattern, v->text.left, &s) < 0)
				continue;
			for (unsigned n = 0; n < MATCHES_MAX && search_next(s, v->text, &at, &start, &end); n++)
				memset(own + start, 1, end - start);
			search_free(s);
		}
	}
}

static void learn_view(const struct ruling *r, const struct view *v)
{
	uint8_t *own = calloc(1, v->text.left);
	struct bytes rest = v->text;

	if (own == NULL)
		return;
	mark_own(r, v, own);
	for (unsigned n = 0; n < LINES_LEARNED && rest.left > 0; n++) {
		struct bytes line = http_split(&rest, '\n');

		if (http_trim(line).left >= LINE_MIN && memchr(own + (line.at - v->text.at), 1, line.left) == NULL)
			place_book_note_line(r->in->places, r->in->record, line);
	}
	free(own);
}

/*
 * Only from cases whose every code was emulated and prints something known: what an unknown code printed may be its
 * result, and would explain away the same result of another.
 */
void baseline_learn(const struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++) {
		const struct report *report = r->in->reports[i];

		if (report == NULL || report->stopped_by != STOPPED_EXIT || !r->sights[i].text_wanted)
			return;
	}
	for (unsigned i = 0; i < r->views.count; i++)
		learn_view(r, &r->views.at[i]);
}

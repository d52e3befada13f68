/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row that the attack adds to an answer, as a table shows it: each value a cell of its own, in order. A value alone may
 * be what any page holds; all of them side by side are not.
 */
#include "emu/evaluate/sql_ways.h"
#include "emu/trace/model.h"
#include "emu/trace/readable.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	CELLS_MAX = 16,
	CELL_MAX = 200,      /* bytes of a value that is not known */
	ROWS_TOLD_MAX = 4,   /* of one text: it has a few readings */
};

/* A cell ends here, and not somewhere in a word: a page has some hundred such places. */
static const double EDGE_BITS = 2, DIGIT_BITS = 3.3, ROW_BITS_MIN = 8;

/* Between two cells: tags, blanks and the marks of lists. */
static const char before[] = "[>\\s|,;:\"']", behind[] = "[<\\s|,;:\"']";
static const char between[] = "(?:<[^<>]{0,80}>|[\\s|,;:\"']){1,12}";

struct cells {
	unsigned count;
	struct bytes at[CELLS_MAX];
};

static void split(struct bytes row, struct cells *ret)
{
	ret->count = 0;
	for (size_t from = 0, i = 0; i <= row.left && ret->count < CELLS_MAX; i++) {
		if (i < row.left && row.at[i] != SQL_ROW_BETWEEN)
			continue;
		ret->at[ret->count++] = bytes_of(row.at + from, i - from);
		from = i + 1;
	}
}

static bool is_number(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (!isdigit(b.at[i]))
			return false;
	}
	return b.left > 0;
}

/* One cell: a literal as it is, else its pieces and holes that reach over no tag. Adds its bits. */
static void write_cell(struct sink *s, const struct pattern *p, double *bits)
{
	const struct pattern *const lines[] = { p };
	char hole[24];
	int len = snprintf(hole, sizeof(hole), "[^<>\\r\\n]{0,%u}", CELL_MAX);

	if (pattern_is_literal(p) && p->count > 0) {
		literal_write(s, p->pieces[0].literal);
		*bits += 2 * EDGE_BITS + (is_number(p->pieces[0].literal) ? DIGIT_BITS * (double)p->pieces[0].literal.left : model_bits(p->pieces[0].literal, 0));
		return;
	}
	for (unsigned i = 0; i < p->count; i++) {
		if (p->pieces[i].literal.left > 0)
			literal_write(s, p->pieces[i].literal);
		else if (p->pieces[i].hole.kind == HOLE_ANYTHING)
			sink_put(s, hole, (size_t)len);
		else
			hole_write(s, &p->pieces[i].hole);
	}
	*bits += patterns_bits(lines, 1);
}

/* The row that effect n is in every way; false: it is none in some, or of another width. */
static bool samples_of(const struct sql_ways *w, unsigned n, struct cells ret[SQL_PATTERN_SAMPLES])
{
	for (unsigned way = 0; way < SQL_PATTERN_SAMPLES; way++) {
		const struct sql_outcome *o = w->outcome[way];

		if (n >= o->effects_count || o->effects[n].kind != SQL_ROW || holds_binary(o->effects[n].text))
			return false;
		split(o->effects[n].text, &ret[way]);
		if (ret[way].count != ret[0].count)
			return false;
	}
	return ret[0].count > 1;
}

static void write_row(struct sink *s, const struct cells samples[SQL_PATTERN_SAMPLES], struct pattern *p, double *bits)
{
	sink_put(s, before, strlen(before));
	for (unsigned c = 0; c < samples[0].count; c++) {
		struct bytes cell[SQL_PATTERN_SAMPLES];

		for (unsigned way = 0; way < SQL_PATTERN_SAMPLES; way++)
			cell[way] = samples[way].at[c];
		sql_pattern(cell, p);
		if (c > 0)
			sink_put(s, between, strlen(between));
		write_cell(s, p, bits);
	}
	sink_put(s, behind, strlen(behind));
}

int sql_row_traces(const struct sql_ways *w, const struct observations *o, struct trace_list *list)
{
	static const struct question database = { .kind = QUESTION_DATABASE };
	struct pattern *p = arena_take(list->arena, sizeof(*p));
	struct cells samples[SQL_PATTERN_SAMPLES];
	unsigned told = 0;

	if (p == NULL)
		return -ENOMEM;
	for (unsigned n = 0; n < w->outcome[0]->effects_count && told < ROWS_TOLD_MAX; n++) {
		uint8_t text[TRACE_PATTERN_MAX];
		struct sink s = sink_over(text, sizeof(text));
		double bits = 0;
		struct trace *t;

		if (!samples_of(w, n, samples))
			continue;
		write_row(&s, samples, p, &bits);
		if (bits < ROW_BITS_MIN || s.overflow || (t = trace_add(list)) == NULL)
			continue;
		told++;
		t->kind = TRACE_TEXT;
		t->place = PLACE_RESPONSE;
		t->pattern = arena_copy(list->arena, bytes_of(text, s.used), sizeof(text));
		t->bits = bits;
		t->text = arena_copy(list->arena, w->outcome[0]->effects[n].text, TRACE_PATTERN_MAX / 2);
		t->profiles = profiles_of(o, plain_rows(o), list->arena);
		trace_depends(t, &database, list->arena);
	}
	return list->arena->full ? -ENOMEM : 0;
}

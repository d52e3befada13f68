/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine's refusal of an injected text as traces: its words, and the piece of the text that it quotes. */
#include "emu/evaluate/sql_ways.h"
#include "emu/sql/reject.h"
#include "emu/trace/model.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	SCHEMA_MAX = 80,     /* bytes that an engine puts before a name: the database it belongs to */
	PIECE_BITS_MAX = 20, /* a page that tells of the request quotes it too */
};

/* A page may fold blanks. */
static void write_folding(struct sink *s, struct bytes text)
{
	for (size_t i = 0; i < text.left; i++) {
		if (!isspace(text.at[i])) {
			literal_write(s, bytes_of(text.at + i, 1));
			continue;
		}
		while (i + 1 < text.left && isspace(text.at[i + 1]))
			i++;
		sink_put(s, "\\s{1,16}", 8);
	}
}

static void write_pieces(struct sink *s, const struct sql_rejection *m)
{
	sink_put(s, "(?:", 3);
	for (unsigned i = 0; i < m->count && !s->overflow; i++) {
		if (i > 0)
			sink_u8(s, '|');
		write_folding(s, m->pieces[i]);
	}
	sink_u8(s, ')');
}

/* What the quoted piece adds: no more than the one that says least. */
static double pieces_bits(const struct sql_rejection *m)
{
	double least = m->count > 0 ? PIECE_BITS_MAX : 0;

	for (unsigned i = 0; i < m->count; i++) {
		double bits = model_bits(m->pieces[i], 0);

		least = bits < least ? bits : least;
	}
	return m->count > 1 ? least - log2(m->count) : least;
}

static void write_message(struct sink *s, const struct sql_rejection *m)
{
	char gap[32];

	write_folding(s, bytes_text(m->before));
	if (m->count > 0) {
		/* the database's name, or the first name's quotes */
		if (m->names)
			sink_put(s, gap, (size_t)snprintf(gap, sizeof(gap), "[\\w$.\"-]{0,%u}", SCHEMA_MAX));
		write_pieces(s, m);
		if (m->gap == 0 && m->after[0] == ':')
			sink_put(s, "\"?", 2);
	}
	if (m->gap > 0)
		sink_put(s, gap, (size_t)snprintf(gap, sizeof(gap), "[^\\x00]{0,%u}?", m->gap));
	write_folding(s, bytes_text(m->after));
}

int sql_error_traces(enum language language, struct bytes code, struct trace_list *list)
{
	struct sql_rejection *messages = arena_take(list->arena, REJECTIONS_MAX * sizeof(*messages));
	int count;

	if (messages == NULL)
		return -ENOMEM;
	count = sql_rejections((enum sql_dialect)(language - LANGUAGE_SQL_MYSQL), code, list->arena, messages);
	for (int i = 0; i < count; i++) {
		const struct sql_rejection *m = &messages[i];
		uint8_t text[TRACE_PATTERN_MAX];
		struct sink s = sink_over(text, sizeof(text));
		struct trace *t;

		write_message(&s, m);
		if (s.overflow || (t = trace_add(list)) == NULL)
			continue;
		t->kind = TRACE_ERROR;
		t->place = PLACE_RESPONSE;
		t->pattern = arena_copy(list->arena, bytes_of(text, s.used), sizeof(text));
		t->text = bytes_text(strlen(m->before) > strlen(m->after) ? m->before : m->after);
		t->bits = model_bits(bytes_text(m->before), 0) + model_bits(bytes_text(m->after), 0) + pieces_bits(m);
		t->profiles = bytes_text(language_name(language));
	}
	return count == -ENOMEM ? count : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line as literals and holes, and what it is as PCRE2 text and as bits. */
#ifndef EMU_TRACE_PATTERN_H
#define EMU_TRACE_PATTERN_H

#include "emu/trace/arena.h"
#include "emu/trace/hole.h"
#include "emu/trace/token.h"

enum { PIECES_MAX = LINE_TOKENS_MAX + 1 };

struct piece {
	struct bytes literal; /* left == 0: a hole */
	struct hole hole;
};

struct pattern {
	unsigned count;
	struct piece pieces[PIECES_MAX];
};

/*
 * What samples (lines, without their end) agree on, in order, and holes between. The first is the reference: literals
 * point into it. names (of the servers themselves, names_count of them) are no literals, whoever has them. scratch gives the
 * memory of the alignment and has its fill back afterwards. count >= 1.
 */
void pattern_of(const struct bytes *samples, unsigned count, const struct bytes *names, unsigned names_count, struct arena *scratch, struct pattern *ret);
/* Does the whole line have this pattern? A run of blanks stands for any other. */
bool pattern_matches(const struct pattern *, struct bytes line, struct arena *scratch);

/* Some literal beyond blanks. */
bool pattern_says_something(const struct pattern *);
bool pattern_is_literal(const struct pattern *);

/*
 * Several lines' patterns as one: PCRE2 text of it, and its bits. Blanks and line ends are written as \s{1,n}, since a
 * page may fold them; holes at both ends are left away, as what is searched for stands inside other text.
 */
void patterns_write(struct sink *, const struct pattern *const *lines, unsigned count);
double patterns_bits(const struct pattern *const *lines, unsigned count);
/* literal as PCRE2 text: every byte stands for itself (blanks too), for the names of network traces. */
void literal_write(struct sink *, struct bytes literal);

#endif

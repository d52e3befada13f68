/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How surprising a literal is in a page that has nothing to do with the attack: the background model.
 *
 * It must rather say too few bits than too many, since bits turn into the verdict "success":
 * - a word of the table costs what its share among all words of ordinary pages is; after another common word only
 *   0.6 of it, as words of a language follow each other;
 * - another word costs 0.6 of what letters following letters (order 2, case folded) cost, at most 20 where it reads
 *   like a word of a language (below 5.6 bits a letter: random letters have 7 to 9, words that the training pages
 *   never held 3.5 to 5.5), so that no single word of a language is proof;
 * - a digit costs log2(10), but 1 where it repeats its neighbour or counts on from it, and a trailing zero of a longer
 *   number costs 1;
 * - a mark costs what its share after a letter, digit, blank or mark is; a repetition of the same mark 0.3;
 * - blanks cost 0.5 a run, bytes beyond ASCII 2;
 * - what stood in the same literal before, after the same two bytes, costs 0.3 of that.
 * Upper case is free.
 */
#ifndef EMU_TRACE_MODEL_H
#define EMU_TRACE_MODEL_H

#include "control/wire/bytes.h"

/* -log2 of the chance that ordinary text, at one given position, goes on with literal. before: the byte before, or 0. */
double model_bits(struct bytes literal, uint8_t before);

/* The tables, written by train.py. */
struct model_word {
	uint8_t bits;
	const char *word;
};
extern const struct model_word model_words[]; /* in strcmp order */
extern const unsigned model_words_count;
extern const char model_letters[]; /* [before last][last][next], 27 each (0: the edge of a word), quarter bits */
extern const char model_marks[];   /* [after letter, digit, blank, mark][mark], quarter bits */

#endif

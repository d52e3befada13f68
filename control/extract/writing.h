/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people write, about code too: the fields they write in, sentences around a code, pieces cut out of listings. Pure. */
#ifndef CONTROL_EXTRACT_WRITING_H
#define CONTROL_EXTRACT_WRITING_H

#include "control/wire/bytes.h"

/* Is a field so called for what people write or search for? Plain words that would run are a question about it there. */
bool writing_field(struct bytes name);

/* How many words stand in runs as sentences have them: of letters, blanks between, several in a row. */
unsigned writing_words(struct bytes text);

/* So many words, of one line or of several, that the text around a code, or with a command in it, is a text about it. */
bool writing_is_about(struct bytes before, struct bytes after);

/*
 * Several lines out of the middle of a listing: indented from the first, or with the end or the beginning of a block left
 * away. lines: what a block is does not count, as in languages that have other ones.
 */
bool writing_is_excerpt(struct bytes text, bool lines);

/*
 * A file from its first byte on: a script under its interpreter's line, or one in which a line ends or parts a block of a
 * shell's; a page, of several lines and tags. It leaves nothing that it could stand in: it is kept, or run as a whole.
 */
bool writing_is_script(struct bytes text);
bool writing_is_page(struct bytes text);

/* So many lines that it is a source, or a page of one. */
bool writing_is_long(struct bytes text);

/*
 * Does all that stands in quotes of this kind stand there as people quote: in pairs, tight, apart from what is beside?
 * *ret_said: and something is said outside of them.
 */
bool writing_quotes(struct bytes text, uint8_t quote, bool *ret_said);

#endif

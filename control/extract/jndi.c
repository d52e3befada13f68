/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look-up expressions that may come to a JNDI look-up: `${…}`, balanced, nested, in which the letters of the scheme
 * stand in their order however they are disguised. What the expression comes to, emulation tells.
 */
#include "control/extract/finder.h"

#include <string.h>

enum {
	LOOKUP_MAX = 4096,      /* bytes of one expression */
	LOOKUP_OPEN_MAX = 64,   /* nesting */
	LOOKUP_TRIES_MAX = 64,  /* places where the scheme may begin */
};

/* The length of the balanced expression that begins at b, or 0. */
static size_t expression_length(struct bytes b)
{
	unsigned open = 0;

	for (size_t i = 0; i < b.left && i < LOOKUP_MAX; i++) {
		if (b.at[i] == '$' && i + 1 < b.left && b.at[i + 1] == '{') {
			if (++open > LOOKUP_OPEN_MAX)
				return 0;
			i++;
		} else if (b.at[i] == '}' && --open == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* The letter at b[at], lower case; a dotless i, which upper-casing makes an I, counts as one. */
static uint8_t letter_at(struct bytes b, size_t at)
{
	if (b.at[at] == 0xc4 && at + 1 < b.left && (b.at[at + 1] == 0xb0 || b.at[at + 1] == 0xb1))
		return 'i';
	return b.at[at] >= 'A' && b.at[at] <= 'Z' ? b.at[at] | 0x20 : b.at[at];
}

/* May it stand in the words of a look-up? What holds bytes that are no text is an image or an archive. */
static bool is_text(uint8_t c)
{
	return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\r' || c == '\n';
}

/*
 * Do the letters stand there in order, with only the syntax of nested look-ups between them? Between two letters there
 * may be any word of text as long as a look-up is opened or closed there; otherwise they must be neighbours.
 */
static bool holds_scheme(struct bytes b)
{
	static const char scheme[] = "jndi:";

	unsigned tries = 0;

	for (size_t start = 0; start < b.left && tries < LOOKUP_TRIES_MAX; start++) {
		size_t matched = 0, last = 0;
		bool syntax = true;

		for (size_t i = start; i < b.left && scheme[matched] != '\0'; i++) {
			uint8_t c = letter_at(b, i);

			if (c == (uint8_t)scheme[matched] && (syntax || i == last + 1 || b.at[i] >= 0x80)) {
				matched++;
				last = i;
				syntax = false;
			} else if (matched == 0 || !is_text(c)) {
				break;
			} else if (c == '$' || c == '{' || c == '}') {
				syntax = true;
			}
		}
		if (scheme[matched] == '\0')
			return true;
		tries += matched > 0;
	}
	return false;
}

void jndi_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	for (size_t i = 0; i + 1 < l->text.left; i++) {
		struct sighting s = { .language = LANGUAGE_JNDI, .class_name = "jndi", .contexts = CONTEXT_ALONE };
		size_t len;

		if (l->text.at[i] != '$' || l->text.at[i + 1] != '{')
			continue;
		len = expression_length(bytes_of(l->text.at + i, l->text.left - i));
		if (len == 0)
			continue;
		s.text = bytes_of(l->text.at + i, len);
		/* whatever carries it, the value reaches a log: the resource need not be there */
		s.sink = c->kind == CARRIER_STREAM ? SINK_STREAM : SINK_HEADER;
		if (holds_scheme(s.text))
			finder_note(f, c, l, &s);
		i += len - 1;
	}
}

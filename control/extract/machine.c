/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine code: bytes that are no text. Where it begins in them, for which processor, and whether it is code at all, only
 * trying tells (emu/shellcode): what turns out to be none is dropped then.
 */
#include "control/extract/finder.h"
#include "control/wire/utf8.h"

#include <ctype.h>

enum {
	CODE_MIN = 12,    /* bytes: with less, not even a descriptor is duplicated and a shell started */
	FOREIGN_MIN = 4,  /* bytes that no text holds: one or two stand in any text of an older encoding */
};

static bool is_binary(struct bytes b)
{
	unsigned foreign = 0;

	while (b.left > 0 && foreign < FOREIGN_MIN) {
		size_t len = utf8_length(b);

		if (len == 0 || (iscntrl(b.at[0]) && !isspace(b.at[0])))
			foreign++;
		len = len != 0 ? len : 1;
		b = bytes_of(b.at + len, b.left - len);
	}
	return foreign == FOREIGN_MIN;
}

void machine_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	const struct sighting s = { .language = LANGUAGE_MACHINE, .class_name = "shellcode", .text = l->text,
	                            .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };

	if (l->text.left < CODE_MIN || (c->kind != CARRIER_STREAM && !is_binary(l->text)))
		return;
	/* a stream that is text may be code of letters alone; other ways of writing it are no likelier to be */
	if (c->kind == CARRIER_STREAM && l->count > 0 && !is_binary(l->text))
		return;
	finder_note(f, c, l, &s);
}

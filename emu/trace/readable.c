/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telling text from a program's, a picture's or an archive's bytes. */
#include "emu/trace/readable.h"

#include "control/wire/utf8.h"

#include <string.h>

static bool is_silent_control(uint8_t c)
{
	/* bell, backspace, tab, line and page ends, escape: what terminals and printers take; NUL parts records */
	return c == 0x7f || (c < 0x20 && c != 0 && c != 0x1b && (c < 0x07 || c > 0x0d));
}

size_t unreadable_bytes(struct bytes b)
{
	size_t count = 0;

	while (b.left > 0) {
		size_t len = utf8_length(b);

		if (len == 0 || is_silent_control(b.at[0]))
			count++;
		len = len != 0 ? len : 1;
		b.at += len;
		b.left -= len;
	}
	return count;
}

bool holds_binary(struct bytes output)
{
	enum { SHARE = 8, FEW = 3 };

	while (output.left > 0) {
		const uint8_t *end = memchr(output.at, '\n', output.left);
		struct bytes line = bytes_of(output.at, end != NULL ? (size_t)(end - output.at) : output.left);
		size_t unreadable = unreadable_bytes(line);

		/* a few odd bytes are what an attacker prints to be seen; a program's lines are full of them */
		if (unreadable >= FEW && unreadable * SHARE > line.left)
			return true;
		line.left += end != NULL;
		output.at += line.left;
		output.left -= line.left;
	}
	return false;
}

bool is_binary_piece(struct bytes line)
{
	return unreadable_bytes(line) > 0 || (line.left > 0 && memchr(line.at, 0, line.left) != NULL);
}

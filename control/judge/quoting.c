/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value walked through as a statement's scanner would, once for each quoting it may stand in. */
#include "control/judge/quoting.h"

#include <ctype.h>
#include <string.h>

unsigned quoting_left(struct bytes value, struct bytes base)
{
	for (size_t i = base.left; i < value.left && !isalnum(value.at[i]); i++) {
		if (value.at[i] == '\'')
			return QUOTING_SINGLE;
		if (value.at[i] == '"')
			return QUOTING_DOUBLE;
	}
	return QUOTING_BARE;
}

static bool begins_comment(struct bytes b, size_t at)
{
	uint8_t next = at + 1 < b.left ? b.at[at + 1] : 0;

	return b.at[at] == '#' || (b.at[at] == '-' && next == '-') || (b.at[at] == '/' && next == '*');
}

/* quote: that which is open where the value begins, and which the statement closes behind it; 0: none. */
static bool is_broken(struct bytes value, uint8_t quote)
{
	uint8_t open = quote;
	long brackets = 0;

	for (size_t i = 0; i < value.left; i++) {
		uint8_t c = value.at[i];

		if (open != 0) {
			open = c == open ? 0 : open;
			continue;
		}
		if (begins_comment(value, i))
			return false;
		if (c == '\'' || c == '"')
			open = c;
		brackets += (c == '(') - (c == ')');
	}
	/* a statement that quotes the value may well have brackets around the quotes */
	return open != quote || (quote == 0 && brackets != 0);
}

unsigned quoting_broken(struct bytes value)
{
	return (is_broken(value, 0) ? QUOTING_BARE : 0) | (is_broken(value, '\'') ? QUOTING_SINGLE : 0) |
		(is_broken(value, '"') ? QUOTING_DOUBLE : 0);
}

/* Text that the same value, standing in the statement a second time, may go on after: it ends in no operator. */
static bool ends_in_operand(struct bytes value)
{
	uint8_t last;

	value = bytes_trim(value);
	last = value.left > 0 ? value.at[value.left - 1] : 0;
	return isalnum(last) || (last != 0 && strchr("_)'\"", last) != NULL);
}

bool quoting_unreadable(struct bytes value)
{
	static const char saving[] = "\\;$*`[]\n\r";
	unsigned broken = quoting_broken(value), data = 0;

	for (size_t i = 0; i < value.left; i++) {
		if (memchr(saving, value.at[i], sizeof(saving)) != NULL) /* a NUL, too */
			return false;
	}
	/* without the quote that it stands in, it never leaves it */
	if (ends_in_operand(value) && bytes_find(value, bytes_text("//")) < 0)
		data = (memchr(value.at, '\'', value.left) == NULL ? QUOTING_SINGLE : 0) |
			(memchr(value.at, '"', value.left) == NULL ? QUOTING_DOUBLE : 0);
	return (broken & QUOTING_BARE) != 0 && (broken | data) == (QUOTING_BARE | QUOTING_SINGLE | QUOTING_DOUBLE);
}

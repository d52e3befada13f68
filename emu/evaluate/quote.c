/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quoting: between single quotes, what would end them escaped. */
#include "emu/evaluate/quote.h"

#include <string.h>

void quote_text(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

static void quote(struct sink *s, struct bytes b, const char *quote_mark, const char *backslash)
{
	sink_u8(s, '\'');
	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] == '\'')
			quote_text(s, quote_mark);
		else if (b.at[i] == '\\')
			quote_text(s, backslash);
		else
			sink_u8(s, b.at[i]);
	}
	sink_u8(s, '\'');
}

void quote_shell(struct sink *s, struct bytes b)
{
	quote(s, b, "'\\''", "\\");
}

void quote_php(struct sink *s, struct bytes b)
{
	quote(s, b, "\\'", "\\\\");
}

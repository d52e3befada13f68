/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON strings without a tree around them: a log of a million artefacts is printed as it is read. */
#include "control/iocgen/shown.h"

#include "control/wire/utf8.h"

void shown_json(FILE *to, struct bytes text)
{
	putc('"', to);
	while (text.left > 0) {
		size_t len = utf8_length(text);

		if (len == 0)
			fprintf(to, "\\\\x%02x", *text.at);
		else if (len == 1 && (*text.at == '"' || *text.at == '\\'))
			fprintf(to, "\\%c", *text.at);
		else if (len == 1 && (*text.at < ' ' || *text.at == 0x7f))
			fprintf(to, "\\u%04x", *text.at);
		else
			fwrite(text.at, 1, len, to);
		len += len == 0;
		text = bytes_of(text.at + len, text.left - len);
	}
	putc('"', to);
}

void shown_quoted(FILE *to, struct bytes text, char quote)
{
	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] == (uint8_t)quote)
			putc(quote, to);
		putc(text.at[i] < ' ' || text.at[i] == 0x7f ? ' ' : text.at[i], to);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Foreign bytes and long sentences of a case, for people. */
#include "control/cli/case_text.h"
#include "control/cli/clean.h"

#include <ctype.h>
#include <string.h>

enum {
	WIDTH = 96,         /* columns of a line */
	ROW = 16,           /* bytes of a row of what is no text */
	ROWS_MAX = 32,
	TEXT_SHARE = 90,    /* per cent of printable bytes from which on it is text */
};

static bool is_text(struct bytes b)
{
	size_t printable = 0;

	for (size_t i = 0; i < b.left; i++)
		printable += (b.at[i] >= ' ' && b.at[i] < 127) || isspace(b.at[i]);
	return printable * 100 >= b.left * TEXT_SHARE;
}

void case_text_lines(FILE *to, struct bytes b, const char *indent)
{
	bool begin = true;

	for (size_t i = 0; i < b.left; i++) {
		uint8_t c = b.at[i];

		if (c == '\r' && i + 1 < b.left && b.at[i + 1] == '\n')
			continue;
		if (begin && c != '\n')
			fputs(indent, to);
		begin = c == '\n';
		if (c == '\n' || c == '\t' || (c >= ' ' && c < 127))
			fputc(c, to);
		else
			fprintf(to, "\\x%02X", c);
	}
	if (!begin)
		fputc('\n', to);
}

static void print_row(FILE *to, struct bytes b, size_t at, const char *indent)
{
	size_t len = b.left - at < ROW ? b.left - at : ROW;

	fprintf(to, "%s%04zx ", indent, at);
	for (size_t i = 0; i < ROW; i++) {
		if (i < len)
			fprintf(to, "%s%02x", i == ROW / 2 ? "  " : " ", b.at[at + i]);
		else
			fputs(i == ROW / 2 ? "    " : "   ", to);
	}
	fputs("  ", to);
	for (size_t i = 0; i < len; i++)
		fputc(b.at[at + i] >= ' ' && b.at[at + i] < 127 ? b.at[at + i] : '.', to);
	fputc('\n', to);
}

void case_text_brief(FILE *to, struct bytes b, size_t most, const char *indent)
{
	struct bytes shown = b;

	if (shown.left > most)
		shown.left = most;
	if (is_text(shown)) {
		case_text_lines(to, shown, indent);
	} else {
		if (shown.left > ROW * ROWS_MAX)
			shown.left = ROW * ROWS_MAX;
		for (size_t at = 0; at < shown.left; at += ROW)
			print_row(to, shown, at, indent);
	}
	if (shown.left < b.left)
		fprintf(to, "%s... %zu more bytes; --json has all\n", indent, b.left - shown.left);
}

/* The columns of the word that begins at text. */
static unsigned word_columns(const char *text)
{
	unsigned sum = 0, columns;
	size_t len;

	while (*text != '\0' && *text != ' ') {
		(void)clean_next(&text, &len, &columns);
		sum += columns;
	}
	return sum;
}

void case_text_wrap(FILE *to, const char *text, unsigned used, const char *indent)
{
	unsigned begin = (unsigned)strlen(indent), columns;
	size_t len;

	while (*text != '\0') {
		const char *bytes;

		if (*text == ' ') {
			text++;
			if (used + 1 + word_columns(text) > WIDTH && used > begin) {
				fprintf(to, "\n%s", indent);
				used = begin;
			} else {
				fputc(' ', to);
				used++;
			}
			continue;
		}
		bytes = clean_next(&text, &len, &columns);
		fwrite(bytes, 1, len, to);
		used += columns;
	}
	fputc('\n', to);
}

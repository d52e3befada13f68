/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small readers of option values: numbers, quoted texts, comma lists. */
#include "config/rules/parse.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int refuse(struct parse *p, const char *why, ...)
{
	va_list args;

	if (p->why[0] == '\0') {
		va_start(args, why);
		vsnprintf(p->why, sizeof(p->why), why, args);
		va_end(args);
	}
	return -EINVAL;
}

char *trim(char *text)
{
	text += strspn(text, " \t");
	size_t len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	text[len] = '\0';
	return text;
}

bool parse_number(const char *text, long low, long high, long *ret)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)text[0]) && !(text[0] == '-' && isdigit((unsigned char)text[1])))
		return false;
	errno = 0;
	n = strtol(text, &end, strncasecmp(text, "0x", 2) == 0 ? 16 : 10);
	if (errno != 0 || *end != '\0' || n < low || n > high)
		return false;
	*ret = n;
	return true;
}

unsigned split_commas(char *text, char **words, unsigned max)
{
	unsigned count = 0;

	for (char *comma; text != NULL; text = comma) {
		comma = strchr(text, ',');
		if (comma != NULL)
			*comma++ = '\0';
		if (count == max)
			return max + 1;
		words[count++] = trim(text);
	}
	return count;
}

char *unquote(char *text, bool *negated)
{
	*negated = false;
	if (text[0] == '!') {
		*negated = true;
		text = trim(text + 1);
	}
	size_t len = strlen(text);
	if (len < 2 || text[0] != '"' || text[len - 1] != '"')
		return NULL;
	text[len - 1] = '\0';
	return text + 1;
}

static int hex_digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10 : -1;
}

/* |41 42| from in on; writes to *out. Returns what follows the closing bar, or NULL. */
static char *read_hex(char *in, char **out)
{
	for (;;) {
		in += strspn(in, " ");
		if (*in == '|')
			return in + 1;
		int high = hex_digit(in[0]), low = high < 0 ? -1 : hex_digit(in[1]);
		if (low < 0)
			return NULL;
		*(*out)++ = (char)(high << 4 | low);
		in += 2;
	}
}

ptrdiff_t unquote_bytes(char *text, bool *negated, char **ret)
{
	char *in = unquote(text, negated), *out;

	if (in == NULL)
		return -1;
	*ret = out = in;
	while (*in != '\0') {
		if (*in == '|') {
			if ((in = read_hex(in + 1, &out)) == NULL)
				return -1;
		} else if (*in == '\\') {
			if (in[1] == '\0' || strchr("\\\";:|", in[1]) == NULL)
				return -1;
			*out++ = in[1];
			in += 2;
		} else {
			*out++ = *in++;
		}
	}
	return out - *ret;
}

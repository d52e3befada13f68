/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 that is a part of a value: of a data address, a token, a call of a decoder. */
#include "control/extract/inside.h"

#include <ctype.h>
#include <string.h>

enum { RUN_MIN = 12, RUNS_MAX = 8, TEXT_SHARE = 95 };

static bool is_digit(uint8_t c)
{
	return isalnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
}

static bool is_text(struct bytes b)
{
	size_t printable = 0;

	for (size_t i = 0; i < b.left; i++)
		printable += (b.at[i] >= 0x20 && b.at[i] < 0x7f) || b.at[i] == '\n' || b.at[i] == '\r' || b.at[i] == '\t';
	return b.left > 0 && printable * 100 >= b.left * TEXT_SHARE;
}

static int digit_of(uint8_t c)
{
	if (isupper(c))
		return c - 'A';
	if (islower(c))
		return c - 'a' + 26;
	return isdigit(c) ? c - '0' + 52 : c == '+' || c == '-' ? 62 : 63;
}

static void decode_run(struct bytes run, struct sink *out)
{
	uint32_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < run.left && run.at[i] != '='; i++) {
		held = held << 6 | (uint32_t)digit_of(run.at[i]);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			sink_u8(out, (uint8_t)(held >> bits));
		}
	}
}

/* UTF-16 of ASCII, as PowerShell takes its commands, made ASCII in place. */
static void narrow(struct sink *out, size_t from)
{
	size_t len = out->used - from;

	if (len < 8 || len % 2 != 0)
		return;
	for (size_t i = 1; i < len; i += 2) {
		if (out->at[from + i] != 0)
			return;
	}
	for (size_t i = 0; i < len / 2; i++)
		out->at[from + i] = out->at[from + 2 * i];
	out->used = from + len / 2;
}

static bool undo_inside(struct bytes in, struct sink *out)
{
	unsigned runs = 0;

	for (size_t i = 0; i < in.left && runs < RUNS_MAX; i++) {
		size_t start = i, end, before = out->used;
		size_t from;

		while (i < in.left && is_digit(in.at[i]))
			i++;
		for (end = i; end < in.left && in.at[end] == '=' && end < i + 2; end++)
			;
		if (i - start < RUN_MIN || (start == 0 && end == in.left))
			continue; /* a whole value is another decoder's */
		if (before > 0)
			sink_u8(out, ' ');
		from = out->used;
		decode_run(bytes_of(in.at + start, end - start), out);
		narrow(out, from);
		if (is_text(bytes_of(out->at + from, out->used - from)))
			runs++;
		else
			out->used = before;
	}
	return runs > 0;
}

const struct step decode_inside = { "base64", undo_inside, false };

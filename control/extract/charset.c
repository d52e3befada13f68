/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters written otherwise: look-alikes of other scripts, UTF-7, UTF-16 and UTF-32, EBCDIC. */
#include "control/extract/charset.h"

#include "control/wire/utf8.h"

#include <ctype.h>
#include <string.h>

/* What databases, shells and pages that fold text to a smaller charset make of a character; 0: not folded. */
static uint8_t folded(uint32_t c)
{
	static const struct { uint16_t from; uint8_t to; } alike[] = {
		{ 0x02b9, '\'' }, { 0x02bc, '\'' }, { 0x02c8, '\'' }, { 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201b, '\'' }, { 0x2032, '\'' },
		{ 0x02ba, '"' }, { 0x201c, '"' }, { 0x201d, '"' }, { 0x2033, '"' }, { 0x2039, '<' }, { 0x203a, '>' }, { 0x2329, '<' },
		{ 0x232a, '>' }, { 0x3008, '<' }, { 0x3009, '>' }, { 0x27e8, '<' }, { 0x27e9, '>' }, { 0x2044, '/' }, { 0x2215, '/' },
		{ 0x2216, '\\' }, { 0x037e, ';' }, { 0x2024, '.' }, { 0x3000, ' ' }, { 0x2010, '-' }, { 0x2011, '-' }, { 0x2212, '-' },
		{ 0xfe54, ';' }, { 0xfe55, ':' }, { 0xfe59, '(' }, { 0xfe5a, ')' }, { 0xfe5b, '{' }, { 0xfe5c, '}' }, { 0xfe60, '&' },
		{ 0xfe61, '*' }, { 0xfe64, '<' }, { 0xfe65, '>' }, { 0xfe66, '=' }, { 0xfe68, '\\' }, { 0xfe69, '$' }, { 0xfe6a, '%' },
	};

	if (c >= 0xff01 && c <= 0xff5e)
		return (uint8_t)(c - 0xff01 + '!');
	for (size_t i = 0; i < COUNT_OF(alike); i++) {
		if (alike[i].from == c)
			return alike[i].to;
	}
	return 0;
}

static bool undo_alike(struct bytes in, struct sink *out)
{
	bool changed = false;

	for (size_t i = 0; i < in.left;) {
		size_t len = in.at[i] < 0x80 ? 1 : utf8_length(bytes_of(in.at + i, in.left - i));
		uint32_t c = 0;
		uint8_t to;

		if (len == 2)
			c = (uint32_t)(in.at[i] & 0x1f) << 6 | (in.at[i + 1] & 0x3f);
		else if (len == 3)
			c = (uint32_t)(in.at[i] & 0x0f) << 12 | (uint32_t)(in.at[i + 1] & 0x3f) << 6 | (in.at[i + 2] & 0x3f);
		to = len > 1 ? folded(c) : 0;
		len = len == 0 ? 1 : len;
		if (to != 0)
			sink_u8(out, to);
		else
			sink_put(out, in.at + i, len);
		changed |= to != 0;
		i += len;
	}
	return changed;
}

static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	return isdigit(c) ? c - '0' + 52 : c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* A run between + and - of UTF-7: UTF-16 in base64. All of ASCII, or it is none. Returns how many bytes it took, 0: none. RFC 2152. */
static size_t undo_run(struct bytes b, size_t at, struct sink *out)
{
	uint32_t held = 0;
	unsigned bits = 0, units = 0;
	size_t i = at + 1, from = out->used;

	for (; i < b.left && base64_digit(b.at[i]) >= 0; i++) {
		held = held << 6 | (uint32_t)base64_digit(b.at[i]);
		bits += 6;
		if (bits < 16)
			continue;
		bits -= 16;
		if ((held >> bits & 0xffff) == 0 || (held >> bits & 0xffff) > 0x7e) {
			out->used = from;
			return 0;
		}
		sink_u8(out, (uint8_t)(held >> bits));
		units++;
	}
	if (units == 0 || bits >= 6 || (held & ((1u << bits) - 1)) != 0) {
		out->used = from;
		return 0;
	}
	return i - at + (i < b.left && b.at[i] == '-');
}

static bool undo_utf7(struct bytes in, struct sink *out)
{
	bool changed = false;

	for (size_t i = 0; i < in.left; i++) {
		size_t taken = in.at[i] == '+' ? undo_run(in, i, out) : 0;

		if (taken == 0)
			sink_u8(out, in.at[i]);
		changed |= taken > 0;
		i += taken > 0 ? taken - 1 : 0;
	}
	return changed;
}

const struct step decode_alike = { "look-alike", undo_alike, false };
const struct step decode_utf7 = { "utf-7", undo_utf7, false };

/* What says that it is UTF-7 writes its plus signs as "+-". */
static size_t undo_said_utf7(struct bytes in, uint8_t *to)
{
	struct sink out = sink_over(to, in.left);

	for (size_t i = 0; i < in.left;) {
		bool plus = in.at[i] == '+' && i + 1 < in.left && in.at[i + 1] == '-';
		size_t taken = plus ? 2 : in.at[i] == '+' ? undo_run(in, i, &out) : 0;

		if (plus || taken == 0)
			sink_u8(&out, in.at[i]);
		i += taken > 0 ? taken : 1;
	}
	return out.used;
}

/* Units of width bytes; what is beyond a byte is written as it may be read by its low byte alone: code is ASCII. */
static size_t narrow(struct bytes in, unsigned width, bool big, uint8_t *to)
{
	size_t len = 0;

	for (size_t i = 0; i + width <= in.left; i += width) {
		uint32_t c = 0;

		for (unsigned n = 0; n < width; n++)
			c |= (uint32_t)in.at[i + n] << 8 * (big ? width - 1 - n : n);
		if (c != 0xfeff)
			to[len++] = c < 0x80 ? (uint8_t)c : '?';
	}
	return len;
}

/* IBM code page 037, as code page 500 and others have it too but for marks: bytes 0x40 to 0xff. */
static const char ebcdic[] =
	" \?\?\?\?\?\?\?\?\?\?.<(+|&\?\?\?\?\?\?\?\?\?!$*);\?-/\?\?\?\?\?\?\?\?\?,%_>\?"
	"\?\?\?\?\?\?\?\?\?`:#@'=\"\?abcdefghi\?\?\?\?\?\?\?jklmnopqr\?\?\?\?\?\?"
	"\?~stuvwxyz\?\?\?\?\?\?^\?\?\?\?\?\?\?\?\?[]\?\?\?\?{ABCDEFGHI\?\?\?\?\?\?"
	"}JKLMNOPQR\?\?\?\?\?\?\\\?STUVWXYZ\?\?\?\?\?\?0123456789\?\?\?\?\?\?";

size_t charset_undo(struct bytes charset, struct bytes in, uint8_t *to)
{
	static const char *const ibm[] = { "ibm037", "cp037", "ebcdic-cp", "ibm500", "cp500", "ibm1047", "cp1047", "cp875", "ibm1140", "csibm037" };
	bool little = in.left >= 2 && in.at[0] == 0xff && in.at[1] == 0xfe;

	if (bytes_starts_fold(charset, bytes_text("utf-16")) || bytes_starts_fold(charset, bytes_text("ucs-2")))
		return narrow(in, 2, !little && bytes_find(charset, bytes_text("le")) < 0 && bytes_find(charset, bytes_text("LE")) < 0 &&
		              (in.left < 2 || in.at[1] != 0), to);
	if (bytes_starts_fold(charset, bytes_text("utf-7")))
		return undo_said_utf7(in, to);
	if (bytes_starts_fold(charset, bytes_text("utf-32")))
		return narrow(in, 4, !little && (in.left < 4 || in.at[3] != 0), to);
	for (size_t n = 0; n < COUNT_OF(ibm); n++) {
		if (!bytes_starts_fold(charset, bytes_text(ibm[n])))
			continue;
		for (size_t i = 0; i < in.left; i++)
			to[i] = in.at[i] >= 0x40 ? (uint8_t)ebcdic[in.at[i] - 0x40] : in.at[i] == 0x25 || in.at[i] == 0x15 ? '\n' : in.at[i] == 0x0d ? '\r' : in.at[i] == 0x05 ? '\t' : '?';
		return in.left;
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decoders. They are forgiving as servers are: what is not written their way is left as it stands. */
#include "control/extract/decode.h"

#include "control/extract/charset.h"
#include "control/extract/inside.h"

#include <ctype.h>
#include <string.h>

enum {
	INFLATED_MAX = 256 << 10,  /* bytes of an inflated value */
	BASE64_MIN = 8,            /* shorter words are base64 by chance too often */
	PRINTABLE_SHARE = 90,      /* per cent of printable bytes by which decoded text is told from noise */
};

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A number of exactly len hex digits at b[at..), or -1. */
static long hex_number(struct bytes b, size_t at, size_t len)
{
	long v = 0;

	if (at + len > b.left)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int d = hex_digit(b.at[at + i]);

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

/* UTF-8 of a code point; below 256 the byte itself, as servers with one-byte charsets take it. */
static void put_code_point(struct sink *out, long c)
{
	if (c < 0x80) {
		sink_u8(out, (uint8_t)c);
	} else if (c < 0x800) {
		sink_u8(out, (uint8_t)(0xc0 | c >> 6));
		sink_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		sink_u8(out, (uint8_t)(0xe0 | (c >> 12 & 0x0f)));
		sink_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		sink_u8(out, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

/* Most values hold none of what a decoder undoes: told at a glance. */
static bool holds_byte(struct bytes b, uint8_t c)
{
	return b.left > 0 && memchr(b.at, c, b.left) != NULL;
}

/* Written out as it stands. */
static bool untouched(struct bytes in, struct sink *out)
{
	sink_put(out, in.at, in.left);
	return false;
}

static bool undo_url(struct bytes in, struct sink *out)
{
	bool changed = false;

	if (!holds_byte(in, '%'))
		return untouched(in, out);
	for (size_t i = 0; i < in.left; i++) {
		long v = -1;

		if (in.at[i] == '%' && i + 1 < in.left && (in.at[i + 1] | 0x20) == 'u' &&
		    (v = hex_number(in, i + 2, 4)) >= 0) {
			put_code_point(out, v);
			i += 5;
		} else if (in.at[i] == '%' && (v = hex_number(in, i + 1, 2)) >= 0) {
			sink_u8(out, (uint8_t)v);
			i += 2;
		} else {
			sink_u8(out, in.at[i]);
		}
		changed |= v >= 0;
	}
	return changed;
}

static bool undo_plus(struct bytes in, struct sink *out)
{
	bool changed = false;

	if (!holds_byte(in, '+'))
		return untouched(in, out);
	for (size_t i = 0; i < in.left; i++) {
		changed |= in.at[i] == '+';
		sink_u8(out, in.at[i] == '+' ? ' ' : in.at[i]);
	}
	return changed;
}

/* One escape behind the backslash at b[at]; returns how many bytes it took, 0: none that we know. */
static size_t undo_escape(struct bytes b, size_t at, struct sink *out)
{
	static const char letters[] = "n\nr\rt\tb\bf\f\"\"//\\\\''";
	long v;

	if (at >= b.left)
		return 0;
	if (b.at[at] == 'u' && (v = hex_number(b, at + 1, 4)) >= 0) {
		put_code_point(out, v);
		return 5;
	}
	if (b.at[at] == 'x' && (v = hex_number(b, at + 1, 2)) >= 0) {
		sink_u8(out, (uint8_t)v);
		return 3;
	}
	if (at + 2 < b.left && b.at[at] <= '3' && b.at[at] >= '0' && (b.at[at + 1] & 0xf8) == '0' && (b.at[at + 2] & 0xf8) == '0') {
		sink_u8(out, (uint8_t)((b.at[at] - '0') << 6 | (b.at[at + 1] - '0') << 3 | (b.at[at + 2] - '0')));
		return 3;
	}
	for (size_t i = 0; letters[i] != '\0'; i += 2) {
		if (b.at[at] == (uint8_t)letters[i]) {
			sink_u8(out, (uint8_t)letters[i + 1]);
			return 1;
		}
	}
	return 0;
}

static bool undo_json(struct bytes in, struct sink *out)
{
	bool changed = false;

	if (!holds_byte(in, '\\'))
		return untouched(in, out);
	for (size_t i = 0; i < in.left; i++) {
		size_t taken = in.at[i] == '\\' ? undo_escape(in, i + 1, out) : 0;

		if (taken == 0)
			sink_u8(out, in.at[i]);
		changed |= taken > 0;
		i += taken;
	}
	return changed;
}

struct entity {
	const char *name;
	uint8_t byte;
};

static const struct entity entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' },
	{ "dollar", '$' }, { "lpar", '(' }, { "rpar", ')' }, { "lbrace", '{' }, { "lcub", '{' }, { "rbrace", '}' },
	{ "rcub", '}' }, { "colon", ':' }, { "semi", ';' }, { "sol", '/' }, { "bsol", '\\' }, { "period", '.' },
	{ "grave", '`' }, { "vert", '|' }, { "Tab", '\t' }, { "NewLine", '\n' }, { "num", '#' }, { "equals", '=' },
};

/* An entity behind the ampersand at b[at]; returns how many bytes it took, 0: none. */
static size_t undo_entity(struct bytes b, size_t at, struct sink *out)
{
	size_t i = at;
	long v = 0;

	if (i < b.left && b.at[i] == '#') {
		bool hex = i + 1 < b.left && (b.at[i + 1] | 0x20) == 'x';
		size_t first = i + (hex ? 2 : 1);

		for (i = first; i < b.left && i < first + 7 && hex_digit(b.at[i]) >= 0; i++) {
			if (!hex && !isdigit(b.at[i]))
				break;
			v = v * (hex ? 16 : 10) + hex_digit(b.at[i]);
		}
		if (i == first || v == 0 || v > 0xffff)
			return 0;
		put_code_point(out, v);
		return i - at + (i < b.left && b.at[i] == ';');
	}
	for (size_t e = 0; e < COUNT_OF(entities); e++) {
		struct bytes name = bytes_text(entities[e].name);
		size_t len = name.left;

		if (at + len < b.left && b.at[at + len] == ';' && bytes_starts_fold(bytes_of(b.at + at, len), name)) {
			sink_u8(out, entities[e].byte);
			return len + 1;
		}
	}
	return 0;
}

static bool undo_html(struct bytes in, struct sink *out)
{
	bool changed = false;

	if (!holds_byte(in, '&'))
		return untouched(in, out);
	for (size_t i = 0; i < in.left; i++) {
		size_t taken = in.at[i] == '&' ? undo_entity(in, i + 1, out) : 0;

		if (taken == 0)
			sink_u8(out, in.at[i]);
		changed |= taken > 0;
		i += taken;
	}
	return changed;
}

static bool undo_overlong(struct bytes in, struct sink *out)
{
	bool changed = false;

	if (!holds_byte(in, 0xc0) && !holds_byte(in, 0xc1) && !holds_byte(in, 0xe0))
		return untouched(in, out);
	for (size_t i = 0; i < in.left; i++) {
		bool two = i + 1 < in.left && (in.at[i] == 0xc0 || in.at[i] == 0xc1) && (in.at[i + 1] & 0xc0) == 0x80;
		bool three = i + 2 < in.left && in.at[i] == 0xe0 && in.at[i + 1] >= 0x80 && in.at[i + 1] < 0xa0 &&
			(in.at[i + 2] & 0xc0) == 0x80;

		if (two) {
			sink_u8(out, (uint8_t)((in.at[i] & 1) << 6 | (in.at[i + 1] & 0x3f)));
			i += 1;
		} else if (three) {
			put_code_point(out, (in.at[i + 1] & 0x3f) << 6 | (in.at[i + 2] & 0x3f));
			i += 2;
		} else {
			sink_u8(out, in.at[i]);
		}
		changed |= two || three;
	}
	return changed;
}

/* Is it text, so that decoding it made sense? */
static bool is_text(struct bytes b)
{
	size_t printable = 0;

	for (size_t i = 0; i < b.left; i++)
		printable += (b.at[i] >= 0x20 && b.at[i] < 0x7f) || isspace(b.at[i]);
	return b.left > 0 && printable * 100 >= b.left * PRINTABLE_SHARE;
}

bool decode_is_object(struct bytes b)
{
	static const struct { const char *bytes; size_t len; } magics[] = {
		{ "\xac\xed\x00\x05", 4 }, { "\x00\x01\x00\x00\x00\xff\xff\xff\xff", 9 }, { "\xff\x01", 2 }, { "\x80\x02", 2 },
		{ "\x80\x03", 2 }, { "\x80\x04\x95", 3 }, { "\x80\x05\x95", 3 }, { "\x04\x08", 2 }, { "\x78\x9c", 2 }, { "\x78\x01", 2 },
		{ "\x78\xda", 2 }, { "O:", 2 }, { "a:", 2 },
	};

	for (size_t i = 0; i < COUNT_OF(magics); i++)
		if (b.left > magics[i].len && memcmp(b.at, magics[i].bytes, magics[i].len) == 0)
			return true;
	return false;
}

static struct bytes written(const struct sink *s, size_t from)
{
	return bytes_of(s->at + from, s->used - from);
}

static int base64_digit(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bool undo_base64(struct bytes in, struct sink *out)
{
	size_t from = out->used, end = in.left, digits = 0;
	uint32_t held = 0;
	unsigned bits = 0;

	while (end > 0 && (in.at[end - 1] == '=' || isspace(in.at[end - 1])))
		end--;
	for (size_t i = 0; i < end; i++) {
		int d = base64_digit(in.at[i]);

		if (d < 0 && isspace(in.at[i]))
			continue;
		if (d < 0)
			return false;
		digits++;
		held = held << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			sink_u8(out, (uint8_t)(held >> bits));
		}
	}
	if (digits < BASE64_MIN || digits % 4 == 1)
		return false;
	return is_text(written(out, from)) || decode_is_gzip(written(out, from)) || decode_is_object(written(out, from)) ||
		decode_is_raw(written(out, from));
}

static bool undo_hex(struct bytes in, struct sink *out)
{
	size_t from = out->used, start = in.left > 2 && in.at[0] == '0' && (in.at[1] | 0x20) == 'x' ? 2 : 0;

	if (in.left - start < BASE64_MIN || (in.left - start) % 2 != 0)
		return false;
	for (size_t i = start; i < in.left; i += 2) {
		long v = hex_number(in, i, 2);

		if (v < 0)
			return false;
		sink_u8(out, (uint8_t)v);
	}
	return is_text(written(out, from)) || decode_is_object(written(out, from));
}

/* "=41" and line ends that an equals sign makes soft. RFC 2045, 6.7. */
static bool undo_quoted(struct bytes in, struct sink *out)
{
	bool changed = false;

	for (size_t i = 0; i < in.left; i++) {
		long v = in.at[i] == '=' ? hex_number(in, i + 1, 2) : -1;
		size_t soft = in.at[i] != '=' || i + 1 >= in.left ? 0 : in.at[i + 1] == '\n' ? 1 :
			i + 2 < in.left && in.at[i + 1] == '\r' && in.at[i + 2] == '\n' ? 2 : 0;

		if (v >= 0)
			sink_u8(out, (uint8_t)v);
		else if (soft == 0)
			sink_u8(out, in.at[i]);
		i += v >= 0 ? 2 : soft;
		changed |= v >= 0 || soft > 0;
	}
	return changed;
}

const struct step decode_url = { "url", undo_url, false };
const struct step decode_plus = { "plus", undo_plus, true };
const struct step decode_json = { "escape", undo_json, false };
const struct step decode_html = { "html", undo_html, false };
const struct step decode_overlong = { "utf8", undo_overlong, false };
const struct step decode_base64 = { "base64", undo_base64, false };
const struct step decode_hex = { "hex", undo_hex, false };
const struct step decode_quoted = { "quoted-printable", undo_quoted, true };

const struct step *const decoders[] = {
	&decode_url, &decode_overlong, &decode_html, &decode_json, &decode_base64, &decode_hex, &decode_gzip, &decode_raw,
	&decode_alike, &decode_utf7, &decode_inside, NULL,
};

const struct step *decode_named(const char *name)
{
	if (strcmp(name, decode_plus.name) == 0)
		return &decode_plus;
	if (strcmp(name, decode_quoted.name) == 0)
		return &decode_quoted;
	for (size_t i = 0; decoders[i] != NULL; i++) {
		if (strcmp(name, decoders[i]->name) == 0)
			return decoders[i];
	}
	return NULL;
}

size_t decode_room(const struct step *s, struct bytes in)
{
	if ((s == &decode_gzip && !decode_is_packed(in)) || (s == &decode_raw && !decode_is_raw(in)))
		return 0;
	return s == &decode_gzip || s == &decode_raw || s == &decode_deflate ? INFLATED_MAX : in.left;
}

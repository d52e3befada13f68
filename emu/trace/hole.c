/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Typing holes by their samples: one row per kind, the narrowest first. */
#include "emu/trace/hole.h"

#include "emu/trace/token.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SHAPE_BITS = 8 /* a page of 20 KB has some dozens of versions or addresses */ };
enum { HEX_MIN = 8 /* a shorter hexadecimal word is a word */ };

static bool is_hex(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static bool is_word(uint8_t c)
{
	return is_letter(c) || is_digit(c) || c == '-';
}

static bool is_host(uint8_t c)
{
	return is_word(c) || c == '.';
}

static bool is_date(uint8_t c)
{
	return is_host(c) || (c != 0 && strchr(":,+/ ", c) != NULL);
}

static bool is_path(uint8_t c)
{
	return !is_blank(c) && (c == 0 || strchr("<>\"'", c) == NULL);
}

static bool is_release(uint8_t c)
{
	return is_digit(c) || c == '.';
}

static bool is_version(uint8_t c)
{
	return is_host(c) || c == '+' || c == '~';
}

static bool is_account(uint8_t c)
{
	return is_host(c) || (c != 0 && strchr("@$%:", c) != NULL);
}

static bool is_anything(uint8_t c)
{
	return c != '\r' && c != '\n';
}

/* The limits leave room for what other servers would have there. */
static const struct {
	bool (*admits)(uint8_t);
	const char *text;
	uint16_t max; /* bytes, unless a sample was longer */
} kinds[HOLE_KIND_COUNT] = {
	[HOLE_NUMBER] = { is_digit, "\\d", 10 },
	[HOLE_HEX] = { is_hex, "[0-9a-f]", 0 },
	[HOLE_WORD] = { is_word, "[\\w-]", 32 },
	[HOLE_HOST] = { is_host, "[\\w.-]", 64 },
	[HOLE_DATE] = { is_date, "[\\w:,+./ -]", 40 },
	[HOLE_PATH] = { is_path, "[^\\s<>\"']", 255 },
	[HOLE_ANYTHING] = { is_anything, "[^\\r\\n]", 200 },
	[HOLE_RELEASE] = { is_release, "\\d{1,2}\\.\\d{1,3}\\.\\d{1,5}", 12 },
	[HOLE_VERSION] = { is_version, "\\d{1,2}\\.\\d{1,3}\\.\\d{1,5}[\\w.+~-]{0,60}", VERSION_MAX },
	[HOLE_ACCOUNT] = { is_account, "[\\w.$-]{1,32}@[\\w.%:-]{1,64}", 97 },
};

bool hole_admits(enum hole_kind k, uint8_t c)
{
	return kinds[k].admits(c);
}

/* Does the kind hold the sample, beyond the bytes alone? */
static bool fits(enum hole_kind k, struct bytes sample)
{
	unsigned digits = 0, letters = 0, marks = 0;

	for (size_t i = 0; i < sample.left; i++) {
		uint8_t c = sample.at[i];

		if (!kinds[k].admits(c))
			return false;
		digits += is_digit(c);
		letters += is_letter(c);
		marks += c == ':' || c == '/' || c == '-';
	}
	switch (k) {
	case HOLE_HEX:
		return sample.left >= HEX_MIN && digits > 0;
	case HOLE_DATE:
		return sample.left == 0 || (digits >= 2 && marks >= 1 && letters <= 12);
	case HOLE_PATH:
		return sample.left > 0 && sample.at[0] == '/';
	default:
		return true;
	}
}

/* 10.11.6-…: three numbers, then what may stand in a package's version */
bool hole_is_version(struct bytes s)
{
	unsigned dots = 0;

	for (size_t i = 0; i < s.left; i++) {
		if (s.at[i] == '.' && dots < 2 && i > 0 && is_digit(s.at[i - 1]))
			dots++;
		else if (dots < 2 ? !is_digit(s.at[i]) : !is_version(s.at[i]))
			return false;
	}
	return dots == 2 && s.left > 0 && is_digit(s.at[0]);
}

struct hole hole_of(const struct bytes *samples, unsigned count)
{
	size_t shortest = SIZE_MAX, longest = 0;
	struct hole h = { .kind = HOLE_NUMBER };

	for (unsigned i = 0; i < count; i++) {
		shortest = samples[i].left < shortest ? samples[i].left : shortest;
		longest = samples[i].left > longest ? samples[i].left : longest;
	}
	for (; h.kind < HOLE_ANYTHING; h.kind++) {
		bool all = h.kind != HOLE_HEX || shortest == longest;

		for (unsigned i = 0; i < count && all; i++)
			all = fits(h.kind, samples[i]);
		if (all)
			break;
	}
	if (h.kind == HOLE_HEX) {
		h.min = h.max = (uint16_t)(longest < UINT16_MAX ? longest : UINT16_MAX);
		return h;
	}
	h.min = shortest > 0 && h.kind != HOLE_ANYTHING ? 1 : 0;
	h.max = kinds[h.kind].max;
	if (longest > h.max)
		h.max = (uint16_t)(longest < 512 ? longest * 2 : 1024);
	return h;
}

void hole_write(struct sink *s, const struct hole *h)
{
	char text[64];
	int len;

	if (h->kind > HOLE_ANYTHING)
		len = snprintf(text, sizeof(text), "%s", kinds[h->kind].text);
	else if (h->kind == HOLE_PATH)
		len = snprintf(text, sizeof(text), "/%s{0,%u}", kinds[h->kind].text, h->max);
	else if (h->min == h->max)
		len = snprintf(text, sizeof(text), "%s{%u}", kinds[h->kind].text, h->max);
	else
		len = snprintf(text, sizeof(text), "%s{%u,%u}", kinds[h->kind].text, h->min, h->max);
	sink_put(s, text, (size_t)len);
}

double hole_bits(const struct hole *h, int next)
{
	double bits = 0;

	/* A digit or / stands at fewer than half of a page's positions; a hexadecimal digit after another at most half. */
	if (h->kind == HOLE_HEX)
		bits = h->min < 24 ? h->min : 24;
	else if (h->kind > HOLE_ANYTHING)
		bits = SHAPE_BITS;
	else if ((h->kind == HOLE_NUMBER && h->min > 0) || h->kind == HOLE_PATH)
		bits = 1;
	if (next >= 0 && h->max > h->min && hole_admits(h->kind, (uint8_t)next))
		bits -= log2((double)(h->max - h->min + 1));
	return bits;
}

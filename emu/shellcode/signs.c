/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What gives machine code away, processor by processor. */
#include "emu/shellcode/signs.h"

#include <string.h>

enum {
	GROUPS_MAX = 256,   /* of signs */
	APART = 96,         /* bytes between two signs of different groups */
	STRONG = 5,         /* what signs in a group weigh together, beyond which more say no more */
	RARE = 3,           /* weight of a sign that chance hardly makes */
	BEFORE = 112,       /* bytes before a group's first sign at which code is looked for, byte by byte */
	BEFORE_EDGE = 640,  /* and where kinds of bytes change */
	EDGES_MAX = 24,     /* of these, beyond BEFORE: the nearest */
	BEFORE_RISC = 512,
	LETTERS_MIN = 48,   /* letters in a row that could be an encoder's */
	LETTERS_RUNS = 8,
};

static uint32_t word_le(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t word_be(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static bool in_range(int64_t v, int64_t low, int64_t high)
{
	return v >= low && v <= high;
}

/* A call whose target takes the return address off the stack: the old way to learn one's address. */
static bool calls_and_pops(struct bytes b, size_t at)
{
	enum { NEAR = 4096, POPS_WITHIN = 4 };
	int64_t target = (int64_t)at + 5 + (int32_t)word_le(b.at + at + 1);

	if (!in_range(target - (int64_t)at, -NEAR, NEAR) || target < 0 || target >= (int64_t)b.left)
		return false;
	for (int64_t i = target; i < target + POPS_WITHIN && i < (int64_t)b.left; i++)
		if (in_range(b.at[i], 0x58, 0x5f))
			return true;
	/* into its own last byte: the next instruction begins there */
	return target == (int64_t)at + 4;
}

/* Reads through a segment at the offset where Windows keeps its process block. */
static bool reads_thread_block(struct bytes b, size_t at)
{
	size_t i = at + 1;
	bool wide = b.at[at] == 0x65;

	while (i < b.left && i < at + 3 && (b.at[i] == 0x67 || in_range(b.at[i], 0x40, 0x4f)))
		i++;
	if (i + 2 >= b.left || (wide && i == at + 1 && b.at[i] != 0xa1))
		return false;
	switch (b.at[i]) {
	case 0xa1:
		return b.at[i + 1] == 0x30 || b.at[i + 1] == 0x60 || b.at[i + 1] == 0x18;
	case 0x8b:
	case 0xff:
		return true;
	default:
		return false;
	}
}

/* Each of these gives the weight of a sign, 0: none. What chance makes once in 64 KB weighs 1. */
static unsigned sign_x86(struct bytes b, size_t at)
{
	const uint8_t *p = b.at + at;
	size_t left = b.left - at;

	if (left < 2)
		return false;
	switch (p[0]) {
	case 0xcd:
		return p[1] == 0x80;
	case 0x0f:
		return p[1] == 0x05 || p[1] == 0x34;
	case 0xd9:
		/* fnstenv: below the stack pointer, or somewhere that is told by 12 bytes less */
		if (left < 4)
			return 0;
		if ((p[1] == 0x74 && p[2] == 0x24 && p[3] >= 0x80) || (in_range(p[1], 0x70, 0x77) && p[2] == 0xf4))
			return RARE;
		return in_range(p[1], 0x30, 0x37) && in_range(p[2], 0x58, 0x5f);
	case 0xe8:
		return left >= 5 && calls_and_pops(b, at) ? RARE : 0;
	case 0x64:
	case 0x65:
		if (left < 4)
			return 0;
		if (p[1] == 0xff && p[2] == 0x15)
			return RARE;
		return reads_thread_block(b, at) ? (p[0] == 0x65 || p[1] == 0xa1 ? RARE : 1) : 0;
	case 0x48:
	case 0x4c:
		return left >= 7 && p[1] == 0x8d && (p[2] & 0xc7) == 0x05 && in_range((int32_t)word_le(p + 3), -4096, 4096) ? RARE : 0;
	case 0x9a:
		return left >= 7 && p[5] == 0x07 && p[6] == 0 ? RARE : 0;
	default:
		return false;
	}
}

/* Is one of the words before it of this kind? */
static bool before(struct bytes b, size_t at, unsigned words, uint32_t mask, uint32_t value, bool big)
{
	for (unsigned i = 1; i <= words && at >= 4 * i; i++)
		if (((big ? word_be(b.at + at - 4 * i) : word_le(b.at + at - 4 * i)) & mask) == value)
			return true;
	return false;
}

static bool sign_arm(struct bytes b, size_t at)
{
	uint32_t w;

	if (b.left - at < 4)
		return false;
	w = word_le(b.at + at);
	/* svc: of the new kind, of the old kind, or with r7 set before; bx to code that follows */
	if ((w & 0xff000000) == 0xef000000)
		return w == 0xef000000 || (w & 0x00f00000) == 0x00900000 || before(b, at, 6, 0xfffff000, 0xe3a07000, false) ||
		    before(b, at, 6, 0xfff0f000, 0xe2807000, false);
	return (w & 0xfffffff0) == 0xe12fff10 && before(b, at, 4, 0xfffff000 & ~0xf000u, 0xe28f0000, false);
}

/* In Thumb: svc, with r7 set before. */
static bool sign_thumb(struct bytes b, size_t at)
{
	enum { HALVES = 10 };

	if (b.left - at < 2 || b.at[at + 1] != 0xdf)
		return false;
	for (size_t i = 1; i <= HALVES && at >= 2 * i; i++)
		if (b.at[at - 2 * i + 1] == 0x27 || b.at[at - 2 * i + 1] == 0x37)
			return true;
	return false;
}

static bool sign_aarch64(struct bytes b, size_t at)
{
	return b.left - at >= 4 && (word_le(b.at + at) & 0xffe0001f) == 0xd4000001;
}

static bool sign_mips(struct bytes b, size_t at, bool big)
{
	uint32_t w;

	if (b.left - at < 4)
		return false;
	w = big ? word_be(b.at + at) : word_le(b.at + at);
	return (w & 0xfc00003f) == 0x0c && (w == 0x0101010c || before(b, at, 8, 0xffff0000, 0x24020000, big) ||
	    before(b, at, 8, 0xffff0000, 0x34020000, big) || before(b, at, 8, 0xfc1f0000, 0x38020000, big));
}

static bool sign_powerpc(struct bytes b, size_t at)
{
	uint32_t w;

	if (b.left - at < 4)
		return false;
	w = word_be(b.at + at);
	return w == 0x44000002 || w == 0x44ffff02 ||
	    ((w & 0xfc000002) == 0x44000002 && before(b, at, 8, 0xffe00000, 0x38000000, true));
}

static unsigned sign_of(enum language l, struct bytes b, size_t at)
{
	switch (l) {
	case LANGUAGE_X86:
	case LANGUAGE_X86_64:
		return sign_x86(b, at);
	case LANGUAGE_ARM:
		return sign_arm(b, at) ? RARE - 1 : sign_thumb(b, at);
	case LANGUAGE_AARCH64:
		return sign_aarch64(b, at) ? (b.at[at + 1] == 0 ? RARE : 1) : 0;
	case LANGUAGE_MIPS:
	case LANGUAGE_MIPSEL:
		return sign_mips(b, at, l == LANGUAGE_MIPS) ? RARE - 1 : 0;
	case LANGUAGE_POWERPC:
		return sign_powerpc(b, at) ? RARE - 1 : 0;
	default:
		return 0;
	}
}

static void put(struct candidates *c, struct bytes b, const struct candidate *new)
{
	uint8_t *seen = c->seen[new->thumb];

	if (new->at >= b.left || c->count == CANDIDATES_MAX || (seen[new->at / 8] >> (new->at % 8) & 1) != 0)
		return;
	seen[new->at / 8] |= (uint8_t)(1 << (new->at % 8));
	c->of[c->count] = *new;
	c->of[c->count++].batch = c->batch;
}

static bool is_text(uint8_t c)
{
	return (c >= 0x20 && c < 0x7f) || c == '\r' || c == '\n' || c == '\t';
}

/* 2: between text and other bytes, after a blank line, at the end of a row of equal ones; 1: after what ends a line, a
 * string or a name. */
static uint8_t edge_at(struct bytes b, size_t at)
{
	if (at == 0)
		return 2;
	if (at >= b.left || b.at[at] == b.at[at - 1])
		return 0;
	if ((is_text(b.at[at - 1]) && !is_text(b.at[at])) || (at >= 4 && memcmp(b.at + at - 4, "\r\n\r\n", 4) == 0) ||
	    (at >= 4 && b.at[at - 1] == b.at[at - 2] && b.at[at - 2] == b.at[at - 3]))
		return 2;
	return b.at[at - 1] == '\n' || b.at[at - 1] == 0 || b.at[at - 1] == '=';
}

/* Everything that may be the beginning of the code whose first sign stands at `first`. */
static void follow(enum language l, struct bytes b, size_t first, struct candidates *c)
{
	bool x86 = l == LANGUAGE_X86 || l == LANGUAGE_X86_64, thumb = l == LANGUAGE_ARM && !sign_arm(b, first);
	size_t reach = x86 ? BEFORE : BEFORE_RISC, step = x86 ? 1 : thumb ? 2 : 4;
	unsigned far = 0;

	c->batch++;
	for (size_t back = 0; back <= BEFORE_EDGE && back <= first && far < EDGES_MAX; back++) {
		size_t at = first - back;
		/* a jump to where the sign is: jmp, call, pop */
		bool jump = x86 && back >= 2 && b.at[at] == 0xeb && at + 2 + b.at[at + 1] == first;
		uint8_t edge = jump ? 2 : back % step == 0 ? edge_at(b, at) : 0;

		if (edge == 0)
			continue;
		put(c, b, &(struct candidate){ .at = (uint32_t)at, .thumb = thumb, .edge = edge });
		far += back > reach;
	}
	for (size_t back = 0; back <= reach && back <= first; back += step)
		put(c, b, &(struct candidate){ .at = (uint32_t)(first - back), .thumb = thumb });
	if (thumb) /* what switches to Thumb is ARM code */
		for (size_t back = 0; back <= reach / 4 && back <= first; back += 2)
			put(c, b, &(struct candidate){ .at = (uint32_t)(first - back) });
}

/* Signs that stand together. */
struct group {
	size_t first, last;
	unsigned weight;
};

/* Code that does something makes more than one call: groups of many signs go first. */
static void follow_groups(enum language l, struct bytes b, const struct group *groups, unsigned count, struct candidates *c)
{
	for (unsigned strength = STRONG; strength > 0; strength--)
		for (unsigned i = 0; i < count; i++)
			if ((groups[i].weight < STRONG ? groups[i].weight : STRONG) == strength)
				follow(l, b, groups[i].first, c);
	/* the first of a group may stand there by chance */
	for (unsigned i = 0; i < count; i++)
		for (size_t at = groups[i].first + 1; at <= groups[i].last; at++)
			if (sign_of(l, b, at) != 0)
				follow(l, b, at, c);
}

static bool is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Code made of letters and digits alone begins where they do. */
static void follow_letters(struct bytes b, struct candidates *c)
{
	unsigned runs = 0;
	size_t from = 0;

	for (size_t at = 0; at <= b.left && runs < LETTERS_RUNS; at++) {
		if (at < b.left && is_letter(b.at[at]))
			continue;
		if (at - from >= LETTERS_MIN) {
			put(c, b, &(struct candidate){ .at = (uint32_t)from, .edge = 1, .letters = true });
			runs++;
		}
		from = at + 1;
	}
}

unsigned candidates_find(enum language l, struct bytes payload, struct candidates *ret)
{
	struct group groups[GROUPS_MAX];
	unsigned signs = 0, count = 0;

	if (payload.left > CANDIDATES_BYTES)
		payload.left = CANDIDATES_BYTES;
	ret->count = ret->batch = 0;
	memset(ret->seen, 0, sizeof(ret->seen));
	put(ret, payload, &(struct candidate){ .edge = 2 });
	for (size_t at = 0; at < payload.left; at++) {
		unsigned weight = sign_of(l, payload, at);

		if (weight == 0)
			continue;
		signs++;
		if (count > 0 && at - groups[count - 1].last <= APART) {
			groups[count - 1].last = at;
			groups[count - 1].weight += weight;
		} else if (count < GROUPS_MAX) {
			groups[count++] = (struct group){ at, at, weight };
		}
	}
	follow_groups(l, payload, groups, count, ret);
	ret->batch++;
	if (l == LANGUAGE_X86 || l == LANGUAGE_X86_64)
		follow_letters(payload, ret);
	return signs;
}

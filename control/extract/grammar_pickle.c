/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Python's pickle: a program of opcodes (Lib/pickletools.py of Python 3.11), and whether it calls what it names. */
#include "control/extract/serialised.h"

#include <ctype.h>
#include <string.h>

enum { OPCODES_MAX = 65536 };

/* What follows an opcode. */
enum argument { NO_OPCODE, NOTHING, LINE, TWO_LINES, FIXED_1, FIXED_2, FIXED_4, FIXED_8, LENGTH_1, LENGTH_4, LENGTH_8 };

static const uint8_t arguments[256] = {
	['('] = NOTHING, ['.'] = NOTHING, ['0'] = NOTHING, ['1'] = NOTHING, ['2'] = NOTHING, ['F'] = LINE, ['I'] = LINE,
	['J'] = FIXED_4, ['K'] = FIXED_1, ['L'] = LINE, ['M'] = FIXED_2, ['N'] = NOTHING, ['P'] = LINE, ['Q'] = NOTHING,
	['R'] = NOTHING, ['S'] = LINE, ['T'] = LENGTH_4, ['U'] = LENGTH_1, ['V'] = LINE, ['X'] = LENGTH_4, ['a'] = NOTHING,
	['b'] = NOTHING, ['c'] = TWO_LINES, ['d'] = NOTHING, ['}'] = NOTHING, ['e'] = NOTHING, ['g'] = LINE, ['h'] = FIXED_1,
	['i'] = TWO_LINES, ['j'] = FIXED_4, ['l'] = NOTHING, [']'] = NOTHING, ['o'] = NOTHING, ['p'] = LINE, ['q'] = FIXED_1,
	['r'] = FIXED_4, ['s'] = NOTHING, ['t'] = NOTHING, [')'] = NOTHING, ['u'] = NOTHING, ['G'] = FIXED_8, ['B'] = LENGTH_4,
	['C'] = LENGTH_1, [0x80] = FIXED_1, [0x81] = NOTHING, [0x82] = FIXED_1, [0x83] = FIXED_2, [0x84] = FIXED_4,
	[0x85] = NOTHING, [0x86] = NOTHING, [0x87] = NOTHING, [0x88] = NOTHING, [0x89] = NOTHING, [0x8a] = LENGTH_1,
	[0x8b] = LENGTH_4, [0x8c] = LENGTH_1, [0x8d] = LENGTH_8, [0x8e] = LENGTH_8, [0x8f] = NOTHING, [0x90] = NOTHING,
	[0x91] = NOTHING, [0x92] = NOTHING, [0x93] = NOTHING, [0x94] = NOTHING, [0x95] = FIXED_8, [0x96] = LENGTH_8,
	[0x97] = NOTHING, [0x98] = NOTHING,
};

static bool take_line(struct bytes *b, struct bytes *ret)
{
	const uint8_t *end = b->left > 0 ? memchr(b->at, '\n', b->left) : NULL;

	if (end == NULL)
		return false;
	*ret = bytes_of(b->at, (size_t)(end - b->at));
	*b = bytes_of(end + 1, b->left - ret->left - 1);
	return true;
}

/* A module's or a class' name, with dots. */
static bool is_name(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++)
		if (!isalnum(b.at[i]) && b.at[i] != '_' && b.at[i] != '.' && b.at[i] != '\r')
			return false;
	return b.left > 0 && !isdigit(b.at[0]);
}

static bool take_run(struct bytes *b, unsigned digits)
{
	uint64_t len = 0;
	struct bytes run;

	if (b->left < digits)
		return false;
	for (unsigned i = 0; i < digits; i++)
		len |= (uint64_t)b->at[i] << (8 * i);
	*b = bytes_of(b->at + digits, b->left - digits);
	return len <= b->left && bytes_take(b, (size_t)len, &run) == 0;
}

static bool take_argument(struct bytes *b, enum argument kind)
{
	static const uint8_t fixed[] = { [FIXED_1] = 1, [FIXED_2] = 2, [FIXED_4] = 4, [FIXED_8] = 8 };
	struct bytes one, two;

	switch (kind) {
	case NO_OPCODE:
		return false;
	case NOTHING:
		return true;
	case LINE:
		return take_line(b, &one);
	case TWO_LINES:
		return take_line(b, &one) && take_line(b, &two) && is_name(one) && is_name(two);
	case LENGTH_1:
		return take_run(b, 1);
	case LENGTH_4:
		return take_run(b, 4);
	case LENGTH_8:
		return take_run(b, 8);
	default:
		return bytes_take(b, fixed[kind], &one) == 0;
	}
}

size_t pickle_length(struct bytes b)
{
	struct bytes rest = b;
	bool names = false, calls = false;

	for (unsigned n = 0; n < OPCODES_MAX && rest.left > 0; n++) {
		uint8_t opcode = rest.at[0];

		rest = bytes_of(rest.at + 1, rest.left - 1);
		if (!take_argument(&rest, (enum argument)arguments[opcode]))
			return 0;
		names |= opcode == 'c' || opcode == 'i' || opcode == 0x93;
		calls |= opcode == 'R' || opcode == 'o' || opcode == 'i' || opcode == 'b' || opcode == 0x81 || opcode == 0x92;
		if (opcode == '.')
			return names && calls ? b.left - rest.left : 0;
	}
	return 0;
}

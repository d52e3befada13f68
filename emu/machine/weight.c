/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a block of x86 code weighs beside its being one block: instructions that take the host as long as many blocks. */
#include "emu/machine/inside.h"

#include <string.h>

/* The host's time for one, by measuring each alone, some hundred a block: PARTS make a block of about 0.1 µs. */
enum { PARTS = 16, DIVIDE = 1, FLOAT = 4, NAME = 16, PAGE = 16, DECIMAL = 96, STATE = 500 };

/*
 * Of one instruction by its first bytes, 0 for the most. Bytes that are no opcode may look like one, so that a block can
 * weigh too much, never too little.
 */
static unsigned weight_at(const uint8_t *at, size_t left)
{
	uint8_t next = left > 1 ? at[1] : 0;

	if (at[0] == 0x0f && (next == 0xae || next == 0xc7))
		return STATE;
	if (at[0] == 0x0f && next == 0x01)
		return PAGE;
	if (at[0] == 0x0f && next == 0xa2)
		return NAME;
	if (at[0] == 0x0f && next >= 0x51 && next <= 0x5f)
		return FLOAT;
	if (at[0] == 0xdf && ((next >> 3 & 7) == 4 || (next >> 3 & 7) == 6))
		return DECIMAL;
	if (at[0] >= 0xd8 && at[0] <= 0xdf)
		return FLOAT;
	return (at[0] == 0xf6 || at[0] == 0xf7) && (next >> 3 & 7) >= 6 ? DIVIDE : 0;
}

unsigned code_weight(struct bytes code)
{
	unsigned weight = 0;

	for (size_t i = 0; i < code.left; i++)
		weight += weight_at(code.at + i, code.left - i);
	return weight / PARTS;
}

bool code_is_system(struct bytes code)
{
	static const uint8_t second[] = { 0x00, 0x01, 0x07, 0x22, 0x30, 0x35, 0xaa }; /* behind 0f: descriptors, control registers, virtual machines */

	for (size_t i = 0; i + 1 < code.left; i++)
		if (code.at[i] == 0x0f && memchr(second, code.at[i + 1], sizeof(second)) != NULL)
			return true;
	return false;
}

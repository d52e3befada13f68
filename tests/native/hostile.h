/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attack code that means harm to the emulator itself, made by chance: commands and programs of many kinds. */
#ifndef TESTS_NATIVE_HOSTILE_H
#define TESTS_NATIVE_HOSTILE_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum { HOSTILE_MAX = 12288 };

struct hostile {
	enum language language;
	char name[128];      /* its kind; of a command, the beginning of it */
	size_t len;
	uint8_t code[HOSTILE_MAX];
};

/* The next number of a sequence that *state begins (splitmix64). */
uint64_t chance(uint64_t *state);
static inline uint64_t chance_below(uint64_t *state, uint64_t n)
{
	return chance(state) % n;
}

/* One hostile job; the same state gives the same one. */
void hostile_make(uint64_t *state, struct hostile *ret);
void hostile_command(uint64_t *state, struct hostile *ret);
void hostile_program(uint64_t *state, struct hostile *ret);
/* x86-64 code as an ELF program: one segment of all rights, the code at its start, zeroes behind it. */
void hostile_wrap(const char *name, struct bytes code, struct hostile *ret);

#endif

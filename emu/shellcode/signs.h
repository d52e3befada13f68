/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where in a payload machine code could begin, by what its bytes look like: system calls, ways to learn one's own
 * address, the thread block of Windows, letters that may be code. Cheap, and generous: what is code is found by trying.
 */
#ifndef EMU_SHELLCODE_SIGNS_H
#define EMU_SHELLCODE_SIGNS_H

#include "control/wire/bytes.h"
#include "control/wire/language.h"

enum {
	CANDIDATES_MAX = 768,
	CANDIDATES_BYTES = 64 << 10, /* of a payload that are looked at */
};

/* Offsets to try, the most promising first, each once. */
struct candidates {
	unsigned count;
	uint16_t batch;
	struct candidate {
		uint32_t at;
		uint16_t batch;  /* those of one sign are of one batch */
		bool thumb;
		uint8_t edge;    /* 1, 2: where one kind of bytes ends and another begins, the clearer the more */
		bool letters;    /* no sign but letters: only code that is handed its address can do with them */
	} of[CANDIDATES_MAX];
	uint8_t seen[2][CANDIDATES_BYTES / 8]; /* as ARM (or any), as Thumb */
};

/* Returns how many signs the payload holds: 0 where nothing but the payload's beginning and letters is worth a try. */
unsigned candidates_find(enum language, struct bytes payload, struct candidates *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finding machine code in a payload. In: bytes, and the processor if it is known. Out: where code begins that does
 * something a server's owner would not like; nothing for text, pictures, archives and chance. Counts bound the work, not
 * clocks: the same bytes always give the same answer.
 */
#ifndef EMU_SHELLCODE_FIND_H
#define EMU_SHELLCODE_FIND_H

#include "emu/shellcode/probe.h"

enum { FOUND_MAX = 6 };

/* One beginning that did well. */
struct found {
	enum language language;   /* LANGUAGE_WIN_X86 and its like where the way to Windows' modules was taken */
	bool bsd;
	uint32_t entry;
	bool thumb;               /* of ARM */
	uint8_t edge;             /* struct candidate */
	uint16_t batch;
	uint8_t registers;        /* enum raw_registers */
	int score;
	struct tried tried;
};

struct finder; /* the processors to try on */

/* Opens all processors, before the jail closes: what of them is not there is never found. -ENOMEM. */
must_check int finder_open(struct finder **ret);
void finder_close(struct finder *);
/*
 * The best beginnings, best first; LANGUAGE_AUTO: of any processor. Returns how many, or -EIO (the worker must be
 * replaced). A language that is not machine code gives 0.
 */
must_check int finder_search(struct finder *, enum language, struct bytes payload, struct found ret[FOUND_MAX]);
unsigned finder_tries(const struct finder *); /* of the last search */

#endif

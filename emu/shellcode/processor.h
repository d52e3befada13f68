/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs from processor to processor when code is tried. */
#ifndef EMU_SHELLCODE_PROCESSOR_H
#define EMU_SHELLCODE_PROCESSOR_H

#include "emu/shellcode/calls.h"

#include <unicorn/unicorn.h>

enum { GENERAL_MAX = 31 };

struct processor {
	enum language language;
	uc_arch arch;
	uc_mode mode;
	unsigned word;                      /* bytes */
	bool big;
	unsigned align;                     /* of instructions */
	int pc, sp, back;                   /* back: the register of the return address; 0: it stands on the stack */
	unsigned general_count;
	int general[GENERAL_MAX];           /* without sp and pc */
	int number, result;                 /* of a system call */
	int argument[CALL_ARGUMENTS];       /* 0: on the stack, or never looked at */
	/* What a C caller leaves in the first registers of general: 0 nothing, 1 the code, 2 the stack, 3 a small number. */
	uint8_t called[8];
};

const struct processor *processor_find(enum language); /* NULL: none for it */

#endif

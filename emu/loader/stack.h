/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The first stack of a program: arguments, environment and the auxiliary vector. */
#ifndef EMU_LOADER_STACK_H
#define EMU_LOADER_STACK_H

#include "emu/machine/space.h"

struct stack {
	enum machine_cpu cpu;
	unsigned argc, envc;
	const struct bytes *argv, *envp;
	int code;                   /* this argument's text stands at WINDOW_CODE; -1: none */
	const char *program;        /* AT_EXECFN */
	uint64_t entry, headers, headers_count, headers_size, interpreter_base;
	uint32_t uid, euid, gid, egid;
	uint8_t random[16];
};

/* Fills the top of the space's stack range; ret is the stack pointer. -E2BIG. */
must_check int stack_build(struct space *, const struct stack *, uint64_t *ret);

#endif

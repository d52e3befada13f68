/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's processor and its one memory window, on Unicorn. Guest processes share both: what is loaded at a time
 * is the business of emu/machine/space.h. This room is the only one that calls uc_*. Single thread, never blocks.
 */
#ifndef EMU_MACHINE_MACHINE_H
#define EMU_MACHINE_MACHINE_H

#include "control/wire/bytes.h"

enum { GUEST_PAGE = 4096 };

/*
 * The window: guest addresses 0 .. WINDOW_END, of which the first 64 KB are never mapped. Files that are mapped from
 * the host have a place of their own, the same in all processes, so that their translations are shared.
 */
#define WINDOW_FIXED 0x00010000ull  /* programs linked to a fixed address */
#define WINDOW_HEAP 0x0c000000ull   /* brk */
#define WINDOW_IMAGES 0x14000000ull /* position-independent programs and libraries */
#define WINDOW_MMAP 0x54000000ull   /* mmap, given out from the top down */
#define WINDOW_CODE 0x74000000ull   /* the attack code as a command's argument */
#define WINDOW_RAW 0x75000000ull  /* machine code without a program, and its stack: all of it writable and executable */
#define WINDOW_RAW_END 0x75080000ull
#define WINDOW_STACK 0x76000000ull  /* a hole that nothing may fill, so that endless recursion faults */
#define WINDOW_STACK_START 0x76800000ull
#define WINDOW_STACK_END 0x77000000ull
#define WINDOW_END 0x78000000ull

/* Why machine_run() came back. */
enum machine_stop {
	MACHINE_LEFT,        /* machine_leave() was called in a hook */
	MACHINE_QUANTUM,     /* the block limit of this run is reached */
	MACHINE_ACCESS,      /* memory that is not there or not writable: SIGSEGV */
	MACHINE_INSTRUCTION, /* no such instruction: SIGILL */
	MACHINE_DIVIDE,      /* SIGFPE */
	MACHINE_TRAP,        /* int3, int1: SIGTRAP */
	MACHINE_PRIVILEGE,   /* hlt, other interrupts: SIGSEGV */
	MACHINE_BROKEN,      /* Unicorn itself failed: the worker must be replaced */
};

/* The integer registers, as signals, exec and clone need them. */
enum machine_register {
	GPR_RAX, GPR_RBX, GPR_RCX, GPR_RDX, GPR_RSI, GPR_RDI, GPR_RBP, GPR_RSP,
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
	GPR_RIP, GPR_RFLAGS, GPR_FS_BASE, GPR_GS_BASE, GPR_COUNT,
};
struct registers {
	uint64_t r[GPR_COUNT];
};
/* The floating-point registers that a signal frame keeps. */
struct float_registers {
	uint8_t xmm[16][16];
	uint32_t mxcsr;
};

struct machine;
struct machine_context; /* all registers of a process that is not running */

/* Called in machine_run() at each syscall instruction; may set RAX, never RIP. */
struct machine_hooks {
	void (*syscall)(void *owner);
	void *owner; /* borrowed */
};

/* -ENOMEM, or -EIO where Unicorn refuses; hooks are copied. */
must_check int machine_new(const struct machine_hooks *hooks, struct machine **ret);
void machine_free(struct machine *);

/* Runs from registers' RIP for at most `blocks` basic blocks. */
enum machine_stop machine_run(struct machine *, uint64_t blocks);
void machine_leave(struct machine *);            /* from a hook: come back after this instruction */
uint64_t machine_blocks(const struct machine *); /* executed since machine_reset() */
uint64_t machine_fault_address(const struct machine *);

uint64_t machine_get(struct machine *, enum machine_register);
void machine_set(struct machine *, enum machine_register, uint64_t);
/* rax (the number) and the six arguments of a system call, in one go. */
void machine_call(struct machine *, uint64_t ret[7]);
void machine_get_all(struct machine *, struct registers *ret);
void machine_set_all(struct machine *, const struct registers *);
void machine_get_floats(struct machine *, struct float_registers *ret);
void machine_set_floats(struct machine *, const struct float_registers *);

must_check int machine_context_new(struct machine *, struct machine_context **ret); /* registers of a fresh process */
void machine_context_free(struct machine_context *);
void machine_context_save(struct machine *, struct machine_context *);
void machine_context_load(struct machine *, const struct machine_context *);
void machine_context_copy(struct machine *, struct machine_context *to, const struct machine_context *from);

/* Host memory of a guest address; the caller has checked it against the ranges of a space. */
uint8_t *machine_host(const struct machine *, uint64_t guest);
/*
 * Makes pages readable and writable for the guest, and executable if it says so. Images that stand there are taken
 * away. Page bounds are widened where the window's zone allows it. -ENOMEM, -ERANGE (outside the window).
 */
must_check int machine_map_memory(struct machine *, uint64_t start, uint64_t end, bool code);
/*
 * Makes pages read-only and executable: source is a shared read-only host mapping of a file, page-aligned, and stays
 * alive as long as the machine. What stood there is taken away; the same image again costs nothing.
 */
must_check int machine_map_image(struct machine *, uint64_t start, uint64_t end, const uint8_t *source);
/* Tells that host code wrote guest memory: translations made from it are dropped. */
void machine_wrote(struct machine *, uint64_t start, uint64_t end);
/*
 * Zeroes all memory given by machine_map_memory(), drops translations made from it, forgets block counts. Memory
 * that was mapped, or made executable, after machine_settle() is as it was then. -ENOMEM.
 */
must_check int machine_reset(struct machine *);
must_check int machine_settle(struct machine *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's processors and their one memory window, on Unicorn. Guest processes share all of it: what is loaded at a
 * time is the business of emu/machine/space.h. This room is the only one that calls uc_*. Single thread, never blocks.
 * One processor is in use at a time, x86-64 at the start; each other one is made when it is first chosen.
 */
#ifndef EMU_MACHINE_MACHINE_H
#define EMU_MACHINE_MACHINE_H

#include "control/wire/bytes.h"

enum { GUEST_PAGE = 4096 };

enum machine_cpu { CPU_X86_64, CPU_X86, CPU_AARCH64, CPU_ARM, CPU_MIPS, CPU_MIPSEL, CPU_POWERPC, CPU_COUNT };

/*
 * The window: guest addresses 0 .. WINDOW_END, of which the first 32 KB are never mapped: programs of ARM begin there. Files that are mapped from
 * the host have a place of their own, the same in all processes, so that their translations are shared.
 */
#define WINDOW_FIXED 0x00008000ull  /* programs linked to a fixed address */
#define WINDOW_HEAP 0x0c000000ull   /* brk */
#define WINDOW_IMAGES 0x14000000ull /* position-independent programs and libraries */
#define WINDOW_MMAP 0x54000000ull   /* mmap, given out from the top down */
#define WINDOW_CODE 0x74000000ull   /* the attack code as a command's argument */
#define WINDOW_STACK 0x76000000ull  /* a hole that nothing may fill, so that endless recursion faults */
#define WINDOW_STACK_START 0x76800000ull
#define WINDOW_STACK_END 0x77000000ull
#define WINDOW_END 0x80000000ull /* what is above the stack has Windows' blocks, at the addresses that code counts on */

/* Why machine_run() came back. */
enum machine_stop {
	MACHINE_LEFT,        /* machine_leave() was called in a hook */
	MACHINE_QUANTUM,     /* the block limit of this run is reached */
	MACHINE_ACCESS,      /* memory that is not there or not writable: SIGSEGV */
	MACHINE_INSTRUCTION, /* no such instruction: SIGILL */
	MACHINE_DIVIDE,      /* SIGFPE */
	MACHINE_TRAP,        /* int3, int1: SIGTRAP */
	MACHINE_PRIVILEGE,   /* hlt, other interrupts: SIGSEGV */
	MACHINE_ABORTED,     /* Unicorn's translator gave up on the guest's bytes: the worker must be replaced */
	MACHINE_BROKEN,      /* Unicorn itself failed: the worker must be replaced */
};

/*
 * The integer registers of a processor, as signals, exec and clone need them. Each processor has its own numbers:
 * these are of x86-64, and of x86 (where GPR_RAX means eax), the others are in emu/machine/registers.h.
 */
enum machine_register {
	GPR_RAX, GPR_RBX, GPR_RCX, GPR_RDX, GPR_RSI, GPR_RDI, GPR_RBP, GPR_RSP,
	GPR_R8, GPR_R9, GPR_R10, GPR_R11, GPR_R12, GPR_R13, GPR_R14, GPR_R15,
	GPR_RIP, GPR_RFLAGS, GPR_FS_BASE, GPR_GS_BASE, GPR_COUNT,
};
enum { REGISTERS_MAX = 40 };
struct registers {
	uint64_t r[REGISTERS_MAX];
};
/* Registers by what they do, whatever processor is in use. */
enum machine_role { ROLE_PC, ROLE_SP, ROLE_RESULT, ROLE_THREAD, ROLE_COUNT };
/* The floating-point registers that a signal frame keeps. */
struct float_registers {
	uint8_t xmm[16][16];
	uint32_t mxcsr;
};

struct machine;
struct machine_context; /* all registers of a process that is not running */

/*
 * Called in machine_run(), may set any register but the program counter, which stands behind the instruction: for that
 * there is machine_jump(). syscall: at each system call as the processor has them (syscall, int 0x80 and sysenter on
 * x86, svc, sc). trap: at each other software interrupt, by its number; false: nobody wants it, which faults
 * (MACHINE_PRIVILEGE). May be NULL.
 */
struct machine_hooks {
	void (*syscall)(void *owner);
	void *owner; /* borrowed */
	bool (*trap)(void *owner, uint32_t number);
};

/* -ENOMEM, or -EIO where Unicorn refuses; hooks are copied. */
must_check int machine_new(const struct machine_hooks *hooks, struct machine **ret);
void machine_free(struct machine *);

/* The processor that machine_run() uses and whose registers are meant. Its registers are what they were. -ENOMEM, -EIO. */
must_check int machine_select(struct machine *, enum machine_cpu);
/* Makes every processor now: each takes a gigabyte of addresses, which a worker in its jail is not given. -ENOMEM, -EIO. */
must_check int machine_prepare(struct machine *);
enum machine_cpu machine_cpu(const struct machine *);
/*
 * From now on the processor in use tells after a fault exactly where it was: for guests that handle faults. Memory
 * accesses cost a quarter more. -EIO.
 */
must_check int machine_precise(struct machine *);
bool machine_is_wide(enum machine_cpu);       /* 64-bit */
bool machine_is_big_endian(enum machine_cpu);

/* Runs from the program counter on for at most `blocks` basic blocks. */
enum machine_stop machine_run(struct machine *, uint64_t blocks);
void machine_leave(struct machine *);            /* from a hook: come back after this instruction */
void machine_jump(struct machine *, uint64_t pc); /* from a hook: go on there after this instruction */
uint64_t machine_blocks(const struct machine *); /* executed since machine_reset() */
uint64_t machine_left(const struct machine *);      /* from a hook: blocks until this machine_run() is over */
void machine_skip(struct machine *, uint64_t blocks); /* counts them as if they had run */
/* The processor's counter of ticks, as rdtsc of x86 tells it: from so many on, by blocks. */
#define MACHINE_TICKS (UINT64_C(1) << 40)
uint64_t machine_ticks(const struct machine *);
/*
 * What machine_run() does beyond running: blocks translated from memory that the guest may write (thousandfold dearer
 * than running one; a long one counts as several), and pieces of memory shown to the engine. Both since machine_reset().
 */
enum { MACHINE_TRANSLATIONS_MAX = 100000 }; /* past it a run ends at its next block, with MACHINE_QUANTUM */
uint64_t machine_translations(const struct machine *);
uint64_t machine_mappings(const struct machine *);
/*
 * The guest changed how its processor sees memory, as no program of a real system can. What it has left in the engine
 * goes away with the next machine_reset(), at a second's cost: better nothing is run here any more. The image of a
 * program never does that, only what a guest wrote.
 */
bool machine_spoilt(const struct machine *);
uint64_t machine_fault_address(const struct machine *);

/* which: a register of the processor in use. FS and GS bases of x86 are those of the selectors 0x53 and 0x63. */
uint64_t machine_get(struct machine *, unsigned which);
void machine_set(struct machine *, unsigned which, uint64_t);
uint64_t machine_role(struct machine *, enum machine_role);
void machine_set_role(struct machine *, enum machine_role, uint64_t);
unsigned machine_role_register(const struct machine *, enum machine_role); /* its number on the processor in use */
unsigned machine_general(const struct machine *); /* how many of the first numbers are general registers */
/* Where code stands that returns from a signal's handler: on all processors but x86-64. rt: from one with a siginfo_t. */
uint64_t machine_return_address(const struct machine *, bool rt);
/* The number and the six arguments of a system call, in one go. */
void machine_call(struct machine *, uint64_t ret[7]);
void machine_get_all(struct machine *, struct registers *ret);
void machine_set_all(struct machine *, const struct registers *);
void machine_get_floats(struct machine *, struct float_registers *ret);
void machine_set_floats(struct machine *, const struct float_registers *);

/* Registers of a fresh process: on the processor in use, or on that one. */
must_check int machine_context_new(struct machine *, struct machine_context **ret);
must_check int machine_context_new_on(struct machine *, enum machine_cpu, struct machine_context **ret);
void machine_context_free(struct machine_context *);
void machine_context_save(struct machine *, struct machine_context *);
void machine_context_load(struct machine *, const struct machine_context *); /* and selects its processor */
void machine_context_copy(struct machine *, struct machine_context *to, const struct machine_context *from);

/* Makes pages stand there that a run begins with: before the host looks at them. What an engine looks up needs no telling. */
void machine_fetch(struct machine *, uint64_t start, uint64_t end);
/* Host memory of a guest address; the caller has checked it against the ranges of a space, and fetched it. */
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
/*
 * A segment of x86 that its user may load: its descriptor becomes one of all memory from base on. index: 10..14; 12..14
 * are what Linux gives threads. -EINVAL.
 */
must_check int machine_segment(struct machine *, unsigned index, uint32_t base);
/*
 * Tells that host code wrote guest memory: translations made from it are dropped, on all processors. What one
 * processor writes another that ran it is not told: processes of two processors never share memory.
 */
void machine_wrote(struct machine *, uint64_t start, uint64_t end);
/* Tells that pages may be written without machine_wrote(): by a pointer that was given away. */
void machine_touch(struct machine *, uint64_t start, uint64_t end);
/* Zeroes memory that is mapped: only pages that hold something cost. */
void machine_zero(struct machine *, uint64_t start, uint64_t end);
/* A page of memory as a run begins with it. */
struct laid_page {
	uint64_t at;
	const uint8_t *bytes; /* GUEST_PAGE of them */
};
/*
 * The next run begins with these pages, in order: the reset need not zero them. machine_lay() puts them there once they are
 * mapped, each when somebody looks at it. Borrowed until machine_unlay(), which is told before the pages' owner goes.
 */
void machine_begin_with(struct machine *, const struct laid_page *, unsigned count);
void machine_lay(struct machine *, const struct laid_page *, unsigned count);
void machine_unlay(struct machine *, const struct laid_page *);
/*
 * Zeroes all memory given by machine_map_memory(), but for what machine_begin_with() said, drops translations made from
 * it, forgets block counts, and x86-64 is in use. Memory that was mapped, or made executable, after machine_settle() is as it was then. -ENOMEM.
 */
must_check int machine_reset(struct machine *);
must_check int machine_settle(struct machine *);

#endif

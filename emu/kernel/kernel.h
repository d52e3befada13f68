/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated Linux kernel: processes on one machine in one world. emu/server/server.c makes one, starts a program, lets it
 * run until nothing is left to do, and reads the outcome. Single thread.
 */
#ifndef EMU_KERNEL_KERNEL_H
#define EMU_KERNEL_KERNEL_H

#include "emu/machine/space.h"
#include "emu/world/world.h"

struct kernel;
struct process;

must_check int kernel_new(struct world *, struct kernel **ret); /* the world is borrowed */
void kernel_free(struct kernel *);

/* What stands at the first process's standard input: /dev/null, its code, or a web server's FastCGI socket. */
enum given_kind { GIVEN_NOTHING, GIVEN_STREAM, GIVEN_REQUEST };

/* What a program is started with. */
struct start {
	const char *path;
	unsigned argc;
	const struct bytes *argv;   /* without NULs */
	enum given_kind given;
	struct bytes bytes;         /* what is given; at NULL: it comes later (kernel_warm()) */
	int code;                   /* index of the argument that stands in the code window; -1: none */
	unsigned unseen;            /* index of the argument that /proc does not show; 0: none */
	unsigned envc;
	const struct bytes *envp;
	const char *cwd;            /* NULL: the profile's */
};

/* Whose calls raw code makes: those of Linux, or those that the BSDs have in common (on x86 and x86-64). */
enum personality { PERSONALITY_LINUX, PERSONALITY_BSD };

/* Machine code that has no program around it. */
struct raw {
	enum machine_cpu cpu;
	enum personality personality;
	struct bytes code;
	uint64_t entry;              /* offset into code where it begins; on ARM bit 0 says Thumb */
	const struct registers *registers; /* what they hold; pc and sp are the kernel's. NULL: zeroes */
};
/* Where raw code stands, and the end of its stack: both may be written and executed, as old systems had it. */
/* low, as programs are: code that looks for its other half goes through all pages from the lowest on */
#define RAW_CODE 0x0a000000ull
#define RAW_STACK_END 0x76000000ull
enum { RAW_CODE_MAX = 1 << 20 };

/*
 * A run begins: what processes are left of the last one end, then the world begins anew (what they held, sockets and
 * files, is gone with it), and the machine is reset. The twists are borrowed for the run.
 */
must_check int kernel_begin(struct kernel *, uint64_t seed, const struct twist *, unsigned twists_count);
/* Makes the first process and loads its program. -errno as execve. */
must_check int kernel_start(struct kernel *, const struct start *);
/* What the registers hold when an attack's code begins: nobody knows, so that more than one is tried. */
enum raw_registers {
	RAW_ZERO,     /* nothing, as far as the code can see */
	RAW_CALLED,   /* what a C program's call of the code leaves: a few addresses and small numbers */
	RAW_POINTING, /* each holds the address where the code begins */
	RAW_REGISTERS_COUNT,
};
/* Machine code that an attack has put into the memory of a server's process. */
struct attack {
	enum language language;     /* the processor */
	bool bsd;                   /* its calls are a BSD kernel's */
	bool thumb;                 /* of ARM */
	struct bytes code;          /* at most ATTACK_CODE_MAX */
	uint64_t entry;             /* offset in it */
	enum raw_registers registers;
	struct bytes said;          /* what the attacker sent over the same connection afterwards */
};
enum {
	ATTACK_CODE_MAX = 64 << 10,
	ATTACK_LEAD = 8 << 10,      /* bytes of zeroes before the code, and as many behind it: decoders write there */
	ATTACK_ZEROES = 64,         /* on x86, of those behind it; then: */
	ATTACK_HLT = 0xf4,
	ATTACK_ABOVE = 4096,        /* bytes of the stack above where it begins */
};
/*
 * As kernel_start_raw(), in a server's worker: the attack's own connection is among its descriptors, and code that
 * returns to its caller comes to an ordinary end. -ENOSYS: no such processor.
 */
must_check int kernel_start_attack(struct kernel *, const struct attack *);
/*
 * Makes the first process of raw code. -E2BIG (RAW_CODE_MAX), -EINVAL (an entry outside), -ENOMEM, -EIO. Its stack
 * pointer is 4 KB below the stack's end, and what is above it is zero.
 */
must_check int kernel_start_raw(struct kernel *, const struct raw *);
/*
 * Runs until the first process has ended and all is quiet, or a budget is used up. The machine failing is -EIO.
 * The status fields of the world's outcome are set.
 */
must_check int kernel_run(struct kernel *);

/*
 * In place of kernel_start() and kernel_run(): what a program of the server's that reads this file would print, without one. No
 * more than a profile's file is read so: -ENOSYS, of what a process or a device answers, begin anew with a program. -ENOMEM.
 */
must_check int kernel_show(struct kernel *, const char *path);

bool kernel_spoilt(const struct kernel *); /* see machine_spoilt() */
/* After a run: its processes and what it did to the files are gone; the world's record stays until the next. */
void kernel_end(struct kernel *);

/*
 * The warm start: runs a started program until just before it first reads its code argument, or until it waits for what
 * it is to be given, and keeps that state. -ENOENT where it never does.
 */
struct warm;
must_check int kernel_warm(struct kernel *, uint64_t seed, const struct start *, struct warm **ret);
void warm_free(struct kernel *, struct warm *);
/*
 * A machine of its own for runs of this kind: what each needs stays mapped there, as changing it costs more than a run does.
 * Kinds without one, and 0, share the first. Before the jail closes. -ERANGE, -ENOMEM, -EIO.
 */
enum { KERNEL_KINDS = 6 };
must_check int kernel_room(struct kernel *, unsigned kind);
/*
 * Before kernel_begin(): of which kind the next run is, and what it goes on from (or NULL), if anything.
 */
void kernel_prepare(struct kernel *, unsigned kind, const struct warm *);
/*
 * After the warm starts of a kind, before its first run: the memory that such runs need stays mapped from now on; what
 * a run maps beyond is taken away after it.
 */
must_check int kernel_settle(struct kernel *);
/* In place of kernel_start(): goes on from the warm state with this code, or with what was to be given. */
must_check int kernel_resume(struct kernel *, const struct warm *, struct bytes code);

#endif

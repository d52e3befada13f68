/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system libraries of one Windows version and width: their functions, and their images in memory that all runs
 * share. Made once, before the jail closes; read-only then.
 */
#ifndef EMU_WINDOWS_PROCESS_CATALOG_H
#define EMU_WINDOWS_PROCESS_CATALOG_H

#include "emu/windows/image/image.h"

struct windows;

/*
 * One exported function. run gets its arguments, as many words as it takes, and gives what it returns; NULL: it returns
 * value, without doing anything, and that it was asked for is recorded.
 */
struct win_function {
	const char *name;
	int8_t args;             /* words; beyond the fourth on the stack in x86-64 */
	uint64_t (*run)(struct windows *, const uint64_t *args);
	uint64_t value;
	bool wide;               /* texts are UTF-16: what run does then, where A and W share it */
	bool cdecl;              /* the caller takes the arguments off (x86) */
	uint16_t ordinal;        /* where attack code counts on it */
	uint16_t number;         /* of the system call behind it (x86-64), 1 + as 10.0.17763 has it; 0: none that is known here */
	const char *forward;     /* another library's function */
	uint8_t since, until;    /* versions of NT, times ten (52, 61, 100), that have it (as this row says); 0: all */
};

/* Functions of one subject; libraries are made of such tables, and may share them. */
struct win_table { const struct win_function *functions; unsigned count; };
enum { WIN_TABLES_MAX = 16 };

/* How a library comes into a process. */
struct win_library {
	const char *name;        /* as the loader's lists spell it, "kernel32.dll" */
	const struct win_table *tables[WIN_TABLES_MAX];
	uint8_t since;           /* version, times ten */
	bool there;              /* in every process from its start */
};

/* Code of our own that Windows' libraries have too, in ntdll and kernel32: by number. */
enum win_inner {
	WIN_INNER_RETURN,        /* where a thread's first function returns to */
	WIN_INNER_HANDLED,       /* where an exception handler returns to */
	WIN_INNER_LAST_HANDLER,  /* the handler that every thread has */
	WIN_INNER_SYSTEM,        /* KiFastSystemCall */
	WIN_INNER_UNWIND,        /* takes a callback's room off the stack (x86-64) */
	WIN_INNER_COUNT,
};
enum { WIN_INNER_SIZE = 16 };

/* What stands in the accumulator when a function's gate traps: this, its library and its index. */
enum { WIN_GATE_FUNCTION = 0x40000000, WIN_GATE_MASK = 0x70000000 };
/* What a 32-bit gate, and inner code, interrupt with. */
enum { WIN_TRAP_FUNCTION = 0xf0, WIN_TRAP_INNER = 0xf1, WIN_TRAP_SYSTEM = 0x2e };

struct win_image {
	const struct win_library *library;
	uint64_t base;
	uint32_t stamp;
	struct image_places places;
	uint8_t *bytes;          /* shared, page-aligned, places.size */
	unsigned count;
	const struct win_function **functions; /* by the index of their gates; sorted by name */
};

enum { WIN_IMAGES_MAX = 48 };

struct catalog {
	bool wide;
	unsigned version;        /* of NT, times ten */
	unsigned count;
	struct win_image images[WIN_IMAGES_MAX]; /* [0] is the attacked program, [1] ntdll, [2] kernel32 */
};

/* -ENOMEM; -EINVAL: the tables are wrong. */
must_check int catalog_new(const struct win_library *, unsigned count, bool wide, unsigned version, struct catalog **ret);
void catalog_free(struct catalog *);
/* By file name, with or without ".dll", case folded; API-set names lead to who implements them. NULL: no such library. */
const struct win_image *catalog_find(const struct catalog *, const char *name);
/* Index of a function by name; -1: none. */
int catalog_function(const struct win_image *, const char *name);
int catalog_ordinal(const struct win_image *, unsigned ordinal);
/* Address of inner code. */
uint64_t catalog_inner(const struct catalog *, unsigned image, enum win_inner);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One emulated Windows process: its memory, modules, threads, handles and budgets. Attack code runs in it; each call of
 * a system function comes here and is answered by the functions of emu/windows/api. Single thread, never blocks.
 */
#ifndef EMU_WINDOWS_PROCESS_PROCESS_H
#define EMU_WINDOWS_PROCESS_PROCESS_H

#include "emu/machine/space.h"
#include "emu/windows/process/catalog.h"
#include "emu/windows/process/layout.h"
#include "emu/world/world.h"

enum {
	WIN_OBJECTS_MAX = 256,   /* handles open at a time */
	WIN_REGIONS_MAX = 512,   /* of memory */
	WIN_HANDLERS_MAX = 8,    /* vectored ones */
	WIN_ARGUMENTS_MAX = 16,
	WIN_TEXT_MAX = 4096,     /* of a text argument, in UTF-8 */
	WIN_NESTED_MAX = 16,     /* exceptions whose handlers have not come back */
};
#define WIN_FOREVER UINT64_MAX
#define WIN_FAILED ((uint64_t)-1) /* what INVALID_HANDLE_VALUE and SOCKET_ERROR are in either width */

/* What stops a hostile guest; each has its own answer in stopped_by. */
struct win_budget {
	uint64_t blocks, calls, rounds, memory, virtual_ns;
	unsigned connects, programs, threads;
};

struct win_thread {
	bool used, ended, waits;
	bool again;              /* its last call asks again when it goes on */
	uint64_t until;          /* of a wait: virtual ns, or WIN_FOREVER */
	uint64_t teb, start, handle_id;
	uint32_t id;
	uint64_t exit_code;
	unsigned suspended;
	struct machine_context *context;
	uint64_t queued, queued_argument; /* an APC that runs when it next waits or begins */
};

enum win_object_kind {
	WIN_FREE, WIN_FILE, WIN_SOCKET, WIN_THREAD, WIN_PROCESS, WIN_EVENT, WIN_MUTEX, WIN_SEMAPHORE, WIN_TIMER, WIN_MAPPING,
	WIN_PIPE, WIN_FIND, WIN_KEY, WIN_TOKEN, WIN_MANAGER, WIN_SERVICE, WIN_SNAPSHOT, WIN_INTERNET, WIN_CONNECTION,
	WIN_REQUEST, WIN_PROVIDER, WIN_HASH, WIN_CONSOLE, WIN_OTHER,
};

/* What a handle is of. Fields that a kind does not use are zero. */
struct win_object {
	enum win_object_kind kind;
	bool signalled, manual;
	bool listens, bound, nonblocking, datagram, secure, sent, wide;
	uint8_t ends;            /* how often the end of a stream was read */
	uint16_t port;
	uint32_t id, flags;
	uint64_t at, size;       /* file position; of other kinds what they need */
	struct node *node;       /* file, find: folder */
	struct event *event;     /* what its writes are told in */
	struct peer *peer;
	struct address address;
	unsigned parent;         /* index + 1 of the object that it hangs on */
	char *text;              /* owned: path, host, key, name */
	char *more;              /* owned */
	uint8_t *bytes;          /* owned: what can be read from it */
	size_t bytes_len, bytes_at;
};

struct win_region { uint64_t start, end; uint32_t protection, type; };

struct win_module {
	const struct win_image *image;
	unsigned references;
	char name[64];
};

/* A frame of an exception that a handler is looking at. */
struct win_dispatch {
	uint64_t record, context, frame;
	unsigned vector;
};

struct host;

struct windows {
	struct world *world;
	const struct catalog *catalog;
	const struct win_offsets *offsets;
	bool wide;               /* x86-64 */
	bool precise, inexact;
	unsigned word;           /* bytes of a pointer */
	struct machine *machine;
	struct memory memory;
	struct space *space;
	struct win_budget limit;

	struct win_thread threads[WIN_THREADS_MAX];
	struct win_thread *thread;       /* that runs */
	uint32_t process_id, last_id;
	struct win_module modules[WIN_IMAGES_MAX + 16];
	unsigned modules_count;
	struct win_region regions[WIN_REGIONS_MAX];
	unsigned regions_count;
	uint64_t heap_at;                /* the first free byte of the process heap */
	struct win_object objects[WIN_OBJECTS_MAX];
	uint64_t handlers[WIN_HANDLERS_MAX], unhandled; /* vectored ones; the filter of last resort */
	unsigned handlers_count, nested;
	struct win_dispatch dispatch[WIN_NESTED_MAX];
	uint64_t tls_used;
	uint64_t environment;
	char folder[WIN_TEXT_MAX];       /* current directory, "C:\\…" */

	/* the call that is answered now */
	const struct win_function *function;
	bool jumps;              /* registers are set as they shall be: no return value */
	bool progress;
	bool trapped;
	uint32_t trap;           /* its number; a syscall or sysenter instruction counts as WIN_TRAP_SYSTEM */

	uint64_t calls, rounds;
	unsigned connects, programs, unknown_calls, allocated;
	bool over;
	enum stopped_by why;
	uint32_t exit_code;
	struct host *host;       /* files, registry, variables, programs; borrowed */
};

/*
 * precise: where memory was missing is told exactly, which handlers of exceptions need; memory accesses cost a half more.
 * Without it, a run that would call a handler for that ends, and inexact is set: it is to be run again in a precise one.
 */
must_check int win_new(struct world *, const struct catalog *, bool precise, struct windows **ret);
void win_free(struct windows *);

/* Where code begins, and with what registers. */
enum win_registers {
	WIN_REGISTERS_ZERO,
	WIN_REGISTERS_CODE,  /* each holds where it begins, as if it had led there */
	WIN_REGISTERS_STACK, /* the same, and the code stands where the stack ends: what "jmp esp" leads to */
	WIN_REGISTERS_COUNT,
};
/*
 * A run begins: world_begin() has been called. Code (at most 1 MB) is put in place, to be entered at offset entry.
 * -ENOMEM, -EIO, -EINVAL (entry is outside).
 */
must_check int win_begin(struct windows *, struct bytes code, uint64_t entry, enum win_registers);
/* Runs until the process ends, waits for ever, or a budget is used up. -EIO: the machine failed. */
must_check int win_run(struct windows *);
/* After a run, before the world begins anew: handles let go of what is the world's. */
void win_end(struct windows *);

/* registers, as wide as the process */
uint64_t win_get(struct windows *, enum machine_register);
void win_set(struct windows *, enum machine_register, uint64_t);

/* memory; each checks. -EFAULT. */
must_check int win_read(struct windows *, uint64_t at, void *to, uint64_t len);
must_check int win_write(struct windows *, uint64_t at, const void *from, uint64_t len);
uint64_t win_number(struct windows *, uint64_t at, unsigned len, bool *good);  /* good may be NULL: 0 is as good */
bool win_put(struct windows *, uint64_t at, uint64_t v, unsigned len);
bool win_put_word(struct windows *, uint64_t at, uint64_t v);                  /* as wide as a pointer */
uint64_t win_get_word(struct windows *, uint64_t at);                          /* 0 where it cannot be read */

/* texts: wide ones are UTF-16 in the guest and UTF-8 here */
must_check int win_text(struct windows *, uint64_t at, bool wide, char *to, size_t size); /* -EFAULT; too long: cut */
/* Writes it with its NUL, at most room characters in all; how many it takes with the NUL. */
uint64_t win_put_text(struct windows *, uint64_t at, bool wide, const char *, uint64_t room);
size_t win_utf8(const uint8_t *utf16, size_t units, char *to, size_t size);    /* NUL-ended */
size_t win_utf16(const char *utf8, uint8_t *to, size_t units);                 /* units written, no NUL */

/* regions of memory; protections are Windows' */
uint64_t win_allocate(struct windows *, uint64_t at, uint64_t len, uint32_t protection); /* 0: not */
bool win_release(struct windows *, uint64_t at);
struct win_region *win_region_find(struct windows *, uint64_t at);
bool win_protect(struct windows *, uint64_t at, uint64_t len, uint32_t protection, uint32_t *old);
uint64_t win_heap(struct windows *, uint64_t len);     /* zeroed; 0: none left */
uint64_t win_heap_size(struct windows *, uint64_t at);

/* modules */
struct win_module *win_module_named(struct windows *, const char *name);
struct win_module *win_module_at(struct windows *, uint64_t base);
struct win_module *win_module_load(struct windows *, const char *name);        /* NULL: no such library */
uint64_t win_module_function(struct windows *, const struct win_module *, const char *name, unsigned ordinal);
must_check int win_modules_begin(struct windows *);
must_check int win_facts_begin(struct windows *);      /* what it is told in memory of itself and the system */
const struct win_function *win_function_at(const struct windows *, uint32_t gate);

/* threads */
struct win_thread *win_thread_new(struct windows *, uint64_t start, uint64_t argument, bool suspended);
/*
 * The call waits: it is asked again until the virtual time ns from its first asking is over. False: it is, and the call
 * is to end now.
 */
bool win_waits(struct windows *, uint64_t ns);
void win_wait_over(struct windows *);                  /* what it waited for is there */
void win_thread_end(struct windows *, uint64_t code);  /* the one that runs */
void win_exit(struct windows *, uint32_t code);
void win_stop(struct windows *, enum stopped_by);
void win_threads_switch(struct windows *, struct win_thread *);
void win_threads_clear(struct windows *);
/* Calls guest code from a system function; what it returns, the function returns. At most four arguments. */
void win_call_back(struct windows *, uint64_t function, unsigned count, const uint64_t *args);
/* Goes on at function with one argument, never to come back to the caller. */
void win_go(struct windows *, uint64_t function, uint64_t argument);

/* handles */
struct win_object *win_object_new(struct windows *, enum win_object_kind, uint64_t *handle); /* NULL: none left */
struct win_object *win_object(struct windows *, uint64_t handle, enum win_object_kind);      /* WIN_FREE: of any kind */
uint64_t win_handle(const struct windows *, const struct win_object *);
void win_object_free(struct windows *, struct win_object *);

uint64_t win_error(struct windows *, uint32_t error, uint64_t ret);            /* sets the thread's last error, gives ret */
enum {
	WIN_ERROR_FILE = 2, WIN_ERROR_PATH = 3, WIN_ERROR_ACCESS = 5, WIN_ERROR_HANDLE = 6, WIN_ERROR_MEMORY = 8,
	WIN_ERROR_NO_MORE = 18, WIN_ERROR_PARAMETER = 87, WIN_ERROR_BUFFER = 122, WIN_ERROR_MODULE = 126,
	WIN_ERROR_PROCEDURE = 127, WIN_ERROR_EXISTS = 183, WIN_ERROR_NO_ITEMS = 259, WIN_ERROR_ADDRESS = 487,
};
/* That something was asked for which is not played here, as a question of the outcome. */
void win_unknown(struct windows *, const char *library, const char *name);

uint64_t win_last_handler(const struct windows *);     /* of exceptions, that every thread has */

/* exceptions; 0xc0000005 and the like. */
void win_raise(struct windows *, uint32_t code, uint64_t address);
void win_handled(struct windows *);                    /* a handler came back */
bool win_context_put(struct windows *, uint64_t at);   /* the registers, as the guest's CONTEXT */
bool win_context_take(struct windows *, uint64_t at);
/* A trap that was no function's gate: a direct system call. */
void win_system_call(struct windows *);
/* Calls the function behind a gate, or a system call's number. */
void win_call(struct windows *, const struct win_function *, const char *library);
/* What a trap is answered with. */
void win_answer(struct windows *);

#endif

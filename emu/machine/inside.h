/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of emu/machine share: the engines and the state of each page of the window. */
#ifndef EMU_MACHINE_INSIDE_H
#define EMU_MACHINE_INSIDE_H

#include "emu/machine/machine.h"

#include <unicorn/unicorn.h>

enum page_state { PAGE_NONE, PAGE_IMAGE, PAGE_MEMORY, PAGE_CODE, PAGE_STATES };
/* What else is known of a page of memory. */
enum page_mark {
	MARK_TOUCHED = 1, /* it may hold anything, or be written without our seeing it */
	MARK_LAID = 2,    /* what was laid there is not zero */
	MARK_SPARED = 4,  /* while a run begins: what is laid next stands there */
};

/* One uc_mem_map_ptr() of ours, so that it can be taken away whole. */
struct mapping {
	uint64_t start, end;
	const uint8_t *source; /* NULL: memory; else the file's bytes behind an image */
	bool code;             /* memory that the guest may execute: each write to it is slow, so most is not */
	uint8_t engines;       /* those that have it, one bit each; the others get it when they touch it */
};

enum {
	MAPPINGS_MAX = 4096,
	SETTLED_MAX = 512,
	CODE_NEAR = 4 << 20,   /* bytes: few enough parts that every block can ask */
	TOUCHED_MAX = 1 << 16,
	WEIGHTS = 1 << 16,
	TRANSLATION_BYTES = 8,  /* of code that take as long to translate as a block does by itself */
	CODE_PAGES_MAX = 8192, /* writable pages with translations; past it every host write drops all */
	DESCRIPTORS = 16,      /* of the segments of x86 */
};

#define HELP 0x7fff0000u /* a page with code of the kernel's for its users, of processors that have it */

struct processor;

/* One Unicorn engine: a processor that was chosen at least once. */
struct engine {
	uc_engine *uc;         /* NULL: not yet */
	uc_context *fresh;     /* registers of a process that has not run */
	uint64_t control[4];   /* of x86: CR0, CR3, CR4 and EFER of a fresh process; a guest that changed them costs a TLB flush */
	uint8_t *page;         /* of x86: descriptors; of ARM: what the kernel has for its users */
	uint8_t *help;         /* code that the kernel has for its users */
	bool used;             /* since the last reset */
	bool spoilt;           /* see machine_spoilt() */
	void *core;            /* of x86: as the library calls it; NULL: it has looked at no memory yet */
	void *shown[PAGE_STATES]; /* what the library is told of a page, by its state; all NULL: it keeps a mapping of each itself (whole.c) */
};

struct machine {
	uc_engine *uc;         /* of the processor in use */
	const struct processor *cpu;
	struct engine *now;
	uint8_t bit;           /* of it in masks of engines */
	struct engine engines[CPU_COUNT];
	struct machine_hooks hooks;
	uint8_t *window;       /* host memory of guest address 0 */
	uint8_t *states;       /* enum page_state of each page */
	bool code_near[WINDOW_END / CODE_NEAR]; /* was some page of this part of the window ever PAGE_CODE? */
	uint8_t *code_marks;   /* engines that ran a block in this writable page */
	unsigned mappings_count;
	unsigned settled_count;
	struct mapping settled[SETTLED_MAX]; /* memory that stays mapped between runs */
	uint8_t *marks;             /* enum page_mark of each page */
	const uint8_t **pending;    /* of each page, borrowed: what is laid there once somebody looks; until then it is zero and not touched */
	unsigned touched_count;
	uint32_t touched[TOUCHED_MAX]; /* pages marked so */
	bool touched_lost;          /* there are more */
	bool touched_stale;         /* they are those of what was started here, not of runs */
	unsigned touched_usual;     /* of the first run after all was forgotten; 0: there was none */
	unsigned laid_count, next_count;
	const struct laid_page *laid, *next; /* borrowed: what memory held when the run began, and what the next one begins with */
	const struct laid_page *promised; /* the last reset counted on a machine_lay() of these, which has not come */
	bool disturbed;             /* this run mapped memory, or changed what was settled */
	struct mapping mappings[MAPPINGS_MAX];
	unsigned code_pages_count;
	uint32_t code_pages[CODE_PAGES_MAX];
	bool code_pages_lost;
	uint64_t blocks, stop_at;
	uint64_t stop_was;          /* stop_at, once the run is to end and the next block is not to be counted */
	/* Of the blocks of writable pages, by the low bits of where they begin: see weight.c. Of several the most counts. */
	uint16_t weights[WEIGHTS];
	bool weighed;               /* any is not 0 */
	bool untold;                /* this run's code may have written memory past what an engine looks up */
	uint64_t translations, mapped; /* see machine_translations(), machine_mappings() */
	uint64_t block;        /* where the last one began */
	uint64_t pc;           /* where the next run begins */
	uint32_t block_size;   /* bytes */
	enum machine_stop stop;
	bool stopping, jumping;
	bool sharing;          /* the engine got code that it did not have */
	uint64_t jump;         /* where the run goes on after the hook */
	uint64_t fault_address;
	uint32_t entry;        /* the number of the interrupt that is in the hook */
};

extern const struct processor *const processors[CPU_COUNT];
/* Opens it if it was not. -ENOMEM, -EIO. */
must_check int machine_engine(struct machine *, enum machine_cpu);
void machine_engines_close(struct machine *);
/* count.c: before the first machine */
void machine_count_open(void);
/* The hook of each block, of processors of x86 */
extern void *const machine_block_hook;
#define BLOCK_COUNTED UINT32_MAX /* its size where it was counted before the hook was called: see count.c */
/* Why a run ends, from a hook. */
void machine_stop(struct machine *, enum machine_stop);
/* Gives the engine in use what the window has at this address; false: nothing, or it has it. */
bool machine_share(struct machine *, uint64_t address);
/* What the host's time for this block of x86 code is beyond that for any block, in blocks. */
unsigned code_weight(struct bytes code);
/* May it hold an instruction that only a kernel needs? */
bool code_is_system(struct bytes code);
/* window.c: takes mapping i from the engines, or away with its host memory; maps what of a mapping is not there yet */
void machine_take(struct machine *, unsigned i);
void machine_unmap(struct machine *, unsigned i);
must_check int machine_map_missing(struct machine *, struct mapping);
/* stores.c: before the first machine; before each run */
void machine_stores_open(void);
void machine_stores_of(struct machine *);
struct machine *machine_running(void); /* the thread's; NULL: none */
/* Is the library one whose functions may be taken for? */
bool machine_stores_known(void);
/* Is every page told that the engines of x86 look at? */
bool machine_stores_told(void);
/* Nothing is written any more without being told first. */
void machine_stores_forget(struct engine *);
void machine_stores_forget_page(struct engine *, uint64_t at);
/* whole.c: the engine has all of the window from now on, and asks what stands where; an engine of x86 alone. -EIO. */
must_check int machine_whole_open(struct machine *, struct engine *);
bool machine_is_whole(const struct engine *);
/* What the engines know of pages that are another thing now: touched of what was memory, all of what had code. */
void machine_whole_forget(struct machine *, const struct mapping *);
/* touched.c: these pages may hold anything from now on; so may those of them that something was laid in */
void machine_touch(struct machine *, uint64_t start, uint64_t end);
void machine_touch_laid(struct machine *, uint64_t start, uint64_t end);
/* What was to be laid there is not wanted any more. */
void machine_forgo(struct machine *, uint64_t start, uint64_t end);
/* Zeroes memory, but for what the next machine_lay() overwrites; all: whatever is known of it. */
void machine_clean(struct machine *, bool all);
/* stage.c: memory as it was settled */
must_check int machine_stage_set(struct machine *);
must_check int machine_window_open(struct machine *);
void machine_window_close(struct machine *);

#endif

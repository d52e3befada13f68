/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of emu/machine share: the engine and the state of each page of the window. */
#ifndef EMU_MACHINE_INSIDE_H
#define EMU_MACHINE_INSIDE_H

#include "emu/machine/machine.h"

#include <unicorn/unicorn.h>

enum page_state { PAGE_NONE, PAGE_IMAGE, PAGE_MEMORY, PAGE_CODE };

/* One uc_mem_map_ptr() of ours, so that it can be taken away whole. */
struct mapping {
	uint64_t start, end;
	const uint8_t *source; /* NULL: memory; else the file's bytes behind an image */
	bool code;             /* memory that the guest may execute: each write to it is slow, so most is not */
};

enum {
	MAPPINGS_MAX = 4096,
	STAGES = 4,
	SETTLED_MAX = 512,
	SPARED_MAX = 1024,
	CODE_PAGES_MAX = 8192, /* writable pages with translations; past it every host write drops all */
};

struct machine {
	uc_engine *uc;
	struct machine_hooks hooks;
	uc_context *fresh;     /* registers of a process that has not run */
	uint8_t *window;       /* host memory of guest address 0 */
	uint8_t *states;       /* enum page_state of each page */
	uint8_t *code_marks;   /* 1: a block ran in this writable page */
	unsigned mappings_count;
	struct stage {              /* memory that stays mapped between runs of one kind */
		unsigned count;
		struct mapping settled[SETTLED_MAX];
	} stages[STAGES];
	unsigned stage, standing;   /* the one that is wanted, and the one that is mapped */
	unsigned spared_count;
	struct span spared[SPARED_MAX]; /* memory that the next reset need not zero */
	bool disturbed;             /* this run mapped memory, or changed what was settled */
	struct mapping mappings[MAPPINGS_MAX];
	unsigned code_pages_count;
	uint32_t code_pages[CODE_PAGES_MAX];
	bool code_pages_lost;
	uint64_t blocks, stop_at;
	uint64_t pc;           /* where the next run begins */
	enum machine_stop stop;
	bool stopping;
	uint64_t fault_address;
	uint64_t control[4];   /* CR0, CR3, CR4 and EFER of a fresh process: a guest that changed them costs a TLB flush */
};

/* Reads the control registers that could change how memory is seen. */
void machine_control(struct machine *, uint64_t ret[4]);
/* window.c: takes mapping i away; maps what of a mapping is not there yet */
void machine_unmap(struct machine *, unsigned i);
must_check int machine_map_missing(struct machine *, struct mapping);
/* stores.c: before the first machine; before each run */
void machine_stores_open(void);
void machine_stores_of(const struct machine *);
/* stage.c: memory as it was settled, and zeroed */
must_check int machine_stage_set(struct machine *);
must_check int machine_window_open(struct machine *);
void machine_window_close(struct machine *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Blocks counted where they run. Unicorn calls a hook for each block, from a place of its own in each translation, which no
 * processor foresees; to count takes it a tenth of that. So where the call is generated, this file's function stands before the
 * library's (as in stores.c), and generates the counting, which calls the hook only where the run is to end. Blocks of pages
 * that the guest may write are still told each.
 */
#include "emu/machine/inside.h"

#include <dlfcn.h>
#include <stddef.h>

/* The library's generator of code; values are told apart by their distance from its context. */
typeof(void *(void *context, int64_t value)) tcg_const_i64_x86_64;
typeof(void (void *context, void *function, void *result, int count, void **arguments)) tcg_gen_callN_x86_64;

/* Its operations by their numbers, and the condition of a branch: not signed, less or equal. */
enum { SET_LABEL = 1, LOAD_64 = 73, STORE_64 = 77, AT_MOST = 8 | 4 };

static struct generator {
	bool known;
	typeof(tcg_const_i64_x86_64) *constant;
	typeof(tcg_gen_callN_x86_64) *call;
	void *(*constant_32)(void *context, int32_t value);
	void *(*label)(void *context);
	void (*add)(void *context, void *to, void *a, int64_t b);
	void (*branch)(void *context, int condition, void *a, void *b, void *label);
	void (*operate_1)(void *context, unsigned operation, uintptr_t);
	void (*operate_3)(void *context, unsigned operation, uintptr_t, uintptr_t, uintptr_t);
} of;

static int64_t last[3]; /* constants, the newest first: a call's user data, the block's address, the engine */

void machine_count_open(void)
{
	*(void **)&of.constant = dlsym(RTLD_NEXT, "tcg_const_i64_x86_64");
	*(void **)&of.call = dlsym(RTLD_NEXT, "tcg_gen_callN_x86_64");
	*(void **)&of.constant_32 = dlsym(RTLD_NEXT, "tcg_const_i32_x86_64");
	*(void **)&of.label = dlsym(RTLD_NEXT, "gen_new_label_x86_64");
	*(void **)&of.add = dlsym(RTLD_NEXT, "tcg_gen_addi_i64_x86_64");
	*(void **)&of.branch = dlsym(RTLD_NEXT, "tcg_gen_brcond_i64_x86_64");
	*(void **)&of.operate_1 = dlsym(RTLD_NEXT, "tcg_gen_op1_x86_64");
	*(void **)&of.operate_3 = dlsym(RTLD_NEXT, "tcg_gen_op3_x86_64");
	of.known = machine_stores_known() && of.constant_32 != NULL && of.label != NULL && of.add != NULL && of.branch != NULL &&
	    of.operate_1 != NULL && of.operate_3 != NULL;
}

void *tcg_const_i64_x86_64(void *context, int64_t value)
{
	if (of.constant == NULL)
		machine_count_open();
	last[2] = last[1];
	last[1] = last[0];
	last[0] = value;
	return of.constant(context, value);
}

static uintptr_t argument(void *context, void *value)
{
	return (uintptr_t)context + (uintptr_t)value;
}

/* if (++blocks > stop_at) the hook, which takes it back. */
static void count(void *context, struct machine *m, void *function, uint64_t address)
{
	void *base = of.constant(context, (int64_t)(uintptr_t)&m->blocks), *blocks = of.constant(context, 0), *limit = of.constant(context, 0);
	void *on = of.label(context), *arguments[4];

	of.operate_3(context, LOAD_64, argument(context, blocks), argument(context, base), 0);
	of.add(context, blocks, blocks, 1);
	of.operate_3(context, STORE_64, argument(context, blocks), argument(context, base), 0);
	of.operate_3(context, LOAD_64, argument(context, limit), argument(context, base), offsetof(struct machine, stop_at) - offsetof(struct machine, blocks));
	of.branch(context, AT_MOST, blocks, limit, on);
	arguments[0] = (void *)argument(context, of.constant(context, (int64_t)(uintptr_t)m->uc));
	arguments[1] = (void *)argument(context, of.constant(context, (int64_t)address));
	arguments[2] = (void *)argument(context, of.constant_32(context, (int32_t)BLOCK_COUNTED));
	arguments[3] = (void *)argument(context, of.constant(context, (int64_t)(uintptr_t)m));
	of.call(context, function, NULL, COUNT_OF(arguments), arguments);
	of.operate_1(context, SET_LABEL, (uintptr_t)on);
}

void tcg_gen_callN_x86_64(void *context, void *function, void *result, int arguments_count, void **arguments)
{
	struct machine *m = machine_running();
	uint64_t address = (uint64_t)last[1];

	if (of.call == NULL)
		machine_count_open();
	if (of.known && m != NULL && function == machine_block_hook && last[0] == (int64_t)(uintptr_t)m && last[2] == (int64_t)(uintptr_t)m->uc &&
	    address < WINDOW_END && m->states[address / GUEST_PAGE] == PAGE_IMAGE)
		count(context, m, function, address);
	else
		of.call(context, function, result, arguments_count, arguments);
}

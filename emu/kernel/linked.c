/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stretches of the dynamic loader's work: found again, gone over. */
#include "emu/kernel/linked_inside.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum {
	AUX_RANDOM = 25,  /* AT_RANDOM: where chance's bytes stand */
	WORDS_MAX = 8192, /* of arguments and environment */
};

/* What a variable may tell a loader is no part of what is compared: who sets one has it run. */
static bool is_for_loader(struct bytes variable)
{
	return bytes_starts_fold(variable, bytes_text("LD_")) || bytes_starts_fold(variable, bytes_text("GLIBC_")) ||
	    bytes_starts_fold(variable, bytes_text("MALLOC_"));
}

void linked_begin(struct process *p, const struct start *start, uint64_t sp)
{
	p->linking_sp = p->abi == NULL && p->program_node->mapped && sp % GUEST_PAGE == 0 && !p->undumpable ? sp : 0;
	for (unsigned i = 0; i < start->envc; i++)
		if (is_for_loader(start->envp[i]))
			p->linking_sp = 0;
}

uint64_t linked_stack(const struct process *p, uint64_t sp)
{
	return p->linking_sp != 0 && sp > p->linking_sp - FRAMES ? p->linking_sp - FRAMES : sp;
}

static uint64_t word_at(const struct process *p, uint64_t at)
{
	uint64_t v = 0;

	(void)!space_get(p->space, at, &v, sizeof(v));
	return v;
}

/* Where chance's bytes stand, behind arguments and environment; 0: nowhere. */
static uint64_t random_of(const struct process *p, uint64_t argc)
{
	uint64_t at = p->linking_sp + (argc + 2) * sizeof(uint64_t);

	if (argc > WORDS_MAX)
		return 0;
	for (unsigned i = 0; i < WORDS_MAX && word_at(p, at) != 0; i++)
		at += sizeof(uint64_t);
	at += sizeof(uint64_t);
	for (unsigned i = 0; i < WORDS_MAX && word_at(p, at) != 0; i++, at += 2 * sizeof(uint64_t))
		if (word_at(p, at) == AUX_RANDOM)
			return word_at(p, at + sizeof(uint64_t));
	return 0;
}

/* glibc makes the canary of the first of chance's words, whose low byte it clears, and the guard of the second. */
void linked_own_of(struct kernel *k, const struct process *p, struct own *ret)
{
	uint64_t argc = word_at(p, p->linking_sp), random = random_of(p, argc);

	*ret = (struct own){ .sp = p->linking_sp, .canary = word_at(p, random) & ~UINT64_C(0xff),
		.guard = word_at(p, random + sizeof(uint64_t)), .ticks = machine_ticks(k->machine), .argc = (uint32_t)argc, .pid = (uint32_t)p->pid };
	machine_get_all(k->machine, &ret->registers);
}

static bool is_ticks(const struct own *o, uint64_t v)
{
	return v >= MACHINE_TICKS && v <= o->ticks;
}

bool linked_is_argument(const struct own *o, uint64_t v)
{
	return v >= o->sp && v < WINDOW_STACK_END;
}

/* Does a process's word mean what another's does? */
static bool alike(uint64_t a, uint64_t b, const struct own *of_a, const struct own *of_b)
{
	if (a == b || (linked_is_argument(of_a, a) && linked_is_argument(of_b, b)) || (a == of_a->canary && b == of_b->canary) ||
	    (a == of_a->guard && b == of_b->guard) || (is_ticks(of_a, a) && is_ticks(of_b, b)))
		return true;
	for (unsigned half = 0; half < 2; half++, a >>= 32, b >>= 32) {
		uint32_t x = (uint32_t)a, y = (uint32_t)b;

		if (x != y && !(x == of_a->argc && y == of_b->argc) && !(x == of_a->pid && y == of_b->pid))
			return false;
	}
	return true;
}

static bool same_ranges(const struct space *s, const struct linked *l)
{
	if (s->count != l->ranges_count || s->brk != l->brk)
		return false;
	for (unsigned i = 0; i < s->count; i++) {
		const struct range *a = &s->ranges[i], *b = &l->ranges[i];

		if (a->start != b->start || a->end != b->end || a->kind != b->kind || a->protection != b->protection ||
		    a->reserved != b->reserved || a->source != b->source || a->shared != NULL || !a->resident)
			return false;
	}
	return true;
}

static bool same_page(const struct kernel *k, const struct linked *l, const struct page *page, const struct own *now)
{
	const uint64_t *a = linked_before(page);
	const uint64_t *b = (const uint64_t *)(const void *)machine_host(k->machine, page->at);

	machine_fetch(k->machine, page->at, page->at + GUEST_PAGE);
	if (memcmp(a, b, GUEST_PAGE) == 0)
		return true;
	for (unsigned i = 0; i < WORDS; i++)
		if (!alike(a[i], b[i], &l->own, now))
			return false;
	return true;
}

static bool same_registers(struct kernel *k, const struct linked *l, const struct own *now)
{
	struct float_registers f;

	machine_get_floats(k->machine, &f);
	for (unsigned i = 0; i < GPR_COUNT; i++)
		if (!alike(l->before.r[i], now->registers.r[i], &l->own, now))
			return false;
	return memcmp(&f, &l->floats_before, sizeof(f)) == 0;
}

static bool is_here(struct kernel *k, const struct process *p, const struct linked *l, const struct own *now)
{
	if (l->blocks == 0 || l->program != p->program_node || l->own.sp != now->sp || !same_ranges(p->space, l) || !same_registers(k, l, now))
		return false;
	for (unsigned i = 0; i < l->pages_count; i++)
		if (!same_page(k, l, &l->pages[i], now))
			return false;
	return true;
}

/* What the loader has written, as it would have for this process. */
static uint64_t written(const struct linked *l, const struct own *now, uint64_t v)
{
	if (v == l->own.canary)
		return now->canary;
	if (v == l->own.guard)
		return now->guard;
	return v >= MACHINE_TICKS && v <= l->ticks ? v - l->own.ticks + now->ticks : v;
}

/* A page as the loader leaves it: what it wrote; the rest is the process's. */
static void lay(struct kernel *k, const struct linked *l, const struct page *page, const struct own *now)
{
	const uint64_t *before = linked_before(page), *after = (const uint64_t *)(const void *)page->after;
	uint64_t *to = (uint64_t *)(void *)machine_host(k->machine, page->at);

	machine_fetch(k->machine, page->at, page->at + GUEST_PAGE);
	for (unsigned i = 0; i < WORDS; i++)
		if (after[i] != before[i])
			to[i] = written(l, now, after[i]);
	machine_wrote(k->machine, page->at, page->at + GUEST_PAGE);
}

/* The process is at the call that the stretch ends with. */
static void arrive(struct kernel *k, struct process *p)
{
	const struct linked *l = p->passing;

	for (unsigned i = 0; i < l->pages_count; i++)
		if (l->pages[i].after != NULL)
			lay(k, l, &l->pages[i], p->passing_own);
	for (unsigned i = 0; i < GPR_RIP; i++)
		machine_set(k->machine, i, l->after.r[i] != l->before.r[i] ? written(l, p->passing_own, l->after.r[i]) : p->passing_own->registers.r[i]);
	machine_set(k->machine, GPR_RFLAGS, l->after.r[GPR_RFLAGS]);
	machine_set_floats(k->machine, &l->floats_after);
	linked_leave(p);
}

void linked_leave(struct process *p)
{
	free(p->passing_own);
	p->passing_own = NULL;
	p->passing = NULL;
}

bool linked_pass(struct kernel *k, struct process *p, uint64_t *blocks)
{
	const struct linked *l = p->passing;

	for (;;) {
		uint64_t next = p->passed_calls < l->calls_count ? l->offsets[p->passed_calls] : l->blocks - 1;
		uint64_t step = next - p->passed < *blocks ? next - p->passed : *blocks;

		machine_skip(k->machine, step);
		*blocks -= step;
		p->passed += step;
		if (p->passed < next || k->over)
			return false;
		if (p->passed_calls == l->calls_count)
			break;
		memcpy(p->call, l->calls[p->passed_calls++], sizeof(p->call));
		kernel_call(k, call_find(p->call[0]));
	}
	arrive(k, p);
	return true;
}

uint64_t linked_end(const struct process *p)
{
	return p->passing->after.r[GPR_RIP];
}

/* Calls by which a loader gets at libraries; behind any other one it has done its work. */
static bool is_loaders(uint64_t number)
{
	static const uint16_t numbers[] = { SYS_read, SYS_open, SYS_close, SYS_stat, SYS_fstat, SYS_mmap, SYS_mprotect, SYS_munmap, SYS_brk, SYS_pread64,
	                                    SYS_access, SYS_openat, SYS_newfstatat, SYS_arch_prctl, SYS_set_tid_address, SYS_set_robust_list, SYS_rseq };

	for (unsigned i = 0; i < COUNT_OF(numbers); i++)
		if (numbers[i] == number)
			return true;
	return false;
}

static const struct linked *find(struct kernel *k, const struct process *p, const struct own *now)
{
	for (const struct linked *l = k->linked; l != NULL; l = l->next)
		if (is_here(k, p, l, now))
			return l;
	return NULL;
}

bool linked_call(struct kernel *k, struct process *p)
{
	struct own *now;

	if (k->linking != NULL && k->linking->pid == p->pid) {
		if ((p->call[0] != SYS_mprotect && p->call[0] != SYS_rseq) || !linked_keep_call(k, p))
			linked_keep_end(k, p);
	}
	if (!is_loaders(p->call[0]))
		p->linking_sp = 0;
	if ((k->linking != NULL && k->linking->pid == p->pid) || p->call[0] != SYS_set_robust_list || p->linking_sp == 0 || p->space->refs != 1 ||
	    (now = malloc(sizeof(*now))) == NULL)
		return false;
	linked_own_of(k, p, now);
	if ((p->passing = find(k, p, now)) != NULL) {
		p->passing_own = now;
		p->passed = p->passed_calls = 0;
		return true;
	}
	free(now);
	if (k->linking != NULL)
		return false; /* another process's is being kept */
	linked_keep_begin(k, p);
	if (k->linking != NULL)
		(void)linked_keep_call(k, p);
	return false;
}

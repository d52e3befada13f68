/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stretches of the dynamic loader's work: kept, found again, gone over. */
#include "emu/kernel/linked.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

enum {
	WORDS = GUEST_PAGE / sizeof(uint64_t),
	LINKED_MAX = 256,        /* stretches of a kernel */
	PAGES_ALL = 6144,        /* and their pages, twice where they change */
	PAGES_MAX = 3072,        /* of one, those of zeroes too */
	OF_PROGRAM_MAX = 16,     /* stretches of one program: places of its heap, steps of its loader */
	CALLS_MAX = 96,          /* about as many libraries */
	FRAMES = 5 * GUEST_PAGE, /* bytes of stack that a loader may use */
	WORTH_BLOCKS = 1500,     /* fewer are run faster than compared */
	AUX_RANDOM = 25,         /* AT_RANDOM: where chance's bytes stand */
	WORDS_MAX = 8192,        /* of arguments and environment */
};

struct page {
	uint64_t at;
	uint8_t *before, *after; /* owned; before NULL: zeroes; after NULL: the same */
};

/* What differs from process to process and is only handed on. */
struct own {
	struct registers registers;
	uint64_t sp, canary, guard;
	uint64_t ticks;          /* the loader notes when it began, for its statistics */
	uint32_t argc, pid;
};

struct linked {
	struct linked *next;
	struct node *program;
	int pid;                 /* whose work it is */
	struct own own;
	struct registers before, after;
	struct float_registers floats_before, floats_after;
	uint64_t brk;
	unsigned ranges_count, pages_count, calls_count;
	struct range *ranges;
	struct page *pages;
	uint64_t blocks, ticks;  /* how many; and where those of the processor stand afterwards */
	uint64_t calls[CALLS_MAX][7], offsets[CALLS_MAX]; /* in blocks */
};

static const uint8_t zeroes[GUEST_PAGE] __attribute__((aligned(8)));

static const uint64_t *before_of(const struct page *page)
{
	return (const uint64_t *)(const void *)(page->before != NULL ? page->before : zeroes);
}

static void drop_pages(struct kernel *k, struct linked *l)
{
	for (unsigned i = 0; i < l->pages_count; i++) {
		k->linked_pages -= (l->pages[i].before != NULL) + (l->pages[i].after != NULL);
		free(l->pages[i].before);
		free(l->pages[i].after);
	}
	l->pages_count = 0;
}

static void free_one(struct kernel *k, struct linked *l)
{
	if (l == NULL)
		return;
	drop_pages(k, l);
	free(l->pages);
	free(l->ranges);
	free(l);
}

void linked_stop(struct kernel *k)
{
	free_one(k, k->linking);
	k->linking = NULL;
}

void linked_free(struct kernel *k)
{
	linked_stop(k);
	while (k->linked != NULL) {
		struct linked *l = k->linked;

		k->linked = l->next;
		free_one(k, l);
	}
}

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
static void own_of(struct kernel *k, const struct process *p, struct own *ret)
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

static bool is_argument(const struct own *o, uint64_t v)
{
	return v >= o->sp && v < WINDOW_STACK_END;
}

/* Does a process's word mean what another's does? */
static bool alike(uint64_t a, uint64_t b, const struct own *of_a, const struct own *of_b)
{
	if (a == b || (is_argument(of_a, a) && is_argument(of_b, b)) || (a == of_a->canary && b == of_b->canary) ||
	    (a == of_a->guard && b == of_b->guard) || (is_ticks(of_a, a) && is_ticks(of_b, b)))
		return true;
	for (unsigned half = 0; half < 2; half++, a >>= 32, b >>= 32) {
		uint32_t x = (uint32_t)a, y = (uint32_t)b;

		if (x != y && !(x == of_a->argc && y == of_b->argc) && !(x == of_a->pid && y == of_b->pid))
			return false;
	}
	return true;
}

static bool is_zero(const uint8_t *page)
{
	return page[0] == 0 && memcmp(page, page + 1, GUEST_PAGE - 1) == 0;
}

/* Where the pages of a range begin and end that the loader may write: of the stack, its frames. */
static bool bounds(const struct range *r, uint64_t sp, uint64_t *start, uint64_t *end)
{
	*start = r->start;
	*end = r->end;
	if (r->kind == RANGE_STACK) {
		*start = sp - FRAMES > r->start ? sp - FRAMES : r->start;
		*end = sp;
	}
	return r->kind != RANGE_IMAGE && !r->reserved;
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
	const uint64_t *a = before_of(page);
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
	const uint64_t *before = before_of(page), *after = (const uint64_t *)(const void *)page->after;
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

/* A copy of a page, counted; NULL: no room. */
static uint8_t *copy_page(struct kernel *k, const uint8_t *from)
{
	uint8_t *to = k->linked_pages < PAGES_ALL ? malloc(GUEST_PAGE) : NULL;

	if (to == NULL)
		return NULL;
	k->linked_pages++;
	memcpy(to, from, GUEST_PAGE);
	return to;
}

static unsigned pages_of(const struct space *s, uint64_t sp)
{
	uint64_t start, end, count = 0;

	for (unsigned i = 0; i < s->count; i++)
		if (bounds(&s->ranges[i], sp, &start, &end))
			count += (end - start) / GUEST_PAGE;
	return count <= PAGES_MAX ? (unsigned)count : 0;
}

/* That the process itself has run. */
static uint64_t own_blocks(const struct kernel *k, const struct process *p)
{
	return p->cpu_ns / KERNEL_BLOCK_NS + machine_blocks(k->machine) - k->blocks_seen;
}

static bool has_room(const struct kernel *k, const struct process *p)
{
	unsigned all = 0, own = 0;

	for (const struct linked *l = k->linked; l != NULL; l = l->next, all++) {
		if (l->program == p->program_node && l->blocks == 0 && l->ranges_count == p->space->count)
			return false;
		own += l->program == p->program_node;
	}
	return all < LINKED_MAX && own < OF_PROGRAM_MAX;
}

/* Memory as it is before the stretch. false: it is too much. */
static bool keep_before(struct kernel *k, const struct process *p, struct linked *l)
{
	const struct space *s = p->space;
	uint64_t start, end;

	l->ranges = malloc(s->count * sizeof(*l->ranges) + 1);
	l->pages = calloc(pages_of(s, l->own.sp) + 1, sizeof(*l->pages));
	if (l->ranges == NULL || l->pages == NULL || pages_of(s, l->own.sp) == 0)
		return false;
	memcpy(l->ranges, s->ranges, s->count * sizeof(*l->ranges));
	l->ranges_count = s->count;
	l->brk = s->brk;
	for (unsigned i = 0; i < s->count; i++) {
		if (!bounds(&s->ranges[i], l->own.sp, &start, &end))
			continue;
		if (s->ranges[i].shared != NULL)
			return false;
		for (uint64_t at = start; at < end; at += GUEST_PAGE) {
			struct page *page = &l->pages[l->pages_count++];

			page->at = at;
			machine_fetch(k->machine, at, at + GUEST_PAGE);
			if (!is_zero(machine_host(k->machine, at)) && (page->before = copy_page(k, machine_host(k->machine, at))) == NULL)
				return false;
		}
	}
	return true;
}

static void keep_begin(struct kernel *k, struct process *p)
{
	struct linked *l = has_room(k, p) ? calloc(1, sizeof(*l)) : NULL;

	linked_stop(k);
	if (l == NULL)
		return;
	l->program = p->program_node;
	l->pid = p->pid;
	own_of(k, p, &l->own);
	l->before = l->own.registers;
	machine_get_floats(k->machine, &l->floats_before);
	l->blocks = own_blocks(k, p);
	k->linking = l;
	if (!keep_before(k, p, l))
		linked_stop(k);
}

/* What was written is the same in every process, or follows from what is its own. */
static bool is_everybodys(const struct own *o, uint64_t before, uint64_t after)
{
	return before == after || !is_argument(o, after) || after == o->sp;
}

static bool keep_after(struct kernel *k, struct linked *l)
{
	for (unsigned i = 0; i < l->pages_count; i++) {
		const uint8_t *now = machine_host(k->machine, l->pages[i].at);
		const uint64_t *before = before_of(&l->pages[i]), *after;

		machine_fetch(k->machine, l->pages[i].at, l->pages[i].at + GUEST_PAGE);
		if (memcmp(now, before, GUEST_PAGE) == 0)
			continue;
		/* frames may go further down than is looked */
		if (l->pages[i].at == l->own.sp - FRAMES || (l->pages[i].after = copy_page(k, now)) == NULL)
			return false;
		after = (const uint64_t *)(const void *)l->pages[i].after;
		for (unsigned w = 0; w < WORDS; w++)
			if (!is_everybodys(&l->own, before[w], after[w]))
				return false;
	}
	for (unsigned i = 0; i < GPR_RIP; i++)
		if (!is_everybodys(&l->own, l->before.r[i], l->after.r[i]))
			return false;
	return true;
}

static void keep_end(struct kernel *k, struct process *p)
{
	struct linked *l = k->linking;

	l->blocks = own_blocks(k, p) - l->blocks;
	l->ticks = machine_ticks(k->machine);
	machine_get_all(k->machine, &l->after);
	machine_get_floats(k->machine, &l->floats_after);
	/* what cannot be kept, or is not worth it, is known by its program and ranges, and not tried again */
	if (l->blocks < WORTH_BLOCKS || l->after.r[GPR_FS_BASE] != l->before.r[GPR_FS_BASE] || !keep_after(k, l)) {
		drop_pages(k, l);
		l->blocks = 0;
	}
	k->linking = NULL;
	l->next = k->linked;
	k->linked = l;
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

static void note_call(struct kernel *k, const struct process *p)
{
	struct linked *l = k->linking;

	l->offsets[l->calls_count] = own_blocks(k, p) - l->blocks;
	memcpy(l->calls[l->calls_count++], p->call, sizeof(p->call));
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
		if ((p->call[0] == SYS_mprotect || p->call[0] == SYS_rseq) && k->linking->calls_count < CALLS_MAX)
			note_call(k, p);
		else
			keep_end(k, p);
	}
	if (!is_loaders(p->call[0]))
		p->linking_sp = 0;
	if ((k->linking != NULL && k->linking->pid == p->pid) || p->call[0] != SYS_set_robust_list || p->linking_sp == 0 || p->space->refs != 1 ||
	    (now = malloc(sizeof(*now))) == NULL)
		return false;
	own_of(k, p, now);
	if ((p->passing = find(k, p, now)) != NULL) {
		p->passing_own = now;
		p->passed = p->passed_calls = 0;
		return true;
	}
	free(now);
	if (k->linking != NULL)
		return false; /* another process's is being kept */
	keep_begin(k, p);
	if (k->linking != NULL)
		note_call(k, p);
	return false;
}

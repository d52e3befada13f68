/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stretches of the dynamic loader's work: kept, as memory and registers before and after. */
#include "emu/kernel/linked_inside.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINKED_MAX = 256,     /* stretches of a kernel */
	PAGES_ALL = 6144,     /* and their pages, twice where they change */
	PAGES_MAX = 3072,     /* of one, those of zeroes too */
	OF_PROGRAM_MAX = 16,  /* stretches of one program: places of its heap, steps of its loader */
	WORTH_BLOCKS = 1500,  /* fewer are run faster than compared */
};

static const uint8_t zeroes[GUEST_PAGE] __attribute__((aligned(8)));

const uint64_t *linked_before(const struct page *page)
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

void linked_keep_begin(struct kernel *k, struct process *p)
{
	struct linked *l = has_room(k, p) ? calloc(1, sizeof(*l)) : NULL;

	linked_stop(k);
	if (l == NULL)
		return;
	l->program = p->program_node;
	l->pid = p->pid;
	linked_own_of(k, p, &l->own);
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
	return before == after || !linked_is_argument(o, after) || after == o->sp;
}

static bool keep_after(struct kernel *k, struct linked *l)
{
	for (unsigned i = 0; i < l->pages_count; i++) {
		const uint8_t *now = machine_host(k->machine, l->pages[i].at);
		const uint64_t *before = linked_before(&l->pages[i]), *after;

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

void linked_keep_end(struct kernel *k, struct process *p)
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

bool linked_keep_call(struct kernel *k, const struct process *p)
{
	struct linked *l = k->linking;

	if (l->calls_count == CALLS_MAX)
		return false;
	l->offsets[l->calls_count] = own_blocks(k, p) - l->blocks;
	memcpy(l->calls[l->calls_count++], p->call, sizeof(p->call));
	return true;
}

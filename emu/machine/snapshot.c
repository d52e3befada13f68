/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots: taken page by page; those that are alike in several of one machine's are kept once. */
#include "emu/machine/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The bytes of a page, of all snapshots that have it so. */
struct kept {
	unsigned refs;
	uint8_t bytes[GUEST_PAGE];
};

struct snapshot {
	unsigned count, pages_count;
	struct range *ranges;   /* none resident, no copies */
	struct laid_page *pages;     /* that hold something */
	struct kept **kept;     /* of each page */
	struct memory *memory;  /* borrowed: whose list of snapshots has it; NULL: none yet */
	struct machine *machine; /* borrowed: that it is laid in */
	struct snapshot *next;
	uint64_t brk_start, brk;
};

static bool is_zero(const uint8_t *page)
{
	return page[0] == 0 && memcmp(page, page + 1, GUEST_PAGE - 1) == 0;
}

/* Another snapshot's page of the same place and bytes, or a new one; NULL: no memory. */
static struct kept *keep(const struct snapshot *others, uint64_t at, const uint8_t *bytes)
{
	struct kept *k;

	for (const struct snapshot *s = others; s != NULL; s = s->next) {
		unsigned low = 0, high = s->pages_count;

		while (low < high) {
			unsigned middle = (low + high) / 2;

			if (s->pages[middle].at < at)
				low = middle + 1;
			else
				high = middle;
		}
		if (low < s->pages_count && s->pages[low].at == at && memcmp(s->pages[low].bytes, bytes, GUEST_PAGE) == 0) {
			s->kept[low]->refs++;
			return s->kept[low];
		}
	}
	if ((k = malloc(sizeof(*k))) == NULL)
		return NULL;
	k->refs = 1;
	memcpy(k->bytes, bytes, GUEST_PAGE);
	return k;
}

/* Pages that hold something; with s, they are kept there. Negative: no memory. */
static int64_t each_page(const struct space *of, struct snapshot *s)
{
	int64_t count = 0;

	for (unsigned i = 0; i < of->count; i++) {
		const struct range *r = &of->ranges[i];

		if (r->kind == RANGE_IMAGE || r->reserved)
			continue;
		for (uint64_t at = r->start; at < r->end; at += GUEST_PAGE) {
			const uint8_t *page = machine_host(of->memory->machine, at);

			machine_fetch(of->memory->machine, at, at + GUEST_PAGE);
			if (is_zero(page))
				continue;
			count++;
			if (s == NULL)
				continue;
			if ((s->kept[s->pages_count] = keep(of->memory->snapshots, at, page)) == NULL)
				return -ENOMEM;
			s->pages[s->pages_count] = (struct laid_page){ at, s->kept[s->pages_count]->bytes };
			s->pages_count++;
		}
	}
	return count;
}

int snapshot_new(const struct space *of, struct snapshot **ret)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	size_t count = (size_t)each_page(of, NULL);

	if (s == NULL)
		return -ENOMEM;
	s->ranges = malloc(of->count * sizeof(*s->ranges) + 1);
	s->pages = calloc(count + 1, sizeof(*s->pages));
	s->kept = calloc(count + 1, sizeof(*s->kept));
	if (s->ranges == NULL || s->pages == NULL || s->kept == NULL || each_page(of, s) < 0) {
		snapshot_free(s);
		return -ENOMEM;
	}
	for (s->count = 0; s->count < of->count; s->count++) {
		s->ranges[s->count] = of->ranges[s->count];
		s->ranges[s->count].copy = NULL;
		s->ranges[s->count].shared = NULL; /* what a snapshot shows is its own */
		s->ranges[s->count].resident = false;
	}
	s->brk_start = of->brk_start;
	s->brk = of->brk;
	s->memory = of->memory;
	s->machine = of->memory->machine;
	s->next = s->memory->snapshots;
	s->memory->snapshots = s;
	*ret = s;
	return 0;
}

void snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
	if (s->memory != NULL) {
		struct snapshot **at = &s->memory->snapshots;

		while (*at != s)
			at = &(*at)->next;
		*at = s->next;
		machine_unlay(s->machine, s->pages);
	}
	for (unsigned i = 0; i < s->pages_count; i++)
		if (--s->kept[i]->refs == 0)
			free(s->kept[i]);
	free(s->ranges);
	free(s->pages);
	free(s->kept);
	free(s);
}

void snapshot_prepare(const struct snapshot *s)
{
	machine_begin_with(s->machine, s->pages, s->pages_count);
}

static int map_all(const struct space *s)
{
	struct machine *m = s->memory->machine;
	int e = 0;

	for (unsigned i = 0; i < s->count && e == 0; i++) {
		const struct range *r = &s->ranges[i];

		if (r->kind == RANGE_IMAGE)
			e = machine_map_image(m, r->start, r->end, r->source);
		else if (!r->reserved)
			e = machine_map_memory(m, r->start, r->end, (r->protection & RANGE_EXECUTE) != 0);
	}
	return e;
}

int snapshot_instance(const struct snapshot *from, struct memory *memory, struct space **ret)
{
	struct space *s;
	int e = space_new(memory, &s);

	if (e < 0)
		return e;
	if ((s->ranges = malloc(from->count * sizeof(*s->ranges) + 1)) == NULL) {
		space_release(s);
		return -ENOMEM;
	}
	memcpy(s->ranges, from->ranges, from->count * sizeof(*s->ranges));
	s->count = s->room = from->count;
	s->brk_start = from->brk_start;
	s->brk = from->brk;
	for (unsigned i = 0; i < s->count; i++) {
		s->ranges[i].resident = true;
		memory->held += range_weight(&s->ranges[i]);
	}
	if ((e = map_all(s)) < 0) {
		space_release(s);
		return e;
	}
	machine_lay(memory->machine, from->pages, from->pages_count);
	memory->copied += (uint64_t)from->pages_count * GUEST_PAGE;
	*ret = s;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots: taken page by page, laid over the window run by run. */
#include "emu/machine/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct snapshot {
	unsigned count, spans_count;
	struct range *ranges;   /* none resident, no copies */
	struct span *spans;     /* of pages that hold something */
	uint8_t *bytes;         /* of all spans, one after the other */
	uint64_t brk_start, brk;
};

static bool is_zero(const uint8_t *page)
{
	return page[0] == 0 && memcmp(page, page + 1, GUEST_PAGE - 1) == 0;
}

/* Calls take for each run of pages of all ranges that hold something. */
static void each_span(const struct space *s, void (*take)(struct snapshot *, const uint8_t *, uint64_t, uint64_t),
    struct snapshot *to)
{
	for (unsigned i = 0; i < s->count; i++) {
		const struct range *r = &s->ranges[i];
		uint64_t begun = 0;

		if (r->kind == RANGE_IMAGE || r->reserved)
			continue;
		for (uint64_t at = r->start; at <= r->end; at += GUEST_PAGE) {
			const uint8_t *page = machine_host(s->memory->machine, at);
			bool holds = at < r->end && !is_zero(page);

			if (holds && begun == 0)
				begun = at;
			if (!holds && begun != 0) {
				take(to, machine_host(s->memory->machine, begun), begun, at);
				begun = 0;
			}
		}
	}
}

static void count_span(struct snapshot *s, const uint8_t *host, uint64_t start, uint64_t end)
{
	s->spans_count++;
	s->brk += end - start; /* for the time of counting: bytes in all */
}

static void keep_span(struct snapshot *s, const uint8_t *host, uint64_t start, uint64_t end)
{
	memcpy(s->bytes + s->brk, host, end - start);
	s->brk += end - start;
	s->spans[s->spans_count++] = (struct span){ start, end };
}

int snapshot_new(const struct space *of, struct snapshot **ret)
{
	struct snapshot *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return -ENOMEM;
	each_span(of, count_span, s);
	s->ranges = malloc(of->count * sizeof(*s->ranges) + 1);
	s->spans = malloc(s->spans_count * sizeof(*s->spans) + 1);
	s->bytes = malloc(s->brk + 1);
	if (s->ranges == NULL || s->spans == NULL || s->bytes == NULL) {
		snapshot_free(s);
		return -ENOMEM;
	}
	s->spans_count = 0;
	s->brk = 0;
	each_span(of, keep_span, s);
	for (s->count = 0; s->count < of->count; s->count++) {
		s->ranges[s->count] = of->ranges[s->count];
		s->ranges[s->count].copy = NULL;
		s->ranges[s->count].shared = NULL; /* what a snapshot shows is its own */
		s->ranges[s->count].resident = false;
	}
	s->brk_start = of->brk_start;
	s->brk = of->brk;
	*ret = s;
	return 0;
}

void snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
	free(s->ranges);
	free(s->spans);
	free(s->bytes);
	free(s);
}

void snapshot_prepare(const struct snapshot *s, struct machine *m)
{
	machine_spare(m, s->spans, s->spans_count);
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
	const uint8_t *bytes = from->bytes;
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
	for (unsigned i = 0; i < from->spans_count; i++) {
		const struct span *p = &from->spans[i];

		memcpy(machine_host(memory->machine, p->start), bytes, p->end - p->start);
		machine_wrote(memory->machine, p->start, p->end);
		bytes += p->end - p->start;
	}
	memory->copied += (uint64_t)(bytes - from->bytes);
	*ret = s;
	return 0;
}

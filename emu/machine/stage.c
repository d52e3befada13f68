/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What memory is mapped when a run begins: settled once, since mapping costs more than a run does. */
#include "emu/machine/inside.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

void machine_spare(struct machine *m, const struct span *spans, unsigned count)
{
	m->spared_count = count < SPARED_MAX ? count : SPARED_MAX;
	if (count != 0)
		memcpy(m->spared, spans, m->spared_count * sizeof(*spans));
}

static bool is_settled(const struct machine *m, const struct mapping *p)
{
	for (unsigned i = 0; i < m->settled_count; i++)
		if (m->settled[i].start == p->start && m->settled[i].end == p->end && m->settled[i].code == p->code)
			return true;
	return false;
}

/* After a run that mapped more, or mapped it otherwise. Images hold nothing of a run. */
static int resettle(struct machine *m)
{
	int r = 0;

	for (unsigned i = 0; i < m->mappings_count;)
		if (m->mappings[i].source == NULL && !is_settled(m, &m->mappings[i]))
			machine_unmap(m, i);
		else
			i++;
	for (unsigned i = 0; i < m->settled_count && r == 0; i++)
		r = machine_map_missing(m, m->settled[i]);
	m->disturbed = false;
	return r;
}

static void zero(struct machine *m, uint64_t start, uint64_t end)
{
	if (start < end)
		madvise(m->window + start, end - start, MADV_DONTNEED);
}

/* Zeroes a mapping but for what is spared. */
static void clean(struct machine *m, const struct mapping *p)
{
	unsigned low = 0, high = m->spared_count;
	uint64_t at = p->start;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (m->spared[middle].end <= p->start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < m->spared_count && m->spared[low].start < p->end; low++) {
		zero(m, at, m->spared[low].start);
		at = m->spared[low].end;
	}
	zero(m, at, p->end);
}

int machine_stage_set(struct machine *m)
{
	int r = m->disturbed ? resettle(m) : 0;

	for (unsigned i = 0; i < m->mappings_count && r == 0; i++)
		if (m->mappings[i].source == NULL)
			clean(m, &m->mappings[i]);
	m->spared_count = 0;
	return r;
}

int machine_settle(struct machine *m)
{
	m->settled_count = 0;
	for (unsigned i = 0; i < m->mappings_count; i++) {
		if (m->mappings[i].source != NULL)
			continue;
		if (m->settled_count == SETTLED_MAX) {
			m->settled_count = 0;
			return -ENOMEM;
		}
		m->settled[m->settled_count++] = m->mappings[i];
	}
	m->disturbed = false;
	return 0;
}

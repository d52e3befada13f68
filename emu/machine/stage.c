/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What memory is mapped when a run begins: settled once for each kind of run, since mapping costs more than a run does. */
#include "emu/machine/inside.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

void machine_stage(struct machine *m, unsigned stage)
{
	m->stage = stage < STAGES ? stage : 0;
}

void machine_spare(struct machine *m, const struct span *spans, unsigned count)
{
	m->spared_count = count < SPARED_MAX ? count : SPARED_MAX;
	if (count != 0)
		memcpy(m->spared, spans, m->spared_count * sizeof(*spans));
}

static unsigned wanted(const struct machine *m)
{
	return m->stages[m->stage].count != 0 ? m->stage : 0;
}

static bool is_settled(const struct stage *s, const struct mapping *p)
{
	for (unsigned i = 0; i < s->count; i++)
		if (s->settled[i].start == p->start && s->settled[i].end == p->end && s->settled[i].code == p->code)
			return true;
	return false;
}

/* After a run that mapped more, or mapped it otherwise, or was of another kind. Images hold nothing of a run. */
static int resettle(struct machine *m)
{
	const struct stage *s = &m->stages[wanted(m)];
	int r = 0;

	for (unsigned i = 0; i < m->mappings_count;)
		if (m->mappings[i].source == NULL && !is_settled(s, &m->mappings[i]))
			machine_unmap(m, i);
		else
			i++;
	for (unsigned i = 0; i < s->count && r == 0; i++)
		r = machine_map_missing(m, s->settled[i]);
	m->standing = wanted(m);
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
	int r = m->disturbed || m->standing != wanted(m) ? resettle(m) : 0;

	for (unsigned i = 0; i < m->mappings_count && r == 0; i++)
		if (m->mappings[i].source == NULL)
			clean(m, &m->mappings[i]);
	m->spared_count = 0;
	return r;
}

int machine_settle(struct machine *m)
{
	struct stage *s = &m->stages[m->stage];

	s->count = 0;
	for (unsigned i = 0; i < m->mappings_count; i++) {
		if (m->mappings[i].source != NULL)
			continue;
		if (s->count == SETTLED_MAX) {
			s->count = 0;
			return -ENOMEM;
		}
		s->settled[s->count++] = m->mappings[i];
	}
	m->standing = m->stage;
	m->disturbed = false;
	return 0;
}

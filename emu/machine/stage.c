/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What memory is mapped when a run begins: settled once, since mapping costs more than a run does. */
#include "emu/machine/inside.h"

#include <errno.h>

static bool is_settled(const struct machine *m, const struct mapping *p)
{
	for (unsigned i = 0; i < m->settled_count; i++)
		if (m->settled[i].start == p->start && m->settled[i].end == p->end && m->settled[i].code == p->code)
			return true;
	return false;
}

/* A piece of what will be there again? It keeps its host memory. */
static bool is_piece(const struct machine *m, const struct mapping *p)
{
	for (unsigned i = 0; i < m->settled_count; i++)
		if (m->settled[i].start <= p->start && p->end <= m->settled[i].end)
			return true;
	return false;
}

/* After a run that mapped more, or mapped it otherwise. Images hold nothing of a run. */
static int resettle(struct machine *m)
{
	int r = 0;

	for (unsigned i = 0; i < m->mappings_count;)
		if (m->mappings[i].source != NULL || is_settled(m, &m->mappings[i]))
			i++;
		else if (is_piece(m, &m->mappings[i]))
			machine_take(m, i);
		else
			machine_unmap(m, i);
	for (unsigned i = 0; i < m->settled_count && r == 0; i++)
		r = machine_map_missing(m, m->settled[i]);
	m->disturbed = false;
	return r;
}

int machine_stage_set(struct machine *m)
{
	return m->disturbed ? resettle(m) : 0;
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
	m->touched_stale = true;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A graph's memory. */
#include "emu/serial/graph.h"

#include <string.h>

void graph_clear(struct graph *g)
{
	g->values_count = g->edges_count = 0;
	g->full = false;
	g->text_used = 0;
}

struct value *graph_value(struct graph *g, enum value_kind kind)
{
	struct value *v;

	if (g->values_count == GRAPH_VALUES_MAX) {
		g->full = true;
		g->values_count--;
	}
	v = &g->values[g->values_count++];
	*v = (struct value){ .kind = kind };
	return v;
}

void graph_add(struct graph *g, struct value *from, struct bytes name, struct value *to)
{
	struct edge *e;

	if (g->edges_count == GRAPH_EDGES_MAX) {
		g->full = true;
		return;
	}
	e = &g->edges[g->edges_count++];
	*e = (struct edge){ name, to, NULL };
	if (from->last != NULL)
		from->last->next = e;
	else
		from->first = e;
	from->last = e;
}

uint8_t *graph_take(struct graph *g, size_t len)
{
	if (len > sizeof(g->text) - g->text_used) {
		g->full = true;
		return NULL;
	}
	g->text_used += len;
	return g->text + g->text_used - len;
}

struct value *graph_field(const struct value *v, const char *name)
{
	for (const struct edge *e = v->first; e != NULL; e = e->next)
		if (bytes_equal(e->name, bytes_text(name)))
			return e->to;
	return NULL;
}

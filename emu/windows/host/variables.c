/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The environment as a sorted list. */
#include "emu/windows/host/variables.h"

#include <string.h>
#include <strings.h>

/* Where name is, or would be. */
static unsigned place(const struct variables *v, const char *name, bool *found)
{
	unsigned low = 0, high = v->count;

	*found = false;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		int order = strcasecmp(v->list[middle].name, name);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *variable_find(const struct variables *v, const char *name)
{
	bool found;
	unsigned at = place(v, name, &found);

	return found ? v->list[at].value : NULL;
}

void variable_set(struct variables *v, const char *name, const char *value)
{
	bool found, away = value == NULL || *value == 0;
	unsigned at = place(v, name, &found);

	if (away && found) {
		memmove(&v->list[at], &v->list[at + 1], (v->count - at - 1) * sizeof(*v->list));
		v->count--;
	}
	if (away)
		return;
	if (strlen(value) > VARIABLE_BYTES_MAX || (!found && v->count == VARIABLES_MAX)) {
		heap_fill(v->heap);
		return;
	}
	if (found) {
		v->list[at].value = heap_text(v->heap, bytes_text(value));
		return;
	}
	if (v->count == v->room) {
		struct variable *more = heap_take(v->heap, (2 * v->room + 64) * sizeof(*more));

		if (v->count != 0)
			memcpy(more, v->list, v->count * sizeof(*more));
		v->list = more;
		v->room = 2 * v->room + 64;
	}
	memmove(&v->list[at + 1], &v->list[at], (v->count - at) * sizeof(*v->list));
	v->list[at] = (struct variable){ heap_text(v->heap, bytes_text(name)), heap_text(v->heap, bytes_text(value)) };
	v->count++;
}

struct variables *variables_of(struct host *h)
{
	const struct profile *p = &h->world->profile;
	struct variables *v = heap_take(h->heap, sizeof(*v));
	struct text facts = text_in(h->heap);

	v->heap = h->heap;
	for (unsigned i = 0; i < p->environment_count; i++) {
		char *row = host_fill(h, p->environment[i], NULL), *equals = strchr(row, '=');

		if (equals == NULL)
			continue;
		*equals = 0;
		variable_set(v, row, equals + 1);
		text_print(&facts, "%s\n", equals + 1);
	}
	record_fact(h->world->record, text_bytes(&facts));
	return v;
}

struct variables *variables_copy(const struct variables *from)
{
	struct variables *v = heap_take(from->heap, sizeof(*v));

	*v = *from;
	v->room = from->count + 8;
	v->list = heap_take(from->heap, v->room * sizeof(*v->list));
	if (v->count != 0)
		memcpy(v->list, from->list, v->count * sizeof(*v->list));
	return v;
}

const char *variable_ask(struct host *h, const struct variables *v, const char *name)
{
	const char *value = variable_find(v, name);

	if (value == NULL && record_ask(h->world->record, QUESTION_VARIABLE, name, false))
		return "1";
	return value;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handles and what they are of. */
#include "emu/windows/process/process.h"
#include "emu/world/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HANDLE_FIRST = 0x40 };

uint64_t win_handle(const struct windows *w, const struct win_object *o)
{
	return HANDLE_FIRST + 4 * (uint64_t)(o - w->objects);
}

struct win_object *win_object_new(struct windows *w, enum win_object_kind kind, uint64_t *handle)
{
	for (unsigned i = 0; i < WIN_OBJECTS_MAX; i++) {
		struct win_object *o = &w->objects[i];

		if (o->kind != WIN_FREE)
			continue;
		*o = (struct win_object){ .kind = kind };
		*handle = win_handle(w, o);
		return o;
	}
	win_stop(w, STOPPED_DESCRIPTORS);
	return NULL;
}

struct win_object *win_object(struct windows *w, uint64_t handle, enum win_object_kind kind)
{
	uint64_t i = (uint32_t)handle;
	struct win_object *o;

	if (i < HANDLE_FIRST || i % 4 != 0 || (i = (i - HANDLE_FIRST) / 4) >= WIN_OBJECTS_MAX)
		return NULL;
	o = &w->objects[i];
	return o->kind != WIN_FREE && (kind == WIN_FREE || o->kind == kind) ? o : NULL;
}

void win_object_free(struct windows *w, struct win_object *o)
{
	peer_close(o->peer);
	free(o->text);
	free(o->more);
	free(o->bytes);
	*o = (struct win_object){ 0 };
}

uint64_t win_error(struct windows *w, uint32_t error, uint64_t ret)
{
	(void)win_put(w, w->thread->teb + w->offsets->teb_error, error, 4);
	return ret;
}

void win_unknown(struct windows *w, const char *library, const char *name)
{
	char subject[256];

	w->unknown_calls++;
	snprintf(subject, sizeof(subject), "%.64s!%.128s", library, name);
	(void)record_ask(w->world->record, QUESTION_IDENTITY, subject, true);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pipes, with and without names. What a started program prints into one is there to be read. */
#include "emu/windows/api/api.h"

#include <string.h>

/* CreatePipe(read, write, attributes, size): two ends of the same bytes. */
static uint64_t create_pipe(struct windows *w, const uint64_t *a)
{
	uint64_t in = 0, out = 0;
	struct win_object *reads = win_object_new(w, WIN_PIPE, &in), *writes = win_object_new(w, WIN_PIPE, &out);

	if (reads == NULL || writes == NULL)
		return 0;
	writes->parent = (unsigned)(reads - w->objects) + 1;
	return win_put_word(w, a[0], in) && win_put_word(w, a[1], out);
}

static uint64_t create_named_pipe(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];
	uint64_t handle = 0;

	if (!api_text_of(w, a[0], name))
		return WIN_FAILED;
	api_tell(w, EVENT_PIPE, name);
	return win_object_new(w, WIN_PIPE, &handle) != NULL ? handle : WIN_FAILED;
}

/* Somebody comes, or nobody: nothing more is known of it. */
static uint64_t connect_named_pipe(struct windows *w, const uint64_t *a)
{
	return 1;
}

static uint64_t name_told(struct windows *w, const uint64_t *a)
{
	char name[WIN_TEXT_MAX];

	if (api_text_of(w, a[0], name))
		api_tell(w, EVENT_PIPE, name);
	return 1;
}

/* PeekNamedPipe(pipe, to, room, read, available, left) */
static uint64_t peek_named_pipe(struct windows *w, const uint64_t *a)
{
	struct win_object *o = win_object(w, a[0], WIN_PIPE);

	if (o == NULL)
		return win_error(w, WIN_ERROR_HANDLE, 0);
	if (a[4] != 0)
		win_put(w, a[4], o->bytes_len - o->bytes_at, 4);
	if (a[3] != 0)
		win_put(w, a[3], 0, 4);
	return 1;
}

static const struct win_function rows[] = {
	{ "CreatePipe", 4, .run = create_pipe }, { "CreateNamedPipeA", 8, .run = create_named_pipe },
	{ "CreateNamedPipeW", 8, .run = create_named_pipe, .wide = true },
	{ "ConnectNamedPipe", 2, .run = connect_named_pipe }, { "DisconnectNamedPipe", 1, .value = 1 },
	{ "WaitNamedPipeA", 2, .run = name_told }, { "WaitNamedPipeW", 2, .run = name_told, .wide = true },
	{ "CallNamedPipeA", 7, .run = name_told }, { "CallNamedPipeW", 7, .run = name_told, .wide = true },
	{ "PeekNamedPipe", 6, .run = peek_named_pipe }, { "SetNamedPipeHandleState", 4, .value = 1 },
	{ "TransactNamedPipe", 7, .value = 1 },
};
const struct win_table api_pipe = { rows, COUNT_OF(rows) };

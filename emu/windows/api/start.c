/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that is started: its event, its standard handles, and what its command line does. */
#include "emu/windows/api/api.h"
#include "emu/windows/command/command.h"
#include "emu/world/network.h"

#include <stdlib.h>
#include <string.h>

enum { PIPE_MAX = 1 << 20, SAID_MAX = 4096 };

/* What a program writes to a handle of ours. */
struct outlet {
	struct windows *w;
	struct win_object *to;
};

static void to_socket(void *context, struct bytes b)
{
	struct outlet *o = context;

	if (o->to->peer != NULL)
		(void)peer_send(o->to->peer, NULL, 0, b);
}

/* Into the end of the pipe that is read. */
static void to_pipe(void *context, struct bytes b)
{
	struct outlet *o = context;
	struct win_object *end = o->to->parent != 0 ? &o->w->objects[o->to->parent - 1] : o->to;
	uint8_t *more;

	if (end->bytes_len + b.left > PIPE_MAX || (more = realloc(end->bytes, end->bytes_len + b.left)) == NULL)
		return;
	memcpy(more + end->bytes_len, b.at, b.left);
	end->bytes = more;
	end->bytes_len += b.left;
}

static struct handle *outlet(struct windows *w, uint64_t handle)
{
	struct win_object *o = win_object(w, handle, WIN_FREE);
	struct handle *h = handle_new(w->host, HANDLE_NUL);

	if (o == NULL)
		return h;
	h->kind = o->kind == WIN_SOCKET || o->kind == WIN_PIPE ? HANDLE_CALL : o->kind == WIN_FILE && o->node != NULL ? HANDLE_FILE
	        : o->kind == WIN_CONSOLE ? HANDLE_OUT : HANDLE_NUL;
	if (h->kind == HANDLE_CALL) {
		struct outlet *context = heap_take(w->host->heap, sizeof(*context));

		*context = (struct outlet){ w, o };
		h->write = o->kind == WIN_SOCKET ? to_socket : to_pipe;
		h->context = context;
	}
	h->node = o->node;
	h->told = o->event;
	h->offset = o->at;
	return h;
}

/* All that the far side has to say: whoever is called by a shell listens, and what stands in a pipe already. */
static struct handle *inlet(struct windows *w, uint64_t handle)
{
	struct win_object *o = win_object(w, handle, WIN_FREE);
	uint8_t *raw;
	int64_t n;

	if (o == NULL)
		return handle_new(w->host, HANDLE_NUL);
	if (o->kind == WIN_PIPE && o->bytes_len > o->bytes_at)
		return handle_reading(w->host, bytes_of(o->bytes + o->bytes_at, o->bytes_len - o->bytes_at));
	if (o->kind != WIN_SOCKET || o->peer == NULL)
		return handle_reading(w->host, (struct bytes){ 0 });
	raw = heap_take(w->host->heap, SAID_MAX);
	n = peer_receive(o->peer, raw, SAID_MAX, false, NULL, NULL);
	return handle_reading(w->host, bytes_of(raw, n > 0 ? (size_t)n : 0));
}

/* A program that this server has not: what was asked for is told all the same, as one word. */
static void tell_asked(struct windows *w, const struct api_start *s)
{
	const char *line = s->line != NULL ? s->line : s->application;
	struct event *e = world_event(w->world, EVENT_EXEC);

	if (e == NULL)
		return;
	e->path = world_keep_text(w->world, s->application != NULL ? s->application : line);
	e->argv = record_keep(w->world->record, bytes_of(line, strlen(line) + 1));
}

bool api_start(struct windows *w, const struct api_start *s, uint32_t *exit_code)
{
	struct creation c = { .application = s->application, .line = s->line, .cwd = s->folder,
		.standard = { inlet(w, s->in), outlet(w, s->out), outlet(w, s->err) } };
	int r;

	if (w->programs++ >= w->limit.programs) {
		win_stop(w, STOPPED_PROCESSES);
		return false;
	}
	*exit_code = 0;
	if ((r = command_create(w->host, &c, exit_code)) < 0) {
		tell_asked(w, s);
		return win_error(w, WIN_ERROR_FILE, 0);
	}
	/* what a program does that is not modelled is a question already; a bound that it reached is the run's */
	if (w->host->stopped == STOPPED_UNSUPPORTED)
		w->host->stopped = STOPPED_EXIT;
	else if (w->host->stopped != STOPPED_EXIT)
		win_stop(w, w->host->stopped);
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host's life, its bounds, and what is told of it. */
#include "emu/windows/host/host.h"
#include "emu/windows/host/files.h"
#include "emu/windows/host/registry.h"
#include "emu/windows/host/templates.h"
#include "emu/windows/host/variables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int host_open(struct world *w, const char *folder, char *why, size_t why_size, struct host **ret)
{
	struct host *h = calloc(1, sizeof(*h));
	int r = -ENOMEM;

	snprintf(why, why_size, "%s: no memory", folder);
	if (h == NULL)
		return -ENOMEM;
	h->world = w;
	if ((r = heap_new(&h->heap)) < 0 || (r = templates_read(folder, why, why_size, &h->templates)) < 0 ||
	    (r = registry_read(folder, why, why_size, &h->registry)) < 0 ||
	    (r = files_programs(h, folder, why, why_size)) < 0)
		goto out;
	tree_limit(w->tree, 8 << 20);
	tree_settle(w->tree);
	*ret = h;
	h = NULL;
out:
	host_close(h);
	return r;
}

void host_close(struct host *h)
{
	if (h == NULL)
		return;
	templates_free(h->templates);
	registry_free(h->registry);
	heap_free(h->heap);
	free(h);
}

int host_begin(struct host *h)
{
	heap_reset(h->heap);
	registry_restore(h->registry, h->heap);
	h->stopped = STOPPED_EXIT;
	h->steps = 0;
	h->depth = h->processes = h->ids = h->foreign_count = 0;
	h->variables = variables_of(h);
	return 0;
}

bool host_runs(const struct host *h)
{
	return h->stopped == STOPPED_EXIT;
}

void host_stop(struct host *h, enum stopped_by why)
{
	if (h->stopped == STOPPED_EXIT)
		h->stopped = why;
}

bool host_step(struct host *h)
{
	if (++h->steps > HOST_STEPS_MAX)
		host_stop(h, STOPPED_BLOCKS);
	if (heap_full(h->heap))
		host_stop(h, STOPPED_MEMORY);
	if (h->world->virtual_ns > HOST_TIME_MAX_S * UINT64_C(1000000000))
		host_stop(h, STOPPED_TIME);
	return host_runs(h);
}

bool host_enter(struct host *h)
{
	if (h->depth >= HOST_DEPTH_MAX) {
		host_stop(h, STOPPED_ROUNDS);
		return false;
	}
	h->depth++;
	return true;
}

void host_leave(struct host *h)
{
	h->depth--;
}

bool host_unknown(struct host *h, const char *what)
{
	return record_ask(h->world->record, QUESTION_PROGRAM, what, false);
}

void host_unsupported(struct host *h, const char *what)
{
	if (host_runs(h))
		host_unknown(h, what);
	host_stop(h, STOPPED_UNSUPPORTED);
}

bool host_process(struct host *h, const char *path, struct bytes words)
{
	struct event *e;

	if (++h->processes > HOST_PROCESSES_MAX) {
		host_stop(h, STOPPED_PROCESSES);
		return false;
	}
	if ((e = world_event(h->world, EVENT_EXEC)) != NULL) {
		e->path = world_keep_text(h->world, path);
		e->argv = record_keep(h->world->record, words);
	}
	return true;
}

uint32_t host_process_id(struct host *h)
{
	/* Windows numbers processes in fours */
	uint32_t base = h->world->profile.pid + 4 * (uint32_t)(h->world->seed % 997);

	return (base + 4 * h->ids++ * 3) & ~3u;
}

void host_sleep(struct host *h, uint64_t ns)
{
	struct event *e = ns == 0 ? NULL : world_event(h->world, EVENT_SLEEP);

	if (e != NULL)
		e->value = ns;
	h->world->virtual_ns += ns;
	(void)host_step(h);
}

uint64_t host_clock(struct host *h)
{
	int64_t minutes = atoll(host_fact(h, "TIME_ZONE_MINUTES"));

	(void)record_ask(h->world->record, QUESTION_CLOCK, "", true);
	return world_now(h->world) + (uint64_t)(minutes * 60000000000ll);
}

bool same_name(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

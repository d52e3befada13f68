/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calls that take power over the machine or over other processes: refused, and the telling ones told. */
#include "emu/kernel/inside.h"
#include "emu/kernel/calls.h"

static int64_t module(struct kernel *k, const char *what, struct bytes path)
{
	struct event *event = world_event(k->world, EVENT_MODULE);

	if (event != NULL) {
		event->name = bytes_text(what);
		event->path = path;
	}
	return -EPERM;
}

/* From memory: it has no name yet. */
int64_t sys_init_module(struct kernel *k, const uint64_t *a)
{
	return module(k, "load", (struct bytes){ 0 });
}

int64_t sys_finit_module(struct kernel *k, const uint64_t *a)
{
	const struct file *f = file_at(k, a[0]);

	return module(k, "load", f != NULL && f->path != NULL ? world_keep_text(k->world, f->path) : (struct bytes){ 0 });
}

int64_t sys_delete_module(struct kernel *k, const uint64_t *a)
{
	char name[64] = "";

	if (space_string(k->current->space, a[0], name, sizeof(name)) < 0)
		return -EFAULT;
	return module(k, "remove", tell_text(k, "%s", name));
}

/* Nobody is traced here, so that who asks to be, to see whether somebody traces it already, sees nothing. */
int64_t sys_ptrace(struct kernel *k, const uint64_t *a)
{
	enum { TRACEME = 0, ATTACH = 16, SEIZE = 0x4206 };
	const struct process *to = process_find(k, (int)a[1]);
	struct event *event = world_event(k->world, EVENT_PTRACE);

	if (event != NULL) {
		event->name = a[0] == TRACEME ? bytes_text("traceme") : a[0] == ATTACH || a[0] == SEIZE ? bytes_text("attach") :
		              tell_text(k, "%llu", (unsigned long long)a[0]);
		if (a[0] != TRACEME)
			event->path = to != NULL ? tell_text(k, "%s", to->name) : tell_text(k, "%d", (int)a[1]);
	}
	return a[0] == TRACEME ? 0 : -EPERM;
}

/* What only root may do, and nobody's program here is meant to. */
int64_t sys_forbidden(struct kernel *k, const uint64_t *a)
{
	return -EPERM;
}

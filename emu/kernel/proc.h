/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of /proc, as its files see each other. */
#ifndef EMU_KERNEL_PROC_H
#define EMU_KERNEL_PROC_H

#include "emu/kernel/inside.h"

/* Values of node->dynamic: the kind of a folder or file, and a pid or a folder's number above it. */
enum {
	PROC_TOP = 1, PROC_PROCESS, PROC_FD, PROC_FDINFO, PROC_SYS, PROC_NET, PROC_ATTR, PROC_TASK, PROC_FILE, PROC_NS,
	PROC_KINDS = 16,
};

static inline int proc_code(int kind, int number)
{
	return kind + number * PROC_KINDS;
}

struct node *proc_node(struct kernel *, enum node_kind, uint16_t mode);
struct node *proc_text(struct kernel *, enum node_kind, struct bytes);
struct node *proc_process(struct kernel *, const struct process *, const char *name);
struct node *proc_security(struct kernel *, const char *name);

#endif

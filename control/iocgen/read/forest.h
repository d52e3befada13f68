/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes of an event log and the samples they belong to: the whole log one, or each tree of processes one. */
#ifndef CONTROL_IOCGEN_READ_FOREST_H
#define CONTROL_IOCGEN_READ_FOREST_H

#include "control/iocgen/read/gather.h"

enum {
	FOREST_TREES_MAX = 64 << 10,   /* trees open at once */
	FOREST_PROCESSES_MAX = 256 << 10,
	FOREST_SIZE_MAX = 256 << 20,   /* bytes of what they left: what is past a bound gives all trees out and begins anew */
};

/*
 * A tree begins with a process whose creation the log shows and whose parent's it does not: what ran before the log began (a
 * desktop, a service manager) starts others without being part of them. What such a process does itself is a tree of its own.
 */
struct forest;

/* given->by_process says which of the two. All borrowed; source: of samples that have none. NULL: no memory. */
struct forest *forest_new(const struct read_given *, const struct sample_sink *, const char *source);
void forest_free(struct forest *);

/* A process was created, with the program that it runs; the host may be "". -ENOMEM. */
must_check int forest_born(struct forest *, struct bytes host, uint64_t pid, uint64_t parent, struct bytes image);
/* It ended: its number may mean another one. */
void forest_ended(struct forest *, struct bytes host, uint64_t pid);
/*
 * What a process did; pid 0: nobody knows which. image names its tree if it is the first that is heard of it. As gather_add(); also
 * what the sink returned, where the trees had to be given out.
 */
must_check int forest_add(struct forest *, struct bytes host, uint64_t pid, struct bytes image, enum artefact_kind,
                          enum artefact_action, struct bytes value);
/* The day of the events; the first one counts. */
void forest_day(struct forest *, int32_t day);
/* Hands every tree with an artefact to the sink, in the order in which they began. As gather_give(). */
must_check int forest_give(struct forest *);

#endif

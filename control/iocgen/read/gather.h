/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The artefacts of one sample until all that is to be said of it is known: each once, in the order of their coming. */
#ifndef CONTROL_IOCGEN_READ_GATHER_H
#define CONTROL_IOCGEN_READ_GATHER_H

#include "control/iocgen/read/read.h"

enum {
	GATHER_MAX = 64 << 10,       /* artefacts of one sample: the largest reports have a tenth; more are counted and left out */
	GATHER_TEXT_MAX = 16 << 20,  /* bytes of their values */
};

struct gather;

/* NULL: no memory. Small until something is added. */
struct gather *gather_new(void);
void gather_free(struct gather *);
/*
 * Remembers an artefact unless it is there or has no value. What lies where pipes and tasks lie is one of those, too: a file's name
 * can say so. A value longer than ARTEFACT_VALUE_MAX is cut. -ENOMEM; what is past a bound is left out without a word: ask
 * gather_left().
 */
must_check int gather_add(struct gather *, enum artefact_kind, enum artefact_action, struct bytes value);
/*
 * The same for what was touched in a way that the log does not say (ACTION_OPEN): heard of only where nothing of that kind is
 * certain, for a list of all and lists of its parts would tell everything twice.
 */
must_check int gather_add_vague(struct gather *, enum artefact_kind, struct bytes value);
size_t gather_count(const struct gather *);
/* Bytes that it holds, about. */
size_t gather_size(const struct gather *);
/* Artefacts that were too many. */
uint64_t gather_left(const struct gather *);
/*
 * Hands the sample and all its artefacts to the sink and is empty again. What the sample does not say itself it has from `given`:
 * label, family, source, day, and by its file's name a name. Returns what the sink does.
 */
must_check int gather_give(struct gather *, const struct sample *, const struct read_given *, const struct sample_sink *);

/* The part of a path after its last slash, without endings of packing and of JSON; "-" is "stdin". Borrowed. */
struct bytes given_name(const struct read_given *);

#endif

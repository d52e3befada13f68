/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts, each kept once and known by a number. */
#ifndef CONTROL_IOCGEN_NAMES_H
#define CONTROL_IOCGEN_NAMES_H

#include "control/wire/bytes.h"

#include <stdint.h>

struct name_entry;

/* Embedded; zero is empty. Numbers count from 0 in the order of the first names_add(). */
struct names {
	uint8_t *text;
	struct name_entry *entries;
	uint32_t *slots;
	uint64_t seed;
	size_t text_used, text_room, text_max; /* bytes; text_max 0: no bound */
	uint32_t count, room, slots_count;
};

/* -ENOMEM; -ENOSPC: past text_max. The text is copied; the table's own hash is seeded, so that nobody can choose collisions. */
must_check int names_add(struct names *, struct bytes text, uint32_t *ret);
must_check int names_find(const struct names *, struct bytes text, uint32_t *ret); /* -ENOENT */
/* Lent until the next names_add(). */
struct bytes names_get(const struct names *, uint32_t);
void names_fini(struct names *);

/* A digest that is the same in every run; with a secret seed nobody can choose collisions. */
uint64_t text_digest(struct bytes, uint64_t seed);
/* One number out of two, the order mattering. */
uint64_t mix(uint64_t a, uint64_t b);

#endif

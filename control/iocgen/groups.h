/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups of values of one shape, counted over the samples of a family and over some harmless ones. */
#ifndef CONTROL_IOCGEN_GROUPS_H
#define CONTROL_IOCGEN_GROUPS_H

#include "control/iocgen/shape.h"
#include "control/iocgen/view.h"

enum { LEVELS_MAX = 4, GROUPS_MAX = 4 << 20 /* of a family: 200 MB; later shapes are left out */ };

struct group {
	uint64_t key;
	uint32_t support, benign, last; /* samples of the family, of the harmless ones; the last one counted, + 1 */
	uint16_t literal, elements, components; /* components: of its elements, those that are one hole each */
	uint32_t set; /* of its samples, in groups->sets; UINT32_MAX: none */
};

enum { LEVEL_CHOSEN = UINT8_MAX };

/* A value stands in a group as what it looks like at a level in a way; LEVEL_CHOSEN: with these tokens fixed. */
struct membership {
	uint32_t group;
	uint8_t level, how;
	uint64_t fixed;
};

/* A value and its memberships: groups->memberships[first .. first + count). */
struct local_value {
	uint32_t value, count;
	uint64_t first;
};

struct groups {
	const struct view *view;
	struct vocabulary words;
	uint32_t levels[LEVELS_MAX], levels_count;
	struct group *list;
	uint32_t *slots, slots_count, count, room;
	struct membership *memberships;
	uint64_t memberships_count, memberships_room;
};

/* family_samples decides the levels: from how many samples on a word stays literal. */
void groups_levels(struct groups *, uint32_t family_samples);
/* Every shape of the value by levels; make: groups that are not there yet are made, else only those that are there count. -ENOMEM. */
must_check int groups_add_value(struct groups *, struct local_value *, bool make);
must_check int groups_add_member(struct groups *, struct local_value *, struct membership);
/* The group of the value with these tokens fixed, made if need be; *ret UINT32_MAX: there are too many. -ENOMEM. */
must_check int groups_add_fixed(struct groups *, uint32_t value, int how, uint64_t fixed, uint32_t *ret);
must_check int groups_shape(const struct groups *, uint32_t value, const struct membership *, struct tokens *t, struct shape *ret);
void groups_fini(struct groups *);

#endif

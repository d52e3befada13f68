/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pairs of interfaces that the kernel can carry packets between: a bridge each. */
#ifndef DATAPLANE_BYPASS_WIRES_H
#define DATAPLANE_BYPASS_WIRES_H

#include "config/settings.h"
#include "control/wire/compiler.h"

enum { WIRES_MAX = 4, INTERFACE_MAX = 16 };

/* One end of a wire: an interface by its name; or a card, whose interface comes and goes with its driver. */
struct wire_end {
	char name[INTERFACE_MAX];
	bool card;
	unsigned port;      /* its place in the config */
	unsigned index;     /* of a card: its interface as of now, 0: it has none */
	bool had_carrier, put_down;
};

struct wire {
	struct wire_end ends[2];
	char bridge[INTERFACE_MAX];
};

struct wires {
	struct wire at[WIRES_MAX];
	unsigned count;
	int links, rebind;  /* rtnetlink; konseki-rebind, -1: there is none, or no card */
	uint32_t asked;     /* questions to it */
	bool cards;         /* some end is a card that konseki-rebind hands over */
	bool in_kernel;     /* the kernel has the cards */
	bool takes_away;    /* a port takes packets out of the kernel's hands as long as its process lives */
};

/*
 * Finds the pairs of the config and, where traffic is to go on, makes their bridges, down. What the kernel cannot carry is told and left out.
 * -ECANCELED, told.
 */
must_check int wires_open(struct wires *, const struct settings *);
/*
 * The kernel carries; the dataplane must hold no card any more. -errno where a card is not the kernel's (yet):
 * the other wires work all the same.
 */
int wires_carry(struct wires *);
/* The cards are for the dataplane; their bridges carry nothing any more. -errno. */
must_check int wires_give(struct wires *);
/* A wire whose one end is cut looks cut at the other end too; step looks, restore ends it. */
void wires_links_step(struct wires *);
void wires_links_restore(struct wires *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a success blocks, and what it must not. */
#ifndef CONTROL_CONTAIN_CHOOSE_H
#define CONTROL_CONTAIN_CHOOSE_H

#include "control/contain/guard.h"
#include "control/judge/judge.h"

enum { CHOICES_MAX = 2 + EVIDENCE_MAX };

/* All borrowed. */
struct choose_facts {
	const struct settings *settings;
	const struct guard *guard;
	const struct case_record *record;
	const struct tuple *attack;          /* src sent the attack code, dst got it */
	const struct judgement *judgement;   /* a success */
	const struct report *const *reports; /* one per code; NULL: not emulated */
};

struct choice {
	struct block block;
	const char *what;    /* "attacker", "flow", "contact" */
	const char *why_not; /* NULL: it is to be blocked */
};

/*
 * By containment.on_success. Where the attacker's address stands for others, or may be forged, its flow takes its place. Pure.
 * Returns how many.
 */
unsigned choose(const struct choose_facts *, struct choice ret[CHOICES_MAX]);

#endif

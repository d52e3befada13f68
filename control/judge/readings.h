/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What judging makes of a case's own bytes: of them alone, so that a case that is judged again need not make it again. */
#ifndef CONTROL_JUDGE_READINGS_H
#define CONTROL_JUDGE_READINGS_H

#include "control/judge/grams.h"
#include "control/judge/reflect.h"
#include "control/judge/series.h"
#include "control/judge/view.h"

struct readings {
	struct views views;            /* of the response */
	struct reflection *reflection; /* of the request */
	uint8_t *reduced;              /* letters and digits of the response's body, case folded; NULL without memory */
	size_t reduced_len;
	struct grams held;             /* what the views hold */
	struct grams reduced_held;     /* and the reduced body */
	bool searched;                 /* the grams are made */
	struct attempt *attempts;      /* of each code, as attempts_begin() made them; NULL: not yet */
};

/* Borrows from the case. *ret is the caller's, freed by readings_free(). -ENOMEM. */
must_check int readings_new(const struct case_record *, const struct extraction *, struct readings **ret);
void readings_free(struct readings *);
/* Makes the grams, if they are not there: something is to be looked for. */
void readings_search(struct readings *);
/* Bytes that it takes, about. */
size_t readings_cost(const struct readings *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room that judge chosen files and URLs share. */
#ifndef CONTROL_JUDGE_CHOICE_H
#define CONTROL_JUDGE_CHOICE_H

#include "control/judge/ruling.h"

/* Does the value name a file or page that the response would show? Of a URL that is only fetched nothing need show. */
bool names_what_is_shown(const struct attack_code *);
/* The piece of a target's query that is this parameter's value; false where it has none. */
bool parameter_value(struct bytes target, const char *parameter, struct bytes *ret);
/* Letters and digits, tags left out. */
unsigned words_in(struct bytes);
/* What the answers of the place say of this response. */
struct sameness {
	const struct history *own;
	unsigned others;       /* other values that got the same answer */
	unsigned names;        /* and of how many other files */
	bool ordinary;         /* one of them in a request that is no attack's */
	bool differs;          /* other names get other answers, by which the place is one that shows what is named */
	bool filled;           /* one of those is shorter: this one shows something where it may show nothing */
};
void sameness_of(const struct ruling *, const struct attack_code *, struct sameness *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules from what was seen to a reason. */
#ifndef CONTROL_JUDGE_RULES_H
#define CONTROL_JUDGE_RULES_H

#include "control/judge/ruling.h"

/*
 * Sets reason and class_name of the judgement. Returns whether a later asking may give another answer: a window is
 * open, or what other cases teach of this place may still come.
 */
bool rules_decide(struct ruling *);

#endif

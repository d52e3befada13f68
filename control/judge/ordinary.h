/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ordinary answers: what others get too. */
#ifndef CONTROL_JUDGE_ORDINARY_H
#define CONTROL_JUDGE_ORDINARY_H

#include "control/wire/history.h"

/*
 * Is it an answer to a request that no rule fired on and that holds nothing like code? What reads as code may be answered
 * with a result, though no rule says so. Pure; memory_add() asks it once for every record.
 */
bool history_is_ordinary(const struct history *);

#endif

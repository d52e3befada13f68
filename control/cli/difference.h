/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How two texts differ, line by line. */
#ifndef CONTROL_CLI_DIFFERENCE_H
#define CONTROL_CLI_DIFFERENCE_H

#include "control/wire/bytes.h"

#include <stdio.h>

/*
 * Writes a unified diff with three lines around each change, nothing where both are the same: the shortest one where at most
 * DIFFERENCE_EDITS_MAX lines differ, beyond that the middle is told as taken out and put in (right, but long). The texts are
 * borrowed; what is no UTF-8 goes through as it is. Returns 1 where they differ, 0, or -ENOMEM. Myers, An O(ND) Difference Algorithm, 1986.
 */
enum { DIFFERENCE_EDITS_MAX = 1000 /* 4 MB of paths */ };
must_check int difference_print(FILE *to, const char *was_name, struct bytes was, const char *is_name, struct bytes is);

#endif

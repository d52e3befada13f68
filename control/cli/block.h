/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `konseki case` says of blocks. */
#ifndef CONTROL_CLI_BLOCK_H
#define CONTROL_CLI_BLOCK_H

#include "control/store/store.h"

/* A case was told to be a false positive: what it blocked is named on stderr, with how to let it go. */
void block_hint(struct store *, const struct case_id *);

#endif

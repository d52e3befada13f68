/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiled patterns kept on disk: a start with the rules of last time does not compile them again. Private to dataplane/match. */
#ifndef DATAPLANE_MATCH_COMPILED_H
#define DATAPLANE_MATCH_COMPILED_H

#include "control/wire/bytes.h"

#include <hs/hs.h>

/* What hs_compile_multi() and hs_compile_lit_multi() want: parallel arrays, borrowed. */
struct compiled_patterns {
	const char *const *texts;
	const unsigned *flags, *ids;
	const size_t *lens; /* bytes of each literal; NULL: texts are regular expressions that end with a zero byte */
	unsigned count;
};

/*
 * The patterns' database for block mode on this processor: the one in the folder, or compiled and put there for the next
 * time. A file's name is the digest of all that the database hangs on. Hyperscan trusts what it reads back, so a folder or
 * file that others than this process's user (or root) may write is left alone; so is one whose contents are not whole.
 *   folder  NULL or "": nothing is kept; made if only its last part is missing; the oldest files beyond FILES_MAX go
 * A folder that cannot be used costs the time to compile, nothing else. Returns 0 (ret owned, hs_free_database), -ENOMEM or
 * -EINVAL with one line in why. At start only, never in a lane.
 */
must_check int compiled_get(const char *folder, const struct compiled_patterns *, char *why, size_t why_size,
                            hs_database_t **ret);

#endif

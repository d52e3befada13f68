/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Open cases by when they want to be asked. */
#ifndef CONTROL_DUE_H
#define CONTROL_DUE_H

#include "control/open_case.h"

/* All zero at first; the cases are the docket's. */
struct due {
	struct open_case **at;
	size_t count, size;
};

/*
 * Puts c, or puts it off, to due_ns. Without memory it is left out: it is then asked at the end of the capture, or after
 * its ten seconds.
 */
void due_add(struct due *, struct open_case *c, uint64_t due_ns);
/* Nothing happens where c is not in it. */
void due_remove(struct due *, struct open_case *c);
/* The one due first, of equals the earlier request; NULL where there is none. Lent. */
struct open_case *due_first(const struct due *);
void due_fini(struct due *);

#endif

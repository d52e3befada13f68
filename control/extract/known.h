/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values in which no code was found, remembered with all that finding hangs on: a client's headers, a site's cookies and
 * ordinary parameters come again with every request. A newer one takes an older one's slot. One thread.
 */
#ifndef CONTROL_EXTRACT_KNOWN_H
#define CONTROL_EXTRACT_KNOWN_H

#include "control/wire/bytes.h"

enum {
	KNOWN_MAX = 1 << 13,    /* values; with the next bound that many kilobytes at most */
	KNOWN_KEY_MAX = 1024,   /* bytes of one with its surroundings; longer ones are looked through each time */
};

struct known;

struct known *known_new(void); /* NULL: no memory. Freed by known_free(). */
void known_free(struct known *);
/* key: everything that finding hangs on. NULL knows nothing. */
bool known_holds(const struct known *, struct bytes key);
void known_note(struct known *, struct bytes key);

#endif

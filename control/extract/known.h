/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values with what was found in them, mostly nothing, remembered with all that finding hangs on: a client's headers, a site's
 * cookies and ordinary parameters come again with every request, and a campaign's attacks with every victim. A newer one
 * takes an older one's slot. One thread.
 */
#ifndef CONTROL_EXTRACT_KNOWN_H
#define CONTROL_EXTRACT_KNOWN_H

#include "control/wire/bytes.h"

enum {
	KNOWN_MAX = 1 << 13,    /* values; with the next two bounds five kilobytes each at most */
	KNOWN_KEY_MAX = 1024,   /* bytes of one with its surroundings; longer ones are looked through each time */
	KNOWN_FOUND_MAX = 4096, /* bytes of all that is kept of what was found in one; with more it is looked through each time */
	KNOWN_NOTES_MAX = 8,    /* codes found in one, counted as often as they were noted */
};

struct known;
struct note; /* finder.h */

struct known *known_new(void); /* NULL: no memory. Freed by known_free(). */
void known_free(struct known *);
/*
 * key: everything that finding hangs on. False: not known; NULL knows nothing. The notes are lent until the next
 * known_keep().
 */
bool known_find(const struct known *, struct bytes key, const struct note **ret, unsigned *count);
/* Copies the notes. */
void known_keep(struct known *, struct bytes key, const struct note *, unsigned count);

#endif

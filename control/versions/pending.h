/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `commit confirmed`: a version in force that goes back by itself once its time is over. */
#ifndef CONTROL_VERSIONS_PENDING_H
#define CONTROL_VERSIONS_PENDING_H

#include "control/versions/folder.h"

#include <stdint.h>

enum { PENDING_MINUTES_MAX = 7 * 24 * 60 /* who has not come back in a week will not */ };

struct pending {
	unsigned number, back_to; /* in force now; then */
	int64_t deadline_s;       /* of the wall clock, so that a reboot does not stop it */
};

/* -ENOENT: nothing is pending (what is of another version than that in force has gone by); -EBADMSG, -errno. */
must_check int pending_read(const struct versions *, struct pending *ret);
/* Written before the version is put in force: a crash in between leaves one that has gone by. -errno. Locked. */
must_check int pending_write(struct versions *, const struct pending *);
/* It is confirmed, or has gone by. -errno. Locked. */
must_check int pending_end(struct versions *);
/*
 * Where the time of a pending version is over, puts the one before it in force again, which needs no room on the disk, and notes it at the
 * version. Returns 1 and what went back, 0 where nothing was to be done, -errno. Locked.
 */
must_check int pending_expire(struct versions *, int64_t now_s, struct pending *ret);
/* Did version n go back by itself? */
bool pending_went_back(const struct versions *, unsigned n);

#endif

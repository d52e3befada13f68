/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compressed WebSocket messages (RFC 7692): one inflater a direction, whose window lives from message to message. All memory of
 * zlib's lies in the pool. Lane only: never blocks, never allocates after inflaters_new().
 */
#ifndef DATAPLANE_SESSION_INFLATE_H
#define DATAPLANE_SESSION_INFLATE_H

#include "control/wire/bytes.h"

struct inflater;
struct inflaters; /* one lane's pool */

/* -ENOMEM. Start-up only. */
must_check int inflaters_new(unsigned count, struct inflaters **ret);
void inflaters_free(struct inflaters *);
/* NULL when all are taken. */
struct inflater *inflater_take(struct inflaters *);
/* NULL is fine. */
void inflater_give(struct inflaters *, struct inflater *);

/*
 * Takes from the front of in and writes at most len bytes into room; call until it returns 0. -EBADMSG: it is not deflated, and
 * what follows in this direction cannot be read. Returns how many bytes it wrote.
 */
must_check int inflater_step(struct inflater *, struct bytes *in, uint8_t *room, size_t len);
/* The next message does not build on this one. */
void inflater_forget(struct inflater *);

#endif

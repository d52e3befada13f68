/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One lane's way up: a single-producer single-consumer byte ring in a sealed memfd, shared by the
 * dataplane (producer) and control (consumer). The consumer trusts nothing it reads here.
 */
#ifndef CONTROL_WIRE_RING_H
#define CONTROL_WIRE_RING_H

#include "control/wire/bytes.h"

#define RINGS_MAX     64           /* lanes a box can have */
#define RING_SIZE_MIN (1u << 20)   /* bytes; sizes are powers of two */
#define RECORD_MAX    (4u << 20)   /* bytes of one record; a longer one is refused on both sides */

struct ring; /* one end of one ring */

/* A memfd with count rings of size bytes each, sealed against resizing. Returns the descriptor or -errno. */
must_check int rings_create(unsigned count, size_t size);
/* Maps one end of ring index of fd. Checks the seals and the header. The caller owns *ret. */
must_check int ring_open(int fd, unsigned index, struct ring **ret);
void ring_close(struct ring *);
unsigned rings_count(int fd); /* 0 where fd is not ours */

/*
 * Producer. Lends room for a record of at most len bytes, contiguous; -ENOBUFS when the ring is too
 * full now, -EMSGSIZE when it could never fit. ring_commit() publishes used <= len bytes of it.
 * Never blocks, never allocates, no system call.
 */
must_check int ring_reserve(struct ring *, size_t len, struct sink *ret);
void ring_commit(struct ring *, size_t used);
/* Bytes that a record may have now (for credits). Producer only. */
size_t ring_room(const struct ring *);

/*
 * Consumer. Lends the oldest record, valid until ring_release(); -EAGAIN when there is none, -EBADMSG when
 * the producer wrote nonsense (the ring is then dead: close it).
 */
must_check int ring_peek(struct ring *, struct bytes *ret);
void ring_release(struct ring *);

#endif

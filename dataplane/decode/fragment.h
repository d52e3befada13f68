/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP datagrams waiting for the rest of their fragments: a fixed pool, the first bytes win. */
#ifndef DATAPLANE_DECODE_FRAGMENT_H
#define DATAPLANE_DECODE_FRAGMENT_H

#include "dataplane/counters.h"
#include "dataplane/decode/decode.h"

struct fragments;

/* A pool of count datagrams of up to 64 KB each (so many times 65 KB of memory). counters stays borrowed. -ENOMEM. */
must_check int fragments_new(unsigned count, struct counters *, struct fragments **ret);
void fragments_free(struct fragments *);

/*
 * Takes the piece that decode_frame() found (d->outcome is DECODE_FRAGMENT). When it completes its datagram, *ret is
 * that datagram's IP payload, borrowed until the next call, and true is returned. now_ns is the lane's clock. When the
 * pool is full the oldest entry is given up and counted. RFC 791 3.2, RFC 8200 4.5, RFC 5722 (overlap: counted, and
 * the bytes that came first stay). Lane only.
 */
bool fragments_add(struct fragments *, const struct decoded *d, uint64_t now_ns, struct bytes *ret);
/* Gives up what has waited for more than 30 s, as receivers do. */
void fragments_tick(struct fragments *, uint64_t now_ns);
/* Gives up everything: the capture is over. */
void fragments_reset(struct fragments *);

#endif

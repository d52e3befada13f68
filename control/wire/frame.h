/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames on a stream socket: u32le length of what follows, u8 kind, body. One reader for both ends. */
#ifndef CONTROL_WIRE_FRAME_H
#define CONTROL_WIRE_FRAME_H

#include "control/wire/bytes.h"

enum { FRAME_HEAD = 5 /* bytes: length and kind */ };

/* Begins a frame in sink; frame_end() with the offset it returned writes its length. Sender: frame_take() reads. */
size_t frame_begin(struct sink *, uint8_t kind);
void frame_end(struct sink *, size_t begun);

struct frame {
	uint8_t kind;
	struct bytes body; /* borrowed from the stream */
};

/*
 * Takes the first whole frame of what was received so far. -EAGAIN: not whole yet, and *need (NULL: not asked)
 * gets the bytes it wants in all; -EBADMSG: longer than max body bytes, or without a kind. Nothing moves then.
 */
must_check int frame_take(struct bytes *received, size_t max, struct frame *ret, size_t *need);

#endif

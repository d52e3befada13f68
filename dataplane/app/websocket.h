/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * WebSocket framing of one direction: where messages begin and end, and what they say unmasked. A state machine over bytes as
 * they come, in any pieces, that keeps none of them. RFC 6455, 5.
 */
#ifndef DATAPLANE_APP_WEBSOCKET_H
#define DATAPLANE_APP_WEBSOCKET_H

#include "control/wire/bytes.h"

enum { WEBSOCKET_HEAD_MAX = 14 }; /* bytes of a frame's head: two, a length of eight, a mask of four */

/* One direction. All zero but for `compresses`: between frames. */
struct websocket {
	uint8_t head[WEBSOCKET_HEAD_MAX];
	uint8_t head_len;      /* of them here */
	uint8_t opcode;        /* of the frame at hand */
	bool in_frame, last;   /* its payload is under way; it is its message's last */
	bool in_message;       /* a text or binary message is under way */
	bool ending;           /* the last frame's payload is over, the end is to be told */
	bool compresses;       /* an extension may use the first reserved bit: set by the owner. RFC 7692, 6 */
	bool compressed;       /* the message at hand does */
	bool closed, broken;
	uint8_t mask[4], phase;
	uint64_t remaining;    /* bytes of the payload at hand */
};

enum websocket_event {
	WEBSOCKET_MORE,        /* the input is used up */
	WEBSOCKET_BEGIN,       /* a message begins; piece is empty */
	WEBSOCKET_DATA,        /* piece, unmasked, belongs to it: in room, or lent of the input where nothing masks it */
	WEBSOCKET_END,         /* it is whole */
	WEBSOCKET_BROKEN,      /* no frame of WebSocket: what is left of the input is something else */
};

/*
 * Takes from the front of in; call until WEBSOCKET_MORE or _BROKEN. room: for pieces that are unmasked, at most room_len bytes at
 * once. What controls the connection (ping, pong, close) is passed over; nothing is told after a close. Pure; lane only.
 */
enum websocket_event websocket_step(struct websocket *, struct bytes *in, uint8_t *room, size_t room_len, struct bytes *piece);
/* So many bytes are missing. True: they were inside a payload, which simply lacks them. False: the frame is lost. */
bool websocket_gap(struct websocket *, uint64_t len);

#endif

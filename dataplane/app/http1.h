/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTTP/1 framing of one direction: where messages, heads and bodies begin and end. A state machine over bytes as they
 * come, in any pieces, that keeps none of them. RFC 9112; what real servers tolerate is tolerated.
 */
#ifndef DATAPLANE_APP_HTTP1_H
#define DATAPLANE_APP_HTTP1_H

#include "control/wire/bytes.h"

enum { HTTP1_HEAD_MAX = 64 << 10 }; /* bytes of a head; servers stop far earlier */

enum http1_state {
	HTTP1_START,       /* between messages; blank lines are skipped */
	HTTP1_IN_HEAD,
	HTTP1_HEAD_OVER,   /* its last piece was lent, the end is to be told */
	HTTP1_WAIT_BODY,   /* the head is over: http1_body() must say what follows */
	HTTP1_IN_LENGTH,   /* remaining bytes of body */
	HTTP1_CHUNK_SIZE,
	HTTP1_CHUNK_EXTENSION,
	HTTP1_CHUNK_DATA,
	HTTP1_CHUNK_END,   /* the line end after a chunk */
	HTTP1_TRAILER,
	HTTP1_TO_CLOSE,    /* everything that follows is body */
	HTTP1_LOST,        /* bytes are missing and the frame with them: waits for something like a beginning */
};

struct http1 {
	enum http1_state state;
	uint8_t line;          /* of a head or trailer: 0 inside a line, 1 after LF, 2 after LF CR */
	uint8_t digits;        /* of a chunk size */
	bool response;         /* which direction this is: set by the owner */
	uint32_t head_len;     /* of the head or trailer at hand */
	uint64_t remaining;    /* of the body or chunk */
};

/* What http1_step() found; piece is what it lends of the input. */
enum http1_event {
	HTTP1_MORE,            /* the input is used up */
	HTTP1_BEGIN,           /* a message begins; piece is empty */
	HTTP1_HEAD,            /* piece belongs to the head */
	HTTP1_HEAD_END,        /* the head is whole (its last piece came before): call http1_body() */
	HTTP1_HEAD_BROKEN,     /* longer than HTTP1_HEAD_MAX: what follows is body until the end, uninterpreted */
	HTTP1_BODY,            /* piece belongs to the body, de-chunked */
	HTTP1_BODY_BROKEN,     /* a chunk's frame is wrong: what follows is body until the end, uninterpreted */
	HTTP1_END,             /* the message is whole */
	HTTP1_SKIPPED,         /* piece belongs to no message: the frame is lost */
};

enum http1_framing { HTTP1_NO_BODY, HTTP1_LENGTH, HTTP1_CHUNKED, HTTP1_UNTIL_CLOSE };

/* Takes from the front of in; call until HTTP1_MORE. Pure; lane only. */
enum http1_event http1_step(struct http1 *, struct bytes *in, struct bytes *piece);
/* Answers HTTP1_HEAD_END. length: of HTTP1_LENGTH. */
void http1_body(struct http1 *, enum http1_framing, uint64_t length);
/*
 * So many bytes are missing here. True: the frame survives it (they were inside a body); the body simply lacks them.
 * False: the message at hand cannot be followed any further.
 */
bool http1_gap(struct http1 *, uint64_t len);
/* The direction is over. True: with it the message at hand ends as it should, or none is at hand. */
bool http1_finish(const struct http1 *);
/* Would a message begin here? For a piece that begins where a packet began, after a gap. */
bool http1_looks_like_beginning(bool response, struct bytes piece);

#endif

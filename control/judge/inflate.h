/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Content encodings of responses undone: gzip, deflate, br, zstd, also one after the other. Bounded. */
#ifndef CONTROL_JUDGE_INFLATE_H
#define CONTROL_JUDGE_INFLATE_H

#include "control/wire/bytes.h"

enum {
	INFLATE_MAX = 1 << 20,      /* bytes of a decoded body; a response kept is 512 KB, text shrinks fourfold */
	INFLATE_STEP = 256,         /* bytes of input between two marks */
	INFLATE_ENCODINGS_MAX = 3,
};

/* Decoded bytes up to this one came out of the input up to that one. */
struct inflate_mark {
	size_t out, in;
};

struct inflated {
	uint8_t *at;                /* owned; NULL where nothing had to be undone */
	size_t len;
	bool whole;                 /* the encoded form ended where it should, within the bound */
	size_t marks_count;
	struct inflate_mark *marks; /* owned */
};

/*
 * Undoes Content-Encoding `encodings` ("gzip", "br, gzip", "" or "identity": nothing to do) of body. Returns 0, with as
 * much as could be decoded; -ENOTSUP where an encoding is none of ours, -EBADMSG where nothing could be decoded,
 * -ENOMEM. *ret is freed by inflated_fini().
 */
must_check int inflate_body(struct bytes body, struct bytes encodings, struct inflated *ret);
void inflated_fini(struct inflated *);
/* The input offset that decoded offset `out` came from, to within INFLATE_STEP bytes. */
size_t inflated_origin(const struct inflated *, size_t out);

#endif

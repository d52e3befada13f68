/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands where outputs differ: a class of bytes and how many of them, found from examples. */
#ifndef EMU_TRACE_HOLE_H
#define EMU_TRACE_HOLE_H

#include "control/wire/bytes.h"

enum hole_kind {
	HOLE_NUMBER,   /* \d */
	HOLE_HEX,      /* [0-9a-f], of one length */
	HOLE_WORD,     /* [\w-]: a user, a word */
	HOLE_HOST,     /* [\w.-] */
	HOLE_DATE,     /* [\w:,+./ -] */
	HOLE_PATH,     /* [^\s<>"'], the first is / */
	HOLE_ANYTHING, /* [^\r\n]: anything on a line */
	/* told apart by who makes them, not by hole_of(): what they look like is worth something by itself */
	HOLE_RELEASE,  /* three numbers with dots */
	HOLE_VERSION,  /* … and what packagers put behind them */
	HOLE_ACCOUNT,  /* user@host */
	HOLE_KIND_COUNT,
};

enum { VERSION_MAX = 74 /* bytes of a HOLE_VERSION */ };

struct hole {
	enum hole_kind kind;
	uint16_t min, max; /* bytes it may hold */
};

/* Does it read as a release with what packagers put behind it (HOLE_VERSION)? */
bool hole_is_version(struct bytes sample);
/* The narrowest kind that holds every sample, with room for others of its kind. count >= 1. */
struct hole hole_of(const struct bytes *samples, unsigned count);
bool hole_admits(enum hole_kind, uint8_t);
/* Writes the hole as PCRE2 text. */
void hole_write(struct sink *, const struct hole *);
/*
 * What the hole adds to the bits of the literals around it: more than 0 where few texts fit (hex of a length), less
 * than 0 where the literal after it (next, -1: none) could begin at several places within it.
 */
double hole_bits(const struct hole *, int next);

#endif

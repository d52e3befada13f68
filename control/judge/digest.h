/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Digests by which this room knows bytes again: FNV-1a of 64 bits. Only equality hangs on them. */
#ifndef CONTROL_JUDGE_DIGEST_H
#define CONTROL_JUDGE_DIGEST_H

#include "control/wire/bytes.h"

#define DIGEST_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t digest_byte(uint64_t h, unsigned c)
{
	return (h ^ c) * UINT64_C(0x100000001b3);
}

static inline uint64_t digest_bytes(uint64_t h, struct bytes b)
{
	for (size_t i = 0; i < b.left; i++)
		h = digest_byte(h, b.at[i]);
	return h;
}

/* With an end behind it, so that neighbours do not flow together. */
static inline uint64_t digest_run(uint64_t h, struct bytes b)
{
	return digest_byte(digest_bytes(h, b), 0x100);
}

static inline uint64_t digest_number(uint64_t h, uint64_t n)
{
	return digest_run(h, bytes_of(&n, sizeof(n)));
}

/* Of bytes alone; never 0, which stands for none. */
static inline uint64_t digest_of(struct bytes b)
{
	return digest_bytes(DIGEST_START, b) | 1;
}

#endif

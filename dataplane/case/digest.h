/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XXH64 of bytes as they come, for equality of bodies. No secret, no safety against an adversary. */
#ifndef DATAPLANE_CASE_DIGEST_H
#define DATAPLANE_CASE_DIGEST_H

#include "control/wire/bytes.h"

/* All zero: nothing added yet. */
struct digest {
	uint64_t lanes[4];
	uint64_t total;
	uint8_t held[32];
};

void digest_add(struct digest *, struct bytes);
uint64_t digest_value(const struct digest *);

#endif

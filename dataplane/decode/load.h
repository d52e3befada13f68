/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers out of a header whose length bytes_take() has already checked. */
#ifndef DATAPLANE_DECODE_LOAD_H
#define DATAPLANE_DECODE_LOAD_H

#include <stdint.h>
#include <string.h>

static inline uint16_t load_u16be(const uint8_t *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return __builtin_bswap16(v);
}

static inline uint32_t load_u32be(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return __builtin_bswap32(v);
}

#endif

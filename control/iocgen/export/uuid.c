/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Version 5: the first half of a SHA-1. */
#include "control/iocgen/export/uuid.h"

#include <nettle/sha1.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *uuid_of(const char *kind, const char *name, char buf[UUID_TEXT])
{
	/* drawn once by chance, for IOCs of Konseki */
	static const uint8_t space[16] = { 0x9b, 0x1f, 0x6c, 0x52, 0x3d, 0x47, 0x4e, 0x8a, 0xa1, 0x0e, 0x77, 0x20, 0xc4, 0x95, 0xe6, 0x33 };
	struct sha1_ctx sha;
	uint8_t d[16];

	sha1_init(&sha);
	sha1_update(&sha, sizeof(space), space);
	sha1_update(&sha, strlen(kind) + 1, (const uint8_t *)kind);
	sha1_update(&sha, strlen(name), (const uint8_t *)name);
	sha1_digest(&sha, sizeof(d), d);
	d[6] = (uint8_t)((d[6] & 0x0f) | 0x50);
	d[8] = (uint8_t)((d[8] & 0x3f) | 0x80);
	snprintf(buf, UUID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", d[0], d[1], d[2], d[3], d[4], d[5],
	         d[6], d[7], d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15]);
	return buf;
}

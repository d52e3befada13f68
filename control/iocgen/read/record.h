/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One record of a log, flattened: names and values without the levels that they stood in. */
#ifndef CONTROL_IOCGEN_READ_RECORD_H
#define CONTROL_IOCGEN_READ_RECORD_H

#include "control/iocgen/read/walk.h"

enum {
	RECORD_FIELDS_MAX = 192,     /* of one record: Windows' longest has 80; further ones are dropped */
	RECORD_TEXT_MAX = 256 << 10, /* bytes of their names and values */
};

struct record {
	unsigned count;
	size_t used;
	struct field { uint32_t name, value; uint16_t name_len; uint32_t len; } fields[RECORD_FIELDS_MAX];
	uint8_t text[RECORD_TEXT_MAX];
};

void record_clear(struct record *);
/* A field; a full record lets it fall. */
void record_put(struct record *, struct bytes name, struct bytes value);
/* The first field of this name, else of one that differs in ASCII case only; "" where there is none. Valid until record_clear(). */
struct bytes record_get(const struct record *, const char *name);
bool record_has(const struct record *, const char *name);
/* The next value of that name from *at on, which begins at 0 and moves behind it; "" after the last. */
struct bytes record_next(const struct record *, const char *name, unsigned *at);
/* The value as a number, decimal or 0x…; false: it is none. */
bool record_number(const struct record *, const char *name, uint64_t *ret);

#endif

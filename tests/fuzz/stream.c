/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments in any order, with any flags and lengths: runs come out in order without overlap, bounds hold, every block
 * comes back. Input: records of 8 bytes: flags, whose, 16 bits of length, 32 bits of sequence number.
 */
#include "dataplane/stream/stream.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 64, WAIT = 40, RECORD = 8, LENGTH_MAX = 9000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void drain(struct stream *s, struct blocks *pool, uint64_t *next)
{
	struct run run;

	while (stream_next(s, pool, WAIT, &run)) {
		if (run.offset != *next || (run.gap > 0) == (run.bytes.left > 0))
			abort();
		*next += run.gap + run.bytes.left;
		if (run.bytes.left > 0 && (run.bytes.at[0] != 'x' || run.bytes.at[run.bytes.left - 1] != 'x'))
			abort();
	}
	if (s->waiting.count > WAIT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t payload[LENGTH_MAX];
	static struct blocks *pool;
	struct bytes b = bytes_of(data, size);
	struct stream s = { 0 };
	uint64_t next = 0, number = 0;

	if (pool == NULL && blocks_new(BLOCKS, &pool) < 0)
		abort();
	memset(payload, 'x', LENGTH_MAX);
	while (b.left >= RECORD) {
		uint8_t flags = b.at[0], whose = b.at[1];
		uint16_t length = (uint16_t)(b.at[2] << 8 | b.at[3]);
		uint32_t seq = (uint32_t)b.at[4] << 24 | (uint32_t)b.at[5] << 16 | (uint32_t)b.at[6] << 8 | b.at[7];
		struct packet p = { .number = ++number, .seq = seq, .tcp_flags = flags & 0x1f };

		b = bytes_of(b.at + RECORD, b.left - RECORD);
		p.payload = bytes_of(payload, length % LENGTH_MAX);
		p.payload_sent = (uint32_t)p.payload.left + (whose & 0x80 ? whose : 0);
		if (whose & 1)
			stream_acknowledge(&s, seq);
		else
			stream_add(&s, &p);
		drain(&s, pool, &next);
	}
	stream_flush(&s);
	drain(&s, pool, &next);
	if (s.waiting.count != 0)
		abort();
	stream_fini(&s, pool);
	if (blocks_left(pool) != BLOCKS)
		abort();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A producer that writes what it likes into the shared pages: the consumer finds records within bounds, or nonsense. */
#include "control/wire/ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAGE = 4096, ROUNDS = 64 };

/* Everything lent lies in the ring's data: reading it all makes a sanitizer or a fault say otherwise. */
static size_t sum_of(struct bytes b)
{
	size_t sum = 0;

	for (size_t i = 0; i < b.left; i++)
		sum += b.at[i];
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = rings_create(1, RING_SIZE_MIN);
	struct bytes in = bytes_of(data, size), b;
	struct ring *down;
	uint64_t head = 0;
	uint8_t *raw;
	int r = 0;

	if (fd < 0 || ring_open(fd, 0, &down) < 0)
		abort();
	raw = mmap(NULL, PAGE + RING_SIZE_MIN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
	if (raw == MAP_FAILED)
		abort();
	for (unsigned i = 0; i < ROUNDS && r != -EBADMSG && bytes_u64le(&in, &head) == 0; i++) {
		size_t at = (size_t)(head % RING_SIZE_MIN), len = in.left < 64 ? in.left : 64;

		/* the next bytes of the input, where the last head was, then the head itself */
		if (at + len <= RING_SIZE_MIN)
			memcpy(raw + PAGE + (i == 0 ? 0 : at), in.at, len);
		memcpy(raw, &head, sizeof(head));
		while ((r = ring_peek(down, &b)) == 0) {
			if (b.left > RECORD_MAX)
				abort();
			if (sum_of(b) > b.left * 255)
				abort();
			ring_release(down);
		}
	}
	munmap(raw, PAGE + RING_SIZE_MIN);
	ring_close(down);
	close(fd);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ring's small records from foreign bytes: what decodes is encoded to the same bytes. */
#include "control/wire/counters.h"
#include "control/wire/record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t room[1 << 16];

static void same(const struct sink *s, const uint8_t *data, size_t used)
{
	struct bytes written;

	if (sink_done(s, &written) < 0 || !bytes_equal(written, bytes_of(data, used)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size);
	struct sink s = sink_over(room, sizeof(room));
	struct lane_counters counters;
	struct capture_mark capture;
	struct watermark mark;

	if (watermark_decode(&b, &mark) == 0) {
		watermark_encode(&s, &mark);
		same(&s, data, size - b.left);
	}
	b = bytes_of(data, size);
	s = sink_over(room, sizeof(room));
	if (capture_mark_decode(&b, &capture) == 0) {
		capture_mark_encode(&s, &capture);
		same(&s, data, size - b.left);
	}
	b = bytes_of(data, size);
	s = sink_over(room, sizeof(room));
	if (counters_decode(&b, &counters) == 0) {
		counters_encode(&s, &counters);
		same(&s, data, size - b.left);
	}
	return 0;
}

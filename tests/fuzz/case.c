/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases from a ring nobody trusts: what is taken lies within its bounds and encodes to the same bytes again. */
#include "control/wire/case.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct segment_mark marks[PART_COUNT * CASE_SEGMENTS_MAX];
	static struct case_record c;
	struct bytes b = bytes_of(data, size), again;
	uint8_t *raw;
	struct sink s;

	if (case_decode(&b, marks, &c) < 0)
		return 0;
	raw = malloc(size + 1);
	s = sink_over(raw, size);
	case_encode(&s, &c);
	if (sink_done(&s, &again) < 0 || !bytes_equal(again, bytes_of(data, size - b.left)))
		abort();
	for (size_t i = 0; i < PART_COUNT; i++) {
		const struct segment_mark *m = case_part_mark(&c.parts[i], c.parts[i].seen);

		if ((m == NULL) != (c.parts[i].marks_count == 0))
			abort();
	}
	free(raw);
	return 0;
}

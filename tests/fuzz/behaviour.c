/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Behaviour logs in the plain form: whatever stands in them, samples become a corpus that can be settled. */
#include "control/iocgen/corpus.h"
#include "control/iocgen/read/read.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct read_given given = { .path = "log", .otherwise = { .day = DAY_NONE } };
	struct corpus c = { 0 };
	struct sample_sink sink = corpus_sink(&c);
	FILE *f = size == 0 ? NULL : fmemopen((void *)(uintptr_t)data, size, "r");

	if (f == NULL)
		return 0;
	if (read_plain(f, &given, &sink) == 0 && corpus_settle(&c) == 0) {
		for (uint32_t i = 0; i < c.samples_count; i++) {
			for (uint32_t k = 1; k < c.samples[i].count; k++) {
				if (c.items[c.samples[i].first + k - 1] >= c.items[c.samples[i].first + k])
					abort();
			}
		}
	}
	fclose(f);
	corpus_fini(&c);
	return 0;
}

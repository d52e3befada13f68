/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports from a worker that attack code may have taken over: what decodes is encoded to the same bytes. */
#include "control/wire/report.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes at = bytes_of(data, size), written;
	struct report *report = NULL;
	struct sink s;
	uint8_t *raw;

	if (report_decode(&at, &report) < 0)
		return 0;
	if ((raw = malloc(size)) != NULL) {
		s = sink_over(raw, size);
		report_encode(&s, report);
		if (sink_done(&s, &written) < 0 || !bytes_equal(written, bytes_of(data, size - at.left)))
			abort();
		free(raw);
	}
	report_free(report);
	return 0;
}

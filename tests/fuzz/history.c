/* SPDX-License-Identifier: GPL-2.0-or-later */
/* History records from a ring nobody trusts: what is taken encodes to the same bytes again. */
#include "control/wire/history.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = bytes_of(data, size), again;
	struct history h;
	uint8_t raw[4096];
	struct sink s = sink_over(raw, sizeof(raw));

	if (history_decode(&b, &h) < 0)
		return 0;
	history_encode(&s, &h);
	if (sink_done(&s, &again) < 0 || !bytes_equal(again, bytes_of(data, size - b.left)))
		abort();
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Request bytes through every carrier, decoder and recogniser. */
#include "control/extract/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct extraction *e = NULL;

	if (extract_bytes(bytes_of(data, size), &e) < 0)
		return 0;
	extraction_free(e);
	return 0;
}

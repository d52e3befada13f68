/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of CAPE's and Cuckoo's reports: whatever the bytes, samples are begun and ended and their artefacts within bounds. */
#include "tests/fuzz/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return log_try(data, size, read_cape);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of IOCs: what is read can be written, and is read the same again. */
#include "control/iocgen/ioc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ioc_set *set, *again;
	const char *why;
	char *text = NULL;
	size_t len = 0;
	FILE *to;

	if (ioc_set_read(bytes_of(data, size), &set, &why) < 0)
		return 0;
	to = open_memstream(&text, &len);
	if (ioc_set_write(set, to) != 0)
		abort();
	fclose(to);
	if (ioc_set_read(bytes_of(text, len), &again, &why) < 0)
		abort();
	ioc_set_free(again);
	free(text);
	ioc_set_free(set);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is SQL found in a request? usage: injected < frames, each a decimal length, a line end, and so many bytes of a request.
 * Prints a line for each: the number of SQL codes found in it.
 */
#include "control/extract/extract.h"

#include <stdio.h>

enum { REQUEST_BYTES = 1 << 20 };

int main(void)
{
	static char request[REQUEST_BYTES];
	size_t len;

	while (scanf("%zu%*c", &len) == 1) {
		struct extraction *e = NULL;
		unsigned found = 0;

		if (len > sizeof(request) || fread(request, 1, len, stdin) != len || extract_bytes(bytes_of(request, len), &e) < 0)
			return 1;
		for (unsigned i = 0; i < e->count; i++)
			found += e->codes[i].language == LANGUAGE_SQL;
		printf("%u\n", found);
		extraction_free(e);
	}
	return 0;
}

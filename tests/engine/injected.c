/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a text found as injected SQL where it stands in a request? usage: injected < texts, one a line. Prints a line for each:
 * the number of SQL codes found in it as the value of a parameter.
 */
#include "control/extract/extract.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 65536 };

int main(void)
{
	static char line[LINE_BYTES], request[3 * LINE_BYTES + 64];

	while (fgets(line, sizeof(line), stdin) != NULL) {
		struct extraction *e = NULL;
		size_t len = (size_t)snprintf(request, sizeof(request), "GET /list?item=");
		unsigned found = 0;

		line[strcspn(line, "\n")] = '\0';
		for (const char *c = line; *c != '\0'; c++)
			len += (size_t)(isalnum((unsigned char)*c) ? sprintf(request + len, "%c", *c) : sprintf(request + len, "%%%02X", (unsigned char)*c));
		len += (size_t)sprintf(request + len, " HTTP/1.1\r\nHost: shop\r\n\r\n");
		if (extract_bytes(bytes_of(request, len), &e) < 0)
			return 1;
		for (unsigned i = 0; i < e->count; i++)
			found += e->codes[i].language == LANGUAGE_SQL;
		printf("%u\n", found);
		extraction_free(e);
	}
	return 0;
}

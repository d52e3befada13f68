/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a file into memory, with a bound. */
#include "control/iocgen/whole.h"

#include "control/iocgen/verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IOCS_FILE_MAX = 256 << 20 };

int whole_read(const char *name, size_t max, uint8_t **ret, size_t *ret_len)
{
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	uint8_t *text = NULL;
	size_t len = 0, size = 0;
	int r = from != NULL ? 0 : -errno;

	while (r == 0 && !feof(from)) {
		if (len == size) {
			uint8_t *more = realloc(text, size = size != 0 ? 2 * size : 64 << 10);

			if (more == NULL) {
				r = -ENOMEM;
				break;
			}
			text = more;
		}
		len += fread(text + len, 1, size - len, from);
		if (ferror(from))
			r = -EIO;
		else if (len > max)
			r = -EFBIG;
	}
	if (from != NULL && from != stdin)
		fclose(from);
	if (r < 0) {
		free(text);
		return r;
	}
	*ret = text;
	*ret_len = len;
	return 0;
}

int iocs_open(const char *verb, const char *name, struct ioc_set **ret)
{
	uint8_t *text = NULL;
	size_t len = 0;
	const char *why = NULL;
	int r = whole_read(name, IOCS_FILE_MAX, &text, &len);

	if (r < 0)
		return ioc_no(verb, "%s: %s", name, r == -EFBIG ? "longer than 256 MB" : strerror(-r));
	r = ioc_set_read(bytes_of(text, len), ret, &why);
	free(text);
	if (r == -ENOMEM)
		return ioc_cannot(verb, "no memory");
	return r < 0 ? ioc_no(verb, "%s: %s", name, why != NULL ? why : "no file of IOCs") : EXIT_DONE;
}

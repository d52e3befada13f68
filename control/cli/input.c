/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Foreign bytes in, and shown. */
#include "control/cli/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int input_read(const char *name, size_t max, uint8_t **ret, size_t *ret_len)
{
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
	uint8_t *at = NULL;
	size_t len;
	int r = 0;

	if (from == NULL)
		return -errno;
	if ((at = malloc(max + 1)) == NULL) {
		r = -ENOMEM;
		goto out;
	}
	errno = 0;
	len = fread(at, 1, max + 1, from);
	if (ferror(from))
		r = errno != 0 ? -errno : -EIO;
	else if (len > max)
		r = -EFBIG;
	if (r < 0)
		goto out;
	*ret = at;
	*ret_len = len;
	at = NULL;
out:
	free(at);
	if (from != stdin)
		fclose(from);
	return r;
}

void shown_print(struct bytes b, const char *indent)
{
	fputs(indent, stdout);
	for (size_t i = 0; i < b.left; i++) {
		if ((b.at[i] >= 0x20 && b.at[i] < 0x7f) || b.at[i] == '\t')
			putchar(b.at[i]);
		else if (b.at[i] != '\n')
			printf("\\x%02x", b.at[i]);
		else if (i + 1 < b.left)
			printf("\n%s", indent);
	}
	putchar('\n');
}

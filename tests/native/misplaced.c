/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says of each value on the standard input (a NUL behind each) whether a shell starts nothing of it: a line 1 or 0. */
#include "control/extract/command.h"

#include <stdio.h>
#include <stdlib.h>

int main(void)
{
	char *value = NULL;
	size_t room = 0;
	ssize_t len = 0;

	while ((len = getdelim(&value, &room, '\0', stdin)) > 0)
		puts(command_starts_nowhere(bytes_of(value, (size_t)len - (value[len - 1] == '\0'))) ? "1" : "0");
	free(value);
	return 0;
}

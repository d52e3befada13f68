/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The "#!" line. */
#include "emu/loader/script.h"

#include <errno.h>
#include <string.h>

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

int script_read(struct bytes file, struct script *ret)
{
	struct script s = { 0 };
	size_t at = 2, end, stop;

	if (file.left < 3 || file.at[0] != '#' || file.at[1] != '!')
		return -ENOEXEC;
	for (end = 2; end < file.left && file.at[end] != '\n'; end++)
		if (file.at[end] == 0 || end >= sizeof(s.interpreter))
			return -ENOEXEC;
	while (end > at && blank(file.at[end - 1]))
		end--;
	while (at < end && blank(file.at[at]))
		at++;
	for (stop = at; stop < end && !blank(file.at[stop]); stop++)
		;
	if (stop == at)
		return -ENOEXEC;
	memcpy(s.interpreter, file.at + at, stop - at);
	for (at = stop; at < end && blank(file.at[at]); at++)
		;
	memcpy(s.argument, file.at + at, end - at);
	*ret = s;
	return 0;
}

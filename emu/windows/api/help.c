/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the functions of several subjects need. */
#include "emu/windows/api/api.h"

#include <stdio.h>
#include <string.h>

bool api_text_of(struct windows *w, uint64_t at, char ret[WIN_TEXT_MAX])
{
	ret[0] = 0;
	return at != 0 && win_text(w, at, w->function->wide, ret, WIN_TEXT_MAX) == 0;
}

bool api_path_of(struct windows *w, uint64_t at, char ret[FILE_PATH_MAX])
{
	char text[WIN_TEXT_MAX];
	const char *path = text;

	if (!api_text_of(w, at, text) || text[0] == 0)
		return false;
	/* \\?\C:\a and \??\C:\a mean C:\a */
	if (strncmp(path, "\\\\?\\", 4) == 0 || strncmp(path, "\\??\\", 4) == 0 || strncmp(path, "\\\\.\\", 4) == 0)
		path += 4;
	return file_path(w->folder, path, ret);
}

uint64_t api_give_text(struct windows *w, uint64_t at, uint64_t room, const char *text)
{
	uint64_t n = win_put_text(w, at, w->function->wide, text, at != 0 ? room : 0);

	if (n > room || at == 0)
		return win_error(w, WIN_ERROR_BUFFER, n);
	return n != 0 ? n - 1 : 0;
}

void api_tell(struct windows *w, enum event_kind kind, const char *path)
{
	struct event *e = world_event(w->world, kind);

	if (e != NULL)
		e->path = world_keep_text(w->world, path);
}

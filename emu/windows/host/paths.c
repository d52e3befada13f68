/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths as text: from what was written to the one whole path it means. Microsoft: "Naming Files, Paths, and Namespaces". */
#include "emu/windows/host/files.h"

#include <stdio.h>
#include <string.h>

static bool is_slash(char c)
{
	return c == '\\' || c == '/';
}

static bool is_drive(const char *path)
{
	return ((path[0] >= 'A' && path[0] <= 'Z') || (path[0] >= 'a' && path[0] <= 'z')) && path[1] == ':';
}

bool file_is_unc(const char *path)
{
	return is_slash(path[0]) && is_slash(path[1]) && path[2] != '?' && path[2] != '.' && path[2] != 0;
}

/* One part of a path behind ret; "." and ".." go, and so do dots and blanks at its end, as Windows drops them. */
static bool add_part(char *ret, const char *part, size_t len, size_t floor)
{
	size_t used = strlen(ret);

	if (len == 2 && part[0] == '.' && part[1] == '.') {
		while (used > floor && ret[used - 1] != '\\')
			used--;
		ret[used > floor ? used - 1 : used] = 0;
		return true;
	}
	while (len != 0 && (part[len - 1] == '.' || part[len - 1] == ' '))
		len--;
	if (len == 0)
		return true;
	if (used + len + 2 >= FILE_PATH_MAX || len >= 255)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)part[i] < 32 || strchr("<>\"|", part[i]) != NULL)
			return false;
	snprintf(ret + used, FILE_PATH_MAX - used, "\\%.*s", (int)len, part);
	return true;
}

static bool add_parts(char *ret, const char *path, size_t floor)
{
	while (*path != 0) {
		size_t len = strcspn(path, "\\/");

		if (!add_part(ret, path, len, floor))
			return false;
		path += len;
		path += is_slash(*path);
	}
	return true;
}

bool file_path(const char *cwd, const char *path, char ret[FILE_PATH_MAX])
{
	char made[FILE_PATH_MAX] = "";

	if (is_slash(path[0]) && is_slash(path[1]) && (path[2] == '?' || path[2] == '.') && is_slash(path[3]))
		path += 4;
	if (file_is_unc(path)) {
		strcpy(made, "\\");
		if (!add_parts(made, path + 2, 1))
			return false;
		strcpy(ret, made);
		return true;
	}
	if (is_drive(path)) {
		snprintf(made, sizeof(made), "%c:", path[0] & ~0x20);
		/* "D:x" is in that drive's folder: ours, where it is our drive, else its root */
		if (!is_slash(path[2]) && (cwd[0] & ~0x20) == made[0] && !add_parts(made, cwd + 2, 2))
			return false;
		path += 2;
	} else if (file_is_unc(cwd)) {
		strcpy(made, "\\");
		if (!add_parts(made, cwd + 2, 1))
			return false;
	} else {
		snprintf(made, sizeof(made), "%c:", cwd[0] & ~0x20);
		if (!is_slash(path[0]) && !add_parts(made, cwd + 2, 2))
			return false;
	}
	if (!add_parts(made, path, 2))
		return false;
	if (made[2] == 0)
		strcat(made, "\\");
	strcpy(ret, made);
	return true;
}

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool file_fits(const char *pattern, const char *name)
{
	const char *star = NULL, *back = name;

	if (strcmp(pattern, "*.*") == 0)
		return true;
	while (*name != 0) {
		if (*pattern == '*') {
			star = ++pattern;
			back = name;
		} else if (*pattern == '?' || (*pattern != 0 && folded(*pattern) == folded(*name))) {
			pattern++;
			name++;
		} else if (star != NULL) {
			pattern = star;
			name = ++back;
		} else {
			return false;
		}
	}
	while (*pattern == '*' || *pattern == '?')
		pattern++;
	/* "name.*" fits a name without an ending */
	return *pattern == 0 || strcmp(pattern, ".*") == 0 || strcmp(pattern, ".") == 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Removing dot segments. */
#include "emu/language/path.h"

#include <ctype.h>
#include <string.h>

static bool is_slash(uint8_t c)
{
	return c == '/' || c == '\\';
}

/* Takes the next name off; false at the end. */
static bool next_name(struct bytes *b, struct bytes *ret)
{
	size_t len = 0;

	while (b->left > 0 && is_slash(b->at[0])) {
		b->at++;
		b->left--;
	}
	while (len < b->left && !is_slash(b->at[len]))
		len++;
	return len > 0 && bytes_take(b, len, ret) == 0;
}

static bool dots_alone(struct bytes name)
{
	for (size_t i = 0; i < name.left; i++) {
		if (name.at[i] != '.')
			return false;
	}
	return true;
}

/* Takes "file://" and a host, or "file:" before a slash (RFC 8089), off. false: another scheme. */
static bool strip_scheme(struct bytes *b, bool *absolute)
{
	ptrdiff_t scheme = bytes_find(*b, bytes_text("://"));
	struct bytes skipped;

	if (bytes_starts_fold(*b, bytes_text("file:/")) && scheme != 4) {
		*absolute = true;
		return bytes_take(b, 5, &skipped) == 0;
	}
	if (scheme < 0)
		return true;
	if (scheme != 4 || !bytes_starts_fold(*b, bytes_text("file")) || bytes_take(b, 7, &skipped) < 0)
		return false;
	while (b->left > 0 && !is_slash(b->at[0])) {
		b->at++;
		b->left--;
	}
	*absolute = true;
	return true;
}

bool path_target(struct bytes path, char ret[PATH_TARGET_MAX])
{
	const uint8_t *nul = path.left > 0 ? memchr(path.at, 0, path.left) : NULL;
	bool out = false;
	size_t used = 0;
	struct bytes name;

	if (nul != NULL)
		path.left = (size_t)(nul - path.at);
	if (!strip_scheme(&path, &out))
		return false;
	out |= (path.left > 0 && is_slash(path.at[0])) || (path.left > 1 && isalpha(path.at[0]) && path.at[1] == ':');
	while (next_name(&path, &name)) {
		if (dots_alone(name)) {
			if (name.left == 1)
				continue;
			out |= used == 0;
			while (used > 0 && ret[--used] != '/')
				;
			continue;
		}
		if (name.left + 2 > PATH_TARGET_MAX - used)
			return false;
		ret[used++] = '/';
		memcpy(ret + used, name.at, name.left);
		used += name.left;
	}
	if (!out || used == 0)
		return false;
	ret[used] = '\0';
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traversal: which file a path out of a request means, once the folder it starts from is left behind. */
#ifndef EMU_LANGUAGE_PATH_H
#define EMU_LANGUAGE_PATH_H

#include "control/wire/bytes.h"

enum { PATH_TARGET_MAX = 1024 };

/*
 * Writes the absolute path, ended by NUL: a file:// URL's path, an absolute path (of Windows too: /C:/…), or one that steps out with "..": its
 * steps are taken to reach the root, as attackers write more than enough. Both slashes part names; names of dots alone
 * (two or more) step out, as filters that strip "../" once leave them. A NUL ends the path.
 * false: it names nothing outside its folder, or another scheme, or is too long. Pure. RFC 3986 5.2.4, RFC 8089.
 */
bool path_target(struct bytes path, char ret[PATH_TARGET_MAX]);

#endif

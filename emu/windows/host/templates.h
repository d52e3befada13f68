/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts that a profile's Windows prints, by key: its language is the profile's, not the program's. */
#ifndef EMU_WINDOWS_HOST_TEMPLATES_H
#define EMU_WINDOWS_HOST_TEMPLATES_H

#include "control/wire/bytes.h"

struct templates;

/*
 * Reads FOLDER/texts/ (each file: "[key]" on a line, then the text until the next; a backslash at the end of the last
 * line takes its line end away). -errno; why gets FILE:LINE.
 */
must_check int templates_read(const char *folder, char *why, size_t why_size, struct templates **ret);
void templates_free(struct templates *);
const char *templates_find(const struct templates *, const char *key); /* NULL: none */

#endif

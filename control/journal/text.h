/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes from outside as JSON strings: UTF-8 as it is, anything else in base64 under a name that says so. */
#ifndef CONTROL_JOURNAL_TEXT_H
#define CONTROL_JOURNAL_TEXT_H

#include "control/journal/writer.h"

#include <jansson.h>

/* Puts b under name if it is UTF-8, else its base64 under base64_name. False without memory. */
must_check bool text_put(json_t *object, const char *name, const char *base64_name, struct bytes b);
/* A string that shows bytes which are no UTF-8 as \xNN: for names and sentences, where base64 would hide the sense. */
json_t *text_shown(struct bytes);
/* The same, written: a key with its value; a value. */
void text_write(struct writer *, const char *name, const char *base64_name, struct bytes b);
void text_write_shown(struct writer *, struct bytes);
/* b without the part of a UTF-8 character that a cut at its end left over. */
struct bytes text_whole(struct bytes b);
bool text_is_utf8(struct bytes);

#endif

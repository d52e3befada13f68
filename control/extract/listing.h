/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code that a text shows to its readers. Pure. */
#ifndef CONTROL_EXTRACT_LISTING_H
#define CONTROL_EXTRACT_LISTING_H

#include "control/wire/bytes.h"

/*
 * Is text[at] within a listing of a post: between two fences on lines of their own with prose outside, or between two
 * backticks in a line of prose? What an attack would have to look like to hide so, people write all the time.
 */
bool listing_holds(struct bytes text, size_t at);
/* Is it of several lines and so many words that whoever injects something has no use for them? */
bool listing_is_document(struct bytes text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which keys two configs set differently. */
#ifndef CONFIG_CHANGES_H
#define CONFIG_CHANGES_H

#include "config/schema.h"

/* was, is: the values as people write them, lent; "default" for a list that is not set. */
typedef void change_tell(void *context, const struct schema_row *, const char *was, const char *is);
/*
 * Tells each row whose values differ, in the schema's order. Values are compared as settings where they are single, as they are
 * written where they are lists. Returns how many, or -EINVAL, -ENOMEM where a file of them can no longer be read.
 */
must_check int changes_each(const struct settings *was, const struct settings *is, change_tell *tell, void *context);

#endif

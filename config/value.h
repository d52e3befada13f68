/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One key's value: from libconfig's tree into struct settings, as its schema row says. Private to config/. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include "config/load.h"
#include "config/schema.h"

#include <libconfig.h>

/* Where a value comes from and goes to. */
struct reading {
	const char *file;    /* the main file, as it was named */
	const char *folder;  /* absolute: where included files are */
	const char *origin;  /* absolute: relative paths begin here; another one only where a committed version is read */
	struct complaints *complaints;
	struct settings *settings;
	const struct schema_row *row; /* a list's, while its elements are read */
};

/* Puts the row's default into settings. */
void value_default(const struct schema_row *, const char *folder, struct settings *);
/* Checks and stores; what is wrong is told with the setting's own file and line. */
void value_read(struct reading *, const struct schema_row *, const config_setting_t *);
/* How a file that libconfig names (NULL: the main one) is named to people, into ret[PATH_MAX]. */
void value_place(const struct reading *, const char *file, char *ret);
/* Complains at this setting's place. */
unsigned value_line(const struct reading *, const config_setting_t *); /* in the main file; 0: in an included one */
void value_complain(struct reading *, const config_setting_t *, const char *why, ...) format_like(3, 4);

#endif

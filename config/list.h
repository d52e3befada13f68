/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of values: networks, rule files, ports, collectors, rule variables. Private to config/. */
#ifndef CONFIG_LIST_H
#define CONFIG_LIST_H

#include "config/value.h"

/* Replaces the list that the row names by the setting's elements; each bad element is told, the others stay. */
void list_read(struct reading *, const struct schema_row *, const config_setting_t *);
/* text made absolute into ret[PATH_MAX]; -ENAMETOOLONG. */
must_check int value_path(const char *folder, const char *text, char *ret);
/* "address" or "address/bits"; -EINVAL for another text, or bits set behind the prefix. */
must_check int network_parse(const char *text, struct network *ret);
/* Reads the text as networks[n]; NULL, or why it cannot stand there. */
const char *network_into(struct network *networks, const char *text, unsigned n);

#endif

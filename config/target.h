/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collectors: where lines go, in which form, and which of them. Private to config/. */
#ifndef CONFIG_TARGET_H
#define CONFIG_TARGET_H

#include "config/value.h"

/* Replaces the list by the setting's elements, each a URL or a group with one; each bad element is told, the others stay. */
void targets_read(struct reading *, const struct schema_row *, const config_setting_t *);
/* Once all is read: the sites that filters name become indices. s: the list of targets, or NULL. */
void targets_join(struct reading *, const config_setting_t *s);

#endif

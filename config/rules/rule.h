/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of rules in Suricata's language: loading files, and who asks how many. What a rule is: config/rules/ast.h. */
#ifndef CONFIG_RULES_RULE_H
#define CONFIG_RULES_RULE_H

#include "config/load.h"

struct rule_set;

/* An empty set; variables and limits come from settings. -EINVAL when a variable is wrong (complaints tell). */
must_check int rule_set_new(const struct settings *, struct complaints *, struct rule_set **ret);
void rule_set_free(struct rule_set *);
/*
 * Adds a file's rules. A rule with anything unsupported or wrong is refused as a whole, told as FILE:LINE and counted;
 * the others are kept. -errno only when the file cannot be read (told too) or memory ends.
 */
must_check int rule_set_add(struct rule_set *, const char *path, struct complaints *);
/* rule_set_new() and every file of settings->rules; unreadable files are told, the others load. */
must_check int rule_set_load(const struct settings *, struct complaints *, struct rule_set **ret);

unsigned rule_set_count(const struct rule_set *);
unsigned rule_set_refused(const struct rule_set *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The classes of rules and how severe each is: Suricata's classification.config. */
#ifndef CONFIG_RULES_CLASS_H
#define CONFIG_RULES_CLASS_H

struct rule_class {
	const char *name, *text; /* "web-application-attack", "Web Application Attack" */
	unsigned char severity;  /* 1 high .. 4 */
};

/* NULL where there is no such class. */
const struct rule_class *rule_class_find(const char *name);

#endif

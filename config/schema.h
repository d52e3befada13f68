/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one table of what an operator can set: it feeds loading, checking, the defaults and config/README.md. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include "config/settings.h"

#include <stdio.h>

enum schema_type {
	SCHEMA_COUNT,     /* unsigned, min..max */
	SCHEMA_NUMBER,    /* double, min..max */
	SCHEMA_FLAG,      /* bool */
	SCHEMA_NAME,      /* one word: a char array */
	SCHEMA_LISTEN,    /* "address:port", "" for nowhere: a char array */
	SCHEMA_PATH,      /* a file or folder, made absolute */
	SCHEMA_PATHS,     /* a list of them: char[][PATH_MAX] */
	SCHEMA_NETWORKS,  /* a list of "address" or "address/bits": struct network[] */
	SCHEMA_SYSLOG,    /* a list of "udp://host:port" and the like, or groups with such a url: struct syslog_target[] */
	SCHEMA_PORTS,     /* a list of { name; device; }: struct port_setting[] */
	SCHEMA_ACTS,      /* a list of "attacker", "flow", "contact": enum block_on[] */
	SCHEMA_SITES,     /* a list of { name; addresses; }: struct site_setting[] */
	SCHEMA_VARIABLES, /* a group of any NAME = "value": struct rule_variable[] */
};

struct schema_row {
	const char *path;     /* "group.key" */
	enum schema_type type;
	const char *unit;     /* "" where there is none */
	double min, max;      /* COUNT, NUMBER; of lists: how many elements */
	double preset;        /* the default of COUNT, NUMBER, FLAG */
	const char *text;     /* the default of the others; of a list its only element, "" is the empty list */
	bool live;            /* takes effect without a restart */
	const char *help;     /* one sentence; a bound says its reason */
	size_t at, count_at;  /* where in struct settings: the value (or array), and a list's count */
	size_t size;          /* bytes of a NAME or LISTEN */
};

extern const struct schema_row schema[];
extern const unsigned schema_count;

/* The row of this path, or NULL. */
const struct schema_row *schema_find(const char *path);
/* Writes the known path (or group, where text has no dot) that resembles text most; false where none does. */
bool schema_nearest(const char *text, char *ret, size_t size);
/* How people name a type: "whole number", "path", … */
const char *schema_type_name(enum schema_type);
/* The key table of config/README.md, in Markdown. */
void schema_document(FILE *);

#endif

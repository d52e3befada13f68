/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of konseki-dataplane: an inner interface, spoken by the program konseki. */
#ifndef DATAPLANE_OPTIONS_H
#define DATAPLANE_OPTIONS_H

#include "control/wire/compiler.h"

#include <stdbool.h>

struct options {
	const char *config;
	const char *rules;       /* a further file of rules, or NULL */
	int rings, courier, pulse, blocks; /* descriptors; all but rings may be -1: none */
	bool replay;
	unsigned captures_count;
	const char **captures;   /* owned; the names are borrowed from argv */
};

/* -EINVAL: usage was printed to stderr. -ENOMEM. Free with options_fini(). */
must_check int dataplane_options_parse(int argc, char **argv, struct options *ret);
void options_fini(struct options *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules while packets flow: another set is read and compiled beside the lanes, which change to it between two bursts. */
#ifndef DATAPLANE_LOADER_H
#define DATAPLANE_LOADER_H

#include "dataplane/lane.h"
#include "dataplane/options.h"
#include "dataplane/port/feed.h"

struct loader;

/* Reads the files of settings and the further one of the command line. What is wrong is told on stderr. -errno, told. */
struct rule_set;
must_check int rules_read(const struct options *, const struct settings *, struct rule_set **ret);
/* Compiles and takes rules over; kept: the folder of compiled rules (matcher_new()), or NULL. -errno, told. */
must_check int rules_compile(struct rule_set *rules, const char *kept, struct matcher **ret);

/* first, the matcher in force, becomes the loader's. Everything else stays borrowed until loader_free(). -ENOMEM. */
must_check int loader_new(const struct options *, struct feed *, struct lane **, unsigned count, struct matcher *first, struct loader **ret);
/*
 * Begins to load in a thread of its own: the config file is read again, of it only `rules` counts. On any error the old
 * set stays. Asked while it loads, it does so once more. Courier only.
 */
void loader_reload(struct loader *);
/* Frees what no lane uses any more. Courier only, about once a second. */
void loader_step(struct loader *);
void loader_free(struct loader *);

#endif

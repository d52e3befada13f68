/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scratch config with versions beside it, for tests; every failure fails the test. */
#ifndef TESTS_UNIT_VERSION_WORLD_H
#define TESTS_UNIT_VERSION_WORLD_H

#include "control/versions/commit.h"
#include "control/versions/in_force.h"
#include "control/versions/pending.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct world {
	char folder[64], conf[128], why[COMMIT_WHY_MAX];
	struct settings settings;
	struct versions versions;
};

/* A group's setup and teardown: three files, folder and lock taken. */
int world_begin(void **state);
int world_end(void **state);
/* Writes a file below the world's folder, new each time. */
void world_put(const struct world *w, const char *name, const char *text);
bool world_has(const struct world *w, const char *name);
char *world_text(const struct world *w, const char *name);
/* The candidate, with this window; it names one rule file and includes another file. */
void world_conf(const struct world *w, unsigned window);
/* Describes and stores the candidate; returns what commit_store() does. */
int world_store(struct world *w, unsigned *number);
/* Both, and puts it in force; returns its number. */
unsigned world_commit(struct world *w, unsigned window);
/* The window of the version that a program would start with; 0: there is none. */
unsigned world_in_force(struct world *w, struct in_force *in);
/* Files that were never finished. */
unsigned world_leftovers(struct world *w);

#endif

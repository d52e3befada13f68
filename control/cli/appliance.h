/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running appliance and the version of its config. */
#ifndef CONTROL_CLI_APPLIANCE_H
#define CONTROL_CLI_APPLIANCE_H

#include "control/wire/compiler.h"

#include "config/settings.h"
#include "control/versions/folder.h"

#include <stdbool.h>

enum appliance { APPLIANCE_NONE, APPLIANCE_TAKES_AT_START, APPLIANCE_READS, APPLIANCE_TOOK, APPLIANCE_REFUSED };

/*
 * `konseki run` looks by itself which version is in force; this waits, where one answers at running's admin socket, until it has
 * taken version n, kept its old rules (why says so), or found that a restart is needed. Seconds; not for ever.
 */
enum appliance appliance_take(const struct settings *running, const struct versions *, unsigned n, char *why, size_t size);

#endif

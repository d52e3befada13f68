/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running appliance and the version of its config. */
#ifndef CONTROL_CLI_APPLIANCE_H
#define CONTROL_CLI_APPLIANCE_H

#include "control/wire/compiler.h"

#include "config/settings.h"

#include <stdbool.h>

enum appliance { APPLIANCE_NONE, APPLIANCE_TAKES_AT_START, APPLIANCE_TOOK, APPLIANCE_REFUSED };

/*
 * Asks the appliance that answers at running's admin socket to work with the version in force from now on. why says the
 * reason of a refusal; it then goes on as before.
 */
enum appliance appliance_take(const struct settings *running, char *why, size_t size);

#endif

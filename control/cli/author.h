/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In whose name an operator changes something. */
#ifndef CONTROL_CLI_AUTHOR_H
#define CONTROL_CLI_AUTHOR_H

#include "control/versions/version.h"

/* given (NULL: nobody was named), else who called sudo, else the account's name or number. */
void author_write(const char *given, char ret[VERSION_AUTHOR_MAX + 1]);

#endif

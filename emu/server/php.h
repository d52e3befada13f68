/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attack code as the script that a web server's PHP runs. */
#ifndef EMU_SERVER_PHP_H
#define EMU_SERVER_PHP_H

#include "control/wire/bytes.h"

/*
 * Writes the script. Code with an open tag of its own is a file, as uploaded or included; any other is what an
 * application hands to eval(), after so many lines. A tag within a string or a comment of PHP code does not count.
 */
void php_script(struct bytes code, unsigned lines, struct sink *to);

#endif

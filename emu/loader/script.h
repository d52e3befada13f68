/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts that name their interpreter in the first line. */
#ifndef EMU_LOADER_SCRIPT_H
#define EMU_LOADER_SCRIPT_H

#include "control/wire/bytes.h"

struct script {
	char interpreter[256];
	char argument[256]; /* all that comes after it; "": none */
};

/* Untrusted bytes; as Linux reads the line. -ENOEXEC: it does not begin with "#!", or its line is too long. */
must_check int script_read(struct bytes file, struct script *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a JNDI name points: scheme, host, port. */
#ifndef EMU_LANGUAGE_JNDI_CALL_H
#define EMU_LANGUAGE_JNDI_CALL_H

#include "emu/language/jndi.h"

/* False where name is no URL of a scheme that a Java runtime brings a context for. Pure. */
bool jndi_call_parse(struct bytes name, struct jndi_call *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The grammars of formats of serialised objects, as far as finding them needs. Pure; each reads from the first byte on. */
#ifndef CONTROL_EXTRACT_SERIALISED_H
#define CONTROL_EXTRACT_SERIALISED_H

#include "control/extract/finder.h"

/* How long the pickle is that b begins with; 0: none, or none that calls anything. */
size_t pickle_length(struct bytes b);
/* The same of PHP's serialize(); 0: none, or none with an object whose class is the application's. */
size_t php_object_length(struct bytes b);
/* The same of Ruby's Marshal; 0: none, or none with an object. */
size_t marshal_length(struct bytes b);

#endif

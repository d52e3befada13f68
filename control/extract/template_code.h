/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between a template's delimiters: is it an expression or statement that does something? Pure. */
#ifndef CONTROL_EXTRACT_TEMPLATE_CODE_H
#define CONTROL_EXTRACT_TEMPLATE_CODE_H

#include "control/wire/bytes.h"

/* How much it looks like code that somebody put there, and none of an application's own names for a value. */
enum template_code {
	TEMPLATE_NOTHING,     /* no expression, or a name whose value the page fills in: {{ user.name }} */
	TEMPLATE_ORDINARY,    /* computes, as templates do: {{ f('x') }}, {% if user %}; code where it is the whole value */
	TEMPLATE_GLOBAL,      /* an engine's own name and nothing else: {{ config }}; code where it is the whole value */
	TEMPLATE_PROBE,       /* its value hangs on nothing but itself: {{ 7*7 }}, {% if 1 %} */
	TEMPLATE_REACH,       /* reaches for what no template needs: classes, modules, the engine's insides */
};

enum template_code template_code(struct bytes inside, bool statement);

#endif

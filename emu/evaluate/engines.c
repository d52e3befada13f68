/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of engines: a text of LANGUAGE_TEMPLATE is tried in each. */
#include "emu/evaluate/engines.h"

const struct template_engine engines[] = {
	{ LANGUAGE_JINJA2, jinja2_evaluate },
	{ LANGUAGE_TWIG, twig_evaluate },
	{ LANGUAGE_SMARTY, smarty_evaluate },
};

const unsigned engines_count = COUNT_OF(engines);

bool engines_have(enum language l)
{
	bool found = l == LANGUAGE_TEMPLATE;

	for (unsigned i = 0; i < engines_count && !found; i++)
		found = engines[i].language == l;
	return found;
}

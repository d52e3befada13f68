/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of engines: a text of LANGUAGE_TEMPLATE is tried in each. */
#include "emu/evaluate/engines.h"

#include "emu/asp/asp.h"
#include "emu/expression/engine.h"

const struct template_engine engines[] = {
	{ LANGUAGE_JINJA2, jinja2_evaluate },
	{ LANGUAGE_TWIG, twig_evaluate },
	{ LANGUAGE_SMARTY, smarty_evaluate },
	{ LANGUAGE_SPEL, spel_evaluate },
	{ LANGUAGE_OGNL, ognl_evaluate },
	{ LANGUAGE_EL, el_evaluate },
	{ LANGUAGE_MVEL, mvel_evaluate },
	{ LANGUAGE_JAVA, javacode_evaluate },
	{ LANGUAGE_FREEMARKER, freemarker_evaluate },
	{ LANGUAGE_VELOCITY, velocity_evaluate },
	{ LANGUAGE_THYMELEAF, thymeleaf_evaluate },
	{ LANGUAGE_ERB, erb_evaluate },
	{ LANGUAGE_EJS, ejs_evaluate },
	{ LANGUAGE_ASP, asp_evaluate },
	/* the same on Java 8, or where numbers have no locale's marks */
	{ LANGUAGE_SPEL, spel_evaluate_old },
	{ LANGUAGE_OGNL, ognl_evaluate_old },
	{ LANGUAGE_EL, el_evaluate_old },
	{ LANGUAGE_JAVA, javacode_evaluate_old },
	{ LANGUAGE_FREEMARKER, freemarker_evaluate_old },
	{ LANGUAGE_VELOCITY, velocity_evaluate_old },
};

const unsigned engines_count = COUNT_OF(engines);

bool engines_have(enum language l)
{
	bool found = l == LANGUAGE_TEMPLATE;

	for (unsigned i = 0; i < engines_count && !found; i++)
		found = engines[i].language == l;
	return found;
}

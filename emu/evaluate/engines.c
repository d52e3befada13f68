/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of engines: a text of LANGUAGE_TEMPLATE is tried in each. */
#include "emu/evaluate/engines.h"

#include "emu/asp/asp.h"
#include "emu/expression/engine.h"

const struct template_engine engines[] = {
	{ LANGUAGE_JINJA2, jinja2_evaluate },
	{ LANGUAGE_TWIG, twig_evaluate },
	{ LANGUAGE_SMARTY, smarty_evaluate },
	{ LANGUAGE_TEMPLATE, mako_evaluate },
	{ LANGUAGE_TEMPLATE, tornado_evaluate },
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
	{ LANGUAGE_HANDLEBARS, handlebars_evaluate },
	{ LANGUAGE_TEMPLATE, nunjucks_evaluate },
	{ LANGUAGE_TEMPLATE, braces_evaluate },
	{ LANGUAGE_ASP, asp_evaluate },
	/* the same on Java 8, or where numbers have no locale's marks */
	{ LANGUAGE_SPEL, spel_evaluate_old },
	{ LANGUAGE_OGNL, ognl_evaluate_old },
	{ LANGUAGE_EL, el_evaluate_old },
	{ LANGUAGE_JAVA, javacode_evaluate_old },
	{ LANGUAGE_FREEMARKER, freemarker_evaluate_old },
	{ LANGUAGE_VELOCITY, velocity_evaluate_old },
};

enum { PROGRAMS_MEMORY = 4 << 20 /* of one evaluation that only asks: what needs more is not made warm before */ };

const unsigned engines_count = COUNT_OF(engines);

bool engines_have(enum language l)
{
	bool found = l == LANGUAGE_TEMPLATE;

	for (unsigned i = 0; i < engines_count && !found; i++)
		found = engines[i].language == l;
	return found;
}

/* Evaluated without a server: what it would ask one for. A text that asks for a command alone needs neither. */
static int asked(void *context, enum language language, struct bytes code, struct bytes *ret)
{
	(void)code;
	*(unsigned *)context |= 1u << (language == LANGUAGE_PYTHON) | (language == LANGUAGE_PHP ? 4 : 0);
	*ret = (struct bytes){ 0 };
	return 0;
}

unsigned engines_programs(struct bytes text, enum language ret[2])
{
	static _Alignas(16) uint8_t memory[PROGRAMS_MEMORY];
	static struct template_outcome outcome;
	unsigned needs = 0, n = 0;
	const struct template_host host = { .context = &needs, .run = asked, .seed = 1 };

	for (unsigned i = 0; i < engines_count; i++) {
		struct arena scratch = { .at = memory, .size = sizeof(memory) };

		if (engines[i].language == LANGUAGE_JINJA2 || engines[i].language == LANGUAGE_TWIG || engines[i].language == LANGUAGE_SMARTY || engines[i].language == LANGUAGE_TEMPLATE)
			(void)!engines[i].evaluate(text, &host, &scratch, &outcome);
	}
	if ((needs & 2) != 0)
		ret[n++] = LANGUAGE_PYTHON;
	if ((needs & 4) != 0)
		ret[n++] = LANGUAGE_PHP;
	return n;
}

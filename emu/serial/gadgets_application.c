/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects whose classes are an application's: what their methods do when they are read or thrown away nobody here knows.
 * An attacker's texts stand in their fields all the same; each may be run, looked up or shown.
 */
#include "emu/serial/graph.h"

#include <ctype.h>
#include <string.h>

enum { WORDS_MIN = 2, COMMAND_MAX = 4096 };

static bool has(struct bytes b, const char *text)
{
	return bytes_find(b, bytes_text(text)) >= 0;
}

/* What a text may be, as code. AUTO: nothing that runs. */
static enum language guess(struct bytes text, enum language of)
{
	unsigned letters = 0;

	if (text.left < WORDS_MIN || text.left > COMMAND_MAX)
		return LANGUAGE_AUTO;
	for (size_t i = 0; i < text.left; i++) {
		if (text.at[i] < 0x20 && !isspace(text.at[i]))
			return LANGUAGE_AUTO;
		letters += isalpha(text.at[i]) != 0;
	}
	if (letters < WORDS_MIN)
		return LANGUAGE_AUTO;
	if (has(text, "<?php") || has(text, "<?="))
		return LANGUAGE_PHP;
	if (text.at[0] == '/' && !has(text, " ") && bytes_find(bytes_of(text.at + 1, text.left - 1), bytes_text("/")) > 0)
		return LANGUAGE_PATH;
	if (has(text, "../"))
		return LANGUAGE_PATH;
	/* "system('id');" */
	if (has(text, "(") && has(text, ")") && (has(text, ";") || isalpha(text.at[0])) && !has(text, "$("))
		return of;
	return LANGUAGE_SHELL;
}

/* The class of one of PHP's own that contacts what its field names, without any class of the application. */
static bool is_soap(const struct value *v)
{
	return v->kind == VALUE_OBJECT && bytes_equal_fold(v->text, bytes_text("SoapClient"));
}

static void look(const struct value *object, const struct value *v, enum language of, struct serial_result *ret)
{
	enum language language;

	if (v->kind != VALUE_TEXT || effect_url(ret, v->text, !is_soap(object), object->text))
		return;
	language = guess(v->text, of);
	if (language != LANGUAGE_AUTO)
		effect_add(ret, SERIAL_CODE, language, v->text, true, object->text);
}

void gadgets_application(const struct graph *g, enum language of, struct serial_result *ret)
{
	for (unsigned i = 0; i < g->values_count; i++) {
		const struct value *v = &g->values[i];

		if (v->kind != VALUE_OBJECT || bytes_equal_fold(v->text, bytes_text("stdClass")))
			continue;
		for (const struct edge *e = v->first; e != NULL; e = e->next) {
			look(v, e->to, of, ret);
			/* a list of an object's is as much its own */
			for (const struct edge *k = e->to->kind == VALUE_LIST ? e->to->first : NULL; k != NULL; k = k->next)
				look(v, k->to, of, ret);
		}
	}
}

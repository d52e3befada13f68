/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every engine of templates and expressions. A new one is a row in engines.c. */
#ifndef EMU_EVALUATE_ENGINES_H
#define EMU_EVALUATE_ENGINES_H

#include "emu/template/engine.h"

extern const struct template_engine engines[];
/* python_templates.c: engines whose templates are Python's own code. */
int mako_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int tornado_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
extern const unsigned engines_count;

/* Of Python and PHP, those that a template may need beside the engines; at most two. */
unsigned engines_programs(struct bytes text, enum language ret[2]);
/* Is the language one of theirs, or LANGUAGE_TEMPLATE, which is all of them? */
bool engines_have(enum language);

/* script_templates.c */
int erb_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int ejs_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int handlebars_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int nunjucks_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int braces_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
/* Does any of those that run as Node take it? */
bool script_templates_javascript(struct bytes text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The languages as engines of templates. Each evaluates a text with its delimiters, or else a text that is an expression
 * itself. The second of a pair is the same on Java 8 and with numbers in no locale: it takes only what would be another there.
 */
#ifndef EMU_EXPRESSION_ENGINE_H
#define EMU_EXPRESSION_ENGINE_H

#include "emu/template/engine.h"

int spel_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int spel_evaluate_old(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int ognl_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int ognl_evaluate_old(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int el_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int el_evaluate_old(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int mvel_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int javacode_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int javacode_evaluate_old(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int freemarker_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int freemarker_evaluate_old(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int velocity_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int velocity_evaluate_old(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);
int thymeleaf_evaluate(struct bytes, const struct template_host *, struct arena *, struct template_outcome *ret);

#endif

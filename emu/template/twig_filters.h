/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Twig's filters are called with. */
#ifndef EMU_TEMPLATE_TWIG_FILTERS_H
#define EMU_TEMPLATE_TWIG_FILTERS_H

#include "emu/template/filtering.h"
#include "emu/template/php.h"

int twig_filter(struct render *, struct bytes name, struct datum, const struct arguments *, struct datum *ret);
/* twig_lists.c: filters of arrays. -ENOENT: none of this name. */
int twig_filter_list(struct filtering *);
/* A callable: an arrow function, or the name of a function. */
int twig_invoke(struct render *, struct datum callable, const struct datum *values, size_t count, struct datum *ret);
bool twig_empty(struct datum);

#endif

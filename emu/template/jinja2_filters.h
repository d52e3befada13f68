/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Jinja2's filters are called with. */
#ifndef EMU_TEMPLATE_JINJA2_FILTERS_H
#define EMU_TEMPLATE_JINJA2_FILTERS_H

#include "emu/template/filtering.h"
#include "emu/template/python.h"

/* jinja2_lists.c: filters that take elements. -ENOENT: none of this name. */
int jinja2_filter_list(struct filtering *);

#endif

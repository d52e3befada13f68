/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Smarty's own grammar, into the tree that the others share. */
#ifndef EMU_TEMPLATE_PARSE_SMARTY_H
#define EMU_TEMPLATE_PARSE_SMARTY_H

#include "emu/template/syntax.h"

struct node *smarty_expression(struct parser *);
/* parse_smarty_tags.c: as parse_template(). */
struct node *parse_smarty_template(struct bytes text, struct arena *, struct parser *ret);

/* Operators of Smarty's alone. */
enum { OP_COUNTED = 'F' /* for $i = a to b */ };

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Twig's expressions: operators by precedence, arrow functions, ?: and ??. */
#include "emu/template/syntax.h"

struct node *parse_twig(struct parser *p)
{
	return parser_unexpected(p, NULL);
}

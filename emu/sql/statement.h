/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements run one after another. */
#ifndef EMU_SQL_STATEMENT_H
#define EMU_SQL_STATEMENT_H

#include "emu/sql/value.h"

/* Each, until one fails. Errors as in value.h. */
int statement_run(struct sql_run *, const struct statement *);
/* Parses and runs a text that was made by another: also -EBADMSG. */
int statement_text(struct sql_run *, struct bytes text);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of casts share. */
#ifndef EMU_SQL_CAST_H
#define EMU_SQL_CAST_H

#include "emu/sql/value.h"

bool cast_named(struct bytes name, const char *const *names); /* names end with NULL */
struct bytes cast_cut(struct bytes, int characters);          /* the first of them, of UTF-8; < 0: all */
int cast_read_integer(struct sql_run *, const struct sql_value *text, int64_t *ret);
int cast_read_bytea(struct sql_run *, const struct sql_value *text, struct sql_value *ret);

#endif

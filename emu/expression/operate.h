/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of operators share. */
#ifndef EMU_EXPRESSION_OPERATE_H
#define EMU_EXPRESSION_OPERATE_H

#include "emu/expression/class.h"

/* The kind of number that an operation on two others happens in. */
enum java_kind java_operate_meet(const struct java_run *, enum java_kind, enum java_kind);
int java_operate_numbers(struct java_run *, enum operator, const struct java_value *, const struct java_value *, enum java_kind, struct java_value *ret);
/* Operands brought to numbers where the language does that; 0: *ret is the result already, 1: go on. */
int java_operate_coerce(struct java_run *, enum operator, struct java_value *a, struct java_value *b, struct java_value *ret);
int java_operate_compare(struct java_run *, enum operator, struct java_value *a, struct java_value *b, struct java_value *ret);
/* in, contains, matches, between, ranges */
int java_operate_search(struct java_run *, enum operator, struct java_value *a, struct java_value *b, struct java_value *ret);

#endif

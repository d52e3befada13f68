/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of expression that have a file of their own; inner to java_evaluate(). */
#ifndef EMU_EXPRESSION_EVALUATE_H
#define EMU_EXPRESSION_EVALUATE_H

#include "emu/expression/class.h"

int java_evaluate_name(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_variable(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_call(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_property(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_new(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_static(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_list(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_map(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_array(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_each(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_lambda(struct java_run *, const struct node *, struct java_value *ret);
int java_evaluate_index(struct java_run *, const struct node *, struct java_value *ret);
/* The class as a value; -E2BIG for NULL. */
int java_class_value(struct java_run *, const struct java_class *, struct java_value *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP's values, for the engines written in it. Arrays are dictionaries whose keys are integers and texts. */
#ifndef EMU_TEMPLATE_PHP_H
#define EMU_TEMPLATE_PHP_H

#include "emu/template/render.h"

/* php_text.c */
int php_text(struct render *, struct datum, struct bytes *ret);
struct bytes php_real(struct arena *, double);
int php_json(struct render *, struct datum, struct bytes *ret);
/* As a literal of the language. -ENOTSUP: there is none. */
int php_written(struct render *, struct datum, struct bytes *ret);
const char *php_type(struct datum); /* as get_debug_type() says it in errors */

/* php_operate.c */
int php_truth(struct render *, struct datum, bool *ret);
int php_unary(struct render *, int op, struct datum, struct datum *ret);
int php_arithmetic(struct render *, int op, struct datum, struct datum, struct datum *ret);
int php_compare(struct render *, struct datum, struct datum, int *ret); /* <=> */
bool php_identical(struct datum, struct datum);
/* A number out of it. *whole: all of a text was one; -EDOM where it begins with none. */
int php_number(struct render *, struct datum, struct datum *ret);
bool php_numeric(struct bytes, struct datum *ret); /* is the whole text a number? */
int64_t php_int(struct datum);
double php_float(struct datum);
struct datum php_key(struct datum); /* as a key of an array */

/* php_array.c */
struct datum *php_array_find(const struct dict *, struct datum key);
int php_array_set(struct render *, struct dict *, struct datum key, struct datum value);
int php_array_push(struct render *, struct dict *, struct datum value); /* the next integer as its key */
int php_iterate(struct render *, struct datum, struct list *ret, struct list *keys);
int php_range(struct render *, struct datum from, struct datum to, struct datum step, struct datum *ret);
int php_slice(struct render *, struct datum of, int64_t start, struct datum length, bool keep, struct datum *ret);

/* php_call.c: a function of PHP's, by its name; what it prints goes to the page. -ENOENT: no name of a function. */
int php_call(struct render *, struct bytes name, const struct arguments *, struct datum *ret);

#endif

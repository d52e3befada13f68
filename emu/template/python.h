/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Python's values, for the engines written in it. Errors as struct semantics says. */
#ifndef EMU_TEMPLATE_PYTHON_H
#define EMU_TEMPLATE_PYTHON_H

#include "emu/template/render.h"

enum { PYTHON_NESTED_MAX = 32 /* values inside each other that are written out */ };

/* python_text.c */
int python_str(struct render *, struct datum, struct bytes *ret);
int python_repr(struct render *, struct datum, struct bytes *ret);
struct bytes python_real(struct arena *, double);
const char *python_type(struct datum); /* "int", "str", … */

/* python_operate.c */
int python_unary(struct render *, int op, struct datum, struct datum *ret);
int python_binary(struct render *, int op, struct datum, struct datum, struct datum *ret);
bool python_equal(struct datum, struct datum);
/* -1, 0, 1. -EDOM where the types have no order. */
int python_order(struct render *, struct datum, struct datum, int *ret);
int python_contains(struct render *, struct datum whole, struct datum part, bool *ret);
int python_truth(struct render *, struct datum, bool *ret);
bool python_is_number(struct datum);
double python_real_of(struct datum);

/* python_access.c */
int python_iterate(struct render *, struct datum, struct list *ret, struct list *keys);
int python_item(struct render *, struct datum of, struct datum key, struct datum *ret);
int python_slice(struct render *, struct datum of, const struct datum part[3], struct datum *ret);
int python_length(struct render *, struct datum, size_t *ret);
struct datum *python_dict_find(const struct dict *, struct datum key);
int python_dict_set(struct render *, struct dict *, struct datum key, struct datum value);

/* python_methods.c: of texts, lists, dictionaries. -ENOENT: the type has none of this name. */
int python_method(struct render *, struct datum of, struct bytes name, const struct arguments *, struct datum *ret);
bool python_has_method(struct datum of, struct bytes name);
struct bytes python_upper(struct arena *, struct bytes, bool upper);
struct bytes python_strip(struct bytes, struct bytes set, bool left, bool right);
struct bytes python_replace(struct render *, struct bytes, struct bytes from, struct bytes to, int64_t count);
int python_join(struct render *, struct bytes between, const struct list *, struct bytes *ret);
/* python_format.c: '…' % value, '…'.format(…) */
int python_percent(struct render *, struct bytes format, struct datum value, struct bytes *ret);
int python_format(struct render *, struct bytes format, const struct arguments *, struct bytes *ret);

/* python_object.c: things that are no plain values: see struct object there. */
int python_object_attribute(struct render *, struct datum of, struct bytes name, struct datum *ret); /* of any datum; -ENOENT */
int python_object_item(struct render *, struct datum of, struct datum key, struct datum *ret);
int python_object_call(struct render *, struct datum callee, const struct arguments *, struct datum *ret);
int python_object_text(struct render *, struct datum, struct bytes *ret);
int python_object_truth(struct render *, struct datum, bool *ret);
int python_object_iterate(struct render *, struct datum, struct list *ret);
int python_object_name(struct render *, struct bytes name, struct datum *ret); /* -ENOENT: no such global */
/* A plain value that the object comes to where operators and filters need one. */
int python_object_value(struct render *, struct datum, struct datum *ret);
/* Is it one of the interpreter's classes, or its name: whatever it is compared with, it is taken to be that. */
bool python_object_any(struct datum);
/* What an expression statement leaves behind is done even if nobody looks at it. */
void python_object_settle(struct render *, struct datum);

/* jinja2_filters.c, jinja2_tests.c */
int jinja2_filter(struct render *, struct bytes name, struct datum, const struct arguments *, struct datum *ret);
int jinja2_test(struct render *, struct bytes name, struct datum, const struct arguments *, bool *ret);
int jinja2_attribute(struct render *, struct datum of, struct bytes name, struct datum *ret);
int jinja2_item(struct render *, struct datum of, struct datum key, struct datum *ret);
int jinja2_undefined(struct render *, struct datum); /* -EDOM: it is used */

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What in Python is no plain value: things that Jinja2 and Flask hand to a template, the functions, classes and modules that
 * a way through their attributes leads to, and values that the interpreter of the server knows by an expression.
 */
#ifndef EMU_TEMPLATE_PYTHON_OBJECT_H
#define EMU_TEMPLATE_PYTHON_OBJECT_H

#include "emu/template/python.h"

enum object_kind {
	OBJECT_SOURCE,   /* source: an expression; the server's interpreter says what it comes to */
	OBJECT_THING,    /* thing; payload: what it holds */
	OBJECT_PART,     /* a class or function of the thing's: text says how it prints */
	OBJECT_GLOBALS,  /* the names of the thing's module; thing NULL: of a module nobody knows */
	OBJECT_CLASSES,  /* every class the victim's interpreter has loaded */
	OBJECT_ANY,      /* one of them: whatever it is used as; also its functions and its name */
	OBJECT_MADE,     /* an instance of one of them, with arguments */
	OBJECT_STREAM,   /* payload: the text that a command or file gives */
	OBJECT_METHOD,   /* payload: whose; name */
};

/* A thing of the engine's. */
struct thing {
	const char *name;      /* as templates call it; NULL: not by a name */
	const char *type;      /* its class */
	const char *module;    /* of its functions */
	const char *text;      /* as it prints; @: an address, ~: a name of the victim's */
	bool function, is_class;
	const char *imports;   /* modules among its module's names, with blanks around each */
	const char *methods;   /* its functions, likewise */
};

struct object {
	enum object_kind kind;
	const struct thing *thing;
	struct bytes source, text, name;
	struct datum payload;
	struct arguments arguments;
	bool path;               /* OBJECT_STREAM: of a file */
	bool calls;              /* OBJECT_SOURCE: something is called in it */
	bool names;              /* OBJECT_ANY: its name */
};

/* NULL where the arena is full: then *ret is no object and -ENOMEM. */
int object_put(struct render *, const struct object *, struct datum *ret);
int object_source(struct render *, struct bytes source, bool calls, struct datum *ret);
/* The expression that gives the value in the interpreter. -ENOTSUP: there is none. */
int object_written(struct render *, struct datum, struct bytes *ret);
/* a b c d in one text. */
struct bytes object_joined(struct render *, struct bytes a, const char *b, struct bytes c, const char *d);
int object_method(struct render *, struct datum of, struct bytes name, struct datum *ret);

/* python_things.c */
const struct thing *thing_named(struct bytes name);
const struct thing *thing_of_undefined(void);
/* The thing as a template sees it, with what it holds; -ENOENT. */
int thing_value(struct render *, struct bytes name, struct datum *ret);
int thing_attribute(struct render *, const struct object *, struct bytes name, struct datum *ret);
struct bytes thing_text(struct render *, const struct thing *); /* how it prints, addresses filled in */
bool word_in(const char *words, struct bytes word);
/* python_request.c: what of the request that brought the template a template may ask for. -ENOENT. */
int request_attribute(struct render *, struct bytes name, struct datum *ret);

/* python_call.c: functions that are known to the emulated server without an interpreter. -ENOENT: leave it to that. */
int call_known(struct render *, struct bytes source, const struct arguments *, struct datum *ret);
int call_made(struct render *, const struct arguments *, struct datum *ret); /* an instance of any class */
int stream_method(struct render *, const struct object *, struct bytes name, struct datum *ret);

#endif

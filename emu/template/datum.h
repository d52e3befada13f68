/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value of a template: what Python's and PHP's engines compute with. Everything lives in the evaluation's arena. */
#ifndef EMU_TEMPLATE_DATUM_H
#define EMU_TEMPLATE_DATUM_H

#include "emu/trace/arena.h"

#include <stdarg.h>

enum datum_kind {
	DATUM_UNDEFINED, /* s: the message of who uses it */
	DATUM_NONE,
	DATUM_BOOL,      /* i */
	DATUM_INT,       /* i */
	DATUM_REAL,      /* d */
	DATUM_TEXT,      /* s */
	DATUM_LIST,      /* list, of its form */
	DATUM_DICT,      /* dict */
	DATUM_OBJECT,    /* object: the engine's or the interpreter's */
	DATUM_CODE,      /* code: a macro, an arrow function */
};

enum list_form { FORM_LIST, FORM_TUPLE, FORM_GENERATOR, FORM_KEYS, FORM_VALUES, FORM_ITEMS, FORM_RANGE };

struct list;
struct dict;
struct object;
struct closure;

struct datum {
	enum datum_kind kind;
	bool open;       /* hangs on the victim */
	bool raw;        /* text that is bytes */
	union {
		int64_t i;
		double d;
		struct bytes s;
		struct list *list;
		struct dict *dict;
		const struct object *object;
		const struct closure *code;
	};
};

struct list {
	enum list_form form;
	size_t count, room;
	struct datum *at;
	int64_t step;    /* FORM_RANGE: as it was made */
	const char *maker; /* FORM_GENERATOR: the function it came of */
};

struct dict {
	size_t count, room;
	struct datum *keys, *values;
};

struct datum datum_none(void);
struct datum datum_bool(bool);
struct datum datum_int(int64_t);
struct datum datum_real(double);
struct datum datum_text(struct bytes);
struct datum datum_words(const char *);  /* of a string that stays */
/* With no elements; .list is NULL where the arena is full. */
struct datum datum_list(struct arena *, enum list_form);
struct datum datum_dict(struct arena *);
/* -ENOMEM where the arena is full. */
must_check int list_put(struct list *, struct arena *, struct datum);
must_check int dict_put(struct dict *, struct arena *, struct datum key, struct datum value);

/* Texts in the arena; empty where it is full. */
struct bytes text_join(struct arena *, struct bytes, struct bytes);
struct bytes text_format(struct arena *, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct bytes text_vformat(struct arena *, const char *format, va_list) __attribute__((format(printf, 2, 0)));
/* Each of the COUNT characters of the table as its entity. */
struct text_entity {
	uint8_t c;
	const char *entity;
};
struct bytes text_escape(struct arena *, struct bytes, const struct text_entity *, unsigned count);
struct bytes text_cut(struct bytes, size_t from, size_t to);
/* How many characters of UTF-8; the offset of the nth. A byte that is none counts as one. */
size_t text_length(struct bytes);
size_t text_place(struct bytes, size_t nth);
/* The code point at the beginning and how many bytes it takes (1 at least, if any are there). */
uint32_t text_point(struct bytes, size_t *len);
size_t text_put_point(uint8_t *to, uint32_t point);

/* The shortest decimal text that reads as d again: digits (no zeros behind), *exponent of the first one. */
void real_digits(double, char ret[32], int *exponent);

#endif

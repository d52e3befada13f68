/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON written straight into one growing block, as jansson writes it with JSON_COMPACT and 12 digits of a real number. */
#ifndef CONTROL_JOURNAL_WRITER_H
#define CONTROL_JOURNAL_WRITER_H

#include "control/wire/bytes.h"

/* All zero is an empty one. Without memory everything is left out, and writer_done() says so. */
struct writer {
	char *at;       /* owned */
	size_t used, size;
	bool follows;   /* a value stands before: a comma comes next */
	bool failed;
};

void writer_fini(struct writer *);
/* Empty again; its memory is kept for the next value. */
void writer_reset(struct writer *);
/* What was written, with a NUL behind it that does not count; borrowed, valid until the next call. -ENOMEM. */
must_check int writer_done(struct writer *, struct bytes *ret);

void writer_open(struct writer *, char bracket);  /* '{' or '[' */
void writer_close(struct writer *, char bracket); /* '}' or ']' */
/* A key; its value comes next. It needs no escape. */
void writer_key(struct writer *, const char *key);
/* UTF-8; what the caller does not know to be that goes through control/journal/text.h. */
void writer_text(struct writer *, struct bytes);
void writer_integer(struct writer *, int64_t);
void writer_bool(struct writer *, bool);
/* A key with its value; of a real number nothing where that is infinite or none, as JSON has no such value. */
void writer_key_text(struct writer *, const char *key, const char *text);
void writer_key_integer(struct writer *, const char *key, int64_t);
void writer_key_bool(struct writer *, const char *key, bool);
void writer_key_real(struct writer *, const char *key, double);
/* Runs of a string whose parts come one by one: begin, any number of parts, end. A part that is raw needs no escape. */
void writer_begin(struct writer *);
void writer_part(struct writer *, struct bytes);
char *writer_raw(struct writer *, size_t len); /* room for len bytes, to be filled; NULL: no memory */
void writer_end(struct writer *);

#endif

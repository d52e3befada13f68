/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON as it streams by: values with the path that leads to them, none of it held longer than it takes to tell. */
#ifndef CONTROL_IOCGEN_READ_WALK_H
#define CONTROL_IOCGEN_READ_WALK_H

#include "control/wire/bytes.h"

#include <stdio.h>

enum {
	WALK_PATH_MAX = 24,       /* levels whose names are kept; deeper values are passed over and counted */
	WALK_NESTING_MAX = 1024,  /* levels at all; deeper is no log */
	WALK_KEY_MAX = 128,       /* bytes of a name; the rest of a longer one is dropped */
	WALK_CHUNK = 64 << 10,    /* bytes read at once */
	WALK_STRING_MAX = 64 << 10, /* bytes of a value; the rest of a longer one is dropped and counted */
};

enum walk_type { WALK_STRING, WALK_NUMBER, WALK_TRUE, WALK_FALSE, WALK_NULL };

/* From the outside in; steps[0] is the outermost container's member. */
struct walk_path {
	uint32_t depth;
	struct walk_step {
		bool element;              /* of an array; else a member of an object */
		uint32_t index;            /* of an element, from 0 */
		uint8_t len;
		char key[WALK_KEY_MAX];    /* of a member, not ended */
	} steps[WALK_PATH_MAX];
};

/* What is told of a value; each may be NULL. `user` is that of walk_next(). */
struct walk_hooks {
	/* An object or array begins at this path; false passes over all that is in it, and close() is not called. */
	bool (*open)(void *user, const struct walk_path *, bool object);
	void (*close)(void *user, const struct walk_path *, bool object);
	/* A string without its escapes, in UTF-8; or the letters of another value. Valid until the return. */
	void (*value)(void *user, const struct walk_path *, enum walk_type, struct bytes);
};

struct walk_reader {
	FILE *from;
	struct bytes run;             /* of chunk, not taken yet */
	uint64_t line;                /* of the next byte, from 1 */
	uint64_t taken;               /* bytes */
	bool line_begins;             /* the byte before the next one ended a line */
	uint64_t cut, deep;           /* strings that lost their end, values that lay too deep */
	int error;                    /* -EIO: the stream broke */
	struct walk_path path;
	uint8_t objects[WALK_NESTING_MAX / 8]; /* a bit a level: an object, not an array */
	size_t used;
	uint8_t text[WALK_STRING_MAX], chunk[WALK_CHUNK];
};

/* The stream stays the caller's. A reader is large: not for the stack. */
void walk_reader_init(struct walk_reader *, FILE *from);
/*
 * Reads one value of those that stand one after the other and tells what is in it. 1: it was whole; 0: there is none any more;
 * -EBADMSG: this is no JSON, or it ends too early (what came before was told; walk_skip_line() goes on behind it); -EIO.
 * RFC 8259, with what loggers add: blanks and commas between records, control characters but line ends in
 * strings, NaN.
 */
must_check int walk_next(struct walk_reader *, const struct walk_hooks *, void *user);
/* Goes to the beginning of the next line, or stays where one begins and was not tried yet. 0: the end, 1: there is one; -EIO. */
must_check int walk_skip_line(struct walk_reader *);

/*
 * Is the path this one: names with dots between them, an element's number from 0 to 9, "*" for any one element or member? walk_path_below(): does it begin with
 * it? Names are compared to the letter.
 */
bool walk_path_is(const struct walk_path *, const char *pattern);
bool walk_path_below(const struct walk_path *, const char *pattern);
/* The same of what is left of the path behind its first `levels`. */
bool walk_path_is_within(const struct walk_path *, uint32_t levels, const char *pattern);
/* The innermost member's name: of an element, that of its array; "" where there is none. */
struct bytes walk_path_name(const struct walk_path *);
/* That of the container that the value stands in. */
struct bytes walk_path_above(const struct walk_path *);

#endif

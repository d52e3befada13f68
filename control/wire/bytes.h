/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cursors through which all untrusted bytes are read, and all frames are written. */
#ifndef CONTROL_WIRE_BYTES_H
#define CONTROL_WIRE_BYTES_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A borrowed run of bytes: at[0..left). Reading moves it on. */
struct bytes {
	const uint8_t *at;
	size_t left;
};

/* bytes over memory that the caller keeps alive; bytes_text() is over a string without its NUL. */
static inline struct bytes bytes_of(const void *at, size_t len)
{
	return (struct bytes){ .at = at, .left = len };
}

static inline struct bytes bytes_text(const char *text)
{
	return bytes_of(text, strlen(text));
}

/*
 * Each takes from the front and moves on; on -EBADMSG (too short) nothing moves and *ret is untouched.
 * le: little-endian (our own frames); be: big-endian (network headers).
 */
must_check int bytes_take(struct bytes *, size_t len, struct bytes *ret);
must_check int bytes_copy(struct bytes *, void *to, size_t len);
must_check int bytes_u8(struct bytes *, uint8_t *ret);
must_check int bytes_u16le(struct bytes *, uint16_t *ret);
must_check int bytes_u32le(struct bytes *, uint32_t *ret);
must_check int bytes_u64le(struct bytes *, uint64_t *ret);
must_check int bytes_u16be(struct bytes *, uint16_t *ret);
must_check int bytes_u32be(struct bytes *, uint32_t *ret);
/* A run with its length before it, as sink_run() writes it. max: more is -EBADMSG. */
must_check int bytes_run(struct bytes *, size_t max, struct bytes *ret);

/* Where needle first stands in hay: its offset, or -1. */
ptrdiff_t bytes_find(struct bytes hay, struct bytes needle);
static inline bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.left == b.left && (a.left == 0 || memcmp(a.at, b.at, a.left) == 0);
}
/* A quick digest for tables, not to be relied on where somebody may choose the bytes: compare them, too. */
uint64_t bytes_hash(struct bytes);
/* ASCII case folded; bytes_starts_fold(): does text begin with prefix? */
bool bytes_equal_fold(struct bytes, struct bytes);
/* Is it one of these words, case folded? */
bool bytes_is_one_of(struct bytes, const char *const *words, size_t count);
bool bytes_starts_fold(struct bytes text, struct bytes prefix);
/* Does text end with suffix: to the letter, or folded? */
bool bytes_ends(struct bytes text, struct bytes suffix);
bool bytes_ends_fold(struct bytes text, struct bytes suffix);
/* As lowercase hexadecimal digits and a NUL: ret has room for 2 * left + 1 characters. */
void bytes_hex(struct bytes, char *ret);
/* Without blanks, tabs and line ends around it. */
struct bytes bytes_trim(struct bytes);
/* Takes these characters off the front; false, and nothing taken, where others stand there. */
bool bytes_take_text(struct bytes *, const char *text);
/* Behind the round bracket that closes the one at `at`, strings and escapes of most languages heeded; false: none does. */
bool bytes_bracket_end(struct bytes, size_t at, size_t *ret);

/*
 * A bounded place to write. Writing past the end sets overflow and writes nothing more: test it once,
 * at the end, with sink_done().
 */
struct sink {
	uint8_t *at;
	size_t size, used; /* bytes */
	bool overflow;
};

struct sink sink_over(void *at, size_t size);
static inline void sink_u8(struct sink *s, uint8_t v) /* byte by byte is how decoders write */
{
	if (s->overflow || s->used == s->size)
		s->overflow = true;
	else
		s->at[s->used++] = v;
}
void sink_u16le(struct sink *, uint16_t);
void sink_u32le(struct sink *, uint32_t);
void sink_u64le(struct sink *, uint64_t);
void sink_put(struct sink *, const void *, size_t len);
void sink_run(struct sink *, struct bytes); /* u32le length, then the bytes */
void sink_text(struct sink *, const char *); /* a run; NULL counts as "" */
/* What was written, or -ENOSPC. */
must_check int sink_done(const struct sink *, struct bytes *ret);

#endif

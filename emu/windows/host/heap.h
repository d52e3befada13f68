/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of one run of a Windows evaluator: taken piece by piece, given back all at once. */
#ifndef EMU_WINDOWS_HOST_HEAP_H
#define EMU_WINDOWS_HOST_HEAP_H

#include "control/wire/bytes.h"

struct heap;

enum {
	HEAP_ENOUGH = 128 << 20,  /* bytes after which heap_full() tells a run to end */
	HEAP_SIZE = 384 << 20,   /* of address space; what is between is room for a run that has yet to notice */
	HEAP_PIECE = 16 << 20,   /* more than this at once is a mistake of ours */
	TEXT_BYTES_MAX = 4 << 20, /* of one growing text; what is beyond is dropped, and the heap is full */
};

must_check int heap_new(struct heap **ret);
void heap_free(struct heap *);
void heap_reset(struct heap *);
/* Zeroed, aligned for anything, never NULL: whoever takes in a loop asks heap_full() in it. */
void *heap_take(struct heap *, size_t size);
bool heap_full(const struct heap *);
void heap_fill(struct heap *); /* a bound was reached elsewhere: the run is to end for memory */
char *heap_text(struct heap *, struct bytes); /* a copy, NUL-ended */
char *heap_print(struct heap *, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Bytes that grow, in a heap. at is NUL-ended after each call. */
struct text {
	struct heap *heap;
	char *at;
	size_t len, room;
};
struct text text_in(struct heap *);
void text_add(struct text *, struct bytes);
void text_put(struct text *, char);
void text_print(struct text *, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct bytes text_bytes(const struct text *);

#endif

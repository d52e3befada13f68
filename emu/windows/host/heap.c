/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A region of address space, used from its beginning. */
#include "emu/windows/host/heap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { KEPT_DIRTY = 4 << 20, PRINT_MAX = 16 << 10 };

struct heap {
	uint8_t *at;
	size_t used;
	bool full;
};

int heap_new(struct heap **ret)
{
	struct heap *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return -ENOMEM;
	h->at = mmap(NULL, HEAP_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (h->at == MAP_FAILED) {
		free(h);
		return -ENOMEM;
	}
	*ret = h;
	return 0;
}

void heap_free(struct heap *h)
{
	if (h == NULL)
		return;
	munmap(h->at, HEAP_SIZE);
	free(h);
}

void heap_reset(struct heap *h)
{
	if (h->used > KEPT_DIRTY)
		madvise(h->at, HEAP_SIZE, MADV_DONTNEED);
	h->used = 0;
	h->full = false;
}

void *heap_take(struct heap *h, size_t size)
{
	size_t need = (size + 15) & ~(size_t)15;
	uint8_t *at;

	if (size > HEAP_PIECE || need > HEAP_SIZE - h->used)
		abort(); /* a worker that dies is an outcome; memory that is another's would be none */
	at = h->at + h->used;
	h->used += need;
	h->full |= h->used > HEAP_ENOUGH;
	memset(at, 0, need);
	return at;
}

bool heap_full(const struct heap *h)
{
	return h->full;
}

void heap_fill(struct heap *h)
{
	h->full = true;
}

char *heap_text(struct heap *h, struct bytes b)
{
	size_t len = b.left < TEXT_BYTES_MAX ? b.left : TEXT_BYTES_MAX;
	char *to = heap_take(h, len + 1);

	if (len != 0)
		memcpy(to, b.at, len);
	return to;
}

static int print(char *to, const char *format, va_list args)
{
	int len = vsnprintf(to, PRINT_MAX, format, args);

	return len < 0 ? 0 : len < PRINT_MAX ? len : PRINT_MAX - 1;
}

char *heap_print(struct heap *h, const char *format, ...)
{
	char made[PRINT_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = print(made, format, args);
	va_end(args);
	return heap_text(h, bytes_of(made, (size_t)len));
}

struct text text_in(struct heap *h)
{
	return (struct text){ .heap = h, .at = heap_take(h, 16), .room = 16 };
}

void text_add(struct text *t, struct bytes b)
{
	if (b.left == 0)
		return;
	if (b.left > TEXT_BYTES_MAX - t->len) {
		heap_fill(t->heap);
		return;
	}
	if (t->len + b.left >= t->room) {
		size_t room = 2 * (t->len + b.left) + 16;
		char *more = heap_take(t->heap, room);

		memcpy(more, t->at, t->len);
		t->at = more;
		t->room = room;
	}
	memcpy(t->at + t->len, b.at, b.left);
	t->len += b.left;
	t->at[t->len] = 0;
}

void text_put(struct text *t, char c)
{
	text_add(t, bytes_of(&c, 1));
}

void text_print(struct text *t, const char *format, ...)
{
	char made[PRINT_MAX];
	va_list args;
	int len;

	va_start(args, format);
	len = print(made, format, args);
	va_end(args);
	text_add(t, bytes_of(made, (size_t)len));
}

struct bytes text_bytes(const struct text *t)
{
	return bytes_of(t->at, t->len);
}

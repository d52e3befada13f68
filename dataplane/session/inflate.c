/* SPDX-License-Identifier: GPL-2.0-or-later */
/* zlib on memory that was there before: each inflater brings what zlib asks for. */
#include "dataplane/session/inflate.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

enum { WINDOW_BITS = 15, MEMORY = 44 << 10 /* bytes: zlib's state (7 KB) and its window of 32 KB */ };

struct inflater {
	struct inflater *next;
	z_stream zlib;
	size_t used;
	_Alignas(16) uint8_t memory[MEMORY];
};

struct inflaters {
	struct inflater *memory, *free;
};

static voidpf lend(voidpf inflater, uInt items, uInt size)
{
	struct inflater *i = inflater;
	size_t len = ((size_t)items * size + 15) & ~(size_t)15;
	void *at = i->memory + i->used;

	if (len > sizeof(i->memory) - i->used)
		return Z_NULL;
	i->used += len;
	return at;
}

/* All of it is free again when the next taker begins. */
static void keep(voidpf inflater, voidpf address)
{
	(void)inflater;
	(void)address;
}

int inflaters_new(unsigned count, struct inflaters **ret)
{
	struct inflaters *p = calloc(1, sizeof(*p));

	if (p == NULL || (count > 0 && (p->memory = calloc(count, sizeof(*p->memory))) == NULL)) {
		free(p);
		return -ENOMEM;
	}
	for (unsigned i = count; i > 0; i--) {
		p->memory[i - 1].next = p->free;
		p->free = &p->memory[i - 1];
	}
	*ret = p;
	return 0;
}

void inflaters_free(struct inflaters *p)
{
	if (p == NULL)
		return;
	free(p->memory);
	free(p);
}

struct inflater *inflater_take(struct inflaters *p)
{
	struct inflater *i = p->free;

	if (i == NULL)
		return NULL;
	i->used = 0;
	i->zlib = (z_stream){ .zalloc = lend, .zfree = keep, .opaque = i };
	if (inflateInit2(&i->zlib, -WINDOW_BITS) != Z_OK)
		return NULL;
	p->free = i->next;
	return i;
}

void inflater_give(struct inflaters *p, struct inflater *i)
{
	if (i == NULL)
		return;
	i->next = p->free;
	p->free = i;
}

int inflater_step(struct inflater *i, struct bytes *in, uint8_t *room, size_t len)
{
	int r;

	i->zlib.next_in = (Bytef *)(uintptr_t)in->at; /* zlib reads only */
	i->zlib.avail_in = (uInt)in->left;
	i->zlib.next_out = room;
	i->zlib.avail_out = (uInt)len;
	r = inflate(&i->zlib, Z_SYNC_FLUSH);
	*in = bytes_of(in->at + in->left - i->zlib.avail_in, i->zlib.avail_in);
	/* a final block may end a message, too: the next begins anew (RFC 7692, 7.2.3.4) */
	if (r == Z_STREAM_END)
		r = inflateReset(&i->zlib);
	return r == Z_OK || r == Z_BUF_ERROR ? (int)(len - i->zlib.avail_out) : -EBADMSG;
}

void inflater_forget(struct inflater *i)
{
	(void)inflateReset(&i->zlib); /* fails only without a state, and we have one */
}

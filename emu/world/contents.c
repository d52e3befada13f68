/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Contents of files: borrowed until first written, then owned and counted. */
#include "emu/world/tree_inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Makes the contents writable, with room for size bytes. */
static int own(struct tree *t, struct node *n, uint64_t size)
{
	uint64_t room = n->room != 0 ? n->room : 256;
	uint8_t *more;
	int r = node_touch(t, n);

	if (r < 0)
		return r;
	if (n->own != NULL && n->room >= size)
		return 0;
	while (room < size)
		room *= 2;
	if (t->used + room - n->room > t->limit) {
		t->full = true;
		return -EDQUOT;
	}
	if ((more = realloc(n->own, room)) == NULL)
		return -ENOMEM;
	if (n->own == NULL && n->size != 0)
		memcpy(more, n->data, n->size < room ? n->size : room);
	t->used += room - n->room;
	n->own = more;
	n->data = more;
	n->room = room;
	n->mapped = false;
	n->packaged = false;
	n->place = 0;
	return 0;
}

int node_write(struct tree *t, struct node *n, uint64_t offset, struct bytes data)
{
	uint64_t end = offset + data.left;
	int r;

	if (end < offset || end > (1ull << 40))
		return -EFBIG;
	if ((r = own(t, n, end > n->size ? end : n->size)) < 0)
		return r;
	if (offset > n->size)
		memset(n->own + n->size, 0, offset - n->size);
	if (data.left != 0)
		memcpy(n->own + offset, data.at, data.left);
	if (end > n->size)
		n->size = end;
	return 0;
}

int node_truncate(struct tree *t, struct node *n, uint64_t size)
{
	int r;

	if (size > (1ull << 40))
		return -EFBIG;
	if (size == n->size)
		return 0;
	if (size == 0 && !n->fresh) {
		/* nothing is worth copying */
		if ((r = node_touch(t, n)) < 0)
			return r;
		n->size = 0;
		n->mapped = n->packaged = false;
		n->place = 0;
		return 0;
	}
	if ((r = own(t, n, size > n->size ? size : n->size)) < 0)
		return r;
	if (size > n->size)
		memset(n->own + n->size, 0, size - n->size);
	n->size = size;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading and writing through standard handles. */
#include "emu/windows/host/handle.h"

#include <string.h>

struct handle *handle_new(struct host *h, enum handle_kind kind)
{
	struct handle *n = heap_take(h->heap, sizeof(*n));

	n->kind = kind;
	if (kind == HANDLE_BUFFER)
		n->buffer = text_in(h->heap);
	return n;
}

struct handle *handle_reading(struct host *h, struct bytes b)
{
	struct handle *n = handle_new(h, HANDLE_BUFFER);

	n->left = b;
	return n;
}

void handle_write(struct host *h, struct handle *to, struct bytes b)
{
	if (b.left == 0 || !host_step(h))
		return;
	switch (to->kind) {
	case HANDLE_OUT:
	case HANDLE_ERR:
		if (record_output(h->world->record, to->kind == HANDLE_OUT ? STREAM_OUT : STREAM_ERR, b) < 0)
			host_stop(h, STOPPED_OUTPUT);
		break;
	case HANDLE_FILE:
		record_more(h->world->record, to->told, b);
		if (node_write(h->world->tree, to->node, to->offset, b) < 0)
			host_stop(h, STOPPED_FILES);
		to->offset += b.left;
		break;
	case HANDLE_BUFFER:
		text_add(&to->buffer, b);
		break;
	case HANDLE_CALL:
		to->write(to->context, b);
		break;
	case HANDLE_NUL:
		break;
	}
}

void handle_text(struct host *h, struct handle *to, const char *text)
{
	handle_write(h, to, bytes_text(text));
}

bool handle_line(struct handle *from, struct bytes *ret)
{
	const uint8_t *end;
	size_t len;

	if (from->left.left == 0)
		return false;
	end = memchr(from->left.at, '\n', from->left.left);
	len = end != NULL ? (size_t)(end - from->left.at) : from->left.left;
	*ret = bytes_of(from->left.at, len);
	if (ret->left != 0 && ret->at[ret->left - 1] == '\r')
		ret->left--;
	len += end != NULL;
	from->left = bytes_of(from->left.at + len, from->left.left - len);
	return true;
}

struct bytes handle_rest(struct handle *from)
{
	struct bytes all = from->left;

	from->left = bytes_of(all.left > 0 ? all.at + all.left : all.at, 0);
	return all;
}

struct standard standard_of(struct host *h)
{
	return (struct standard){ handle_new(h, HANDLE_NUL), handle_new(h, HANDLE_OUT), handle_new(h, HANDLE_ERR) };
}

void handle_say(struct host *h, struct handle *to, const char *key, const char *const *args)
{
	const char *text = host_text(h, key, args);

	if (text == NULL)
		host_unknown(h, key);
	else
		handle_text(h, to, text);
}

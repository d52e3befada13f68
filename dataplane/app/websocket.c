/* SPDX-License-Identifier: GPL-2.0-or-later */
/* WebSocket framing: a frame's head byte by byte, its payload as it comes. */
#include "dataplane/app/websocket.h"

#include <string.h>

enum { OPCODE_CONTINUATION = 0, OPCODE_BINARY = 2, OPCODE_CLOSE = 8, OPCODE_PONG = 10, CONTROL_MAX = 125 };

static bool is_control(const struct websocket *w)
{
	return w->opcode >= OPCODE_CLOSE;
}

/* How long the head is, as far as its first two bytes tell. */
static size_t head_size(const struct websocket *w)
{
	uint8_t len = w->head_len > 1 ? w->head[1] & 0x7f : 0;

	return 2 + (len == 127 ? 8 : len == 126 ? 2 : 0) + (w->head_len > 1 && w->head[1] & 0x80 ? 4 : 0);
}

/* The head is here: is it one, and what does it say? RFC 6455, 5.2, 5.4 and 5.5. */
static bool head_read(struct websocket *w)
{
	uint8_t len = w->head[1] & 0x7f;
	size_t at = 2, wide = len == 127 ? 8 : len == 126 ? 2 : 0;
	bool reserved = w->head[0] & 0x40, masked = w->head[1] & 0x80;

	w->opcode = w->head[0] & 0x0f;
	w->last = w->head[0] & 0x80;
	w->remaining = wide == 0 ? len : 0;
	for (size_t i = 0; i < wide; i++)
		w->remaining = w->remaining << 8 | w->head[at++];
	memset(w->mask, 0, sizeof(w->mask));
	if (masked)
		memcpy(w->mask, w->head + at, sizeof(w->mask));
	w->phase = 0;
	if (w->head[0] & 0x30 || w->remaining >> 63 || w->opcode > OPCODE_PONG || (w->opcode > OPCODE_BINARY && w->opcode < OPCODE_CLOSE))
		return false;
	if (is_control(w))
		return !reserved && w->last && w->remaining <= CONTROL_MAX;
	return (w->opcode == OPCODE_CONTINUATION) == w->in_message && (!reserved || (w->compresses && !w->in_message));
}

/* One more byte of the head. */
static enum websocket_event step_head(struct websocket *w, struct bytes *in)
{
	w->head[w->head_len++] = in->at[0];
	*in = bytes_of(in->at + 1, in->left - 1);
	if (w->head_len < 2 || w->head_len < head_size(w))
		return WEBSOCKET_MORE;
	w->head_len = 0;
	if (!head_read(w)) {
		w->broken = true;
		return WEBSOCKET_BROKEN;
	}
	w->in_frame = true;
	if (is_control(w) || w->in_message)
		return WEBSOCKET_MORE;
	w->in_message = true;
	w->compressed = w->head[0] & 0x40;
	return WEBSOCKET_BEGIN;
}

/* The frame's payload is over. */
static void frame_over(struct websocket *w)
{
	w->in_frame = false;
	if (w->opcode == OPCODE_CLOSE)
		w->closed = true;
	else if (!is_control(w) && w->last)
		w->ending = true;
}

static struct bytes unmasked(struct websocket *w, struct bytes piece, uint8_t *room)
{
	static const uint8_t none[4];

	if (memcmp(w->mask, none, sizeof(none)) == 0)
		return piece;
	for (size_t i = 0; i < piece.left; i++)
		room[i] = piece.at[i] ^ w->mask[w->phase++ & 3];
	return bytes_of(room, piece.left);
}

enum websocket_event websocket_step(struct websocket *w, struct bytes *in, uint8_t *room, size_t room_len, struct bytes *piece)
{
	*piece = (struct bytes){ 0 };
	while (!w->broken && !w->closed) {
		enum websocket_event e;
		size_t len;

		if (w->in_frame && w->remaining == 0)
			frame_over(w);
		if (w->ending) {
			w->ending = w->in_message = false;
			return WEBSOCKET_END;
		}
		if (in->left == 0 || w->closed)
			break;
		if (!w->in_frame) {
			if ((e = step_head(w, in)) != WEBSOCKET_MORE)
				return e;
			continue;
		}
		len = in->left < room_len ? in->left : room_len;
		len = len < w->remaining ? len : (size_t)w->remaining;
		*piece = unmasked(w, bytes_of(in->at, len), room);
		*in = bytes_of(in->at + len, in->left - len);
		w->remaining -= len;
		if (!is_control(w))
			return WEBSOCKET_DATA;
		*piece = (struct bytes){ 0 };
	}
	if (w->closed)
		*in = bytes_of(in->at + in->left, 0);
	return w->broken ? WEBSOCKET_BROKEN : WEBSOCKET_MORE;
}

bool websocket_gap(struct websocket *w, uint64_t len)
{
	if (w->closed)
		return true;
	if (!w->in_frame || len > w->remaining)
		return false;
	w->remaining -= len;
	w->phase = (uint8_t)((w->phase + len) & 3);
	return true;
}

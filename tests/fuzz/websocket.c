/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes as frames of WebSocket, in one piece and cut at random: the same messages are told, and none is longer than what
 * came. Input: 32 bits of seed, one byte whose lowest bit allows compression, the bytes.
 */
#include "dataplane/app/websocket.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 5, INPUT_MAX = 4096, ROOM = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was told, written down: events as letters, contents behind them. */
struct told {
	uint8_t bytes[3 * INPUT_MAX];
	size_t len;
	size_t left; /* of the input, where it broke */
};

static void play(struct bytes all, uint32_t *seed, bool compresses, struct told *t)
{
	struct websocket w = { .compresses = compresses };
	enum websocket_event e = WEBSOCKET_MORE;
	uint8_t room[ROOM];

	t->len = 0;
	while (all.left > 0 && e != WEBSOCKET_BROKEN) {
		size_t len = all.left;
		struct bytes in, piece;

		if (seed != NULL) {
			*seed = *seed * 1664525u + 1013904223u;
			len = 1 + (*seed >> 24) % (*seed & 0x10000 ? 4 : 97);
			len = len < all.left ? len : all.left;
		}
		in = bytes_of(all.at, len);
		while ((e = websocket_step(&w, &in, room, seed != NULL ? ROOM : 7, &piece)) != WEBSOCKET_MORE && e != WEBSOCKET_BROKEN) {
			if (t->len + 1 + piece.left > sizeof(t->bytes))
				abort();
			if (e != WEBSOCKET_DATA)
				t->bytes[t->len++] = (uint8_t)e;
			if (piece.left > 0)
				memcpy(t->bytes + t->len, piece.at, piece.left);
			t->len += piece.left;
		}
		all = bytes_of(all.at + len - in.left, all.left - len + in.left);
		if (e == WEBSOCKET_MORE && in.left > 0)
			abort();
	}
	t->left = all.left;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct told whole, cut;
	uint32_t seed;

	if (size < HEADER || size > HEADER + INPUT_MAX)
		return 0;
	memcpy(&seed, data, sizeof(seed));
	play(bytes_of(data + HEADER, size - HEADER), NULL, data[4] & 1, &whole);
	play(bytes_of(data + HEADER, size - HEADER), &seed, data[4] & 1, &cut);
	if (whole.len != cut.len || memcmp(whole.bytes, cut.bytes, whole.len) != 0 || whole.left != cut.left)
		abort();
	return 0;
}

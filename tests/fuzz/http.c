/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any bytes from either side, as one segment each and cut at random: the cases and history told are the same, and
 * nothing is left behind. Input: 16 bits of the client's length, 32 bits of seed, the client's bytes, the server's.
 */
#include "tests/unit/session_world.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 6, INPUT_MAX = 1500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say_in_pieces(struct world *w, enum direction d, struct bytes b, uint32_t *seed)
{
	while (b.left > 0) {
		size_t len = b.left;

		if (seed != NULL) {
			*seed = *seed * 1664525u + 1013904223u;
			len = 1 + (*seed >> 24) % (*seed & 0x10000 ? 4 : 97);
			len = len < b.left ? len : b.left;
		}
		world_send(w, d, b.at, len);
		b = bytes_of(b.at + len, b.left - len);
	}
}

static void play(struct world *w, struct bytes client, struct bytes server, uint32_t *seed, enum session_end end)
{
	world_forget(w);
	world_open(w);
	say_in_pieces(w, FROM_CLIENT, client, seed);
	say_in_pieces(w, FROM_SERVER, server, seed);
	if (end == SESSION_CLOSED)
		world_fin(w, FROM_SERVER);
	world_close(w, end);
}

static void same_parts(const struct case_part *a, const struct case_part *b)
{
	if (a->present != b->present || a->gaps != b->gaps || a->seen != b->seen || !bytes_equal(a->head, b->head) ||
	    !bytes_equal(a->tail, b->tail))
		abort();
}

static void same_cases(const struct world *a, const struct world *b)
{
	if (a->cases_count != b->cases_count)
		abort();
	for (size_t i = 0; i < a->cases_count; i++) {
		const struct case_record *x = &a->cases[i].record, *y = &b->cases[i].record;

		if (x->tx_id != y->tx_id || x->app != y->app || x->state != y->state ||
		    x->request_answered_early != y->request_answered_early || x->alerts_count != y->alerts_count)
			abort();
		for (size_t k = 0; k < PART_COUNT; k++)
			same_parts(&x->parts[k], &y->parts[k]);
	}
}

static void same_history(const struct world *a, const struct world *b)
{
	if (a->history_count != b->history_count)
		abort();
	for (size_t i = 0; i < a->history_count; i++) {
		const struct history *x = &a->history[i].record, *y = &b->history[i].record;

		if (x->kind != y->kind || x->tx_id != y->tx_id || x->status != y->status || x->whole != y->whole ||
		    x->body_len != y->body_len || x->body_digest != y->body_digest || !bytes_equal(x->name, y->name) ||
		    !bytes_equal(x->method, y->method) || !bytes_equal(x->content_type, y->content_type))
			abort();
		if (x->kind != HISTORY_SENT && !bytes_equal(x->sample, y->sample))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct world *whole, *cut;
	struct bytes client, server;
	uint32_t seed;

	if (size < HEADER || size > INPUT_MAX)
		return 0;
	if (whole == NULL) {
		whole = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "", false);
		cut = world_new(FROM_CLIENT, BUFFER_PAYLOAD, "", false);
		whole->matcher.rules[1] = cut->matcher.rules[1] = (struct fake_rule){ .direction = FROM_SERVER, .word = "" };
		whole->matcher.count = cut->matcher.count = 2;
	}
	seed = (uint32_t)data[2] << 24 | (uint32_t)data[3] << 16 | (uint32_t)data[4] << 8 | data[5];
	client = bytes_of(data + HEADER, size - HEADER);
	if (client.left > (size_t)(data[0] << 8 | data[1]))
		client.left = (size_t)(data[0] << 8 | data[1]);
	server = bytes_of(client.at + client.left, size - HEADER - client.left);
	for (unsigned end = SESSION_CLOSED; end <= SESSION_CAPTURE_ENDED; end += SESSION_CAPTURE_ENDED - SESSION_CLOSED) {
		play(whole, client, server, NULL, (enum session_end)end);
		play(cut, client, server, &seed, (enum session_end)end);
		same_cases(whole, cut);
		same_history(whole, cut);
	}
	return 0;
}

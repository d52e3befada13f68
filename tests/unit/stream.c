/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reassembly against a plain byte-by-byte model, and its bounds. */
#include "dataplane/stream/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SPACE = 6000, BLOCKS = 512, LOST = 256 };

/* What a stream of SPACE bytes gave: per byte its value (or LOST) and the packet that brought it. */
struct given {
	uint16_t value[SPACE];
	uint64_t packet[SPACE];
	uint64_t next;
};

/* The model: every byte by itself. */
struct model {
	bool have[SPACE];
	uint8_t value[SPACE];
	uint64_t packet[SPACE];
	uint64_t acked;
	struct given out;
};

struct world {
	struct stream stream;
	struct blocks *blocks;
	struct given out;
	struct model model;
	uint32_t max_blocks;
	uint64_t packets;
	uint32_t isn;
};

static uint32_t random_below(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)(*seed >> 4) * below) >> 28);
}

static struct world *world_new(uint32_t isn)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	assert_int_equal(blocks_new(BLOCKS, &w->blocks), 0);
	w->isn = isn;
	w->max_blocks = BLOCKS;
	return w;
}

static void world_free(struct world *w)
{
	stream_fini(&w->stream, w->blocks);
	assert_int_equal(blocks_left(w->blocks), BLOCKS);
	blocks_free(w->blocks);
	free(w);
}

static void drain(struct world *w)
{
	struct run run;

	while (stream_next(&w->stream, w->blocks, w->max_blocks, &run)) {
		assert_true(run.offset == w->out.next);
		assert_true((run.gap > 0) == (run.bytes.left == 0));
		assert_true(run.offset + run.gap + run.bytes.left <= SPACE);
		for (size_t i = 0; i < run.gap; i++)
			w->out.value[w->out.next++] = LOST;
		for (size_t i = 0; i < run.bytes.left; i++) {
			w->out.packet[w->out.next] = run.packet;
			w->out.value[w->out.next++] = run.bytes.at[i];
		}
	}
	assert_true(w->stream.waiting.count <= w->max_blocks);
}

/* One packet whose byte at offset i is data[i]; copied into a block of its own, so that a late reader is caught. */
static void send(struct world *w, uint8_t flags, uint64_t offset, const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len + 1);
	struct packet p = { .number = ++w->packets, .time_ns = w->packets * 1000, .tcp_flags = flags,
			    .seq = w->isn + 1 + (uint32_t)offset, .payload_sent = (uint32_t)len };

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, data, len);
	p.payload = bytes_of(copy, len);
	if (flags & STREAM_SYN)
		p.seq = w->isn;
	stream_add(&w->stream, &p);
	drain(w);
	memset(copy, 0xee, len);
	free(copy);
}

static void model_drain(struct model *m, bool flush)
{
	for (;;) {
		uint64_t at = m->out.next;

		while (at < SPACE && !m->have[at])
			at++;
		if (at == SPACE || (at > m->out.next && !flush && at > m->acked))
			return;
		while (m->out.next < at)
			m->out.value[m->out.next++] = LOST;
		m->out.value[at] = m->value[at];
		m->out.packet[at] = m->packet[at];
		m->out.next++;
	}
}

static void model_send(struct world *w, uint64_t offset, const uint8_t *data, size_t len)
{
	struct model *m = &w->model;

	for (size_t i = 0; i < len; i++) {
		uint64_t at = offset + i;

		if (at < m->out.next || m->have[at])
			continue;
		m->have[at] = true;
		m->value[at] = data[i];
		m->packet[at] = w->packets;
	}
	model_drain(m, false);
}

static void assert_same(const struct world *w)
{
	assert_true(w->out.next == w->model.out.next);
	assert_memory_equal(w->out.value, w->model.out.value, w->out.next * sizeof(w->out.value[0]));
	for (uint64_t i = 0; i < w->out.next; i++) {
		if (w->out.value[i] != LOST)
			assert_int_equal(w->out.packet[i], w->model.out.packet[i]);
	}
}

/* One random exchange: segments in any order, doubled, overlapping, some with other bytes, some never sent. */
static void random_exchange(uint32_t seed, bool acks)
{
	struct world *w = world_new(seed % 3 == 0 ? UINT32_MAX - random_below(&seed, 3000) : seed);
	uint8_t data[1500];
	unsigned segments = 1 + random_below(&seed, 60), longest = 1 + random_below(&seed, 1400);

	send(w, STREAM_SYN, 0, data, 0);
	for (unsigned i = 0; i < segments; i++) {
		uint64_t near = random_below(&seed, 2) ? w->out.next : random_below(&seed, SPACE - 1400);
		size_t len = 1 + random_below(&seed, longest);
		uint64_t offset = near + random_below(&seed, 300);

		if (offset + len > SPACE)
			continue;
		for (size_t k = 0; k < len; k++)
			data[k] = (uint8_t)(random_below(&seed, 4) == 0 ? seed >> 16 : (offset + k) * 7);
		send(w, STREAM_ACK, offset, data, len);
		model_send(w, offset, data, len);
		if (acks && random_below(&seed, 5) == 0) {
			uint64_t ack = w->out.next + random_below(&seed, 800);

			if (ack > w->model.acked)
				w->model.acked = ack;
			stream_acknowledge(&w->stream, w->isn + 1 + (uint32_t)ack);
			drain(w);
			model_drain(&w->model, false);
		}
		assert_same(w);
	}
	stream_flush(&w->stream);
	drain(w);
	model_drain(&w->model, true);
	assert_same(w);
	world_free(w);
}

static void any_order_of_segments_gives_what_the_plain_model_gives(void **state)
{
	for (uint32_t seed = 1; seed <= 4000; seed++)
		random_exchange(seed * 2654435761u, seed % 2 == 0);
}

static void an_acknowledged_gap_is_given_up_and_named(void **state)
{
	struct world *w = world_new(7);

	send(w, STREAM_SYN, 0, NULL, 0);
	send(w, STREAM_ACK, 10, (const uint8_t *)"later", 5);
	stream_acknowledge(&w->stream, w->isn + 1 + 9);
	drain(w);
	assert_int_equal(w->out.next, 0);
	stream_acknowledge(&w->stream, w->isn + 1 + 10);
	drain(w);
	assert_int_equal(w->out.next, 15);
	assert_int_equal(w->out.value[9], LOST);
	assert_int_equal(w->out.value[10], 'l');
	world_free(w);
}

static void bytes_that_the_capture_cut_off_are_a_gap(void **state)
{
	struct world *w = world_new(7);
	struct packet p = { .seq = 8, .payload = bytes_text("abc"), .payload_sent = 10, .number = 1 };
	struct run run;

	send(w, STREAM_SYN, 0, NULL, 0);
	stream_add(&w->stream, &p);
	assert_true(stream_next(&w->stream, w->blocks, 9, &run));
	assert_int_equal(run.bytes.left, 3);
	assert_true(stream_next(&w->stream, w->blocks, 9, &run));
	assert_int_equal(run.gap, 7);
	assert_true(run.short_capture);
	assert_false(stream_next(&w->stream, w->blocks, 9, &run));
	w->out.next = 10;
	send(w, STREAM_ACK, 10, (const uint8_t *)"next", 4);
	assert_int_equal(w->out.next, 14);
	world_free(w);
}

static void a_stream_seen_from_its_middle_begins_there(void **state)
{
	struct world *w = world_new(1000);

	send(w, STREAM_ACK, 0, (const uint8_t *)"middle", 6);
	assert_int_equal(w->out.next, 6);
	stream_acknowledge(&w->stream, w->isn + 1 + 6);
	send(w, STREAM_ACK, 5, (const uint8_t *)"e", 1); /* a keep-alive */
	assert_true(w->stream.report.old);
	assert_int_equal(w->out.next, 6);
	world_free(w);
}

static void a_fin_ends_the_stream_once_everything_before_it_came(void **state)
{
	struct world *w = world_new(UINT32_MAX);

	send(w, STREAM_SYN, 0, NULL, 0);
	send(w, STREAM_ACK | STREAM_FIN, 4, (const uint8_t *)"end", 3);
	assert_false(stream_over(&w->stream));
	send(w, STREAM_ACK, 0, (const uint8_t *)"the ", 4);
	assert_true(stream_over(&w->stream));
	assert_int_equal(w->out.next, 7);
	world_free(w);
}

static void at_the_bound_the_farthest_waits_no_longer_when_the_peer_waits_too(void **state)
{
	struct world *w = world_new(1);

	w->max_blocks = 2;
	send(w, STREAM_SYN, 0, NULL, 0);
	stream_acknowledge(&w->stream, w->isn + 1);
	send(w, STREAM_ACK, 20, (const uint8_t *)"cc", 2);
	send(w, STREAM_ACK, 30, (const uint8_t *)"dd", 2);
	send(w, STREAM_ACK, 10, (const uint8_t *)"bb", 2);
	assert_int_equal(w->stream.report.dropped_wait, 1);
	assert_int_equal(w->out.next, 0);
	send(w, STREAM_ACK, 0, (const uint8_t *)"aaaaaaaaaa", 10);
	assert_int_equal(w->out.next, 12);
	world_free(w);
}

static void at_the_bound_a_gap_nobody_can_fill_is_given_up(void **state)
{
	struct world *w = world_new(1);

	w->max_blocks = 2;
	send(w, STREAM_SYN, 0, NULL, 0);
	send(w, STREAM_ACK, 20, (const uint8_t *)"cc", 2);
	send(w, STREAM_ACK, 30, (const uint8_t *)"dd", 2);
	send(w, STREAM_ACK, 40, (const uint8_t *)"ee", 2);
	assert_int_equal(w->out.next, 22);
	assert_int_equal(w->out.value[19], LOST);
	assert_int_equal(w->stream.waiting.count, 2);
	world_free(w);
}

static void an_empty_pool_never_loses_the_packet_at_hand_when_nobody_acknowledges(void **state)
{
	struct world *w = world_new(1);
	struct block *taken[BLOCKS];

	for (size_t i = 0; i < BLOCKS; i++)
		taken[i] = block_take(w->blocks);
	send(w, STREAM_SYN, 0, NULL, 0);
	send(w, STREAM_ACK, 20, (const uint8_t *)"cc", 2);
	assert_int_equal(w->out.next, 22);
	for (size_t i = 0; i < BLOCKS; i++)
		block_give(w->blocks, taken[i]);
	world_free(w);
}

static void other_bytes_for_the_same_place_are_told(void **state)
{
	struct world *w = world_new(1);

	send(w, STREAM_SYN, 0, NULL, 0);
	send(w, STREAM_ACK, 10, (const uint8_t *)"first", 5);
	send(w, STREAM_ACK, 12, (const uint8_t *)"rst", 3);
	assert_false(w->stream.report.conflict);
	send(w, STREAM_ACK, 8, (const uint8_t *)"..other..", 9);
	assert_true(w->stream.report.conflict);
	assert_true(waiting_before(&w->stream.waiting, 10)->conflict);
	send(w, STREAM_ACK, 0, (const uint8_t *)"01234567", 8);
	assert_int_equal(w->out.value[10], 'f');
	assert_int_equal(w->out.value[8], '.');
	assert_int_equal(w->out.value[15], '.');
	world_free(w);
}

/* At the bound a segment of several blocks must not let its own go for each other: the lane would never come back. */
static void a_long_segment_at_the_bound_keeps_what_there_is_room_for(void **state)
{
	static const uint8_t data[5000] = { 1 };
	struct world *w = world_new(1);

	w->max_blocks = 2;
	send(w, STREAM_SYN, 0, NULL, 0);
	stream_acknowledge(&w->stream, w->isn + 1);
	send(w, STREAM_ACK, 5900, data, 5);
	send(w, STREAM_ACK, 10, data, 5000); /* three blocks, of which two may wait */
	assert_int_equal(w->stream.report.dropped_wait, 2);
	assert_int_equal(w->stream.waiting.count, 2);
	send(w, STREAM_ACK, 0, data, 10);
	assert_int_equal(w->out.next, 10 + 2 * BLOCK_DATA);
	world_free(w);
}

/* Bytes behind a gap, a byte a segment and a hole between any two: the most blocks for the least traffic. */
static uint64_t steps_of_hostile(struct world *w, uint32_t blocks, uint32_t packets, uint32_t *seed)
{
	uint64_t before;

	send(w, STREAM_SYN, 0, NULL, 0);
	stream_acknowledge(&w->stream, w->isn + 1);
	for (uint32_t i = 0; i < blocks; i++)
		send(w, STREAM_ACK, 2 + 2 * (uint64_t)i, (const uint8_t *)"x", 1);
	before = w->stream.waiting.steps;
	for (uint32_t i = 0; i < packets; i++) /* at the bound: old ones again, and new ones that push others out */
		send(w, STREAM_ACK, 1 + random_below(seed, 2 * blocks), (const uint8_t *)"x", 1);
	return w->stream.waiting.steps - before;
}

static void work_for_a_packet_hardly_grows_with_what_waits(void **state)
{
	enum { FEW = 128, MANY = 4096, PACKETS = 4096 };
	uint32_t seed = 9;

	for (uint32_t blocks = FEW; blocks <= MANY; blocks *= MANY / FEW) {
		struct world *w = world_new(3);

		blocks_free(w->blocks);
		assert_int_equal(blocks_new(blocks + 1, &w->blocks), 0);
		w->max_blocks = blocks;
		/* a walk along all that wait takes blocks / 2 of them for each packet */
		assert_true(steps_of_hostile(w, blocks, PACKETS, &seed) < PACKETS * UINT64_C(100));
		stream_fini(&w->stream, w->blocks);
		blocks_free(w->blocks);
		free(w);
	}
}

/* However many small pieces a segment lies over, it costs no more than its bytes. */
static void a_segment_over_many_pieces_costs_what_its_bytes_do(void **state)
{
	enum { PIECES = 250 };
	static const uint8_t data[2 * PIECES] = { 1 };
	struct world *w = world_new(3);
	uint32_t seed = 5;
	uint64_t before;

	w->max_blocks = PIECES;
	(void)steps_of_hostile(w, PIECES, 0, &seed);
	for (unsigned again = 0; again < 20; again++) {
		before = w->stream.waiting.steps;
		send(w, STREAM_ACK, 1, data, sizeof(data));
		assert_true(w->stream.waiting.steps - before < sizeof(data) * 100);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_of_segments_gives_what_the_plain_model_gives),
		cmocka_unit_test(an_acknowledged_gap_is_given_up_and_named),
		cmocka_unit_test(bytes_that_the_capture_cut_off_are_a_gap),
		cmocka_unit_test(a_stream_seen_from_its_middle_begins_there),
		cmocka_unit_test(a_fin_ends_the_stream_once_everything_before_it_came),
		cmocka_unit_test(at_the_bound_the_farthest_waits_no_longer_when_the_peer_waits_too),
		cmocka_unit_test(at_the_bound_a_gap_nobody_can_fill_is_given_up),
		cmocka_unit_test(an_empty_pool_never_loses_the_packet_at_hand_when_nobody_acknowledges),
		cmocka_unit_test(other_bytes_for_the_same_place_are_told),
		cmocka_unit_test(a_long_segment_at_the_bound_keeps_what_there_is_room_for),
		cmocka_unit_test(work_for_a_packet_hardly_grows_with_what_waits),
		cmocka_unit_test(a_segment_over_many_pieces_costs_what_its_bytes_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

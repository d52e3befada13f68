/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Heads, tails, marks and gaps of kept parts; the digest against published values. */
#include "dataplane/case/digest.h"
#include "dataplane/case/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { POOL = 256 << 10, ROOM = 512 << 10 };

struct bench {
	struct chunks *chunks;
	size_t all;
	struct kept kept;
	struct segment_mark marks[CASE_SEGMENTS_MAX];
	struct case_part part;
	uint8_t room[ROOM];
};

static struct bench *bench_new(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	assert_int_equal(chunks_new(POOL, &b->chunks), 0);
	b->all = chunks_left(b->chunks);
	return b;
}

static void bench_free(struct bench *b)
{
	kept_fini(&b->kept, b->chunks);
	assert_int_equal(chunks_left(b->chunks), b->all);
	chunks_free(b->chunks);
	free(b);
}

/* len bytes in packets of step, each byte the low byte of its offset divided by 7. */
static void fill(struct bench *b, const struct kept_limit *limit, size_t len, size_t step)
{
	uint8_t piece[4096];

	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;

		for (size_t i = 0; i < n; i++)
			piece[i] = (uint8_t)((b->kept.seen + i) / 7);
		kept_add(&b->kept, b->chunks, limit, bytes_of(piece, n), 1 + b->kept.seen, 5);
	}
}

static void show(struct bench *b, const struct kept_limit *limit)
{
	struct sink room = sink_over(b->room, ROOM);

	kept_part(&b->kept, limit->tail, &room, b->marks, &b->part);
	for (size_t i = 0; i < b->part.head.left; i++)
		assert_int_equal(b->part.head.at[i], (uint8_t)(i / 7));
	for (size_t i = 0; i < b->part.tail.left; i++)
		assert_int_equal(b->part.tail.at[i], (uint8_t)((b->part.seen - b->part.tail.left + i) / 7));
	for (uint32_t i = 1; i < b->part.marks_count; i++)
		assert_true(b->part.marks[i - 1].offset < b->part.marks[i].offset);
}

static void head_and_tail_hold_the_right_bytes_for_any_length_and_step(void **state)
{
	static const size_t lengths[] = { 1, 100, 5000, 6000, 6001, 8000, 9000, 50000 };
	static const size_t steps[] = { 1, 7, 100, 1460, 4096 };
	static const struct kept_limit limit = { .head = 6000, .tail = 2000 };

	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		for (size_t k = 0; k < COUNT_OF(steps); k++) {
			struct bench *b = bench_new();
			size_t kept;

			fill(b, &limit, lengths[i], steps[k]);
			show(b, &limit);
			kept = b->part.head.left + b->part.tail.left;
			assert_int_equal(b->part.seen, lengths[i]);
			assert_int_equal(b->part.gaps, kept < lengths[i] ? PART_BOUND : 0);
			assert_int_equal(kept, lengths[i] < 8000 ? lengths[i] : 8000);
			bench_free(b);
		}
	}
}

static void bytes_before_and_after_a_gap_are_never_joined(void **state)
{
	static const struct kept_limit limit = { .head = 6000, .tail = 2000 };
	struct bench *b = bench_new();

	fill(b, &limit, 500, 100);
	kept_gap(&b->kept, b->chunks, 300, PART_LOST);
	fill(b, &limit, 700, 100);
	show(b, &limit);
	assert_int_equal(b->part.head.left, 500);
	assert_int_equal(b->part.tail.left, 700);
	assert_int_equal(b->part.seen, 1500);
	assert_int_equal(b->part.gaps, PART_LOST);
	assert_int_equal(case_part_mark(&b->part, 800)->packet, 801);
	bench_free(b);
}

static void an_empty_pool_loses_bytes_but_never_their_places(void **state)
{
	static const struct kept_limit limit = { .head = POOL, .tail = POOL };
	struct bench *b = bench_new();

	fill(b, &limit, POOL + 5000, 1000);
	show(b, &limit);
	assert_int_equal(b->part.seen, POOL + 5000);
	assert_int_equal(b->part.gaps, PART_BOUND);
	assert_true(b->part.head.left > POOL / 2);
	bench_free(b);
}

static void interest_that_comes_late_keeps_the_tail_from_then_on(void **state)
{
	static const struct kept_limit little = { .head = 1000 }, much = { .head = 6000, .tail = 2000 };
	struct bench *b = bench_new();

	fill(b, &little, 3000, 100);
	fill(b, &much, 500, 100);
	show(b, &much);
	assert_int_equal(b->part.head.left, 1000);
	assert_int_equal(b->part.tail.left, 500);
	assert_int_equal(b->part.gaps, PART_BOUND);
	bench_free(b);
}

static void the_digest_is_xxh64(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} rows[] = {
		{ "", 0xef46db3751d8e999 },
		{ "a", 0xd24ec4f1a98c6e5b },
		{ "abc", 0x44bc2cf5ad770999 },
		{ "Nobody inspects the spammish repetition", 0xfbcea83c8a378bf1 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bytes all = bytes_text(rows[i].text);

		for (size_t cut = 0; cut <= all.left; cut++) {
			struct digest d = { 0 };

			digest_add(&d, bytes_of(all.at, cut));
			digest_add(&d, bytes_of(all.at + cut, all.left - cut));
			assert_true(digest_value(&d) == rows[i].value);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(head_and_tail_hold_the_right_bytes_for_any_length_and_step),
		cmocka_unit_test(bytes_before_and_after_a_gap_are_never_joined),
		cmocka_unit_test(an_empty_pool_loses_bytes_but_never_their_places),
		cmocka_unit_test(interest_that_comes_late_keeps_the_tail_from_then_on),
		cmocka_unit_test(the_digest_is_xxh64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

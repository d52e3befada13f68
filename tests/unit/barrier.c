/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is blocked: text and normal form, and the shared table beside a plain look through all blocks. */
#include "control/wire/barrier.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static struct block parse(const char *text)
{
	struct block b;

	if (block_parse(text, &b) < 0)
		fail_msg("%s", text);
	return b;
}

static void text_is_read_into_one_form_for_what_is_the_same(void **state)
{
	static const char *const same[][2] = {
		{ "198.51.100.7", "198.51.100.7" }, { "198.51.100.7/32", "198.51.100.7" }, { "198.51.100.7/24", "198.51.100.0/24" },
		{ "2001:DB8:0::1", "2001:db8::1" }, { "2001:db8::ffff/64", "2001:db8::/64" }, { "10.0.0.9 10.0.0.1", "10.0.0.1 10.0.0.9" },
		{ "  10.0.0.1   10.0.0.9 ", "10.0.0.1 10.0.0.9" }, { "tcp 10.0.0.9:80 10.0.0.1:4444", "tcp 10.0.0.1:4444 10.0.0.9:80" },
		{ "udp [2001:db8::2]:53 [2001:db8::1]:5353", "udp [2001:db8::1]:5353 [2001:db8::2]:53" },
		{ "tcp 10.0.0.1:80 10.0.0.1:79", "tcp 10.0.0.1:79 10.0.0.1:80" }, { "10.255.3.4/8", "10.0.0.0/8" },
	};
	static const char *const none[] = {
		"", "x", "0.0.0.0/0", "10.0.0.0/7", "2001::/15", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1/-1", "10.0.0.1/ 8", "::1 10.0.0.1", "tcp 10.0.0.1 10.0.0.2:1",
		"icmp 10.0.0.1:1 10.0.0.2:1", "tcp 10.0.0.1:65536 10.0.0.2:1", "tcp ::1:80 ::2:80", "tcp 10.0.0.1:1 10.0.0.2:1 x", "10.0.0.1/8/8",
		"tcp 10.0.0.1:1 10.0.0.2: 1",
	};
	char text[BLOCK_TEXT];
	struct block b;

	for (size_t i = 0; i < COUNT_OF(same); i++) {
		b = parse(same[i][0]);
		assert_string_equal(block_format(&b, text), same[i][1]);
	}
	for (size_t i = 0; i < COUNT_OF(none); i++)
		if (block_parse(none[i], &b) != -EINVAL)
			fail_msg("\"%s\" was taken", none[i]);
}

static void the_longest_text_has_room(void **state)
{
	char text[BLOCK_TEXT];
	struct block b = parse("tcp [ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.254]:65535 [ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255]:65535");
	struct block again = parse(block_format(&b, text));

	assert_true(block_equal(&b, &again));
}

struct world {
	struct barrier *ours, *theirs; /* two ends, as in two programs */
};

static struct world begin(unsigned max)
{
	int fd = barrier_create(max);
	struct world w;

	assert_true(fd >= 0);
	assert_int_equal(barrier_open(fd, &w.ours), 0);
	assert_int_equal(barrier_open(fd, &w.theirs), 0);
	assert_int_equal(ftruncate(fd, 1), -1); /* sealed: nobody can take it away under the other's feet */
	close(fd);
	return w;
}

static void end(struct world *w)
{
	barrier_close(w->ours);
	barrier_close(w->theirs);
}

static void put(struct world *w, unsigned count, ...)
{
	struct barrier_entry entries[8];
	va_list texts;

	va_start(texts, count);
	for (unsigned i = 0; i < count; i++)
		entries[i] = (struct barrier_entry){ parse(va_arg(texts, const char *)), i };
	va_end(texts);
	assert_int_equal(barrier_write(w->ours, entries, count, 4711), 0);
}

static struct tuple tuple(uint8_t protocol, const char *src, uint16_t sport, const char *dst, uint16_t dport)
{
	struct tuple t = { .protocol = protocol, .sport = sport, .dport = dport };

	assert_int_equal(address_parse(src, &t.src), 0);
	assert_int_equal(address_parse(dst, &t.dst), 0);
	return t;
}

static void each_kind_stops_both_directions_and_nothing_else(void **state)
{
	struct world w = begin(8);
	struct tuple t;

	assert_false(barrier_stands(w.theirs));
	put(&w, 4, "198.51.100.7", "2001:db8:1::/48", "192.0.2.2 203.0.113.9", "tcp 192.0.2.2:80 198.51.100.8:4000");
	assert_true(barrier_stands(w.theirs));
	for (unsigned back = 0; back < 2; back++) {
#define STOPS(...) (t = tuple(__VA_ARGS__), t = back ? tuple_reverse(&t) : t, barrier_stops(w.theirs, &t, true))
		assert_true(STOPS(6, "198.51.100.7", 1, "192.0.2.2", 80));
		assert_true(STOPS(1, "198.51.100.7", 1, "192.0.2.3", 0));
		assert_false(STOPS(6, "198.51.100.6", 1, "192.0.2.2", 80));
		assert_true(STOPS(17, "2001:db8:1:ffff::9", 1, "2001:db8::1", 80));
		assert_false(STOPS(17, "2001:db8:2::9", 1, "2001:db8::1", 80));
		assert_true(STOPS(17, "203.0.113.9", 1, "192.0.2.2", 9));
		assert_false(STOPS(17, "203.0.113.9", 1, "192.0.2.3", 9));
		assert_true(STOPS(6, "198.51.100.8", 4000, "192.0.2.2", 80));
		assert_false(STOPS(6, "198.51.100.8", 4001, "192.0.2.2", 80));
		assert_false(STOPS(17, "198.51.100.8", 4000, "192.0.2.2", 80));
		assert_false(STOPS(6, "198.51.100.8", 80, "192.0.2.2", 4000));
#undef STOPS
	}
	/* fragments show no ports: those of a blocked flow's protocol between its hosts are stopped, so that none of it gets by in pieces */
	t = tuple(6, "198.51.100.8", 0, "192.0.2.2", 0);
	assert_true(barrier_stops(w.theirs, &t, false));
	assert_false(barrier_stops(w.theirs, &t, true));
	t.protocol = 17;
	assert_false(barrier_stops(w.theirs, &t, false));
	assert_int_equal(barrier_count(w.ours, 0), 4);
	assert_int_equal(barrier_count(w.ours, 3), 3);
	barrier_count_from(w.ours, 0);
	assert_int_equal(barrier_count(w.ours, 0), 0);
	t.src.family = 0;
	assert_false(barrier_stops(w.theirs, &t, true));
	put(&w, 0);
	assert_false(barrier_stands(w.theirs));
	end(&w);
}

static bool plain_within(const struct block *b, const struct address *a)
{
	return address_within(a, &b->a, b->bits);
}

/* What each kind means, without a table. */
static bool plain_stops(const struct barrier_entry *e, unsigned count, const struct tuple *t)
{
	for (unsigned i = 0; i < count; i++) {
		const struct block *b = &e[i].block;
		bool there = address_equal(&b->a, &t->src) && address_equal(&b->b, &t->dst);
		bool back = address_equal(&b->a, &t->dst) && address_equal(&b->b, &t->src);

		if (b->kind == BLOCK_ADDRESS && (plain_within(b, &t->src) || plain_within(b, &t->dst)))
			return true;
		if (b->kind == BLOCK_PAIR && (there || back))
			return true;
		if (b->kind == BLOCK_FLOW && b->protocol == t->protocol &&
		    ((there && b->aport == t->sport && b->bport == t->dport) || (back && b->aport == t->dport && b->bport == t->sport)))
			return true;
	}
	return false;
}

static unsigned seed = 20261127;

static unsigned chance(unsigned below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % below;
}

/* From a small world, so that much of it meets. */
static struct address some_address(bool four)
{
	struct address a = { .family = four ? 4 : 6 };

	a.raw[0] = 10;
	a.raw[four ? 2 : 7] = (uint8_t)chance(3);
	a.raw[four ? 3 : 15] = (uint8_t)chance(60);
	return a;
}

static struct block some_block(void)
{
	static const uint8_t lengths[2][4] = { { 128, 64, 60, 120 }, { 32, 24, 30, 29 } };
	bool four = chance(2) == 0;
	struct block b = { .kind = 1 + chance(3), .a = some_address(four), .b = some_address(four) }, normal;

	if (b.kind == BLOCK_ADDRESS)
		b.bits = lengths[four][chance(20) == 0 ? 1 + chance(3) : 0];
	if (b.kind == BLOCK_FLOW) {
		b.protocol = chance(2) ? 6 : 17;
		b.aport = (uint16_t)chance(8);
		b.bport = (uint16_t)chance(8);
	}
	assert_int_equal(block_normal(&b, &normal), 0);
	return normal;
}

static void it_says_what_a_plain_look_says(void **state)
{
	enum { MAX = 300, TUPLES = 3000, ROUNDS = 20 };
	static struct barrier_entry entries[MAX];
	struct world w = begin(MAX);
	unsigned stopped = 0, flows = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned count = chance(40) + 1;

		for (unsigned i = 0; i < count; i++)
			entries[i] = (struct barrier_entry){ some_block(), i };
		assert_int_equal(barrier_write(w.ours, entries, count, seed), 0);
		for (unsigned i = 0; i < TUPLES; i++) {
			bool four = chance(2) == 0, plain;
			struct tuple t = { .src = some_address(four), .dst = some_address(four), .protocol = chance(2) ? 6 : 17,
			                   .sport = (uint16_t)chance(8), .dport = (uint16_t)chance(8), .vlan = (uint16_t)chance(2) };
			const struct block *b = &entries[chance(count)].block;

			if (b->kind == BLOCK_FLOW && chance(2)) { /* else hardly one in a thousand would meet */
				t = (struct tuple){ .src = b->b, .dst = b->a, .sport = b->bport, .dport = b->aport, .protocol = b->protocol };
				flows++;
			}
			plain = plain_stops(entries, count, &t);
			assert_int_equal(barrier_stops(w.theirs, &t, true), plain);
			stopped += plain;
		}
	}
	assert_true(stopped > ROUNDS * TUPLES / 10 && stopped < ROUNDS * TUPLES * 9 / 10 && flows > ROUNDS);
	end(&w);
}

static void as_many_as_there_may_be_find_room(void **state)
{
	static struct barrier_entry entries[BARRIER_MAX];
	struct world w = begin(BARRIER_MAX);
	int r = -ENOSPC;

	for (unsigned i = 0; i < BARRIER_MAX; i++) {
		struct block b = { .kind = BLOCK_FLOW, .protocol = 6, .a.family = 4, .b.family = 4, .aport = (uint16_t)i, .bport = 80 };

		memcpy(b.a.raw, &i, sizeof(i));
		memcpy(b.b.raw, "\xff\xff\xff\xfe", 4);
		assert_int_equal(block_normal(&b, &entries[i].block), 0);
		entries[i].place = i;
	}
	for (uint64_t s = 1; s < 4 && r == -ENOSPC; s++)
		r = barrier_write(w.ours, entries, BARRIER_MAX, s * UINT64_C(0x123456789abcdef1));
	assert_int_equal(r, 0);
	for (unsigned i = 0; i < BARRIER_MAX; i += 7) {
		const struct block *b = &entries[i].block;
		struct tuple t = { .src = b->a, .dst = b->b, .sport = b->aport, .dport = b->bport, .protocol = 6 };

		assert_true(barrier_stops(w.theirs, &t, true));
		assert_int_equal(barrier_count(w.theirs, i), 1);
	}
	assert_int_equal(barrier_write(w.ours, entries, BARRIER_MAX + 1, 1), -EINVAL);
	assert_int_equal(barrier_create(BARRIER_MAX + 1), -EINVAL);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_read_into_one_form_for_what_is_the_same),
		cmocka_unit_test(the_longest_text_has_room),
		cmocka_unit_test(each_kind_stops_both_directions_and_nothing_else),
		cmocka_unit_test(it_says_what_a_plain_look_says),
		cmocka_unit_test(as_many_as_there_may_be_find_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

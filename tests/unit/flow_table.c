/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys, the flow table against a plain list, and the wheel. */
#include "dataplane/flow/table.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t second_ns = 1000000000u;

static struct tuple tuple_of(unsigned client, unsigned port)
{
	struct tuple t = { .src.family = 4, .dst.family = 4, .sport = (uint16_t)port, .dport = 80, .protocol = 6 };

	memcpy(t.src.raw, &client, sizeof(client));
	t.dst.raw[0] = 10;
	return t;
}

static struct flow_key key_of(unsigned client, unsigned port)
{
	struct tuple t = tuple_of(client, port);
	struct flow_key k;

	flow_key_of(&t, &k);
	return k;
}

static void both_directions_fold_to_one_key(void **state)
{
	for (unsigned i = 0; i < 1000; i++) {
		struct tuple there = tuple_of((unsigned)rand(), (unsigned)rand() & 0xffff), back = tuple_reverse(&there);
		struct flow_key a, b;
		bool first = flow_key_of(&there, &a);

		assert_int_equal(flow_key_of(&back, &b), !first);
		assert_true(flow_key_equal(&a, &b));
		assert_int_equal(flow_key_hash(&a, 5), flow_key_hash(&b, 5));
		assert_int_equal(flow_id_of(&a, 77), flow_id_of(&b, 77));
		there.vlan = 9;
		flow_key_of(&there, &b);
		assert_false(flow_key_equal(&a, &b));
	}
}

static void an_echo_and_its_reply_are_one_flow(void **state)
{
	struct tuple there = { .src = { 4, { 1 } }, .dst = { 4, { 2 } }, .sport = 77, .protocol = 1 };
	struct tuple back = { .src = { 4, { 2 } }, .dst = { 4, { 1 } }, .sport = 77, .protocol = 1 };
	struct flow_key a, b;

	assert_true(flow_key_of(&there, &a) != flow_key_of(&back, &b));
	assert_true(flow_key_equal(&a, &b));
	back.sport = 78;
	flow_key_of(&back, &b);
	assert_false(flow_key_equal(&a, &b));
}

static void a_flow_id_depends_on_time_and_tuple_and_stays_exact_in_json(void **state)
{
	struct flow_key a = key_of(1, 2), b = key_of(1, 3);

	assert_int_not_equal(flow_id_of(&a, 1), flow_id_of(&a, 2));
	assert_int_not_equal(flow_id_of(&a, 1), flow_id_of(&b, 1));
	for (unsigned i = 0; i < 1000; i++) {
		struct flow_key k = key_of((unsigned)rand(), i);

		assert_true(flow_id_of(&k, i) < UINT64_C(1) << 51 && flow_id_of(&k, i) != 0);
	}
}

/* Random adding, finding and removing, and what a plain array says to it. */
static void the_table_agrees_with_a_plain_list(void **state)
{
	enum { KEYS = 3000, CAPACITY = 1000, STEPS = 200000 };
	static struct flow *plain[KEYS];
	struct flow_table *t;
	unsigned count = 0;

	assert_int_equal(flow_table_new(CAPACITY, 12345, &t), 0);
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned n = (unsigned)rand() % KEYS;
		struct flow_key k = key_of(n, n % 7);
		uint64_t hash = flow_table_hash(t, &k);

		assert_ptr_equal(flow_table_find(t, &k, hash), plain[n]);
		if (plain[n] != NULL && rand() % 2) {
			flow_table_remove(t, plain[n]);
			plain[n] = NULL;
			count--;
		} else if (plain[n] == NULL) {
			plain[n] = flow_table_add(t, &k, hash);
			assert_int_equal(plain[n] != NULL, count < CAPACITY);
			count += plain[n] != NULL;
		}
		assert_int_equal(flow_table_count(t), count);
	}
	for (struct flow *f; (f = flow_table_any(t)) != NULL; count--)
		flow_table_remove(t, f);
	assert_int_equal(count, 0);
	flow_table_free(t);
}

static bool any_flow(const struct flow *f)
{
	return true;
}

static bool none_before_98(const struct flow *f)
{
	return f->seen_ns >= 98;
}

static void a_full_table_lends_the_oldest_that_may_go(void **state)
{
	struct flow_table *t;
	struct flow_key k = key_of(7, 7);
	uint64_t hash;

	/* with two buckets every flow shares them */
	assert_int_equal(flow_table_new(4, 0, &t), 0);
	for (unsigned i = 0; i < 4; i++) {
		struct flow_key other = key_of(i, 1);
		struct flow *f = flow_table_add(t, &other, flow_table_hash(t, &other));

		assert_non_null(f);
		f->seen_ns = 100 - i;
	}
	hash = flow_table_hash(t, &k);
	assert_null(flow_table_add(t, &k, hash));
	while (flow_table_oldest(t, hash, any_flow) == NULL) { /* unless both choices are the same bucket */
		k = key_of((unsigned)rand(), 7);
		hash = flow_table_hash(t, &k);
	}
	assert_true(flow_table_oldest(t, hash, any_flow)->seen_ns <= 100);
	assert_true(flow_table_oldest(t, hash, none_before_98)->seen_ns >= 98);
	flow_table_free(t);
}

static void a_table_of_no_size_or_too_much_is_refused(void **state)
{
	struct flow_table *t;

	assert_int_equal(flow_table_new(0, 0, &t), -EINVAL);
	assert_int_equal(flow_table_new((1 << 24) + 1, 0, &t), -EINVAL);
}

static void the_wheel_gives_each_flow_in_its_second_and_not_before(void **state)
{
	enum { FLOWS = 2000 };
	static uint64_t deadline_ns[FLOWS];
	struct flow_table *t;
	unsigned given = 0;

	assert_int_equal(flow_table_new(FLOWS, 1, &t), 0);
	for (unsigned i = 0; i < FLOWS; i++) {
		struct flow_key k = key_of(i, 1);
		struct flow *f = flow_table_add(t, &k, flow_table_hash(t, &k));

		deadline_ns[i] = 1000 * second_ns + (uint64_t)rand() % (9000 * second_ns); /* beyond the horizon too */
		f->start_ns = i;
		flow_table_schedule(t, f, 1000 * second_ns, deadline_ns[i]);
	}
	for (uint64_t now_s = 1001; now_s < 10002; now_s++) {
		struct flow *f;

		while ((f = flow_table_due(t, now_s)) != NULL) {
			uint64_t deadline = deadline_ns[f->start_ns];

			if (deadline > now_s * second_ns) { /* came round early, as one beyond the horizon does */
				assert_true(deadline > (1000 + 4000) * second_ns);
				flow_table_schedule(t, f, now_s * second_ns, deadline);
				continue;
			}
			assert_true(deadline + second_ns >= now_s * second_ns);
			flow_table_remove(t, f);
			given++;
		}
	}
	assert_int_equal(given, FLOWS);
	flow_table_free(t);
}

static void after_a_capture_time_may_begin_again_earlier(void **state)
{
	struct flow_table *t;
	struct flow_key k = key_of(1, 1);
	struct flow *f;

	assert_int_equal(flow_table_new(8, 1, &t), 0);
	f = flow_table_add(t, &k, flow_table_hash(t, &k));
	flow_table_schedule(t, f, 5000000 * second_ns, 5000010 * second_ns);
	assert_null(flow_table_due(t, 5000009));
	flow_table_remove(t, f);
	f = flow_table_add(t, &k, flow_table_hash(t, &k));
	flow_table_schedule(t, f, 100 * second_ns, 110 * second_ns);
	assert_null(flow_table_due(t, 109));
	assert_ptr_equal(flow_table_due(t, 111), f);
	flow_table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_directions_fold_to_one_key),
		cmocka_unit_test(an_echo_and_its_reply_are_one_flow),
		cmocka_unit_test(a_flow_id_depends_on_time_and_tuple_and_stays_exact_in_json),
		cmocka_unit_test(the_table_agrees_with_a_plain_list),
		cmocka_unit_test(a_full_table_lends_the_oldest_that_may_go),
		cmocka_unit_test(a_table_of_no_size_or_too_much_is_refused),
		cmocka_unit_test(the_wheel_gives_each_flow_in_its_second_and_not_before),
		cmocka_unit_test(after_a_capture_time_may_begin_again_earlier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

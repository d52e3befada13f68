/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store: what was committed is there after a kill, bounds hold, the spool keeps its order. */
#include "control/store/store.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { MIB = 1 << 20 };

static char folder[64];

static int make_folder(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/konseki-store-XXXXXX");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "data.mdb", "lock.mdb" };
	char path[128];

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static struct store *open_store(uint64_t max, uint64_t spool, enum store_mode mode)
{
	struct store *s = NULL;

	assert_int_equal(store_open(folder, max, spool, mode, &s), 0);
	return s;
}

static struct store_record record_of(uint64_t flow, const char *json)
{
	return (struct store_record){ .id = { flow, 3 }, .time_ns = flow, .revision = 1, .final = true,
		                      .json = bytes_text(json) };
}

static void must_put(struct store *s, uint64_t flow, const char *json, struct bytes case_bytes, const char *line)
{
	struct store_record r = record_of(flow, json);

	assert_int_equal(store_put_record(s, &r, case_bytes, bytes_text(line)), 0);
}

static void assert_text(struct bytes b, const char *text)
{
	assert_int_equal(b.left, strlen(text));
	assert_memory_equal(b.at, text, b.left);
}

static void a_record_comes_back_with_its_case_and_line(void **state)
{
	struct store *s = open_store(16 * MIB, MIB, STORE_DURABLE);
	struct store_record r = record_of(77, "{\"a\":1}"), back;
	struct bytes b;
	uint64_t number;

	r.keys_count = 1;
	memset(r.keys[0], 0x5a, STORE_KEY_SIZE);
	assert_int_equal(store_put_record(s, &r, bytes_text("the case"), bytes_text("the line")), 0);
	assert_true(store_pending(s));
	assert_int_equal(store_commit(s), 0);
	store_close(s);

	s = open_store(16 * MIB, MIB, STORE_READ);
	assert_int_equal(store_find_record(s, &r.id, &back), 0);
	assert_text(back.json, "{\"a\":1}");
	assert_int_equal(back.keys_count, 1);
	assert_memory_equal(back.keys[0], r.keys[0], STORE_KEY_SIZE);
	assert_int_equal(store_find_case(s, &r.id, &b), 0);
	assert_text(b, "the case");
	assert_int_equal(store_spool_next(s, 0, &number, &b), 0);
	assert_int_equal(number, 1);
	assert_text(b, "the line");
	assert_int_equal(store_spool_next(s, number, &number, &b), -ENOENT);
	store_close(s);
}

static void a_revision_takes_the_place_of_the_older_one(void **state)
{
	struct store *s = open_store(16 * MIB, MIB, STORE_QUICK);
	struct store_counts counts;
	struct store_record back;
	struct bytes b;

	must_put(s, 1, "first", bytes_text("case one"), "");
	must_put(s, 2, "other", bytes_text("case two"), "");
	must_put(s, 1, "second", bytes_of(NULL, 0), "");
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_find_before(s, UINT64_MAX, &back), 0);
	assert_text(back.json, "second");
	assert_int_equal(store_find_before(s, back.sequence, &back), 0);
	assert_text(back.json, "other");
	assert_int_equal(store_find_before(s, back.sequence, &back), -ENOENT);
	assert_int_equal(store_find_case(s, &(struct case_id){ 1, 3 }, &b), 0);
	assert_text(b, "case one");
	store_count(s, &counts);
	assert_int_equal(counts.records, 2);
	store_close(s);
}

static void the_oldest_records_make_room(void **state)
{
	const uint64_t max = 4 * MIB;
	struct store *s = open_store(max, MIB, STORE_QUICK);
	static uint8_t big[100000];
	struct store_counts counts;
	struct store_record back;

	for (uint64_t i = 1; i <= 200; i++) {
		must_put(s, i, "x", bytes_of(big, sizeof(big)), "");
		assert_int_equal(store_commit(s), 0);
	}
	store_count(s, &counts);
	assert_true(counts.bytes <= max);
	assert_true(counts.pruned > 100);
	assert_int_equal(counts.pruned + counts.records, 200);
	assert_int_equal(counts.lost, 0);
	assert_int_equal(store_find_record(s, &(struct case_id){ 1, 3 }, &back), -ENOENT);
	assert_int_equal(store_find_record(s, &(struct case_id){ 200, 3 }, &back), 0);
	store_close(s);
}

/* The order is that of the latest revision; time_ns of record_of() is its flow. */
static void what_is_too_old_goes_with_its_case_and_is_counted(void **state)
{
	struct store *s = open_store(16 * MIB, MIB, STORE_QUICK);
	struct store_record back;
	struct store_counts c;
	struct bytes b;

	for (uint64_t flow = 1; flow <= 10; flow++)
		must_put(s, flow, "{}", bytes_text("case"), "line");
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_expire(s, 1, 100), 0);
	assert_false(store_pending(s)); /* nothing is that old: nothing to commit */
	assert_int_equal(store_expire(s, 7, 4), 0);
	assert_int_equal(store_commit(s), 0);
	store_count(s, &c);
	assert_int_equal(c.records, 6);
	assert_int_equal(store_expire(s, 7, 100), 0);
	assert_int_equal(store_commit(s), 0);
	store_count(s, &c);
	assert_true(c.records == 4 && c.expired == 6 && c.pruned == 0 && c.spooled == 10);
	for (uint64_t flow = 1; flow <= 10; flow++) {
		const struct case_id id = { flow, 3 };

		assert_int_equal(store_find_record(s, &id, &back), flow < 7 ? -ENOENT : 0);
		assert_int_equal(store_find_case(s, &id, &b), flow < 7 ? -ENOENT : 0);
	}
	assert_int_equal(store_expire(s, UINT64_MAX, 100), 0);
	assert_int_equal(store_commit(s), 0);
	store_count(s, &c);
	assert_true(c.records == 0 && c.bytes == 0);
	store_close(s);
}

static void traces_make_room_for_younger_ones(void **state)
{
	struct store *s = open_store(4 * MIB, MIB, STORE_QUICK);
	static uint8_t big[100000];
	uint8_t key[STORE_KEY_SIZE] = { 0 };
	struct bytes b;

	for (unsigned i = 0; i < 50; i++) {
		key[0] = (uint8_t)i;
		assert_int_equal(store_put_trace(s, key, bytes_of(big, sizeof(big))), 0);
		assert_int_equal(store_put_trace(s, key, bytes_of(big, sizeof(big) - 1)), 0);
	}
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_find_trace(s, key, &b), 0);
	assert_int_equal(b.left, sizeof(big) - 1);
	key[0] = 0;
	assert_int_equal(store_find_trace(s, key, &b), -ENOENT);
	store_close(s);
}

static void a_full_spool_drops_its_oldest_line_and_counts_it(void **state)
{
	struct store *s = open_store(16 * MIB, 1000, STORE_QUICK);
	struct store_counts counts;
	struct bytes b;
	uint64_t number;
	char line[101];

	memset(line, 'l', sizeof(line) - 1);
	line[sizeof(line) - 1] = 0;
	for (uint64_t i = 1; i <= 20; i++)
		must_put(s, i, "x", bytes_of(NULL, 0), line);
	store_count(s, &counts);
	assert_int_equal(counts.spooled + counts.spool_lost, 20);
	assert_true(counts.spool_lost > 10);
	assert_int_equal(store_spool_next(s, 0, &number, &b), 0);
	assert_int_equal(number, counts.spool_lost + 1);
	store_close(s);
}

static void taken_lines_are_dropped_and_numbers_go_on(void **state)
{
	struct store *s = open_store(16 * MIB, MIB, STORE_QUICK);
	struct bytes b;
	uint64_t number;

	must_put(s, 1, "x", bytes_of(NULL, 0), "one");
	must_put(s, 2, "x", bytes_of(NULL, 0), "two");
	assert_int_equal(store_spool_take(s, "udp:collector:514", 2), 0);
	assert_int_equal(store_spool_drop(s, 2), 0);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_spool_next(s, 0, &number, &b), -ENOENT);
	must_put(s, 3, "x", bytes_of(NULL, 0), "three");
	assert_int_equal(store_spool_taken(s, "udp:collector:514", &number), 0);
	assert_int_equal(number, 2);
	assert_int_equal(store_spool_next(s, number, &number, &b), 0);
	assert_int_equal(number, 3);
	assert_text(b, "three");
	store_close(s);
}

static void a_mark_needs_its_case(void **state)
{
	struct store *s = open_store(16 * MIB, MIB, STORE_DURABLE);
	struct case_id here = { 5, 3 }, nowhere = { 6, 3 };
	struct bytes b;

	must_put(s, 5, "x", bytes_of(NULL, 0), "");
	assert_int_equal(store_put_mark(s, &here, "confirmed"), 0);
	assert_int_equal(store_put_mark(s, &nowhere, "confirmed"), -ENOENT);
	assert_int_equal(store_find_mark(s, &here, &b), 0);
	assert_text(b, "confirmed");
	store_close(s);
}

/* Writes and tells through fd each number after its commit, until killed. */
static void write_until_killed(int fd)
{
	struct store *s = open_store(16 * MIB, MIB, STORE_DURABLE);
	char line[32];

	for (uint64_t i = 1;; i++) {
		struct store_record r = record_of(i, "record");

		snprintf(line, sizeof(line), "line %u", (unsigned)i);
		if (store_put_record(s, &r, bytes_text("case"), bytes_text(line)) < 0 ||
		    (i % 3 == 0 && (store_commit(s) < 0 || write(fd, &i, sizeof(i)) != sizeof(i))))
			_exit(1);
	}
}

static void a_kill_at_any_moment_loses_nothing_committed(void **state)
{
	for (unsigned round = 0; round < 8; round++) {
		int fds[2], status;
		uint64_t told = 0, number;
		struct store_record back;
		struct bytes b;
		struct store *s;
		pid_t child;

		make_folder(state);
		assert_int_equal(pipe(fds), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			write_until_killed(fds[1]);
		close(fds[1]);
		assert_int_equal(read(fds[0], &told, sizeof(told)), sizeof(told));
		usleep(500 + 1700 * round);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		while (read(fds[0], &number, sizeof(number)) == sizeof(number))
			told = number;
		close(fds[0]);
		s = open_store(16 * MIB, MIB, STORE_DURABLE);
		for (uint64_t i = 1; i <= told; i++) {
			assert_int_equal(store_find_record(s, &(struct case_id){ i, 3 }, &back), 0);
			assert_int_equal(store_find_case(s, &back.id, &b), 0);
			assert_int_equal(store_spool_next(s, i - 1, &number, &b), 0);
			assert_int_equal(number, i);
		}
		store_close(s);
		remove_folder(state);
	}
}

static void ids_are_text_and_back(void **state)
{
	struct case_id id = { UINT64_C(0x0123456789abcdef), 42 }, back;
	char text[CASE_ID_TEXT];

	assert_string_equal(case_id_format(&id, text), "0123456789abcdef-42");
	assert_int_equal(case_id_parse(text, &back), 0);
	assert_true(back.flow_id == id.flow_id && back.tx_id == id.tx_id);
	assert_int_equal(case_id_parse("0123456789abcdef-42 ", &back), -EINVAL);
	assert_int_equal(case_id_parse("../../etc", &back), -EINVAL);
	assert_int_equal(case_id_parse("0123456789abcdef-042", &back), -EINVAL);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(a_record_comes_back_with_its_case_and_line),
		IN_FOLDER(a_revision_takes_the_place_of_the_older_one),
		IN_FOLDER(the_oldest_records_make_room),
		IN_FOLDER(what_is_too_old_goes_with_its_case_and_is_counted),
		IN_FOLDER(traces_make_room_for_younger_ones),
		IN_FOLDER(a_full_spool_drops_its_oldest_line_and_counts_it),
		IN_FOLDER(taken_lines_are_dropped_and_numbers_go_on),
		IN_FOLDER(a_mark_needs_its_case),
		cmocka_unit_test(a_kill_at_any_moment_loses_nothing_committed),
		cmocka_unit_test(ids_are_text_and_back),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}

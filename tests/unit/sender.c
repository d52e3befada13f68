/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines on their way to collectors that refuse, close, stay silent or have no address: each arrives, or waits. */
#include "tests/unit/sender_world.h"

#include "control/journal/entry.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void tcp_lines_carry_their_octet_count(void **state)
{
	uint16_t port = 0;
	int listener = socket_at(SOCK_STREAM, &port), fd;

	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	line_put("<1>first");
	line_put("<1>second line");
	fd = connection(listener);
	assert_true(comes(fd, "second line", 2000));
	assert_string_equal(got, "8 <1>first14 <1>second line");
	close(fd);
	close(listener);
}

static void what_a_collector_did_not_keep_is_sent_again(void **state)
{
	uint16_t port = 0;
	int listener = socket_at(SOCK_STREAM, &port), fd;

	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	line_put("<1>line");
	fd = connection(listener);
	assert_true(comes(fd, "line", 2000));
	close(fd); /* within the second that makes it taken */
	got_len = 0;
	fd = connection(listener);
	assert_true(comes(fd, "line", 2000));
	assert_true(says("it closed the connection"));
	for (unsigned i = 0; i < 4000 && sender_busy(sender); i++)
		step();
	assert_false(sender_busy(sender));
	assert_true(says("takes lines again"));
	close(fd);
	close(listener);
}

static void lines_wait_for_a_collector_that_refuses(void **state)
{
	static const enum syslog_transport how[] = { SYSLOG_TCP, SYSLOG_UDP };

	for (size_t i = 0; i < COUNT_OF(how); i++) {
		uint16_t port = 0;
		bool said = false;
		int type = how[i] == SYSLOG_TCP ? SOCK_STREAM : SOCK_DGRAM, fd = socket_at(type, &port), peer;

		close(fd);
		settings.syslog_count = 0;
		collector_add(how[i], "127.0.0.1", port);
		assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
		line_put(i == 0 ? "<1>over tcp" : "<1>over udp");
		for (unsigned k = 0; k < 2000 && !said; k++) {
			step();
			said = says("Connection refused; its lines wait");
		}
		assert_true(said);
		assert_true(sender_busy(sender));
		got_len = 0;
		fd = socket_at(type, &port);
		peer = how[i] == SYSLOG_TCP ? connection(fd) : fd;
		assert_true(comes(peer, i == 0 ? "over tcp" : "over udp", 5000));
		close(fd);
		if (peer != fd)
			close(peer);
		sender_free(sender);
		sender = NULL;
	}
}

/* A host that refuses tells so of few datagrams: a burst that it says nothing of would count as taken. */
static void over_udp_one_line_goes_ahead_of_the_others(void **state)
{
	uint16_t port = 0;
	int fd = socket_at(SOCK_DGRAM, &port);

	collector_add(SYSLOG_UDP, "127.0.0.1", port);
	line_put("<1>line 1");
	line_put("<1>line 2");
	line_put("<1>line 3");
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	assert_true(comes(fd, "line 1", 500));
	assert_false(comes(fd, "line 2", 500));
	assert_true(comes(fd, "line 3", 3000));
	close(fd);
}

/* Datagrams that came, each a line. */
static unsigned datagrams(int fd)
{
	unsigned n = 0;

	while (recv(fd, got, sizeof(got), 0) > 0)
		n++;
	return n;
}

/* Nobody tells of a datagram that found a full socket buffer: a spool of some length goes out at a pace that one takes. */
static void over_udp_a_spool_does_not_flood_the_collector(void **state)
{
	enum { LINES = 300 };
	uint64_t now, ms = UINT64_C(1000000);
	uint16_t port = 0;
	int fd = socket_at(SOCK_DGRAM, &port);
	unsigned most = 0, all = 1;

	collector_add(SYSLOG_UDP, "127.0.0.1", port);
	for (unsigned i = 0; i < LINES; i++)
		line_put("<1>line");
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	assert_true(comes(fd, "line", 2000)); /* its address is looked up by the clock */
	now = now_ns();
	for (unsigned i = 0; i < 60; i++) { /* a collector that reads each tenth of a second */
		unsigned n;

		for (unsigned k = 0; k < 20; k++, now += 5 * ms)
			assert_int_equal(sender_step(sender, now), 0);
		n = datagrams(fd);
		all += n;
		most = n > most ? n : most;
	}
	assert_true(most <= 48); /* Linux's default buffer has room for so many of 4 kB */
	assert_int_equal(all, LINES);
	close(fd);
}

static struct collector_counts counts(unsigned i)
{
	struct collector_counts c;

	sender_look(sender, i, &c);
	return c;
}

/* A name's first address may be one where nobody listens: ::1 of localhost, on most machines. */
static void every_address_of_a_name_is_tried(void **state)
{
	uint16_t port = 0;
	int listener = socket_at(SOCK_STREAM, &port), fd;

	collector_add(SYSLOG_TCP, "localhost", port);
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	line_put("<1>by name");
	fd = connection(listener);
	assert_true(comes(fd, "by name", 2000));
	assert_int_equal(counts(0).peer.family, 4);
	assert_memory_equal(counts(0).peer.raw, "\x7f\0\0\1", 4);
	close(fd);
	close(listener);
}

static void a_name_without_an_address_holds_nothing_up(void **state)
{
	uint16_t port = 0;
	int listener = socket_at(SOCK_STREAM, &port), fd;
	uint64_t longest = 0;

	collector_add(SYSLOG_TCP, "no-such-host.invalid", 601);
	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	line_put("<1>line");
	for (unsigned i = 0; i < 20; i++) {
		uint64_t began = now_ns();

		assert_int_equal(sender_step(sender, began), 0);
		longest = now_ns() - began > longest ? now_ns() - began : longest;
		usleep(1000);
	}
	assert_true(longest < UINT64_C(200000000)); /* a resolver's time limit is seconds */
	fd = connection(listener);
	assert_true(comes(fd, "line", 2000));
	close(fd);
	close(listener);
}

static void verdict_put(enum priority p, const char *json)
{
	struct entry e = { .priority = (uint8_t)p, .src.family = 4, .dst.family = 4, .class_name = bytes_text("shell") };
	uint8_t room[ENTRY_MAX + 1];
	struct sink s = sink_over(room, sizeof(room) - 1);
	struct store_record r = { .id = { 1, 1 }, .revision = 1, .json = bytes_text("{}") };
	struct bytes spooled;

	e.lines[SYSLOG_JSON] = bytes_text(json);
	e.lines[SYSLOG_CEF] = bytes_text("<1>cef");
	entry_encode(&s, &e);
	assert_int_equal(sink_done(&s, &spooled), 0);
	assert_int_equal(store_put_record(store, &r, bytes_of(NULL, 0), spooled), 0);
	assert_int_equal(store_commit(store), 0);
}

/* Two collectors of one spool: each its filter, its form and its place. */
static void each_collector_gets_what_its_filter_lets_pass(void **state)
{
	uint16_t port = 0, other = 0;
	int all = socket_at(SOCK_STREAM, &port), high = socket_at(SOCK_STREAM, &other), a, b;
	uint64_t number;
	struct bytes line;

	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	collector_add(SYSLOG_TCP, "127.0.0.1", other);
	settings.syslog[1].filter.priority = PRIORITY_HIGH;
	settings.syslog[1].format = SYSLOG_CEF;
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	verdict_put(PRIORITY_LOW, "<1>low");
	verdict_put(PRIORITY_HIGH, "<1>high");
	verdict_put(PRIORITY_MEDIUM, "<1>medium");
	a = connection(all);
	b = connection(high);
	assert_true(comes(a, "medium", 3000));
	assert_string_equal(got, "6 <1>low7 <1>high9 <1>medium");
	got_len = 0;
	assert_true(comes(b, "cef", 3000));
	assert_string_equal(got, "6 <1>cef");
	later_ns += UINT64_C(6000000000);
	step();
	step();
	assert_false(sender_busy(sender));
	assert_true(counts(0).taken == 3 && counts(0).filtered == 0);
	assert_true(counts(1).taken == 1 && counts(1).filtered == 2 && counts(1).sent == 1);
	assert_int_equal(store_spool_next(store, 0, &number, &line), -ENOENT);
	close(a);
	close(b);
	close(all);
	close(high);
}

static void what_is_not_for_it_waits_for_no_collector(void **state)
{
	uint16_t port = 0;
	int fd = socket_at(SOCK_STREAM, &port);

	close(fd); /* nobody is there */
	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	settings.syslog[0].filter.priority = PRIORITY_HIGH;
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	for (unsigned i = 0; i < 20; i++)
		verdict_put(PRIORITY_LOW, "<1>low");
	for (unsigned i = 0; i < 20 && sender_busy(sender); i++)
		step();
	assert_false(sender_busy(sender));
	verdict_put(PRIORITY_HIGH, "<1>high");
	for (unsigned i = 0; i < 20; i++)
		step();
	assert_true(sender_busy(sender));
	assert_int_equal(counts(0).filtered, 20);
}

/* Once, although breaks bring them to the filter again and again; and what is no entry of ours holds nothing up. */
static void what_is_passed_over_is_counted_once(void **state)
{
	uint16_t port = 0;
	int fd = socket_at(SOCK_STREAM, &port), peer;

	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	settings.syslog[0].filter.priority = PRIORITY_HIGH;
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	verdict_put(PRIORITY_HIGH, "<1>one");
	for (unsigned i = 0; i < 5; i++)
		verdict_put(PRIORITY_LOW, "<1>low");
	line_put("\1\1\1 no entry");
	verdict_put(PRIORITY_HIGH, "<1>two");
	for (unsigned i = 0; i < 3; i++) {
		got_len = 0;
		peer = connection(fd);
		assert_true(comes(peer, "6 <1>one6 <1>two", 3000));
		close(peer);
		for (unsigned k = 0; k < 20; k++)
			step();
		later_ns += UINT64_C(11000000000);
	}
	assert_true(counts(0).filtered == 5 && counts(0).lost == 1);
	close(fd);
}

/* The spool of 1 MiB holds less than is put: what a collector never saw is counted for it. */
static void lines_that_a_full_spool_dropped_are_counted(void **state)
{
	static char line[7000];
	uint16_t port = 0;
	int fd = socket_at(SOCK_STREAM, &port), peer;
	struct store_counts s;

	memset(line, 'x', sizeof(line) - 1);
	line[0] = '<';
	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	close(fd);
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	line_put("<1>first");
	step();
	for (unsigned i = 0; i < 200; i++)
		line_put(line);
	line_put("<1>last");
	store_count(store, &s);
	assert_true(s.spool_lost > 50);
	later_ns += UINT64_C(11000000000);
	fd = socket_at(SOCK_STREAM, &port);
	peer = connection(fd);
	for (unsigned i = 0; i < 1000; i++) {
		got_len = 0;
		if (comes(peer, "<1>last", 10))
			break;
	}
	assert_string_equal(got + strlen(got) - 7, "<1>last");
	assert_true(counts(0).sent + s.spool_lost == 202 && counts(0).lost + 1 >= s.spool_lost);
	close(peer);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tcp_lines_carry_their_octet_count, begin, end),
		cmocka_unit_test_setup_teardown(what_a_collector_did_not_keep_is_sent_again, begin, end),
		cmocka_unit_test_setup_teardown(lines_wait_for_a_collector_that_refuses, begin, end),
		cmocka_unit_test_setup_teardown(over_udp_one_line_goes_ahead_of_the_others, begin, end),
		cmocka_unit_test_setup_teardown(over_udp_a_spool_does_not_flood_the_collector, begin, end),
		cmocka_unit_test_setup_teardown(every_address_of_a_name_is_tried, begin, end),
		cmocka_unit_test_setup_teardown(a_name_without_an_address_holds_nothing_up, begin, end),
		cmocka_unit_test_setup_teardown(each_collector_gets_what_its_filter_lets_pass, begin, end),
		cmocka_unit_test_setup_teardown(what_is_not_for_it_waits_for_no_collector, begin, end),
		cmocka_unit_test_setup_teardown(what_is_passed_over_is_counted_once, begin, end),
		cmocka_unit_test_setup_teardown(lines_that_a_full_spool_dropped_are_counted, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines on their way to collectors that refuse, close, stay silent or have no address: each arrives, or waits. */
#include "control/journal/sender.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct settings settings;
static struct store *store;
static struct sender *sender;
static char folder[64], got[1 << 16];
static size_t got_len;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static int begin(void **state)
{
	memset(&settings, 0, sizeof(settings));
	got_len = 0;
	snprintf(folder, sizeof(folder), "/tmp/konseki-sender-XXXXXX");
	return mkdtemp(folder) == NULL || store_open(folder, 16 << 20, 1 << 20, STORE_QUICK, &store) < 0 ? -1 : 0;
}

static int end(void **state)
{
	char path[128];

	sender_free(sender);
	sender = NULL;
	store_close(store);
	snprintf(path, sizeof(path), "%s/data.mdb", folder);
	unlink(path);
	snprintf(path, sizeof(path), "%s/lock.mdb", folder);
	unlink(path);
	return rmdir(folder);
}

static void collector_add(enum syslog_transport how, const char *host, uint16_t port)
{
	struct syslog_target *t = &settings.syslog[settings.syslog_count++];

	*t = (struct syslog_target){ .transport = how, .port = port };
	snprintf(t->host, sizeof(t->host), "%s", host);
}

static void line_put(const char *line)
{
	struct store_record r = { .id = { 1, 1 }, .revision = 1, .json = bytes_text("{}") };

	assert_int_equal(store_put_record(store, &r, bytes_of(NULL, 0), bytes_text(line)), 0);
	assert_int_equal(store_commit(store), 0);
}

/* A socket on the loopback; port 0: any. *port: which. */
static int socket_at(int type, uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0), yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 4), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static void step(void)
{
	assert_int_equal(sender_step(sender, now_ns()), 0);
	assert_int_equal(store_commit(store), 0);
	usleep(5000);
}

/* Steps, reading from fd (-1: none) into got, until text is there or ms are over. */
static bool comes(int fd, const char *wanted, unsigned ms)
{
	for (uint64_t until = now_ns() + ms * UINT64_C(1000000); now_ns() < until;) {
		ssize_t n;

		step();
		n = fd < 0 ? 0 : recv(fd, got + got_len, sizeof(got) - 1 - got_len, 0);
		if (n > 0)
			got_len += (size_t)n;
		got[got_len] = 0;
		if (strstr(got, wanted) != NULL)
			return true;
	}
	return false;
}

static int connection(int listener)
{
	int fd = -1;

	for (unsigned i = 0; i < 400 && fd < 0; i++) {
		step();
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	}
	assert_true(fd >= 0);
	return fd;
}

static bool says(const char *wanted)
{
	char news[512];
	bool found = false;

	while (sender_news(sender, news, sizeof(news)))
		found = found || strstr(news, wanted) != NULL;
	return found;
}

static void tcp_lines_carry_their_octet_count(void **state)
{
	uint16_t port = 0;
	int listener = socket_at(SOCK_STREAM, &port), fd;

	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	assert_int_equal(sender_new(&settings, store, &sender), 0);
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
	assert_int_equal(sender_new(&settings, store, &sender), 0);
	line_put("<1>line");
	fd = connection(listener);
	assert_true(comes(fd, "line", 2000));
	close(fd); /* within the second that makes it taken */
	got_len = 0;
	fd = connection(listener);
	assert_true(comes(fd, "line", 2000));
	assert_true(says("it closed the connection"));
	for (unsigned i = 0; i < 400 && sender_busy(sender); i++)
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
		int type = how[i] == SYSLOG_TCP ? SOCK_STREAM : SOCK_DGRAM, fd = socket_at(type, &port), peer;

		close(fd);
		settings.syslog_count = 0;
		collector_add(how[i], "127.0.0.1", port);
		assert_int_equal(sender_new(&settings, store, &sender), 0);
		line_put(i == 0 ? "<1>over tcp" : "<1>over udp");
		assert_false(comes(-1, "never", 700));
		assert_true(says("Connection refused; its lines wait"));
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
	assert_int_equal(sender_new(&settings, store, &sender), 0);
	assert_true(comes(fd, "line 1", 500));
	assert_false(comes(fd, "line 2", 500));
	assert_true(comes(fd, "line 3", 3000));
	close(fd);
}

/* A name's first address may be one where nobody listens: ::1 of localhost, on most machines. */
static void every_address_of_a_name_is_tried(void **state)
{
	uint16_t port = 0;
	int listener = socket_at(SOCK_STREAM, &port), fd;

	collector_add(SYSLOG_TCP, "localhost", port);
	assert_int_equal(sender_new(&settings, store, &sender), 0);
	line_put("<1>by name");
	fd = connection(listener);
	assert_true(comes(fd, "by name", 2000));
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
	assert_int_equal(sender_new(&settings, store, &sender), 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(tcp_lines_carry_their_octet_count, begin, end),
		cmocka_unit_test_setup_teardown(what_a_collector_did_not_keep_is_sent_again, begin, end),
		cmocka_unit_test_setup_teardown(lines_wait_for_a_collector_that_refuses, begin, end),
		cmocka_unit_test_setup_teardown(over_udp_one_line_goes_ahead_of_the_others, begin, end),
		cmocka_unit_test_setup_teardown(every_address_of_a_name_is_tried, begin, end),
		cmocka_unit_test_setup_teardown(a_name_without_an_address_holds_nothing_up, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

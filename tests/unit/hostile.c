/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collectors that send without end, never answer or never read: each costs little, and takes nothing. */
#include "tests/unit/sender_world.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A collector, and a sender with one line for it. Its certificate, if it had one, would be another. */
static int listener_begin(enum syslog_transport how)
{
	uint16_t port = 0;
	int fd = socket_at(SOCK_STREAM, &port);

	collector_add(how, "127.0.0.1", port);
	settings.syslog[0].pinned = how == SYSLOG_TLS;
	line_put("<1>line");
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	return fd;
}

/* The longest that one step took, in ns. */
static uint64_t hostile(int fd, unsigned steps, void (*act)(int))
{
	uint64_t longest = 0;

	for (unsigned i = 0; i < steps; i++) {
		uint64_t began = now_ns();

		assert_int_equal(sender_step(sender, began), 0);
		assert_int_equal(store_commit(store), 0);
		began = now_ns() - began;
		longest = began > longest ? began : longest;
		if (act != NULL)
			act(fd);
		usleep(1000);
	}
	return longest;
}

static void garbage(int fd)
{
	static char noise[65536];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)random();
	while (send(fd, noise, sizeof(noise), MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		;
}

/* For each: no step takes long, the line stays, and the connection is given up or goes on. */
static void a_hostile_collector_costs_little(void **state)
{
	for (enum syslog_transport how = SYSLOG_TCP; how <= SYSLOG_TLS; how++) {
		int fd = listener_begin(how), other;

		other = connection(fd);
		assert_true(hostile(other, 300, garbage) < UINT64_C(300000000));
		close(other);
		other = -1;
		for (unsigned i = 0; i < 400 && other < 0; i++) { /* it comes again, later and later */
			step();
			later_ns += UINT64_C(100000000);
			other = accept(fd, NULL, NULL);
		}
		assert_true(other >= 0);
		assert_true(sender_busy(sender));
		close(other);
		close(fd);
		sender_free(sender);
		sender = NULL;
		settings.syslog_count = 0;
	}
}

/* It accepts and then says nothing: given up after 10 s. */
static void a_half_open_handshake_has_an_end(void **state)
{
	int fd = listener_begin(SYSLOG_TLS), silent;

	silent = connection(fd);
	hostile(-1, 20, NULL);
	assert_false(says("handshake"));
	later_ns += UINT64_C(11000000000);
	hostile(-1, 3, NULL);
	assert_true(says("it does not finish the TLS handshake; its lines wait"));
	close(silent);
	close(fd);
}

/* It never reads: what fits in buffers is sent, nothing more is held, and what it acknowledged does not count as taken at once. */
static void a_collector_that_never_reads_takes_nothing(void **state)
{
	char line[512];
	struct collector_counts c;
	uint16_t port = 0;
	int fd = socket_at(SOCK_STREAM, &port), deaf, small = 16384;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	collector_add(SYSLOG_TCP, "127.0.0.1", port);
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
	memset(line, 'x', sizeof(line) - 1);
	line[0] = '<';
	line[sizeof(line) - 1] = 0;
	for (unsigned i = 0; i < 200; i++)
		line_put(line);
	deaf = connection(fd);
	assert_true(hostile(-1, 100, NULL) < UINT64_C(300000000));
	later_ns += UINT64_C(7000000000);
	hostile(-1, 20, NULL);
	sender_look(sender, 0, &c);
	assert_int_equal(c.taken, 0);
	close(deaf); /* with all of it unread: a reset */
	for (unsigned i = 0; i < 400 && !says("its lines wait"); i++)
		step();
	later_ns += UINT64_C(11000000000);
	deaf = connection(fd);
	assert_true(comes(deaf, "511 <xxx", 3000)); /* the first one again */
	close(deaf);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_hostile_collector_costs_little, begin, end),
		cmocka_unit_test_setup_teardown(a_half_open_handshake_has_an_end, begin, end),
		cmocka_unit_test_setup_teardown(a_collector_that_never_reads_takes_nothing, begin, end),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

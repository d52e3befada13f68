/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sender with a store of its own, and sockets that play its collectors. */
#include "tests/unit/sender_world.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct settings settings;
struct store *store;
struct sender *sender;
static char folder[64];
char got[1 << 16], sender_why[SENDER_WHY_MAX];
size_t got_len;
uint64_t later_ns;

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec + later_ns;
}

int begin(void **state)
{
	memset(&settings, 0, sizeof(settings));
	got_len = 0;
	later_ns = 0;
	snprintf(folder, sizeof(folder), "/tmp/konseki-sender-XXXXXX");
	return mkdtemp(folder) == NULL || store_open(folder, 16 << 20, 1 << 20, STORE_QUICK, &store) < 0 ? -1 : 0;
}

int end(void **state)
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

void collector_add(enum syslog_transport how, const char *host, uint16_t port)
{
	struct syslog_target *t = &settings.syslog[settings.syslog_count++];

	*t = (struct syslog_target){ .transport = how, .port = port };
	snprintf(t->host, sizeof(t->host), "%s", host);
}

void line_put(const char *line)
{
	struct store_record r = { .id = { 1, 1 }, .revision = 1, .json = bytes_text("{}") };

	assert_int_equal(store_put_record(store, &r, bytes_of(NULL, 0), bytes_text(line)), 0);
	assert_int_equal(store_commit(store), 0);
}

int socket_at(int type, uint16_t *port)
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

void step(void)
{
	assert_int_equal(sender_step(sender, now_ns()), 0);
	assert_int_equal(store_commit(store), 0);
	usleep(5000);
}

bool comes(int fd, const char *wanted, unsigned ms)
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

int connection(int listener)
{
	int fd = -1;

	for (unsigned i = 0; i < 400 && fd < 0; i++) {
		step();
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	}
	assert_true(fd >= 0);
	return fd;
}

bool says(const char *wanted)
{
	char news[512];
	bool found = false;

	while (sender_news(sender, news, sizeof(news)))
		found = found || strstr(news, wanted) != NULL;
	return found;
}

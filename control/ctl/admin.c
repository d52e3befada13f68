/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clients of the admin socket. */
#include "control/ctl/admin.h"
#include "control/ctl/place.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct admin_client {
	int fd;                 /* -1: free */
	char in[REQUEST_MAX];
	size_t in_used;
	char *out;
	size_t out_used, out_sent, out_size;
	bool follows, answered, broken;
};

struct admin {
	struct admin_tools tools;
	int listener, epoll;
	char *path;             /* NULL until it is ours to remove */
	struct admin_client clients[ADMIN_CLIENTS_MAX];
};

/* Is somebody listening there? */
static bool answers(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = fd >= 0 && connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;

	if (fd >= 0)
		close(fd);
	return yes;
}

/* Somebody's file at our path is not ours to remove; a socket that nobody listens at is what a kill left. */
static int stale_remove(const char *path, const struct sockaddr_un *at)
{
	struct stat there;

	if (lstat(path, &there) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(there.st_mode))
		return -EEXIST;
	if (answers(at))
		return -EADDRINUSE;
	return unlink(path) < 0 ? -errno : 0;
}

static int listen_at(struct admin *a, const char *path)
{
	struct sockaddr_un at;
	mode_t mask;
	int folder, r = socket_place(path, &at, &folder);

	if (r < 0)
		return r;
	if ((r = stale_remove(path, &at)) < 0)
		goto out;
	r = -ENOMEM;
	if ((a->path = strdup(path)) == NULL)
		goto out;
	r = 0;
	a->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	mask = umask(0117);
	if (a->listener < 0 || bind(a->listener, (const struct sockaddr *)&at, sizeof(at)) < 0 || listen(a->listener, 8) < 0)
		r = -errno;
	umask(mask);
out:
	if (folder >= 0)
		close(folder);
	return r;
}

static int watch(struct admin *a, int fd, unsigned index, uint32_t events, int op)
{
	struct epoll_event e = { .events = events, .data.u32 = index };

	return epoll_ctl(a->epoll, op, fd, &e) < 0 ? -errno : 0;
}

int admin_open(const char *path, const struct admin_tools *tools, struct admin **ret)
{
	struct admin *a = calloc(1, sizeof(*a));
	int r;

	if (a == NULL)
		return -ENOMEM;
	a->tools = *tools;
	a->listener = -1;
	for (unsigned i = 0; i < ADMIN_CLIENTS_MAX; i++)
		a->clients[i].fd = -1;
	a->epoll = epoll_create1(EPOLL_CLOEXEC);
	r = a->epoll < 0 ? -errno : listen_at(a, path);
	if (r == 0)
		r = watch(a, a->listener, ADMIN_CLIENTS_MAX, EPOLLIN, EPOLL_CTL_ADD);
	if (r < 0) {
		if (a->listener >= 0)
			close(a->listener);
		if (a->epoll >= 0)
			close(a->epoll);
		free(a->path);
		free(a);
		return r;
	}
	*ret = a;
	return 0;
}

static void client_end(struct admin_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->out);
	*c = (struct admin_client){ .fd = -1 };
}

void admin_close(struct admin *a)
{
	if (a == NULL)
		return;
	for (unsigned i = 0; i < ADMIN_CLIENTS_MAX; i++)
		client_end(&a->clients[i]);
	close(a->listener);
	close(a->epoll);
	unlink(a->path);
	free(a->path);
	free(a);
}

int admin_fd(const struct admin *a)
{
	return a->epoll;
}

static void say(struct admin_client *c, const char *text, size_t len)
{
	size_t need = c->out_used + len + 1;

	if (c->broken)
		return;
	if (need > ADMIN_OUTPUT_MAX) {
		c->broken = true;
		return;
	}
	if (need > c->out_size) {
		size_t size = need * 2 < 4096 ? 4096 : need * 2;
		char *grown = realloc(c->out, size);

		if (grown == NULL) {
			c->broken = true;
			return;
		}
		c->out = grown;
		c->out_size = size;
	}
	memcpy(c->out + c->out_used, text, len);
	c->out[c->out_used + len] = '\n';
	c->out_used = need;
}

void admin_say(struct admin_client *c, const char *json)
{
	say(c, json, strlen(json));
}

static void client_accept(struct admin *a)
{
	int fd = accept4(a->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (unsigned i = 0; i < ADMIN_CLIENTS_MAX; i++) {
		if (a->clients[i].fd >= 0)
			continue;
		if (watch(a, fd, i, EPOLLIN, EPOLL_CTL_ADD) < 0)
			break;
		a->clients[i].fd = fd;
		return;
	}
	close(fd); /* as many clients as there may be */
}

static void client_request(struct admin *a, struct admin_client *c, size_t len)
{
	struct request q;

	c->answered = true;
	if (request_decode(bytes_of(c->in, len), &q) < 0) {
		admin_say(c, "{\"error\":\"no such request\"}");
		return;
	}
	c->follows = q.kind == REQUEST_SHOW && q.follow && q.show == SHOW_ALERTS;
	a->tools.answer(a->tools.context, &q, c);
}

static void client_read(struct admin *a, struct admin_client *c)
{
	char ignored[512];
	ssize_t n;
	char *end;

	if (c->answered) { /* nothing more is asked on this connection; its end is what we wait for */
		n = read(c->fd, ignored, sizeof(ignored));
		c->broken = n == 0 || (n < 0 && errno != EAGAIN);
		return;
	}
	n = read(c->fd, c->in + c->in_used, sizeof(c->in) - c->in_used);
	if (n <= 0) {
		c->broken = n == 0 || errno != EAGAIN;
		return;
	}
	c->in_used += (size_t)n;
	end = memchr(c->in, '\n', c->in_used);
	if (end != NULL)
		client_request(a, c, (size_t)(end - c->in));
	else
		c->broken = c->in_used == sizeof(c->in);
}

static void client_write(struct admin *a, struct admin_client *c)
{
	while (c->out_sent < c->out_used) {
		ssize_t n = send(c->fd, c->out + c->out_sent, c->out_used - c->out_sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			c->broken = true;
			return;
		}
		c->out_sent += (size_t)n;
	}
	if (c->out_sent == c->out_used)
		c->out_sent = c->out_used = 0;
	if (watch(a, c->fd, (unsigned)(c - a->clients), c->out_used > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN,
	          EPOLL_CTL_MOD) < 0)
		c->broken = true;
}

static void client_step(struct admin *a, struct admin_client *c, uint32_t events)
{
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
		client_read(a, c);
	if (!c->broken)
		client_write(a, c);
	if (c->broken || (c->answered && !c->follows && c->out_used == 0))
		client_end(c);
}

void admin_step(struct admin *a)
{
	struct epoll_event events[ADMIN_CLIENTS_MAX + 1];
	int n = epoll_wait(a->epoll, events, COUNT_OF(events), 0);

	for (int i = 0; i < n; i++) {
		if (events[i].data.u32 == ADMIN_CLIENTS_MAX)
			client_accept(a);
		else if (a->clients[events[i].data.u32].fd >= 0)
			client_step(a, &a->clients[events[i].data.u32], events[i].events);
	}
}

void admin_push(struct admin *a, struct bytes json)
{
	for (unsigned i = 0; i < ADMIN_CLIENTS_MAX; i++) {
		struct admin_client *c = &a->clients[i];

		if (c->fd < 0 || !c->follows)
			continue;
		say(c, (const char *)json.at, json.left);
		client_write(a, c);
		if (c->broken)
			client_end(c);
	}
}

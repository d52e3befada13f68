/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The workers that a zygote hands over, and the answers they gave. Peer: emu/main.c (the zygote). */
#include "control/queue/pool.h"

#include "control/wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	EVENTS_AT_ONCE = 64,
	ROUNDS_MAX = 16, /* of one step, so that a chattering worker cannot hold control's loop */
};

struct waiting {
	struct answer answer;
	struct waiting *next;
};

struct pool {
	int epoll, zygote;            /* zygote -1: gone */
	pid_t started;                /* 0: pool_open() */
	struct worker workers[POOL_WORKERS_MAX];
	struct waiting *first, **last;
	bool served;                  /* a worker came */
};

/* The epoll tag of the zygote's socket; workers are tagged with their index. */
#define TAG_ZYGOTE UINT32_MAX

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int watch(struct pool *p, int op, int fd, uint32_t tag, bool to_write)
{
	struct epoll_event e = { .events = EPOLLIN | (to_write ? EPOLLOUT : 0), .data.u32 = tag };

	return epoll_ctl(p->epoll, op, fd, &e) < 0 ? -errno : 0;
}

/* Queues an answer, which is moved. */
static int answer_add(struct pool *p, struct answer *a)
{
	struct waiting *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		answer_free(a);
		return -ENOMEM;
	}
	w->answer = *a;
	*p->last = w;
	p->last = &w->next;
	return 0;
}

/* The worker is lost to us: a job that was out is answered by why. */
static int worker_lost(struct pool *p, struct worker *w, enum stopped_by why)
{
	struct answer a;
	int r = 0;

	if (w->state == WORKER_BUSY && (r = worker_give_up(w, why, &a)) == 0)
		r = answer_add(p, &a);
	worker_close(w);
	return r;
}

/* Sends on, and is woken when the socket takes more. */
static int worker_push(struct pool *p, struct worker *w)
{
	int r = worker_write(w);

	if (r != 0 && r != -EAGAIN)
		return r;
	return watch(p, EPOLL_CTL_MOD, w->fd, (uint32_t)(w - p->workers), r == -EAGAIN);
}

static int worker_step(struct pool *p, struct worker *w, uint32_t events)
{
	struct answer a;
	int r = 0;

	if (w->state == WORKER_ABSENT)
		return 0;
	if ((events & EPOLLOUT) != 0)
		r = worker_push(p, w);
	while (r == 0 && (r = worker_read(w, &a)) == 1)
		r = answer_add(p, &a);
	return r < 0 ? worker_lost(p, w, STOPPED_DIED) : 0;
}

static void close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

/* A frame for READY's four bytes of process id; beside it the socket and, where the kernel has such, a handle of the process. */
static int zygote_receive(struct pool *p)
{
	uint8_t raw[FRAME_HEAD + 4];
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(2 * sizeof(int))];
	} control;
	struct iovec io = { .iov_base = raw, .iov_len = sizeof(raw) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(p->zygote, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	const struct cmsghdr *c;
	struct bytes b;
	struct frame f;
	int fds[2] = { -1, -1 };
	size_t count;
	uint32_t pid;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -EAGAIN : -EPIPE;
	c = CMSG_FIRSTHDR(&m);
	if (c == NULL || c->cmsg_type != SCM_RIGHTS || c->cmsg_len < CMSG_LEN(sizeof(int)) || c->cmsg_len > CMSG_LEN(sizeof(fds)))
		return -EPIPE;
	count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(c), count * sizeof(int));
	b = bytes_of(raw, (size_t)n);
	if (frame_take(&b, 4, &f, NULL) < 0 || f.kind != FRAME_READY || bytes_u32le(&f.body, &pid) < 0) {
		close_all(fds, count);
		return -EPIPE;
	}
	for (uint32_t i = 0; i < POOL_WORKERS_MAX; i++) {
		struct worker *w = &p->workers[i];

		if (w->state != WORKER_ABSENT)
			continue;
		if (watch(p, EPOLL_CTL_ADD, fds[0], i, false) < 0)
			break;
		*w = (struct worker){ .state = WORKER_STARTING, .fd = fds[0], .process = fds[1], .pid = (pid_t)pid };
		p->served = true;
		return 0;
	}
	close_all(fds, count);
	return 0;
}

static void zygote_step(struct pool *p)
{
	int r;

	do
		r = zygote_receive(p);
	while (r == 0);
	if (r == -EPIPE) {
		close(p->zygote);
		p->zygote = -1;
	}
}

int pool_step(struct pool *p, uint64_t now)
{
	struct epoll_event events[EVENTS_AT_ONCE];
	int count, r = 0;

	/* Again, as long as something came: a worker that was just handed over may have said READY already. */
	for (int round = 0; round < ROUNDS_MAX && r == 0; round++) {
		if ((count = epoll_wait(p->epoll, events, EVENTS_AT_ONCE, 0)) <= 0)
			break;
		for (int i = 0; i < count && r == 0; i++) {
			if (events[i].data.u32 == TAG_ZYGOTE)
				zygote_step(p);
			else
				r = worker_step(p, &p->workers[events[i].data.u32], events[i].events);
		}
	}
	for (unsigned i = 0; i < POOL_WORKERS_MAX && r == 0; i++) {
		if (p->workers[i].state == WORKER_BUSY && p->workers[i].deadline_ns <= now)
			r = worker_lost(p, &p->workers[i], STOPPED_WATCHDOG);
	}
	return r < 0 ? r : p->zygote < 0 ? -EPIPE : 0;
}

uint64_t pool_deadline_ns(const struct pool *p)
{
	uint64_t first = UINT64_MAX;

	for (unsigned i = 0; i < POOL_WORKERS_MAX; i++) {
		if (p->workers[i].state == WORKER_BUSY && p->workers[i].deadline_ns < first)
			first = p->workers[i].deadline_ns;
	}
	return first;
}

int pool_fd(const struct pool *p)
{
	return p->epoll;
}

unsigned pool_idle(const struct pool *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < POOL_WORKERS_MAX; i++)
		n += p->workers[i].state == WORKER_IDLE;
	return n;
}

unsigned pool_living(const struct pool *p)
{
	unsigned n = 0;

	for (unsigned i = 0; i < POOL_WORKERS_MAX; i++)
		n += p->workers[i].state != WORKER_ABSENT;
	return n;
}

pid_t pool_worker_pid(const struct pool *p, unsigned nth)
{
	for (unsigned i = 0; i < POOL_WORKERS_MAX; i++) {
		if (p->workers[i].state != WORKER_ABSENT && nth-- == 0)
			return p->workers[i].pid;
	}
	return 0;
}

int pool_send(struct pool *p, const struct job *j, uint64_t deadline_ns)
{
	struct worker *w = NULL;
	int r;

	for (unsigned i = 0; i < POOL_WORKERS_MAX && w == NULL; i++) {
		if (p->workers[i].state == WORKER_IDLE)
			w = &p->workers[i];
	}
	if (w == NULL)
		return -EAGAIN;
	if ((r = worker_begin(w, j, deadline_ns)) < 0)
		return r;
	return worker_push(p, w) < 0 ? worker_lost(p, w, STOPPED_DIED) : 0;
}

bool pool_take(struct pool *p, struct answer *ret)
{
	struct waiting *w = p->first;

	if (w == NULL)
		return false;
	*ret = w->answer;
	p->first = w->next;
	if (p->first == NULL)
		p->last = &p->first;
	free(w);
	return true;
}

bool pool_served(const struct pool *p)
{
	return p->served;
}

/* The zygote is gone; why? */
static int zygote_ended(struct pool *p)
{
	enum { CANNOT = 3 /* of every program of ours: it has said why */ };
	int status = 0;

	if (p->started <= 0 || waitpid(p->started, &status, 0) < 0)
		return -EPIPE;
	p->started = 0;
	return !p->served && WIFEXITED(status) && WEXITSTATUS(status) == CANNOT ? -ECANCELED : -EPIPE;
}

int pool_ask(struct pool *p, const struct job *j, uint64_t timeout_ns, struct answer *ret)
{
	uint64_t end = now_ns() + timeout_ns, now;
	bool sent = false;
	int r;

	while ((now = now_ns()) < end + 1000000000u) {
		struct pollfd f = { .fd = p->epoll, .events = POLLIN };

		r = pool_step(p, now);
		if (pool_take(p, ret))
			return 0;
		if (r < 0 && pool_living(p) == 0)
			return zygote_ended(p);
		if (!sent && (r = pool_send(p, j, end)) != -EAGAIN) {
			if (r < 0)
				return r;
			sent = true;
		}
		if (!sent && now >= end)
			break;
		poll(&f, 1, 100);
	}
	return -ETIMEDOUT;
}

int pool_open(int fd, struct pool **ret)
{
	struct pool *p = calloc(1, sizeof(*p));
	int r = -ENOMEM;

	if (p == NULL)
		goto out;
	p->zygote = -1;
	p->last = &p->first;
	for (unsigned i = 0; i < POOL_WORKERS_MAX; i++)
		p->workers[i].fd = p->workers[i].process = -1;
	if ((p->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 || (r = watch(p, EPOLL_CTL_ADD, fd, TAG_ZYGOTE, false)) < 0) {
		r = p->epoll < 0 ? -errno : r;
		goto out;
	}
	p->zygote = fd;
	*ret = p;
	return 0;
out:
	if (p != NULL && p->epoll >= 0)
		close(p->epoll);
	free(p);
	close(fd);
	return r;
}

/* Only in the new process. */
static void become_zygote(const char *program, const char *config, unsigned workers, int fd)
{
	char fd_text[16], workers_text[16];
	const char *argv[8];
	unsigned n = 0;
	int kept = dup(fd); /* without close-on-exec */

	snprintf(fd_text, sizeof(fd_text), "%d", kept);
	snprintf(workers_text, sizeof(workers_text), "%u", workers);
	argv[n++] = program;
	if (config[0] != '\0') {
		argv[n++] = "-c";
		argv[n++] = config;
	}
	argv[n++] = "--control";
	argv[n++] = fd_text;
	if (workers > 0) {
		argv[n++] = "--workers";
		argv[n++] = workers_text;
	}
	argv[n] = NULL;
	execv(program, (char *const *)(uintptr_t)argv);
	fprintf(stderr, "konseki: cannot start %s: %s\n", program, strerror(errno));
	_exit(127);
}

int pool_start(const char *program, const char *config, unsigned workers, struct pool **ret)
{
	int pair[2], r;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	pid = fork();
	if (pid == 0)
		become_zygote(program, config, workers, pair[1]);
	close(pair[1]);
	if (pid < 0) {
		r = -errno;
		close(pair[0]);
		return r;
	}
	if ((r = pool_open(pair[0], ret)) < 0)
		waitpid(pid, NULL, 0);
	else
		(*ret)->started = pid;
	return r;
}

void pool_close(struct pool *p)
{
	struct answer a;

	if (p == NULL)
		return;
	for (unsigned i = 0; i < POOL_WORKERS_MAX; i++)
		worker_close(&p->workers[i]);
	while (pool_take(p, &a))
		answer_free(&a);
	if (p->zygote >= 0)
		close(p->zygote);
	close(p->epoll);
	if (p->started > 0)
		waitpid(p->started, NULL, 0);
	free(p);
}

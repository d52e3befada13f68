/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of spooled lines to every collector. */
#include "control/journal/sender.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	WINDOW = 1 << 14,      /* lines sent and not yet taken, per collector */
	FRAME_MAX = 64 << 10,  /* bytes of one line with its octet count; also what one datagram may have */
	BURST = 512,           /* lines of one step, so that the loop goes on */
};
static const uint64_t settle_ns = UINT64_C(1000000000);
static const uint64_t backoff_min_ns = UINT64_C(250000000), backoff_max_ns = UINT64_C(10000000000);

struct sent_line {
	uint64_t number, end, at_ns; /* spool number; bytes written up to its end; when */
};

struct target {
	const struct syslog_target *to;
	char name[300];
	int fd;                      /* -1: not connected */
	bool connecting;
	uint64_t retry_ns, backoff_ns;
	uint64_t sent, taken, noted; /* spool numbers; noted: in the store */
	uint64_t written;            /* bytes on this connection */
	struct sent_line window[WINDOW];
	size_t head, count;
	uint8_t frame[FRAME_MAX];    /* what the socket did not take whole */
	size_t frame_len, frame_off;
	uint64_t frame_number;
};

struct sender {
	struct store *store;
	unsigned count;
	struct target *targets;
	struct sender_counts counts;
};

int sender_new(const struct settings *settings, struct store *store, struct sender **ret)
{
	struct sender *s = calloc(1, sizeof(*s));
	int r = 0;

	if (s == NULL)
		return -ENOMEM;
	s->store = store;
	s->count = settings->syslog_count;
	s->targets = calloc(s->count + 1, sizeof(*s->targets));
	if (s->targets == NULL)
		r = -ENOMEM;
	for (unsigned i = 0; i < s->count && r == 0; i++) {
		struct target *t = &s->targets[i];

		t->to = &settings->syslog[i];
		t->fd = -1;
		snprintf(t->name, sizeof(t->name), "%s:%s:%u", t->to->transport == SYSLOG_TCP ? "tcp" : "udp",
		         t->to->host, t->to->port);
		r = store_spool_taken(store, t->name, &t->taken);
		t->sent = t->noted = t->taken;
	}
	if (r < 0) {
		free(s->targets);
		free(s);
		return r;
	}
	*ret = s;
	return 0;
}

void sender_free(struct sender *s)
{
	if (s == NULL)
		return;
	for (unsigned i = 0; i < s->count; i++)
		if (s->targets[i].fd >= 0)
			close(s->targets[i].fd);
	free(s->targets);
	free(s);
}

/* The connection is gone, or never came: what was not taken is sent again later. */
static void target_break(struct sender *s, struct target *t, uint64_t now_ns)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
	t->connecting = false;
	t->sent = t->taken;
	t->count = t->frame_len = 0;
	t->backoff_ns = t->backoff_ns == 0 ? backoff_min_ns : t->backoff_ns * 2;
	if (t->backoff_ns > backoff_max_ns)
		t->backoff_ns = backoff_max_ns;
	t->retry_ns = now_ns + t->backoff_ns;
	s->counts.breaks++;
}

static void target_connect(struct sender *s, struct target *t, uint64_t now_ns)
{
	int type = t->to->transport == SYSLOG_TCP ? SOCK_STREAM : SOCK_DGRAM;
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = type };
	struct addrinfo *found = NULL;
	char port[8];

	snprintf(port, sizeof(port), "%u", t->to->port);
	if (getaddrinfo(t->to->host, port, &hints, &found) == 0) {
		t->fd = socket(found->ai_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		t->connecting = true;
		t->written = 0;
		if (t->fd >= 0 && connect(t->fd, found->ai_addr, found->ai_addrlen) < 0 && errno != EINPROGRESS) {
			close(t->fd);
			t->fd = -1;
		}
		freeaddrinfo(found);
	}
	if (t->fd < 0)
		target_break(s, t, now_ns);
}

/* Is the socket still good? Connecting ones become connected here. */
static bool target_alive(struct target *t)
{
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer), len = sizeof(int);
	uint8_t ignored[256];
	ssize_t n;
	int error = 0;

	if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 || error != 0)
		return false;
	if (t->connecting) {
		if (getpeername(t->fd, (struct sockaddr *)&peer, &peer_len) < 0)
			return errno == ENOTCONN;
		t->connecting = false;
	}
	/* a collector says nothing; whatever comes is read away, an end is an end */
	while ((n = recv(t->fd, ignored, sizeof(ignored), MSG_DONTWAIT)) > 0)
		;
	return n < 0 ? errno == EAGAIN || errno == EWOULDBLOCK : t->to->transport == SYSLOG_UDP;
}

/* Lines that the other side has, and that no break followed for a while. */
static void target_settle(struct sender *s, struct target *t, uint64_t now_ns)
{
	uint64_t acknowledged = t->written;
	int queued = 0;

	if (t->to->transport == SYSLOG_TCP) {
		if (ioctl(t->fd, SIOCOUTQ, &queued) < 0)
			return;
		acknowledged -= (uint64_t)queued;
	}
	while (t->count > 0) {
		const struct sent_line *l = &t->window[t->head];

		if (l->end > acknowledged || now_ns - l->at_ns < settle_ns)
			return;
		t->taken = l->number;
		t->head = (t->head + 1) % WINDOW;
		t->count--;
		t->backoff_ns = 0;
		s->counts.taken++;
	}
}

/* The next line as the transport frames it. -ENOENT: none. */
static int frame_next(struct sender *s, struct target *t)
{
	struct bytes line;
	int r = store_spool_next(s->store, t->sent, &t->frame_number, &line), head = 0;

	if (r < 0)
		return r;
	if (t->to->transport == SYSLOG_TCP)
		head = snprintf((char *)t->frame, 16, "%zu ", line.left);
	if (line.left > sizeof(t->frame) - 16)
		line.left = sizeof(t->frame) - 16; /* lines are bounded where they are made; a foreign spool is not */
	memcpy(t->frame + head, line.at, line.left);
	t->frame_len = (size_t)head + line.left;
	t->frame_off = 0;
	return 0;
}

/* 1: a line went out whole; 0: the socket takes no more or nothing is left; -errno: broken. */
static int target_send_one(struct sender *s, struct target *t, uint64_t now_ns)
{
	ssize_t n;

	if (t->frame_len == 0) {
		int r = frame_next(s, t);

		if (r < 0)
			return r == -ENOENT ? 0 : r;
	}
	n = send(t->fd, t->frame + t->frame_off, t->frame_len - t->frame_off, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS ? 0 : -errno;
	t->written += (uint64_t)n;
	t->frame_off += (size_t)n;
	if (t->frame_off < t->frame_len)
		return 0;
	t->window[(t->head + t->count++) % WINDOW] = (struct sent_line){ t->frame_number, t->written, now_ns };
	t->sent = t->frame_number;
	t->frame_len = 0;
	s->counts.sent++;
	return 1;
}

static void target_step(struct sender *s, struct target *t, uint64_t now_ns)
{
	int r = 1;

	if (t->fd < 0 && now_ns >= t->retry_ns)
		target_connect(s, t, now_ns);
	if (t->fd < 0)
		return;
	if (!target_alive(t)) {
		target_break(s, t, now_ns);
		return;
	}
	if (t->connecting)
		return;
	target_settle(s, t, now_ns);
	for (unsigned i = 0; i < BURST && r > 0 && t->count < WINDOW; i++)
		r = target_send_one(s, t, now_ns);
	if (r < 0)
		target_break(s, t, now_ns);
}

/* What was taken is noted in the store, and dropped there when everyone has it. */
static int note_taken(struct sender *s)
{
	uint64_t least = UINT64_MAX;
	bool moved = false;
	int r;

	for (unsigned i = 0; i < s->count; i++) {
		struct target *t = &s->targets[i];

		if (t->taken != t->noted) {
			if ((r = store_spool_take(s->store, t->name, t->taken)) < 0)
				return r;
			t->noted = t->taken;
			moved = true;
		}
		if (t->taken < least)
			least = t->taken;
	}
	return moved ? store_spool_drop(s->store, least) : 0;
}

int sender_step(struct sender *s, uint64_t now_ns)
{
	for (unsigned i = 0; i < s->count; i++)
		target_step(s, &s->targets[i], now_ns);
	return note_taken(s);
}

bool sender_busy(const struct sender *s)
{
	uint64_t number;
	struct bytes line;

	for (unsigned i = 0; i < s->count; i++)
		if (store_spool_next(s->store, s->targets[i].taken, &number, &line) == 0)
			return true;
	return false;
}

void sender_count(const struct sender *s, struct sender_counts *ret)
{
	*ret = s->counts;
	ret->targets = s->count;
	ret->connected = 0;
	for (unsigned i = 0; i < s->count; i++)
		ret->connected += s->targets[i].fd >= 0 && !s->targets[i].connecting;
}

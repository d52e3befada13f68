/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of spooled lines to every collector. */
#include "control/journal/sender.h"
#include "control/journal/lookup.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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
	SILENCE_MS = 30000,    /* without an acknowledgement a connection is given up, not after the kernel's quarter hour */
};
static const uint64_t settle_ns = UINT64_C(1000000000);
static const uint64_t backoff_min_ns = UINT64_C(250000000), backoff_max_ns = UINT64_C(10000000000);
/*
 * A host refuses one datagram a second for certain (Linux's icmp_ratelimit, after a few at once): UDP tries no sooner
 * after a break, and with one line.
 */
static const uint64_t refusal_ns = UINT64_C(1100000000);
static const uint64_t connect_ns = UINT64_C(5000000000); /* an address that does not answer makes way for the next one */

struct sent_line {
	uint64_t number, end, at_ns; /* spool number; bytes written up to its end; when */
};

struct target {
	const struct syslog_target *to;
	char name[300];
	struct lookup *lookup;       /* under way, or NULL */
	struct addrinfo *found, *next; /* its addresses; the one to try next, NULL: ask again */
	int fd;                      /* -1: not connected */
	bool connecting;
	bool proven;                 /* a line was taken over this connection */
	uint64_t retry_ns, backoff_ns, connect_until_ns;
	bool down, told_down;        /* nothing was taken since the last break; what the last news said */
	char why[128];               /* it broke */
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
	for (unsigned i = 0; i < s->count; i++) {
		struct target *t = &s->targets[i];

		if (t->fd >= 0)
			close(t->fd);
		lookup_free(t->lookup);
		if (t->found != NULL)
			freeaddrinfo(t->found);
	}
	free(s->targets);
	free(s);
}

/* The connection is gone, or never came: what was not taken is sent again later. */
static void target_break(struct sender *s, struct target *t, uint64_t now_ns, const char *why)
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
	if (t->to->transport == SYSLOG_UDP && t->backoff_ns < refusal_ns)
		t->backoff_ns = refusal_ns;
	t->retry_ns = now_ns + t->backoff_ns;
	t->down = true;
	snprintf(t->why, sizeof(t->why), "%s", why);
	s->counts.breaks++;
}

/* The addresses of its name, asked for again once all of them were tried. True: t->next is there. */
static bool target_find(struct sender *s, struct target *t, uint64_t now_ns)
{
	int type = t->to->transport == SYSLOG_TCP ? SOCK_STREAM : SOCK_DGRAM, r = 0;
	const char *why = "no memory to look up its name";

	if (t->next != NULL)
		return true;
	if (t->lookup == NULL)
		r = lookup_new(t->to->host, t->to->port, type, &t->lookup);
	if (r == 0) {
		if (t->found != NULL)
			freeaddrinfo(t->found);
		t->found = NULL;
		r = lookup_poll(t->lookup, &t->found, &why);
		if (r == -EAGAIN)
			return false;
		lookup_free(t->lookup);
		t->lookup = NULL;
	}
	t->next = t->found;
	if (t->next == NULL)
		target_break(s, t, now_ns, why);
	return t->next != NULL;
}

static void target_connect(struct sender *s, struct target *t, uint64_t now_ns)
{
	const struct addrinfo *to;
	unsigned silence = SILENCE_MS;
	int error = 0;

	if (!target_find(s, t, now_ns))
		return;
	to = t->next;
	t->next = to->ai_next;
	t->fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (t->fd < 0)
		error = errno;
	t->connecting = true;
	t->proven = false;
	t->connect_until_ns = now_ns + connect_ns;
	t->written = 0;
	if (error == 0 && to->ai_socktype == SOCK_STREAM &&
	    setsockopt(t->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof(silence)) < 0)
		error = errno;
	if (error == 0 && connect(t->fd, to->ai_addr, to->ai_addrlen) < 0 && errno != EINPROGRESS)
		error = errno;
	if (error != 0)
		target_break(s, t, now_ns, strerror(error));
}

/* Is the socket still good? Connecting ones become connected here. NULL, or why not. */
static const char *target_trouble(struct target *t, uint64_t now_ns)
{
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer), len = sizeof(int);
	uint8_t ignored[256];
	ssize_t n;
	int error = 0;

	if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 || error != 0)
		return strerror(error != 0 ? error : errno);
	if (t->connecting) {
		if (getpeername(t->fd, (struct sockaddr *)&peer, &peer_len) < 0) {
			if (errno != ENOTCONN)
				return strerror(errno);
			return now_ns < t->connect_until_ns ? NULL : "it does not answer";
		}
		t->connecting = false;
	}
	/* a collector says nothing; whatever comes is read away, an end is an end */
	while ((n = recv(t->fd, ignored, sizeof(ignored), MSG_DONTWAIT)) > 0)
		;
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? NULL : strerror(errno);
	return t->to->transport == SYSLOG_UDP ? NULL : "it closed the connection";
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
		t->proven = true;
		t->head = (t->head + 1) % WINDOW;
		t->count--;
		t->backoff_ns = 0;
		t->down = false;
		t->next = NULL; /* after a break this name is asked for again, its first address first */
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
	const char *why;
	size_t most;
	int r = 1;

	if (t->fd < 0 && now_ns >= t->retry_ns)
		target_connect(s, t, now_ns);
	if (t->fd < 0)
		return;
	if ((why = target_trouble(t, now_ns)) != NULL) {
		target_break(s, t, now_ns, why);
		return;
	}
	if (t->connecting)
		return;
	target_settle(s, t, now_ns);
	most = t->to->transport == SYSLOG_UDP && !t->proven ? 1 : WINDOW;
	for (unsigned i = 0; i < BURST && r > 0 && t->count < most; i++)
		r = target_send_one(s, t, now_ns);
	if (r < 0)
		target_break(s, t, now_ns, strerror(-r));
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

bool sender_news(struct sender *s, char *buf, size_t size)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct target *t = &s->targets[i];

		if (t->down == t->told_down)
			continue;
		t->told_down = t->down;
		if (t->down)
			snprintf(buf, size, "collector %s: %s; its lines wait in the spool", t->name, t->why);
		else
			snprintf(buf, size, "collector %s takes lines again", t->name);
		return true;
	}
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

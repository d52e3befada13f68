/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets of collectors. */
#include "control/journal/link.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	SILENCE_MS = 30000, /* without an acknowledgement a connection is given up, not after the kernel's quarter hour */
	IDLE_S = 60,        /* then it is asked whether the other side is still there */
	DRAIN_READS = 16,   /* what a collector sends is read away, so much a step: it may send without end */
};
static const uint64_t connect_ns = UINT64_C(5000000000); /* an address that does not answer makes way for the next one */
static const uint64_t shake_ns = UINT64_C(10000000000);

static bool link_fail(struct link *l, const char *why)
{
	if (why != l->why)
		snprintf(l->why, sizeof(l->why), "%s", why);
	return false;
}

bool link_open(struct link *l, const struct addrinfo *to, uint64_t now_ns)
{
	unsigned silence = SILENCE_MS, idle = IDLE_S;
	int yes = 1;

	l->why[0] = '\0';
	l->refused = false;
	l->written = 0;
	l->window_most = 0;
	l->until_ns = now_ns + connect_ns;
	l->fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return link_fail(l, strerror(errno));
	l->state = LINK_CONNECTING;
	if (to->ai_socktype == SOCK_STREAM && (setsockopt(l->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof(silence)) < 0 ||
	                                       setsockopt(l->fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle)) < 0 ||
	                                       setsockopt(l->fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes)) < 0))
		return link_fail(l, strerror(errno));
	if (connect(l->fd, to->ai_addr, to->ai_addrlen) < 0 && errno != EINPROGRESS)
		return link_fail(l, strerror(errno));
	return true;
}

/* It has an address of the other side's: it is connected. */
static bool connect_step(struct link *l, uint64_t now_ns)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (getpeername(l->fd, (struct sockaddr *)&peer, &len) < 0) {
		if (errno != ENOTCONN)
			return link_fail(l, strerror(errno));
		return now_ns < l->until_ns || link_fail(l, "it does not answer");
	}
	l->state = LINK_UP;
	if (l->credentials == NULL)
		return true;
	l->state = LINK_SHAKING;
	l->until_ns = now_ns + shake_ns;
	return tls_new(l->credentials, l->fd, &l->written, &l->tls) == 0 || link_fail(l, "no memory for TLS");
}

static bool shake_step(struct link *l, uint64_t now_ns)
{
	int r = tls_handshake(l->tls);

	if (r == -EAGAIN)
		return now_ns < l->until_ns || link_fail(l, "it does not finish the TLS handshake");
	l->refused = r == -EACCES;
	if (r < 0)
		return link_fail(l, tls_why(l->tls));
	l->state = LINK_UP;
	return true;
}

/* A collector says nothing; whatever comes is read away, an end is an end. */
static bool drain(struct link *l)
{
	uint8_t ignored[4096];
	ssize_t n = 1;

	if (l->tls != NULL)
		return tls_drain(l->tls) == 0 || link_fail(l, tls_why(l->tls));
	for (unsigned i = 0; i < DRAIN_READS && n > 0; i++)
		n = recv(l->fd, ignored, sizeof(ignored), MSG_DONTWAIT);
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		return link_fail(l, strerror(errno));
	return n != 0 || l->transport == SYSLOG_UDP || link_fail(l, "it closed the connection");
}

bool link_step(struct link *l, uint64_t now_ns)
{
	socklen_t len = sizeof(int);
	int error = 0;

	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 || error != 0)
		return link_fail(l, strerror(error != 0 ? error : errno));
	if (l->state == LINK_CONNECTING && !connect_step(l, now_ns))
		return false;
	if (l->state == LINK_SHAKING)
		return shake_step(l, now_ns);
	return l->state != LINK_UP || drain(l);
}

int link_send(struct link *l, const void *frame, size_t len, size_t *sent)
{
	const uint8_t *at = frame;
	ssize_t n;
	int r;

	if (l->tls != NULL) {
		r = tls_send(l->tls, frame, len);
		if (r < 0 && r != -EAGAIN)
			link_fail(l, tls_why(l->tls));
		return r == -EAGAIN ? 0 : r < 0 ? r : 1;
	}
	n = send(l->fd, at + *sent, len - *sent, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
		return 0;
	if (n < 0) {
		r = -errno;
		link_fail(l, strerror(-r));
		return r;
	}
	l->written += (uint64_t)n;
	*sent += (size_t)n;
	return *sent == len;
}

uint64_t link_acknowledged(const struct link *l)
{
	int queued = 0;

	if (l->transport == SYSLOG_UDP)
		return l->written;
	if (ioctl(l->fd, SIOCOUTQ, &queued) < 0)
		return 0;
	return l->written - (uint64_t)queued;
}

bool link_reads(struct link *l)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (l->transport == SYSLOG_UDP || getsockopt(l->fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
	    len < offsetof(struct tcp_info, tcpi_snd_wnd) + sizeof(info.tcpi_snd_wnd))
		return true;
	if (info.tcpi_snd_wnd > l->window_most)
		l->window_most = info.tcpi_snd_wnd;
	return info.tcpi_snd_wnd >= l->window_most / 2;
}

void link_close(struct link *l)
{
	if (l->state == LINK_UP && l->tls != NULL)
		tls_end(l->tls);
	tls_free(l->tls);
	l->tls = NULL;
	if (l->state != LINK_NONE && l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	l->state = LINK_NONE;
}

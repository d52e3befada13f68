/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that send and receive on sockets. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 1024, CONTROL_MAX = 4096 };

int64_t sys_sendto(struct kernel *k, const uint64_t *a)
{
	uint64_t len = a[2] < MESSAGE_MAX ? a[2] : MESSAGE_MAX;
	const uint8_t *from = guest_read(k, a[1], len);
	struct letter l = { .no_signal = (a[3] & MSG_NOSIGNAL) != 0 };
	struct socket *s;
	struct end to;
	int64_t n;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (from == NULL && len != 0)
		return -EFAULT;
	if (a[2] > MESSAGE_MAX && socket_packets(s))
		return -EMSGSIZE;
	if (a[4] != 0 && s->type != SOCK_STREAM && s->family != AF_NETLINK) {
		if ((r = sockaddr_read(k, a[4], (uint32_t)a[5], &to)) < 0)
			return r;
		l.end = &to;
	}
	n = socket_send(k, file_at(k, a[0]), &l, bytes_of(from, len));
	return n == -EAGAIN ? socket_wait(k, file_at(k, a[0]), POLLOUT, a[3]) : n;
}

/* All of it, or nothing yet: a stream that has less waits for more. */
static bool has_all(const struct socket *s, uint64_t len, uint64_t flags)
{
	if ((flags & MSG_WAITALL) == 0 || s->type != SOCK_STREAM || s->in == NULL)
		return true;
	return s->in->used >= len || s->in->used == sizeof(s->in->at) || s->in->closed || s->shut_in;
}

static void drop_passed(struct kernel *k, struct letter *l, unsigned from)
{
	for (unsigned i = from; i < l->passed_count; i++)
		file_release(k, l->passed[i]);
	l->passed_count = from;
}

static int name_sender(struct kernel *k, const struct socket *s, const struct end *from, uint64_t at, uint64_t len_at)
{
	return s->family == AF_NETLINK ? netlink_address(k, s, false, at, len_at) : sockaddr_write(k, s->family, from, at, len_at);
}

int64_t sys_recvfrom(struct kernel *k, const uint64_t *a)
{
	uint64_t len = a[2] < MESSAGE_MAX ? a[2] : MESSAGE_MAX;
	uint8_t *to = guest_write(k, a[1], len);
	struct end from = { 0 };
	struct letter l = { .end = &from, .peek = (a[3] & MSG_PEEK) != 0 };
	struct socket *s;
	int64_t n;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (to == NULL && len != 0)
		return -EFAULT;
	n = has_all(s, len, a[3]) ? socket_receive(k, file_at(k, a[0]), &l, to, len) : -EAGAIN;
	if (n == -EAGAIN)
		return socket_wait(k, file_at(k, a[0]), POLLIN, a[3]);
	drop_passed(k, &l, 0);
	if (n < 0)
		return n;
	/* of a stream nobody is told again who is at its other end */
	if (s->type == SOCK_STREAM && a[4] != 0 && a[5] != 0) {
		const uint32_t none = 0;

		if (guest_put(k, a[5], &none, sizeof(none)) < 0)
			return -EFAULT;
	} else if ((r = name_sender(k, s, &from, a[4], a[5])) < 0) {
		return r;
	}
	return (a[3] & MSG_TRUNC) != 0 && socket_packets(s) ? (int64_t)l.whole : n;
}

/* The parts of a message as one, or one cut into its parts. */
static int64_t gather(struct kernel *k, const struct msghdr *m, uint8_t *all, bool in, uint64_t have)
{
	uint64_t len = 0;

	if (m->msg_iovlen > PARTS_MAX)
		return -EMSGSIZE;
	for (size_t i = 0; i < m->msg_iovlen; i++) {
		struct iovec v;
		uint64_t n;

		if (guest_get(k, (uint64_t)(uintptr_t)m->msg_iov + i * sizeof(v), &v, sizeof(v)) < 0)
			return -EFAULT;
		n = v.iov_len < MESSAGE_MAX - len ? v.iov_len : MESSAGE_MAX - len;
		if (in && n > have - len)
			n = have - len;
		if (n == 0)
			continue;
		if (all != NULL && in && guest_put(k, (uint64_t)(uintptr_t)v.iov_base, all + len, n) < 0)
			return -EFAULT;
		if (all != NULL && !in && guest_get(k, (uint64_t)(uintptr_t)v.iov_base, all + len, n) < 0)
			return -EFAULT;
		len += n;
	}
	return (int64_t)len;
}

/* The descriptors that a message says to send along. */
static int read_passed(struct kernel *k, const struct msghdr *m, const struct socket *s, struct letter *l)
{
	uint64_t at = (uint64_t)(uintptr_t)m->msg_control, end = at + m->msg_controllen;

	if (m->msg_controllen > CONTROL_MAX)
		return -ENOBUFS;
	while (end - at >= sizeof(struct cmsghdr)) {
		struct cmsghdr h;
		int32_t fd;

		if (guest_get(k, at, &h, sizeof(h)) < 0)
			return -EFAULT;
		if (h.cmsg_len < sizeof(h) || h.cmsg_len > end - at)
			return -EINVAL;
		for (uint64_t i = sizeof(h); h.cmsg_level == SOL_SOCKET && h.cmsg_type == SCM_RIGHTS && s->family == AF_UNIX &&
		    i + 4 <= h.cmsg_len; i += 4) {
			struct file *f = guest_get(k, at + i, &fd, 4) == 0 ? file_at(k, (uint64_t)(uint32_t)fd) : NULL;

			if (f == NULL || l->passed_count == PASSED_MAX)
				return f == NULL ? -EBADF : -EINVAL;
			f->refs++;
			l->passed[l->passed_count++] = f;
		}
		if (CMSG_ALIGN(h.cmsg_len) > end - at)
			break;
		at += CMSG_ALIGN(h.cmsg_len);
	}
	return 0;
}

static int64_t send_message(struct kernel *k, uint64_t fd, uint64_t at, uint64_t flags)
{
	struct letter l = { .no_signal = (flags & MSG_NOSIGNAL) != 0 };
	struct msghdr m;
	struct socket *s;
	struct end to;
	uint8_t *all = NULL;
	int64_t n;
	int r;

	if ((s = socket_of(k, fd, &r)) == NULL)
		return r;
	if (guest_get(k, at, &m, sizeof(m)) < 0)
		return -EFAULT;
	if (m.msg_name != NULL && s->type != SOCK_STREAM && s->family != AF_NETLINK) {
		if ((r = sockaddr_read(k, (uint64_t)(uintptr_t)m.msg_name, m.msg_namelen, &to)) < 0)
			return r;
		l.end = &to;
	}
	if ((all = malloc(MESSAGE_MAX)) == NULL)
		return -ENOMEM;
	n = m.msg_control != NULL ? read_passed(k, &m, s, &l) : 0;
	if (n == 0 && (n = gather(k, &m, all, false, 0)) >= 0)
		n = socket_send(k, file_at(k, fd), &l, bytes_of(all, (size_t)n));
	free(all);
	drop_passed(k, &l, 0);
	return n == -EAGAIN ? socket_wait(k, file_at(k, fd), POLLOUT, flags) : n;
}

int64_t sys_sendmsg(struct kernel *k, const uint64_t *a)
{
	return send_message(k, a[0], a[1], a[2]);
}

/* glibc's resolver asks for both address families with one call. */
int64_t sys_sendmmsg(struct kernel *k, const uint64_t *a)
{
	int64_t sent = 0;

	for (; sent < (int64_t)(uint32_t)a[2] && sent < PARTS_MAX; sent++) {
		uint64_t at = a[1] + (uint64_t)sent * sizeof(struct mmsghdr);
		int64_t n = send_message(k, a[0], at, sent != 0 ? a[3] | MSG_DONTWAIT : a[3]);
		uint32_t len = (uint32_t)n;

		if (n < 0)
			return sent != 0 ? sent : n;
		if (guest_put(k, at + offsetof(struct mmsghdr, msg_len), &len, sizeof(len)) < 0)
			return -EFAULT;
	}
	return sent;
}

/* ping asks how far the answer came: the one thing ever told beside a message. Bytes of it. */
static size_t put_hops(struct kernel *k, const struct socket *s, const struct msghdr *m)
{
	struct { uint64_t len; int32_t level, type; int32_t value, pad; } hops = { 20, IPPROTO_IP, IP_TTL,
		network_hops(k->world), 0 };

	if (s->type != SOCK_DGRAM || s->protocol != IPPROTO_ICMP || m->msg_controllen < sizeof(hops) ||
	    guest_put(k, (uint64_t)(uintptr_t)m->msg_control, &hops, sizeof(hops)) < 0)
		return 0;
	return sizeof(hops);
}

/* Descriptors that came along get numbers here. Bytes of the control message; flags gets MSG_CTRUNC where some do not fit. */
static size_t put_passed(struct kernel *k, const struct msghdr *m, struct letter *l, uint64_t flags, int *told)
{
	uint64_t room = m->msg_control != NULL && m->msg_controllen > sizeof(struct cmsghdr) ?
	    (m->msg_controllen - sizeof(struct cmsghdr)) / 4 : 0;
	struct cmsghdr h = { .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	uint64_t at = (uint64_t)(uintptr_t)m->msg_control;
	unsigned put = 0;

	for (; put < l->passed_count && put < room; put++) {
		int32_t fd = fd_put(k, l->passed[put], 0, (flags & MSG_CMSG_CLOEXEC) != 0);

		if (fd < 0 || guest_put(k, at + sizeof(h) + put * 4ull, &fd, 4) < 0)
			break;
	}
	if (put < l->passed_count)
		*told |= MSG_CTRUNC;
	drop_passed(k, l, put);
	if (put == 0)
		return 0;
	h.cmsg_len = CMSG_LEN(put * 4);
	if (guest_put(k, at, &h, sizeof(h)) < 0)
		return 0;
	return CMSG_SPACE(put * 4) < m->msg_controllen ? CMSG_SPACE(put * 4) : m->msg_controllen;
}

static int64_t receive_message(struct kernel *k, uint64_t fd, uint64_t at, uint64_t flags)
{
	struct end from = { 0 };
	struct letter l = { .end = &from, .peek = (flags & MSG_PEEK) != 0 };
	struct socket *s;
	struct msghdr m;
	uint8_t *all;
	int64_t n, room;
	int r;

	if ((s = socket_of(k, fd, &r)) == NULL)
		return r;
	if (guest_get(k, at, &m, sizeof(m)) < 0)
		return -EFAULT;
	if ((room = gather(k, &m, NULL, false, 0)) < 0)
		return room;
	if (!has_all(s, (uint64_t)room, flags))
		return socket_wait(k, file_at(k, fd), POLLIN, flags);
	if ((all = malloc(MESSAGE_MAX)) == NULL)
		return -ENOMEM;
	n = socket_receive(k, file_at(k, fd), &l, all, (uint64_t)room);
	if (n > 0 && gather(k, &m, all, true, (uint64_t)n) < 0)
		n = -EFAULT;
	free(all);
	if (n == -EAGAIN)
		return socket_wait(k, file_at(k, fd), POLLIN, flags);
	if (n < 0) {
		drop_passed(k, &l, 0);
		return n;
	}
	m.msg_flags = socket_packets(s) && l.whole > (size_t)n ? MSG_TRUNC : 0;
	if ((flags & MSG_CMSG_CLOEXEC) != 0)
		m.msg_flags |= MSG_CMSG_CLOEXEC;
	m.msg_controllen = s->family == AF_UNIX ? put_passed(k, &m, &l, flags, &m.msg_flags) : put_hops(k, s, &m);
	if (s->type == SOCK_STREAM && m.msg_name != NULL)
		m.msg_namelen = 0;
	if (guest_put(k, at, &m, sizeof(m)) < 0)
		return -EFAULT;
	if (s->type != SOCK_STREAM && (r = name_sender(k, s, &from, (uint64_t)(uintptr_t)m.msg_name,
	    at + offsetof(struct msghdr, msg_namelen))) < 0)
		return r;
	return (flags & MSG_TRUNC) != 0 && socket_packets(s) ? (int64_t)l.whole : n;
}

int64_t sys_recvmsg(struct kernel *k, const uint64_t *a)
{
	return receive_message(k, a[0], a[1], a[2]);
}

int64_t sys_recvmmsg(struct kernel *k, const uint64_t *a)
{
	int64_t got = 0;

	for (; got < (int64_t)(uint32_t)a[2] && got < PARTS_MAX; got++) {
		uint64_t at = a[1] + (uint64_t)got * sizeof(struct mmsghdr);
		int64_t n = receive_message(k, a[0], at, got != 0 ? a[3] | MSG_DONTWAIT : a[3]);
		uint32_t len = (uint32_t)n;

		if (n < 0)
			return got != 0 ? got : n;
		if (guest_put(k, at + offsetof(struct mmsghdr, msg_len), &len, sizeof(len)) < 0)
			return -EFAULT;
	}
	return got;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that send and receive on sockets. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 64 << 10, PARTS_MAX = 1024 };

static int64_t waits(struct kernel *k, struct file *f, short events, uint64_t flags)
{
	return (flags & MSG_DONTWAIT) != 0 ? -EAGAIN : file_wait(k, f, events);
}

int64_t sys_sendto(struct kernel *k, const uint64_t *a)
{
	uint64_t len = a[2] < MESSAGE_MAX ? a[2] : MESSAGE_MAX;
	const uint8_t *from = guest_read(k, a[1], len);
	struct address to = { 0 };
	uint16_t port = 0;
	int64_t n;
	int r;

	if (socket_of(k, a[0], &r) == NULL)
		return r;
	if (from == NULL && len != 0)
		return -EFAULT;
	if (a[4] != 0 && (r = sockaddr_read(k, a[4], (uint32_t)a[5], &to, &port)) < 0)
		return r;
	n = socket_send(k, file_at(k, a[0]), to.family != 0 ? &to : NULL, port, bytes_of(from, len));
	return n == -EAGAIN ? waits(k, file_at(k, a[0]), POLLOUT, a[3]) : n;
}

int64_t sys_recvfrom(struct kernel *k, const uint64_t *a)
{
	uint64_t len = a[2] < MESSAGE_MAX ? a[2] : MESSAGE_MAX;
	uint8_t *to = guest_write(k, a[1], len);
	struct address from = { 0 };
	struct socket *s;
	uint16_t port = 0;
	int64_t n;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (to == NULL && len != 0)
		return -EFAULT;
	n = socket_receive(k, file_at(k, a[0]), to, len, (a[3] & MSG_PEEK) != 0, &from, &port);
	if (n == -EAGAIN)
		return waits(k, file_at(k, a[0]), POLLIN, a[3]);
	if (n >= 0 && (r = sockaddr_write(k, s->family, &from, port, a[4], a[5])) < 0)
		return r;
	return n;
}

/* The parts of a message as one, or one cut into its parts. */
static int64_t gather(struct kernel *k, const struct msghdr *m, uint8_t *all, bool in, uint64_t have)
{
	uint64_t len = 0;

	for (size_t i = 0; i < m->msg_iovlen && i < PARTS_MAX; i++) {
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

static int64_t send_message(struct kernel *k, uint64_t fd, uint64_t at, uint64_t flags)
{
	struct address to = { 0 };
	struct msghdr m;
	uint16_t port = 0;
	uint8_t *all = NULL;
	int64_t n;
	int r;

	if (socket_of(k, fd, &r) == NULL)
		return r;
	if (guest_get(k, at, &m, sizeof(m)) < 0)
		return -EFAULT;
	if (m.msg_name != NULL &&
	    (r = sockaddr_read(k, (uint64_t)(uintptr_t)m.msg_name, m.msg_namelen, &to, &port)) < 0)
		return r;
	if ((all = malloc(MESSAGE_MAX)) == NULL)
		return -ENOMEM;
	if ((n = gather(k, &m, all, false, 0)) >= 0)
		n = socket_send(k, file_at(k, fd), to.family != 0 ? &to : NULL, port, bytes_of(all, (size_t)n));
	free(all);
	return n == -EAGAIN ? waits(k, file_at(k, fd), POLLOUT, flags) : n;
}

int64_t sys_sendmsg(struct kernel *k, const uint64_t *a)
{
	return send_message(k, a[0], a[1], a[2]);
}

/* glibc's resolver asks for both address families with one call. */
int64_t sys_sendmmsg(struct kernel *k, const uint64_t *a)
{
	int64_t sent = 0;

	for (; sent < (int64_t)(uint32_t)a[2] && sent < 16; sent++) {
		uint64_t at = a[1] + (uint64_t)sent * sizeof(struct mmsghdr);
		int64_t n = send_message(k, a[0], at, a[3]);
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

int64_t sys_recvmsg(struct kernel *k, const uint64_t *a)
{
	struct address from = { 0 };
	struct socket *s;
	struct msghdr m;
	uint16_t port = 0;
	uint8_t *all;
	int64_t n, room;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (guest_get(k, a[1], &m, sizeof(m)) < 0)
		return -EFAULT;
	if ((room = gather(k, &m, NULL, false, 0)) < 0)
		return room;
	if ((all = malloc(MESSAGE_MAX)) == NULL)
		return -ENOMEM;
	n = socket_receive(k, file_at(k, a[0]), all, (uint64_t)room, (a[2] & MSG_PEEK) != 0, &from, &port);
	if (n > 0 && gather(k, &m, all, true, (uint64_t)n) < 0)
		n = -EFAULT;
	free(all);
	if (n == -EAGAIN)
		return waits(k, file_at(k, a[0]), POLLIN, a[2]);
	if (n < 0)
		return n;
	m.msg_controllen = put_hops(k, s, &m);
	m.msg_flags = 0;
	if (guest_put(k, a[1], &m, sizeof(m)) < 0)
		return -EFAULT;
	r = sockaddr_write(k, s->family, &from, port, (uint64_t)(uintptr_t)m.msg_name,
	    a[1] + offsetof(struct msghdr, msg_namelen));
	return r < 0 ? r : n;
}

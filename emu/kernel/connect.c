/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that make, bind, connect and ask about sockets. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

int64_t sys_socket(struct kernel *k, const uint64_t *a)
{
	int family = (int)a[0], type = (int)a[1] & 15, protocol = (int)a[2];
	const struct process *p = k->current;
	bool icmp = protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
	struct file *f;

	if (family != AF_INET && family != AF_INET6 && family != AF_UNIX)
		return family == AF_NETLINK || family == AF_PACKET ? -EPERM : -EAFNOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return family == AF_UNIX && type == SOCK_SEQPACKET ? -EPROTONOSUPPORT : -ESOCKTNOSUPPORT;
	if (type == SOCK_RAW && p->who.uid != 0)
		return -EPERM;
	if (type == SOCK_DGRAM && icmp && p->who.uid != 0 && !k->world->profile.ping_group)
		return -EACCES;
	if (protocol == 0)
		protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	if ((f = socket_file(family, (int)a[1], protocol)) == NULL)
		return -ENOMEM;
	return fd_put(k, f, 0, (a[1] & SOCK_CLOEXEC) != 0);
}

int64_t sys_socketpair(struct kernel *k, const uint64_t *a)
{
	struct file *one, *two;
	int32_t fds[2];
	int r;

	if ((int)a[0] != AF_UNIX)
		return -EOPNOTSUPP;
	one = socket_file(AF_UNIX, (int)a[1], 0);
	two = socket_file(AF_UNIX, (int)a[1], 0);
	r = one != NULL && two != NULL ? socket_join(one->socket, two->socket) : -ENOMEM;
	if (r < 0) {
		file_release(k, one);
		file_release(k, two);
		return r;
	}
	if ((fds[0] = fd_put(k, one, 0, (a[1] & SOCK_CLOEXEC) != 0)) < 0) {
		file_release(k, two);
		return fds[0];
	}
	if ((fds[1] = fd_put(k, two, 0, (a[1] & SOCK_CLOEXEC) != 0)) < 0)
		return fds[1];
	return guest_put(k, a[3], fds, sizeof(fds));
}

/* A guest connects to another one's listener: what the listener will accept is made now. */
static int connect_inside(struct kernel *k, struct socket *s, struct socket *listener)
{
	struct file *far;
	int r;

	if (listener->waiting_count == COUNT_OF(listener->waiting))
		return -ECONNREFUSED;
	if ((far = socket_file(listener->family, SOCK_STREAM, listener->protocol)) == NULL)
		return -ENOMEM;
	if ((r = socket_join(s, far->socket)) < 0) {
		file_release(k, far);
		return r;
	}
	far->socket->address = listener->address;
	far->socket->port = listener->port;
	listener->waiting[listener->waiting_count++] = far;
	return 0;
}

int64_t sys_connect(struct kernel *k, const uint64_t *a)
{
	struct socket *s, *listener;
	struct address address;
	uint16_t port;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	/* no server of the profile has a socket in its files */
	if (s->family == AF_UNIX)
		return -ENOENT;
	if ((r = sockaddr_read(k, a[1], (uint32_t)a[2], &address, &port)) < 0)
		return r;
	if (s->connected && s->type == SOCK_STREAM)
		return -EISCONN;
	if (++k->connects > k->limit.connects) {
		kernel_stop(k, STOPPED_CONNECTS);
		return -ENETUNREACH;
	}
	if (address.family == 4 && memcmp(address.raw, "\0\0\0\0", 4) == 0)
		address.raw[0] = 127, address.raw[3] = 1;
	if (s->type == SOCK_STREAM && network_is_own(k->world->network, &address) &&
	    (listener = socket_listener(k, port)) != NULL)
		return connect_inside(k, s, listener);
	if (s->peer == NULL && (s->peer = peer_new(k->world->network, (uint8_t)s->protocol, s->type == SOCK_RAW)) == NULL)
		return -ENOMEM;
	if ((r = peer_connect(s->peer, &address, port)) < 0) {
		peer_close(s->peer);
		s->peer = NULL;
		return r;
	}
	s->connected = true;
	if (s->port == 0)
		s->port = (uint16_t)(32768 + world_random(k->world) % 28000);
	if (k->world->profile.addresses_count != 0)
		s->address = k->world->profile.addresses[0];
	return 0;
}

int64_t sys_bind(struct kernel *k, const uint64_t *a)
{
	struct address address;
	struct socket *s;
	uint16_t port;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (s->family == AF_UNIX)
		return 0;
	r = sockaddr_read(k, a[1], (uint32_t)a[2], &address, &port);
	/* Linux before 2.4 and old BSDs did not look at the family here */
	if (k->attack && s->family == AF_INET && (r == -EAFNOSUPPORT || (r == 0 && address.family == 0)))
		r = sockaddr_read_as(k, AF_INET, a[1], (uint32_t)a[2], &address, &port);
	if (r < 0)
		return r;
	if (port != 0 && port < 1024 && k->current->who.uid != 0)
		return -EACCES;
	if (port != 0 && s->type == SOCK_STREAM && socket_listener(k, port) != NULL)
		return -EADDRINUSE;
	s->address = address;
	s->port = port != 0 || s->type == SOCK_RAW ? port : (uint16_t)(32768 + world_random(k->world) % 28000);
	if (s->type == SOCK_DGRAM && port != 0)
		network_listen(k->world->network, &address, port, (uint8_t)s->protocol);
	return 0;
}

int64_t sys_listen(struct kernel *k, const uint64_t *a)
{
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (s->type != SOCK_STREAM)
		return -EOPNOTSUPP;
	if (s->port == 0)
		s->port = (uint16_t)(32768 + world_random(k->world) % 28000);
	if (!s->listening && s->family != AF_UNIX)
		network_listen(k->world->network, &s->address, s->port, (uint8_t)s->protocol);
	s->listening = true;
	return 0;
}

static int64_t accept_one(struct kernel *k, const uint64_t *a, uint64_t flags)
{
	struct file *f = file_at(k, a[0]), *new = NULL;
	struct address from = { 4, { 127, 0, 0, 1 } };
	uint16_t port = 40000;
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (!s->listening)
		return -EINVAL;
	if (s->waiting_count != 0) {
		new = s->waiting[0];
		memmove(s->waiting, s->waiting + 1, --s->waiting_count * sizeof(s->waiting[0]));
	} else if (s->visited) {
		if ((new = socket_file(s->family, SOCK_STREAM, s->protocol)) == NULL)
			return -ENOMEM;
		new->socket->peer = peer_visit(k->world->network, s->port);
		new->socket->connected = true;
		new->socket->address = s->address;
		new->socket->port = s->port;
		if (new->socket->peer == NULL) {
			file_release(k, new);
			return -ENOMEM;
		}
		peer_address(new->socket->peer, &from, &port);
		s->visited = false;
	} else {
		return file_wait(k, f, POLLIN);
	}
	new->flags |= (flags & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0;
	if ((r = sockaddr_write(k, s->family, &from, port, a[1], a[2])) < 0) {
		file_release(k, new);
		return r;
	}
	return fd_put(k, new, 0, (flags & SOCK_CLOEXEC) != 0);
}

int64_t sys_accept(struct kernel *k, const uint64_t *a)
{
	return accept_one(k, a, 0);
}

int64_t sys_accept4(struct kernel *k, const uint64_t *a)
{
	return accept_one(k, a, a[3]);
}

int64_t sys_shutdown(struct kernel *k, const uint64_t *a)
{
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (!s->connected)
		return -ENOTCONN;
	if (a[1] == SHUT_RD)
		return 0;
	if (s->out != NULL)
		s->out->closed = true;
	if (s->peer != NULL)
		peer_shut(s->peer);
	return 0;
}

int64_t sys_getsockname(struct kernel *k, const uint64_t *a)
{
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	return sockaddr_write(k, s->family, &s->address, s->port, a[1], a[2]);
}

int64_t sys_getpeername(struct kernel *k, const uint64_t *a)
{
	struct address address = { 4, { 127, 0, 0, 1 } };
	uint16_t port = 0;
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (!s->connected)
		return -ENOTCONN;
	if (s->peer != NULL)
		peer_address(s->peer, &address, &port);
	return sockaddr_write(k, s->family, &address, port, a[1], a[2]);
}

int64_t sys_setsockopt(struct kernel *k, const uint64_t *a)
{
	int r;

	return socket_of(k, a[0], &r) != NULL ? 0 : r;
}

int64_t sys_getsockopt(struct kernel *k, const uint64_t *a)
{
	struct socket *s;
	int32_t v = 0;
	uint32_t len;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (guest_get(k, a[4], &len, sizeof(len)) < 0)
		return -EFAULT;
	if ((int)a[1] == SOL_SOCKET && a[2] == SO_TYPE)
		v = s->type;
	else if ((int)a[1] == SOL_SOCKET && (a[2] == SO_SNDBUF || a[2] == SO_RCVBUF))
		v = 212992;
	else if ((int)a[1] == SOL_SOCKET && a[2] == SO_ACCEPTCONN)
		v = s->listening;
	len = len < sizeof(v) ? len : sizeof(v);
	if (guest_put(k, a[3], &v, len) < 0)
		return -EFAULT;
	return guest_put(k, a[4], &len, sizeof(len));
}

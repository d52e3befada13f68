/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that make sockets and connect them. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t open_netlink(struct kernel *k, int type, int protocol)
{
	struct file *f;

	if ((type & 15) != SOCK_RAW && (type & 15) != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol != 0)
		return -EPROTONOSUPPORT;
	if ((f = socket_file(k, AF_NETLINK, (type & ~15) | SOCK_DGRAM, 0)) == NULL)
		return -ENOMEM;
	return fd_put(k, f, 0, (type & SOCK_CLOEXEC) != 0);
}

int64_t sys_socket(struct kernel *k, const uint64_t *a)
{
	int family = (int)a[0], type = (int)a[1] & 15, protocol = (int)a[2];
	const struct process *p = k->current;
	bool icmp = protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
	struct file *f;

	if (family == AF_NETLINK)
		return open_netlink(k, (int)a[1], protocol);
	if (family != AF_INET && family != AF_INET6 && family != AF_UNIX)
		return family == AF_PACKET ? -EPERM : -EAFNOSUPPORT;
	if (type == 0 || type > SOCK_PACKET)
		return -EINVAL;
	if (family == AF_UNIX ? type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET :
	    type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_RAW)
		return -ESOCKTNOSUPPORT;
	if (family == AF_UNIX && protocol != 0 && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	if (type == SOCK_RAW && p->who.uid != 0)
		return -EPERM;
	if (type == SOCK_DGRAM && icmp && p->who.uid != 0 && !k->world->profile.ping_group)
		return -EACCES;
	if (family != AF_UNIX && ((type == SOCK_STREAM && protocol != 0 && protocol != IPPROTO_TCP) ||
	    (type == SOCK_DGRAM && protocol != 0 && protocol != IPPROTO_UDP && !icmp)))
		return -EPROTONOSUPPORT;
	if (protocol == 0 && family != AF_UNIX)
		protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	if ((f = socket_file(k, family, (int)a[1], protocol)) == NULL)
		return -ENOMEM;
	return fd_put(k, f, 0, (a[1] & SOCK_CLOEXEC) != 0);
}

struct ucred socket_me(const struct kernel *k)
{
	return (struct ucred){ k->current->tgid, k->current->who.uid, k->current->who.gid };
}

int64_t sys_socketpair(struct kernel *k, const uint64_t *a)
{
	int type = (int)a[1] & 15, r;
	struct file *one, *two;
	int32_t fds[2];

	if ((int)a[0] != AF_UNIX)
		return (int)a[0] == AF_INET || (int)a[0] == AF_INET6 ? -EOPNOTSUPP : -EAFNOSUPPORT;
	if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
		return -ESOCKTNOSUPPORT;
	one = socket_file(k, AF_UNIX, (int)a[1], 0);
	two = socket_file(k, AF_UNIX, (int)a[1], 0);
	r = one != NULL && two != NULL ? socket_join(one->socket, two->socket) : -ENOMEM;
	if (r < 0) {
		file_release(k, one);
		file_release(k, two);
		return r;
	}
	one->socket->who = two->socket->who = socket_me(k);
	if ((fds[0] = fd_put(k, one, 0, (a[1] & SOCK_CLOEXEC) != 0)) < 0) {
		file_release(k, two);
		return fds[0];
	}
	if ((fds[1] = fd_put(k, two, 0, (a[1] & SOCK_CLOEXEC) != 0)) < 0)
		return fds[1];
	return guest_put(k, a[3], fds, sizeof(fds));
}

uint16_t socket_free_port(struct kernel *k)
{
	return (uint16_t)(32768 + world_random(k->world) % 28000);
}

/* A guest connects to another one's listener: what the listener will accept is made now. */
static int connect_inside(struct kernel *k, struct socket *s, struct socket *listener)
{
	struct file *far;
	int r;

	if (listener->waiting_count > listener->backlog || listener->waiting_count == COUNT_OF(listener->waiting))
		return -EAGAIN;
	if ((far = socket_file(k, listener->family, listener->type, listener->protocol)) == NULL)
		return -ENOMEM;
	if ((r = socket_join(s, far->socket)) < 0) {
		file_release(k, far);
		return r;
	}
	far->socket->own = listener->own;
	/* of a listener on all addresses, the one that was called */
	if (s->family != AF_UNIX)
		far->socket->own.address = s->far.address;
	far->socket->far = s->own;
	far->socket->bound = true;
	far->socket->who = socket_me(k);
	s->who = listener->who;
	listener->waiting[listener->waiting_count++] = far;
	return 0;
}

/* Finds whose name in the file system it is; the name becomes the one that it was bound by. */
static int find_local(struct kernel *k, struct end *e, int type, struct socket **ret)
{
	char path[sizeof(e->path) + 1];
	struct walk w;
	int r;

	*ret = NULL;
	if (e->path_len == 0)
		return -EINVAL;
	if (e->path[0] == 0) {
		*ret = socket_at(k, type, e);
		return *ret != NULL ? 0 : -ECONNREFUSED;
	}
	memcpy(path, e->path, e->path_len);
	path[e->path_len] = 0;
	if ((r = walk_text(k, k->current->place->cwd, path, true, &w)) < 0)
		return r;
	if (w.node == NULL)
		return -ENOENT;
	if (!node_may(w.node, &k->current->who, MAY_WRITE))
		return -EACCES;
	for (struct socket *s = k->sockets; s != NULL; s = s->next) {
		if (s->node != w.node || w.node->kind != NODE_SOCKET || s->connected)
			continue;
		if (s->type != type)
			return -EPROTOTYPE;
		if (type != SOCK_DGRAM && !s->listening)
			return -ECONNREFUSED;
		*e = s->own;
		*ret = s;
		return 0;
	}
	return -ECONNREFUSED;
}

static int connect_local(struct kernel *k, struct socket *s, struct end *to)
{
	struct socket *other;
	int r = find_local(k, to, s->type, &other);

	if (r < 0)
		return r;
	s->far = *to;
	if (s->type != SOCK_DGRAM)
		return connect_inside(k, s, other);
	s->connected = true;
	return 0;
}

/* The address that one is reached at from there. */
static void own_address(struct kernel *k, struct socket *s, const struct end *to)
{
	const struct profile *f = &k->world->profile;

	if (!s->bound || s->own.port == 0)
		s->own.port = socket_free_port(k);
	s->bound = true;
	if (network_is_own(k->world->network, &to->address)) {
		s->own.address = to->address;
		return;
	}
	for (unsigned i = f->addresses_count; i-- > 0;)
		if (f->addresses[i].family == to->address.family)
			s->own.address = f->addresses[i];
}

static int connect_outside(struct kernel *k, struct socket *s, const struct end *to)
{
	int r;

	if (s->peer == NULL && (s->peer = peer_new(k->world->network, (uint8_t)s->protocol, s->type == SOCK_RAW)) == NULL)
		return -ENOMEM;
	if ((r = peer_connect(s->peer, &to->address, to->port)) < 0) {
		peer_close(s->peer);
		s->peer = NULL;
		return r;
	}
	s->connected = true;
	return 0;
}

int64_t sys_connect(struct kernel *k, const uint64_t *a)
{
	struct socket *s, *listener = NULL;
	struct end to;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (s->family == AF_NETLINK)
		return 0;
	if ((r = sockaddr_read(k, a[1], (uint32_t)a[2], &to)) < 0)
		return r;
	if (to.path_len == 0 && to.address.family == 0) {
		/* no address: it is connected no more */
		s->connected = s->connected && s->type == SOCK_STREAM;
		return s->family == AF_UNIX ? -EINVAL : 0;
	}
	if ((s->connected || s->listening) && s->type != SOCK_DGRAM && s->type != SOCK_RAW)
		return -EISCONN;
	if (s->family == AF_UNIX)
		return to.address.family == 0 ? connect_local(k, s, &to) : -EINVAL;
	if (to.address.family == 0 || (s->family == AF_INET && to.address.family == 6))
		return -EAFNOSUPPORT;
	if (++k->connects > k->limit.connects) {
		kernel_stop(k, STOPPED_CONNECTS);
		return -ENETUNREACH;
	}
	if (to.address.family == 4 && memcmp(to.address.raw, "\0\0\0\0", 4) == 0)
		to.address.raw[0] = 127, to.address.raw[3] = 1;
	if (to.address.family == 6 && memcmp(to.address.raw, (uint8_t[16]){ 0 }, 16) == 0)
		to.address.raw[15] = 1;
	own_address(k, s, &to);
	s->far = to;
	if (s->type == SOCK_STREAM && network_is_own(k->world->network, &to.address) &&
	    (listener = socket_at(k, SOCK_STREAM, &to)) != NULL)
		return connect_inside(k, s, listener);
	return connect_outside(k, s, &to);
}

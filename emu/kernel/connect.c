/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that make, bind and connect sockets, and take visitors. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
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

static struct ucred me(const struct kernel *k)
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
	one->socket->who = two->socket->who = me(k);
	if ((fds[0] = fd_put(k, one, 0, (a[1] & SOCK_CLOEXEC) != 0)) < 0) {
		file_release(k, two);
		return fds[0];
	}
	if ((fds[1] = fd_put(k, two, 0, (a[1] & SOCK_CLOEXEC) != 0)) < 0)
		return fds[1];
	return guest_put(k, a[3], fds, sizeof(fds));
}

/* A port that nobody else has. */
static uint16_t free_port(struct kernel *k)
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
	far->socket->who = me(k);
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
		s->own.port = free_port(k);
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

static int bind_local(struct kernel *k, struct socket *s, const struct end *e)
{
	struct process *p = k->current;
	char path[sizeof(e->path) + 1];
	struct walk w;
	int r;

	if (e->path_len == 0 || e->path[0] == 0) {
		for (const struct socket *o = k->sockets; o != NULL && e->path_len != 0; o = o->next)
			if (o->bound && o->own.path_len == e->path_len && memcmp(o->own.path, e->path, e->path_len) == 0)
				return -EADDRINUSE;
		s->own = *e;
		s->bound = true;
		return 0;
	}
	memcpy(path, e->path, e->path_len);
	path[e->path_len] = 0;
	if ((r = tree_walk(k->world->tree, p->place->cwd, path, &p->who, false, &w)) < 0)
		return r;
	if (w.node != NULL)
		return -EADDRINUSE;
	if (!node_may(w.dir, &p->who, MAY_WRITE | MAY_EXECUTE))
		return -EACCES;
	if ((s->node = node_new(k->world->tree, NODE_SOCKET, (uint16_t)(0777 & ~p->place->umask), p->who.uid, p->who.gid)) == NULL)
		return -ENOMEM;
	s->node->changed_ns = world_now(k->world);
	if ((r = node_link(k->world->tree, w.dir, w.name, s->node, s->node->changed_ns)) < 0)
		return r;
	s->own = *e;
	s->bound = true;
	return 0;
}

static int option_of(const struct socket *s, int level, int name)
{
	for (unsigned i = 0; i < s->options_count; i++)
		if (s->options[i].level == level && s->options[i].name == name)
			return s->options[i].value;
	return 0;
}

static bool in_use(struct kernel *k, const struct socket *s, const struct end *e)
{
	bool again = option_of(s, SOL_SOCKET, SO_REUSEADDR) != 0;

	for (const struct socket *o = k->sockets; o != NULL; o = o->next) {
		bool listens = o->type != SOCK_STREAM || o->listening || !o->connected;

		if (o == s || !o->bound || o->type != s->type || o->family == AF_UNIX || o->own.port != e->port ||
		    o->protocol != s->protocol || !listens)
			continue;
		if (!again || option_of(o, SOL_SOCKET, SO_REUSEADDR) == 0 || o->listening)
			return true;
	}
	return s->type == SOCK_STREAM && network_serves(k->world->network, &(struct address){ 4, { 127, 0, 0, 1 } }, e->port);
}

int64_t sys_bind(struct kernel *k, const uint64_t *a)
{
	static const uint8_t any[16];
	struct socket *s;
	struct end e;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (s->family == AF_NETLINK) {
		netlink_bind(k, s, 0);
		return 0;
	}
	/* Linux before 2.4 and old BSDs did not look at the family here */
	if ((r = sockaddr_read_as(k, k->attack && s->family == AF_INET ? AF_INET : AF_UNSPEC, a[1], (uint32_t)a[2], &e)) < 0)
		return r;
	if (s->bound || s->connected)
		return -EINVAL;
	if (s->family == AF_UNIX)
		return e.address.family == 0 ? bind_local(k, s, &e) : -EINVAL;
	if (e.path_len != 0 || (s->family == AF_INET && e.address.family == 6))
		return -EAFNOSUPPORT;
	if (e.address.family == 0)
		e.address.family = s->family == AF_INET6 ? 6 : 4;
	if (memcmp(e.address.raw, any, 16) != 0 && !network_is_own(k->world->network, &e.address) &&
	    !(e.address.family == 4 && e.address.raw[0] >= 224))
		return -EADDRNOTAVAIL;
	if (e.port != 0 && e.port < 1024 && k->current->who.uid != 0)
		return -EACCES;
	if (e.port != 0 && s->type != SOCK_RAW && in_use(k, s, &e))
		return -EADDRINUSE;
	s->bound = true;
	s->own = e;
	if (e.port == 0 && s->type != SOCK_RAW)
		s->own.port = free_port(k);
	if (s->type == SOCK_DGRAM && e.port != 0)
		network_listen(k->world->network, &e.address, e.port, (uint8_t)s->protocol);
	return 0;
}

int64_t sys_listen(struct kernel *k, const uint64_t *a)
{
	unsigned backlog = (int)a[1] < 0 ? BACKLOG_MAX : (uint32_t)a[1];
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (s->type == SOCK_DGRAM || s->type == SOCK_RAW)
		return -EOPNOTSUPP;
	if (s->connected || (s->family == AF_UNIX && !s->bound))
		return -EINVAL;
	if (s->own.port == 0)
		s->own.port = free_port(k);
	if (!s->listening && s->family != AF_UNIX)
		network_listen(k->world->network, &s->own.address, s->own.port, (uint8_t)s->protocol);
	s->bound = s->listening = true;
	s->backlog = backlog < BACKLOG_MAX ? backlog : BACKLOG_MAX - 1;
	s->who = me(k);
	return 0;
}

/* Once to each listener that the guest waits at, when nothing else happens any more: who made it listen would call. */
bool socket_call(struct kernel *k)
{
	char subject[64];

	for (const struct process *p = k->processes; p != NULL; p = p->next)
		for (unsigned i = 0; p->state == PROCESS_WAITING && i < p->wait.watches_count; i++) {
			struct file *f = p->wait.watches[i].file;

			if (f->kind != &file_socket || !f->socket->listening || f->socket->family == AF_UNIX || f->socket->visited_once)
				continue;
			f->socket->visited_once = true;
			snprintf(subject, sizeof(subject), "port %u is called", f->socket->own.port);
			f->socket->visited = record_ask(k->world->record, QUESTION_NETWORK, subject, true);
			return true;
		}
	return false;
}

/* Someone from outside comes to a listener that waits. */
static int visit(struct kernel *k, struct socket *s, struct file **ret)
{
	struct file *new = socket_file(k, s->family, SOCK_STREAM, s->protocol);

	if (new == NULL)
		return -ENOMEM;
	new->socket->peer = peer_visit(k->world->network, s->own.port);
	if (new->socket->peer == NULL) {
		file_release(k, new);
		return -ENOMEM;
	}
	peer_address(new->socket->peer, &new->socket->far.address, &new->socket->far.port);
	new->socket->own.port = s->own.port;
	new->socket->connected = new->socket->bound = true;
	if (k->world->profile.addresses_count != 0)
		new->socket->own.address = k->world->profile.addresses[0];
	s->visited = false;
	*ret = new;
	return 0;
}

static int64_t accept_one(struct kernel *k, const uint64_t *a, uint64_t flags)
{
	struct file *f = file_at(k, a[0]), *new = NULL;
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (s->type == SOCK_DGRAM || s->type == SOCK_RAW)
		return -EOPNOTSUPP;
	if (!s->listening)
		return -EINVAL;
	if (s->waiting_count != 0) {
		new = s->waiting[0];
		memmove(s->waiting, s->waiting + 1, --s->waiting_count * sizeof(s->waiting[0]));
	} else if (s->visited) {
		if ((r = visit(k, s, &new)) < 0)
			return r;
	} else if (k->current == k->first && given_answered(k)) {
		/* the one request is served: its process would wait for ever */
		process_exit(k, k->current, 0);
		return 0;
	} else {
		return socket_wait(k, f, POLLIN, 0);
	}
	new->flags |= (flags & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0;
	/* what the server's own front sends a request over has no name */
	if ((r = sockaddr_write(k, s->family, new->kind == &file_socket ? &new->socket->far : &(struct end){ 0 }, a[1],
	    a[2])) < 0) {
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

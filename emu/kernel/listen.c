/* SPDX-License-Identifier: GPL-2.0-or-later */
/* System calls that give sockets a place, wait at it, and take who comes. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

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
		s->own.port = socket_free_port(k);
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
		s->own.port = socket_free_port(k);
	if (!s->listening && s->family != AF_UNIX)
		network_listen(k->world->network, &s->own.address, s->own.port, (uint8_t)s->protocol);
	s->bound = s->listening = true;
	s->backlog = backlog < BACKLOG_MAX ? backlog : BACKLOG_MAX - 1;
	s->who = socket_me(k);
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

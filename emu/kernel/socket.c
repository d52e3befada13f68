/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets as files: outside peers, and channels between guests. */
#include "emu/kernel/socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct socket *socket_of(struct kernel *k, uint64_t fd, int *error)
{
	struct file *f = file_at(k, fd);

	*error = f == NULL ? -EBADF : -ENOTSOCK;
	return f != NULL && f->kind == &file_socket ? f->socket : NULL;
}

static void channel_release(struct channel *c)
{
	if (c != NULL && --c->refs == 0)
		free(c);
}

int socket_join(struct socket *a, struct socket *b)
{
	struct channel *there = calloc(1, sizeof(*there)), *back = calloc(1, sizeof(*back));

	if (there == NULL || back == NULL) {
		free(there);
		free(back);
		return -ENOMEM;
	}
	there->refs = back->refs = 2;
	a->out = b->in = there;
	a->in = b->out = back;
	a->connected = b->connected = true;
	return 0;
}

int64_t socket_receive(struct kernel *k, struct file *f, uint8_t *to, uint64_t len, bool peek, struct address *from,
    uint16_t *port)
{
	struct socket *s = f->socket;
	struct channel *c = s->in;

	if (c != NULL) {
		if (c->used == 0)
			return c->closed ? 0 : -EAGAIN;
		len = len < c->used ? len : c->used;
		memcpy(to, c->at, len);
		if (!peek) {
			c->used -= len;
			memmove(c->at, c->at + len, c->used);
		}
		if (from != NULL)
			from->family = 0;
		return (int64_t)len;
	}
	if (s->peer != NULL)
		return peer_receive(s->peer, to, len, peek, from, port);
	return s->type == SOCK_STREAM ? -ENOTCONN : -EAGAIN;
}

int64_t socket_send(struct kernel *k, struct file *f, const struct address *to, uint16_t port, struct bytes b)
{
	struct socket *s = f->socket;
	struct channel *c = s->out;
	int64_t r;

	if (c != NULL) {
		if (c->refs < 2 || c->closed) {
			signal_send(k, k->current, SIGPIPE);
			return -EPIPE;
		}
		if (c->used == sizeof(c->at))
			return -EAGAIN;
		if (b.left > sizeof(c->at) - c->used)
			b.left = sizeof(c->at) - c->used;
		memcpy(c->at + c->used, b.at, b.left);
		c->used += b.left;
		return (int64_t)b.left;
	}
	if (s->peer == NULL && s->type == SOCK_STREAM)
		return -ENOTCONN;
	if (s->peer == NULL && (s->peer = peer_new(k->world->network, (uint8_t)s->protocol, s->type == SOCK_RAW)) == NULL)
		return -ENOMEM;
	r = peer_send(s->peer, to, port, b);
	if (r == -EPIPE)
		signal_send(k, k->current, SIGPIPE);
	return r;
}

static int64_t socket_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	return socket_receive(k, f, to, len, false, NULL, NULL);
}

static int64_t socket_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	return socket_send(k, f, NULL, 0, bytes_of(from, len));
}

static short socket_poll(struct kernel *k, struct file *f)
{
	const struct socket *s = f->socket;
	short r = POLLOUT;

	if (s->listening)
		return s->waiting_count != 0 || s->visited ? POLLIN : 0;
	if (s->in != NULL) {
		r = s->out->used < sizeof(s->out->at) ? POLLOUT : 0;
		if (s->in->used != 0 || s->in->closed)
			r |= POLLIN;
		return s->in->closed && s->out->closed ? r | POLLHUP : r;
	}
	if (s->peer != NULL && peer_readable(s->peer))
		r |= POLLIN;
	if (s->peer == NULL && s->type == SOCK_STREAM)
		r |= POLLHUP;
	return r;
}

static void socket_close(struct kernel *k, struct file *f)
{
	struct socket *s = f->socket;

	for (unsigned i = 0; i < s->waiting_count; i++)
		file_release(k, s->waiting[i]);
	if (s->out != NULL)
		s->out->closed = true;
	channel_release(s->out);
	channel_release(s->in);
	peer_close(s->peer);
	free(s);
}

const struct file_kind file_socket = { "socket", socket_read, socket_write, socket_poll, socket_close };

struct file *socket_file(int family, int type, int protocol)
{
	struct file *f = file_new(&file_socket, O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0));

	if (f == NULL || (f->socket = calloc(1, sizeof(*f->socket))) == NULL) {
		free(f);
		return NULL;
	}
	f->socket->family = family;
	f->socket->type = type & 15;
	f->socket->protocol = protocol;
	return f;
}

int sockaddr_read(struct kernel *k, uint64_t at, uint64_t len, struct address *ret, uint16_t *port)
{
	return sockaddr_read_as(k, -1, at, len, ret, port);
}

int sockaddr_read_as(struct kernel *k, int family, uint64_t at, uint64_t len, struct address *ret, uint16_t *port)
{
	union {
		struct sockaddr any;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} u = { 0 };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (len < sizeof(sa_family_t))
		return -EINVAL;
	if (len > sizeof(u))
		len = sizeof(u);
	if (guest_get(k, at, &u, len) < 0)
		return -EFAULT;
	if (family >= 0)
		u.any.sa_family = (sa_family_t)family;
	*ret = (struct address){ 0 };
	*port = 0;
	if (u.any.sa_family == AF_INET && len >= sizeof(u.four)) {
		ret->family = 4;
		memcpy(ret->raw, &u.four.sin_addr, 4);
		*port = ntohs(u.four.sin_port);
		return 0;
	}
	if (u.any.sa_family == AF_INET6 && len >= 24) {
		*port = ntohs(u.six.sin6_port);
		if (memcmp(&u.six.sin6_addr, mapped, sizeof(mapped)) == 0) {
			ret->family = 4;
			memcpy(ret->raw, u.six.sin6_addr.s6_addr + 12, 4);
			return 0;
		}
		ret->family = 6;
		memcpy(ret->raw, &u.six.sin6_addr, 16);
		return 0;
	}
	return u.any.sa_family == AF_UNSPEC ? 0 : -EAFNOSUPPORT;
}

int sockaddr_write(struct kernel *k, int family, const struct address *a, uint16_t port, uint64_t at, uint64_t len_at)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	const void *from = &four;
	uint32_t room, len = sizeof(four);
	sa_family_t unix_family = AF_UNIX;

	if (at == 0 || len_at == 0)
		return 0;
	if (guest_get(k, len_at, &room, sizeof(room)) < 0)
		return -EFAULT;
	if (family == AF_UNIX) {
		from = &unix_family;
		len = sizeof(unix_family);
	} else if (family == AF_INET6) {
		from = &six;
		len = sizeof(six);
		if (a->family == 6) {
			memcpy(&six.sin6_addr, a->raw, 16);
		} else if (a->family == 4) {
			six.sin6_addr.s6_addr[10] = six.sin6_addr.s6_addr[11] = 0xff;
			memcpy(six.sin6_addr.s6_addr + 12, a->raw, 4);
		}
	} else {
		memcpy(&four.sin_addr, a->raw, 4);
	}
	if (guest_put(k, at, from, room < len ? room : len) < 0)
		return -EFAULT;
	return guest_put(k, len_at, &len, sizeof(len));
}

struct socket *socket_listener(struct kernel *k, uint16_t port)
{
	for (struct process *p = k->processes; p != NULL; p = p->next)
		for (int fd = 0; p->files != NULL && fd < FDS_MAX; fd++) {
			struct file *f = p->files->at[fd].file;

			if (f != NULL && f->kind == &file_socket && f->socket->listening && f->socket->port == port)
				return f->socket;
		}
	return NULL;
}

int socket_waiting(const struct file *f)
{
	const struct socket *s = f->socket;

	if (s->in != NULL)
		return (int)s->in->used;
	return s->peer != NULL ? (int)peer_waiting(s->peer) : 0;
}

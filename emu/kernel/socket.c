/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets as files: outside peers, channels between guests, and datagrams among them. */
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

bool socket_packets(const struct socket *s)
{
	return s->type != SOCK_STREAM;
}

void socket_put(struct parcels *to, struct parcel *p)
{
	p->next = NULL;
	if (to->first == NULL)
		to->first = p;
	else
		to->last->next = p;
	to->last = p;
	to->count++;
}

struct parcel *socket_next(struct parcels *from)
{
	struct parcel *p = from->first;

	if (p != NULL) {
		from->first = p->next;
		from->count--;
	}
	return p;
}

void parcel_free(struct kernel *k, struct parcel *p)
{
	for (unsigned i = 0; i < p->passed_count; i++)
		file_release(k, p->passed[i]);
	free(p);
}

static void parcels_clear(struct kernel *k, struct parcels *all)
{
	struct parcel *p;

	while ((p = socket_next(all)) != NULL)
		parcel_free(k, p);
}

static void channel_release(struct kernel *k, struct channel *c)
{
	if (c == NULL || --c->refs != 0)
		return;
	parcels_clear(k, &c->parcels);
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

/* A message with what it carries; the files are the parcel's now. NULL: no memory. */
static struct parcel *pack(const struct socket *from, struct letter *l, struct bytes b)
{
	struct parcel *p = malloc(sizeof(*p) + b.left);

	if (p == NULL)
		return NULL;
	*p = (struct parcel){ .from = from->own, .len = b.left, .passed_count = l->passed_count };
	memcpy(p->passed, l->passed, sizeof(p->passed));
	l->passed_count = 0;
	if (b.left != 0)
		memcpy(p->bytes, b.at, b.left);
	return p;
}

/* What a parcel carries goes to the one who receives it, or, if that one only looks, stays. */
static void unpack(struct letter *l, struct parcel *p)
{
	if (l->peek)
		return;
	memcpy(l->passed, p->passed, sizeof(l->passed));
	l->passed_count = p->passed_count;
	p->passed_count = 0;
}

static int64_t take_packet(struct kernel *k, struct parcels *from, struct letter *l, uint8_t *to, uint64_t len)
{
	struct parcel *p = from->first;

	if (len > p->len)
		len = p->len;
	if (len != 0)
		memcpy(to, p->bytes, len);
	l->whole = p->len;
	if (l->end != NULL)
		*l->end = p->from;
	unpack(l, p);
	if (!l->peek)
		parcel_free(k, socket_next(from));
	return (int64_t)len;
}

static int64_t take_stream(struct kernel *k, struct channel *c, struct letter *l, uint8_t *to, uint64_t len)
{
	struct parcel *p = c->parcels.first;
	uint64_t n = len < c->used ? len : c->used;

	/* bytes before and behind what travels with them are not read in one go */
	if (p != NULL && p->at > c->taken && p->at - c->taken < n)
		n = p->at - c->taken;
	else if (p != NULL && p->at == c->taken && p->next != NULL && p->next->at - c->taken < n)
		n = p->next->at - c->taken;
	memcpy(to, c->at, n);
	l->whole = n;
	if (p != NULL && p->at == c->taken)
		unpack(l, p);
	if (l->peek)
		return (int64_t)n;
	if (p != NULL && p->at == c->taken && n != 0)
		parcel_free(k, socket_next(&c->parcels));
	c->used -= n;
	c->taken += n;
	memmove(c->at, c->at + n, c->used);
	return (int64_t)n;
}

int64_t socket_receive(struct kernel *k, struct file *f, struct letter *l, uint8_t *to, uint64_t len)
{
	struct socket *s = f->socket;
	struct channel *c = s->in;
	struct end from = { 0 };
	int64_t r;

	if (s->error != 0) {
		r = -s->error;
		s->error = 0;
		return r;
	}
	if (s->arrived.count != 0)
		return take_packet(k, &s->arrived, l, to, len);
	if (c != NULL && socket_packets(s))
		return c->parcels.count != 0 ? take_packet(k, &c->parcels, l, to, len) :
		    s->shut_in || (c->closed && s->type == SOCK_SEQPACKET) ? 0 : -EAGAIN;
	if (c != NULL)
		return c->used != 0 ? take_stream(k, c, l, to, len) : c->closed || s->shut_in || len == 0 ? 0 : -EAGAIN;
	if (s->shut_in)
		return 0;
	if (s->peer != NULL) {
		own_tag(k, s);
		r = peer_receive(s->peer, to, len, l->peek, &from.address, &from.port);
		if (r >= 0 && l->end != NULL)
			*l->end = from;
		l->whole = r >= 0 ? (size_t)r : 0;
		return r;
	}
	return s->type == SOCK_STREAM || s->type == SOCK_SEQPACKET ? (s->family == AF_UNIX ? -EINVAL : -ENOTCONN) : -EAGAIN;
}

static int64_t broken(struct kernel *k, const struct letter *l)
{
	if (!l->no_signal)
		signal_send(k, k->current, SIGPIPE);
	return -EPIPE;
}

static int64_t send_stream(struct kernel *k, struct socket *s, struct letter *l, struct bytes b)
{
	struct channel *c = s->out;
	struct parcel *p;

	if (s->shut_out)
		return broken(k, l);
	/* over TCP, that the other end has gone shows only after something was sent */
	if (c->deaf && s->family != AF_UNIX && !c->closed) {
		c->closed = true;
		return (int64_t)b.left;
	}
	if (c->deaf || c->closed)
		return broken(k, l);
	if (b.left == 0)
		return 0;
	if (c->used == sizeof(c->at))
		return -EAGAIN;
	if (b.left > sizeof(c->at) - c->used)
		b.left = sizeof(c->at) - c->used;
	if (l->passed_count != 0) {
		if (c->parcels.count == PARCELS_MAX)
			return -EAGAIN;
		if ((p = pack(s, l, (struct bytes){ 0 })) == NULL)
			return -ENOMEM;
		p->at = c->written;
		socket_put(&c->parcels, p);
	}
	memcpy(c->at + c->used, b.at, b.left);
	c->used += b.left;
	c->written += b.left;
	return (int64_t)b.left;
}

static int64_t send_packet(struct kernel *k, struct socket *s, struct parcels *to, struct letter *l, struct bytes b)
{
	struct parcel *p;

	if (b.left > MESSAGE_MAX)
		return -EMSGSIZE;
	if (to->count == PARCELS_MAX)
		return -EAGAIN;
	if ((p = pack(s, l, b)) == NULL)
		return -ENOMEM;
	socket_put(to, p);
	return (int64_t)b.left;
}

/* A datagram to a socket of the guest. */
static int64_t send_inside(struct kernel *k, struct socket *s, struct socket *to, struct letter *l, struct bytes b)
{
	int64_t r;

	/* who is connected hears only the one it is connected to */
	if (to->connected && s->family != AF_UNIX && to->far.port != s->own.port)
		return (int64_t)b.left;
	r = send_packet(k, s, &to->arrived, l, b);
	to->arrived_count += r >= 0;
	return r;
}

static bool has_peer(struct kernel *k, struct socket *s)
{
	if (s->peer == NULL)
		s->peer = peer_new(k->world->network, (uint8_t)s->protocol, s->type == SOCK_RAW);
	return s->peer != NULL;
}

/* A datagram to the server itself, where nobody is at home: an error, of which only who is connected hears. */
static int64_t send_astray(struct kernel *k, struct socket *s, const struct end *to, struct bytes b)
{
	if (!has_peer(k, s))
		return -ENOMEM;
	peer_lose(s->peer, &to->address, to->port, b);
	s->error = s->connected ? ECONNREFUSED : 0;
	return (int64_t)b.left;
}

static int64_t send_outside(struct kernel *k, struct socket *s, struct letter *l, struct bytes b)
{
	int64_t r;

	if (s->peer == NULL && s->type == SOCK_STREAM)
		return broken(k, l);
	if (s->shut_out)
		return broken(k, l);
	if (!has_peer(k, s))
		return -ENOMEM;
	r = peer_send(s->peer, l->end != NULL ? &l->end->address : NULL, l->end != NULL ? l->end->port : 0, b);
	return r == -EPIPE ? broken(k, l) : r;
}

int64_t socket_send(struct kernel *k, struct file *f, struct letter *l, struct bytes b)
{
	struct socket *s = f->socket, *to;
	const struct end *end = l->end != NULL ? l->end : s->connected ? &s->far : NULL;
	int64_t r;

	if (s->error != 0) {
		r = -s->error;
		s->error = 0;
		return r;
	}
	if (s->family == AF_NETLINK)
		return netlink_send(k, s, b);
	if (s->out != NULL && !socket_packets(s))
		return send_stream(k, s, l, b);
	if (s->out != NULL) {
		if (s->out->deaf || s->shut_out)
			return s->type == SOCK_DGRAM ? -ECONNREFUSED : broken(k, l);
		r = send_packet(k, s, &s->out->parcels, l, b);
		s->out->written += r >= 0;
		return r;
	}
	if (s->type == SOCK_DGRAM && end == NULL)
		return s->family == AF_UNIX ? -ENOTCONN : -EDESTADDRREQ;
	if (s->type == SOCK_DGRAM && (s->family == AF_UNIX || s->protocol == IPPROTO_UDP)) {
		if (!s->bound && s->family != AF_UNIX) {
			s->bound = true;
			s->own.port = (uint16_t)(32768 + world_random(k->world) % 28000);
		}
		if ((to = socket_at(k, SOCK_DGRAM, end)) != NULL)
			return send_inside(k, s, to, l, b);
		if (s->family == AF_UNIX)
			return -ECONNREFUSED;
		if (network_is_own(k->world->network, &end->address) && !network_serves(k->world->network, &end->address, end->port))
			return send_astray(k, s, end, b);
	}
	return send_outside(k, s, l, b);
}

static int64_t socket_read(struct kernel *k, struct file *f, uint8_t *to, uint64_t len)
{
	struct letter l = { 0 };
	int64_t r = socket_receive(k, f, &l, to, len);

	for (unsigned i = 0; i < l.passed_count; i++)
		file_release(k, l.passed[i]); /* read() has no room for them */
	return r;
}

static int64_t socket_write(struct kernel *k, struct file *f, const uint8_t *from, uint64_t len)
{
	return socket_send(k, f, &(struct letter){ 0 }, bytes_of(from, len));
}

static short joined_poll(const struct socket *s)
{
	const struct channel *in = s->in, *out = s->out;
	bool packets = socket_packets(s), ended = in->closed || s->shut_in;
	short r = 0;

	if (packets ? in->parcels.count != 0 : in->used != 0)
		r |= POLLIN;
	if (ended && s->type != SOCK_DGRAM)
		r |= POLLIN | POLLRDHUP;
	if (packets ? out->parcels.count < PARCELS_MAX : out->used < sizeof(out->at) || out->deaf)
		r |= POLLOUT;
	/* both directions are over: of a local socket, as soon as the other end is gone */
	if (s->type != SOCK_DGRAM && ended && (s->shut_out || (s->family == AF_UNIX && out->deaf)))
		r |= POLLHUP;
	return r;
}

static short socket_poll(struct kernel *k, struct file *f)
{
	const struct socket *s = f->socket;
	short r = s->shut_out && s->shut_in ? POLLOUT | POLLHUP : POLLOUT;

	if (s->error != 0)
		r |= POLLERR | POLLIN;
	if (s->listening)
		return s->waiting_count != 0 || s->visited ? POLLIN : 0;
	if (s->in != NULL)
		return (short)(joined_poll(s) | (r & (POLLERR | POLLIN)));
	if (s->arrived.count != 0 || (s->peer != NULL && peer_readable(s->peer)) || s->shut_in)
		r |= POLLIN;
	if (s->type == SOCK_STREAM && s->peer != NULL && peer_ended(s->peer))
		r |= s->shut_out ? POLLRDHUP | POLLHUP : POLLRDHUP;
	if (s->peer == NULL && s->type == SOCK_STREAM)
		r |= POLLHUP;
	return r;
}

static void socket_close(struct kernel *k, struct file *f)
{
	struct socket *s = f->socket;

	if (k->own == s)
		k->own = NULL;
	for (struct socket **at = &k->sockets; *at != NULL; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			break;
		}
	for (unsigned i = 0; i < s->waiting_count; i++)
		file_release(k, s->waiting[i]);
	if (s->out != NULL)
		s->out->closed = true;
	if (s->in != NULL)
		s->in->deaf = true;
	channel_release(k, s->out);
	channel_release(k, s->in);
	parcels_clear(k, &s->arrived);
	peer_close(s->peer);
	free(s);
}

static uint64_t socket_arrived(const struct file *f)
{
	const struct socket *s = f->socket;

	return s->arrived_count + (s->in != NULL ? s->in->written + s->in->closed : 0) +
	    (s->peer != NULL ? peer_arrived(s->peer) : 0) + s->waiting_count;
}

const struct file_kind file_socket = { "socket", socket_read, socket_write, socket_poll, socket_close, socket_arrived };

struct file *socket_file(struct kernel *k, int family, int type, int protocol)
{
	struct file *f = file_new(&file_socket, O_RDWR | ((type & SOCK_NONBLOCK) != 0 ? O_NONBLOCK : 0));

	if (f == NULL || (f->socket = calloc(1, sizeof(*f->socket))) == NULL) {
		free(f);
		return NULL;
	}
	f->socket->family = family;
	f->socket->type = type & 15;
	f->socket->protocol = protocol;
	f->socket->own.address.family = f->socket->far.address.family = family == AF_INET6 ? 6 : 4;
	f->socket->next = k->sockets;
	k->sockets = f->socket;
	return f;
}

static bool is_any(const struct address *a)
{
	static const uint8_t none[16];

	return memcmp(a->raw, none, sizeof(none)) == 0;
}

struct socket *socket_at(struct kernel *k, int type, const struct end *e)
{
	for (struct socket *s = k->sockets; s != NULL; s = s->next) {
		if (s->type != type || (type == SOCK_STREAM || type == SOCK_SEQPACKET ? !s->listening : !s->bound))
			continue;
		if (e->path_len != 0) {
			if (s->family == AF_UNIX && s->own.path_len == e->path_len &&
			    memcmp(s->own.path, e->path, e->path_len) == 0)
				return s;
			continue;
		}
		if (s->family == AF_UNIX || s->family == AF_NETLINK || s->own.port != e->port || (type == SOCK_DGRAM && s->protocol != IPPROTO_UDP))
			continue;
		if (address_equal(&s->own.address, &e->address) || (is_any(&s->own.address) &&
		    network_is_own(k->world->network, &e->address)))
			return s;
	}
	return NULL;
}

int64_t socket_wait(struct kernel *k, struct file *f, short events, uint64_t flags)
{
	uint64_t ns = events == POLLIN ? f->socket->receive_ns : f->socket->send_ns;

	if ((flags & MSG_DONTWAIT) != 0 || (ns != 0 && (f->flags & O_NONBLOCK) == 0 && wait_until(k, ns)))
		return -EAGAIN;
	return file_wait(k, f, events);
}

int socket_waiting(const struct file *f)
{
	const struct socket *s = f->socket;

	if (s->arrived.count != 0)
		return (int)s->arrived.first->len;
	if (s->in != NULL)
		return socket_packets(s) ? (s->in->parcels.count != 0 ? (int)s->in->parcels.first->len : 0) : (int)s->in->used;
	return s->peer != NULL ? (int)peer_waiting(s->peer) : 0;
}

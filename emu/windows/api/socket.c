/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Winsock: sockets on the recording network. */
#include "emu/windows/api/api.h"
#include "emu/world/network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	TCP = 6, UDP = 17, INET = 2, INET6 = 23, DATAGRAM = 2, AT_ONCE = 1 << 16, ENDS_ENOUGH = 3, PEEK = 2,
	WOULD_BLOCK = 10035, NOT_SOCKET = 10038, BAD_ADDRESS = 10014, REFUSED = 10061, RESET = 10054, NOT_CONNECTED = 10057,
	NO_HOST = 11001, SELECT_MAX = 64, FIRST_PORT = 49152,
};

static struct win_object *socket_of(struct windows *w, uint64_t handle)
{
	struct win_object *o = win_object(w, handle, WIN_SOCKET);

	if (o == NULL)
		win_error(w, NOT_SOCKET, 0);
	return o;
}

/* sockaddr_in, and sockaddr_in6. What is odd in its family is taken as it is meant. */
static bool take_address(struct windows *w, uint64_t at, uint64_t len, struct address *ret, uint16_t *port)
{
	uint8_t raw[28] = { 0 };
	unsigned family;

	if (len < 8 || win_read(w, at, raw, len < sizeof(raw) ? len : sizeof(raw)) < 0)
		return false;
	family = (unsigned)(raw[0] | raw[1] << 8);
	*port = (uint16_t)(raw[2] << 8 | raw[3]);
	*ret = (struct address){ .family = family == INET6 && len >= 24 ? 6 : 4 };
	memcpy(ret->raw, raw + (ret->family == 6 ? 8 : 4), ret->family == 6 ? 16 : 4);
	return true;
}

static bool put_address(struct windows *w, uint64_t at, uint64_t len_at, const struct address *a, uint16_t port)
{
	uint8_t raw[28] = { a->family == 6 ? INET6 : INET, 0, (uint8_t)(port >> 8), (uint8_t)port };
	unsigned len = a->family == 6 ? 28 : 16;

	memcpy(raw + (a->family == 6 ? 8 : 4), a->raw, a->family == 6 ? 16 : 4);
	if (at == 0)
		return true;
	return win_write(w, at, raw, len) == 0 && (len_at == 0 || win_put(w, len_at, len, 4));
}

static uint64_t wsa_startup(struct windows *w, const uint64_t *a)
{
	/* WSADATA: the version, twice */
	win_put(w, a[1], (uint16_t)a[0], 2);
	win_put(w, a[1] + 2, 0x0202, 2);
	return 0;
}

static uint64_t make_socket(struct windows *w, const uint64_t *a)
{
	struct win_object *o;
	uint64_t handle;

	if ((o = win_object_new(w, WIN_SOCKET, &handle)) == NULL)
		return win_error(w, 10024, WIN_FAILED);
	o->datagram = (uint32_t)a[1] == DATAGRAM || (uint32_t)a[2] == UDP;
	o->flags = (uint32_t)a[1];
	return handle;
}

static bool has_peer(struct windows *w, struct win_object *o)
{
	if (o->peer == NULL)
		o->peer = peer_new(w->world->network, o->datagram ? UDP : TCP, false);
	if (o->peer == NULL)
		win_stop(w, STOPPED_MEMORY);
	return o->peer != NULL;
}

static uint64_t do_connect(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	struct address to;
	uint16_t port;

	if (o == NULL || !take_address(w, a[1], (uint32_t)a[2], &to, &port))
		return win_error(w, o == NULL ? NOT_SOCKET : BAD_ADDRESS, WIN_FAILED);
	if (w->connects++ >= w->limit.connects) {
		win_stop(w, STOPPED_CONNECTS);
		return WIN_FAILED;
	}
	if (!has_peer(w, o))
		return WIN_FAILED;
	network_round_trip(w->world);
	if (peer_connect(o->peer, &to, port) < 0)
		return win_error(w, REFUSED, WIN_FAILED);
	o->bound = true;
	return 0;
}

static uint64_t do_bind(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);

	if (o == NULL || !take_address(w, a[1], (uint32_t)a[2], &o->address, &o->port))
		return win_error(w, BAD_ADDRESS, WIN_FAILED);
	o->bound = true;
	if (o->port == 0)
		o->port = (uint16_t)(FIRST_PORT + w->allocated++ % 1000);
	if (o->datagram)
		network_listen(w->world->network, &o->address, o->port, UDP);
	return 0;
}

static uint64_t do_listen(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);

	if (o == NULL)
		return WIN_FAILED;
	if (!o->listens)
		network_listen(w->world->network, &o->address, o->port, TCP);
	o->listens = true;
	return 0;
}

/* A visitor comes once; who waits for another waits for ever. */
static uint64_t do_accept(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]), *got;
	struct address from;
	uint64_t handle;
	uint16_t port;

	if (o == NULL)
		return WIN_FAILED;
	if (o->sent) {
		(void)win_waits(w, WIN_FOREVER);
		return WIN_FAILED;
	}
	if ((got = win_object_new(w, WIN_SOCKET, &handle)) == NULL)
		return WIN_FAILED;
	o->sent = true;
	if ((got->peer = peer_visit(w->world->network, o->port)) == NULL)
		return WIN_FAILED;
	got->bound = true;
	peer_address(got->peer, &from, &port);
	put_address(w, a[1], a[2], &from, port);
	return handle;
}

int64_t api_socket_send(struct windows *w, struct win_object *o, uint64_t at, uint64_t len)
{
	const uint8_t *from = NULL;

	if (len > AT_ONCE)
		len = AT_ONCE;
	if (o->peer == NULL || (len != 0 && (from = space_at(w->space, at, len, RANGE_READ)) == NULL))
		return -EFAULT;
	return peer_send(o->peer, NULL, 0, bytes_of(from, len));
}

void api_stream_ended(struct windows *w, struct win_object *o)
{
	if (++o->ends >= ENDS_ENOUGH)
		win_stop(w, STOPPED_ROUNDS);
}

int64_t api_socket_receive(struct windows *w, struct win_object *o, uint64_t at, uint64_t len, bool peek)
{
	uint8_t *raw;
	int64_t n;

	len = len < AT_ONCE ? len : AT_ONCE;
	len = space_reach(w->space, at, len, RANGE_WRITE);
	if (o->peer == NULL || len == 0) {
		api_stream_ended(w, o); /* who asks for nothing, or where nothing is, gets on as little */
		return o->peer == NULL ? -ENOTCONN : 0;
	}
	raw = space_at(w->space, at, len, RANGE_WRITE);
	n = peer_receive(o->peer, raw, len, peek, NULL, NULL);
	if (n > 0) {
		space_wrote(w->space, at, (uint64_t)n);
		win_wait_over(w);
	} else if (n == 0) {
		win_wait_over(w);
		api_stream_ended(w, o);
	} else if (n == -EAGAIN && !o->nonblocking) {
		(void)win_waits(w, WIN_FOREVER);
	}
	return n;
}

static uint64_t do_send(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	int64_t n = o != NULL ? api_socket_send(w, o, a[1], (uint32_t)a[2]) : -1;

	return n >= 0 ? (uint64_t)n : win_error(w, NOT_CONNECTED, WIN_FAILED);
}

static uint64_t do_recv(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	int64_t n = o != NULL ? api_socket_receive(w, o, a[1], (uint32_t)a[2], (a[3] & PEEK) != 0) : -1;

	return n >= 0 ? (uint64_t)n : win_error(w, n == -EAGAIN ? WOULD_BLOCK : NOT_CONNECTED, WIN_FAILED);
}

static uint64_t do_sendto(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	uint32_t len = (uint32_t)a[2] < AT_ONCE ? (uint32_t)a[2] : AT_ONCE;
	const uint8_t *from = space_at(w->space, a[1], len, RANGE_READ);
	struct address to;
	uint16_t port;

	if (o == NULL || a[4] == 0)
		return do_send(w, a);
	if ((from == NULL && len != 0) || !take_address(w, a[4], (uint32_t)a[5], &to, &port) || !has_peer(w, o))
		return win_error(w, BAD_ADDRESS, WIN_FAILED);
	return (uint64_t)peer_send(o->peer, &to, port, bytes_of(from, len));
}

static uint64_t do_recvfrom(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	uint64_t n = do_recv(w, a);
	struct address from;
	uint16_t port;

	if (o != NULL && o->peer != NULL && n != WIN_FAILED) {
		peer_address(o->peer, &from, &port);
		put_address(w, a[4], a[5], &from, port);
	}
	return n;
}

/* WSASend and WSARecv: of their buffers, the first. WSABUF: length, then (at a pointer's place) where. */
static uint64_t wsa_transfer(struct windows *w, const uint64_t *a, bool sends)
{
	const uint64_t as[] = { a[0], win_get_word(w, a[1] + w->word), win_number(w, a[1], 4, NULL), 0 };
	uint64_t n = sends ? do_send(w, as) : do_recv(w, as);

	if (n == WIN_FAILED || w->thread->again)
		return WIN_FAILED;
	if (a[3] != 0)
		win_put(w, a[3], n, 4);
	return 0;
}

static uint64_t wsa_send(struct windows *w, const uint64_t *a)
{
	return wsa_transfer(w, a, true);
}

static uint64_t wsa_recv(struct windows *w, const uint64_t *a)
{
	return wsa_transfer(w, a, false);
}

static uint64_t close_socket(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);

	if (o == NULL)
		return WIN_FAILED;
	win_object_free(w, o);
	return 0;
}

static uint64_t ioctl_socket(struct windows *w, const uint64_t *a)
{
	enum { NONBLOCKING = (int)0x8004667e, WAITING = 0x4004667f };
	struct win_object *o = socket_of(w, a[0]);

	if (o == NULL)
		return WIN_FAILED;
	if ((uint32_t)a[1] == (uint32_t)NONBLOCKING)
		o->nonblocking = win_number(w, a[2], 4, NULL) != 0;
	else if ((uint32_t)a[1] == WAITING)
		win_put(w, a[2], o->peer != NULL ? peer_waiting(o->peer) : 0, 4);
	return 0;
}

/* Keeps of an fd_set (count, then handles) those that are ready; how many. */
static unsigned keep_ready(struct windows *w, uint64_t set, bool reads)
{
	uint64_t count = set != 0 ? win_number(w, set, 4, NULL) : 0, at = set + w->word, kept = 0;

	for (uint64_t i = 0; i < count && i < SELECT_MAX; i++) {
		uint64_t handle = win_get_word(w, at + i * w->word);
		struct win_object *o = win_object(w, handle, WIN_SOCKET);

		if (o == NULL || (reads && !(o->listens && !o->sent) && (o->peer == NULL || !peer_readable(o->peer))))
			continue;
		win_put_word(w, at + kept++ * w->word, handle);
	}
	return (unsigned)kept;
}

static bool any_readable(struct windows *w, uint64_t set)
{
	uint64_t count = set != 0 ? win_number(w, set, 4, NULL) : 0;

	for (uint64_t i = 0; i < count && i < SELECT_MAX; i++) {
		struct win_object *o = win_object(w, win_get_word(w, set + w->word * (i + 1)), WIN_SOCKET);

		if (o != NULL && ((o->listens && !o->sent) || (o->peer != NULL && peer_readable(o->peer))))
			return true;
	}
	return false;
}

static uint64_t do_select(struct windows *w, const uint64_t *a)
{
	uint64_t seconds = a[4] != 0 ? win_number(w, a[4], 4, NULL) : 0, micros = a[4] != 0 ? win_number(w, a[4] + 4, 4, NULL) : 0;
	uint64_t ns = a[4] != 0 ? seconds * 1000000000u + micros * 1000 : WIN_FOREVER;
	unsigned reads, writes;

	if (!any_readable(w, a[1]) && (a[2] == 0 || win_number(w, a[2], 4, NULL) == 0) && win_waits(w, ns))
		return 0;
	win_wait_over(w);
	reads = keep_ready(w, a[1], true);
	writes = keep_ready(w, a[2], false);
	if (a[1] != 0)
		win_put(w, a[1], reads, 4);
	if (a[2] != 0)
		win_put(w, a[2], writes, 4);
	if (a[3] != 0)
		win_put(w, a[3], 0, 4);
	return reads + writes;
}

static uint64_t do_shutdown(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);

	if (o != NULL && o->peer != NULL && (uint32_t)a[1] != 0)
		peer_shut(o->peer);
	return o != NULL ? 0 : WIN_FAILED;
}

static uint64_t get_name(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	struct address address = { .family = 4 };
	uint16_t port = o != NULL && o->port != 0 ? o->port : FIRST_PORT;

	if (o == NULL || !o->bound)
		return WIN_FAILED;
	if (w->world->profile.addresses_count != 0)
		address = w->world->profile.addresses[0];
	return put_address(w, a[1], a[2], &address, port) ? 0 : WIN_FAILED;
}

static uint64_t get_peer_name(struct windows *w, const uint64_t *a)
{
	struct win_object *o = socket_of(w, a[0]);
	struct address address;
	uint16_t port;

	if (o == NULL || o->peer == NULL)
		return win_error(w, NOT_CONNECTED, WIN_FAILED);
	peer_address(o->peer, &address, &port);
	return put_address(w, a[1], a[2], &address, port) ? 0 : WIN_FAILED;
}

static uint64_t is_set(struct windows *w, const uint64_t *a)
{
	uint64_t count = win_number(w, a[1], 4, NULL);

	for (uint64_t i = 0; i < count && i < SELECT_MAX; i++)
		if (win_get_word(w, a[1] + w->word * (i + 1)) == a[0])
			return 1;
	return 0;
}

/* WSAEventSelect, WSAAsyncSelect and what else sets a socket apart: nothing shows of it. */
static const struct win_function rows[] = {
	{ "WSAStartup", 2, .run = wsa_startup, .ordinal = 115 }, { "WSACleanup", 0, .ordinal = 116 },
	{ "WSASocketA", 6, .run = make_socket }, { "WSASocketW", 6, .run = make_socket },
	{ "socket", 3, .run = make_socket, .ordinal = 23 }, { "connect", 3, .run = do_connect, .ordinal = 4 },
	{ "WSAConnect", 7, .run = do_connect }, { "bind", 3, .run = do_bind, .ordinal = 2 },
	{ "listen", 2, .run = do_listen, .ordinal = 13 }, { "accept", 3, .run = do_accept, .ordinal = 1 },
	{ "WSAAccept", 5, .run = do_accept }, { "send", 4, .run = do_send, .ordinal = 19 },
	{ "recv", 4, .run = do_recv, .ordinal = 16 }, { "sendto", 6, .run = do_sendto, .ordinal = 20 },
	{ "recvfrom", 6, .run = do_recvfrom, .ordinal = 17 }, { "WSASend", 7, .run = wsa_send },
	{ "WSARecv", 7, .run = wsa_recv }, { "closesocket", 1, .run = close_socket, .ordinal = 3 },
	{ "ioctlsocket", 3, .run = ioctl_socket, .ordinal = 10 }, { "select", 5, .run = do_select, .ordinal = 18 },
	{ "shutdown", 2, .run = do_shutdown, .ordinal = 22 }, { "getsockname", 3, .run = get_name, .ordinal = 6 },
	{ "getpeername", 3, .run = get_peer_name, .ordinal = 5 }, { "setsockopt", 5, .ordinal = 21 },
	{ "getsockopt", 5, .ordinal = 7 }, { "__WSAFDIsSet", 2, .run = is_set, .ordinal = 151 },
	{ "WSAIoctl", .args = 9 }, { "WSAEventSelect", .args = 3 }, { "WSAAsyncSelect", 4, .ordinal = 101 },
	{ "WSACreateEvent", 0, .value = 0x3c }, { "WSACloseEvent", 1, .value = 1 },
	{ "WSAEnumNetworkEvents", .args = 3 }, { "WSADuplicateSocketA", .args = 3 },
	{ "WSAWaitForMultipleEvents", .args = 5 },
};
const struct win_table api_socket = { rows, COUNT_OF(rows) };

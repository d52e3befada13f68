/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is asked of sockets, and told them: names of their ends, options, their end. */
#include "emu/kernel/socket.h"
#include "emu/kernel/calls.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

/* Options that programs set and read again. What a number does that changes nothing here, it does nowhere. */
static const struct known {
	int level, name, start;
	bool truth; /* 0 or 1, whatever was given */
} known[] = {
	{ SOL_SOCKET, SO_REUSEADDR, 0, true }, { SOL_SOCKET, SO_REUSEPORT, 0, true }, { SOL_SOCKET, SO_KEEPALIVE, 0, true },
	{ SOL_SOCKET, SO_BROADCAST, 0, true }, { SOL_SOCKET, SO_OOBINLINE, 0, true }, { SOL_SOCKET, SO_DONTROUTE, 0, true },
	{ SOL_SOCKET, SO_SNDBUF, 212992, false }, { SOL_SOCKET, SO_RCVBUF, 212992, false }, { SOL_SOCKET, SO_PRIORITY, 0, false },
	{ SOL_SOCKET, SO_RCVLOWAT, 1, false }, { SOL_SOCKET, SO_PASSCRED, 0, true }, { SOL_SOCKET, SO_TIMESTAMP, 0, true },
	{ SOL_SOCKET, SO_MARK, 0, false }, { SOL_SOCKET, SO_BUSY_POLL, 0, false }, { SOL_SOCKET, SO_NO_CHECK, 0, true },
	{ IPPROTO_TCP, TCP_NODELAY, 0, true }, { IPPROTO_TCP, TCP_CORK, 0, true }, { IPPROTO_TCP, TCP_KEEPIDLE, 7200, false },
	{ IPPROTO_TCP, TCP_KEEPINTVL, 75, false }, { IPPROTO_TCP, TCP_KEEPCNT, 9, false }, { IPPROTO_TCP, TCP_MAXSEG, 1448, false },
	{ IPPROTO_TCP, TCP_QUICKACK, 1, true }, { IPPROTO_TCP, TCP_DEFER_ACCEPT, 0, false }, { IPPROTO_TCP, TCP_FASTOPEN, 0, false },
	{ IPPROTO_TCP, TCP_USER_TIMEOUT, 0, false }, { IPPROTO_TCP, TCP_SYNCNT, 6, false }, { IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 0, true },
	{ IPPROTO_IP, IP_TTL, 64, false }, { IPPROTO_IP, IP_TOS, 0, false }, { IPPROTO_IP, IP_RECVERR, 0, true },
	{ IPPROTO_IP, IP_RECVTTL, 0, true }, { IPPROTO_IP, IP_MTU_DISCOVER, 1, false }, { IPPROTO_IP, IP_HDRINCL, 0, true },
	{ IPPROTO_IP, IP_PKTINFO, 0, true }, { IPPROTO_IP, IP_RETOPTS, 0, true }, { IPPROTO_IP, IP_MULTICAST_TTL, 1, false },
	{ IPPROTO_IP, IP_MULTICAST_LOOP, 1, true }, { IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 0, true }, { IPPROTO_IP, IP_FREEBIND, 0, true },
	{ IPPROTO_IPV6, IPV6_V6ONLY, 0, true }, { IPPROTO_IPV6, IPV6_RECVERR, 0, true }, { IPPROTO_IPV6, IPV6_UNICAST_HOPS, 64, false },
	{ IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 0, true }, { IPPROTO_IPV6, IPV6_TCLASS, 0, false }, { IPPROTO_IPV6, IPV6_RECVPKTINFO, 0, true },
	{ IPPROTO_IPV6, IPV6_MTU_DISCOVER, 1, false }, { IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1, false },
	{ IPPROTO_IPV6, IPV6_CHECKSUM, 0, false },
};

static const struct known *find(const struct socket *s, int level, int name)
{
	if ((level == IPPROTO_TCP && (s->type != SOCK_STREAM || s->family == AF_UNIX)) ||
	    (level == IPPROTO_IPV6 && s->family != AF_INET6) || (level == IPPROTO_IP && s->family == AF_UNIX))
		return NULL;
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (known[i].level == level && known[i].name == name)
			return &known[i];
	return NULL;
}

static int unknown(const struct socket *s, int level)
{
	return s->family == AF_UNIX && level != SOL_SOCKET ? -EOPNOTSUPP : -ENOPROTOOPT;
}

/* What ping filters by, and groups that are joined, change nothing here. */
static bool accepted(const struct socket *s, int level, int name)
{
	return s->type == SOCK_RAW || (level == SOL_SOCKET && (name == SO_LINGER || name == SO_ATTACH_FILTER || name == SO_DETACH_FILTER)) ||
	    (level == IPPROTO_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP || name == IP_MULTICAST_IF || name == IP_OPTIONS));
}

static int set_timeout(struct kernel *k, uint64_t at, uint64_t len, uint64_t *ns)
{
	int64_t v[2];

	if (len < sizeof(v))
		return -EINVAL;
	if (guest_get(k, at, v, sizeof(v)) < 0)
		return -EFAULT;
	if (v[1] < 0 || v[1] >= 1000000)
		return -EDOM;
	v[1] *= 1000;
	*ns = kernel_timespec_ns(v);
	return 0;
}

int64_t sys_setsockopt(struct kernel *k, const uint64_t *a)
{
	int level = (int)a[1], name = (int)a[2];
	const struct known *o;
	struct socket *s;
	int32_t v = 0;
	unsigned i = 0;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO))
		return set_timeout(k, a[3], (uint32_t)a[4], name == SO_RCVTIMEO ? &s->receive_ns : &s->send_ns);
	if ((o = find(s, level, name)) == NULL)
		return accepted(s, level, name) || s->family == AF_NETLINK ? 0 : level == SOL_SOCKET && name == SO_BINDTODEVICE ? -EPERM : unknown(s, level);
	if ((uint32_t)a[4] < sizeof(v) && level != IPPROTO_IP)
		return -EINVAL;
	if ((uint32_t)a[4] != 0 && guest_get(k, a[3], &v, (uint32_t)a[4] < sizeof(v) ? (uint32_t)a[4] : sizeof(v)) < 0)
		return -EFAULT;
	/* Linux doubles what it is told, for its own needs */
	if (level == SOL_SOCKET && (name == SO_SNDBUF || name == SO_RCVBUF))
		v = (v < 1152 ? 1152 : v > 212992 ? 212992 : v) * 2;
	while (i < s->options_count && (s->options[i].level != level || s->options[i].name != name))
		i++;
	if (i == OPTIONS_MAX)
		return -ENOMEM;
	s->options[i] = (struct option){ level, name, o->truth ? v != 0 : v };
	if (i == s->options_count)
		s->options_count++;
	return 0;
}

static int64_t put_value(struct kernel *k, const uint64_t *a, const void *v, uint32_t size)
{
	uint32_t len;

	if (guest_get(k, a[4], &len, sizeof(len)) < 0)
		return -EFAULT;
	if ((int32_t)len < 0)
		return -EINVAL;
	len = len < size ? len : size;
	if (guest_put(k, a[3], v, len) < 0)
		return -EFAULT;
	return guest_put(k, a[4], &len, sizeof(len));
}

/* What is no number that was set: of the socket itself. */
static int64_t get_state(struct kernel *k, const uint64_t *a, struct socket *s)
{
	uint64_t ns = a[2] == SO_RCVTIMEO ? s->receive_ns : s->send_ns, time[2] = { ns / 1000000000, ns % 1000000000 / 1000 };
	const int32_t linger[2] = { 0 };
	int32_t v;

	switch (a[2]) {
	case SO_TYPE: v = s->type; break;
	case SO_DOMAIN: v = s->family; break;
	case SO_PROTOCOL: v = s->family == AF_UNIX ? 0 : s->protocol; break;
	case SO_ACCEPTCONN: v = s->listening; break;
	case SO_ERROR:
		v = s->error;
		s->error = 0;
		break;
	case SO_RCVTIMEO:
	case SO_SNDTIMEO:
		return put_value(k, a, time, sizeof(time));
	case SO_LINGER:
		return put_value(k, a, linger, sizeof(linger));
	case SO_PEERCRED:
		return put_value(k, a, &s->who, sizeof(s->who));
	default:
		return -ENOPROTOOPT;
	}
	return put_value(k, a, &v, sizeof(v));
}

int64_t sys_getsockopt(struct kernel *k, const uint64_t *a)
{
	int level = (int)a[1], name = (int)a[2];
	const struct known *o;
	struct socket *s;
	uint8_t info[104];
	int32_t v;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (level == IPPROTO_TCP && name == TCP_INFO && s->type == SOCK_STREAM && s->family != AF_UNIX) {
		memset(info, 0, sizeof(info));
		info[0] = s->listening ? TCP_LISTEN : s->connected ? TCP_ESTABLISHED : TCP_CLOSE;
		return put_value(k, a, info, sizeof(info));
	}
	if ((o = find(s, level, name)) == NULL)
		return level == SOL_SOCKET ? get_state(k, a, s) : unknown(s, level);
	v = o->start;
	for (unsigned i = 0; i < s->options_count; i++)
		if (s->options[i].level == level && s->options[i].name == name)
			v = s->options[i].value;
	return put_value(k, a, &v, sizeof(v));
}

int64_t sys_shutdown(struct kernel *k, const uint64_t *a)
{
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	if (a[1] > SHUT_RDWR)
		return -EINVAL;
	if (!s->connected)
		return -ENOTCONN;
	if (a[1] != SHUT_WR)
		s->shut_in = true;
	if (a[1] != SHUT_WR && s->in != NULL && s->family == AF_UNIX)
		s->in->deaf = true;
	if (a[1] == SHUT_RD)
		return 0;
	s->shut_out = true;
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
	if (s->family == AF_NETLINK)
		return netlink_address(k, s, true, a[1], a[2]);
	return sockaddr_write(k, s->family, &s->own, a[1], a[2]);
}

int64_t sys_getpeername(struct kernel *k, const uint64_t *a)
{
	struct socket *s;
	int r;

	if ((s = socket_of(k, a[0], &r)) == NULL)
		return r;
	own_port(k, s);
	return s->connected ? sockaddr_write(k, s->family, &s->far, a[1], a[2]) : -ENOTCONN;
}

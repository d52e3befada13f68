/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses of sockets as they stand in guest memory. */
#include "emu/kernel/socket.h"

#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

union any {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_un local;
};

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

static void read_local(const struct sockaddr_un *u, uint64_t len, struct end *ret)
{
	uint64_t n = len - offsetof(struct sockaddr_un, sun_path);

	/* an abstract name has a length, a path ends at its NUL */
	if (n > sizeof(ret->path))
		n = sizeof(ret->path);
	if (n != 0 && u->sun_path[0] != 0)
		n = strnlen(u->sun_path, n);
	memcpy(ret->path, u->sun_path, n);
	ret->path_len = (uint32_t)n;
}

int sockaddr_read(struct kernel *k, uint64_t at, uint64_t len, struct end *ret)
{
	return sockaddr_read_as(k, AF_UNSPEC, at, len, ret);
}

int sockaddr_read_as(struct kernel *k, int family, uint64_t at, uint64_t len, struct end *ret)
{
	union any u = { 0 };

	if (len < sizeof(sa_family_t) || len > sizeof(struct sockaddr_storage))
		return -EINVAL;
	if (len > sizeof(u))
		len = sizeof(u);
	if (guest_get(k, at, &u, len) < 0)
		return -EFAULT;
	if (family != AF_UNSPEC)
		u.any.sa_family = (sa_family_t)family;
	*ret = (struct end){ 0 };
	if (u.any.sa_family == AF_UNIX) {
		read_local(&u.local, len, ret);
		return 0;
	}
	if (u.any.sa_family == AF_INET && len >= sizeof(u.four)) {
		ret->address.family = 4;
		memcpy(ret->address.raw, &u.four.sin_addr, 4);
		ret->port = ntohs(u.four.sin_port);
		return 0;
	}
	if (u.any.sa_family == AF_INET6 && len >= 24) {
		ret->port = ntohs(u.six.sin6_port);
		if (memcmp(&u.six.sin6_addr, mapped, sizeof(mapped)) == 0) {
			ret->address.family = 4;
			memcpy(ret->address.raw, u.six.sin6_addr.s6_addr + 12, 4);
			return 0;
		}
		ret->address.family = 6;
		memcpy(ret->address.raw, &u.six.sin6_addr, 16);
		return 0;
	}
	if (u.any.sa_family == AF_INET || u.any.sa_family == AF_INET6)
		return -EINVAL;
	return u.any.sa_family == AF_UNSPEC ? 0 : -EAFNOSUPPORT;
}

static uint32_t encode(int family, const struct end *e, union any *u)
{
	memset(u, 0, sizeof(*u));
	if (family == AF_UNIX) {
		bool abstract = e->path_len != 0 && e->path[0] == 0;

		u->local.sun_family = AF_UNIX;
		memcpy(u->local.sun_path, e->path, e->path_len);
		/* a path is told with its NUL */
		return (uint32_t)offsetof(struct sockaddr_un, sun_path) + e->path_len + (e->path_len != 0 && !abstract &&
		    e->path_len < sizeof(e->path));
	}
	if (family == AF_INET6) {
		u->six.sin6_family = AF_INET6;
		u->six.sin6_port = htons(e->port);
		if (e->address.family == 4) {
			memcpy(u->six.sin6_addr.s6_addr, mapped, sizeof(mapped));
			memcpy(u->six.sin6_addr.s6_addr + 12, e->address.raw, 4);
		} else {
			memcpy(&u->six.sin6_addr, e->address.raw, 16);
		}
		return sizeof(u->six);
	}
	u->four.sin_family = AF_INET;
	u->four.sin_port = htons(e->port);
	memcpy(&u->four.sin_addr, e->address.raw, 4);
	return sizeof(u->four);
}

int sockaddr_write(struct kernel *k, int family, const struct end *e, uint64_t at, uint64_t len_at)
{
	uint32_t room, len;
	union any u;

	if (at == 0 || len_at == 0)
		return 0;
	if (guest_get(k, len_at, &room, sizeof(room)) < 0)
		return -EFAULT;
	if ((int32_t)room < 0)
		return -EINVAL;
	len = encode(family, e, &u);
	if (guest_put(k, at, &u, room < len ? room : len) < 0)
		return -EFAULT;
	return guest_put(k, len_at, &len, sizeof(len));
}

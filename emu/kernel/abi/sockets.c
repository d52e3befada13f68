/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The multiplexer of socket calls, and messages, whose structures name others. */
#include "emu/kernel/abi/abi.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { PARTS_MAX = 64, ADDRESS_MAX = 128 };

static const struct abi *abi_of_call(const struct kernel *k)
{
	return k->current->abi_now;
}

/* Which call, and a list of its arguments. include/uapi/linux/net.h */
int64_t own_socketcall(struct kernel *k, const uint64_t *a)
{
	static const struct { uint16_t native; uint8_t count; } calls[] = {
		[1] = { __NR_socket, 3 }, [2] = { __NR_bind, 3 }, [3] = { __NR_connect, 3 }, [4] = { __NR_listen, 2 },
		[5] = { __NR_accept, 3 }, [6] = { __NR_getsockname, 3 }, [7] = { __NR_getpeername, 3 },
		[8] = { __NR_socketpair, 4 }, [9] = { CALL_SEND, 4 }, [10] = { CALL_RECV, 4 }, [11] = { __NR_sendto, 6 },
		[12] = { __NR_recvfrom, 6 }, [13] = { __NR_shutdown, 2 }, [14] = { __NR_setsockopt, 5 },
		[15] = { __NR_getsockopt, 5 }, [16] = { __NR_sendmsg, 3 }, [17] = { __NR_recvmsg, 3 }, [18] = { __NR_accept4, 4 },
		[20] = { __NR_sendmmsg, 4 },
	};
	uint64_t raw[6] = { 0 };

	if (a[0] >= COUNT_OF(calls) || calls[a[0]].count == 0)
		return -EINVAL;
	for (unsigned i = 0; i < calls[a[0]].count; i++)
		if (abi_get_word(k, abi_of_call(k), a[1] + i * 4, &raw[i]) < 0)
			return -EFAULT;
	return abi_dispatch(k, abi_of_call(k), calls[a[0]].native, raw);
}

int64_t own_send(struct kernel *k, const uint64_t *a)
{
	return abi_native(k, abi_of_call(k), __NR_sendto, false, (const uint64_t[6]){ a[0], a[1], a[2], a[3] });
}

int64_t own_recv(struct kernel *k, const uint64_t *a)
{
	return abi_native(k, abi_of_call(k), __NR_recvfrom, false, (const uint64_t[6]){ a[0], a[1], a[2], a[3] });
}

int64_t own_setsockopt(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	bool general = (uint32_t)a[1] == abi->socket_level;
	uint64_t level = general ? SOL_SOCKET : a[1], option = general ? abi_value_in(abi->options, a[2]) : a[2], at;
	enum layout layout = general && (option == SO_RCVTIMEO || option == SO_SNDTIMEO) ? LAYOUT_TIMEVAL : LAYOUT_INT;
	const uint8_t *guest = space_at(k->current->space, a[3], layout_size(abi, layout), RANGE_READ);
	uint8_t *host;

	/* what is shorter has no order, or is an error */
	if (abi->same_layouts || (uint32_t)a[4] < layout_size(abi, layout))
		return abi_call(k, __NR_setsockopt, a[0], level, option, a[3], a[4], 0);
	if (guest == NULL || (at = abi_bounce(k, layout_native_size(layout), &host)) == 0)
		return -EFAULT;
	layout_in(abi, layout, guest, host);
	return abi_call(k, __NR_setsockopt, a[0], level, option, at, layout_native_size(layout), 0);
}

/* Options of sockets as such have numbers of their own on MIPS and BSD, and on MIPS the types too that one of them tells. */
int64_t own_getsockopt(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	uint64_t raw[6] = { a[0], a[1], a[2], a[3], a[4] };
	uint32_t type;
	int64_t r;

	if ((uint32_t)a[1] == abi->socket_level)
		raw[2] = abi_value_in(abi->options, a[2]);
	r = abi_native(k, abi, __NR_getsockopt, false, raw);
	if (r < 0 || abi->types == NULL || (uint32_t)a[1] != abi->socket_level || raw[2] != SO_TYPE)
		return r;
	return abi_get_u32(k, abi, a[3], &type) < 0 ? -EFAULT :
	    abi_put_u32(k, abi, a[3], (uint32_t)abi_value_out(abi->types, type));
}

/* A message header with its parts and its address in the bounce buffer. */
struct message {
	struct msghdr guest;       /* addresses are the guest's */
	uint64_t at;               /* of the header for the handler */
	uint8_t *header, *address; /* hosts of it and of the address; NULL: none */
};

static void *pointer(uint64_t at)
{
	return (void *)(uintptr_t)at;
}

static int message_in(struct kernel *k, const struct abi *abi, uint64_t at, struct message *m)
{
	uint64_t size = layout_size(abi, LAYOUT_IOVEC), to;
	const uint8_t *from = space_at(k->current->space, at, layout_size(abi, LAYOUT_MSGHDR), RANGE_READ);
	struct msghdr header;
	uint16_t family;
	uint8_t *host;

	*m = (struct message){ 0 };
	if (from == NULL)
		return -EFAULT;
	layout_in(abi, LAYOUT_MSGHDR, from, &m->guest);
	header = m->guest;
	if (header.msg_iovlen > PARTS_MAX)
		return -EMSGSIZE;
	if (header.msg_iovlen != 0) {
		from = space_at(k->current->space, (uintptr_t)header.msg_iov, header.msg_iovlen * size, RANGE_READ);
		if (from == NULL || (to = abi_bounce(k, header.msg_iovlen * sizeof(struct iovec), &host)) == 0)
			return -EFAULT;
		for (size_t i = 0; i < header.msg_iovlen; i++)
			layout_in(abi, LAYOUT_IOVEC, from + i * size, host + i * sizeof(struct iovec));
		header.msg_iov = pointer(to);
	}
	if (header.msg_name != NULL) {
		if ((to = abi_bounce(k, ADDRESS_MAX, &m->address)) == 0)
			return -ENOMEM;
		if (header.msg_namelen > ADDRESS_MAX)
			header.msg_namelen = ADDRESS_MAX;
		if (header.msg_namelen != 0 &&
		    space_get(k->current->space, (uintptr_t)header.msg_name, m->address, header.msg_namelen) < 0)
			return -EFAULT;
		family = (uint16_t)abi_load(abi, m->address, 2);
		memcpy(m->address, &family, sizeof(family));
		header.msg_name = pointer(to);
	}
	/* what is told beside a message has the processor's layout too: nothing is */
	header.msg_control = NULL;
	header.msg_controllen = 0;
	if ((m->at = abi_bounce(k, sizeof(struct mmsghdr), &m->header)) == 0)
		return -ENOMEM;
	memcpy(m->header, &header, sizeof(header));
	return 0;
}

int64_t own_sendmsg(struct kernel *k, const uint64_t *a)
{
	struct message m;
	int r;

	if (abi_of_call(k)->same_layouts)
		return abi_call(k, __NR_sendmsg, a[0], a[1], a[2], 0, 0, 0);
	r = message_in(k, abi_of_call(k), a[1], &m);
	return r < 0 ? r : abi_call(k, __NR_sendmsg, a[0], m.at, a[2], 0, 0, 0);
}

int64_t own_recvmsg(struct kernel *k, const uint64_t *a)
{
	const struct abi *abi = abi_of_call(k);
	struct msghdr header;
	struct message m;
	uint16_t family;
	uint8_t own[64];
	int64_t r;

	if (abi->same_layouts)
		return abi_call(k, __NR_recvmsg, a[0], a[1], a[2], 0, 0, 0);
	if ((r = message_in(k, abi, a[1], &m)) < 0 || (r = abi_call(k, __NR_recvmsg, a[0], m.at, a[2], 0, 0, 0)) < 0)
		return r;
	memcpy(&header, m.header, sizeof(header));
	if (m.address != NULL && header.msg_namelen >= 2) {
		uint32_t len = header.msg_namelen < m.guest.msg_namelen ? header.msg_namelen : m.guest.msg_namelen;

		memcpy(&family, m.address, sizeof(family));
		abi_store(abi, m.address, 2, family);
		if (space_put(k->current->space, (uintptr_t)m.guest.msg_name, m.address, len < ADDRESS_MAX ? len : ADDRESS_MAX) < 0)
			return -EFAULT;
	}
	m.guest.msg_namelen = header.msg_namelen;
	m.guest.msg_controllen = 0;
	m.guest.msg_flags = header.msg_flags;
	layout_out(abi, LAYOUT_MSGHDR, &m.guest, own);
	return space_put(k->current->space, a[1], own, layout_size(abi, LAYOUT_MSGHDR)) < 0 ? -EFAULT : r;
}

int64_t own_sendmmsg(struct kernel *k, const uint64_t *a)
{
	enum { MESSAGES_MAX = 16 };
	const struct abi *abi = abi_of_call(k);
	uint64_t size = layout_size(abi, LAYOUT_MSGHDR), step = (size + 4 + abi->word - 1) / abi->word * abi->word;
	int64_t sent = 0;

	if (abi->same_layouts)
		return abi_call(k, __NR_sendmmsg, a[0], a[1], a[2], a[3], 0, 0);
	for (; sent < (int64_t)(uint32_t)a[2] && sent < MESSAGES_MAX; sent++) {
		uint64_t at = a[1] + (uint64_t)sent * step;
		struct message m;
		int64_t n;

		if ((n = message_in(k, abi, at, &m)) < 0 || (n = abi_call(k, __NR_sendmsg, a[0], m.at, a[3], 0, 0, 0)) < 0)
			return sent != 0 ? sent : n;
		if (abi_put_u32(k, abi, at + size, (uint32_t)n) < 0)
			return -EFAULT;
	}
	return sent;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routing netlink, as far as programs ask what interfaces, addresses and routes there are: each dump is answered with
 * the profile's facts. Whatever would change something is refused, as for anyone who is not root.
 */
#include "emu/kernel/socket.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

enum { LO = 1, ETH0 = 2, MTU_LO = 65536, MTU_ETH0 = 1500, QUEUE = 1000, ANSWER_MAX = 4096 };

/* A message as it grows: all of an answer's messages stand in one parcel. */
struct answer {
	uint8_t at[ANSWER_MAX];
	size_t used;
	struct nlmsghdr head;  /* of the message that grows */
	size_t begin;
};

static void begin(struct answer *a, const struct nlmsghdr *question, uint16_t type, const void *body, size_t len)
{
	a->begin = a->used;
	a->head = (struct nlmsghdr){ .nlmsg_type = type, .nlmsg_flags = NLM_F_MULTI, .nlmsg_seq = question->nlmsg_seq,
		.nlmsg_pid = question->nlmsg_pid };
	memcpy(a->at + a->used + sizeof(a->head), body, len);
	a->used += sizeof(a->head) + NLMSG_ALIGN(len);
}

static void put(struct answer *a, uint16_t type, const void *value, size_t len)
{
	struct rtattr attribute = { .rta_len = (uint16_t)RTA_LENGTH(len), .rta_type = type };

	if (a->used + RTA_SPACE(len) > sizeof(a->at))
		return;
	memset(a->at + a->used, 0, RTA_SPACE(len));
	memcpy(a->at + a->used, &attribute, sizeof(attribute));
	memcpy(a->at + a->used + RTA_LENGTH(0), value, len);
	a->used += RTA_SPACE(len);
}

static void put_number(struct answer *a, uint16_t type, uint32_t value)
{
	put(a, type, &value, sizeof(value));
}

static void end(struct answer *a)
{
	a->head.nlmsg_len = (uint32_t)(a->used - a->begin);
	memcpy(a->at + a->begin, &a->head, sizeof(a->head));
}

/* Of eth0: locally administered, another for each seed; as socket_ioctl() tells it. */
static void hardware_address(const struct kernel *k, uint8_t ret[6])
{
	for (unsigned n = 0; n < 6; n++)
		ret[n] = n == 0 ? 2 : (uint8_t)(k->world->seed >> 8 * n);
}

static void put_link(struct kernel *k, struct answer *a, const struct nlmsghdr *question, int index)
{
	struct ifinfomsg i = { .ifi_type = index == LO ? ARPHRD_LOOPBACK : ARPHRD_ETHER, .ifi_index = index,
		.ifi_flags = IFF_UP | IFF_RUNNING | 1 << 16 /* IFF_LOWER_UP */ |
		(index == LO ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST) };
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	const char *name = index == LO ? "lo" : "eth0";
	uint8_t address[6] = { 0 }, state = index == LO ? 0 : 6 /* IF_OPER_UP */;

	if (index == ETH0)
		hardware_address(k, address);
	begin(a, question, RTM_NEWLINK, &i, sizeof(i));
	put(a, IFLA_IFNAME, name, strlen(name) + 1);
	put_number(a, IFLA_TXQLEN, QUEUE);
	put(a, IFLA_OPERSTATE, &state, 1);
	put_number(a, IFLA_MTU, index == LO ? MTU_LO : MTU_ETH0);
	put(a, IFLA_ADDRESS, address, sizeof(address));
	put(a, IFLA_BROADCAST, index == LO ? address : all, sizeof(address));
	put(a, IFLA_QDISC, index == LO ? "noqueue" : "fq_codel", index == LO ? 8 : 9);
	end(a);
}

static void put_address(struct answer *a, const struct nlmsghdr *question, int index, const struct address *address)
{
	bool six = address->family == 6, link = six && address->raw[0] == 0xfe;
	struct ifaddrmsg m = { .ifa_family = six ? AF_INET6 : AF_INET, .ifa_index = (uint32_t)index, .ifa_flags = IFA_F_PERMANENT,
		.ifa_prefixlen = index == LO ? (six ? 128 : 8) : six ? 64 : 24, .ifa_scope = index == LO ? RT_SCOPE_HOST : link ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE };
	const char *name = index == LO ? "lo" : "eth0";
	uint8_t broadcast[4];
	size_t len = six ? 16 : 4;

	begin(a, question, RTM_NEWADDR, &m, sizeof(m));
	put(a, IFA_ADDRESS, address->raw, len);
	if (!six)
		put(a, IFA_LOCAL, address->raw, len);
	if (!six && index != LO) {
		memcpy(broadcast, address->raw, 4);
		broadcast[3] = 255;
		put(a, IFA_BROADCAST, broadcast, 4);
	}
	put(a, IFA_LABEL, name, strlen(name) + 1);
	put_number(a, IFA_FLAGS, IFA_F_PERMANENT);
	end(a);
}

static void addresses(struct kernel *k, struct answer *a, const struct nlmsghdr *question, uint8_t family)
{
	static const struct address loopback[2] = { { 4, { 127, 0, 0, 1 } }, { 6, { [15] = 1 } } };
	const struct profile *p = &k->world->profile;
	struct address link = { 6, { 0xfe, 0x80, [11] = 0xff, [12] = 0xfe } };
	uint8_t mac[6];

	/* every interface has one of its own, made of its hardware's address */
	hardware_address(k, mac);
	memcpy(link.raw + 8, mac, 3);
	memcpy(link.raw + 13, mac + 3, 3);
	link.raw[8] ^= 2;
	for (unsigned i = 0; i < 2; i++)
		if (family == AF_UNSPEC || (family == AF_INET6) == (loopback[i].family == 6))
			put_address(a, question, LO, &loopback[i]);
	for (unsigned i = 0; i < p->addresses_count && a->used + 256 < sizeof(a->at); i++)
		if (family == AF_UNSPEC || (family == AF_INET6) == (p->addresses[i].family == 6))
			put_address(a, question, ETH0, &p->addresses[i]);
	if (p->addresses_count != 0 && family != AF_INET)
		put_address(a, question, ETH0, &link);
}

/* The network that eth0 is in, and the way out of it. */
static void routes(struct kernel *k, struct answer *a, const struct nlmsghdr *question)
{
	const struct profile *p = &k->world->profile;

	for (int out = 1; out >= 0 && p->addresses_count != 0 && p->addresses[0].family == 4; out--) {
		struct rtmsg m = { .rtm_family = AF_INET, .rtm_dst_len = out ? 0 : 24, .rtm_table = RT_TABLE_MAIN,
			.rtm_protocol = out ? RTPROT_BOOT : RTPROT_KERNEL, .rtm_scope = out ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
			.rtm_type = RTN_UNICAST };
		uint8_t raw[4];

		memcpy(raw, p->addresses[0].raw, 4);
		raw[3] = (uint8_t)out;
		begin(a, question, RTM_NEWROUTE, &m, sizeof(m));
		put_number(a, RTA_TABLE, RT_TABLE_MAIN);
		put(a, out ? RTA_GATEWAY : RTA_DST, raw, 4);
		if (!out)
			put(a, RTA_PREFSRC, p->addresses[0].raw, 4);
		put_number(a, RTA_OIF, ETH0);
		end(a);
	}
}

static int queue(struct socket *s, const struct answer *a)
{
	struct parcel *p;

	if (s->arrived.count >= PARCELS_MAX)
		return -ENOBUFS;
	if ((p = calloc(1, sizeof(*p) + a->used)) == NULL)
		return -ENOMEM;
	p->len = a->used;
	memcpy(p->bytes, a->at, a->used);
	socket_put(&s->arrived, p);
	s->arrived_count++;
	return 0;
}

/* One request. */
static int answer(struct kernel *k, struct socket *s, struct nlmsghdr *question, uint8_t family)
{
	struct answer a = { .used = 0 };
	int32_t done = 0;
	int r;

	question->nlmsg_pid = s->own.port;
	switch (question->nlmsg_type) {
	case RTM_GETLINK:
		put_link(k, &a, question, LO);
		if (k->world->profile.addresses_count != 0)
			put_link(k, &a, question, ETH0);
		break;
	case RTM_GETADDR:
		addresses(k, &a, question, family);
		break;
	case RTM_GETROUTE:
		routes(k, &a, question);
		break;
	case RTM_GETNEIGH:
	case RTM_GETRULE:
		break;
	default: {
		struct { int32_t error; struct nlmsghdr of; } refused = { -EPERM, *question };

		begin(&a, question, NLMSG_ERROR, &refused, sizeof(refused));
		a.head.nlmsg_flags = 0;
		end(&a);
		return queue(s, &a);
	}
	}
	if (a.used != 0 && (r = queue(s, &a)) < 0)
		return r;
	a.used = 0;
	begin(&a, question, NLMSG_DONE, &done, sizeof(done));
	end(&a);
	return queue(s, &a);
}

int64_t netlink_send(struct kernel *k, struct socket *s, struct bytes b)
{
	struct bytes left = b;

	if (!s->bound)
		netlink_bind(k, s, 0);
	while (left.left >= sizeof(struct nlmsghdr)) {
		struct nlmsghdr question;
		size_t len;
		int r;

		memcpy(&question, left.at, sizeof(question));
		len = question.nlmsg_len;
		if (len < sizeof(question) || len > left.left)
			return -EINVAL;
		if ((r = answer(k, s, &question, len > sizeof(question) ? left.at[sizeof(question)] : AF_UNSPEC)) < 0)
			return r;
		len = NLMSG_ALIGN(len) < left.left ? NLMSG_ALIGN(len) : left.left;
		left = bytes_of(left.at + len, left.left - len);
	}
	return (int64_t)b.left;
}

void netlink_bind(struct kernel *k, struct socket *s, uint32_t pid)
{
	/* its number is the process's, or some other where that has one already */
	s->own.port = (uint16_t)(pid != 0 ? pid : (uint32_t)k->current->tgid + (unsigned)s->arrived_count);
	s->bound = true;
}

int netlink_address(struct kernel *k, const struct socket *s, bool own, uint64_t at, uint64_t len_at)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK, .nl_pid = own ? s->own.port : 0 };
	uint32_t room, len = sizeof(a);

	if (at == 0 || len_at == 0)
		return 0;
	if (guest_get(k, len_at, &room, sizeof(room)) < 0 || guest_put(k, at, &a, room < len ? room : len) < 0)
		return -EFAULT;
	return guest_put(k, len_at, &len, sizeof(len));
}

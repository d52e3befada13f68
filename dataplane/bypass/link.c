/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnetlink requests, one at a time, each with its answer. linux/rtnetlink.h, linux/if_link.h. */
#include "dataplane/bypass/link.h"

#include <errno.h>
#include <net/if.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>

enum { REQUEST_MAX = 1024, ANSWER_MAX = 16384, GROUPS_FORWARDED = 0xfff8 /* all that the kernel lets a bridge forward */ };

struct request {
	union {
		struct nlmsghdr head;
		uint8_t room[REQUEST_MAX];
	};
};

static struct ifinfomsg *begin(struct request *q, uint16_t type, uint16_t flags, unsigned index)
{
	struct ifinfomsg *m;

	memset(q, 0, sizeof(*q));
	q->head.nlmsg_len = NLMSG_LENGTH(sizeof(*m));
	q->head.nlmsg_type = type;
	q->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	m = NLMSG_DATA(&q->head);
	m->ifi_family = AF_UNSPEC;
	m->ifi_index = (int)index;
	return m;
}

/* Room is for what this file asks, and no more. */
static struct rtattr *put(struct request *q, unsigned short type, const void *value, size_t len)
{
	struct rtattr *a = (struct rtattr *)(void *)(q->room + NLMSG_ALIGN(q->head.nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	if (len > 0)
		memcpy(RTA_DATA(a), value, len);
	q->head.nlmsg_len = NLMSG_ALIGN(q->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
	return a;
}

static void close_nest(struct request *q, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)(q->room + q->head.nlmsg_len - (uint8_t *)nest);
}

static int ask(int fd, struct request *q, void *answer, size_t size)
{
	ssize_t n;
	union {
		struct nlmsghdr head;
		uint8_t room[ANSWER_MAX];
	} got;

	if (send(fd, q->room, q->head.nlmsg_len, 0) < 0)
		return -errno;
	for (;;) {
		if ((n = recv(fd, got.room, sizeof(got.room), 0)) < 0)
			return -errno;
		if (n < (ssize_t)NLMSG_HDRLEN || got.head.nlmsg_len > (size_t)n)
			return -EBADMSG;
		if (got.head.nlmsg_type == NLMSG_ERROR)
			return n < (ssize_t)NLMSG_LENGTH(sizeof(int)) ? -EBADMSG : *(const int *)NLMSG_DATA(&got.head);
		if (answer != NULL && got.head.nlmsg_type == RTM_NEWLINK && (size_t)n >= NLMSG_HDRLEN + size)
			memcpy(answer, NLMSG_DATA(&got.head), size);
	}
}

int link_open(void)
{
	struct timeval patience = { .tv_sec = 2 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0)
		return fd;
	close(fd);
	return -errno;
}

int link_find(int fd, const char *name)
{
	struct ifinfomsg there = { 0 };
	struct request q;
	int r;

	begin(&q, RTM_GETLINK, 0, 0);
	put(&q, IFLA_IFNAME, name, strlen(name) + 1);
	if ((r = ask(fd, &q, &there, sizeof(there))) < 0)
		return r;
	return there.ifi_index > 0 ? there.ifi_index : -ENODEV;
}

int link_bridge(int fd, const char *name)
{
	const uint32_t no_delay = 0;
	const uint16_t groups = GROUPS_FORWARDED;
	const uint8_t no_snooping = 0, no_address = IN6_ADDR_GEN_MODE_NONE;
	struct rtattr *info, *data, *families, *six;
	struct request q;
	int r;

	begin(&q, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0);
	put(&q, IFLA_IFNAME, name, strlen(name) + 1);
	info = put(&q, IFLA_LINKINFO, NULL, 0);
	put(&q, IFLA_INFO_KIND, "bridge", 7);
	data = put(&q, IFLA_INFO_DATA, NULL, 0);
	put(&q, IFLA_BR_FORWARD_DELAY, &no_delay, sizeof(no_delay));
	put(&q, IFLA_BR_GROUP_FWD_MASK, &groups, sizeof(groups));
	put(&q, IFLA_BR_MCAST_SNOOPING, &no_snooping, sizeof(no_snooping));
	close_nest(&q, data);
	close_nest(&q, info);
	if ((r = ask(fd, &q, NULL, 0)) < 0)
		return r == -EEXIST ? 0 : r;
	/* a kernel without IPv6 has no such addresses */
	begin(&q, RTM_NEWLINK, 0, if_nametoindex(name));
	families = put(&q, IFLA_AF_SPEC, NULL, 0);
	six = put(&q, AF_INET6, NULL, 0);
	put(&q, IFLA_INET6_ADDR_GEN_MODE, &no_address, sizeof(no_address));
	close_nest(&q, six);
	close_nest(&q, families);
	(void)ask(fd, &q, NULL, 0);
	return 0;
}

int link_join(int fd, const char *name, unsigned index)
{
	int bridge = link_find(fd, name);
	uint32_t master = (uint32_t)bridge;
	struct request q;

	if (bridge < 0)
		return bridge;
	begin(&q, RTM_NEWLINK, 0, index);
	put(&q, IFLA_MASTER, &master, sizeof(master));
	return ask(fd, &q, NULL, 0);
}

int link_set(int fd, unsigned index, bool up)
{
	struct ifinfomsg *m;
	struct request q;

	m = begin(&q, RTM_NEWLINK, 0, index);
	m->ifi_flags = up ? IFF_UP : 0;
	m->ifi_change = IFF_UP;
	return ask(fd, &q, NULL, 0);
}

int link_carrier(int fd, unsigned index)
{
	struct ifinfomsg there = { 0 };
	struct request q;
	int r;

	begin(&q, RTM_GETLINK, 0, index);
	r = ask(fd, &q, &there, sizeof(there));
	return r < 0 ? r : (there.ifi_flags & IFF_RUNNING) != 0;
}

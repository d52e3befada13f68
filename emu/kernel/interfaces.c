/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the server tells of its network: interfaces by ioctl, and the tables below /proc/net. lo, and eth0 with the
 * profile's first IPv4 address; counters differ between seeds.
 */
#include "emu/kernel/socket.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

enum { LO = 1, ETH0 = 2, LO_MTU = 65536, ETH0_MTU = 1500, TX_QUEUE = 1000 };

static const struct address *own(const struct kernel *k)
{
	const struct profile *p = &k->world->profile;

	for (unsigned i = 0; i < p->addresses_count; i++)
		if (p->addresses[i].family == 4)
			return &p->addresses[i];
	return NULL;
}

/* LO, ETH0, or 0: there is no such interface. */
static int interface_of(const struct kernel *k, const char *name)
{
	if (strncmp(name, "lo", IFNAMSIZ) == 0)
		return LO;
	return strncmp(name, "eth0", IFNAMSIZ) == 0 && own(k) != NULL ? ETH0 : 0;
}

static struct sockaddr_in address_of(const struct kernel *k, int interface, uint64_t request)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	uint8_t raw[4] = { 127, 0, 0, 1 };

	if (interface == ETH0)
		memcpy(raw, own(k)->raw, 4);
	if (request == SIOCGIFBRDADDR)
		raw[3] = 255;
	memcpy(&in.sin_addr, raw, 4);
	if (request == SIOCGIFNETMASK)
		in.sin_addr.s_addr = htonl(interface == LO ? 0xff000000 : 0xffffff00);
	return in;
}

/* A list of both, as far as the guest has room. */
static int64_t list(struct kernel *k, uint64_t at)
{
	struct { int32_t len, pad; uint64_t to; } all;
	static const char *const names[] = { "lo", "eth0" };
	uint64_t count = own(k) != NULL ? 2 : 1, put = 0;

	if (guest_get(k, at, &all, sizeof(all)) < 0)
		return -EFAULT;
	for (; put < count && (all.to == 0 || (int64_t)((put + 1) * sizeof(struct ifreq)) <= all.len); put++) {
		struct sockaddr_in in = address_of(k, put == 0 ? LO : ETH0, SIOCGIFADDR);
		struct ifreq q = { 0 };

		snprintf(q.ifr_name, sizeof(q.ifr_name), "%s", names[put]);
		memcpy(&q.ifr_addr, &in, sizeof(in));
		if (all.to != 0 && guest_put(k, all.to + put * sizeof(q), &q, sizeof(q)) < 0)
			return -EFAULT;
	}
	all.len = (int32_t)(put * sizeof(struct ifreq));
	return guest_put(k, at, &all, sizeof(all));
}

int64_t socket_ioctl(struct kernel *k, struct file *f, uint64_t request, uint64_t at)
{
	struct sockaddr_in in;
	struct ifreq q;
	int interface;

	if (request == SIOCGIFCONF)
		return list(k, at);
	if ((request < SIOCGIFNAME || request > SIOCGIFHWADDR) && request != SIOCGIFMAP && request != SIOCGIFTXQLEN &&
	    request != SIOCGIFINDEX)
		return request >= SIOCSIFLINK && request <= SIOCDIFADDR ? -EPERM : -ENOTTY;
	if (guest_get(k, at, &q, sizeof(q)) < 0)
		return -EFAULT;
	if (request == SIOCGIFNAME) {
		if (q.ifr_ifindex != LO && (q.ifr_ifindex != ETH0 || own(k) == NULL))
			return -ENODEV;
		snprintf(q.ifr_name, sizeof(q.ifr_name), "%s", q.ifr_ifindex == LO ? "lo" : "eth0");
		return guest_put(k, at, &q, sizeof(q));
	}
	if ((interface = interface_of(k, q.ifr_name)) == 0)
		return -ENODEV;
	memset(&q.ifr_ifru, 0, sizeof(q.ifr_ifru));
	switch (request) {
	case SIOCGIFADDR:
	case SIOCGIFDSTADDR:
	case SIOCGIFBRDADDR:
	case SIOCGIFNETMASK:
		in = address_of(k, interface, request);
		memcpy(&q.ifr_addr, &in, sizeof(in));
		break;
	case SIOCGIFFLAGS:
		q.ifr_flags = (short)(IFF_UP | IFF_RUNNING | (interface == LO ? IFF_LOOPBACK : IFF_BROADCAST | IFF_MULTICAST));
		break;
	case SIOCGIFINDEX:
		q.ifr_ifindex = interface;
		break;
	case SIOCGIFMTU:
		q.ifr_mtu = interface == LO ? LO_MTU : ETH0_MTU;
		break;
	case SIOCGIFHWADDR:
		q.ifr_hwaddr.sa_family = interface == LO ? ARPHRD_LOOPBACK : ARPHRD_ETHER;
		for (unsigned i = 0; i < 6 && interface == ETH0; i++) /* locally administered, another for each seed */
			q.ifr_hwaddr.sa_data[i] = i == 0 ? 2 : (char)(k->world->seed >> 8 * i);
		break;
	case SIOCGIFTXQLEN:
		q.ifr_qlen = TX_QUEUE;
		break;
	case SIOCGIFMETRIC:
	case SIOCGIFMAP:
		break;
	default:
		return -EPERM; /* the others change something */
	}
	return guest_put(k, at, &q, sizeof(q));
}

static int devices(const struct kernel *k, char *buf, size_t size)
{
	unsigned long long lo = 5000 + k->world->seed % 89989, eth = 70000000 + k->world->seed % 899899899;
	int len = snprintf(buf, size, "Inter-|   Receive                                                |  Transmit\n"
	    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls "
	    "carrier compressed\n    lo: %llu %llu    0    0    0     0          0         0 %llu %llu    0    0    0     0 "
	    "      0          0\n", lo, lo / 70, lo, lo / 70);

	if (own(k) != NULL)
		len += snprintf(buf + len, size - (size_t)len, "  eth0: %llu %llu    0    0    0     0          0         0 %llu "
		    "%llu    0    0    0     0       0          0\n", eth, eth / 700, eth / 3, eth / 2100);
	return len;
}

static uint32_t raw_of(const struct kernel *k, unsigned last)
{
	uint32_t raw;
	uint8_t octets[4];

	memcpy(octets, own(k)->raw, 4);
	octets[3] = (uint8_t)last;
	memcpy(&raw, octets, 4);
	return raw;
}

static int routes(const struct kernel *k, char *buf, size_t size)
{
	int len = snprintf(buf, size, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n");

	if (own(k) != NULL)
		len += snprintf(buf + len, size - (size_t)len, "eth0\t00000000\t%08X\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
		    "eth0\t%08X\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", raw_of(k, 1), raw_of(k, 0));
	return len;
}

/* An address as these tables have it: each 32 bits as a number of the machine. */
static int put_address(char *buf, size_t size, const struct address *a, uint16_t port, bool six)
{
	uint8_t raw[16] = { [10] = 0xff, [11] = 0xff };
	int len = 0;

	if (six && a->family == 4 && memcmp(a->raw, "\0\0\0\0", 4) != 0)
		memcpy(raw + 12, a->raw, 4);
	else
		memcpy(raw, a->raw, sizeof(raw));
	for (unsigned i = 0; i < (six ? 16 : 4); i += 4) {
		uint32_t v;

		memcpy(&v, raw + i, 4);
		len += snprintf(buf + len, size - (size_t)len, "%08X", v);
	}
	return len + snprintf(buf + len, size - (size_t)len, ":%04X", port);
}

/* A row of a table of connections. */
static int put_row(char *buf, size_t size, unsigned number, const struct end ends[2], unsigned state, uint32_t uid, bool six)
{
	char texts[2][48];

	for (int i = 0; i < 2; i++)
		put_address(texts[i], sizeof(texts[i]), &ends[i].address, ends[i].port, six);
	return snprintf(buf, size, "%4u: %s %s %02X 00000000:00000000 00:00000000 00000000 %5u        0 %u 1 0000000000000000 "
	    "100 0 0 10 0\n", number, texts[0], texts[1], state, uid, 12000 + number * 37);
}

/* The ports that the server itself listens on, and the guest's sockets. */
static int connections(const struct kernel *k, int type, bool six, char *buf, size_t size)
{
	enum { ESTABLISHED = 1, CLOSED = 7, LISTENS = 10 };
	const struct profile *p = &k->world->profile;
	unsigned number = 0;
	int len = snprintf(buf, size, "  sl  local_address %srem_address   %sst tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
	    "inode%s\n", six ? "                        " : "", six ? "                     " : "",
	    type == SOCK_DGRAM ? " ref pointer drops" : "");

	for (unsigned i = 0; type == SOCK_STREAM && !six && i < p->ports_count && (size_t)len + 256 < size; i++) {
		const struct end ends[2] = { [0] = { .port = p->ports[i] } };

		len += put_row(buf + len, size - (size_t)len, number++, ends, LISTENS, 0, six);
	}
	for (const struct socket *s = k->sockets; s != NULL && (size_t)len + 512 < size; s = s->next) {
		const struct end ends[2] = { [0] = s->own, [1] = s->connected ? s->far : (struct end){ .port = 0 } };

		if (s->type != type || s->family != (six ? AF_INET6 : AF_INET) || !s->bound)
			continue;
		len += put_row(buf + len, size - (size_t)len, number++, ends, s->listening ? LISTENS : s->connected ? ESTABLISHED : CLOSED,
		    k->current->who.uid, six);
	}
	return len;
}

static int local_sockets(const struct kernel *k, char *buf, size_t size)
{
	int len = snprintf(buf, size, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	unsigned number = 0;

	for (const struct socket *s = k->sockets; s != NULL && (size_t)len + 256 < size; s = s->next) {
		bool abstract = s->own.path_len != 0 && s->own.path[0] == 0;

		if (s->family != AF_UNIX)
			continue;
		len += snprintf(buf + len, size - (size_t)len, "%016x: 00000002 00000000 %08X %04X %02X %u%s%s%.*s\n", 0,
		    s->listening ? 0x10000 : 0, s->type, s->connected ? 3 : 1, 13000 + 31 * number++, s->own.path_len != 0 ? " " : "",
		    abstract ? "@" : "", (int)s->own.path_len - abstract, s->own.path + abstract);
	}
	return len;
}

int network_file(const struct kernel *k, const char *name, char *buf, size_t size)
{
	static const struct { const char *name; int type; bool six; } tables[] = {
		{ "tcp", SOCK_STREAM, false }, { "tcp6", SOCK_STREAM, true }, { "udp", SOCK_DGRAM, false },
		{ "udp6", SOCK_DGRAM, true }, { "raw", SOCK_RAW, false }, { "raw6", SOCK_RAW, true },
	};

	for (size_t i = 0; i < COUNT_OF(tables); i++)
		if (strcmp(name, tables[i].name) == 0)
			return connections(k, tables[i].type, tables[i].six, buf, size);
	if (strcmp(name, "dev") == 0)
		return devices(k, buf, size);
	if (strcmp(name, "route") == 0)
		return routes(k, buf, size);
	if (strcmp(name, "unix") == 0)
		return local_sockets(k, buf, size);
	if (strcmp(name, "arp") == 0)
		return snprintf(buf, size, "IP address       HW type     Flags       HW address            Mask     Device\n");
	return -ENOENT;
}

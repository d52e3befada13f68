/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS, HTTP, ping and file shares, as events and personas. */
#include "emu/windows/host/web.h"
#include "emu/world/network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { UDP = 17, TCP = 6, ICMP = 1, TYPE_A = 1, CONNECTS_MAX = 64, ANSWER_MAX = 2048, PORT_SMB = 445 };

/* A question as the resolver gets it. False: no name of DNS. */
static bool question(const char *name, uint16_t type, uint8_t *raw, size_t size, struct bytes *ret)
{
	struct sink s = sink_over(raw, size);

	sink_put(&s, "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12);
	while (*name != 0) {
		size_t len = strcspn(name, ".");

		if (len == 0 || len > 63)
			return false;
		sink_u8(&s, (uint8_t)len);
		sink_put(&s, name, len);
		name += len;
		name += *name == '.';
	}
	sink_u8(&s, 0);
	sink_u8(&s, (uint8_t)(type >> 8));
	sink_u8(&s, (uint8_t)type);
	sink_put(&s, "\0\1", 2);
	return sink_done(&s, ret) == 0;
}

bool web_ask(struct host *h, const char *name, uint16_t type, struct address *ret)
{
	uint8_t raw[512], reply[ANSWER_MAX];
	struct peer *p;
	struct bytes b;
	int64_t len;

	if (*name == 0 || strlen(name) > 253 || !question(name, type, raw, sizeof(raw), &b) || !host_step(h) ||
	    (p = peer_new(h->world->network, UDP, false)) == NULL)
		return false;
	len = peer_send(p, &h->world->profile.resolver, 53, b) < 0 ? -1 : peer_receive(p, reply, sizeof(reply), false, NULL, NULL);
	peer_close(p);
	/* the persona's answer ends in the address */
	if (len < 16 || (reply[3] & 15) != 0 || reply[7] == 0 || type != TYPE_A)
		return false;
	*ret = (struct address){ .family = 4 };
	memcpy(ret->raw, reply + len - 4, 4);
	return true;
}

bool web_resolve(struct host *h, const char *name, struct address *ret)
{
	struct address a;
	char *end;
	unsigned long v;

	if (address_parse(name, &a) == 0) {
		*ret = a;
		return true;
	}
	/* inet_addr()'s other ways to write one: a number, or fewer parts */
	v = strtoul(name, &end, 0);
	if (end != name && *end == 0 && v <= UINT32_MAX) {
		*ret = (struct address){ 4, { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v } };
		return true;
	}
	if (same_name(name, "localhost") || same_name(name, host_fact(h, "HOSTNAME"))) {
		*ret = (struct address){ 4, { 127, 0, 0, 1 } };
		return true;
	}
	return web_ask(h, name, TYPE_A, ret);
}

struct peer *web_connect(struct host *h, const char *name, uint16_t port)
{
	unsigned connects = 0;
	struct address a;
	struct peer *p;

	for (unsigned i = 0; i < record_outcome(h->world->record)->run.events_count; i++)
		connects += record_outcome(h->world->record)->run.events[i].kind == EVENT_CONNECT;
	if (connects >= CONNECTS_MAX)
		host_stop(h, STOPPED_CONNECTS);
	if (!host_step(h) || !web_resolve(h, name, &a))
		return NULL;
	if ((p = peer_new(h->world->network, TCP, false)) == NULL) {
		host_stop(h, STOPPED_MEMORY);
		return NULL;
	}
	network_round_trip(h->world);
	if (peer_connect(p, &a, port) < 0) {
		peer_close(p);
		return NULL;
	}
	return p;
}

bool web_url(struct host *h, const char *url, struct web_url *ret)
{
	static const struct { const char *name; uint16_t port; } schemes[] = { { "http", 80 }, { "https", 443 }, { "ftp", 21 } };
	const char *colon = strstr(url, "://"), *at, *end, *port;
	size_t len = colon != NULL ? (size_t)(colon - url) : 0;
	struct web_url u = { 0 };

	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if (strlen(schemes[i].name) == len && strncasecmp(url, schemes[i].name, len) == 0) {
			strcpy(u.scheme, schemes[i].name);
			u.port = schemes[i].port;
		}
	if (colon == NULL || u.port == 0)
		return false;
	url = colon + 3;
	end = url + strcspn(url, "/?#\\");
	at = memchr(url, '@', (size_t)(end - url));
	url = at != NULL ? at + 1 : url;
	port = *url == '[' ? strchr(url, ']') : url;
	port = port != NULL ? memchr(port, ':', end > port ? (size_t)(end - port) : 0) : NULL;
	len = (size_t)((port != NULL ? port : end) - url);
	if (len >= 2 && url[0] == '[') {
		url++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(u.host))
		return false;
	memcpy(u.host, url, len);
	if (port != NULL && port + 1 < end) {
		unsigned long v = strtoul(port + 1, NULL, 10);

		if (v == 0 || v > UINT16_MAX)
			return false;
		u.port = (uint16_t)v;
	}
	u.target = *end == '/' ? heap_text(h->heap, bytes_text(end)) : heap_print(h->heap, "/%s", *end == '\\' ? end + 1 : end);
	((char *)(uintptr_t)u.target)[strcspn(u.target, "#")] = 0;
	*ret = u;
	return true;
}

/* What an answer's body is: after its head. */
static struct bytes body_of(struct bytes all)
{
	ptrdiff_t end = bytes_find(all, bytes_text("\r\n\r\n"));

	return end < 0 ? all : bytes_of(all.at + end + 4, all.left - (size_t)end - 4);
}

static struct bytes receive(struct host *h, struct peer *p)
{
	struct text t = text_in(h->heap);
	uint8_t some[ANSWER_MAX];
	int64_t len;

	while ((len = peer_receive(p, some, sizeof(some), false, NULL, NULL)) > 0)
		text_add(&t, bytes_of(some, (size_t)len));
	return text_bytes(&t);
}

/* Bytes of whoever the URL belongs to: another seed, other bytes. */
static struct bytes unseen(struct host *h, const char *url)
{
	uint64_t mark = 1469598103934665603ull ^ h->world->seed;

	for (const char *c = url; *c != 0; c++)
		mark = (mark ^ (uint8_t)*c) * 1099511628211ull;
	return bytes_text(heap_print(h->heap, "%016llx%.*s\n", (unsigned long long)mark, (int)(mark % 7), "000000"));
}

int web_fetch(struct host *h, const char *method, const char *url, struct bytes body, struct bytes *ret)
{
	struct text request = text_in(h->heap);
	struct web_url u;
	struct event *e;
	struct peer *p;

	if (!web_url(h, url, &u))
		return -EINVAL;
	if ((p = web_connect(h, u.host, u.port)) == NULL)
		return -ENOENT;
	network_round_trip(h->world);
	if (strcmp(u.scheme, "http") != 0) {
		/* what is asked for, as the server's own log would have it: no trace of the wire */
		if ((e = world_event(h->world, EVENT_OPEN)) != NULL)
			e->path = world_keep_text(h->world, url);
		*ret = unseen(h, url);
		return 0;
	}
	text_print(&request, "%s %s HTTP/1.1\r\nHost: %s", method, u.target, u.host);
	if (u.port != 80)
		text_print(&request, ":%u", u.port);
	text_print(&request, "\r\n");
	if (body.left != 0)
		text_print(&request, "Content-Length: %zu\r\n", body.left);
	text_print(&request, "Connection: close\r\n\r\n");
	text_add(&request, body);
	if (peer_send(p, NULL, 0, text_bytes(&request)) < 0)
		return -ENOENT;
	*ret = body_of(receive(h, p));
	return 0;
}

unsigned web_ping(struct host *h, const struct address *a, unsigned count, unsigned bytes)
{
	uint8_t request[8 + 2048] = { 8 }, reply[4096];
	struct peer *p = peer_new(h->world->network, a->family == 6 ? 58 : ICMP, false);
	unsigned answered = 0;

	if (p == NULL)
		return 0;
	request[0] = a->family == 6 ? 128 : 8;
	bytes = bytes < 2000 ? bytes : 2000;
	for (unsigned i = 0; i < count && host_step(h); i++) {
		request[7] = (uint8_t)(i + 1);
		(void)!peer_send(p, a, 0, bytes_of(request, 8 + bytes));
		answered += peer_receive(p, reply, sizeof(reply), false, NULL, NULL) > 0;
		if (i + 1 < count)
			host_sleep(h, 1000000000);
	}
	peer_close(p);
	return answered;
}

void web_share(struct host *h, const char *unc)
{
	char name[256];
	size_t len = strcspn(unc + 2, "\\/@");

	if (len == 0 || len >= sizeof(name))
		return;
	memcpy(name, unc + 2, len);
	name[len] = 0;
	(void)!web_connect(h, name, PORT_SMB);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way of spooled lines to one collector. */
#include "control/journal/collector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BURST = 512 /* lines of one step, so that the loop goes on */, COUNT_MAX = 16 /* bytes of an octet count */ };
/*
 * A line counts as taken when the connection lived on for so long after it was acknowledged: what a collector's kernel
 * has, its program need not have read when it is restarted, and then the connection ends in a reset. A host tells that
 * nobody listens to a datagram at once.
 */
static const uint64_t settle_ns = UINT64_C(5000000000), settle_udp_ns = UINT64_C(1000000000);
/* One that acknowledges and does not read gets so much longer; not for ever, since a window may have become small for another reason. */
static const uint64_t unread_ns = UINT64_C(600000000000);
static const uint64_t backoff_min_ns = UINT64_C(250000000), backoff_max_ns = UINT64_C(10000000000);
/*
 * A host refuses one datagram a second for certain (Linux's icmp_ratelimit, after a few at once): UDP tries no sooner
 * after a break, and with one line.
 */
static const uint64_t refusal_ns = UINT64_C(1100000000);
/*
 * Nobody tells of a datagram that found a full socket buffer (RFC 5426 4.3). Linux's default one (212,992 bytes) holds 48
 * of the size of ours: few at once, then 250 a second, leaves a collector an eighth of a second in which it reads nothing.
 */
static const uint64_t udp_pace_ns = UINT64_C(4000000), udp_ahead_ns = UINT64_C(64000000);

int collector_init(struct collector *c, const struct settings *settings, const struct syslog_target *to, struct store *store, char *why)
{
	static const char *const schemes[] = { [SYSLOG_UDP] = "udp", [SYSLOG_TCP] = "tcp", [SYSLOG_TLS] = "tls" };
	int r;

	*c = (struct collector){ .settings = settings, .to = to, .store = store, .link = { .transport = to->transport, .fd = -1 } };
	snprintf(c->name, sizeof(c->name), "%s:%s:%u", schemes[to->transport], to->host, to->port);
	snprintf(why, TLS_WHY_MAX, "out of memory");
	if ((c->window = calloc(COLLECTOR_WINDOW, sizeof(*c->window))) == NULL)
		return -ENOMEM;
	if (to->transport == SYSLOG_TLS && (r = tls_credentials_new(to, &c->credentials, why)) < 0)
		return r;
	c->link.credentials = c->credentials;
	if ((r = store_spool_taken(store, c->name, &c->taken)) < 0) {
		snprintf(why, TLS_WHY_MAX, "%s", store_why(r));
		return r;
	}
	c->sent = c->noted = c->taken;
	c->placed = c->taken > 0;
	return 0;
}

void collector_fini(struct collector *c)
{
	link_close(&c->link);
	lookup_free(c->lookup);
	if (c->found != NULL)
		freeaddrinfo(c->found);
	tls_credentials_free(c->credentials);
	free(c->window);
}

/* The connection is gone, or never came: what was not taken is sent again later. */
static void collector_break(struct collector *c, const char *why)
{
	snprintf(c->why, sizeof(c->why), "%s", why);
	c->counts.refused += c->link.refused;
	link_close(&c->link);
	c->sent = c->taken;
	c->count = c->frame_len = 0;
	c->backoff_ns = c->backoff_ns == 0 ? backoff_min_ns : c->backoff_ns * 2;
	if (c->backoff_ns > backoff_max_ns)
		c->backoff_ns = backoff_max_ns;
	if (c->to->transport == SYSLOG_UDP && c->backoff_ns < refusal_ns)
		c->backoff_ns = refusal_ns;
	c->retry_ns = c->now_ns + c->backoff_ns;
	c->down = true;
	c->counts.breaks++;
}

/* The addresses of its name, asked for again once all of them were tried. True: c->next is there. */
static bool collector_find(struct collector *c)
{
	int type = c->to->transport == SYSLOG_UDP ? SOCK_DGRAM : SOCK_STREAM, r = 0;
	const char *why = "no memory to look up its name";

	if (c->next != NULL)
		return true;
	if (c->lookup == NULL)
		r = lookup_new(c->to->host, c->to->port, type, &c->lookup);
	if (r == 0) {
		if (c->found != NULL)
			freeaddrinfo(c->found);
		c->found = NULL;
		r = lookup_poll(c->lookup, &c->found, &why);
		if (r == -EAGAIN)
			return false;
		lookup_free(c->lookup);
		c->lookup = NULL;
	}
	c->next = c->found;
	if (c->next == NULL)
		collector_break(c, why);
	return c->next != NULL;
}

static void collector_connect(struct collector *c)
{
	const struct addrinfo *to;

	if (!collector_find(c))
		return;
	to = c->next;
	if (address_of_socket(to->ai_addr, &c->peer) < 0)
		c->peer.family = 0;
	c->next = to->ai_next;
	c->proven = false;
	if (!link_open(&c->link, to, c->now_ns))
		collector_break(c, c->link.why);
}

/* Lines that the other side has, and that no break followed for a while. */
static void collector_settle(struct collector *c)
{
	uint64_t acknowledged = link_acknowledged(&c->link), need = c->to->transport == SYSLOG_UDP ? settle_udp_ns : settle_ns;

	if (c->count > 0 && !link_reads(&c->link))
		need = unread_ns;
	while (c->count > 0) {
		const struct sent_line *l = &c->window[c->head];

		if (l->end > acknowledged || c->now_ns - l->at_ns < need)
			break;
		c->taken = l->number;
		c->proven = true;
		c->head = (c->head + 1) % COLLECTOR_WINDOW;
		c->count--;
		c->backoff_ns = 0;
		c->down = false;
		c->next = NULL; /* after a break this name is asked for again, its first address first */
		c->counts.taken++;
	}
}

/* Numbers between the place and the next line are gone: the spool was full before they were taken. Each is counted once. */
static void gap_count(struct collector *c, uint64_t number)
{
	uint64_t from = c->sent > c->gap_end ? c->sent : c->gap_end;

	if (c->placed && number > from + 1) {
		c->counts.lost += number - from - 1;
		c->gap_end = number - 1;
	}
	c->placed = true;
}

/* Is this spooled verdict for it? What is not is counted once, however often a break makes it come again. */
static bool is_wanted(struct collector *c, uint64_t number, struct bytes spooled, struct entry *ret)
{
	bool again = number <= c->looked;

	c->looked = again ? c->looked : number;
	if (entry_decode(spooled, ret) < 0) {
		c->counts.lost += !again; /* no line of ours: the disk went wrong */
		return false;
	}
	if (entry_passes(ret, c->settings, &c->to->filter))
		return true;
	c->counts.filtered += !again;
	return false;
}

/*
 * The next line that passes the filter, as the transport frames it; those before it that do not are passed over, at
 * most BURST at a time. -ENOENT: none. -EAGAIN: there may be one further on.
 */
static int frame_next(struct collector *c)
{
	struct entry e;
	struct bytes spooled, line;
	uint64_t number = 0;
	bool found = false;
	int r, head = 0;

	for (unsigned i = 0; i < BURST && !found; i++) {
		if ((r = store_spool_next(c->store, c->sent, &number, &spooled)) < 0)
			return r;
		gap_count(c, number);
		found = is_wanted(c, number, spooled, &e);
		c->sent = found ? number - 1 : number;
	}
	if (!found)
		return -EAGAIN;
	line = entry_line(&e, c->to->format);
	if (c->to->transport != SYSLOG_UDP)
		head = snprintf((char *)c->frame, COUNT_MAX, "%zu ", line.left);
	if (line.left > sizeof(c->frame) - COUNT_MAX)
		line.left = sizeof(c->frame) - COUNT_MAX; /* lines are bounded where they are made; a foreign spool is not */
	memcpy(c->frame + head, line.at, line.left);
	c->frame_len = (size_t)head + line.left;
	c->frame_off = 0;
	c->frame_number = number;
	return 0;
}

static bool may_send(const struct collector *c)
{
	if (c->to->transport == SYSLOG_UDP)
		return c->count < (c->proven ? COLLECTOR_WINDOW : 1) && c->paced_ns < c->now_ns + udp_ahead_ns;
	return c->count < COLLECTOR_WINDOW;
}

/* 1: a line went out whole; 0: the socket takes no more or nothing is left; -EPIPE: broken; the store's error. */
static int line_send(struct collector *c)
{
	int r;

	if (c->frame_len == 0 && (r = frame_next(c)) < 0)
		return r == -ENOENT || r == -EAGAIN ? 0 : r;
	r = link_send(&c->link, c->frame, c->frame_len, &c->frame_off);
	if (r <= 0)
		return r < 0 ? -EPIPE : 0;
	c->window[(c->head + c->count++) % COLLECTOR_WINDOW] = (struct sent_line){ c->frame_number, c->link.written, c->now_ns };
	c->sent = c->frame_number;
	c->frame_len = 0;
	c->paced_ns = (c->paced_ns > c->now_ns ? c->paced_ns : c->now_ns) + udp_pace_ns;
	c->counts.sent++;
	return 1;
}

/* What is not meant for it needs no connection to be done with. */
static int pass_over(struct collector *c)
{
	int r = c->frame_len == 0 ? frame_next(c) : 0;

	if (c->link.state != LINK_UP)
		c->frame_len = 0; /* it is asked for again: the spool may drop it meanwhile */
	return r == -ENOENT || r == -EAGAIN ? 0 : r;
}

int collector_step(struct collector *c, uint64_t now_ns)
{
	int r = 1;

	c->now_ns = now_ns;
	if (c->link.state == LINK_NONE && now_ns >= c->retry_ns)
		collector_connect(c);
	if (c->link.state != LINK_NONE && !link_step(&c->link, now_ns))
		collector_break(c, c->link.why);
	if (c->link.state == LINK_UP) {
		collector_settle(c);
		for (unsigned i = 0; i < BURST && r > 0 && may_send(c); i++)
			r = line_send(c);
		if (r == -EPIPE)
			collector_break(c, c->link.why);
		else if (r < 0)
			return r;
	}
	if (c->count == 0 && (r = pass_over(c)) < 0)
		return r;
	if (c->count == 0)
		c->taken = c->sent;
	return 0;
}

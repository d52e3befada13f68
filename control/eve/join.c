/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts of others and the cases they belong to: the same two ends, the same transaction or moment. */
#include "control/eve/inside.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>

/* An IDS that reads streams as they are acknowledged tells a little after the last byte; EVE has microseconds. */
static const uint64_t after_ns = UINT64_C(200000000), before_ns = UINT64_C(1000);

static int end_compare(const struct flow_ends *a, unsigned i, const struct flow_ends *b, unsigned k)
{
	int r = (int)a->end[i].address.family - (int)b->end[k].address.family;

	if (r == 0)
		r = memcmp(a->end[i].address.raw, b->end[k].address.raw, sizeof(a->end[i].address.raw));
	return r != 0 ? r : (int)a->end[i].port - (int)b->end[k].port;
}

struct flow_ends flow_ends_of(const struct tuple *t)
{
	struct flow_ends e = { .protocol = t->protocol, .end = { { t->src, t->sport }, { t->dst, t->dport } } };
	struct flow_ends swapped = { .protocol = t->protocol, .end = { { t->dst, t->dport }, { t->src, t->sport } } };

	return end_compare(&e, 0, &e, 1) <= 0 ? e : swapped;
}

int flow_ends_compare(const struct flow_ends *a, const struct flow_ends *b)
{
	int r = (int)a->protocol - (int)b->protocol;

	if (r == 0)
		r = end_compare(a, 0, b, 0);
	return r != 0 ? r : end_compare(a, 1, b, 1);
}

int eve_rules_write(const struct eve *e, FILE *to)
{
	char a[ADDRESS_TEXT], b[ADDRESS_TEXT];
	unsigned sid = 0;

	for (unsigned i = 0; i < e->places_count; i++) {
		const struct flow_ends *f = &e->places[i].ends;

		if (i > 0 && flow_ends_compare(f, &e->places[i - 1].ends) == 0)
			continue;
		/* any byte of it will do; one pattern for all of these rules costs one look for all of them */
		fprintf(to, "alert %s [%s] %u <> [%s] %u (msg:\"a flow of another IDS's alert\"; pcre:\"/./s\"; priority:4; "
		        "gid:%u; sid:%u;)\n", f->protocol == IPPROTO_TCP ? "tcp" : "udp",
		        address_format(&f->end[0].address, a), f->end[0].port, address_format(&f->end[1].address, b),
		        f->end[1].port, EVE_FLOW_GID, ++sid);
	}
	return fflush(to) != 0 ? -errno : ferror(to) ? -EIO : 0;
}

static uint64_t least_of(uint64_t a, uint64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

static bool belongs(const struct eve_alert *a, const struct case_record *c)
{
	uint64_t begin = least_of(c->request_first_ns, c->response_first_ns), end = c->request_last_ns;

	if (c->response_last_ns > end)
		end = c->response_last_ns;
	if (a->has_tx && c->app == APP_HTTP && a->tx_id != c->tx_id)
		return false;
	return a->time_ns + before_ns >= begin && a->time_ns <= end + after_ns;
}

/* Most severe first, as the dataplane orders them; what falls out behind is counted. */
static void alert_put(struct case_record *c, const struct case_alert *a)
{
	uint32_t i = c->alerts_count;

	if (i == CASE_ALERTS_MAX) {
		c->alerts_left++;
		if (a->severity >= c->alerts[--i].severity)
			return;
	} else {
		c->alerts_count++;
	}
	for (; i > 0 && a->severity < c->alerts[i - 1].severity; i--)
		c->alerts[i] = c->alerts[i - 1];
	c->alerts[i] = *a;
}

/* Our own rule has fired here, whether there was room to name it or not. */
static void marks_remove(struct case_record *c)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->alerts_count; i++)
		if (c->alerts[i].gid != EVE_FLOW_GID)
			c->alerts[kept++] = c->alerts[i];
	if (kept == c->alerts_count && c->alerts_left > 0)
		c->alerts_left--;
	c->alerts_count = kept;
}

unsigned eve_join(struct eve *e, struct case_record *c)
{
	const struct flow_ends ends = flow_ends_of(&c->tuple);
	unsigned low = 0, high = e->places_count, joined = 0;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (flow_ends_compare(&e->places[middle].ends, &ends) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == e->places_count || flow_ends_compare(&e->places[low].ends, &ends) != 0)
		return 0;
	marks_remove(c);
	for (; low < e->places_count && flow_ends_compare(&e->places[low].ends, &ends) == 0; low++) {
		struct eve_alert *a = &e->alerts[e->places[low].alert];

		if (!belongs(a, c))
			continue;
		a->joined = true;
		alert_put(c, &a->alert);
		joined++;
	}
	return joined;
}

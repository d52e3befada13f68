/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From events to network traces: what every run does must show, what names have in common is a pattern. */
#include "emu/trace/network.h"

#include "emu/trace/model.h"
#include "emu/trace/pattern.h"
#include "emu/trace/readable.h"

#include <stdio.h>
#include <string.h>

enum { MARKS_MAX = 64, URL_SCHEME_MAX = 16, UDP = 17 };

/*
 * Bits: an address is one of 2^32 (of IPv6 the 48 bits of a network count alone); a port that servers use all day adds
 * nothing; a listening port is one of 2^16, less four bits as attackers like some; a name as the background model says.
 */
static const double ADDRESS4_BITS = 32, ADDRESS6_BITS = 48, PORT_BITS = 8, LISTEN_BITS = 12, NAME_BITS_MAX = 64;
/* A delay is one beyond the 99th percentile. */
static const double DELAY_BITS = 6.6;
static const uint64_t DELAY_MIN_NS = 500000000;

/* Something on the network that runs did; equal ones are one mark. */
struct mark {
	enum trace_kind kind;
	struct address address;
	uint16_t port;
	uint8_t protocol;
	struct bytes name; /* dns, fetch: the name; data: the bytes */
	uint64_t rows;     /* that did it */
};

struct marks {
	unsigned count;
	struct mark mark[MARKS_MAX];
};

/* Would it be seen on a wire at all? */
static bool leaves_the_host(const struct address *a)
{
	static const uint8_t loopback6[16] = { [15] = 1 }, none[16];

	if (a->family == 4)
		return a->raw[0] != 127 && a->raw[0] != 0;
	return a->family == 6 && memcmp(a->raw, loopback6, 16) != 0 && memcmp(a->raw, none, 16) != 0;
}

/* false: the event leaves nothing. */
static bool mark_of(const struct event *e, struct mark *ret)
{
	*ret = (struct mark){ .address = e->address, .port = e->port, .protocol = e->protocol };
	switch (e->kind) {
	case EVENT_CONNECT:
		/* With a name, the address is one that the emulated resolver made up: the name is the trace. */
		ret->kind = TRACE_CONNECT;
		return leaves_the_host(&e->address) && e->name.left == 0;
	case EVENT_LISTEN:
		ret->kind = TRACE_LISTEN;
		ret->address = (struct address){ 0 };
		return e->port != 0 && (e->address.family == 0 || e->address.raw[0] != 127);
	case EVENT_DNS:
		*ret = (struct mark){ .kind = TRACE_DNS, .name = e->name };
		return e->name.left > 0;
	case EVENT_ICMP:
		*ret = (struct mark){ .kind = TRACE_ICMP, .address = e->address, .protocol = e->protocol };
		return leaves_the_host(&e->address) && e->name.left == 0;
	case EVENT_FETCH:
		*ret = (struct mark){ .kind = TRACE_FETCH, .name = e->name };
		return e->name.left > 0;
	case EVENT_SEND:
		/* A datagram is the begin of a flow, as no connection tells of it. */
		if (e->protocol == UDP) {
			ret->kind = TRACE_CONNECT;
			return leaves_the_host(&e->address) && e->port != 0 && e->name.left == 0;
		}
		/* what reads as text is learned from as such */
		*ret = (struct mark){ .kind = TRACE_DATA, .name = e->data };
		return e->address.family == 0 && holds_binary(e->data);
	default:
		return false;
	}
}

static void add(struct marks *all, const struct mark *m, unsigned row)
{
	unsigned i = 0;

	for (; i < all->count; i++) {
		const struct mark *k = &all->mark[i];

		if (k->kind == m->kind && k->port == m->port && k->protocol == m->protocol &&
		    address_equal(&k->address, &m->address) && bytes_equal(k->name, m->name))
			break;
	}
	if (i == MARKS_MAX)
		return;
	if (i == all->count)
		all->mark[all->count++] = *m;
	all->mark[i].rows |= UINT64_C(1) << row;
}

static void gather(const struct observations *o, struct marks *ret)
{
	struct mark m;

	ret->count = 0;
	for (unsigned row = 0; row < o->count; row++) {
		for (uint32_t i = 0; i < o->rows[row].run.events_count; i++) {
			if (mark_of(&o->rows[row].run.events[i], &m))
				add(ret, &m, row);
		}
	}
}

/* The host and port of a URL, and where its path begins. */
static void url_split(struct bytes url, struct bytes *host, uint16_t *port, struct bytes *path)
{
	ptrdiff_t scheme = bytes_find(url, bytes_text("://"));
	unsigned number = 0;
	size_t end = 0;

	if (scheme > 0 && scheme < URL_SCHEME_MAX) {
		url.at += scheme + 3;
		url.left -= (size_t)scheme + 3;
	}
	while (end < url.left && url.at[end] != '/' && url.at[end] != '?')
		end++;
	*path = bytes_of(url.at + end, url.left - end);
	*host = bytes_of(url.at, end);
	for (size_t i = end; i > 0 && end > 0; i--) {
		if (url.at[i - 1] == ':' && i < end) {
			for (size_t k = i; k < end && number < 65536; k++)
				number = is_digit(url.at[k]) ? number * 10 + url.at[k] - '0' : 65536;
			if (number < 65536)
				host->left = i - 1;
			break;
		}
	}
	*port = number < 65536 ? (uint16_t)number : 0;
}

static bool host_address(struct bytes host, struct address *ret)
{
	if (host.left >= 2 && host.at[0] == '[' && host.at[host.left - 1] == ']')
		host = bytes_of(host.at + 1, host.left - 2);
	return address_parse_bytes(host, ret) == 0;
}

static double address_bits(const struct address *a, uint16_t port)
{
	static const uint16_t ordinary[] = { 0, 22, 25, 53, 80, 123, 443 };
	double bits = a->family == 6 ? ADDRESS6_BITS : ADDRESS4_BITS;

	for (unsigned i = 0; i < COUNT_OF(ordinary); i++) {
		if (port == ordinary[i])
			return bits;
	}
	return bits + PORT_BITS;
}

static double name_bits(struct bytes name)
{
	double bits = model_bits(name, 0);

	return bits < NAME_BITS_MAX ? bits : NAME_BITS_MAX;
}

static struct bytes address_text(const struct mark *m, struct arena *a)
{
	char address[ADDRESS_TEXT], text[ADDRESS_TEXT + 16];
	int len;

	if (m->kind == TRACE_LISTEN)
		len = snprintf(text, sizeof(text), "*:%u", m->port);
	else if (m->kind == TRACE_CONNECT && m->address.family == 6)
		len = snprintf(text, sizeof(text), m->protocol == UDP ? "[%s]:%u/udp" : "[%s]:%u",
		               address_format(&m->address, address), m->port);
	else if (m->kind == TRACE_CONNECT)
		len = snprintf(text, sizeof(text), m->protocol == UDP ? "%s:%u/udp" : "%s:%u",
		               address_format(&m->address, address), m->port);
	else
		len = snprintf(text, sizeof(text), "%s", address_format(&m->address, address));
	return arena_copy(a, bytes_of(text, (size_t)len), sizeof(text));
}

/* What all traces of a mark's kind share; rows: the plain rows (or, where none does it, the others) that do it. */
static struct trace *begin(const struct observations *o, const struct mark *m, uint64_t rows, struct trace_list *list)
{
	uint64_t plain = plain_rows(o);
	struct trace *t = trace_add(list);

	if (t == NULL)
		return NULL;
	t->kind = m->kind;
	t->place = m->kind == TRACE_DATA ? PLACE_OWN_FLOW : PLACE_LATER_FLOW;
	t->address = m->address;
	t->port = m->port;
	t->protocol = m->protocol;
	t->literal = true;
	t->must_show = (m->rows & plain) == plain && servers_several(o);
	t->profiles = profiles_of(o, (rows & plain) != 0 ? rows & plain : rows, list->arena);
	for (unsigned row = o->plain; row < o->count; row++) {
		/* Turned round, an answer took it away; or it is what brings it. */
		if (row_in(m->rows, row) != ((m->rows & plain) == 0))
			continue;
		t->must_show = false;
		trace_depends(t, o->rows[row].twisted, list->arena);
	}
	return t;
}

static void emit(const struct observations *o, const struct mark *m, struct trace_list *list)
{
	struct trace *t = begin(o, m, m->rows, list);
	struct bytes host, path, shown = m->name;
	uint8_t text[TRACE_PATTERN_MAX];
	struct sink s = sink_over(text, sizeof(text));

	if (t == NULL)
		return;
	switch (m->kind) {
	case TRACE_DNS:
		t->bits = name_bits(m->name);
		break;
	case TRACE_FETCH:
		url_split(m->name, &host, &t->port, &path);
		t->bits = (host_address(host, &t->address) ? address_bits(&t->address, t->port) : name_bits(host)) +
		          name_bits(path) / 2;
		break;
	case TRACE_DATA:
		shown.left = shown.left < TRACE_PATTERN_MAX / 4 ? shown.left : TRACE_PATTERN_MAX / 4;
		literal_write(&s, shown);
		t->bits = model_bits(shown, 0);
		t->text = arena_copy(list->arena, shown, TRACE_PATTERN_MAX);
		shown = bytes_of(text, s.used);
		break;
	case TRACE_LISTEN:
		t->bits = LISTEN_BITS;
		shown = address_text(m, list->arena);
		break;
	default:
		t->bits = address_bits(&m->address, m->port);
		shown = address_text(m, list->arena);
		break;
	}
	t->pattern = arena_copy(list->arena, shown, TRACE_PATTERN_MAX);
	if (t->text.left == 0)
		t->text = t->pattern;
}

/* The nth mark of this kind that row did and not every plain row. NULL: no more. */
static const struct mark *differing(const struct observations *o, const struct marks *all, enum trace_kind kind,
                                    unsigned row, unsigned nth)
{
	uint64_t plain = plain_rows(o);

	for (unsigned i = 0; i < all->count; i++) {
		const struct mark *m = &all->mark[i];

		if (m->kind == kind && (m->rows & plain) != plain && row_in(m->rows, row) && nth-- == 0)
			return m;
	}
	return NULL;
}

/* The nth differing name of every plain row, as one pattern. false: they have no nth, or nothing in common. */
static bool emit_common(const struct observations *o, const struct marks *all, enum trace_kind kind, unsigned nth,
                        struct trace_list *list)
{
	struct mark common = { .kind = kind };
	struct bytes names[ROWS_MAX];
	struct pattern p;
	const struct pattern *lines[1] = { &p };
	uint8_t text[TRACE_PATTERN_MAX];
	struct sink s = sink_over(text, sizeof(text));
	struct trace *t;

	for (unsigned row = 0; row < o->plain; row++) {
		const struct mark *m = differing(o, all, kind, row, nth);

		if (m == NULL)
			return false;
		names[row] = m->name;
	}
	pattern_of(names, o->plain, NULL, 0, list->arena, &p);
	if (o->plain == 0 || !pattern_says_something(&p))
		return false;
	common.rows = plain_rows(o);
	for (unsigned row = o->plain; row < o->count; row++) {
		const struct mark *m = differing(o, all, kind, row, nth);

		if (m != NULL && pattern_matches(&p, m->name, list->arena))
			common.rows |= UINT64_C(1) << row;
	}
	for (unsigned i = 0; i < p.count; i++) {
		if (p.pieces[i].literal.left > 0)
			literal_write(&s, p.pieces[i].literal);
		else
			hole_write(&s, &p.pieces[i].hole);
	}
	if (s.overflow || (t = begin(o, &common, common.rows, list)) == NULL)
		return false;
	t->literal = false;
	t->bits = patterns_bits(lines, 1);
	t->pattern = arena_copy(list->arena, bytes_of(text, s.used), sizeof(text));
	t->text = arena_copy(list->arena, names[0], TRACE_PATTERN_MAX);
	return true;
}

static void emit_differing(const struct observations *o, const struct marks *all, struct trace_list *list)
{
	static const enum trace_kind named[] = { TRACE_DNS, TRACE_FETCH, TRACE_DATA };
	uint64_t plain = plain_rows(o);
	bool common[TRACE_KIND_COUNT] = { false };

	for (unsigned k = 0; k < COUNT_OF(named); k++) {
		for (unsigned nth = 0; emit_common(o, all, named[k], nth, list); nth++)
			common[named[k]] = true;
	}
	for (unsigned i = 0; i < all->count; i++) {
		const struct mark *m = &all->mark[i];

		if ((m->rows & plain) != plain && !common[m->kind] && servers_agree(o, m->rows))
			emit(o, m, list);
	}
}

/* How long the run held up who waited for it; 0: not, or not by sleeping. */
static uint64_t delay_of(const struct run *r)
{
	for (uint32_t i = 0; i < r->events_count; i++) {
		if (r->events[i].kind == EVENT_SLEEP && r->ended_ns >= DELAY_MIN_NS)
			return r->ended_ns;
	}
	return 0;
}

static void emit_delay(const struct observations *o, struct trace_list *list)
{
	struct mark m = { .kind = TRACE_DELAY };
	uint64_t shortest = UINT64_MAX;
	struct trace *t;
	char text[32];

	for (unsigned row = 0; row < o->plain; row++) {
		uint64_t ns = delay_of(&o->rows[row].run);

		if (ns > 0 && ns < shortest)
			shortest = ns;
	}
	if (shortest == UINT64_MAX)
		return;
	for (unsigned row = 0; row < o->count; row++) {
		uint64_t ns = delay_of(&o->rows[row].run);

		if (ns >= shortest && ns - shortest <= shortest / 20)
			m.rows |= UINT64_C(1) << row;
	}
	if (!servers_agree(o, m.rows) || (t = begin(o, &m, m.rows, list)) == NULL)
		return;
	t->place = PLACE_RESPONSE;
	t->value_ns = shortest;
	t->bits = DELAY_BITS;
	t->pattern = arena_copy(list->arena,
	                        bytes_of(text, (size_t)snprintf(text, sizeof(text), "%.3f s", (double)shortest / 1e9)),
	                        sizeof(text));
	t->text = t->pattern;
}

void network_traces(const struct observations *o, struct trace_list *list)
{
	struct marks all;
	uint64_t plain = plain_rows(o);

	gather(o, &all);
	for (unsigned i = 0; i < all.count; i++) {
		if ((all.mark[i].rows & plain) == plain)
			emit(o, &all.mark[i], list);
	}
	emit_differing(o, &all, list);
	emit_delay(o, list);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pairs, their bridges, and cards that come and go. */
#include "dataplane/bypass/wires.h"
#include "config/card.h"
#include "dataplane/bypass/link.h"
#include "dataplane/bypass/rebind.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int cannot(const char *what, int error)
{
	fprintf(stderr, "konseki-bypass: %s: %s\n", what, strerror(-error));
	return -ECANCELED;
}

/* The kernel interface of a vdev: "…,iface=NAME,…". False: it has none; that of net_tap is made and removed by DPDK. */
static bool interface_of(const char *device, char *ret)
{
	const char *at = strstr(device, ",iface=");
	size_t len;

	if (at == NULL || strncmp(device, "net_tap", 7) == 0)
		return false;
	at += strlen(",iface=");
	len = strcspn(at, ",");
	if (len == 0 || len >= INTERFACE_MAX)
		return false;
	memcpy(ret, at, len);
	ret[len] = '\0';
	return true;
}

static bool end_find(const struct wires *w, const struct settings *s, unsigned port, struct wire_end *ret)
{
	*ret = (struct wire_end){ .port = port, .card = port_is_card(&s->ports[port]) };
	return ret->card ? w->rebind >= 0 : interface_of(s->ports[port].device, ret->name);
}

static void wires_find(struct wires *w, const struct settings *s)
{
	for (unsigned i = 0; i < s->ports_count && w->count < WIRES_MAX; i++) {
		struct wire *new = &w->at[w->count];
		int other = s->ports[i].pair_index;

		if (other < (int)i) /* none, or met already */
			continue;
		if (!end_find(w, s, i, &new->ends[0]) || !end_find(w, s, (unsigned)other, &new->ends[1])) {
			fprintf(stderr, "konseki-bypass: %s: nothing carries its packets when the dataplane cannot: it or its pair is no interface of "
			        "the kernel, nor a card that konseki-rebind hands over\n", s->ports[i].name);
			continue;
		}
		w->cards |= new->ends[0].card || new->ends[1].card;
		w->takes_away |= strncmp(s->ports[i].device, "net_af_xdp", 10) == 0 || strncmp(s->ports[other].device, "net_af_xdp", 10) == 0;
		snprintf(new->bridge, sizeof(new->bridge), "konseki%u", w->count);
		w->count++;
	}
}

static int end_index(const struct wires *w, const struct wire_end *e)
{
	if (!e->card)
		return link_find(w->links, e->name);
	return e->index > 0 ? (int)e->index : -ENODEV;
}

/* Both ends into the bridge. */
static int wire_join(struct wires *w, struct wire *wire)
{
	int r;

	for (unsigned i = 0; i < 2; i++) {
		int index = end_index(w, &wire->ends[i]);

		if (index < 0)
			return index;
		if ((r = link_join(w->links, wire->bridge, (unsigned)index)) < 0)
			return r;
		/* an interface that has just come is down; the others are as their operator wants them */
		if (wire->ends[i].card && (r = link_set(w->links, (unsigned)index, true)) < 0)
			return r;
	}
	return 0;
}

static bool has_card(const struct wire *wire)
{
	return wire->ends[0].card || wire->ends[1].card;
}

int wires_open(struct wires *w, const struct settings *s)
{
	int r;

	*w = (struct wires){ .rebind = -1 };
	if (s->fail_open && cards_in_pairs(s) && (w->rebind = rebind_open(s->rebind)) < 0)
		cannot(s->rebind, w->rebind);
	wires_find(w, s);
	if ((w->links = link_open()) < 0)
		return cannot("rtnetlink", w->links);
	for (unsigned i = 0; i < w->count && s->fail_open; i++) {
		struct wire *wire = &w->at[i];

		if ((r = link_bridge(w->links, wire->bridge)) < 0 || (!has_card(wire) && (r = wire_join(w, wire)) < 0)) {
			char what[96];

			snprintf(what, sizeof(what), "bridge %s over %s and %s", wire->bridge, s->ports[wire->ends[0].port].device,
			         s->ports[wire->ends[1].port].device);
			return cannot(what, r);
		}
	}
	return 0;
}

static void bridges_set(struct wires *w, bool up)
{
	int r;

	for (unsigned i = 0; i < w->count; i++) {
		int index = link_find(w->links, w->at[i].bridge);

		if (index < 0 || (r = link_set(w->links, (unsigned)index, up)) < 0)
			cannot(w->at[i].bridge, index < 0 ? index : r);
	}
}

/* Which interfaces they have now. */
static int cards_ask(struct wires *w, enum rebind_to to)
{
	struct rebind_answer answer = { 0 };
	int r = rebind_ask(w->rebind, ++w->asked, to, &answer);

	for (unsigned i = 0; i < w->count; i++)
		for (unsigned end = 0; end < 2; end++) {
			struct wire_end *e = &w->at[i].ends[end];

			if (e->card)
				e->index = r == 0 && to == REBIND_TO_KERNEL && e->port < answer.ports ? answer.index[e->port] : 0;
		}
	w->in_kernel = r == 0 && to == REBIND_TO_KERNEL;
	return r;
}

int wires_carry(struct wires *w)
{
	int r = 0, told;

	if (w->cards && !w->in_kernel && (r = cards_ask(w, REBIND_TO_KERNEL)) < 0)
		cannot("the cards do not go back to the kernel", r);
	for (unsigned i = 0; w->in_kernel && i < w->count; i++)
		if (has_card(&w->at[i]) && (told = wire_join(w, &w->at[i])) < 0) {
			w->in_kernel = false; /* an interface that went away meanwhile: it is asked for again */
			r = told;
			cannot(w->at[i].bridge, r);
		}
	bridges_set(w, true);
	return r;
}

int wires_give(struct wires *w)
{
	bridges_set(w, false);
	return w->cards ? cards_ask(w, REBIND_TO_DATAPLANE) : 0;
}

void wires_links_step(struct wires *w)
{
	for (unsigned i = 0; i < w->count; i++)
		for (unsigned end = 0; end < 2 && !has_card(&w->at[i]); end++) {
			struct wire_end *e = &w->at[i].ends[end], *other = &w->at[i].ends[!end];
			int index = link_find(w->links, e->name), across = link_find(w->links, other->name);
			int there = e->put_down || index < 0 || across < 0 ? -1 : link_carrier(w->links, (unsigned)index);

			if (there < 0)
				continue;
			if (there == 0 && e->had_carrier && !other->put_down)
				other->put_down = link_set(w->links, (unsigned)across, false) == 0;
			if (there == 1 && other->put_down)
				other->put_down = link_set(w->links, (unsigned)across, true) < 0;
			e->had_carrier |= there == 1;
		}
}

void wires_links_restore(struct wires *w)
{
	for (unsigned i = 0; i < w->count; i++)
		for (unsigned end = 0; end < 2; end++) {
			const struct wire_end *e = &w->at[i].ends[end];
			int index = e->put_down ? link_find(w->links, e->name) : 0, r = index;

			if (index > 0)
				r = link_set(w->links, (unsigned)index, true);
			if (r < 0)
				cannot(e->name, r);
		}
}

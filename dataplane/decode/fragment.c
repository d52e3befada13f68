/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reassembly of IP fragments in a fixed pool: one bit for each 8 bytes that came. */
#include "dataplane/decode/fragment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	DATAGRAM_MAX = 65536,
	UNIT = 8,                          /* fragment offsets count in these */
	UNITS = DATAGRAM_MAX / UNIT,
};
static const uint64_t wait_ns = 30 * UINT64_C(1000000000); /* Linux waits 30 s, Windows 60 */

struct datagram {
	bool used;
	struct tuple tuple;    /* addresses, protocol, VLAN; ports are 0 */
	uint32_t id;
	uint32_t pieces;       /* fragments it holds: what is lost if it is given up */
	uint32_t end;          /* bytes of the whole, 0: the last piece has not come */
	uint32_t highest;      /* bytes: where the furthest piece ends */
	uint32_t units;        /* bits set in seen */
	uint64_t began_ns;
	uint64_t seen[UNITS / 64];
	uint8_t bytes[DATAGRAM_MAX];
};

struct fragments {
	struct counters *counters;
	unsigned count;
	struct datagram pool[];
};

int fragments_new(unsigned count, struct counters *counters, struct fragments **ret)
{
	struct fragments *f = calloc(1, sizeof(*f) + count * sizeof(f->pool[0]));

	if (f == NULL)
		return -ENOMEM;
	f->counters = counters;
	f->count = count;
	*ret = f;
	return 0;
}

void fragments_free(struct fragments *f)
{
	free(f);
}

static void give_up(struct fragments *f, struct datagram *d)
{
	counter_add(f->counters, DROP_FRAGMENT, d->pieces);
	d->used = false;
}

static bool same(const struct datagram *d, const struct tuple *t, uint32_t id)
{
	return d->used && d->id == id && d->tuple.protocol == t->protocol && d->tuple.vlan == t->vlan &&
	       address_equal(&d->tuple.src, &t->src) && address_equal(&d->tuple.dst, &t->dst);
}

/* The datagram this piece belongs to: known, new, or new in the place of the oldest. */
static struct datagram *datagram_of(struct fragments *f, const struct tuple *t, uint32_t id, uint64_t now_ns)
{
	struct datagram *vacant = NULL, *oldest = &f->pool[0];

	for (unsigned i = 0; i < f->count; i++) {
		struct datagram *d = &f->pool[i];

		if (same(d, t, id))
			return d;
		if (!d->used && vacant == NULL)
			vacant = d;
		if (d->began_ns < oldest->began_ns)
			oldest = d;
	}
	if (vacant == NULL) {
		give_up(f, oldest);
		vacant = oldest;
	}
	vacant->used = true;
	vacant->tuple = *t;
	vacant->id = id;
	vacant->pieces = vacant->end = vacant->highest = vacant->units = 0;
	vacant->began_ns = now_ns;
	memset(vacant->seen, 0, sizeof(vacant->seen));
	return vacant;
}

/* Does the piece fit what is known of the end? Sets the end from a last piece. */
static bool end_agrees(struct datagram *d, const struct fragment_piece *p)
{
	uint32_t end = p->offset + (uint32_t)p->data.left;

	if (d->end != 0)
		return p->more ? end <= d->end : end == d->end;
	if (!p->more) {
		if (end < d->highest)
			return false;
		d->end = end;
	}
	return true;
}

/* Copies the units that had not come; true if some had. */
static bool place(struct datagram *d, const struct fragment_piece *p)
{
	bool overlap = false;

	for (size_t at = 0; at < p->data.left; at += UNIT) {
		size_t unit = (p->offset + at) / UNIT;
		size_t len = p->data.left - at < UNIT ? p->data.left - at : UNIT;
		uint64_t bit = UINT64_C(1) << unit % 64;

		if (d->seen[unit / 64] & bit) {
			overlap = true;
			continue;
		}
		d->seen[unit / 64] |= bit;
		d->units++;
		memcpy(d->bytes + p->offset + at, p->data.at + at, len);
	}
	if (d->highest < p->offset + p->data.left)
		d->highest = p->offset + (uint32_t)p->data.left;
	return overlap;
}

bool fragments_add(struct fragments *f, const struct decoded *packet, uint64_t now_ns, struct bytes *ret)
{
	const struct fragment_piece *p = &packet->fragment;
	struct datagram *d;

	counter_up(f->counters, COUNTER_FRAGMENTS);
	if (f->count == 0 || p->offset + p->data.left > DATAGRAM_MAX) {
		counter_up(f->counters, DROP_FRAGMENT);
		return false;
	}
	d = datagram_of(f, &packet->packet.tuple, p->id, now_ns);
	if (!end_agrees(d, p)) {
		counter_up(f->counters, DROP_FRAGMENT_BAD);
		return false;
	}
	d->pieces++;
	if (place(d, p))
		counter_up(f->counters, COUNTER_FRAGMENT_OVERLAP);
	if (d->end == 0 || d->units != (d->end + UNIT - 1) / UNIT)
		return false;
	counter_up(f->counters, COUNTER_REASSEMBLED);
	d->used = false; /* its bytes stay as they are until the next call */
	*ret = bytes_of(d->bytes, d->end);
	return true;
}

void fragments_tick(struct fragments *f, uint64_t now_ns)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->pool[i].used && now_ns > f->pool[i].began_ns + wait_ns)
			give_up(f, &f->pool[i]);
}

void fragments_reset(struct fragments *f)
{
	for (unsigned i = 0; i < f->count; i++)
		if (f->pool[i].used)
			give_up(f, &f->pool[i]);
}

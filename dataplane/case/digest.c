/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XXH64 with seed 0, as published by its author. */
#include "dataplane/case/digest.h"

#include <string.h>

static const uint64_t p1 = 11400714785074694791u, p2 = 14029467366897019727u, p3 = 1609587929392839161u,
		      p4 = 9650029242287828579u, p5 = 2870177450012600261u;

static uint64_t rotated(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

static uint64_t round_of(uint64_t acc, uint64_t word)
{
	return rotated(acc + word * p2, 31) * p1;
}

static uint64_t word_at(const uint8_t *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

static void add_stripe(struct digest *d, const uint8_t *at)
{
	for (unsigned i = 0; i < 4; i++)
		d->lanes[i] = round_of(d->lanes[i], word_at(at + 8 * i));
}

void digest_add(struct digest *d, struct bytes b)
{
	size_t held = d->total % 32;

	if (b.left == 0)
		return;
	if (d->total == 0) {
		d->lanes[0] = p1 + p2;
		d->lanes[1] = p2;
		d->lanes[2] = 0;
		d->lanes[3] = -p1;
	}
	d->total += b.left;
	if (held > 0) {
		size_t take = b.left < 32 - held ? b.left : 32 - held;

		memcpy(d->held + held, b.at, take);
		b.at += take;
		b.left -= take;
		if (held + take < 32)
			return;
		add_stripe(d, d->held);
	}
	for (; b.left >= 32; b.at += 32, b.left -= 32)
		add_stripe(d, b.at);
	if (b.left > 0)
		memcpy(d->held, b.at, b.left);
}

static uint64_t merged(const struct digest *d)
{
	uint64_t h = rotated(d->lanes[0], 1) + rotated(d->lanes[1], 7) + rotated(d->lanes[2], 12) +
		     rotated(d->lanes[3], 18);

	for (unsigned i = 0; i < 4; i++)
		h = (h ^ round_of(0, d->lanes[i])) * p1 + p4;
	return h;
}

uint64_t digest_value(const struct digest *d)
{
	uint64_t h = (d->total >= 32 ? merged(d) : p5) + d->total;
	const uint8_t *at = d->held, *end = d->held + d->total % 32;

	for (; end - at >= 8; at += 8)
		h = rotated(h ^ round_of(0, word_at(at)), 27) * p1 + p4;
	if (end - at >= 4) {
		uint32_t half;

		memcpy(&half, at, sizeof(half));
		h = rotated(h ^ half * p1, 23) * p2 + p3;
		at += 4;
	}
	for (; at < end; at++)
		h = rotated(h ^ *at * p5, 11) * p1;
	h = (h ^ h >> 33) * p2;
	h = (h ^ h >> 29) * p3;
	return h ^ h >> 32;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shared budget. */
#include "control/iocgen/share.h"

#include <errno.h>
#include <stdlib.h>

static const double better = 1e-9;
static const double worth_it = 0.5; /* of malware's share, for one of harmless samples: the budget is there to be spent, but not for nothing */

static roaring_bitmap_t *benign_of(const struct candidates *c, const bool *takes)
{
	roaring_bitmap_t *all = roaring_bitmap_create();

	for (uint32_t i = 0; all != NULL && i < c->count; i++) {
		if (takes[i])
			roaring_bitmap_or_inplace(all, c->list[i].benign);
	}
	return all;
}

static int offer_make(const struct candidates *c, const struct limits *l, struct offer *ret)
{
	struct choice p;
	struct chosen chosen = { 0 };
	uint32_t *index;
	int r = choice_make(c, l, &p, &index);

	if (r < 0)
		return r;
	*ret = (struct offer){ .hits_max = l->hits_max, .takes = calloc((size_t)c->count + 1, sizeof(*ret->takes)) };
	r = ret->takes == NULL ? -ENOMEM : choose(&p, &chosen);
	for (uint32_t j = 0; r == 0 && j < p.candidates; j++)
		ret->takes[index[j]] = chosen.takes[j];
	ret->value = chosen.value;
	if (r == 0 && (ret->benign = benign_of(c, ret->takes)) == NULL)
		r = -ENOMEM;
	chosen_fini(&chosen);
	choice_fini(&p);
	free(index);
	return r;
}

static void offer_fini(struct offer *o)
{
	free(o->takes);
	if (o->benign != NULL)
		bitmap_free(o->benign);
	*o = (struct offer){ 0 };
}

int offers_make(const struct candidates *c, const struct limits *limits, uint32_t most, struct offers *ret)
{
	struct limits l = *limits;
	struct offers o = { .samples = c->family->count };
	int r = 0;

	for (uint32_t hits = 0; hits <= most && o.count < OFFERS_MAX && r == 0; hits = hits == 0 ? 1 : hits * 2) {
		struct offer *one = &o.list[o.count];

		l.hits_max = hits;
		r = offer_make(c, &l, one);
		if (r < 0 || (o.count > 0 && one->value <= o.list[o.count - 1].value + better))
			offer_fini(one);
		else
			o.count++;
	}
	if (r < 0)
		offers_fini(&o);
	else
		*ret = o;
	return r;
}

void offers_fini(struct offers *o)
{
	for (uint32_t i = 0; i < o->count; i++)
		offer_fini(&o->list[i]);
	o->count = 0;
}

/* The best step from the offer taken: samples gained for a harmless one; UINT32_MAX: none. */
static uint32_t best_step(const struct offers *o, uint32_t from, uint32_t end, double *ret_rate)
{
	double has = (double)roaring_bitmap_get_cardinality(o->list[from].benign);
	uint32_t best = UINT32_MAX;

	*ret_rate = 0;
	for (uint32_t i = from + 1; i < end; i++) {
		double more = (double)roaring_bitmap_get_cardinality(o->list[i].benign) - has;
		double rate = (o->list[i].value - o->list[from].value) * o->samples / (more < 1 ? 1 : more);

		if (rate > *ret_rate + better) {
			*ret_rate = rate;
			best = i;
		}
	}
	return best;
}

static int matched(const struct offers *o, uint32_t families, const uint32_t *taken, uint32_t but, uint32_t with, uint64_t *ret)
{
	roaring_bitmap_t *all = roaring_bitmap_create();

	if (all == NULL)
		return -ENOMEM;
	for (uint32_t f = 0; f < families; f++)
		roaring_bitmap_or_inplace(all, o[f].list[f == but ? with : taken[f]].benign);
	*ret = roaring_bitmap_get_cardinality(all);
	bitmap_free(all);
	return 0;
}

int offers_share(const struct offers *o, uint32_t families, uint64_t most, uint64_t malware, uint64_t benign, uint32_t *taken)
{
	uint32_t *end = calloc((size_t)families + 1, sizeof(*end));
	int r = end == NULL ? -ENOMEM : 0;

	for (uint32_t f = 0; f < families && r == 0; f++) {
		end[f] = o[f].count; /* from here on, steps are too wide */
		taken[f] = 0;
	}
	while (r == 0) {
		double most_rate = benign == 0 ? 0 : worth_it * (double)malware / (double)benign;
		uint32_t family = UINT32_MAX, to = 0;
		uint64_t now;

		for (uint32_t f = 0; f < families; f++) {
			double rate;
			uint32_t step = best_step(&o[f], taken[f], end[f], &rate);

			if (step != UINT32_MAX && rate > most_rate) {
				most_rate = rate;
				family = f;
				to = step;
			}
		}
		if (family == UINT32_MAX)
			break;
		if ((r = matched(o, families, taken, family, to, &now)) == 0 && now <= most)
			taken[family] = to;
		else
			end[family] = to;
	}
	free(end);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The candidates of a family: patterns by themselves, then two and three together where one is not specific enough. */
#include "control/iocgen/family.h"
#include "control/iocgen/lasting.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	PARTS_OF_MAX = 50, /* common patterns that conjunctions are made of */
	PAIRS_MAX = 80, TRIPLES_MAX = 30, WIDENED_MAX = 20,
	SINGLES_MAX = 260,
	NOVEL_MIN = 4      /* letters of a word that no harmless sample has */
};

static const double part_benign_share = 0.6, conjunction_share = 0.04; /* of harmless samples; of the family */
static const double few = 1.5, few_tiny = 3.5; /* samples that a sign must have to be believed by half; more in tiny families */
static const double next_of_kind = 0.97;       /* of a tiny family: what the next sign of a kind is worth beside the one before */
static const double chance_allowed = 10;
static const double near_share = 0.02, near_size = 1.3;                /* so alike that one of two is needless */

static double reading_cost(const struct pool *pool, const struct candidate *c)
{
	double cost = 0;

	for (unsigned i = 0; i < c->count; i++) {
		const struct pattern *p = &pool->patterns[c->patterns[i]];
		unsigned holes = 0;
		size_t len = 0;

		for (unsigned k = 0; k < p->count; k++) {
			holes += p->pieces[k].is_hole;
			len += p->pieces[k].text.left;
		}
		cost += 0.8 + 0.06 * holes + 0.004 * (double)(len < 120 ? len : 120);
	}
	return cost;
}

/*
 * Could so many of the family have it by chance, if it were as frequent there as everywhere else? With many patterns tried, some rare
 * habit of ordinary software always stands out; the chance allowed for falls with the square of the samples that are looked at.
 */
static bool is_no_chance(const struct view *v, const struct candidates *of, const struct candidate *c)
{
	const struct view_family *f = of->family;
	double all = v->malware + of->benign - f->count, expected = (c->hits + c->others + 1.0) / (all + 1) * f->count, term, tail = 0;

	if (f->count < MINE_TINY)
		return true;
	if (c->support <= expected)
		return false;
	term = exp(-expected + c->support * log(expected) - lgamma(c->support + 1.0)); /* Poisson */
	for (uint32_t k = c->support; k <= f->count && term > 0 && term > tail * 1e-6; k++) {
		tail += term;
		term *= expected / (k + 1.0);
	}
	return tail < chance_allowed / (all + 1) / (all + 1);
}

static int add(struct candidates *c, const struct candidate *one)
{
	if (c->count == c->room) {
		uint32_t room = c->room * 2 + 256;
		struct candidate *list = realloc(c->list, room * sizeof(*list));

		if (list == NULL)
			return -ENOMEM;
		c->list = list;
		c->room = room;
	}
	c->list[c->count++] = *one;
	return 0;
}

static void candidate_fini(struct candidate *c)
{
	if (c->family != NULL)
		bitmap_free(c->family);
	if (c->benign != NULL)
		bitmap_free(c->benign);
	if (c->unseen != NULL)
		bitmap_free(c->unseen);
}

static roaring_bitmap_t *part(const roaring_bitmap_t *of, uint32_t first, uint32_t end)
{
	roaring_bitmap_t *range = roaring_bitmap_from_range(first, end, 1), *r = NULL;

	if (range != NULL)
		r = roaring_bitmap_and(of, range);
	bitmap_free(range);
	return r;
}

/* Open ends, and holes that take any component: of two that match the same, the tighter one is told. */
static unsigned loose(const struct pattern *p)
{
	unsigned n = (unsigned)p->open_front + p->open_back;

	for (unsigned i = 0; i < p->count; i++)
		n += p->pieces[i].is_hole && p->pieces[i].hole == HOLE_COMPONENT;
	return n;
}

/* From the harmless ones to those that are held out. */
static int hold_out(struct candidate *c, const roaring_bitmap_t *held_out)
{
	c->unseen = held_out == NULL ? roaring_bitmap_create() : roaring_bitmap_and(c->benign, held_out);
	if (c->unseen == NULL)
		return -ENOMEM;
	roaring_bitmap_andnot_inplace(c->benign, c->unseen);
	return 0;
}

static int single_of(const struct view *v, const struct miner *m, const struct pool *pool, const struct candidates *of, uint32_t id,
                     struct candidate *ret)
{
	const struct view_family *f = of->family;

	*ret = (struct candidate){ .count = 1, .patterns = { id }, .family = part(pool->cover[id], f->first, f->first + f->count) };
	ret->benign = view_benign(v) == 0 ? roaring_bitmap_create() : part(pool->cover[id], v->malware, v->count);
	if (ret->family == NULL || ret->benign == NULL || hold_out(ret, of->held_out) < 0)
		return -ENOMEM;
	ret->support = (uint32_t)roaring_bitmap_get_cardinality(ret->family);
	ret->hits = (uint32_t)roaring_bitmap_get_cardinality(ret->benign);
	ret->others = (uint32_t)roaring_bitmap_range_cardinality(pool->cover[id], 0, v->malware) - ret->support;
	ret->novelty = miner_novelty(m, &pool->patterns[id], of->held_out != NULL);
	ret->literal = pattern_literal(&pool->patterns[id]);
	ret->loose = loose(&pool->patterns[id]);
	ret->expected = ret->hits;
	return 0;
}

/* What is more worth keeping stands first; ids make it one order. */
static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->support != y->support)
		return x->support > y->support ? -1 : 1;
	if (x->hits != y->hits)
		return x->hits < y->hits ? -1 : 1;
	if (x->others != y->others)
		return x->others < y->others ? -1 : 1;
	if (x->literal != y->literal)
		return x->literal > y->literal ? -1 : 1;
	if (x->loose != y->loose)
		return x->loose < y->loose ? -1 : 1;
	for (unsigned i = 0; i < x->count && i < y->count; i++) {
		if (x->patterns[i] != y->patterns[i])
			return x->patterns[i] < y->patterns[i] ? -1 : 1;
	}
	return x->count < y->count ? -1 : x->count > y->count;
}

/* Is b as good as a on samples that are nearly the same, by the same kind of artefact? Then a is needless. */
static bool makes_needless(const struct pool *pool, const struct candidate *b, const struct candidate *a)
{
	uint64_t both;

	if (b->hits > a->hits || b->support > near_size * a->support || a->count != b->count ||
	    (b->novelty < a->novelty && b->novelty < 4) || b->cost > a->cost + 0.5)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (pool->patterns[a->patterns[i]].kind != pool->patterns[b->patterns[i]].kind)
			return false;
	}
	both = roaring_bitmap_and_cardinality(a->family, b->family);
	return a->support - both <= near_share * a->support;
}

/* Sorted; those that a better one makes needless go, and what is beyond the bound. */
static void prune(struct candidates *c, const struct pool *pool, uint32_t from, uint32_t most)
{
	uint32_t kept = from;

	if (c->count > from) /* with nothing there is no list */
		qsort(c->list + from, c->count - from, sizeof(*c->list), compare_candidates);
	for (uint32_t i = from; i < c->count; i++) {
		bool needless = kept - from == most;

		for (uint32_t k = from; k < kept && !needless && c->family->count >= MINE_TINY; k++)
			needless = makes_needless(pool, &c->list[k], &c->list[i]);
		if (needless)
			candidate_fini(&c->list[i]);
		else
			c->list[kept++] = c->list[i];
	}
	c->count = kept;
}

static int join(const struct candidate *a, const struct candidate *b, uint32_t benign, struct candidate *ret)
{
	unsigned i = 0, k = 0;

	*ret = (struct candidate){ .family = roaring_bitmap_and(a->family, b->family), .benign = roaring_bitmap_and(a->benign, b->benign),
		.unseen = roaring_bitmap_and(a->unseen, b->unseen) };
	if (ret->family == NULL || ret->benign == NULL || ret->unseen == NULL)
		return -ENOMEM;
	while (i < a->count || k < b->count) {
		bool first = k == b->count || (i < a->count && a->patterns[i] < b->patterns[k]);

		ret->patterns[ret->count++] = first ? a->patterns[i++] : b->patterns[k++];
	}
	ret->support = (uint32_t)roaring_bitmap_get_cardinality(ret->family);
	ret->hits = (uint32_t)roaring_bitmap_get_cardinality(ret->benign);
	ret->novelty = a->novelty > b->novelty ? a->novelty : b->novelty;
	ret->literal = a->literal + b->literal;
	ret->loose = a->loose + b->loose;
	ret->expected = benign == 0 ? 0 : fmax(a->hits, a->expected) * fmax(b->hits, b->expected) / benign;
	return 0;
}

/* Puts into `to` what two of `parts` match together, where that is much and harmless samples have it little. */
static int conjoin(struct candidates *to, const struct pool *pool, const struct candidate *parts, uint32_t count,
                   const struct candidate *others, uint32_t others_count, uint32_t least, uint32_t hits_max, uint32_t most)
{
	uint32_t from = to->count;
	int r = 0;

	for (uint32_t i = 0; i < count && r == 0; i++) {
		for (uint32_t k = others == parts ? i + 1 : 0; k < others_count && r == 0; k++) {
			struct candidate one = { 0 };
			bool twice = others[k].patterns[0] == parts[i].patterns[0] ||
			             (parts[i].count > 1 && others[k].patterns[0] == parts[i].patterns[1]);

			if (twice || roaring_bitmap_and_cardinality(parts[i].family, others[k].family) < least ||
			    roaring_bitmap_and_cardinality(parts[i].benign, others[k].benign) > hits_max)
				continue;
			r = join(&parts[i], &others[k], to->benign, &one);
			one.cost = r == 0 ? reading_cost(pool, &one) : 0;
			if (r < 0 || (r = add(to, &one)) < 0)
				candidate_fini(&one);
		}
		if (to->count - from > 20 * most) /* bounds the memory of what is thrown away below */
			prune(to, pool, from, most);
	}
	if (r == 0)
		prune(to, pool, from, most);
	return r;
}

struct parting {
	struct candidate parts[PARTS_OF_MAX], *pairs;
	uint32_t count, pairs_count;
};

/* How much more the family has it than harmless samples do. */
static double lift(const struct candidate *c, uint32_t family, uint32_t benign)
{
	return (double)c->support / family - (benign == 0 ? 0 : (double)c->hits / benign);
}

static void part_offer(struct parting *p, const struct candidate *c, uint32_t family, uint32_t benign)
{
	uint32_t at = p->count;

	if (at == PARTS_OF_MAX) {
		if (lift(c, family, benign) <= lift(&p->parts[at - 1], family, benign))
			return;
		at--;
	}
	while (at > 0 && lift(c, family, benign) > lift(&p->parts[at - 1], family, benign)) {
		if (at < PARTS_OF_MAX)
			p->parts[at] = p->parts[at - 1];
		at--;
	}
	p->parts[at] = *c;
	p->count += p->count < PARTS_OF_MAX;
}

static int make_conjunctions(struct candidates *c, const struct pool *pool, struct candidates *common, uint32_t hits_max)
{
	uint32_t least = (uint32_t)(conjunction_share * c->family->count), from;
	struct candidates wide = { .family = c->family, .benign = c->benign };
	struct parting p = { .count = 0 };
	int r;

	least = least < 2 ? 2 : least;
	for (uint32_t i = 0; i < common->count; i++) {
		if (common->list[i].hits <= part_benign_share * c->benign && common->list[i].support >= least)
			part_offer(&p, &common->list[i], c->family->count, c->benign);
	}
	from = c->count;
	r = conjoin(c, pool, p.parts, p.count, p.parts, p.count, least, hits_max, PAIRS_MAX);
	/* three, where two are not enough: the best of such pairs */
	if (r == 0 && c->count - from < PAIRS_MAX / 2)
		r = conjoin(&wide, pool, p.parts, p.count < WIDENED_MAX ? p.count : WIDENED_MAX, p.parts,
		            p.count < WIDENED_MAX ? p.count : WIDENED_MAX, least, hits_max * 8 + 8, WIDENED_MAX);
	if (r == 0 && wide.count > 0)
		r = conjoin(c, pool, wide.list, wide.count, p.parts, p.count < WIDENED_MAX ? p.count : WIDENED_MAX, least, hits_max, TRIPLES_MAX);
	for (uint32_t i = 0; i < wide.count; i++)
		candidate_fini(&wide.list[i]);
	free(wide.list);
	return r;
}

static void measure(struct candidates *c, const struct view *v, const struct pool *pool, const struct windows *w)
{
	double fewer = few + few_tiny * (c->family->count < 2 ? 1 : 2.0 / c->family->count);

	for (uint32_t i = 0; i < c->count; i++) {
		struct candidate *one = &c->list[i];
		uint32_t shown = one->support + (c->family->count < MINE_TINY && one->hits == 0 ? one->others : 0);
		roaring_bitmap_t *all;

		/* what few samples showed may have been theirs alone: more such signs are needed to be as sure */
		one->strength = windows_strength(w, v, one->family, false) * shown / (shown + fewer);
		if (one->count == 1)
			continue;
		all = roaring_bitmap_and(pool->cover[one->patterns[0]], pool->cover[one->patterns[1]]);
		if (all != NULL && one->count == 3)
			roaring_bitmap_and_inplace(all, pool->cover[one->patterns[2]]);
		one->others = all == NULL || v->malware == 0 ? 0 : (uint32_t)roaring_bitmap_range_cardinality(all, 0, v->malware) - one->support;
		bitmap_free(all);
	}
}

static int compare_merit(const void *a, const void *b, void *arg)
{
	const struct pool *pool = arg;
	const struct candidate *x = a, *y = b;
	enum artefact_kind k = pool->patterns[x->patterns[0]].kind, l = pool->patterns[y->patterns[0]].kind;

	if (k != l)
		return k < l ? -1 : 1;
	if (x->strength != y->strength)
		return x->strength > y->strength ? -1 : 1;
	if (x->novelty != y->novelty)
		return x->novelty > y->novelty ? -1 : 1;
	return compare_candidates(a, b);
}

/* One or two samples do not say which of their signs will last: of every kind some are taken, those of unheard-of words first. */
static void spread_kinds(struct candidates *c, const struct pool *pool)
{
	double worth = 1;

	if (c->count > 0)
		qsort_r(c->list, c->count, sizeof(*c->list), compare_merit, (void *)(uintptr_t)pool);
	for (uint32_t i = 0; i < c->count; i++) {
		bool same = i > 0 && pool->patterns[c->list[i].patterns[0]].kind == pool->patterns[c->list[i - 1].patterns[0]].kind;

		worth = same ? worth * next_of_kind : 1;
		c->list[i].strength *= worth;
	}
}

/* Conjunctions that could be chance: who else has them is known only now. */
static void drop_chances(struct candidates *c, const struct view *v)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < c->count; i++) {
		if (c->list[i].count == 1 || is_no_chance(v, c, &c->list[i]))
			c->list[kept++] = c->list[i];
		else
			candidate_fini(&c->list[i]);
	}
	c->count = kept;
}

/* Of a tiny family: what was seen to the letter, or holds a word that no harmless sample has. What is wider may be anybody's. */
static bool is_told_apart(const struct pool *pool, const struct candidate *c)
{
	const struct pattern *p = &pool->patterns[c->patterns[0]];

	return !p->open_back && (c->novelty >= NOVEL_MIN || (p->count == 1 && !p->pieces[0].is_hole && !p->open_front));
}

int candidates_make(const struct view *v, const struct miner *m, const struct pool *pool, const struct view_family *f, const uint32_t *ids,
                    uint32_t count, uint32_t hits_max, const roaring_bitmap_t *held_out, struct candidates *ret)
{
	uint32_t benign = view_benign(v) - (held_out == NULL ? 0 : (uint32_t)roaring_bitmap_get_cardinality(held_out));
	struct candidates c = { .family = f, .held_out = held_out, .benign = benign }, common = { .family = f };
	struct windows windows;
	uint32_t least = f->count < 6 ? 1 : f->count / 200 > 2 ? f->count / 200 : 2;
	int r = windows_init(&windows, v, f);

	if (r == 0 && (c.weights = calloc((size_t)f->count + 1, sizeof(*c.weights))) == NULL)
		r = -ENOMEM;
	if (r == 0)
		windows_weigh(&windows, v, f, c.weights);
	for (uint32_t i = 0; i < count && r == 0; i++) {
		struct candidate one;

		r = single_of(v, m, pool, &c, ids[i], &one);
		one.cost = r == 0 ? reading_cost(pool, &one) : 0;
		if (r == 0 && one.support >= least && (one.hits > hits_max || is_no_chance(v, &c, &one)) &&
		    (f->count >= MINE_TINY || is_told_apart(pool, &one)))
			r = add(one.hits > hits_max ? &common : &c, &one);
		else
			candidate_fini(&one);
	}
	if (r == 0) {
		prune(&c, pool, 0, SINGLES_MAX);
		prune(&common, pool, 0, UINT32_MAX);
		r = make_conjunctions(&c, pool, &common, hits_max);
	}
	for (uint32_t i = 0; i < common.count; i++)
		candidate_fini(&common.list[i]);
	free(common.list);
	if (r == 0)
		measure(&c, v, pool, &windows);
	windows_fini(&windows);
	if (r < 0) {
		candidates_fini(&c);
		return r;
	}
	drop_chances(&c, v);
	if (f->count < MINE_TINY)
		spread_kinds(&c, pool);
	*ret = c;
	return 0;
}

void candidates_fini(struct candidates *c)
{
	for (uint32_t i = 0; i < c->count; i++)
		candidate_fini(&c->list[i]);
	free(c->list);
	free(c->weights);
	*c = (struct candidates){ 0 };
}

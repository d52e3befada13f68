/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The way from samples to IOCs: patterns, coverage, how strict to be, the choice, and what no choice could exceed. */
#include "control/iocgen/make.h"
#include "control/iocgen/baseline.h"
#include "control/iocgen/build.h"
#include "control/iocgen/interval.h"
#include "control/iocgen/share.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * How strict the choice is: what a second sign of the same sample is worth, what a unit of reading cost costs (both of a family's
 * weight); and of a candidate without harmless matches, what it may be expected to match nevertheless (of the budget), were its
 * patterns independent, and how many letters of a word that no harmless sample has it needs. More signs find more of what is to
 * come, and each may be met in some harmless sample that was not seen.
 */
static const struct strictness {
	double again, price, rate;
	unsigned novelty;
} strictness[] = { { 0.35, 0.001, 0.01, 0 }, { 0.1, 0.001, 0.01, 0 }, { 0.1, 0.002, 0.001, 0 }, { 0.05, 0.003, 0, 0 }, { 0.1, 0.003, 0, 4 },
	{ 0.05, 0.005, 0, 6 } };

static const double sure = 0.6; /* that the budget is kept, by the held-out samples: those of the choice are more, and it knows these too */
static const double spare = 0.75; /* of the budget, what the held-out samples may show of spending: later ones may be a little otherwise */
static const double spending[] = { 1, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1 }; /* of the budget */
enum {
	LITERALS = 20,  /* of a family, of the baseline: yarGen's number */
	HELD_OUT = 4,   /* one of so many harmless samples is held out */
	FAMILY_PART = 4 /* of the budget, what one family may have at most */
};

struct making {
	const struct make_options *options;
	struct view view;
	struct miner *miner;
	struct pool pool;
	uint32_t **ids, *ids_count;   /* of a family: its patterns */
	struct candidates *families;
	struct chosen *chosen;  /* of a family, with `index` */
	uint32_t **index, *hits_max, *taken;
	struct offers *offers;        /* of a family, while budgets are shared */
	roaring_bitmap_t *held_out;   /* harmless samples */
	int64_t allowed;
};

static void tell(const struct making *m, const char *what, uint64_t done, uint64_t all)
{
	if (m->options->progress != NULL)
		m->options->progress(m->options->to, what, done, all);
}

static void tell_cover(void *to, uint64_t done, uint64_t all)
{
	tell(to, "matching patterns", done, all);
}

/* Patterns of all families, and what they match. */
static int mine_all(struct making *m)
{
	uint32_t n = m->view.families_count;
	int r = miner_new(&m->view, m->held_out, &m->miner);

	for (uint32_t f = 0; f < n && r == 0; f++) {
		tell(m, "looking for patterns, families", f, n);
		r = miner_family(m->miner, &m->view.families[f], &m->pool, &m->ids[f], &m->ids_count[f]);
	}
	return r < 0 ? r : pool_cover(&m->pool, &m->view, tell_cover, m);
}

/* Candidates of all families out of their patterns. allowed: harmless samples that all may match. */
static int weigh_all(struct making *m, int64_t allowed, const roaring_bitmap_t *held_out, struct candidates *ret)
{
	uint32_t n = m->view.families_count, benign = view_benign(&m->view), hits_max = allowed <= 0 ? 0 : (uint32_t)allowed / 4 + 1;
	int r = 0;

	for (uint32_t f = 0; f < n && r == 0; f++) {
		tell(m, "weighing candidates, families", f, n);
		r = candidates_make(&m->view, m->miner, &m->pool, &m->view.families[f], m->ids[f], m->ids_count[f],
		                    hits_max < benign ? hits_max : benign, held_out, &ret[f]);
	}
	return r;
}

static void forget_choice(struct making *m, uint32_t f)
{
	chosen_fini(&m->chosen[f]);
	free(m->index[f]);
	m->index[f] = NULL;
}

/* Chooses for one family anew. */
static int choose_family(struct making *m, uint32_t f, uint32_t hits_max, const struct strictness *s, bool bound)
{
	struct limits l = { .cost_max = m->options->max_items, .price = s->price, .again = s->again, .hits_max = hits_max,
		.rate_max = s->rate * m->options->max_fpr, .novelty_min = s->novelty };
	struct choice p;
	int r;

	forget_choice(m, f);
	if ((r = choice_make(&m->families[f], &l, &p, &m->index[f])) < 0)
		return r;
	r = choose(&p, &m->chosen[f]);
	if (r == 0 && bound)
		r = choose_bound(&p, &m->chosen[f]);
	m->hits_max[f] = hits_max;
	if (r == 0) { /* from the choice's numbers to the list's */
		bool *takes = calloc((size_t)m->families[f].count + 1, sizeof(*takes));

		for (uint32_t j = 0; takes != NULL && j < p.candidates; j++)
			takes[m->index[f][j]] = m->chosen[f].takes[j];
		if (takes == NULL)
			r = -ENOMEM;
		free(m->chosen[f].takes);
		m->chosen[f].takes = takes;
	}
	choice_fini(&p);
	return r;
}

/* What the chosen ones of a family match: of it, and of harmless samples. */
static int matched(const struct making *m, uint32_t f, roaring_bitmap_t *family, roaring_bitmap_t *benign)
{
	for (uint32_t i = 0; i < m->families[f].count; i++) {
		if (!m->chosen[f].takes[i])
			continue;
		roaring_bitmap_or_inplace(family, m->families[f].list[i].family);
		roaring_bitmap_or_inplace(benign, m->families[f].list[i].benign);
	}
	return 0;
}

static int matched_all(const struct making *m, uint64_t *covered, roaring_bitmap_t **ret_benign)
{
	roaring_bitmap_t *family = roaring_bitmap_create(), *benign = roaring_bitmap_create();

	if (family == NULL || benign == NULL) {
		bitmap_free(family);
		bitmap_free(benign);
		return -ENOMEM;
	}
	for (uint32_t f = 0; f < m->view.families_count; f++)
		(void)matched(m, f, family, benign);
	*covered = roaring_bitmap_get_cardinality(family);
	*ret_benign = benign;
	bitmap_free(family);
	return 0;
}

/* The first day of the newest part of the harmless samples; DAY_NONE: some have no day, or the part would be all. */
static int32_t newest_from(const struct view *v)
{
	uint32_t benign = view_benign(v), n = 0;
	int32_t *days = malloc(((size_t)benign + 1) * sizeof(*days)), cut = DAY_NONE;

	for (uint32_t i = v->malware; days != NULL && i < v->count; i++) {
		if (view_sample(v, i)->day != DAY_NONE)
			days[n++] = view_sample(v, i)->day;
	}
	if (n > 0 && n == benign) {
		days_sort(days, n);
		cut = days[n - 1 - n / HELD_OUT];
		cut = cut == days[0] ? DAY_NONE : cut;
	}
	free(days);
	return cut;
}

/*
 * Harmless samples that are held out: the newest, for what comes is like those; without days, some by their digest. Neither hangs on
 * the order of reading.
 */
static int make_held_out(struct making *m)
{
	int32_t cut = newest_from(&m->view);

	if ((m->held_out = roaring_bitmap_create()) == NULL)
		return -ENOMEM;
	for (uint32_t i = m->view.malware; i < m->view.count; i++) {
		const struct corpus_sample *s = view_sample(&m->view, i);

		if (cut != DAY_NONE ? s->day >= cut : mix(s->digest, 3) % HELD_OUT == 0)
			roaring_bitmap_add(m->held_out, i);
	}
	return 0;
}

static void forget_offers(struct making *m)
{
	for (uint32_t f = 0; f < m->view.families_count; f++)
		offers_fini(&m->offers[f]);
}

static int offer_all(struct making *m, const struct strictness *s, uint64_t most)
{
	const struct limits l = { .cost_max = m->options->max_items, .price = s->price, .again = s->again,
		.rate_max = s->rate * m->options->max_fpr, .novelty_min = s->novelty };
	uint64_t of_family = most / FAMILY_PART + (most > 0);
	int r = 0;

	forget_offers(m);
	for (uint32_t f = 0; f < m->view.families_count && r == 0; f++) {
		tell(m, "choosing, families", f, m->view.families_count);
		r = offers_make(&m->families[f], &l, (uint32_t)(of_family < UINT32_MAX ? of_family : UINT32_MAX), &m->offers[f]);
	}
	return r;
}

/* Held-out harmless samples that the offers match, if they may match `most` of the others. */
static int hold_out(struct making *m, uint64_t most, uint64_t *ret)
{
	uint64_t others = view_benign(&m->view) - roaring_bitmap_get_cardinality(m->held_out);
	roaring_bitmap_t *all = roaring_bitmap_create();
	int r = all == NULL ? -ENOMEM : offers_share(m->offers, m->view.families_count, most, m->view.malware, others, m->taken);

	for (uint32_t f = 0; f < m->view.families_count && r == 0; f++) {
		for (uint32_t i = 0; i < m->families[f].count; i++) {
			if (m->offers[f].list[m->taken[f]].takes[i])
				roaring_bitmap_or_inplace(all, m->families[f].list[i].unseen);
		}
	}
	*ret = r == 0 ? roaring_bitmap_get_cardinality(all) : 0;
	bitmap_free(all);
	return r;
}

/* No match says all that few samples can. */
static bool is_within(uint64_t hits, uint64_t held, double share)
{
	return hits == 0 || interval_upper(hits, held, sure) <= share;
}

static int try_strictness(struct making *m, struct make_notes *notes)
{
	uint64_t held = roaring_bitmap_get_cardinality(m->held_out), hits = 0;
	uint64_t most = m->allowed <= 0 ? 0 : (uint64_t)m->allowed * (view_benign(&m->view) - held) / (view_benign(&m->view) + 1);
	int r = weigh_all(m, (int64_t)most, m->held_out, m->families);

	for (unsigned s = 0; s < COUNT_OF(strictness) && r == 0; s++) {
		notes->strictness = s;
		if ((r = offer_all(m, &strictness[s], most)) == 0)
			r = hold_out(m, 0, &hits);
		if (r < 0 || is_within(hits, held, m->options->max_fpr))
			break;
	}
	for (unsigned i = 0; i < COUNT_OF(spending) && r == 0 && most > 0; i++) {
		uint64_t now;

		if ((r = hold_out(m, (uint64_t)(spending[i] * (double)most), &now)) == 0 && is_within(now, held, spare * m->options->max_fpr)) {
			notes->spent = spending[i];
			hits = now;
			break;
		}
	}
	notes->held_out = held == 0 ? 0 : (double)hits / (double)held;
	forget_offers(m);
	return r;
}

/*
 * How strict to be, and how much of the budget to spend: from candidates that know nothing of the harmless samples that are held out,
 * judged by those. A candidate that matches none of the others may match some of the latter; if too many do, fewer signs are chosen,
 * and then only unheard-of words. What that leaves of the budget is spent on what matches some.
 */
static int find_strictness(struct making *m, struct make_notes *notes)
{
	struct candidates *all = m->families;
	int r = -ENOMEM;

	if ((m->families = calloc((size_t)m->view.families_count + 1, sizeof(*m->families))) != NULL)
		r = try_strictness(m, notes);
	for (uint32_t f = 0; f < m->view.families_count && m->families != NULL; f++)
		candidates_fini(&m->families[f]);
	free(m->families);
	m->families = all;
	return r;
}

static int choose_all(struct making *m, const struct make_notes *notes)
{
	const struct strictness *s = &strictness[notes->strictness];
	uint64_t most = m->allowed <= 0 ? 0 : (uint64_t)(notes->spent * (double)m->allowed);
	int r = offer_all(m, s, most);

	if (r == 0)
		r = offers_share(m->offers, m->view.families_count, most, m->view.malware, view_benign(&m->view), m->taken);
	for (uint32_t f = 0; f < m->view.families_count && r == 0; f++) {
		tell(m, "proving how near the best, families", f, m->view.families_count);
		r = choose_family(m, f, m->offers[f].list[m->taken[f]].hits_max, s, true);
	}
	forget_offers(m);
	return r;
}

static int build_family(struct making *m, struct builder *b, uint32_t f)
{
	roaring_bitmap_t *family = roaring_bitmap_create(), *benign = roaring_bitmap_create();
	struct ioc_family told = { .name = names_get(&m->view.corpus->families, m->view.families[f].name),
		.samples = m->view.families[f].count, .value = m->chosen[f].value, .bound = m->chosen[f].bound, .exact = m->chosen[f].exact };
	int r = family == NULL || benign == NULL ? -ENOMEM : matched(m, f, family, benign);

	if (r == 0) {
		told.covered = roaring_bitmap_get_cardinality(family);
		told.gap = told.bound > 0 ? fmax(0, 1 - told.value / told.bound) : 0;
		if (told.exact)
			told.gap = 0;
		r = builder_family(b, &told);
	}
	for (uint32_t i = 0; i < m->families[f].count && r == 0; i++) {
		if (m->chosen[f].takes[i])
			r = builder_add(b, &m->view, &m->pool, &m->view.families[f], &m->families[f].list[i]);
	}
	bitmap_free(family);
	bitmap_free(benign);
	return r;
}

static int build_all(struct making *m, struct ioc_set **ret)
{
	struct builder b = { .set = calloc(1, sizeof(*b.set)) };
	roaring_bitmap_t *benign = NULL;
	uint64_t covered = 0;
	int r = b.set == NULL ? -ENOMEM : 0;

	for (uint32_t f = 0; f < m->view.families_count && r == 0; f++)
		r = build_family(m, &b, f);
	if (r == 0)
		r = matched_all(m, &covered, &benign);
	if (r < 0) {
		ioc_set_free(b.set);
		return r;
	}
	builder_end(&b, &m->view, covered, roaring_bitmap_get_cardinality(benign), m->options->max_fpr);
	bitmap_free(benign);
	*ret = b.set;
	return 0;
}

const char *method_name(enum make_method m)
{
	static const char *const names[METHOD_COUNT] = {
		[METHOD_OURS] = "konseki", [METHOD_LITERALS] = "frequent literals", [METHOD_LIST] = "decision list",
		[METHOD_GREEDY] = "greedy cover", [METHOD_LOCAL_SEARCH] = "smooth local search",
	};

	return names[m];
}

/* A baseline gets the same share of harmless matches for each family. */
static int choose_baseline(struct making *m, enum make_method method, uint32_t f)
{
	uint32_t n = m->view.families_count, share = m->allowed <= 0 ? 0 : (uint32_t)(m->allowed / (2 * (int64_t)n));
	bool *takes = calloc((size_t)m->families[f].count + 1, sizeof(*takes));
	int r = takes == NULL ? -ENOMEM : 0;

	forget_choice(m, f);
	m->chosen[f].takes = takes;
	if (r == 0 && method == METHOD_GREEDY)
		r = baseline_greedy(&m->families[f], share, takes);
	else if (r == 0 && method == METHOD_LIST)
		r = baseline_list(&m->families[f], view_benign(&m->view), share, takes);
	else if (r == 0)
		r = baseline_local_search(&m->families[f], view_benign(&m->view), share, takes);
	return r;
}

static int build_literals(struct making *m, struct ioc_set **ret)
{
	struct builder b = { .set = calloc(1, sizeof(*b.set)) };
	int r = b.set == NULL ? -ENOMEM : 0;

	for (uint32_t f = 0; f < m->view.families_count && r == 0; f++) {
		struct candidates c = { 0 };

		r = baseline_literals(&m->view, &m->view.families[f], &m->pool, 0, LITERALS, &c);
		for (uint32_t i = 0; i < c.count && r == 0; i++)
			r = builder_add(&b, &m->view, &m->pool, &m->view.families[f], &c.list[i]);
		candidates_fini(&c);
	}
	if (r < 0) {
		ioc_set_free(b.set);
		return r;
	}
	builder_end(&b, &m->view, 0, 0, m->options->max_fpr);
	*ret = b.set;
	return 0;
}

int making_choose(struct making *m, enum make_method method, struct ioc_set **ret, struct make_notes *notes)
{
	int r = 0;

	*notes = (struct make_notes){ .hits_allowed = m->allowed };
	if (method == METHOD_LITERALS)
		return build_literals(m, ret);
	if (method == METHOD_OURS) {
		if (m->view.families_count > 0)
			r = find_strictness(m, notes);
		if (r == 0)
			r = choose_all(m, notes);
	}
	for (uint32_t f = 0; method != METHOD_OURS && f < m->view.families_count && r == 0; f++)
		r = choose_baseline(m, method, f);
	return r < 0 ? r : build_all(m, ret);
}

int making_new(const struct corpus *c, const bool *wanted, const struct make_options *o, struct making **ret)
{
	struct making *m = calloc(1, sizeof(*m));
	size_t n;
	int r = m == NULL ? -ENOMEM : view_init(c, wanted, &m->view);

	if (r < 0) {
		free(m);
		return r;
	}
	m->options = o;
	n = (size_t)m->view.families_count + 1;
	m->families = calloc(n, sizeof(*m->families));
	m->ids = calloc(n, sizeof(*m->ids));
	m->ids_count = calloc(n, sizeof(*m->ids_count));
	m->chosen = calloc(n, sizeof(*m->chosen));
	m->index = calloc(n, sizeof(*m->index));
	m->hits_max = calloc(n, sizeof(*m->hits_max));
	m->taken = calloc(n, sizeof(*m->taken));
	m->offers = calloc(n, sizeof(*m->offers));
	if (m->families == NULL || m->ids == NULL || m->ids_count == NULL || m->chosen == NULL || m->index == NULL || m->hits_max == NULL || m->taken == NULL ||
	    m->offers == NULL)
		r = -ENOMEM;
	m->allowed = interval_most(o->max_fpr, view_benign(&m->view));
	if (r == 0)
		r = make_held_out(m);
	if (r == 0)
		r = mine_all(m);
	if (r == 0)
		r = weigh_all(m, m->allowed, NULL, m->families);
	if (r < 0)
		making_free(m);
	else
		*ret = m;
	return r;
}

void making_free(struct making *m)
{
	if (m == NULL)
		return;
	for (uint32_t f = 0; f < m->view.families_count; f++) {
		if (m->ids != NULL)
			free(m->ids[f]);
		if (m->families != NULL)
			candidates_fini(&m->families[f]);
		if (m->chosen != NULL && m->index != NULL)
			forget_choice(m, f);
		if (m->offers != NULL)
			offers_fini(&m->offers[f]);
	}
	free(m->offers);
	free(m->taken);
	bitmap_free(m->held_out);
	pool_fini(&m->pool);
	miner_free(m->miner);
	free(m->families);
	free(m->ids);
	free(m->ids_count);
	free(m->chosen);
	free(m->index);
	free(m->hits_max);
	view_fini(&m->view);
	free(m);
}

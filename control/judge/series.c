/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attempts at one place, compared. */
#include "control/judge/series.h"

#include "control/judge/quoting.h"

#include <math.h>
#include <stddef.h>

enum { SHAPES_MIN = 3 };  /* of values that begin alike, before their beginning is said to decide */
enum { FOLLOWS_BITS = 6 }; /* by which a place is said to show what is true, for the attempts that it does not answer so */
enum { CHANGES_MIN = 3 }; /* of truth in the course of time: a place that changes once, blocking the client, follows nothing */

void series_note(struct series *s, const struct attempt *a)
{
	enum series_end end = a->end;
	double missing_bits = 0;

	for (unsigned i = 0; i < s->count; i++) {
		struct attempt *o = &s->at[i];

		if (o->transaction != a->transaction)
			continue;
		end = o->end == END_OPEN || a->end == END_RAN ? a->end : o->end;
		missing_bits = o->missing_bits > a->missing_bits ? o->missing_bits : a->missing_bits;
		*o = *a;
		o->end = end;
		o->missing_bits = missing_bits;
		return;
	}
	s->at[s->next] = *a;
	s->next = (s->next + 1) % SERIES_MAX;
	if (s->count < SERIES_MAX)
		s->count++;
}

const struct attempt *series_alike(const struct series *s, const struct attempt *a, const struct attempt *after)
{
	for (unsigned i = after == NULL ? 0 : (unsigned)(after - s->at) + 1; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->value != a->value && o->rest == a->rest && o->answer != 0 && o->answer == a->answer)
			return o;
	}
	return NULL;
}

bool series_has_company(const struct series *s, const struct attempt *a)
{
	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->client == a->client && o->language == a->language && !o->quiet)
			return true;
	}
	return false;
}

unsigned series_shown(const struct series *s, const struct attempt *a)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->count; i++)
		n += s->at[i].shown && s->at[i].rest == a->rest && s->at[i].transaction != a->transaction;
	return n;
}

static bool asks(const struct attempt *o, const struct attempt *a)
{
	return (o->truth == TRUTH_TRUE || o->truth == TRUTH_FALSE) && o->answer != 0 && o->rest == a->rest && o->around != 0 &&
		o->around == a->around;
}

/* What most of the true ones were answered; 0: nothing. */
static uint64_t answer_of_true(const struct series *s, const struct attempt *a)
{
	uint64_t best = 0;
	unsigned most = 0;

	for (unsigned i = 0; i < s->count; i++) {
		unsigned n = 0;

		for (unsigned o = 0; o < s->count; o++)
			n += asks(&s->at[o], a) && s->at[o].truth == TRUTH_TRUE && s->at[o].answer == s->at[i].answer;
		if (n > most) {
			most = n;
			best = s->at[i].answer;
		}
	}
	return best;
}

static double log2_choose(unsigned n, unsigned k)
{
	return k > n ? -INFINITY : (lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0)) / log(2);
}

/* Attempts by truth and by answer, in the order of time. */
struct agreement {
	unsigned truths, falses;    /* in all */
	unsigned truths_in, all_in; /* answered as most of the true ones are */
	unsigned changes;           /* of the answer from one to the next */
};

static struct agreement agreement_of(const struct series *s, const struct attempt *a, uint64_t answer)
{
	struct agreement g = { 0 };
	const struct attempt *last = NULL;

	for (;;) {
		const struct attempt *o = NULL;

		/* the ring is no order of time: judging may come back to an older case */
		for (unsigned i = 0; i < s->count; i++) {
			const struct attempt *c = &s->at[i];

			if (asks(c, a) && (last == NULL || c->time_ns > last->time_ns || (c->time_ns == last->time_ns && c > last)) &&
			    (o == NULL || c->time_ns < o->time_ns))
				o = c;
		}
		if (o == NULL)
			return g;
		g.truths += o->truth == TRUTH_TRUE;
		g.falses += o->truth == TRUTH_FALSE;
		g.truths_in += o->truth == TRUTH_TRUE && o->answer == answer;
		g.all_in += o->answer == answer;
		g.changes += last != NULL && (last->answer == answer) != (o->answer == answer);
		last = o;
	}
}

/* Fisher's exact test: so many of the drawn ones true, or more, if answers were dealt out blindly. */
static double bits_dealt(const struct agreement *g)
{
	double all = log2_choose(g->truths + g->falses, g->all_in), chance = 0;

	for (unsigned n = g->truths_in; n <= g->truths && n <= g->all_in; n++)
		chance += exp2(log2_choose(g->truths, n) + log2_choose(g->falses, g->all_in - n) - all);
	return chance > 0 && chance < 1 ? -log2(chance) : 0;
}

/* Does a true one of the same shape have the true ones' answer? Then no error of this shape is what was answered. */
static bool has_twin(const struct series *s, const struct attempt *a, uint64_t answer)
{
	for (unsigned i = 0; i < s->count; i++) {
		if (asks(&s->at[i], a) && s->at[i].truth == TRUTH_TRUE && s->at[i].answer == answer && s->at[i].shape == a->shape)
			return true;
	}
	return false;
}

double series_truth_bits(const struct series *s, const struct attempt *a)
{
	uint64_t answer = answer_of_true(s, a);
	struct agreement g;
	double dealt, timed;

	if (a->truth == TRUTH_NONE || a->answer == 0 || a->around == 0 || answer == 0)
		return 0;
	if (a->truth == TRUTH_FALSE ? a->answer == answer || !has_twin(s, a, answer) : a->answer != answer)
		return 0;
	g = agreement_of(s, a, answer);
	if (g.changes < CHANGES_MIN)
		return 0;
	dealt = bits_dealt(&g) - 1; /* the answer was chosen to fit */
	timed = log2_choose(g.truths + g.falses - 1, g.changes);
	dealt = dealt < timed ? dealt : timed;
	return dealt > 0 ? dealt : 0;
}

bool series_follows_others(const struct series *s, const struct attempt *a)
{
	bool true_one = false, false_one = false, follows = false;

	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->around == a->around && (o->end == END_RAN || o->late_ns != 0))
			return false;
		if (asks(o, a)) {
			if (o->answer != a->answer)
				return false;
			true_one |= o->truth == TRUTH_TRUE;
			false_one |= o->truth == TRUTH_FALSE;
		} else if (o->rest == a->rest && !follows) {
			follows = series_truth_bits(s, o) >= FOLLOWS_BITS;
		}
	}
	return a->answer != 0 && true_one && false_one && follows;
}

/* What followed one harmless beginning. */
struct beginnings {
	unsigned values, shapes; /* of this beginning; shapes: different ones */
	bool true_one, false_one, waits, late;
	bool own_waits;          /* one that leaves what the attempt leaves would have waited */
	unsigned broken, refuted; /* enum quoting: in which one was broken; or false, or broken, so that they are not where the values stand */
	bool same;               /* all of them had the same answer */
};

static bool new_shape(const struct series *s, unsigned index)
{
	for (unsigned i = 0; i < index; i++) {
		if (s->at[i].base == s->at[index].base && s->at[i].rest == s->at[index].rest && s->at[i].shape == s->at[index].shape)
			return false;
	}
	return true;
}

static struct beginnings beginnings_of(const struct series *s, const struct attempt *a)
{
	struct beginnings b = { .same = true };

	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->rest != a->rest || o->answer == 0)
			continue;
		b.waits |= o->waits;
		b.late |= o->late_ns != 0 || o->end == END_RAN;
		if (o->base != a->base)
			continue;
		b.values++;
		b.own_waits |= o->waits && o->leaves == a->leaves;
		b.shapes += new_shape(s, i);
		b.same &= o->answer == a->answer;
		b.true_one |= o->truth == TRUTH_TRUE;
		b.false_one |= o->truth == TRUTH_FALSE;
		b.broken |= o->broken;
		b.refuted |= o->broken | (o->truth == TRUTH_FALSE ? o->leaves : 0);
	}
	return b;
}

/* Has another beginning an answer of its own? One odd page is no rule: it has more than one (least), and they are alike, too. */
static bool another_decides(const struct series *s, const struct attempt *a, unsigned least)
{
	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];
		struct beginnings other;

		if (o->rest != a->rest || o->base == a->base || o->answer == 0 || o->answer == a->answer || o->status != a->status)
			continue;
		other = beginnings_of(s, o);
		if (other.same && other.values >= least)
			return true;
	}
	return false;
}

bool series_base_decides(const struct series *s, const struct attempt *a)
{
	struct beginnings b = beginnings_of(s, a);

	if (a->base == 0 || a->answer == 0 || !b.same || b.late || b.shapes < SHAPES_MIN)
		return false;
	/* a statement that it breaks and one that it makes wait are answered at once with the page of a sound one */
	if (b.own_waits && a->leaves != 0 && (b.broken & a->leaves) != 0 && another_decides(s, a, 1))
		return true;
	return b.waits && b.false_one && (b.true_one || (b.broken & QUOTING_BARE) != 0) && another_decides(s, a, 2);
}

bool series_takes_no_code(const struct series *s, const struct attempt *a)
{
	struct beginnings own = beginnings_of(s, a);

	/* its own beginning's answers must not say that something else decides */
	if (a->base == 0 || a->answer == 0 || a->leaves == 0 || !own.same || own.late)
		return false;
	for (unsigned i = 0; i < s->count; i++) {
		const struct attempt *o = &s->at[i];

		if (o->rest == a->rest && o->base != a->base && series_base_decides(s, o) &&
		    (beginnings_of(s, o).refuted & a->leaves) != 0)
			return true;
	}
	return false;
}

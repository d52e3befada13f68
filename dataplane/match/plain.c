/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules without a fast pattern: found by the addresses that they name. Address lists are most of them. */
#include "dataplane/match/matcher.h"

#include <errno.h>
#include <stdlib.h>

static unsigned __int128 span(const struct ranges *r)
{
	unsigned __int128 n = 0;

	if (r == NULL)
		return ~(unsigned __int128)0;
	for (unsigned i = 0; i < r->count; i++)
		n += r->at[i].high - r->at[i].low;
	return n;
}

static int by_low(const void *a, const void *b)
{
	const struct plain *x = a, *y = b;
	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* The addresses a rule is found by, and whose they are in the transaction; NULL: it names none. */
static const struct ranges *key_of(const struct rule *r, enum direction orientation, enum direction *whose)
{
	bool by_source = span(r->src) <= span(r->dst);
	const struct ranges *key = by_source ? r->src : r->dst;

	*whose = by_source == (orientation == FROM_CLIENT) ? FROM_CLIENT : FROM_SERVER;
	return r->both_ways ? NULL : key;
}

/* Lists every range of the drafts under its side; with NULL arrays only counts. */
static void list(const struct matcher *m, const struct plain_draft *drafts, unsigned count, struct plain *const to[2],
                 uint32_t *wide, unsigned counts[2], unsigned *wide_count)
{
	counts[0] = counts[1] = *wide_count = 0;
	for (unsigned i = 0; i < count; i++) {
		enum direction whose;
		const struct ranges *key = key_of(rule_set_at(m->rules, drafts[i].rule), drafts[i].orientation, &whose);

		if (key == NULL) {
			if (wide != NULL)
				wide[*wide_count] = drafts[i].pattern;
			(*wide_count)++;
			continue;
		}
		for (unsigned j = 0; j < key->count; j++) {
			if (to[whose] != NULL)
				to[whose][counts[whose]] = (struct plain){ .low = key->at[j].low, .high = key->at[j].high,
					                                   .pattern = drafts[i].pattern };
			counts[whose]++;
		}
	}
}

int plain_build(struct matcher *m, const struct plain_draft *drafts, unsigned count)
{
	list(m, drafts, count, (struct plain *const[2]){ NULL, NULL }, NULL, m->plain_count, &m->wide_count);
	m->wide = calloc(m->wide_count + 1, sizeof(*m->wide));
	for (unsigned d = 0; d < 2; d++)
		if ((m->plain[d] = aligned_alloc(16, (m->plain_count[d] + 1) * sizeof(struct plain))) == NULL)
			return -ENOMEM;
	if (m->wide == NULL)
		return -ENOMEM;
	list(m, drafts, count, m->plain, m->wide, m->plain_count, &m->wide_count);
	for (unsigned d = 0; d < 2; d++) {
		unsigned __int128 reach = 0;
		qsort(m->plain[d], m->plain_count[d], sizeof(struct plain), by_low);
		for (unsigned i = 0; i < m->plain_count[d]; i++) {
			if (m->plain[d][i].high > reach)
				reach = m->plain[d][i].high;
			m->plain[d][i].reach = reach;
		}
	}
	return 0;
}

static bool protocol_fits(const struct rule *r, const struct state *s)
{
	if (r->app_given && (s->app == r->app) == r->app_negated)
		return false;
	switch (r->protocol) {
	case RULE_TCP:
		return s->client.protocol == 6;
	case RULE_UDP:
		return s->client.protocol == 17;
	case RULE_HTTP:
		return s->app == APP_HTTP;
	case RULE_DNS:
		return s->app == APP_DNS;
	case RULE_IP:
		return true;
	}
	return false;
}

static bool ends_fit(const struct rule *r, const struct tuple *t)
{
	return ranges_hold(r->sport, t->sport) && ranges_hold(r->dport, t->dport) &&
	       (r->src == NULL || ranges_hold(r->src, address_number(&t->src))) &&
	       (r->dst == NULL || ranges_hold(r->dst, address_number(&t->dst)));
}

bool header_fits(const struct rule *r, enum direction orientation, const struct state *s)
{
	struct tuple back = tuple_reverse(&s->client);
	const struct tuple *t = orientation == FROM_CLIENT ? &s->client : &back;

	if (!protocol_fits(r, s))
		return false;
	return ends_fit(r, t) || (r->both_ways && ends_fit(r, t == &back ? &s->client : &back));
}

static void mark(const struct matcher *m, uint32_t pattern, struct state *s)
{
	const struct entry *e = &m->entries[m->patterns[pattern].first];

	if (header_fits(rule_set_at(m->rules, e->rule), (enum direction)e->orientation, s))
		state_hit(s, pattern);
}

void plain_mark(const struct matcher *m, struct state *s)
{
	for (unsigned i = 0; i < m->wide_count; i++)
		mark(m, m->wide[i], s);
	for (unsigned d = 0; d < 2; d++) {
		const struct plain *p = m->plain[d];
		unsigned low = 0, high = m->plain_count[d];
		if (high == 0)
			continue;
		unsigned __int128 n = address_number(d == FROM_CLIENT ? &s->client.src : &s->client.dst);
		while (low < high) {
			unsigned middle = (low + high) / 2;
			if (p[middle].low <= n)
				low = middle + 1;
			else
				high = middle;
		}
		while (low-- > 0 && p[low].reach >= n)
			if (p[low].high >= n)
				mark(m, p[low].pattern, s);
	}
}

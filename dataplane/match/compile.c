/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiling rules: which pattern makes each a candidate, and the Hyperscan databases of literals. */
#include "dataplane/match/compiled.h"
#include "dataplane/match/matcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct drafts {
	struct draft *at;
	struct plain_draft *plain;
	unsigned count, plain_count;
};

/* Must the content lie in the first HEAD_BYTES of its buffer? */
static bool in_head(const struct condition *c)
{
	const struct content *t = &c->content;

	return c->kind == CONDITION_CONTENT && !c->relative && t->has_depth && t->offset + t->depth <= HEAD_BYTES;
}

/* The views that a rule's pattern belongs to: one, or two where any payload will do. */
static unsigned views_of(const struct rule *r, const struct condition *c, unsigned ret[2])
{
	static const struct {
		unsigned whole, head;
	} payloads[] = {
		[RULE_IP] = { BUFFER_PAYLOAD, VIEW_HEAD_TCP },
		[RULE_TCP] = { BUFFER_PAYLOAD, VIEW_HEAD_TCP },
		[RULE_UDP] = { VIEW_PAYLOAD_UDP, VIEW_HEAD_UDP },
		[RULE_HTTP] = { VIEW_PAYLOAD_HTTP, VIEW_HEAD_HTTP },
		[RULE_DNS] = { BUFFER_PAYLOAD, VIEW_HEAD_TCP },
	};
	bool head = in_head(c);

	if (c->view.buffer != BUFFER_PAYLOAD) {
		ret[0] = !c->view.dot_prefix ? c->view.buffer :
		         c->view.buffer == BUFFER_DNS_QUERY ? VIEW_DNS_QUERY_DOT : VIEW_HTTP_HOST_DOT;
		return 1;
	}
	if (r->app_given && r->app_negated && r->app == APP_HTTP && r->protocol == RULE_TCP) {
		ret[0] = VIEW_PAYLOAD_RAW;
		return 1;
	}
	ret[0] = head ? payloads[r->protocol].head : payloads[r->protocol].whole;
	ret[1] = head ? VIEW_HEAD_UDP : VIEW_PAYLOAD_UDP;
	return r->protocol == RULE_IP || r->protocol == RULE_DNS ? 2 : 1;
}

static void draft_add(struct drafts *all, const struct rule *r, uint32_t index, enum direction o)
{
	int which = r->fast >= 0 ? r->fast : r->fast_pcre;
	struct draft d = { .entry = { .rule = index, .orientation = (uint8_t)o }, .regex = r->fast < 0 };
	unsigned views[2], count;

	if (which >= 0) {
		const struct condition *c = &r->conditions[which];
		d.direction = (uint8_t)buffer_side(c->view.buffer, o);
		if (d.regex) {
			d.bytes = bytes_text(c->pcre.text);
			d.options = c->pcre.options;
		} else {
			d.nocase = c->content.nocase;
			d.bytes = bytes_of(c->content.bytes.at + r->fast_from, r->fast_len);
		}
		count = d.regex && !expression_fits(&d, &d.entry.exact) ? 0 : views_of(r, c, views);
		for (unsigned i = 0; i < count; i++) {
			d.view = (uint8_t)views[i];
			all->at[all->count++] = d;
		}
		if (count > 0)
			return;
	}
	all->plain[all->plain_count++] = (struct plain_draft){ .rule = index, .orientation = o };
}

static int by_pattern(const void *a, const void *b)
{
	const struct draft *x = a, *y = b;
	size_t len = x->bytes.left < y->bytes.left ? x->bytes.left : y->bytes.left;
	int d;

	if (x->direction != y->direction)
		return x->direction - y->direction;
	if (x->view != y->view)
		return x->view - y->view;
	if (x->regex != y->regex)
		return x->regex - y->regex;
	if (x->nocase != y->nocase)
		return x->nocase - y->nocase;
	if (x->options != y->options)
		return x->options < y->options ? -1 : 1;
	if ((d = memcmp(x->bytes.at, y->bytes.at, len)) != 0)
		return d;
	return x->bytes.left < y->bytes.left ? -1 : x->bytes.left > y->bytes.left;
}

static bool same_pattern(const struct draft *a, const struct draft *b)
{
	return by_pattern(a, b) == 0;
}

/* What hs_compile_lit_multi() wants: parallel arrays. */
struct batch {
	const char **texts;
	unsigned *flags, *ids;
	size_t *lens;
	unsigned count;
};

static void batch_fini(struct batch *b)
{
	free(b->texts);
	free(b->flags);
	free(b->ids);
	free(b->lens);
}

static int batch_init(struct batch *b, unsigned most)
{
	*b = (struct batch){
		.texts = calloc(most, sizeof(*b->texts)),
		.flags = calloc(most, sizeof(*b->flags)),
		.ids = calloc(most, sizeof(*b->ids)),
		.lens = calloc(most, sizeof(*b->lens)),
	};
	return b->texts == NULL || b->flags == NULL || b->ids == NULL || b->lens == NULL ? -ENOMEM : 0;
}

/* One database's worth of sorted literals [from, to) of one direction and view; ids[i] is draft i's pattern. */
static int literals_build(struct matcher *m, const struct draft *d, unsigned from, unsigned to, const uint32_t *ids,
                          char *why, size_t why_size)
{
	struct database *db = &m->databases[d[from].direction][d[from].view];
	struct compiled_patterns patterns;
	struct batch b;
	int r = batch_init(&b, to - from);

	if (r < 0)
		goto out;
	for (unsigned i = from; i < to; i++) {
		if (i > from && ids[i] == ids[i - 1])
			continue;
		b.ids[b.count] = ids[i];
		b.lens[b.count] = d[i].bytes.left;
		b.texts[b.count] = (const char *)d[i].bytes.at;
		b.flags[b.count++] = HS_FLAG_SINGLEMATCH | (d[i].nocase ? HS_FLAG_CASELESS : 0);
	}
	patterns = (struct compiled_patterns){ b.texts, b.flags, b.ids, b.lens, b.count };
	r = compiled_get(m->compiled, &patterns, why, why_size, &db->literals);
out:
	batch_fini(&b);
	return r;
}

/* Numbers the distinct patterns of the sorted drafts and lists their rules. */
static int patterns_number(struct matcher *m, const struct drafts *all, uint32_t *ids)
{
	unsigned distinct = 0;

	m->entries = calloc(all->count + all->plain_count + 1, sizeof(*m->entries));
	m->patterns = calloc(all->count + all->plain_count + 1, sizeof(*m->patterns));
	if (m->entries == NULL || m->patterns == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < all->count; i++) {
		if (i == 0 || !same_pattern(&all->at[i], &all->at[i - 1]))
			m->patterns[distinct++].first = i;
		ids[i] = distinct - 1;
		m->entries[i] = all->at[i].entry;
		m->patterns[distinct - 1].count++;
	}
	m->entries_count = all->count;
	for (unsigned i = 0; i < all->plain_count; i++) {
		struct plain_draft *p = &all->plain[i];
		m->entries[m->entries_count] = (struct entry){ .rule = p->rule, .orientation = (uint8_t)p->orientation };
		m->patterns[distinct] = (struct pattern){ .first = m->entries_count++, .count = 1 };
		p->pattern = distinct++;
	}
	m->patterns_count = distinct;
	for (unsigned i = 0; i < distinct; i++)
		for (uint32_t j = m->patterns[i].first; j < m->patterns[i].first + m->patterns[i].count; j++)
			m->patterns[i].stops |= rule_action_stops(rule_set_at(m->rules, m->entries[j].rule)->action);
	return 0;
}

static int databases_build(struct matcher *m, const struct drafts *all, const uint32_t *ids, char *why, size_t why_size)
{
	int r = 0;

	for (unsigned from = 0, to; r == 0 && from < all->count; from = to) {
		const struct draft *d = &all->at[from];
		for (to = from; to < all->count && all->at[to].direction == d->direction && all->at[to].view == d->view &&
		                all->at[to].regex == d->regex;)
			to++;
		if (!d->regex)
			r = literals_build(m, all->at, from, to, ids, why, why_size);
	}
	return r < 0 ? r : expressions_build(m, all->at, all->count, ids, why, why_size);
}

int matcher_new(const struct rule_set *set, const char *compiled, char *why, size_t why_size, struct matcher **ret)
{
	unsigned rules = rule_set_count(set);
	struct matcher *m = calloc(1, sizeof(*m));
	struct drafts all = {
		.at = calloc(4 * (size_t)rules + 1, sizeof(*all.at)),
		.plain = calloc(2 * (size_t)rules + 1, sizeof(*all.plain)),
	};
	uint32_t *ids = calloc(4 * (size_t)rules + 1, sizeof(*ids));
	int r = -ENOMEM;

	snprintf(why, why_size, "out of memory");
	if (m == NULL || all.at == NULL || all.plain == NULL || ids == NULL)
		goto out;
	m->rules = rule_set_hold(set);
	m->compiled = compiled;
	for (unsigned i = 0; i < rules; i++)
		for (unsigned o = FROM_CLIENT; o <= FROM_SERVER; o++)
			if (rule_set_at(set, i)->orientations[o])
				draft_add(&all, rule_set_at(set, i), i, (enum direction)o);
	qsort(all.at, all.count, sizeof(*all.at), by_pattern);
	if ((r = patterns_number(m, &all, ids)) < 0 || (r = plain_build(m, all.plain, all.plain_count)) < 0 ||
	    (r = gate_build(m)) < 0 || (r = databases_build(m, &all, ids, why, why_size)) < 0)
		goto out;
	m->compiled = NULL;
	*ret = m;
	m = NULL;
	r = 0;
out:
	matcher_free(m);
	free(all.at);
	free(all.plain);
	free(ids);
	return r;
}

void matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	for (unsigned d = 0; d < 2; d++) {
		for (unsigned v = 0; v < VIEW_COUNT; v++) {
			struct database *db = &m->databases[d][v];
			hs_free_database(db->literals);
			free(db->expressions);
		}
		free(m->plain[d]);
		hs_free_database(m->expressions[d]);
	}
	free(m->wide);
	free(m->guards);
	free(m->patterns);
	free(m->entries);
	rule_set_free(m->rules);
	free(m);
}

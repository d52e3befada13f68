/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Deciding: which candidates' conditions hold on the transaction's buffers. */
#include "dataplane/match/matcher.h"

#include <string.h>

/* One call of match_verdicts(). */
struct deciding {
	const struct matcher *matcher;
	struct match_scratch *scratch;
	struct state *state;
	struct match_flow *flow;
	const struct match_source *source;
	enum direction direction;
	struct case_alert *alerts;
	unsigned max, count;
	uint32_t left;
	bool passed;              /* a rule that passes held */
	enum rule_action action;  /* the strongest of those that held */
};

/* A buffer of the transaction, asked for once. */
static const struct pulled *pull(struct deciding *d, enum direction side, const struct rule_view *v)
{
	struct pulled *p = &d->scratch->pulled[side][v->buffer], *dotted;

	if (!p->asked) {
		p->asked = true;
		p->have = d->source->buffer(d->source->transaction, side, v->buffer, &p->bytes, &p->whole);
	}
	if (!v->dot_prefix || !p->have)
		return p;
	unsigned view = v->buffer == BUFFER_DNS_QUERY ? VIEW_DNS_QUERY_DOT : VIEW_HTTP_HOST_DOT;
	dotted = &d->scratch->pulled[side][view];
	if (!dotted->asked) {
		*dotted = (struct pulled){ .asked = true, .have = true, .whole = p->whole && p->bytes.left < DOTTED_MAX };
		dotted->bytes = dot_prefixed(d->scratch, view, p->bytes);
	}
	return dotted;
}

static bool bit_set(const struct match_flow *f, unsigned n)
{
	return f->bits[n / 64] >> n % 64 & 1;
}

static bool bit_is(const struct deciding *d, const struct rule_flow_bit *b, unsigned n)
{
	return b->pair ? pair_has(d->scratch, &d->state->client, (uint16_t)n, d->source->time_ns) : bit_set(d->flow, n);
}

static bool bits_allow(const struct deciding *d, const struct rule *r)
{
	for (unsigned i = 0; i < r->bits_count; i++) {
		const struct rule_flow_bit *b = &r->bits[i];
		bool any = false;

		if (b->what != FLOW_BIT_IS_SET && b->what != FLOW_BIT_IS_NOT_SET)
			continue;
		for (unsigned j = 0; j < b->names_count; j++)
			any |= bit_is(d, b, b->names[j]) == (b->what == FLOW_BIT_IS_SET);
		if (!any)
			return false;
	}
	return true;
}

static void pair_change(struct deciding *d, const struct rule_flow_bit *b)
{
	uint64_t now = d->source->time_ns;

	if (b->what == FLOW_BIT_SET)
		pair_remember(d->scratch, &d->state->client, b->names[0], now, now + b->expire_s * (uint64_t)1000000000u);
	else if (b->what == FLOW_BIT_UNSET)
		pair_forget(d->scratch, &d->state->client, b->names[0]);
}

static void bits_change(struct deciding *d, const struct rule *r)
{
	for (unsigned i = 0; i < r->bits_count; i++) {
		const struct rule_flow_bit *b = &r->bits[i];
		uint64_t mask = (uint64_t)1 << b->names[0] % 64, *word = &d->flow->bits[b->names[0] / 64];

		if (b->pair)
			pair_change(d, b);
		else if (b->what == FLOW_BIT_SET)
			*word |= mask;
		else if (b->what == FLOW_BIT_UNSET)
			*word &= ~mask;
		else if (b->what == FLOW_BIT_TOGGLE)
			*word ^= mask;
	}
}

static bool needs_server(const struct rule *r, enum direction orientation)
{
	for (unsigned i = 0; i < r->groups_count; i++)
		if (buffer_side(r->groups[i].view.buffer, orientation) == FROM_SERVER)
			return true;
	return r->groups_count == 0 && orientation == FROM_SERVER;
}

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_LATER };

/* Was everything that the group asks seen when its buffer was scanned? */
static bool seen(const struct rule *r, const struct rule_group *g, const struct entry *e)
{
	return e->exact && g->count == 1 && r->fast_pcre == g->first;
}

/* Do all groups hold? LATER: not on what is there, but more may come. */
static enum answer conditions_hold(struct deciding *d, const struct rule *r, const struct entry *e)
{
	for (unsigned i = 0; i < r->groups_count; i++) {
		const struct rule_group *g = &r->groups[i];
		if (seen(r, g, e))
			continue;
		const struct pulled *p = pull(d, buffer_side(g->view.buffer, (enum direction)e->orientation), &g->view);
		if (!p->have)
			return ANSWER_NO;
		if (!group_holds(d->scratch, r, g, p->bytes, p->whole))
			return p->whole ? ANSWER_NO : ANSWER_LATER;
	}
	return ANSWER_YES;
}

static bool told(const struct state *s, uint32_t rule)
{
	for (unsigned i = 0; i < s->told_count; i++)
		if (s->told[i] == rule)
			return true;
	return false;
}

static bool before(const struct case_alert *a, const struct case_alert *b)
{
	if (a->severity != b->severity)
		return a->severity < b->severity;
	return a->gid != b->gid ? a->gid < b->gid : a->sid < b->sid;
}

/* Keeps the most severe first; what falls out behind is only counted. */
static void tell(struct deciding *d, uint32_t index, const struct rule *r)
{
	struct state *s = d->state;
	struct case_alert a = {
		.gid = r->gid, .sid = r->sid, .rev = r->rev, .severity = r->severity,
		.message = r->message, .class_type = r->class_text,
	};
	unsigned i;

	d->scratch->counts.told++;
	if (s->told_count < TOLD_MAX) {
		s->told[s->told_count++] = index;
	} else {
		d->left++;
		return;
	}
	for (i = d->count; i > 0 && before(&a, &d->alerts[i - 1]); i--)
		if (i < d->max)
			d->alerts[i] = d->alerts[i - 1];
	if (i < d->max)
		d->alerts[i] = a;
	if (d->count < d->max)
		d->count++;
	else
		d->left++;
}

/* One candidate. True: it may still come to hold later. */
static bool decide(struct deciding *d, const struct entry *e)
{
	const struct rule *r = rule_set_at(d->matcher->rules, e->rule);
	enum direction o = (enum direction)e->orientation;

	if (!header_fits(r, o, d->state) || told(d->state, e->rule))
		return false;
	if (d->direction == FROM_CLIENT && needs_server(r, o))
		return true;
	if (!bits_allow(d, r))
		return false;
	d->scratch->counts.candidates++;
	enum answer answer = conditions_hold(d, r, e);
	if (answer == ANSWER_YES) {
		bits_change(d, r);
		d->passed |= r->action == RULE_PASS;
		if (r->action > d->action)
			d->action = r->action;
		if (!r->quiet && r->action != RULE_PASS)
			tell(d, e->rule, r);
	}
	return answer == ANSWER_LATER;
}

static bool asks_bits(const struct matcher *m, const struct entry *e)
{
	const struct rule *r = rule_set_at(m->rules, e->rule);

	for (unsigned i = 0; i < r->bits_count; i++)
		if (r->bits[i].what == FLOW_BIT_IS_SET || r->bits[i].what == FLOW_BIT_IS_NOT_SET)
			return true;
	return false;
}

/* All rules of one pattern that do (or do not) ask for flowbits. True: some may hold later. */
static bool decide_pattern(struct deciding *d, const struct pattern *p, bool asking)
{
	bool later = false;

	for (uint32_t i = p->first; i < p->first + p->count; i++)
		if (asks_bits(d->matcher, &d->matcher->entries[i]) == asking)
			later |= decide(d, &d->matcher->entries[i]);
	return later;
}

unsigned match_verdicts(const struct matcher *m, struct match_scratch *x, struct match_state *state,
                        struct match_flow *flow, const struct match_source *source, enum direction direction,
                        struct case_alert *ret, unsigned max, uint32_t *left)
{
	struct deciding d = {
		.matcher = m, .scratch = x, .state = state_of(state), .flow = flow, .source = source,
		.direction = direction, .alerts = ret, .max = max,
	};
	struct state *s = d.state;
	bool later[HITS_MAX] = { false };
	unsigned kept = 0;

	*left = 0;
	if (!s->news || s->hits_count == 0 || flow->action == RULE_PASS)
		return 0;
	s->news = false;
	x->steps = CALL_STEPS_MAX;
	memset(x->pulled, 0, sizeof(x->pulled));
	/* first the rules that set flowbits, then those that ask for them */
	for (unsigned asking = 0; asking < 2; asking++)
		for (unsigned i = 0; i < s->hits_count; i++)
			later[i] |= decide_pattern(&d, &m->patterns[s->hits[i]], asking != 0);
	for (unsigned i = 0; i < s->hits_count; i++)
		if (later[i])
			s->hits[kept++] = s->hits[i];
	s->hits_count = (uint8_t)kept;
	if (d.passed && !rule_action_stops(flow->action)) {
		flow->action = RULE_PASS;
		return 0;
	}
	if (rule_action_stops(d.action) && d.action > flow->action)
		flow->action = d.action;
	*left = d.left;
	return d.count;
}

bool match_urgent(const struct matcher *m, const struct match_state *state)
{
	const struct state *s = (const struct state *)(const void *)state->raw;

	if (!m->stops || !s->news)
		return false;
	for (unsigned i = 0; i < s->hits_count; i++)
		if (m->patterns[s->hits[i]].stops)
			return true;
	return false;
}

bool match_stops(const struct matcher *m)
{
	return m->stops;
}

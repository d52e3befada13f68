/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which packets must wait for their lane's word: those that a rule which stops packets could be about. */
#include "dataplane/match/matcher.h"

#include <errno.h>
#include <stdlib.h>

enum { GUARDS_MAX = 64 /* headers; a set with more of them lets every packet wait, which costs less than to look */ };

/* Nothing but addresses, ports and protocol decides: the first packet already is one of these. */
static bool header_only(const struct rule *r)
{
	return r->conditions_count == 0 && r->bits_count == 0 && !r->app_given && !r->established &&
	       r->orientations[FROM_CLIENT] && r->orientations[FROM_SERVER] && r->protocol <= RULE_UDP;
}

static bool concerns(const struct rule *r)
{
	return rule_action_stops(r->action) || (r->action == RULE_PASS && header_only(r));
}

static bool alike(const struct rule *a, const struct rule *b)
{
	return a->protocol == b->protocol && a->src == b->src && a->dst == b->dst && a->sport == b->sport &&
	       a->dport == b->dport && a->both_ways == b->both_ways && a->action == b->action &&
	       header_only(a) == header_only(b);
}

static bool known(const struct matcher *m, const struct rule *r)
{
	for (unsigned i = 0; i < m->guards_count; i++)
		if (alike(m->guards[i], r))
			return true;
	return false;
}

int gate_build(struct matcher *m)
{
	unsigned rules = rule_set_count(m->rules);

	if ((m->guards = calloc(GUARDS_MAX, sizeof(*m->guards))) == NULL)
		return -ENOMEM;
	for (int pass = 1; pass >= 0; pass--) /* what passes is looked for first */
		for (unsigned i = 0; i < rules; i++) {
			const struct rule *r = rule_set_at(m->rules, i);

			m->stops |= rule_action_stops(r->action);
			if (!concerns(r) || (r->action == RULE_PASS) != pass || known(m, r))
				continue;
			if (m->guards_count == GUARDS_MAX)
				m->guard_all = true;
			else
				m->guards[m->guards_count++] = r;
		}
	return 0;
}

static bool protocol_near(const struct rule *r, uint8_t protocol)
{
	switch (r->protocol) {
	case RULE_TCP:
	case RULE_HTTP:
		return protocol == 6;
	case RULE_UDP:
		return protocol == 17;
	case RULE_DNS:
		return protocol == 6 || protocol == 17;
	case RULE_IP:
		return true;
	}
	return true;
}

static bool fits(const struct rule *r, const struct tuple *t, bool ports)
{
	return (!ports || (ranges_hold(r->sport, t->sport) && ranges_hold(r->dport, t->dport))) &&
	       (r->src == NULL || ranges_hold(r->src, address_number(&t->src))) &&
	       (r->dst == NULL || ranges_hold(r->dst, address_number(&t->dst)));
}

struct match_gate match_gate(const struct matcher *m, const struct tuple *t, bool ports)
{
	struct match_gate answer = { .waits = m->guard_all };
	struct tuple back = tuple_reverse(t);

	for (unsigned i = 0; i < m->guards_count; i++) {
		const struct rule *r = m->guards[i];
		bool sent, answered;

		if (!protocol_near(r, t->protocol))
			continue;
		sent = fits(r, t, ports);
		answered = fits(r, &back, ports);
		if (!sent && !answered)
			continue;
		if (r->action == RULE_PASS && ports)
			return (struct match_gate){ .waits = false };
		if (r->action == RULE_PASS)
			continue;
		answer.waits = true;
		if (ports && header_only(r) && (sent || r->both_ways) && r->action > answer.action)
			answer.action = r->action;
	}
	return answer;
}

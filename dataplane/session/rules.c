/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules in force, and older sets that transactions under way still hold on to: what began under a set ends under it. Only
 * where a third set comes are those of the first begun anew, unless they have alerts, whose texts lie in their set.
 */
#include "dataplane/session/inside.h"

void rules_begin(struct sessions *ss, struct transaction *t)
{
	t->rules = ss->rules;
	t->rules->users++;
	match_begin(t->rules->matcher, &t->match, &t->client, t->app);
}

void rules_end(struct transaction *t)
{
	if (t->rules != NULL)
		t->rules->users--;
	t->rules = NULL;
}

struct match_flow *rules_flow(struct session *s, const struct transaction *t)
{
	if (s->flow_rules != t->rules->number) { /* flowbits have other numbers in another set */
		memset(s->flow.bits, 0, sizeof(s->flow.bits));
		s->flow_rules = t->rules->number;
	}
	return &s->flow;
}

static struct rule_use *vacant(struct sessions *ss)
{
	for (unsigned i = 0; i < COUNT_OF(ss->uses); i++)
		if (ss->uses[i].matcher == NULL)
			return &ss->uses[i];
	return NULL;
}

/* Those under way by older rules than the ones in force. */
static void begin_anew(struct sessions *ss)
{
	for (unsigned i = 0; i < ss->settings->sessions; i++)
		for (struct transaction *t = ss->memory[i].first; t != NULL; t = t->next) {
			if (t->rules == NULL || t->rules == ss->rules || t->found != NULL)
				continue;
			rules_end(t);
			rules_begin(ss, t);
			counter_up(ss->counters, COUNTER_RULES_RESTARTED);
		}
}

bool sessions_rules(struct sessions *ss, const struct matcher *m, struct match_scratch *x)
{
	struct rule_use *use = vacant(ss);

	if (use == NULL)
		return false;
	begin_anew(ss);
	*use = (struct rule_use){ .matcher = m, .scratch = x, .number = ss->rules == NULL ? 0 : ss->rules->number + 1 };
	ss->rules = use;
	return true;
}

bool sessions_spare(struct sessions *ss, const struct matcher **m, struct match_scratch **x)
{
	for (unsigned i = 0; i < COUNT_OF(ss->uses); i++) {
		struct rule_use *use = &ss->uses[i];

		if (use->matcher == NULL || use == ss->rules || use->users > 0)
			continue;
		*m = use->matcher;
		*x = use->scratch;
		*use = (struct rule_use){ 0 };
		return true;
	}
	return false;
}

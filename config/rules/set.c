/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of rules: what it owns, and adding one rule to it. */
#include "config/rules/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t sid_hash(uint32_t gid, uint32_t sid)
{
	return (gid * 31 + sid) * 2654435761u;
}

/* Where a rule of this identity is, or would be put. */
static uint32_t *sid_slot(const struct rule_set *set, uint32_t gid, uint32_t sid)
{
	for (uint32_t h = sid_hash(gid, sid);; h++) {
		uint32_t *slot = &set->sids[h & (set->sids_room - 1)];
		if (*slot == 0 || (set->rules[*slot - 1].gid == gid && set->rules[*slot - 1].sid == sid))
			return slot;
	}
}

/* Makes room for one more rule; the table of sids stays at most half full. */
static int grow(struct rule_set *set)
{
	unsigned room = set->room == 0 ? 256 : 2 * set->room;
	struct rule *rules;
	uint32_t *sids;

	if (set->count < set->room)
		return 0;
	rules = reallocarray(set->rules, room, sizeof(*rules));
	if (rules == NULL)
		return -ENOMEM;
	set->rules = rules;
	sids = calloc(2 * (size_t)room, sizeof(*sids));
	if (sids == NULL)
		return -ENOMEM;
	free(set->sids);
	set->sids = sids;
	set->sids_room = 2 * room;
	set->room = room;
	for (unsigned i = 0; i < set->count; i++)
		*sid_slot(set, rules[i].gid, rules[i].sid) = i + 1;
	return 0;
}

static void conditions_free(const struct condition *c, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (c[i].kind == CONDITION_PCRE)
			pcre2_code_free(c[i].pcre.code);
}

/* Splits "header ( options )" in place; NULL where it is not that. */
static char *split_rule(char *text)
{
	char *open = strchr(text, '('), *close = strrchr(text, ')');

	if (open == NULL || close == NULL || close < open || close[1 + strspn(close + 1, " \t")] != '\0')
		return NULL;
	*open = *close = '\0';
	return open + 1;
}

static int keep(struct parse *p)
{
	struct rule_set *set = p->set;
	const struct rule *r = &p->rule;
	uint32_t *slot;
	bool plain = r->fast < 0 && r->src == NULL && r->dst == NULL;

	if (set->count == set->max)
		return refuse(p, "more than %u rules (rules.max)", set->max);
	if (plain && set->plain == RULE_PLAIN_MAX)
		return refuse(p, "more than %d rules without a content and with every address", RULE_PLAIN_MAX);
	if (grow(set) < 0)
		return -ENOMEM;
	slot = sid_slot(set, r->gid, r->sid);
	if (*slot != 0) {
		const struct rule *other = &set->rules[*slot - 1];
		return refuse(p, "sid %u stands already at %s:%u", r->sid, other->file, other->line);
	}
	set->plain += plain;
	set->rules[set->count++] = *r;
	*slot = set->count;
	return 0;
}

int rule_add(struct rule_set *set, char *text, const char *file, unsigned line, char *why, size_t why_size)
{
	struct parse *p = malloc(sizeof(*p));
	char *options;
	int r;

	if (p == NULL)
		return -ENOMEM;
	memset(p, 0, offsetof(struct parse, conditions));
	memset(&p->conditions_count, 0, sizeof(*p) - offsetof(struct parse, conditions_count));
	p->set = set;
	p->last_content = p->fast = p->fast_from = p->fast_len = -1;
	p->rule.file = file;
	p->rule.line = line;
	options = split_rule(text);
	if (options == NULL)
		r = refuse(p, "a rule is: action protocol source port -> destination port ( options; )");
	else if ((r = header_parse(p, text)) == 0 && (r = options_parse(p, options)) == 0 && (r = rule_finish(p)) == 0)
		r = keep(p);
	if (r < 0) {
		conditions_free(p->conditions, p->conditions_count);
		snprintf(why, why_size, "%s", r == -ENOMEM ? "memory ended" : p->why);
		if (r == -EINVAL)
			set->refused++;
	}
	free(p);
	return r;
}

int rule_set_new(const struct settings *settings, struct complaints *complaints, struct rule_set **ret)
{
	struct rule_set *set = calloc(1, sizeof(*set));
	unsigned before = complaints->count;
	int r = -ENOMEM;

	if (set == NULL)
		return -ENOMEM;
	set->holders = 1;
	set->max = settings->rules_max;
	set->pcre_steps = settings->pcre_steps;
	if ((r = variables_fill(set, settings)) < 0)
		goto out;
	variables_check(set, settings, complaints);
	r = complaints->count == before ? 0 : -EINVAL;
	if (r == 0) {
		*ret = set;
		set = NULL;
	}
out:
	rule_set_free(set);
	return r;
}

struct rule_set *rule_set_hold(const struct rule_set *set)
{
	struct rule_set *held = (struct rule_set *)(uintptr_t)set; /* the count of owners is no part of its content */

	held->holders++;
	return held;
}

void rule_set_free(struct rule_set *set)
{
	if (set == NULL || --set->holders > 0)
		return;
	for (unsigned i = 0; i < set->count; i++)
		conditions_free(set->rules[i].conditions, set->rules[i].conditions_count);
	free(set->rules);
	free(set->sids);
	expressions_free(set);
	arena_fini(&set->arena);
	free(set);
}

unsigned rule_set_count(const struct rule_set *set)
{
	return set->count;
}

unsigned rule_set_refused(const struct rule_set *set)
{
	return set->refused;
}

unsigned rule_set_pcre_steps(const struct rule_set *set)
{
	return set->pcre_steps;
}

const struct rule *rule_set_at(const struct rule_set *set, unsigned index)
{
	return &set->rules[index];
}

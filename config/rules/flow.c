/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions on the flow and its hosts: flow, flowbits, xbits, threshold. */
#include "config/rules/parse.h"

#include <errno.h>
#include <string.h>

int parse_flow(struct parse *p, const struct keyword *k, char *value)
{
	/* these hold for every transaction that reaches the matcher */
	static const char *const holding[] = { "established", "stateless", "only_stream", "no_frag" };
	char *words[8];
	unsigned count = split_commas(value, words, COUNT_OF(words));

	if (count > COUNT_OF(words))
		return refuse(p, "flow: too many words");
	for (unsigned i = 0; i < count; i++) {
		bool known = false;

		if (strcmp(words[i], "to_server") == 0 || strcmp(words[i], "from_client") == 0)
			known = p->to_server = true;
		else if (strcmp(words[i], "to_client") == 0 || strcmp(words[i], "from_server") == 0)
			known = p->to_client = true;
		for (unsigned j = 0; j < COUNT_OF(holding); j++)
			known |= strcmp(words[i], holding[j]) == 0;
		p->rule.established |= strcmp(words[i], "established") == 0 || strcmp(words[i], "only_stream") == 0;
		if (!known)
			return refuse(p, "flow: %.32s is not supported", words[i]);
	}
	if (p->to_server && p->to_client)
		return refuse(p, "flow: to_server and to_client exclude each other");
	return 0;
}

/* What was recognised in the flow; "failed": nothing that we know. */
int parse_app(struct parse *p, const struct keyword *k, char *value)
{
	bool negated = value[0] == '!';
	const char *name = value + negated;

	for (unsigned i = 0; i < APP_COUNT; i++) {
		if (strcmp(name, app_proto_name((enum app_proto)i)) != 0)
			continue;
		if (p->rule.app_given)
			return refuse(p, "%s stands twice", k->name);
		p->rule.app_given = true;
		p->rule.app_negated = negated;
		p->rule.app = (enum app_proto)i;
		return 0;
	}
	return refuse(p, "%s: %.32s is not recognised here", k->name, name);
}

/* The number of a flowbit's name; -ENOSPC when the set has too many. */
static int bit_number(struct rule_set *set, const char *name)
{
	for (unsigned i = 0; i < set->bits_count; i++)
		if (strcmp(set->bits[i], name) == 0)
			return (int)i;
	if (set->bits_count == RULE_BITS_MAX)
		return -ENOSPC;
	set->bits[set->bits_count] = arena_copy(&set->arena, name, strlen(name));
	return set->bits[set->bits_count] == NULL ? -ENOMEM : (int)set->bits_count++;
}

static int bit_names(struct parse *p, char *text, struct rule_flow_bit *b)
{
	bool any_of = b->what == FLOW_BIT_IS_SET || b->what == FLOW_BIT_IS_NOT_SET;

	for (char *bar; text != NULL; text = bar) {
		bar = strchr(text, '|');
		if (bar != NULL && !any_of)
			return refuse(p, "flowbits: | is only known to isset and isnotset");
		if (bar != NULL)
			*bar++ = '\0';
		text = trim(text);
		if (text[0] == '\0' || b->names_count == RULE_BIT_NAMES_MAX)
			return refuse(p, "flowbits: 1 to %d names", RULE_BIT_NAMES_MAX);
		int n = bit_number(p->set, text);
		if (n == -ENOSPC)
			return refuse(p, "flowbits: more than %d names in all rules", RULE_BITS_MAX);
		if (n < 0)
			return n;
		b->names[b->names_count++] = (uint16_t)n;
	}
	return 0;
}

static bool bit_verb(const char *word, enum flow_bit *ret)
{
	static const char *const verbs[] = {
		[FLOW_BIT_SET] = "set", [FLOW_BIT_UNSET] = "unset", [FLOW_BIT_TOGGLE] = "toggle",
		[FLOW_BIT_IS_SET] = "isset", [FLOW_BIT_IS_NOT_SET] = "isnotset",
	};

	for (unsigned i = 0; i < COUNT_OF(verbs); i++)
		if (strcmp(word, verbs[i]) == 0) {
			*ret = (enum flow_bit)i;
			return true;
		}
	return false;
}

int parse_flow_bits(struct parse *p, const struct keyword *k, char *value)
{
	enum flow_bit what;
	char *comma = strchr(value, ',');
	struct rule_flow_bit *b = &p->bits[p->bits_count];

	if (comma != NULL)
		*comma++ = '\0';
	value = trim(value);
	if (strcmp(k->name, "noalert") == 0 || strcmp(value, "noalert") == 0) {
		p->rule.quiet = true;
		return 0;
	}
	if (p->bits_count == COUNT_OF(p->bits))
		return refuse(p, "more than %zu flowbits in one rule", COUNT_OF(p->bits));
	if (comma == NULL || !bit_verb(value, &what))
		return refuse(p, "flowbits: \"%.32s\" is not known or has no name", value);
	*b = (struct rule_flow_bit){ .what = what };
	p->bits_count++;
	return bit_names(p, comma, b);
}

/*
 * xbits:VERB,NAME,track ip_pair[,expire SECONDS]. Only of pairs: all flows of two hosts are one lane's, those of one host
 * are not, and lanes share nothing.
 */
int parse_pair_bits(struct parse *p, const struct keyword *k, char *value)
{
	enum { EXPIRE_S = 30 /* as Suricata has it */, EXPIRE_MAX_S = 7 * 86400 };
	char *words[5];
	unsigned count = split_commas(value, words, COUNT_OF(words));
	struct rule_flow_bit b = { .pair = true, .expire_s = EXPIRE_S };
	long seconds = EXPIRE_S;
	int r;

	if (count < 3 || count > 4 || !bit_verb(words[0], &b.what) || b.what == FLOW_BIT_TOGGLE)
		return refuse(p, "xbits: set, unset, isset or isnotset with a name and track ip_pair");
	if (strcmp(words[2], "track ip_pair") != 0)
		return refuse(p, "xbits: %.32s is not supported, only track ip_pair", words[2]);
	if (count == 4 && (strncmp(words[3], "expire ", 7) != 0 || !parse_number(words[3] + 7, 1, EXPIRE_MAX_S, &seconds)))
		return refuse(p, "xbits: expire takes 1 to %d seconds", EXPIRE_MAX_S);
	if (p->bits_count == COUNT_OF(p->bits))
		return refuse(p, "more than %zu flowbits and xbits in one rule", COUNT_OF(p->bits));
	b.expire_s = (uint32_t)seconds;
	if (strchr(words[1], '|') != NULL)
		return refuse(p, "xbits: one name");
	if ((r = bit_names(p, words[1], &b)) < 0)
		return r;
	p->bits[p->bits_count++] = b;
	return 0;
}

/*
 * Each match is judged by itself, so "tell it once" (limit) asks nothing of us; a rule that counts would tell another
 * thing than its author meant, and is refused.
 */
int parse_threshold(struct parse *p, const struct keyword *k, char *value)
{
	char *words[8];
	unsigned count = split_commas(value, words, COUNT_OF(words));
	bool counts = false;
	long n = 1;

	if (count > COUNT_OF(words))
		return refuse(p, "threshold: too many words");
	for (unsigned i = 0; i < count; i++) {
		char *what = words[i] + strcspn(words[i], " \t");
		if (*what != '\0')
			*what++ = '\0';
		what = trim(what);
		if (strcmp(words[i], "type") == 0)
			counts = strcmp(what, "limit") != 0;
		else if (strcmp(words[i], "count") == 0 && !parse_number(what, 1, 1 << 30, &n))
			return refuse(p, "threshold: \"%.32s\" is no count", what);
	}
	if (counts && n > 1)
		return refuse(p, "threshold: counting %ld matches is not supported", n);
	return 0;
}

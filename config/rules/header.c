/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule's header: action, protocol, addresses and ports with variables, groups, ranges and negation. */
#include "config/rules/parse.h"

#include <errno.h>
#include <string.h>

static int action_parse(struct parse *p, const char *word)
{
	static const struct {
		const char *name;
		enum rule_action action;
	} known[] = {
		{ "alert", RULE_ALERT }, { "pass", RULE_PASS }, { "drop", RULE_DROP }, { "reject", RULE_REJECT_SOURCE },
		{ "rejectsrc", RULE_REJECT_SOURCE }, { "rejectdst", RULE_REJECT_DESTINATION },
		{ "rejectboth", RULE_REJECT_BOTH },
	};

	for (unsigned i = 0; i < COUNT_OF(known); i++)
		if (strcmp(word, known[i].name) == 0) {
			p->rule.action = known[i].action;
			return 0;
		}
	if (strcmp(word, "config") == 0)
		return refuse(p, "action %s is not supported", word);
	return refuse(p, "no such action: %.32s", word);
}

static int protocol_parse(struct parse *p, const char *word)
{
	static const struct {
		const char *name;
		enum rule_protocol protocol;
	} known[] = {
		{ "ip", RULE_IP }, { "ipv4", RULE_IP }, { "ip4", RULE_IP }, { "tcp", RULE_TCP }, { "tcp-stream", RULE_TCP },
		{ "udp", RULE_UDP }, { "http", RULE_HTTP }, { "http1", RULE_HTTP }, { "dns", RULE_DNS },
	};

	for (unsigned i = 0; i < COUNT_OF(known); i++)
		if (strcmp(word, known[i].name) == 0) {
			p->rule.protocol = known[i].protocol;
			return 0;
		}
	return refuse(p, "protocol %.32s is not looked into", word);
}

/* Takes the next blank-separated word; blanks inside brackets belong to it. */
static char *next_word(char **text)
{
	char *at = *text + strspn(*text, " \t"), *end = at;
	unsigned depth = 0;

	for (; *end != '\0' && (depth > 0 || (*end != ' ' && *end != '\t')); end++) {
		if (*end == '[')
			depth++;
		else if (*end == ']' && depth > 0)
			depth--;
	}
	*text = end + (*end != '\0');
	*end = '\0';
	return at;
}

int header_parse(struct parse *p, char *text)
{
	char *words[7];
	int r;

	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		words[i] = next_word(&text);
		if (words[i][0] == '\0')
			return refuse(p, "a rule begins with: action protocol source port -> destination port (");
	}
	if (text[strspn(text, " \t")] != '\0')
		return refuse(p, "unexpected \"%.40s\" before the options", text + strspn(text, " \t"));
	if ((r = action_parse(p, words[0])) < 0 || (r = protocol_parse(p, words[1])) < 0)
		return r;
	if (strcmp(words[4], "<>") == 0)
		p->rule.both_ways = true;
	else if (strcmp(words[4], "->") != 0)
		return refuse(p, "the direction is -> or <>, not \"%.16s\"", words[4]);
	if ((r = expression_parse(p, false, words[2], &p->rule.src)) < 0 ||
	    (r = expression_parse(p, true, words[3], &p->rule.sport)) < 0 ||
	    (r = expression_parse(p, false, words[5], &p->rule.dst)) < 0)
		return r;
	return expression_parse(p, true, words[6], &p->rule.dport);
}

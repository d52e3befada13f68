/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address and port expressions: [a,!b,[c,d]], ranges, networks and $VARIABLES, as sets of numbers. */
#include "config/rules/parse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXPRESSIONS_SIZE = 1024,   /* lists of the hash table */
	EXPRESSION_MAX = 64 << 10, /* bytes with all variables replaced */
	EXPRESSION_DEPTH = 8,      /* brackets within brackets */
	EXPRESSION_VARIABLES = 64, /* replaced in one expression: a variable that names itself ends here */
};

struct expression {
	struct expression *next;
	bool ports;
	const char *text;
	struct ranges *ranges; /* owned; NULL: any */
};

/* One level of brackets. */
struct level {
	struct range *plus, *minus;
	unsigned plus_count, plus_room, minus_count, minus_room;
	bool negated;
};

static int range_add(struct level *l, bool negated, struct range r)
{
	struct range **at = negated ? &l->minus : &l->plus;
	unsigned *count = negated ? &l->minus_count : &l->plus_count, *room = negated ? &l->minus_room : &l->plus_room;

	if (*count == *room) {
		unsigned more = *room == 0 ? 16 : 2 * *room;
		struct range *bigger = reallocarray(*at, more, sizeof(r));
		if (bigger == NULL)
			return -ENOMEM;
		*at = bigger;
		*room = more;
	}
	(*at)[(*count)++] = r;
	return 0;
}

/* Puts [TEXT] for each $NAME until none is left. Both buffers hold EXPRESSION_MAX bytes; returns the one with the end. */
static char *variables_replace(struct parse *p, const char *text, char *a, char *b)
{
	size_t len = strlen(text);

	if (len >= EXPRESSION_MAX)
		goto too_long;
	memcpy(a, text, len + 1);
	for (unsigned round = 0; round < EXPRESSION_VARIABLES; round++) {
		char *dollar = strchr(a, '$'), *other;
		if (dollar == NULL)
			return a;
		size_t name = strspn(dollar + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
		const char *value = variable_find(p->set, dollar + 1, name);
		if (value == NULL) {
			refuse(p, "no such variable: %.*s", (int)(name < 40 ? name : 40) + 1, dollar);
			return NULL;
		}
		int n = snprintf(b, EXPRESSION_MAX, "%.*s[%s]%s", (int)(dollar - a), a, value, dollar + 1 + name);
		if (n >= EXPRESSION_MAX)
			goto too_long;
		other = a;
		a = b;
		b = other;
	}
	refuse(p, "variables name each other without end");
	return NULL;
too_long:
	refuse(p, "an address or port expression is longer than %d bytes", EXPRESSION_MAX);
	return NULL;
}

static bool port_range(char *word, struct range *ret)
{
	char *colon = strchr(word, ':');
	long low = 0, high = 65535;

	if (strcmp(word, "any") == 0) {
		*ret = (struct range){ 0, 65535 };
		return true;
	}
	if (colon != NULL)
		*colon = '\0';
	if (!(colon == word || parse_number(word, 0, 65535, &low)))
		return false;
	if (colon == NULL)
		high = low;
	else if (colon[1] != '\0' && !parse_number(colon + 1, 0, 65535, &high))
		return false;
	*ret = (struct range){ (unsigned __int128)low, (unsigned __int128)high };
	return low <= high && (colon == NULL || colon != word || colon[1] != '\0');
}

static bool address_range(char *word, struct range *ret)
{
	char *slash = strchr(word, '/'), *dash = strchr(word, '-');
	struct address a, b;
	long bits;

	if (strcmp(word, "any") == 0) {
		*ret = (struct range){ 0, ~(unsigned __int128)0 };
		return true;
	}
	if (slash != NULL)
		*slash = '\0';
	else if (dash != NULL)
		*dash = '\0';
	if (address_parse(word, &a) < 0)
		return false;
	ret->low = ret->high = address_number(&a);
	if (slash != NULL) {
		if (!parse_number(slash + 1, 0, a.family == 4 ? 32 : 128, &bits))
			return false;
		unsigned host = (unsigned)((a.family == 4 ? 32 : 128) - bits);
		unsigned __int128 mask = host == 128 ? ~(unsigned __int128)0 : ((unsigned __int128)1 << host) - 1;
		ret->low &= ~mask;
		ret->high |= mask;
	} else if (dash != NULL) {
		if (address_parse(dash + 1, &b) < 0 || a.family != b.family)
			return false;
		ret->high = address_number(&b);
	}
	return ret->low <= ret->high;
}

/* Ends the innermost level: its ranges go to the one around it. */
static int level_close(struct level *levels, unsigned depth, unsigned __int128 most)
{
	struct level *inner = &levels[depth], *outer = &levels[depth - 1];
	struct ranges *joined = NULL;
	int r = ranges_build(inner->plus, inner->plus_count, inner->minus, inner->minus_count, most, &joined);

	for (unsigned i = 0; r == 0 && i < joined->count; i++)
		r = range_add(outer, inner->negated, joined->at[i]);
	free(joined);
	inner->plus_count = inner->minus_count = 0;
	return r;
}

static int element_add(struct parse *p, bool ports, char *word, bool negated, struct level *l)
{
	struct range r;
	char shown[48];

	snprintf(shown, sizeof(shown), "%.40s", word);
	if (!(ports ? port_range(word, &r) : address_range(word, &r)))
		return refuse(p, "\"%s\" is no %s", shown, ports ? "port or range of ports" : "address, network or range");
	return range_add(l, negated, r);
}

/* Reads text into levels[0], whose ranges then are the whole expression. */
static int expression_read(struct parse *p, bool ports, char *text, struct level *levels)
{
	unsigned __int128 most = ports ? 65535 : ~(unsigned __int128)0;
	unsigned depth = 0;
	bool negated = false;
	int r = 0;

	for (char *at = text; r == 0 && *at != '\0';) {
		size_t len = strcspn(at, "[],! \t");
		if (len > 0) {
			char *word = strndup(at, len);
			r = word == NULL ? -ENOMEM : element_add(p, ports, word, negated, &levels[depth]);
			free(word);
			at += len;
			negated = false;
			continue;
		}
		switch (*at++) {
		case '!':
			negated = !negated;
			break;
		case '[':
			if (depth + 1 == EXPRESSION_DEPTH)
				return refuse(p, "more than %d brackets within each other", EXPRESSION_DEPTH - 1);
			levels[++depth].negated = negated;
			negated = false;
			break;
		case ']':
			if (depth == 0)
				return refuse(p, "\"]\" without \"[\"");
			r = level_close(levels, depth--, most);
			break;
		default:
			break;
		}
	}
	if (r == 0 && depth > 0)
		return refuse(p, "\"[\" without \"]\"");
	return r;
}

static int expression_build(struct parse *p, bool ports, const char *text, struct ranges **ret)
{
	unsigned __int128 most = ports ? 65535 : ~(unsigned __int128)0;
	struct level levels[EXPRESSION_DEPTH] = { 0 };
	char *a = malloc(EXPRESSION_MAX), *b = malloc(EXPRESSION_MAX), *plain;
	struct ranges *built = NULL;
	int r = -ENOMEM;

	if (a == NULL || b == NULL)
		goto out;
	r = -EINVAL;
	plain = variables_replace(p, text, a, b);
	if (plain == NULL || (r = expression_read(p, ports, plain, levels)) < 0)
		goto out;
	r = ranges_build(levels[0].plus, levels[0].plus_count, levels[0].minus, levels[0].minus_count, most, &built);
	if (r < 0)
		goto out;
	if (built->count == 0) {
		r = refuse(p, "%s \"%.40s\" hold nothing", ports ? "the ports" : "the addresses", text);
	} else if (built->at[0].low == 0 && built->at[0].high == most) {
		*ret = NULL;
	} else {
		*ret = built;
		built = NULL;
	}
out:
	for (unsigned i = 0; i < EXPRESSION_DEPTH; i++) {
		free(levels[i].plus);
		free(levels[i].minus);
	}
	free(built);
	free(a);
	free(b);
	return r;
}

static unsigned text_hash(const char *text)
{
	uint32_t h = 2166136261u;

	for (; *text != '\0'; text++)
		h = (h ^ (uint8_t)*text) * 16777619u;
	return h % EXPRESSIONS_SIZE;
}

int expression_parse(struct parse *p, bool ports, const char *text, const struct ranges **ret)
{
	struct rule_set *set = p->set;
	unsigned slot = text_hash(text);
	struct expression *e;
	int r;

	if (set->expressions == NULL && (set->expressions = calloc(EXPRESSIONS_SIZE, sizeof(e))) == NULL)
		return -ENOMEM;
	/* most rules share a few expressions: each is worked out once */
	for (e = set->expressions[slot]; e != NULL; e = e->next)
		if (e->ports == ports && strcmp(e->text, text) == 0) {
			*ret = e->ranges;
			return 0;
		}
	e = arena_take(&set->arena, sizeof(*e));
	if (e == NULL || (e->text = arena_copy(&set->arena, text, strlen(text))) == NULL)
		return -ENOMEM;
	e->ports = ports;
	if ((r = expression_build(p, ports, text, &e->ranges)) < 0)
		return r;
	e->next = set->expressions[slot];
	set->expressions[slot] = e;
	*ret = e->ranges;
	return 0;
}

void expressions_free(struct rule_set *set)
{
	for (unsigned i = 0; set->expressions != NULL && i < EXPRESSIONS_SIZE; i++)
		for (struct expression *e = set->expressions[i]; e != NULL; e = e->next)
			free(e->ranges);
	free(set->expressions);
	set->expressions = NULL;
}

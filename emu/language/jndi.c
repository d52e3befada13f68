/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The substitution of Log4j 2 look-ups, innermost first, in one bounded buffer. */
#include "emu/language/jndi.h"
#include "emu/language/jndi_call.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 256 /* look-ups open inside each other */ };

/* One evaluation: ret->text is the message, changed in place; at is where reading goes on. */
struct state {
	const struct jndi_facts *facts;
	struct jndi_result *ret;
	size_t at;
	unsigned depth, steps;
	uint16_t open[DEPTH_MAX]; /* offsets of the "${" still open */
};

static bool is_at(const struct jndi_result *r, size_t at, const char *what)
{
	size_t len = strlen(what);

	return len <= r->text_len - at && memcmp(r->text + at, what, len) == 0;
}

/* Has the "${" at its own "}"? One without is text, and so is all after it: StrSubstitutor looks no further. */
static bool is_closed(const struct jndi_result *r, size_t at)
{
	unsigned depth = 0;

	for (size_t i = at; i < r->text_len; i++) {
		if (is_at(r, i, "${")) {
			depth++;
			i++;
		} else if (r->text[i] == '}' && --depth == 0) {
			return true;
		}
	}
	return false;
}

/* Puts value where from..to stood; reading goes on at from, since a value may hold look-ups of its own. */
static void replace(struct state *s, size_t from, size_t to, struct bytes value)
{
	struct jndi_result *r = s->ret;
	uint8_t copy[JNDI_TEXT_MAX];

	if (value.left > sizeof(copy) || r->text_len - (to - from) + value.left > sizeof(r->text)) {
		r->stopped_by = STOPPED_MEMORY;
		return;
	}
	memcpy(copy, value.at, value.left); /* value may lie in the text that moves */
	memmove(r->text + from + value.left, r->text + to, r->text_len - to);
	memcpy(r->text + from, copy, value.left);
	r->text_len = r->text_len - (to - from) + value.left;
	s->at = from;
}

static void unknown_note(struct jndi_result *r, const char *prefix, const char *name)
{
	char text[sizeof(r->unknown[0])];

	snprintf(text, sizeof(text), "%.20s:%.42s", prefix, name);
	for (unsigned i = 0; i < r->unknown_count; i++) {
		if (strcmp(r->unknown[i], text) == 0)
			return;
	}
	if (r->unknown_count < JNDI_UNKNOWN_MAX)
		memcpy(r->unknown[r->unknown_count++], text, sizeof(text));
}

static void call_note(struct jndi_result *r, struct bytes name)
{
	struct jndi_call call;

	if (!jndi_call_parse(name, &call))
		return;
	if (r->calls_count < JNDI_CALLS_MAX)
		r->calls[r->calls_count++] = call;
	else
		r->calls_left++;
}

/* ${lower:…} and ${upper:…}: the name itself, changed. */
static struct bytes change_case(uint8_t *text, size_t len, bool upper)
{
	for (size_t i = 0; i < len; i++) {
		bool letter = upper ? text[i] >= 'a' && text[i] <= 'z' : text[i] >= 'A' && text[i] <= 'Z';

		text[i] = letter ? text[i] ^ 0x20 : text[i];
	}
	return bytes_of(text, len);
}

/*
 * What variable (prefix:name, its nested look-ups already replaced) stands for. False: nothing, so that the default
 * counts. The victim's own values come from the facts and are noted as unknown.
 */
static bool resolve(struct state *s, uint8_t *variable, size_t len, struct bytes *ret)
{
	const uint8_t *colon = len > 0 ? memchr(variable, ':', len) : NULL;
	size_t skip = colon != NULL ? (size_t)(colon - variable) + 1 : 0, name_len = len - skip;
	uint8_t *name = variable + skip;
	char prefix[32], key[128];
	const char *fact;

	if (colon == NULL || skip - 1 >= sizeof(prefix))
		return false;
	memcpy(prefix, variable, skip - 1);
	prefix[skip - 1] = '\0';
	if (strcasecmp(prefix, "lower") == 0 || strcasecmp(prefix, "upper") == 0) {
		*ret = change_case(name, name_len, strcasecmp(prefix, "upper") == 0);
		return true;
	}
	if (strcasecmp(prefix, "jndi") == 0) {
		call_note(s->ret, bytes_of(name, name_len));
		*ret = bytes_of(name, 0); /* what the attacker's server would answer */
		return true;
	}
	if (name_len >= sizeof(key) || prefix[0] == '\0')
		return false;
	memcpy(key, name, name_len);
	key[name_len] = '\0';
	unknown_note(s->ret, prefix, key);
	fact = s->facts != NULL ? s->facts->find(s->facts->context, prefix, key) : NULL;
	if (fact == NULL)
		return false;
	*ret = bytes_text(fact);
	return true;
}

/* The "}" at s->at closes the innermost look-up: replaces it, or leaves it as text where it stands for nothing. */
static void look_up(struct state *s)
{
	struct jndi_result *r = s->ret;
	size_t from = s->open[--s->depth], to = s->at + 1, len = s->at - from - 2;
	uint8_t variable[JNDI_TEXT_MAX];
	struct bytes value, fallback = { 0 };
	bool has_default = false;

	if (++s->steps > JNDI_STEPS_MAX) {
		r->stopped_by = STOPPED_ROUNDS;
		return;
	}
	memcpy(variable, r->text + from + 2, len);
	for (size_t i = 0; i + 1 < len && !has_default; i++) {
		if (variable[i] == ':' && variable[i + 1] == '-') {
			fallback = bytes_of(variable + i + 2, len - i - 2);
			len = i;
			has_default = true;
		}
	}
	if (resolve(s, variable, len, &value))
		replace(s, from, to, value);
	else if (has_default)
		replace(s, from, to, fallback);
	else
		s->at = to;
}

/* One step of reading. */
static void step(struct state *s)
{
	struct jndi_result *r = s->ret;

	if (is_at(r, s->at, "$${")) { /* escaped: one $ goes, the rest is text */
		replace(s, s->at, s->at + 1, bytes_of(r->text, 0));
		s->at += 2;
	} else if (is_at(r, s->at, "${")) {
		if (s->depth == DEPTH_MAX) {
			r->stopped_by = STOPPED_ROUNDS;
		} else if (s->depth == 0 && !is_closed(r, s->at)) {
			s->at = r->text_len;
		} else {
			s->open[s->depth++] = (uint16_t)s->at;
			s->at += 2;
		}
	} else if (r->text[s->at] == '}' && s->depth > 0) {
		look_up(s);
	} else {
		s->at++;
	}
}

void jndi_evaluate(struct bytes message, const struct jndi_facts *facts, struct jndi_result *ret)
{
	struct state s = { .facts = facts, .ret = ret };

	memset(ret, 0, offsetof(struct jndi_result, text));
	ret->stopped_by = STOPPED_EXIT;
	ret->text_len = message.left < sizeof(ret->text) ? message.left : sizeof(ret->text);
	if (ret->text_len > 0)
		memcpy(ret->text, message.at, ret->text_len);
	while (s.at < ret->text_len && ret->stopped_by == STOPPED_EXIT)
		step(&s);
	if (message.left > sizeof(ret->text))
		ret->stopped_by = STOPPED_MEMORY;
}

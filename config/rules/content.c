/* SPDX-License-Identifier: GPL-2.0-or-later */
/* content and what modifies it: position, case, buffer, fast pattern. */
#include "config/rules/parse.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct condition *condition_add(struct parse *p, enum condition_kind kind, bool relative)
{
	struct condition *c;

	if (p->conditions_count == RULE_CONDITIONS_MAX) {
		refuse(p, "more than %d conditions", RULE_CONDITIONS_MAX);
		return NULL;
	}
	c = &p->conditions[p->conditions_count];
	*c = (struct condition){ .kind = kind, .relative = relative };
	/* without a sticky buffer, "relative" means the buffer of the condition before */
	if (!p->sticky && relative && p->conditions_count > 0)
		c->view = c[-1].view;
	else
		c->view = p->view;
	p->conditions_count++;
	return c;
}

/* content:"…",nocase,depth 4: the modifiers behind the comma, as options of their own. */
static int inline_modifiers(struct parse *p, char *text)
{
	static const struct keyword fast = { .name = "fast_pattern" };
	char *words[16];
	unsigned count = split_commas(text, words, COUNT_OF(words));

	if (count > COUNT_OF(words))
		return refuse(p, "content: too many modifiers");
	for (unsigned i = 0; i < count; i++) {
		char *value = words[i] + strcspn(words[i], " \t");
		if (*value != '\0')
			*value++ = '\0';
		struct keyword k = { .name = words[i] };
		int r = strcmp(words[i], fast.name) == 0 ? parse_fast_pattern(p, &fast, value) :
		                                           parse_content_modifier(p, &k, trim(value));
		if (r < 0)
			return r;
	}
	return 0;
}

int parse_content(struct parse *p, const struct keyword *k, char *value)
{
	struct condition *c = condition_add(p, CONDITION_CONTENT, false);
	char *end = strrchr(value, '"'), *more = NULL, *at;
	ptrdiff_t len;

	if (c == NULL)
		return -EINVAL;
	if (k->view.buffer != BUFFER_PAYLOAD) /* uricontent */
		c->view = k->view;
	if (end != NULL && (more = strchr(end, ',')) != NULL)
		*more++ = '\0';
	value = trim(value);
	len = unquote_bytes(value, &c->negated, &at);
	if (len < 0)
		return refuse(p, "content must be \"…\" with \\ before \\ \" ; : and hex between bars");
	if (len == 0 || len > RULE_CONTENT_MAX)
		return refuse(p, "content must have 1 to %d bytes", RULE_CONTENT_MAX);
	at = arena_copy(&p->set->arena, at, (size_t)len);
	if (at == NULL)
		return -ENOMEM;
	c->content.bytes = bytes_of(at, (size_t)len);
	p->last_content = (int)(c - p->conditions);
	return more != NULL ? inline_modifiers(p, more) : 0;
}

static struct condition *last_content(struct parse *p, const char *keyword)
{
	if (p->last_content < 0) {
		refuse(p, "%s without a content before it", keyword);
		return NULL;
	}
	return &p->conditions[p->last_content];
}

static int set_position(struct parse *p, const struct keyword *k, const char *value, bool *has, int32_t *ret)
{
	long n;

	if (*has)
		return refuse(p, "%s stands twice at one content", k->name);
	if (!parse_number(value, -65535, 65535, &n))
		return refuse(p, "%s: \"%.40s\" is no number from -65535 to 65535 (variables are not supported)", k->name,
		              value);
	*has = true;
	*ret = (int32_t)n;
	return 0;
}

static void fold(struct parse *p, struct condition *c)
{
	size_t len = c->content.bytes.left;
	char *folded = arena_copy(&p->set->arena, c->content.bytes.at, len);

	for (size_t i = 0; folded != NULL && i < len; i++)
		folded[i] = (char)tolower((unsigned char)folded[i]);
	c->content.nocase = true;
	if (folded != NULL)
		c->content.bytes.at = (const uint8_t *)folded;
}

int parse_content_modifier(struct parse *p, const struct keyword *k, char *value)
{
	struct condition *c = last_content(p, k->name);
	struct content *at;
	int r = 0;

	if (c == NULL)
		return -EINVAL;
	at = &c->content;
	if (strcmp(k->name, "nocase") == 0) {
		fold(p, c);
	} else if (strcmp(k->name, "depth") == 0) {
		r = set_position(p, k, value, &at->has_depth, &at->depth);
		if (r == 0 && at->depth < (int32_t)at->bytes.left)
			r = refuse(p, "depth %d is less than the content's %zu bytes", at->depth, at->bytes.left);
	} else if (strcmp(k->name, "offset") == 0) {
		r = set_position(p, k, value, &at->has_offset, &at->offset);
		if (r == 0 && at->offset < 0)
			r = refuse(p, "offset must not be negative");
	} else if (strcmp(k->name, "distance") == 0) {
		r = set_position(p, k, value, &at->has_distance, &at->distance);
	} else if (strcmp(k->name, "within") == 0) {
		r = set_position(p, k, value, &at->has_within, &at->within);
		if (r == 0 && at->within < (int32_t)at->bytes.left)
			r = refuse(p, "within %d is less than the content's %zu bytes", at->within, at->bytes.left);
	} else if (strcmp(k->name, "startswith") == 0) {
		if (at->has_depth || at->has_offset)
			return refuse(p, "startswith together with depth or offset");
		at->has_depth = true;
		at->depth = (int32_t)at->bytes.left;
	} else if (strcmp(k->name, "endswith") == 0) {
		at->ends_with = true;
	} else if (strcmp(k->name, "rawbytes") != 0) {
		return refuse(p, "unknown content modifier: %.32s", k->name);
	}
	c->relative = at->has_distance || at->has_within;
	return r;
}

int parse_content_buffer(struct parse *p, const struct keyword *k, char *value)
{
	struct condition *c = last_content(p, k->name);

	if (c == NULL)
		return -EINVAL;
	if (p->sticky)
		return refuse(p, "%s after a sticky buffer", k->name);
	if (c->view.buffer != BUFFER_PAYLOAD)
		return refuse(p, "%s: this content has a buffer already", k->name);
	c->view = k->view;
	return 0;
}

int parse_fast_pattern(struct parse *p, const struct keyword *k, char *value)
{
	struct condition *c = last_content(p, k->name);
	char *words[2];
	long from, len;

	if (c == NULL)
		return -EINVAL;
	if (p->fast >= 0)
		return refuse(p, "fast_pattern stands twice");
	p->fast = p->last_content;
	value = trim(value);
	if (value[0] == '\0' || strcmp(value, "only") == 0)
		return 0;
	if (split_commas(value, words, 2) != 2 || !parse_number(words[0], 0, RULE_CONTENT_MAX, &from) ||
	    !parse_number(words[1], 1, RULE_CONTENT_MAX, &len) || (size_t)(from + len) > c->content.bytes.left)
		return refuse(p, "fast_pattern:from,length must lie inside the content");
	p->fast_from = (int)from;
	p->fast_len = (int)len;
	return 0;
}

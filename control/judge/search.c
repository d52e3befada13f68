/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCRE2 behind a small face, with limits: patterns come from emulated hostile code, texts from hostile servers. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "control/judge/search.h"

#include "control/judge/required.h"

#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

enum {
	SEARCHES_MAX = 4096,      /* patterns kept; each takes some kilobytes */
	WAYS = 4,                 /* slots that a pattern may stand in; the newest first */
	PATTERN_KEPT_MAX = 4096,  /* bytes of one that is kept */
	STEPS_MAX = 2000000, /* of one match: about 20 ms */
	HEAP_MAX_KB = 4096,
};

struct search {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	uint32_t options;         /* of a match */
	bool gave_up;
	struct required required;
	/* kept: */
	uint8_t *pattern;         /* owned */
	size_t pattern_len;
	bool translated, kept, lent;
};

struct searches {
	struct search *at[SEARCHES_MAX];
};

/* How it will be run: whether that is by machine code hangs on this text alone, for its limits count other steps. */
static void search_begin(struct search *s, size_t much)
{
	s->gave_up = false;
	s->options = PCRE2_NOTEMPTY | (much >= SEARCH_MUCH ? 0 : PCRE2_NO_JIT);
	if (much >= SEARCH_MUCH && !s->translated)
		(void)pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE); /* where it may not, matching is only slower */
	s->translated |= much >= SEARCH_MUCH;
}

int search_new(struct bytes pattern, size_t much, struct search **ret)
{
	struct search *s = calloc(1, sizeof(*s));
	PCRE2_SIZE where;
	int error = 0, r = -ENOMEM;

	if (s == NULL)
		return -ENOMEM;
	s->code = pcre2_compile(pattern.at, pattern.left, PCRE2_CASELESS | PCRE2_NEVER_UTF, &error, &where, NULL);
	if (s->code == NULL) {
		r = error == PCRE2_ERROR_HEAP_FAILED ? -ENOMEM : -EINVAL;
		goto out;
	}
	s->data = pcre2_match_data_create_from_pattern(s->code, NULL);
	s->limits = pcre2_match_context_create(NULL);
	if (s->data == NULL || s->limits == NULL)
		goto out;
	pcre2_set_match_limit(s->limits, STEPS_MAX);
	pcre2_set_heap_limit(s->limits, HEAP_MAX_KB);
	required_of(pattern, &s->required);
	search_begin(s, much);
	*ret = s;
	return 0;
out:
	search_free(s);
	return r;
}

void search_free(struct search *s)
{
	if (s == NULL)
		return;
	pcre2_match_context_free(s->limits);
	pcre2_match_data_free(s->data);
	pcre2_code_free(s->code);
	free(s->pattern);
	free(s);
}

bool search_next(struct search *s, struct bytes text, size_t *at, size_t *start, size_t *end)
{
	PCRE2_SIZE *found = NULL;
	int r;

	if (*at > text.left)
		return false;
	r = pcre2_match(s->code, text.at, text.left, *at, s->options, s->data, s->limits);
	if (r < 0) {
		s->gave_up |= r != PCRE2_ERROR_NOMATCH;
		return false;
	}
	found = pcre2_get_ovector_pointer(s->data);
	*start = found[0];
	*end = found[1];
	*at = found[1] > found[0] ? found[1] : found[1] + 1;
	return true;
}

bool search_gave_up(const struct search *s)
{
	return s->gave_up;
}

bool search_may_match(const struct search *s, const struct grams *g)
{
	for (unsigned i = 0; i < s->required.count; i++)
		if (!grams_hold(g, s->required.grams[i]))
			return false;
	return true;
}

struct searches *searches_new(void)
{
	return calloc(1, sizeof(struct searches));
}

void searches_free(struct searches *all)
{
	for (size_t i = 0; all != NULL && i < SEARCHES_MAX; i++)
		search_free(all->at[i]);
	free(all);
}

/* What is kept of the pattern; NULL: nothing. */
static struct search *kept_of(struct search **ways, struct bytes pattern)
{
	for (unsigned i = 0; ways != NULL && i < WAYS; i++) {
		struct search *s = ways[i];

		if (s != NULL && bytes_equal(pattern, bytes_of(s->pattern, s->pattern_len)))
			return s;
	}
	return NULL;
}

/* Puts s first; what stood longest is dropped, if it is not lent. */
static void keep(struct search **ways, struct search *s, struct bytes pattern)
{
	struct search *last = ways[WAYS - 1];

	if ((last != NULL && last->lent) || pattern.left > PATTERN_KEPT_MAX || pattern.left == 0 ||
	    (s->pattern = malloc(pattern.left)) == NULL)
		return;
	memcpy(s->pattern, pattern.at, pattern.left);
	s->pattern_len = pattern.left;
	s->kept = s->lent = true;
	search_free(last);
	memmove(ways + 1, ways, (WAYS - 1) * sizeof(*ways));
	ways[0] = s;
}

int searches_take(struct searches *all, struct bytes pattern, size_t much, struct search **ret)
{
	struct search **ways = all == NULL ? NULL : &all->at[bytes_hash(pattern) % (SEARCHES_MAX / WAYS) * WAYS];
	struct search *found = kept_of(ways, pattern), *s = NULL;
	int r;

	if (found != NULL && !found->lent) {
		search_begin(found, much);
		found->lent = true;
		*ret = found;
		return 0;
	}
	if ((r = search_new(pattern, much, &s)) < 0)
		return r;
	if (ways != NULL && found == NULL)
		keep(ways, s, pattern);
	*ret = s;
	return 0;
}

void searches_give(struct search *s)
{
	if (s != NULL && s->kept)
		s->lent = false;
	else
		search_free(s);
}

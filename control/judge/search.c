/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PCRE2 behind a small face, with limits: patterns come from emulated hostile code, texts from hostile servers. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "control/judge/search.h"

#include <errno.h>
#include <pcre2.h>
#include <stdlib.h>

enum {
	STEPS_MAX = 2000000, /* of one match: about 20 ms */
	HEAP_MAX_KB = 4096,
};

struct search {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *limits;
	bool gave_up;
};

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
	if (much >= SEARCH_MUCH)
		(void)pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE); /* where it may not, matching is only slower */
	s->data = pcre2_match_data_create_from_pattern(s->code, NULL);
	s->limits = pcre2_match_context_create(NULL);
	if (s->data == NULL || s->limits == NULL)
		goto out;
	pcre2_set_match_limit(s->limits, STEPS_MAX);
	pcre2_set_heap_limit(s->limits, HEAP_MAX_KB);
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
	free(s);
}

bool search_next(struct search *s, struct bytes text, size_t *at, size_t *start, size_t *end)
{
	PCRE2_SIZE *found = NULL;
	int r;

	if (*at > text.left)
		return false;
	r = pcre2_match(s->code, text.at, text.left, *at, PCRE2_NOTEMPTY, s->data, s->limits);
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

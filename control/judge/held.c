/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a response holds, made ready once for all the texts that are looked for in it. */
#include "control/judge/ruling.h"

#include <string.h>

static bool any_traces(const struct ruling *r)
{
	for (unsigned i = 0; i < r->in->codes->count; i++)
		if (r->in->reports[i] != NULL && r->in->reports[i]->traces_count > 0)
			return true;
	return false;
}

void text_begin(struct ruling *r)
{
	r->ordinary = response_is_ordinary(r);
	r->reduced = r->readings->reduced;
	r->reduced_len = r->readings->reduced_len;
	if (!any_traces(r))
		return;
	readings_search(r->readings);
	r->held = r->readings->held;
	r->reduced_held = r->readings->reduced_held;
}

void text_end(struct ruling *r)
{
	r->reduced = NULL;
}

bool reduced_may_hold(const struct ruling *r, struct bytes text)
{
	uint8_t begin[2 * GRAM_LEN];

	return grams_may_hold(&r->reduced_held, bytes_of(begin, reflection_reduce(text, begin, sizeof(begin))));
}

const uint8_t *reduced_find(const struct ruling *r, size_t from, const uint8_t *needle, size_t len)
{
	if (r->reduced_len <= from || !grams_may_hold(&r->reduced_held, bytes_of(needle, len)))
		return NULL;
	/* the lines of a text often follow each other */
	if (len <= r->reduced_len - from && memcmp(r->reduced + from, needle, len) == 0)
		return r->reduced + from;
	return memmem(r->reduced + from, r->reduced_len - from, needle, len);
}

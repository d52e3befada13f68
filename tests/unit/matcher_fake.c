/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A matcher of a few plain words, so that sessions can be tested by themselves. */
#include "tests/unit/matcher_fake.h"

#include <stdlib.h>
#include <string.h>

struct fake_state {
	uint32_t seen, told;
};

int match_scratch_new(const struct matcher *m, struct match_scratch **ret)
{
	*ret = NULL;
	return 0;
}

void match_scratch_free(struct match_scratch *s)
{
}

void match_forget(struct match_scratch *s)
{
}

void match_begin(const struct matcher *m, struct match_state *s, const struct tuple *client, enum app_proto app)
{
	memset(s, 0, sizeof(struct fake_state));
}

bool match_looks(const struct matcher *m, enum direction d, enum buffer b)
{
	return true;
}

void match_scan(const struct matcher *m, struct match_scratch *scratch, struct match_state *state, enum direction d,
		enum buffer b, struct bytes piece, uint64_t offset, bool last)
{
	struct fake_state *s = (struct fake_state *)state;

	if (m->scanned != NULL)
		*m->scanned += piece.left;
	for (unsigned i = 0; i < m->count; i++) {
		if (m->rules[i].direction == d && m->rules[i].buffer == b &&
		    bytes_find(piece, bytes_text(m->rules[i].word)) >= 0)
			s->seen |= 1u << i;
	}
}

bool match_urgent(const struct matcher *m, const struct match_state *state)
{
	return false;
}

bool match_suspect(const struct match_state *state)
{
	return ((const struct fake_state *)state)->seen != 0;
}

unsigned match_verdicts(const struct matcher *m, struct match_scratch *scratch, struct match_state *state,
			struct match_flow *flow, const struct match_source *source, enum direction d,
			struct case_alert *ret, unsigned max, uint32_t *left)
{
	struct fake_state *s = (struct fake_state *)state;
	unsigned count = 0;

	*left = 0;
	for (unsigned i = 0; i < m->count && count < max; i++) {
		struct bytes whole;
		bool all;

		if (!(s->seen & ~s->told & 1u << i) || m->rules[i].direction != d)
			continue;
		if (!source->buffer(source->transaction, d, m->rules[i].buffer, &whole, &all) ||
		    bytes_find(whole, bytes_text(m->rules[i].word)) < 0)
			continue;
		if (m->asked != NULL)
			*m->asked += whole.left;
		if (m->rules[i].never)
			continue;
		s->told |= 1u << i;
		ret[count++] = (struct case_alert){ .gid = 1, .sid = i + 1, .rev = 1, .severity = 1,
						    .message = bytes_text(m->rules[i].word) };
	}
	return count;
}

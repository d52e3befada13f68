/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shapes of values. */
#include "control/iocgen/shape.h"
#include "control/iocgen/corpus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t key_seed = UINT64_C(0x7368617065);

static struct bytes token_text(const struct tokens *t, unsigned i)
{
	return bytes_of(t->text.at + t->list[i].at, t->list[i].len);
}

void vocabulary_ids(const struct vocabulary *v, const struct tokens *t, uint32_t *ids)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (names_find(&v->words, token_text(t, i), &ids[i]) < 0)
			ids[i] = UINT32_MAX;
	}
}

static int vocabulary_reserve(struct vocabulary *v)
{
	uint32_t room = v->room * 2 + 4096, *samples, *last;

	if (v->words.count < v->room)
		return 0;
	if ((samples = realloc(v->samples, room * sizeof(*samples))) == NULL)
		return -ENOMEM;
	v->samples = samples;
	if ((last = realloc(v->last, room * sizeof(*last))) == NULL)
		return -ENOMEM;
	v->last = last;
	v->room = room;
	return 0;
}

int vocabulary_add(struct vocabulary *v, const struct tokens *t, uint32_t sample)
{
	for (unsigned i = 0; i < t->count; i++) {
		uint32_t before = v->words.count, id;
		int r = vocabulary_reserve(v);

		if (r < 0 || (r = names_add(&v->words, token_text(t, i), &id)) < 0)
			return r;
		if (id == before || v->last[id] != sample) {
			v->samples[id] = id == before ? 1 : v->samples[id] + 1;
			v->last[id] = sample;
		}
	}
	return 0;
}

void vocabulary_fini(struct vocabulary *v)
{
	names_fini(&v->words);
	free(v->samples);
	free(v->last);
	*v = (struct vocabulary){ 0 };
}

struct making {
	const struct tokens *t;
	const uint32_t *ids;
	const struct vocabulary *words;
	struct varying varying;
	struct shape *to;
};

static bool is_mark(const struct making *m, unsigned i)
{
	return m->t->list[i].form == TOKEN_MARK || m->t->list[i].form == TOKEN_NAME;
}

/* Does the token vary? */
static bool varies(const struct making *m, unsigned i)
{
	if (is_mark(m, i))
		return false;
	if (m->varying.chosen)
		return i >= 64 || (m->varying.fixed >> i & 1) == 0;
	return m->ids[i] == UINT32_MAX || m->words->samples[m->ids[i]] < m->varying.least;
}

static void put(struct making *m, uint32_t what, unsigned at, unsigned end)
{
	struct shape *s = m->to;

	if (at == end || s->count == TOKENS_MAX)
		return;
	s->list[s->count++] = (struct element){ what, (uint16_t)at, (uint16_t)(end - at) };
	s->key = mix(s->key, what);
}

static unsigned end_of(const struct token *t)
{
	return t->at + t->len;
}

static void put_tokens(struct making *m, unsigned first, unsigned end)
{
	for (unsigned i = first; i < end; i++) {
		const struct token *t = &m->t->list[i];

		if (varies(m, i)) {
			put(m, ELEMENT_HOLE + (uint32_t)t->form, t->at, end_of(t));
			m->to->holes++;
		} else {
			put(m, m->ids[i], t->at, end_of(t));
			m->to->literal += is_mark(m, i) ? 0 : t->len;
		}
	}
}

/* One hole for tokens [first, end), their ending apart: ".exe" says much. */
static void put_component(struct making *m, unsigned first, unsigned end)
{
	unsigned stem = end;
	bool ending = end - first >= 3 && m->t->text.at[m->t->list[end - 2].at] == '.';

	if (ending && !varies(m, end - 1))
		stem = end - 2;
	if (ending && stem == end && m->varying.chosen && !varies(m, first)) { /* only the ending does */
		put_tokens(m, first, end);
		return;
	}
	put(m, ELEMENT_COMPONENT, m->t->list[first].at, end_of(&m->t->list[stem - 1]));
	m->to->holes++;
	put_tokens(m, stem, end);
}

/* Tokens [first, end): components in which something varies become holes as a whole, and so does component `hole`. */
static void put_parts(struct making *m, unsigned first, unsigned end, bool whole, unsigned hole)
{
	unsigned i = first;

	for (unsigned p = 0; p < m->t->parts; p++) {
		unsigned from = m->t->part[p].first, to = m->t->part[p].end;
		bool any = p == hole;

		if (from < first || to > end)
			continue;
		for (unsigned k = from; whole && k < to; k++)
			any |= varies(m, k);
		put_tokens(m, i, from);
		if (any)
			put_component(m, from, to);
		else
			put_tokens(m, from, to);
		i = to;
	}
	put_tokens(m, i, end);
}

/* From the mark before component p. */
static unsigned begin_of(const struct tokens *t, unsigned p)
{
	return t->part[p].first > 0 ? t->part[p].first - 1u : 0;
}

static bool make_last(struct making *m, unsigned parts, bool whole)
{
	const struct tokens *t = m->t;

	if (t->parts <= parts)
		return false;
	m->to->open_front = true;
	put_parts(m, begin_of(t, t->parts - parts), t->count, whole, UINT32_MAX);
	return true;
}

static bool make_front(struct making *m, unsigned parts)
{
	const struct tokens *t = m->t;

	if (t->parts < parts + 2)
		return false;
	m->to->open_back = true;
	put_parts(m, 0, t->part[t->parts - parts].first, false, UINT32_MAX);
	return true;
}

static bool make_part(struct making *m, unsigned p, enum artefact_kind kind)
{
	const struct tokens *t = m->t;

	if ((kind != KIND_COMMAND && kind != KIND_URL) || p + 1 >= t->parts)
		return false;
	m->to->open_front = m->to->open_back = true;
	put_tokens(m, begin_of(t, p + 1), t->part[p + 1].end);
	return true;
}

static bool make(struct making *m, enum artefact_kind kind, int how)
{
	const struct tokens *t = m->t;

	switch (how) {
	case SHAPE_WHOLE:
		put_tokens(m, 0, t->count);
		return true;
	case SHAPE_COMPONENTS:
		put_parts(m, 0, t->count, true, UINT32_MAX);
		return true;
	case SHAPE_LAST_1:
	case SHAPE_LAST_2:
	case SHAPE_LAST_3:
		return make_last(m, (unsigned)(how - SHAPE_LAST_1 + 1), false);
	case SHAPE_LAST_2_COMPONENTS:
		return make_last(m, 2, true);
	case SHAPE_FRONT_1:
	case SHAPE_FRONT_2:
		return make_front(m, (unsigned)(how - SHAPE_FRONT_1 + 1));
	case SHAPE_HOLE_1:
	case SHAPE_HOLE_2:
	case SHAPE_HOLE_3:
	case SHAPE_HOLE_4:
		if (t->parts < 3 || t->parts < (unsigned)(how - SHAPE_HOLE_1 + 2))
			return false;
		put_parts(m, 0, t->count, false, t->parts - 1 - (unsigned)(how - SHAPE_HOLE_1));
		return true;
	default:
		return make_part(m, (unsigned)(how - SHAPE_PART_1), kind);
	}
}

bool shape_of(struct bytes value, const struct tokens *t, const uint32_t *ids, const struct vocabulary *words, struct varying varying, int how,
              struct shape *ret)
{
	struct making m = { t, ids, words, varying, ret };

	ret->open_front = ret->open_back = false;
	ret->count = ret->holes = ret->literal = 0;
	ret->key = mix(key_seed, (uint64_t)value.at[0] << 8 | value.at[1]);
	if (t->count == 0 || !make(&m, value_kind(value), how))
		return false;
	ret->key = mix(ret->key, (uint64_t)ret->open_front << 1 | ret->open_back);
	return ret->count > 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holes from what stood in them: what they share at both ends, their alphabet and their lengths. */
#include "control/iocgen/learn.h"
#include "control/iocgen/corpus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SHARED_MIN = 2,     /* characters that all words of a hole begin or end with, to stand as text */
	SURE = 20,          /* distinct words from which their lengths are believed */
	SPLIT_MIN = 3,      /* characters of a beginning that some share */
	DISTINCT_MIN = 3,   /* and how many words there must be for it */
	COMPONENT_MAX = 120 /* characters of a component */
};

/* What stood in a hole. */
struct seen {
	size_t min, max, distinct;
	bool digit, hex_letter, letter;
};

static struct bytes word_at(const struct member *m, unsigned i)
{
	return bytes_of(m->text.at + m->list[i].at, m->list[i].len);
}

static size_t shared_front(struct bytes a, struct bytes b)
{
	size_t n = 0;

	while (n < a.left && n < b.left && a.at[n] == b.at[n])
		n++;
	return n;
}

static size_t shared_back(struct bytes a, struct bytes b)
{
	size_t n = 0;

	while (n < a.left && n < b.left && a.at[a.left - 1 - n] == b.at[b.left - 1 - n])
		n++;
	return n;
}

/* What all words begin and end with; a character of more than one byte is not cut in two. */
static void shared(const struct member *m, size_t count, unsigned i, size_t *front, size_t *back)
{
	struct bytes first = word_at(&m[0], i);
	size_t f = first.left, b = first.left, shortest = first.left;

	for (size_t k = 1; k < count; k++) {
		struct bytes w = word_at(&m[k], i);
		size_t nf = shared_front(first, w), nb = shared_back(first, w);

		f = nf < f ? nf : f;
		b = nb < b ? nb : b;
		shortest = w.left < shortest ? w.left : shortest;
	}
	f = f < SHARED_MIN ? 0 : f;
	b = b < SHARED_MIN || f + b > shortest ? 0 : b;
	while (f > 0 && f < first.left && (first.at[f] & 0xc0) == 0x80)
		f--;
	while (b > 0 && (first.at[first.left - b] & 0xc0) == 0x80)
		b--;
	*front = f;
	*back = b;
}

static struct seen look(const struct member *m, size_t count, unsigned i, size_t front, size_t back)
{
	struct seen s = { .min = SIZE_MAX };
	uint64_t before = 0;

	for (size_t k = 0; k < count; k++) {
		struct bytes w = word_at(&m[k], i);
		size_t len = w.left - front - back;
		uint64_t digest = text_digest(w, 1);

		s.distinct += k == 0 || digest != before; /* members are sorted by their text: near enough */
		before = digest;
		s.min = len < s.min ? len : s.min;
		s.max = len > s.max ? len : s.max;
		for (size_t c = front; c < w.left - back; c++) {
			uint8_t v = w.at[c];

			s.digit |= v >= '0' && v <= '9';
			s.hex_letter |= v >= 'a' && v <= 'f';
			s.letter |= (v > 'f' && v <= 'z') || v >= 0x80;
		}
	}
	return s;
}

static enum hole hole_of(const struct seen *s, uint32_t what)
{
	if (what == ELEMENT_COMPONENT)
		return HOLE_COMPONENT;
	switch ((enum token_form)(what - ELEMENT_HOLE)) {
	case TOKEN_GUID:
		return HOLE_GUID;
	case TOKEN_SID:
		return HOLE_SID;
	case TOKEN_DATE:
		return HOLE_DATE;
	case TOKEN_VERSION:
		return HOLE_VERSION;
	case TOKEN_BASE64:
		return HOLE_BASE64;
	default:
		break;
	}
	if (!s->letter && !s->hex_letter)
		return HOLE_NUMBER;
	if (!s->letter && s->digit)
		return s->min == s->max && (s->min == 32 || s->min == 40 || s->min == 64) ? HOLE_HASH : HOLE_HEX;
	return s->digit ? HOLE_WORD : HOLE_LETTERS;
}

static struct piece hole_piece(const struct seen *s, uint32_t what)
{
	struct piece p = { .is_hole = true, .hole = hole_of(s, what) };
	size_t slack = (s->max - s->min + 3) / 4 + (s->distinct < SURE ? 2 : 0);

	if (p.hole == HOLE_COMPONENT) {
		p.min = 1;
		p.max = COMPONENT_MAX;
		return p;
	}
	if (s->min == s->max && (s->distinct >= DISTINCT_MIN || p.hole == HOLE_GUID || p.hole == HOLE_DATE))
		slack = 0;
	p.min = (unsigned)(s->min > slack ? s->min - slack : s->min < 1 ? 0 : 1);
	p.max = (unsigned)(s->max + slack > 0 ? s->max + slack : 1);
	return p;
}

struct building {
	struct piece pieces[3 * TOKENS_MAX];
	unsigned count;
	uint8_t text[ARTEFACT_VALUE_MAX + 64];
	size_t used;
	bool overflow;
};

static void put_literal(struct building *b, struct bytes t)
{
	struct piece *last = b->count == 0 ? NULL : &b->pieces[b->count - 1];

	if (t.left == 0)
		return;
	if (b->used + t.left > sizeof(b->text)) {
		b->overflow = true;
		return;
	}
	memcpy(b->text + b->used, t.at, t.left);
	if (last != NULL && !last->is_hole)
		last->text.left += t.left;
	else
		b->pieces[b->count++] = (struct piece){ .text = bytes_of(b->text + b->used, t.left) };
	b->used += t.left;
}

/* The pattern of these members, as long as it has literal text worth the name. */
static int put_pattern(struct bytes value, const struct shape *s, const struct member *m, size_t count,
                       int (*put)(void *, const struct pattern *), void *to)
{
	struct building b = { .count = 0 };
	struct pattern p = { .kind = value_kind(value), .action = value_class(value), .open_front = s->open_front,
		.open_back = s->open_back };

	for (unsigned i = 0; i < s->count; i++) {
		struct bytes word = word_at(&m[0], i);
		size_t front, back;
		struct seen seen;

		if (s->list[i].what < ELEMENT_HOLE) {
			put_literal(&b, word);
			continue;
		}
		shared(m, count, i, &front, &back);
		if (s->list[i].what >= ELEMENT_HOLE && s->list[i].what != ELEMENT_COMPONENT &&
		    s->list[i].what != ELEMENT_HOLE + TOKEN_WORD)
			front = back = 0;
		if (front == word.left && count > 0 && back == 0) { /* all the same */
			put_literal(&b, word);
			continue;
		}
		seen = look(m, count, i, front, back);
		put_literal(&b, bytes_of(word.at, front));
		b.pieces[b.count++] = hole_piece(&seen, s->list[i].what);
		put_literal(&b, bytes_of(word.at + word.left - back, back));
	}
	if (b.overflow || b.count == 0 || b.count > IOC_PIECES_MAX)
		return 0;
	p.count = b.count;
	p.pieces = b.pieces;
	return put(to, &p);
}

struct order {
	unsigned element;
	bool backward;
};

static int compare_words(const void *a, const void *b, void *arg)
{
	const struct order *o = arg;
	struct bytes x = word_at(a, o->element), y = word_at(b, o->element);

	for (size_t i = 0; i < x.left && i < y.left; i++) {
		uint8_t c = o->backward ? x.at[x.left - 1 - i] : x.at[i], d = o->backward ? y.at[y.left - 1 - i] : y.at[i];

		if (c != d)
			return c < d ? -1 : 1;
	}
	return x.left < y.left ? -1 : x.left > y.left;
}

/* Runs of members whose words share their first (or last) `len` characters, if enough samples have them. */
static int split(struct bytes value, const struct shape *s, struct member *m, size_t count, const struct order *o, size_t len,
                 uint32_t least, unsigned *left, int (*put)(void *, const struct pattern *), void *to)
{
	size_t first = 0;
	int r = 0;

	for (size_t i = 1; i <= count && r == 0 && *left > 0; i++) {
		struct bytes a = word_at(&m[first], o->element);
		uint64_t samples = 0;
		size_t distinct = 1;

		if (i < count && a.left >= len) {
			struct bytes b = word_at(&m[i], o->element);

			if ((o->backward ? shared_back(a, b) : shared_front(a, b)) >= len)
				continue;
		}
		for (size_t k = first; k < i; k++) {
			samples += m[k].samples;
			distinct += k > first && !bytes_equal(word_at(&m[k - 1], o->element), word_at(&m[k], o->element));
		}
		if (a.left >= len && samples >= least && distinct >= DISTINCT_MIN && i - first < count) {
			(*left)--;
			r = put_pattern(value, s, m + first, i - first, put, to);
		}
		first = i;
	}
	return r;
}

int learn_patterns(struct bytes value, const struct shape *s, const struct member *given, size_t count, uint32_t least,
                   int (*put)(void *, const struct pattern *), void *to)
{
	static const size_t lengths[] = { SPLIT_MIN, 5, 8 };
	struct member *m;
	unsigned left = LEARN_PATTERNS_MAX;
	int r = put_pattern(value, s, given, count, put, to);

	if (r < 0 || count < 2 * DISTINCT_MIN)
		return r;
	if ((m = malloc(count * sizeof(*m))) == NULL)
		return -ENOMEM;
	memcpy(m, given, count * sizeof(*m));
	for (unsigned i = 0; i < s->count && r == 0; i++) {
		if (s->list[i].what != ELEMENT_HOLE + TOKEN_WORD)
			continue;
		for (int back = 0; back < 2 && r == 0; back++) {
			struct order o = { i, back == 1 };

			qsort_r(m, count, sizeof(*m), compare_words, &o);
			for (size_t l = 0; l < COUNT_OF(lengths) && r == 0; l++)
				r = split(value, s, m, count, &o, lengths[l], least, &left, put, to);
		}
	}
	free(m);
	return r;
}

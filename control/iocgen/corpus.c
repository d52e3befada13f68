/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples as they come in, then in an order that does not depend on how they came. */
#include "control/iocgen/corpus.h"
#include "control/iocgen/normal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const size_t values_max = (size_t)1 << 30, names_max = (size_t)1 << 28; /* bytes of text */
static const uint64_t order_seed = UINT64_C(0x6b6f6e73656b69); /* fixed: the order is part of the output */

enum artefact_kind value_kind(struct bytes v)
{
	return (enum artefact_kind)v.at[0];
}

enum action_class value_class(struct bytes v)
{
	return (enum action_class)v.at[1];
}

struct bytes value_text(struct bytes v)
{
	return bytes_of(v.at + 2, v.left - 2);
}

static int sample_begin(void *to, const struct sample *given)
{
	struct corpus *c = to;
	struct sample s = *given;
	int r;

	(void)labels_apply(c->labels, &s);
	c->values.text_max = values_max;
	c->names.text_max = c->families.text_max = c->sources.text_max = names_max;
	c->now = (struct corpus_sample){ .first = c->items_count, .day = s.day, .label = s.label };
	if ((r = names_add(&c->names, s.name, &c->now.name)) < 0 || (r = names_add(&c->families, s.family, &c->now.family)) < 0 ||
	    (r = names_add(&c->sources, s.source, &c->now.source)) < 0)
		return r;
	c->now.digest = mix(text_digest(s.name, order_seed), mix(text_digest(s.source, order_seed), (uint64_t)(uint32_t)s.day));
	return 0;
}

static int items_add(struct corpus *c, uint32_t value)
{
	if (c->items_count == c->items_room) {
		uint64_t room = c->items_room + c->items_room / 2 + 65536;
		uint32_t *items = realloc(c->items, room * sizeof(*items));

		if (items == NULL)
			return -ENOMEM;
		c->items = items;
		c->items_room = room;
	}
	c->items[c->items_count++] = value;
	return 0;
}

static int sample_artefact(void *to, const struct artefact *a)
{
	struct corpus *c = to;
	uint8_t text[ARTEFACT_VALUE_MAX + 2];
	struct sink s = sink_over(text, sizeof(text));
	struct bytes value = a->value;
	uint32_t id;
	int r;

	c->tally.artefacts++;
	if (value.left > ARTEFACT_VALUE_MAX - 64) { /* a name of a folder may grow it */
		value.left = ARTEFACT_VALUE_MAX - 64;
		c->tally.cut_values++;
	}
	if (c->items_count - c->now.first >= CORPUS_ARTEFACTS_MAX) {
		c->tally.over_sample++;
		return 0;
	}
	sink_u8(&s, (uint8_t)a->kind);
	sink_u8(&s, (uint8_t)action_class_of(a->kind, a->action));
	if (artefact_normalise(a->kind, value, &s) < 0) {
		c->tally.empty_values++;
		return 0;
	}
	r = names_add(&c->values, bytes_of(text, s.used), &id);
	if (r == -ENOSPC) {
		c->tally.over_memory++;
		return 0;
	}
	return r < 0 ? r : items_add(c, id);
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Sorts a sample's numbers; each stays once. */
static void sort_items(struct corpus *c, struct corpus_sample *s)
{
	uint32_t *at = c->items + s->first, kept = 0;

	qsort(at, s->count, sizeof(*at), compare_numbers);
	for (uint32_t i = 0; i < s->count; i++) {
		if (i == 0 || at[i] != at[i - 1])
			at[kept++] = at[i];
	}
	s->count = kept;
}

static int sample_end(void *to)
{
	struct corpus *c = to;

	c->now.count = (uint32_t)(c->items_count - c->now.first);
	if (c->now.count > 0)
		sort_items(c, &c->now);
	c->items_count = c->now.first + c->now.count;
	if (c->samples_count == c->samples_room) {
		uint32_t room = c->samples_room * 2 + 1024;
		struct corpus_sample *samples = realloc(c->samples, room * sizeof(*samples));

		if (samples == NULL)
			return -ENOMEM;
		c->samples = samples;
		c->samples_room = room;
	}
	c->samples[c->samples_count++] = c->now;
	c->tally.samples++;
	c->tally.malware += c->now.label == LABEL_MALWARE;
	c->tally.benign += c->now.label == LABEL_BENIGN;
	c->tally.unlabelled += c->now.label == LABEL_UNKNOWN;
	return 0;
}

static void sample_bad(void *to, const char *file, uint64_t line, const char *why)
{
	struct corpus *c = to;

	c->tally.bad++;
}

struct sample_sink corpus_sink(struct corpus *c)
{
	return (struct sample_sink){ .begin = sample_begin, .artefact = sample_artefact, .end = sample_end, .bad = sample_bad, .to = c };
}

/* A number's place in the new order. */
struct place {
	uint64_t digest;
	uint32_t id;
};

struct ordering {
	const struct names *names;
	bool by_text; /* for people: else by digest, which is quick */
};

static int compare_places(const void *a, const void *b, void *arg)
{
	const struct place *x = a, *y = b;
	const struct ordering *o = arg;
	struct bytes s, t;
	int r;

	if (!o->by_text && x->digest != y->digest)
		return x->digest < y->digest ? -1 : 1;
	s = names_get(o->names, x->id);
	t = names_get(o->names, y->id);
	r = s.left == 0 || t.left == 0 ? 0 : memcmp(s.at, t.at, s.left < t.left ? s.left : t.left);
	return r != 0 ? r : s.left < t.left ? -1 : s.left > t.left;
}

/* Renumbers names; ret[old] is the new number. */
static int reorder(struct names *n, bool by_text, uint32_t **ret)
{
	struct place *places = calloc(n->count + 1, sizeof(*places));
	uint32_t *map = calloc(n->count + 1, sizeof(*map)), id;
	struct ordering o = { n, by_text };
	struct names fresh = { .text_max = n->text_max };
	int r = places == NULL || map == NULL ? -ENOMEM : 0;

	for (uint32_t i = 0; r == 0 && i < n->count; i++)
		places[i] = (struct place){ text_digest(names_get(n, i), order_seed), i };
	if (r == 0)
		qsort_r(places, n->count, sizeof(*places), compare_places, &o);
	for (uint32_t i = 0; r == 0 && i < n->count; i++) {
		map[places[i].id] = i;
		r = names_add(&fresh, names_get(n, places[i].id), &id);
	}
	free(places);
	if (r < 0) {
		names_fini(&fresh);
		free(map);
		return r;
	}
	names_fini(n);
	*n = fresh;
	*ret = map;
	return 0;
}

static int rank_of(enum label l)
{
	return l == LABEL_MALWARE ? 0 : l == LABEL_BENIGN ? 1 : 2;
}

static int compare_samples(const void *a, const void *b)
{
	const struct corpus_sample *x = a, *y = b;

	if (x->label != y->label)
		return rank_of(x->label) - rank_of(y->label);
	if (x->label == LABEL_MALWARE && x->family != y->family)
		return x->family < y->family ? -1 : 1;
	return x->digest < y->digest ? -1 : x->digest > y->digest;
}

int corpus_settle(struct corpus *c)
{
	uint32_t *values = NULL, *families = NULL;
	int r = reorder(&c->values, false, &values);

	if (r == 0)
		r = reorder(&c->families, true, &families);
	for (uint32_t i = 0; r == 0 && i < c->samples_count; i++) {
		struct corpus_sample *s = &c->samples[i];

		s->family = families[s->family];
		s->digest = mix(s->digest, s->family);
		for (uint32_t k = 0; k < s->count; k++)
			c->items[s->first + k] = values[c->items[s->first + k]];
		if (s->count > 0)
			qsort(c->items + s->first, s->count, sizeof(*c->items), compare_numbers);
		for (uint32_t k = 0; k < s->count; k++)
			s->digest = mix(s->digest, c->items[s->first + k]);
	}
	if (r == 0 && c->samples_count > 0)
		qsort(c->samples, c->samples_count, sizeof(*c->samples), compare_samples);
	free(values);
	free(families);
	return r;
}

void corpus_fini(struct corpus *c)
{
	names_fini(&c->values);
	names_fini(&c->names);
	names_fini(&c->families);
	names_fini(&c->sources);
	free(c->items);
	free(c->samples);
	c->items = NULL;
	c->samples = NULL;
}

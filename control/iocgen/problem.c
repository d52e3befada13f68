/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The choice between a family's candidates, in the optimiser's words. */
#include "control/iocgen/family.h"

#include <errno.h>
#include <stdlib.h>

struct sign {
	uint64_t digest;
	uint32_t sample;
};

static int compare_signs(const void *a, const void *b)
{
	const struct sign *x = a, *y = b;

	if (x->digest != y->digest)
		return x->digest < y->digest ? -1 : 1;
	return x->sample < y->sample ? -1 : x->sample > y->sample;
}

/* Samples that the same candidates match become one class; class_of: UINT32_MAX where none does. */
static int make_classes(const struct candidates *c, const uint32_t *index, struct choice *p, uint32_t *class_of)
{
	struct sign *signs = calloc((size_t)c->family->count + 1, sizeof(*signs));
	roaring_uint32_iterator_t it;

	if (signs == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < c->family->count; i++)
		signs[i].sample = i;
	for (uint32_t j = 0; j < p->candidates; j++) {
		for (roaring_init_iterator(c->list[index[j]].family, &it); it.has_value; roaring_advance_uint32_iterator(&it)) {
			struct sign *s = &signs[it.current_value - c->family->first];

			s->digest = mix(s->digest + 1, j + 1);
		}
	}
	qsort(signs, c->family->count, sizeof(*signs), compare_signs);
	for (uint32_t i = 0; i < c->family->count; i++) {
		if (signs[i].digest == 0) {
			class_of[signs[i].sample] = UINT32_MAX;
			continue;
		}
		if (i == 0 || signs[i].digest != signs[i - 1].digest)
			p->weight[p->classes++] = 0;
		class_of[signs[i].sample] = p->classes - 1;
		p->weight[p->classes - 1] += c->weights[signs[i].sample];
	}
	free(signs);
	return 0;
}

static int compare_numbers(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int make_members(const struct candidate *c, uint32_t first, const uint32_t *class_of, struct choice *p, uint32_t j)
{
	roaring_uint32_iterator_t it;
	uint32_t n = 0, kept = 0;

	if ((p->members[j] = malloc(((size_t)c->support + 1) * sizeof(**p->members))) == NULL)
		return -ENOMEM;
	for (roaring_init_iterator(c->family, &it); it.has_value; roaring_advance_uint32_iterator(&it))
		p->members[j][n++] = class_of[it.current_value - first];
	qsort(p->members[j], n, sizeof(**p->members), compare_numbers);
	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 || p->members[j][i] != p->members[j][i - 1])
			p->members[j][kept++] = p->members[j][i];
	}
	p->members_count[j] = kept;
	return 0;
}

static int make_hits(const struct candidates *c, const uint32_t *index, struct choice *p)
{
	roaring_bitmap_t *any = roaring_bitmap_create();
	int r = any == NULL ? -ENOMEM : 0;

	for (uint32_t j = 0; j < p->candidates && r == 0; j++) {
		const struct candidate *one = &c->list[index[j]];

		if ((p->hits[j] = malloc(((size_t)one->hits + 1) * sizeof(**p->hits))) == NULL) {
			r = -ENOMEM;
		} else {
			roaring_bitmap_to_uint32_array(one->benign, p->hits[j]);
			p->hits_count[j] = one->hits;
			roaring_bitmap_or_inplace(any, one->benign);
		}
	}
	if (r == 0) {
		p->benign = (uint32_t)roaring_bitmap_get_cardinality(any);
		for (uint32_t j = 0; j < p->candidates; j++) {
			for (uint32_t i = 0; i < p->hits_count[j]; i++)
				p->hits[j][i] = (uint32_t)roaring_bitmap_rank(any, p->hits[j][i]) - 1;
		}
	}
	bitmap_free(any);
	return r;
}

static bool keeps(const struct candidates *of, const struct candidate *c, const struct limits *l)
{
	return c->hits <= l->hits_max && c->cost <= l->cost_max && 
	       (c->hits > 0 || (c->novelty >= l->novelty_min && c->expected <= l->rate_max * of->benign));
}

int choice_make(const struct candidates *c, const struct limits *l, struct choice *ret, uint32_t **ret_index)
{
	struct choice p = { .again = l->again, .price = l->price, .cost_max = l->cost_max, .hits_max = l->hits_max };
	uint32_t *index = malloc(((size_t)c->count + 1) * sizeof(*index));
	uint32_t *class_of = malloc(((size_t)c->family->count + 1) * sizeof(*class_of));
	size_t room = (size_t)c->count + 1;
	int r = -ENOMEM;

	p.weight = calloc((size_t)c->family->count + 1, sizeof(*p.weight));
	p.members = calloc(room, sizeof(*p.members));
	p.members_count = calloc(room, sizeof(*p.members_count));
	p.hits = calloc(room, sizeof(*p.hits));
	p.hits_count = calloc(room, sizeof(*p.hits_count));
	p.strength = calloc(room, sizeof(*p.strength));
	p.cost = calloc(room, sizeof(*p.cost));
	if (index == NULL || class_of == NULL || p.weight == NULL || p.members == NULL || p.members_count == NULL || p.hits == NULL ||
	    p.hits_count == NULL || p.strength == NULL || p.cost == NULL)
		goto out;
	for (uint32_t i = 0; i < c->count; i++) {
		if (!keeps(c, &c->list[i], l))
			continue;
		p.strength[p.candidates] = c->list[i].strength;
		p.cost[p.candidates] = c->list[i].cost;
		index[p.candidates++] = i;
	}
	r = make_classes(c, index, &p, class_of);
	for (uint32_t j = 0; j < p.candidates && r == 0; j++)
		r = make_members(&c->list[index[j]], c->family->first, class_of, &p, j);
	if (r == 0)
		r = make_hits(c, index, &p);
out:
	free(class_of);
	if (r < 0) {
		free(index);
		choice_fini(&p);
		return r;
	}
	*ret = p;
	*ret_index = index;
	return 0;
}

void choice_fini(struct choice *p)
{
	for (uint32_t j = 0; j < p->candidates; j++) {
		if (p->members != NULL)
			free(p->members[j]);
		if (p->hits != NULL)
			free(p->hits[j]);
	}
	free(p->weight);
	free(p->members);
	free(p->members_count);
	free(p->hits);
	free(p->hits_count);
	free(p->strength);
	free(p->cost);
	*p = (struct choice){ 0 };
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A choice of samples, and the lists of who has what. */
#include "control/iocgen/view.h"

#include <errno.h>
#include <stdlib.h>

static int add_samples(struct view *v, const bool *wanted)
{
	const struct corpus *c = v->corpus;

	for (uint32_t i = 0; i < c->samples_count; i++) {
		const struct corpus_sample *s = &c->samples[i];
		struct view_family *last = v->families_count == 0 ? NULL : &v->families[v->families_count - 1];

		if (s->label == LABEL_UNKNOWN || (wanted != NULL && !wanted[i]))
			continue;
		if (s->label == LABEL_MALWARE && (last == NULL || last->name != s->family)) {
			last = &v->families[v->families_count++];
			*last = (struct view_family){ .name = s->family, .first = v->count };
		}
		if (s->label == LABEL_MALWARE) {
			last->count++;
			v->malware++;
		}
		v->samples[v->count++] = i;
	}
	return 0;
}

static int add_holders(struct view *v)
{
	const struct corpus *c = v->corpus;
	uint32_t values = c->values.count;
	uint64_t total = 0;

	v->posting = calloc((size_t)values + 2, sizeof(*v->posting));
	if (v->posting == NULL)
		return -ENOMEM;
	/* counted two places ahead, so that filling leaves each list's beginning where it belongs */
	for (uint32_t i = 0; i < v->count; i++) {
		const struct corpus_sample *s = view_sample(v, i);

		for (uint32_t k = 0; k < s->count; k++)
			v->posting[c->items[s->first + k] + 2]++;
		total += s->count;
	}
	v->holders = malloc((total + 1) * sizeof(*v->holders));
	if (v->holders == NULL)
		return -ENOMEM;
	for (uint32_t i = 2; i < values + 2; i++)
		v->posting[i] += v->posting[i - 1];
	for (uint32_t i = 0; i < v->count; i++) {
		const struct corpus_sample *s = view_sample(v, i);

		for (uint32_t k = 0; k < s->count; k++)
			v->holders[v->posting[c->items[s->first + k] + 1]++] = i;
	}
	return 0;
}

int view_init(const struct corpus *c, const bool *wanted, struct view *ret)
{
	struct view v = { .corpus = c };
	int r = -ENOMEM;

	v.samples = malloc(((size_t)c->samples_count + 1) * sizeof(*v.samples));
	v.families = calloc((size_t)c->families.count + 1, sizeof(*v.families));
	if (v.samples != NULL && v.families != NULL)
		r = add_samples(&v, wanted);
	if (r == 0)
		r = add_holders(&v);
	if (r < 0)
		view_fini(&v);
	else
		*ret = v;
	return r;
}

void view_fini(struct view *v)
{
	free(v->samples);
	free(v->families);
	free(v->posting);
	free(v->holders);
	*v = (struct view){ 0 };
}

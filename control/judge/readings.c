/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Views, reflection and grams of one case. */
#include "control/judge/readings.h"

#include <errno.h>
#include <stdlib.h>

int readings_new(const struct case_record *record, const struct extraction *codes, struct readings **ret)
{
	struct readings *r = malloc(sizeof(*r));
	int e;

	if (r == NULL)
		return -ENOMEM;
	r->reflection = NULL;
	r->held = r->reduced_held = (struct grams){ 0 };
	r->searched = false;
	r->attempts = NULL;
	r->reduced = NULL;
	r->reduced_len = 0;
	if ((e = views_of(record, &r->views)) < 0) {
		free(r);
		return e;
	}
	if ((e = reflection_new(record, codes, &r->reflection)) < 0) {
		readings_free(r);
		return e;
	}
	r->reduced = malloc(r->views.body.left + 1);
	if (r->reduced != NULL)
		r->reduced_len = reflection_reduce(r->views.body, r->reduced, r->views.body.left);
	*ret = r;
	return 0;
}

void readings_free(struct readings *r)
{
	if (r == NULL)
		return;
	grams_fini(&r->held);
	grams_fini(&r->reduced_held);
	free(r->reduced);
	free(r->attempts);
	reflection_free(r->reflection);
	views_fini(&r->views);
	free(r);
}

void readings_search(struct readings *r)
{
	if (r->searched)
		return;
	r->searched = true;
	if (r->reduced != NULL) {
		grams_init(&r->reduced_held, r->reduced_len);
		grams_add(&r->reduced_held, bytes_of(r->reduced, r->reduced_len));
	}
	grams_init(&r->held, views_size(&r->views));
	for (unsigned i = 0; i < r->views.count; i++)
		grams_add(&r->held, r->views.at[i].text);
}

size_t readings_cost(const struct readings *r)
{
	size_t cost = sizeof(*r) + (r->attempts != NULL ? sizeof(*r->attempts) : 0) + r->reduced_len + reflection_cost(r->reflection) + grams_cost(&r->held) + grams_cost(&r->reduced_held);

	for (unsigned i = 0; i < r->views.count; i++) {
		const struct view *v = &r->views.at[i];

		cost += (v->owned != NULL ? v->text.left : 0) + (v->origin != NULL ? v->text.left * sizeof(*v->origin) : 0);
	}
	return cost;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matching IOCs with the samples of a corpus. */
#include "control/iocgen/apply.h"

#include <errno.h>
#include <stdlib.h>

int apply_iocs(const struct ioc_set *s, const struct corpus *c, const bool *wanted, struct applied *ret)
{
	struct applied a = { .count = s->count };
	struct pool pool = { 0 };
	uint32_t (*ids)[IOC_PATTERNS_MAX] = calloc(s->count + 1, sizeof(*ids));
	int r = ids == NULL ? -ENOMEM : view_init(c, wanted, &a.view);

	for (size_t i = 0; i < s->count && r == 0; i++) {
		for (unsigned k = 0; k < s->iocs[i].patterns_count && r == 0; k++)
			r = pool_add(&pool, &s->iocs[i].patterns[k], &ids[i][k]);
	}
	if (r == 0)
		r = pool_cover(&pool, &a.view, NULL, NULL);
	if (r == 0 && (a.hits = calloc(s->count + 1, sizeof(*a.hits))) == NULL)
		r = -ENOMEM;
	for (size_t i = 0; i < s->count && r == 0; i++) {
		if ((a.hits[i] = roaring_bitmap_copy(pool.cover[ids[i][0]])) == NULL)
			r = -ENOMEM;
		for (unsigned k = 1; k < s->iocs[i].patterns_count && r == 0; k++)
			roaring_bitmap_and_inplace(a.hits[i], pool.cover[ids[i][k]]);
	}
	pool_fini(&pool);
	free(ids);
	if (r < 0)
		applied_fini(&a);
	else
		*ret = a;
	return r;
}

int applied_rates(const struct applied *a, const struct ioc_set *s, const bool *takes, struct applied_rates *ret)
{
	roaring_bitmap_t *any = roaring_bitmap_create(), *right = roaring_bitmap_create();
	const struct names *families = &a->view.corpus->families;
	int r = any == NULL || right == NULL ? -ENOMEM : 0;

	for (size_t i = 0; i < a->count && r == 0; i++) {
		if (takes != NULL && !takes[i])
			continue;
		roaring_bitmap_or_inplace(any, a->hits[i]);
		for (uint32_t f = 0; f < a->view.families_count; f++) {
			const struct view_family *family = &a->view.families[f];
			roaring_bitmap_t *own;

			if (!bytes_equal(names_get(families, family->name), s->iocs[i].family))
				continue;
			if ((own = roaring_bitmap_from_range(family->first, family->first + family->count, 1)) == NULL) {
				r = -ENOMEM;
				break;
			}
			roaring_bitmap_and_inplace(own, a->hits[i]);
			roaring_bitmap_or_inplace(right, own);
			bitmap_free(own);
		}
	}
	if (r == 0) {
		uint64_t hit = a->view.malware == 0 ? 0 : roaring_bitmap_range_cardinality(any, 0, a->view.malware);

		*ret = (struct applied_rates){ .malware = a->view.malware, .malware_hit = hit, .benign = view_benign(&a->view),
			.right_family = roaring_bitmap_get_cardinality(right), .benign_hit = roaring_bitmap_get_cardinality(any) - hit };
	}
	bitmap_free(any);
	bitmap_free(right);
	return r;
}

void applied_fini(struct applied *a)
{
	for (size_t i = 0; i < a->count && a->hits != NULL; i++)
		bitmap_free(a->hits[i]);
	free(a->hits);
	view_fini(&a->view);
}

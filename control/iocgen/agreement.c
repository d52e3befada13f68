/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How well clusters meet families that are known otherwise. */
#include "control/iocgen/cluster.h"

#include <errno.h>
#include <stdlib.h>

struct both {
	uint32_t cluster, family;
};

static int by_cluster(const void *a, const void *b)
{
	const struct both *x = a, *y = b;

	if (x->cluster != y->cluster)
		return x->cluster < y->cluster ? -1 : 1;
	return x->family < y->family ? -1 : x->family > y->family;
}

static int by_family(const void *a, const void *b)
{
	const struct both *x = a, *y = b;

	return x->family < y->family ? -1 : x->family > y->family;
}

static double pairs(uint64_t n)
{
	return (double)n * ((double)n - 1) / 2;
}

/* Pairs within families; the list is in their order afterwards. */
static double pairs_of_families(struct both *list, size_t n, uint64_t *ret_families)
{
	double sum = 0;

	qsort(list, n, sizeof(*list), by_family);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && list[end].family == list[i].family; end++)
			;
		sum += pairs(end - i);
		++*ret_families;
	}
	return sum;
}

static void measure(struct both *list, size_t n, struct agreement *ret)
{
	double both = 0, clusters = 0, families = pairs_of_families(list, n, &ret->families), chance;
	uint64_t pure = 0;

	qsort(list, n, sizeof(*list), by_cluster);
	for (size_t i = 0, end; i < n; i = end) {
		uint64_t most = 0;

		for (end = i; end < n && list[end].cluster == list[i].cluster;) {
			size_t begin = end;

			for (; end < n && list[end].cluster == list[begin].cluster && list[end].family == list[begin].family; end++)
				;
			both += pairs(end - begin);
			most = end - begin > most ? end - begin : most;
		}
		clusters += pairs(end - i);
		ret->clusters += end - i > 1;
		pure += most;
	}
	chance = n < 2 ? 0 : clusters * families / pairs(n);
	/* where all are of one family and one cluster, or all alone, there is nothing that chance could have done otherwise */
	ret->rand = (clusters + families) / 2 - chance > 0 ? (both - chance) / ((clusters + families) / 2 - chance) : 1;
	ret->purity = n == 0 ? 0 : (double)pure / (double)n;
}

int cluster_agreement(const struct corpus *c, const bool *wanted, const uint32_t *clusters, struct agreement *ret)
{
	struct both *list = calloc((size_t)c->samples_count + 1, sizeof(*list));
	struct agreement a = { 0 };

	if (list == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < c->samples_count; i++) {
		if (!wanted[i] || names_get(&c->families, c->samples[i].family).left == 0)
			continue;
		a.without += clusters[i] == CLUSTER_NONE;
		list[a.samples++] = (struct both){ clusters[i] == CLUSTER_NONE ? UINT32_MAX - i : clusters[i], c->samples[i].family };
	}
	measure(list, a.samples, &a);
	free(list);
	*ret = a;
	return 0;
}

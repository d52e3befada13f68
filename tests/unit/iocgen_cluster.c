/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Clusters beside the families that made the samples; the measure beside a count of all pairs. */
#include "control/iocgen/cluster.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed;

static unsigned below(unsigned n)
{
	seed = mix(seed + 1, 99);
	return (unsigned)(seed % n);
}

enum { FAMILIES = 8, SAMPLES = 960, SIGNS = 6 };

static void put_artefact(struct sample_sink *sink, const char *format, unsigned a, unsigned b)
{
	char text[128];
	struct artefact artefact = { .kind = KIND_FILE, .action = ACTION_WRITE };

	snprintf(text, sizeof(text), format, a, b);
	artefact.value = bytes_text(text);
	assert_true(sink->artefact(sink->to, &artefact) >= 0);
}

/*
 * Each family's samples have most of its six signs, which change at half of the time one after the other; one in twelve is alone. All
 * samples write random files, and what harmless ones write too.
 */
static void fill(struct corpus *c)
{
	struct sample_sink sink = corpus_sink(c);

	seed = 4;
	for (unsigned i = 0; i < SAMPLES; i++) {
		char name[32], family[16] = "";
		unsigned f = below(FAMILIES);
		bool bad = i % 4 != 3, alone = bad && below(12) == 0;
		struct sample s = { .day = 19000 + (int32_t)i, .label = bad ? LABEL_MALWARE : LABEL_BENIGN };

		snprintf(name, sizeof(name), "s%u", i);
		if (bad && !alone)
			snprintf(family, sizeof(family), "family%u", f);
		s.name = bytes_text(name);
		s.family = bytes_text(family);
		assert_true(sink.begin(sink.to, &s) >= 0);
		for (unsigned k = 0; k < 5; k++)
			put_artefact(&sink, k < 2 ? "c:\\temp\\%08x%08x.tmp" : "c:\\shared\\common%u.ini", k < 2 ? below(1u << 31) : below(20), below(1u << 31));
		for (unsigned k = 0; bad && !alone && k < SIGNS; k++) {
			if (below(4) > 0)
				put_artefact(&sink, "c:\\programdata\\kit%u\\own.bin", f * 100 + k * 10 + (i > SAMPLES / 4 + k * 80), 0);
		}
		assert_true(sink.end(sink.to) >= 0);
	}
	assert_int_equal(corpus_settle(c), 0);
}

static void families_are_found_again_though_their_signs_change(void **state)
{
	struct corpus c = { 0 };
	bool wanted[SAMPLES];
	uint32_t clusters[SAMPLES], count, put_together = 0;
	struct agreement a;

	fill(&c);
	for (uint32_t i = 0; i < c.samples_count; i++)
		wanted[i] = c.samples[i].label == LABEL_MALWARE;
	assert_int_equal(cluster_samples(&c, wanted, clusters, &count), 0);
	assert_int_equal(cluster_agreement(&c, wanted, clusters, &a), 0);
	print_message("adjusted Rand index %.3f, purity %.3f, %u clusters of %u families\n", a.rand, a.purity, count, FAMILIES);
	assert_int_equal(a.families, FAMILIES);
	assert_true(a.rand > 0.9 && a.purity > 0.95);
	assert_true(count >= FAMILIES && count < 2 * FAMILIES);
	for (uint32_t i = 0; i < c.samples_count; i++) {
		put_together += wanted[i] && names_get(&c.families, c.samples[i].family).left == 0 && clusters[i] != CLUSTER_NONE;
		assert_true(wanted[i] || clusters[i] == CLUSTER_NONE);
	}
	assert_true(put_together < 4); /* of those that are alone */
	corpus_fini(&c);
}

/* Hubert and Arabie's index from all pairs one by one. */
static double rand_by_pairs(const uint32_t *a, const uint32_t *b, uint32_t n)
{
	double both = 0, first = 0, second = 0, all = n * (n - 1) / 2.0, chance;

	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = i + 1; k < n; k++) {
			both += a[i] == a[k] && b[i] == b[k];
			first += a[i] == a[k];
			second += b[i] == b[k];
		}
	}
	chance = first * second / all;
	return (both - chance) / ((first + second) / 2 - chance);
}

static void the_measure_is_that_of_all_pairs(void **state)
{
	struct corpus c = { 0 };

	fill(&c);
	for (unsigned round = 0; round < 20; round++) {
		bool wanted[SAMPLES];
		uint32_t clusters[SAMPLES], mine[SAMPLES], theirs[SAMPLES], n = 0;
		struct agreement a;

		for (uint32_t i = 0; i < c.samples_count; i++) {
			bool known = names_get(&c.families, c.samples[i].family).left > 0;

			wanted[i] = known && below(3) > 0;
			clusters[i] = below(4) > 0 ? c.samples[i].family % (round + 1) : below(9) == 0 ? CLUSTER_NONE : 50 + below(6);
			if (!wanted[i])
				continue;
			mine[n] = clusters[i] == CLUSTER_NONE ? 1000 + i : clusters[i];
			theirs[n++] = c.samples[i].family;
		}
		assert_int_equal(cluster_agreement(&c, wanted, clusters, &a), 0);
		assert_int_equal(a.samples, n);
		assert_true(fabs(a.rand - rand_by_pairs(mine, theirs, n)) < 1e-9);
		assert_true(a.purity > 0 && a.purity <= 1);
	}
	corpus_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_are_found_again_though_their_signs_change),
		cmocka_unit_test(the_measure_is_that_of_all_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

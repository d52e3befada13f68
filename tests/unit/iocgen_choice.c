/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOCs from samples to set: the shared budget beside all ways to share it, templates whose words change, tiny families. */
#include "control/iocgen/apply.h"
#include "control/iocgen/make.h"
#include "control/iocgen/share.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed;

static unsigned below(unsigned n)
{
	seed = mix(seed + 1, 99);
	return (unsigned)(seed % n);
}

enum { FAMILIES = 4, STEPS = 4, HARMLESS = 24 };

static void offers_by_chance(struct offers *o)
{
	double value = 0.3;

	*o = (struct offers){ .count = STEPS, .samples = 50 + below(100) };
	for (unsigned i = 0; i < STEPS; i++) {
		value += i == 0 ? 0 : 0.02 + 0.01 * below(15);
		o->list[i] = (struct offer){ .hits_max = i, .value = value, .benign = roaring_bitmap_create() };
		for (unsigned k = 0; k < i; k++)
			roaring_bitmap_add(o->list[i].benign, below(HARMLESS));
	}
}

static bool fits(const struct offers *o, const uint32_t *taken, uint64_t most, double *ret)
{
	roaring_bitmap_t *all = roaring_bitmap_create();
	bool within;

	*ret = 0;
	for (unsigned f = 0; f < FAMILIES; f++) {
		roaring_bitmap_or_inplace(all, o[f].list[taken[f]].benign);
		*ret += o[f].list[taken[f]].value * o[f].samples;
	}
	within = roaring_bitmap_get_cardinality(all) <= most;
	roaring_bitmap_free(all);
	return within;
}

static void a_shared_budget_is_kept_and_spent_about_as_well_as_can_be(void **state)
{
	double sum = 0, best_sum = 0;

	seed = 3;
	for (int round = 0; round < 60; round++) {
		struct offers o[FAMILIES];
		uint32_t taken[FAMILIES];
		uint64_t most = below(8);
		double value, best = 0;

		for (unsigned f = 0; f < FAMILIES; f++)
			offers_by_chance(&o[f]);
		assert_int_equal(offers_share(o, FAMILIES, most, 1, 1000000, taken), 0);
		assert_true(fits(o, taken, most, &value));
		for (unsigned all = 0; all < 256; all++) { /* every way to share: STEPS to the power of FAMILIES */
			uint32_t way[FAMILIES] = { all % 4, all / 4 % 4, all / 16 % 4, all / 64 };
			double other;

			if (fits(o, way, most, &other) && other > best)
				best = other;
		}
		assert_true(value <= best + 1e-9 && value >= 0.85 * best);
		sum += value;
		best_sum += best;
		for (unsigned f = 0; f < FAMILIES; f++)
			offers_fini(&o[f]);
	}
	assert_true(sum > 0.97 * best_sum);
}

/* A corpus by hand: text(i) writes sample i's one value of its own. */
static void put_sample(struct sample_sink *sink, unsigned i, bool bad, int32_t day, const char *const *values, unsigned count)
{
	char name[32];
	struct sample s = { .family = bytes_text(bad ? "f" : ""), .day = day, .label = bad ? LABEL_MALWARE : LABEL_BENIGN };

	snprintf(name, sizeof(name), "s%u", i);
	s.name = bytes_text(name);
	assert_true(sink->begin(sink->to, &s) >= 0);
	for (unsigned k = 0; k < count; k++) {
		const struct artefact a = { .kind = KIND_FILE, .action = ACTION_WRITE, .value = bytes_text(values[k]) };

		assert_true(sink->artefact(sink->to, &a) >= 0);
	}
	assert_true(sink->end(sink->to) >= 0);
}

static void letters(char *to, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		to[i] = (char)('a' + below(26));
	to[count] = 0;
}

static bool set_matches(const struct ioc_set *set, const char *value)
{
	struct corpus other = { 0 };
	struct sample_sink sink = corpus_sink(&other);
	struct applied_rates rates;
	struct applied applied;

	put_sample(&sink, 0, true, DAY_NONE, &value, 1);
	assert_int_equal(corpus_settle(&other), 0);
	assert_int_equal(apply_iocs(set, &other, NULL, &applied), 0);
	assert_int_equal(applied_rates(&applied, set, NULL, &rates), 0);
	applied_fini(&applied);
	corpus_fini(&other);
	return rates.malware_hit == 1;
}

/* What is chosen of all that was put; to be freed. */
static struct ioc_set *choose_ours(struct corpus *c, struct make_notes *notes)
{
	const struct make_options options = { .max_fpr = 0.0097, .max_items = 12 };
	struct making *m;
	struct ioc_set *set;

	assert_int_equal(corpus_settle(c), 0);
	assert_int_equal(making_new(c, NULL, &options, &m), 0);
	assert_int_equal(making_choose(m, METHOD_OURS, &set, notes), 0);
	making_free(m);
	return set;
}

static void a_name_that_changes_leaves_the_template_as_a_sign(void **state)
{
	static const char *const waves[] = { "orlan", "bastik" };
	struct corpus c = { 0 };
	struct sample_sink sink = corpus_sink(&c);
	struct ioc_set *set;
	struct make_notes notes;

	seed = 8;
	/* two of five of the family: pictures\RANDOM.jpg.WAVE; harmless: the same place, other endings, and the ending elsewhere */
	for (unsigned i = 0; i < 600; i++) {
		char a[128], b[128], word[16];
		const char *values[] = { a, b };

		letters(word, 6);
		snprintf(b, sizeof(b), "c:\\windows\\temp\\%s.tmp", word);
		letters(word, 7);
		if (i % 2 == 0 && i / 2 % 5 < 2)
			snprintf(a, sizeof(a), "c:\\holiday\\pictures\\%s.jpg.%s", word, waves[i / 300]);
		else if (i % 2 == 0)
			snprintf(a, sizeof(a), "c:\\%s.dat", i / 2 % 5 == 2 ? "vilmorin" : "sandoval");
		else
			snprintf(a, sizeof(a), "c:\\holiday\\%s\\%s.%s", i % 4 == 1 ? "pictures" : "sounds", word, i % 4 == 1 ? "jpg" : "jpg.bak");
		put_sample(&sink, i, i % 2 == 0, 19000 + (int32_t)i / 10, values, 2);
	}
	set = choose_ours(&c, &notes);
	assert_true(set->malware_covered == set->malware_samples && set->benign_hits == 0);
	assert_true(set_matches(set, "c:\\holiday\\pictures\\zzzzzzz.jpg.karvon")); /* the next wave */
	assert_false(set_matches(set, "c:\\holiday\\pictures\\zzzzzzz.jpg"));
	ioc_set_free(set);
	corpus_fini(&c);
}

static void one_sample_leaves_several_signs(void **state)
{
	static const char *const values[] = { "c:\\users\\a\\appdata\\roaming\\zyxian\\core.exe", "c:\\programdata\\quoril\\state.bin", "c:\\mirvad.dat" };
	static const char *const ordinary[] = { "c:\\users\\a\\appdata\\roaming\\office\\core.exe", "c:\\programdata\\office\\state.bin" };
	struct corpus c = { 0 };
	struct sample_sink sink = corpus_sink(&c);
	struct ioc_set *set;
	struct make_notes notes;

	put_sample(&sink, 0, true, DAY_NONE, values, COUNT_OF(values));
	for (unsigned i = 1; i < 30; i++)
		put_sample(&sink, i, false, DAY_NONE, ordinary, COUNT_OF(ordinary));
	set = choose_ours(&c, &notes);
	for (size_t i = 0; i < COUNT_OF(values); i++) /* whichever of them the next sample shares */
		assert_true(set_matches(set, values[i]));
	for (size_t i = 0; i < COUNT_OF(ordinary); i++)
		assert_false(set_matches(set, ordinary[i]));
	ioc_set_free(set);
	corpus_fini(&c);
}

/* Two signs, both in every sample of the family; of the newest harmless samples 1 in 10 has one of them too. */
static double held_out_share(const char *harmless_too)
{
	struct corpus c = { 0 };
	struct sample_sink sink = corpus_sink(&c);
	struct ioc_set *set;
	struct make_notes notes;

	for (unsigned i = 0; i < 800; i++) {
		const char *const signs[] = { "c:\\holiday\\vilmorin.dat", "c:\\holiday\\sandoval.dat" };
		const char *const harmless[] = { i >= 600 && i / 2 % 10 == 0 ? harmless_too : "c:\\holiday\\pictures.dat" };

		put_sample(&sink, i, i % 2 == 0, 19000 + (int32_t)i, i % 2 == 0 ? signs : harmless, i % 2 == 0 ? 2 : 1);
	}
	set = choose_ours(&c, &notes);
	ioc_set_free(set);
	corpus_fini(&c);
	return notes.held_out;
}

/* Who chooses between equals without looking is wrong one time of two; a choice that is never wrong had looked. */
static void what_is_held_out_is_not_known_to_the_choice(void **state)
{
	double a = held_out_share("c:\\holiday\\vilmorin.dat"), b = held_out_share("c:\\holiday\\sandoval.dat");

	assert_true(a > 0.05 || b > 0.05);
}

/* Files whose whole name is ten hex digits; harmless ones are of twelve letters, if there are any. */
static bool hex_is_a_sign(bool harmless_have_files)
{
	struct corpus c = { 0 };
	struct sample_sink sink = corpus_sink(&c);
	struct ioc_set *set;
	struct make_notes notes;
	bool is;

	seed = 11;
	for (unsigned i = 0; i < 1600; i++) {
		char word[16];
		const char *values[] = { word };

		if (i % 2 == 0)
			snprintf(word, sizeof(word), "%010" PRIx64, mix(i, 5) & UINT64_C(0xffffffffff));
		else
			letters(word, 12);
		put_sample(&sink, i, i % 2 == 0, 19000 + (int32_t)i / 10, values, i % 2 == 0 || harmless_have_files);
	}
	set = choose_ours(&c, &notes);
	is = set_matches(set, "c0ffee1234");
	assert_false(set_matches(set, "coffeeparlor"));
	ioc_set_free(set);
	corpus_fini(&c);
	return is;
}

/* Without harmless ones of that kind nobody knows whether theirs look the same. */
static void a_value_all_of_holes_is_a_sign_only_beside_harmless_ones_that_look_otherwise(void **state)
{
	assert_true(hex_is_a_sign(true));
	assert_false(hex_is_a_sign(false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shared_budget_is_kept_and_spent_about_as_well_as_can_be),
		cmocka_unit_test(a_name_that_changes_leaves_the_template_as_a_sign),
		cmocka_unit_test(one_sample_leaves_several_signs),
		cmocka_unit_test(what_is_held_out_is_not_known_to_the_choice),
		cmocka_unit_test(a_value_all_of_holes_is_a_sign_only_beside_harmless_ones_that_look_otherwise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki ioc score: IOCs made from some samples, judged by others, beside other ways to make them. */
#include "control/iocgen/apply.h"
#include "control/iocgen/interval.h"
#include "control/iocgen/lasting.h"
#include "control/iocgen/logs.h"
#include "control/iocgen/make.h"
#include "control/iocgen/verb.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum split { SPLIT_RANDOM, SPLIT_TIME, SPLIT_ENVIRONMENT, SPLIT_SOURCE, SPLIT_COUNT };

static const char *const split_names[SPLIT_COUNT] = { "random", "time", "environment", "source" };
static const unsigned train_percent = 70;
static const double trust_most = 0.9; /* that an IOC goes on, whatever it showed: another one of the same samples is worth reading too */
enum { FOLDS_MAX = 64 };

struct scoring {
	struct logs logs;
	struct make_options make;
	bool splits[SPLIT_COUNT], baselines, json;
	struct corpus corpus;
};

/* What one method showed over all folds of a split. */
struct result {
	struct applied_rates rates;
	uint64_t items, *reached; /* IOCs; reached[i]: malware matched by the first i + 1 of all folds together */
	size_t reached_count;
};

/* "archive/environment": either part; a source without "/" is both. */
static struct bytes part_of(struct bytes source, enum split split)
{
	for (size_t i = source.left; i > 0; i--) {
		if (source.at[i - 1] == '/')
			return split == SPLIT_ENVIRONMENT ? bytes_of(source.at + i, source.left - i) : bytes_of(source.at, i - 1);
	}
	return source;
}

/* The first day of the test; DAY_NONE: there are no days. */
static int32_t cut_day(const struct corpus *c)
{
	int32_t *days = malloc(((size_t)c->samples_count + 1) * sizeof(*days)), cut = DAY_NONE;
	size_t n = 0;

	for (uint32_t i = 0; days != NULL && i < c->samples_count; i++) {
		if (c->samples[i].day != DAY_NONE && c->samples[i].label != LABEL_UNKNOWN)
			days[n++] = c->samples[i].day;
	}
	if (n > 0) {
		days_sort(days, n);
		cut = days[n * train_percent / 100];
	}
	free(days);
	return cut;
}

/* The distinct archives or environments; their number. */
static unsigned parts_of(const struct corpus *c, enum split split, struct bytes parts[FOLDS_MAX])
{
	unsigned n = 0;

	for (uint32_t i = 0; i < c->sources.count; i++) {
		struct bytes p = part_of(names_get(&c->sources, i), split);
		unsigned k = 0;

		while (k < n && !bytes_equal(parts[k], p))
			k++;
		if (k == n && n < FOLDS_MAX)
			parts[n++] = p;
	}
	return n;
}

/* Who is in the training of this fold, and who in its test; false: there is no such fold. */
static bool fold_make(const struct corpus *c, enum split split, unsigned fold, bool *train, bool *test)
{
	struct bytes parts[FOLDS_MAX];
	unsigned count = split == SPLIT_ENVIRONMENT || split == SPLIT_SOURCE ? parts_of(c, split, parts) : 1;
	int32_t cut = split == SPLIT_TIME ? cut_day(c) : 0;

	if (fold >= count || (count == 1 && (split == SPLIT_ENVIRONMENT || split == SPLIT_SOURCE)) || (split == SPLIT_TIME && cut == DAY_NONE))
		return false;
	for (uint32_t i = 0; i < c->samples_count; i++) {
		const struct corpus_sample *s = &c->samples[i];
		bool later;

		if (split == SPLIT_RANDOM)
			later = mix(s->digest, 5) % 100 >= train_percent;
		else if (split == SPLIT_TIME)
			later = s->day >= cut;
		else
			later = bytes_equal(part_of(names_get(&c->sources, s->source), split), parts[fold]);
		train[i] = !later && !(split == SPLIT_TIME && s->day == DAY_NONE);
		test[i] = later;
	}
	return true;
}

/* What each sample weighs, and how far each IOC is trusted to go on, by the training's days; all 1 where that is not asked. */
static int expect(const struct applied *a, const struct ioc_set *set, bool lasting, double *weights, double *trust)
{
	const struct view *v = &a->view;
	int r = 0;

	for (uint32_t i = 0; i < v->count; i++)
		weights[i] = 1;
	for (size_t i = 0; i < a->count; i++)
		trust[i] = 1;
	for (uint32_t f = 0; f < v->families_count && lasting && r == 0; f++) {
		const struct view_family *family = &v->families[f];
		struct windows w;
		roaring_bitmap_t *own = roaring_bitmap_from_range(family->first, family->first + family->count, 1), *hits;

		if ((r = windows_init(&w, v, family)) == 0)
			windows_weigh(&w, v, family, weights + family->first);
		for (uint32_t i = 0; i < family->count; i++)
			weights[family->first + i] *= family->count;
		for (size_t i = 0; i < a->count && r == 0 && own != NULL; i++) {
			if (!bytes_equal(names_get(&v->corpus->families, family->name), set->iocs[i].family))
				continue;
			if ((hits = roaring_bitmap_and(a->hits[i], own)) == NULL)
				r = -ENOMEM;
			else
				trust[i] = trust_most * windows_strength(&w, v, hits, true);
			bitmap_free(hits);
		}
		bitmap_free(own);
		windows_fini(&w);
	}
	return r;
}

/* Malware that an IOC is expected to match beside those that were read before: left[i] of sample i. */
static double gain_of(const struct applied *a, size_t i, const double *left, double trust)
{
	roaring_uint32_iterator_t it;
	double sum = 0;

	for (roaring_init_iterator(a->hits[i], &it); it.has_value && it.current_value < a->view.malware; roaring_advance_uint32_iterator(&it))
		sum += left[it.current_value];
	return sum * trust;
}

/*
 * The order in which an analyst would read them, on the training's samples: what covers most that is new, first; ours by what is
 * expected to go on (lasting). What an IOC gains only falls, so that it is looked at again only when its old gain leads.
 */
static int reading_order(const struct applied *a, const struct ioc_set *set, bool lasting, size_t **ret)
{
	size_t *order = calloc(a->count + 1, sizeof(*order));
	double *left = calloc((size_t)a->view.count + 1, sizeof(*left)), *trust = calloc(a->count + 1, sizeof(*trust));
	double *gain = calloc(a->count + 1, sizeof(*gain));
	int r = order == NULL || left == NULL || trust == NULL || gain == NULL ? -ENOMEM : expect(a, set, lasting, left, trust);

	for (size_t i = 0; i < a->count && r == 0; i++)
		gain[i] = gain_of(a, i, left, trust[i]);
	for (size_t n = 0; n < a->count && r == 0;) {
		roaring_uint32_iterator_t it;
		size_t best = 0;
		double now;

		for (size_t i = 1; i < a->count; i++)
			best = gain[i] > gain[best] ? i : best;
		now = gain_of(a, best, left, trust[best]);
		if (now < gain[best]) {
			gain[best] = now;
			continue;
		}
		for (roaring_init_iterator(a->hits[best], &it); it.has_value; roaring_advance_uint32_iterator(&it))
			left[it.current_value] *= 1 - trust[best];
		gain[best] = -1; /* read */
		order[n++] = best;
	}
	free(left);
	free(trust);
	free(gain);
	if (r < 0)
		free(order);
	else
		*ret = order;
	return r;
}

/* Malware of the test that the first 1, 2, … IOCs match, added to what other folds showed. */
static int add_reached(struct result *to, const struct applied *test, const size_t *order)
{
	roaring_bitmap_t *any = roaring_bitmap_create();
	size_t count = test->count > to->reached_count ? test->count : to->reached_count;
	uint64_t *reached = realloc(to->reached, (count + 1) * sizeof(*reached)), now = 0;

	if (any == NULL || reached == NULL) {
		bitmap_free(any);
		return -ENOMEM;
	}
	for (size_t i = to->reached_count; i < count; i++)
		reached[i] = to->reached_count == 0 ? 0 : reached[to->reached_count - 1];
	for (size_t i = 0; i < count; i++) {
		if (i < test->count) {
			roaring_bitmap_or_inplace(any, test->hits[order[i]]);
			now = test->view.malware == 0 ? 0 : roaring_bitmap_range_cardinality(any, 0, test->view.malware);
		}
		reached[i] += now;
	}
	to->reached = reached;
	to->reached_count = count;
	bitmap_free(any);
	return 0;
}

static int judge(const struct corpus *c, const struct ioc_set *set, const bool *train, const bool *test, bool lasting, struct result *to)
{
	struct applied on_train = { 0 }, on_test = { 0 };
	struct applied_rates rates;
	size_t *order = NULL;
	int r = apply_iocs(set, c, train, &on_train);

	if (r == 0)
		r = apply_iocs(set, c, test, &on_test);
	if (r == 0)
		r = applied_rates(&on_test, set, NULL, &rates);
	if (r == 0)
		r = reading_order(&on_train, set, lasting, &order);
	if (r == 0)
		r = add_reached(to, &on_test, order);
	if (r == 0) {
		to->rates.malware += rates.malware;
		to->rates.malware_hit += rates.malware_hit;
		to->rates.right_family += rates.right_family;
		to->rates.benign += rates.benign;
		to->rates.benign_hit += rates.benign_hit;
		to->items += set->count;
	}
	free(order);
	applied_fini(&on_train);
	applied_fini(&on_test);
	return r;
}

static int score_fold(const struct scoring *s, const bool *train, const bool *test, struct result results[METHOD_COUNT])
{
	struct making *m = NULL;
	int r = making_new(&s->corpus, train, &s->make, &m);

	for (int method = 0; method < METHOD_COUNT && r == 0; method++) {
		struct ioc_set *set = NULL;
		struct make_notes notes;

		if (method != METHOD_OURS && !s->baselines)
			continue;
		progress_tell(NULL, method_name((enum make_method)method), 0, 0);
		r = making_choose(m, (enum make_method)method, &set, &notes);
		if (r == 0)
			r = judge(&s->corpus, set, train, test, method == METHOD_OURS, &results[method]);
		ioc_set_free(set);
	}
	making_free(m);
	return r;
}

/* How many IOCs, in reading order, reach that much malware; 0: they never do. */
static size_t items_for(const struct result *r, uint64_t malware)
{
	for (size_t i = 0; i < r->reached_count; i++) {
		if (r->reached[i] >= malware)
			return i + 1;
	}
	return 0;
}

static void print_result(const struct scoring *s, const char *split, const char *method, const struct result *r, size_t ours, size_t theirs)
{
	struct interval tpr = interval_of(r->rates.malware_hit, r->rates.malware), fpr = interval_of(r->rates.benign_hit, r->rates.benign);
	double t = r->rates.malware == 0 ? 0 : (double)r->rates.malware_hit / (double)r->rates.malware;
	double f = r->rates.benign == 0 ? 0 : (double)r->rates.benign_hit / (double)r->rates.benign;
	double right = r->rates.malware == 0 ? 0 : (double)r->rates.right_family / (double)r->rates.malware;

	if (s->json) {
		json_t *o = json_pack("{s:s, s:s, s:I, s:f, s:{s:f, s:f}, s:I, s:f, s:{s:f, s:f}, s:f, s:I, s:I, s:I}", "split", split, "method",
		                      method, "malware", (json_int_t)r->rates.malware, "tpr", t, "tpr_interval", "low", tpr.low, "high", tpr.high,
		                      "benign", (json_int_t)r->rates.benign, "fpr", f, "fpr_interval", "low", fpr.low, "high", fpr.high,
		                      "right_family", right, "items", (json_int_t)r->items, "items_equal", (json_int_t)theirs,
		                      "items_equal_ours", (json_int_t)ours);

		json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
		putchar('\n');
		json_decref(o);
		return;
	}
	printf("%-11s %-20s TPR %6.2f %% (%5.2f to %5.2f; right family %5.2f) of %" PRIu64 ", FPR %6.3f %% (%5.3f to %5.3f) of %" PRIu64
	       ", %" PRIu64 " IOCs", split, method, 100 * t, 100 * tpr.low, 100 * tpr.high, 100 * right, r->rates.malware, 100 * f,
	       100 * fpr.low, 100 * fpr.high, r->rates.benign, r->items);
	if (theirs > 0 && ours > 0)
		printf("; at equal TPR %zu, ours %zu", theirs, ours);
	putchar('\n');
}

static int score_split(const struct scoring *s, enum split split, bool *train, bool *test)
{
	struct result results[METHOD_COUNT] = { 0 };
	unsigned folds = 0;
	int r = 0;

	while (r == 0 && fold_make(&s->corpus, split, folds, train, test)) {
		r = score_fold(s, train, test, results);
		folds++;
	}
	progress_tell(NULL, NULL, 0, 0);
	if (r == 0 && folds == 0)
		fprintf(stderr, "konseki ioc score: no %s split: the samples have %s\n", split_names[split],
		        split == SPLIT_TIME ? "no dates" : "all the same source");
	for (int m = 0; m < METHOD_COUNT && r == 0 && folds > 0; m++) {
		uint64_t equal = results[m].rates.malware_hit < results[0].rates.malware_hit ? results[m].rates.malware_hit :
		                                                                                results[0].rates.malware_hit;

		if (m == METHOD_OURS || s->baselines)
			print_result(s, split_names[split], method_name((enum make_method)m), &results[m], items_for(&results[0], equal),
			             items_for(&results[m], equal));
	}
	for (int m = 0; m < METHOD_COUNT; m++)
		free(results[m].reached);
	return r;
}

static int options_read(int argc, char **argv, struct scoring *s)
{
	static const struct option longs[] = {
		{ "labels", required_argument, NULL, 'l' }, { "split", required_argument, NULL, 's' }, { "benign", required_argument, NULL, 'g' },
		{ "max-fpr", required_argument, NULL, 'f' }, { "max-items", required_argument, NULL, 'i' }, { "baselines", no_argument, NULL, 'b' },
		{ "json", no_argument, NULL, 'j' }, { NULL, 0, NULL, 0 },
	};
	bool any = false;
	char *end;
	int option;

	while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
		bool known = false;

		if (option == 'l') {
			s->logs.labels = optarg;
		} else if (option == 'b') {
			s->baselines = true;
		} else if (option == 'j') {
			s->json = true;
		} else if (option == 'g') {
			if (!logs_add_benign(&s->logs, optarg))
				return ioc_usage("score", "--benign at most 256 times; a folder counts once");
		} else if (option == 's') {
			for (int i = 0; i < SPLIT_COUNT; i++) {
				if (strcmp(optarg, split_names[i]) == 0)
					s->splits[i] = known = any = true;
			}
			if (!known)
				return ioc_usage("score", "--split is random, time, environment or source, not %s", optarg);
		} else if (option == 'f') {
			s->make.max_fpr = strtod(optarg, &end);
			if (end == optarg || *end != 0 || !(s->make.max_fpr >= 0 && s->make.max_fpr <= 1))
				return ioc_usage("score", "--max-fpr takes a share from 0 to 1, not %s", optarg);
		} else if (option == 'i') {
			s->make.max_items = (unsigned)strtoul(optarg, &end, 10);
			if (end == optarg || *end != 0 || s->make.max_items < 1 || s->make.max_items > 1000)
				return ioc_usage("score", "--max-items takes a number from 1 to 1000, not %s", optarg);
		} else {
			return ioc_bad_option("score", option, argv);
		}
	}
	if (!any)
		s->splits[SPLIT_TIME] = true;
	s->logs.paths = argv + optind;
	s->logs.count = argc - optind;
	return optind == argc ? ioc_usage("score", "no log is named") : EXIT_DONE;
}

int ioc_score(int argc, char **argv)
{
	struct scoring s = { .logs = { .verb = "score" }, .make = { .max_fpr = 0.0097, .max_items = 12, .progress = progress_tell } };
	struct labels *labels = NULL;
	bool *train = NULL, *test = NULL;
	int code = options_read(argc, argv, &s), r = 0;

	if (code != EXIT_DONE)
		return code;
	code = logs_read(&s.logs, &s.corpus, &labels);
	if (code == EXIT_CANNOT)
		goto out;
	logs_tell(&s.logs, &s.corpus.tally);
	train = calloc((size_t)s.corpus.samples_count + 1, sizeof(*train));
	test = calloc((size_t)s.corpus.samples_count + 1, sizeof(*test));
	if (train == NULL || test == NULL)
		r = -ENOMEM;
	for (int i = 0; i < SPLIT_COUNT && r == 0; i++) {
		if (s.splits[i])
			r = score_split(&s, (enum split)i, train, test);
	}
	if (r < 0)
		code = ioc_cannot("score", "%s", strerror(-r));
out:
	free(train);
	free(test);
	corpus_fini(&s.corpus);
	labels_free(labels);
	return code;
}

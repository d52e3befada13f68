/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IOCs: normal forms, patterns beside PCRE2, the choice beside all sets, intervals beside published values, labels. */
#include "control/iocgen/choose.h"
#include "control/iocgen/interval.h"
#include "control/iocgen/ioc.h"
#include "control/iocgen/labels.h"
#include "control/iocgen/matcher.h"
#include "control/iocgen/names.h"
#include "control/iocgen/normal.h"
#include "control/iocgen/read/read.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static uint64_t seed;

static unsigned below(unsigned n)
{
	seed = mix(seed + 1, 99);
	return (unsigned)(seed % n);
}

static const char *normal(enum artefact_kind k, const char *value)
{
	static char text[ARTEFACT_VALUE_MAX + 1];
	struct sink s = sink_over(text, ARTEFACT_VALUE_MAX);

	if (artefact_normalise(k, bytes_text(value), &s) < 0)
		return "";
	text[s.used] = 0;
	return text;
}

static void what_differs_by_user_and_system_has_one_form(void **state)
{
	static const struct { enum artefact_kind kind; const char *from, *to; } rows[] = {
		{ KIND_FILE, "C:\\Users\\Bob Miller\\AppData\\Roaming\\Ab\\x.EXE", "%appdata%\\ab\\x.exe" },
		{ KIND_FILE, "\\??\\C:\\Documents and Settings\\bob\\Local Settings\\Temp\\q.tmp", "%temp%\\q.tmp" },
		{ KIND_FILE, "\\Device\\HarddiskVolume2\\Windows\\SysWOW64\\a.dll", "%systemroot%\\system32\\a.dll" },
		{ KIND_FILE, "c:/programdata/a/b.txt", "%programdata%\\a\\b.txt" },
		{ KIND_FILE, "%WINDIR%\\Temp\\a", "%systemroot%\\temp\\a" },
		{ KIND_FILE, "/home/eve/.config/x", "~/.config/x" },
		{ KIND_FILE, "/homework/eve", "/homework/eve" },
		{ KIND_FILE, "C:\\WindowsOld\\a", "c:\\windowsold\\a" },
		{ KIND_FILE, "C:\\Program Files (x86)\\V\\v.exe", "%programfiles%\\v\\v.exe" },
		{ KIND_REGISTRY, "HKEY_USERS\\S-1-5-21-1-2-3-1001\\Software\\Q\\", "hkcu\\software\\q" },
		{ KIND_REGISTRY, "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\x", "hklm\\system\\currentcontrolset\\services\\x" },
		{ KIND_REGISTRY, "HKLM\\Software\\WOW6432Node\\Q", "hklm\\software\\q" },
		{ KIND_MUTEX, "\\Sessions\\1\\BaseNamedObjects\\Global\\M", "global\\m" },
		{ KIND_MUTEX, "Local\\M", "m" },
		{ KIND_PIPE, "\\\\.\\pipe\\evil", "evil" },
		{ KIND_PIPE, "\\Device\\NamedPipe\\evil", "evil" },
		{ KIND_COMMAND, "cmd  /c \"C:\\Users\\x\\AppData\\Local\\Temp\\a.exe\" ", "cmd /c \"%temp%\\a.exe\"" },
		{ KIND_URL, "HTTP://Host.Example:80/A", "http://host.example/a" },
		{ KIND_DNS, "Host.Example.", "host.example" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_string_equal(normal(rows[i].kind, rows[i].from), rows[i].to);
		assert_string_equal(normal(rows[i].kind, rows[i].to), rows[i].to); /* what is normal stays so */
	}
}

static const char *const texts[] = { "ab", "\\", "/x.", "q-", "7", "%temp%", ".exe", "(a)", "z[", "é" };

static void pattern_by_chance(struct pattern *p, struct piece *pieces)
{
	*p = (struct pattern){ .kind = below(2) == 0 ? KIND_FILE : KIND_DNS, .open_front = below(3) == 0, .open_back = below(3) == 0,
		.count = 1 + below(5), .pieces = pieces };
	for (unsigned i = 0; i < p->count; i++) {
		pieces[i] = (struct piece){ .is_hole = below(2) == 0, .hole = (enum hole)below(HOLE_COUNT), .min = below(3) };
		pieces[i].max = pieces[i].min + 1 + below(6);
		pieces[i].text = bytes_text(texts[below(COUNT_OF(texts))]);
	}
}

static size_t value_by_chance(const struct pattern *p, uint8_t *to)
{
	static const char characters[] = "ab7f-.\\/ z";
	size_t n = 0;

	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		if (!piece->is_hole || below(8) == 0) {
			memcpy(to + n, piece->text.at, piece->text.left);
			n += piece->text.left;
		}
		for (unsigned k = below(piece->max + 2); piece->is_hole && k > 0; k--)
			to[n++] = (uint8_t)characters[below(below(2) == 0 ? 4 : sizeof(characters) - 1)];
	}
	return n;
}

static int note(void *to, uint32_t pattern)
{
	((bool *)to)[pattern] = true;
	return 0;
}

static void the_matcher_and_pcre2_agree(void **state)
{
	enum { PATTERNS = 60, VALUES = 2000 };
	struct pattern patterns[PATTERNS];
	static struct piece pieces[PATTERNS][8];
	pcre2_code *codes[PATTERNS];
	pcre2_match_data *data = pcre2_match_data_create(8, NULL);
	struct matcher *m;
	uint32_t which;
	unsigned agreed = 0;

	seed = 4;
	for (int i = 0; i < PATTERNS; i++) {
		char text[4096];
		struct sink s = sink_over(text, sizeof(text));
		size_t offset;
		int error;

		pattern_by_chance(&patterns[i], pieces[i]);
		assert_int_equal(pattern_regex(&patterns[i], &s), 0);
		codes[i] = pcre2_compile((PCRE2_SPTR)text, s.used, PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY, &error, &offset, NULL);
		assert_non_null(codes[i]);
	}
	assert_int_equal(matcher_new(patterns, PATTERNS, &m, &which), 0);
	for (int v = 0; v < VALUES; v++) {
		uint8_t value[512];
		unsigned of = below(PATTERNS);
		size_t len = value_by_chance(&patterns[of], value);
		bool hits[PATTERNS] = { false };

		assert_int_equal(matcher_scan(m, patterns[of].kind, CLASS_ANY, bytes_of(value, len), note, hits), 0);
		for (int i = 0; i < PATTERNS; i++) {
			bool expected = patterns[i].kind == patterns[of].kind && pcre2_match(codes[i], value, len, 0, 0, data, NULL) > 0;

			/* of whole literals that are the same, one is told */
			if (!(patterns[i].count == 1 && !patterns[i].pieces[0].is_hole))
				assert_int_equal(hits[i], expected);
			agreed += expected;
		}
	}
	assert_true(agreed > VALUES / 2);
	for (int i = 0; i < PATTERNS; i++)
		pcre2_code_free(codes[i]);
	pcre2_match_data_free(data);
	matcher_free(m);
}

enum { CANDIDATES = 10, CLASSES = 14, BENIGN = 6 };

struct instance {
	struct choice p;
	double weight[CLASSES], strength[CANDIDATES], cost[CANDIDATES];
	uint32_t members[CANDIDATES][CLASSES], hits[CANDIDATES][BENIGN], *member_lists[CANDIDATES], *hit_lists[CANDIDATES];
	uint32_t members_count[CANDIDATES], hits_count[CANDIDATES];
};

static void instance_by_chance(struct instance *t)
{
	*t = (struct instance){ .p = { .classes = CLASSES, .candidates = CANDIDATES, .benign = BENIGN, .weight = t->weight,
		.strength = t->strength, .cost = t->cost, .members = t->member_lists, .members_count = t->members_count,
		.hits = t->hit_lists, .hits_count = t->hits_count, .again = 0.1 * below(6), .price = 0.01 * below(8),
		.cost_max = 1 + below(5), .hits_max = below(BENIGN) } };
	for (int c = 0; c < CLASSES; c++)
		t->weight[c] = (1 + below(20)) / 200.0;
	for (int j = 0; j < CANDIDATES; j++) {
		t->strength[j] = below(3) == 0 ? 0.5 : 1;
		t->cost[j] = 0.8 + 0.1 * below(12);
		t->member_lists[j] = t->members[j];
		t->hit_lists[j] = t->hits[j];
		for (uint32_t c = 0; c < CLASSES; c++) {
			if (below(3) == 0)
				t->members[j][t->members_count[j]++] = c;
		}
		for (uint32_t b = 0; b < BENIGN; b++) {
			if (below(4) == 0)
				t->hits[j][t->hits_count[j]++] = b;
		}
	}
}

/* Said again here, from the definition: every set, its worth and its limits. */
static double best_of_all(const struct instance *t)
{
	double best = 0;

	for (unsigned set = 0; set < 1u << CANDIDATES; set++) {
		double level[CLASSES] = { 0 }, cost = 0, worth = 0;
		unsigned hit = 0;

		for (int j = 0; j < CANDIDATES; j++) {
			if ((set >> j & 1) == 0)
				continue;
			cost += t->cost[j];
			for (uint32_t i = 0; i < t->members_count[j]; i++)
				level[t->members[j][i]] += t->strength[j];
			for (uint32_t i = 0; i < t->hits_count[j]; i++)
				hit |= 1u << t->hits[j][i];
		}
		if (cost > t->p.cost_max + 1e-9 || (unsigned)__builtin_popcount(hit) > t->p.hits_max)
			continue;
		for (int c = 0; c < CLASSES; c++)
			worth += t->weight[c] * (fmin(level[c], 1) + t->p.again * fmin(fmax(level[c] - 1, 0), 1));
		worth -= t->p.price * cost;
		best = worth > best ? worth : best;
	}
	return best;
}

static void the_choice_is_the_best_of_all_sets_or_says_how_far_it_may_be(void **state)
{
	unsigned exact = 0;

	seed = 11;
	for (int i = 0; i < 150; i++) {
		static struct instance t;
		struct chosen c;
		bool within;
		double best;

		instance_by_chance(&t);
		best = best_of_all(&t);
		assert_int_equal(choose(&t.p, &c), 0);
		assert_true(c.value <= best + 1e-6 && c.bound >= best - 1e-6);
		assert_int_equal(choose_bound(&t.p, &c), 0);
		assert_true(c.value <= best + 1e-6 && c.bound >= best - 1e-6);
		assert_true(fabs(choice_value(&t.p, c.takes, &within) - c.value) < 1e-6);
		assert_true(within);
		assert_true(c.value >= 0.9 * best);
		if (c.exact)
			assert_true(fabs(c.value - best) < 1e-5);
		exact += c.exact;
		chosen_fini(&c);
	}
	assert_true(exact >= 140);
}

static void intervals_are_those_of_the_tables(void **state)
{
	/* Clopper-Pearson, 95 %: none of 100 is at most 1 - 0.025^(1/100); 10 of 20 is 0.27196 to 0.72804 (published tables) */
	struct interval none = interval_of(0, 100), half = interval_of(10, 20), all = interval_of(100, 100);

	assert_true(none.low == 0 && fabs(none.high - (1 - pow(0.025, 0.01))) < 1e-9);
	assert_true(all.high == 1 && fabs(all.low - pow(0.025, 0.01)) < 1e-9);
	assert_true(fabs(half.low - 0.27196) < 1e-5 && fabs(half.high - 0.72804) < 1e-5);
	assert_true(fabs(interval_upper(0, 100, 0.6) - (1 - pow(0.4, 0.01))) < 1e-9 && interval_upper(3, 3, 0.6) == 1);
	assert_true(fabs(interval_upper(10, 20, 0.975) - 0.72804) < 1e-5); /* one end of 95 % */
	assert_int_equal(interval_most(0.0097, 100), -1);
	assert_true(interval_of((uint64_t)interval_most(0.0097, 50000), 50000).high <= 0.0097);
	assert_true(interval_of((uint64_t)interval_most(0.0097, 50000) + 1, 50000).high > 0.0097);
}

static void days_come_back(void **state)
{
	char text[16];
	int32_t day;

	assert_int_equal(day_parse(bytes_text("1970-01-01"), &day), 0);
	assert_int_equal(day, 0);
	assert_int_equal(day_parse(bytes_text("2024-02-29T10:00"), &day), 0);
	assert_int_equal(day, 19782); /* date -d 2024-02-29 +%s divided by 86400 */
	assert_string_equal(day_format(day, text), "2024-02-29");
	assert_true(day_parse(bytes_text("2023-02-29"), &day) < 0);
	assert_true(day_parse(bytes_text("2023-2-9"), &day) < 0);
	assert_string_equal(day_format(DAY_NONE, text), "");
}

static unsigned bad_count;

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	bad_count++;
}

static void a_table_says_more_than_the_log(void **state)
{
	char text[] = "\xef\xbb\xbfsha256,Family,label,date,other\naa,\"x, \"\"y\"\"\",malware,2024-01-02,1\nbb,,benign,,\ncc,z,odd,,\n\"dd,z\n";
	FILE *f = fmemopen(text, strlen(text), "r");
	struct sample s = { .name = bytes_text("logs/aa.json.gz"), .day = DAY_NONE };
	struct labels *l;

	bad_count = 0;
	assert_int_equal(labels_read(f, "t.csv", bad, NULL, &l), 0);
	fclose(f);
	assert_int_equal(bad_count, 2);
	assert_true(labels_apply(l, &s));
	assert_true(bytes_equal(s.family, bytes_text("x, \"y\"")) && s.label == LABEL_MALWARE && s.day == 19724);
	s = (struct sample){ .name = bytes_text("ee"), .day = DAY_NONE };
	assert_false(labels_apply(l, &s));
	labels_free(l);
}

static unsigned samples, artefacts;

static int count_sample(void *to, const struct sample *s)
{
	samples++;
	return 0;
}

static int count_artefact(void *to, const struct artefact *a)
{
	artefacts++;
	return 0;
}

static int count_end(void *to)
{
	return 0;
}

static void a_bad_record_is_named_and_the_next_one_read(void **state)
{
	char text[] = "{\"sample\":\"a\",\"artefacts\":[{\"kind\":\"file\",\"value\":\"x\"},{\"kind\":\"odd\",\"value\":\"x\"}]}\n"
	              "{\"sample\":\"b\"\n\n[]\n{\"artefacts\":[]}\n{\"sample\":\"c\",\"date\":null,\"artefacts\":[{\"kind\":\"ip\",\"value\":\"1.2.3.4\"}]}";
	const struct sample_sink sink = { count_sample, count_artefact, count_end, bad, NULL };
	const struct read_given given = { .path = "t.jsonl", .otherwise = { .day = DAY_NONE } };
	FILE *f = fmemopen(text, strlen(text), "r");

	bad_count = 0;
	assert_int_equal(read_plain(f, &given, &sink), 0);
	fclose(f);
	assert_int_equal(samples, 2);
	assert_int_equal(artefacts, 2);
	assert_int_equal(bad_count, 4);
}

static void a_set_of_iocs_comes_back(void **state)
{
	struct piece pieces[] = { { .text = bytes_text("%temp%\\q") }, { .is_hole = true, .hole = HOLE_HEX, .min = 4, .max = 8 } };
	struct ioc c = { .id = "0123456789abcdef", .family = bytes_text("f"), .sentence = bytes_text("s"), .patterns_count = 1,
		.patterns = { { .kind = KIND_FILE, .action = CLASS_CHANGE, .open_back = true, .count = 2, .pieces = pieces } }, .samples = 3,
		.family_samples = 4, .fpr_high = 0.5, .first = 19724, .last = DAY_NONE, .examples_count = 1,
		.examples = { bytes_text("%temp%\\qabcd") } };
	struct ioc_family f = { .name = bytes_text("f"), .samples = 4, .covered = 3, .value = 0.5, .bound = 1, .gap = 0.5 };
	struct ioc_set set = { .count = 1, .iocs = &c, .families_count = 1, .families = &f, .max_fpr = 0.0097, .fpr_high = 1 }, *back;
	char *text, *again;
	size_t len, again_len;
	const char *why;
	FILE *to = open_memstream(&text, &len);

	assert_int_equal(ioc_set_write(&set, to), 0);
	fclose(to);
	assert_int_equal(ioc_set_read(bytes_of(text, len), &back, &why), 0);
	to = open_memstream(&again, &again_len);
	assert_int_equal(ioc_set_write(back, to), 0);
	fclose(to);
	assert_true(bytes_equal(bytes_of(text, len), bytes_of(again, again_len)));
	assert_true(back->iocs[0].patterns[0].open_back && back->iocs[0].patterns[0].pieces[1].hole == HOLE_HEX);
	ioc_set_free(back);
	assert_true(ioc_set_read(bytes_text("{}"), &back, &why) < 0);
	free(text);
	free(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_differs_by_user_and_system_has_one_form),
		cmocka_unit_test(the_matcher_and_pcre2_agree),
		cmocka_unit_test(the_choice_is_the_best_of_all_sets_or_says_how_far_it_may_be),
		cmocka_unit_test(intervals_are_those_of_the_tables),
		cmocka_unit_test(days_come_back),
		cmocka_unit_test(a_table_says_more_than_the_log),
		cmocka_unit_test(a_bad_record_is_named_and_the_next_one_read),
		cmocka_unit_test(a_set_of_iocs_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

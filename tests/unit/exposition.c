/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics as text: names, kinds and escapes of both formats. */
#include "control/metrics/exposition.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t len;

static void put(struct exposition *e)
{
	assert_non_null(e->to = open_memstream(&text, &len));
	exposition_family(e, "lines_sent", FIGURE_IS_COUNTER, "lines sent");
	exposition_sample(e, "lines_sent", FIGURE_IS_COUNTER, "collector", "a\\b\"c\nd\xff\xc3\xa9", UINT64_MAX);
	exposition_family(e, "lanes", FIGURE_IS_GAUGE, "lanes");
	exposition_sample(e, "lanes", FIGURE_IS_GAUGE, NULL, NULL, 2);
	exposition_seconds(e, "cpu_seconds", FIGURE_IS_COUNTER, "lane", "0", UINT64_C(1000000001));
	exposition_end(e);
	fclose(e->to);
}

static void the_text_format_names_a_counter_s_family_as_its_sample(void **state)
{
	struct exposition e = { .open_metrics = false };

	put(&e);
	assert_string_equal(text, "# HELP konseki_lines_sent_total lines sent\n# TYPE konseki_lines_sent_total counter\n"
	                          "konseki_lines_sent_total{collector=\"a\\\\b\\\"c\\nd?\xc3\xa9\"} 18446744073709551615\n"
	                          "# HELP konseki_lanes lanes\n# TYPE konseki_lanes gauge\nkonseki_lanes 2\n"
	                          "konseki_cpu_seconds_total{lane=\"0\"} 1.000000001\n");
	free(text);
}

static void openmetrics_names_it_without_its_ending_and_has_an_end(void **state)
{
	static const char begin[] = "# HELP konseki_lines_sent lines sent\n# TYPE konseki_lines_sent counter\nkonseki_lines_sent_total{";
	struct exposition e = { .open_metrics = true };

	put(&e);
	assert_memory_equal(text, begin, sizeof(begin) - 1);
	assert_string_equal(text + len - 6, "# EOF\n");
	free(text);
}

static void every_figure_has_a_name_and_a_sentence(void **state)
{
	for (enum figure i = 0; i < FIGURE_COUNT; i++) {
		const struct figure_row *row = figure_row(i);

		assert_true(row->key != NULL && row->metric != NULL && strlen(row->help) > 8 && strchr("\\\n", row->help[0]) == NULL);
		for (const char *c = row->metric; *c != 0; c++)
			assert_true(islower((unsigned char)*c) || *c == '_');
		for (enum figure k = 0; k < i; k++) /* a family of several stands together */
			assert_true(strcmp(row->metric, figure_row(k)->metric) != 0 || (row->verdict != NULL && figure_row(i - 1)->verdict != NULL));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_format_names_a_counter_s_family_as_its_sample),
		cmocka_unit_test(openmetrics_names_it_without_its_ending_and_has_an_end),
		cmocka_unit_test(every_figure_has_a_name_and_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

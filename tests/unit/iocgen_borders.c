/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What logs are read with: JSON as it streams by, processes and their trees, likeness of sets, looks of indicators. */
#include "control/iocgen/network/indicator.h"
#include "control/iocgen/read/forest.h"
#include "control/iocgen/read/walk.h"
#include "control/iocgen/select/sketch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct told {
	char text[4096];
	size_t used;
};

static void tell(struct told *t, const char *format, ...) format_like(2, 3);
static void tell(struct told *t, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	t->used += (size_t)vsnprintf(t->text + t->used, sizeof(t->text) - t->used, format, arguments);
	va_end(arguments);
}

static bool open_part(void *to, const struct walk_path *p, bool object)
{
	return !walk_path_is(p, "skip");
}

static void take_value(void *to, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct bytes name = walk_path_name(p);

	tell(to, "%.*s%s=%.*s;", (int)name.left, (const char *)name.at, walk_path_is(p, "a.*.b") ? "!" : "", (int)value.left, (const char *)value.at);
}

/* What a text tells, and how each of its values ended. */
static void walked(const char *text, const char *values, const char *ends)
{
	static const struct walk_hooks hooks = { .open = open_part, .value = take_value };
	struct walk_reader *r = malloc(sizeof(*r));
	FILE *from = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct told told = { 0 };
	char ended[64] = "";
	int e;

	assert_non_null(r);
	assert_non_null(from);
	walk_reader_init(r, from);
	for (size_t i = 0; i < sizeof(ended) - 1; i++) {
		e = walk_next(r, &hooks, &told);
		ended[i] = e > 0 ? '+' : e == 0 ? '.' : '-';
		if (e == 0 || (e < 0 && walk_skip_line(r) <= 0))
			break;
	}
	fclose(from);
	free(r);
	assert_string_equal(told.text, values);
	assert_string_equal(ended, ends);
}

static void values_come_with_the_path_to_them(void **state)
{
	walked("{\"a\":[{\"b\":1,\"c\":\"x\"},{\"b\":-2.5e3}],\"skip\":{\"b\":3},\"d\":[[],{},true,null]}", "b!=1;c=x;b!=-2.5e3;d=true;d=null;", "+.");
	walked("[]", "", "+.");
	walked("{\"a\":1}\n{\"a\":2},\n[3]", "a=1;a=2;=3;", "+++.");
}

static void escapes_become_what_they_mean(void **state)
{
	walked("{\"k\\u0041\":\"\\\\\\/\\n\\u00e9\\ud83d\\ude00\"}", "kA=\\/\n\xc3\xa9\xf0\x9f\x98\x80;", "+.");
	walked("[\"\\ud83d\",\"\\ude00x\",\"\\ud83d\\n\"]", "=\xef\xbf\xbd;=\xef\xbf\xbdx;=\xef\xbf\xbd\n;", "+.");
}

static void a_broken_record_costs_no_other_one(void **state)
{
	walked("{\"a\":1\n{\"a\":2}\n", "a=1;a=2;", "-+.");
	walked("{\"a\":\"cut\n{\"a\":2}\n", "a=2;", "-+.");
	walked("}\n]\nx\n{\"a\":2}", "a=2;", "---+.");
	walked("{\"a\":tru}\n[1,]\n{\"a\" 1}\n[2]", "=1;=2;", "---+.");
	walked("{\"a\":", "", "-");
}


static int begin(void *to, const struct sample *s)
{
	tell(to, "%.*s:", (int)s->name.left, (const char *)s->name.at);
	return 0;
}

static int artefact(void *to, const struct artefact *a)
{
	tell(to, " %.*s", (int)a->value.left, (const char *)a->value.at);
	return 0;
}

static int end(void *to)
{
	tell(to, "\n");
	return 0;
}

static void bad(void *to, const char *file, uint64_t line, const char *why)
{
	tell(to, "bad: %s\n", why);
}

static void trees_begin_where_the_log_shows_a_birth_but_not_the_parents(void **state)
{
	struct told told = { 0 };
	const struct sample_sink sink = { begin, artefact, end, bad, &told };
	const struct read_given given = { .path = "x/log.json.gz", .by_process = true, .otherwise = { .day = DAY_NONE } };
	struct bytes h = bytes_text("h"), none = bytes_of(NULL, 0);
	struct forest *f = forest_new(&given, &sink, "test");

	assert_non_null(f);
	/* a shell that was there starts a program, which starts another one */
	assert_int_equal(forest_add(f, h, 1, bytes_text("/bin/shell"), KIND_FILE, ACTION_WRITE, bytes_text("of-shell")), 0);
	assert_int_equal(forest_born(f, h, 2, 1, bytes_text("/a/first")), 0);
	assert_int_equal(forest_born(f, h, 3, 2, bytes_text("/a/second")), 0);
	/* another log tells of the same birth */
	assert_int_equal(forest_born(f, h, 3, 2, bytes_text("/A/SECOND")), 0);
	assert_int_equal(forest_add(f, h, 3, none, KIND_FILE, ACTION_WRITE, bytes_text("of-second")), 0);
	assert_int_equal(forest_add(f, h, 2, none, KIND_FILE, ACTION_WRITE, bytes_text("of-first")), 0);
	assert_int_equal(forest_add(f, h, 2, none, KIND_FILE, ACTION_WRITE, bytes_text("of-first")), 0);
	/* the number is another program's after its end, and on another host */
	forest_ended(f, h, 3);
	assert_int_equal(forest_born(f, h, 3, 1, bytes_text("/a/second")), 0);
	assert_int_equal(forest_add(f, h, 3, none, KIND_FILE, ACTION_WRITE, bytes_text("of-third")), 0);
	assert_int_equal(forest_add(f, bytes_text("g"), 2, none, KIND_FILE, ACTION_WRITE, bytes_text("elsewhere")), 0);
	assert_int_equal(forest_give(f), 0);
	forest_free(f);
	assert_string_equal(told.text, "log#1/shell: of-shell\nlog#2/first: of-second of-first\nlog#3/second: of-third\nlog#4/system: elsewhere\n");
}

static void likeness_is_near_the_truth(void **state)
{
	/* two sets that share `common` of 1000 each */
	for (unsigned common = 0; common <= 1000; common += 250) {
		struct sketch a, b;
		double truth = common / (2000.0 - common), got;

		sketch_init(&a);
		sketch_init(&b);
		for (uint64_t i = 0; i < 1000; i++) {
			sketch_add(&a, i * 0x9e3779b97f4a7c15u + 1);
			sketch_add(&b, (i < common ? i : i + 5000) * 0x9e3779b97f4a7c15u + 1);
		}
		got = sketch_likeness(&a, &b);
		assert_true(got > truth - 0.2 && got < truth + 0.2);
		assert_true(common < 1000 || got >= 1);
	}
}

static void looks(const char *text, const char *kind, const char *value)
{
	char got[INDICATOR_VALUE_MAX + 1];
	enum indicator_kind k;
	int r = indicator_parse(bytes_text(text), &k, got);

	if (kind == NULL) {
		assert_int_equal(r, -EINVAL);
		return;
	}
	assert_int_equal(r, 0);
	assert_string_equal(indicator_name(k), kind);
	assert_string_equal(got, value);
}

static void indicators_are_known_by_their_looks(void **state)
{
	looks("198[.]51[.]100[.]7", "ip", "198.51.100.7");
	looks("198.51.100.77/24", "ip", "198.51.100.0/24");
	looks("2001:DB8:0::7", "ip", "2001:db8::7");
	looks("WWW.Example.ORG.", "domain", "www.example.org");
	looks("hxxps://Evil[.]example:8443/Path?Q#f", "url", "https://evil.example:8443/Path?Q#f");
	looks("t13d1516h2_8daaf6152771_b186095e22b6", "ja4", "t13d1516h2_8daaf6152771_b186095e22b6");
	looks("D41D8CD98F00B204E9800998ECF8427E", "md5", "d41d8cd98f00b204e9800998ecf8427e");
	looks("1.2.3", NULL, NULL);
	looks("198.51.100.7/33", NULL, NULL);
	looks("nodots", NULL, NULL);
	looks("a b.example", NULL, NULL);
	looks("http:///path", NULL, NULL);
	looks("http://\xff.example/", NULL, NULL);
	looks("", NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_with_the_path_to_them),
		cmocka_unit_test(escapes_become_what_they_mean),
		cmocka_unit_test(a_broken_record_costs_no_other_one),
		cmocka_unit_test(trees_begin_where_the_log_shows_a_birth_but_not_the_parents),
		cmocka_unit_test(likeness_is_near_the_truth),
		cmocka_unit_test(indicators_are_known_by_their_looks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

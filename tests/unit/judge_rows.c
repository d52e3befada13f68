/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows that nobody knows, where a made-up one stood before: told from words of the page and from what others get. */
#include "tests/unit/scene.h"

#define ASK(value) "GET /list?name=" value "%3Bid HTTP/1.1\r\n\r\n"
#define PAGE(row) "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<table><tr><td>" row "</td><td>9</td></tr></table>"

static const char probe[] = "x' UNION SELECT 'zq49',2", rows[] = "x' UNION SELECT a,b FROM c", asks[] = "x' OR 1=1";

static void ask(struct scene *s, const char *request, const char *text, const char *response)
{
	scene_next(s, request, response);
	assert_true(s->codes->count > 0);
	for (unsigned i = 0; i < s->codes->count; i++) {
		s->codes->codes[i].language = LANGUAGE_SQL;
		s->codes->codes[i].class_name = "sql";
		s->codes->codes[i].text = bytes_text(text);
	}
}

static struct scene *proven(void)
{
	struct scene *s = scene_new(ASK("w"));

	scene_text(s, "zq49", "zq49", 50);
	ask(s, ASK("a"), probe, PAGE("zq49"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	return s;
}

static void a_row_that_nobody_knows_stands_where_one_was_made_up(void **state)
{
	struct scene *s = proven();

	ask(s, ASK("b"), rows, PAGE("4711-secret"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	assert_true(s->judged.evidence[0].bits >= 30);
	assert_int_equal(s->judged.evidence[0].excerpt_len, strlen("4711-secret"));
	scene_free(s);
}

static void rows_stand_in_plain_text_and_in_json_too(void **state)
{
	static const char *const pages[][3] = {
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nplace: zq49 2\n",
		  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nplace: 4711-secret key\n",
		  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nerror: 4711-secret key\n" },
		{ "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"name\":\"zq49\",\"n\":2}]",
		  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"name\":\"4711-secret\",\"n\":2}]",
		  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"error\":\"4711-secret\",\"n\":2}]" },
	};

	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		struct scene *s = scene_new(ASK("w"));

		scene_text(s, "zq49", "zq49", 50);
		ask(s, ASK("a"), probe, pages[i][0]);
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
		ask(s, ASK("b"), rows, pages[i][1]);
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
		ask(s, ASK("c"), rows, pages[i][2]);
		expect_reason(s, REASON_MAY_RUN_UNSEEN);
		scene_free(s);
	}
}

static void a_stacked_statement_shows_where_rows_stand_but_no_message_does(void **state)
{
	static const char stacked[] = "x';SELECT 'zq49',2";
	struct scene *s = scene_new(ASK("w"));

	scene_text(s, "zq49", "zq49", 50);
	ask(s, ASK("a"), stacked, PAGE("failed: zq49"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	ask(s, ASK("b"), rows, PAGE("4711-secret"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("a"), stacked, PAGE("zq49"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	ask(s, ASK("b"), rows, PAGE("4711-secret"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void a_place_that_proved_nothing_shows_rows_to_everybody(void **state)
{
	struct scene *s = scene_new(ASK("w"));

	scene_text(s, "zq49", "zq49", 50);
	ask(s, ASK("b"), rows, PAGE("4711-secret"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void what_is_no_new_row_proves_nothing(void **state)
{
	struct scene *s = proven();

	/* another page; no union; what an ask that brings no rows got; the request's own; a number */
	ask(s, ASK("c"), rows, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>error in your query</p>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("d"), asks, PAGE("nothing found"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("e"), rows, PAGE("nothing found"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("whatever"), rows, PAGE("whatever"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("f"), rows, PAGE("7"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_that_nobody_knows_stands_where_one_was_made_up),
		cmocka_unit_test(rows_stand_in_plain_text_and_in_json_too),
		cmocka_unit_test(a_stacked_statement_shows_where_rows_stand_but_no_message_does),
		cmocka_unit_test(a_place_that_proved_nothing_shows_rows_to_everybody),
		cmocka_unit_test(what_is_no_new_row_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

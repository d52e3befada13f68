/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging by what a place showed before: results, frames, habits of its pages. */
#include "tests/unit/scene.h"

#define OK SCENE_OK
#define PRINTED SCENE_PRINTED

#define IF_FAILURE "GET /p.php?ip=127.0.0.1%7C%7Cid HTTP/1.1\r\nHost: shop\r\n\r\n"
#define LINES "one vext quiz\ntwo vext quiz"

/* The place shows its results, more than one line of them, and did so three times. */
static struct scene *shows_results(void)
{
	struct scene *s = scene_attack();

	s->traces[0].pattern = bytes_text("one vext quiz\\s{1,8}two vext quiz");
	s->traces[0].text = bytes_text(LINES "\n");
	for (unsigned i = 0; i < 3; i++) {
		scene_next(s, "GET /p.php?ip=127.0.0.1%3Bid HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<pre>" LINES "</pre>");
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
	}
	s->traces[0].pattern = bytes_text(SCENE_PATTERN);
	s->traces[0].text = bytes_text(PRINTED);
	return s;
}

static void a_program_that_complains_of_the_whole_value_was_given_it_as_one_word(void **state)
{
	static const char *const data[] = {
		OK "{\"error\":\"ping: 127.0.0.1||id: Name or service not known\\n\",\"output\":\"\"}",
		OK "<pre>/bin/cat: '127.0.0.1||id': No such file or directory</pre>",
	};
	/* its own words, or the application's; not all of the value; no program's name; nothing that is wrong */
	static const char *const open[] = {
		OK "ping: 127.0.0.1: Name or service not known",
		OK "Result: 127.0.0.1||id: done",
		OK "127.0.0.1||id: Name or service not known",
		OK "ping: 127.0.0.1||id: Success",
		OK "ping: 127.0.0.1||: Name or service not known",
	};
	struct scene *s = scene_attack();

	for (size_t i = 0; i < COUNT_OF(open); i++) {
		scene_next(s, IF_FAILURE, open[i]);
		expect_reason(s, REASON_MAY_RUN_UNSEEN);
	}
	for (size_t i = 0; i < COUNT_OF(data); i++) {
		scene_next(s, IF_FAILURE, data[i]);
		expect_reason(s, REASON_CAME_BACK_AS_DATA);
	}
	/* code that breaks out so ran here: the program's word was not all that became of the value */
	scene_next(s, IF_FAILURE, OK "<pre>" PRINTED "</pre>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, IF_FAILURE, data[0]);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_place_that_shows_results_and_shows_none_is_failure(void **state)
{
	struct scene *s = shows_results();

	scene_next(s, IF_FAILURE, OK "<pre></pre>");
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	scene_next(s, IF_FAILURE, OK "<pre>127.0.0.1</pre>");
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	/* something new stands there: another server's way of printing it? */
	scene_next(s, IF_FAILURE, OK "<pre>jumble</pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	/* half of it there */
	s->traces[0].text = bytes_text("first line\nsecond line\n");
	scene_next(s, IF_FAILURE, OK "<pre>second line</pre>");
	expect_reason(s, REASON_WEAK_TRACE);
	/* another parameter is another place */
	scene_next(s, "GET /p.php?name=127.0.0.1%7C%7Cid HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<pre></pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	/* what a substitution prints need not show */
	scene_next(s, "GET /p.php?ip=127.0.0.1%24(id) HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<pre></pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void what_breaks_out_as_code_that_ran_here_may_run_unseen(void **state)
{
	struct scene *s = shows_results();

	scene_next(s, "GET /p.php?ip=127.0.0.1%3Bid+ HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<pre></pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, IF_FAILURE, OK "<pre></pre>");
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	scene_free(s);
}

static void few_results_prove_no_place_that_shows_them(void **state)
{
	struct scene *s = scene_attack();

	for (unsigned i = 0; i < 2; i++) {
		scene_next(s, "GET /p.php?ip=127.0.0.1%3Bid HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<pre>\n" PRINTED "</pre>");
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
	}
	scene_next(s, IF_FAILURE, OK "<pre></pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void weak_results_count_where_a_strong_one_stood(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<p>took 12 ms</p><pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	s->traces[0].pattern = bytes_text("94011");
	s->traces[0].bits = 12;
	scene_next(s, "GET /p.php?ip=1%3Bexpr%209000+85011 HTTP/1.1\r\n\r\n", OK "<p>took 17 ms</p><pre>94011</pre>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /p.php?ip=1%3Bexpr%209000+85011 HTTP/1.1\r\n\r\n", OK "<p>visitor 94011</p><pre>no</pre>");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_next(s, "GET /q.php?ip=1%3Bexpr%209000+85011 HTTP/1.1\r\n\r\n", OK "<p>took 17 ms</p><pre>94011</pre>");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void weak_results_count_between_the_edges_of_strong_ones(void **state)
{
	struct scene *s = scene_attack();

	/* one stood first of several lines, the other last */
	scene_response(s, bytes_text(OK "<p>host 10.0.0.1</p><pre>" PRINTED "\nmore of it</pre> <hr>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /p.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<p>host 10.0.0.1</p><pre>other\n" PRINTED "</pre> <hr>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	s->traces[0].pattern = bytes_text("94011");
	s->traces[0].bits = 12;
	scene_next(s, "GET /p.php?ip=1%3Bexpr%209000+85011 HTTP/1.1\r\n\r\n", OK "<p>host 10.0.0.1</p><pre>94011</pre> <hr>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /p.php?ip=1%3Bexpr%209000+85011 HTTP/1.1\r\n\r\n", OK "<p>host 94011</p><pre></pre> <hr>");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

/* A command's output ends in a line's end, a number in none. */
static void blanks_beside_a_result_are_no_part_of_its_surroundings(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<p>host</p><pre>\n" PRINTED "\n</pre> <hr>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	s->traces[0].pattern = bytes_text("940");
	s->traces[0].bits = 9;
	scene_next(s, "GET /p.php?ip=1%3Bexpr%20900+40 HTTP/1.1\r\n\r\n", OK "<p>host</p><pre>940</pre> <hr>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /p.php?ip=1%3Bexpr%20900+40 HTTP/1.1\r\n\r\n", OK "<p>host</p><pre>of 940</pre> <hr>");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void a_short_result_that_is_all_of_a_body_stands_where_a_longer_one_began(void **state)
{
	struct scene *s = scene_attack();

	scene_next(s, "GET /up.php?c=%3Bid HTTP/1.1\r\nHost: shop\r\n\r\n", OK "GIF89a" PRINTED "\nweb\n");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	s->traces[0].pattern = bytes_text("10109");
	s->traces[0].text = bytes_text("10109");
	s->traces[0].bits = 9.6;
	scene_next(s, "GET /up.php?c=%3Bexpr+919+%2a+11 HTTP/1.1\r\nHost: shop\r\n\r\n", OK "GIF89a10109");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /up.php?c=%3Bexpr+919+%2a+11 HTTP/1.1\r\nHost: shop\r\n\r\n", OK "GIF89a Error 10109");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_next(s, "GET /up.php?c=%3Bexpr+919+%2a+11 HTTP/1.1\r\nHost: shop\r\n\r\n", OK "GIF89a10109 files");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void where_a_result_stood_another_page_explains_nothing(void **state)
{
	struct scene *s = scene_attack();

	scene_next(s, "GET /p.php?ip=127.0.0.1%3Bid HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<h1>Ping</h1><pre>" PRINTED "</pre><hr>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	s->traces[0].pattern = bytes_text("jumbled \\d{1,6} quartz vex");
	s->traces[0].text = bytes_text("jumbled 4711 quartz vex\n");
	scene_answer(s, "/help?page=2", 404, "no such page. jumbled 4711 quartz vex", false);
	scene_next(s, "GET /p.php?ip=127.0.0.1%3Buname HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<h1>Ping</h1><pre>jumbled 4711 quartz vex</pre><hr>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	/* elsewhere on the page, and where nothing ran */
	scene_next(s, "GET /p.php?ip=127.0.0.1%3Buname HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<h1>Ping</h1>See: jumbled 4711 quartz vex");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_next(s, "GET /q.php?ip=127.0.0.1%3Buname HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<h1>Ping</h1><pre>jumbled 4711 quartz vex</pre><hr>");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);
}

static void what_a_server_says_to_any_attack_is_no_evidence(void **state)
{
	struct scene *s = scene_attack();
	struct trace told = s->traces[0];

	/* another code got the same page, in which nothing is its own output */
	s->traces[0] = (struct trace){ .kind = TRACE_TEXT, .pattern = bytes_text("something else"), .bits = 80 };
	scene_next(s, "GET /p.php?ip=1%3Buname HTTP/1.1\r\n\r\n", OK "<h1>Help</h1>\nFor example:\n" PRINTED "\nEnd\n");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	s->traces[0] = told;
	scene_next(s, "GET /p.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<h1>Help</h1>\nFor example:\n" PRINTED "\nEnd\n");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_next(s, "GET /p.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<h1>Result</h1>\nquartz vex jumbling 5 sphinx\nEnd\n");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void weak_traces_of_different_codes_add_up(void **state)
{
	static const char *const requests[] = {
		"GET /p.php?ip=1%3Bexpr%201 HTTP/1.1\r\n\r\n", "GET /p.php?ip=1%3Bexpr%202 HTTP/1.1\r\n\r\n",
		"GET /p.php?ip=1%3Bexpr%202 HTTP/1.1\r\n\r\n", "GET /p.php?ip=1%3Bexpr%203 HTTP/1.1\r\n\r\n",
	};
	static const char *const pages[] = { OK "zq11", OK "zq22", OK "zq22", OK "zq33" };
	static const char *const patterns[] = { "zq1\\d", "zq2\\d", "zq2\\d", "zq3\\d" };
	struct scene *s = scene_attack();

	s->traces[0].bits = 18;
	for (unsigned i = 0; i < 3; i++) {
		s->traces[0].pattern = bytes_text(patterns[i]);
		scene_next(s, requests[i], pages[i]);
		expect_reason(s, REASON_WEAK_TRACE);
	}
	s->traces[0].pattern = bytes_text(patterns[3]);
	scene_next(s, requests[3], pages[3]);
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void the_same_weak_trace_of_many_codes_stays_weak(void **state)
{
	static const char *const requests[] = {
		"GET /p.php?ip=1%3Bwhoami HTTP/1.1\r\n\r\n", "GET /p.php?ip=1%7Cwhoami HTTP/1.1\r\n\r\n",
		"GET /p.php?ip=1%3B/usr/bin/whoami HTTP/1.1\r\n\r\n", "GET /p.php?ip=1%3Bwho''ami HTTP/1.1\r\n\r\n",
		"GET /p.php?ip=1%3Bid+-un HTTP/1.1\r\n\r\n",
	};
	struct scene *s = scene_attack();

	s->traces[0].bits = 18;
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		/* another word for it changes nothing */
		s->traces[0].pattern = bytes_text(i % 2 == 0 ? "nobody" : "no\\w{1,8}");
		scene_next(s, requests[i], OK "Sign in: nobody knows you");
		assert_true(s->codes->count > 0);
		expect_reason(s, REASON_WEAK_TRACE);
	}
	scene_free(s);
}

static void a_place_that_shows_one_line_may_hide_the_others(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	s->traces[0] = (struct trace){ .kind = TRACE_TEXT, .pattern = bytes_text("41\\s{1,8}42\\s{1,8}43"), .bits = 40,
	                               .text = bytes_text("41\n42\n43\n"), .must_show = true,
	                               .profiles = bytes_of("one\0two", 8) };
	scene_next(s, "GET /p.php?ip=127.0.0.1%3Bseq%2041%2043 HTTP/1.1\r\n\r\n", OK "<pre>43</pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void one_emulated_server_alone_proves_no_failure(void **state)
{
	struct scene *s = shows_results();

	s->traces[0].profiles = bytes_of("one", 4);
	scene_next(s, IF_FAILURE, OK "<pre></pre>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void the_value_where_its_result_stood_is_failure(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /p.php?ip=127.0.0.1%24(id) HTTP/1.1\r\nHost: shop\r\n\r\n", OK "<pre>127.0.0.1$(id)</pre>");
	expect_reason(s, REASON_CAME_BACK_AS_DATA);
	scene_free(s);
}

/* Another response of the server that a client asked for later, of which the book of places is told as control tells it. */
static void later_answer(struct scene *s, const char *client, const char *target, const char *body)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = (uint64_t)(REQUEST_TIME + 5) * SECOND, .packet = 300, .flow_id = 3000,
	                     .status = 200, .whole = true, .body_len = strlen(body), .sample = bytes_text(body),
	                     .name = bytes_text(target), .method = bytes_text("GET") };

	h.tuple = (struct tuple){ .src = scene_address(client), .dst = scene_address(VICTIM), .sport = 5557, .dport = 80, .protocol = 6 };
	judge_note_answer(s->places, &h);
}

static struct scene *leaves_a_file(void)
{
	struct scene *s = scene_attack();

	s->traces[0].place = PLACE_LATER_RESPONSE;
	s->in.capture_over = false;
	s->in.known_until_ns = (uint64_t)RESPONSE_TIME * SECOND;
	scene_response(s, bytes_text(OK "<p>stored</p>"));
	expect_reason(s, REASON_WINDOW_OPEN);
	assert_false(s->judged.final);
	return s;
}

static void a_later_response_to_the_sender_shows_what_was_left(void **state)
{
	struct scene *s = leaves_a_file();

	later_answer(s, CLIENT, "/up/a.txt", "<p>" PRINTED "</p>");
	expect_reason(s, REASON_TRACE_IN_LATER_RESPONSE);
	assert_int_equal(s->judged.evidence[0].packet, 300);
	assert_memory_equal(s->judged.evidence[0].excerpt, PRINTED, strlen(PRINTED));
	scene_free(s);
}

static void later_responses_to_others_or_with_their_own_words_show_nothing(void **state)
{
	struct scene *s = leaves_a_file();

	later_answer(s, "198.51.100.77", "/up/a.txt", "<p>" PRINTED "</p>");
	expect_reason(s, REASON_WINDOW_OPEN);
	later_answer(s, CLIENT, "/say?" PRINTED, "<p>" PRINTED "</p>");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	later_answer(s, CLIENT, "/up/b.txt", "<p>quartz vex</p>");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);
}

static void a_later_attack_may_call_what_an_earlier_one_left(void **state)
{
	struct scene *s = leaves_a_file();
	struct case_record first = s->record;
	struct extraction *codes = s->codes;

	assert_int_equal(extract_case(&s->record, NULL, &s->codes), 0);
	s->traces[0].place = PLACE_RESPONSE;
	s->traces[0].pattern = bytes_text("no such text");
	scene_next(s, "GET /up/a.php?c=%3Bid HTTP/1.1\r\n\r\n", OK "<p>" PRINTED "</p>");
	s->record.response_first_ns = (uint64_t)(REQUEST_TIME + 9) * SECOND;
	judge(&s->in, &s->judged);
	extraction_free(s->codes);
	s->record = first;
	s->codes = codes;
	s->in.codes = codes;
	s->traces[0].place = PLACE_LATER_RESPONSE;
	s->traces[0].pattern = bytes_text(SCENE_PATTERN);
	expect_reason(s, REASON_TRACE_IN_LATER_RESPONSE);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_complains_of_the_whole_value_was_given_it_as_one_word),
		cmocka_unit_test(a_place_that_shows_results_and_shows_none_is_failure),
		cmocka_unit_test(what_breaks_out_as_code_that_ran_here_may_run_unseen),
		cmocka_unit_test(few_results_prove_no_place_that_shows_them),
		cmocka_unit_test(weak_results_count_where_a_strong_one_stood),
		cmocka_unit_test(weak_results_count_between_the_edges_of_strong_ones),
		cmocka_unit_test(blanks_beside_a_result_are_no_part_of_its_surroundings),
		cmocka_unit_test(a_short_result_that_is_all_of_a_body_stands_where_a_longer_one_began),
		cmocka_unit_test(where_a_result_stood_another_page_explains_nothing),
		cmocka_unit_test(what_a_server_says_to_any_attack_is_no_evidence),
		cmocka_unit_test(weak_traces_of_different_codes_add_up),
		cmocka_unit_test(the_same_weak_trace_of_many_codes_stays_weak),
		cmocka_unit_test(a_place_that_shows_one_line_may_hide_the_others),
		cmocka_unit_test(one_emulated_server_alone_proves_no_failure),
		cmocka_unit_test(the_value_where_its_result_stood_is_failure),
		cmocka_unit_test(a_later_response_to_the_sender_shows_what_was_left),
		cmocka_unit_test(later_responses_to_others_or_with_their_own_words_show_nothing),
		cmocka_unit_test(a_later_attack_may_call_what_an_earlier_one_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

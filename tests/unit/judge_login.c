/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Log-ins that no password opened: told from those that failed, and from guards, other pages and mended servers. */
#include "tests/unit/scene.h"

#define ASK(value) "POST /in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\n\r\nname=" value "%3Bid&word=1"
#define FORM "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nwrong <form><input type='password' name=word></form>"
#define WRONG "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nno such user or word"
#define DENIED "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n\r\n{\"in\":false}"
#define INSIDE "HTTP/1.1 302 Found\r\nLocation: /home\r\nSet-Cookie: sid=a94f13bb72c0; Path=/\r\n\r\n"
#define BACK "HTTP/1.1 302 Found\r\nLocation: in?again=1\r\n\r\n"
#define AWAY "HTTP/1.1 302 Found\r\nLocation: /home\r\n\r\n"
#define WELCOME "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: sid=a94f13bb72c0\r\n\r\nwelcome"
#define TOKEN "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"in\":true}"

static struct scene *door(void)
{
	struct scene *s = scene_new(ASK("x"));

	s->traces[0] = (struct trace){ .kind = TRACE_TRUTH, .place = PLACE_RESPONSE, .pattern = bytes_text("true"),
	                               .literal = true, .profiles = bytes_of("one\0two", 8) };
	s->report.traces_count = 1;
	return s;
}

/* Asks what is true or false, by this name. */
static void ask(struct scene *s, const char *request, const char *truth, const char *response)
{
	s->traces[0].pattern = bytes_text(truth);
	scene_next(s, request, response);
	assert_true(s->codes->count > 0);
	for (unsigned i = 0; i < s->codes->count; i++) {
		s->codes->codes[i].language = LANGUAGE_SQL;
		s->codes->codes[i].class_name = "sql";
	}
}

/* Somebody else's log-in. */
static void other(struct scene *s, unsigned status, const char *body)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = 50ull * SECOND, .packet = 2, .flow_id = 3000 + s->packets++,
	                     .status = (uint16_t)status, .whole = true, .body_len = strlen(body), .body_digest = strlen(body),
	                     .name = bytes_text("/in"), .method = bytes_text("POST"), .sample = bytes_text(body) };

	h.tuple = (struct tuple){ .src = scene_address("198.51.100.20"), .dst = scene_address(VICTIM), .sport = 5556,
	                          .dport = 80, .protocol = 6 };
	assert_int_equal(memory_add(s->memory, &h), 0);
}

static void expect_login(const char *failed, const char *answer, enum reason reason)
{
	struct scene *s = door();

	ask(s, ASK("x"), "false", failed);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("y"), "false", failed);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("x"), "true", answer);
	expect_reason(s, reason);
	if (reason == REASON_LOGGED_IN)
		assert_string_equal(s->judged.class_name, "login");
	scene_free(s);
}

static void what_is_true_opens_what_is_false_does_not(void **state)
{
	expect_login(FORM, INSIDE, REASON_LOGGED_IN);
	expect_login(DENIED, TOKEN, REASON_LOGGED_IN);
	expect_login(WRONG, WELCOME, REASON_LOGGED_IN);
	expect_login(FORM, TOKEN, REASON_LOGGED_IN);
	expect_login(FORM, AWAY, REASON_LOGGED_IN);
}

static void other_answers_open_nothing(void **state)
{
	/* the same; back to the form; a page with other words at a place that nobody logs in to; a guard's refusal */
	expect_login(FORM, FORM, REASON_MAY_RUN_UNSEEN);
	expect_login(FORM, BACK, REASON_MAY_RUN_UNSEEN);
	expect_login(WRONG, TOKEN, REASON_MAY_RUN_UNSEEN);
	expect_login(INSIDE, INSIDE, REASON_MAY_RUN_UNSEEN);
	expect_login(DENIED, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\nblocked", REASON_MAY_RUN_UNSEEN);
	expect_login(FORM, "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\n\r\nerror", REASON_MAY_RUN_UNSEEN);
}

static void the_log_ins_of_others_count(void **state)
{
	struct scene *s = door();

	other(s, 200, "wrong <input name=word type=\"password\">");
	ask(s, ASK("x"), "true", INSIDE);
	/* one alone is no rule */
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	other(s, 200, "wrong <input name=word type=\"password\">");
	expect_reason(s, REASON_LOGGED_IN);
	scene_free(s);
}

static void a_door_that_sql_opened_is_opened_by_other_sql(void **state)
{
	struct scene *s = door();

	other(s, 401, "no");
	other(s, 401, "no");
	ask(s, ASK("z"), "open", WELCOME);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("x"), "true", WELCOME);
	expect_reason(s, REASON_LOGGED_IN);
	ask(s, ASK("y"), "open", WELCOME);
	expect_reason(s, REASON_LOGGED_IN);
	ask(s, ASK("y"), "open", TOKEN);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("y"), "false", WELCOME);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_redirect_that_none_else_gets_may_be_a_guards(void **state)
{
	struct scene *s = door();

	other(s, 200, "wrong <input name=word type=\"password\">");
	other(s, 200, "wrong <input name=word type=\"password\">");
	ask(s, ASK("x"), "true", AWAY);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	other(s, 302, "");
	expect_reason(s, REASON_LOGGED_IN);
	scene_free(s);
}

/* One who failed tells enough where another was let in the same way: led on, and with a session that nobody brought. */
static void who_is_let_in_as_others_are_is_in(void **state)
{
	static const char *const no[] = { BACK, AWAY, WELCOME, "HTTP/1.1 302 Found\r\nLocation: in?again\r\nSet-Cookie: sid=a94f13bb72c0\r\n\r\n" };
	struct scene *s = door();

	other(s, 200, "wrong <input name=word type=\"password\">");
	other(s, 302, "");
	for (size_t i = 0; i < COUNT_OF(no); i++) {
		ask(s, ASK("x"), "true", no[i]);
		expect_reason(s, REASON_MAY_RUN_UNSEEN);
	}
	ask(s, ASK("x"), "false", INSIDE);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
	s = door();
	other(s, 200, "wrong <input name=word type=\"password\">");
	other(s, 302, "");
	ask(s, ASK("x"), "true", INSIDE);
	expect_reason(s, REASON_LOGGED_IN);
	scene_free(s);
	/* none was seen to fail: whoever comes may be led on */
	s = door();
	other(s, 302, "");
	ask(s, ASK("x"), "true", INSIDE);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_session_that_everybody_gets_is_no_log_in(void **state)
{
	struct scene *s = door();
	static const char with[] = "POST /in HTTP/1.1\r\nCookie: a=1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
		"Content-Length: 20\r\n\r\nname=x%3Bid&word=1";

	/* those came with a cookie, and needed none */
	ask(s, with, "false", WRONG);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, with, "false", WRONG);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	ask(s, ASK("x"), "true", WELCOME);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_true_opens_what_is_false_does_not),
		cmocka_unit_test(other_answers_open_nothing),
		cmocka_unit_test(the_log_ins_of_others_count),
		cmocka_unit_test(a_door_that_sql_opened_is_opened_by_other_sql),
		cmocka_unit_test(a_redirect_that_none_else_gets_may_be_a_guards),
		cmocka_unit_test(who_is_let_in_as_others_are_is_in),
		cmocka_unit_test(a_session_that_everybody_gets_is_no_log_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attempts at one place judged together: answers that differ in the value alone, and answers that follow what was asked. */
#include "control/judge/mask.h"
#include "control/judge/quoting.h"
#include "control/judge/series.h"
#include "tests/unit/scene.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
#define DENIED "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n"

static uint64_t left(const char *body, const char *value, unsigned copies)
{
	struct masked m = { 0 };

	assert_true(mask_value(bytes_text(body), bytes_text(value), false, &m));
	assert_int_equal(m.copies, copies);
	return m.digest;
}

static void copies_of_a_value_are_cut_out_however_they_are_written(void **state)
{
	uint64_t cut = left("no <a;b 'c'> here", "<a;b 'c'>", 1);

	assert_int_equal(cut, left("no x=1 here", "x=1", 1));
	assert_int_equal(cut, left("no &lt;a;b &#39;c&#039;&gt; here", "<a;b 'c'>", 1));
	assert_int_equal(cut, left("no %3ca%3Bb+'c'%3E here", "<a;b 'c'>", 1));
	assert_int_equal(cut, left("no \\u003ca;b \\'c\\'> here", "<a;b 'c'>", 1));
	assert_int_equal(cut, left("no \"a\\\\b\" here", "\"a\\b\"", 1));
	/* backslashes of its own, as they are and doubled */
	assert_int_equal(cut, left("no a\\\\\\&#34;b here", "a\\\\\\\"b", 1));
	assert_int_equal(cut, left("no a\\\\\\\\\\\"b here", "a\\\\\"b", 1));
	assert_int_equal(cut, left("no a\\nb here", "a\rb", 1));
	assert_int_equal(cut, left("no /etc/x here", "/etc/x\0.html", 1));
	assert_int_not_equal(cut, left("no other here", "<a;b 'c'>", 0));
	assert_int_not_equal(cut, left("no x=1 here, x=1", "x=1", 2));
	/* half of it is no copy */
	assert_int_not_equal(cut, left("no x= here", "x=1", 0));
}

static void numbers_may_be_all_alike(void **state)
{
	struct masked a = { 0 }, b = { 0 };

	assert_true(mask_value(bytes_text("took 7 ms"), bytes_text("x=1"), true, &a));
	assert_true(mask_value(bytes_text("took 4711 ms"), bytes_text("x=1"), true, &b));
	assert_int_equal(a.digest, b.digest);
	assert_true(mask_value(bytes_text("took ms"), bytes_text("x=1"), true, &b));
	assert_int_not_equal(a.digest, b.digest);
}

static void a_hostile_page_takes_no_time(void **state)
{
	static uint8_t page[60000], value[4000];
	struct masked m = { .copies = 77 };

	memset(page, 'a', sizeof(page));
	memset(value, 'a', sizeof(value) - 1);
	value[sizeof(value) - 1] = 'b';
	assert_false(mask_value(bytes_of(page, sizeof(page)), bytes_of(value, sizeof(value)), false, &m));
	assert_int_equal(m.copies, 77);
}

static void what_is_around_a_code_is_known_again(void **state)
{
	uint64_t semicolon = mask_around(bytes_text("127.0.0.1;id"), bytes_text("id"));

	assert_int_equal(semicolon, mask_around(bytes_text("10.1.1.1;sleep 3"), bytes_text("sleep 3")));
	assert_int_not_equal(semicolon, mask_around(bytes_text("127.0.0.1|id"), bytes_text("id")));
	assert_int_not_equal(semicolon, mask_around(bytes_text("127.0.0.1;id;"), bytes_text("id")));
	assert_int_equal(mask_around(bytes_text("127.0.0.1;id"), bytes_text("whoami")), 0);
}

/* Attempts like those of a tool: "T" asked what is true, "F" what is false; the answer is 1, 2, … */
static double bits_of(const char *truths, const char *answers, unsigned of)
{
	struct series *s = calloc(1, sizeof(*s));
	struct attempt a[SERIES_MAX];
	double bits;

	assert_non_null(s);
	for (unsigned i = 0; truths[i] != '\0'; i++) {
		a[i] = (struct attempt){ .transaction = i + 1, .time_ns = i + 1, .value = i + 1, .around = 9, .shape = 5,
		                         .answer = (uint64_t)(answers[i] - '0'),
		                         .truth = truths[i] == 'T' ? TRUTH_TRUE : truths[i] == 'F' ? TRUTH_FALSE : TRUTH_OPEN };
		series_note(s, &a[i]);
		series_note(s, &a[i]);
	}
	assert_int_equal(s->count, strlen(truths));
	bits = series_truth_bits(s, &a[of]);
	free(s);
	return bits;
}

static void answers_that_follow_what_was_asked_are_no_chance(void **state)
{
	static const char truths[] = "TFFTFTTFTTFFTFTFFTTFTFFTFTTFFTTFTFTFFT";
	static const char follow[] = "12212112112212122112122121122112121221";

	assert_true(bits_of(truths, follow, 0) > 25);
	/* so do the false ones, for a true one of the same shape says that it is no error */
	assert_true(bits_of(truths, follow, 1) > 25);
	/* a handful says little, however well it fits */
	assert_true(bits_of("TFTTFF", "121122", 0) > 2);
	assert_true(bits_of("TFTTFF", "121122", 0) < 5);
}

static void answers_that_do_not_follow_say_nothing(void **state)
{
	/* all alike; by turns, whatever is asked; blocked after a while; each another page */
	assert_true(bits_of("TFFTFTTFTTFF", "111111111111", 0) == 0);
	assert_true(bits_of("TFFTFTTFTTFF", "121212121212", 0) < 4);
	assert_true(bits_of("TTTTTTFFFFFF", "111111222222", 0) == 0);
	assert_true(bits_of("TFFTFTTFTTFF", "123456789:;<", 0) < 2);
	/* one that was answered against what it asked takes no part in it */
	assert_true(bits_of("TFFTFTTFTTFFT", "1221211211222", 12) == 0);
	assert_true(bits_of("TFFTFTTFTTFFT", "1221211211222", 0) > 5);
}

static void an_open_question_counts_only_where_it_is_answered_as_true(void **state)
{
	assert_true(bits_of("TFFTFTTFTTFFO", "1221211211221", 12) > 5);
	assert_true(bits_of("TFFTFTTFTTFFO", "1221211211222", 12) == 0);
}

static unsigned broken(const char *value)
{
	return quoting_broken(bytes_text(value));
}

static void a_value_breaks_each_quoting_or_fits_it(void **state)
{
	assert_int_equal(broken("1"), 0);
	assert_int_equal(broken("1 AND 1=2"), 0);
	assert_int_equal(broken("1'"), QUOTING_BARE | QUOTING_SINGLE);
	assert_int_equal(broken("1\""), QUOTING_BARE | QUOTING_DOUBLE);
	assert_int_equal(broken("1)"), QUOTING_BARE);
	/* a text in quotes of its own is one when it stands bare, and ends and begins another where it is quoted */
	assert_int_equal(broken("x' AND 'y'='y"), 0);
	assert_int_equal(broken("x'y'z'"), QUOTING_BARE | QUOTING_SINGLE);
	/* what a comment hides */
	assert_int_equal(broken("1' OR 1=1-- "), QUOTING_BARE);
	assert_int_equal(broken("1) OR 1=1#'"), QUOTING_SINGLE);
	assert_int_equal(quoting_left(bytes_text("1 AND 1"), bytes_text("1")), QUOTING_BARE);
	assert_int_equal(quoting_left(bytes_text("x') AND 1"), bytes_text("x")), QUOTING_SINGLE);
	assert_int_equal(quoting_left(bytes_text("\" AND 1"), bytes_text("")), QUOTING_DOUBLE);
	assert_int_equal(quoting_left(bytes_text("(SELECT '1')"), bytes_text("")), QUOTING_BARE);
}

static void what_fits_no_quoting_is_read_by_no_database(void **state)
{
	assert_true(quoting_unreadable(bytes_text("1()),.))\"'))")));
	assert_true(quoting_unreadable(bytes_text("1\",..',),(,")));
	/* a lonely quote: a text in the other quotes, and in all else a text without an end */
	assert_true(quoting_unreadable(bytes_text("1'")));
	assert_true(quoting_unreadable(bytes_text("x\"")));
	assert_true(quoting_unreadable(bytes_text("marthe' AND 1=1")));
	assert_false(quoting_unreadable(bytes_text("1' AND 'a'='a")));
	assert_false(quoting_unreadable(bytes_text("1 AND 1=1")));
	assert_false(quoting_unreadable(bytes_text("1 OR \"a\"=\"a\"")));
	/* standing twice in one statement, the second copy's quotes would end what follows the operator; a comment elsewhere */
	assert_false(quoting_unreadable(bytes_text("' OR 1=1 OR name=")));
	assert_false(quoting_unreadable(bytes_text("' || 1==1//")));
	/* it fits one; or a sign may save it: an escape, a statement before it, a comment's end, the end of its line */
	assert_false(quoting_unreadable(bytes_text("1'abc<'\">def")));
	assert_false(quoting_unreadable(bytes_text("1\\\",..',),(,")));
	assert_false(quoting_unreadable(bytes_text("1; SELECT SLEEP(3); (\"'")));
	assert_false(quoting_unreadable(bytes_text("1*/ OR SLEEP(3) (\"'")));
	assert_false(quoting_unreadable(bytes_text("1\n OR SLEEP(3) (\"'")));
	assert_false(quoting_unreadable(bytes_text("1\" OR SLEEP(3)#'")));
}

static struct scene *template_probe(void)
{
	struct scene *s = scene_new("GET /hello?name=x%3Bid HTTP/1.1\r\n\r\n");

	s->codes->codes[0].language = LANGUAGE_JINJA2;
	s->codes->codes[0].class_name = "template";
	return s;
}

/* The next value at the same place, as code of this language and class. */
static void next_value(struct scene *s, const char *request, const char *response, enum language language, const char *class)
{
	scene_next(s, request, response);
	assert_true(s->codes->count > 0);
	for (unsigned i = 0; i < s->codes->count; i++) {
		s->codes->codes[i].language = language;
		s->codes->codes[i].class_name = class;
	}
}

static void template_code_that_stands_where_its_value_stands_came_back(void **state)
{
	struct scene *s = template_probe();

	scene_text(s, "zq49", "zq49", 20);
	next_value(s, "GET /hello?name=x%3Bid HTTP/1.1\r\n\r\n", OK "<b>Hello x;id</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, "GET /hello?name=y%3Bid HTTP/1.1\r\n\r\n", OK "<b>Hello y;id</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_CAME_BACK_AS_DATA);
	/* it was shown, and something else that no other had */
	next_value(s, "GET /hello?name=z%3Bid HTTP/1.1\r\n\r\n", OK "<b>Hello z;id</b>!", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void where_values_come_back_a_short_result_in_place_of_a_template_is_enough(void **state)
{
	struct scene *s = template_probe();

	scene_text(s, "49", "49", 6.6);
	next_value(s, "GET /hello?name=%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK "<b>Hello 49</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_WEAK_TRACE);
	next_value(s, "GET /hello?name=%24%7B7*7%7D HTTP/1.1\r\n\r\n", OK "<b>Hello ${7*7}</b>", LANGUAGE_TEMPLATE, "template");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, "GET /hello?name=%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK "<b>Hello 49</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	/* a piece of the value is not all of it, unless its signs alone are gone */
	s->traces[0].pattern = s->traces[0].text = bytes_text("KONSEKI");
	s->traces[0].bits = 20;
	next_value(s, "GET /hello?name=%7B%7B%22konseki%22%7Cupper%7D%7D HTTP/1.1\r\n\r\n", OK "<b>Hello KONSEKI</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	next_value(s, "GET /hello?name=%7B%7B%22KON%22~%22SEKI%22%7D%7D HTTP/1.1\r\n\r\n", OK "<b>Hello KONSEKI</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	s->traces[0].pattern = s->traces[0].text = bytes_text("49");
	s->traces[0].bits = 6.6;
	/* beside the value, or elsewhere on the page */
	next_value(s, "GET /hello?name=%7B%7B7*7+%7D%7D HTTP/1.1\r\n\r\n", OK "<b>Hello {{7*7 }}</b> 49", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
	s = template_probe();
	scene_text(s, "49", "49", 6.6);
	next_value(s, "GET /hello?name=%24%7B7*7%7D HTTP/1.1\r\n\r\n", OK "<b>Hello ${7*7}</b>", LANGUAGE_TEMPLATE, "template");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, "GET /hello?name=%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK "<b>Hello</b> <i>49</i>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_WEAK_TRACE);
	/* what is no template may print anything before or after the value */
	next_value(s, "GET /hello?name=x%3Bexpr+7+*+7 HTTP/1.1\r\n\r\n", OK "<b>Hello 49</b>", LANGUAGE_SHELL, "shell");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

/* Its own engine has nothing to show, or is none that is known: others were shown as data in the same words. */
static void where_templates_are_data_one_without_a_trace_is_data_too(void **state)
{
	struct scene *s = template_probe();

	scene_text(s, "zq49zq49", "zq49zq49", 40);
	next_value(s, "GET /hello?name=x%3Bid HTTP/1.1\r\n\r\n", OK "<b>Hello x;id</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	s->report.traces_count = 0;
	next_value(s, "GET /hello?name=y%3C%25%3Bid HTTP/1.1\r\n\r\n", OK "<b>Hello y<%;id</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_CAME_BACK_AS_DATA);
	/* it does not come back whole: a part of it may have been evaluated */
	next_value(s, "GET /hello?name=z%3C%25%3Bid HTTP/1.1\r\n\r\n", OK "<b>Hello z<%;</b>", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_NOTHING_TO_SHOW);
	/* where one of them ran, no echo says anything */
	s->report.traces_count = 1;
	next_value(s, "GET /hello?name=%3Bwhoami HTTP/1.1\r\n\r\n", OK "<b>Hello ;whoami</b> zq49zq49", LANGUAGE_JINJA2, "template");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_free(s);
}

static void a_shell_may_run_unseen_what_the_page_shows_again(void **state)
{
	struct scene *s = template_probe();

	scene_text(s, "zq49", "zq49", 20);
	for (unsigned i = 0; i < 2; i++) {
		next_value(s, i == 0 ? "GET /hello?name=x%3Bid HTTP/1.1\r\n\r\n" : "GET /hello?name=yy%3Bid HTTP/1.1\r\n\r\n",
		           i == 0 ? OK "Hello x;id" : OK "Hello yy;id", LANGUAGE_SHELL, "shell");
		expect_reason(s, REASON_MAY_RUN_UNSEEN);
	}
	scene_free(s);
}

#define FILE_X "GET /get?f=../x%3Bid HTTP/1.1\r\n\r\n"
#define FILE_Y "GET /get?f=../y%3Bid HTTP/1.1\r\n\r\n"

static void a_resource_that_denies_two_files_in_the_same_words_refuses(void **state)
{
	struct scene *s = scene_new(FILE_X);

	scene_text(s, "zq49", "zq49", 50);
	next_value(s, FILE_X, DENIED "no ../x;id here", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, FILE_Y, DENIED "no ../y;id here", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_REFUSED);
	/* a page that holds it anyway, whatever its status, is a success, and what is answered so is no refusal */
	next_value(s, "GET /get?f=../z%3Bid HTTP/1.1\r\n\r\n", OK "no ../z;id here", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void files_that_hang_on_this_server_prove_no_refusal(void **state)
{
	struct scene *s = scene_new(FILE_X);
	struct trace *t = scene_text(s, "zq49", "zq49", 50);

	t->depends_count = 1;
	t->depends_on[0] = bytes_text("path /srv/x");
	next_value(s, FILE_X, DENIED "no ../x;id here", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, FILE_Y, DENIED "no ../y;id here", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_place_that_shows_files_says_of_two_that_they_are_missing(void **state)
{
	struct scene *s = scene_new(FILE_X);

	scene_text(s, "zq49", "zq49", 50);
	next_value(s, FILE_X, OK "<h1>File</h1> zq49 <hr>END", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	next_value(s, FILE_Y, OK "<h1>File</h1> missing <hr>END", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, "GET /get?f=../z%3Bid HTTP/1.1\r\n\r\n", OK "<h1>File</h1> missing <hr>END", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_SHOWN_TRACE_MISSING);
	/* two that show nothing at all may be empty, or programs that print nothing */
	next_value(s, "GET /get?f=../v%3Bid HTTP/1.1\r\n\r\n", OK "<h1>File</h1>  <hr>END", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	next_value(s, "GET /get?f=../w%3Bid HTTP/1.1\r\n\r\n", OK "<h1>File</h1>  <hr>END", LANGUAGE_PATH, "path");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static struct scene *sleeper(const char *request)
{
	struct scene *s = scene_new(request);

	s->traces[0] = (struct trace){ .kind = TRACE_DELAY, .value_ns = 3ull * SECOND, .bits = 7, .must_show = true,
	                               .profiles = bytes_of("one\0two", 8) };
	s->report.traces_count = 1;
	return s;
}

static void code_that_breaks_out_like_a_sleep_that_did_not_happen_failed_alike(void **state)
{
	struct scene *s = sleeper("GET /p.php?ip=1%3Bsleep+3 HTTP/1.1\r\n\r\n");
	struct attempt late = { .transaction = 4711, .value = 4711, .answer = 1, .late_ns = 3ull * SECOND };

	scene_response(s, bytes_text(OK "<p>Thank you</p>"));
	s->record.response_first_ns = s->record.response_last_ns = s->record.request_last_ns + SECOND / 100;
	/* a worker may sleep long after the answer */
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	series_note(&place_book_find(s->places, &s->record, &s->codes->codes[0])->series, &late);
	/* it began at once, but ended as late as if something in the middle of it had slept */
	s->record.response_last_ns = s->record.request_last_ns + 3ull * SECOND;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	s->record.response_last_ns = s->record.response_first_ns;
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	s->report.traces_count = 0;
	scene_text(s, "zq49", "zq49", 50)->must_show = false;
	scene_next(s, "GET /p.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<p>Thank you</p>");
	expect_reason(s, REASON_FAILED_ALIKE);
	/* another answer, another way out, another place */
	scene_next(s, "GET /p.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<p>Sorry</p>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, "GET /p.php?ip=1%7C%7Cid HTTP/1.1\r\n\r\n", OK "<p>Thank you</p>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_next(s, "GET /q.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<p>Thank you</p>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	/* one that ran after all takes the proof away */
	scene_next(s, "GET /p.php?ip=1%3Bid HTTP/1.1\r\n\r\n", OK "<p>zq49</p>");
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /p.php?ip=1%3Buname HTTP/1.1\r\n\r\n", OK "<p>Thank you</p>");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

/* Asks the same place what is true or false, and gets the page that follows, or the same one always. */
static void ask(struct scene *s, unsigned n, bool truth, bool follows)
{
	char request[128];

	snprintf(request, sizeof(request), "GET /e?id=1'+AND+%u=%u+AND+'a'='a HTTP/1.1\r\n\r\n", n, truth ? n : n + 1);
	s->traces[0] = (struct trace){ .kind = TRACE_TRUTH, .pattern = bytes_text(truth ? "true" : "false"),
	                               .profiles = bytes_of("one\0two", 8) };
	s->report.traces_count = 1;
	next_value(s, request, truth && follows ? OK "yes" : OK "no", LANGUAGE_SQL, "sql");
	judge(&s->in, &s->judged);
}

static void predicates_that_are_answered_by_what_they_ask_are_success(void **state)
{
	static const char truths[] = "TFFTFTTFTTFFTFTFFTTFTFFTFTTFFTTFTFTFFTTFTTTFFFTT";

	for (unsigned follows = 0; follows < 2; follows++) {
		struct scene *s = scene_new("GET /e?id=1%3Bid HTTP/1.1\r\n\r\n");

		for (unsigned i = 0; truths[i] != '\0'; i++) {
			ask(s, 10 + i, truths[i] == 'T', follows);
			assert_true(follows ? i > 20 || s->judged.verdict == VERDICT_UNKNOWN : s->judged.verdict == VERDICT_UNKNOWN);
		}
		assert_int_equal(s->judged.reason, follows ? REASON_ANSWERS_FOLLOW : REASON_MAY_RUN_UNSEEN);
		ask(s, 90, false, follows);
		assert_int_equal(s->judged.reason, follows ? REASON_ANSWERS_FOLLOW : REASON_MAY_RUN_UNSEEN);
		scene_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_of_a_value_are_cut_out_however_they_are_written),
		cmocka_unit_test(numbers_may_be_all_alike),
		cmocka_unit_test(a_hostile_page_takes_no_time),
		cmocka_unit_test(what_is_around_a_code_is_known_again),
		cmocka_unit_test(answers_that_follow_what_was_asked_are_no_chance),
		cmocka_unit_test(answers_that_do_not_follow_say_nothing),
		cmocka_unit_test(an_open_question_counts_only_where_it_is_answered_as_true),
		cmocka_unit_test(a_value_breaks_each_quoting_or_fits_it),
		cmocka_unit_test(what_fits_no_quoting_is_read_by_no_database),
		cmocka_unit_test(predicates_that_are_answered_by_what_they_ask_are_success),
		cmocka_unit_test(template_code_that_stands_where_its_value_stands_came_back),
		cmocka_unit_test(where_values_come_back_a_short_result_in_place_of_a_template_is_enough),
		cmocka_unit_test(where_templates_are_data_one_without_a_trace_is_data_too),
		cmocka_unit_test(a_shell_may_run_unseen_what_the_page_shows_again),
		cmocka_unit_test(a_resource_that_denies_two_files_in_the_same_words_refuses),
		cmocka_unit_test(files_that_hang_on_this_server_prove_no_refusal),
		cmocka_unit_test(a_place_that_shows_files_says_of_two_that_they_are_missing),
		cmocka_unit_test(code_that_breaks_out_like_a_sleep_that_did_not_happen_failed_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

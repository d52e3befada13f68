/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places that show ordinary values: what stands there of an attack is its result, or the attack as data. */
#include "tests/unit/scene.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"

#define NAMED(name) "<title>Card</title><p>For " name ", with love.</p><hr>"

static void card_of_others(struct scene *s, const char *target, const char *body)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = 50ull * SECOND, .packet = 2, .flow_id = 3000 + s->packets++, .status = 200,
	                     .whole = true, .method = bytes_text("GET"), .name = bytes_text(target), .sample = bytes_text(body),
	                     .body_len = strlen(body), .body_digest = strlen(body) };

	h.tuple = (struct tuple){ .src = scene_address("198.51.100.20"), .dst = scene_address(VICTIM), .sport = 5556, .dport = 80, .protocol = 6 };
	assert_int_equal(memory_add(s->memory, &h), 0);
}

/* A template in a path, whose engine prints what is asked for; ordinary cards are shown with the name that they ask for. */
static struct scene *card(const char *request, const char *response, const char *pattern, double bits)
{
	struct scene *s = scene_new(request);

	s->report.language = LANGUAGE_JINJA2;
	scene_text(s, pattern, pattern, bits);
	card_of_others(s, "/card/Martha", NAMED("Martha"));
	scene_response(s, bytes_text(response));
	return s;
}

static void a_short_result_where_ordinary_values_stand_is_success(void **state)
{
	static const struct {
		const char *request, *response;
		enum reason reason;
	} rows[] = {
		{ "GET /card/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("49"), REASON_TRACE_IN_RESPONSE },
		/* not all of what stands there, elsewhere in the page, beside the value, in a place that shows another page */
		{ "GET /card/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("49 guests"), REASON_WEAK_TRACE },
		{ "GET /card/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("") "49", REASON_WEAK_TRACE },
		{ "GET /card/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("{{7*7}}") "49", REASON_WEAK_TRACE },
		{ "GET /visit/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("49"), REASON_WEAK_TRACE },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene *s = card(rows[i].request, rows[i].response, "49", 6.6);

		expect_reason(s, rows[i].reason);
		scene_free(s);
	}
}

static void a_template_that_stands_as_ordinary_values_do_came_back(void **state)
{
	static const struct {
		const char *response;
		enum reason reason;
	} rows[] = {
		{ OK NAMED("{{7*7}}"), REASON_CAME_BACK_AS_DATA },
		{ OK NAMED("&#123;&#123;7*7&#125;&#125;"), REASON_CAME_BACK_AS_DATA },
		/* it ran: something else is another, the value stands twice, it was taken away, the answer is of another kind */
		{ OK NAMED("{{7*7}}") "<!-- rendered -->", REASON_MAY_RUN_UNSEEN },
		{ OK NAMED("{{7*7}}, {{7*7}}"), REASON_MAY_RUN_UNSEEN },
		{ OK NAMED(""), REASON_MAY_RUN_UNSEEN },
		{ "HTTP/1.1 202 Accepted\r\n\r\n" NAMED("{{7*7}}"), REASON_MAY_RUN_UNSEEN },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct scene *s = card("GET /card/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", rows[i].response, "49", 6.6);

		expect_reason(s, rows[i].reason);
		scene_free(s);
	}
}

/* A shell may run what a page shows again; and where a template ran, no echo says anything. */
static void no_other_code_came_back_because_it_is_shown(void **state)
{
	struct scene *s = scene_new("GET /card/x%3Bid HTTP/1.1\r\n\r\n");

	scene_text(s, "zq49", "zq49", 20);
	card_of_others(s, "/card/Martha", NAMED("Martha"));
	scene_response(s, bytes_text(OK NAMED("x;id")));
	judge(&s->in, &s->judged);
	assert_int_not_equal(s->judged.verdict, VERDICT_FAILURE);
	scene_free(s);
	s = card("GET /card/%7B%7B7*7%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("49"), "49", 6.6);
	expect_reason(s, REASON_TRACE_IN_RESPONSE);
	scene_next(s, "GET /card/%7B%7B7*7+%7D%7D HTTP/1.1\r\n\r\n", OK NAMED("{{7*7+}}"));
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static bool wanted(struct place_book *b, const char *method, const char *target, unsigned status, unsigned second)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = (uint64_t)second * SECOND, .status = (uint16_t)status,
	                     .method = bytes_text(method), .name = bytes_text(target), .tuple.dst = scene_address(VICTIM) };

	return place_book_wants_sample(b, &h);
}

static void a_few_bodies_of_every_place_are_kept(void **state)
{
	struct place_book *b = NULL;
	char target[32];

	assert_int_equal(place_book_new(NULL, &b), 0);
	for (unsigned i = 0; i < 9; i++) {
		snprintf(target, sizeof(target), "/card/%u", i);
		assert_int_equal(wanted(b, "GET", target, 200, 1), i < 4);
		snprintf(target, sizeof(target), "/list?page=%u", i);
		assert_int_equal(wanted(b, "GET", target, 200, 1), i < 4);
		assert_int_equal(wanted(b, "POST", "/list", 200, 1), i < 4);
		assert_int_equal(wanted(b, "POST", "/list", 302, 1), i < 4);
	}
	/* later again: the first ones are forgotten */
	assert_true(wanted(b, "POST", "/list", 302, 700));
	place_book_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_result_where_ordinary_values_stand_is_success),
		cmocka_unit_test(a_template_that_stands_as_ordinary_values_do_came_back),
		cmocka_unit_test(a_few_bodies_of_every_place_are_kept),
		cmocka_unit_test(no_other_code_came_back_because_it_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

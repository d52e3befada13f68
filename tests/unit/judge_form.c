/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging by what an application says of a value's form: then it went no further. */
#include "tests/unit/scene.h"

#define OK SCENE_OK
#define PRINTED SCENE_PRINTED

#define IF_FAILURE "GET /p.php?ip=127.0.0.1%7C%7Cid HTTP/1.1\r\nHost: shop\r\n\r\n"

static void a_value_that_is_called_invalid_went_no_further(void **state)
{
	static const struct {
		const char *request, *response;
		int32_t exit_status;
		enum reason reason;
	} rows[] = {
		{ "127.0.0.1%3Bid", OK "<p class=err>Invalid address: <b>127.0.0.1;id</b></p>", 0, REASON_REFUSED },
		{ "127.0.0.1%3Bid", OK "{\"error\":\"'127.0.0.1;id' is not a valid address\"}", 0, REASON_REFUSED },
		{ "127.0.0.1%3Bid", OK "<p>Ung\xc3\xbcltige Adresse 127.0.0.1;id</p>", 0, REASON_REFUSED },
		/* a result's word; another sentence's; of a part of the value */
		{ "127.0.0.1%3Bid", OK "<p>Unknown host: 127.0.0.1;id</p>", 0, REASON_MAY_RUN_UNSEEN },
		{ "127.0.0.1%3Bid", OK "<p>Invalid session. Result of 127.0.0.1;id: none</p>", 0, REASON_MAY_RUN_UNSEEN },
		{ "127.0.0.1%3Bid", OK "<h2>Invalid hosts</h2><p>127.0.0.1;id</p>", 0, REASON_MAY_RUN_UNSEEN },
		{ "127.0.0.1%3Bid", OK "<p>Invalid address: 127.0.0.1</p>", 0, REASON_MAY_RUN_UNSEEN },
		/* the application may have looked at how the command ended, or at what it made of the value */
		{ "127.0.0.1%3Bid", OK "<p>Invalid address: 127.0.0.1;id</p>", 1, REASON_MAY_RUN_UNSEEN },
		{ "%24%28id%29", OK "<p>Invalid address: $(id)</p>", 0, REASON_MAY_RUN_UNSEEN },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct run runs[] = { { .stopped_by = STOPPED_EXIT, .out = bytes_text(PRINTED) }, { .stopped_by = STOPPED_EXIT, .out = bytes_text(PRINTED) } };
		struct scene *s = scene_attack();
		char request[128];

		runs[1].exit_status = rows[i].exit_status;
		s->report.runs = runs;
		s->report.runs_count = 2;
		snprintf(request, sizeof(request), "GET /p.php?ip=%s HTTP/1.1\r\nHost: shop\r\n\r\n", rows[i].request);
		scene_next(s, request, rows[i].response);
		expect_reason(s, rows[i].reason);
		scene_free(s);
	}
}

static void values_that_are_denied_in_the_same_words_went_no_further(void **state)
{
	static const char invalid[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{\"error\":\"Invalid host name\"}";
	static const char failed[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\r\n{\"error\":\"The look-up failed\"}";
	struct run run = { .stopped_by = STOPPED_EXIT, .out = bytes_text(PRINTED) };

	for (unsigned i = 0; i < 3; i++) {
		const char *said = i == 0 ? invalid : i == 1 ? failed : OK "Invalid host name";
		struct scene *s = scene_attack();

		s->report.runs = &run;
		s->report.runs_count = 1;
		/* one alone may be told of what became of it */
		scene_next(s, "GET /p.php?ip=127.0.0.1%3Bid HTTP/1.1\r\nHost: shop\r\n\r\n", said);
		expect_reason(s, REASON_MAY_RUN_UNSEEN);
		scene_next(s, IF_FAILURE, said);
		expect_reason(s, i == 0 ? REASON_REFUSED : REASON_MAY_RUN_UNSEEN);
		scene_free(s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_that_is_called_invalid_went_no_further),
		cmocka_unit_test(values_that_are_denied_in_the_same_words_went_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

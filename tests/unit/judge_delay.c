/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging by how late the response came. */
#include "tests/unit/scene.h"

/* Another request to the same path, and how long its answer took. */
static void answered(struct scene *s, const char *target, uint64_t delay_ms, bool suspect)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = 60ull * SECOND, .packet = 2, .flow_id = 3000 + s->packets++,
	                     .status = 200, .whole = true, .suspect = suspect, .delay_ns = delay_ms * 1000000 };

	h.tuple = (struct tuple){ .src = scene_address(CLIENT), .dst = scene_address(VICTIM), .dport = 80, .protocol = 6 };
	h.name = bytes_text(target);
	assert_int_equal(memory_add(s->memory, &h), 0);
}

static struct scene *sleeper(uint64_t delay_ms)
{
	struct scene *s = scene_new("GET /c?a=x%3Bsleep+3 HTTP/1.1\r\n\r\n");

	scene_network(s, TRACE_DELAY, "3 s", NULL, 0)->value_ns = 3ull * SECOND;
	s->traces[0].must_show = false;
	scene_response(s, bytes_text("HTTP/1.1 200 OK\r\n\r\nhello"));
	s->record.response_first_ns = s->record.request_last_ns + delay_ms * 1000000;
	return s;
}

static void a_response_late_by_the_sleep_is_success_beside_quick_ones(void **state)
{
	struct scene *s = sleeper(3020);

	expect_reason(s, REASON_WEAK_TRACE);
	answered(s, "/c?a=1", 15, false);
	answered(s, "/other", 15, false);
	expect_reason(s, REASON_WEAK_TRACE);
	answered(s, "/c?a=2", 40, true);
	expect_reason(s, REASON_TRACE_IN_DELAY);
	/* a retransmission delays too */
	s->record.response_retransmitted = true;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_slow_place_proves_nothing_by_being_slow(void **state)
{
	struct scene *s = sleeper(3020);

	for (unsigned i = 0; i < 4; i++)
		answered(s, "/c?a=1", 15, false);
	answered(s, "/c?a=1", 2500, false);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void an_attack_that_takes_no_time_shows_a_slow_place(void **state)
{
	struct scene *s = sleeper(3020);
	struct case_record other = s->record;
	struct judge_input in = s->in;

	for (unsigned i = 0; i < 4; i++)
		answered(s, "/c?a=1", 15, false);
	/* another sleeper's delay says nothing */
	other.flow_id = 3000 + s->packets;
	in.record = &other;
	judge_announce(&in);
	answered(s, "/c?a=1%3Bsleep+3", 3030, true);
	expect_reason(s, REASON_TRACE_IN_DELAY);
	answered(s, "/c?a=1%3Bid", 3010, true);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void another_sleep_is_worth_as_much_as_a_control(void **state)
{
	struct scene *s = sleeper(3020);

	answered(s, "/c?a=1", 15, false);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_next(s, "GET /c?a=y%3Bsleep+3 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello");
	s->record.response_first_ns = s->record.request_last_ns + 3050000000ull;
	expect_reason(s, REASON_TRACE_IN_DELAY);
	scene_free(s);
}

static void sleeps_of_one_length_alone_may_be_a_slow_page(void **state)
{
	struct scene *s = sleeper(3020);

	for (unsigned i = 0; i < 3; i++) {
		scene_next(s, "GET /c?a=y%3Bsleep+3 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello");
		s->record.response_first_ns = s->record.request_last_ns + 3050000000ull;
		expect_reason(s, REASON_WEAK_TRACE);
	}
	/* other lengths that it follows too */
	for (unsigned seconds = 5; seconds <= 8; seconds += 3) {
		scene_next(s, "GET /c?a=y%3Bsleep+9 HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello");
		s->traces[0].value_ns = seconds * 1ull * SECOND;
		s->record.response_first_ns = s->record.request_last_ns + seconds * 1ull * SECOND + 9;
		judge(&s->in, &s->judged);
	}
	assert_int_equal(s->judged.reason, REASON_TRACE_IN_DELAY);
	scene_free(s);
}

static void every_row_of_a_table_may_sleep(void **state)
{
	struct scene *s = sleeper(2420);

	for (unsigned i = 0; i < 3; i++)
		answered(s, "/c?a=1", 15, false);
	s->traces[0].value_ns = 6ull * SECOND / 10;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	for (unsigned i = 0; i < s->codes->count; i++)
		s->codes->codes[i].class_name = "sql";
	expect_reason(s, REASON_TRACE_IN_DELAY);
	/* no whole number of them */
	s->record.response_first_ns = s->record.request_last_ns + 2640000000ull;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void heavy_work_is_seen_beside_enough_quick_answers(void **state)
{
	struct scene *s = sleeper(6347);

	s->traces[0].value_ns = 0;
	for (unsigned i = 0; i < 3; i++)
		answered(s, "/c?a=1", 15, false);
	expect_reason(s, REASON_WEAK_TRACE);
	answered(s, "/c?a=1", 15, false);
	expect_reason(s, REASON_TRACE_IN_DELAY);
	scene_free(s);
}

/* The same for an answer that came while this one waited. */
static void answered_during(struct scene *s, const char *target, uint64_t delay_ms)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = s->record.request_last_ns + 2 * 1000000000ull, .packet = 20,
	                     .flow_id = 3000 + s->packets++, .status = 200, .whole = true, .delay_ns = delay_ms * 1000000 };

	h.tuple = (struct tuple){ .src = scene_address(CLIENT), .dst = scene_address(VICTIM), .dport = 80, .protocol = 6 };
	h.name = bytes_text(target);
	assert_int_equal(memory_add(s->memory, &h), 0);
}

static void a_server_that_is_slow_just_then_proves_nothing(void **state)
{
	struct scene *s = sleeper(3020);

	answered(s, "/c?a=1", 15, false);
	answered(s, "/c?a=1", 15, false);
	expect_reason(s, REASON_TRACE_IN_DELAY);
	answered_during(s, "/other", 1800);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void another_delay_is_no_trace(void **state)
{
	struct scene *s = sleeper(5000);

	answered(s, "/c?a=1", 15, false);
	answered(s, "/c?a=2", 15, false);
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void one_sleep_is_enough_where_the_time_fits_and_the_server_is_seldom_slow(void **state)
{
	struct scene *s = sleeper(3070);

	answered(s, "/c?a=1", 15, false);
	for (unsigned i = 0; i < 40; i++)
		answered(s, "/other", 15, false);
	expect_reason(s, REASON_TRACE_IN_DELAY);
	/* later than the sleep and the place's own time: it may have been anything */
	s->record.response_first_ns += 60000000;
	expect_reason(s, REASON_WEAK_TRACE);
	s->record.response_first_ns -= 60000000;
	/* a server that is slow now and then */
	for (unsigned i = 0; i < 10; i++)
		answered(s, "/other", 900, false);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void a_value_in_the_path_has_the_folder_for_its_place(void **state)
{
	struct scene *s = scene_new("GET /hello/%7B%7Bx.y%28%27sleep+3%27%29%7D%7D HTTP/1.1\r\n\r\n");

	assert_true(s->codes->count > 0);
	scene_network(s, TRACE_DELAY, "3 s", NULL, 0)->value_ns = 3ull * SECOND;
	s->traces[0].must_show = false;
	scene_response(s, bytes_text("HTTP/1.1 200 OK\r\n\r\nhello"));
	s->record.response_first_ns = s->record.request_last_ns + 3020000000ull;
	answered(s, "/other/Ann", 15, false);
	answered(s, "/hello", 15, false);
	expect_reason(s, REASON_WEAK_TRACE);
	answered(s, "/hello/Ann", 15, false);
	answered(s, "/hello/Bob?x=1", 15, false);
	expect_reason(s, REASON_TRACE_IN_DELAY);
	scene_free(s);
}

static void a_script_that_was_brought_is_measured_by_the_whole_server(void **state)
{
	struct scene *s = sleeper(3020);

	for (unsigned i = 0; i < 40; i++)
		answered(s, "/other", 15, false);
	expect_reason(s, REASON_WEAK_TRACE);
	s->codes->codes[0].layers[0] = EXTRACT_UPLOADED;
	s->codes->codes[0].layers_count = 1;
	expect_reason(s, REASON_TRACE_IN_DELAY);
	answered(s, "/c?a=2", 2500, false);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_response_late_by_the_sleep_is_success_beside_quick_ones),
		cmocka_unit_test(a_slow_place_proves_nothing_by_being_slow),
		cmocka_unit_test(an_attack_that_takes_no_time_shows_a_slow_place),
		cmocka_unit_test(another_sleep_is_worth_as_much_as_a_control),
		cmocka_unit_test(sleeps_of_one_length_alone_may_be_a_slow_page),
		cmocka_unit_test(every_row_of_a_table_may_sleep),
		cmocka_unit_test(heavy_work_is_seen_beside_enough_quick_answers),
		cmocka_unit_test(a_server_that_is_slow_just_then_proves_nothing),
		cmocka_unit_test(another_delay_is_no_trace),
		cmocka_unit_test(one_sleep_is_enough_where_the_time_fits_and_the_server_is_seldom_slow),
		cmocka_unit_test(a_value_in_the_path_has_the_folder_for_its_place),
		cmocka_unit_test(a_script_that_was_brought_is_measured_by_the_whole_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

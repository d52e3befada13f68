/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jobs, reports and their frames: round trips, and every cut of one refused. */
#include "control/wire/frame.h"
#include "control/wire/job.h"
#include "control/wire/report.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct bytes encoded(const struct report *report, uint8_t *raw, size_t size)
{
	struct sink s = sink_over(raw, size);
	struct bytes b = { 0 };

	report_encode(&s, report);
	assert_int_equal(sink_done(&s, &b), 0);
	return b;
}

/* A report with one of everything. */
static void sample(struct report *r, struct run *run, struct event *events, struct trace *trace)
{
	events[0] = (struct event){ .kind = EVENT_CONNECT, .port = 4444, .protocol = 6, .virtual_ns = 5 };
	assert_int_equal(address_parse("203.0.113.9", &events[0].address), 0);
	events[1] = (struct event){ .kind = EVENT_EXEC, .path = bytes_text("/bin/sh"), .argv = bytes_of("sh\0-c", 6) };
	*run = (struct run){ .profile = bytes_text("debian"), .output = bytes_text("out\nerr\n"),
		.out = bytes_text("out\n"), .err = bytes_text("err\n"), .exit_status = -1,
		.stopped_by = STOPPED_BLOCKS, .blocks = 7, .host_ns = 8, .ended_ns = 9, .events_count = 2,
		.events_left = 3, .events = events };
	*trace = (struct trace){ .kind = TRACE_TEXT, .place = PLACE_RESPONSE, .pattern = bytes_text("o\\d{1,10}"),
		.bits = 33.25, .must_show = true, .text = bytes_text("o12"), .depends_count = 1,
		.depends_on = { bytes_text("path /srv/x") }, .profiles = bytes_of("debian", 7) };
	*r = (struct report){ .job_id = 42, .language = LANGUAGE_SHELL, .stopped_by = STOPPED_BLOCKS, .host_ns = 99, .blocks = 70,
		.runs_count = 1, .runs = run, .traces_count = 1, .traces = trace };
}

static void a_report_comes_back_as_written(void **state)
{
	struct report r, *again = NULL;
	struct run run;
	struct event events[2];
	struct trace trace;
	uint8_t raw[2048];
	struct bytes b;

	sample(&r, &run, events, &trace);
	b = encoded(&r, raw, sizeof(raw));
	assert_int_equal(report_decode(&b, &again), 0);
	assert_int_equal(b.left, 0);
	assert_true(again->job_id == 42 && again->stopped_by == STOPPED_BLOCKS && again->runs_count == 1);
	assert_true(again->blocks == 70);
	assert_true(again->runs[0].exit_status == -1 && again->runs[0].ended_ns == 9);
	assert_true(again->runs[0].events_count == 2 && again->runs[0].events_left == 3);
	assert_true(address_equal(&again->runs[0].events[0].address, &events[0].address));
	assert_true(bytes_equal(again->runs[0].events[1].argv, events[1].argv));
	assert_true(again->traces[0].bits == 33.25 && again->traces[0].must_show && !again->traces[0].literal);
	assert_true(bytes_equal(again->traces[0].depends_on[0], bytes_text("path /srv/x")));
	report_free(again);
}

static void every_cut_of_a_report_is_refused(void **state)
{
	struct report r, *again = NULL;
	struct run run;
	struct event events[2];
	struct trace trace;
	uint8_t raw[2048];
	struct bytes whole;

	sample(&r, &run, events, &trace);
	whole = encoded(&r, raw, sizeof(raw));
	for (size_t len = 0; len < whole.left; len++) {
		struct bytes cut = bytes_of(raw, len);

		assert_int_equal(report_decode(&cut, &again), -EBADMSG);
		assert_null(again);
	}
}

static void bits_that_are_no_number_are_refused(void **state)
{
	struct trace trace = { .bits = __builtin_nan("") };
	struct report r = { .traces_count = 1, .traces = &trace }, *again = NULL;
	uint8_t raw[512];
	struct bytes b = encoded(&r, raw, sizeof(raw));

	assert_int_equal(report_decode(&b, &again), -EBADMSG);
	trace.bits = -1;
	b = encoded(&r, raw, sizeof(raw));
	assert_int_equal(report_decode(&b, &again), -EBADMSG);
}

static void a_job_comes_back_as_written(void **state)
{
	struct job j = { .id = 7, .language = LANGUAGE_PHP, .code = bytes_text("id"), .runs = true, .seed = 3,
		.profile = bytes_text("busybox") }, again;
	uint8_t raw[64];
	struct sink s = sink_over(raw, sizeof(raw));
	struct bytes b;

	job_encode(&s, &j);
	assert_int_equal(sink_done(&s, &b), 0);
	assert_int_equal(job_decode(&b, &again), 0);
	assert_true(again.id == 7 && again.language == LANGUAGE_PHP && again.runs && again.seed == 3);
	assert_true(bytes_equal(again.code, j.code) && bytes_equal(again.profile, j.profile));
}

static void a_frame_waits_for_its_last_byte(void **state)
{
	uint8_t raw[64];
	struct sink s = sink_over(raw, sizeof(raw));
	size_t begun = frame_begin(&s, FRAME_JOB), need = 0;
	struct frame f;

	sink_put(&s, "body", 4);
	frame_end(&s, begun);
	for (size_t len = 0; len < s.used; len++) {
		struct bytes cut = bytes_of(raw, len);

		assert_int_equal(frame_take(&cut, 4, &f, &need), -EAGAIN);
		assert_int_equal(need, len < 4 ? FRAME_HEAD : s.used);
		assert_int_equal(cut.left, len);
	}
	struct bytes whole = bytes_of(raw, s.used);

	assert_int_equal(frame_take(&whole, 3, &f, NULL), -EBADMSG);
	assert_int_equal(frame_take(&whole, 4, &f, NULL), 0);
	assert_int_equal(f.kind, FRAME_JOB);
	assert_true(bytes_equal(f.body, bytes_text("body")));
	assert_int_equal(whole.left, 0);
}

static void every_word_of_a_report_has_a_name(void **state)
{
	for (unsigned i = 0; i < EVENT_KIND_COUNT; i++)
		assert_string_not_equal(event_kind_name((enum event_kind)i), "?");
	for (unsigned i = 0; i < STOPPED_COUNT; i++)
		assert_string_not_equal(stopped_by_name((enum stopped_by)i), "?");
	for (unsigned i = 0; i < TRACE_KIND_COUNT; i++)
		assert_string_not_equal(trace_kind_name((enum trace_kind)i), "?");
	for (unsigned i = 0; i < PLACE_COUNT; i++)
		assert_string_not_equal(trace_place_name((enum trace_place)i), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_comes_back_as_written),
		cmocka_unit_test(every_cut_of_a_report_is_refused),
		cmocka_unit_test(bits_that_are_no_number_are_refused),
		cmocka_unit_test(a_job_comes_back_as_written),
		cmocka_unit_test(a_frame_waits_for_its_last_byte),
		cmocka_unit_test(every_word_of_a_report_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

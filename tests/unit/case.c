/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases and history records: what is written comes back, and nothing out of range is taken. */
#include "control/wire/case.h"
#include "control/wire/history.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct segment_mark body_marks[] = {
	{ .offset = 0, .packet = 7, .time_ns = 1000 },
	{ .offset = 4, .packet = 9, .time_ns = 2000 },
	{ .offset = 90, .packet = 12, .time_ns = 3000 },
};

static struct case_record sample_case(void)
{
	struct case_record c = {
		.flow_id = 0x1122334455667788, .tx_id = 3, .state = CASE_DONE, .app = APP_HTTP,
		.tuple = { .sport = 40000, .dport = 80, .protocol = 6, .vlan = 12 },
		.flow_start_ns = 1, .request_first_ns = 2, .request_last_ns = 3,
		.request_first_packet = 4, .request_last_packet = 5, .response_first_ns = 6,
		.response_last_ns = 7, .response_first_packet = 8, .response_last_packet = 9,
		.client_seen = true, .response_retransmitted = true, .alerts_count = 2, .alerts_left = 4,
		.alerts[0] = { .gid = 1, .sid = 2, .rev = 3, .severity = 1, .message = bytes_text("first"),
			       .class_type = bytes_text("web-application-attack") },
		.alerts[1] = { .gid = 1, .sid = 9, .rev = 1, .severity = 4, .message = bytes_text("second") },
		.parts[PART_RESPONSE_BODY] = { .present = true, .gaps = PART_BOUND | PART_LOST, .seen = 100,
					       .head = bytes_text("head"), .tail = bytes_text("tail"),
					       .marks_count = 3, .marks = body_marks },
	};

	if (address_parse("192.0.2.1", &c.tuple.src) < 0 || address_parse("2001:db8::2", &c.tuple.dst) < 0)
		abort();
	return c;
}

struct decoded {
	uint8_t raw[4096];
	size_t len;
	struct segment_mark marks[PART_COUNT * CASE_SEGMENTS_MAX];
	struct case_record record;
};

static void encode_sample(struct decoded *d, const struct case_record *c)
{
	struct sink s = sink_over(d->raw, sizeof(d->raw));
	struct bytes b;

	case_encode(&s, c);
	assert_int_equal(sink_done(&s, &b), 0);
	d->len = b.left;
}

static int decode(struct decoded *d, size_t len)
{
	struct bytes b = bytes_of(d->raw, len);
	int r = case_decode(&b, d->marks, &d->record);

	if (r == 0)
		assert_int_equal(b.left, 0);
	return r;
}

static void a_case_comes_back_as_it_was_written(void **state)
{
	struct decoded *d = calloc(1, sizeof(*d));
	struct case_record c = sample_case();
	struct case_part *p = &d->record.parts[PART_RESPONSE_BODY];

	encode_sample(d, &c);
	assert_int_equal(decode(d, d->len), 0);
	assert_true(d->record.flow_id == c.flow_id);
	assert_int_equal(d->record.tx_id, 3);
	assert_int_equal(d->record.state, CASE_DONE);
	assert_true(address_equal(&d->record.tuple.dst, &c.tuple.dst));
	assert_int_equal(d->record.response_last_packet, 9);
	assert_int_equal(d->record.flow_start_ns, 1);
	assert_true(d->record.client_seen && d->record.response_retransmitted);
	assert_false(d->record.server_seen || d->record.request_answered_early);
	assert_int_equal(d->record.alerts_count, 2);
	assert_int_equal(d->record.alerts_left, 4);
	assert_true(bytes_equal(d->record.alerts[0].class_type, bytes_text("web-application-attack")));
	assert_false(d->record.parts[PART_REQUEST_HEAD].present);
	assert_true(bytes_equal(p->tail, bytes_text("tail")));
	assert_int_equal(p->gaps, PART_BOUND | PART_LOST);
	assert_int_equal(p->marks_count, 3);
	assert_int_equal(p->marks[2].packet, 12);
	free(d);
}

static void every_shortened_case_is_refused(void **state)
{
	struct decoded *d = calloc(1, sizeof(*d));
	struct case_record c = sample_case();

	encode_sample(d, &c);
	for (size_t len = 0; len < d->len; len++)
		assert_int_equal(decode(d, len), -EBADMSG);
	free(d);
}

static void marks_out_of_order_are_refused(void **state)
{
	struct decoded *d = calloc(1, sizeof(*d));
	struct case_record c = sample_case();
	struct segment_mark marks[2] = { { .offset = 4 }, { .offset = 4 } };

	c.parts[PART_RESPONSE_BODY].marks = marks;
	c.parts[PART_RESPONSE_BODY].marks_count = 2;
	encode_sample(d, &c);
	assert_int_equal(decode(d, d->len), -EBADMSG);
	free(d);
}

static void a_part_longer_than_it_was_seen_is_refused(void **state)
{
	struct decoded *d = calloc(1, sizeof(*d));
	struct case_record c = sample_case();

	c.parts[PART_RESPONSE_BODY].seen = 7;
	c.parts[PART_RESPONSE_BODY].marks_count = 0;
	encode_sample(d, &c);
	assert_int_equal(decode(d, d->len), -EBADMSG);
	free(d);
}

static void an_offset_belongs_to_the_packet_of_the_last_mark_before_it(void **state)
{
	struct case_part p = { .marks_count = 3, .marks = body_marks };

	assert_int_equal(case_part_mark(&p, 0)->packet, 7);
	assert_int_equal(case_part_mark(&p, 3)->packet, 7);
	assert_int_equal(case_part_mark(&p, 4)->packet, 9);
	assert_int_equal(case_part_mark(&p, 89)->packet, 9);
	assert_int_equal(case_part_mark(&p, 1000)->packet, 12);
	p.marks_count = 0;
	assert_null(case_part_mark(&p, 0));
}

static void a_history_record_comes_back_with_its_long_names_cut(void **state)
{
	static char name[600];
	uint8_t raw[4096];
	struct sink s = sink_over(raw, sizeof(raw));
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = 5, .packet = 6, .flow_id = 7, .tx_id = 8,
			     .status = 404, .whole = true, .delay_ns = 9, .body_len = 10, .body_digest = 11,
			     .answers_count = 1, .content_encoding = bytes_text("gzip"),
			     .sample = bytes_text("<h1>Not Found</h1>") }, back = { 0 };
	struct bytes b;

	memset(name, 'n', sizeof(name));
	h.name = bytes_of(name, sizeof(name));
	h.answers[0].family = 4;
	history_encode(&s, &h);
	assert_int_equal(sink_done(&s, &b), 0);
	for (size_t len = 0; len < s.used; len++) {
		struct bytes cut = bytes_of(raw, len);

		assert_int_equal(history_decode(&cut, &back), -EBADMSG);
	}
	assert_int_equal(history_decode(&b, &back), 0);
	assert_int_equal(b.left, 0);
	assert_int_equal(back.name.left, HISTORY_NAME_MAX);
	assert_int_equal(back.status, 404);
	assert_true(back.whole);
	assert_false(back.suspect);
	assert_int_equal(back.body_digest, 11);
	assert_int_equal(back.answers[0].family, 4);
	assert_true(bytes_equal(back.sample, h.sample));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_comes_back_as_it_was_written),
		cmocka_unit_test(every_shortened_case_is_refused),
		cmocka_unit_test(marks_out_of_order_are_refused),
		cmocka_unit_test(a_part_longer_than_it_was_seen_is_refused),
		cmocka_unit_test(an_offset_belongs_to_the_packet_of_the_last_mark_before_it),
		cmocka_unit_test(a_history_record_comes_back_with_its_long_names_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case made by hand for the tests of judging: one request, one response, traces, and what the site did. */
#ifndef TESTS_UNIT_SCENE_H
#define TESTS_UNIT_SCENE_H

#include "control/judge/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	SECOND = 1000000000,
	REQUEST_TIME = 100, RESPONSE_TIME = 101, /* seconds */
	SCENE_TRACES = 8,
};

#define VICTIM "192.0.2.80"
#define CLIENT "198.51.100.9"

struct scene {
	struct case_record record;
	struct segment_mark marks[2];
	struct extraction *codes;
	struct trace traces[SCENE_TRACES];
	struct report report;
	const struct report *reports[EXTRACT_CODES_MAX];
	struct memory *memory;
	struct place_book *places;
	struct judge_input in;
	struct judgement judged;
	uint64_t packets;
};

static inline struct address scene_address(const char *text)
{
	struct address a = { 0 };

	assert_int_equal(address_parse(text, &a), 0);
	return a;
}

static inline void scene_part(struct scene *s, enum part_kind kind, struct bytes text)
{
	struct case_part *p = &s->record.parts[kind];

	*p = (struct case_part){ .present = true, .seen = text.left, .head = text };
	p->marks = &s->marks[kind == PART_RESPONSE_BODY || kind == PART_RESPONSE_HEAD];
	p->marks_count = 1;
}

/* Splits a message at its blank line into head and body. */
static inline void scene_message(struct scene *s, enum part_kind head, enum part_kind body, struct bytes message)
{
	ptrdiff_t blank = bytes_find(message, bytes_text("\r\n\r\n"));

	assert_true(blank > 0);
	scene_part(s, head, bytes_of(message.at, (size_t)blank + 4));
	scene_part(s, body, bytes_of(message.at + blank + 4, message.left - (size_t)blank - 4));
}

/* A world with nothing but this request in it; the response is set by scene_response(). */
static inline struct scene *scene_new(const char *request)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->record = (struct case_record){ .flow_id = 7, .state = CASE_DONE, .app = APP_HTTP, .client_seen = true,
	                                  .server_seen = true, .flow_start_ns = 99ull * SECOND };
	s->record.tuple = (struct tuple){ .src = scene_address(CLIENT), .dst = scene_address(VICTIM), .sport = 40000,
	                                  .dport = 80, .protocol = 6 };
	s->record.request_first_ns = s->record.request_last_ns = (uint64_t)REQUEST_TIME * SECOND;
	s->record.request_first_packet = s->record.request_last_packet = 10;
	s->marks[0] = (struct segment_mark){ 0, 10, s->record.request_last_ns };
	s->marks[1] = (struct segment_mark){ 0, 12, (uint64_t)RESPONSE_TIME * SECOND };
	s->packets = 100;
	scene_message(s, PART_REQUEST_HEAD, PART_REQUEST_BODY, bytes_text(request));
	assert_int_equal(extract_case(&s->record, NULL, &s->codes), 0);
	assert_int_equal(memory_new(1 << 20, NULL, &s->memory), 0);
	assert_int_equal(place_book_new(NULL, &s->places), 0);
	s->report = (struct report){ .language = LANGUAGE_SHELL, .stopped_by = STOPPED_EXIT, .traces = s->traces };
	for (unsigned i = 0; i < s->codes->count; i++)
		s->reports[i] = &s->report;
	s->in = (struct judge_input){ .record = &s->record, .codes = s->codes, .reports = s->reports, .memory = s->memory,
	                              .places = s->places, .known_until_ns = 1000ull * SECOND, .window_ns = 60ull * SECOND,
	                              .capture_over = true, .success_bits = 30 };
	return s;
}

static inline void scene_free(struct scene *s)
{
	extraction_free(s->codes);
	memory_free(s->memory);
	place_book_free(s->places);
	free(s);
}

static inline void scene_response(struct scene *s, struct bytes response)
{
	scene_message(s, PART_RESPONSE_HEAD, PART_RESPONSE_BODY, response);
	s->record.response_first_ns = s->record.response_last_ns = (uint64_t)RESPONSE_TIME * SECOND;
}

static inline struct trace *scene_text(struct scene *s, const char *pattern, const char *text, double bits)
{
	struct trace *t = &s->traces[s->report.traces_count++];

	*t = (struct trace){ .kind = TRACE_TEXT, .place = PLACE_RESPONSE, .pattern = bytes_text(pattern),
	                     .text = bytes_text(text), .bits = bits, .must_show = true,
	                     .profiles = bytes_of("one\0two", 8) };
	return t;
}

static inline struct trace *scene_network(struct scene *s, enum trace_kind kind, const char *pattern, const char *address,
                                          uint16_t port)
{
	struct trace *t = &s->traces[s->report.traces_count++];

	*t = (struct trace){ .kind = kind, .place = PLACE_LATER_FLOW, .pattern = bytes_text(pattern), .port = port,
	                     .must_show = true, .profiles = bytes_of("one\0two", 8), .literal = strchr(pattern, '\\') == NULL };
	if (address != NULL)
		t->address = scene_address(address);
	return t;
}

/* The site does something at this time; seconds count from the same start as REQUEST_TIME. */
static inline void scene_history(struct scene *s, enum history_kind kind, double seconds, const char *from, const char *to,
                                 uint16_t port, const char *name)
{
	struct history h = { .kind = kind, .time_ns = (uint64_t)(seconds * SECOND), .flow_id = 1000 + s->packets };

	/* packets are numbered as time goes */
	h.packet = (uint64_t)(seconds * 10) - (REQUEST_TIME * 10 - 10);
	if (seconds < REQUEST_TIME)
		h.packet = 1;
	s->packets++;
	h.tuple = (struct tuple){ .src = scene_address(from), .dst = scene_address(to), .sport = 5555, .dport = port,
	                          .protocol = kind == HISTORY_ICMP_ECHO ? 1 : 6 };
	h.name = bytes_text(name);
	assert_int_equal(memory_add(s->memory, &h), 0);
}

/* Another answer of the server. */
static inline void scene_answer(struct scene *s, const char *target, unsigned status, const char *body, bool suspect)
{
	struct history h = { .kind = HISTORY_RESPONSE, .time_ns = 50ull * SECOND, .packet = 2, .flow_id = 2000 + s->packets++,
	                     .status = (uint16_t)status, .whole = true, .suspect = suspect, .body_len = strlen(body) };

	h.tuple = (struct tuple){ .src = scene_address("198.51.100.20"), .dst = scene_address(VICTIM), .sport = 5556,
	                          .dport = 80, .protocol = 6 };
	h.name = bytes_text(target);
	h.sample = bytes_text(status >= 400 ? body : "");
	h.body_digest = h.body_len * 31 + (h.body_len > 0 ? (uint8_t)body[0] : 0);
	assert_int_equal(memory_add(s->memory, &h), 0);
}

/* The same world goes on with another request at the same place. */
static inline void scene_next(struct scene *s, const char *request, const char *response)
{
	extraction_free(s->codes);
	s->record.flow_id++;
	s->record.request_last_ns++;
	scene_message(s, PART_REQUEST_HEAD, PART_REQUEST_BODY, bytes_text(request));
	assert_int_equal(extract_case(&s->record, NULL, &s->codes), 0);
	s->in.codes = s->codes;
	for (unsigned i = 0; i < s->codes->count; i++)
		s->reports[i] = &s->report;
	scene_response(s, bytes_text(response));
}

static inline void expect_reason(struct scene *s, enum reason reason)
{
	judge(&s->in, &s->judged);
	if (s->judged.reason != reason)
		fail_msg("%s, not %s (%s)", reason_name(s->judged.reason), reason_name(reason), s->judged.detail);
	assert_int_equal(s->judged.verdict, reason_verdict(reason));
}

#define SCENE_OK "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
/* what the made-up command prints: a sentence that nothing else holds, with a number that differs */
#define SCENE_PATTERN "quartz vex\\s{1,8}jumbling \\d{1,6} sphinx"
#define SCENE_PRINTED "quartz vex jumbling 4711 sphinx"

/* A shell command in a parameter, which would print that. */
static inline struct scene *scene_attack(void)
{
	struct scene *s = scene_new("GET /p.php?ip=127.0.0.1%3Bid HTTP/1.1\r\nHost: shop\r\n\r\n");

	assert_int_equal(s->codes->count, 1);
	scene_text(s, SCENE_PATTERN, SCENE_PRINTED "\n", 80);
	return s;
}

#endif

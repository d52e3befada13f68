/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases as bytes on a ring: everything that is read back is checked, since the writer met hostile traffic. */
#include "control/wire/case.h"

#include <errno.h>

enum { PART_GAPS_ALL = (PART_CONFLICT << 1) - 1 };

/* Bits of the flags byte. */
enum {
	FLAG_CLIENT_SEEN = 1 << 0,
	FLAG_SERVER_SEEN = 1 << 1,
	FLAG_RETRANSMITTED = 1 << 2,
	FLAG_EARLY = 1 << 3,
	FLAGS_ALL = (FLAG_EARLY << 1) - 1,
};

const char *app_proto_name(enum app_proto app)
{
	static const char *const names[APP_COUNT] = {
		[APP_UNKNOWN] = "failed", [APP_HTTP] = "http", [APP_TLS] = "tls", [APP_DNS] = "dns", [APP_WEBSOCKET] = "websocket",
	};

	return names[app];
}

const struct case_alert *case_record_alert(const struct case_record *c)
{
	const struct case_alert *first = NULL;

	for (uint32_t i = 0; i < c->alerts_count; i++)
		if (first == NULL || c->alerts[i].severity < first->severity)
			first = &c->alerts[i];
	return first;
}

const struct segment_mark *case_part_mark(const struct case_part *p, uint64_t offset)
{
	uint32_t low = 0, high = p->marks_count;

	if (high == 0)
		return NULL;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (p->marks[middle].offset <= offset)
			low = middle;
		else
			high = middle;
	}
	return &p->marks[low];
}

static void alert_encode(struct sink *s, const struct case_alert *a)
{
	sink_u32le(s, a->gid);
	sink_u32le(s, a->sid);
	sink_u32le(s, a->rev);
	sink_u8(s, a->severity);
	sink_run(s, a->message);
	sink_run(s, a->class_type);
}

static int alert_decode(struct bytes *b, struct case_alert *ret)
{
	if (bytes_u32le(b, &ret->gid) < 0 || bytes_u32le(b, &ret->sid) < 0 || bytes_u32le(b, &ret->rev) < 0 ||
	    bytes_u8(b, &ret->severity) < 0 || bytes_run(b, CASE_TEXT_MAX, &ret->message) < 0 ||
	    bytes_run(b, CASE_TEXT_MAX, &ret->class_type) < 0)
		return -EBADMSG;
	return ret->severity >= 1 && ret->severity <= 4 ? 0 : -EBADMSG;
}

static void part_encode(struct sink *s, const struct case_part *p)
{
	sink_u8(s, p->present);
	if (!p->present)
		return;
	sink_u32le(s, p->gaps);
	sink_u64le(s, p->seen);
	sink_run(s, p->head);
	sink_run(s, p->tail);
	sink_u32le(s, p->marks_count);
	for (uint32_t i = 0; i < p->marks_count; i++) {
		sink_u64le(s, p->marks[i].offset);
		sink_u64le(s, p->marks[i].packet);
		sink_u64le(s, p->marks[i].time_ns);
	}
}

/* Marks go to marks[CASE_SEGMENTS_MAX]; offsets must ascend and lie in the part. */
static int marks_decode(struct bytes *b, struct segment_mark *marks, struct case_part *p)
{
	if (bytes_u32le(b, &p->marks_count) < 0 || p->marks_count > CASE_SEGMENTS_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < p->marks_count; i++) {
		struct segment_mark *m = &marks[i];

		if (bytes_u64le(b, &m->offset) < 0 || bytes_u64le(b, &m->packet) < 0 ||
		    bytes_u64le(b, &m->time_ns) < 0)
			return -EBADMSG;
		if (m->offset > p->seen || (i > 0 && m->offset <= marks[i - 1].offset))
			return -EBADMSG;
	}
	p->marks = marks;
	return 0;
}

static int part_decode(struct bytes *b, struct segment_mark *marks, struct case_part *ret)
{
	struct case_part p = { 0 };
	uint8_t present;

	if (bytes_u8(b, &present) < 0 || present > 1)
		return -EBADMSG;
	p.present = present == 1;
	if (p.present) {
		if (bytes_u32le(b, &p.gaps) < 0 || (p.gaps & ~(uint32_t)PART_GAPS_ALL) != 0 ||
		    bytes_u64le(b, &p.seen) < 0 || bytes_run(b, CASE_PART_MAX, &p.head) < 0 ||
		    bytes_run(b, CASE_PART_MAX - p.head.left, &p.tail) < 0 ||
		    p.head.left + p.tail.left > p.seen || marks_decode(b, marks, &p) < 0)
			return -EBADMSG;
	}
	*ret = p;
	return 0;
}

/* The times and packet numbers, in the order they travel. */
enum { CASE_NUMBERS = 9 };

static void numbers_gather(const struct case_record *c, uint64_t *ret)
{
	const uint64_t numbers[CASE_NUMBERS] = {
		c->flow_start_ns,
		c->request_first_ns, c->request_last_ns, c->request_first_packet, c->request_last_packet,
		c->response_first_ns, c->response_last_ns, c->response_first_packet, c->response_last_packet,
	};

	for (size_t i = 0; i < CASE_NUMBERS; i++)
		ret[i] = numbers[i];
}

static void numbers_spread(const uint64_t *n, struct case_record *c)
{
	c->flow_start_ns = n[0];
	c->request_first_ns = n[1];
	c->request_last_ns = n[2];
	c->request_first_packet = n[3];
	c->request_last_packet = n[4];
	c->response_first_ns = n[5];
	c->response_last_ns = n[6];
	c->response_first_packet = n[7];
	c->response_last_packet = n[8];
}

void case_encode(struct sink *s, const struct case_record *c)
{
	uint64_t numbers[CASE_NUMBERS];

	sink_u64le(s, c->flow_id);
	sink_u32le(s, c->tx_id);
	sink_u8(s, (uint8_t)c->state);
	sink_u8(s, (uint8_t)c->app);
	tuple_encode(s, &c->tuple);
	numbers_gather(c, numbers);
	for (size_t i = 0; i < CASE_NUMBERS; i++)
		sink_u64le(s, numbers[i]);
	sink_u8(s, (uint8_t)((c->client_seen ? FLAG_CLIENT_SEEN : 0) | (c->server_seen ? FLAG_SERVER_SEEN : 0) |
			     (c->response_retransmitted ? FLAG_RETRANSMITTED : 0) |
			     (c->request_answered_early ? FLAG_EARLY : 0)));
	sink_u32le(s, c->alerts_left);
	sink_u32le(s, c->alerts_count);
	for (uint32_t i = 0; i < c->alerts_count; i++)
		alert_encode(s, &c->alerts[i]);
	for (size_t i = 0; i < PART_COUNT; i++)
		part_encode(s, &c->parts[i]);
}

/* Everything before the alerts. */
static int head_decode(struct bytes *b, struct case_record *c)
{
	uint64_t numbers[CASE_NUMBERS];
	uint8_t state, app, flags;

	if (bytes_u64le(b, &c->flow_id) < 0 || bytes_u32le(b, &c->tx_id) < 0 || bytes_u8(b, &state) < 0 ||
	    bytes_u8(b, &app) < 0 || state > CASE_DONE || app >= APP_COUNT || tuple_decode(b, &c->tuple) < 0)
		return -EBADMSG;
	for (size_t i = 0; i < CASE_NUMBERS; i++) {
		if (bytes_u64le(b, &numbers[i]) < 0)
			return -EBADMSG;
	}
	if (bytes_u8(b, &flags) < 0 || flags > FLAGS_ALL)
		return -EBADMSG;
	numbers_spread(numbers, c);
	c->state = (enum case_state)state;
	c->app = (enum app_proto)app;
	c->client_seen = flags & FLAG_CLIENT_SEEN;
	c->server_seen = flags & FLAG_SERVER_SEEN;
	c->response_retransmitted = flags & FLAG_RETRANSMITTED;
	c->request_answered_early = flags & FLAG_EARLY;
	return 0;
}

int case_decode(struct bytes *b, struct segment_mark *marks, struct case_record *ret)
{
	struct bytes at = *b;

	if (head_decode(&at, ret) < 0 || bytes_u32le(&at, &ret->alerts_left) < 0 ||
	    bytes_u32le(&at, &ret->alerts_count) < 0 || ret->alerts_count > CASE_ALERTS_MAX)
		return -EBADMSG;
	for (uint32_t i = 0; i < ret->alerts_count; i++) {
		if (alert_decode(&at, &ret->alerts[i]) < 0)
			return -EBADMSG;
	}
	for (size_t i = 0; i < PART_COUNT; i++) {
		if (part_decode(&at, marks + i * CASE_SEGMENTS_MAX, &ret->parts[i]) < 0)
			return -EBADMSG;
	}
	*b = at;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* History records as bytes on a ring. Runs longer than their bound are cut when written, refused when read. */
#include "control/wire/history.h"

#include <errno.h>

enum { METHOD_MAX = 16, CONTENT_TYPE_MAX = 64, CONTENT_ENCODING_MAX = 16 };
enum { FLAG_WHOLE = 1 << 0, FLAG_SUSPECT = 1 << 1, FLAGS_ALL = (FLAG_SUSPECT << 1) - 1 };

static void put_cut(struct sink *s, struct bytes run, size_t max)
{
	if (run.left > max)
		run.left = max;
	sink_run(s, run);
}

void history_encode(struct sink *s, const struct history *h)
{
	uint8_t answers = (uint8_t)(h->answers_count < HISTORY_ANSWERS_MAX ? h->answers_count : HISTORY_ANSWERS_MAX);

	sink_u8(s, (uint8_t)h->kind);
	sink_u64le(s, h->time_ns);
	sink_u64le(s, h->packet);
	sink_u64le(s, h->flow_id);
	sink_u32le(s, h->tx_id);
	tuple_encode(s, &h->tuple);
	put_cut(s, h->name, HISTORY_NAME_MAX);
	put_cut(s, h->host, HISTORY_NAME_MAX);
	put_cut(s, h->method, METHOD_MAX);
	sink_u8(s, answers);
	for (uint8_t i = 0; i < answers; i++)
		address_encode(s, &h->answers[i]);
	sink_u16le(s, h->status);
	sink_u8(s, (uint8_t)((h->whole ? FLAG_WHOLE : 0) | (h->suspect ? FLAG_SUSPECT : 0)));
	sink_u64le(s, h->delay_ns);
	sink_u64le(s, h->body_len);
	sink_u64le(s, h->body_digest);
	put_cut(s, h->content_type, CONTENT_TYPE_MAX);
	put_cut(s, h->content_encoding, CONTENT_ENCODING_MAX);
	put_cut(s, h->sample, HISTORY_SAMPLE_MAX);
}

/* What every kind has: who, when, and names. */
static int front_decode(struct bytes *b, struct history *h)
{
	uint8_t kind, answers;

	if (bytes_u8(b, &kind) < 0 || kind < HISTORY_FLOW || kind > HISTORY_SENT || bytes_u64le(b, &h->time_ns) < 0 ||
	    bytes_u64le(b, &h->packet) < 0 || bytes_u64le(b, &h->flow_id) < 0 || bytes_u32le(b, &h->tx_id) < 0 ||
	    tuple_decode(b, &h->tuple) < 0 || bytes_run(b, HISTORY_NAME_MAX, &h->name) < 0 ||
	    bytes_run(b, HISTORY_NAME_MAX, &h->host) < 0 || bytes_run(b, METHOD_MAX, &h->method) < 0 ||
	    bytes_u8(b, &answers) < 0 || answers > HISTORY_ANSWERS_MAX)
		return -EBADMSG;
	h->kind = (enum history_kind)kind;
	h->answers_count = answers;
	for (uint8_t i = 0; i < answers; i++) {
		if (address_decode(b, &h->answers[i]) < 0)
			return -EBADMSG;
	}
	return 0;
}

int history_decode(struct bytes *b, struct history *ret)
{
	struct history h = { 0 };
	struct bytes at = *b;
	uint8_t flags;

	if (front_decode(&at, &h) < 0 || bytes_u16le(&at, &h.status) < 0 || bytes_u8(&at, &flags) < 0 ||
	    flags > FLAGS_ALL || bytes_u64le(&at, &h.delay_ns) < 0 || bytes_u64le(&at, &h.body_len) < 0 ||
	    bytes_u64le(&at, &h.body_digest) < 0 || bytes_run(&at, CONTENT_TYPE_MAX, &h.content_type) < 0 ||
	    bytes_run(&at, CONTENT_ENCODING_MAX, &h.content_encoding) < 0 ||
	    bytes_run(&at, HISTORY_SAMPLE_MAX, &h.sample) < 0)
		return -EBADMSG;
	h.whole = flags & FLAG_WHOLE;
	h.suspect = flags & FLAG_SUSPECT;
	*b = at;
	*ret = h;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts and marks back into packets. */
#include "control/cli/rebuild.h"
#include "control/extract/http.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINKTYPE_RAW = 101, PCAP_MAGIC_NS = 0xa1b23c4d, SNAPLEN = 262144,
	PAYLOAD_MAX = 60000, /* bytes of one rebuilt packet, */
	FRAME_MAX = 24,      /* and of the framing before and behind them */
	FIN = 1, SYN = 2, ACK = 16, PSH = 8,
	CLIENT_SEQ = 1000000, SERVER_SEQ = 2000000,
};

struct piece {
	uint64_t time_ns, order;
	bool from_client;
	uint32_t seq; /* of its first byte, from the stream's begin */
	char before[FRAME_MAX], behind[FRAME_MAX]; /* text around the data: bodies are kept without their chunks */
	struct bytes data;
};

struct rebuild {
	const struct case_record *record;
	FILE *to;
	struct piece *pieces;
	size_t count, size;
	uint64_t sent[2]; /* bytes of each direction so far: client, server */
};

static int piece_add(struct rebuild *b, const struct piece *p)
{
	if (b->count == b->size) {
		size_t size = b->size == 0 ? 64 : 2 * b->size;
		struct piece *grown = reallocarray(b->pieces, size, sizeof(*grown));

		if (grown == NULL)
			return -ENOMEM;
		b->pieces = grown;
		b->size = size;
	}
	b->pieces[b->count] = *p;
	b->pieces[b->count].order = b->count;
	b->count++;
	return 0;
}

/* Which part of a message says how the other is framed. */
static struct bytes headers_of(const struct case_record *c, enum part_kind body)
{
	return body == PART_REQUEST_BODY ? http_request_of(c->parts[PART_REQUEST_HEAD].head).headers
	                                 : http_response_of(c->parts[PART_RESPONSE_HEAD].head).headers;
}

static bool is_chunked(const struct case_record *c, enum part_kind kind)
{
	struct bytes value;

	if (kind != PART_REQUEST_BODY && kind != PART_RESPONSE_BODY)
		return false;
	value = http_header_find(headers_of(c, kind), "transfer-encoding");
	return value.left >= 7 && bytes_starts_fold(bytes_of(value.at + value.left - 7, 7), bytes_text("chunked"));
}

/* Nothing but the connection's end says where this response ends. */
static bool ends_with_flow(const struct case_record *c)
{
	const struct case_part *body = &c->parts[PART_RESPONSE_BODY];

	return body->present && body->gaps == 0 && !is_chunked(c, PART_RESPONSE_BODY) &&
	       http_header_find(headers_of(c, PART_RESPONSE_BODY), "content-length").left == 0;
}

static int piece_put(struct rebuild *b, const struct case_part *part, uint64_t offset, struct piece *p)
{
	const struct segment_mark *m = case_part_mark(part, offset);

	p->time_ns = m != NULL ? m->time_ns : p->from_client ? b->record->request_last_ns : b->record->response_last_ns;
	p->seq = (uint32_t)b->sent[!p->from_client];
	b->sent[!p->from_client] += strlen(p->before) + p->data.left + strlen(p->behind);
	return piece_add(b, p);
}

/* One kept run of a part, cut where packets began; each piece a chunk of its own if they are to be chunks. */
static int run_add(struct rebuild *b, const struct case_part *part, struct bytes run, uint64_t offset, bool from_client,
                   bool chunks)
{
	while (run.left > 0) {
		const struct segment_mark *m = case_part_mark(part, offset);
		size_t len = run.left < PAYLOAD_MAX ? run.left : PAYLOAD_MAX;
		struct piece p = { .from_client = from_client };
		int r;

		if (m != NULL && m + 1 < part->marks + part->marks_count && (m + 1)->offset > offset &&
		    (m + 1)->offset - offset < len)
			len = (size_t)((m + 1)->offset - offset);
		p.data = bytes_of(run.at, len);
		if (chunks) {
			snprintf(p.before, sizeof(p.before), "%zx\r\n", len);
			snprintf(p.behind, sizeof(p.behind), "\r\n");
		}
		if ((r = piece_put(b, part, offset, &p)) < 0)
			return r;
		run.at += len;
		run.left -= len;
		offset += len;
	}
	return 0;
}

static int part_add(struct rebuild *b, enum part_kind kind, bool from_client)
{
	const struct case_part *part = &b->record->parts[kind];
	bool chunks = is_chunked(b->record, kind), whole = (part->gaps & ~(unsigned)PART_BOUND) == 0;
	uint64_t rest = part->seen - part->head.left, hole = rest - part->tail.left;
	struct piece p = { .from_client = from_client };
	int r;

	if (!part->present)
		return 0;
	r = run_add(b, part, part->head, 0, from_client, chunks);
	if (r == 0 && chunks && part->tail.left > 0) { /* one chunk of what was not kept, and the end */
		snprintf(p.before, sizeof(p.before), "%" PRIx64 "\r\n", rest);
		r = piece_put(b, part, part->head.left, &p);
	}
	b->sent[!from_client] += hole;
	if (r == 0)
		r = run_add(b, part, part->tail, part->seen - part->tail.left, from_client, false);
	if (r == 0 && chunks && whole) {
		snprintf(p.before, sizeof(p.before), "%s0\r\n\r\n", part->tail.left > 0 ? "\r\n" : "");
		r = piece_put(b, part, part->seen > 0 ? part->seen - 1 : 0, &p);
	}
	return r;
}

static int by_time(const void *x, const void *y)
{
	const struct piece *a = x, *b = y;

	if (a->time_ns != b->time_ns)
		return a->time_ns < b->time_ns ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static uint32_t sum_words(uint32_t sum, const uint8_t *at, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(at[i] << 8 | at[i + 1]);
	if (len % 2 != 0)
		sum += (uint32_t)at[len - 1] << 8;
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void put16(uint8_t *at, uint32_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static void put32(uint8_t *at, uint32_t v)
{
	put16(at, v >> 16);
	put16(at + 2, v);
}

/* IP header of a segment of len bytes in head; returns its size. */
static size_t ip_header(const struct tuple *t, size_t len, uint8_t *head)
{
	if (t->src.family == 6) {
		memset(head, 0, 40);
		head[0] = 0x60;
		put16(head + 4, (uint32_t)len);
		head[6] = t->protocol;
		head[7] = 64;
		memcpy(head + 8, t->src.raw, 16);
		memcpy(head + 24, t->dst.raw, 16);
		return 40;
	}
	memset(head, 0, 20);
	head[0] = 0x45;
	put16(head + 2, (uint32_t)len + 20);
	head[8] = 64;
	head[9] = t->protocol;
	memcpy(head + 12, t->src.raw, 4);
	memcpy(head + 16, t->dst.raw, 4);
	put16(head + 10, ~sum_words(0, head, 20));
	return 20;
}

/* Checksum of a transport header with its data, over the pseudo header (RFC 9293 3.1, RFC 8200 8.1). */
static uint16_t checksum(const struct tuple *t, const uint8_t *segment, size_t len)
{
	size_t width = t->src.family == 6 ? 16 : 4;
	uint32_t sum = (uint32_t)len + t->protocol;

	sum = sum_words(sum, t->src.raw, width);
	sum = sum_words(sum, t->dst.raw, width);
	return (uint16_t)~sum_words(sum, segment, len);
}

static int packet_write(struct rebuild *b, uint64_t time_ns, const uint8_t *packet, size_t len)
{
	const uint32_t head[4] = { (uint32_t)(time_ns / 1000000000), (uint32_t)(time_ns % 1000000000), (uint32_t)len,
		                   (uint32_t)len };

	return fwrite(head, sizeof(head), 1, b->to) == 1 && fwrite(packet, len, 1, b->to) == 1 ? 0 : -EIO;
}

static int tcp_write(struct rebuild *b, const struct piece *p, uint8_t flags, uint32_t seq, uint32_t ack)
{
	uint8_t packet[40 + 20 + PAYLOAD_MAX + 2 * FRAME_MAX];
	const struct tuple t = p->from_client ? b->record->tuple : tuple_reverse(&b->record->tuple);
	size_t before = strlen(p->before), behind = strlen(p->behind), len = before + p->data.left + behind;
	size_t head = ip_header(&t, 20 + len, packet);
	uint8_t *tcp = packet + head;

	memset(tcp, 0, 20);
	put16(tcp, t.sport);
	put16(tcp + 2, t.dport);
	put32(tcp + 4, seq);
	put32(tcp + 8, ack);
	tcp[12] = 5 << 4;
	tcp[13] = flags;
	put16(tcp + 14, 65535);
	memcpy(tcp + 20, p->before, before);
	if (p->data.left > 0)
		memcpy(tcp + 20 + before, p->data.at, p->data.left);
	memcpy(tcp + 20 + len - behind, p->behind, behind);
	put16(tcp + 16, checksum(&t, tcp, 20 + len));
	return packet_write(b, p->time_ns, packet, head + 20 + len);
}

static int udp_write(struct rebuild *b, const struct piece *p)
{
	uint8_t packet[40 + 8 + PAYLOAD_MAX];
	const struct tuple t = p->from_client ? b->record->tuple : tuple_reverse(&b->record->tuple);
	size_t head = ip_header(&t, 8 + p->data.left, packet);
	uint8_t *udp = packet + head;

	memset(udp, 0, 8);
	put16(udp, t.sport);
	put16(udp + 2, t.dport);
	put16(udp + 4, (uint32_t)p->data.left + 8);
	memcpy(udp + 8, p->data.at, p->data.left);
	put16(udp + 6, checksum(&t, udp, 8 + p->data.left));
	return packet_write(b, p->time_ns, packet, head + 8 + p->data.left);
}

static int handshake_write(struct rebuild *b)
{
	const struct piece client = { .time_ns = b->record->flow_start_ns, .from_client = true };
	const struct piece server = { .time_ns = b->record->flow_start_ns };
	int r = tcp_write(b, &client, SYN, CLIENT_SEQ - 1, 0);

	if (r == 0)
		r = tcp_write(b, &server, SYN | ACK, SERVER_SEQ - 1, CLIENT_SEQ);
	return r < 0 ? r : tcp_write(b, &client, ACK, CLIENT_SEQ, SERVER_SEQ);
}

static int pieces_write(struct rebuild *b)
{
	bool tcp = b->record->tuple.protocol == 6;
	uint32_t next[2] = { CLIENT_SEQ, SERVER_SEQ }; /* what each side sent so far: the other's acknowledgement */
	int r = tcp ? handshake_write(b) : 0;

	for (size_t i = 0; i < b->count && r == 0; i++) {
		const struct piece *p = &b->pieces[i];
		uint32_t seq = p->seq + (p->from_client ? CLIENT_SEQ : SERVER_SEQ);

		if (!tcp) {
			r = udp_write(b, p);
			continue;
		}
		r = tcp_write(b, p, PSH | ACK, seq, next[p->from_client]);
		next[!p->from_client] = seq + (uint32_t)(strlen(p->before) + p->data.left + strlen(p->behind));
	}
	if (r == 0 && tcp && ends_with_flow(b->record)) {
		const struct piece end = { .time_ns = b->record->response_last_ns };

		r = tcp_write(b, &end, FIN | ACK, next[1], next[0]);
	}
	return r;
}

int rebuild_pcap(const struct case_record *record, FILE *to)
{
	static const struct {
		enum part_kind kind;
		bool from_client;
	} parts[] = { { PART_REQUEST_HEAD, true }, { PART_REQUEST_BODY, true }, { PART_CLIENT_STREAM, true },
		      { PART_RESPONSE_HEAD, false }, { PART_RESPONSE_BODY, false }, { PART_SERVER_STREAM, false } };
	const uint32_t header[6] = { PCAP_MAGIC_NS, 2 | 4 << 16, 0, 0, SNAPLEN, LINKTYPE_RAW };
	struct rebuild b = { .record = record, .to = to };
	int r = 0;

	for (size_t i = 0; i < COUNT_OF(parts) && r == 0; i++)
		r = part_add(&b, parts[i].kind, parts[i].from_client);
	if (r == 0 && b.count > 0)
		qsort(b.pieces, b.count, sizeof(*b.pieces), by_time);
	if (r == 0 && fwrite(header, sizeof(header), 1, to) != 1)
		r = -EIO;
	if (r == 0)
		r = pieces_write(&b);
	free(b.pieces);
	return r;
}

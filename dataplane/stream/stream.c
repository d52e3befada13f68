/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reassembly of one direction: sorted blocks behind gaps, and the packet at hand, merged where they meet. */
#include "dataplane/stream/stream.h"

#include <string.h>

enum { WINDOW_MAX = 1 << 30 }; /* bytes ahead of next that TCP's largest window allows; RFC 7323 2.3 */

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static bool now_is_empty(const struct segment *g)
{
	return g->bytes.left == 0 && g->missing == 0;
}

static void begin_at(struct stream *s, uint32_t seq)
{
	s->begun = true;
	s->next_seq = seq;
}

/* Where seq lies, relative to the next byte wanted: sequence numbers wrap, distances do not. */
static int64_t distance(const struct stream *s, uint32_t seq)
{
	return (int32_t)(seq - s->next_seq);
}

/* Cuts what lies before the next byte wanted off the packet at hand. */
static void trim_now(struct stream *s)
{
	struct segment *g = &s->now;
	uint64_t cut;

	if (g->offset >= s->next || now_is_empty(g))
		return;
	cut = least(s->next - g->offset, g->bytes.left);
	g->bytes = bytes_of(cut > 0 ? g->bytes.at + cut : g->bytes.at, g->bytes.left - cut);
	g->offset += cut;
	cut = least(s->next - g->offset, g->missing);
	g->missing -= (uint32_t)cut;
	g->offset += cut;
}

/* The first block that ends beyond offset. */
static struct block *block_at(struct stream *s, uint64_t offset)
{
	struct block *b = waiting_before(&s->waiting, offset);

	return b != NULL && b->offset + b->len > offset ? b : waiting_after(&s->waiting, b);
}

/* Does the packet at hand say something else than the bytes that wait for the same place? */
static bool conflicts(struct stream *s)
{
	const struct segment *g = &s->now;
	uint64_t end = g->offset + g->bytes.left;
	bool any = false;

	if (g->bytes.left == 0)
		return false;
	for (struct block *b = block_at(s, g->offset); b != NULL && b->offset < end;
	     b = waiting_after(&s->waiting, b)) {
		uint64_t from = b->offset > g->offset ? b->offset : g->offset;
		uint64_t to = least(b->offset + b->len, end);

		if (memcmp(b->data + (from - b->offset), g->bytes.at + (from - g->offset), to - from) != 0)
			b->conflict = any = true;
	}
	return any;
}

/* The first sequence numbers of this direction. A second SYN counts as long as nothing followed the first. */
static void take_beginning(struct stream *s, const struct packet *p)
{
	bool fresh = s->next == 0 && s->waiting.count == 0;

	if (p->tcp_flags & STREAM_SYN) {
		if (!s->begun || fresh)
			begin_at(s, p->seq + 1);
	} else if (!s->begun && (p->payload_sent > 0 || p->tcp_flags & STREAM_FIN)) {
		begin_at(s, p->seq);
	}
}

void stream_add(struct stream *s, const struct packet *p)
{
	struct bytes bytes = p->payload;
	uint32_t sent = p->payload_sent > bytes.left ? p->payload_sent : (uint32_t)bytes.left;
	uint32_t seq = p->seq + (p->tcp_flags & STREAM_SYN ? 1 : 0);
	int64_t offset;

	s->report = (struct stream_report){ 0 };
	s->now = (struct segment){ 0 };
	take_beginning(s, p);
	if (!s->begun)
		return;
	offset = (int64_t)s->next + distance(s, seq);
	if (distance(s, seq) > WINDOW_MAX || offset + sent < 0) {
		s->report.outside = sent > 0;
		return;
	}
	if (offset < 0 && sent == 0)
		return;
	if (offset < 0) { /* from before the capture began */
		uint64_t cut = least((uint64_t)-offset, bytes.left);

		bytes = bytes_of(cut > 0 ? bytes.at + cut : bytes.at, bytes.left - cut);
		sent -= (uint32_t)-offset;
		offset = 0;
	}
	s->report.from = (uint64_t)offset;
	s->report.to = (uint64_t)offset + sent;
	if (p->tcp_flags & STREAM_FIN && s->report.to >= s->next) {
		s->ended = true;
		s->end = s->report.to;
	}
	s->now = (struct segment){ .bytes = bytes, .offset = (uint64_t)offset, .packet = p->number,
				   .time_ns = p->time_ns, .missing = sent - (uint32_t)bytes.left };
	trim_now(s);
	s->report.old = sent > 0 && now_is_empty(&s->now);
	s->report.conflict = conflicts(s);
}

void stream_acknowledge(struct stream *s, uint32_t ack)
{
	int64_t d;

	if (!s->begun)
		begin_at(s, ack);
	s->peer_acks = true;
	d = distance(s, ack);
	if (d <= 0 || d > WINDOW_MAX || s->next + (uint64_t)d <= s->acked)
		return;
	s->acked = s->next + (uint64_t)d;
	if (s->acked > s->lost_before)
		s->lost_before = s->acked;
}

void stream_flush(struct stream *s)
{
	s->now = (struct segment){ 0 };
	s->lost_before = UINT64_MAX;
}

/* The stream goes on by len bytes, whether they were handed on or given up. */
static void move_on(struct stream *s, uint64_t len)
{
	s->next += len;
	s->next_seq += (uint32_t)len;
	s->missing = len >= s->missing ? 0 : s->missing - (uint32_t)len;
}

static bool next_from_now(struct stream *s, struct run *ret)
{
	const struct block *first = s->waiting.first[0];
	struct segment *g = &s->now;
	uint64_t len;

	trim_now(s);
	len = g->bytes.left;
	if (g->offset != s->next || now_is_empty(g))
		return false;
	if (first != NULL)
		len = least(len, first->offset - s->next);
	if (len > 0) {
		*ret = (struct run){ .bytes = bytes_of(g->bytes.at, len), .offset = s->next, .packet = g->packet,
				     .time_ns = g->time_ns };
		move_on(s, len);
		trim_now(s);
	}
	if (g->bytes.left == 0) {
		if (g->missing > s->missing && g->offset == s->next)
			s->missing = g->missing;
		g->missing = 0;
	}
	return len > 0;
}

static bool next_from_waiting(struct stream *s, struct run *ret)
{
	struct block *b = s->waiting.first[0];

	if (b == NULL || b->offset != s->next)
		return false;
	s->lent = waiting_take_first(&s->waiting);
	*ret = (struct run){ .bytes = bytes_of(b->data, b->len), .offset = s->next, .packet = b->packet,
			     .time_ns = b->time_ns, .conflict = b->conflict };
	move_on(s, b->len);
	if (b->missing > s->missing)
		s->missing = b->missing;
	return true;
}

/* The nearest byte that is here beyond next; UINT64_MAX: none. */
static uint64_t nearest(const struct stream *s)
{
	uint64_t at = s->waiting.first[0] != NULL ? s->waiting.first[0]->offset : UINT64_MAX;

	return now_is_empty(&s->now) ? at : least(at, s->now.offset);
}

static bool next_gap(struct stream *s, struct run *ret)
{
	const struct block *first = s->waiting.first[0];
	uint64_t at = nearest(s), gap = 0;
	bool cut_off = s->missing > 0;

	if (cut_off)
		gap = least(s->missing, at - s->next);
	else if (at != UINT64_MAX && at <= s->lost_before)
		gap = at - s->next;
	if (gap == 0)
		return false;
	*ret = (struct run){ .offset = s->next, .gap = gap, .short_capture = cut_off,
			     .packet = first != NULL ? first->packet : s->now.packet,
			     .time_ns = first != NULL ? first->time_ns : s->now.time_ns };
	move_on(s, gap);
	return true;
}

/*
 * A block for what begins at offset. Where the peer waits for the gap too, the farthest block goes for it if it lies
 * beyond: of the packet at hand nothing does yet. NULL: no room.
 */
static struct block *room_at(struct stream *s, struct blocks *pool, uint32_t max_blocks, uint64_t offset)
{
	bool full = s->waiting.count >= max_blocks;
	struct block *b = full ? NULL : block_take(pool), *last;

	if (b != NULL)
		return b;
	if (full)
		s->report.dropped_wait++;
	else
		s->report.dropped_pool++;
	last = s->peer_acks ? waiting_before(&s->waiting, UINT64_MAX) : NULL;
	return last != NULL && last->offset > offset ? waiting_take_last(&s->waiting) : NULL;
}

/* Bytes of the packet at hand from offset on wait in a block. How many; 0: no room. */
static uint32_t wait_for(struct stream *s, struct blocks *pool, uint32_t max_blocks, uint64_t offset, uint64_t len)
{
	const struct segment *g = &s->now;
	struct block *b = room_at(s, pool, max_blocks, offset);

	if (b == NULL)
		return 0;
	b->offset = offset;
	b->len = (uint32_t)least(len, BLOCK_DATA);
	b->missing = 0;
	b->conflict = false;
	b->packet = g->packet;
	b->time_ns = g->time_ns;
	memcpy(b->data, g->bytes.at + (offset - g->offset), b->len);
	if (offset + b->len == g->offset + g->bytes.left)
		b->missing = g->missing;
	waiting_add(&s->waiting, b);
	return b->len;
}

/* Copies what is new of the packet at hand into blocks, between those that wait already. False: no room. */
static bool keep_now(struct stream *s, struct blocks *pool, uint32_t max_blocks)
{
	uint64_t at = s->now.offset, end = at + s->now.bytes.left;

	while (at < end) {
		const struct block *b = block_at(s, at);
		uint64_t to = b == NULL ? end : least(end, b->offset);
		uint32_t len;

		if (b != NULL && b->offset <= at) {
			at = b->offset + b->len;
			continue;
		}
		if ((len = wait_for(s, pool, max_blocks, at, to - at)) == 0)
			return false;
		at += len;
	}
	return true;
}

/* The packet at hand lies behind a gap: it must wait, or the gap must go. True: ask for the next run again. */
static bool put_by(struct stream *s, struct blocks *pool, uint32_t max_blocks)
{
	if (keep_now(s, pool, max_blocks) || s->peer_acks) {
		s->now = (struct segment){ 0 };
		return false;
	}
	s->report.dropped_wait = s->report.dropped_pool = 0; /* nothing is dropped: the gap is given up instead */
	s->lost_before = nearest(s);
	return true;
}

bool stream_next(struct stream *s, struct blocks *pool, uint32_t max_blocks, struct run *ret)
{
	if (s->lent != NULL) {
		block_give(pool, s->lent);
		s->lent = NULL;
	}
	do {
		if (next_from_now(s, ret) || next_from_waiting(s, ret) || next_gap(s, ret))
			return true;
	} while (!now_is_empty(&s->now) && put_by(s, pool, max_blocks));
	return false;
}

bool stream_over(const struct stream *s)
{
	return s->ended && s->next >= s->end;
}

uint64_t stream_tail_lost(const struct stream *s)
{
	uint64_t to = s->ended ? s->end : s->acked;

	return to > s->next ? to - s->next : 0;
}

void stream_fini(struct stream *s, struct blocks *pool)
{
	struct block *b;

	if (s->lent != NULL)
		block_give(pool, s->lent);
	while ((b = waiting_take_first(&s->waiting)) != NULL)
		block_give(pool, b);
	*s = (struct stream){ 0 };
}

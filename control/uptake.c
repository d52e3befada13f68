/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the rings into the order of packets, and from there to memory and docket. */
#include "control/loop.h"
#include "control/judge/judge.h"
#include "control/judge/memory.h"
#include "control/judge/place.h"
#include "control/upload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BURST = 256,             /* records of one lane in one turn */
	MERGE_MAX = 1 << 20,     /* records that wait for their turn; beyond it the rings fill instead */
	RANK_CASE = 1000,        /* of what one packet caused, history comes first: a case is judged with it */
};

/* A history record on its way, and the bytes that its runs lie in. */
struct history_item {
	struct history history;
	uint8_t bytes[];
};

static int history_add(struct control *c, struct bytes body)
{
	struct history_item *item = malloc(sizeof(*item) + body.left);
	struct merge_item m = { .kind = RECORD_HISTORY };
	const struct history *h;
	struct bytes copy;

	if (item == NULL)
		return -ENOMEM;
	h = &item->history;
	memcpy(item->bytes, body.at, body.left);
	copy = bytes_of(item->bytes, body.left);
	if (history_decode(&copy, &item->history) < 0) {
		free(item);
		return -EBADMSG;
	}
	m.key = (struct merge_key){ h->time_ns, h->packet, (uint32_t)h->kind, h->flow_id, h->tx_id };
	m.what = item;
	return merge_add(c->merge, &m);
}

static int case_add(struct control *c, struct bytes body)
{
	struct open_case *oc = NULL;
	struct merge_item m = { .kind = RECORD_CASE };
	int r = docket_prepare(c->docket, body, clock_ns(), &oc);

	if (r < 0 || oc == NULL)
		return r;
	/* a case sent early comes before the whole one, which takes its place */
	m.key = (struct merge_key){ oc->time_ns, oc->packet, RANK_CASE + (uint32_t)oc->file->record.state,
		                    oc->id.flow_id, oc->id.tx_id };
	m.what = oc;
	return merge_add(c->merge, &m);
}

static int capture_begin(struct control *c, struct bytes body)
{
	struct capture_mark mark;
	int r = capture_mark_decode(&body, &mark);

	if (r < 0 || c->in_capture)
		return r;
	c->in_capture = true;
	c->capture_index = mark.index;
	c->capture_packets = 0;
	c->capture_error[0] = 0;
	snprintf(c->capture_name, sizeof(c->capture_name), "%.*s", (int)mark.text.left, (const char *)mark.text.at);
	return 0;
}

static int capture_end(struct control *c, unsigned lane, struct bytes body)
{
	struct capture_mark mark;
	int r = capture_mark_decode(&body, &mark);

	if (r < 0)
		return r;
	c->uptakes[lane].ended = true;
	merge_end(c->merge, lane);
	merge_reached(c->merge, mark.last_ns);
	if (mark.packets > c->capture_packets)
		c->capture_packets = mark.packets;
	if (mark.error != 0 && c->capture_error[0] == 0)
		snprintf(c->capture_error, sizeof(c->capture_error), "%.*s", (int)mark.text.left,
		         mark.text.left > 0 ? (const char *)mark.text.at : "");
	return 0;
}

static int watermark_note(struct control *c, unsigned lane, struct bytes body)
{
	struct watermark w;
	int r = watermark_decode(&body, &w);

	if (r < 0)
		return r;
	/* the time alone is promised: what a lane holds back may carry the same moment and an earlier packet */
	w.packet = 0;
	merge_promise(c->merge, lane, w);
	return 0;
}

static int record_take(struct control *c, unsigned lane, struct bytes record)
{
	uint8_t kind;

	if (bytes_u8(&record, &kind) < 0)
		return -EBADMSG;
	switch (kind) {
	case RECORD_CASE:
		return case_add(c, record);
	case RECORD_HISTORY:
		return history_add(c, record);
	case RECORD_WATERMARK:
		return watermark_note(c, lane, record);
	case RECORD_COUNTERS:
		return counters_decode(&record, &c->uptakes[lane].counters);
	case RECORD_CAPTURE:
		return capture_begin(c, record);
	case RECORD_END:
		return capture_end(c, lane, record);
	default:
		return -EBADMSG;
	}
}

/* A ring with nonsense in it is no use any more: its lane counts as ended, so that the others go on. */
static void ring_give_up(struct control *c, unsigned lane)
{
	fprintf(stderr, "konseki-control: lane %u wrote what is no record; its ring is closed\n", lane);
	ring_close(c->uptakes[lane].ring);
	c->uptakes[lane].ring = NULL;
	c->uptakes[lane].ended = true;
	merge_end(c->merge, lane);
}

static bool lane_step(struct control *c, unsigned lane)
{
	struct uptake *u = &c->uptakes[lane];
	bool came = false;

	for (unsigned i = 0; i < BURST && u->ring != NULL && !u->ended; i++) {
		struct bytes record;
		int r = ring_peek(u->ring, &record);

		if (r == -EAGAIN)
			break;
		if (r < 0) {
			ring_give_up(c, lane);
			break;
		}
		r = record_take(c, lane, record);
		u->records++;
		if (r < 0 && u->bad++ == 0)
			fprintf(stderr, "konseki-control: lane %u: a record was refused: %s; more are counted\n", lane,
			        strerror(-r));
		ring_release(u->ring);
		came = true;
	}
	return came;
}

bool uptake_step(struct control *c)
{
	struct queue_counts q;
	bool came = false, full;

	queue_count(c->queue, &q);
	full = merge_count(c->merge) >= MERGE_MAX || (c->replay && q.waiting >= c->settings->queue_jobs);
	/* waiting is safe only while something in the merge can leave: else only reading on can help */
	if (full && merge_peek(c->merge) != NULL)
		return false;
	for (unsigned lane = 0; lane < c->lanes; lane++)
		came |= lane_step(c, lane);
	return came;
}

/* Was it seen to answer requests? What it gets itself may be shown to who made it ask. */
static bool is_server(const struct control *c, const struct address *a)
{
	struct memory_query q = { .address = *a, .side = MEMORY_TO, .kinds = 1u << HISTORY_REQUEST | 1u << HISTORY_RESPONSE,
	                          .to_ns = UINT64_MAX };
	struct memory_cursor cursor;

	memory_seek(c->memory, &q, &cursor);
	return memory_next(&cursor) != NULL;
}

static void history_take(struct control *c, struct history_item *item)
{
	struct history *h = &item->history;

	c->history_count++;
	judge_note_answer(c->places, h);
	/* the lines are in the book; whole bodies are compared of refusals, of what a site gets itself, and of a few answers of each place */
	if (h->kind == HISTORY_RESPONSE && h->status < 400 && h->sample.left > 0 && !is_server(c, &h->tuple.src) &&
	    !place_book_wants_sample(c->places, h))
		h->sample = (struct bytes){ 0 };
	if (memory_add(c->memory, h) == 0 && !c->replay) {
		docket_touch(c->docket, &h->tuple.src);
		docket_touch(c->docket, &h->tuple.dst);
	}
	free(item);
}

static void time_goes(struct control *c, uint64_t ns)
{
	if (ns > c->capture_ns)
		c->capture_ns = ns;
}

/* One thing in the order of capture time: a record, or a case that wants to be asked. False: nothing may happen now. */
static bool progress_one(struct control *c)
{
	const struct merge_item *next = merge_peek(c->merge);
	uint64_t due = docket_due_ns(c->docket), low = merge_low(c->merge).time_ns;
	struct merge_item item;

	/* at the same moment records come first, so that who asks knows them */
	if (due < low && (next == NULL || due < next->key.time_ns) &&
	    (!merge_ended(c->merge) || due <= merge_latest_ns(c->merge))) {
		time_goes(c, due);
		docket_ask(c->docket, due);
		return true;
	}
	if (next == NULL)
		return false;
	if (next->kind == RECORD_CASE)
		docket_supply(c->docket, next->what);
	if (c->replay && next->kind == RECORD_CASE && !open_case_ready(next->what))
		return false; /* its traces decide: they are waited for, so that no load changes a verdict */
	merge_take(c->merge, &item);
	time_goes(c, item.key.time_ns);
	if (item.kind == RECORD_CASE)
		docket_open(c->docket, item.what);
	else
		history_take(c, item.what);
	return true;
}

/* Replay: a capture is over when all lanes say so and nothing of it is left to decide. */
static int capture_close(struct control *c)
{
	int r;

	docket_close_all(c->docket, merge_latest_ns(c->merge));
	r = store_pending(c->store) ? store_commit(c->store) : 0;
	if (r < 0)
		fprintf(stderr, "konseki-control: the store failed: %s\n", strerror(-r));
	r = publisher_end_capture(c->publisher, bytes_text(c->capture_name), c->capture_packets,
	                          bytes_text(c->capture_error));
	memory_forget(c->memory);
	place_book_forget(c->places);
	uploads_forget(c->uploads);
	merge_reset(c->merge);
	for (unsigned i = 0; i < c->lanes; i++)
		c->uptakes[i].ended = c->uptakes[i].ring == NULL;
	for (unsigned i = 0; i < c->lanes; i++)
		if (c->uptakes[i].ended)
			merge_end(c->merge, i);
	c->capture_ns = 0;
	c->in_capture = false;
	c->captures_done++;
	return r;
}

bool progress_step(struct control *c)
{
	bool moved = false;

	for (unsigned i = 0; i < 64 * BURST && progress_one(c); i++)
		moved = true;
	if (c->replay && c->in_capture && merge_ended(c->merge) && merge_count(c->merge) == 0 &&
	    (docket_due_ns(c->docket) > merge_latest_ns(c->merge))) {
		if (capture_close(c) < 0)
			*c->stop = 1;
		moved = true;
	}
	return moved;
}

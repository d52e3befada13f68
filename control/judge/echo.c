/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the place shows the value of an ordinary request, as data. There the value of this one would stand, or what it was
 * evaluated to.
 */
#include "control/extract/decode.h"
#include "control/extract/http.h"
#include "control/judge/mask.h"
#include "control/judge/ordinary.h"
#include "control/judge/ruling.h"

#include <string.h>

enum {
	ANSWERS_MAX = 32,  /* ordinary answers of the place that are compared */
	EDGE_MIN = 4,      /* bytes on both sides by which the place of a value is known again */
};

/* A target with the value cut out of it. */
struct hole {
	struct bytes before, after;
};

/* False: the code does not stand in the target. */
static bool hole_of(const struct ruling *r, const struct attack_code *code, struct hole *ret)
{
	struct bytes target = http_request_of(r->in->record->parts[PART_REQUEST_HEAD].head).target, raw = attempt_raw(r, code);

	if (code->part != PART_REQUEST_HEAD || raw.left == 0 || raw.at < target.at || raw.at + raw.left > target.at + target.left)
		return false;
	ret->before = bytes_of(target.at, (size_t)(raw.at - target.at));
	ret->after = bytes_of(raw.at + raw.left, target.left - ret->before.left - raw.left);
	return true;
}

/* The value that another target has there, decoded, in room of HISTORY_NAME_MAX; false: it differs elsewhere too. */
static bool value_in(const struct hole *hole, struct bytes target, uint8_t *room, struct bytes *ret)
{
	struct sink out = sink_over(room, HISTORY_NAME_MAX);
	size_t around = hole->before.left + hole->after.left;
	struct bytes value;

	if (target.left <= around || memcmp(target.at, hole->before.at, hole->before.left) != 0 ||
	    memcmp(target.at + target.left - hole->after.left, hole->after.at, hole->after.left) != 0)
		return false;
	value = bytes_of(target.at + hole->before.left, target.left - around);
	for (size_t i = 0; i < value.left; i++) {
		if (strchr("/?&=;", value.at[i]) != NULL)
			return false;
	}
	*ret = decode_url.undo(value, &out) && !out.overflow ? bytes_of(out.at, out.used) : value;
	return true;
}

/* What stands in this body between what stands around the value in the other; false: it is not there, or more than once. */
static bool region_in(struct bytes body, struct bytes other, const struct masked *m, struct bytes *ret)
{
	size_t before = m->at < PLACE_FRAME_MAX ? m->at : PLACE_FRAME_MAX, end = m->at + m->len;
	size_t after = other.left - end < PLACE_FRAME_MAX ? other.left - end : PLACE_FRAME_MAX;
	struct bytes front = bytes_of(other.at + m->at - before, before), back = bytes_of(other.at + end, after), rest;
	ptrdiff_t at;

	if (before < EDGE_MIN || after < EDGE_MIN || (at = bytes_find(body, front)) < 0)
		return false;
	rest = bytes_of(body.at + at + before, body.left - (size_t)at - before);
	if ((at = bytes_find(rest, back)) < 0 || bytes_find(rest, front) >= 0)
		return false;
	*ret = bytes_of(rest.at, (size_t)at);
	return true;
}

/* Compares with one ordinary answer in which the value stands. */
static void compare(const struct ruling *r, const struct masked *own, struct bytes body, bool whole, struct bytes value,
                    struct echo *ret)
{
	struct masked m;

	if (!mask_value(body, value, false, &m) || m.copies == 0)
		return;
	ret->data |= whole && own->copies > 0 && own->copies == m.copies && own->digest == m.digest;
	if (ret->region.at == NULL)
		(void)region_in(r->views.body, body, &m, &ret->region);
}

struct echo echo_of(const struct ruling *r, unsigned code)
{
	const struct attack_code *c = &r->in->codes->codes[code];
	uint8_t room[ATTEMPT_VALUE_MAX], plain[HISTORY_NAME_MAX];
	struct memory_cursor cursor = answers_of(r);
	const struct history *h;
	struct echo ret = { 0 };
	struct masked own;
	struct hole hole;
	unsigned n = 0;

	if (!hole_of(r, c, &hole) || !response_whole(r) || !mask_value(r->views.body, attempt_value(r, c, room), false, &own))
		return ret;
	while (n < ANSWERS_MAX && !ret.data && (h = memory_next(&cursor)) != NULL) {
		struct case_record record;
		char head[SAMPLE_HEAD_MAX];
		struct bytes value;
		struct views views;

		if (!h->ordinary || !h->whole || h->sample.left == 0 || h->status != r->views.status ||
		    h->tuple.dport != r->in->record->tuple.dport || !value_in(&hole, h->name, plain, &value) ||
		    views_of_sample(h, &record, head, &views) < 0)
			continue;
		n++;
		compare(r, &own, views.body, h->sample.left == h->body_len, value, &ret);
		views_fini(&views);
	}
	return ret;
}

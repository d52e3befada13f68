/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The small records of a lane's ring: low-water marks, and where a capture begins and ends. */
#include "control/wire/record.h"

#include <errno.h>

enum { CAPTURE_TEXT_MAX = 4096 }; /* a path, or one line of error */

void watermark_encode(struct sink *s, const struct watermark *w)
{
	sink_u64le(s, w->time_ns);
	sink_u64le(s, w->packet);
}

int watermark_decode(struct bytes *b, struct watermark *ret)
{
	struct bytes at = *b;
	struct watermark w;

	if (bytes_u64le(&at, &w.time_ns) < 0 || bytes_u64le(&at, &w.packet) < 0)
		return -EBADMSG;
	*b = at;
	*ret = w;
	return 0;
}

void capture_mark_encode(struct sink *s, const struct capture_mark *c)
{
	struct bytes text = c->text;

	if (text.left > CAPTURE_TEXT_MAX)
		text.left = CAPTURE_TEXT_MAX;
	sink_u32le(s, c->index);
	sink_u32le(s, c->error);
	sink_u64le(s, c->packets);
	sink_u64le(s, c->last_ns);
	sink_run(s, text);
}

int capture_mark_decode(struct bytes *b, struct capture_mark *ret)
{
	struct bytes at = *b;
	struct capture_mark c;

	if (bytes_u32le(&at, &c.index) < 0 || bytes_u32le(&at, &c.error) < 0 ||
	    bytes_u64le(&at, &c.packets) < 0 || bytes_u64le(&at, &c.last_ns) < 0 || bytes_run(&at, CAPTURE_TEXT_MAX, &c.text) < 0)
		return -EBADMSG;
	*b = at;
	*ret = c;
	return 0;
}

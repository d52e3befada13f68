/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What travels up a lane's ring. Each record is one u8 kind and then that kind's encoding. Times are
 * nanoseconds since the epoch by the capture's clock; packets are numbered from 1 per capture, as
 * Wireshark numbers frames (live: per port since start).
 */
#ifndef CONTROL_WIRE_RECORD_H
#define CONTROL_WIRE_RECORD_H

#include "control/wire/bytes.h"

enum record_kind {
	RECORD_CASE = 1,   /* wire/case.h */
	RECORD_HISTORY,    /* wire/history.h */
	RECORD_WATERMARK,  /* struct watermark */
	RECORD_COUNTERS,   /* wire/counters.h */
	RECORD_CAPTURE,    /* replay: a capture begins (name); every lane sends it */
	RECORD_END,        /* replay: that capture is over in this lane; nothing of it follows */
};

/* "Nothing before this will follow from this lane": control may decide what lies before it. */
struct watermark {
	uint64_t time_ns;
	uint64_t packet;
};

void watermark_encode(struct sink *, const struct watermark *);
must_check int watermark_decode(struct bytes *, struct watermark *ret);

/* RECORD_CAPTURE and RECORD_END. */
struct capture_mark {
	uint32_t index;     /* which CAPTURE argument, from 0 */
	uint32_t error;     /* END: 0, or an errno: the file ended badly; see text */
	uint64_t packets;   /* END: packets read */
	uint64_t last_ns;   /* END: the latest packet time this lane knows of */
	struct bytes text;  /* CAPTURE: the file name; END: the error, "" if none. Borrowed from the record */
};

void capture_mark_encode(struct sink *, const struct capture_mark *);
must_check int capture_mark_decode(struct bytes *, struct capture_mark *ret);

#endif

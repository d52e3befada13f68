/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lane's end of the ports: bursts of frames, and the news between them. Knows no DPDK, so that lanes need not. */
#ifndef DATAPLANE_PORT_INTAKE_H
#define DATAPLANE_PORT_INTAKE_H

#include "control/wire/record.h"
#include "dataplane/decode/decode.h"

enum { BURST_MAX = 32 };

struct frame {
	struct bytes bytes;   /* borrowed until intake_done() */
	uint64_t number;      /* from 1 */
	uint64_t time_ns;     /* its own, but at most FRAME_SLACK_NS before the clock */
	uint64_t clock_ns;    /* the latest time of all packets up to this one, whichever lane got them */
	bool late;            /* its own time was further back than the slack: time_ns is not its own */
	bool too_large;       /* bytes are only its beginning */
	bool waits;           /* inline: it has not left yet; intake_release() lets it go, else it stays here */
	uint8_t gate;         /* what the gate said of it (feed.h) */
};
#define FRAME_SLACK_NS UINT64_C(10000000) /* captures from several queues are out of order by less */

enum intake_news {
	INTAKE_PACKETS, /* frames, or nothing at all just now */
	INTAKE_CAPTURE, /* a capture begins: capture.index, capture.text */
	INTAKE_END,     /* it is over: capture.error, capture.packets, capture.text; lost */
	INTAKE_STOP,    /* nothing follows any more */
};

struct burst {
	enum intake_news news;
	enum link_type link;
	unsigned count;
	struct frame frames[BURST_MAX];
	void *buffers[BURST_MAX];      /* the port's business */
	bool pressed;                  /* live: more waits than can be taken in time; some of it should be passed over quickly */
	uint64_t through_ns;           /* count == 0: everything up to this time has been given; 0 unknown */
	struct capture_mark capture;   /* text is borrowed until intake_done() */
	uint64_t lost;                 /* INTAKE_END: packets that the port could not give for want of memory */
};

struct intake;

/* Fills *ret. Never blocks; packets come before news that lies behind them. Lane only. */
void intake_burst(struct intake *, struct burst *ret);
/* Lets frame i of the burst, which waits, leave by the other port of its pair. Lane only. */
void intake_release(struct intake *, struct burst *, unsigned i);
/*
 * Sends a frame of the lane's own (copied, at most INTAKE_OWN_MAX bytes): back to who sent frame i of the burst, or on as it
 * would have gone. False: no room. Lane only.
 */
enum { INTAKE_OWN_MAX = 256 };
bool intake_send(struct intake *, const struct burst *, unsigned i, bool back, struct bytes frame);
/* Gives the frames back, or acknowledges the news. Once after each intake_burst(). */
void intake_done(struct intake *, struct burst *);
/* Replay: the lane cannot take more just now, or has nothing to do: the port lets its thread rest for a moment. */
void intake_hold(struct intake *);
/* Has the program been told to stop? Then packets need not be finished. */
bool intake_stopped(const struct intake *);

#endif

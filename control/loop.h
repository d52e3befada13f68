/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki-control as one thread: what it holds, and its loop. */
#ifndef CONTROL_LOOP_H
#define CONTROL_LOOP_H

#include "control/ctl/admin.h"
#include "control/contain/list.h"
#include "control/docket.h"
#include "control/eve/eve.h"
#include "control/intake/merge.h"
#include "control/journal/sender.h"
#include "control/metrics/listener.h"
#include "control/publish.h"
#include "control/retention.h"
#include "control/wire/counters.h"
#include "control/wire/ring.h"

#include <dirent.h>

/* One lane as control sees it. */
struct uptake {
	struct ring *ring;        /* NULL: it wrote nonsense and was closed */
	bool ended;               /* replay: nothing more of this capture */
	struct lane_counters counters;
	uint64_t records, bad;
};

struct guard;

struct control {
	const struct settings *settings;
	bool replay;
	volatile int *stop;       /* set by a signal */
	int courier;              /* live: ends when the dataplane does; -1: none */
	unsigned lanes;
	struct uptake uptakes[RINGS_MAX];
	struct merge *merge;
	struct sites sites;
	struct memory *memory;
	struct place_book *places;
	struct uploads *uploads;
	struct known *known;
	struct queue *queue;
	struct pool *pool;
	bool pool_gone;
	struct store *store;
	struct sender *sender;
	struct publisher *publisher;
	struct docket *docket;
	struct eve *eve;          /* replay: alerts of another IDS, or NULL. Borrowed */
	struct admin *admin;
	struct listener *metrics; /* NULL: metrics.listen is empty */
	struct barrier *barrier;  /* live: what the dataplane must stop; NULL: nobody heeds it */
	struct containment *blocks; /* NULL: likewise */
	struct guard *guard;
	uint64_t blocks_refused, blocks_retry_ns;
	struct dirent **profiles; /* live: the folders of emulated servers, by name, as they were at the start */
	int profiles_count;       /* -1: not to be read */
	int epoll;
	uint64_t capture_ns;      /* the latest moment that was decided */
	uint64_t pending_since_ns;/* CLOCK_MONOTONIC; 0: nothing to commit */
	uint64_t looked_ns, swept_ns;
	struct retention retention;
	uint64_t history_count, store_errors;
	/* replay: the capture under way */
	bool in_capture;
	uint32_t captures_done, capture_index;
	char capture_name[4096];
	uint64_t capture_packets;
	char capture_error[256];
	bool finished;            /* replay: all lanes closed after the last capture */
};

/* CLOCK_MONOTONIC, ns. */
uint64_t clock_ns(void);

/*
 * Everything that settings name, over the rings of fd. Opens the store and the admin socket while privileges are still
 * there. results, blocks: -1 for none; eve: NULL for none, else borrowed. *ret is the caller's, freed by control_free(). One line on stderr tells why.
 */
must_check int control_new(const struct settings *, bool replay, int rings, int results, int blocks, struct eve *,
                           volatile int *stop, struct control **ret);
void control_free(struct control *);
/* Runs until stopped, or in replay until `captures` captures are done. 0 or -errno, told on stderr. */
must_check int control_run(struct control *, uint32_t captures);

/* Takes what came up the rings into the merge. True: something came. */
bool uptake_step(struct control *);
/*
 * Moves capture time on as far as the lanes' promises and, in replay, the traces of the next case allow. True: something
 * was decided.
 */
bool progress_step(struct control *);
/* The end of a replay: result lines of losses and of alerts without a transaction. */
must_check int tally_tell(struct control *);
/*
 * Containment: from fd (-1: none) and the store; what a success blocks; in its turn; words of an operator. control/blocking.c.
 */
must_check int blocking_begin(struct control *, int fd);
void blocking_end(struct control *);
void blocking_verdict(struct control *, const struct open_case *);
/* Collectors' addresses are not blocked, from when their names were looked up. */
void blocking_spare_collectors(struct control *);
void blocking_step(struct control *, uint64_t now_ns);
void blocking_answer(struct control *, const struct request *, struct admin_client *);
/* The admin socket's answers. */
void show_answer(void *control, const struct request *, struct admin_client *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attack codes on their way to traces: one entry a distinct code, however many cases share it. Waiting entries go to
 * the workers by priority and age; answers stay cached until room is needed. Bounded in jobs and in bytes. One thread.
 */
#ifndef CONTROL_QUEUE_QUEUE_H
#define CONTROL_QUEUE_QUEUE_H

#include "control/queue/pool.h"

enum {
	TRACES_KEY_SIZE = 32,  /* bytes: a digest of language, code, what it reads of its request, profiles and build */
	QUEUE_PRIORITIES = 4,  /* 0 is served first */
};

enum traces_state {
	TRACES_WAITING,  /* for a worker */
	TRACES_RUNNING,
	TRACES_READY,    /* report is there */
};

/* One distinct code. Readers look at key, language, state and report; the rest is the queue's. */
struct traces {
	uint8_t key[TRACES_KEY_SIZE];
	enum language language;
	enum traces_state state;
	const struct report *report;  /* READY; valid while held */
	bool emulated;                /* by a worker of ours, not found in the store: worth storing */
	bool of_worker;               /* what it says is the worker's doing, not the code's: good for the cases that hold it only */
	bool seen;                    /* a case whose turn came earlier held it already; the caller's to set */
	struct answer answer;
	struct bytes code, request;   /* owned; freed when READY */
	uint8_t *memory;              /* of a report from the store */
	uint64_t job_id, limit_ns, seed;
	unsigned users, tries, priority;
	size_t cost;                  /* bytes */
	struct traces *bucket_next;
	struct traces *next, *previous; /* in the one list that its state says */
};

struct queue;

/* max_jobs: entries that wait; cache_bytes: of answers that no case holds. *ret is the caller's. -ENOMEM. */
must_check int queue_new(unsigned max_jobs, size_t cache_bytes, struct queue **ret);
void queue_free(struct queue *);

/* The entry of key, held by the caller until queue_release(); NULL where there is none. */
struct traces *queue_find(struct queue *, const uint8_t key[TRACES_KEY_SIZE]);
/*
 * A new entry for a code and the request that brought it (both copied; request: empty where nothing hangs on it) that is not there yet. Held by the caller. limit_ns: how long
 * a worker may have it before it is given up. -ENOBUFS: max_jobs wait already (counted); -ENOMEM.
 */
must_check int queue_add(struct queue *, const uint8_t key[TRACES_KEY_SIZE], enum language, struct bytes code,
                         struct bytes request, uint64_t seed, unsigned priority, uint64_t limit_ns, struct traces **ret);
/* A new entry whose encoded report (copied) the store had. Held by the caller. -EBADMSG, -ENOMEM. */
must_check int queue_add_known(struct queue *, const uint8_t key[TRACES_KEY_SIZE], enum language, struct bytes report,
                               struct traces **ret);
/* The caller needs it no more. A waiting entry that nobody holds is dropped. */
void queue_release(struct queue *, struct traces *);

/* Sends what waits to idle workers at now_ns (CLOCK_MONOTONIC). Returns the jobs sent, or -errno of the pool. */
must_check int queue_send(struct queue *, struct pool *, uint64_t now_ns);
/*
 * Takes one answer from the pool: *ret is then READY (not held for the caller). A worker that died is tried once more
 * on another. False: no answer is left.
 */
bool queue_take(struct queue *, struct pool *, struct traces **ret);

struct queue_counts {
	uint64_t waiting, running, cached, cached_bytes; /* now */
	uint64_t jobs, answers, hits, refused, died, late; /* since the start */
};
void queue_count(const struct queue *, struct queue_counts *ret);

#endif

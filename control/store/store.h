/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What must outlive a crash: verdicts with their cases, traces of attack codes, the syslog spool, and people's words.
 * One LMDB environment; the only room that knows LMDB. Writes gather in one transaction that store_commit() ends:
 * what belongs together (a verdict, its case, its syslog line) is there whole or not at all.
 *
 * One thread. Lent bytes are valid until the next call on the store.
 */
#ifndef CONTROL_STORE_STORE_H
#define CONTROL_STORE_STORE_H

#include "control/wire/bytes.h"

enum {
	STORE_CODES_MAX = 32,      /* attack codes named in one record */
	STORE_KEY_SIZE = 32,       /* bytes of a trace's key (SHA-256) */
};

struct store;

/* Which case: the flow and the transaction in it. Text form: 16 hex digits, '-', decimal transaction. */
struct case_id {
	uint64_t flow_id;
	uint32_t tx_id;
};
enum { CASE_ID_TEXT = 32 }; /* bytes of the text form, with the NUL */
const char *case_id_format(const struct case_id *, char *buf);
must_check int case_id_parse(const char *text, struct case_id *ret);

/* Whether a commit waits for the disk: an appliance's must; a replay can be repeated. */
enum store_mode { STORE_DURABLE, STORE_QUICK, STORE_READ };

/*
 * Opens (and for the writing modes makes) folder. max_bytes bounds what is kept: the oldest records make room.
 * spool_bytes bounds the spool. The caller owns *ret. -EACCES, -EROFS, -ENOENT, -ENOSPC, -EINVAL (not our format),
 * -EUCLEAN (damaged; what LMDB does not notice it cannot tell: its pages have no checksums).
 */
must_check int store_open(const char *folder, uint64_t max_bytes, uint64_t spool_bytes, enum store_mode,
                          struct store **ret);
/* From here on the only appliance on this folder; people's marks may still be put. -EBUSY: there is one. */
must_check int store_claim(struct store *);
void store_close(struct store *); /* commits what is pending */
/* What is wrong with a store that does not open, and what to do. Not freed. */
const char *store_why(int r);

/* One verdict on one case. */
struct store_record {
	struct case_id id;
	uint64_t sequence;          /* order of the latest revision; set by store_put_record() */
	uint64_t time_ns;           /* of the packet that completed the request */
	uint32_t revision;
	uint8_t verdict, priority;  /* enum verdict, enum priority */
	bool final;
	struct bytes json;          /* the record as it was told */
	uint32_t keys_count;
	uint8_t keys[STORE_CODES_MAX][STORE_KEY_SIZE]; /* traces of its attack codes, in their order */
};

/*
 * Puts a record and its case (the encoding of wire/case.h; empty: keep what is there) in place of an older revision,
 * and line (empty: none) at the end of the spool. -ENOSPC, -EIO: nothing of this transaction will be there, counted.
 */
must_check int store_put_record(struct store *, const struct store_record *, struct bytes case_bytes, struct bytes line);
/*
 * Removes the oldest records, most at a time, whose request was before before_ns (since the epoch), with their cases and
 * marks; what is younger than the oldest of all is not looked at. Counted.
 */
must_check int store_expire(struct store *, uint64_t before_ns, unsigned most);
/* What emulation said of a code (the encoding of wire/report.h). An old one under the key is replaced. */
must_check int store_put_trace(struct store *, const uint8_t key[STORE_KEY_SIZE], struct bytes report);
/* A person's word on a case: "false-positive", "confirmed". Committed at once. -ENOENT where there is no such case. */
must_check int store_put_mark(struct store *, const struct case_id *, const char *word);

/* Ends the transaction. When it returns 0 what was put is there to stay (STORE_DURABLE: on the disk). */
must_check int store_commit(struct store *);
bool store_pending(const struct store *); /* is something put and not committed? */

/* Each -ENOENT where there is none. */
must_check int store_find_record(struct store *, const struct case_id *, struct store_record *ret);
must_check int store_find_case(struct store *, const struct case_id *, struct bytes *ret);
must_check int store_find_trace(struct store *, const uint8_t key[STORE_KEY_SIZE], struct bytes *ret);
must_check int store_find_mark(struct store *, const struct case_id *, struct bytes *ret);
/* The latest record whose sequence is below `before` (UINT64_MAX: the latest of all). */
must_check int store_find_before(struct store *, uint64_t before, struct store_record *ret);

/* What is blocked (control/contain's encoding) under its number, from 1. Put and dropped within the transaction. */
must_check int store_put_block(struct store *, uint64_t id, struct bytes block);
must_check int store_drop_block(struct store *, uint64_t id);
/* The first one behind `after`. */
must_check int store_find_block(struct store *, uint64_t after, uint64_t *ret_id, struct bytes *ret);

/* The spool: lines in the order they were put, numbered from 1. Lends the first line after `after`. */
must_check int store_spool_next(struct store *, uint64_t after, uint64_t *number, struct bytes *ret);
/* How far a collector (by name) has taken the spool: 0 at first. Lines that all of them took are dropped. */
must_check int store_spool_taken(struct store *, const char *collector, uint64_t *ret);
must_check int store_spool_take(struct store *, const char *collector, uint64_t number);
/* Drops the lines up to number, which every collector has taken. */
must_check int store_spool_drop(struct store *, uint64_t number);

struct store_counts {
	uint64_t records, spooled;          /* now there */
	uint64_t bytes, max_bytes;          /* kept, page-rounded; the bound */
	uint64_t pruned;                    /* records that made room since opening */
	uint64_t spooled_bytes;             /* of the spool, page-rounded */
	uint64_t spool_last;                /* number of the newest line ever spooled */
	uint64_t expired;                   /* records removed because of their age since opening */
	uint64_t spool_lost;                /* lines dropped because the spool was full */
	uint64_t lost;                      /* puts that a failed transaction took with it */
	uint64_t commits;
};
void store_count(struct store *, struct store_counts *ret);

#endif

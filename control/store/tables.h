/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The store's inside: its tables, transactions and how sizes are counted. For this room's files only. */
#ifndef CONTROL_STORE_TABLES_H
#define CONTROL_STORE_TABLES_H

#include "control/store/store.h"

#include <lmdb.h>

/* Keys are big-endian numbers, so that LMDB's order is ours. */
enum table {
	TABLE_META,        /* name -> u64: "format", "bytes", "trace_bytes", "spool_bytes", "spool_last" */
	TABLE_RECORD,      /* case id -> header and JSON */
	TABLE_ORDER,       /* u64 sequence -> case id */
	TABLE_CASE,        /* case id -> wire/case.h */
	TABLE_TRACE,       /* digest -> u64 sequence, then wire/report.h */
	TABLE_TRACE_ORDER, /* u64 sequence -> digest */
	TABLE_SPOOL,       /* u64 number -> syslog line */
	TABLE_TAKEN,       /* collector -> u64 number */
	TABLE_MARK,        /* case id -> word */
	TABLE_BLOCK,       /* u64 number -> control/contain's encoding */
	TABLE_COUNT,
};

enum { ID_SIZE = 12, NUMBER_SIZE = 8 };

struct store {
	char *folder;      /* owned */
	MDB_env *env;      /* NULL: it could not be opened again */
	MDB_dbi tables[TABLE_COUNT];
	MDB_txn *writing;  /* NULL: nothing pending */
	MDB_txn *reading;  /* reset between uses */
	bool reading_used; /* its snapshot is live */
	enum store_mode mode;
	bool no_blocks;    /* reading what an older version wrote, which had none */
	uint64_t max_bytes, spool_bytes;
	uint64_t put;      /* puts in the open transaction */
	int claim;         /* the folder, locked; -1: not ours alone */
	struct store_counts counts;
};

int store_error(int mdb); /* MDB_* and errno to -errno; 0 stays 0 */

MDB_val id_key(const struct case_id *, uint8_t buf[ID_SIZE]);
MDB_val number_key(uint64_t, uint8_t buf[NUMBER_SIZE]);
uint64_t number_of(const MDB_val *);
MDB_val value_of(struct bytes);
struct bytes bytes_of_value(const MDB_val *);

/* Closes and opens the environment, if its file may still be opened: power may have been given up since. -EIO, -errno. */
must_check int store_reopen(struct store *);

/* Each begins the transaction it needs; -errno. */
must_check int store_write(struct store *);
must_check int store_look(struct store *, enum table, MDB_val *key, MDB_val *ret);
/* A cursor over what is now there; the caller closes it before the next call. */
must_check int store_cursor(struct store *, enum table, MDB_cursor **ret);
/* The entry with the least number above `after`, of a table by numbers; -ENOENT: none. Lent until the next call. */
must_check int store_next(struct store *, enum table, uint64_t after, uint64_t *ret_number, struct bytes *ret);
/* Within the writing transaction. */
must_check int table_put(struct store *, enum table, MDB_val key, MDB_val value);
must_check int table_delete(struct store *, enum table, MDB_val key); /* an absent key is no error */
/* The first entry; -ENOENT where the table is empty. */
must_check int table_first(struct store *, enum table, MDB_val *key, MDB_val *ret);
must_check int table_last(struct store *, enum table, MDB_val *key);
/* A number of TABLE_META or TABLE_TAKEN; 0 where it was never put. */
must_check int number_get(struct store *, enum table, const char *name, uint64_t *ret);
must_check int number_put(struct store *, enum table, const char *name, uint64_t);
/* Adds change to a number of TABLE_META; never below 0. */
must_check int number_add(struct store *, const char *name, int64_t change);

/* Puts a line at the end of the spool, within the writing transaction; the oldest lines make room, counted. */
must_check int spool_put(struct store *, struct bytes line);

/* What a value of len bytes costs on disk, as LMDB lays it out. */
uint64_t cost_of(size_t len);
/* The transaction went wrong: everything in it is gone; counted. Returns r. */
int store_fail(struct store *, int r);

#endif

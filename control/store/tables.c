/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions and tables of the store. */
#include "control/store/tables.h"

#include <errno.h>
#include <string.h>

enum { PAGE = 4096, INLINE_MAX = 2000 /* longer values get pages of their own */, ENTRY_COST = 64 };

int store_error(int mdb)
{
	switch (mdb) {
	case MDB_SUCCESS:
		return 0;
	case MDB_NOTFOUND:
		return -ENOENT;
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
		return -ENOSPC;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
		return -EUCLEAN;
	case MDB_INVALID:
	case MDB_VERSION_MISMATCH:
	case MDB_INCOMPATIBLE:
		return -EINVAL;
	case MDB_READERS_FULL:
		return -EAGAIN;
	default:
		return mdb > 0 ? -mdb : -EIO;
	}
}

MDB_val number_key(uint64_t number, uint8_t buf[NUMBER_SIZE])
{
	for (unsigned i = 0; i < NUMBER_SIZE; i++)
		buf[i] = (uint8_t)(number >> (56 - 8 * i));
	return (MDB_val){ NUMBER_SIZE, buf };
}

uint64_t number_of(const MDB_val *v)
{
	const uint8_t *at = v->mv_data;
	uint64_t n = 0;

	for (size_t i = 0; i < v->mv_size && i < NUMBER_SIZE; i++)
		n = n << 8 | at[i];
	return n;
}

MDB_val id_key(const struct case_id *id, uint8_t buf[ID_SIZE])
{
	number_key(id->flow_id, buf);
	for (unsigned i = 0; i < 4; i++)
		buf[NUMBER_SIZE + i] = (uint8_t)(id->tx_id >> (24 - 8 * i));
	return (MDB_val){ ID_SIZE, buf };
}

/* LMDB's interface lacks const; it never writes through the keys and values we give it. */
MDB_val value_of(struct bytes b)
{
	union {
		const uint8_t *from;
		void *to;
	} at = { .from = b.at };

	return (MDB_val){ b.left, at.to };
}

struct bytes bytes_of_value(const MDB_val *v)
{
	return bytes_of(v->mv_data, v->mv_size);
}

uint64_t cost_of(size_t len)
{
	return len > INLINE_MAX ? (len + PAGE) / PAGE * PAGE + ENTRY_COST : len + ENTRY_COST;
}

int store_write(struct store *s)
{
	int r;

	if (s->writing != NULL)
		return 0;
	if (s->mode == STORE_READ)
		return -EROFS;
	if (s->reading_used) {
		mdb_txn_reset(s->reading);
		s->reading_used = false;
	}
	s->put = 0;
	r = s->env == NULL ? MDB_PANIC : mdb_txn_begin(s->env, NULL, 0, &s->writing);
	if (r != MDB_PANIC)
		return store_error(r);
	/* the disk failed when LMDB wrote its head: nothing more is written until all is opened again */
	r = store_reopen(s);
	return r < 0 ? r : store_error(mdb_txn_begin(s->env, NULL, 0, &s->writing));
}

/* The transaction to look in: the one being written, else a fresh snapshot. */
static int store_snapshot(struct store *s, MDB_txn **ret)
{
	int r = 0;

	if (s->writing != NULL) {
		*ret = s->writing;
		return 0;
	}
	if (s->env == NULL)
		return -EIO;
	if (s->reading_used)
		mdb_txn_reset(s->reading);
	s->reading_used = false;
	if (s->reading == NULL)
		r = store_error(mdb_txn_begin(s->env, NULL, MDB_RDONLY, &s->reading));
	else
		r = store_error(mdb_txn_renew(s->reading));
	if (r < 0)
		return r;
	s->reading_used = true;
	*ret = s->reading;
	return 0;
}

int store_look(struct store *s, enum table t, MDB_val *key, MDB_val *ret)
{
	MDB_txn *txn;
	int r = store_snapshot(s, &txn);

	return r < 0 ? r : store_error(mdb_get(txn, s->tables[t], key, ret));
}

int store_cursor(struct store *s, enum table t, MDB_cursor **ret)
{
	MDB_txn *txn;
	int r = store_snapshot(s, &txn);

	return r < 0 ? r : store_error(mdb_cursor_open(txn, s->tables[t], ret));
}

int table_put(struct store *s, enum table t, MDB_val key, MDB_val value)
{
	return store_error(mdb_put(s->writing, s->tables[t], &key, &value, 0));
}

int table_delete(struct store *s, enum table t, MDB_val key)
{
	int r = store_error(mdb_del(s->writing, s->tables[t], &key, NULL));

	return r == -ENOENT ? 0 : r;
}

/* The entry that one move of a cursor leads to; for some moves the key says where from. */
static int table_at(struct store *s, enum table t, MDB_cursor_op which, MDB_val *key, MDB_val *ret)
{
	MDB_cursor *cursor = NULL;
	int r = store_cursor(s, t, &cursor);

	if (r < 0)
		return r;
	r = store_error(mdb_cursor_get(cursor, key, ret, which));
	mdb_cursor_close(cursor);
	return r;
}

int table_first(struct store *s, enum table t, MDB_val *key, MDB_val *ret)
{
	return table_at(s, t, MDB_FIRST, key, ret);
}

int table_last(struct store *s, enum table t, MDB_val *key)
{
	MDB_val value;

	return table_at(s, t, MDB_LAST, key, &value);
}

int store_next(struct store *s, enum table t, uint64_t after, uint64_t *ret_number, struct bytes *ret)
{
	uint8_t buf[NUMBER_SIZE];
	MDB_val key = number_key(after + 1, buf), value;
	int r = table_at(s, t, MDB_SET_RANGE, &key, &value);

	if (r < 0)
		return r;
	*ret_number = number_of(&key);
	*ret = bytes_of_value(&value);
	return 0;
}

int number_get(struct store *s, enum table t, const char *name, uint64_t *ret)
{
	MDB_val key = value_of(bytes_text(name)), value;
	int r = store_look(s, t, &key, &value);

	if (r < 0 && r != -ENOENT)
		return r;
	*ret = r == 0 ? number_of(&value) : 0;
	return 0;
}

int number_put(struct store *s, enum table t, const char *name, uint64_t number)
{
	uint8_t buf[NUMBER_SIZE];

	return table_put(s, t, value_of(bytes_text(name)), number_key(number, buf));
}

int number_add(struct store *s, const char *name, int64_t change)
{
	uint64_t number;
	int r = number_get(s, TABLE_META, name, &number);

	if (r < 0)
		return r;
	number = change < 0 && number < (uint64_t)-change ? 0 : number + (uint64_t)change;
	return number_put(s, TABLE_META, name, number);
}

int store_fail(struct store *s, int r)
{
	if (s->writing != NULL) {
		mdb_txn_abort(s->writing);
		s->writing = NULL;
		s->counts.lost += s->put;
		s->put = 0;
	}
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records, their cases and traces; the oldest make room. */
#include "control/store/tables.h"

#include <errno.h>
#include <string.h>

enum {
	HEADER_MAX = 64 + STORE_CODES_MAX * STORE_KEY_SIZE,
	TRACE_SHARE = 4, /* traces may hold one part in so many of the store */
};

static int header_encode(const struct store_record *r, uint8_t *buf, struct bytes *ret)
{
	struct sink s = sink_over(buf, HEADER_MAX);

	sink_u64le(&s, r->sequence);
	sink_u64le(&s, r->time_ns);
	sink_u32le(&s, r->revision);
	sink_u8(&s, r->verdict);
	sink_u8(&s, r->priority);
	sink_u8(&s, r->final);
	sink_u32le(&s, r->keys_count);
	sink_put(&s, r->keys, (size_t)r->keys_count * STORE_KEY_SIZE);
	return sink_done(&s, ret);
}

static int record_decode(const struct case_id *id, struct bytes b, struct store_record *ret)
{
	struct store_record r = { .id = *id };
	uint8_t final;

	if (bytes_u64le(&b, &r.sequence) < 0 || bytes_u64le(&b, &r.time_ns) < 0 || bytes_u32le(&b, &r.revision) < 0 ||
	    bytes_u8(&b, &r.verdict) < 0 || bytes_u8(&b, &r.priority) < 0 || bytes_u8(&b, &final) < 0 ||
	    bytes_u32le(&b, &r.keys_count) < 0 || r.keys_count > STORE_CODES_MAX ||
	    bytes_copy(&b, r.keys, (size_t)r.keys_count * STORE_KEY_SIZE) < 0)
		return -EINVAL;
	r.final = final != 0;
	r.json = b;
	*ret = r;
	return 0;
}

static int id_decode(const MDB_val *v, struct case_id *ret)
{
	struct bytes b = bytes_of_value(v);
	uint32_t high, low, tx;

	if (v->mv_size != ID_SIZE || bytes_u32be(&b, &high) < 0 || bytes_u32be(&b, &low) < 0 || bytes_u32be(&b, &tx) < 0)
		return -EINVAL;
	*ret = (struct case_id){ (uint64_t)high << 32 | low, tx };
	return 0;
}

/* Takes an entry out of a table, and its cost out of the count. */
static int table_remove(struct store *s, enum table t, const char *bytes_name, MDB_val key)
{
	MDB_val value;
	int r = store_look(s, t, &key, &value);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = number_add(s, bytes_name, -(int64_t)cost_of(value.mv_size));
	return r < 0 ? r : table_delete(s, t, key);
}

static int table_set(struct store *s, enum table t, const char *bytes_name, MDB_val key, MDB_val value)
{
	int r = table_remove(s, t, bytes_name, key);

	if (r == 0)
		r = table_put(s, t, key, value);
	return r < 0 ? r : number_add(s, bytes_name, (int64_t)cost_of(value.mv_size));
}

/* The record that waited longest. -ENOENT where none is left. */
static int record_oldest(struct store *s, MDB_val *order, struct case_id *ret)
{
	MDB_val value;
	int r = table_first(s, TABLE_ORDER, order, &value);

	return r < 0 ? r : id_decode(&value, ret);
}

/* Removes the record that waited longest. -ENOENT where none is left. */
static int record_remove(struct store *s)
{
	uint8_t order_buf[NUMBER_SIZE], id_buf[ID_SIZE];
	MDB_val key, id;
	struct case_id which;
	int r = record_oldest(s, &key, &which);

	if (r < 0)
		return r;
	id = id_key(&which, id_buf);
	key = number_key(number_of(&key), order_buf); /* what LMDB lent moves when something is deleted */
	r = table_delete(s, TABLE_ORDER, key);
	if (r == 0)
		r = table_remove(s, TABLE_RECORD, "bytes", id);
	if (r == 0)
		r = table_remove(s, TABLE_CASE, "bytes", id);
	if (r == 0)
		r = table_delete(s, TABLE_MARK, id);
	if (r == 0)
		r = number_add(s, "records", -1);
	return r;
}

static int record_prune(struct store *s)
{
	int r = record_remove(s);

	s->counts.pruned += r == 0;
	return r;
}

static int trace_prune(struct store *s)
{
	uint8_t order_buf[NUMBER_SIZE], digest[STORE_KEY_SIZE];
	MDB_val key, value;
	int r = table_first(s, TABLE_TRACE_ORDER, &key, &value);

	if (r < 0)
		return r;
	if (value.mv_size != sizeof(digest))
		return -EINVAL;
	memcpy(digest, value.mv_data, sizeof(digest));
	key = number_key(number_of(&key), order_buf);
	r = table_delete(s, TABLE_TRACE_ORDER, key);
	if (r < 0)
		return r;
	return table_remove(s, TABLE_TRACE, "trace_bytes", (MDB_val){ sizeof(digest), digest });
}

/* Removes entries of one kind until need more bytes fit in limit. */
static int make_room(struct store *s, const char *bytes_name, uint64_t need, uint64_t limit,
                     int (*prune)(struct store *))
{
	for (;;) {
		uint64_t bytes;
		int r = number_get(s, TABLE_META, bytes_name, &bytes);

		if (r < 0)
			return r;
		if (bytes + need <= limit)
			return 0;
		if (need > limit)
			return -ENOSPC;
		if ((r = prune(s)) < 0)
			return r == -ENOENT ? -ENOSPC : r;
	}
}

static int sequence_next(struct store *s, enum table order, uint64_t *ret)
{
	MDB_val key;
	int r = table_last(s, order, &key);

	if (r < 0 && r != -ENOENT)
		return r;
	*ret = r == 0 ? number_of(&key) + 1 : 1;
	return 0;
}

/* An older revision leaves its place in the order. *ret: is the record new? */
static int order_leave(struct store *s, const struct case_id *id, bool *ret)
{
	uint8_t buf[NUMBER_SIZE];
	struct store_record old;
	int r = store_find_record(s, id, &old);

	*ret = r == -ENOENT;
	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return table_delete(s, TABLE_ORDER, number_key(old.sequence, buf));
}

static int record_put(struct store *s, const struct store_record *record, struct bytes case_bytes)
{
	uint8_t header[HEADER_MAX], id_buf[ID_SIZE], order_buf[NUMBER_SIZE];
	struct store_record now = *record;
	struct bytes head;
	MDB_val id = id_key(&now.id, id_buf), value;
	bool is_new;
	int r = make_room(s, "bytes", cost_of(record->json.left + HEADER_MAX) + cost_of(case_bytes.left),
	                  s->max_bytes - s->max_bytes / TRACE_SHARE, record_prune);

	if (r < 0 || (r = order_leave(s, &now.id, &is_new)) < 0 ||
	    (r = sequence_next(s, TABLE_ORDER, &now.sequence)) < 0 || (r = header_encode(&now, header, &head)) < 0)
		return r;
	if ((r = table_put(s, TABLE_ORDER, number_key(now.sequence, order_buf), id)) < 0 ||
	    (r = table_remove(s, TABLE_RECORD, "bytes", id)) < 0)
		return r;
	/* header and JSON go in one value, reserved first and then filled: no copy of our own */
	value = (MDB_val){ head.left + now.json.left, NULL };
	r = store_error(mdb_put(s->writing, s->tables[TABLE_RECORD], &id, &value, MDB_RESERVE));
	if (r < 0)
		return r;
	memcpy(value.mv_data, head.at, head.left);
	if (now.json.left > 0)
		memcpy((uint8_t *)value.mv_data + head.left, now.json.at, now.json.left);
	r = number_add(s, "bytes", (int64_t)cost_of(head.left + now.json.left));
	if (r == 0 && is_new)
		r = number_add(s, "records", 1);
	if (r == 0 && case_bytes.left > 0)
		r = table_set(s, TABLE_CASE, "bytes", id, value_of(case_bytes));
	return r;
}

int store_expire(struct store *s, uint64_t before_ns, unsigned most)
{
	for (unsigned i = 0; i < most; i++) {
		struct store_record oldest;
		struct case_id id;
		MDB_val order;
		int r = record_oldest(s, &order, &id);

		if (r == 0)
			r = store_find_record(s, &id, &oldest);
		if (r == -ENOENT || (r == 0 && oldest.time_ns >= before_ns))
			return 0;
		if (r < 0 || (r = store_write(s)) < 0)
			return r;
		if ((r = record_remove(s)) < 0)
			return store_fail(s, r);
		s->counts.expired++;
	}
	return 0;
}

int store_put_record(struct store *s, const struct store_record *record, struct bytes case_bytes, struct bytes line)
{
	int r;

	if (record->keys_count > STORE_CODES_MAX)
		return -EINVAL;
	if ((r = store_write(s)) < 0)
		return r;
	s->put++;
	r = record_put(s, record, case_bytes);
	if (r == 0 && line.left > 0)
		r = spool_put(s, line);
	return r < 0 ? store_fail(s, r) : 0;
}

int store_put_trace(struct store *s, const uint8_t digest[STORE_KEY_SIZE], struct bytes report)
{
	uint8_t order_buf[NUMBER_SIZE];
	MDB_val key = value_of(bytes_of(digest, STORE_KEY_SIZE)), value;
	uint64_t sequence;
	int r;

	if ((r = store_write(s)) < 0)
		return r;
	if (store_look(s, TABLE_TRACE, &key, &value) == 0) {
		r = table_delete(s, TABLE_TRACE_ORDER, number_key(number_of(&value), order_buf));
		if (r < 0)
			return store_fail(s, r);
	}
	r = make_room(s, "trace_bytes", cost_of(report.left + NUMBER_SIZE), s->max_bytes / TRACE_SHARE, trace_prune);
	if (r == 0)
		r = sequence_next(s, TABLE_TRACE_ORDER, &sequence);
	if (r == 0)
		r = table_put(s, TABLE_TRACE_ORDER, number_key(sequence, order_buf), key);
	if (r == 0)
		r = table_remove(s, TABLE_TRACE, "trace_bytes", key);
	if (r < 0)
		return store_fail(s, r);
	value = (MDB_val){ NUMBER_SIZE + report.left, NULL };
	r = store_error(mdb_put(s->writing, s->tables[TABLE_TRACE], &key, &value, MDB_RESERVE));
	if (r < 0)
		return store_fail(s, r);
	memcpy(value.mv_data, number_key(sequence, order_buf).mv_data, NUMBER_SIZE);
	if (report.left > 0)
		memcpy((uint8_t *)value.mv_data + NUMBER_SIZE, report.at, report.left);
	r = number_add(s, "trace_bytes", (int64_t)cost_of(value.mv_size));
	return r < 0 ? store_fail(s, r) : 0;
}

int store_put_mark(struct store *s, const struct case_id *id, const char *word)
{
	uint8_t buf[ID_SIZE];
	MDB_val key = id_key(id, buf), value;
	int r = store_look(s, TABLE_RECORD, &key, &value);

	if (r == 0)
		r = store_write(s);
	if (r < 0)
		return r;
	s->put++;
	r = table_put(s, TABLE_MARK, key, value_of(bytes_text(word)));
	return r < 0 ? store_fail(s, r) : store_commit(s);
}

int store_find_record(struct store *s, const struct case_id *id, struct store_record *ret)
{
	uint8_t buf[ID_SIZE];
	MDB_val key = id_key(id, buf), value;
	int r = store_look(s, TABLE_RECORD, &key, &value);

	return r < 0 ? r : record_decode(id, bytes_of_value(&value), ret);
}

static int find_by_id(struct store *s, enum table t, const struct case_id *id, struct bytes *ret)
{
	uint8_t buf[ID_SIZE];
	MDB_val key = id_key(id, buf), value;
	int r = store_look(s, t, &key, &value);

	if (r == 0)
		*ret = bytes_of_value(&value);
	return r;
}

int store_find_case(struct store *s, const struct case_id *id, struct bytes *ret)
{
	return find_by_id(s, TABLE_CASE, id, ret);
}

int store_find_mark(struct store *s, const struct case_id *id, struct bytes *ret)
{
	return find_by_id(s, TABLE_MARK, id, ret);
}

int store_find_trace(struct store *s, const uint8_t digest[STORE_KEY_SIZE], struct bytes *ret)
{
	MDB_val key = value_of(bytes_of(digest, STORE_KEY_SIZE)), value;
	int r = store_look(s, TABLE_TRACE, &key, &value);
	struct bytes number;

	if (r < 0)
		return r;
	*ret = bytes_of_value(&value);
	return bytes_take(ret, NUMBER_SIZE, &number) < 0 ? -EINVAL : 0;
}

int store_find_before(struct store *s, uint64_t before, struct store_record *ret)
{
	uint8_t buf[NUMBER_SIZE];
	MDB_val key = number_key(before, buf), value, record;
	MDB_cursor *cursor = NULL;
	struct case_id id;
	int r = store_cursor(s, TABLE_ORDER, &cursor);

	if (r < 0)
		return r;
	/* the first at or after `before`; the one in front of it is ours */
	r = store_error(mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE));
	r = store_error(mdb_cursor_get(cursor, &key, &value, r == -ENOENT ? MDB_LAST : MDB_PREV));
	if (r == 0)
		r = id_decode(&value, &id);
	if (r == 0) {
		uint8_t id_buf[ID_SIZE];
		MDB_val id_value = id_key(&id, id_buf);

		r = store_error(mdb_get(mdb_cursor_txn(cursor), s->tables[TABLE_RECORD], &id_value, &record));
	}
	mdb_cursor_close(cursor);
	return r < 0 ? r : record_decode(&id, bytes_of_value(&record), ret);
}

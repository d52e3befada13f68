/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Syslog lines that wait until every collector has taken them. */
#include "control/store/tables.h"

#include <errno.h>
#include <string.h>

/* Removes the oldest line. -ENOENT where none is left. */
static int line_remove(struct store *s)
{
	uint8_t buf[NUMBER_SIZE];
	MDB_val key, value;
	int r = table_first(s, TABLE_SPOOL, &key, &value);

	if (r < 0)
		return r;
	r = number_add(s, "spool_bytes", -(int64_t)cost_of(value.mv_size));
	return r < 0 ? r : table_delete(s, TABLE_SPOOL, number_key(number_of(&key), buf));
}

int spool_put(struct store *s, struct bytes line)
{
	uint8_t buf[NUMBER_SIZE];
	uint64_t bytes, last;
	int r;

	if (cost_of(line.left) > s->spool_bytes)
		return -ENOSPC;
	for (;;) {
		if ((r = number_get(s, TABLE_META, "spool_bytes", &bytes)) < 0)
			return r;
		if (bytes + cost_of(line.left) <= s->spool_bytes)
			break;
		if ((r = line_remove(s)) < 0)
			return r;
		s->counts.spool_lost++;
	}
	/* numbers go on after every line was taken: a collector's place must stay behind them */
	if ((r = number_get(s, TABLE_META, "spool_last", &last)) < 0 ||
	    (r = number_put(s, TABLE_META, "spool_last", last + 1)) < 0 ||
	    (r = table_put(s, TABLE_SPOOL, number_key(last + 1, buf), value_of(line))) < 0)
		return r;
	return number_add(s, "spool_bytes", (int64_t)cost_of(line.left));
}

int store_spool_next(struct store *s, uint64_t after, uint64_t *number, struct bytes *ret)
{
	return store_next(s, TABLE_SPOOL, after, number, ret);
}

int store_spool_taken(struct store *s, const char *collector, uint64_t *ret)
{
	return number_get(s, TABLE_TAKEN, collector, ret);
}

int store_spool_take(struct store *s, const char *collector, uint64_t number)
{
	int r = store_write(s);

	if (r == 0)
		r = number_put(s, TABLE_TAKEN, collector, number);
	return r < 0 ? store_fail(s, r) : 0;
}

int store_spool_drop(struct store *s, uint64_t number)
{
	MDB_val key, value;
	int r = store_write(s);

	while (r == 0) {
		r = table_first(s, TABLE_SPOOL, &key, &value);
		if (r == -ENOENT || (r == 0 && number_of(&key) > number))
			return 0;
		if (r == 0)
			r = line_remove(s);
	}
	return store_fail(s, r);
}

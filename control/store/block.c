/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is blocked, by its number. */
#include "control/store/tables.h"

#include <errno.h>

int store_put_block(struct store *s, uint64_t id, struct bytes block)
{
	uint8_t buf[NUMBER_SIZE];
	int r = store_write(s);

	if (r < 0)
		return r;
	s->put++;
	r = table_put(s, TABLE_BLOCK, number_key(id, buf), value_of(block));
	return r < 0 ? store_fail(s, r) : 0;
}

int store_drop_block(struct store *s, uint64_t id)
{
	uint8_t buf[NUMBER_SIZE];
	int r = store_write(s);

	if (r < 0)
		return r;
	s->put++;
	r = table_delete(s, TABLE_BLOCK, number_key(id, buf));
	return r < 0 ? store_fail(s, r) : 0;
}

int store_find_block(struct store *s, uint64_t after, uint64_t *ret_id, struct bytes *ret)
{
	return s->no_blocks ? -ENOENT : store_next(s, TABLE_BLOCK, after, ret_id, ret);
}

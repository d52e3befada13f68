/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Injected SQL in every dialect (the first byte says which): every evaluation ends, within its bounds. */
#include "emu/sql/reject.h"
#include "emu/sql/sql.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { MEMORY = 48 << 20 };
	static struct sql_outcome outcome;
	static struct arena arena;
	static struct sql_rejection rejections[REJECTIONS_MAX];
	const char *refused;
	struct bytes value;
	bool null;
	int r;

	if (arena.at == NULL && (arena.at = malloc(MEMORY)) == NULL)
		abort();
	if (size == 0)
		return 0;
	arena = (struct arena){ .at = arena.at, .size = MEMORY };
	r = sql_evaluate(data[0] % SQL_DIALECTS, bytes_of(data + 1, size - 1), data[0], data[0] & 64, &arena, &outcome);
	if (r < 0 || arena.size != MEMORY || outcome.effects_count > SQL_EFFECTS_MAX || outcome.refusals_count > SQL_REFUSALS_MAX)
		abort();
	arena.used = 0;
	r = sql_rejections(data[0] % SQL_DIALECTS, bytes_of(data + 1, size - 1), &arena, rejections);
	for (int i = 0; i < r; i++) {
		if (rejections[i].count > REJECT_PIECES_MAX)
			abort();
	}
	arena.used = 0;
	(void)!sql_expression(data[0] % SQL_DIALECTS, bytes_of(data + 1, size - 1), &arena, &refused, &null, &value);
	return 0;
}

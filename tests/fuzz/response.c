/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Response bytes through every view and a search; each byte of a view must come from inside its part. */
#include "control/judge/search.h"
#include "control/judge/view.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct views *vs)
{
	struct search *s = NULL;

	if (search_new(bytes_text("a\\s{1,8}b[^\\r\\n]{0,40}c|\\d{3,9}"), SEARCH_MUCH, &s) < 0)
		abort();
	for (unsigned i = 0; i < vs->count; i++) {
		const struct view *v = &vs->at[i];
		size_t at = 0, start, end;

		while (search_next(s, v->text, &at, &start, &end)) {
			if (end > v->text.left || start >= end || view_origin(v, start) > v->part->head.left)
				abort();
		}
	}
	search_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = bytes_of(data, size);
	ptrdiff_t blank = bytes_find(all, bytes_text("\r\n\r\n"));
	size_t head = blank < 0 ? 0 : (size_t)blank + 4;
	struct case_record *record = calloc(1, sizeof(*record));
	struct views vs;

	if (record == NULL)
		return 0;
	record->state = CASE_DONE;
	record->parts[PART_RESPONSE_HEAD] = (struct case_part){ .present = true, .seen = head, .head = bytes_of(data, head) };
	record->parts[PART_RESPONSE_BODY] =
		(struct case_part){ .present = true, .seen = size - head, .head = bytes_of(data + head, size - head) };
	if (views_of(record, &vs) == 0) {
		look(&vs);
		views_fini(&vs);
	}
	free(record);
	return 0;
}

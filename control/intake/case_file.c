/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases kept in control. */
#include "control/intake/case_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Marks are decoded into room for the most there can be, and then kept in as much as there are. */
static int marks_keep(struct case_file *f, const struct segment_mark *all)
{
	size_t count = 0;

	for (unsigned p = 0; p < PART_COUNT; p++)
		count += f->record.parts[p].marks_count;
	f->marks = calloc(count + 1, sizeof(*f->marks));
	if (f->marks == NULL)
		return -ENOMEM;
	f->cost += count * sizeof(*all);
	count = 0;
	for (unsigned p = 0; p < PART_COUNT; p++) {
		struct case_part *part = &f->record.parts[p];

		if (part->marks_count > 0)
			memcpy(f->marks + count, part->marks, part->marks_count * sizeof(*all));
		part->marks = f->marks + count;
		count += part->marks_count;
	}
	return 0;
}

int case_file_new(struct bytes encoded, struct case_file **ret)
{
	struct segment_mark all[CASE_SEGMENTS_MAX * PART_COUNT];
	struct case_file *f = calloc(1, sizeof(*f));
	uint8_t *copy = malloc(encoded.left + 1);
	struct bytes b;
	int r = -ENOMEM;

	if (f == NULL || copy == NULL)
		goto out;
	if (encoded.left > 0)
		memcpy(copy, encoded.at, encoded.left);
	f->bytes = b = bytes_of(copy, encoded.left);
	f->cost = sizeof(*f) + encoded.left;
	if ((r = case_decode(&b, all, &f->record)) < 0)
		goto out;
	if ((r = marks_keep(f, all)) < 0)
		goto out;
	*ret = f;
	f = NULL;
	copy = NULL;
	r = 0;
out:
	free(copy);
	free(f);
	return r;
}

void case_file_free(struct case_file *f)
{
	union {
		const uint8_t *lent;
		void *own;
	} copy;

	if (f == NULL)
		return;
	copy.lent = f->bytes.at;
	free(copy.own);
	free(f->marks);
	free(f);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fields in an array: a record has few, and is read once. */
#include "control/iocgen/read/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void record_clear(struct record *r)
{
	r->count = 0;
	r->used = 0;
}

void record_put(struct record *r, struct bytes name, struct bytes value)
{
	struct field *f = &r->fields[r->count];

	if (r->count == RECORD_FIELDS_MAX || name.left > UINT16_MAX || name.left + value.left > RECORD_TEXT_MAX - r->used)
		return;
	*f = (struct field){ .name = (uint32_t)r->used, .name_len = (uint16_t)name.left, .value = (uint32_t)(r->used + name.left),
		.len = (uint32_t)value.left };
	if (name.left > 0)
		memcpy(r->text + f->name, name.at, name.left);
	if (value.left > 0)
		memcpy(r->text + f->value, value.at, value.left);
	r->used += name.left + value.left;
	r->count++;
}

static const struct field *find(const struct record *r, const char *name, unsigned from)
{
	struct bytes wanted = bytes_text(name);

	const struct field *folded = NULL;

	for (unsigned i = from; i < r->count; i++) {
		const struct field *f = &r->fields[i];
		struct bytes name_of = bytes_of(r->text + f->name, f->name_len);

		if (f->name_len != wanted.left || !bytes_equal_fold(name_of, wanted))
			continue;
		if (bytes_equal(name_of, wanted))
			return f;
		folded = folded != NULL ? folded : f;
	}
	return folded;
}

bool record_has(const struct record *r, const char *name)
{
	return find(r, name, 0) != NULL;
}

struct bytes record_get(const struct record *r, const char *name)
{
	const struct field *f = find(r, name, 0);

	return f != NULL ? bytes_of(r->text + f->value, f->len) : bytes_of(NULL, 0);
}

struct bytes record_next(const struct record *r, const char *name, unsigned *at)
{
	const struct field *f = find(r, name, *at);

	*at = f != NULL ? (unsigned)(f - r->fields) + 1 : r->count;
	return f != NULL ? bytes_of(r->text + f->value, f->len) : bytes_of(NULL, 0);
}

bool record_number(const struct record *r, const char *name, uint64_t *ret)
{
	struct bytes text = bytes_trim(record_get(r, name));
	char digits[32], *end;
	uint64_t v;

	if (text.left == 0 || text.left >= sizeof(digits) || *text.at < '0' || *text.at > '9')
		return false;
	memcpy(digits, text.at, text.left);
	digits[text.left] = '\0';
	errno = 0;
	v = strtoull(digits, &end, strncmp(digits, "0x", 2) == 0 ? 16 : 10);
	if (*end != '\0' || errno != 0)
		return false;
	*ret = v;
	return true;
}

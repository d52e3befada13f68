/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields of one name: some servers join their values with a comma, some without anything, some take those of the query and the
 * body together. An attack may be cut so that none of the values is one.
 */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <string.h>

enum { FIELDS_MAX = 64, VALUES_MAX = 16 /* of one name */ };

struct field {
	struct bytes name, raw;
	const struct form *form;
};

static unsigned fields_of(const struct finder *f, struct field *fields)
{
	unsigned count = 0;

	for (unsigned i = 0; i < f->forms_count; i++) {
		for (struct bytes rest = f->forms[i].fields; rest.left > 0 && count < FIELDS_MAX; count++) {
			struct bytes raw = http_split(&rest, '&'), name = { 0 };

			if (raw.left > 0 && memchr(raw.at, '=', raw.left) != NULL)
				name = http_split(&raw, '=');
			fields[count] = (struct field){ .name = name, .raw = raw, .form = &f->forms[i] };
		}
	}
	return count;
}

static struct bytes decoded(struct finder *f, struct bytes raw)
{
	static const struct step *const steps[] = { &decode_plus, &decode_url };
	struct bytes text = raw;

	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		size_t room = decode_room(steps[i], text.left);
		uint8_t *at = finder_take(f, room);
		struct sink out = sink_over(at, at != NULL ? room : 0);

		if (at != NULL && steps[i]->undo(text, &out) && !out.overflow)
			text = bytes_of(at, out.used);
	}
	return text;
}

static struct bytes joined(struct finder *f, const struct bytes *values, unsigned count, struct bytes between)
{
	size_t size = 0;
	struct sink out;
	uint8_t *at;

	for (unsigned i = 0; i < count; i++)
		size += values[i].left + between.left;
	if ((at = finder_take(f, size)) == NULL)
		return (struct bytes){ 0 };
	out = sink_over(at, size);
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			sink_put(&out, between.at, between.left);
		sink_put(&out, values[i].at, values[i].left);
	}
	return bytes_of(at, out.used);
}

/* Was code found in a field of that name? Then no joining made it. */
static bool found_by(const struct finder *f, struct bytes name)
{
	for (unsigned i = 0; i < f->found.count; i++) {
		if (!f->found.codes[i].quiet && bytes_equal(bytes_text(f->found.codes[i].parameter), name))
			return true;
	}
	return false;
}

/* Where they stand: from the first to the last of one form, of two the last. */
static struct carrier carrier_of(const struct field *first, const struct field *last)
{
	const struct field *from = first->form == last->form ? first : last;
	struct carrier c = carrier_piece(&last->form->like, bytes_of(from->raw.at, (size_t)(last->raw.at + last->raw.left - from->raw.at)),
	                                 first->name);

	c.repeated = true;
	return c;
}

static void look_at(struct finder *f, const struct field *fields, const unsigned *which, unsigned count)
{
	static const char *const between[] = { ",", "" };
	struct bytes values[VALUES_MAX];
	struct carrier c = carrier_of(&fields[which[0]], &fields[which[count - 1]]);

	for (unsigned i = 0; i < count; i++)
		values[i] = decoded(f, fields[which[i]].raw);
	c.undone_count = 0;
	c.undone[c.undone_count++] = "url";
	c.undone[c.undone_count++] = "joined";
	for (unsigned i = 0; i < COUNT_OF(between); i++) {
		struct layer l = { .text = joined(f, values, count, bytes_text(between[i])), .names = { "url", "joined" }, .count = 2 };

		if (sql_of_repeated(f, &c, &l, values, count) || found_by(f, c.name))
			return;
		c.text = l.text;
		finder_look(f, &c, NULL);
		c.text = (struct bytes){ 0 };
	}
}

void carriers_of_repeated(struct finder *f)
{
	struct field fields[FIELDS_MAX];
	unsigned count = fields_of(f, fields), which[VALUES_MAX];

	for (unsigned i = 0; i < count; i++) {
		unsigned same = 0;
		bool first = fields[i].name.left > 0;

		for (unsigned k = 0; k < i; k++)
			first &= !bytes_equal(fields[k].name, fields[i].name);
		for (unsigned k = i; k < count && same < VALUES_MAX && first; k++) {
			if (bytes_equal(fields[k].name, fields[i].name))
				which[same++] = k;
		}
		if (same > 1)
			look_at(f, fields, which, same);
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Effects gathered, and the unknown database's values made up. */
#include "emu/sql/effect.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 4096 /* bytes kept of an effect's text */ };

void effect_note_data(struct sql_run *r, enum sql_effect_kind kind, struct bytes text, struct bytes data, bool open)
{
	struct sql_outcome *o = r->out;

	if (r->dry || o == NULL)
		return;
	for (unsigned i = 0; i < o->effects_count; i++) {
		if (o->effects[i].kind == kind && o->effects[i].value == 0 && bytes_equal(o->effects[i].text, text))
			return;
	}
	effect_note(r, kind, text, 0, open);
	if (o->effects_count > 0 && o->effects[o->effects_count - 1].kind == kind)
		o->effects[o->effects_count - 1].data = arena_copy(r->keep, data, TEXT_MAX);
}

void effect_note(struct sql_run *r, enum sql_effect_kind kind, struct bytes text, uint64_t value, bool open)
{
	struct sql_outcome *o = r->out;

	if (r->dry || o == NULL)
		return;
	text.left = text.left < TEXT_MAX ? text.left : TEXT_MAX;
	for (unsigned i = 0; i < o->effects_count; i++) {
		struct sql_effect *e = &o->effects[i];

		if (e->kind == kind && e->value == value && bytes_equal(e->text, text)) {
			e->open &= open;
			return;
		}
	}
	if (o->effects_count == SQL_EFFECTS_MAX) {
		o->effects_left++;
		return;
	}
	o->effects[o->effects_count++] = (struct sql_effect){ .kind = kind, .open = open, .value = value,
		.text = arena_copy(r->keep, text, TEXT_MAX) };
}

static uint64_t mix(uint64_t seed, struct bytes name, uint64_t row)
{
	uint64_t h = 14695981039346656037u ^ (seed + 1) * 0x9e3779b97f4a7c15u ^ (row + 1) * 0xd1b54a32d192ed03u;

	for (size_t i = 0; i < name.left; i++)
		h = (h ^ (uint64_t)tolower(name.at[i])) * 1099511628211u;
	return h ^ h >> 29;
}

struct sql_value effect_unknown(struct sql_run *r, struct bytes name, uint64_t row)
{
	uint64_t h = mix(r->seed, name, row);
	struct sql_value v = value_text((struct bytes){ 0 });
	unsigned len = 4 + (unsigned)(h >> 8) % 9;
	char word[24];

	for (unsigned i = 0; i < len; i++, h = h * 6364136223846793005u + 1442695040888963407u)
		word[i] = "abcdefghijklmnopqrstuvwxyz0123456789._-"[(h >> 33) % (i == 0 ? 26 : 39)];
	v.s = arena_copy(r->arena, bytes_of(word, len), len);
	v.open = true;
	return v;
}

struct sql_value effect_unknown_number(struct sql_run *r, struct bytes name, uint64_t row)
{
	struct sql_value v = sql_value_int((int64_t)(mix(r->seed, name, row) >> 20) % 9000 + 1);

	if (r->dialect == SQL_ORACLE)
		v = value_decimal(decimal_of_int(r->arena, v.i));
	v.open = true;
	return v;
}

bool effect_unc(struct sql_run *r, struct bytes path, bool open)
{
	size_t n = 2;

	if (path.left < 3 || (path.at[0] != '\\' && path.at[0] != '/') || path.at[1] != path.at[0])
		return false;
	while (n < path.left && path.at[n] != '\\' && path.at[n] != '/' && path.at[n] != '@')
		n++;
	if (n == 2)
		return false;
	effect_note(r, SQL_CONNECT, bytes_of(path.at + 2, n - 2), 445, open);
	return true;
}

bool effect_decide(struct sql_run *r, const struct sql_value *v, int truth)
{
	if (!v->open)
		return truth > 0;
	if (!r->dry)
		r->undecided = true;
	return !r->flip;
}

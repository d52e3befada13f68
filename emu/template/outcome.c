/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an evaluation does and what it cannot do, noted once each. */
#include "emu/template/engine.h"

#include <stdio.h>
#include <string.h>

static bool same(const struct template_effect *a, const struct template_effect *b)
{
	return a->kind == b->kind && a->language == b->language && a->value == b->value && bytes_equal(a->text, b->text) &&
	       bytes_equal(a->data, b->data);
}

void template_effect_note(struct template_outcome *o, const struct template_effect *effect, struct arena *a)
{
	struct template_effect *e;

	for (unsigned i = 0; i < o->effects_count; i++) {
		if (same(&o->effects[i], effect)) {
			o->effects[i].open &= effect->open;
			return;
		}
	}
	if (o->effects_count == TEMPLATE_EFFECTS_MAX) {
		o->effects_left++;
		return;
	}
	e = &o->effects[o->effects_count++];
	*e = *effect;
	e->text = arena_copy(a, effect->text, TEMPLATE_TEXT_MAX);
	e->data = arena_copy(a, effect->data, TEMPLATE_TEXT_MAX);
}

void template_refusal_note(struct template_outcome *o, const char *what)
{
	for (unsigned i = 0; i < o->refusals_count; i++) {
		if (strncmp(o->refusals[i], what, sizeof(o->refusals[i]) - 1) == 0)
			return;
	}
	if (o->refusals_count < TEMPLATE_REFUSALS_MAX)
		snprintf(o->refusals[o->refusals_count++], sizeof(o->refusals[0]), "%s", what);
}

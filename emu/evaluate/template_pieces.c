/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Elements of long lists, each a line of its own. */
#include "emu/evaluate/template_pieces.h"

#include <errno.h>
#include <string.h>

enum {
	LINE_LONG = 160,     /* bytes of a line from which its parts are looked at */
	PIECES_TRACES = 16,  /* of one text */
};

/* What a success needs by default (judge.success_bits): a piece that says less is no evidence by itself. */
static const double PIECE_BITS_MIN = 30;

static bool has_long_line(struct bytes out)
{
	size_t length = 0;

	for (size_t i = 0; i < out.left; i++) {
		length = out.at[i] == '\n' ? 0 : length + 1;
		if (length > LINE_LONG)
			return true;
	}
	return false;
}

/* ", " becomes a line's end. */
static struct bytes cut(struct bytes out, struct arena *a)
{
	struct bytes made = arena_copy(a, out, out.left);
	uint8_t *at = (uint8_t *)(uintptr_t)made.at;

	for (size_t i = 0; i + 1 < made.left; i++) {
		if (at[i] == ',' && at[i + 1] == ' ')
			at[i] = at[i + 1] = '\n';
	}
	return made;
}

int template_pieces(const struct observations *o, struct trace_list *list)
{
	struct observations *pieces;
	struct trace_list *found = arena_take(list->arena, sizeof(*found));
	bool any = false;
	int r;

	for (unsigned row = 0; row < o->count; row++)
		any |= has_long_line(o->rows[row].run.out);
	if (!any)
		return 0;
	if (found == NULL || (pieces = arena_take(list->arena, sizeof(*pieces))) == NULL)
		return -ENOMEM;
	memcpy(pieces, o, sizeof(*pieces));
	for (unsigned row = 0; row < o->count; row++)
		pieces->rows[row].run.out = cut(o->rows[row].run.out, list->arena);
	found->arena = list->arena;
	if ((r = text_traces(pieces, found)) < 0)
		return r;
	for (unsigned i = 0, kept = 0; i < found->count && kept < PIECES_TRACES; i++) {
		const struct trace *t = &found->traces[i];
		struct trace *made = t->kind == TRACE_TEXT && t->bits >= PIECE_BITS_MIN && bytes_find(t->text, bytes_text("\n")) < 0 ? trace_add(list) : NULL;

		if (made == NULL)
			continue;
		*made = *t;
		made->must_show = false;
		kept++;
	}
	return list->arena->full ? -ENOMEM : 0;
}

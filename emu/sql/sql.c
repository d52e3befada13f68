/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The places an injected text may stand in, and its evaluation in each. */
#include "emu/sql/sql.h"
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"
#include "emu/sql/lexeme.h"
#include "emu/sql/statement.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The attacked query around the user's input. */
struct place {
	const char *before, *after;
	unsigned in;
	const char *needs; /* marks that the text must hold to make this place another than those before */
};

#define CARRIER "SELECT * FROM konseki_place WHERE "

static const struct place places[] = {
	{ CARRIER "konseki_value=", "", IN_ALL, "" },
	{ CARRIER "konseki_value=1 ", "", IN_ALL, "" }, /* behind a value */
	{ CARRIER "(konseki_value=1 ", ")", IN_ALL, ")" },
	{ CARRIER "konseki_value='", "'", IN_ALL, "" },
	{ CARRIER "konseki_value=\"", "\"", IN_MYSQL, "" },
	{ CARRIER "(konseki_value=", ")", IN_ALL, ")" },
	{ CARRIER "(konseki_value='", "')", IN_ALL, ")" },
	{ CARRIER "(konseki_value=\"", "\")", IN_MYSQL, ")" },
	{ CARRIER "((konseki_value=", "))", IN_ALL, "))" },
	{ CARRIER "((konseki_value='", "'))", IN_ALL, "))" },
	{ CARRIER "((konseki_value=\"", "\"))", IN_MYSQL, "))" },
	{ CARRIER "(((konseki_value=", ")))", IN_ALL, ")))" },
	{ CARRIER "(((konseki_value='", "')))", IN_ALL, ")))" },
	{ CARRIER "konseki_value LIKE '%", "%'", IN_ALL, "%" },
	{ CARRIER "(konseki_value LIKE '%", "%')", IN_ALL, ")%" },
	{ CARRIER "konseki_value IN (1,", ")", IN_ALL, ")" },
	{ CARRIER "konseki_value IN ('x','", "')", IN_ALL, ")" },
	{ "SELECT * FROM konseki_place ORDER BY ", "", IN_ALL, "" },
	{ "SELECT * FROM konseki_place LIMIT ", "", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE, "" },
	{ "SELECT `", "` FROM konseki_place", IN_MYSQL, "" },
	{ "", "", IN_ALL, "" },
};

enum {
	PLACE_MEMORY = 24 << 20, /* bytes: what an ordinary attack needs is a hundredth of it */
	BOUNDED_MAX = 3,         /* places where a bound was reached: the others would reach it as well */
};

/* Without a bracket of its own the text cannot leave one, and means the same there as without. */
static bool differs(const struct place *p, struct bytes fragment)
{
	size_t brackets = 0, marks = 0, wanted = 0;
	bool mark = false;

	for (const char *c = p->needs; *c != '\0'; c++) {
		wanted += *c == ')';
		mark |= *c == '%';
	}
	for (size_t i = 0; i < fragment.left; i++) {
		brackets += fragment.at[i] == ')';
		marks += fragment.at[i] == '%';
	}
	return brackets >= wanted && (!mark || marks > 0);
}

static void refusal_note(struct sql_outcome *o, const char *what)
{
	char text[sizeof(o->refusals[0])];

	snprintf(text, sizeof(text), "%s", what != NULL ? what : "?");
	for (unsigned i = 0; i < o->refusals_count; i++) {
		if (strcmp(o->refusals[i], text) == 0)
			return;
	}
	if (o->refusals_count < SQL_REFUSALS_MAX)
		memcpy(o->refusals[o->refusals_count++], text, sizeof(text));
}

/* The engine's words with the value among them. */
static struct bytes said(struct sql_run *r, struct bytes value)
{
	size_t before = strlen(r->said_before), after = strlen(r->said_after);
	uint8_t *at = arena_take(r->arena, before + value.left + after + 1);

	if (at == NULL)
		return (struct bytes){ 0 };
	memcpy(at, r->said_before, before);
	if (value.left > 0)
		memcpy(at + before, value.at, value.left);
	memcpy(at + before + value.left, r->said_after, after);
	return bytes_of(at, before + value.left + after);
}

static void leak_note(struct sql_run *r)
{
	struct bytes text = { 0 };
	bool open = r->leak.open;

	if (!r->leak.null && value_write(r, &r->leak, false, &text) < 0)
		return;
	while (text.left > 0 && *text.at == '%') /* the place's own */
		text = bytes_of(text.at + 1, text.left - 1);
	while (text.left > 0 && text.at[text.left - 1] == '%')
		text.left--;
	/* what the text says itself tells nobody that it was run */
	if (text.left > 0 && bytes_find(r->fragment, text) >= 0)
		return;
	text = said(r, text);
	if (text.left > 0)
		effect_note(r, SQL_LEAK, text, 0, open);
}

/*
 * Does the text only cut off what the query has behind it? Whatever else the query asked for (a password) is asked for no
 * more: its predicate is true as far as the value before the quote is one.
 */
static bool cuts_off(struct sql_run *r, struct bytes query, size_t after)
{
	struct lexemes whole, without;

	return after > 0 && lexemes_of(r->dialect, query, r->arena, &whole) == 0 &&
		lexemes_of(r->dialect, bytes_of(query.at, query.left - after), r->arena, &without) == 0 && whole.count == without.count &&
		whole.list[whole.count - 1].kind == LEX_END && without.list[without.count - 1].kind == LEX_END;
}

/* One place. A text that the grammar does not take there does nothing; -ENOMEM ends all. */
static int evaluate_in(struct sql_run *r, const struct place *p, struct bytes fragment)
{
	size_t before = strlen(p->before), after = strlen(p->after);
	uint8_t *text = arena_take(r->arena, before + fragment.left + after + 1);
	unsigned effects = r->out->effects_count + r->out->effects_left;
	int e;

	if (text == NULL) {
		r->out->places_bounded++;
		return 0;
	}
	memcpy(text, p->before, before);
	memcpy(text + before, fragment.at, fragment.left);
	memcpy(text + before + fragment.left, p->after, after);
	e = statement_text(r, bytes_of(text, before + fragment.left + after));
	if (e == -EBADMSG) {
		r->out->places_rejected++;
		return 0;
	}
	if (e == -ENOMEM && !r->keep->full)
		e = -E2BIG; /* this place's share of memory */
	if (e == -ENOTSUP)
		refusal_note(r->out, r->refused);
	else if (e == -E2BIG)
		r->out->places_bounded++;
	else
		r->out->places_parsed++;
	if (e == 0 && r->quoted && effects == r->out->effects_count + r->out->effects_left && cuts_off(r, bytes_of(text, before + fragment.left + after), after))
		effect_note(r, SQL_CUT, (struct bytes){ 0 }, 1, false);
	/* PostgreSQL reads its literals before it runs anything */
	if (e == -EDOM && r->carried && (!r->mismatch || r->leak.open))
		leak_note(r);
	return e == -ENOMEM ? e : 0;
}

int sql_evaluate(enum sql_dialect dialect, struct bytes fragment, uint64_t seed, bool flip, struct arena *a, struct sql_outcome *ret)
{
	return sql_evaluate_flavour(dialect, 0, fragment, seed, flip, a, ret);
}

int sql_evaluate_flavour(enum sql_dialect dialect, unsigned flavour, struct bytes fragment, uint64_t seed, bool flip, struct arena *a,
                         struct sql_outcome *ret)
{
	/* the end of the arena is each place's own, one after the other */
	size_t size = (a->size - a->used) / 2 < PLACE_MEMORY ? (a->size - a->used) / 2 : PLACE_MEMORY;
	struct arena place = { .at = a->at + a->size - size, .size = size };
	int e = 0;

	memset(ret, 0, sizeof(*ret));
	if (fragment.left > SQL_FRAGMENT_MAX) {
		ret->bounded = true;
		return 0;
	}
	a->size -= size;
	for (unsigned i = 0; i < COUNT_OF(places) && e == 0; i++) {
		struct sql_run r = { .dialect = dialect, .flavour = flavour, .arena = &place, .keep = a, .seed = seed, .flip = flip, .out = ret, .open_rows = 1,
			.fragment = fragment, .carried = places[i].before[0] != '\0', .quoted = places[i].after[0] == '\'' || places[i].after[0] == '"' || places[i].after[0] == '%' };

		if ((places[i].in & 1u << dialect) == 0 || !differs(&places[i], fragment))
			continue;
		place.used = 0;
		place.full = false;
		e = evaluate_in(&r, &places[i], fragment);
		ret->undecided |= r.undecided;
		ret->bounded = ret->places_bounded > 0;
		if (ret->places_bounded == BOUNDED_MAX)
			break;
	}
	a->size += size;
	return e;
}

int sql_expression(enum sql_dialect dialect, struct bytes text, struct arena *a, const char **refused, bool *null, struct bytes *ret)
{
	struct sql_run r = { .dialect = dialect, .arena = a, .keep = a, .open_rows = 1 };
	struct statement *s = NULL;
	struct parser p;
	struct rows rows;
	int e = sql_syntax_parse(&p, dialect, text, a, &s);

	*refused = p.refused;
	if (e < 0)
		return e;
	if (s->kind != STATEMENT_QUERY)
		return -EBADMSG;
	if ((e = evaluate_query(&r, s->query, &rows)) < 0) {
		*refused = r.refused;
		return e;
	}
	if (rows.width != 1 || rows.count != 1)
		return -EBADMSG;
	*null = rows.cells[0][0].null;
	return *null ? 0 : value_write(&r, &rows.cells[0][0], false, ret);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refusals. A parser that stops says where: what it quotes begins at one of the text's lexemes, in one of the quotings
 * that the text may stand in. Names that do not exist are found before anything runs as well. Which messages there are
 * and how they are worded is the engines' own; MariaDB, PostgreSQL and SQLite were asked (tests/engine).
 */
#include "emu/sql/reject.h"

#include "emu/sql/lexeme.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum piece {
	PIECE_REST,       /* from a lexeme on to the end */
	PIECE_LEXEME,     /* one lexeme as written */
	PIECE_QUOTE,      /* from a quote on to the end */
	PIECE_CALL,       /* a function's name */
	PIECE_NAME,       /* another name */
	PIECE_COLUMN,     /* a name, or the number that stands for one */
	PIECE_NUMBER,
	PIECE_UNION,      /* nothing, where the text has a UNION */
	PIECE_ORDER,      /* nothing, where it has ORDER BY */
};

struct message {
	unsigned in;
	const char *before;
	enum piece piece;
	unsigned gap;
	const char *after;
};

static const struct message messages[] = {
	{ IN_MYSQL, "the right syntax to use near '", PIECE_REST, 120, "' at line " },
	{ IN_MYSQL, "FUNCTION ", PIECE_CALL, 0, " does not exist" },
	{ IN_MYSQL, "Incorrect parameter count in the call to native function '", PIECE_CALL, 0, "'" },
	{ IN_MYSQL, "Unknown column '", PIECE_COLUMN, 0, "' in " },
	{ IN_MYSQL, "Table '", PIECE_NAME, 0, "' doesn't exist" },
	{ IN_MYSQL, "The used SELECT statements have a different number of columns", PIECE_UNION, 0, "" },
	{ IN_POSTGRESQL, "syntax error at or near \"", PIECE_LEXEME, 60, "\"" },
	{ IN_POSTGRESQL, "unterminated quoted string at or near \"", PIECE_QUOTE, 0, "" },
	{ IN_POSTGRESQL, "unterminated hexadecimal string literal at or near \"", PIECE_QUOTE, 0, "" },
	{ IN_POSTGRESQL, "unterminated quoted identifier at or near \"", PIECE_QUOTE, 0, "" },
	{ IN_POSTGRESQL, "trailing junk after numeric literal at or near \"", PIECE_LEXEME, 60, "\"" },
	{ IN_POSTGRESQL, "function ", PIECE_CALL, 120, " does not exist" },
	{ IN_POSTGRESQL, "column \"", PIECE_COLUMN, 0, "\" does not exist" },
	{ IN_POSTGRESQL, "relation \"", PIECE_NAME, 0, "\" does not exist" },
	{ IN_POSTGRESQL, "table \"", PIECE_NAME, 0, "\" does not exist" },
	{ IN_POSTGRESQL, "each UNION query must have the same number of columns", PIECE_UNION, 0, "" },
	{ IN_POSTGRESQL, "ORDER BY position ", PIECE_NUMBER, 0, " is not in select list" },
	{ IN_SQLITE, "near \"", PIECE_LEXEME, 60, "\": syntax error" },
	{ IN_SQLITE, "unrecognized token: \"", PIECE_LEXEME, 200, "\"" },
	{ IN_SQLITE, "no such function: ", PIECE_CALL, 0, "" },
	{ IN_SQLITE, "no such column: ", PIECE_NAME, 0, "" },
	{ IN_SQLITE, "no such table: ", PIECE_NAME, 0, "" },
	{ IN_SQLITE, "do not have the same number of result columns", PIECE_UNION, 0, "" },
	{ IN_SQLITE, "ORDER BY term out of range - should be between 1 and ", PIECE_ORDER, 0, "" },
	{ IN_MSSQL, "Incorrect syntax near '", PIECE_LEXEME, 0, "'" },
	{ IN_MSSQL, "Incorrect syntax near the keyword '", PIECE_LEXEME, 0, "'" },
	{ IN_MSSQL, "Invalid column name '", PIECE_COLUMN, 0, "'" },
	{ IN_MSSQL, "Invalid object name '", PIECE_NAME, 0, "'" },
	{ IN_MSSQL, "'", PIECE_CALL, 0, "' is not a recognized built-in function name" },
	{ IN_MSSQL, "must have an equal number of expressions in their target lists", PIECE_UNION, 0, "" },
	{ IN_MSSQL, "The ORDER BY position number ", PIECE_NUMBER, 0, " is out of range of the number of items in the select list" },
	{ IN_ORACLE, "ORA-00904: ", PIECE_NAME, 0, ": invalid identifier" },
	{ IN_ORACLE, "ORA-00904: ", PIECE_CALL, 0, ": invalid identifier" },
	{ IN_ORACLE, "ORA-01789: ", PIECE_UNION, 0, "" },
	{ IN_ORACLE, "ORA-01785: ORDER BY item must be the number of a SELECT-list expression", PIECE_ORDER, 0, "" },
};

struct reading {
	enum sql_dialect dialect;
	struct bytes text;          /* the fragment, the place's quote before it */
	const struct lexemes *lexemes;
	unsigned until;             /* lexemes that belong to statements of which nothing ran before */
};

/* What stands at lexeme i as written, without blanks behind it. */
static struct bytes written(const struct reading *r, unsigned i, bool to_end)
{
	const struct lexeme *x = &r->lexemes->list[i];
	size_t end = !to_end && i + 1 < r->lexemes->count ? r->lexemes->list[i + 1].at : r->text.left;

	if (end < x->at)
		end = x->at;
	while (end > x->at && isspace(r->text.at[end - 1]))
		end--;
	return bytes_of(r->text.at + x->at, end - x->at);
}

static bool is_quote(uint8_t c)
{
	return c == '\'' || c == '"' || c == '`';
}

/* '…', x'…' */
static bool begins_quote(const struct reading *r, size_t at)
{
	return (at < r->text.left && is_quote(r->text.at[at])) || (at + 1 < r->text.left && isalpha(r->text.at[at]) && is_quote(r->text.at[at + 1]));
}

/* A name as the engine would show it: the last of those with dots between, without its quotes. */
static struct bytes shown_name(const struct reading *r, const struct lexeme *x, struct arena *a)
{
	struct bytes folded = arena_copy(a, x->text, REJECT_PIECE_BYTES);

	if (r->dialect == SQL_POSTGRESQL && x->kind == LEX_NAME && folded.left > 0)
		for (size_t i = 0; i < folded.left; i++)
			((uint8_t *)(uintptr_t)folded.at)[i] = (uint8_t)tolower(folded.at[i]);
	return folded;
}

/* What no lexeme begins with is quoted as far as it reads like a word. */
static struct bytes word_at(const struct reading *r, size_t at)
{
	size_t n = at < r->text.left;

	while (at + n < r->text.left && (isalnum(r->text.at[at + n]) || r->text.at[at + n] == '_'))
		n++;
	return bytes_of(r->text.at + at, n);
}

static bool is_keyword(const struct lexeme *x)
{
	static const char *const words[] = { "and", "or", "xor", "not", "select", "from", "where", "union", "all", "distinct", "null", "order", "by",
		"group", "having", "limit", "offset", "as", "on", "in", "is", "like", "rlike", "case", "when", "then", "else", "end", "exists",
		"between", "into", "values", "set", "join", "if", "drop", "table", "insert", "update", "delete", "create", "exec", "waitfor" };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (lexeme_is(x, words[i]))
			return true;
	}
	return false;
}

static struct bytes piece_of(const struct reading *r, enum piece piece, unsigned i, struct arena *a)
{
	const struct lexeme *x = &r->lexemes->list[i];
	bool name = x->kind == LEX_QUOTED || (x->kind == LEX_NAME && !is_keyword(x));
	bool call = name && i + 1 < r->lexemes->count && lexeme_is(&x[1], "(");

	switch (piece) {
	case PIECE_REST: return written(r, i, true);
	case PIECE_LEXEME: return x->kind == LEX_WRONG && !begins_quote(r, x->at) ? word_at(r, x->at) : written(r, i, false);
	case PIECE_QUOTE: return begins_quote(r, x->at) ? written(r, i, true) : (struct bytes){ 0 };
	case PIECE_CALL: return call ? shown_name(r, x, a) : (struct bytes){ 0 };
	case PIECE_NAME: return name && !call ? shown_name(r, x, a) : (struct bytes){ 0 };
	case PIECE_COLUMN: return (name && !call) || x->kind == LEX_INTEGER ? shown_name(r, x, a) : (struct bytes){ 0 };
	case PIECE_NUMBER: return x->kind == LEX_INTEGER ? x->text : (struct bytes){ 0 };
	default: return (struct bytes){ 0 };
	}
}

static void add(struct sql_rejection *m, struct bytes piece)
{
	if (piece.left > REJECT_PIECE_BYTES)
		piece.left = REJECT_PIECE_BYTES;
	for (unsigned i = 0; i < m->count; i++) {
		if (bytes_equal(m->pieces[i], piece))
			return;
	}
	if (piece.left > 0 && m->count < REJECT_PIECES_MAX)
		m->pieces[m->count++] = piece;
}

/*
 * A statement before this one has run when this one is read, unless the engine reads all of them first. What it was is
 * the application's own as long as the text only ends its value.
 */
static unsigned unrun(const struct reading *r)
{
	unsigned plain = 3;

	for (unsigned i = 0; i < r->lexemes->count; i++) {
		if (lexeme_is(&r->lexemes->list[i], ";") && i > plain)
			return i + 1;
	}
	return r->lexemes->count;
}

static bool holds(const struct reading *r, const char *word)
{
	for (unsigned i = 0; i < r->until; i++) {
		if (lexeme_is(&r->lexemes->list[i], word))
			return true;
	}
	return false;
}

/* What one message may quote of one reading; true: the message is possible at all. */
static bool gather(const struct reading *r, const struct message *m, struct arena *a, struct sql_rejection *to)
{
	bool all_first = r->dialect == SQL_POSTGRESQL && (m->piece == PIECE_LEXEME || m->piece == PIECE_QUOTE || m->piece == PIECE_REST);

	if (m->piece == PIECE_UNION)
		return holds(r, "union");
	if (m->piece == PIECE_ORDER)
		return holds(r, "order") || holds(r, "group");
	for (unsigned i = 0; i < (all_first ? r->lexemes->count : r->until); i++)
		add(to, piece_of(r, m->piece, i, a));
	return to->count > 0;
}

int sql_rejections(enum sql_dialect dialect, struct bytes fragment, struct arena *a, struct sql_rejection ret[REJECTIONS_MAX])
{
	static const char *const quotes[] = { "", "'", "\"" };
	struct lexemes lexemes[COUNT_OF(quotes)];
	struct reading readings[COUNT_OF(quotes)];
	int count = 0, r;

	for (unsigned q = 0; q < COUNT_OF(quotes); q++) {
		size_t quote = strlen(quotes[q]);
		uint8_t *text = arena_take(a, fragment.left + 1);

		if (text == NULL)
			return -ENOMEM;
		memcpy(text, quotes[q], quote);
		if (fragment.left > 0)
			memcpy(text + quote, fragment.at, fragment.left);
		readings[q] = (struct reading){ .dialect = dialect, .text = bytes_of(text, fragment.left + quote), .lexemes = &lexemes[q] };
		if ((r = lexemes_of(dialect, readings[q].text, a, &lexemes[q])) < 0)
			return r;
		readings[q].until = unrun(&readings[q]);
	}
	for (unsigned i = 0; i < COUNT_OF(messages) && count < REJECTIONS_MAX; i++) {
		const struct message *m = &messages[i];
		bool possible = false;

		if ((m->in & 1u << dialect) == 0)
			continue;
		ret[count] = (struct sql_rejection){ .before = m->before, .after = m->after, .gap = m->gap, .names = m->piece >= PIECE_CALL && m->piece <= PIECE_COLUMN };
		for (unsigned q = 0; q < COUNT_OF(quotes); q++)
			possible |= gather(&readings[q], m, a, &ret[count]);
		count += possible;
	}
	return a->full ? -ENOMEM : count;
}

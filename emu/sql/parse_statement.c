/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements one after another: queries, and those that do something else. */
#include "emu/sql/parse.h"

#include <errno.h>
#include <string.h>

/* The rest of the statement, unread: what it changes are the victim's own data. */
static bool skip_statement(struct parser *p)
{
	unsigned begun = p->at, open = 0;

	while (parse_peek(p, 0)->kind != LEX_END && (open > 0 || !parse_is(p, ";"))) {
		if (parse_peek(p, 0)->kind == LEX_WRONG)
			return parse_fail(p) != NULL;
		open += parse_is(p, "(");
		open -= open > 0 && parse_is(p, ")");
		p->at++;
	}
	if (p->at == begun && !lexeme_is(&p->lexemes.list[begun - 1], "shutdown"))
		parse_fail(p);
	return p->failed == 0;
}

/* WAITFOR DELAY '0:0:5' */
static bool wait(struct parser *p, struct statement *s)
{
	s->kind = STATEMENT_WAIT;
	if (!parse_expect(p, "delay"))
		return false;
	if (parse_peek(p, 0)->kind != LEX_STRING && parse_peek(p, 0)->kind != LEX_VARIABLE)
		return parse_fail(p) != NULL;
	s->text = parse_peek(p, 0)->text;
	s->name = parse_peek(p, 0)->kind == LEX_VARIABLE ? s->text : (struct bytes){ 0 };
	p->at++;
	return true;
}

/* EXEC [@r =] a.b.procedure 'x', @n = 5; EXEC ('text') */
static bool execute(struct parser *p, struct statement *s)
{
	s->kind = STATEMENT_EXECUTE;
	if ((s->arguments = parse_node(p, NODE_ROW)) == NULL)
		return false;
	if (parse_peek(p, 0)->kind == LEX_VARIABLE && lexeme_is(parse_peek(p, 1), "="))
		p->at += 2;
	if (parse_take(p, "("))
		return parse_list(p, s->arguments) && parse_expect(p, ")");
	if (parse_peek(p, 0)->kind != LEX_NAME && parse_peek(p, 0)->kind != LEX_QUOTED)
		return parse_fail(p) != NULL;
	s->name = parse_peek(p, 0)->text;
	for (p->at++; parse_is(p, ".");) {
		while (parse_take(p, "."))
			;
		s->name = parse_peek(p, 0)->text;
		p->at++;
	}
	while (p->failed == 0 && parse_peek(p, 0)->kind != LEX_END && !parse_is(p, ";")) {
		if (parse_peek(p, 0)->kind == LEX_VARIABLE && lexeme_is(parse_peek(p, 1), "="))
			p->at += 2;
		if (!parse_add(p, s->arguments, sql_parse_expression(p)))
			return false;
		if (parse_is(p, "output") || parse_is(p, "out"))
			p->at++;
		if (!parse_take(p, ","))
			break;
	}
	return p->failed == 0;
}

/* COPY table|(query) TO|FROM 'file' | PROGRAM 'command' */
static bool copy(struct parser *p, struct statement *s)
{
	s->kind = STATEMENT_COPY;
	if (parse_take(p, "(")) {
		if ((s->query = parse_query(p)) == NULL || !parse_expect(p, ")"))
			return false;
	} else {
		if (!sql_parse_name(p, &s->name))
			return false;
		while (parse_take(p, "."))
			(void)!sql_parse_name(p, &s->name);
		if (parse_take(p, "(")) {
			while (p->failed == 0 && !parse_take(p, ")")) {
				if (parse_at_end(p))
					parse_fail(p);
				p->at++;
			}
		}
	}
	s->outward = parse_take(p, "to");
	if (!s->outward && !parse_expect(p, "from"))
		return false;
	s->program = parse_take(p, "program");
	if (parse_peek(p, 0)->kind != LEX_STRING)
		return (parse_is(p, "stdin") || parse_is(p, "stdout")) ? skip_statement(p) : parse_fail(p) != NULL;
	s->text = parse_peek(p, 0)->text;
	p->at++;
	return parse_is(p, ";") || parse_peek(p, 0)->kind == LEX_END || skip_statement(p);
}

/* DECLARE @x type [= e]; SET @x = e; SELECT is a query. */
static bool set(struct parser *p, struct statement *s)
{
	s->kind = STATEMENT_SET;
	if (parse_peek(p, 0)->kind != LEX_VARIABLE || p->dialect != SQL_MSSQL)
		return skip_statement(p);
	s->name = parse_peek(p, 0)->text;
	p->at++;
	if (!parse_is(p, "=")) {
		struct type_name type;

		parse_take(p, "as");
		if (!sql_parse_type(p, &type))
			return false;
	}
	if (parse_take(p, "=")) {
		if ((s->arguments = parse_node(p, NODE_ROW)) == NULL || !parse_add(p, s->arguments, sql_parse_expression(p)))
			return false;
	}
	return p->failed == 0 && (!parse_is(p, ",") || skip_statement(p));
}

/* Oracle: BEGIN calls; END; */
static bool block(struct parser *p, struct statement *s)
{
	if (parse_take(p, "begin") || (p->blocks > 0 && parse_is(p, "end"))) {
		if (parse_take(p, "end"))
			p->blocks--;
		else
			p->blocks++;
		s->kind = STATEMENT_BLOCK;
		return true;
	}
	s->kind = STATEMENT_CALL;
	if (parse_is2(p, "execute", "immediate")) {
		p->at += 2;
		s->kind = STATEMENT_EXECUTE;
	}
	return (s->arguments = parse_node(p, NODE_ROW)) != NULL && parse_add(p, s->arguments, sql_parse_expression(p));
}

/* What CREATE, ALTER and DROP are about. */
static bool is_object(const struct parser *p)
{
	static const char *const objects[] = { "table", "view", "procedure", "proc", "function", "login", "user", "database", "index", "trigger", "schema",
		"or", "role", "type", "sequence", "temp", "temporary", "unique", "extension", "assembly", "language", "server", "alias", "aggregate",
		"event", "definer", "global", "public", "directory", "session", "system", "virtual", "cast" };

	for (unsigned i = 0; i < COUNT_OF(objects); i++) {
		if (lexeme_is(parse_peek(p, 1), objects[i]))
			return true;
	}
	return false;
}

/* UPDATE … SET name = */
static bool sets_something(const struct parser *p)
{
	for (unsigned i = 2; i < 16 && parse_peek(p, i)->kind != LEX_END; i++) {
		if (!lexeme_is(parse_peek(p, i), "set"))
			continue;
		while (lexeme_is(parse_peek(p, i + 2), "."))
			i += 2;
		return lexeme_is(parse_peek(p, i + 2), "=");
	}
	return false;
}

static bool statement(struct parser *p, struct statement *s)
{
	/* word, and the dialects in which it begins a statement that changes things */
	static const struct { const char *word; unsigned in; const char *next; } changes[] = {
		{ "insert", IN_ALL, "into" }, { "update", IN_ALL, NULL }, { "delete", IN_ALL, "from" }, { "drop", IN_ALL, NULL },
		{ "create", IN_ALL, NULL }, { "alter", IN_ALL, NULL }, { "truncate", IN_ALL, "table" }, { "grant", IN_ALL, NULL },
		{ "shutdown", IN_MSSQL | IN_MYSQL, NULL }, { "merge", IN_MSSQL | IN_ORACLE, "into" }, { "replace", IN_MYSQL | IN_SQLITE, "into" },
		{ "attach", IN_SQLITE, "database" }, 
		{ "backup", IN_MSSQL, "database" }, { "vacuum", IN_SQLITE | IN_POSTGRESQL, NULL }, { "load", IN_MYSQL, "data" },
		{ "handler", IN_MYSQL, NULL }, { "call", IN_MYSQL | IN_POSTGRESQL, NULL }, { "use", IN_MYSQL | IN_MSSQL, NULL }, { "prepare", IN_MYSQL, NULL },
		{ "execute", IN_MYSQL, NULL }, { "if", IN_MSSQL, NULL }, { "while", IN_MSSQL, NULL }, { "show", IN_MYSQL, NULL },
	};

	s->verb = parse_peek(p, 0)->text;
	if (parse_begins_query(p, 0)) {
		s->kind = STATEMENT_QUERY;
		return (s->query = parse_query(p)) != NULL;
	}
	if (p->dialect == SQL_ORACLE && (p->blocks > 0 || parse_is(p, "begin")))
		return block(p, s);
	if (p->dialect == SQL_POSTGRESQL && parse_is(p, "do") && (parse_peek(p, 1)->kind == LEX_STRING || lexeme_is(parse_peek(p, 1), "language"))) {
		s->kind = STATEMENT_CHANGE;
		return skip_statement(p);
	}
	if (p->dialect == SQL_MSSQL && parse_take(p, "waitfor"))
		return wait(p, s);
	if (p->dialect == SQL_MSSQL && parse_take(p, "if")) {
		if ((s->arguments = parse_node(p, NODE_ROW)) == NULL || !parse_add(p, s->arguments, sql_parse_expression(p)))
			return false;
		s->kind = STATEMENT_IF;
		return true; /* what follows is the conditional statement */
	}
	if (p->dialect == SQL_MSSQL && (parse_take(p, "exec") || parse_take(p, "execute")))
		return execute(p, s);
	if (p->dialect == SQL_POSTGRESQL && parse_take(p, "copy"))
		return copy(p, s);
	if (parse_in(p, IN_MSSQL | IN_MYSQL | IN_POSTGRESQL) && (parse_take(p, "set") || (p->dialect == SQL_MSSQL && parse_take(p, "declare"))))
		return set(p, s);
	for (unsigned i = 0; i < COUNT_OF(changes); i++) {
		if (!parse_in(p, changes[i].in) || !parse_is(p, changes[i].word) ||
		    (changes[i].next != NULL && !lexeme_is(parse_peek(p, 1), changes[i].next)))
			continue;
		if ((parse_is(p, "create") || parse_is(p, "alter") || parse_is(p, "drop")) && !is_object(p))
			break;
		if (parse_is(p, "update") && !sets_something(p))
			break;
		p->at++;
		s->kind = STATEMENT_CHANGE;
		return skip_statement(p);
	}
	/* SQL Server runs a bare name at the batch's begin as a procedure; others know no such word */
	return parse_fail(p) != NULL;
}

int sql_syntax_parse(struct parser *p, enum sql_dialect dialect, struct bytes text, struct arena *a, struct statement **ret)
{
	struct statement *first = NULL, **end = &first;
	unsigned count = 0;
	int r;

	*p = (struct parser){ .dialect = dialect, .text = text, .arena = a };
	if ((r = lexemes_of(dialect, text, a, &p->lexemes)) < 0)
		return p->failed = r;
	while (p->failed == 0 && parse_peek(p, 0)->kind != LEX_END) {
		struct statement *s;

		if (parse_take(p, ";"))
			continue;
		if (++count > 64)
			parse_refuse(p, "many statements");
		if ((s = parse_room(p, sizeof(*s))) == NULL || !statement(p, s))
			break;
		*end = s;
		end = &s->next;
		/* SQL Server needs no mark between statements; Oracle and SQLite drivers run the first only */
		if (p->failed == 0 && parse_peek(p, 0)->kind != LEX_END && !parse_is(p, ";") && dialect != SQL_MSSQL && s->kind != STATEMENT_BLOCK)
			parse_fail(p);
	}
	if (p->failed == 0 && (first == NULL || p->blocks > 0))
		parse_fail(p);
	if (p->failed == 0)
		*ret = first;
	return p->failed;
}

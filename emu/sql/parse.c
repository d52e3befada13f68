/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser's hands: words taken, nodes made, depth counted. */
#include "emu/sql/parse.h"

#include <errno.h>
#include <string.h>

bool parse_in(const struct parser *p, unsigned dialects)
{
	return (1u << p->dialect & dialects) != 0;
}

const struct lexeme *parse_peek(const struct parser *p, unsigned ahead)
{
	unsigned i = p->at + ahead;

	return &p->lexemes.list[i < p->lexemes.count ? i : p->lexemes.count - 1];
}

bool parse_at_end(const struct parser *p)
{
	return parse_peek(p, 0)->kind == LEX_END || parse_peek(p, 0)->kind == LEX_WRONG;
}

bool parse_is(const struct parser *p, const char *word)
{
	return p->failed == 0 && lexeme_is(parse_peek(p, 0), word);
}

bool parse_is2(const struct parser *p, const char *word, const char *next)
{
	return parse_is(p, word) && lexeme_is(parse_peek(p, 1), next);
}

bool parse_take(struct parser *p, const char *word)
{
	bool there = parse_is(p, word);

	p->at += there;
	return there;
}

void *parse_fail(struct parser *p)
{
	if (p->failed == 0) {
		p->failed = -EBADMSG;
		p->failed_at = parse_peek(p, 0)->at;
	}
	return NULL;
}

void *parse_refuse(struct parser *p, const char *what)
{
	if (p->failed == 0) {
		p->failed = -ENOTSUP;
		p->refused = what;
	}
	return NULL;
}

bool parse_expect(struct parser *p, const char *word)
{
	if (!parse_take(p, word))
		parse_fail(p);
	return p->failed == 0;
}

/* Words that a grammar needs in their places: without them ordinary text would read as names. */
bool parse_reserved(const struct parser *p, const struct lexeme *x)
{
	static const struct { const char *word; unsigned in; } words[] = {
		{ "select", IN_ALL }, { "from", IN_ALL }, { "where", IN_ALL }, { "union", IN_ALL }, { "and", IN_ALL },
		{ "or", IN_ALL }, { "not", IN_ALL }, { "order", IN_ALL }, { "group", IN_ALL }, { "by", IN_ALL & ~IN_SQLITE },
		{ "having", IN_ALL }, { "limit", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE }, { "into", IN_ALL }, { "on", IN_ALL },
		{ "using", IN_MYSQL | IN_POSTGRESQL | IN_SQLITE }, { "join", IN_ALL & ~IN_ORACLE }, { "as", IN_ALL },
		{ "case", IN_ALL }, { "when", IN_ALL }, { "then", IN_ALL }, { "else", IN_ALL },
		{ "end", IN_POSTGRESQL | IN_MSSQL },
		{ "in", IN_ALL }, { "is", IN_ALL }, { "like", IN_ALL }, { "between", IN_ALL }, { "null", IN_ALL },
		{ "distinct", IN_ALL }, { "all", IN_ALL }, { "exists", IN_ALL & ~IN_POSTGRESQL }, { "values", IN_ALL },
		{ "set", IN_ALL }, { "create", IN_ALL }, { "table", IN_ALL }, { "insert", IN_ALL }, { "update", IN_ALL },
		{ "delete", IN_ALL }, { "drop", IN_ALL }, { "alter", IN_ALL }, { "for", IN_ALL & ~IN_SQLITE },
		{ "to", IN_ALL & ~IN_MSSQL }, { "with", IN_ALL & ~IN_SQLITE }, { "procedure", IN_MYSQL | IN_MSSQL },
		{ "div", IN_MYSQL }, { "mod", IN_MYSQL }, { "xor", IN_MYSQL }, { "rlike", IN_MYSQL }, { "regexp", IN_MYSQL },
		{ "interval", IN_MYSQL }, { "binary", IN_MYSQL }, { "offset", IN_POSTGRESQL }, { "fetch", IN_POSTGRESQL },
		{ "except", IN_ALL & ~IN_ORACLE }, { "intersect", IN_ALL }, { "minus", IN_ORACLE }, { "inner", IN_ALL & ~IN_ORACLE },
		{ "left", IN_MYSQL | IN_POSTGRESQL | IN_MSSQL }, { "right", IN_MYSQL | IN_POSTGRESQL | IN_MSSQL },
		{ "cross", IN_ALL & ~IN_ORACLE & ~IN_SQLITE }, { "natural", IN_MYSQL | IN_POSTGRESQL },
		{ "true", IN_POSTGRESQL | IN_MYSQL }, { "false", IN_POSTGRESQL | IN_MYSQL }, { "isnull", IN_POSTGRESQL | IN_SQLITE },
		{ "notnull", IN_POSTGRESQL | IN_SQLITE }, { "ilike", IN_POSTGRESQL }, { "similar", IN_POSTGRESQL },
		{ "collate", IN_ALL & ~IN_ORACLE }, { "check", IN_ALL }, { "default", IN_ALL }, { "index", IN_ALL & ~IN_POSTGRESQL },
		{ "key", IN_MYSQL }, { "use", IN_MYSQL | IN_MSSQL }, { "exec", IN_MSSQL }, { "execute", IN_MSSQL },
		{ "if", IN_MSSQL }, { "waitfor", IN_MSSQL }, { "begin", IN_MSSQL }, { "declare", IN_MSSQL },
		{ "outer", IN_MYSQL | IN_POSTGRESQL | IN_MSSQL }, { "unique", IN_ALL }, { "any", IN_POSTGRESQL | IN_ORACLE },
		{ "of", IN_ORACLE | IN_MSSQL }, { "start", IN_ORACLE }, { "desc", IN_ALL & ~IN_SQLITE }, { "asc", IN_ALL & ~IN_SQLITE },
		{ "grant", IN_ALL & ~IN_SQLITE }, { "references", IN_ALL }, { "primary", IN_ALL & ~IN_ORACLE }, { "shutdown", IN_MSSQL },
		{ "transaction", IN_SQLITE }, { "window", IN_POSTGRESQL },
	};

	for (unsigned i = 0; x->kind == LEX_NAME && i < COUNT_OF(words); i++) {
		if (parse_in(p, words[i].in) && lexeme_is(x, words[i].word))
			return true;
	}
	return false;
}

bool sql_parse_name(struct parser *p, struct bytes *ret)
{
	const struct lexeme *x = parse_peek(p, 0);

	if (p->failed != 0 || (x->kind != LEX_QUOTED && (x->kind != LEX_NAME || parse_reserved(p, x)))) {
		parse_fail(p);
		return false;
	}
	*ret = x->text;
	p->at++;
	return true;
}

void *parse_room(struct parser *p, size_t size)
{
	void *room = p->failed == 0 ? arena_take(p->arena, size) : NULL;

	if (room == NULL && p->failed == 0)
		p->failed = -ENOMEM;
	return room;
}

bool parse_enter(struct parser *p)
{
	if (p->depth == SYNTAX_DEPTH_MAX && p->failed == 0)
		p->failed = -E2BIG;
	if (p->failed == 0)
		p->depth++;
	return p->failed == 0;
}

void parse_leave(struct parser *p)
{
	p->depth--;
}

struct node *parse_node(struct parser *p, enum node_kind kind)
{
	struct node *n;

	if (p->nodes++ >= SYNTAX_NODES_MAX && p->failed == 0)
		p->failed = -E2BIG;
	if ((n = parse_room(p, sizeof(*n))) == NULL)
		return NULL;
	n->kind = kind;
	n->depth = 1;
	n->from = parse_peek(p, 0)->at;
	return n;
}

bool parse_add(struct parser *p, struct node *parent, struct node *child)
{
	struct node **end = &parent->first;

	if (p->failed != 0 || child == NULL)
		return p->failed == 0;
	while (*end != NULL)
		end = &(*end)->next;
	*end = child;
	parent->count++;
	if (child->depth >= parent->depth)
		parent->depth = child->depth + 1;
	if (parent->depth > SYNTAX_DEPTH_MAX)
		p->failed = -E2BIG;
	return p->failed == 0;
}

bool parse_list(struct parser *p, struct node *parent)
{
	do {
		if (!parse_add(p, parent, sql_parse_expression(p)))
			return false;
	} while (parse_take(p, ","));
	return p->failed == 0;
}

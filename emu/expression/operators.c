/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The operators: how each language spells them and how strongly they bind. Sources: the OGNL language guide, Spring's
 * reference on SpEL, the Jakarta EL specification, MVEL's guide, the Java and Groovy language references, the
 * manuals of Freemarker and Velocity.
 */
#include "emu/expression/syntax.h"

#include <string.h>

#define CODE (IN_JAVA | IN_MVEL)
#define WORDS (IN_EL | IN_FREEMARKER | IN_VELOCITY)

static const struct operator_row rows[] = {
	{ ",", OP_SEQUENCE, 1, false, IN_OGNL },
	{ ";", OP_SEQUENCE, 1, false, IN_EL },
	{ "=", OP_ASSIGN, 2, true, IN_OGNL | IN_SPEL | IN_EL | CODE },
	{ "+=", OP_ASSIGN, 2, true, CODE }, { "-=", OP_ASSIGN, 2, true, CODE }, { "*=", OP_ASSIGN, 2, true, CODE },
	{ "/=", OP_ASSIGN, 2, true, CODE }, { "%=", OP_ASSIGN, 2, true, CODE }, { "|=", OP_ASSIGN, 2, true, CODE },
	{ "&=", OP_ASSIGN, 2, true, CODE }, { "^=", OP_ASSIGN, 2, true, CODE }, { "<<=", OP_ASSIGN, 2, true, CODE },
	{ ">>=", OP_ASSIGN, 2, true, CODE }, { ">>>=", OP_ASSIGN, 2, true, CODE },
	{ "?", OP_TERNARY, 3, true, IN_OGNL | IN_SPEL | IN_EL | CODE },
	{ "?:", OP_ELVIS, 3, true, IN_SPEL | IN_JAVA },
	{ "||", OP_OR, 4, false, IN_ALL }, { "or", OP_OR, 4, false, IN_OGNL | IN_SPEL | IN_EL | IN_MVEL | IN_VELOCITY },
	{ "|", OP_OR, 4, false, IN_FREEMARKER },
	{ "&&", OP_AND, 5, false, IN_ALL }, { "and", OP_AND, 5, false, IN_OGNL | IN_SPEL | IN_EL | IN_MVEL | IN_VELOCITY },
	{ "&", OP_AND, 5, false, IN_FREEMARKER },
	{ "|", OP_BITOR, 6, false, IN_OGNL | CODE }, { "bor", OP_BITOR, 6, false, IN_OGNL },
	{ "^", OP_BITXOR, 7, false, IN_OGNL | CODE }, { "xor", OP_BITXOR, 7, false, IN_OGNL },
	{ "&", OP_BITAND, 8, false, IN_OGNL | CODE }, { "band", OP_BITAND, 8, false, IN_OGNL },
	{ "==", OP_EQ, 9, false, IN_OGNL | IN_EL | CODE | IN_FREEMARKER | IN_VELOCITY }, { "eq", OP_EQ, 9, false, IN_OGNL | IN_EL | IN_VELOCITY },
	{ "=", OP_EQ, 9, false, IN_FREEMARKER },
	{ "!=", OP_NE, 9, false, IN_OGNL | IN_EL | CODE | IN_FREEMARKER | IN_VELOCITY }, { "neq", OP_NE, 9, false, IN_OGNL },
	{ "ne", OP_NE, 9, false, IN_EL | IN_VELOCITY },
	{ "===", OP_IS, 9, false, IN_JAVA }, { "!==", OP_NE, 9, false, IN_JAVA },
	{ "==~", OP_MATCHES, 9, false, IN_JAVA }, { "=~", OP_FIND, 9, false, IN_JAVA }, { "~=", OP_MATCHES, 9, false, IN_MVEL },
	{ "<=>", OP_COMPARE, 9, false, IN_JAVA },
	/* SpEL has one level for all comparisons */
	{ "==", OP_EQ, 10, false, IN_SPEL }, { "eq", OP_EQ, 10, false, IN_SPEL }, { "!=", OP_NE, 10, false, IN_SPEL },
	{ "ne", OP_NE, 10, false, IN_SPEL }, { "matches", OP_MATCHES, 10, false, IN_SPEL }, { "between", OP_BETWEEN, 10, false, IN_SPEL },
	{ "<", OP_LT, 10, false, IN_ALL }, { ">", OP_GT, 10, false, IN_ALL }, { "<=", OP_LE, 10, false, IN_ALL }, { ">=", OP_GE, 10, false, IN_ALL },
	{ "lt", OP_LT, 10, false, IN_OGNL | IN_SPEL | WORDS }, { "gt", OP_GT, 10, false, IN_OGNL | IN_SPEL | WORDS },
	{ "le", OP_LE, 10, false, IN_SPEL | IN_EL | IN_VELOCITY }, { "ge", OP_GE, 10, false, IN_SPEL | IN_EL | IN_VELOCITY },
	{ "lte", OP_LE, 10, false, IN_OGNL | IN_FREEMARKER }, { "gte", OP_GE, 10, false, IN_OGNL | IN_FREEMARKER },
	{ "in", OP_IN, 10, false, IN_OGNL | IN_JAVA }, { "not in", OP_NOT_IN, 10, false, IN_OGNL },
	{ "instanceof", OP_INSTANCEOF, 10, false, IN_SPEL | CODE }, { "is", OP_INSTANCEOF, 10, false, IN_MVEL },
	{ "instanceof", OP_INSTANCEOF, 16, false, IN_OGNL },
	{ "contains", OP_CONTAINS, 10, false, IN_MVEL }, { "as", OP_AS, 10, false, IN_JAVA },
	{ "<<", OP_SHL, 11, false, IN_OGNL | CODE }, { "shl", OP_SHL, 11, false, IN_OGNL }, { ">>", OP_SHR, 11, false, IN_OGNL | CODE },
	{ "shr", OP_SHR, 11, false, IN_OGNL }, { ">>>", OP_USHR, 11, false, IN_OGNL | CODE }, { "ushr", OP_USHR, 11, false, IN_OGNL },
	{ "+=", OP_CONCAT, 11, false, IN_EL },
	{ "..", OP_RANGE, 12, false, IN_FREEMARKER | IN_JAVA }, { "..<", OP_RANGE_OPEN, 12, false, IN_FREEMARKER | IN_JAVA },
	{ "+", OP_ADD, 13, false, IN_ALL }, { "-", OP_SUB, 13, false, IN_ALL }, { "#", OP_CONCAT, 13, false, IN_MVEL },
	{ "*", OP_MUL, 14, false, IN_ALL }, { "/", OP_DIV, 14, false, IN_ALL }, { "%", OP_MOD, 14, false, IN_ALL },
	{ "div", OP_DIV, 14, false, IN_SPEL | IN_EL }, { "mod", OP_MOD, 14, false, IN_SPEL | IN_EL },
	{ "^", OP_POWER, 15, false, IN_SPEL }, { "**", OP_POWER, 15, false, CODE },
};

static bool lexeme_is(const struct lexeme *l, struct bytes text)
{
	if (l->kind != LEX_SIGN && l->kind != LEX_NAME)
		return false;
	/* words of operators in any case: SpEL takes AND, OGNL does not, and nobody's name is like that */
	return l->kind == LEX_NAME ? bytes_equal_fold(l->text, text) : bytes_equal(l->text, text);
}

const struct operator_row *java_operator_at(const struct parser *p, unsigned *words)
{
	const struct lexeme *l = java_parse_peek(p, 0);

	*words = 1;
	if (l->kind != LEX_SIGN && l->kind != LEX_NAME)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!java_parse_in(p, rows[i].languages))
			continue;
		if (lexeme_is(l, bytes_text(rows[i].text)))
			return &rows[i];
		if (rows[i].op == OP_NOT_IN && lexeme_is(l, bytes_text("not")) && lexeme_is(java_parse_peek(p, 1), bytes_text("in"))) {
			*words = 2;
			return &rows[i];
		}
	}
	return NULL;
}

enum operator java_operator_prefix(const struct parser *p)
{
	static const struct { const char *text; enum operator op; unsigned languages; } prefixes[] = {
		{ "-", OP_NEGATE, IN_ALL }, { "+", OP_PLUS, IN_ALL & ~IN_EL }, { "!", OP_NOT, IN_ALL }, { "not", OP_NOT, IN_OGNL | IN_SPEL | IN_EL | IN_VELOCITY },
		{ "~", OP_BITNOT, IN_OGNL | CODE }, { "empty", OP_EMPTY, IN_EL },
		{ "++", OP_INCREMENT, IN_SPEL | CODE }, { "--", OP_DECREMENT, IN_SPEL | CODE },
	};
	const struct lexeme *l = java_parse_peek(p, 0);

	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		if (!java_parse_in(p, prefixes[i].languages) || !lexeme_is(l, bytes_text(prefixes[i].text)))
			continue;
		/* not(…) is a call nowhere */
		return prefixes[i].op;
	}
	return OP_NONE;
}

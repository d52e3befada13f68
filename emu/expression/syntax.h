/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lexemes and trees of the expression languages, and the table of what differs between them. */
#ifndef EMU_EXPRESSION_SYNTAX_H
#define EMU_EXPRESSION_SYNTAX_H

#include "emu/expression/value.h"

enum {
	LEXEMES_MAX = 8192,   /* of one text: a whole JSP shell has some thousands */
	DEPTH_MAX = 400,      /* of a tree: as deep as operators and brackets nest, or a chain of calls is long */
	NODES_MAX = 20000,
};

enum {
	IN_SPEL = 1 << EXPRESSION_SPEL, IN_OGNL = 1 << EXPRESSION_OGNL, IN_EL = 1 << EXPRESSION_EL, IN_MVEL = 1 << EXPRESSION_MVEL,
	IN_JAVA = 1 << EXPRESSION_JAVA, IN_FREEMARKER = 1 << EXPRESSION_FREEMARKER, IN_VELOCITY = 1 << EXPRESSION_VELOCITY,
	IN_ALL = (1 << EXPRESSION_LANGUAGES) - 1,
};

enum lexeme_kind {
	LEX_END, LEX_NAME, LEX_STRING /* text: what it stands for */, LEX_CHAR, LEX_NUMBER /* text as written */,
	LEX_SIGN, LEX_REGEX /* Groovy's slashy string */, LEX_WRONG,
};

struct lexeme {
	enum lexeme_kind kind;
	bool interpolates;     /* a string in which the language looks for expressions */
	bool line_before;      /* a line end stands before it: it may end a statement */
	struct bytes text;
	uint32_t at, end;      /* in the whole text */
};

struct lexemes {
	struct lexeme *list;
	unsigned count;
};

must_check int java_lexemes_read(struct java_run *, struct bytes text, struct lexemes *ret);

enum operator {
	OP_NONE, OP_SEQUENCE, OP_ASSIGN, OP_TERNARY, OP_ELVIS, OP_OR, OP_AND, OP_BITOR, OP_BITXOR, OP_BITAND, OP_EQ, OP_NE, OP_LT, OP_GT,
	OP_LE, OP_GE, OP_IN, OP_NOT_IN, OP_INSTANCEOF, OP_MATCHES, OP_FIND, OP_BETWEEN, OP_CONTAINS, OP_SHL, OP_SHR, OP_USHR, OP_CONCAT,
	OP_RANGE, OP_RANGE_OPEN, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_MOD, OP_POWER, OP_NEGATE, OP_PLUS, OP_NOT, OP_BITNOT, OP_EMPTY,
	OP_COMPARE, OP_AS, OP_INCREMENT, OP_DECREMENT, OP_IS,
};

enum node_kind {
	NODE_LITERAL, NODE_TEXT /* a string with expressions in it */, NODE_NAME, NODE_VARIABLE /* #name */, NODE_BEAN /* @name */,
	NODE_PROPERTY, NODE_INDEX, NODE_CALL /* first: the target or NULL; name; arguments */, NODE_TYPE /* a class, by name */,
	NODE_STATIC_CALL, NODE_STATIC_FIELD, NODE_NEW, NODE_NEW_ARRAY, NODE_LIST, NODE_MAP, NODE_UNARY, NODE_BINARY, NODE_TERNARY,
	NODE_ASSIGN, NODE_SEQUENCE, NODE_PROJECT, NODE_SELECT, NODE_LAMBDA, NODE_WITHIN /* OGNL: target.(expression) */, NODE_CAST,
	NODE_BUILTIN /* Freemarker's target?name(arguments) */, NODE_DEFAULT, NODE_EXISTS, NODE_STEP /* ++ and -- */,
	/* statements */
	NODE_BLOCK, NODE_DECLARE, NODE_IF, NODE_WHILE, NODE_DO, NODE_FOR, NODE_EACH, NODE_RETURN, NODE_BREAK, NODE_CONTINUE, NODE_THROW,
	NODE_TRY, NODE_FUNCTION, NODE_EXPRESSION, NODE_SWITCH, NODE_CASE,
};

struct node {
	enum node_kind kind;
	enum operator op;
	bool safe;             /* ?. */
	bool after;            /* of ++ and --: behind its operand */
	bool spread;           /* *. */
	char which;            /* of a selection: '?' all, '^' the first, '$' the last */
	uint16_t depth, count;
	struct bytes name, type;
	struct java_value value;
	struct node *first, *second, *third, *fourth;
	struct node *arguments, *next;
};

struct parser {
	struct java_run *run;
	struct lexemes lexemes;
	struct bytes text;
	unsigned at, depth, nodes;
	int failed;
};

/* One expression, to the end of the text; or statements (MVEL, Java). Returns 0 or the parser's failure. */
must_check int java_expression_parse(struct java_run *, struct bytes text, struct node **ret);
must_check int java_statements_parse(struct java_run *, struct bytes text, struct node **ret);
/* The parser's own files. */
struct node *java_parse_node(struct parser *, enum node_kind);
int java_parse_fail(struct parser *);
const struct lexeme *java_parse_peek(const struct parser *, unsigned ahead);
bool java_parse_is(const struct parser *, const char *sign);  /* a sign or a name, without quotes */
bool java_parse_take(struct parser *, const char *sign);
must_check int java_parse_want(struct parser *, const char *sign);
must_check int java_parse_expression(struct parser *, unsigned binding, struct node **ret);
must_check int java_parse_primary(struct parser *, struct node **ret);
must_check int java_parse_postfix(struct parser *, struct node **of);
must_check int java_parse_arguments(struct parser *, const char *end, struct node *call);
must_check int java_parse_statement(struct parser *, struct node **ret);
must_check int java_parse_block(struct parser *, struct node **ret);
must_check int java_parse_type_name(struct parser *, struct bytes *ret); /* a.b.C<…>[] */
bool java_parse_in(const struct parser *, unsigned languages);
/* Items up to the end, or pairs: then the node is a map of key, value, key, value … */
must_check int java_parse_items(struct parser *, const char *end, bool pairs, struct node **ret);
must_check int java_parse_new(struct parser *, struct node **ret);   /* behind the word new */
must_check int java_parse_arrow(struct parser *, struct node **ret); /* (a, b) -> …; 1: it is none */
must_check int java_parse_parameters(struct parser *, struct node *function, const char *end);
bool java_parse_is_cast(const struct parser *);                      /* (Type) in front of an operand */
must_check int java_parse_closure(struct parser *, struct node **ret);   /* behind { */

enum { BINDING_SEQUENCE = 1, BINDING_ASSIGN = 2, BINDING_TERNARY = 3, BINDING_OR = 4, BINDING_RANGE = 12, BINDING_ADD = 13, BINDING_UNARY = 16 };

struct operator_row {
	const char *text;
	enum operator op;
	unsigned char binding;
	bool right;
	unsigned languages;
};
/* The operator that stands here as an infix one; NULL: none. */
const struct operator_row *java_operator_at(const struct parser *, unsigned *words);
enum operator java_operator_prefix(const struct parser *);

#endif

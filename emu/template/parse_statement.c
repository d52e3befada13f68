/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements of Jinja2 and Twig: a table of tags. The token is the tag's name when a reader begins. */
#include "emu/template/syntax.h"

static bool is_jinja(const struct parser *p)
{
	return p->lexer.dialect == DIALECT_JINJA2;
}

/* x, or x, y: names that take values; Jinja's also x.y of a namespace. */
static struct node *parse_target(struct parser *p)
{
	struct node *tuple = syntax_node(p, NODE_TUPLE), **end = tuple != NULL ? &tuple->list : NULL, *n;
	bool several = false, brackets = is_jinja(p) && parser_accept(p, "(");

	do {
		if (tuple == NULL || p->token.kind != LEXEME_NAME || (n = syntax_node(p, NODE_NAME)) == NULL)
			return parser_unexpected(p, "name");
		n->name = p->token.text;
		parser_advance(p);
		if (is_jinja(p) && p->token.kind == LEXEME_MARK && parser_accept(p, ".")) {
			struct node *of = n;

			if ((n = syntax_node(p, NODE_ATTRIBUTE)) == NULL)
				return NULL;
			n->a = of;
			n->name = p->token.text;
			parser_advance(p);
		}
		node_append(&end, n);
		if (!parser_accept(p, ","))
			break;
		several = true;
	} while (p->token.kind == LEXEME_NAME && !lexeme_reads(&p->token, "in"));
	if (brackets && !parser_expect(p, ")"))
		return NULL;
	return several ? tuple : tuple->list;
}

static struct node *parse_if(struct parser *p)
{
	static const char *const ends[] = { "elif", "elseif", "else", "endif", NULL };
	struct node *n = syntax_node(p, NODE_IF);
	unsigned found = 3;

	parser_advance(p);
	if (n == NULL || (n->a = is_jinja(p) ? parse_jinja_operand(p) : parse_expression(p)) == NULL || !parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	if (found < 2) {
		if ((is_jinja(p) && found == 1) || (!is_jinja(p) && found == 0))
			return parser_fail(p, "Encountered unknown tag '%s'.", ends[found]);
		if (!parser_enter(p))
			return NULL;
		n->other = parse_if(p);
		parser_leave(p);
		return n->other != NULL ? n : NULL;
	}
	parser_advance(p);
	if (found == 3)
		return n;
	if (!parse_close(p) || (n->other = parse_body(p, ends + 3, &found)) == NULL)
		return NULL;
	parser_advance(p);
	return n;
}

static struct node *parse_for(struct parser *p)
{
	static const char *const ends[] = { "else", "endfor", NULL };
	struct node *n = syntax_node(p, NODE_FOR);
	unsigned found = 1;

	parser_advance(p);
	if (n == NULL || (n->b = parse_target(p)) == NULL || !parser_expect(p, "in"))
		return NULL;
	if ((n->a = is_jinja(p) ? parse_jinja_operand(p) : parse_expression(p)) == NULL)
		return NULL;
	if (is_jinja(p) && lexeme_reads(&p->token, ",")) {
		p->refused = "for over a bare tuple";
		return NULL;
	}
	if (is_jinja(p) && parser_accept(p, "if") && (n->c = parse_expression(p)) == NULL)
		return NULL;
	if (is_jinja(p) && parser_accept(p, "recursive"))
		p->refused = "a recursive loop";
	if (!parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	parser_advance(p);
	if (found == 1)
		return n;
	if (!parse_close(p) || (n->other = parse_body(p, ends + 1, &found)) == NULL)
		return NULL;
	parser_advance(p);
	return n;
}

static struct node *parse_set(struct parser *p)
{
	static const char *const ends[] = { "endset", NULL };
	struct node *n = syntax_node(p, NODE_SET);
	unsigned found;

	parser_advance(p);
	if (n == NULL || (n->b = parse_target(p)) == NULL)
		return NULL;
	if (parser_accept(p, "=")) {
		if (is_jinja(p))
			return (n->a = parse_jinja_tuple(p)) != NULL ? n : NULL;
		if ((n->a = parse_expression(p)) == NULL || n->b->kind != NODE_TUPLE)
			return n->a != NULL ? n : NULL;
		/* Twig: set a, b = 1, 2 */
		struct node *values = syntax_node(p, NODE_TUPLE), **end = values != NULL ? &values->list : NULL, *v = n->a;

		for (; values != NULL && v != NULL; v = parse_expression(p)) {
			node_append(&end, v);
			if (!parser_accept(p, ","))
				break;
		}
		n->a = values;
		return v != NULL && values != NULL ? n : NULL;
	}
	n->kind = NODE_SET_BLOCK;
	if (is_jinja(p) && lexeme_reads(&p->token, "|")) {
		parser_advance(p);
		if ((n->a = parse_filters(p, NULL)) == NULL)
			return NULL;
	}
	if (!parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	parser_advance(p);
	return n;
}

/* (a, b=1) of a macro. */
static bool parse_parameters(struct parser *p, struct node **ret)
{
	struct node **end = ret, *n;

	*ret = NULL;
	if (!parser_expect(p, "("))
		return false;
	while (!lexeme_reads(&p->token, ")") && !parser_failed(p)) {
		if (*ret != NULL && !parser_expect(p, ","))
			return false;
		if (p->token.kind != LEXEME_NAME || (n = syntax_node(p, NODE_KEYWORD)) == NULL) {
			parser_unexpected(p, "name");
			return false;
		}
		n->name = p->token.text;
		parser_advance(p);
		if (parser_accept(p, "=") && (n->a = parse_expression(p)) == NULL)
			return false;
		node_append(&end, n);
	}
	return parser_expect(p, ")");
}

static struct node *parse_macro(struct parser *p)
{
	static const char *const ends[] = { "endmacro", NULL };
	struct node *n = syntax_node(p, NODE_MACRO);
	unsigned found;

	parser_advance(p);
	if (n == NULL || p->token.kind != LEXEME_NAME)
		return parser_unexpected(p, "name");
	n->name = p->token.text;
	parser_advance(p);
	if (!parse_parameters(p, &n->b) || !parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	parser_advance(p);
	if (p->token.kind == LEXEME_NAME)
		parser_advance(p);
	return n;
}

static struct node *parse_call_block(struct parser *p)
{
	static const char *const ends[] = { "endcall", NULL };
	struct node *n = syntax_node(p, NODE_CALL_BLOCK);
	unsigned found;

	parser_advance(p);
	if (n == NULL || (lexeme_reads(&p->token, "(") && !parse_parameters(p, &n->b)))
		return NULL;
	if ((n->a = parse_expression(p)) == NULL)
		return NULL;
	if (n->a->kind != NODE_CALL)
		return parser_fail(p, "expected call");
	if (!parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	parser_advance(p);
	return n;
}

/* {% filter upper %}, Twig: {% apply upper %}, {% filter … %} of old. */
static struct node *parse_filter_block(struct parser *p)
{
	static const char *const filter[] = { "endfilter", NULL }, *const apply[] = { "endapply", NULL };
	const char *const *ends = lexeme_reads(&p->token, "filter") ? filter : apply;
	struct node *n = syntax_node(p, NODE_FILTER_BLOCK);
	unsigned found;

	parser_advance(p);
	if (n == NULL || (n->a = parse_filters(p, NULL)) == NULL || !parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	parser_advance(p);
	return n;
}

static struct node *parse_with(struct parser *p)
{
	static const char *const ends[] = { "endwith", NULL };
	struct node *n = syntax_node(p, NODE_WITH), **end = n != NULL ? &n->b : NULL, *set;
	unsigned found;

	parser_advance(p);
	if (n == NULL)
		return NULL;
	if (!is_jinja(p)) {
		if (p->token.kind != LEXEME_CLOSE && (n->a = parse_expression(p)) == NULL)
			return NULL;
		n->op = parser_accept(p, "only");
	}
	while (is_jinja(p) && p->token.kind != LEXEME_CLOSE && !parser_failed(p)) {
		if ((n->b != NULL && !parser_expect(p, ",")) || (set = syntax_node(p, NODE_SET)) == NULL || (set->b = parse_target(p)) == NULL ||
		    !parser_expect(p, "=") || (set->a = parse_expression(p)) == NULL)
			return NULL;
		node_append(&end, set);
	}
	if (!parse_close(p) || (n->list = parse_body(p, ends, &found)) == NULL)
		return NULL;
	parser_advance(p);
	return n;
}

static struct node *parse_do(struct parser *p)
{
	struct node *n = syntax_node(p, NODE_DO);

	parser_advance(p);
	return n != NULL && (n->a = parse_expression(p)) != NULL ? n : NULL;
}

/* {% block x %}, {% autoescape %}, …: what stands inside, where it stands. */
static struct node *parse_group(struct parser *p)
{
	static const struct { const char *name; const char *ends[2]; bool evaluates; } groups[] = {
		{ "block", { "endblock" }, false }, { "autoescape", { "endautoescape" }, false }, { "spaceless", { "endspaceless" }, false },
		{ "sandbox", { "endsandbox" }, false },
	};

	for (unsigned i = 0; i < COUNT_OF(groups); i++) {
		struct node *n;
		unsigned found;

		if (!lexeme_reads(&p->token, groups[i].name))
			continue;
		parser_advance(p);
		while (p->token.kind != LEXEME_CLOSE && p->token.kind != LEXEME_END && !parser_failed(p))
			parser_advance(p);
		if (!parse_close(p) || (n = parse_body(p, groups[i].ends, &found)) == NULL)
			return NULL;
		parser_advance(p);
		while (p->token.kind == LEXEME_NAME && !parser_failed(p))
			parser_advance(p);
		return n;
	}
	return NULL;
}

/* {% include x %}, {% import x as y %}, {% from x import y %}, {% extends x %} */
static struct node *parse_file(struct parser *p)
{
	struct node *n = syntax_node(p, lexeme_reads(&p->token, "include") || lexeme_reads(&p->token, "embed") ? NODE_INCLUDE : lexeme_reads(&p->token, "extends") ? NODE_EXTENDS : NODE_IMPORT);

	parser_advance(p);
	if (n == NULL || (n->a = parse_expression(p)) == NULL)
		return NULL;
	while (p->token.kind != LEXEME_CLOSE && p->token.kind != LEXEME_END && !parser_failed(p)) {
		n->op |= lexeme_reads(&p->token, "missing");
		n->name = p->token.text;
		parser_advance(p);
	}
	return parser_failed(p) ? NULL : n;
}

struct node *parse_statement(struct parser *p)
{
	static const struct { const char *name; unsigned dialects; struct node *(*parse)(struct parser *); } tags[] = {
		{ "if", 3, parse_if }, { "for", 3, parse_for }, { "set", 3, parse_set }, { "macro", 3, parse_macro },
		{ "call", 1, parse_call_block }, { "filter", 1, parse_filter_block }, { "apply", 2, parse_filter_block },
		{ "with", 3, parse_with }, { "do", 2, parse_do }, { "block", 3, parse_group },
		{ "autoescape", 3, parse_group }, { "spaceless", 2, parse_group }, { "sandbox", 2, parse_group },
		{ "include", 3, parse_file }, { "import", 3, parse_file }, { "from", 3, parse_file }, { "extends", 3, parse_file }, { "embed", 2, parse_file },
	};
	struct node *n = NULL;

	for (unsigned i = 0; i < COUNT_OF(tags); i++) {
		if ((tags[i].dialects >> p->lexer.dialect & 1) == 0 || !lexeme_reads(&p->token, tags[i].name))
			continue;
		if (parser_enter(p)) {
			n = tags[i].parse(p);
			parser_leave(p);
		}
		return parser_failed(p) ? NULL : n;
	}
	return parser_fail(p, is_jinja(p) ? "Encountered unknown tag '%.*s'." : "Unknown \"%.*s\" tag.", (int)(p->token.text.left < 60 ? p->token.text.left : 60),
	                   (const char *)p->token.text.at);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd's second phase: carets, quotes, special characters; a line becomes statements. Blocks nest at most HOST_DEPTH_MAX
 * deep. By Microsoft's pages "cmd", "if", "for" and "Using command redirection operators".
 */
#include "emu/windows/command/cmd.h"

#include <string.h>
#include <strings.h>

static struct statement *parse_sequence(struct reading *);

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '=';
}

static struct statement *statement_new(struct reading *r, enum statement_kind kind)
{
	struct statement *s = heap_take(r->cmd->host->heap, sizeof(*s));

	s->kind = kind;
	return s;
}

static struct statement *refuse(struct reading *r)
{
	size_t len = strcspn(r->at, "\n");

	r->wrong = true;
	if (r->near == NULL)
		r->near = heap_text(r->cmd->host->heap, bytes_of(r->at, len < 128 ? len : 128));
	return NULL;
}

/* The next line of a block. False: there is none. */
static bool next_line(struct reading *r)
{
	return r->more != NULL && host_step(r->cmd->host) && r->more(r->cmd, &r->at);
}

static void skip_blanks(struct reading *r)
{
	while (is_blank(*r->at) || (*r->at == '^' && (r->at[1] == '\n' || (r->at[1] == 0 && next_line(r)))))
		r->at += *r->at != 0;
}

/* One letter of a word or a text, its caret gone. False: here it ends. */
static bool letter(struct reading *r, struct text *t, bool *quoted)
{
	if (*r->at == 0 || *r->at == '\n')
		return false;
	if (!*quoted) {
		if (strchr("&|<>", *r->at) != NULL || (*r->at == ')' && r->blocks != 0))
			return false;
		if (*r->at == '^') {
			r->at++;
			/* at a line's end the next one's first letter is taken as it is */
			if (*r->at == 0 && !next_line(r))
				return false;
			text_put(t, *r->at++);
			return true;
		}
	}
	*quoted ^= *r->at == '"';
	text_put(t, *r->at++);
	return true;
}

/* A word as `if`, `for` and redirections take it, with its quotes. */
static char *word(struct reading *r)
{
	struct text t = text_in(r->cmd->host->heap);
	bool quoted = false;

	skip_blanks(r);
	while ((quoted || !is_blank(*r->at)) && letter(r, &t, &quoted))
		;
	return t.at;
}

static bool at_word(struct reading *r, const char *name)
{
	size_t len = strlen(name);

	skip_blanks(r);
	return strncasecmp(r->at, name, len) == 0 && (r->at[len] == 0 || strchr(" \t,;=()&|<>\n\"/", r->at[len]) != NULL);
}

/* A redirection where one stands: [digit] < > >> [&digit]. False: none, or a wrong one. */
static bool redirection(struct reading *r, struct redirection ***last, int handle)
{
	struct redirection *n = heap_take(r->cmd->host->heap, sizeof(*n));

	n->handle = handle >= 0 ? handle : *r->at == '>';
	n->how = *r->at == '<' ? FROM_FILE : TO_FILE;
	if (*r->at == '>' && r->at[1] == '>') {
		n->how = BEHIND_FILE;
		r->at++;
	}
	r->at++;
	if (r->at[0] == '&' && r->at[1] >= '0' && r->at[1] <= '9') {
		n->how = AS_HANDLE;
		n->other = r->at[1] - '0';
		r->at += 2;
	} else {
		n->target = word(r);
		if (*n->target == 0)
			return refuse(r) != NULL;
	}
	**last = n;
	*last = &n->next;
	return true;
}

/* Is there a redirection, with a handle's number before it? Its number, -1 without one, -2: none. */
static int redirects(const struct reading *r, const struct text *t)
{
	if (*r->at == '<' || *r->at == '>')
		return -1;
	if (*r->at >= '0' && *r->at <= '9' && (r->at[1] == '<' || r->at[1] == '>') &&
	    (t->len == 0 || is_blank(t->at[t->len - 1]) || strchr("()&|", t->at[t->len - 1]) != NULL))
		return *r->at - '0';
	return -2;
}

static void redirections(struct reading *r, struct redirection **first)
{
	struct text none = text_in(r->cmd->host->heap);
	int handle;

	while (*first != NULL)
		first = &(*first)->next;
	for (skip_blanks(r); !r->wrong && (handle = redirects(r, &none)) != -2; skip_blanks(r)) {
		r->at += handle >= 0;
		if (!redirection(r, &first, handle))
			return;
	}
}

static struct statement *parse_simple(struct reading *r)
{
	struct statement *s = statement_new(r, SIMPLE);
	struct text t = text_in(r->cmd->host->heap);
	struct redirection **last = &s->redirections;
	bool quoted = false;

	while (!r->wrong && host_step(r->cmd->host)) {
		int handle = quoted ? -2 : redirects(r, &t);

		if (handle != -2) {
			r->at += handle >= 0;
			if (!redirection(r, &last, handle))
				return NULL;
		} else if (!letter(r, &t, &quoted)) {
			break;
		}
	}
	s->text = t.at;
	return s;
}

static struct statement *parse_block(struct reading *r)
{
	struct statement *s = statement_new(r, BLOCK), **to = &s->first;

	r->at++;
	r->blocks++;
	for (;;) {
		struct statement *one, *both;

		skip_blanks(r);
		while ((*r->at == 0 || *r->at == '\n') && next_line(r))
			skip_blanks(r);
		if (*r->at == ')')
			break;
		if (*r->at == 0 || r->wrong)
			return refuse(r);
		/* a label or a remark in a block is nothing */
		if (*r->at == ':') {
			r->at += strcspn(r->at, "\n");
			continue;
		}
		if ((one = parse_sequence(r)) == NULL)
			return refuse(r);
		if (*to == NULL) {
			*to = one;
		} else {
			both = statement_new(r, BOTH);
			both->first = *to;
			both->second = one;
			*to = both;
			to = &both->second;
		}
	}
	r->at++;
	r->blocks--;
	redirections(r, &s->redirections);
	return s;
}

static struct statement *parse_if(struct reading *r)
{
	static const char *const unary[] = { "errorlevel", "exist", "defined", "cmdextversion" };
	struct statement *s = statement_new(r, IF);

	r->at += 2;
	for (skip_blanks(r); at_word(r, "/i") || at_word(r, "not"); skip_blanks(r)) {
		if (*r->at == '/') {
			s->folded = true;
			r->at += 2;
		} else {
			s->negated ^= true;
			r->at += 3;
		}
	}
	for (size_t i = 0; i < COUNT_OF(unary) && s->operator == NULL; i++) {
		if (!at_word(r, unary[i]))
			continue;
		s->operator = word(r);
		s->left = word(r);
	}
	if (s->operator == NULL) {
		s->left = word(r);
		while (*r->at == ' ' || *r->at == '\t')
			r->at++;
		if (r->at[0] == '=' && r->at[1] == '=') {
			s->operator = heap_text(r->cmd->host->heap, bytes_text("=="));
			r->at += 2;
		} else {
			s->operator = word(r);
		}
		s->right = word(r);
		if (*s->right == 0 || *s->operator == 0)
			return refuse(r);
	}
	if (*s->left == 0)
		return refuse(r);
	skip_blanks(r);
	/* all that follows on the line is under the condition */
	if ((s->first = parse_sequence(r)) == NULL)
		return refuse(r);
	if (at_word(r, "else")) {
		r->at += 4;
		skip_blanks(r);
		if ((s->second = parse_sequence(r)) == NULL)
			return refuse(r);
	}
	return s;
}

/* What stands between for's parentheses, its carets gone. */
static char *set_of(struct reading *r)
{
	struct text t = text_in(r->cmd->host->heap);
	unsigned depth = 0;
	bool quoted = false;

	for (r->at++; host_step(r->cmd->host); r->at++) {
		if (*r->at == 0 || *r->at == '\n') {
			text_put(&t, ' ');
			if (*r->at == 0) {
				if (!next_line(r))
					return NULL;
				r->at--;
			}
			continue;
		}
		if (!quoted && *r->at == ')' && depth-- == 0)
			break;
		depth += !quoted && *r->at == '(';
		if (!quoted && *r->at == '^' && r->at[1] != 0)
			r->at++;
		else
			quoted ^= *r->at == '"';
		text_put(&t, *r->at);
	}
	r->at += *r->at == ')';
	return t.at;
}

static struct statement *parse_for(struct reading *r)
{
	struct statement *s = statement_new(r, FOR);

	r->at += 3;
	for (skip_blanks(r); *r->at == '/' && r->at[1] != 0; skip_blanks(r)) {
		s->way = (char)(r->at[1] | 0x20);
		if (strchr("drlf", s->way) == NULL)
			return refuse(r);
		r->at += 2;
		skip_blanks(r);
		if ((s->way == 'f' && *r->at != '%') || (s->way == 'r' && *r->at != '%')) {
			char *w = word(r);

			*(s->way == 'f' ? &s->options : &s->root) = unquoted(r->cmd->host->heap, w);
		}
	}
	if (r->at[0] != '%' || (uint8_t)r->at[1] <= ' ' || (uint8_t)r->at[1] >= FOR_VARIABLES)
		return refuse(r);
	s->variable = (uint8_t)r->at[1];
	r->at += 2;
	if (!at_word(r, "in"))
		return refuse(r);
	r->at += 2;
	skip_blanks(r);
	if (*r->at != '(' || (s->text = set_of(r)) == NULL)
		return refuse(r);
	if (!at_word(r, "do"))
		return refuse(r);
	r->at += 2;
	skip_blanks(r);
	if (*r->at == 0 || (s->first = parse_sequence(r)) == NULL)
		return refuse(r);
	return s;
}

/* Only the first word of a remark is read as words are; behind a blank nothing is special any more. */
static void remark(struct reading *r)
{
	r->at += 3;
	r->at += strspn(r->at, " \t");
	r->at += strcspn(r->at, r->blocks != 0 ? " \t\n&|<>)" : " \t\n&|<>");
	if (*r->at == ' ' || *r->at == '\t')
		r->at += strcspn(r->at, "\n");
}

static struct statement *parse_inner(struct reading *r)
{
	struct redirection *before = NULL, **last = &before;
	struct statement *s;
	bool silent = false;

	for (skip_blanks(r); *r->at == '@'; skip_blanks(r)) {
		silent = true;
		r->at++;
	}
	redirections(r, &before);
	if (*r->at == '(' && !r->wrong) {
		s = parse_block(r);
	} else if (at_word(r, "if")) {
		s = parse_if(r);
	} else if (at_word(r, "for")) {
		s = parse_for(r);
	} else if (at_word(r, "rem")) {
		s = statement_new(r, SIMPLE);
		s->text = heap_text(r->cmd->host->heap, bytes_text("rem"));
		remark(r);
	} else {
		s = parse_simple(r);
	}
	if (s == NULL)
		return NULL;
	for (; *last != NULL; last = &(*last)->next)
		;
	*last = s->redirections;
	s->redirections = before;
	s->silent = silent;
	if (s->kind == SIMPLE && s->text[strspn(s->text, " \t,;=")] == 0 && before == NULL)
		return refuse(r);
	return s;
}

static struct statement *parse_command(struct reading *r)
{
	struct statement *s;

	if (!host_enter(r->cmd->host))
		return NULL;
	s = parse_inner(r);
	host_leave(r->cmd->host);
	return s;
}

/* The operators bind so: | before && before || before &. */
static struct statement *parse_level(struct reading *r, int level)
{
	static const struct { const char *sign; enum statement_kind kind; } levels[] = {
		{ "&", BOTH }, { "||", OR }, { "&&", AND }, { "|", PIPE },
	};
	struct statement *s = level == COUNT_OF(levels) ? parse_command(r) : parse_level(r, level + 1), *more;

	while (s != NULL && level < (int)COUNT_OF(levels) && host_step(r->cmd->host)) {
		const char *sign = levels[level].sign;
		size_t len = strlen(sign);

		while (*r->at == ' ' || *r->at == '\t')
			r->at++;
		if (strncmp(r->at, sign, len) != 0 || r->at[len] == sign[0])
			break;
		r->at += len;
		while (*r->at == ' ' || *r->at == '\t')
			r->at++;
		/* "a &" is complete */
		if (level == 0 && (*r->at == 0 || *r->at == '\n' || *r->at == ')'))
			break;
		if (r->more != NULL && *r->at == 0 && level != 0 && r->blocks != 0)
			(void)next_line(r);
		more = statement_new(r, levels[level].kind);
		more->first = s;
		if ((more->second = parse_level(r, level + 1)) == NULL)
			return refuse(r);
		s = more;
	}
	return s;
}

static struct statement *parse_sequence(struct reading *r)
{
	return parse_level(r, 0);
}

struct statement *parse_line(struct reading *r)
{
	struct statement *s;

	skip_blanks(r);
	if (*r->at == 0 || *r->at == '\n' || *r->at == ':' || *r->at == ')')
		return NULL;
	s = parse_sequence(r);
	skip_blanks(r);
	/* a line given to cmd ends at its end: what follows is not read */
	if (s == NULL || r->wrong || (*r->at != 0 && *r->at != '\n'))
		return refuse(r);
	return s;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `set /a`: 32-bit sums. By Microsoft's page "set" of the Windows commands reference. */
#include "emu/windows/command/cmd.h"

#include <stdlib.h>
#include <string.h>

struct sum {
	struct cmd *cmd;
	const char *at;
	const char *wrong; /* the key of what is complained about */
};

static int32_t level_of(struct sum *, int level);

static void skip(struct sum *s)
{
	s->at += strspn(s->at, " \t\"");
}

static bool is_name(char c)
{
	return (uint8_t)c > ' ' && strchr("()!~-*/%+<>&^|=,\"'`;", c) == NULL;
}

static char *name_of(struct sum *s)
{
	size_t len = 0;

	skip(s);
	while (is_name(s->at[len]))
		len++;
	s->at += len;
	return heap_text(s->cmd->host->heap, bytes_of(s->at - len, len));
}

static int32_t number(struct sum *s, const char *text)
{
	char *end;
	long long v = strtoll(text, &end, 0);

	if (*end != 0)
		s->wrong = "error.number";
	else if (v > INT32_MAX || v < INT32_MIN)
		s->wrong = v > UINT32_MAX || text[0] != '0' ? "error.number_range" : s->wrong;
	return (int32_t)v;
}

static int32_t variable(struct sum *s, const char *name)
{
	const char *value = variable_ask(s->cmd->host, s->cmd->variables, name);

	return value != NULL ? (int32_t)strtoll(value, NULL, 0) : 0;
}

static int32_t operand(struct sum *s)
{
	char sign, *name;
	int32_t v;

	skip(s);
	sign = *s->at;
	if (sign == '(') {
		s->at++;
		v = level_of(s, 0);
		skip(s);
		if (*s->at != ')')
			s->wrong = "error.parenthesis";
		s->at += *s->at == ')';
		return v;
	}
	name = name_of(s);
	if (*name == 0) {
		s->wrong = "error.operand";
		return 0;
	}
	return *name >= '0' && *name <= '9' ? number(s, name) : variable(s, name);
}

static int32_t unary(struct sum *s)
{
	int32_t v;

	skip(s);
	if (*s->at == 0 || strchr("!~-+", *s->at) == NULL)
		return operand(s);
	if (!host_enter(s->cmd->host))
		return 0;
	switch (*s->at++) {
	case '!': v = !unary(s); break;
	case '~': v = ~unary(s); break;
	case '-': v = (int32_t)(0u - (uint32_t)unary(s)); break;
	default: v = unary(s); break;
	}
	host_leave(s->cmd->host);
	return v;
}

static int32_t apply(struct sum *s, char op, int32_t a, int32_t b)
{
	if ((op == '/' || op == '%') && b == 0) {
		s->wrong = "error.divide";
		return 0;
	}
	switch (op) {
	case '*': return (int32_t)((uint32_t)a * (uint32_t)b);
	case '/': return b == -1 ? (int32_t)(0u - (uint32_t)a) : a / b;
	case '%': return b == -1 ? 0 : a % b;
	case '+': return (int32_t)((uint32_t)a + (uint32_t)b);
	case '-': return (int32_t)((uint32_t)a - (uint32_t)b);
	case '<': return (uint32_t)b > 31 ? 0 : (int32_t)((uint32_t)a << b);
	case '>': return (uint32_t)b > 31 ? -(a < 0) : a >> b;
	case '&': return a & b;
	case '^': return a ^ b;
	case '|': return a | b;
	default: return b;
	}
}

static const char *const levels[] = { ",", "=", "|", "^", "&", "<>", "+-", "*/%" };

/* The operator at this level, or 0. An assignment is none of these. */
static char operator_at(struct sum *s, int level)
{
	char op;

	skip(s);
	op = *s->at;
	if (op == 0 || strchr(levels[level], op) == NULL)
		return 0;
	if (op == '<' || op == '>') {
		if (s->at[1] != op || s->at[2] == '=')
			return 0;
		s->at++;
	} else if (s->at[1] == '=' && op != ',') {
		return 0;
	}
	s->at++;
	return op;
}

/* name op= value, from the right; false: what stands here is none. */
static bool assignment(struct sum *s, int32_t *ret)
{
	const char *from = s->at;
	char *name, op = 0;
	int32_t v;

	skip(s);
	name = *s->at >= '0' && *s->at <= '9' ? heap_text(s->cmd->host->heap, bytes_text("")) : name_of(s);
	skip(s);
	if (*name != 0 && *s->at != 0 && strchr("*/%+-&^|", *s->at) != NULL && s->at[1] == '=')
		op = *s->at++;
	else if (*name != 0 && (*s->at == '<' || *s->at == '>') && s->at[1] == *s->at && s->at[2] == '=') {
		op = *s->at;
		s->at += 2;
	}
	if (*name == 0 || *s->at != '=') {
		s->at = from;
		return false;
	}
	s->at++;
	v = level_of(s, 1);
	if (op != 0)
		v = apply(s, op, variable(s, name), v);
	if (s->wrong == NULL)
		variable_set(s->cmd->variables, name, heap_print(s->cmd->host->heap, "%d", v));
	*ret = v;
	return true;
}

static int32_t level_inner(struct sum *s, int level)
{
	int32_t v;
	char op;

	if (level == (int)COUNT_OF(levels))
		return unary(s);
	if (level == 1 && assignment(s, &v))
		return v;
	v = level_of(s, level + 1);
	while (s->wrong == NULL && host_step(s->cmd->host) && (op = operator_at(s, level)) != 0)
		v = apply(s, op, v, level_of(s, level + 1));
	return v;
}

static int32_t level_of(struct sum *s, int level)
{
	int32_t v = 0;

	/* what nests is parentheses and assignments */
	if (level > 1)
		return level_inner(s, level);
	if (host_enter(s->cmd->host)) {
		v = level_inner(s, level);
		host_leave(s->cmd->host);
	}
	return v;
}

bool arithmetic(struct cmd *c, const char *expression, int32_t *ret)
{
	struct sum s = { .cmd = c, .at = expression };
	int32_t v = level_of(&s, 0);

	skip(&s);
	if (s.wrong == NULL && *s.at != 0)
		s.wrong = "error.operator";
	if (s.wrong != NULL) {
		cmd_complain(c, s.wrong, NULL);
		return false;
	}
	*ret = v;
	return host_runs(c->host);
}

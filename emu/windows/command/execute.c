/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements run: joined, piped, conditional, with their handles redirected. */
#include "emu/windows/command/cmd.h"
#include "emu/windows/command/programs.h"
#include "emu/windows/host/web.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool goes_on(struct cmd *c)
{
	return c->leaving == GOES_ON && host_step(c->host);
}

void cmd_complain(struct cmd *c, const char *key, const char *subject)
{
	handle_say(c->host, c->standard.err, key, (const char *const[]){ subject, NULL });
	c->result = c->errorlevel = 1;
}

void cmd_say(struct cmd *c, const char *key, const char *subject)
{
	handle_say(c->host, c->standard.out, key, (const char *const[]){ subject, NULL });
}

static bool open_file(struct cmd *c, const struct redirection *r, struct handle *to)
{
	char *name = unquoted(c->host->heap, expand_delayed(c, expand_loop(c, r->target))), whole[FILE_PATH_MAX];
	struct place p;
	struct bytes b;
	int e;

	if (same_name(name, "nul") || same_name(name, "\\\\.\\nul") || same_name(name, "con"))
		return true;
	if (!file_path(c->cwd, name, whole)) {
		cmd_complain(c, "error.path_syntax", name);
		return false;
	}
	if (file_is_unc(whole)) {
		web_share(c->host, whole);
		cmd_complain(c, "error.network_path", name);
		return false;
	}
	if (r->how == FROM_FILE) {
		e = file_read(c->host, whole, &b);
		to->kind = HANDLE_BUFFER;
		to->left = b;
		to->foreign = e == 0 && file_find(c->host, whole, &p) && file_is_foreign(c->host, p.node);
		if (e < 0)
			to->left = (struct bytes){ 0 };
	} else {
		e = file_write(c->host, whole, r->how == BEHIND_FILE, &to->node, &to->told);
		to->kind = HANDLE_FILE;
		to->offset = e == 0 ? to->node->size : 0;
	}
	if (e == -ENOENT)
		cmd_complain(c, r->how == FROM_FILE ? "error.file_not_found" : "error.path_not_found", name);
	else if (e < 0)
		cmd_complain(c, "error.access_denied", name);
	return e == 0;
}

bool cmd_redirect(struct cmd *c, const struct redirection *r)
{
	for (; r != NULL; r = r->next) {
		struct handle **handles[] = { &c->standard.in, &c->standard.out, &c->standard.err };
		struct handle *to;

		if (r->how == AS_HANDLE) {
			if (r->handle <= 2 && r->other <= 2)
				*handles[r->handle] = *handles[r->other];
			continue;
		}
		to = handle_new(c->host, HANDLE_NUL);
		if (!open_file(c, r, to))
			return false;
		if (r->handle <= 2)
			*handles[r->handle] = to;
	}
	return true;
}

/* Both sides of a pipe are command processors of their own: what they set is gone with them. */
static void pipe_run(struct cmd *c, const struct statement *s)
{
	struct handle *between = handle_new(c->host, HANDLE_BUFFER);
	struct cmd side = *c;

	side.batch = c->batch;
	side.variables = variables_copy(c->variables);
	side.standard.out = between;
	cmd_execute(&side, s->first);
	between->left = text_bytes(&between->buffer);
	side = *c;
	side.variables = variables_copy(c->variables);
	side.standard.in = between;
	if (host_runs(c->host))
		cmd_execute(&side, s->second);
	c->result = side.result;
	c->errorlevel = side.errorlevel;
}

/* Signs, then digits, then letters. */
static int rank_of(char c)
{
	int folded = c >= 'A' && c <= 'Z' ? c + 32 : (uint8_t)c;

	return folded >= 'a' && folded <= 'z' ? 512 + folded : folded >= '0' && folded <= '9' ? 256 + folded : folded;
}

/* As words are sorted: a before B, and of the same letter the small one first. */
static int collate(const char *left, const char *right, bool folded)
{
	int cased = 0;

	for (; *left != 0 && *right != 0; left++, right++) {
		if (rank_of(*left) != rank_of(*right))
			return rank_of(*left) < rank_of(*right) ? -1 : 1;
		if (cased == 0 && *left != *right)
			cased = *left > *right ? -1 : 1;
	}
	return *left != 0 ? 1 : *right != 0 ? -1 : folded ? 0 : cased;
}

static int compare(const char *left, const char *right, bool folded)
{
	char *end_left, *end_right;
	long a = strtol(left, &end_left, 0), b = strtol(right, &end_right, 0);

	if (*left != 0 && *right != 0 && *end_left == 0 && *end_right == 0)
		return a < b ? -1 : a > b;
	return collate(left, right, folded);
}

bool cmd_condition(struct cmd *c, const struct statement *s)
{
	static const char *const operators[] = { "==", "equ", "neq", "lss", "leq", "gtr", "geq" };
	const char *left = expand_delayed(c, expand_loop(c, s->left)), *bare = unquoted(c->host->heap, left);
	const char *right = s->right != NULL ? expand_delayed(c, expand_loop(c, s->right)) : "";
	char whole[FILE_PATH_MAX];
	struct place p;
	unsigned op;
	int order;

	if (same_name(s->operator, "errorlevel"))
		return c->errorlevel >= atoi(bare);
	if (same_name(s->operator, "cmdextversion"))
		return 2 >= atoi(bare);
	if (same_name(s->operator, "defined"))
		return expand_variable(c, bare, strlen(bare)) != NULL;
	if (same_name(s->operator, "exist")) {
		char *last;

		if (same_name(bare, "nul"))
			return true;
		if (!file_path(c->cwd, bare, whole))
			return false;
		if (file_is_unc(whole)) {
			web_share(c->host, whole);
			return record_ask(c->host->world->record, QUESTION_PATH, whole, false);
		}
		last = strrchr(whole, '\\') + 1;
		if (strpbrk(last, "*?") == NULL)
			return file_exists(c->host, whole, &p);
		if (file_find(c->host, heap_print(c->host->heap, "%.*s", (int)(last - whole), whole), &p) && p.node != NULL &&
		    p.node->kind == NODE_DIR)
			for (unsigned i = 0; i < p.node->count; i++)
				if (file_fits(last, p.node->entries[i].name))
					return record_ask(c->host->world->record, QUESTION_PATH, whole, true);
		return record_ask(c->host->world->record, QUESTION_PATH, whole, false);
	}
	for (op = 0; op < COUNT_OF(operators) && !same_name(operators[op], s->operator); op++)
		;
	order = op == 0 ? s->folded ? strcasecmp(left, right) : strcmp(left, right) : compare(left, right, s->folded);
	switch (op) {
	case 0: case 1: return order == 0;
	case 2: return order != 0;
	case 3: return order < 0;
	case 4: return order <= 0;
	case 5: return order > 0;
	case 6: return order >= 0;
	default: return false;
	}
}

static void execute_inner(struct cmd *c, const struct statement *s)
{
	switch (s->kind) {
	case SIMPLE:
		cmd_simple(c, expand_delayed(c, expand_loop(c, s->text)));
		break;
	case BLOCK:
		if (s->first != NULL)
			cmd_execute(c, s->first);
		break;
	case PIPE:
		pipe_run(c, s);
		break;
	case IF:
		if (cmd_condition(c, s) != s->negated)
			cmd_execute(c, s->first);
		else if (s->second != NULL)
			cmd_execute(c, s->second);
		break;
	case FOR:
		cmd_for(c, s);
		break;
	default:
		cmd_execute(c, s->first);
		if (goes_on(c) && (s->kind == BOTH || (s->kind == AND) == (c->result == 0)))
			cmd_execute(c, s->second);
		break;
	}
}

void cmd_execute(struct cmd *c, const struct statement *s)
{
	struct standard kept = c->standard;

	if (!goes_on(c) || !host_enter(c->host))
		return;
	if (cmd_redirect(c, s->redirections))
		execute_inner(c, s);
	c->standard = kept;
	host_leave(c->host);
}

static bool is_end(char ch)
{
	return ch == 0 || strchr(" \t,;=", ch) != NULL;
}

/* The length of the first word, quotes counting. */
static size_t word_len(const char *text)
{
	bool quoted = false;
	size_t len = 0;

	for (; text[len] != 0 && (quoted || !is_end(text[len])); len++)
		quoted ^= text[len] == '"';
	return len;
}

static bool drive_change(struct cmd *c, const char *text, size_t len)
{
	struct place p;

	if (len != 2 || text[1] != ':' || ((text[0] | 0x20) < 'a' || (text[0] | 0x20) > 'z'))
		return false;
	if ((c->cwd[0] | 0x20) == (text[0] | 0x20))
		return true;
	if (file_exists(c->host, heap_print(c->host->heap, "%c:\\", text[0] & ~0x20), &p)) {
		c->cwd[0] = (char)(text[0] & ~0x20);
		strcpy(c->cwd + 1, ":\\");
	} else {
		cmd_complain(c, "error.drive", NULL);
	}
	return true;
}

void cmd_simple(struct cmd *c, const char *text)
{
	const struct builtin *b;
	size_t len, head;

	text += strspn(text, " \t,;=");
	len = word_len(text);
	if (len == 0 || drive_change(c, text, len))
		return;
	/* a label reached in a block, or after & */
	if (text[0] == ':')
		return;
	b = builtin_find(text, len);
	head = len;
	/* "echo." and "cd\", "dir/b": the name of one of cmd's own may end at a sign */
	for (size_t i = 0; b == NULL && i < len && text[i] != '"'; i++)
		if (strchr("./\\:+[](", text[i]) != NULL) {
			b = builtin_find(text, i);
			head = i;
			break;
		}
	if (b != NULL) {
		int32_t result = b->run(c, text + head);

		c->result = result;
		if (result != 0)
			c->errorlevel = result;
		return;
	}
	program_run(c, heap_text(c->host->heap, bytes_of(text, len)), text + len);
}

void cmd_line(struct cmd *c, const char *line)
{
	struct reading r = { .cmd = c, .at = expand_percent(c, line) };
	struct statement *s = parse_line(&r);

	if (s != NULL && !r.wrong)
		cmd_execute(c, s);
	else if (r.wrong && host_runs(c->host))
		cmd_complain(c, "error.unexpected", r.near != NULL ? r.near : "");
}

struct bytes cmd_capture(struct cmd *c, const char *line, struct handle *in)
{
	struct cmd inner = *c;

	inner.batch = NULL;
	inner.variables = variables_copy(c->variables);
	inner.standard.out = handle_new(c->host, HANDLE_BUFFER);
	if (in != NULL)
		inner.standard.in = in;
	if (host_enter(c->host)) {
		cmd_line(&inner, line);
		host_leave(c->host);
	}
	return text_bytes(&inner.standard.out->buffer);
}

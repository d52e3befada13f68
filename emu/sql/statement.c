/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements: queries whose rows come back, and those that wait, run commands, read and write files, change data. */
#include "emu/sql/effect.h"
#include "emu/sql/evaluate.h"
#include "emu/sql/statement.h"

#include <errno.h>
#include <string.h>

enum { NESTED_MAX = 3 /* texts that run texts */, ROW_BYTES_MAX = 2048 /* of a row that is told as a whole */ };

static bool named(struct bytes a, const char *b)
{
	return bytes_equal_fold(a, bytes_text(b));
}

/* SQL Server: SELECT @x = value. false: it is no such query. */
static int assignments(struct sql_run *r, const struct query *q, bool *ret)
{
	const struct core *c = q->cores;
	struct sql_value v;
	int e;

	*ret = false;
	if (r->dialect != SQL_MSSQL || c->next != NULL || c->items == NULL || c->items->first == NULL)
		return 0;
	for (const struct node *n = c->items->first; n != NULL; n = n->next) {
		if (n->kind != NODE_BINARY || n->op != OP_EQ || n->first->kind != NODE_VARIABLE)
			return 0;
	}
	for (const struct node *n = c->items->first; n != NULL; n = n->next) {
		if ((e = evaluate_node(r, n->first->next, &v)) < 0)
			return e;
		run_set(r, n->first->name, &v);
	}
	*ret = true;
	return 0;
}

/* The whole of a row, as a table would show it. NULL: an empty cell. */
static int note_row(struct sql_run *r, const struct rows *rows, unsigned row)
{
	uint8_t line[ROW_BYTES_MAX];
	struct sink s = sink_over(line, sizeof(line));
	bool open = false;
	int e;

	for (unsigned c = 0; c < rows->width; c++) {
		const struct sql_value *v = &rows->cells[row][c];
		struct bytes text = { 0 };

		if (!v->null && (e = value_write(r, v, true, &text)) < 0)
			return e;
		if (c > 0)
			sink_u8(&s, SQL_ROW_BETWEEN);
		if (text.left > 0)
			sink_put(&s, text.at, text.left);
		open |= v->open;
	}
	if (!s.overflow)
		effect_note(r, SQL_ROW, bytes_of(line, s.used), 0, open);
	return 0;
}

static int query(struct sql_run *r, const struct query *q)
{
	struct rows rows;
	struct bytes text;
	bool done;
	int e = assignments(r, q, &done);

	if (e < 0 || done)
		return e;
	if ((e = evaluate_query(r, q, &rows)) < 0 || q->writes)
		return e;
	if (rows.count > 0 && r->carried && (rows.carrier || r->nested > 1))
		effect_note(r, SQL_ROWS, (struct bytes){ 0 }, rows.width, false);
	if (rows.count > 0 && r->carried && rows.carrier && rows.width > 1 && (e = note_row(r, &rows, 0)) < 0)
		return e;
	for (unsigned i = 0; i < rows.count; i++) {
		for (unsigned c = 0; c < rows.width; c++) {
			const struct sql_value *v = &rows.cells[i][c];

			if (v->null)
				continue;
			if ((e = value_write(r, v, true, &text)) < 0)
				return e;
			/* a text of its own that says what it says has not been run by anybody */
			if (!(r->carried && rows.carrier) && bytes_find(r->fragment, text) >= 0)
				continue;
			effect_note(r, SQL_VALUE, text, 0, v->open);
		}
	}
	return 0;
}

/* 'h:m:s.f' */
static int wait(struct sql_run *r, const struct statement *s)
{
	struct bytes t = s->text;
	double part = 0, total = 0, unit = 0;

	for (unsigned i = 0; s->name.left > 0 && i < r->variables_count; i++) {
		if (bytes_equal_fold(r->variables[i].name, s->name))
			t = r->variables[i].value.s;
	}
	for (size_t i = 0; i < t.left; i++) {
		uint8_t c = t.at[i];

		if (c == ':') {
			total = (total + part) * 60;
			part = unit = 0;
		} else if (c == '.') {
			unit = 0.1;
		} else if (c >= '0' && c <= '9') {
			part = unit > 0 ? part + unit * (c - '0') : part * 10 + c - '0';
			unit /= 10;
		} else if (c != ' ') {
			return run_error(r);
		}
	}
	total += part;
	if (total > 0 && total <= 86400)
		effect_note(r, SQL_SLEEP, (struct bytes){ 0 }, (uint64_t)(total * 1e9), false);
	return 0;
}

int statement_text(struct sql_run *r, struct bytes text)
{
	struct statement *s = NULL;
	struct parser p;
	int e;

	if (r->depth >= RUN_DEPTH_MAX || r->nested == NESTED_MAX)
		return -E2BIG;
	if ((e = sql_syntax_parse(&p, r->dialect, text, r->arena, &s)) < 0) {
		if (e == -ENOTSUP)
			r->refused = p.refused;
		return e;
	}
	r->nested++;
	e = statement_run(r, s);
	r->nested--;
	return e;
}

static int execute(struct sql_run *r, const struct statement *s)
{
	struct sql_value v = value_null(TYPE_NULL);
	struct bytes text = { 0 };
	int e;

	/* a bare name behind a procedure is its text */
	if (s->arguments->first != NULL) {
		const struct node *a = s->arguments->first;

		if (a->kind == NODE_COLUMN)
			v = value_text(a->name);
		else if ((e = evaluate_node(r, a, &v)) < 0)
			return e;
		if ((e = value_write(r, &v, false, &text)) < 0)
			return e;
	}
	if (s->name.left == 0 || named(s->name, "sp_executesql"))
		return v.open ? 0 : statement_text(r, text);
	if (named(s->name, "xp_cmdshell")) {
		effect_note(r, SQL_EXEC, text, SQL_SHELL_CMD, v.open);
	} else if (named(s->name, "xp_dirtree") || named(s->name, "xp_fileexist") || named(s->name, "xp_subdirs") || named(s->name, "xp_getfiledetails")) {
		if (!effect_unc(r, text, v.open))
			effect_note(r, SQL_READ, text, 0, v.open);
	} else {
		effect_note(r, SQL_CHANGE, s->name, 0, false);
	}
	return 0;
}

static int copy(struct sql_run *r, const struct statement *s)
{
	struct rows rows;
	int e = s->query != NULL ? evaluate_query(r, s->query, &rows) : 0;

	if (e < 0)
		return e;
	if (s->program)
		effect_note(r, SQL_EXEC, s->text, SQL_SHELL_POSIX, false);
	else if (s->outward)
		effect_note_data(r, SQL_WRITE, s->text, (struct bytes){ 0 }, false);
	else
		effect_note(r, SQL_READ, s->text, 0, false);
	return 0;
}

/* Alone, and not behind another statement, words like USE and SHOW begin ordinary text as well. */
static void change(struct sql_run *r, const struct statement *s)
{
	static const char *const plain[] = { "insert", "update", "delete", "drop", "create", "alter", "truncate", "merge", "replace", "do", "backup" };

	for (unsigned i = 0; i < COUNT_OF(plain); i++) {
		if (r->carried || named(s->verb, plain[i])) {
			effect_note(r, SQL_CHANGE, s->verb, 0, false);
			return;
		}
	}
}

int statement_run(struct sql_run *r, const struct statement *s)
{
	struct sql_value v;
	int e = 0, truth = 1;

	for (; s != NULL && e == 0; s = s->next) {
		bool skip = truth <= 0;

		truth = 1;
		if (s->kind == STATEMENT_IF) {
			e = evaluate_condition(r, s->arguments->first, &truth, &v);
			if (e == 0 && v.type == TYPE_BOOL)
				effect_note(r, SQL_TRUTH, (struct bytes){ 0 }, truth > 0, v.open);
			continue;
		}
		if (skip)
			continue;
		switch (s->kind) {
		case STATEMENT_QUERY: e = query(r, s->query); break;
		case STATEMENT_WAIT: e = wait(r, s); break;
		case STATEMENT_EXECUTE: e = execute(r, s); break;
		case STATEMENT_COPY: e = copy(r, s); break;
		case STATEMENT_CALL: e = evaluate_node(r, s->arguments->first, &v); break;
		case STATEMENT_BLOCK: break;
		case STATEMENT_CHANGE: change(r, s); break;
		default:
			if (s->arguments != NULL && (e = evaluate_node(r, s->arguments->first, &v)) == 0)
				run_set(r, s->name, &v);
			break;
		}
	}
	return e;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: aliases, functions, cmdlets and programs found by name, with what they are given. about_Command_Precedence. */
#include "emu/windows/powershell/session.h"
#include "emu/windows/command/programs.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

enum { ALIAS_DEPTH = 8 };

static bool has_blank(const char *word)
{
	return *word == 0 || strpbrk(word, " \t") != NULL;
}

bool program_call(struct session *s, const char *name, const struct list *words, struct bytes in, bool as_is)
{
	struct text line = text_in(s->host->heap), rest = text_in(s->host->heap);
	struct handle *out = s->out != NULL ? handle_new(s->host, HANDLE_BUFFER) : s->standard.out;
	struct running r = { .host = s->host, .variables = s->environment, .cwd = s->cwd,
		.standard = { handle_reading(s->host, in), out, s->standard.err } };
	uint32_t status;
	struct bytes one;
	struct handle *lines;
	char *cwd = heap_text(s->host->heap, bytes_text(s->cwd));

	for (unsigned i = 0; i < words->count; i++) {
		const char *word = value_utf8(s, &words->at[i]);

		/* what holds a blank gets quotes around it, unless it has some */
		text_print(&rest, !as_is && has_blank(word) && strchr(word, '"') == NULL ? " \"%.8000s\"" : " %.8000s", word);
	}
	text_print(&line, has_blank(name) ? "\"%.1000s\"" : "%.1000s", name);
	text_add(&line, text_bytes(&rest));
	r.line = line.at;
	r.rest = rest.at;
	r.cwd = cwd;
	if (program_start(&r, name, &status) < 0)
		return false;
	s->last_exit = (int32_t)status;
	s->good = status == 0;
	if (s->out == NULL)
		return true;
	lines = handle_reading(s->host, text_bytes(&out->buffer));
	while (handle_line(lines, &one) && host_step(s->host)) {
		struct string *text = string_utf8(s->host->heap, one);

		text->foreign = out->foreign;
		session_emit_one(s, v_string(text));
	}
	return true;
}

static const struct value *function_find(struct session *s, const struct string *name)
{
	for (struct scope *at = s->scope; at != NULL; at = at->outer) {
		const struct value *f = table_find(at->functions, name);

		if (f != NULL)
			return f;
	}
	return NULL;
}

/* Is this parameter of a function a switch? */
static bool is_switch(const struct syntax *body, const struct string *name)
{
	const struct syntax *p = body->param;

	for (unsigned i = 0; p != NULL && i + 2 < p->count; i += 3)
		if (p->list[i]->text->len >= name->len && p->list[i + 2]->kind == S_TYPE && string_is(p->list[i + 2]->text, "switch") &&
		    string_compare(&(struct string){ p->list[i]->text->at, name->len, false }, name, true) == 0)
			return true;
	return false;
}

static bool listed(const char *switches, const struct string *name, struct heap *heap)
{
	char *text = string_to_utf8(heap, name);
	const char *at = switches;
	size_t len = strlen(text);

	while (at != NULL && (at = strchr(at, '|')) != NULL)
		if (strncasecmp(++at, text, len) == 0 && len != 0)
			return true;
	return false;
}

static const char common_switches[] = "|verbose|debug|whatif|confirm|force|passthru|asjob|usebasicparsing|useb|nonewline|";

/* Parts the words of a command into those by name and those by place. */
static void arguments_read(struct session *s, const struct syntax *e, const struct cmdlet *c, const struct syntax *body,
                           struct arguments *ret)
{
	struct list *texts = list_new(s->host->heap, e->count);

	ret->list = list_new(s->host->heap, e->count);
	ret->named = table_new(s->host->heap);
	ret->texts = texts;
	for (unsigned i = 0; i < e->count && session_goes_on(s); i++) {
		const struct syntax *one = e->list[i];
		struct value v;

		if (one->kind == S_PARAMETER) {
			bool plain = c != NULL ? listed(c->switches, one->text, s->host->heap) || listed(common_switches, one->text, s->host->heap)
			    : body != NULL && is_switch(body, one->text);
			bool takes = one->a == NULL && !plain && i + 1 < e->count && e->list[i + 1]->kind != S_PARAMETER && (c != NULL || body != NULL);

			list_add(texts, v_text(s->host->heap, heap_print(s->host->heap, "-%.500s%s", string_to_utf8(s->host->heap, one->text), one->a != NULL ? ":" : "")));
			v = one->a != NULL ? evaluate_expression(s, one->a) : takes ? evaluate_expression(s, e->list[++i]) : v_bool(true);
			table_set(ret->named, one->text, v);
			if (one->a != NULL || takes)
				list_add(texts, v);
			continue;
		}
		v = one->kind == S_SPLAT ? evaluate_variable(s, one->text) : evaluate_expression(s, one);
		if (one->kind == S_SPLAT && v.kind == V_TABLE) {
			for (unsigned k = 0; k < v.table->count; k++)
				table_set(ret->named, v.table->rows[k].key, v.table->rows[k].value);
		} else if (one->kind == S_SPLAT) {
			struct list *l = value_list(s, &v);

			for (unsigned k = 0; k < l->count; k++)
				list_add(ret->list, l->at[k]);
		} else {
			list_add(ret->list, v);
			list_add(texts, v);
		}
	}
}

const struct value *argument(const struct arguments *a, const char *name, int place)
{
	for (unsigned i = 0; i < a->named->count; i++) {
		const struct string *key = a->named->rows[i].key;
		bool fits = key->len != 0 && key->len <= strlen(name);

		for (uint32_t k = 0; fits && k < key->len; k++)
			fits = (key->at[k] | 0x20) == ((uint8_t)name[k] | 0x20);
		if (fits)
			return &a->named->rows[i].value;
	}
	return place >= 0 && (unsigned)place < a->list->count ? &a->list->at[place] : NULL;
}

bool argument_switch(const struct arguments *a, const char *name)
{
	const struct value *v = argument(a, name, -1);

	return v != NULL && value_truth(v);
}

static struct bytes input_bytes(struct session *s, const struct list *input)
{
	struct text t = text_in(s->host->heap);

	for (unsigned i = 0; input != NULL && i < input->count && host_step(s->host); i++) {
		text_add(&t, string_bytes(s->host->heap, value_string(s, &input->at[i])));
		text_add(&t, bytes_text("\r\n"));
	}
	return text_bytes(&t);
}

/* The name behind an alias, of the code's or of PowerShell's own. */
static const struct string *unalias(struct session *s, const struct string *name)
{
	for (int i = 0; i < ALIAS_DEPTH; i++) {
		const struct value *v = table_find(s->aliases, name);

		if (v == NULL)
			break;
		name = value_string(s, v);
	}
	return name;
}

static void run_cmdlet(struct session *s, const struct syntax *e, const struct cmdlet *c, struct list *input)
{
	struct arguments args = { .input = input };
	const struct value *action;
	bool stops = s->stops, quiet = false;
	struct standard kept = s->standard;

	arguments_read(s, e, c, NULL, &args);
	if (!session_goes_on(s))
		return;
	action = argument(&args, "ErrorAction", -1);
	if (action == NULL)
		action = table_at(args.named, "ea");
	if (action != NULL) {
		const struct string *how = value_string(s, action);

		s->stops = string_is(how, "stop");
		quiet = string_is(how, "silentlycontinue") || string_is(how, "ignore") || string_is(how, "0");
	}
	if (quiet)
		s->standard.err = handle_new(s->host, HANDLE_NUL);
	s->good = true;
	c->run(s, &args);
	s->stops = stops;
	if (quiet)
		s->standard.err = kept.err;
}

static void run_block(struct session *s, const struct syntax *e, const struct block *b, struct list *input, bool own_scope)
{
	struct arguments args = { .input = input };

	arguments_read(s, e, NULL, b->body, &args);
	if (session_goes_on(s))
		block_call(s, b->body, &args, own_scope);
}

/* A script's file: what an attacker's server sent is unknown; what is not there is asked. */
static bool run_script(struct session *s, const char *name)
{
	char whole[FILE_PATH_MAX];
	struct bytes text;
	struct place p;
	size_t len = strlen(name);
	int r;

	if (len < 4 || !same_name(name + len - 4, ".ps1") || !file_path(s->cwd, name, whole))
		return false;
	if ((r = file_read(s->host, whole, &text)) < 0) {
		if (r == -ENOENT)
			session_complain(s, "powershell.not_a_command", name);
		else
			(void)host_unknown(s->host, whole);
		return true;
	}
	if (file_find(s->host, whole, &p) && file_is_foreign(s->host, p.node))
		(void)host_unknown(s->host, whole);
	else
		session_run(s, string_utf8(s->host->heap, text));
	return true;
}

static void run_named(struct session *s, const struct syntax *e, const struct string *called, struct list *input)
{
	const struct string *name = unalias(s, called);
	char *text = string_to_utf8(s->host->heap, name);
	const struct value *f = function_find(s, name);
	const char *whole = NULL;
	const struct cmdlet *c;
	struct arguments args = { .input = input };

	if (called->foreign) {
		(void)host_unknown(s->host, "powershell: a command from the network");
		return;
	}
	if (f != NULL) {
		run_block(s, e, f->block, input, e->text == NULL);
		return;
	}
	if ((c = cmdlet_find(s, text, &whole)) != NULL) {
		run_cmdlet(s, e, c, input);
		return;
	}
	if (whole != NULL || cmdlet_is_approved(text)) {
		/* a cmdlet that is not here: nobody knows what it gives */
		arguments_read(s, e, NULL, NULL, &args);
		(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: %.100s", whole != NULL ? whole : text));
		session_emit_one(s, v_unknown());
		return;
	}
	if (run_script(s, text))
		return;
	arguments_read(s, e, NULL, NULL, &args);
	if (session_goes_on(s) && !program_call(s, text, args.texts, input_bytes(s, input), false))
		session_throw(s, "powershell.not_a_command", text);
}

static void run_command(struct session *s, const struct syntax *e, struct list *input)
{
	struct value name = evaluate_expression(s, e->a);

	if (!session_goes_on(s))
		return;
	if (name.kind == V_BLOCK)
		run_block(s, e, name.block, input, e->text == NULL);
	else if (name.kind == V_OBJECT && name.object->properties != NULL && table_at(name.object->properties, "Name") != NULL)
		run_named(s, e, value_string(s, table_at(name.object->properties, "Name")), input); /* what Get-Command gave */
	else if (name.kind == V_UNKNOWN)
		(void)host_unknown(s->host, "powershell: an unknown command");
	else
		run_named(s, e, value_string(s, &name), input);
}

static void element(struct session *s, const struct syntax *e, struct list *input)
{
	struct value v;

	if (e->kind == S_COMMAND) {
		run_command(s, e, input);
	} else if (e->kind == S_PIPELINE) {
		evaluate_pipeline(s, e);
	} else {
		v = evaluate_expression(s, e);
		if (session_goes_on(s))
			session_emit(s, v);
	}
}

/* Where an element's output goes by its redirections. False: it cannot. */
static bool to_file(struct session *s, const struct syntax *e, struct list *lines)
{
	struct value target = evaluate_expression(s, e->to);
	char *path = session_path(s, &target);
	struct event *told;
	struct node *n;

	if (path == NULL || file_write(s->host, path, e->append, &n, &told) < 0) {
		session_complain(s, "powershell.file", path != NULL ? path : "");
		return false;
	}
	for (unsigned i = 0; i < lines->count && host_step(s->host); i++) {
		/* > writes UTF-16 with its mark; what is ASCII is kept as it reads */
		struct bytes b = string_bytes(s->host->heap, value_string(s, &lines->at[i]));

		record_more(s->host->world->record, told, b);
		if (node_write(s->host->world->tree, n, n->size, b) < 0 || node_write(s->host->world->tree, n, n->size, bytes_text("\r\n")) < 0)
			host_stop(s->host, STOPPED_FILES);
	}
	return true;
}

static void redirected(struct session *s, const struct syntax *e, struct list *input)
{
	struct standard kept = s->standard;
	struct list *out = s->out, *own = NULL;

	if (e->quiet_errors)
		s->standard.err = handle_new(s->host, HANDLE_NUL);
	if (e->joins_errors)
		s->standard.err = s->standard.out;
	if (e->quiet || e->to != NULL)
		s->out = own = list_new(s->host->heap, 4);
	if (e->kind == S_PIPELINE)
		for (unsigned i = 0; i < e->count; i++)
			element(s, e->list[i], input);
	else
		element(s, e, input);
	s->out = out;
	s->standard = kept;
	if (e->to != NULL && session_goes_on(s))
		to_file(s, e, own);
}

static bool is_redirected(const struct syntax *e)
{
	return (e->kind == S_COMMAND || e->kind == S_PIPELINE) && (e->quiet || e->to != NULL || e->quiet_errors || e->joins_errors);
}

void evaluate_pipeline(struct session *s, const struct syntax *e)
{
	struct list *kept = s->out, *input = NULL;
	unsigned count = e->kind == S_COMMAND ? 1 : e->count;

	if (e->kind == S_PIPELINE && is_redirected(e)) {
		redirected(s, e, NULL);
		return;
	}
	for (unsigned i = 0; i < count && session_goes_on(s); i++) {
		const struct syntax *one = e->kind == S_COMMAND ? e : e->list[i];

		s->out = i + 1 < count ? list_new(s->host->heap, 8) : kept;
		if (is_redirected(one))
			redirected(s, one, input);
		else
			element(s, one, input);
		input = s->out;
	}
	s->out = kept;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A session's variables, results and complaints. */
#include "emu/windows/powershell/session.h"

#include <string.h>

bool session_goes_on(struct session *s)
{
	return s->flow == FLOW_ON && host_step(s->host);
}

const struct string *block_text(const struct block *b)
{
	return b->text;
}

struct value *session_variable(struct session *s, const char *name)
{
	for (struct scope *at = s->scope; at != NULL; at = at->outer) {
		struct value *v = table_at(at->variables, name);

		if (v != NULL)
			return v;
	}
	return NULL;
}

void session_set(struct session *s, const char *name, struct value v)
{
	table_write(s->scope->variables, name, v);
}

/* The name without its scope, and which scope that is. */
static const struct string *scoped(struct session *s, const struct string *name, struct scope **scope)
{
	static const char *const scopes[] = { "global:", "script:", "local:", "private:", "variable:" };
	int64_t colon = -1;

	for (uint32_t i = 0; i < name->len && colon < 0; i++)
		colon = name->at[i] == ':' ? (int64_t)i : -1;
	for (size_t i = 0; i < COUNT_OF(scopes) && colon >= 0; i++)
		if (string_is(string_part(s->host->heap, name, 0, (size_t)colon + 1), scopes[i])) {
			*scope = i < 2 ? s->global : s->scope;
			return string_part(s->host->heap, name, (size_t)colon + 1, name->len - (size_t)colon - 1);
		}
	return name;
}

static bool begins(const struct string *name, const char *with)
{
	size_t len = strlen(with);
	const struct string head = { name->at, (uint32_t)len, false };

	return name->len > len && string_is(&head, with);
}

/* Names that every session has. False: none of them. */
static bool automatic(struct session *s, const struct string *name, struct value *ret)
{
	struct heap *heap = s->host->heap;

	if (string_is(name, "true") || string_is(name, "false"))
		*ret = v_bool(string_is(name, "true"));
	else if (string_is(name, "null"))
		*ret = v_null();
	else if (string_is(name, "pshome"))
		*ret = v_text(heap, host_fact(s->host, "POWERSHELL_HOME"));
	else if (string_is(name, "shellid"))
		*ret = v_text(heap, "Microsoft.PowerShell");
	else if (string_is(name, "home"))
		*ret = v_text(heap, variable_find(s->environment, "USERPROFILE") != NULL ? variable_find(s->environment, "USERPROFILE") : "");
	else if (string_is(name, "pwd"))
		*ret = v_text(heap, s->cwd);
	else if (string_is(name, "pid"))
		*ret = v_int(host_process_id(s->host));
	else if (string_is(name, "?"))
		*ret = v_bool(s->good);
	else if (string_is(name, "lastexitcode"))
		*ret = v_int(s->last_exit);
	else if (string_is(name, "verbosepreference"))
		*ret = v_text(heap, "SilentlyContinue");
	else if (string_is(name, "maximumdrivecount"))
		*ret = v_int(4096);
	else if (string_is(name, "executioncontext") || string_is(name, "host") || string_is(name, "psversiontable") ||
	    string_is(name, "myinvocation") || string_is(name, "error"))
		*ret = v_unknown();
	else
		return false;
	return true;
}

struct value evaluate_variable(struct session *s, const struct string *name)
{
	struct scope *scope = s->scope;
	const struct string *bare;
	struct value v, *found = NULL;
	const char *text;

	if (begins(name, "env:")) {
		text = variable_ask(s->host, s->environment,
		    string_to_utf8(s->host->heap, string_part(s->host->heap, name, 4, name->len - 4)));
		return text != NULL ? v_text(s->host->heap, text) : v_null();
	}
	bare = scoped(s, name, &scope);
	for (; scope != NULL && found == NULL; scope = scope->outer)
		found = table_find(scope->variables, bare);
	if (found != NULL)
		return *found;
	if (automatic(s, bare, &v))
		return v;
	return v_null();
}

static void assign_variable(struct session *s, const struct string *name, struct value v)
{
	struct scope *scope = s->scope;

	if (begins(name, "env:"))
		variable_set(s->environment, string_to_utf8(s->host->heap, string_part(s->host->heap, name, 4, name->len - 4)),
		    value_utf8(s, &v));
	else if (!string_is(name, "null")) {
		name = scoped(s, name, &scope);
		table_set(scope->variables, name, v);
	}
}

void evaluate_assign(struct session *s, const struct syntax *target, struct value v)
{
	struct value of, index;

	switch (target->kind) {
	case S_VARIABLE:
		assign_variable(s, target->text, v);
		break;
	case S_CAST:
		if (host_enter(s->host)) {
			evaluate_assign(s, target->a, type_cast(s, type_name(s, target->text), &v));
			host_leave(s->host);
		}
		break;
	case S_PAREN:
		if (target->a->count == 1)
			evaluate_assign(s, target->a->list[0], v);
		break;
	case S_MEMBER:
		of = evaluate_expression(s, target->a);
		member_set(s, &of, target->text != NULL ? target->text : value_string(s, &(struct value){ 0 }), &v);
		break;
	case S_STATIC:
		if (target->a->kind == S_TYPE && target->text != NULL)
			type_static_set(s, type_name(s, target->a->text), string_to_utf8(s->host->heap, target->text), &v);
		break;
	case S_INDEX:
		of = evaluate_expression(s, target->a);
		index = evaluate_expression(s, target->b);
		if (of.kind == V_TABLE) {
			table_set(of.table, value_string(s, &index), v);
		} else if (of.kind == V_LIST) {
			int64_t at = value_int(s, &index);

			at = at < 0 ? at + of.list->count : at;
			if (at >= 0 && at < of.list->count)
				of.list->at[at] = of.list->of != V_NULL ? type_cast(s, of.list->of == V_BYTE ? "byte" : of.list->of == V_CHAR ? "char" : "int32", &v) : v;
			else
				session_throw(s, "powershell.index", NULL);
		}
		break;
	case S_COMMA: {
		struct list *l = value_list(s, &v);

		for (unsigned i = 0; i < target->count && session_goes_on(s); i++) {
			struct value one = i < l->count ? l->at[i] : v_null();

			/* the last name gets all that is left */
			if (i + 1 == target->count && l->count > target->count) {
				struct list *rest = list_new(s->host->heap, l->count - i);

				for (unsigned k = i; k < l->count; k++)
					list_add(rest, l->at[k]);
				one = v_list(rest);
			}
			evaluate_assign(s, target->list[i], one);
		}
		break;
	}
	default:
		session_throw(s, "powershell.assignment", NULL);
		break;
	}
}

void print_line(struct session *s, const struct string *line)
{
	handle_write(s->host, s->standard.out, string_bytes(s->host->heap, line));
	handle_text(s->host, s->standard.out, "\r\n");
}

/* As a console shows a result. What a table or an object looks like depends on formats that are not here. */
void print_value(struct session *s, const struct value *v)
{
	switch (v->kind) {
	case V_NULL:
		break;
	case V_LIST:
		if (!host_enter(s->host))
			return;
		for (unsigned i = 0; i < v->list->count && host_step(s->host); i++)
			print_value(s, &v->list->at[i]);
		host_leave(s->host);
		break;
	case V_STRING: case V_BOOL: case V_CHAR: case V_BYTE: case V_INT: case V_LONG: case V_DOUBLE:
		print_line(s, value_string(s, v));
		break;
	default:
		(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: %s as it is shown", value_type(v)));
		break;
	}
}

void session_emit_one(struct session *s, struct value v)
{
	if (s->out != NULL)
		list_add(s->out, v);
	else
		print_value(s, &v);
}

void session_emit(struct session *s, struct value v)
{
	if (v.kind != V_LIST) {
		if (v.kind != V_NULL || s->out != NULL)
			session_emit_one(s, v);
		return;
	}
	for (unsigned i = 0; i < v.list->count && host_step(s->host); i++)
		session_emit_one(s, v.list->at[i]);
}

struct value value_gathered(struct list *l)
{
	if (l->count == 0)
		return v_null();
	return l->count == 1 ? l->at[0] : v_list(l);
}

static struct value error_record(struct session *s, const char *key, const char *subject)
{
	const char *text = host_text(s->host, key, (const char *const[]){ subject, NULL });
	struct value record = object_custom(s), exception = object_custom(s);

	if (text == NULL)
		return v_unknown();
	table_write(exception.object->properties, "Message", v_text(s->host->heap, heap_text(s->host->heap, bytes_of(text, strcspn(text, "\r")))));
	table_write(record.object->properties, "Exception", exception);
	return record;
}

void session_complain(struct session *s, const char *key, const char *subject)
{
	const struct value *preference = session_variable(s, "ErrorActionPreference");

	s->good = false;
	if (s->stops || (preference != NULL && string_is(value_string(s, preference), "stop"))) {
		session_throw(s, key, subject);
		s->thrown_by_code = true;
		return;
	}
	if (preference == NULL || !string_is(value_string(s, preference), "silentlycontinue"))
		handle_say(s->host, s->standard.err, key, (const char *const[]){ subject, NULL });
}

void session_throw(struct session *s, const char *key, const char *subject)
{
	if (s->flow != FLOW_ON)
		return;
	s->good = false;
	s->thrown = error_record(s, key, subject);
	s->flow = FLOW_THROW;
}

void session_unsupported(struct session *s, const char *what, const char *name)
{
	host_unsupported(s->host, heap_print(s->host->heap, "powershell: %s%s%.120s", what, *name != 0 ? " " : "", name));
}

void session_run(struct session *s, const struct string *code)
{
	size_t wrong = 0;
	const struct syntax *tree;

	if (!host_enter(s->host))
		return;
	tree = powershell_parse(s->host, code, &wrong);
	if (tree != NULL)
		block_call(s, tree, &(struct arguments){ .list = list_new(s->host->heap, 0), .named = table_new(s->host->heap) }, false);
	else if (host_runs(s->host))
		session_throw(s, "powershell.parse", NULL);
	host_leave(s->host);
}

void session_invoke(struct session *s, const struct value *code)
{
	struct list *l = value_list(s, code);

	for (unsigned i = 0; i < l->count && session_goes_on(s); i++) {
		if (value_is_foreign(&l->at[i]))
			/* what the attacker's server sends, the attacker knows */
			(void)host_unknown(s->host, "powershell: code from the network");
		else if (l->at[i].kind == V_BLOCK)
			block_call(s, l->at[i].block->body, &(struct arguments){ .list = list_new(s->host->heap, 0), .named = table_new(s->host->heap) }, false);
		else
			session_run(s, value_string(s, &l->at[i]));
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statements run: branches, loops, functions, errors thrown and caught. */
#include "emu/windows/powershell/session.h"

#include <string.h>

enum { ROUNDS_MAX = 500000 };

static bool truth_of(struct session *s, const struct syntax *condition)
{
	struct value v = evaluate_gathered(s, condition);

	if (condition->kind == S_ASSIGN)
		v = evaluate_expression(s, condition->a);
	/* what nobody can know is taken to go the way that shows more, and is asked */
	if (v.kind == V_UNKNOWN || (v.kind == V_STRING && v.string->foreign))
		return record_ask(s->host->world->record, QUESTION_NETWORK, "powershell: a condition", v.kind == V_STRING && v.string->len != 0);
	return value_truth(&v);
}

/* After a round of a loop. False: the loop ends. */
static bool loop_goes_on(struct session *s, unsigned *rounds)
{
	if (s->flow == FLOW_CONTINUE)
		s->flow = FLOW_ON;
	if (s->flow == FLOW_BREAK) {
		s->flow = FLOW_ON;
		return false;
	}
	if (++*rounds > ROUNDS_MAX)
		host_stop(s->host, STOPPED_ROUNDS);
	return session_goes_on(s);
}

static void loop(struct session *s, const struct syntax *e)
{
	const struct syntax *test = e->kind == S_FOR ? e->b : e->a, *inner = e->kind == S_FOR ? e->d : e->b;
	unsigned rounds = 0;
	bool first = e->kind == S_DO;

	if (e->kind == S_FOR && e->a != NULL)
		(void)evaluate_gathered(s, e->a);
	while (session_goes_on(s)) {
		if (!first && test != NULL && !truth_of(s, test))
			break;
		first = false;
		if (!session_goes_on(s))
			break;
		evaluate_statements(s, inner);
		if (!loop_goes_on(s, &rounds))
			break;
		if (e->kind == S_FOR && e->c != NULL)
			(void)evaluate_gathered(s, e->c);
		if (e->kind == S_DO) {
			if (truth_of(s, e->a) == e->flag)
				break;
			first = true;
		}
	}
}

static void for_each(struct session *s, const struct syntax *e)
{
	struct value over = evaluate_gathered(s, e->b);
	struct list *l = value_list(s, &over);
	unsigned rounds = 0;

	if (over.kind == V_TABLE || over.kind == V_UNKNOWN) {
		l = list_new(s->host->heap, 1);
		list_add(l, over);
	}
	for (unsigned i = 0; i < l->count && session_goes_on(s); i++) {
		evaluate_assign(s, e->a, l->at[i]);
		evaluate_statements(s, e->c);
		if (!loop_goes_on(s, &rounds))
			return;
	}
}

static bool case_fits(struct session *s, const struct syntax *e, const struct syntax *pattern, const struct value *v)
{
	struct value p;

	if (pattern->kind == S_BLOCK) {
		p = evaluate_expression(s, pattern);
		p = block_with(s, p.block, v);
		return value_truth(&p);
	}
	p = evaluate_expression(s, pattern);
	if (e->operator == OP_EQ)
		return operator_equal(s, v, &p, true);
	p = operator_binary(s, e->operator, v, &p);
	return value_truth(&p);
}

static void choose(struct session *s, const struct syntax *e)
{
	struct value over = evaluate_gathered(s, e->a);
	struct list *l = value_list(s, &over);

	for (unsigned i = 0; i < l->count && session_goes_on(s); i++) {
		bool any = false;

		session_set(s, "_", l->at[i]);
		for (unsigned k = 0; k + 1 < e->count && session_goes_on(s); k += 2) {
			if (e->list[k]->kind == S_NOTHING ? any : !case_fits(s, e, e->list[k], &l->at[i]))
				continue;
			any = true;
			evaluate_statements(s, e->list[k + 1]);
		}
		if (s->flow == FLOW_CONTINUE)
			s->flow = FLOW_ON;
		if (s->flow == FLOW_BREAK) {
			s->flow = FLOW_ON;
			return;
		}
	}
}

static void try_catch(struct session *s, const struct syntax *e)
{
	enum flow left;
	bool stops = s->stops;

	s->tries++;
	evaluate_statements(s, e->a);
	s->tries--;
	s->stops = stops;
	if (s->flow == FLOW_THROW && e->b != NULL && host_runs(s->host)) {
		s->flow = FLOW_ON;
		s->thrown_by_code = false;
		session_set(s, "_", s->thrown);
		session_set(s, "Error", s->thrown);
		evaluate_statements(s, e->b);
	}
	if (e->c == NULL || !host_runs(s->host))
		return;
	left = s->flow;
	s->flow = FLOW_ON;
	evaluate_statements(s, e->c);
	if (s->flow == FLOW_ON)
		s->flow = left;
}

static void leave(struct session *s, const struct syntax *e)
{
	struct value v = v_null();

	if (e->a != NULL && e->kind == S_RETURN)
		evaluate_statement(s, e->a);
	else if (e->a != NULL && e->kind != S_BREAK && e->kind != S_CONTINUE)
		v = evaluate_gathered(s, e->a);
	if (s->flow != FLOW_ON)
		return;
	switch (e->kind) {
	case S_RETURN: s->flow = FLOW_RETURN; break;
	case S_BREAK: s->flow = FLOW_BREAK; break;
	case S_CONTINUE: s->flow = FLOW_CONTINUE; break;
	case S_EXIT:
		s->exit_status = (int32_t)value_int(s, &v);
		s->flow = FLOW_EXIT;
		break;
	default:
		s->flow = FLOW_THROW;
		s->thrown_by_code = true;
		s->thrown = object_custom(s);
		table_write(s->thrown.object->properties, "Exception", object_custom(s));
		table_write(table_at(s->thrown.object->properties, "Exception")->object->properties, "Message", v);
		table_write(s->thrown.object->properties, "TargetObject", v);
		break;
	}
}

static void assign(struct session *s, const struct syntax *e)
{
	struct value right, left;

	/* a list in the code is one value, and results of a pipeline are gathered */
	if (e->b->kind == S_ASSIGN)
		evaluate_statement(s, e->b);
	right = e->b->kind == S_ASSIGN ? evaluate_expression(s, e->b->a) : e->b->kind == S_COMMA || e->b->kind == S_ARRAY || e->b->kind == S_CAST || e->b->kind == S_VARIABLE || e->b->kind == S_CALL ||
	    e->b->kind == S_STATIC_CALL || e->b->kind == S_MEMBER || e->b->kind == S_INDEX || e->b->kind == S_BINARY || e->b->kind == S_UNARY ||
	    e->b->kind == S_STATIC ? evaluate_expression(s, e->b) : evaluate_gathered(s, e->b);
	if (!session_goes_on(s))
		return;
	if (e->operator != OP_NONE) {
		left = evaluate_expression(s, e->a->kind == S_CAST ? e->a->a : e->a);
		right = operator_binary(s, e->operator, &left, &right);
	}
	if (session_goes_on(s))
		evaluate_assign(s, e->a, right);
	s->good = true;
}

static void statement_inner(struct session *s, const struct syntax *e)
{
	struct value v;

	switch (e->kind) {
	case S_IF:
		for (; e != NULL && session_goes_on(s); e = e->c) {
			if (e->kind != S_IF) {
				evaluate_statements(s, e);
				return;
			}
			if (truth_of(s, e->a)) {
				evaluate_statements(s, e->b);
				return;
			}
		}
		break;
	case S_WHILE: case S_DO: case S_FOR: loop(s, e); break;
	case S_FOREACH: for_each(s, e); break;
	case S_SWITCH: choose(s, e); break;
	case S_FUNCTION: {
		struct block *b = heap_take(s->host->heap, sizeof(*b));

		*b = (struct block){ e->a, e->a->text };
		table_set(s->scope->functions, e->text, (struct value){ V_BLOCK, { .block = b } });
		break;
	}
	case S_TRY: try_catch(s, e); break;
	case S_RETURN: case S_BREAK: case S_CONTINUE: case S_THROW: case S_EXIT: leave(s, e); break;
	case S_ASSIGN: assign(s, e); break;
	case S_PIPELINE: case S_COMMAND: evaluate_pipeline(s, e); break;
	case S_LIST: evaluate_statements(s, e); break;
	default:
		v = evaluate_expression(s, e);
		if (session_goes_on(s) && e->kind != S_STEP) {
			s->good = true;
			session_emit(s, v);
		}
		break;
	}
}

void evaluate_statement(struct session *s, const struct syntax *e)
{
	if (!session_goes_on(s) || !host_enter(s->host))
		return;
	statement_inner(s, e);
	host_leave(s->host);
}

/* What no catch takes is told, and the next statement runs: only where nothing waits for it to be thrown. */
static void told(struct session *s)
{
	const struct value *exception, *message;

	exception = s->thrown.kind == V_OBJECT ? table_at(s->thrown.object->properties, "Exception") : NULL;
	message = exception != NULL && exception->kind == V_OBJECT ? table_at(exception->object->properties, "Message") : NULL;
	if (message != NULL)
		handle_text(s->host, s->standard.err, heap_print(s->host->heap, "%.2000s\r\n", value_utf8(s, message)));
}

void evaluate_statements(struct session *s, const struct syntax *list)
{
	for (unsigned i = 0; i < list->count && session_goes_on(s); i++) {
		evaluate_statement(s, list->list[i]);
		/* an error of .NET ends its statement; one that is thrown ends all, up to a try */
		if (s->flow == FLOW_THROW && s->tries == 0 && !s->thrown_by_code && host_runs(s->host)) {
			told(s);
			s->flow = FLOW_ON;
		}
	}
}

static void bind(struct session *s, const struct syntax *body, const struct arguments *args)
{
	const struct syntax *p = body->param;
	unsigned place = 0;
	struct list *rest = list_new(s->host->heap, 4);

	for (unsigned i = 0; p != NULL && i + 2 < p->count; i += 3) {
		const struct string *name = p->list[i]->text;
		const struct value *given = table_find(args->named, name);
		struct value v = v_null();

		/* a name may be given by as much of it as is no other's */
		for (unsigned k = 0; given == NULL && k < args->named->count; k++)
			if (args->named->rows[k].key->len < name->len &&
			    string_compare(args->named->rows[k].key, string_part(s->host->heap, name, 0, args->named->rows[k].key->len), true) == 0)
				given = &args->named->rows[k].value;
		if (given != NULL)
			v = *given;
		else if (place < args->list->count)
			v = args->list->at[place++];
		else if (p->list[i + 1]->kind != S_NOTHING)
			v = evaluate_expression(s, p->list[i + 1]);
		if (p->list[i + 2]->kind == S_TYPE && v.kind != V_NULL && session_goes_on(s))
			v = type_cast(s, type_name(s, p->list[i + 2]->text), &v);
		table_set(s->scope->variables, name, v);
	}
	while (place < args->list->count)
		list_add(rest, args->list->at[place++]);
	session_set(s, "args", v_list(rest));
}

void block_call(struct session *s, const struct syntax *body, const struct arguments *args, bool own_scope)
{
	struct scope *kept = s->scope;

	if (!host_enter(s->host))
		return;
	if (own_scope) {
		struct scope *inner = heap_take(s->host->heap, sizeof(*inner));

		*inner = (struct scope){ kept, table_new(s->host->heap), table_new(s->host->heap) };
		s->scope = inner;
	}
	if (own_scope || body->param != NULL || args->list->count != 0)
		bind(s, body, args);
	if (args->input != NULL)
		session_set(s, "input", v_list(args->input));
	if (body->begin != NULL)
		evaluate_statements(s, body->begin);
	if (body->process != NULL && args->input == NULL)
		evaluate_statements(s, body->process);
	for (unsigned i = 0; body->process != NULL && args->input != NULL && i < args->input->count && session_goes_on(s); i++) {
		session_set(s, "_", args->input->at[i]);
		session_set(s, "PSItem", args->input->at[i]);
		evaluate_statements(s, body->process);
	}
	if (body->end != NULL)
		evaluate_statements(s, body->end);
	if (body->a != NULL)
		evaluate_statements(s, body->a);
	if (s->flow == FLOW_RETURN)
		s->flow = FLOW_ON;
	s->scope = kept;
	host_leave(s->host);
}

struct value block_with(struct session *s, const struct block *b, const struct value *item)
{
	struct list *kept = s->out, *own = list_new(s->host->heap, 2);

	s->out = own;
	session_set(s, "_", *item);
	session_set(s, "PSItem", *item);
	block_call(s, b->body, &(struct arguments){ .list = list_new(s->host->heap, 0), .named = table_new(s->host->heap) }, false);
	s->out = kept;
	return value_gathered(own);
}

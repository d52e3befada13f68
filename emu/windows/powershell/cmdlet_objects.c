/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cmdlets about objects in a pipeline, by their pages in Microsoft.PowerShell.Core and .Utility. */
#include "emu/windows/powershell/session.h"

#include <string.h>

/* What comes down the pipeline, else what a parameter names. */
static struct list *input_of(struct session *s, struct arguments *a)
{
	const struct value *v;

	if (a->input != NULL)
		return a->input;
	v = argument(a, "InputObject", -1);
	return v != NULL ? value_list(s, v) : list_new(s->host->heap, 0);
}

static void once(struct session *s, const struct value *block)
{
	if (block != NULL && block->kind == V_BLOCK)
		block_call(s, block->block->body, &(struct arguments){ .list = list_new(s->host->heap, 0), .named = table_new(s->host->heap) }, false);
}

static void for_each_object(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a);
	const struct value *process = argument(a, "Process", -1), *member = argument(a, "MemberName", -1);
	unsigned first = 0;

	if (process == NULL && member == NULL && a->list->count > 1 && a->list->at[0].kind == V_BLOCK) {
		once(s, &a->list->at[0]); /* begin, process, end */
		first = 1;
	} else {
		once(s, argument(a, "Begin", -1));
	}
	if (process == NULL && member == NULL)
		process = a->list->count > first ? &a->list->at[first] : NULL;
	for (unsigned i = 0; i < in->count && session_goes_on(s) && (process != NULL || member != NULL); i++) {
		session_set(s, "_", in->at[i]);
		session_set(s, "PSItem", in->at[i]);
		if (process != NULL && process->kind == V_BLOCK)
			once(s, process);
		else
			session_emit(s, member_get(s, &in->at[i], value_string(s, process != NULL ? process : member)));
	}
	if (s->flow == FLOW_CONTINUE || s->flow == FLOW_BREAK)
		s->flow = s->flow == FLOW_BREAK ? FLOW_BREAK : FLOW_ON;
	if (a->list->count > first + 1)
		once(s, &a->list->at[first + 1]);
	once(s, argument(a, "End", -1));
}

/* where-object Name -eq value: the operator is a switch, its value stands by place. */
static bool where_simple(struct session *s, struct arguments *a, const struct value *item)
{
	static const struct { const char *name; enum operator operator; } operators[] = {
		{ "eq", OP_EQ }, { "ne", OP_NE }, { "gt", OP_GT }, { "ge", OP_GE }, { "lt", OP_LT }, { "le", OP_LE }, { "like", OP_LIKE },
		{ "notlike", OP_NOTLIKE }, { "match", OP_MATCH }, { "notmatch", OP_NOTMATCH }, { "contains", OP_CONTAINS }, { "in", OP_IN },
	};
	struct value left = member_get(s, item, value_string(s, &a->list->at[0])), v;

	for (size_t i = 0; i < COUNT_OF(operators); i++) {
		const struct value *right = table_at(a->named, operators[i].name);

		if (right == NULL)
			continue;
		v = operator_binary(s, operators[i].operator, &left, right);
		return value_truth(&v);
	}
	return value_truth(&left);
}

static void where_object(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a);
	const struct value *block = argument(a, "FilterScript", 0);

	for (unsigned i = 0; i < in->count && session_goes_on(s) && block != NULL; i++) {
		struct value v = block->kind == V_BLOCK ? block_with(s, block->block, &in->at[i]) : v_bool(where_simple(s, a, &in->at[i]));

		if (v.kind == V_UNKNOWN)
			session_emit_one(s, v);
		else if (value_truth(&v))
			session_emit_one(s, in->at[i]);
	}
}

/* A property by its name, or what a block makes of an item. */
static struct value selected(struct session *s, const struct value *item, const struct value *how)
{
	return how->kind == V_BLOCK ? block_with(s, how->block, item) : member_get(s, item, value_string(s, how));
}

static void select_object(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a), *seen = list_new(s->host->heap, 4);
	const struct value *first = argument(a, "First", -1), *last = argument(a, "Last", -1), *skip = argument(a, "Skip", -1);
	const struct value *expand = argument(a, "ExpandProperty", -1), *properties = argument(a, "Property", 0), *index = argument(a, "Index", -1);
	int64_t from = skip != NULL ? value_int(s, skip) : last != NULL ? in->count - value_int(s, last) : 0;
	int64_t to = first != NULL ? from + value_int(s, first) : in->count;

	for (int64_t i = from < 0 ? 0 : from; i < to && i < in->count && session_goes_on(s); i++) {
		struct value v = in->at[i];

		if (index != NULL && value_int(s, index) != i)
			continue;
		if (expand != NULL) {
			session_emit(s, selected(s, &v, expand));
			continue;
		}
		if (properties != NULL && v.kind != V_UNKNOWN) {
			struct list *names = value_list(s, properties);
			struct value made = object_custom(s);

			for (unsigned k = 0; k < names->count && session_goes_on(s); k++)
				table_set(made.object->properties, value_string(s, &names->at[k]), selected(s, &v, &names->at[k]));
			v = made;
		}
		if (argument_switch(a, "Unique")) {
			bool before = false;

			for (unsigned k = 0; k < seen->count; k++)
				before |= operator_equal(s, &seen->at[k], &v, false);
			if (before)
				continue;
			list_add(seen, v);
		}
		session_emit_one(s, v);
	}
}

/* A merge sort: stable, and no depth. */
static void sort_object(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a), *keys = list_new(s->host->heap, in->count), *order = list_new(s->host->heap, in->count);
	const struct value *by = argument(a, "Property", 0);
	bool down = argument_switch(a, "Descending"), unique = argument_switch(a, "Unique");
	unsigned *now = heap_take(s->host->heap, (in->count + 1) * sizeof(*now)), *next = heap_take(s->host->heap, (in->count + 1) * sizeof(*next));

	for (unsigned i = 0; i < in->count && session_goes_on(s); i++) {
		list_add(keys, by != NULL ? selected(s, &in->at[i], by) : in->at[i]);
		now[i] = i;
	}
	for (unsigned width = 1; width < keys->count; width *= 2) {
		for (unsigned from = 0; from < keys->count; from += 2 * width) {
			unsigned middle = from + width < keys->count ? from + width : keys->count, x = from, y = middle;
			unsigned to = from + 2 * width < keys->count ? from + 2 * width : keys->count;

			for (unsigned k = from; k < to && host_step(s->host); k++) {
				int cmp = x < middle && y < to ? operator_order(s, &keys->at[now[x]], &keys->at[now[y]], true) : x < middle ? -1 : 1;

				next[k] = x < middle && (y >= to || (down ? cmp >= 0 : cmp <= 0)) ? now[x++] : now[y++];
			}
		}
		memcpy(now, next, keys->count * sizeof(*now));
	}
	for (unsigned i = 0; i < keys->count && session_goes_on(s); i++) {
		if (unique && order->count != 0 && operator_equal(s, &order->at[order->count - 1], &keys->at[now[i]], true))
			continue;
		list_add(order, keys->at[now[i]]);
		session_emit_one(s, in->at[now[i]]);
	}
}

static void measure_object(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a);
	struct value made = object_custom(s), sum = v_int(0), least = v_null(), most = v_null();

	for (unsigned i = 0; i < in->count && session_goes_on(s); i++) {
		const struct value *by = argument(a, "Property", 0);
		struct value v = by != NULL ? selected(s, &in->at[i], by) : in->at[i];

		if (argument_switch(a, "Sum") || argument_switch(a, "Average"))
			sum = operator_binary(s, OP_ADD, &sum, &v);
		least = i == 0 || operator_order(s, &v, &least, true) < 0 ? v : least;
		most = i == 0 || operator_order(s, &v, &most, true) > 0 ? v : most;
	}
	table_write(made.object->properties, "Count", v_int(in->count));
	table_write(made.object->properties, "Sum", sum);
	table_write(made.object->properties, "Minimum", least);
	table_write(made.object->properties, "Maximum", most);
	if (in->count != 0) {
		struct value count = v_int(in->count);

		table_write(made.object->properties, "Average", operator_binary(s, OP_DIVIDE, &sum, &count));
	}
	session_emit_one(s, made);
}

/* As lines: what the console would show of it. */
static void out_string(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a);
	struct units u = units_in(s->host->heap);
	bool stream = argument_switch(a, "Stream");

	for (unsigned i = 0; i < in->count && host_step(s->host); i++) {
		if (in->at[i].kind > V_LIST)
			(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: %s as it is shown", value_type(&in->at[i])));
		if (stream) {
			session_emit_one(s, v_string(value_string(s, &in->at[i])));
			continue;
		}
		units_add(&u, value_string(s, &in->at[i]));
		units_text(&u, "\r\n");
	}
	if (!stream)
		session_emit_one(s, v_string(units_string(&u)));
}

static void out_null(struct session *s, struct arguments *a)
{
}

static void write_output(struct session *s, struct arguments *a)
{
	struct list *in = a->list->count == 0 && a->named->count == 0 ? input_of(s, a) : a->list;
	const struct value *v = argument(a, "InputObject", -1);

	if (v != NULL)
		session_emit(s, *v);
	for (unsigned i = 0; v == NULL && i < in->count && session_goes_on(s); i++)
		session_emit(s, in->at[i]);
}

static void write_host(struct session *s, struct arguments *a)
{
	const struct value *v = argument(a, "Object", -1), *between = argument(a, "Separator", -1);
	struct list *in = v != NULL ? value_list(s, v) : a->list->count != 0 ? a->list : input_of(s, a);
	struct units u = units_in(s->host->heap);

	for (unsigned i = 0; i < in->count; i++) {
		if (i != 0 && between != NULL)
			units_add(&u, value_string(s, between));
		else if (i != 0)
			units_put(&u, ' ');
		units_add(&u, value_string(s, &in->at[i]));
	}
	if (!argument_switch(a, "NoNewline"))
		print_line(s, units_string(&u));
	else
		handle_write(s->host, s->standard.out, string_bytes(s->host->heap, units_string(&u)));
}

static void write_error(struct session *s, struct arguments *a)
{
	const struct value *v = argument(a, "Message", 0);

	s->good = false;
	if (v != NULL)
		handle_text(s->host, s->standard.err, heap_print(s->host->heap, "%.4000s\r\n", value_utf8(s, v)));
}

static void invoke_expression(struct session *s, struct arguments *a)
{
	const struct value *v = argument(a, "Command", 0);
	struct list *in = input_of(s, a);

	if (v != NULL)
		session_invoke(s, v);
	for (unsigned i = 0; v == NULL && i < in->count && session_goes_on(s); i++)
		session_invoke(s, &in->at[i]);
}

static void new_object(struct session *s, struct arguments *a)
{
	const struct value *com = argument(a, "ComObject", -1), *type = argument(a, "TypeName", 0), *given = argument(a, "ArgumentList", -1);
	const struct value *properties = argument(a, "Property", -1);
	struct list *args = list_new(s->host->heap, 4);
	struct value v = v_null();

	if (com != NULL) {
		session_emit_one(s, object_com(s, value_utf8(s, com)));
		return;
	}
	if (type == NULL)
		return;
	if (type->kind == V_UNKNOWN) {
		session_emit_one(s, *type);
		return;
	}
	if (given == NULL && a->list->count > (type == &a->list->at[0]))
		given = &a->list->at[type == &a->list->at[0]];
	if (given != NULL)
		args = value_list(s, given);
	if (!type_new(s, type->kind == V_TYPE ? type->type : type_name(s, value_string(s, type)), args, &v) && session_goes_on(s))
		session_unsupported(s, "New-Object", value_utf8(s, type));
	if (properties != NULL && properties->kind == V_TABLE && session_goes_on(s))
		for (unsigned i = 0; i < properties->table->count; i++)
			member_set(s, &v, properties->table->rows[i].key, &properties->table->rows[i].value);
	if (session_goes_on(s))
		session_emit_one(s, v);
}

static void variable_get(struct session *s, struct arguments *a)
{
	const struct value *name = argument(a, "Name", 0);
	struct value v, made;

	if (name == NULL) {
		(void)host_unknown(s->host, "powershell: Get-Variable");
		session_emit_one(s, v_unknown());
		return;
	}
	if (string_find(value_string(s, name), string_text(s->host->heap, "*"), 0, false) >= 0) {
		static const char *const names[] = {
			"MaximumDriveCount", "ExecutionContext", "ErrorActionPreference", "VerbosePreference", "PSHome", "ShellId", "Host", "PWD", "HOME",
		};

		for (size_t i = 0; i < COUNT_OF(names); i++)
			if (operator_like(string_text(s->host->heap, names[i]), value_string(s, name), true)) {
				name = heap_take(s->host->heap, sizeof(*name));
				*(struct value *)(uintptr_t)name = v_text(s->host->heap, names[i]);
				break;
			}
	}
	v = evaluate_variable(s, value_string(s, name));
	if (argument_switch(a, "ValueOnly")) {
		session_emit(s, v);
		return;
	}
	made = object_custom(s);
	table_write(made.object->properties, "Name", *name);
	table_write(made.object->properties, "Value", v);
	session_emit_one(s, made);
}

static void variable_put(struct session *s, struct arguments *a)
{
	const struct value *name = argument(a, "Name", 0), *v = argument(a, "Value", argument(a, "Name", -1) != NULL ? 0 : 1);
	struct syntax target = { .kind = S_VARIABLE };

	if (name == NULL)
		return;
	target.text = value_string(s, name);
	evaluate_assign(s, &target, v != NULL ? *v : v_null());
}

static void alias_put(struct session *s, struct arguments *a)
{
	const struct value *name = argument(a, "Name", 0), *v = argument(a, "Value", argument(a, "Name", -1) != NULL ? 0 : 1);

	if (name != NULL && v != NULL)
		table_set(s->aliases, value_string(s, name), *v);
}

static void get_random(struct session *s, struct arguments *a)
{
	const struct value *from = argument(a, "Minimum", -1), *to = argument(a, "Maximum", a->input == NULL ? 0 : -1), *count = argument(a, "Count", -1);
	struct list *in = a->input != NULL ? a->input : to != NULL && to->kind == V_LIST ? to->list : NULL;
	int64_t low = from != NULL ? value_int(s, from) : 0, high = to != NULL ? value_int(s, to) : INT32_MAX;
	int64_t times = count != NULL ? value_int(s, count) : 1;

	(void)record_ask(s->host->world->record, QUESTION_RANDOM, "", true);
	for (int64_t i = 0; i < times && session_goes_on(s) && (in == NULL || in->count != 0); i++) {
		uint64_t r = world_random(s->host->world);

		session_emit_one(s, in != NULL ? in->at[r % in->count] : v_int(high > low ? low + (int64_t)(r % (uint64_t)(high - low)) : low));
	}
}

static void invoke_command(struct session *s, struct arguments *a)
{
	const struct value *block = argument(a, "ScriptBlock", 0), *given = argument(a, "ArgumentList", -1);

	if (argument(a, "ComputerName", -1) != NULL || argument(a, "Session", -1) != NULL || block == NULL || block->kind != V_BLOCK) {
		(void)host_unknown(s->host, "powershell: Invoke-Command elsewhere");
		return;
	}
	block_call(s, block->block->body, &(struct arguments){ .list = given != NULL ? value_list(s, given) : list_new(s->host->heap, 0),
	    .named = table_new(s->host->heap), .input = a->input }, true);
}

static void convert_base(struct session *s, struct arguments *a)
{
	(void)host_unknown(s->host, "powershell: a conversion");
	session_emit_one(s, v_unknown());
}

static void nothing(struct session *s, struct arguments *a)
{
}

static void pass_on(struct session *s, struct arguments *a)
{
	struct list *in = input_of(s, a);

	for (unsigned i = 0; i < in->count; i++)
		session_emit_one(s, in->at[i]);
}

const struct cmdlet cmdlets_objects[] = {
	{ "ForEach-Object", for_each_object, NULL }, { "Where-Object", where_object, NULL },
	{ "Select-Object", select_object, "|unique|wait|" }, { "Sort-Object", sort_object, "|descending|unique|casesensitive|" },
	{ "Measure-Object", measure_object, "|sum|average|maximum|minimum|line|word|character|" }, { "Out-String", out_string, "|stream|" },
	{ "Out-Null", out_null, NULL }, { "Out-Host", pass_on, "|paging|" }, { "Out-Default", pass_on, NULL },
	{ "Write-Output", write_output, "|noenumerate|" }, { "Write-Host", write_host, "|nonewline|" }, { "Write-Error", write_error, NULL },
	{ "Write-Verbose", nothing, NULL }, { "Write-Debug", nothing, NULL }, { "Write-Warning", nothing, NULL }, { "Write-Progress", nothing, "|completed|" },
	{ "Invoke-Expression", invoke_expression, NULL }, { "New-Object", new_object, "|strict|" }, { "Get-Variable", variable_get, "|valueonly|" },
	{ "Set-Variable", variable_put, NULL }, { "New-Variable", variable_put, NULL }, { "Set-Alias", alias_put, NULL }, { "New-Alias", alias_put, NULL },
	{ "Get-Command", cmdlet_get_command, "|all|" }, { "Get-Alias", cmdlet_get_command, NULL }, { "Get-Random", get_random, NULL },
	{ "Invoke-Command", invoke_command, "|nonewscope|" }, { "Set-StrictMode", nothing, "|off|" }, { "Set-ExecutionPolicy", nothing, NULL },
	{ "Import-Module", nothing, NULL }, { "Clear-Host", nothing, NULL }, { "Remove-Variable", nothing, NULL }, { "ConvertTo-SecureString", convert_base, "|asplaintext|" },
	{ "Set-PSDebug", nothing, "|off|" }, { "Add-Type", convert_base, NULL }, { "Unblock-File", nothing, NULL }, { NULL, NULL, NULL },
};

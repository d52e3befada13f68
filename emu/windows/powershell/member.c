/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of values: properties and methods that PowerShell and .NET give to all, and indices. */
#include "emu/windows/powershell/session.h"

#include <string.h>

const struct string *object_string(struct session *s, struct object *o)
{
	struct value v;

	if (o->class->call != NULL && o->class->call(s, o, "tostring", list_new(s->host->heap, 0), &v) && v.kind == V_STRING)
		return v.string;
	if (o->properties != NULL && table_at(o->properties, "Value") != NULL)
		return value_string(s, table_at(o->properties, "Value"));
	return string_text(s->host->heap, o->class->name);
}

static char *lower(struct session *s, const struct string *name)
{
	char *text = string_to_utf8(s->host->heap, name);

	for (char *c = text; *c != 0; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	return text;
}

/* Of each element of a list, as PowerShell 3 and later give it. */
static struct value of_each(struct session *s, const struct list *l, const struct string *name)
{
	struct list *all = list_new(s->host->heap, l->count);

	if (!host_enter(s->host))
		return v_null();
	/* bytes from the network may be anything there */
	for (unsigned i = 0; i < l->count && session_goes_on(s); i++) {
		struct value v = member_get(s, &l->at[i], name);

		if (v.kind != V_NULL)
			list_add(all, v);
	}
	host_leave(s->host);
	return value_gathered(all);
}

static bool object_get(struct session *s, struct object *o, const char *name, const struct string *as, struct value *ret)
{
	const struct value *v = o->properties != NULL ? table_find(o->properties, as) : NULL;

	if (v != NULL) {
		*ret = *v;
		return true;
	}
	return o->class->get != NULL && o->class->get(s, o, name, ret);
}

struct value member_get(struct session *s, const struct value *of, const struct string *as)
{
	const char *name = lower(s, as);
	struct value v = v_null();

	switch (of->kind) {
	case V_UNKNOWN:
		return *of;
	case V_STRING:
		if (strcmp(name, "length") == 0)
			return v_int(of->string->len);
		break;
	case V_LIST:
		if (strcmp(name, "length") == 0 || strcmp(name, "count") == 0 || strcmp(name, "longlength") == 0)
			return v_int(of->list->count);
		return of_each(s, of->list, as);
	case V_TABLE:
		if (table_find(of->table, as) != NULL)
			return *table_find(of->table, as);
		if (strcmp(name, "count") == 0)
			return v_int(of->table->count);
		if (strcmp(name, "keys") == 0 || strcmp(name, "values") == 0) {
			struct list *l = list_new(s->host->heap, of->table->count);

			for (unsigned i = 0; i < of->table->count; i++)
				list_add(l, *name == 'k' ? v_string(of->table->rows[i].key) : of->table->rows[i].value);
			return v_list(l);
		}
		return v;
	case V_OBJECT:
		if (object_get(s, of->object, name, as, &v))
			return v;
		break;
	case V_TYPE:
		if (strcmp(name, "name") == 0 || strcmp(name, "fullname") == 0)
			return v_text(s->host->heap, of->type);
		/* what is reached through reflection is not followed */
		return v_unknown();
	default:
		break;
	}
	if (strcmp(name, "count") == 0 || strcmp(name, "length") == 0)
		return v_int(of->kind != V_NULL);
	if (of->kind == V_OBJECT && of->object->class != &class_custom && session_goes_on(s))
		session_unsupported(s, of->object->class->name, name);
	return v;
}

void member_set(struct session *s, const struct value *of, const struct string *as, const struct value *v)
{
	const char *name = lower(s, as);

	if (of->kind == V_TABLE) {
		table_set(of->table, as, *v);
	} else if (of->kind == V_OBJECT) {
		if (of->object->class->set != NULL && of->object->class->set(s, of->object, name, v))
			return;
		if (of->object->properties == NULL)
			of->object->properties = table_new(s->host->heap);
		table_set(of->object->properties, as, *v);
	} else if (of->kind != V_UNKNOWN) {
		session_throw(s, "powershell.property", name);
	}
}

/* What each value answers. */
static bool any_call(struct session *s, const struct value *of, const char *name, const struct list *args, struct value *ret)
{
	if (strcmp(name, "tostring") == 0) {
		*ret = v_string(args->count != 0 ? format_value(s, of, value_utf8(s, &args->at[0])) : value_string(s, of));
	} else if (strcmp(name, "gettype") == 0) {
		*ret = (struct value){ V_TYPE, { .type = value_type(of) } };
	} else if (strcmp(name, "equals") == 0 && args->count == 1) {
		*ret = v_bool(operator_equal(s, of, &args->at[0], false));
	} else if (strcmp(name, "compareto") == 0 && args->count == 1) {
		*ret = v_int(operator_order(s, of, &args->at[0], false));
	} else if (strcmp(name, "gethashcode") == 0) {
		*ret = v_unknown();
	} else {
		return false;
	}
	return true;
}

static bool block_method(struct session *s, const struct value *of, const char *name, const struct list *args, struct value *ret)
{
	struct list *kept = s->out;

	if (strcmp(name, "getnewclosure") == 0) {
		*ret = *of;
		return true;
	}
	if (strcmp(name, "invoke") != 0 && strcmp(name, "invokereturnasis") != 0)
		return false;
	s->out = list_new(s->host->heap, 4);
	block_call(s, of->block->body, &(struct arguments){ .list = (struct list *)(uintptr_t)args, .named = table_new(s->host->heap) }, true);
	*ret = value_gathered(s->out);
	s->out = kept;
	return true;
}

static bool table_call(struct session *s, struct table *t, const char *name, const struct list *args, struct value *ret)
{
	*ret = v_null();
	if ((strcmp(name, "add") == 0 || strcmp(name, "set_item") == 0) && args->count == 2)
		table_set(t, value_string(s, &args->at[0]), args->at[1]);
	else if ((strcmp(name, "containskey") == 0 || strcmp(name, "contains") == 0) && args->count == 1)
		*ret = v_bool(table_find(t, value_string(s, &args->at[0])) != NULL);
	else if (strcmp(name, "remove") == 0 && args->count == 1)
		(void)table_remove(t, value_string(s, &args->at[0]));
	else if (strcmp(name, "get_item") == 0 && args->count == 1 && table_find(t, value_string(s, &args->at[0])) != NULL)
		*ret = *table_find(t, value_string(s, &args->at[0]));
	else if (strcmp(name, "clear") == 0)
		*t = (struct table){ .heap = t->heap };
	else if (strcmp(name, "getenumerator") == 0) {
		struct list *l = list_new(s->host->heap, t->count);

		for (unsigned i = 0; i < t->count; i++) {
			struct value row = object_custom(s);

			table_put(row.object->properties, "Key", v_string(t->rows[i].key));
			table_put(row.object->properties, "Name", v_string(t->rows[i].key));
			table_put(row.object->properties, "Value", t->rows[i].value);
			list_add(l, row);
		}
		*ret = v_list(l);
	} else {
		return false;
	}
	return true;
}

static struct value call_inner(struct session *s, const struct value *of, const struct string *as, const struct list *args)
{
	const char *name = lower(s, as);
	struct value v = v_null();
	bool done = false;

	switch (of->kind) {
	case V_NULL:
		session_throw(s, "powershell.null", NULL);
		return v;
	case V_UNKNOWN:
		return *of;
	case V_STRING: done = string_call(s, of->string, name, args, &v); break;
	case V_CHAR: done = false; break;
	case V_LIST: done = list_call(s, of->list, name, args, &v); break;
	case V_TABLE:
		done = table_find(of->table, as) != NULL && table_find(of->table, as)->kind == V_BLOCK
		    ? block_method(s, table_find(of->table, as), "invoke", args, &v) : table_call(s, of->table, name, args, &v);
		break;
	case V_BLOCK: done = block_method(s, of, name, args, &v); break;
	case V_OBJECT:
		/* a property may hold a block or a method */
		if (of->object->properties != NULL && table_find(of->object->properties, as) != NULL &&
		    table_find(of->object->properties, as)->kind == V_BLOCK)
			done = block_method(s, table_find(of->object->properties, as), "invoke", args, &v);
		else
			done = of->object->class->call != NULL && of->object->class->call(s, of->object, name, args, &v);
		break;
	case V_TYPE:
		if (strcmp(name, "tostring") != 0)
			return v_unknown();
		break;
	default: break;
	}
	if (!done && session_goes_on(s) && !any_call(s, of, name, args, &v)) {
		/* a list without it asks each of its elements */
		if (of->kind == V_LIST) {
			struct list *all = list_new(s->host->heap, of->list->count);

			for (unsigned i = 0; i < of->list->count && session_goes_on(s); i++)
				list_add(all, member_call(s, &of->list->at[i], as, args));
			return value_gathered(all);
		}
		session_unsupported(s, heap_print(s->host->heap, "%s.%.60s", value_type(of), name), "");
	}
	return v;
}

struct value member_call(struct session *s, const struct value *of, const struct string *as, const struct list *args)
{
	struct value v = v_null();

	if (host_enter(s->host)) {
		v = call_inner(s, of, as, args);
		host_leave(s->host);
	}
	return v;
}

static struct value at(struct session *s, const struct value *of, int64_t i)
{
	int64_t count = of->kind == V_STRING ? of->string->len : of->list->count;

	i = i < 0 ? i + count : i;
	if (i < 0 || i >= count)
		return v_null();
	return of->kind == V_STRING ? v_number(V_CHAR, of->string->at[i]) : of->list->at[i];
}

struct value index_get(struct session *s, const struct value *of, const struct value *index)
{
	struct list *many, *all;
	struct value one;

	if (of->kind == V_UNKNOWN || index->kind == V_UNKNOWN)
		return v_unknown();
	if (of->kind == V_TABLE) {
		const struct value *v = table_find(of->table, value_string(s, index));

		return v != NULL ? *v : v_null();
	}
	if (of->kind == V_NULL) {
		session_throw(s, "powershell.index_null", NULL);
		return v_null();
	}
	if (of->kind == V_OBJECT && index->kind == V_STRING)
		return member_get(s, of, index->string);
	one = of->kind == V_STRING || of->kind == V_LIST ? *of : v_list(value_list(s, of));
	if (index->kind != V_LIST)
		return at(s, &one, value_int(s, index));
	many = index->list;
	all = list_new(s->host->heap, many->count);
	for (unsigned i = 0; i < many->count && host_step(s->host); i++) {
		struct value v = at(s, &one, value_int(s, &many->at[i]));

		if (v.kind != V_NULL)
			list_add(all, v);
	}
	return v_list(all);
}

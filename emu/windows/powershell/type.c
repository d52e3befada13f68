/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Type names, casts, and which values are of a type. about_Type_Accelerators, about_Type_Conversion. */
#include "emu/windows/powershell/session.h"

#include <math.h>
#include <string.h>

const char *type_name(struct session *s, const struct string *as)
{
	static const struct { const char *brief, *whole; } other[] = {
		{ "int", "int32" }, { "long", "int64" }, { "short", "int16" }, { "float", "single" }, { "bool", "boolean" },
		{ "management.automation.scriptblock", "scriptblock" }, { "management.automation.psobject", "psobject" },
		{ "text.regularexpressions.regex", "regex" }, { "collections.hashtable", "hashtable" },
		{ "collections.specialized.ordereddictionary", "ordered" }, { "management.automation.pscustomobject", "pscustomobject" },
		{ "management.automation.switchparameter", "switch" }, { "net.ipaddress", "ipaddress" }, { "array", "object[]" },
	};
	char *name = string_to_utf8(s->host->heap, as), *generic;

	for (char *c = name; *c != 0; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	if (strncmp(name, "system.", 7) == 0)
		name += 7;
	/* List`1[string] and List[string] are lists of anything here */
	if (strncmp(name, "collections.generic.list", 24) == 0)
		return "collections.arraylist";
	if (strncmp(name, "collections.generic.dictionary", 30) == 0)
		return "hashtable";
	if ((generic = strchr(name, ',')) != NULL)
		*generic = 0; /* the assembly */
	for (size_t i = 0; i < COUNT_OF(other); i++)
		if (strcmp(other[i].brief, name) == 0)
			return other[i].whole;
	return name;
}

bool type_is(const struct value *v, const char *type)
{
	static const struct { const char *name; enum value_kind kind; } plain[] = {
		{ "string", V_STRING }, { "int32", V_INT }, { "int64", V_LONG }, { "double", V_DOUBLE }, { "boolean", V_BOOL },
		{ "char", V_CHAR }, { "byte", V_BYTE }, { "hashtable", V_TABLE }, { "scriptblock", V_BLOCK },
	};

	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (strcmp(plain[i].name, type) == 0)
			return v->kind == plain[i].kind;
	if (strcmp(type, "object") == 0)
		return v->kind != V_NULL;
	if (strcmp(type, "object[]") == 0)
		return v->kind == V_LIST;
	if (strcmp(type, "byte[]") == 0 || strcmp(type, "char[]") == 0)
		return v->kind == V_LIST && v->list->of == (*type == 'b' ? V_BYTE : V_CHAR);
	return v->kind == V_OBJECT && strlen(v->object->class->name) > 7 && strcasecmp(v->object->class->name + 7, type) == 0;
}

static struct value to_char(struct session *s, const struct value *v)
{
	struct value n;

	if (v->kind == V_CHAR)
		return *v;
	if (v->kind == V_STRING && v->string->len == 1)
		return v_number(V_CHAR, v->string->at[0]);
	/* a longer string is no char, though it may be a number */
	if (v->kind == V_STRING || !value_number(s, v, &n) || value_int(s, &n) < 0 || value_int(s, &n) > 0xffff) {
		session_throw(s, "powershell.cast", NULL);
		return v_null();
	}
	return v_number(V_CHAR, value_int(s, &n));
}

static struct value to_number(struct session *s, const struct value *v, enum value_kind kind, int64_t min, int64_t max)
{
	struct value n;
	int64_t r;

	if (v->kind == V_CHAR)
		return v_number(kind, v->number);
	if (!value_number(s, v, &n) || (n.kind == V_DOUBLE && !(fabs(n.real) < 9e18))) {
		session_throw(s, "powershell.cast", NULL);
		return v_null();
	}
	r = value_int(s, &n);
	if (r < min || r > max) {
		session_throw(s, "powershell.cast", NULL);
		return v_null();
	}
	return v_number(kind, r);
}

/* Each element cast: "byte[]" of a list, of one value, of a string's units for "char[]". */
static struct value to_list(struct session *s, const struct value *v, const char *of)
{
	struct list *from = value_list(s, v), *l;
	struct value one;

	if (v->kind == V_STRING && strcmp(of, "char") == 0) {
		(void)string_call(s, v->string, "tochararray", list_new(s->host->heap, 0), &one);
		return one;
	}
	if (v->kind == V_LIST && ((v->list->of == V_BYTE && strcmp(of, "byte") == 0) || (v->list->of == V_CHAR && strcmp(of, "char") == 0)))
		return *v;
	l = list_new(s->host->heap, from->count);
	l->foreign = from->foreign;
	l->of = strcmp(of, "byte") == 0 ? V_BYTE : strcmp(of, "char") == 0 ? V_CHAR : strcmp(of, "string") == 0 ? V_STRING
	    : strcmp(of, "int32") == 0 ? V_INT : V_NULL;
	for (unsigned i = 0; i < from->count && session_goes_on(s); i++)
		list_add(l, strcmp(of, "object") == 0 ? from->at[i] : type_cast(s, of, &from->at[i]));
	return v_list(l);
}

static struct value to_block(struct session *s, const struct value *v)
{
	struct block *b;
	size_t wrong;

	if (value_is_foreign(v))
		return v_unknown();
	b = heap_take(s->host->heap, sizeof(*b));
	b->text = value_string(s, v);
	b->body = powershell_parse(s->host, b->text, &wrong);
	if (b->body == NULL) {
		session_throw(s, "powershell.parse", NULL);
		return v_null();
	}
	return (struct value){ V_BLOCK, { .block = b } };
}

static struct value to_object(struct session *s, const struct value *v)
{
	struct value o;

	if (v->kind != V_TABLE)
		return *v;
	o = object_custom(s);
	for (unsigned i = 0; i < v->table->count; i++)
		table_set(o.object->properties, v->table->rows[i].key, v->table->rows[i].value);
	return o;
}

static const struct number_type { const char *name; enum value_kind kind; int64_t min, max; } numbers[] = {
	{ "int32", V_INT, INT32_MIN, INT32_MAX }, { "byte", V_BYTE, 0, 255 }, { "int64", V_LONG, INT64_MIN, INT64_MAX },
	{ "int16", V_INT, INT16_MIN, INT16_MAX }, { "uint16", V_INT, 0, UINT16_MAX }, { "uint32", V_LONG, 0, UINT32_MAX },
	{ "sbyte", V_INT, INT8_MIN, INT8_MAX }, { "uint64", V_LONG, 0, INT64_MAX }, { "intptr", V_LONG, INT64_MIN, INT64_MAX },
};

struct value type_cast(struct session *s, const char *type, const struct value *v)
{
	size_t len = strlen(type);
	struct value made = v_null(), n;

	if (v->kind == V_UNKNOWN)
		return *v;
	if (strcmp(type, "string") == 0)
		return v_string(value_string(s, v));
	if (strcmp(type, "char") == 0)
		return v->kind == V_LIST ? to_list(s, v, type) : to_char(s, v);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (strcmp(numbers[i].name, type) == 0)
			return to_number(s, v, numbers[i].kind, numbers[i].min, numbers[i].max);
	if (strcmp(type, "double") == 0 || strcmp(type, "single") == 0 || strcmp(type, "decimal") == 0) {
		if (value_number(s, v, &n))
			return n.kind == V_DOUBLE ? n : v_double((double)n.number);
		session_throw(s, "powershell.cast", NULL);
		return v_null();
	}
	if (strcmp(type, "boolean") == 0 || strcmp(type, "switch") == 0)
		return v_bool(value_truth(v));
	if (strcmp(type, "void") == 0)
		return v_null();
	if (strcmp(type, "scriptblock") == 0)
		return v->kind == V_BLOCK ? *v : to_block(s, v);
	if (strcmp(type, "pscustomobject") == 0 || strcmp(type, "psobject") == 0)
		return to_object(s, v);
	if (len > 2 && strcmp(type + len - 2, "[]") == 0)
		return to_list(s, v, heap_text(s->host->heap, bytes_of(type, len - 2)));
	if (strcmp(type, "hashtable") == 0 || strcmp(type, "ordered") == 0 || strcmp(type, "object") == 0 || strcmp(type, "regex") == 0 ||
	    strcmp(type, "ipaddress") == 0 || strcmp(type, "uri") == 0 || strcmp(type, "net.securityprotocoltype") == 0 ||
	    strcmp(type, "guid") == 0 || strcmp(type, "version") == 0 || strcmp(type, "datetime") == 0 || strcmp(type, "xml") == 0)
		return *v;
	if (strcmp(type, "type") == 0)
		return (struct value){ V_TYPE, { .type = type_name(s, value_string(s, v)) } };
	if (strcmp(type, "collections.arraylist") == 0) {
		made = to_list(s, v, "object");
		made.list->grows = true;
		return made;
	}
	/* what has a constructor of one value is made by it */
	{
		struct list *args = list_new(s->host->heap, 1);

		list_add(args, *v);
		if (type_new(s, type, args, &made) || !session_goes_on(s))
			return made;
	}
	session_unsupported(s, "cast", type);
	return v_null();
}

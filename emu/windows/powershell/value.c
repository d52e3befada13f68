/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making values, and turning one kind into another as PowerShell does: about_Type_Conversion. */
#include "emu/windows/powershell/value.h"
#include "emu/windows/powershell/session.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_FEW = 32 /* rows that are looked through one by one */ };

struct list *list_new(struct heap *heap, unsigned room)
{
	struct list *l = heap_take(heap, sizeof(*l));

	l->heap = heap;
	l->room = room < LIST_MAX ? room : LIST_MAX;
	l->at = heap_take(heap, (l->room + 1) * sizeof(*l->at));
	return l;
}

void list_add(struct list *l, struct value v)
{
	if (l->count == LIST_MAX) {
		heap_fill(l->heap);
		return;
	}
	if (l->count >= l->room) {
		unsigned room = 2 * l->room + 8;
		struct value *more = heap_take(l->heap, room * sizeof(*more));

		if (l->count != 0)
			memcpy(more, l->at, l->count * sizeof(*more));
		l->at = more;
		l->room = room;
	}
	l->at[l->count++] = v;
}

static uint32_t hash_of(const struct string *s)
{
	uint32_t h = 2166136261u;

	for (uint32_t i = 0; i < s->len; i++)
		h = (h ^ (s->at[i] >= 'A' && s->at[i] <= 'Z' ? s->at[i] + 32u : s->at[i])) * 16777619u;
	return h;
}

struct table *table_new(struct heap *heap)
{
	struct table *t = heap_take(heap, sizeof(*t));

	t->heap = heap;
	return t;
}

/* Where a hash's rows are looked for: row numbers and one, a gap ends them. */
static void table_place(struct table *t, unsigned row)
{
	uint32_t at = t->rows[row].hash & (t->places_count - 1);

	while (t->places[at] != 0)
		at = (at + 1) & (t->places_count - 1);
	t->places[at] = row + 1;
}

static void table_order(struct table *t)
{
	if (t->places_count < 2 * t->room) {
		for (t->places_count = TABLE_FEW; t->places_count < 2 * t->room; t->places_count *= 2)
			;
		t->places = heap_take(t->heap, t->places_count * sizeof(*t->places));
	}
	memset(t->places, 0, t->places_count * sizeof(*t->places));
	for (unsigned i = 0; i < t->count; i++)
		table_place(t, i);
}

struct value *table_find(const struct table *t, const struct string *key)
{
	uint32_t hash = hash_of(key), at;

	if (t->places == NULL) {
		for (unsigned i = 0; i < t->count; i++)
			if (t->rows[i].hash == hash && string_compare(t->rows[i].key, key, true) == 0)
				return &t->rows[i].value;
		return NULL;
	}
	for (at = hash & (t->places_count - 1); t->places[at] != 0; at = (at + 1) & (t->places_count - 1)) {
		struct row *row = &t->rows[t->places[at] - 1];

		if (row->hash == hash && string_compare(row->key, key, true) == 0)
			return &row->value;
	}
	return NULL;
}

struct value *table_at(const struct table *t, const char *key)
{
	uint16_t units[128];
	struct string s = { units, 0, false };

	for (; key[s.len] != 0 && s.len < COUNT_OF(units); s.len++)
		units[s.len] = (uint8_t)key[s.len];
	return table_find(t, &s);
}

void table_set(struct table *t, const struct string *key, struct value v)
{
	struct value *found = table_find(t, key);

	if (found != NULL) {
		*found = v;
		return;
	}
	if (t->count == t->room) {
		unsigned room = 2 * t->room + 8;
		struct row *more = heap_take(t->heap, room * sizeof(*more));

		if (room > LIST_MAX) {
			heap_fill(t->heap);
			return;
		}
		if (t->count != 0)
			memcpy(more, t->rows, t->count * sizeof(*more));
		t->rows = more;
		t->room = room;
	}
	t->rows[t->count++] = (struct row){ key, hash_of(key), v };
	if (t->count > TABLE_FEW && t->places_count < 2 * t->room)
		table_order(t);
	else if (t->places != NULL)
		table_place(t, t->count - 1);
}

void table_put(struct table *t, const char *key, struct value v)
{
	table_set(t, string_text(t->heap, key), v);
}

bool table_remove(struct table *t, const struct string *key)
{
	struct value *found = table_find(t, key);
	unsigned i;

	if (found == NULL)
		return false;
	for (i = 0; &t->rows[i].value != found; i++)
		;
	memmove(&t->rows[i], &t->rows[i + 1], (t->count - i - 1) * sizeof(*t->rows));
	t->count--;
	if (t->places != NULL)
		table_order(t);
	return true;
}

struct value v_null(void)
{
	return (struct value){ V_NULL, { 0 } };
}

struct value v_bool(bool b)
{
	return (struct value){ V_BOOL, { .truth = b } };
}

struct value v_number(enum value_kind kind, int64_t n)
{
	return (struct value){ kind, { .number = n } };
}

struct value v_int(int64_t n)
{
	return v_number(n >= INT32_MIN && n <= INT32_MAX ? V_INT : V_LONG, n);
}

struct value v_double(double d)
{
	return (struct value){ V_DOUBLE, { .real = d } };
}

struct value v_string(const struct string *s)
{
	return (struct value){ V_STRING, { .string = s } };
}

struct value v_text(struct heap *heap, const char *text)
{
	return v_string(string_text(heap, text));
}

struct value v_list(struct list *l)
{
	return (struct value){ V_LIST, { .list = l } };
}

struct value v_bytes(struct heap *heap, struct bytes b)
{
	struct list *l = list_new(heap, (unsigned)(b.left < LIST_MAX ? b.left : LIST_MAX));

	l->of = V_BYTE;
	for (size_t i = 0; i < b.left && l->count < LIST_MAX; i++)
		l->at[l->count++] = v_number(V_BYTE, b.at[i]);
	if (b.left > LIST_MAX)
		heap_fill(heap);
	return v_list(l);
}

struct value v_object(struct heap *heap, const struct class *class, void *state)
{
	struct object *o = heap_take(heap, sizeof(*o));

	*o = (struct object){ class, NULL, state };
	return (struct value){ V_OBJECT, { .object = o } };
}

struct value v_unknown(void)
{
	return (struct value){ V_UNKNOWN, { 0 } };
}

bool value_truth(const struct value *v)
{
	switch (v->kind) {
	case V_NULL: return false;
	case V_BOOL: return v->truth;
	case V_CHAR: case V_BYTE: case V_INT: case V_LONG: return v->number != 0;
	case V_DOUBLE: return v->real != 0;
	case V_STRING: return v->string->len != 0;
	case V_LIST: return v->list->count > 1 || (v->list->count == 1 && v->list->at[0].kind != V_LIST && value_truth(&v->list->at[0]));
	default: return true;
	}
}

static char *real_text(struct heap *heap, double d)
{
	char made[40];
	char *e;

	if (isnan(d))
		return heap_text(heap, bytes_text("NaN"));
	snprintf(made, sizeof(made), "%.15G", d);
	/* .NET writes E+15, and two digits at least as C does */
	e = strchr(made, 'E');
	if (e == NULL && fabs(d) >= 1e15)
		snprintf(made, sizeof(made), "%.0f", d);
	return heap_text(heap, bytes_text(isinf(d) ? (d > 0 ? "\xe2\x88\x9e" : "-\xe2\x88\x9e") : made));
}

static const struct string *list_string(struct session *s, const struct list *l)
{
	const struct value *between = session_variable(s, "OFS");
	struct units u = units_in(s->host->heap);

	if (!host_enter(s->host))
		return string_text(s->host->heap, "");
	for (unsigned i = 0; i < l->count && host_step(s->host); i++) {
		if (i != 0 && between != NULL && between->kind != V_NULL)
			units_add(&u, value_string(s, between));
		else if (i != 0)
			units_put(&u, ' ');
		units_add(&u, value_string(s, &l->at[i]));
	}
	host_leave(s->host);
	u.foreign |= l->foreign;
	return units_string(&u);
}

const struct string *value_string(struct session *s, const struct value *v)
{
	struct heap *heap = s->host->heap;
	struct string *made;
	uint16_t unit;

	switch (v->kind) {
	case V_STRING: return v->string;
	case V_BOOL: return string_text(heap, v->truth ? "True" : "False");
	case V_CHAR:
		unit = (uint16_t)v->number;
		return string_of(heap, &unit, 1);
	case V_BYTE: case V_INT: case V_LONG:
		return string_text(heap, heap_print(heap, "%lld", (long long)v->number));
	case V_DOUBLE: return string_text(heap, real_text(heap, v->real));
	case V_LIST: return list_string(s, v->list);
	case V_BLOCK: return block_text(v->block);
	case V_TYPE: return string_text(heap, v->type);
	case V_TABLE: return string_text(heap, "System.Collections.Hashtable");
	case V_OBJECT: return object_string(s, v->object);
	case V_UNKNOWN:
		made = string_text(heap, "");
		made->foreign = true;
		return made;
	default: return string_text(heap, "");
	}
}

char *value_utf8(struct session *s, const struct value *v)
{
	return string_to_utf8(s->host->heap, value_string(s, v));
}

bool value_is_number(const struct value *v)
{
	return v->kind == V_BYTE || v->kind == V_INT || v->kind == V_LONG || v->kind == V_DOUBLE;
}

/* A number as it is written: decimal, 0x…, with blanks around. */
static bool number_read(const char *text, struct value *ret)
{
	char *end;
	long long n;
	double d;

	while (*text == ' ' || *text == '\t')
		text++;
	if (*text == 0) {
		*ret = v_int(0);
		return true;
	}
	n = strtoll(text, &end, strncasecmp(text + (*text == '-'), "0x", 2) == 0 ? 16 : 10);
	end += strspn(end, " \t\r\n");
	if (*end == 0) {
		*ret = v_int(n);
		return true;
	}
	d = strtod(text, &end);
	end += strspn(end, " \t\r\n");
	if (*end != 0 || strpbrk(text, "xXpPnN") != NULL)
		return false;
	*ret = v_double(d);
	return true;
}

bool value_number(struct session *s, const struct value *v, struct value *ret)
{
	switch (v->kind) {
	case V_NULL: *ret = v_int(0); return true;
	case V_BOOL: *ret = v_int(v->truth); return true;
	case V_CHAR: case V_BYTE: case V_INT: *ret = v_int(v->number); return true;
	case V_LONG: *ret = v_number(V_LONG, v->number); return true;
	case V_DOUBLE: *ret = *v; return true;
	case V_STRING: return number_read(string_to_utf8(s->host->heap, v->string), ret);
	case V_LIST: return v->list->count == 1 && v->list->at[0].kind != V_LIST && value_number(s, &v->list->at[0], ret);
	default: return false;
	}
}

int64_t value_int(struct session *s, const struct value *v)
{
	struct value n;

	if (!value_number(s, v, &n))
		return 0;
	if (n.kind != V_DOUBLE)
		return n.number;
	return fabs(n.real) < 9e18 ? llrint(n.real) : 0; /* halves go to the even one */
}

struct bytes value_bytes(struct session *s, const struct value *v)
{
	struct text t = text_in(s->host->heap);
	struct list *l = value_list(s, v);

	for (unsigned i = 0; i < l->count && host_step(s->host); i++)
		text_put(&t, (char)value_int(s, &l->at[i]));
	return text_bytes(&t);
}

bool value_is_foreign(const struct value *v)
{
	return v->kind == V_UNKNOWN || (v->kind == V_STRING && v->string->foreign) || (v->kind == V_LIST && v->list->foreign) ||
	    (v->kind == V_LIST && v->list->count != 0 && v->list->at[0].kind != V_LIST && value_is_foreign(&v->list->at[0]));
}

struct list *value_list(struct session *s, const struct value *v)
{
	struct list *l;

	if (v->kind == V_LIST)
		return v->list;
	l = list_new(s->host->heap, 1);
	if (v->kind != V_NULL)
		list_add(l, *v);
	return l;
}

const char *value_type(const struct value *v)
{
	switch (v->kind) {
	case V_BOOL: return "Boolean";
	case V_CHAR: return "Char";
	case V_BYTE: return "Byte";
	case V_INT: return "Int32";
	case V_LONG: return "Int64";
	case V_DOUBLE: return "Double";
	case V_STRING: return "String";
	case V_LIST: return v->list->grows ? "ArrayList" : v->list->of == V_BYTE ? "Byte[]" : v->list->of == V_CHAR ? "Char[]" : "Object[]";
	case V_TABLE: return "Hashtable";
	case V_BLOCK: return "ScriptBlock";
	case V_TYPE: return "RuntimeType";
	case V_OBJECT: return v->object->class->name;
	default: return "";
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values and objects: made, copied, refused, thrown. */
#include "emu/expression/class.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct java_value java_int(int64_t i) { return (struct java_value){ .kind = JAVA_INT, .i = (int32_t)i }; }
struct java_value java_long(int64_t i) { return (struct java_value){ .kind = JAVA_LONG, .i = i }; }
struct java_value java_double(double d) { return (struct java_value){ .kind = JAVA_DOUBLE, .d = d }; }
struct java_value java_bool(bool b) { return (struct java_value){ .kind = JAVA_BOOLEAN, .i = b }; }
struct java_value java_null(void) { return (struct java_value){ .kind = JAVA_NULL }; }
struct java_value java_void(void) { return (struct java_value){ .kind = JAVA_VOID }; }
struct java_value java_char(int64_t c) { return (struct java_value){ .kind = JAVA_CHAR, .i = c }; }
struct java_value java_text(const char *s) { return (struct java_value){ .kind = JAVA_STRING, .s = bytes_text(s) }; }
struct java_value java_string(struct bytes s) { return (struct java_value){ .kind = JAVA_STRING, .s = s }; }
struct java_value java_object(struct java_object *o) { return (struct java_value){ .kind = JAVA_OBJECT, .o = o }; }
struct java_value java_number(enum java_kind kind, const struct decimal *n) { return (struct java_value){ .kind = kind, .n = n }; }

void *java_take(struct java_run *run, size_t len)
{
	if (len > RUN_MEMORY_MAX || run->arena->used - run->arena_began > RUN_MEMORY_MAX - len)
		return NULL;
	return arena_take(run->arena, len);
}

struct bytes java_copy(struct java_run *run, struct bytes from)
{
	uint8_t *to = java_take(run, from.left + 1);

	if (to == NULL)
		return (struct bytes){ 0 };
	if (from.left > 0)
		memcpy(to, from.at, from.left);
	return bytes_of(to, from.left);
}

int java_concat(struct java_run *run, struct bytes a, struct bytes b, struct java_value *ret)
{
	uint8_t *to;

	if (a.left + b.left > STRING_MAX)
		return -E2BIG;
	if ((to = java_take(run, a.left + b.left + 1)) == NULL)
		return -E2BIG;
	if (a.left > 0)
		memcpy(to, a.at, a.left);
	if (b.left > 0)
		memcpy(to + a.left, b.at, b.left);
	*ret = java_string(bytes_of(to, a.left + b.left));
	return 0;
}

int java_make(struct java_run *run, enum object_kind kind, const char *type, struct java_object **ret)
{
	struct java_object *o = java_take(run, sizeof(*o));

	if (o == NULL)
		return -E2BIG;
	o->kind = kind;
	o->type = class_of(type);
	*ret = o;
	return 0;
}

int java_append(struct java_run *run, struct java_object *list, struct java_value v)
{
	if (list->count == list->room) {
		unsigned room = list->room == 0 ? 8 : list->room * 2;
		struct java_value *items;

		if (list->count >= ITEMS_MAX || (items = java_take(run, room * sizeof(*items))) == NULL)
			return -E2BIG;
		if (list->count > 0)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->room = room;
	}
	list->items[list->count++] = v;
	return 0;
}

int java_write(struct java_run *run, struct java_object *b, struct bytes text)
{
	if (b->text.left + text.left > STRING_MAX)
		return -E2BIG;
	if (b->text.left + text.left > b->text_room) {
		size_t room = (b->text.left + text.left) * 2 + 32;
		uint8_t *to = java_take(run, room);

		if (to == NULL)
			return -E2BIG;
		if (b->text.left > 0)
			memcpy(to, b->text.at, b->text.left);
		b->text = bytes_of(to, b->text.left);
		b->text_room = room;
	}
	if (text.left > 0)
		memcpy((uint8_t *)(uintptr_t)b->text.at + b->text.left, text.at, text.left);
	b->text.left += text.left;
	return 0;
}

int java_map_find(struct java_run *run, const struct java_object *map, const struct java_value *key)
{
	for (unsigned i = 0; i + 1 < map->count; i += 2) {
		if (java_same(run, &map->items[i], key))
			return (int)i;
	}
	return -1;
}

int java_map_put(struct java_run *run, struct java_object *map, struct java_value key, struct java_value value)
{
	int at = java_map_find(run, map, &key), r;

	if (at >= 0) {
		map->items[at + 1] = value;
		return 0;
	}
	if ((r = java_append(run, map, key)) < 0)
		return r;
	return java_append(run, map, value);
}

int java_open(struct java_run *run, const char *how, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_OPEN, "java.lang.Object", &o);

	if (r < 0)
		return r;
	o->text = bytes_text(how);
	*ret = java_object(o);
	return 0;
}

bool java_is(const struct java_value *v, enum object_kind kind)
{
	return v->kind == JAVA_OBJECT && v->o->kind == kind;
}

bool java_is_open(const struct java_value *v)
{
	return java_is(v, OBJECT_OPEN);
}

int java_throw(struct java_run *run, const char *type, const char *message)
{
	struct java_object *o;

	if (java_make(run, OBJECT_THROWABLE, "java.lang.Exception", &o) < 0)
		return -E2BIG;
	o->type = class_named(run, bytes_text(type));
	o->text = java_copy(run, bytes_text(message));
	run->thrown = java_object(o);
	return -EDOM;
}

int java_refuse(struct java_run *run, const char *what, struct bytes name)
{
	char *to = run->outcome->refused;

	if (to[0] == '\0')
		snprintf(to, sizeof(run->outcome->refused), "%s%s%.*s", what, name.left > 0 ? " " : "", (int)(name.left < 40 ? name.left : 40),
		         name.left > 0 ? (const char *)name.at : "");
	return -ENOTSUP;
}

int java_step(struct java_run *run)
{
	return ++run->steps > STEPS_MAX ? -E2BIG : 0;
}

bool java_is_number(const struct java_value *v)
{
	return v->kind >= JAVA_BYTE && v->kind <= JAVA_DECIMAL;
}

bool java_is_whole(const struct java_value *v)
{
	return v->kind >= JAVA_BYTE && v->kind <= JAVA_BIG;
}

const struct java_class *java_type(const struct java_value *v)
{
	static const char *const names[] = {
		[JAVA_NULL] = "java.lang.Object", [JAVA_VOID] = "java.lang.Object", [JAVA_BOOLEAN] = "java.lang.Boolean", [JAVA_CHAR] = "java.lang.Character",
		[JAVA_BYTE] = "java.lang.Byte", [JAVA_SHORT] = "java.lang.Short", [JAVA_INT] = "java.lang.Integer", [JAVA_LONG] = "java.lang.Long",
		[JAVA_BIG] = "java.math.BigInteger", [JAVA_FLOAT] = "java.lang.Float", [JAVA_DOUBLE] = "java.lang.Double",
		[JAVA_DECIMAL] = "java.math.BigDecimal", [JAVA_STRING] = "java.lang.String",
	};

	return v->kind == JAVA_OBJECT ? v->o->type : class_of(names[v->kind]);
}

/* equals(): numbers of other classes differ, lists by their items. */
static bool same_numbers(const struct java_value *a, const struct java_value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == JAVA_BIG || a->kind == JAVA_DECIMAL)
		return a->n->scale == b->n->scale && decimal_compare(a->n, b->n) == 0;
	return a->kind == JAVA_FLOAT || a->kind == JAVA_DOUBLE ? a->d == b->d : a->i == b->i;
}

bool java_same(struct java_run *run, const struct java_value *a, const struct java_value *b)
{
	if (a->kind == JAVA_STRING && b->kind == JAVA_STRING)
		return bytes_equal(a->s, b->s);
	if (a->kind <= JAVA_VOID || b->kind <= JAVA_VOID)
		return a->kind <= JAVA_VOID && b->kind <= JAVA_VOID;
	if (a->kind != JAVA_OBJECT && b->kind != JAVA_OBJECT && a->kind != JAVA_STRING && b->kind != JAVA_STRING)
		return same_numbers(a, b);
	if (a->kind != JAVA_OBJECT || b->kind != JAVA_OBJECT)
		return false;
	if (a->o == b->o)
		return true;
	if (a->o->kind != b->o->kind)
		return false;
	if (a->o->kind == OBJECT_CLASS)
		return strcmp(a->o->of->name, b->o->of->name) == 0;
	if (a->o->kind == OBJECT_TEXT)
		return bytes_equal(a->o->text, b->o->text);
	if (a->o->kind != OBJECT_LIST && a->o->kind != OBJECT_MAP)
		return false;
	if (a->o->count != b->o->count || run->calls >= CALLS_MAX)
		return false;
	run->calls++;
	for (unsigned i = 0; i < a->o->count; i++) {
		if (java_step(run) < 0 || !java_same(run, &a->o->items[i], &b->o->items[i])) {
			run->calls--;
			return false;
		}
	}
	run->calls--;
	return true;
}

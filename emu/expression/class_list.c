/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists, sets, arrays, iterators, maps and their entries; Arrays, Collections. */
#include "emu/expression/class.h"

#include <errno.h>
#include <string.h>

METHOD(list_new)
{
	struct java_object *o;
	struct java_value *items;
	unsigned n;
	int r = java_make(run, OBJECT_LIST, m->type, &o);

	if (r == 0 && count == 1 && args[0].kind == JAVA_OBJECT && (r = java_items_of(run, &args[0], &items, &n)) == 0) {
		for (unsigned i = 0; i < n && r == 0; i++)
			r = java_append(run, o, items[i]);
	}
	*ret = java_object(o);
	return r;
}

static int position(struct java_run *run, const struct java_object *o, const struct java_value *v)
{
	for (unsigned i = 0; i < o->count; i++) {
		if (java_same(run, &o->items[i], v))
			return (int)i;
	}
	return -1;
}

METHOD(add)
{
	struct java_object *o = self->o;
	int r;

	*ret = java_bool(true);
	if (count == 2) { /* add(index, item) */
		int64_t at = java_to_long(&args[0]);

		if (at < 0 || at > o->count)
			return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
		if ((r = java_append(run, o, args[1])) < 0)
			return r;
		for (int64_t i = o->count - 1; i > at; i--)
			o->items[i] = o->items[i - 1];
		o->items[at] = args[1];
		return 0;
	}
	if (class_is(o->type, "java.util.Set") && position(run, o, &args[0]) >= 0) {
		*ret = java_bool(false);
		return 0;
	}
	return java_append(run, o, args[0]);
}

METHOD(add_all)
{
	struct java_value *items;
	unsigned n;
	int r = java_items_of(run, &args[0], &items, &n);

	for (unsigned i = 0; i < n && r == 0; i++)
		r = java_append(run, self->o, items[i]);
	*ret = java_bool(n > 0);
	return r;
}

METHOD(get)
{
	int64_t at = m->variant == 1 ? 0 : m->variant == 2 ? (int64_t)self->o->count - 1 : java_to_long(&args[0]);
	struct java_value index = java_int(at);

	if (self->o->of != NULL && self->o->text.left > 0)
		return java_index_get(run, self, &index, ret);
	if (at < 0 || at >= self->o->count)
		return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
	*ret = self->o->items[at];
	return 0;
}

METHOD(set)
{
	int64_t at = java_to_long(&args[0]);

	if (at < 0 || at >= self->o->count)
		return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
	*ret = self->o->items[at];
	self->o->items[at] = args[1];
	return 0;
}

METHOD(removed)
{
	int64_t at = java_is_number(&args[0]) ? java_to_long(&args[0]) : position(run, self->o, &args[0]);

	*ret = java_bool(at >= 0);
	if (at < 0 || at >= self->o->count)
		return 0;
	if (java_is_number(&args[0]))
		*ret = self->o->items[at];
	for (int64_t i = at; i + 1 < self->o->count; i++)
		self->o->items[i] = self->o->items[i + 1];
	self->o->count--;
	return 0;
}

METHOD(size)
{
	*ret = m->variant == 1 ? java_bool(self->o->count == 0) : java_int(self->o->kind == OBJECT_MAP ? self->o->count / 2 : self->o->count);
	return 0;
}

METHOD(clear)
{
	self->o->count = 0;
	return 0;
}

METHOD(find)
{
	int at = position(run, self->o, &args[0]);

	*ret = m->variant == 1 ? java_int(at) : java_bool(at >= 0);
	return 0;
}

METHOD(same)
{
	*ret = *self;
	return 0;
}

METHOD(to_array)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o);

	for (unsigned i = 0; i < self->o->count && r == 0; i++)
		r = java_append(run, o, self->o->items[i]);
	*ret = java_object(o);
	return r;
}

METHOD(iterator)
{
	struct java_object *o;
	struct java_value *items;
	unsigned n;
	int r = java_items_of(run, self, &items, &n);

	if (r < 0 || (r = java_make(run, OBJECT_ITERATOR, "java.util.Iterator", &o)) < 0)
		return r;
	o->items = items;
	o->count = n;
	*ret = java_object(o);
	return 0;
}

METHOD(next)
{
	struct java_object *o = self->o;

	if (m->variant == 1) {
		*ret = java_bool(o->at < o->count);
		return 0;
	}
	if (o->at >= o->count)
		return java_throw(run, "java.util.NoSuchElementException", "");
	*ret = o->items[o->at++];
	return 0;
}

/* join(between): Groovy's, JavaScript's, Collectors.joining's */
METHOD(join)
{
	struct java_object *o;
	struct bytes text;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &o);

	for (unsigned i = 0; i < self->o->count && r == 0; i++) {
		if ((i > 0 && (r = java_write(run, o, count > 0 && args[0].kind == JAVA_STRING ? args[0].s : run->dialect == DIALECT_SCRIPT ? bytes_text(",") : (struct bytes){ 0 })) < 0) ||
		    (r = java_to_text(run, &self->o->items[i], &text)) < 0)
			return r;
		r = java_write(run, o, text);
	}
	*ret = java_string(o->text);
	return r;
}

METHOD(sublist)
{
	struct java_object *o;
	int64_t from = args[0].i, to = args[1].i;
	int r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);

	if (from < 0 || to > self->o->count || from > to)
		return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
	for (int64_t i = from; i < to && r == 0; i++)
		r = java_append(run, o, self->o->items[i]);
	*ret = java_object(o);
	return r;
}

/* each, collect, map, filter, findAll … with code */
METHOD(with_code)
{
	struct java_value *items, v;
	struct java_object *o;
	bool truth;
	unsigned n;
	int r = java_items_of(run, self, &items, &n);

	if (args[0].kind == JAVA_STRING) /* a collector that joins */
		return join(run, m, self, args, count, ret);
	if (r < 0 || (r = java_make(run, OBJECT_LIST, "java.util.stream.Stream", &o)) < 0)
		return r;
	for (unsigned i = 0; i < n && r == 0; i++) {
		if ((r = java_code_call(run, &args[0], &items[i], 1, &v)) < 0)
			break;
		if (m->variant == 1)
			r = java_append(run, o, v);
		else if (m->variant == 2 && (r = java_truth(run, &v, &truth)) == 0 && truth)
			r = java_append(run, o, items[i]);
	}
	*ret = m->variant == 0 ? *self : java_object(o);
	return r;
}

METHOD(sum)
{
	struct java_value total = java_int(0), v;
	int r = 0;

	for (unsigned i = 0; i < self->o->count && r == 0; i++) {
		v = total;
		r = java_operate(run, OP_ADD, &v, &self->o->items[i], &total);
	}
	*ret = total;
	return r;
}

METHOD(as_list)
{
	struct java_object *o;
	struct java_value *items = args;
	unsigned n = count;
	int r = java_make(run, OBJECT_LIST, m->variant == 1 ? "java.util.HashSet" : "java.util.ArrayList", &o);

	if (r == 0 && count == 1 && args[0].kind == JAVA_OBJECT && (args[0].o->kind == OBJECT_ARRAY || args[0].o->kind == OBJECT_LIST))
		r = java_items_of(run, &args[0], &items, &n);
	for (unsigned i = 0; i < n && r == 0; i++)
		r = java_append(run, o, items[i]);
	*ret = java_object(o);
	return r;
}

/* Arrays.toString */
METHOD(array_text)
{
	struct java_object *o;
	struct java_value v;
	struct bytes text;
	int r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);

	if (r < 0 || args[0].kind != JAVA_OBJECT)
		return r < 0 ? r : java_throw(run, "java.lang.IllegalArgumentException", "");
	o->items = args[0].o->items;
	o->count = args[0].o->count;
	v = java_object(o);
	if ((r = java_to_text(run, &v, &text)) == 0)
		*ret = java_string(text);
	return r;
}

METHOD(map_new)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_MAP, m->type, &o);

	if (r == 0 && count == 1 && java_is(&args[0], OBJECT_MAP)) {
		for (unsigned i = 0; i < args[0].o->count && r == 0; i++)
			r = java_append(run, o, args[0].o->items[i]);
	}
	*ret = java_object(o);
	return r;
}

METHOD(map_get)
{
	int at = java_map_find(run, self->o, &args[0]);

	*ret = at >= 0 ? self->o->items[at + 1] : count > 1 ? args[1] : java_null();
	if (m->variant == 1)
		*ret = java_bool(at >= 0);
	return 0;
}

METHOD(map_put)
{
	int at = java_map_find(run, self->o, &args[0]);

	*ret = at >= 0 ? self->o->items[at + 1] : java_null();
	return java_map_put(run, self->o, args[0], args[1]);
}

METHOD(map_remove)
{
	int at = java_map_find(run, self->o, &args[0]);

	if (at < 0)
		return 0;
	*ret = self->o->items[at + 1];
	for (unsigned i = (unsigned)at; i + 2 < self->o->count; i++)
		self->o->items[i] = self->o->items[i + 2];
	self->o->count -= 2;
	return 0;
}

METHOD(map_part)
{
	struct java_object *o;
	struct java_value *items;
	unsigned n;
	int r = java_make(run, OBJECT_LIST, m->variant == 2 ? "java.util.LinkedHashSet" : "java.util.ArrayList", &o);

	if (r == 0 && m->variant == 2 && (r = java_items_of(run, self, &items, &n)) == 0) {
		o->items = items;
		o->count = o->room = n;
	}
	for (unsigned i = (unsigned)m->variant; m->variant < 2 && i < self->o->count && r == 0; i += 2)
		r = java_append(run, o, self->o->items[i]);
	*ret = java_object(o);
	return r;
}

METHOD(entry)
{
	*ret = self->o->items[m->variant];
	return 0;
}

static const char col[] = "java.util.Collection", arr[] = "java.lang.Object[]", it[] = "java.util.Iterator", map[] = "java.util.Map", arrays[] = "java.util.Arrays", sets[] = "java.util.Set";
static const struct java_method lists[] = {
	{ "java.util.ArrayList", "new", "*", METHOD_NEW, 0, list_new }, { "java.util.LinkedList", "new", "*", METHOD_NEW, 0, list_new }, { "java.util.Vector", "new", "*", METHOD_NEW, 0, list_new },
	{ "java.util.HashSet", "new", "*", METHOD_NEW, 0, list_new }, { "java.util.LinkedHashSet", "new", "*", METHOD_NEW, 0, list_new }, { "java.util.TreeSet", "new", "*", METHOD_NEW, 0, list_new },
	{ col, "add", "a", METHOD_OPEN, 0, add }, { col, "add", "ia", METHOD_OPEN, 0, add }, { col, "addAll", "o", 0, 0, add_all }, { col, "get", "i", 0, 0, get }, { col, "first", "", 0, 1, get }, { col, "getFirst", "", 0, 1, get },
	{ col, "last", "", 0, 2, get }, { col, "getLast", "", 0, 2, get }, { col, "set", "ia", METHOD_OPEN, 0, set }, { col, "remove", "a", 0, 0, removed }, { col, "size", "", 0, 0, size },
	{ col, "isEmpty", "", 0, 1, size }, { col, "clear", "", 0, 0, clear }, { col, "contains", "a", 0, 0, find }, { col, "indexOf", "a", 0, 1, find }, { col, "toArray", "*", METHOD_OPEN, 0, to_array },
	{ col, "iterator", "", 0, 0, iterator }, { col, "stream", "", 0, 0, same }, { col, "join", "*", 0, 0, join }, { col, "subList", "ii", 0, 0, sublist }, { col, "each", "a", 0, 0, with_code },
	{ col, "forEach", "a", 0, 0, with_code }, { col, "collect", "a", 0, 1, with_code }, { col, "map", "a", 0, 1, with_code }, { col, "findAll", "a", 0, 2, with_code }, { col, "filter", "a", 0, 2, with_code },
	{ col, "sum", "", 0, 0, sum }, { col, "push", "a", METHOD_OPEN, 0, add }, { col, "toList", "", 0, 0, same }, { arr, "get", "i", 0, 0, get }, { arr, "size", "", 0, 0, size }, { arr, "clone", "", 0, 0, same },
	{ arr, "each", "a", 0, 0, with_code }, { arr, "collect", "a", 0, 1, with_code }, { arr, "join", "*", 0, 0, join }, { arr, "contains", "a", 0, 0, find }, { arr, "toList", "", 0, 0, same }, { arr, "iterator", "", 0, 0, iterator },
	{ it, "hasNext", "", 0, 1, next }, { it, "next", "", 0, 0, next }, { arrays, "asList", "*", METHOD_STATIC, 0, as_list }, { arrays, "toString", "a", METHOD_STATIC, 0, array_text },
	{ arrays, "stream", "a", METHOD_STATIC, 0, as_list }, { "java.util.List", "of", "*", METHOD_STATIC, 0, as_list }, { "java.util.Collections", "singletonList", "a", METHOD_STATIC, 0, as_list },
	{ "java.util.Collections", "emptyList", "", METHOD_STATIC, 0, as_list }, { "java.util.Collections", "singleton", "a", METHOD_STATIC, 1, as_list }, { sets, "of", "*", METHOD_STATIC, 1, as_list },
};
const struct method_table methods_list = { lists, COUNT_OF(lists) };

static const struct java_method maps[] = {
	{ "java.util.HashMap", "new", "*", METHOD_NEW, 0, map_new }, { "java.util.LinkedHashMap", "new", "*", METHOD_NEW, 0, map_new }, { "java.util.TreeMap", "new", "*", METHOD_NEW, 0, map_new },
	{ "java.util.Hashtable", "new", "*", METHOD_NEW, 0, map_new }, { "java.util.Properties", "new", "*", METHOD_NEW, 0, map_new }, { map, "get", "a", 0, 0, map_get }, { map, "getOrDefault", "aa", 0, 0, map_get },
	{ map, "containsKey", "a", 0, 1, map_get }, { map, "put", "aa", METHOD_OPEN, 0, map_put }, { map, "setProperty", "aa", METHOD_OPEN, 0, map_put }, { map, "remove", "a", 0, 0, map_remove },
	{ map, "keySet", "", 0, 0, map_part }, { map, "values", "", 0, 1, map_part }, { map, "entrySet", "", 0, 2, map_part }, { map, "size", "", 0, 0, size }, { map, "isEmpty", "", 0, 1, size },
	{ map, "clear", "", 0, 0, clear }, { map, "each", "a", 0, 0, with_code }, { "java.util.Map.Entry", "getKey", "", 0, 0, entry }, { "java.util.Map.Entry", "getValue", "", 0, 1, entry },
};
const struct method_table methods_map = { maps, COUNT_OF(maps) };

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members and items of values, read and written: keys of maps, getters of beans, fields of classes, places of lists. */
#include "emu/expression/evaluate.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is(const struct java_run *run, unsigned languages)
{
	return (1u << run->language & languages) != 0;
}

static const struct java_field fields[] = {
	{ "java.lang.Integer", "MAX_VALUE", { JAVA_INT, { .i = INT32_MAX } } }, { "java.lang.Integer", "MIN_VALUE", { JAVA_INT, { .i = INT32_MIN } } },
	{ "java.lang.Long", "MAX_VALUE", { JAVA_LONG, { .i = INT64_MAX } } }, { "java.lang.Long", "MIN_VALUE", { JAVA_LONG, { .i = INT64_MIN } } },
	{ "java.lang.Short", "MAX_VALUE", { JAVA_SHORT, { .i = INT16_MAX } } }, { "java.lang.Byte", "MAX_VALUE", { JAVA_BYTE, { .i = INT8_MAX } } },
	{ "java.lang.Double", "MAX_VALUE", { JAVA_DOUBLE, { .d = 1.7976931348623157e308 } } }, { "java.lang.Double", "NaN", { JAVA_DOUBLE, { .d = NAN } } },
	{ "java.lang.Math", "PI", { JAVA_DOUBLE, { .d = 3.141592653589793 } } }, { "java.lang.Math", "E", { JAVA_DOUBLE, { .d = 2.718281828459045 } } },
	{ "java.lang.Boolean", "TRUE", { JAVA_BOOLEAN, { .i = 1 } } }, { "java.lang.Boolean", "FALSE", { JAVA_BOOLEAN, { .i = 0 } } },
	{ "java.io.File", "separatorChar", { JAVA_CHAR, { .i = '/' } } }, { "java.util.concurrent.TimeUnit", "SECONDS", { JAVA_LONG, { .i = 1000 } } },
	{ "java.util.concurrent.TimeUnit", "MILLISECONDS", { JAVA_LONG, { .i = 1 } } }, { "java.util.concurrent.TimeUnit", "MINUTES", { JAVA_LONG, { .i = 60000 } } },
};

static const struct { const char *type, *name, *value; } texts[] = {
	{ "java.io.File", "separator", "/" }, { "java.io.File", "pathSeparator", ":" }, { "java.nio.charset.StandardCharsets", "UTF_8", "UTF-8" },
	{ "java.nio.charset.StandardCharsets", "US_ASCII", "US-ASCII" }, { "java.nio.charset.StandardCharsets", "ISO_8859_1", "ISO-8859-1" },
};

int java_static_field(struct java_run *run, const struct java_class *c, struct bytes name, struct java_value *ret)
{
	struct java_object *o;
	int r;

	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (strcmp(fields[i].type, c->name) == 0 && bytes_equal(name, bytes_text(fields[i].name))) {
			*ret = fields[i].value;
			return 0;
		}
	}
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (strcmp(texts[i].type, c->name) == 0 && bytes_equal(name, bytes_text(texts[i].name))) {
			*ret = java_text(texts[i].value);
			return 0;
		}
	}
	/* the console is not the page: what goes there is seen by nobody */
	if (strcmp(c->name, "java.lang.System") == 0 && (bytes_equal(name, bytes_text("out")) || bytes_equal(name, bytes_text("err")))) {
		if ((r = java_make(run, OBJECT_BUILDER, "java.io.PrintStream", &o)) == 0)
			*ret = java_object(o);
		return r;
	}
	if (!class_is_known(c))
		return java_open(run, "field", ret);
	return -ENOENT;
}

/* get, is and set before a name that begins with a capital */
static struct bytes accessor(struct java_run *run, const char *prefix, struct bytes name)
{
	size_t len = strlen(prefix);
	uint8_t *to = java_take(run, len + name.left + 1);

	if (to == NULL || name.left == 0)
		return (struct bytes){ 0 };
	memcpy(to, prefix, len);
	memcpy(to + len, name.at, name.left);
	to[len] = (uint8_t)toupper(to[len]);
	return bytes_of(to, len + name.left);
}

static int map_property(struct java_run *run, struct java_value *target, struct bytes name, struct java_value *ret)
{
	struct java_value key = java_string(name);
	int at = java_map_find(run, target->o, &key);

	if (at >= 0) {
		*ret = target->o->items[at + 1];
		return 0;
	}
	if (is(run, IN_OGNL) && (bytes_equal(name, bytes_text("size")) || bytes_equal(name, bytes_text("isEmpty")) || bytes_equal(name, bytes_text("keys")) || bytes_equal(name, bytes_text("values"))))
		return java_method_call(run, target, NULL, bytes_equal(name, bytes_text("keys")) ? bytes_text("keySet") : name, NULL, 0, ret);
	*ret = java_null();
	return bytes_equal(name, bytes_text("class")) || run->soft ? -ENOENT : 0;
}

int java_property_get(struct java_run *run, struct java_value *target, struct bytes name, struct java_value *ret)
{
	static const char *const lengths[] = { "length", "size" };
	struct bytes getter;
	int r;

	if (is(run, IN_FREEMARKER) && target->kind != JAVA_OBJECT)
		return java_throw(run, "freemarker.core.NonHashException", "");
	if (java_is(target, OBJECT_MAP) && (r = map_property(run, target, name, ret)) != -ENOENT)
		return r;
	if (java_is(target, OBJECT_CLASS) && (r = java_static_field(run, target->o->of, name, ret)) != -ENOENT && class_is_known(target->o->of))
		return r;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		if (!bytes_equal(name, bytes_text(lengths[i])) || java_is_open(target))
			continue;
		if (java_is(target, OBJECT_ARRAY) || (java_is(target, OBJECT_LIST) && (is(run, IN_OGNL) || run->dialect == DIALECT_SCRIPT))) {
			*ret = java_int(target->o->count);
			return 0;
		}
		if (target->kind == JAVA_STRING && run->dialect == DIALECT_SCRIPT) {
			*ret = java_int((int64_t)java_text_length(target->s));
			return 0;
		}
	}
	if (bytes_equal(name, bytes_text("class")))
		return java_is(target, OBJECT_CLASS) && run->language == EXPRESSION_JAVA ? (*ret = *target, 0) : java_is(target, OBJECT_CLASS) && target->o->seen ? (*ret = *target, 0) : java_class_value(run, java_is_open(target) ? class_of("java.lang.Object") : java_type(target), ret);
	/* Groovy: a property of a list is that of each item */
	getter = accessor(run, "get", name);
	if (java_is_open(target)) {
		if (java_method_exists(run, class_of("konseki.Context"), false, getter))
			return java_method_call(run, target, NULL, getter, NULL, 0, ret);
		return java_open(run, "property", ret);
	}
	if (!java_method_exists(run, java_type(target), false, getter))
		getter = accessor(run, "is", name);
	if (!java_method_exists(run, java_type(target), false, getter) && is(run, IN_JAVA | IN_FREEMARKER | IN_MVEL))
		getter = name; /* a method as a property: JavaScript's, Groovy's text, MVEL's calls without parentheses */
	if (getter.at != NULL && java_method_exists(run, java_type(target), false, getter))
		return java_method_call(run, target, NULL, getter, NULL, 0, ret);
	if (!class_is_known(java_type(target)) || (java_is(target, OBJECT_CLASS) && !class_is_known(target->o->of)))
		return java_open(run, "property", ret);
	if (is(run, IN_VELOCITY | IN_FREEMARKER)) {
		*ret = java_null();
		return 0;
	}
	return java_throw(run, "java.lang.NoSuchFieldException", "");
}

int java_property_set(struct java_run *run, struct java_value *target, struct bytes name, struct java_value value)
{
	struct java_value unused;
	struct bytes setter;

	if (target->kind <= JAVA_VOID)
		return java_throw(run, "java.lang.NullPointerException", "");
	if (java_is(target, OBJECT_MAP))
		return java_map_put(run, target->o, java_string(name), value);
	if (target->kind == JAVA_OBJECT && target->o->kind == OBJECT_OPEN)
		return 0;
	setter = accessor(run, "set", name);
	if (setter.at == NULL || !java_method_exists(run, java_type(target), false, setter))
		return java_throw(run, "java.lang.NoSuchFieldException", "");
	return java_method_call(run, target, NULL, setter, &value, 1, &unused);
}

static int out_of_bounds(struct java_run *run, struct java_value *ret)
{
	*ret = java_null();
	return is(run, IN_EL | IN_VELOCITY) || run->dialect != DIALECT_JAVA ? 0 : java_throw(run, "java.lang.IndexOutOfBoundsException", "");
}

static int part_of_string(struct java_run *run, struct bytes s, const struct java_value *index, struct java_value *ret)
{
	int64_t at = java_to_long(index), len = (int64_t)java_text_length(s);

	if (java_is(index, OBJECT_LIST)) { /* a range */
		struct java_object *o = index->o;
		int64_t from = o->count > 0 ? o->items[0].i : 0, to = o->count > 0 ? o->items[o->count - 1].i : -1;

		if (from < 0 || to >= len || from > to + 1)
			return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
		*ret = java_string(java_text_cut(s, (size_t)from, (size_t)to + 1));
		return 0;
	}
	if (at < 0 && run->dialect == DIALECT_GROOVY)
		at += len;
	if (at < 0 || at >= len)
		return out_of_bounds(run, ret);
	*ret = is(run, IN_MVEL) ? java_char(java_text_code(s, java_text_at(s, (size_t)at))) : java_string(java_text_cut(s, (size_t)at, (size_t)at + 1));
	return 0;
}

int java_index_get(struct java_run *run, struct java_value *target, const struct java_value *index, struct java_value *ret)
{
	int64_t at;
	int found;

	if (java_is_open(target))
		return index->kind == JAVA_STRING ? java_method_call(run, target, NULL, bytes_text("get"), &(struct java_value){ .kind = JAVA_STRING, .s = index->s }, 1, ret) : java_open(run, "item", ret);
	if (java_is_open(index))
		return java_open(run, "item", ret);
	if (java_is(target, OBJECT_MAP)) {
		found = java_map_find(run, target->o, index);
		*ret = found >= 0 ? target->o->items[found + 1] : java_null();
		return 0;
	}
	if (index->kind == JAVA_STRING && !(is(run, IN_EL) && java_is(target, OBJECT_LIST)))
		return java_property_get(run, target, index->s, ret);
	if (index->kind == JAVA_STRING && java_parse_number(run, index->s, JAVA_INT, 10, ret) == 0)
		return java_index_get(run, target, ret, ret);
	if (target->kind == JAVA_STRING && !is(run, IN_EL | IN_OGNL))
		return part_of_string(run, target->s, index, ret);
	if (target->kind != JAVA_OBJECT || (target->o->kind != OBJECT_LIST && target->o->kind != OBJECT_ARRAY) || (!java_is_number(index) && index->kind != JAVA_CHAR))
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	at = java_to_long(index);
	if (at < 0 && run->dialect == DIALECT_GROOVY)
		at += target->o->count;
	if (target->o->kind == OBJECT_LIST && target->o->of != NULL && target->o->text.left > 0) {
		/* methods of a class in an order that only the victim's machine knows */
		struct java_object *m;
		int r = java_make(run, OBJECT_METHOD, "java.lang.reflect.Method", &m);

		if (r == 0) {
			m->of = target->o->of;
			*ret = java_object(m);
		}
		return r;
	}
	if (at < 0 || at >= target->o->count)
		return out_of_bounds(run, ret);
	*ret = target->o->items[at];
	return 0;
}

int java_index_set(struct java_run *run, struct java_value *target, const struct java_value *index, struct java_value value)
{
	int64_t at = java_is_number(index) ? java_to_long(index) : -1;

	if (java_is(target, OBJECT_MAP))
		return java_map_put(run, target->o, *index, value);
	if (target->kind == JAVA_OBJECT && (target->o->kind == OBJECT_LIST || target->o->kind == OBJECT_ARRAY) && at >= 0 && at < target->o->count) {
		target->o->items[at] = value;
		return 0;
	}
	if (index->kind == JAVA_STRING && target->kind > JAVA_VOID)
		return java_property_set(run, target, index->s, value);
	if (java_is_open(target))
		return 0;
	return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
}

/* A map's pairs as entries. */
static int entries_of(struct java_run *run, const struct java_object *map, struct java_value **ret, unsigned *count)
{
	struct java_value *items = java_take(run, (map->count / 2 + 1) * sizeof(*items));
	int r;

	if (items == NULL)
		return -E2BIG;
	for (unsigned i = 0; i + 1 < map->count; i += 2) {
		struct java_object *e;

		if ((r = java_make(run, OBJECT_PLAIN, "java.util.Map.Entry", &e)) < 0 || (r = java_append(run, e, map->items[i])) < 0 ||
		    (r = java_append(run, e, map->items[i + 1])) < 0)
			return r;
		items[i / 2] = java_object(e);
	}
	*ret = items;
	*count = map->count / 2;
	return 0;
}

int java_items_of(struct java_run *run, const struct java_value *v, struct java_value **ret, unsigned *count)
{
	struct java_value *one;

	*count = 0;
	*ret = NULL;
	if (v->kind <= JAVA_VOID)
		return is(run, IN_OGNL | IN_VELOCITY) || run->dialect != DIALECT_JAVA ? 0 : java_throw(run, "java.lang.NullPointerException", "");
	if (java_is(v, OBJECT_MAP))
		return entries_of(run, v->o, ret, count);
	if (v->kind == JAVA_OBJECT && (v->o->kind == OBJECT_LIST || v->o->kind == OBJECT_ARRAY || v->o->kind == OBJECT_ITERATOR)) {
		*ret = v->o->items + (v->o->kind == OBJECT_ITERATOR ? v->o->at : 0);
		*count = v->o->count - (v->o->kind == OBJECT_ITERATOR ? (unsigned)v->o->at : 0);
		if (v->o->kind == OBJECT_ITERATOR)
			v->o->at = v->o->count;
		return 0;
	}
	if (v->kind == JAVA_STRING && run->dialect != DIALECT_JAVA) {
		size_t len = java_text_length(v->s);

		if (len > ITEMS_MAX || (*ret = java_take(run, (len + 1) * sizeof(**ret))) == NULL)
			return -E2BIG;
		for (size_t i = 0; i < len; i++)
			(*ret)[i] = java_string(java_text_cut(v->s, i, i + 1));
		*count = (unsigned)len;
		return 0;
	}
	/* one thing goes through itself */
	if ((one = java_take(run, sizeof(*one))) == NULL)
		return -E2BIG;
	*one = *v;
	*ret = one;
	*count = 1;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every object has; System, Thread, exceptions; classes as objects and their reflection. */
#include "emu/expression/evaluate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

METHOD(get_class)
{
	return java_class_value(run, java_is_open(self) ? class_of("java.lang.Object") : java_type(self), ret);
}

METHOD(to_string)
{
	struct bytes text;
	int r = java_to_text(run, self, &text);

	*ret = java_string(text);
	return r;
}

METHOD(equals)
{
	*ret = java_bool(java_same(run, self, &args[0]));
	return 0;
}

METHOD(hash)
{
	struct bytes word = java_unknown_word(run, "hash");

	*ret = self->kind == JAVA_INT || self->kind == JAVA_CHAR ? java_int(self->i) : java_int(word.left * 7919 + (word.left > 0 ? word.at[0] : 0));
	return 0;
}

METHOD(nothing)
{
	return 0;
}

/* The victim's settings: the system's name is what its own uname says. */
static int command_text(struct java_run *run, const char *const *words, unsigned count, struct java_value *ret)
{
	struct bytes list[4];
	struct java_value p;
	int r;

	for (unsigned i = 0; i < count; i++)
		list[i] = bytes_text(words[i]);
	if ((r = java_process_start(run, list, count, false, &p)) < 0)
		return r;
	while (p.o->text.left > 0 && p.o->text.at[p.o->text.left - 1] == '\n')
		p.o->text.left--;
	*ret = java_string(p.o->text);
	return 0;
}

METHOD(property)
{
	static const struct { const char *name; const char *words[3]; unsigned count; } asked[] = {
		{ "os.name", { "uname", "-s" }, 2 }, { "os.version", { "uname", "-r" }, 2 }, { "os.arch", { "uname", "-m" }, 2 },
		{ "user.name", { "id", "-un" }, 2 }, { "user.dir", { "pwd" }, 1 },
	};
	static const struct { const char *name, *value; } fixed[] = {
		{ "file.separator", "/" }, { "path.separator", ":" }, { "line.separator", "\n" }, { "java.io.tmpdir", "/tmp" }, { "file.encoding", "UTF-8" },
	};

	for (size_t i = 0; i < COUNT_OF(asked); i++) {
		if (bytes_equal(args[0].s, bytes_text(asked[i].name)))
			return command_text(run, asked[i].words, asked[i].count, ret);
	}
	for (size_t i = 0; i < COUNT_OF(fixed); i++) {
		if (bytes_equal(args[0].s, bytes_text(fixed[i].name))) {
			*ret = java_text(fixed[i].value);
			return 0;
		}
	}
	if (bytes_equal(args[0].s, bytes_text("java.version"))) {
		run->outcome->asked_java = true;
		*ret = java_text(run->host->old ? "1.8.0" : "17.0");
		return 0;
	}
	return java_open(run, "property", ret);
}

METHOD(environment)
{
	const char *words[2] = { "printenv", NULL };
	char name[128];
	struct java_value p;
	int r;

	if (count == 0 || args[0].s.left >= sizeof(name)) {
		struct java_object *map;

		if ((r = command_text(run, words, 1, &p)) < 0 || (r = java_make(run, OBJECT_MAP, "java.util.HashMap", &map)) < 0)
			return r;
		for (struct bytes rest = p.s; rest.left > 0 && r == 0;) {
			const uint8_t *end = memchr(rest.at, '\n', rest.left);
			struct bytes line = bytes_of(rest.at, end != NULL ? (size_t)(end - rest.at) : rest.left);
			const uint8_t *sign = memchr(line.at, '=', line.left);

			rest = bytes_of(rest.at + line.left + (end != NULL), rest.left - line.left - (end != NULL));
			if (sign != NULL)
				r = java_map_put(run, map, java_string(bytes_of(line.at, (size_t)(sign - line.at))), java_string(bytes_of(sign + 1, line.left - (size_t)(sign - line.at) - 1)));
		}
		*ret = java_object(map);
		return r;
	}
	snprintf(name, sizeof(name), "%.*s", (int)args[0].s.left, (const char *)args[0].s.at);
	words[1] = name;
	return command_text(run, words, 2, ret);
}

METHOD(clock_value)
{
	*ret = java_long(1600000000000 + (int64_t)(run->host->seed % 200000000000));
	return 0;
}

METHOD(thread_sleep)
{
	int64_t ms = args[0].kind == JAVA_LONG || args[0].kind == JAVA_INT ? args[0].i : java_to_long(&args[0]);

	if (self != NULL && self->kind == JAVA_LONG && m->variant == 1)
		ms *= self->i;
	if (ms < 0)
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	if (ms > 86400000)
		ms = 86400000;
	run->outcome->waited_ns += (uint64_t)ms * 1000000;
	java_note_event(run, &(struct event){ .kind = EVENT_SLEEP, .value = (uint64_t)ms * 1000000 });
	return 0;
}

METHOD(victims)
{
	return java_open(run, m->name, ret);
}

METHOD(message)
{
	*ret = self->o->text.left > 0 || m->variant == 1 ? java_string(self->o->text) : java_null();
	return 0;
}

/* Class.forName, loadClass */
METHOD(class_for)
{
	struct bytes name = args[0].s;

	if (name.left == 0 || name.at[0] == '[')
		return java_open(run, "class", ret);
	return java_class_value(run, class_named(run, name), ret);
}

METHOD(class_name)
{
	const char *name = self->o->of->name, *last = strrchr(name, '.');

	*ret = java_text(m->variant == 1 && last != NULL ? last + 1 : name);
	if (m->variant == 2)
		*ret = java_string(last != NULL ? bytes_of(name, (size_t)(last - name)) : bytes_text(""));
	return 0;
}

METHOD(class_new)
{
	return java_method_new(run, self->o->of, args, count, ret);
}

METHOD(class_base)
{
	return java_class_value(run, class_of(self->o->of->base != NULL ? self->o->of->base : "java.lang.Object"), ret);
}

METHOD(instance_of)
{
	*ret = java_bool(args[0].kind > JAVA_VOID && class_is(java_type(&args[0]), self->o->of->name));
	return 0;
}

static int method_value(struct java_run *run, const struct java_class *of, struct bytes name, const char *type, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_METHOD, type, &o);

	if (r < 0)
		return r;
	o->of = of;
	o->text = name;
	*ret = java_object(o);
	return 0;
}

METHOD(get_method)
{
	return method_value(run, self->o->of, args[0].s, "java.lang.reflect.Method", ret);
}

METHOD(get_constructor)
{
	return method_value(run, self->o->of, bytes_text("new"), "java.lang.reflect.Constructor", ret);
}

METHOD(get_field)
{
	return method_value(run, self->o->of, args[0].s, "java.lang.reflect.Field", ret);
}

/* getMethods(): in an order that nobody knows; what is taken out of it is known by how it is called. */
METHOD(get_methods)
{
	struct java_value constructor;
	struct java_object *o;
	int r = java_make(run, OBJECT_LIST, "java.util.ArrayList", &o);

	if (r < 0)
		return r;
	o->of = self->o->of;
	o->text = bytes_text(m->name);
	*ret = java_object(o);
	if (m->variant == 0)
		return 0;
	o->text = (struct bytes){ 0 };
	if ((r = method_value(run, self->o->of, bytes_text("new"), "java.lang.reflect.Constructor", &constructor)) < 0)
		return r;
	return java_append(run, o, constructor);
}

/* The method that can be meant: one that such arguments fit; an attack's are those that reach outside. */
static struct bytes guess(const struct java_method *m, const struct java_class *of, const struct java_value *target, unsigned count)
{
	static const struct { const char *type; bool fixed; unsigned count; const char *name; } likely[] = {
		{ "java.lang.Runtime", true, 0, "getRuntime" }, { "java.lang.Runtime", false, 1, "exec" }, { "java.lang.ProcessBuilder", false, 0, "start" },
		{ "java.lang.Class", true, 1, "forName" }, { "java.lang.System", true, 1, "getProperty" }, { "java.lang.Thread", true, 1, "sleep" },
	};

	for (size_t i = 0; i < COUNT_OF(likely); i++) {
		if (strcmp(likely[i].type, of->name) == 0 && likely[i].count == count &&
		    likely[i].fixed == (target->kind <= JAVA_VOID || java_is(target, OBJECT_CLASS)))
			return bytes_text(likely[i].name);
	}
	return (struct bytes){ 0 };
}

METHOD(method_invoke)
{
	struct java_value list[CALL_ARGUMENTS_MAX], *items = args + 1;
	unsigned n = count - 1;
	struct bytes name = self->o->text;

	/* the arguments may come as one array */
	if (n == 1 && (java_is(&args[1], OBJECT_ARRAY) || (java_is(&args[1], OBJECT_LIST) && run->language != EXPRESSION_JAVA)) &&
	    (args[1].o->of == NULL || strcmp(args[1].o->of->name, "java.lang.Object") == 0 || args[1].o->count == 0)) {
		items = args[1].o->items;
		n = args[1].o->count;
	}
	if (n == 1 && items[0].kind == JAVA_NULL)
		n = 0;
	if (n > CALL_ARGUMENTS_MAX)
		return java_refuse(run, "arguments", name);
	for (unsigned i = 0; i < n; i++)
		list[i] = items[i];
	if (name.left == 0)
		name = guess(m, self->o->of, &args[0], n);
	if (name.left == 0)
		return java_refuse(run, "method by its index", bytes_text(self->o->of->name));
	if (java_method_exists(run, self->o->of, true, name) || args[0].kind <= JAVA_VOID)
		return java_method_call(run, NULL, self->o->of, name, list, n, ret);
	return java_method_call(run, &args[0], NULL, name, list, n, ret);
}

METHOD(constructor_new)
{
	return java_method_new(run, self->o->of, args, count, ret);
}

METHOD(field_get)
{
	return java_static_field(run, self->o->of, self->o->text, ret) == 0 ? 0 : java_open(run, "field", ret);
}

METHOD(method_name)
{
	*ret = java_string(self->o->text.left > 0 ? self->o->text : java_unknown_word(run, "method"));
	return 0;
}

METHOD(array_make)
{
	struct java_object *o;
	int64_t size = java_to_long(&args[1]);
	int r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o);

	if (r < 0)
		return r;
	o->of = java_is(&args[0], OBJECT_CLASS) ? args[0].o->of : class_of("java.lang.Object");
	for (int64_t i = 0; i < size && r == 0; i++)
		r = java_append(run, o, java_null());
	*ret = java_object(o);
	return r;
}

METHOD(array_set)
{
	if (m->variant == 1)
		return java_index_get(run, &args[0], &args[1], ret);
	return java_index_set(run, &args[0], &args[1], args[2]);
}

/* A class made of bytes: its code is a Java machine's, which we do not have. */
METHOD(define)
{
	return java_refuse(run, "bytecode", (struct bytes){ 0 });
}

static const char object[] = "java.lang.Object", sys[] = "java.lang.System", thread[] = "java.lang.Thread", throwable[] = "java.lang.Throwable", unit[] = "java.lang.Long";
static const struct java_method langs[] = {
	{ object, "getClass", "", METHOD_OPEN, 0, get_class }, { object, "toString", "", 0, 0, to_string }, { object, "equals", "a", METHOD_OPEN, 0, equals }, { object, "hashCode", "", 0, 0, hash },
	{ object, "notify", "", 0, 0, nothing }, { sys, "getProperty", "s", METHOD_STATIC, 0, property }, { sys, "getProperty", "sa", METHOD_STATIC, 0, property }, { sys, "getenv", "s", METHOD_STATIC, 0, environment },
	{ sys, "getenv", "", METHOD_STATIC, 0, environment }, { sys, "currentTimeMillis", "", METHOD_STATIC, 0, clock_value }, { sys, "nanoTime", "", METHOD_STATIC, 0, clock_value },
	{ sys, "getProperties", "", METHOD_STATIC, 0, victims }, { sys, "gc", "", METHOD_STATIC, 0, nothing }, { sys, "lineSeparator", "", METHOD_STATIC, 0, nothing },
	{ sys, "setProperty", "aa", METHOD_STATIC, 0, nothing }, { thread, "sleep", "i", METHOD_STATIC, 0, thread_sleep }, { thread, "currentThread", "", METHOD_STATIC, 0, victims },
	{ thread, "new", "*", METHOD_NEW | METHOD_OPEN, 0, victims }, { throwable, "getMessage", "", 0, 0, message }, { throwable, "getLocalizedMessage", "", 0, 0, message },
	{ throwable, "printStackTrace", "*", METHOD_OPEN, 0, nothing }, { throwable, "getCause", "", 0, 0, nothing },
	{ unit, "sleep", "i", 0, 1, thread_sleep },
};
const struct method_table methods_lang = { langs, COUNT_OF(langs) };

static const char cls[] = "java.lang.Class", meth[] = "java.lang.reflect.Method", cons[] = "java.lang.reflect.Constructor", field[] = "java.lang.reflect.Field",
	arr[] = "java.lang.reflect.Array", loader[] = "java.lang.ClassLoader";
static const struct java_method reflects[] = {
	{ cls, "forName", "s", METHOD_STATIC, 0, class_for }, { cls, "forName", "saa", METHOD_STATIC | METHOD_OPEN, 0, class_for }, { cls, "forName", "s", METHOD_OPEN, 0, class_for },
	{ cls, "getName", "", 0, 0, class_name }, { cls, "getTypeName", "", 0, 0, class_name }, { cls, "getCanonicalName", "", 0, 0, class_name }, { cls, "getSimpleName", "", 0, 1, class_name },
	{ cls, "getPackageName", "", 0, 2, class_name }, { cls, "newInstance", "*", 0, 0, class_new }, { cls, "getSuperclass", "", 0, 0, class_base }, { cls, "isInstance", "a", 0, 0, instance_of },
	{ cls, "getMethod", "s*", METHOD_OPEN, 0, get_method }, { cls, "getDeclaredMethod", "s*", METHOD_OPEN, 0, get_method }, { cls, "getConstructor", "*", METHOD_OPEN, 0, get_constructor },
	{ cls, "getDeclaredConstructor", "*", METHOD_OPEN, 0, get_constructor }, { cls, "getField", "s", 0, 0, get_field }, { cls, "getDeclaredField", "s", 0, 0, get_field },
	{ cls, "getMethods", "", 0, 0, get_methods }, { cls, "getDeclaredMethods", "", 0, 0, get_methods }, { cls, "getConstructors", "", 0, 1, get_methods },
	{ cls, "getDeclaredConstructors", "", 0, 1, get_methods }, { cls, "getClassLoader", "", 0, 0, victims }, { cls, "getModule", "", 0, 0, victims }, { cls, "getResource", "a", 0, 0, victims },
	{ cls, "getProtectionDomain", "", 0, 0, victims }, { cls, "getResourceAsStream", "a", 0, 0, victims }, { cls, "getPackage", "", 0, 0, victims },
	{ meth, "invoke", "a*", METHOD_OPEN, 0, method_invoke }, { meth, "setAccessible", "a", 0, 0, nothing }, { meth, "getName", "", 0, 0, method_name }, { field, "setAccessible", "a", 0, 0, nothing },
	{ field, "get", "a", METHOD_OPEN, 0, field_get }, { field, "set", "aa", METHOD_OPEN, 0, nothing }, { cons, "newInstance", "*", 0, 0, constructor_new },
	{ arr, "newInstance", "ai", METHOD_STATIC, 0, array_make }, { arr, "set", "aia", METHOD_STATIC, 0, array_set }, { arr, "get", "ai", METHOD_STATIC, 1, array_set },
	{ loader, "getSystemClassLoader", "", METHOD_STATIC, 0, victims }, { loader, "loadClass", "s", 0, 0, class_for }, { loader, "defineClass", "*", 0, 0, define },
	{ "org.springframework.cglib.core.ReflectUtils", "defineClass", "*", METHOD_STATIC | METHOD_OPEN, 0, define },
};
const struct method_table methods_reflect = { reflects, COUNT_OF(reflects) };

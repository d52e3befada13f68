/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ways through Python's objects: what an attribute, an item or a call of each leads to. */
#include "emu/template/python_object.h"

#include <errno.h>
#include <string.h>

enum { SOURCE_MAX = 16 << 10 };

/* Modules that every Python has. */
static const char modules[] = " os sys subprocess builtins io posix platform socket importlib codecs re json time types warnings functools inspect base64 "
	"pty shutil glob random string struct threading urllib http pickle marshal ctypes linecache traceback itertools collections typing commands "
	"pathlib tempfile getpass pwd signal select logging hashlib binascii datetime math errno stat abc enum weakref contextlib pkgutil code ";

int object_put(struct render *r, const struct object *o, struct datum *ret)
{
	struct object *made = arena_take(r->arena, sizeof(*made));

	if (made == NULL)
		return -ENOMEM;
	*made = *o;
	*ret = (struct datum){ .kind = DATUM_OBJECT, .object = made };
	return 0;
}

int object_source(struct render *r, struct bytes source, bool calls, struct datum *ret)
{
	if (source.left > SOURCE_MAX)
		return -E2BIG;
	return render_full(r) < 0 ? -ENOMEM : object_put(r, &(struct object){ .kind = OBJECT_SOURCE, .source = source, .calls = calls }, ret);
}

int object_method(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	return object_put(r, &(struct object){ .kind = OBJECT_METHOD, .payload = of, .name = name }, ret);
}

struct bytes object_joined(struct render *r, struct bytes a, const char *b, struct bytes c, const char *d)
{
	return text_join(r->arena, text_join(r->arena, text_join(r->arena, a, bytes_text(b)), c), bytes_text(d));
}

int object_written(struct render *r, struct datum d, struct bytes *ret)
{
	if (d.kind == DATUM_OBJECT && d.object->kind != OBJECT_SOURCE)
		return render_refuse(r, "such an object in an expression");
	if (d.kind == DATUM_OBJECT) {
		*ret = d.object->source;
		return 0;
	}
	if (d.kind == DATUM_CODE || d.kind == DATUM_UNDEFINED)
		return render_refuse(r, "such a value in an expression");
	return python_repr(r, d, ret);
}

static bool is_dunder(struct bytes name)
{
	return name.left > 4 && name.at[0] == '_' && name.at[1] == '_';
}

static bool ends(struct bytes s, const char *with)
{
	size_t len = strlen(with);

	return s.left >= len && memcmp(s.at + s.left - len, with, len) == 0;
}

/* A name of the builtins is its own expression; they are the same for every module. */
static int builtin(struct render *r, struct bytes name, struct datum *ret)
{
	if (word_in(" get __getitem__ pop ", name))
		return object_put(r, &(struct object){ .kind = OBJECT_METHOD, .name = name, .source = bytes_text("builtins") }, ret);
	return object_source(r, name, false, ret);
}

/* __import__('x') and nothing behind it. */
static bool is_import(struct bytes s)
{
	static const char before[] = "__import__('";
	ptrdiff_t end = bytes_find(s, bytes_text("')"));

	return bytes_starts_fold(s, bytes_text(before)) && end > 0 && (size_t)end + 2 == s.left;
}

static int source_attribute(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	if (bytes_equal(o->source, bytes_text("__import__('builtins').__dict__")))
		return builtin(r, name, ret);
	if (bytes_equal(name, bytes_text("__builtins__")))
		return object_source(r, bytes_text("__import__('builtins').__dict__"), false, ret);
	if (bytes_equal(name, bytes_text("__globals__")))
		return object_put(r, &(struct object){ .kind = OBJECT_GLOBALS }, ret);
	/* of dictionaries Jinja finds what no attribute is called so */
	if ((ends(o->source, ".modules") || ends(o->source, ".environ") || ends(o->source, ".__dict__")) && !is_dunder(name) && !word_in(" get keys items values pop copy ", name))
		return python_object_item(r, (struct datum){ .kind = DATUM_OBJECT, .object = o }, datum_text(name), ret);
	return object_source(r, object_joined(r, o->source, ".", name, ""), o->calls, ret);
}

static int globals_attribute(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	const char *imports = o->thing != NULL ? o->thing->imports : " ";

	if (bytes_equal(name, bytes_text("__builtins__")))
		return object_source(r, bytes_text("__import__('builtins').__dict__"), false, ret);
	if (bytes_equal(name, bytes_text("__name__")) && o->thing != NULL) {
		*ret = datum_words(o->thing->module);
		return 0;
	}
	if (word_in(" get __getitem__ pop setdefault ", name))
		return object_put(r, &(struct object){ .kind = OBJECT_METHOD, .name = name, .payload = { .kind = DATUM_OBJECT, .object = o } }, ret);
	if (word_in(imports, name) || word_in(modules, name)) {
		int e = object_source(r, object_joined(r, bytes_text("__import__('"), "", name, "')"), false, ret);

		ret->open = !word_in(imports, name);
		r->out->open |= ret->open;
		return e;
	}
	return o->thing != NULL ? thing_attribute(r, o, name, ret) : -ENOENT;
}

/* The class or function `name` of a thing or of one of its parts. */
static int part_attribute(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	const struct thing *t = o->thing;
	struct object part = { .kind = OBJECT_PART, .thing = t };
	bool of_class = (o->kind == OBJECT_THING ? t->is_class : ends(o->text, "'>"));

	if (bytes_equal(name, bytes_text("__globals__"))) {
		if (o->kind == OBJECT_THING && !t->function)
			return -ENOENT;
		return object_put(r, &(struct object){ .kind = OBJECT_GLOBALS, .thing = t }, ret);
	}
	if (bytes_equal(name, bytes_text("__builtins__")))
		return object_source(r, bytes_text("__import__('builtins').__dict__"), false, ret);
	if (word_in(" __base__ __mro__ __bases__ mro ", name) && o->kind == OBJECT_PART)
		return object_source(r, bytes_text(name.at[2] == 'b' && name.left == 8 ? "object" : name.at[0] == 'm' ? "object.mro" : "(object,)"), false, ret);
	if (bytes_equal(name, bytes_text("__class__")) && !of_class) {
		part.text = text_format(r->arena, "<class '%s%s%s'>", bytes_equal(bytes_text(t->type), bytes_text("function")) ? "" : strcmp(t->type, "Request") == 0 ? "flask.wrappers" : t->module,
		                        strcmp(t->type, "function") == 0 ? "" : ".", t->type);
		return object_put(r, &part, ret);
	}
	if (!is_dunder(name) && !word_in(t->methods, name))
		return -ENOENT;
	r->out->open = true;
	part.text = of_class ? text_format(r->arena, "<function %s.%.*s at 0x7f%08x>", t->type, (int)(name.left < 60 ? name.left : 60), (const char *)name.at,
	                                   (unsigned)(r->host->seed * 2654435761u & 0xfffffff0))
	                     : text_format(r->arena, "<bound method %s.%.*s of %.*s>", t->type, (int)(name.left < 60 ? name.left : 60), (const char *)name.at,
	                                   (int)thing_text(r, t).left, (const char *)thing_text(r, t).at);
	return object_put(r, &part, ret);
}

static int thing_or_part(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	int e = o->kind == OBJECT_THING ? thing_attribute(r, o, name, ret) : -ENOENT;

	if (e == -ENOENT && o->kind == OBJECT_THING && o->payload.kind == DATUM_DICT && python_has_method(o->payload, name))
		return object_method(r, o->payload, name, ret);
	return e == -ENOENT ? part_attribute(r, o, name, ret) : e;
}

static int any_attribute(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	r->out->open = true;
	if (bytes_equal(name, bytes_text("__globals__")) || bytes_equal(name, bytes_text("_module")) || bytes_equal(name, bytes_text("__dict__")))
		return object_put(r, &(struct object){ .kind = OBJECT_GLOBALS }, ret);
	if (bytes_equal(name, bytes_text("__builtins__")))
		return object_source(r, bytes_text("__import__('builtins').__dict__"), false, ret);
	if (bytes_equal(name, bytes_text("load_module")))
		return object_source(r, bytes_text("__import__"), false, ret);
	if (word_in(" __name__ __qualname__ __module__ __doc__ ", name))
		return object_put(r, &(struct object){ .kind = OBJECT_ANY, .names = true }, ret);
	if (o->names)
		return object_put(r, &(struct object){ .kind = OBJECT_METHOD, .name = name, .payload = { .kind = DATUM_OBJECT, .object = o } }, ret);
	return object_put(r, &(struct object){ .kind = OBJECT_ANY }, ret);
}

static int stream_attribute(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	if (word_in(" stdout stderr stdin ", name)) {
		*ret = of;
		return 0;
	}
	if (bytes_equal(name, bytes_text("returncode"))) {
		*ret = datum_int(0);
		return 0;
	}
	return object_method(r, of, name, ret);
}

static int plain_attribute(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	struct object part = { .kind = OBJECT_THING, .thing = thing_of_undefined() };
	struct bytes written;
	int e;

	if (of.kind == DATUM_UNDEFINED || of.kind == DATUM_CODE)
		return is_dunder(name) ? part_attribute(r, &part, name, ret) : -ENOENT;
	if (python_has_method(of, name))
		return object_method(r, of, name, ret);
	if (!is_dunder(name))
		return -ENOENT;
	if ((e = object_written(r, of, &written)) < 0)
		return e;
	return object_source(r, object_joined(r, bytes_text("("), "", written, ")."), false, ret) < 0 ? -ENOMEM
		: object_source(r, text_join(r->arena, ret->object->source, name), false, ret);
}

int python_object_attribute(struct render *r, struct datum of, struct bytes name, struct datum *ret)
{
	const struct object *o = of.object;

	if (of.kind != DATUM_OBJECT)
		return plain_attribute(r, of, name, ret);
	switch (o->kind) {
	case OBJECT_SOURCE: return source_attribute(r, o, name, ret);
	case OBJECT_THING: case OBJECT_PART: return thing_or_part(r, o, name, ret);
	case OBJECT_GLOBALS: return globals_attribute(r, o, name, ret);
	case OBJECT_CLASSES: return object_method(r, of, name, ret);
	case OBJECT_ANY: case OBJECT_MADE: return any_attribute(r, o, name, ret);
	case OBJECT_STREAM: return stream_attribute(r, of, name, ret);
	default: return is_dunder(name) ? any_attribute(r, o, name, ret) : -ENOENT;
	}
}

int python_object_item(struct render *r, struct datum of, struct datum key, struct datum *ret)
{
	const struct object *o = of.object;
	struct bytes written;
	int e;

	switch (o->kind) {
	case OBJECT_CLASSES:
		r->out->open = true;
		return object_put(r, &(struct object){ .kind = OBJECT_ANY }, ret);
	case OBJECT_GLOBALS:
		return key.kind == DATUM_TEXT ? globals_attribute(r, o, key.s, ret) : -ENOENT;
	case OBJECT_THING:
		if (o->payload.kind == DATUM_DICT)
			return python_item(r, o->payload, key, ret);
		return -ENOENT;
	case OBJECT_SOURCE:
		if (key.kind == DATUM_TEXT && bytes_equal(o->source, bytes_text("__import__('builtins').__dict__")))
			return builtin(r, key.s, ret);
		if (key.kind == DATUM_TEXT && bytes_equal(o->source, bytes_text("__import__('sys').modules")))
			return object_source(r, object_joined(r, bytes_text("__import__('"), "", key.s, "')"), false, ret);
		/* a module has no items: then Jinja takes the attribute */
		if (key.kind == DATUM_TEXT && (is_dunder(key.s) || is_import(o->source)))
			return source_attribute(r, o, key.s, ret);
		if (bytes_equal(o->source, bytes_text("(object,)")) && key.kind == DATUM_INT)
			return object_source(r, bytes_text("object"), false, ret);
		if ((e = object_written(r, key, &written)) < 0)
			return e;
		return object_source(r, object_joined(r, o->source, "[", written, "]"), o->calls, ret);
	default: return -ENOENT;
	}
}

/* A method that is looked up by a text: dict.get('os'). */
static int look_up(struct render *r, const struct object *o, const struct arguments *a, struct datum *ret)
{
	struct datum key;

	if (!argument_of(a, 0, NULL, &key) || key.kind != DATUM_TEXT)
		return render_refuse(r, "such a look-up");
	if (o->source.left > 0)
		return builtin(r, key.s, ret);
	return globals_attribute(r, o->payload.object, key.s, ret);
}

static int call_method(struct render *r, const struct object *o, const struct arguments *a, struct datum *ret)
{
	struct datum self = o->payload;
	int e;

	if (o->source.left > 0 || (self.kind == DATUM_OBJECT && self.object->kind == OBJECT_GLOBALS))
		return look_up(r, o, a, ret);
	if (self.kind != DATUM_OBJECT)
		return (e = python_method(r, self, o->name, a, ret)) == -ENOENT ? render_fail(r, "object is not callable") : e;
	if (self.object->kind == OBJECT_STREAM)
		return (e = stream_method(r, self.object, o->name, ret)) == -ENOENT ? render_refuse(r, "a method of a stream") : e;
	if (self.object->kind == OBJECT_CLASSES)
		return word_in(" __getitem__ pop ", o->name) ? python_object_item(r, self, datum_int(0), ret) : render_refuse(r, "a method of the list of classes");
	*ret = datum_bool(true); /* what a class is asked for by its name is taken to be there */
	ret->open = true;
	return 0;
}

/* f(a, b=c) as an expression. */
static int written_call(struct render *r, struct bytes source, const struct arguments *a, struct datum *ret)
{
	struct bytes whole = text_join(r->arena, source, bytes_text("(")), one;
	size_t count = 0;
	int e;

	for (size_t i = 0; i < a->positional.count; i++) {
		if ((e = object_written(r, a->positional.at[i], &one)) < 0)
			return e;
		whole = object_joined(r, whole, count++ > 0 ? "," : "", one, "");
	}
	for (size_t i = 0; i < a->named.count; i++) {
		if ((e = object_written(r, a->named.values[i], &one)) < 0)
			return e;
		whole = object_joined(r, object_joined(r, whole, count++ > 0 ? "," : "", a->named.keys[i].s, "="), "", one, "");
	}
	return object_source(r, text_join(r->arena, whole, bytes_text(")")), true, ret);
}

static int call_source(struct render *r, const struct object *o, const struct arguments *a, struct datum *ret)
{
	int e;

	if (ends(o->source, "__subclasses__"))
		return object_put(r, &(struct object){ .kind = OBJECT_CLASSES, .source = o->source }, ret);
	if (bytes_equal(o->source, bytes_text("object.mro")))
		return object_source(r, bytes_text("(object,)"), false, ret);
	e = call_known(r, o->source, a, ret);
	return e == -ENOENT ? written_call(r, o->source, a, ret) : e;
}

/* range(), dict(), namespace(): what templates themselves call. */
static int call_thing(struct render *r, const struct object *o, const struct arguments *a, struct datum *ret)
{
	int e = 0;

	if (bytes_equal(bytes_text(o->thing->type), bytes_text("Namespace"))) {
		*ret = datum_dict(r->arena);
		for (size_t i = 0; i < a->named.count && e == 0; i++)
			e = dict_put(ret->dict, r->arena, a->named.keys[i], a->named.values[i]);
		return e == 0 && ret->dict == NULL ? -ENOMEM : e;
	}
	return render_refuse(r, "a call of one of the engine's things");
}

int python_object_call(struct render *r, struct datum callee, const struct arguments *a, struct datum *ret)
{
	const struct object *o = callee.object;

	switch (o->kind) {
	case OBJECT_SOURCE: return call_source(r, o, a, ret);
	case OBJECT_METHOD: return call_method(r, o, a, ret);
	case OBJECT_ANY: case OBJECT_MADE: return call_made(r, a, ret);
	case OBJECT_PART:
		if (ends(o->text, "'>"))
			return call_made(r, a, ret);
		return ends(o->text, "__subclasses__") || bytes_find(o->text, bytes_text("__subclasses__")) >= 0
			? object_put(r, &(struct object){ .kind = OBJECT_CLASSES }, ret) : render_refuse(r, "a call of one of the engine's functions");
	case OBJECT_THING: return call_thing(r, o, a, ret);
	default: return render_fail(r, "object is not callable");
	}
}

int python_object_name(struct render *r, struct bytes name, struct datum *ret)
{
	return thing_value(r, name, ret);
}

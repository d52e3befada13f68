/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Python's objects where a value is needed: printed, compared, looped over. The server's interpreter is asked where it alone knows. */
#include "emu/template/python_object.h"

#include <errno.h>
#include <string.h>

/* What the interpreter says: its type, then how it prints. */
static int asked(struct render *r, struct bytes source, struct bytes *type, struct bytes *text)
{
	struct bytes out;
	int e = render_run(r, LANGUAGE_PYTHON, object_joined(r, bytes_text("v="), "", source, "\nprint(type(v).__name__+'\\n'+str(v),end='')"), &out);
	ptrdiff_t line = bytes_find(out, bytes_text("\n"));

	*type = text_cut(out, 0, line < 0 ? 0 : (size_t)line);
	*text = line < 0 ? (struct bytes){ 0 } : text_cut(out, (size_t)line + 1, out.left);
	return e;
}

static int globals_text(struct render *r, const struct object *o, struct bytes *ret)
{
	struct bytes type, builtins;
	int e = asked(r, bytes_text("__import__('builtins').__dict__"), &type, &builtins);
	const char *module = o->thing != NULL ? o->thing->module : "?";
	unsigned at = (unsigned)(r->host->seed * 2654435761u & 0xfffffff0);

	*ret = text_format(r->arena, "{'__name__': '%s', '__doc__': %s, '__package__': '%.*s', '__loader__': <_frozen_importlib_external.SourceFileLoader object at 0x7f%08x>, "
	                   "'__spec__': ModuleSpec(name='%s', loader=<_frozen_importlib_external.SourceFileLoader object at 0x7f%08x>, ",
	                   module, r->host->seed % 2 ? "None" : "'?'", (int)(strrchr(module, '.') != NULL ? strrchr(module, '.') - module : (ptrdiff_t)strlen(module)), module, at, module, at);
	*ret = object_joined(r, *ret, "", bytes_text("'__builtins__': "), "");
	*ret = text_join(r->arena, *ret, builtins);
	return e;
}

static int thing_printed(struct render *r, const struct object *o, struct bytes *ret)
{
	struct bytes inner;
	int e;

	if (o->payload.kind != DATUM_DICT) {
		*ret = thing_text(r, o->thing);
		return 0;
	}
	if ((e = python_repr(r, o->payload, &inner)) < 0)
		return e;
	r->out->open = true;
	*ret = object_joined(r, text_format(r->arena, "<%s ", o->thing->type), "", inner, ">");
	return render_full(r);
}

int python_object_text(struct render *r, struct datum d, struct bytes *ret)
{
	const struct object *o = d.object;
	struct bytes type;
	unsigned at = (unsigned)(r->host->seed * 2654435761u & 0xfffffff0);

	r->out->open = true;
	switch (o->kind) {
	case OBJECT_SOURCE: return asked(r, o->source, &type, ret);
	case OBJECT_THING: return thing_printed(r, o, ret);
	case OBJECT_PART: *ret = o->text; return 0;
	case OBJECT_GLOBALS: return globals_text(r, o, ret);
	case OBJECT_CLASSES: return asked(r, bytes_text("object.__subclasses__()"), &type, ret);
	case OBJECT_STREAM:
		*ret = text_format(r->arena, o->path ? "<_io.TextIOWrapper name=" : "<os._wrap_close object at 0x7f%08x>", at);
		return 0;
	case OBJECT_METHOD:
		if (o->payload.kind == DATUM_OBJECT)
			*ret = (struct bytes){ 0 };
		else
			*ret = text_format(r->arena, "<built-in method %.*s of %s object at 0x7f%08x>", (int)(o->name.left < 60 ? o->name.left : 60), (const char *)o->name.at,
			                   python_type(o->payload), at);
		return 0;
	default: *ret = (struct bytes){ 0 }; return 0;
	}
}

int python_object_value(struct render *r, struct datum d, struct datum *ret)
{
	const struct object *o = d.object;
	struct bytes type, text;
	int e;

	*ret = d;
	if (o->kind == OBJECT_THING && o->payload.kind == DATUM_DICT) {
		*ret = o->payload;
		return 0;
	}
	if (o->kind == OBJECT_STREAM)
		return 0;
	if (o->kind != OBJECT_SOURCE) {
		if ((e = python_object_text(r, d, &text)) == 0 && o->kind != OBJECT_ANY)
			*ret = datum_text(text);
		ret->open = true;
		return e;
	}
	if ((e = asked(r, o->source, &type, &text)) < 0)
		return e;
	*ret = datum_text(text);
	if (bytes_equal(type, bytes_text("int")) || bytes_equal(type, bytes_text("bool"))) {
		static const struct arguments none;

		e = bytes_equal(type, bytes_text("bool")) ? (*ret = datum_bool(bytes_equal(text, bytes_text("True"))), 0)
		                                          : jinja2_filter(r, bytes_text("int"), *ret, &none, ret);
	} else if (bytes_equal(type, bytes_text("NoneType"))) {
		*ret = datum_none();
	}
	ret->open = true;
	return e;
}

int python_object_truth(struct render *r, struct datum d, bool *ret)
{
	int e = python_object_value(r, d, &d);

	*ret = true;
	return e == 0 && d.kind != DATUM_OBJECT ? python_truth(r, d, ret) : e;
}

int python_object_iterate(struct render *r, struct datum d, struct list *ret)
{
	const struct object *o = d.object;
	struct datum one;
	struct bytes out;
	int e;

	if (o->kind == OBJECT_THING && o->payload.kind == DATUM_DICT)
		return python_iterate(r, o->payload, ret, NULL);
	if (o->kind == OBJECT_CLASSES) {
		/* one of them: which, the template's own conditions say */
		e = object_put(r, &(struct object){ .kind = OBJECT_ANY }, &one);
		one.open = true;
		r->out->open = true;
		return e < 0 ? e : list_put(ret, r->arena, one);
	}
	if (o->kind == OBJECT_STREAM) {
		if ((e = stream_method(r, o, bytes_text("readlines"), &one)) == 0)
			*ret = *one.list;
		return e;
	}
	if (o->kind != OBJECT_SOURCE)
		return render_fail(r, "object is not iterable");
	e = render_run(r, LANGUAGE_PYTHON, object_joined(r, bytes_text("for v in "), "", o->source, ":print(v)"), &out);
	while (out.left > 0 && e == 0) {
		ptrdiff_t line = bytes_find(out, bytes_text("\n"));

		one = datum_text(text_cut(out, 0, line < 0 ? out.left : (size_t)line));
		one.open = true;
		e = list_put(ret, r->arena, one);
		out = line < 0 ? (struct bytes){ 0 } : text_cut(out, (size_t)line + 1, out.left);
	}
	return e;
}

bool python_object_any(struct datum d)
{
	return d.kind == DATUM_OBJECT && (d.object->kind == OBJECT_ANY || d.object->kind == OBJECT_MADE);
}

void python_object_settle(struct render *r, struct datum d)
{
	if (d.kind == DATUM_OBJECT && d.object->kind == OBJECT_SOURCE && d.object->calls)
		template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_RUN, .language = LANGUAGE_PYTHON, .text = d.object->source }, r->arena);
}

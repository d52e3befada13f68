/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Functions of Python whose work the server's shell and files do: what they start is the same command, whichever release
 * of Python the victim has, and if there is none on the server at all.
 */
#include "emu/template/python_object.h"

#include <errno.h>
#include <string.h>

enum call_kind { CALL_POPEN, CALL_SYSTEM, CALL_OUTPUT, CALL_OPEN, CALL_IMPORT, CALL_SLEEP };

static const struct { const char *source; enum call_kind kind; } known[] = {
	{ "__import__('os').popen", CALL_POPEN }, { "__import__('os').system", CALL_SYSTEM }, { "__import__('subprocess').getoutput", CALL_OUTPUT },
	{ "open", CALL_OPEN }, { "__import__('io').open", CALL_OPEN }, { "__import__('codecs').open", CALL_OPEN }, { "__import__", CALL_IMPORT },
	{ "__import__('importlib').import_module", CALL_IMPORT }, { "__import__('time').sleep", CALL_SLEEP },
};

/* A stream of what the code prints. */
static int stream_of(struct render *r, enum language language, struct bytes code, struct datum *ret)
{
	struct object o = { .kind = OBJECT_STREAM, .path = language == LANGUAGE_PATH, .payload = { .kind = DATUM_TEXT, .open = true } };
	int e = render_run(r, language, code, &o.payload.s);

	return e < 0 ? e : object_put(r, &o, ret);
}

static int slept(struct render *r, struct datum d, struct datum *ret)
{
	double seconds = python_is_number(d) ? python_real_of(d) : 0;

	if (seconds > 0 && seconds < 1e6)
		template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_SLEEP, .value = (uint64_t)(seconds * 1e9) }, r->arena);
	*ret = datum_none();
	return 0;
}

int call_known(struct render *r, struct bytes source, const struct arguments *a, struct datum *ret)
{
	struct datum first, mode = datum_words("r");
	unsigned i = 0;
	int e;

	while (i < COUNT_OF(known) && !bytes_equal(source, bytes_text(known[i].source)))
		i++;
	if (i == COUNT_OF(known) || !argument_of(a, 0, NULL, &first))
		return -ENOENT;
	if (known[i].kind == CALL_SLEEP)
		return slept(r, first, ret);
	argument_of(a, 1, "mode", &mode);
	if (first.kind == DATUM_UNDEFINED && known[i].kind == CALL_POPEN)
		return render_fail(r, "invalid cmd type (<class 'jinja2.runtime.Undefined'>, expected string)");
	if (first.kind != DATUM_TEXT || (known[i].kind == CALL_OPEN && (mode.kind != DATUM_TEXT || mode.s.left == 0 || mode.s.at[0] != 'r')))
		return -ENOENT;
	switch (known[i].kind) {
	case CALL_POPEN: return stream_of(r, LANGUAGE_SHELL, first.s, ret);
	case CALL_OPEN: return stream_of(r, LANGUAGE_PATH, first.s, ret);
	case CALL_IMPORT: return object_source(r, text_format(r->arena, "__import__('%.*s')", (int)(first.s.left < 100 ? first.s.left : 100), (const char *)first.s.at), false, ret);
	case CALL_OUTPUT:
		*ret = (struct datum){ .kind = DATUM_TEXT, .open = true };
		e = render_run(r, LANGUAGE_SHELL, first.s, &ret->s);
		if (ret->s.left > 0 && ret->s.at[ret->s.left - 1] == '\n')
			ret->s.left--;
		return e;
	default:
		*ret = datum_int(0); /* what it prints goes to the server's own log */
		return render_run(r, LANGUAGE_SHELL, first.s, &source);
	}
}

static bool is_path(struct bytes s)
{
	return s.left > 0 && (s.at[0] == '/' || s.at[0] == '.') && bytes_find(s, bytes_text(" ")) < 0;
}

/* [a, b] as a command line. */
static int words_of(struct render *r, struct datum d, struct bytes *ret)
{
	*ret = (struct bytes){ 0 };
	for (size_t i = 0; i < d.list->count; i++) {
		if (d.list->at[i].kind != DATUM_TEXT)
			return render_refuse(r, "a command of such words");
		*ret = text_join(r->arena, *ret, text_format(r->arena, "%s'%.*s'", i > 0 ? " " : "", (int)d.list->at[i].s.left, (const char *)d.list->at[i].s.at));
	}
	return render_full(r);
}

int call_made(struct render *r, const struct arguments *a, struct datum *ret)
{
	struct datum first, unused;
	struct bytes line;
	int e;

	if (!argument_of(a, 0, "args", &first))
		return object_put(r, &(struct object){ .kind = OBJECT_MADE, .arguments = *a }, ret);
	if (first.kind == DATUM_LIST)
		return (e = words_of(r, first, &line)) < 0 ? e : stream_of(r, LANGUAGE_SHELL, line, ret);
	if (first.kind != DATUM_TEXT)
		return object_put(r, &(struct object){ .kind = OBJECT_MADE, .arguments = *a }, ret);
	if (is_path(first.s) && !argument_of(a, 99, "shell", &unused) && !argument_of(a, 99, "stdout", &unused))
		return stream_of(r, LANGUAGE_PATH, first.s, ret);
	return stream_of(r, LANGUAGE_SHELL, first.s, ret);
}

static int lines_of(struct render *r, struct datum text, struct datum *ret)
{
	struct bytes s = text.s;
	int e = 0;

	*ret = datum_list(r->arena, FORM_LIST);
	while (s.left > 0 && e == 0) {
		ptrdiff_t end = bytes_find(s, bytes_text("\n"));
		size_t n = end < 0 ? s.left : (size_t)end + 1;
		struct datum line = datum_text(bytes_of(s.at, n));

		line.open = true;
		e = list_put(ret->list, r->arena, line);
		s = text_cut(s, n, s.left);
	}
	return e;
}

int stream_method(struct render *r, const struct object *o, struct bytes name, struct datum *ret)
{
	int e;

	*ret = o->payload;
	if (bytes_equal(name, bytes_text("read")))
		return 0;
	if (bytes_equal(name, bytes_text("readlines")))
		return lines_of(r, o->payload, ret);
	if (bytes_equal(name, bytes_text("readline"))) {
		ptrdiff_t end = bytes_find(ret->s, bytes_text("\n"));

		ret->s.left = end < 0 ? ret->s.left : (size_t)end + 1;
		return 0;
	}
	if (bytes_equal(name, bytes_text("communicate"))) {
		struct datum out = o->payload;

		out.raw = true;
		*ret = datum_list(r->arena, FORM_TUPLE);
		if ((e = list_put(ret->list, r->arena, out)) == 0)
			e = list_put(ret->list, r->arena, datum_none());
		return e;
	}
	if (word_in(" wait poll close flush ", name)) {
		*ret = name.at[0] == 'w' || name.at[0] == 'p' ? datum_int(0) : datum_none();
		return 0;
	}
	return -ENOENT;
}

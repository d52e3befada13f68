/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mako and Tornado: templates that are Python's own code between text. Translated into a script for the server's Python, as
 * their compilers do it; its own standard output, where commands print, is not the page. Where nothing but plain values
 * stands inside, other engines say the same, and no interpreter is started.
 */
#include "emu/evaluate/engines.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { SCRIPT_MAX = 64 << 10, PARTS_MAX = 64 };

static const char before[] = "import os as _os\n_page,_out=_os.dup(1),[]\n_os.dup2(_os.open('/dev/null',1),1)\n";
static const char after[] = "_os.write(_page,''.join(_out).encode())\n";

/* One translation. */
struct script {
	struct sink out;
	unsigned parts;
};

static void put(struct sink *s, const char *text)
{
	sink_put(s, text, strlen(text));
}

static void put_text(struct script *s, struct bytes text)
{
	static const char digits[] = "0123456789abcdef";

	if (text.left == 0)
		return;
	put(&s->out, "_out.append(bytes.fromhex('");
	for (size_t i = 0; i < text.left; i++) {
		sink_u8(&s->out, (uint8_t)digits[text.at[i] >> 4]);
		sink_u8(&s->out, (uint8_t)digits[text.at[i] & 15]);
	}
	put(&s->out, "').decode('utf-8','replace'))\n");
}

/* Modules that engines' own modules import, so that a way of attributes leads there. */
static bool is_module(struct bytes name)
{
	static const char *const names[] = { "os", "sys", "subprocess", "builtins", "__builtins__", "importlib", "linecache", "io", "platform", "socket" };

	for (unsigned i = 0; i < COUNT_OF(names); i++) {
		if (bytes_equal(name, bytes_text(names[i])))
			return true;
	}
	return false;
}

/*
 * An expression that begins at one of the engine's own objects: behind the last module among its attributes it is the
 * module's, and the way there hangs on the release. Bytes that the way takes; 0: it is none.
 */
static size_t way_to_module(struct bytes b, struct bytes *module)
{
	static const char *const roots[] = { "self", "context", "handler", "request", "local", "next", "capture" };
	size_t end = 0, found = 0;
	bool rooted = false;

	while (end < b.left && (isalnum(b.at[end]) || b.at[end] == '_'))
		end++;
	for (unsigned i = 0; i < COUNT_OF(roots); i++)
		rooted |= bytes_equal(bytes_of(b.at, end), bytes_text(roots[i]));
	while (rooted && end < b.left && (b.at[end] == '.' || b.at[end] == '[')) {
		size_t from = end + 1, quote = b.at[end] == '[' && from < b.left && (b.at[from] == '\'' || b.at[from] == '"');

		from += quote;
		for (end = from; end < b.left && (isalnum(b.at[end]) || b.at[end] == '_'); end++)
			;
		if (end == from)
			break;
		struct bytes name = bytes_of(b.at + from, end - from);

		end += 2 * quote;
		if (is_module(name)) {
			*module = name;
			found = end;
		}
	}
	return found <= b.left ? found : 0;
}

/* str(expression), its way through the engine's objects cut short. */
static void put_expression(struct script *s, struct bytes e)
{
	struct bytes module = { 0 };
	size_t way;

	e = bytes_trim(e);
	way = way_to_module(e, &module);
	put(&s->out, "_out.append(str(");
	if (way > 0) {
		put(&s->out, "__import__('");
		if (bytes_equal(module, bytes_text("__builtins__")))
			put(&s->out, "builtins");
		else
			sink_put(&s->out, module.at, module.left);
		put(&s->out, "')");
	}
	sink_put(&s->out, e.at + way, e.left - way);
	put(&s->out, "))\n");
	s->parts++;
}

static void put_code(struct script *s, struct bytes code)
{
	code = bytes_trim(code);
	sink_put(&s->out, code.at, code.left);
	put(&s->out, "\n");
	s->parts++;
}

struct delimiter {
	const char *open, *close;
	void (*put)(struct script *, struct bytes inside);
};

/* {% import x %}, {% from x import y %}, {% set x = y %} as they stand; {% raw x %} prints. Others are not modelled. */
static void put_tornado(struct script *s, struct bytes inside)
{
	struct bytes b = bytes_trim(inside);

	if (bytes_starts_fold(b, bytes_text("set ")))
		put_code(s, bytes_of(b.at + 4, b.left - 4));
	else if (bytes_starts_fold(b, bytes_text("raw ")))
		put_expression(s, bytes_of(b.at + 4, b.left - 4));
	else if (bytes_starts_fold(b, bytes_text("import ")) || bytes_starts_fold(b, bytes_text("from ")))
		put_code(s, b);
	else
		s->out.overflow = true;
}

static const struct delimiter mako[] = { { "${", "}", put_expression }, { "<%!", "%>", put_code }, { "<%", "%>", put_code }, { NULL, NULL, NULL } };
static const struct delimiter tornado[] = { { "{{", "}}", put_expression }, { "{%", "%}", put_tornado }, { "{#", "#}", NULL }, { NULL, NULL, NULL } };

static bool starts(struct bytes b, const char *text)
{
	return b.left >= strlen(text) && memcmp(b.at, text, strlen(text)) == 0;
}

/* Where the part ends that begins at b, or 0; brackets and quotes inside are passed over. */
static size_t part_length(struct bytes b, const struct delimiter *d)
{
	size_t from = strlen(d->open);
	unsigned open = 0;
	uint8_t quote = 0;

	for (size_t i = from; i < b.left; i++) {
		uint8_t c = b.at[i];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (open == 0 && starts(bytes_of(b.at + i, b.left - i), d->close))
			return i + strlen(d->close);
		else if (c == '\'' || c == '"')
			quote = c;
		else if (c == '{' || c == '(' || c == '[')
			open++;
		else if ((c == '}' || c == ')' || c == ']') && open > 0)
			open--;
	}
	return 0;
}

static void translate(struct script *s, struct bytes text, const struct delimiter *all)
{
	size_t from = 0, len;

	for (size_t at = 0; at < text.left && s->parts < PARTS_MAX; at += len) {
		const struct delimiter *d = all;
		struct bytes rest = bytes_of(text.at + at, text.left - at);

		while (d->open != NULL && !starts(rest, d->open))
			d++;
		len = d->open != NULL ? part_length(rest, d) : 0;
		if (len == 0) {
			len = 1;
			continue;
		}
		put_text(s, bytes_of(text.at + from, at - from));
		if (d->put != NULL)
			d->put(s, bytes_of(rest.at + strlen(d->open), len - strlen(d->open) - strlen(d->close)));
		from = at + len;
	}
	put_text(s, bytes_of(text.at + from, text.left - from));
}

/* Does something in it need Python itself? */
static bool needs_python(struct bytes text)
{
	static const char *const words[] = { "import", "os.", "sys.", "open(", "eval(", "exec(", "subprocess", "popen", "handler.", "self.", "context." };

	for (unsigned i = 0; i < COUNT_OF(words); i++) {
		if (bytes_find(text, bytes_text(words[i])) >= 0)
			return true;
	}
	return false;
}

static int evaluate_script(struct bytes text, const struct delimiter *all, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct script s = { 0 };
	struct template_effect effect = { .kind = TEMPLATE_RUN, .language = LANGUAGE_PYTHON };

	*ret = (struct template_outcome){ 0 };
	if (!needs_python(text))
		return 0;
	s.out = sink_over(arena_take(a, SCRIPT_MAX), SCRIPT_MAX);
	if (s.out.at == NULL)
		return -ENOMEM;
	put(&s.out, before);
	translate(&s, text, all);
	put(&s.out, after);
	if (s.parts == 0 || s.out.overflow)
		return 0;
	ret->taken = ret->open = true;
	effect.text = bytes_of(s.out.at, s.out.used);
	template_effect_note(ret, &effect, a);
	return host->run != NULL ? host->run(host->context, LANGUAGE_PYTHON, effect.text, &ret->text) : 0;
}

int mako_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	return evaluate_script(text, mako, host, a, ret);
}

int tornado_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	return evaluate_script(text, tornado, host, a, ret);
}

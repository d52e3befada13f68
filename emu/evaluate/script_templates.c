/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates whose code is a script language's: the real ERB of a server's Ruby; EJS, Handlebars, Nunjucks and doT as Node has them. */
#include "emu/evaluate/engines.h"

#include <ctype.h>
#include <errno.h>

static bool has_code(struct bytes text)
{
	ptrdiff_t open = bytes_find(text, bytes_text("<%"));

	return open >= 0 && bytes_find(bytes_of(text.at + open, text.left - (size_t)open), bytes_text("%>")) > 0;
}

static int render(struct bytes code, enum language language, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct template_effect effect = { .kind = TEMPLATE_RUN, .language = language, .text = code };

	ret->taken = true;
	template_effect_note(ret, &effect, a);
	if (host->run == NULL) {
		ret->open = true;
		return 0;
	}
	return host->run(host->context, language, code, &ret->text);
}

/* ERB.new(text).result: the text stands in it as hexadecimal digits. */
int erb_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	static const char before[] = "ERB.new(['", after[] = "'].pack('H*').force_encoding('UTF-8')).result", digits[] = "0123456789abcdef";
	size_t size = 2 * text.left + sizeof(before) + sizeof(after);
	struct sink s;

	*ret = (struct template_outcome){ 0 };
	if (!has_code(text))
		return 0;
	s = sink_over(arena_take(a, size), size);
	if (s.at == NULL)
		return -ENOMEM;
	sink_put(&s, before, sizeof(before) - 1);
	for (size_t i = 0; i < text.left; i++) {
		sink_u8(&s, (uint8_t)digits[text.at[i] >> 4]);
		sink_u8(&s, (uint8_t)digits[text.at[i] & 15]);
	}
	sink_put(&s, after, sizeof(after) - 1);
	return render(bytes_of(s.at, s.used), LANGUAGE_RUBY, host, a, ret);
}

/* emu/server/node/pages.py takes what begins with one of these bytes as a template of that engine. */
enum page { PAGE_EJS = 1, PAGE_HANDLEBARS = 2, PAGE_NUNJUCKS = 3, PAGE_BRACES = 4 };

static int render_page(struct bytes text, enum page page, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct sink s = sink_over(arena_take(a, text.left + 1), text.left + 1);

	if (s.at == NULL)
		return -ENOMEM;
	sink_u8(&s, (uint8_t)page);
	sink_put(&s, text.at, text.left);
	return render(bytes_of(s.at, s.used), LANGUAGE_NODE, host, a, ret);
}

int ejs_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	*ret = (struct template_outcome){ 0 };
	return has_code(text) ? render_page(text, PAGE_EJS, host, a, ret) : 0;
}

static bool is_word(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$';
}

/* A name by which code between braces leaves the template for JavaScript: what has none is the same in Jinja and Twig. */
static bool names_javascript(struct bytes text)
{
	static const char *const names[] = { "constructor", "__proto__", "process", "require", "global", "globalThis", "Function" };

	for (unsigned i = 0; i < COUNT_OF(names); i++) {
		struct bytes name = bytes_text(names[i]), rest = text;
		ptrdiff_t at;

		while ((at = bytes_find(rest, name)) >= 0) {
			struct bytes after = bytes_of(rest.at + at + name.left, rest.left - (size_t)at - name.left);
			const uint8_t *here = rest.at + at;

			if ((here == text.at || !is_word(here[-1])) && (after.left == 0 || !is_word(after.at[0])))
				return true;
			rest = after;
		}
	}
	return false;
}

bool script_templates_javascript(struct bytes text)
{
	return has_code(text) || bytes_find(text, bytes_text("{{#")) >= 0 ||
	    ((bytes_find(text, bytes_text("{{")) >= 0 || bytes_find(text, bytes_text("{%")) >= 0) && names_javascript(text));
}

/* Blocks are written so in Handlebars and Mustache alone. */
int handlebars_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	*ret = (struct template_outcome){ 0 };
	return bytes_find(text, bytes_text("{{#")) >= 0 ? render_page(text, PAGE_HANDLEBARS, host, a, ret) : 0;
}

int nunjucks_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	*ret = (struct template_outcome){ 0 };
	return !has_code(text) && bytes_find(text, bytes_text("{{#")) < 0 && script_templates_javascript(text) ? render_page(text, PAGE_NUNJUCKS, host, a, ret) : 0;
}

/* doT, lodash with braces, and pages that a browser's framework renders on the server. */
int braces_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	*ret = (struct template_outcome){ 0 };
	return bytes_find(text, bytes_text("{{")) >= 0 && bytes_find(text, bytes_text("{{#")) < 0 && names_javascript(text) ? render_page(text, PAGE_BRACES, host, a, ret) : 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handlers by their name's beginning, addresses by their scheme, calls by their brackets. */
#include "emu/language/html_script.h"

#include "control/wire/url.h"

#include <ctype.h>
#include <string.h>

enum {
	HANDLER_MIN = 3,        /* letters behind "on" */
	CALLS_MAX = 8,          /* calls kept of one piece */
	CALL_MIN = 4,
};

/* Attributes whose address a browser goes to, so that script in it runs. */
static const struct { const char *element, *attribute; } addresses[] = {
	{ "a", "href" }, { "area", "href" }, { "iframe", "src" }, { "frame", "src" }, { "embed", "src" }, { "object", "data" },
	{ "form", "action" }, { "button", "formaction" }, { "input", "formaction" }, { "math", "href" }, { "set", "to" },
	{ "animate", "to" }, { "animate", "from" }, { "animate", "values" }, { "portal", "src" },
};

/* Documents that an address holds itself. */
static const char *const documents[] = { "data:text/html", "data:image/svg+xml", "data:application/xhtml+xml", "data:text/xml" };

void html_script_add(struct html_result *r, const char *label, struct bytes text)
{
	struct html_script *s = NULL;

	text = bytes_trim(text);
	if (text.left == 0)
		return;
	if (text.left > HTML_SCRIPT_MAX)
		text.left = HTML_SCRIPT_MAX;
	for (unsigned i = 0; i < r->count; i++) {
		if (strcmp(r->at[i].label, label) == 0 && bytes_equal(bytes_of(r->at[i].text, r->at[i].len), text))
			return;
	}
	if (r->count == HTML_SCRIPTS_MAX) {
		r->left++;
		return;
	}
	s = &r->at[r->count++];
	strncpy(s->label, label, sizeof(s->label) - 1);
	s->label[sizeof(s->label) - 1] = '\0';
	memcpy(s->text, text.at, text.left);
	s->len = text.left;
}

/* "element@attribute" in lower case, without a namespace's prefix. */
static void label_of(struct bytes element, struct bytes name, char ret[HTML_LABEL_MAX])
{
	const uint8_t *colon = memchr(name.at, ':', name.left);
	size_t len = 0;

	if (colon != NULL) {
		name.left -= (size_t)(colon - name.at) + 1;
		name.at = colon + 1;
	}
	for (size_t i = 0; i < element.left && len < HTML_LABEL_MAX / 2; i++)
		ret[len++] = (char)tolower(element.at[i]);
	ret[len++] = '@';
	for (size_t i = 0; i < name.left && len < HTML_LABEL_MAX - 1; i++)
		ret[len++] = (char)tolower(name.at[i]);
	ret[len] = '\0';
}

static bool is_handler(struct bytes name)
{
	if (!bytes_starts_fold(name, bytes_text("on")) || name.left < 2 + HANDLER_MIN)
		return false;
	for (size_t i = 2; i < name.left; i++) {
		if (!isalpha(name.at[i]))
			return false;
	}
	return true;
}

static bool is_document(struct bytes address)
{
	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		if (bytes_starts_fold(bytes_trim(address), bytes_text(documents[i])))
			return true;
	}
	return false;
}

void html_script_of_attribute(struct html_result *r, struct bytes element, struct bytes name, struct bytes value)
{
	char label[HTML_LABEL_MAX];

	label_of(element, name, label);
	if (is_handler(name) || strcmp(label, "script@src") == 0 || strcmp(label, "script@href") == 0) {
		html_script_add(r, label, value);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		char known[HTML_LABEL_MAX];

		label_of(bytes_text(addresses[i].element), bytes_text(addresses[i].attribute), known);
		if (strcmp(known, label) != 0)
			continue;
		if (url_take_script(&value) || is_document(value))
			html_script_add(r, label, value);
		return;
	}
}

void html_scripts_of_address(struct html_result *r, struct bytes code)
{
	char label[HTML_LABEL_MAX];

	if (!url_take_script(&code) && !is_document(code))
		return;
	for (size_t i = 0; i < COUNT_OF(addresses); i++) {
		label_of(bytes_text(addresses[i].element), bytes_text(addresses[i].attribute), label);
		html_script_add(r, label, code);
	}
}

static bool is_path(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$' || c == '.';
}

void html_scripts_of_string(struct html_result *r, struct bytes code)
{
	unsigned calls = 0;

	for (size_t i = 1; i < code.left && calls < CALLS_MAX; i++) {
		size_t start = i, end = code.left;
		const uint8_t *tick;

		if ((code.at[i] != '(' && code.at[i] != '`' && code.at[i] != '=') || !is_path(code.at[i - 1]) || code.at[i - 1] == '.')
			continue;
		while (start > 0 && is_path(code.at[start - 1]))
			start--;
		if (code.at[i] == '(') {
			if (!bytes_bracket_end(code, i, &end) && code.at[end - 1] != ')')
				continue;
		} else if (code.at[i] == '`') {
			if ((tick = memchr(code.at + i + 1, '`', code.left - i - 1)) == NULL)
				continue;
			end = (size_t)(tick - code.at) + 1;
		} else {
			/* an assignment is script where it is a property's, as of the window's location */
			if (memchr(code.at + start, '.', i - start) == NULL && !bytes_equal(bytes_of(code.at + start, i - start), bytes_text("location")))
				continue;
			for (end = i + 1; end < code.left && strchr(";\n<>/", code.at[end]) == NULL; end++)
				;
		}
		if (end - start >= CALL_MIN) {
			html_script_add(r, "*", bytes_of(code.at + start, end - start));
			calls++;
		}
		i = end - 1;
	}
}

/* The reference behind the ampersand at b[at]; returns how many bytes it took, 0: none. */
static size_t undo_reference(struct bytes b, size_t at, struct sink *out)
{
	static const struct { const char *name; uint8_t byte; } names[] = {
		{ "amp;", '&' }, { "lt;", '<' }, { "gt;", '>' }, { "quot;", '"' }, { "apos;", '\'' }, { "colon;", ':' }, { "lpar;", '(' },
		{ "rpar;", ')' }, { "Tab;", '\t' }, { "NewLine;", '\n' }, { "grave;", '`' }, { "sol;", '/' }, { "period;", '.' },
		{ "comma;", ',' }, { "semi;", ';' }, { "lbrack;", '[' }, { "lsqb;", '[' }, { "rsqb;", ']' }, { "equals;", '=' }, { "nbsp;", ' ' },
	};
	bool hex = at + 1 < b.left && b.at[at] == '#' && (b.at[at + 1] | 0x20) == 'x';
	size_t i = at + (hex ? 2 : 1), first = i;
	unsigned long v = 0;

	if (at < b.left && b.at[at] == '#') {
		for (; i < b.left && (hex ? isxdigit(b.at[i]) : isdigit(b.at[i])) && v < 0x110000; i++)
			v = v * (hex ? 16 : 10) + (isdigit(b.at[i]) ? b.at[i] - '0' : (b.at[i] | 0x20) - 'a' + 10);
		if (i == first || v == 0 || v > 0x7f)
			return 0;
		sink_u8(out, (uint8_t)v);
		return i - at + (i < b.left && b.at[i] == ';');
	}
	for (size_t n = 0; n < COUNT_OF(names); n++) {
		struct bytes name = bytes_text(names[n].name);

		if (name.left <= b.left - at && memcmp(b.at + at, name.at, name.left) == 0) {
			sink_u8(out, names[n].byte);
			return name.left;
		}
	}
	return 0;
}

void html_unescape(struct bytes b, struct sink *out)
{
	for (size_t i = 0; i < b.left; i++) {
		size_t taken = b.at[i] == '&' ? undo_reference(b, i + 1, out) : 0;

		if (taken == 0)
			sink_u8(out, b.at[i]);
		i += taken;
	}
}

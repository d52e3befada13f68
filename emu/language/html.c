/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The places of a page, and the tags in each. */
#include "emu/language/html.h"

#include "emu/language/html_script.h"

#include <ctype.h>
#include <string.h>

enum {
	PLACE_MAX = 32,         /* bytes around a piece */
	TAGS_MAX = 4096,        /* tags read in one place */
	NESTING_MAX = 2,        /* documents inside attributes */
};

/* What stands before and behind a piece. */
struct surroundings {
	const char *before, *after;
};

static const struct surroundings places[] = {
	{ "", "" },
	{ "<i t=\"", "\">" }, { "<i t='", "'>" }, { "<i t=", " >" }, { "<i ", ">" },
	{ "<title>", "</title>" }, { "<textarea>", "</textarea>" }, { "<style>", "</style>" }, { "<script>", "</script>" },
	{ "<noscript>", "</noscript>" }, { "<iframe>", "</iframe>" },
	{ "<!--", "-->" },
};

/* Elements whose content is no markup, up to their own end tag. */
static const char *const raw_elements[] = { "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes",
                                            "noscript" };

/* Reading one place. */
struct reader {
	struct bytes text;
	size_t at;
	size_t first;           /* where the piece begins: what begins before it is the page's own */
	unsigned nesting;
	struct html_result *result;
};

static uint8_t byte_at(const struct reader *r, size_t at)
{
	return at < r->text.left ? r->text.at[at] : 0;
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_raw(struct bytes name)
{
	for (size_t i = 0; i < COUNT_OF(raw_elements); i++) {
		if (bytes_equal_fold(name, bytes_text(raw_elements[i])))
			return true;
	}
	return false;
}

/* Where the end tag of that name begins, or the end. */
static size_t raw_end(const struct reader *r, size_t at, struct bytes name)
{
	for (; at + 2 + name.left < r->text.left; at++) {
		uint8_t after = byte_at(r, at + 2 + name.left);

		if (r->text.at[at] == '<' && r->text.at[at + 1] == '/' &&
		    bytes_equal_fold(bytes_of(r->text.at + at + 2, name.left), name) && (is_space(after) || after == '/' || after == '>'))
			return at;
	}
	return r->text.left;
}

/* One attribute at r->at; name and value get it. False at the tag's end. */
static bool next_attribute(struct reader *r, struct bytes *name, struct bytes *value)
{
	size_t start;
	uint8_t quote;

	while (r->at < r->text.left && (is_space(byte_at(r, r->at)) || byte_at(r, r->at) == '/'))
		r->at++;
	if (r->at >= r->text.left || byte_at(r, r->at) == '>')
		return false;
	start = r->at++; /* the first byte belongs to the name whatever it is */
	while (r->at < r->text.left && !is_space(byte_at(r, r->at)) && strchr("/>=", byte_at(r, r->at)) == NULL)
		r->at++;
	*name = bytes_of(r->text.at + start, r->at - start);
	*value = (struct bytes){ 0 };
	for (start = r->at; is_space(byte_at(r, start)); start++)
		;
	if (byte_at(r, start) != '=')
		return true;
	for (start++; is_space(byte_at(r, start)); start++)
		;
	quote = byte_at(r, start);
	if (quote == '"' || quote == '\'') {
		const uint8_t *end = memchr(r->text.at + start + 1, quote, r->text.left - start - 1);

		if (end == NULL) { /* the tag never ends: no element */
			r->at = r->text.left;
			return false;
		}
		*value = bytes_of(r->text.at + start + 1, (size_t)(end - r->text.at) - start - 1);
		r->at = (size_t)(end - r->text.at) + 1;
		return true;
	}
	for (r->at = start; r->at < r->text.left && !is_space(byte_at(r, r->at)) && byte_at(r, r->at) != '>'; r->at++)
		;
	*value = bytes_of(r->text.at + start, r->at - start);
	return true;
}

static void read_text(struct bytes text, size_t first, unsigned nesting, struct html_result *result);

static void note_attribute(struct reader *r, struct bytes element, struct bytes name, struct bytes value)
{
	uint8_t plain[HTML_CODE_MAX];
	struct sink out = sink_over(plain, sizeof(plain));

	if (value.left == 0 || value.left > sizeof(plain) || (size_t)(value.at - r->text.at) + value.left <= r->first)
		return;
	html_unescape(value, &out);
	if (bytes_equal_fold(name, bytes_text("srcdoc")) && bytes_equal_fold(element, bytes_text("iframe"))) {
		if (r->nesting < NESTING_MAX)
			read_text(bytes_of(plain, out.used), 0, r->nesting + 1, r->result);
		return;
	}
	/* an element of the page, whatever it is */
	if ((size_t)(element.at - r->text.at) < r->first)
		element = bytes_text("*");
	html_script_of_attribute(r->result, element, name, bytes_of(plain, out.used));
}

/* The tag whose name begins at r->at. */
static void read_tag(struct reader *r)
{
	size_t start = r->at, first = r->at - 1;
	struct bytes element, name, value;
	bool source = false;

	while (r->at < r->text.left && !is_space(byte_at(r, r->at)) && byte_at(r, r->at) != '/' && byte_at(r, r->at) != '>')
		r->at++;
	element = bytes_of(r->text.at + start, r->at - start);
	while (next_attribute(r, &name, &value)) {
		source |= bytes_equal_fold(name, bytes_text("src"));
		note_attribute(r, element, name, value);
	}
	if (r->at < r->text.left)
		r->at++;
	if (!is_raw(element))
		return;
	start = r->at;
	r->at = raw_end(r, start, element);
	if (bytes_equal_fold(element, bytes_text("script")) && !source && first >= r->first)
		html_script_add(r->result, "script", bytes_of(r->text.at + start, r->at - start));
}

/* Behind a comment, a declaration or an end tag that begins at r->at. */
static void skip_other(struct reader *r)
{
	bool comment = bytes_starts_fold(bytes_of(r->text.at + r->at, r->text.left - r->at), bytes_text("<!--"));
	const uint8_t *end;

	if (!comment) {
		struct bytes name, value;

		if (byte_at(r, r->at + 1) == '/' && isalpha(byte_at(r, r->at + 2))) {
			for (r->at += 2; r->at < r->text.left && isalnum(byte_at(r, r->at)); r->at++)
				;
			while (next_attribute(r, &name, &value))
				;
		}
		end = memchr(r->text.at + r->at, '>', r->text.left - r->at);
		r->at = end != NULL ? (size_t)(end - r->text.at) + 1 : r->text.left;
		return;
	}
	r->at += 4;
	if (byte_at(r, r->at) == '>' || (byte_at(r, r->at) == '-' && byte_at(r, r->at + 1) == '>'))
		return;
	for (; r->at < r->text.left; r->at++) {
		struct bytes rest = bytes_of(r->text.at + r->at, r->text.left - r->at);

		if (bytes_starts_fold(rest, bytes_text("-->")) || bytes_starts_fold(rest, bytes_text("--!>")))
			break;
	}
}

static void read_text(struct bytes text, size_t first, unsigned nesting, struct html_result *result)
{
	struct reader r = { .text = text, .first = first, .nesting = nesting, .result = result };

	for (unsigned tags = 0; r.at < text.left && tags < TAGS_MAX;) {
		if (byte_at(&r, r.at) != '<') {
			r.at++;
			continue;
		}
		tags++;
		if (isalpha(byte_at(&r, r.at + 1))) {
			r.at++;
			read_tag(&r);
		} else if (byte_at(&r, r.at + 1) == '!' || byte_at(&r, r.at + 1) == '/' || byte_at(&r, r.at + 1) == '?') {
			skip_other(&r);
		} else {
			r.at++;
		}
	}
}

void html_evaluate(struct bytes code, struct html_result *ret)
{
	uint8_t room[HTML_CODE_MAX + 2 * PLACE_MAX];

	ret->count = ret->left = 0;
	if (code.left > HTML_CODE_MAX)
		code.left = HTML_CODE_MAX;
	for (size_t i = 0; i < COUNT_OF(places) && code.left > 0; i++) {
		struct sink s = sink_over(room, sizeof(room));
		size_t first = strlen(places[i].before);

		sink_put(&s, places[i].before, first);
		sink_put(&s, code.at, code.left);
		sink_put(&s, places[i].after, strlen(places[i].after));
		read_text(bytes_of(room, s.used), first, 0, ret);
	}
	html_scripts_of_address(ret, code);
	html_scripts_of_string(ret, code);
}

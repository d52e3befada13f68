/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Script for a browser: elements and attributes that run some, values that leave an attribute or a string of a script to
 * do so, and addresses that are script. Whether a browser runs it in the page, a parse of the response tells.
 */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/listing.h"
#include "control/extract/writing.h"

#include <ctype.h>
#include <string.h>

enum {
	MARKUP_MAX = 16 << 10,  /* bytes of a value that are looked at */
	HANDLER_MIN = 3,        /* letters behind "on" */
	CODES_MAX = 3,          /* readings of one value that are noted: the first is the likely one */
	OPENING_MAX = 24,       /* bytes between the end of a string and the call behind it */
	CONTROL_RUN_MAX = 16,   /* blanks and controls that an address's scheme may be hidden with */
};

/* What only a browser gives a script: functions and objects of its window. Other languages know none of these names. */
static const char *const globals[] = {
	"alert", "confirm", "prompt", "document", "window", "location", "fetch", "navigator", "localStorage", "sessionStorage",
	"XMLHttpRequest", "postMessage", "requestAnimationFrame",
};

/* Names of the window itself, which templates know too: with a bracket they give its functions by name. */
static const char *const windows[] = { "self", "top", "parent", "frames", "globalThis", "this" };

static bool is_word(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$';
}

static size_t word_end(struct bytes b, size_t at)
{
	while (at < b.left && is_word(b.at[at]))
		at++;
	return at;
}

static size_t skip_blanks(struct bytes b, size_t at)
{
	while (at < b.left && isspace(b.at[at]))
		at++;
	return at;
}

static struct bytes from(struct bytes b, size_t at)
{
	return bytes_of(b.at + at, b.left - at);
}

/* Does a script of some kind stand here: a call, an assignment to a property, a tagged template, or brackets alone? */
static bool holds_call(struct bytes b)
{
	for (size_t i = 1; i < b.left; i++) {
		uint8_t before = b.at[i - 1];

		if ((b.at[i] == '(' || b.at[i] == '`') && (is_word(before) || strchr(")]`}>=!*/'\"", before) != NULL))
			return true;
		if (b.at[i] == '=' && is_word(before) && i + 1 < b.left && b.at[i + 1] != '=' &&
		    bytes_find(bytes_of(b.at, i), bytes_text("location")) >= 0)
			return true;
	}
	return bytes_find(b, bytes_text("\\u")) >= 0 || bytes_find(b, bytes_text("&#")) >= 0 || bytes_find(b, bytes_text("&lpar")) >= 0;
}

/* An attribute of the name on… with a value, where a name may begin. */
static bool is_handler(struct bytes b, size_t at)
{
	size_t end = at + 2;

	if (at + 2 + HANDLER_MIN > b.left || (b.at[at] | 0x20) != 'o' || (b.at[at + 1] | 0x20) != 'n')
		return false;
	while (end < b.left && isalpha(b.at[end]))
		end++;
	if (end - at - 2 < HANDLER_MIN)
		return false;
	end = skip_blanks(b, end);
	return end + 1 < b.left && b.at[end] == '=' && holds_call(from(b, end + 1));
}

/* An address whose scheme is script, or a document with markup of its own; blanks and controls inside the scheme fall away. */
static bool is_script_address(struct bytes b)
{
	static const char *const schemes[] = { "javascript:", "vbscript:", "livescript:" };
	uint8_t plain[32];
	size_t len = 0, i = 0;

	for (unsigned skipped = 0; i < b.left && len < sizeof(plain); i++) {
		if (b.at[i] > ' ')
			plain[len++] = b.at[i];
		else if (++skipped > CONTROL_RUN_MAX)
			break;
		if (b.at[i] == ':')
			break;
	}
	for (size_t n = 0; n < COUNT_OF(schemes); n++) {
		struct bytes rest;

		if (!bytes_equal_fold(bytes_of(plain, len), bytes_text(schemes[n])))
			continue;
		rest = bytes_trim(from(b, i < b.left ? i + 1 : b.left));
		/* what pages write where a link does nothing */
		if (bytes_starts_fold(rest, bytes_text("void")) && memchr(rest.at, ',', rest.left) == NULL &&
		    rest.left <= sizeof("void(0);"))
			return false;
		return holds_call(rest) || memchr(rest.at, '=', rest.left) != NULL || memchr(rest.at, '%', rest.left) != NULL;
	}
	return bytes_starts_fold(b, bytes_text("data:text/html")) || bytes_starts_fold(b, bytes_text("data:image/svg+xml")) ||
		bytes_starts_fold(b, bytes_text("data:text/xml")) || bytes_starts_fold(b, bytes_text("data:application/xhtml"));
}

/* The end of the tag that begins at b[at]: behind its closing bracket, quotes in values heeded; b.left at most. */
static size_t tag_end(struct bytes b, size_t at)
{
	uint8_t quote = 0;

	for (; at < b.left; at++) {
		uint8_t c = b.at[at];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if ((c == '"' || c == '\'') && b.at[at - 1] == '=')
			quote = c;
		else if (c == '>')
			return at + 1;
	}
	return b.left;
}

/* Attributes of a tag's inside that run script. */
static bool tag_runs(struct bytes inside)
{
	for (size_t i = 1; i < inside.left; i++) {
		uint8_t before = inside.at[i - 1];

		if ((isspace(before) || before == '/' || before == '"' || before == '\'' || before == 0x0c) && is_handler(inside, i))
			return true;
		if (before == '=' || ((before == '"' || before == '\'') && i > 1 && inside.at[i - 2] == '=')) {
			uint8_t plain[512];
			struct sink out = sink_over(plain, sizeof(plain));
			struct bytes value = from(inside, skip_blanks(inside, i));

			if (value.left > sizeof(plain))
				value.left = sizeof(plain);
			if (is_script_address(value) || (decode_html.undo(value, &out) && is_script_address(bytes_of(plain, out.used))))
				return true;
		}
		if (bytes_starts_fold(from(inside, i), bytes_text("srcdoc")) && !is_word(before))
			return true;
	}
	return false;
}

/* A script element with a source, or with something in it that is script. */
static bool script_runs(struct bytes b, size_t inside, size_t end)
{
	struct bytes tag = bytes_of(b.at + inside, end - inside), body = from(b, end);
	ptrdiff_t close;

	for (size_t i = 0; i + 3 < tag.left; i++) {
		if (bytes_starts_fold(from(tag, i), bytes_text("src")) && b.at[inside + i - 1] != '-' &&
		    memchr(tag.at + i, '=', tag.left - i) != NULL)
			return true;
	}
	close = bytes_find(body, bytes_text("</"));
	if (close >= 0)
		body.left = (size_t)close;
	return holds_call(body);
}

/* An element that runs script. */
static bool holds_element(struct bytes b)
{
	for (size_t i = 0; i + 1 < b.left; i++) {
		size_t name = i + 1, inside, end;

		if (b.at[i] != '<' || !isalpha(b.at[name]) || listing_holds(b, i))
			continue;
		for (inside = name; inside < b.left && (isalnum(b.at[inside]) || b.at[inside] == ':' || b.at[inside] == '-'); inside++)
			;
		end = tag_end(b, inside);
		if (bytes_equal_fold(bytes_of(b.at + name, inside - name), bytes_text("script")) ||
		    bytes_equal_fold(bytes_of(b.at + name, inside - name), bytes_text("svg:script"))) {
			if (script_runs(b, inside, end))
				return true;
		} else if (tag_runs(bytes_of(b.at + inside, end - inside))) {
			return true;
		}
	}
	return false;
}

/* A quote, or the value's own beginning, and then a handler: it leaves the attribute that it is put into. */
static bool leaves_attribute(struct bytes b)
{
	bool quoted = false;

	for (size_t i = 0; i < b.left; i++) {
		if ((i == 0 || isspace(b.at[i - 1]) || ((quoted || b.at[i - 1] == '/') && !is_word(b.at[i - 1]))) && is_handler(b, i))
			return !listing_holds(b, i);
		quoted |= b.at[i] == '"' || b.at[i] == '\'' || b.at[i] == '`';
		if (b.at[i] == '<' || b.at[i] == '>')
			return false;
	}
	return false;
}

/* Behind a path of words, brackets and dots that begins with a global of a browser; at where none begins. */
static size_t global_end(struct bytes b, size_t at)
{
	size_t end = word_end(b, at);
	bool known = false;

	for (size_t i = 0; i < COUNT_OF(globals); i++)
		known |= bytes_equal(bytes_of(b.at + at, end - at), bytes_text(globals[i]));
	for (size_t i = 0; i < COUNT_OF(windows); i++)
		known |= end < b.left && b.at[end] == '[' && bytes_equal(bytes_of(b.at + at, end - at), bytes_text(windows[i]));
	if (!known)
		return at;
	while (end < b.left && (is_word(b.at[end]) || b.at[end] == '.' || b.at[end] == '[' || b.at[end] == ']' || b.at[end] == '?' ||
	                        ((b.at[end] == '\'' || b.at[end] == '"') && (b.at[end - 1] == '[' || (end + 1 < b.left && b.at[end + 1] == ']')))))
		end++;
	return end;
}

/* Does only what is no word stand between the end of a string, a comment or a statement, or the value's beginning, and `at`? */
static bool opens_code(struct bytes b, size_t at)
{
	for (size_t i = at; i > 0 && at - i < OPENING_MAX; i--) {
		uint8_t c = b.at[i - 1];

		/* a comment ends with its line, and one line break leaves it: what further lines hold is a listing */
		if (c == '\n')
			return memchr(b.at, '\n', i - 1) == NULL;
		if (c == '\'' || c == '"' || c == '`' || (c == ';' && i == at) || (c == '/' && i > 1 && b.at[i - 2] == '*'))
			return true;
		if (isalpha(c) || c >= 0x80 || c == '_')
			return false;
		if (i == 1)
			return !isspace(c);
	}
	return false;
}

/* May what stands at `at` be given a value? Not what an operator works on: "--location=x" is an option of a command. */
static bool is_assignment(struct bytes b, size_t at, size_t end)
{
	while (at > 0 && isspace(b.at[at - 1]))
		at--;
	return b.at[end] == '=' && (end + 1 == b.left || b.at[end + 1] != '=') && (at == 0 || (b.at[at - 1] != '-' && b.at[at - 1] != '+'));
}

/* A call that stands between quotes of its own is text. */
static bool is_quoted(struct bytes b, size_t at, size_t end)
{
	uint8_t quote = at > 0 ? b.at[at - 1] : 0;
	const uint8_t *close = quote == '\'' || quote == '"' ? memchr(b.at + end, ')', b.left - end) : NULL;

	return close != NULL && close + 1 < b.at + b.left && close[1] == quote && at >= 2;
}

/* A call of a browser's function where a script goes on behind a string that the value has ended, or the whole value. */
static bool leaves_string(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		size_t end;

		if (!is_word(b.at[i]) || (i > 0 && (is_word(b.at[i - 1]) || b.at[i - 1] == '.' || b.at[i - 1] == '<')))
			continue;
		end = global_end(b, i);
		if (end == i || end >= b.left || (b.at[end] != '(' && b.at[end] != '`' && !is_assignment(b, i, end)))
			continue;
		if (i == 0) /* the whole value is one call */
			return b.at[end] != '=' && (b.at[b.left - 1] == ')' || b.at[b.left - 1] == '`' || b.at[b.left - 1] == ';');
		if (opens_code(b, i) && !is_quoted(b, i, end))
			return !listing_holds(b, i);
	}
	return false;
}

/* Readings of one value that were noted before. */
static unsigned noted(const struct finder *f, const struct carrier *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->found.count; i++)
		n += f->found.codes[i].language == LANGUAGE_HTML && f->found.codes[i].part == c->part &&
			f->found.codes[i].offset == c->offset;
	return n;
}

static bool is_text(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] == '\0' && i > 0 && b.at[i - 1] == '\0')
			return false;
	}
	return b.left > 0;
}

void markup_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_HTML, .class_name = "xss", .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };
	struct bytes text = bytes_trim(l->text);
	bool value = c->kind == CARRIER_PARAMETER || c->kind == CARRIER_COOKIE, marked;

	if (c->kind == CARRIER_STREAM || c->kind == CARRIER_BODY || text.left > MARKUP_MAX || !is_text(text))
		return;
	marked = holds_element(text) || (c->kind != CARRIER_HEADER && leaves_attribute(text)) || (value && is_script_address(text));
	if ((!marked && !(value && leaves_string(text))) || noted(f, c) >= CODES_MAX)
		return;
	/* a call that leaves nothing is a question about it; and what leaves something is no text about that */
	s.quiet = (!marked && writing_field(c->name) && global_end(text, 0) > 0) || writing_is_page(text) ||
		(!holds_element(text) && (writing_is_about(text, bytes_of(text.at, 0)) || writing_is_excerpt(text, false)));
	s.text = text;
	finder_note(f, c, l, &s);
}

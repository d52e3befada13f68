/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values that are wholes of others once they are decoded: JSON in a field, XML in a text, parts in a part, a signed token. */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <string.h>

enum { TOKEN_MIN = 12 /* bytes of base64 that a token's first piece has at least: {"alg":… */ };

static const struct step *const natural_base64[] = { &decode_base64, NULL };
static const char *const names[] = { [NESTED_JSON] = "json", [NESTED_XML] = "xml", [NESTED_PARTS] = "parts", [NESTED_TOKEN] = "token", [NESTED_ZIP] = "zip" };

/* An object or a list with strings, and outside its strings nothing but what JSON has there. RFC 8259. Lines of them, too. */
static bool is_json(struct bytes b)
{
	unsigned strings = 0;

	if (b.left < 4 || (b.at[0] != '{' && b.at[0] != '[') || (b.at[b.left - 1] != '}' && b.at[b.left - 1] != ']'))
		return false;
	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] != '"') {
			if (!isspace(b.at[i]) && memchr("{}[]:,+-.0123456789truefalsnE", b.at[i], 29) == NULL)
				return false;
			continue;
		}
		for (i++; i < b.left && b.at[i] != '"'; i++)
			i += b.at[i] == '\\';
		if (i >= b.left)
			return false;
		strings++;
	}
	return strings > 0;
}

/* A query of GraphQL with texts among its arguments: they are quoted as JSON's. */
static bool is_graphql(struct bytes b)
{
	static const char *const words[] = { "{", "query", "mutation", "subscription" };
	const uint8_t *brace = b.left > 0 ? memchr(b.at, '{', b.left) : NULL;
	bool begins = false;

	for (size_t i = 0; i < COUNT_OF(words); i++)
		begins |= bytes_starts_fold(b, bytes_text(words[i]));
	if (!begins || brace == NULL || b.at[b.left - 1] != '}')
		return false;
	for (const uint8_t *at = brace + 1; at < b.at + b.left; at++) {
		if (*at == '(')
			return memchr(at, ':', (size_t)(b.at + b.left - at)) != NULL && memchr(at, '"', (size_t)(b.at + b.left - at)) != NULL;
		if (!isalnum(*at) && !isspace(*at) && *at != '_' && *at != ':')
			return false;
	}
	return false;
}

bool nested_is_active(struct bytes b)
{
	for (size_t i = 0; i + 3 < b.left; i++) {
		struct bytes rest = bytes_of(b.at + i, b.left - i);

		if (bytes_starts_fold(rest, bytes_text("<script")) || bytes_starts_fold(rest, bytes_text("javascript:")) ||
		    (isspace(b.at[i]) && bytes_starts_fold(bytes_of(rest.at + 1, rest.left - 1), bytes_text("on")) && memchr(rest.at, '=', rest.left) != NULL))
			return true;
	}
	return false;
}

/* Elements that a piece of a page begins with: what people write in an editor is prose, however it is marked up. HTML, 4. */
static bool is_of_page(struct bytes name)
{
	static const char *const elements[] = {
		"a", "abbr", "article", "aside", "b", "big", "blockquote", "body", "br", "center", "code", "dd", "del", "details", "div", "dl",
		"dt", "em", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "html", "i", "img", "ins",
		"kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "section", "small", "span", "strike", "strong", "style", "sub",
		"summary", "sup", "table", "tbody", "td", "template", "th", "thead", "title", "tr", "tt", "u", "ul", "var",
	};

	return bytes_is_one_of(name, elements, COUNT_OF(elements));
}

/* The length of the element's name that b begins with, its bracket with it. */
static size_t name_end(struct bytes b)
{
	size_t len = 1;

	while (len < b.left && (isalnum(b.at[len]) || strchr(":_-.", b.at[len]) != NULL) && b.at[len] != '\0')
		len++;
	return len;
}

bool nested_is_page(struct bytes b)
{
	ptrdiff_t declared = bytes_starts_fold(b, bytes_text("<?xml")) ? bytes_find(b, bytes_text("?>")) : -1;

	if (declared >= 0)
		b = bytes_trim(bytes_of(b.at + declared + 2, b.left - (size_t)declared - 2));
	while (bytes_starts_fold(b, bytes_text("<!--")) && (declared = bytes_find(b, bytes_text("-->"))) >= 0)
		b = bytes_trim(bytes_of(b.at + declared + 3, b.left - (size_t)declared - 3));
	if (bytes_starts_fold(b, bytes_text("</"))) /* a piece of one */
		b = bytes_of(b.at + 1, b.left - 1);
	if (b.left < 2 || (b.at[0] != '<' && b.at[0] != '/'))
		return false;
	return bytes_starts_fold(b, bytes_text("<!doctype html")) || is_of_page(bytes_of(b.at + 1, name_end(b) - 1));
}

/* A document: one that says so, or one whose first element is closed at its end. */
static bool is_xml(struct bytes b)
{
	size_t len;

	if (b.left < 7 || b.at[0] != '<' || b.at[b.left - 1] != '>')
		return false;
	if (bytes_starts_fold(b, bytes_text("<?xml")))
		return !nested_is_page(b);
	len = name_end(b);
	if (len == 1 || 2 * len + 2 > b.left || memcmp(b.at + b.left - len - 2, "</", 2) != 0 ||
	    memcmp(b.at + b.left - len, b.at + 1, len - 1) != 0)
		return false;
	return !is_of_page(bytes_of(b.at + 1, len - 1)) && !nested_is_active(b);
}

static bool is_base64(uint8_t c)
{
	return isalnum(c) || c == '-' || c == '_' || c == '=' || c == '+' || c == '/';
}

/* Pieces of base64 between dots or colons, the first of which is an object of JSON: {" in base64 is eyJ. RFC 7519. */
static bool is_token(struct bytes b)
{
	size_t dots = 0, first = 0;

	if (!bytes_starts_fold(b, bytes_text("eyJ")) || memcmp(b.at, "eyJ", 3) != 0)
		return false;
	for (size_t i = 0; i < b.left; i++) {
		bool cut = b.at[i] == '.' || b.at[i] == ':';

		if (!cut && !is_base64(b.at[i]))
			return false;
		first = cut && dots == 0 ? i : first;
		dots += cut;
	}
	return dots > 0 && first >= TOKEN_MIN;
}

/* Behind "Bearer" and the like. */
static struct bytes last_word(struct bytes b)
{
	struct bytes rest = b, word = b;

	for (unsigned i = 0; i < 2 && rest.left > 0; i++)
		word = http_split(&rest, ' ');
	return rest.left > 0 ? b : word;
}

/* Numbers before an event's list, as Socket.IO writes them. */
static struct bytes event_of(struct bytes b)
{
	size_t i = 0;

	while (i < b.left && i < 8 && isdigit(b.at[i]))
		i++;
	return i < b.left && b.at[i] == '[' ? bytes_of(b.at + i, b.left - i) : b;
}

static enum nested_form form_of(const struct carrier *c, struct bytes *text)
{
	struct bytes word = last_word(*text), event = event_of(*text);

	if (bytes_starts_fold(*text, bytes_of("PK\3\4", 4)))
		return NESTED_ZIP;
	if (is_json(event)) {
		*text = event;
		return NESTED_JSON;
	}
	if (is_graphql(*text))
		return NESTED_JSON;
	if (c->kind != CARRIER_HEADER && is_xml(*text))
		return NESTED_XML;
	if (parts_boundary(*text).left > 0)
		return NESTED_PARTS;
	if (!is_token(word))
		return c->says;
	*text = word;
	return NESTED_TOKEN;
}

bool nested_note(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes text = bytes_trim(l->text);
	enum nested_form form;
	struct nested *n = &f->nested[f->nested_count];

	if (c->kind == CARRIER_BODY || c->kind == CARRIER_STREAM || c->kind == CARRIER_PATH || text.left == 0 ||
	    c->depth == FINDER_NESTED_DEPTH_MAX || l->count == EXTRACT_LAYERS_MAX)
		return false;
	form = form_of(c, &text);
	if (form == NESTED_NONE)
		return false;
	if (f->nested_count == FINDER_NESTED_MAX) {
		f->found.left++;
		return false;
	}
	*n = (struct nested){ .form = form, .whole = *c, .layer = *l };
	if (n->whole.kind == CARRIER_HEADER && form != NESTED_PARTS)
		n->whole.kind = CARRIER_COOKIE; /* what has fields in a header is read by an application */
	if (l->count == 0 && c->text.at == NULL) { /* as it stood: its pieces have places of their own */
		n->whole.offset += (uint64_t)(text.at - c->raw.at);
		n->whole.raw = text;
	} else {
		n->whole.text = text;
	}
	n->file = c->file;
	n->whole.file = (struct bytes){ 0 };
	n->whole.charset = (struct bytes){ 0 };
	n->whole.depth++;
	n->whole.says = NESTED_NONE;
	memcpy(n->whole.undone, l->names, sizeof(n->whole.undone));
	n->whole.undone_count = l->count;
	n->whole.undone[n->whole.undone_count++] = names[form];
	f->nested_count++;
	return true;
}

static void carriers_of_token(struct finder *f, const struct carrier *like, struct bytes token)
{
	while (token.left > 0) {
		struct bytes piece = token;
		struct carrier c;

		for (piece.left = 0; piece.left < token.left && is_base64(piece.at[piece.left]); piece.left++)
			;
		c = carrier_piece(like, piece, like->name);
		finder_look(f, &c, natural_base64);
		token = bytes_of(token.at + piece.left, token.left - piece.left);
		if (token.left > 0)
			token = bytes_of(token.at + 1, token.left - 1);
	}
}

/* The pieces first, so that a code has its own place; then what only the whole is. */
static void unfold(struct finder *f, const struct nested *n)
{
	struct bytes text = carrier_text(&n->whole);
	struct carrier whole = n->whole;

	switch (n->form) {
	case NESTED_JSON:
		carriers_of_json(f, &n->whole, text);
		break;
	case NESTED_XML:
		carriers_of_xml(f, &n->whole, text);
		break;
	case NESTED_PARTS:
		carriers_of_parts(f, &n->whole, parts_boundary(text), text);
		break;
	case NESTED_TOKEN:
		carriers_of_token(f, &n->whole, text);
		break;
	case NESTED_ZIP:
		carriers_of_zip(f, &n->whole, text);
		break;
	case NESTED_NONE:
		break;
	}
	whole.kind = CARRIER_BODY;
	whole.file = n->file;
	finder_recognise(f, &whole, &n->layer);
}

/* One loop, not wholes within wholes: what is found meanwhile is noted behind. */
void nested_unfold(struct finder *f)
{
	if (f->unfolding)
		return;
	f->unfolding = true;
	for (; f->nested_done < f->nested_count; f->nested_done++)
		unfold(f, &f->nested[f->nested_done]);
	f->nested_done = f->nested_count = 0;
	f->unfolding = false;
}

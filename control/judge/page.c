/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree is gumbo's, in memory of ours that is bounded and given back at once. */
#include "control/judge/page.h"

#include "control/wire/url.h"

#include <ctype.h>
#include <errno.h>
#include <gumbo.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 256 << 10, ELEMENT_NAME_MAX = 32 };

struct chunk {
	struct chunk *next;
	size_t size, used;
	max_align_t bytes[];
};

struct page {
	struct bytes text;
	struct chunk *chunks;
	size_t memory;
	jmp_buf full;            /* the library has no way to be told that memory is out */
	unsigned count, left;
	struct page_script scripts[PAGE_SCRIPTS_MAX];
};

static void *take(struct page *p, size_t len)
{
	struct chunk *c = p->chunks;
	void *at = NULL;

	len = (len + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	if (c == NULL || c->size - c->used < len) {
		size_t size = len > CHUNK_SIZE ? len : CHUNK_SIZE;

		if (p->memory + size > PAGE_MEMORY_MAX || (c = malloc(sizeof(*c) + size)) == NULL)
			return NULL;
		*c = (struct chunk){ .next = p->chunks, .size = size };
		p->chunks = c;
		p->memory += size;
	}
	at = (uint8_t *)c->bytes + c->used;
	c->used += len;
	return at;
}

static void *tree_take(void *context, size_t len)
{
	struct page *p = context;
	void *at = take(p, len);

	if (at == NULL)
		longjmp(p->full, 1);
	return at;
}

static void tree_give(void *context, void *at)
{
}

/* More open elements than that: the parser's work for each tag grows with them. */
static bool is_deep(struct bytes text)
{
	static const char *const leaves[] = { "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
	                                      "track", "wbr", "p", "li", "option", "tr", "td", "th", "dt", "dd" };
	size_t open = 0;

	for (size_t i = 0; i + 1 < text.left; i++) {
		size_t end = i + 1;
		bool leaf = false;

		if (text.at[i] != '<')
			continue;
		if (text.at[i + 1] == '/') {
			open -= open > 0;
			continue;
		}
		while (end < text.left && isalnum(text.at[end]))
			end++;
		for (size_t n = 0; n < COUNT_OF(leaves); n++)
			leaf |= bytes_equal_fold(bytes_of(text.at + i + 1, end - i - 1), bytes_text(leaves[n]));
		if (!leaf && end > i + 1 && ++open > PAGE_OPEN_MAX)
			return true;
	}
	return false;
}

static const char *lowered(struct page *p, struct bytes name)
{
	size_t len = name.left < ELEMENT_NAME_MAX ? name.left : ELEMENT_NAME_MAX;
	char *text = take(p, len + 1);

	for (size_t i = 0; text != NULL && i < len; i++)
		text[i] = (char)tolower(name.at[i]);
	if (text != NULL)
		text[len] = '\0';
	return text != NULL ? text : "";
}

/* An element's name as it stands in the page, without a prefix; "" where the parser made the element itself. */
static const char *element_name(struct page *p, const GumboElement *e)
{
	struct bytes tag = bytes_of(e->original_tag.data, e->original_tag.length);
	size_t start = 1, end = 1;

	while (end < tag.left && !isspace(tag.at[end]) && tag.at[end] != '/' && tag.at[end] != '>') {
		if (tag.at[end++] == ':')
			start = end;
	}
	return tag.left > 1 ? lowered(p, bytes_of(tag.at + start, end - start)) : "";
}

/* "javascript:" in front. */
static bool is_script_scheme(struct bytes b)
{
	return url_take_script(&b);
}

/* Attributes whose address a browser goes to: it shows others' as an image or a style, and runs nothing of it. */
static bool is_followed(const char *element, const char *attribute)
{
	static const struct { const char *element, *attribute; } followed[] = {
		{ "a", "href" }, { "area", "href" }, { "iframe", "src" }, { "frame", "src" }, { "embed", "src" }, { "object", "data" },
		{ "form", "action" }, { "button", "formaction" }, { "input", "formaction" }, { "math", "href" }, { "set", "to" },
		{ "animate", "to" }, { "animate", "from" }, { "animate", "values" }, { "portal", "src" },
	};

	for (size_t i = 0; i < COUNT_OF(followed); i++) {
		if (strcmp(element, followed[i].element) == 0 && strcmp(attribute, followed[i].attribute) == 0)
			return true;
	}
	return false;
}

static bool is_handler(const char *name)
{
	return strncmp(name, "on", 2) == 0 && strlen(name) > 4;
}

static void add(struct page *p, const struct page_script *s)
{
	if (s->written.left == 0)
		return;
	if (p->count < PAGE_SCRIPTS_MAX)
		p->scripts[p->count++] = *s;
	else
		p->left++;
}

static struct bytes unquoted(GumboStringPiece piece)
{
	struct bytes b = bytes_of(piece.data, piece.length);

	if (b.left >= 2 && (b.at[0] == '"' || b.at[0] == '\'') && b.at[b.left - 1] == b.at[0])
		b = bytes_of(b.at + 1, b.left - 2);
	return b;
}

static void add_attributes(struct page *p, const GumboElement *e, const char *element)
{
	size_t tag = (size_t)((const uint8_t *)e->original_tag.data - p->text.at);

	for (unsigned i = 0; i < e->attributes.length; i++) {
		const GumboAttribute *a = e->attributes.data[i];
		struct page_script s = { .element = element, .attribute = a->name, .text = bytes_text(a->value), .tag_from = tag };

		if (a->original_name.data == NULL || a->original_value.length == 0)
			continue;
		s.from = (size_t)((const uint8_t *)a->original_name.data - p->text.at);
		s.written = unquoted(a->original_value);
		if (strncmp(s.attribute, "xlink:", 6) == 0)
			s.attribute += 6;
		s.address = (is_followed(element, s.attribute) && (is_script_scheme(s.text) || bytes_starts_fold(s.text, bytes_text("data:")))) ||
			(strcmp(element, "script") == 0 && (strcmp(s.attribute, "src") == 0 || strcmp(s.attribute, "href") == 0));
		if (is_handler(a->name) || s.address || strcmp(a->name, "srcdoc") == 0)
			add(p, &s);
	}
}

/* Is the content of a script element of this type run? */
static bool runs(const GumboElement *e)
{
	static const char *const types[] = { "", "module", "text/javascript", "application/javascript", "text/ecmascript",
	                                     "application/ecmascript", "application/x-javascript", "text/jscript", "text/livescript" };
	const GumboAttribute *type = NULL, *source = NULL;

	for (unsigned i = 0; i < e->attributes.length; i++) {
		const GumboAttribute *a = e->attributes.data[i];

		if (strcmp(a->name, "type") == 0)
			type = a;
		if (strcmp(a->name, "src") == 0)
			source = a;
	}
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (type == NULL || bytes_equal_fold(bytes_text(type->value), bytes_text(types[i])))
			return source == NULL;
	}
	return false;
}

static void add_content(struct page *p, const GumboElement *e, const char *element)
{
	for (unsigned i = 0; runs(e) && i < e->children.length; i++) {
		const GumboNode *child = e->children.data[i];
		struct page_script s = { .element = element, .attribute = "" };

		if (child->type != GUMBO_NODE_TEXT && child->type != GUMBO_NODE_CDATA && child->type != GUMBO_NODE_WHITESPACE)
			continue;
		s.text = bytes_text(child->v.text.text);
		s.written = bytes_of(child->v.text.original_text.data, child->v.text.original_text.length);
		s.from = s.tag_from = (size_t)((const uint8_t *)e->original_tag.data - p->text.at);
		add(p, &s);
	}
}

/* Nothing below it is run as the page stands. */
static bool is_inert(const GumboNode *n)
{
	return n->type == GUMBO_NODE_TEMPLATE;
}

/* For browsers with script, what stands up to its end tag is text; the library reads as browsers without. */
static size_t noscript_end(const struct page *p, const GumboElement *e)
{
	size_t at = (size_t)((const uint8_t *)e->original_tag.data - p->text.at);

	for (; at < p->text.left; at++) {
		if (bytes_starts_fold(bytes_of(p->text.at + at, p->text.left - at), bytes_text("</noscript")))
			break;
	}
	return at;
}

static const GumboVector *children_of(const GumboNode *n)
{
	static const GumboVector none = { 0 };

	if (is_inert(n))
		return &none;
	return n->type == GUMBO_NODE_DOCUMENT ? &n->v.document.children : n->type == GUMBO_NODE_ELEMENT ? &n->v.element.children : &none;
}

/* The next node in the order of the page, by way of parents: trees may be deep. */
static const GumboNode *next_node(const GumboNode *n)
{
	if (children_of(n)->length > 0)
		return children_of(n)->data[0];
	for (; n->parent != NULL; n = n->parent) {
		const GumboVector *siblings = children_of(n->parent);

		if (n->index_within_parent + 1 < siblings->length)
			return siblings->data[n->index_within_parent + 1];
	}
	return NULL;
}

static void gather(struct page *p, const GumboNode *document)
{
	size_t dead = 0;

	for (const GumboNode *n = document; n != NULL; n = next_node(n)) {
		const GumboElement *e = &n->v.element;
		const char *element;

		if (n->type != GUMBO_NODE_ELEMENT || e->original_tag.length < 2 || (size_t)((const uint8_t *)e->original_tag.data - p->text.at) < dead)
			continue;
		if (e->tag == GUMBO_TAG_NOSCRIPT)
			dead = noscript_end(p, e);
		element = element_name(p, e);
		add_attributes(p, e, element);
		if (e->tag == GUMBO_TAG_SCRIPT)
			add_content(p, e, element);
	}
}

int page_new(struct bytes text, struct page **ret)
{
	struct page *p = calloc(1, sizeof(*p));
	GumboOptions options = kGumboDefaultOptions;
	GumboOutput *output = NULL;

	if (p == NULL)
		return -ENOMEM;
	p->text = text;
	if (is_deep(text) || setjmp(p->full) != 0) {
		page_free(p);
		return -E2BIG;
	}
	options.allocator = tree_take;
	options.deallocator = tree_give;
	options.userdata = p;
	options.max_errors = 0;
	output = gumbo_parse_with_options(&options, (const char *)text.at, text.left);
	gather(p, output->document);
	*ret = p;
	return 0;
}

void page_free(struct page *p)
{
	struct chunk *next = NULL;

	if (p == NULL)
		return;
	for (struct chunk *c = p->chunks; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(p);
}

const struct page_script *page_scripts(const struct page *p, unsigned *count, unsigned *left)
{
	*count = p->count;
	*left = p->left;
	return p->scripts;
}

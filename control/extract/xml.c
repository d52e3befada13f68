/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML that declares entities, takes its declarations from elsewhere, or includes other documents. Documents of the usual
 * kinds name their public types and are none.
 */
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <string.h>

enum { XML_MAX = 64 << 10 };

/* Text of two bytes a character, less every other byte; b itself where it is none. */
static struct bytes narrowed(struct finder *f, struct bytes b)
{
	bool big = b.left >= 4 && ((b.at[0] == 0xfe && b.at[1] == 0xff) || (b.at[0] == 0 && b.at[1] == '<'));
	bool little = b.left >= 4 && ((b.at[0] == 0xff && b.at[1] == 0xfe) || (b.at[0] == '<' && b.at[1] == 0));
	uint8_t *to;
	size_t len = 0;

	if ((!big && !little) || (to = finder_take(f, b.left / 2)) == NULL)
		return b;
	for (size_t i = 0; i + 1 < b.left; i += 2) {
		uint8_t high = b.at[i + little], low = b.at[i + big];

		if (high == 0)
			to[len++] = low;
	}
	return bytes_of(to, len);
}

/* Behind "SYSTEM": the declarations of a family of documents, kept one folder above them. */
static bool names_sibling(struct bytes head)
{
	static const char ending[] = ".dtd", up[] = "../";
	size_t start = 0, end;

	while (start < head.left && head.at[start] != '"' && head.at[start] != '\'')
		start++;
	for (end = start + 1; end < head.left && (isalnum(head.at[end]) || strchr("._/-", head.at[end]) != NULL);)
		end++;
	if (end >= head.left || head.at[end] != head.at[start] || end - start < sizeof(ending) + sizeof(up) - 1)
		return false;
	head = bytes_of(head.at + start + 1, end - start - 1);
	return bytes_starts_fold(head, bytes_text(up)) && bytes_find(bytes_of(head.at + 1, head.left - 1), bytes_text("..")) < 0 &&
		bytes_equal_fold(bytes_of(head.at + head.left - strlen(ending), strlen(ending)), bytes_text(ending));
}

/* Behind "<!DOCTYPE": is it taken from a place that is not the well-known one of a public type? */
static bool declares_elsewhere(struct bytes b)
{
	struct bytes head = b;
	const uint8_t *end = memchr(b.at, '>', b.left);
	ptrdiff_t system;

	if (end != NULL)
		head.left = (size_t)(end - b.at);
	if ((system = bytes_find(head, bytes_text("SYSTEM"))) < 0)
		return false;
	head = bytes_of(head.at + system, head.left - (size_t)system);
	if (names_sibling(head))
		return false;
	return bytes_find(head, bytes_text("://")) >= 0 || bytes_find(head, bytes_text("\"/")) >= 0 ||
	    bytes_find(head, bytes_text("'/")) >= 0 || bytes_find(head, bytes_text("..")) >= 0;
}

/* Is there an element "include" of some name space, with the address of what it stands for? */
static bool includes(struct bytes b)
{
	static const char name[] = ":include";

	for (struct bytes rest = b; rest.left > 0;) {
		ptrdiff_t found = bytes_find(rest, bytes_text(name));
		size_t begin = found > 0 ? (size_t)found : 0;
		const uint8_t *end;

		while (begin > 0 && isalnum(rest.at[begin - 1]))
			begin--;
		if (found < 0)
			return false;
		end = memchr(rest.at + found, '>', rest.left - (size_t)found);
		if (begin > 0 && rest.at[begin - 1] == '<' &&
		    bytes_find(bytes_of(rest.at + found, end == NULL ? rest.left - (size_t)found : (size_t)(end - rest.at) - (size_t)found), bytes_text("href")) > 0)
			return true;
		rest = bytes_of(rest.at + found + 1, rest.left - (size_t)found - 1);
	}
	return false;
}

static bool is_attack(struct bytes b)
{
	ptrdiff_t type = bytes_find(b, bytes_text("<!DOCTYPE"));

	/* a declaration stands in its document's type, or is a document of declarations; in a page it is a listing */
	if (bytes_find(b, bytes_text("<!ENTITY")) >= 0 && (type >= 0 || (b.left > 1 && (b.at[1] == '!' || b.at[1] == '?'))))
		return true;
	if (type >= 0 && declares_elsewhere(bytes_of(b.at + type + 9, b.left - (size_t)type - 9)))
		return true;
	/* parameter entities that the internal subset has from elsewhere need a declaration, inclusions a name space */
	return bytes_find(b, bytes_text("XInclude")) >= 0 && includes(b);
}

void xml_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_XML, .class_name = "xxe", .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };
	struct bytes b = narrowed(f, l->text);
	const uint8_t *first = b.left > 0 ? memchr(b.at, '<', b.left < XML_MAX ? b.left : XML_MAX) : NULL;
	bool blank = true;

	if (first == NULL || c->kind == CARRIER_HEADER || c->kind == CARRIER_PATH || c->kind == CARRIER_STREAM)
		return;
	/* a document begins its value; what stands before is blank, or a byte order mark */
	for (const uint8_t *p = b.at; p < first; p++)
		blank &= isspace(*p) || *p >= 0x80;
	if (!blank)
		return;
	s.text = bytes_of(first, b.left - (size_t)(first - b.at));
	if (s.text.left > XML_MAX)
		s.text.left = XML_MAX;
	if (is_attack(s.text))
		finder_note(f, c, l, &s);
}

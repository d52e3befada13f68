/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A document's prolog and content, its references replaced. */
#include "emu/language/xml_inside.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Elements open in one entity: it must close what it opens. */
struct elements {
	unsigned count;
	struct bytes name[ELEMENTS_MAX];
};

static bool content(struct xml *x, struct bytes b, bool within_entity);

bool xml_stop(struct xml *x, enum stopped_by why)
{
	if (x->ret->stopped_by == STOPPED_EXIT)
		x->ret->stopped_by = why;
	return false;
}

bool xml_step(struct xml *x)
{
	return ++x->steps <= XML_STEPS_MAX || xml_stop(x, STOPPED_ROUNDS);
}

bool xml_at(struct bytes b, const char *text)
{
	size_t len = strlen(text);

	return b.left >= len && memcmp(b.at, text, len) == 0;
}

void xml_skip(struct bytes *b, size_t len)
{
	*b = bytes_of(b->at + len, b->left - len);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

size_t xml_blanks(struct bytes *b)
{
	size_t n = 0;

	while (n < b->left && is_blank(b->at[n]))
		n++;
	xml_skip(b, n);
	return n;
}

bool xml_name(struct bytes *b, struct bytes *ret)
{
	size_t n = 0;

	while (n < b->left && (isalpha(b->at[n]) || b->at[n] >= 0x80 || b->at[n] == '_' || b->at[n] == ':' ||
	    (n > 0 && (isdigit(b->at[n]) || b->at[n] == '-' || b->at[n] == '.'))))
		n++;
	*ret = bytes_of(b->at, n);
	xml_skip(b, n);
	return n > 0;
}

static void put_utf8(struct sink *to, uint32_t c)
{
	if (c < 0x80) {
		sink_u8(to, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		sink_u8(to, (uint8_t)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			sink_u8(to, (uint8_t)(0xe0 | c >> 12));
		} else {
			sink_u8(to, (uint8_t)(0xf0 | c >> 18));
			sink_u8(to, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		}
		sink_u8(to, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	sink_u8(to, (uint8_t)(0x80 | (c & 0x3f)));
}

bool xml_character(struct bytes *b, struct sink *to)
{
	bool hex = xml_at(*b, "&#x");
	size_t i = hex ? 3 : 2, first = i;
	uint32_t c = 0;

	for (; i < b->left && b->at[i] != ';'; i++) {
		uint8_t d = b->at[i];

		if (!(hex ? isxdigit(d) : isdigit(d)) || c > 0x10ffff)
			return false;
		c = c * (hex ? 16 : 10) + (uint32_t)(isdigit(d) ? d - '0' : (d | 0x20) - 'a' + 10);
	}
	if (i == b->left || i == first || c > 0x10ffff || (c < 0x20 && !is_blank((uint8_t)c)) || (c >= 0xd800 && c < 0xe000) ||
	    c == 0xfffe || c == 0xffff)
		return false;
	put_utf8(to, c);
	xml_skip(b, i + 1);
	return true;
}

bool xml_literal(struct bytes *b, struct bytes *ret)
{
	const uint8_t *end;

	if (b->left < 2 || (b->at[0] != '"' && b->at[0] != '\'') || (end = memchr(b->at + 1, b->at[0], b->left - 1)) == NULL)
		return false;
	*ret = bytes_of(b->at + 1, (size_t)(end - b->at) - 1);
	xml_skip(b, ret->left + 2);
	return true;
}

bool xml_aside(struct xml *x, struct bytes *b)
{
	bool comment = xml_at(*b, "<!--");
	struct bytes rest = *b;
	ptrdiff_t end;

	if (!comment && !xml_at(*b, "<?"))
		return false;
	xml_skip(&rest, comment ? 4 : 2);
	end = bytes_find(rest, bytes_text(comment ? "--" : "?>"));
	if (end < 0 || (comment && !xml_at(bytes_of(rest.at + end, rest.left - (size_t)end), "-->")))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(&rest, (size_t)end + (comment ? 3 : 2));
	*b = rest;
	return true;
}

bool xml_resource(struct xml *x, struct bytes url, bool shown, struct bytes *ret)
{
	struct xml_result *r = x->ret;
	struct xml_resource *known = NULL;

	for (unsigned i = 0; i < r->resources_count && known == NULL; i++) {
		if (bytes_equal(bytes_text(r->resources[i].url), url))
			known = &r->resources[i];
	}
	if (known == NULL && (r->resources_count == XML_RESOURCES_MAX || url.left == 0 || url.left >= XML_URL_MAX)) {
		r->resources_left++;
	} else if (known == NULL) {
		known = &r->resources[r->resources_count++];
		*known = (struct xml_resource){ 0 };
		memcpy(known->url, url.at, url.left);
	}
	if (known != NULL)
		known->shown |= shown;
	return x->world != NULL && x->world->read(x->world->context, url, ret);
}

static bool text_put(struct xml *x, struct bytes b)
{
	struct xml_result *r = x->ret;

	if (b.left > XML_TEXT_MAX - r->text_len)
		return xml_stop(x, STOPPED_MEMORY);
	if (b.left > 0)
		memcpy(r->text + r->text_len, b.at, b.left);
	r->text_len += b.left;
	return true;
}

/* One of the five entities that every document has; 0: another name. */
static uint8_t predefined(struct bytes name)
{
	static const struct { const char *name; uint8_t character; } table[] = {
		{ "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' },
	};

	for (size_t i = 0; i < COUNT_OF(table); i++) {
		if (bytes_equal(name, bytes_text(table[i].name)))
			return table[i].character;
	}
	return 0;
}

/* The reference at b's begin; entity NULL: a character, put to `to`. */
static bool reference(struct xml *x, struct bytes *b, struct sink *to, struct entity **ret)
{
	struct bytes name;
	uint8_t c;

	*ret = NULL;
	if (xml_at(*b, "&#"))
		return xml_character(b, to) || xml_stop(x, STOPPED_SIGNAL);
	xml_skip(b, 1);
	if (!xml_name(b, &name) || !xml_at(*b, ";"))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(b, 1);
	if ((c = predefined(name)) != 0) {
		sink_u8(to, c);
		return true;
	}
	*ret = xml_entity(x, name, false);
	if (*ret == NULL && x->lenient && x->replaced == 0)
		return true;
	return (*ret != NULL && !(*ret)->unparsed) || xml_stop(x, STOPPED_SIGNAL);
}

/* Replaces an entity in content. */
static bool entity_in_content(struct xml *x, struct entity *e)
{
	struct bytes text = e->value;
	bool well;

	if (e->open || x->depth >= DEPTH_MAX)
		return xml_stop(x, STOPPED_SIGNAL);
	if (e->external && !xml_resource(x, e->value, true, &text))
		return text_put(x, bytes_text("\n"));
	x->ret->expanded += !e->external;
	if (e->external && xml_at(text, "<?xml"))
		(void)xml_aside(x, &text);
	e->open = true;
	x->depth++;
	x->replaced++;
	well = content(x, text, true);
	x->replaced--;
	x->depth--;
	e->open = false;
	return well;
}

/* An attribute's value is not the document's text, but its references are replaced, and no external one is allowed. */
static bool attribute_value(struct xml *x, struct bytes b)
{
	uint8_t room[8];
	struct entity *e;
	bool well = true;

	if (x->depth >= DEPTH_MAX)
		return xml_stop(x, STOPPED_ROUNDS);
	x->depth++;
	while (well && b.left > 0) {
		struct sink to = sink_over(room, sizeof(room));

		if (!xml_step(x)) {
			well = false;
		} else if (b.at[0] == '<') {
			well = xml_stop(x, STOPPED_SIGNAL);
		} else if (b.at[0] != '&') {
			xml_skip(&b, 1);
		} else if ((well = reference(x, &b, &to, &e)) && e != NULL) {
			well = !e->external && !e->open ? true : xml_stop(x, STOPPED_SIGNAL);
			if (!well)
				break;
			e->open = true;
			x->replaced++;
			well = attribute_value(x, e->value);
			x->replaced--;
			e->open = false;
		}
	}
	x->depth--;
	return well;
}

/* What an element of XInclude asks for. */
struct inclusion {
	struct bytes href;
	bool text;
};

/* Attributes up to the ">"; whether the element is empty. */
static bool attributes(struct xml *x, struct bytes *b, bool *empty, struct inclusion *ret)
{
	struct bytes seen[32], name, value;
	unsigned count = 0;

	for (;;) {
		bool apart = xml_blanks(b) > 0;

		*empty = xml_at(*b, "/>");
		if (*empty || xml_at(*b, ">")) {
			xml_skip(b, *empty ? 2 : 1);
			return true;
		}
		if (!apart || !xml_name(b, &name))
			return xml_stop(x, STOPPED_SIGNAL);
		xml_blanks(b);
		if (!xml_at(*b, "="))
			return xml_stop(x, STOPPED_SIGNAL);
		xml_skip(b, 1);
		xml_blanks(b);
		if (!xml_literal(b, &value) || !attribute_value(x, value))
			return xml_stop(x, STOPPED_SIGNAL);
		for (unsigned i = 0; i < count; i++) {
			if (bytes_equal(seen[i], name))
				return xml_stop(x, STOPPED_SIGNAL);
		}
		if (count < COUNT_OF(seen))
			seen[count++] = name;
		if (bytes_equal(name, bytes_text("href")))
			ret->href = value;
		ret->text |= bytes_equal(name, bytes_text("parse")) && bytes_equal(value, bytes_text("text"));
	}
}

static bool is_inclusion(struct bytes name)
{
	static const char local[] = ":include";
	size_t len = sizeof(local) - 1;

	return name.left > len && memcmp(name.at + name.left - len, local, len) == 0;
}

static bool start_tag(struct xml *x, struct bytes *b, struct elements *open)
{
	struct inclusion inclusion = { 0 };
	struct bytes name, text;
	bool empty;

	xml_skip(b, 1);
	if (!xml_name(b, &name) || !attributes(x, b, &empty, &inclusion))
		return xml_stop(x, STOPPED_SIGNAL);
	if (is_inclusion(name) && inclusion.href.left > 0) {
		if (!xml_resource(x, inclusion.href, true, &text))
			text = bytes_text("\n");
		else if (!inclusion.text)
			text = (struct bytes){ 0 };
		if (!text_put(x, text))
			return false;
	}
	if (empty)
		return true;
	if (open->count == ELEMENTS_MAX)
		return xml_stop(x, STOPPED_MEMORY);
	open->name[open->count++] = name;
	return true;
}

static bool end_tag(struct xml *x, struct bytes *b, struct elements *open)
{
	struct bytes name;

	xml_skip(b, 2);
	if (!xml_name(b, &name) || open->count == 0 || !bytes_equal(open->name[open->count - 1], name))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_blanks(b);
	if (!xml_at(*b, ">"))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(b, 1);
	open->count--;
	return true;
}

static bool cdata(struct xml *x, struct bytes *b)
{
	ptrdiff_t end;

	xml_skip(b, 9);
	if ((end = bytes_find(*b, bytes_text("]]>"))) < 0 || !text_put(x, bytes_of(b->at, (size_t)end)))
		return xml_stop(x, STOPPED_SIGNAL);
	xml_skip(b, (size_t)end + 3);
	return true;
}

/* One piece of content: a tag, a reference, or characters up to the next. */
static bool piece(struct xml *x, struct bytes *b, struct elements *open, bool bare)
{
	uint8_t room[8];
	struct sink to = sink_over(room, sizeof(room));
	struct entity *e;
	size_t n = 0;

	if (xml_at(*b, "<![CDATA["))
		return !bare && cdata(x, b);
	if (xml_at(*b, "<!--") || xml_at(*b, "<?"))
		return xml_aside(x, b);
	if (xml_at(*b, "</"))
		return end_tag(x, b, open);
	if (b->at[0] == '<')
		return start_tag(x, b, open);
	if (bare) /* around the root element only blanks may stand */
		return xml_blanks(b) > 0 || xml_stop(x, STOPPED_SIGNAL);
	if (b->at[0] == '&') {
		if (!reference(x, b, &to, &e))
			return false;
		return e != NULL ? entity_in_content(x, e) : text_put(x, bytes_of(to.at, to.used));
	}
	while (n < b->left && b->at[n] != '<' && b->at[n] != '&') {
		if ((b->at[n] < 0x20 && !is_blank(b->at[n])) || xml_at(bytes_of(b->at + n, b->left - n), "]]>"))
			return xml_stop(x, STOPPED_SIGNAL);
		n++;
	}
	if (!text_put(x, bytes_of(b->at, n)))
		return false;
	xml_skip(b, n);
	return true;
}

/* Content up to its entity's end; of the document itself exactly one element. */
static bool content(struct xml *x, struct bytes b, bool within_entity)
{
	struct elements *open = malloc(sizeof(*open));
	unsigned roots = 0;
	bool well = open != NULL || xml_stop(x, STOPPED_MEMORY);

	if (open != NULL)
		open->count = 0;
	while (well && b.left > 0) {
		bool bare = !within_entity && open->count == 0;

		roots += bare && b.at[0] == '<' && b.left > 1 && b.at[1] != '!' && b.at[1] != '?';
		well = roots <= 1 ? xml_step(x) && piece(x, &b, open, bare) : xml_stop(x, STOPPED_SIGNAL);
	}
	if (well && (open->count > 0 || (!within_entity && roots != 1)))
		well = xml_stop(x, STOPPED_SIGNAL);
	free(open);
	return well || xml_stop(x, STOPPED_SIGNAL);
}

/* Line ends are one character, however they are written. 2.11. */
static struct bytes one_line_end(struct bytes b, uint8_t *to)
{
	size_t len = 0;

	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] != '\r')
			to[len++] = b.at[i];
		else if (i + 1 == b.left || b.at[i + 1] != '\n')
			to[len++] = '\n';
	}
	return bytes_of(to, len);
}

void xml_evaluate(struct bytes document, const struct xml_world *world, struct xml_result *ret)
{
	struct xml *x = malloc(sizeof(*x));
	uint8_t *room = malloc(document.left + 1);
	struct bytes b;
	bool well = true;

	memset(ret, 0, offsetof(struct xml_result, resources));
	ret->text_len = 0;
	ret->stopped_by = x == NULL || room == NULL ? STOPPED_MEMORY : STOPPED_EXIT;
	if (ret->stopped_by == STOPPED_EXIT) {
		memset(x, 0, offsetof(struct xml, values));
		x->world = world;
		x->ret = ret;
		b = one_line_end(document, room);
		if (xml_at(b, "\xef\xbb\xbf"))
			xml_skip(&b, 3);
		while (well && b.left > 0 && !xml_at(b, "<!DOCTYPE") &&
		       (xml_blanks(&b) > 0 || xml_at(b, "<!--") || xml_at(b, "<?")))
			well = b.left == 0 || is_blank(b.at[0]) || !(xml_at(b, "<!--") || xml_at(b, "<?")) || xml_aside(x, &b);
		if (well && xml_at(b, "<!DOCTYPE")) {
			xml_skip(&b, 9);
			well = xml_doctype(x, &b);
		}
		if (well)
			(void)content(x, b, false);
	}
	free(room);
	free(x);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* XML as its texts and tags (XML 1.0, 2.4 and 3.1), without its declarations. */
#include "emu/serial/xml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool is_name(uint8_t c)
{
	return isalnum(c) || (c != 0 && strchr("_-.:$", c) != NULL);
}

/* The end of the tag that b begins with, quotes heeded; 0: it has none. */
static size_t tag_end(struct bytes b)
{
	uint8_t quote = 0;

	for (size_t i = 1; i < b.left; i++) {
		if (quote != 0)
			quote = b.at[i] == quote ? 0 : quote;
		else if (b.at[i] == '"' || b.at[i] == '\'')
			quote = b.at[i];
		else if (b.at[i] == '>')
			return i + 1;
	}
	return 0;
}

bool xml_next(struct bytes *in, struct xml_token *ret)
{
	while (in->left > 0) {
		struct xml_token t = { .kind = XML_TEXT };
		const uint8_t *tag = memchr(in->at, '<', in->left);
		size_t len, at;

		if (bytes_starts_fold(*in, bytes_text("<![CDATA["))) {
			ptrdiff_t end = bytes_find(*in, bytes_text("]]>"));

			len = end < 0 ? in->left : (size_t)end;
			t.text = bytes_of(in->at + 9, len > 9 ? len - 9 : 0);
			len = end < 0 ? len : len + 3;
			*in = bytes_of(in->at + len, in->left - len);
			*ret = t;
			return true;
		}
		if (tag != in->at) {
			len = tag == NULL ? in->left : (size_t)(tag - in->at);
			t.text = bytes_trim(bytes_of(in->at, len));
			*in = bytes_of(in->at + len, in->left - len);
			if (t.text.left == 0)
				continue;
			*ret = t;
			return true;
		}
		if ((len = tag_end(*in)) == 0)
			return false;
		t.kind = in->at[1] == '/' ? XML_CLOSE : in->at[len - 2] == '/' ? XML_EMPTY : XML_OPEN;
		at = t.kind == XML_CLOSE ? 2 : 1;
		t.name = bytes_of(in->at + at, 0);
		while (at + t.name.left < len && is_name(t.name.at[t.name.left]))
			t.name.left++;
		t.attributes = bytes_of(t.name.at + t.name.left, len - at - t.name.left - 1);
		*in = bytes_of(in->at + len, in->left - len);
		if (t.name.left == 0)
			continue;
		*ret = t;
		return true;
	}
	return false;
}

struct bytes xml_attribute(const struct xml_token *t, const char *name)
{
	struct bytes b = t->attributes;
	size_t len = strlen(name);

	for (size_t i = 0; i < b.left;) {
		size_t from, end;

		while (i < b.left && !is_name(b.at[i]))
			i++;
		for (from = i; i < b.left && is_name(b.at[i]); i++)
			;
		end = i;
		while (i < b.left && (isspace(b.at[i]) || b.at[i] == '='))
			i++;
		if (i < b.left && (b.at[i] == '"' || b.at[i] == '\'')) {
			const uint8_t *close = memchr(b.at + i + 1, b.at[i], b.left - i - 1);
			size_t value = i + 1;

			i = close == NULL ? b.left : (size_t)(close - b.at) + 1;
			if (end - from == len && memcmp(b.at + from, name, len) == 0)
				return bytes_of(b.at + value, close == NULL ? b.left - value : (size_t)(close - b.at) - value);
		}
	}
	return (struct bytes){ 0 };
}

static size_t undo_entity(struct bytes b, struct sink *to)
{
	static const struct { const char *name; uint8_t byte; } entities[] = {
		{ "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' },
	};

	for (size_t i = 0; i < COUNT_OF(entities); i++)
		if (bytes_starts_fold(b, bytes_text(entities[i].name))) {
			sink_u8(to, entities[i].byte);
			return strlen(entities[i].name);
		}
	if (b.left > 3 && b.at[1] == '#') {
		bool hex = b.at[2] == 'x';
		size_t i = hex ? 3 : 2;
		unsigned v = 0;

		for (; i < b.left && i < 9 && isxdigit(b.at[i]); i++)
			v = v * (hex ? 16 : 10) + (unsigned)(isdigit(b.at[i]) ? b.at[i] - '0' : (b.at[i] | 0x20) - 'a' + 10);
		if (i < b.left && b.at[i] == ';' && v < 0x80) {
			sink_u8(to, (uint8_t)v);
			return i + 1;
		}
	}
	sink_u8(to, b.at[0]);
	return 1;
}

void xml_plain(struct bytes text, struct sink *to)
{
	for (size_t i = 0; i < text.left;) {
		if (text.at[i] == '&') {
			i += undo_entity(bytes_of(text.at + i, text.left - i), to);
		} else {
			sink_u8(to, text.at[i]);
			i++;
		}
	}
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request's body cut into carriers: forms, JSON, XML, parts, or text as it stands. */
#include "control/extract/charset.h"
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	TEXT_MAX = 16 << 10,  /* bytes of a body without a format that are one value */
};

static const struct step *const natural_json[] = { &decode_json, NULL };
static const struct step *const natural_xml[] = { &decode_html, NULL };
static const struct step *const natural_body[] = { &decode_gzip, NULL };

/* The end of the string that begins behind a quote at b[at], or b.left. */
static size_t string_end(struct bytes b, size_t at)
{
	while (at < b.left && b.at[at] != '"')
		at += b.at[at] == '\\' ? 2 : 1;
	return at < b.left ? at : b.left;
}

/* Every string of a JSON text, keys as names of what follows them, and where they are more than names too. Needs no well-formed text. */
void carriers_of_json(struct finder *f, const struct carrier *like, struct bytes json)
{
	struct bytes name = { 0 };

	for (size_t i = 0; i < json.left; i++) {
		struct bytes text;
		struct carrier c;
		size_t end, after;

		if (json.at[i] == ',' || json.at[i] == '}')
			name = (struct bytes){ 0 };
		if (json.at[i] != '"')
			continue;
		end = string_end(json, i + 1);
		for (after = end + 1; after < json.left && isspace(json.at[after]); after++)
			;
		text = bytes_of(json.at + i + 1, end - i - 1);
		c = carrier_piece(like, text, name);
		if (after < json.left && json.at[after] == ':') {
			name = text;
			c.name = (struct bytes){ 0 };
		}
		if (name.at != text.at || !carrier_is_name(text))
			finder_look(f, &c, natural_json);
		i = end;
	}
}

/* Text between two places of XML, blanks around it gone. */
static void look_at_text(struct finder *f, const struct carrier *like, struct bytes xml, size_t from, size_t to, bool plain)
{
	struct carrier piece;

	if (to <= from)
		return;
	piece = carrier_piece(like, bytes_trim(bytes_of(xml.at + from, to - from)), (struct bytes){ 0 });
	finder_look(f, &piece, plain ? NULL : natural_xml);
}

/* Attributes of the tag [from, to), in either quote. */
static void look_at_attributes(struct finder *f, const struct carrier *like, struct bytes xml, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		uint8_t quote = xml.at[i];
		const uint8_t *end = NULL;

		if (quote != '"' && quote != '\'')
			continue;
		end = memchr(xml.at + i + 1, quote, xml.left - i - 1);
		if (end == NULL)
			return;
		look_at_text(f, like, xml, i + 1, (size_t)(end - xml.at), false);
		i = (size_t)(end - xml.at);
	}
}

/* The end of a tag, behind quotes in it. */
static size_t tag_end(struct bytes xml, size_t at)
{
	uint8_t quote = 0;

	for (; at < xml.left; at++) {
		uint8_t c = xml.at[at];

		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at;
	}
	return at;
}

/* Every run of text between tags, every quoted attribute, comments, and what is marked as plain characters. */
void carriers_of_xml(struct finder *f, const struct carrier *like, struct bytes xml)
{
	static const struct { const char *begins, *ends; } plain[] = { { "<![CDATA[", "]]>" }, { "<!--", "-->" } };
	size_t start = 0;

	for (size_t i = 0; i < xml.left;) {
		struct bytes rest = bytes_of(xml.at + i, xml.left - i);
		size_t end = 0;

		if (xml.at[i] != '<') {
			i++;
			continue;
		}
		look_at_text(f, like, xml, start, i, false);
		for (size_t n = 0; n < COUNT_OF(plain) && end == 0; n++) {
			size_t len = strlen(plain[n].begins);
			ptrdiff_t found;

			if (!bytes_starts_fold(rest, bytes_text(plain[n].begins)))
				continue;
			found = bytes_find(rest, bytes_text(plain[n].ends));
			end = found < 0 ? xml.left : i + (size_t)found;
			look_at_text(f, like, xml, i + len < end ? i + len : end, end, true);
			end = found < 0 ? xml.left : end + strlen(plain[n].ends);
		}
		if (end == 0) {
			end = tag_end(xml, i);
			look_at_attributes(f, like, xml, i, end);
			end += end < xml.left;
		}
		start = i = end;
	}
	look_at_text(f, like, xml, start, xml.left, false);
}

bool body_is_form(struct bytes body)
{
	size_t name = 0;

	while (name < body.left && (isalnum(body.at[name]) || strchr("_-.[]%+", body.at[name]) != NULL) &&
	       body.at[name] != '\0')
		name++;
	return name > 0 && name < body.left && body.at[name] == '=';
}

static bool is_ascii(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] == 0 || b.at[i] >= 0x80)
			return false;
	}
	return true;
}

/* A body whose coding or charset hides its characters, made plain in memory of the extraction. */
static struct carrier made_plain(struct finder *f, struct bytes headers, struct bytes type, const struct carrier *whole)
{
	struct carrier plain = *whole;
	struct bytes charset = header_parameter(type, "charset=");
	uint8_t *room = NULL;
	size_t len = 0;

	if (http_header_find(headers, "content-encoding").left > 0 || http_says(http_header_find(headers, "transfer-encoding"), "gzip")) {
		size_t size = decode_room(&decode_deflate, whole->raw);
		struct sink out;

		if ((room = finder_take(f, size)) == NULL)
			return plain;
		out = sink_over(room, size);
		if ((decode_gzip.undo(whole->raw, &out) || decode_deflate.undo(whole->raw, &out)) && out.used > 0) {
			plain.raw = bytes_of(room, out.used);
			plain.undone[plain.undone_count++] = decode_gzip.name;
			return plain;
		}
	}
	if (is_ascii(whole->raw)) {
		plain.charset = charset;
		return plain;
	}
	if (charset.left > 0 && (room = finder_take(f, whole->raw.left)) != NULL)
		len = charset_undo(charset, whole->raw, room);
	if (len > 0) {
		plain.raw = bytes_of(room, len);
		plain.undone[plain.undone_count++] = "charset";
	}
	return plain;
}

/* A body of no format: text as it stands. */
static bool is_free_text(struct bytes type, struct bytes body)
{
	if (body.left > TEXT_MAX || http_says(type, "html") || http_says(type, "image/") || http_says(type, "video/"))
		return false;
	for (size_t i = 0; i < body.left; i++) {
		if (body.at[i] < 0x20 && !isspace(body.at[i]))
			return false;
	}
	return body.left > 0;
}

/* Does a text begin as JSON does, and not as a template? */
static bool begins_json(struct bytes text)
{
	size_t i = 1;

	if (text.left < 2 || (text.at[0] != '{' && text.at[0] != '[') || text.at[1] == '%' || text.at[1] == '#' || (text.at[0] == '{' && text.at[1] == '{'))
		return false;
	while (i < text.left && isspace(text.at[i]))
		i++;
	if (text.at[0] == '{' || i == text.left)
		return true;
	/* a list of texts, objects or lists, or of numbers among others; "[0-9]" and "[ name ]" are none */
	for (; i < text.left && isdigit(text.at[i]); i++)
		;
	return i < text.left && memchr("\"{[,", text.at[i], 4) != NULL;
}

void carriers_of_body(struct finder *f, const struct http_request *r, const struct carrier *whole)
{
	struct bytes type = http_header_find(r->headers, "content-type"), text, boundary;
	struct carrier like = made_plain(f, r->headers, type, whole);

	like.kind = CARRIER_PARAMETER;
	like.file = (struct bytes){ 0 };
	text = bytes_trim(like.raw);
	boundary = header_parameter(type, "boundary=");
	if (boundary.left == 0 || bytes_find(like.raw, boundary) < 0)
		boundary = parts_boundary(text);
	if (whole->to_interpreter)
		;
	else if (bytes_starts_fold(like.raw, bytes_of("PK\3\4", 4)) && like.undone_count < EXTRACT_LAYERS_MAX) {
		like.undone[like.undone_count++] = "zip";
		carriers_of_zip(f, &like, like.raw);
	}
	else if (boundary.left > 0)
		carriers_of_parts(f, &like, boundary, like.raw);
	else if (http_says(type, "json") || begins_json(text))
		carriers_of_json(f, &like, like.raw);
	else if (http_says(type, "xml") || (text.left > 0 && text.at[0] == '<' && !nested_is_active(text) && !nested_is_page(text)))
		carriers_of_xml(f, &like, like.raw);
	else if (body_is_form(text) || http_says(type, "urlencoded"))
		carriers_of_form(f, &like, like.raw);
	else if (is_free_text(type, like.raw))
		finder_look(f, &like, NULL);
	finder_look(f, whole, natural_body);
}

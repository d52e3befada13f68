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
	HEAD_NAME_MAX = 64,
};

static const struct step *const natural_json[] = { &decode_json, NULL };
static const struct step *const natural_xml[] = { &decode_html, NULL };
static const struct step *const natural_url[] = { &decode_url, NULL };
static const struct step *const natural_body[] = { &decode_gzip, NULL };

/* The end of the string that begins behind a quote at b[at], or b.left. */
static size_t string_end(struct bytes b, size_t at)
{
	while (at < b.left && b.at[at] != '"')
		at += b.at[at] == '\\' ? 2 : 1;
	return at < b.left ? at : b.left;
}

/* Is a key nothing but a name? */
static bool is_name(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (!isalnum(b.at[i]) && memchr("_-.:$ @/", b.at[i], 8) == NULL)
			return false;
	}
	return true;
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
		if (name.at != text.at || !is_name(text))
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

/* What stands in a header's value behind `key`, in quotes or up to a semicolon. */
static struct bytes header_parameter(struct bytes value, const char *key)
{
	struct bytes wanted = bytes_text(key);

	for (size_t i = 0; i < value.left;) {
		struct bytes piece;
		bool quoted = false;
		size_t start;

		while (i < value.left && (isspace(value.at[i]) || value.at[i] == ';'))
			i++;
		start = i;
		for (; i < value.left && (quoted || value.at[i] != ';'); i++) {
			if (value.at[i] == '\\' && quoted)
				i++;
			else if (value.at[i] == '"')
				quoted = !quoted;
		}
		i = i < value.left ? i : value.left;
		piece = bytes_trim(bytes_of(value.at + start, i - start));
		if (!bytes_starts_fold(piece, wanted))
			continue;
		piece = bytes_trim(bytes_of(piece.at + wanted.left, piece.left - wanted.left));
		if (piece.left >= 2 && piece.at[0] == '"' && piece.at[piece.left - 1] == '"')
			piece = bytes_of(piece.at + 1, piece.left - 2);
		return piece;
	}
	return (struct bytes){ 0 };
}

/* Behind charset'language' of RFC 8187; the whole where it is not written so. */
static struct bytes extended_value(struct bytes value)
{
	struct bytes rest = value;

	http_split(&rest, '\'');
	http_split(&rest, '\'');
	return rest.left > 0 ? rest : value;
}

/* One part of a multipart body: its headers up to the blank line, then its content. */
static void carriers_of_part(struct finder *f, const struct carrier *like, struct bytes part)
{
	struct bytes rest = part, headers, disposition, content, file, extended, type;
	struct carrier c;

	while (rest.left > 0 && bytes_trim(http_split(&rest, '\n')).left > 0)
		;
	headers = bytes_of(part.at, part.left - rest.left);
	disposition = http_header_find(headers, "content-disposition");
	type = http_header_find(headers, "content-type");
	content = bytes_trim(rest);
	file = header_parameter(disposition, "filename=");
	extended = extended_value(header_parameter(disposition, "filename*="));
	c = carrier_piece(like, content, header_parameter(disposition, "name="));
	c.file = http_basename(file.left > 0 ? file : extended);
	finder_look(f, &c, NULL);
	c.raw = c.name;
	c.name = c.file = (struct bytes){ 0 };
	if (c.raw.left > 0 && !is_name(c.raw)) {
		c = carrier_piece(like, c.raw, c.name);
		finder_look(f, &c, NULL);
	}
	c = carrier_piece(like, file, bytes_text("filename"));
	finder_look(f, &c, NULL);
	c = carrier_piece(like, extended, bytes_text("filename"));
	finder_look(f, &c, natural_url);
	c = carrier_piece(like, content, (struct bytes){ 0 });
	if (bytes_starts_fold(type, bytes_text("application/json")))
		carriers_of_json(f, &c, content);
	else if (bytes_starts_fold(type, bytes_text("text/xml")) || bytes_starts_fold(type, bytes_text("application/xml")))
		carriers_of_xml(f, &c, content);
}

/* The parts between the boundary's lines; the last may lack its end. */
static void carriers_of_parts(struct finder *f, const struct carrier *like, struct bytes boundary, struct bytes body)
{
	struct bytes rest = body;
	char line[80];
	int len = snprintf(line, sizeof(line), "--%.*s", (int)(boundary.left < 72 ? boundary.left : 72),
	                   boundary.left > 0 ? (const char *)boundary.at : "");
	struct bytes mark = bytes_of(line, (size_t)len);
	ptrdiff_t at = boundary.left > 0 ? bytes_find(rest, mark) : -1;

	while (at >= 0) {
		struct bytes part;

		rest = bytes_of(rest.at + at, rest.left - (size_t)at);
		http_split(&rest, '\n');
		at = bytes_find(rest, mark);
		part = at >= 0 ? bytes_of(rest.at, (size_t)at) : rest;
		if (part.left > 0)
			carriers_of_part(f, like, part);
	}
}

void carriers_of_multipart(struct finder *f, const struct carrier *like, struct bytes content_type, struct bytes body)
{
	carriers_of_parts(f, like, header_parameter(content_type, "boundary="), body);
}

/* Does it read name=value&…, without bytes that a form would have encoded? */
static bool looks_like_form(struct bytes body)
{
	size_t name = 0;

	while (name < body.left && (isalnum(body.at[name]) || strchr("_-.[]%+", body.at[name]) != NULL) &&
	       body.at[name] != '\0')
		name++;
	return name > 0 && name < body.left && body.at[name] == '=';
}

/* The first line of a body that is parts, whatever its header says: "--boundary". */
static struct bytes leading_boundary(struct bytes body)
{
	struct bytes line = bytes_trim(http_split(&body, '\n')), next = http_split(&body, '\n');

	if (!bytes_starts_fold(line, bytes_text("--")) || !bytes_starts_fold(next, bytes_text("content-")))
		return (struct bytes){ 0 };
	return bytes_of(line.at + 2, line.left - 2);
}

static bool holds_fold(struct bytes text, const char *word)
{
	struct bytes wanted = bytes_text(word);

	for (size_t i = 0; i + wanted.left <= text.left; i++) {
		if (bytes_starts_fold(bytes_of(text.at + i, text.left - i), wanted))
			return true;
	}
	return false;
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

	if (http_header_find(headers, "content-encoding").left > 0) {
		size_t size = decode_room(&decode_deflate, whole->raw);
		struct sink out;

		if ((room = finder_take(f, size)) == NULL)
			return plain;
		out = sink_over(room, size);
		if ((decode_gzip.undo(whole->raw, &out) || decode_deflate.undo(whole->raw, &out)) && out.used > 0) {
			plain.raw = bytes_of(room, out.used);
			plain.undone = decode_gzip.name;
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
		plain.undone = "charset";
	}
	return plain;
}

/* A body of no format: text as it stands. */
static bool is_free_text(struct bytes type, struct bytes body)
{
	if (body.left > TEXT_MAX || holds_fold(type, "html") || holds_fold(type, "image/") || holds_fold(type, "video/"))
		return false;
	for (size_t i = 0; i < body.left; i++) {
		if (body.at[i] < 0x20 && !isspace(body.at[i]))
			return false;
	}
	return body.left > 0;
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
		boundary = leading_boundary(text);
	if (whole->to_interpreter)
		;
	else if (boundary.left > 0)
		carriers_of_parts(f, &like, boundary, like.raw);
	else if (holds_fold(type, "json") || (text.left > 0 && (text.at[0] == '{' || text.at[0] == '[')))
		carriers_of_json(f, &like, like.raw);
	else if (holds_fold(type, "xml") || (text.left > 0 && text.at[0] == '<'))
		carriers_of_xml(f, &like, like.raw);
	else if (looks_like_form(text) || holds_fold(type, "urlencoded"))
		carriers_of_form(f, &like, like.raw);
	else if (is_free_text(type, like.raw))
		finder_look(f, &like, NULL);
	finder_look(f, whole, natural_body);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Multipart bodies: their parts, what the headers of a part say, and the names of files in every way of writing them. */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	BOUNDARY_MAX = 250,    /* RFC 2046 allows 70 bytes, servers more */
	CONTINUATIONS_MAX = 32 /* pieces of one file name */
};

static const struct step *const natural_name[] = { &decode_json, NULL };
static const struct step *const natural_url[] = { &decode_url, NULL };
static const struct step *const natural_base64[] = { &decode_base64, NULL };
static const struct step *const natural_quoted[] = { &decode_quoted, NULL };

struct bytes header_parameter(struct bytes value, const char *key)
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

/* "filename*0*=…; filename*1=…": the pieces in one, in memory of the extraction. RFC 2231, 3. */
static struct bytes continued_value(struct finder *f, struct bytes disposition)
{
	uint8_t *room = finder_take(f, disposition.left);
	size_t len = 0;

	for (unsigned n = 0; n < CONTINUATIONS_MAX && room != NULL; n++) {
		char plain[24], extended[24];
		struct bytes piece;

		snprintf(plain, sizeof(plain), "filename*%u=", n);
		snprintf(extended, sizeof(extended), "filename*%u*=", n);
		piece = header_parameter(disposition, extended);
		if (piece.left == 0)
			piece = header_parameter(disposition, plain);
		else if (n == 0)
			piece = extended_value(piece);
		if (piece.left == 0 || len + piece.left > disposition.left)
			break;
		memcpy(room + len, piece.at, piece.left);
		len += piece.left;
	}
	return bytes_of(room, len);
}

/* The names that a part has for its file, each as its own way of writing has it. Returns the one to go by. */
static struct bytes look_at_file(struct finder *f, const struct carrier *like, struct bytes disposition)
{
	struct bytes file = header_parameter(disposition, "filename=");
	struct bytes extended = extended_value(header_parameter(disposition, "filename*="));
	struct bytes continued = continued_value(f, disposition);
	struct carrier c = carrier_piece(like, file, bytes_text("filename"));

	finder_look(f, &c, natural_name);
	c = carrier_piece(like, extended, bytes_text("filename"));
	finder_look(f, &c, natural_url);
	c = carrier_piece(like, disposition, bytes_text("filename"));
	c.text = continued;
	if (c.undone_count < EXTRACT_LAYERS_MAX)
		c.undone[c.undone_count++] = "joined";
	if (continued.left > 0)
		finder_look(f, &c, natural_url);
	return file.left > 0 ? file : extended.left > 0 ? extended : continued;
}

/* One part: its headers up to the blank line, then its content. */
static void carriers_of_part(struct finder *f, const struct carrier *like, struct bytes part)
{
	struct bytes rest = part, headers, disposition, name, coding, type;
	struct carrier c;

	while (rest.left > 0 && bytes_trim(http_split(&rest, '\n')).left > 0)
		;
	headers = bytes_of(part.at, part.left - rest.left);
	disposition = http_header_find(headers, "content-disposition");
	coding = http_header_find(headers, "content-transfer-encoding");
	type = http_header_find(headers, "content-type");
	name = header_parameter(disposition, "name=");
	c = carrier_piece(like, bytes_trim(rest), name);
	c.file = http_basename(look_at_file(f, like, disposition));
	c.says = http_says(type, "json") ? NESTED_JSON : http_says(type, "xml") ? NESTED_XML : NESTED_NONE;
	finder_look(f, &c, bytes_starts_fold(coding, bytes_text("base64")) ? natural_base64 :
	            bytes_starts_fold(coding, bytes_text("quoted-printable")) ? natural_quoted : NULL);
	if (name.left > 0 && !carrier_is_name(name)) {
		c = carrier_piece(like, name, (struct bytes){ 0 });
		finder_look(f, &c, natural_name);
	}
}

/* Where a line begins with the mark, from `at` on; -1: nowhere. */
static ptrdiff_t line_with(struct bytes body, size_t at, struct bytes mark)
{
	while (at < body.left) {
		ptrdiff_t found = bytes_find(bytes_of(body.at + at, body.left - at), mark);

		if (found < 0)
			return -1;
		at += (size_t)found;
		if (at == 0 || body.at[at - 1] == '\n')
			return (ptrdiff_t)at;
		at++;
	}
	return -1;
}

void carriers_of_parts(struct finder *f, const struct carrier *like, struct bytes boundary, struct bytes body)
{
	char line[BOUNDARY_MAX + 3];
	int len = snprintf(line, sizeof(line), "--%.*s", (int)(boundary.left < BOUNDARY_MAX ? boundary.left : BOUNDARY_MAX),
	                   boundary.left > 0 ? (const char *)boundary.at : "");
	struct bytes mark = bytes_of(line, (size_t)len), rest = body;
	ptrdiff_t at = boundary.left > 0 ? line_with(rest, 0, mark) : -1;

	while (at >= 0) {
		struct bytes part;

		rest = bytes_of(rest.at + at, rest.left - (size_t)at);
		http_split(&rest, '\n');
		at = line_with(rest, 0, mark);
		part = at >= 0 ? bytes_of(rest.at, (size_t)at) : rest;
		if (part.left > 0)
			carriers_of_part(f, like, part);
	}
}

struct bytes parts_boundary(struct bytes body)
{
	struct bytes line = bytes_trim(http_split(&body, '\n')), next = http_split(&body, '\n');

	if (!bytes_starts_fold(line, bytes_text("--")) || !bytes_starts_fold(next, bytes_text("content-")))
		return (struct bytes){ 0 };
	return bytes_of(line.at + 2, line.left - 2);
}

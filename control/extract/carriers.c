/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request cut into carriers: path, query, headers, cookies, body, or the raw stream. */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct step *const natural_path[] = { &decode_url, NULL };
static const struct step *const natural_form[] = { &decode_plus, &decode_url, NULL };
static const struct step *const natural_json[] = { &decode_json, NULL };
static const struct step *const natural_body[] = { &decode_gzip, NULL };

/* Names of shells: a resource so called reads its standard input as a script. */
static const char *const interpreters[] = { "sh", "bash", "dash", "ash", "ksh", "zsh", "busybox" };

/* A piece of like's bytes as a carrier of its own, with its offset. */
static struct carrier piece_of(const struct carrier *like, struct bytes raw, struct bytes name)
{
	struct carrier c = *like;

	c.raw = raw;
	c.name = name;
	if (raw.left > 0)
		c.offset = like->offset + (uint64_t)(raw.at - like->raw.at);
	return c;
}

/* name=value, cut at the ampersands of a query or form; names are looked at too where they stand alone. */
void carriers_of_form(struct finder *f, const struct carrier *like, struct bytes form)
{
	struct bytes rest = form;

	while (rest.left > 0) {
		struct bytes value = http_split(&rest, '&'), name = { 0 };
		struct carrier c;

		if (value.left > 0 && memchr(value.at, '=', value.left) != NULL)
			name = http_split(&value, '=');
		c = piece_of(like, value, name);
		finder_look(f, &c, natural_form);
		if (name.left > 0) {
			c = piece_of(like, name, (struct bytes){ 0 });
			finder_look(f, &c, natural_form);
		}
	}
	sql_of_repeated(f, like, form);
}

/* The end of the string that begins behind a quote at b[at], or b.left. */
static size_t string_end(struct bytes b, size_t at)
{
	while (at < b.left && b.at[at] != '"')
		at += b.at[at] == '\\' ? 2 : 1;
	return at < b.left ? at : b.left;
}

/* Every string of a JSON text, keys as names of what follows them. Needs no well-formed text. */
void carriers_of_json(struct finder *f, const struct carrier *like, struct bytes json)
{
	struct bytes name = { 0 };

	for (size_t i = 0; i < json.left; i++) {
		size_t end, after;

		if (json.at[i] == ',' || json.at[i] == '}')
			name = (struct bytes){ 0 };
		if (json.at[i] != '"')
			continue;
		end = string_end(json, i + 1);
		for (after = end + 1; after < json.left && isspace(json.at[after]); after++)
			;
		if (after < json.left && json.at[after] == ':') {
			name = bytes_of(json.at + i + 1, end - i - 1);
		} else {
			struct carrier c = piece_of(like, bytes_of(json.at + i + 1, end - i - 1), name);

			finder_look(f, &c, natural_json);
		}
		i = end;
	}
}

/* Every run of text between tags, and every quoted attribute. */
void carriers_of_xml(struct finder *f, const struct carrier *like, struct bytes xml)
{
	static const struct step *const natural[] = { &decode_html, NULL };
	size_t start = 0;
	bool in_tag = false;
	uint8_t quote = 0;

	for (size_t i = 0; i <= xml.left; i++) {
		uint8_t c = i < xml.left ? xml.at[i] : '<';
		bool ends = quote != 0 ? c == quote || i == xml.left : !in_tag && c == '<';

		if (ends && i > start) {
			struct carrier piece = piece_of(like, http_trim(bytes_of(xml.at + start, i - start)),
			                                (struct bytes){ 0 });

			finder_look(f, &piece, natural);
		}
		if (quote != 0) {
			quote = ends ? 0 : quote;
		} else if (in_tag && (c == '"' || c == '\'')) {
			quote = c;
			start = i + 1;
		} else if (c == '<') {
			in_tag = true;
		} else if (c == '>') {
			in_tag = false;
			start = i + 1;
		}
	}
}

/* What stands in header's value behind `key`, quoted or up to a semicolon. */
static struct bytes header_parameter(struct bytes value, const char *key)
{
	struct bytes wanted = bytes_text(key), piece;

	while (value.left > 0) {
		piece = http_trim(http_split(&value, ';'));
		if (!bytes_starts_fold(piece, wanted))
			continue;
		piece = bytes_of(piece.at + wanted.left, piece.left - wanted.left);
		if (piece.left >= 2 && piece.at[0] == '"' && piece.at[piece.left - 1] == '"')
			piece = bytes_of(piece.at + 1, piece.left - 2);
		return piece;
	}
	return (struct bytes){ 0 };
}

/* Without the folders before it. */
static struct bytes basename_of(struct bytes path)
{
	for (size_t i = path.left; i > 0; i--) {
		if (path.at[i - 1] == '/' || path.at[i - 1] == '\\')
			return bytes_of(path.at + i, path.left - i);
	}
	return path;
}

/* One part of a multipart body: its headers up to the blank line, then its content. */
static void carriers_of_part(struct finder *f, const struct carrier *like, struct bytes part)
{
	struct bytes rest = part, disposition;
	struct carrier c;

	while (rest.left > 0 && http_trim(http_split(&rest, '\n')).left > 0)
		;
	disposition = http_header_find(bytes_of(part.at, part.left - rest.left), "content-disposition");
	struct bytes file = header_parameter(disposition, "filename=");

	c = piece_of(like, http_trim(rest), header_parameter(disposition, "name="));
	c.file = basename_of(file);
	finder_look(f, &c, NULL);
	c = piece_of(like, file, bytes_text("filename"));
	finder_look(f, &c, NULL);
}

void carriers_of_multipart(struct finder *f, const struct carrier *like, struct bytes content_type, struct bytes body)
{
	struct bytes boundary = header_parameter(content_type, "boundary="), rest = body;
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

static bool addresses_interpreter(struct bytes path)
{
	uint8_t plain[1024];
	struct sink out = sink_over(plain, sizeof(plain));
	struct bytes left;

	if (path.left > sizeof(plain))
		return false;
	(void)decode_url.undo(path, &out);
	left = bytes_of(plain, out.used);
	for (struct bytes rest = left; rest.left > 0;)
		left = http_split(&rest, '/');
	for (size_t i = 0; i < COUNT_OF(interpreters); i++) {
		if (bytes_equal(left, bytes_text(interpreters[i])))
			return true;
	}
	return false;
}

/* A script below a folder for files that visitors bring: what its parameters say, a shell that was put there may run. */
static bool addresses_upload(struct bytes path)
{
	static const char *const folders[] = { "upload", "files", "attach", "image", "img", "picture", "photo", "media", "avatar", "tmp", "temp",
	                                       "cache", "storage", "shell" };
	static const char *const endings[] = { ".php", ".phtml", ".pht", ".phar", ".jsp", ".asp", ".cgi", ".pl", ".py", ".sh", ".inc" };
	struct bytes name = basename_of(path), folder = bytes_of(path.at, path.left - name.left);
	bool below = false, script = false;

	for (size_t at = 0; at < folder.left && !below; at++)
		for (size_t i = 0; i < COUNT_OF(folders); i++)
			below |= bytes_starts_fold(bytes_of(folder.at + at, folder.left - at), bytes_text(folders[i]));
	for (size_t at = 0; at < name.left && !script; at++)
		for (size_t i = 0; i < COUNT_OF(endings); i++)
			script |= bytes_starts_fold(bytes_of(name.at + at, name.left - at), bytes_text(endings[i]));
	return below && script;
}

static void carriers_of_headers(struct finder *f, struct bytes head, struct bytes headers)
{
	struct http_header h;

	while (http_header_next(&headers, &h)) {
		struct carrier c = { .kind = CARRIER_HEADER, .part = PART_REQUEST_HEAD, .raw = h.value };
		char where[96];

		if (h.value.left == 0)
			continue;
		c.offset = (uint64_t)(h.value.at - head.at);
		if (bytes_equal_fold(h.name, bytes_text("cookie"))) {
			struct bytes rest = h.value;

			c.kind = CARRIER_COOKIE;
			c.where = "http.cookie";
			while (rest.left > 0) {
				struct bytes value = http_trim(http_split(&rest, ';')), name = { 0 };
				struct carrier piece;

				if (value.left > 0 && memchr(value.at, '=', value.left) != NULL)
					name = http_split(&value, '=');
				piece = piece_of(&c, value, name);
				finder_look(f, &piece, natural_form);
			}
		} else {
			int len = snprintf(where, sizeof(where), "http.header.%.*s",
			                   (int)(h.name.left < 64 ? h.name.left : 64), (const char *)h.name.at);

			for (int i = 0; i < len; i++)
				where[i] = (char)tolower((unsigned char)where[i]);
			c.where = where;
		}
		finder_look(f, &c, NULL);
	}
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

static void carriers_of_body(struct finder *f, const struct http_request *r, struct bytes body)
{
	struct bytes type = http_header_find(r->headers, "content-type");
	struct carrier whole = { .kind = CARRIER_BODY, .part = PART_REQUEST_BODY, .raw = body,
	                         .where = "http.request_body", .to_interpreter = addresses_interpreter(r->path),
	                         .to_upload = addresses_upload(r->path) };
	struct carrier like = whole;
	struct bytes text = http_trim(body);

	if (bytes_equal(r->method, bytes_text("PUT")))
		whole.file = basename_of(r->path);
	like.kind = CARRIER_PARAMETER;
	if (whole.to_interpreter)
		;
	else if (bytes_find(type, bytes_text("multipart/")) >= 0)
		carriers_of_multipart(f, &like, type, body);
	else if (bytes_find(type, bytes_text("json")) >= 0 || (text.left > 0 && (text.at[0] == '{' || text.at[0] == '[')))
		carriers_of_json(f, &like, body);
	else if (bytes_find(type, bytes_text("xml")) >= 0 || (text.left > 0 && text.at[0] == '<'))
		carriers_of_xml(f, &like, body);
	else if (looks_like_form(body))
		carriers_of_form(f, &like, body);
	finder_look(f, &whole, natural_body);
}

void carriers_of_request(struct finder *f, struct bytes head, struct bytes body)
{
	struct http_request r = http_request_of(head);
	struct carrier uri = { .part = PART_REQUEST_HEAD, .where = "http.uri", .kind = CARRIER_PATH };

	f->host = http_header_find(r.headers, "host");
	if (r.method.left == 0) {
		/* no method that HTTP knows: an attack may stand in its place, and servers log the line */
		struct bytes rest = head, line = http_trim(http_split(&rest, '\n'));
		struct carrier c = { .kind = CARRIER_HEADER, .part = PART_REQUEST_HEAD, .where = "http.request_line",
		                     .raw = line };

		finder_look(f, &c, NULL);
		r.headers = rest;
	}
	if (r.path.left > 0) {
		uri.raw = r.path;
		uri.offset = (uint64_t)(r.path.at - head.at);
		finder_look(f, &uri, natural_path);
	}
	if (r.query.left > 0) {
		uri.kind = CARRIER_PARAMETER;
		uri.to_upload = addresses_upload(r.path);
		uri.raw = r.query;
		uri.offset = (uint64_t)(r.query.at - head.at);
		carriers_of_form(f, &uri, r.query);
	}
	carriers_of_headers(f, head, r.headers);
	if (body.left > 0)
		carriers_of_body(f, &r, body);
}

void carriers_of_stream(struct finder *f, const struct case_record *record, struct bytes stream)
{
	struct carrier c = { .kind = CARRIER_STREAM, .part = PART_CLIENT_STREAM, .raw = stream, .where = "stream" };

	finder_look(f, &c, NULL);
	machine_of_stream(f, record, &c);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request cut into carriers: path, query, headers, cookies, body, or the raw stream. */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { BASE64_NAME_MIN = 12 }; /* characters of a name that may stand for another one */

static const struct step *const natural_path[] = { &decode_url, NULL };
static const struct step *const natural_form[] = { &decode_plus, &decode_url, NULL };

/* Names of shells: a resource so called reads its standard input as a script. */
static const char *const interpreters[] = { "sh", "bash", "dash", "ash", "ksh", "zsh", "busybox" };

struct carrier carrier_piece(const struct carrier *like, struct bytes raw, struct bytes name)
{
	struct carrier c = *like;

	c.name = name;
	if (like->text.at != NULL) {
		c.text = raw;
		return c;
	}
	c.raw = raw;
	if (raw.left > 0)
		c.offset = like->offset + (uint64_t)(raw.at - like->raw.at);
	return c;
}

struct bytes carrier_text(const struct carrier *c)
{
	return c->text.at != NULL ? c->text : c->raw;
}

enum code_sink carrier_sink(const struct carrier *c)
{
	return c->sink;
}

bool carrier_is_name(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (!isalnum(b.at[i]) && memchr("_-.:$ @/", b.at[i], 8) == NULL)
			return false;
	}
	return true;
}

/* What a name indexes by: an application makes an array of it, whose keys are the sender's too. At NULL: nothing. */
static struct bytes index_of(struct bytes name)
{
	const uint8_t *open = memchr(name.at, '[', name.left);

	if (open == NULL || name.at[name.left - 1] != ']' || memchr(open, '(', (size_t)(name.at + name.left - open)) == NULL)
		return (struct bytes){ 0 };
	return bytes_of(open + 1, (size_t)(name.at + name.left - open) - 2);
}

/*
 * A quote or a tag where a name would begin, and still open where the name would end: a page that shows the whole query has
 * it all in one piece.
 */
static bool goes_on_as_value(const struct carrier *like, struct bytes name)
{
	static const char codes[] = "22273c3e", signs[] = "\"'<>";
	unsigned quotes = 0;
	uint8_t first = 0;
	bool tag = false;

	if (like->part != PART_REQUEST_HEAD)
		return false;
	for (size_t i = 0; i < name.left; i++) {
		uint8_t c = name.at[i];

		for (size_t k = 0; c == '%' && i + 2 < name.left && k < sizeof(signs) - 1; k++) {
			if (bytes_starts_fold(bytes_of(name.at + i + 1, 2), bytes_of(codes + 2 * k, 2))) {
				c = (uint8_t)signs[k];
				i += 2;
			}
		}
		first = first == 0 ? c : first;
		if (strchr(signs, first) == NULL)
			return false;
		quotes += c == first;
		tag = c == '<' || (tag && c != '>');
	}
	return tag || ((first == '"' || first == '\'') && quotes % 2 == 1);
}

/* name=value, cut at the ampersands of a query or form; names are looked at too where they stand alone. */
void carriers_of_form(struct finder *f, const struct carrier *like, struct bytes form)
{
	struct bytes rest = form;

	while (rest.left > 0) {
		struct bytes value = http_split(&rest, '&'), name = { 0 }, whole = value;
		struct carrier c;

		if (value.left > 0 && memchr(value.at, '=', value.left) != NULL)
			name = http_split(&value, '=');
		c = carrier_piece(like, value, name);
		finder_look(f, &c, natural_form);
		if (name.left > 0) {
			c = carrier_piece(like, goes_on_as_value(like, name) ? whole : name, (struct bytes){ 0 });
			finder_look(f, &c, natural_form);
			if (index_of(name).left > 0) {
				c = carrier_piece(like, index_of(name), (struct bytes){ 0 });
				finder_look(f, &c, natural_form);
			}
		}
	}
	if (like->kind == CARRIER_PARAMETER && like->text.at == NULL && f->forms_count < COUNT_OF(f->forms))
		f->forms[f->forms_count++] = (struct form){ .like = *like, .fields = form };
	valve_of_form(f, like, form);
	callable_of_form(f, like, form);
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
	struct bytes name = http_basename(path), folder = bytes_of(path.at, path.left - name.left);
	bool below = false, script = false;

	for (size_t at = 0; at < folder.left && !below; at++)
		for (size_t i = 0; i < COUNT_OF(folders); i++)
			below |= bytes_starts_fold(bytes_of(folder.at + at, folder.left - at), bytes_text(folders[i]));
	for (size_t at = 0; at < name.left && !script; at++)
		for (size_t i = 0; i < COUNT_OF(endings); i++)
			script |= bytes_starts_fold(bytes_of(name.at + at, name.left - at), bytes_text(endings[i]));
	return below && script;
}

/* user:password, each by itself: what reads them is an application or a server's log. RFC 7617. True: that was all. */
static bool carriers_of_basic(struct finder *f, const struct carrier *like)
{
	struct bytes rest = like->raw, scheme = http_split(&rest, ' '), user;
	uint8_t *room = NULL;
	struct carrier c;
	struct sink out;

	unsigned before = f->found.count;

	rest = bytes_trim(rest);
	if (!bytes_equal_fold(scheme, bytes_text("basic")) || rest.left == 0 || (room = finder_take(f, rest.left)) == NULL)
		return false;
	out = sink_over(room, rest.left);
	/* a look-up with colons of its own is logged as a whole, or is none */
	if (!decode_base64.undo(rest, &out) || memchr(room, ':', out.used) == NULL || bytes_find(bytes_of(room, out.used), bytes_text("${")) >= 0)
		return false;
	c = carrier_piece(like, rest, bytes_text("user"));
	c.kind = CARRIER_COOKIE;
	c.undone[c.undone_count++] = decode_base64.name;
	rest = bytes_of(room, out.used);
	user = http_split(&rest, ':');
	c.text = user;
	finder_look(f, &c, NULL);
	c.name = bytes_text("password");
	c.text = rest;
	finder_look(f, &c, NULL);
	return f->found.count > before;
}

/* The parameters of an address that a header names: what keeps addresses reads them. */
static void carriers_of_address(struct finder *f, const struct carrier *like)
{
	struct bytes query = like->raw;

	http_split(&query, '?');
	if (query.left > 0 && (like->raw.at[0] == '/' || bytes_starts_fold(like->raw, bytes_text("http"))))
		carriers_of_form(f, like, query);
}

static void carriers_of_headers(struct finder *f, struct bytes head, struct bytes headers)
{
	struct http_header h;

	while (http_header_next(&headers, &h)) {
		struct carrier named = { .kind = CARRIER_HEADER, .part = PART_REQUEST_HEAD, .where = "http.header_name", .sink = SINK_HEADER };

		if (!http_is_token(h.name)) {
			named.raw = bytes_of(h.name.at, (size_t)(h.value.at - h.name.at) + h.value.left);
			named.offset = (uint64_t)(h.name.at - head.at);
			finder_look(f, &named, NULL);
		}
		struct carrier c = { .kind = CARRIER_HEADER, .part = PART_REQUEST_HEAD, .raw = h.value, .sink = SINK_HEADER };
		char where[96];

		if (h.value.left == 0)
			continue;
		c.offset = (uint64_t)(h.value.at - head.at);
		if (bytes_equal_fold(h.name, bytes_text("cookie"))) {
			struct bytes rest = h.value;

			c.kind = CARRIER_COOKIE;
			c.where = "http.cookie";
			while (rest.left > 0) {
				struct bytes value = bytes_trim(http_split(&rest, ';')), name = { 0 };
				struct carrier piece;

				if (value.left > 0 && memchr(value.at, '=', value.left) != NULL)
					name = http_split(&value, '=');
				piece = carrier_piece(&c, value, name);
				finder_look(f, &piece, natural_form);
			}
		} else {
			int len = snprintf(where, sizeof(where), "http.header.%.*s",
			                   (int)(h.name.left < 64 ? h.name.left : 64), (const char *)h.name.at);

			for (int i = 0; i < len; i++)
				where[i] = (char)tolower((unsigned char)where[i]);
			c.where = where;
			if (carriers_of_basic(f, &c))
				continue;
			carriers_of_address(f, &c);
		}
		finder_look(f, &c, NULL);
	}
}

/* Behind a file's name a slash is left out where it is stored (CVE-2017-12615). */
static struct bytes file_path(struct bytes path)
{
	while (path.left > 0 && path.at[path.left - 1] == '/')
		path.left--;
	return path;
}

/* A last name that no file has, and base64 has: applications hand on the names of files so. */
static bool is_written_in_base64(struct bytes name)
{
	bool upper = false, lower = false;

	for (size_t i = 0; i < name.left; i++) {
		upper |= isupper(name.at[i]) != 0;
		lower |= islower(name.at[i]) != 0;
		if (!isalnum(name.at[i]) && strchr("+-_=", name.at[i]) == NULL)
			return false;
	}
	return upper && lower && name.left >= BASE64_NAME_MIN && name.left % 4 == 0;
}

void carriers_of_request(struct finder *f, struct bytes head, struct bytes body)
{
	struct http_request r = http_request_of(head);
	struct carrier uri = { .part = PART_REQUEST_HEAD, .where = "http.uri", .kind = CARRIER_PATH };

	f->headers = r.headers;
	f->host = http_header_find(r.headers, "host");
	if (r.method.left == 0) {
		/* no method that HTTP knows: an attack may stand in its place, and servers log the line */
		struct bytes rest = head, line = bytes_trim(http_split(&rest, '\n'));
		struct carrier c = { .kind = CARRIER_HEADER, .part = PART_REQUEST_HEAD, .where = "http.request_line",
		                     .raw = line, .sink = SINK_HEADER };

		finder_look(f, &c, NULL);
		r.headers = rest;
	}
	if (r.path.left > 0) {
		uri.raw = r.path;
		uri.offset = (uint64_t)(r.path.at - head.at);
		finder_look(f, &uri, natural_path);
		if (is_written_in_base64(http_basename(r.path))) {
			struct carrier last = carrier_piece(&uri, http_basename(r.path), (struct bytes){ 0 });

			finder_look(f, &last, natural_path);
		}
	}
	if (r.query.left > 0) {
		uri.kind = CARRIER_PARAMETER;
		uri.to_upload = addresses_upload(r.path);
		uri.raw = r.query;
		uri.offset = (uint64_t)(r.query.at - head.at);
		carriers_of_form(f, &uri, r.query);
	}
	carriers_of_headers(f, head, r.headers);
	if (body.left > 0) {
		struct carrier whole = { .kind = CARRIER_BODY, .part = PART_REQUEST_BODY, .raw = body, .where = "http.request_body",
		                         .to_interpreter = addresses_interpreter(r.path), .to_upload = addresses_upload(r.path) };

		if (bytes_equal(r.method, bytes_text("PUT")))
			whole.file = http_basename(file_path(r.path));
		carriers_of_body(f, &r, &whole);
	}
	carriers_of_repeated(f);
}

void carriers_of_stream(struct finder *f, const struct case_record *record, struct bytes stream)
{
	struct carrier c = { .kind = CARRIER_STREAM, .part = PART_CLIENT_STREAM, .raw = stream, .where = "stream", .sink = SINK_STREAM };

	if (record->app == APP_WEBSOCKET) { /* a message is a value that an application asked for */
		c.kind = CARRIER_PARAMETER;
		finder_look(f, &c, NULL);
		return;
	}
	carriers_of_lines(f, &c);
	finder_look(f, &c, NULL);
	machine_of_stream(f, record, &c);
}

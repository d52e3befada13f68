/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * URLs that a server may be made to fetch or to include: as the whole of a value. An ordinary one of another site is in
 * many requests: it is noted as quiet, and no record comes of it unless it worked in an attack's company.
 */
#include "control/extract/url.h"

#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/writing.h"
#include "control/wire/url.h"

#include <ctype.h>
#include <string.h>

enum {
	URL_VALUE_MAX = 8192,   /* bytes; chains of filters are long */
	EXTENSION_MAX = 8,
	NUMBERS_OF_ADDRESS = 4,
};

/* A name that no public resolver knows: without a dot, or below a top that is not delegated (RFC 6761, 6762, 9476). */
static bool is_inside_name(struct bytes host)
{
	static const char *const tops[] = { ".localhost", ".local", ".internal", ".localdomain", ".lan", ".intranet", ".corp",
	                                    ".home", ".test", ".invalid", ".alt", ".onion", ".arpa" };

	if (memchr(host.at, '.', host.left) == NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		if (bytes_ends_fold(host, bytes_text(tops[i])))
			return true;
	}
	return false;
}

/* A name that holds an address, as of services that answer with it. */
static bool holds_address(struct bytes host)
{
	unsigned numbers = 0;

	for (size_t i = 0; i < host.left && numbers < NUMBERS_OF_ADDRESS; i++) {
		size_t start = i;

		while (i < host.left && isdigit(host.at[i]))
			i++;
		if (i == start || i - start > 3 || (i < host.left && host.at[i] != '.' && host.at[i] != '-'))
			numbers = 0;
		else
			numbers++;
		while (numbers == 0 && i + 1 < host.left && host.at[i] != '.' && host.at[i] != '-')
			i++;
	}
	return numbers >= NUMBERS_OF_ADDRESS;
}

static bool is_common_port(uint16_t port)
{
	return port == 80 || port == 443 || port == 8080 || port == 8443;
}

/* Cut off the suffix that an application would add: by a query, a fragment or a NUL with nothing behind. */
static bool is_cut_off(struct bytes text)
{
	uint8_t last = text.left > 0 ? text.at[text.left - 1] : 'x';

	return last == '?' || last == '#' || last == '\0' || memchr(text.at, '\0', text.left) != NULL;
}

/* Does the file that it names read as a script, or as one in disguise? */
static bool names_script(struct bytes target)
{
	static const char *const scripts[] = { "php", "php3", "php4", "php5", "php7", "phtml", "phar", "inc", "txt", "asp", "aspx",
	                                       "jsp", "cfm", "log" };
	struct bytes path = target, name = http_split(&path, '?'), extension = { 0 };

	for (size_t i = name.left; i > 0 && name.at[i - 1] != '/' && extension.left == 0; i--) {
		if (name.at[i - 1] == '.')
			extension = bytes_of(name.at + i, name.left - i);
	}
	return bytes_is_one_of(extension, scripts, COUNT_OF(scripts));
}

static bool is_own_host(const struct finder *f, const struct url *u)
{
	struct bytes host = f->host, name = http_split(&host, ':');

	return name.left > 0 && bytes_equal_fold(u->host, name) &&
	    (!u->port_given || is_common_port(u->port) || (host.left > 0 && bytes_equal(f->host, bytes_of(u->host.at, f->host.left))));
}

static bool is_suspicious(struct bytes text, const struct url *u)
{
	bool web = strcmp(u->scheme, "http") == 0 || strcmp(u->scheme, "https") == 0;

	return !web || u->address.family != 0 || u->user.left > 0 || is_inside_name(u->host) || holds_address(u->host) ||
	    (u->port_given && !is_common_port(u->port)) || is_cut_off(text) ||
	    (u->target.left == 0 && u->fragment.left > 1);
}

bool url_is_suspicious(struct bytes text)
{
	struct url u;

	return url_parse(text, &u) && u.scheme[0] != '\0' && (u.kind != URL_FETCH || is_suspicious(text, &u));
}

static bool is_plain_name(struct bytes host)
{
	for (size_t i = 0; i < host.left; i++) {
		if (!isalnum(host.at[i]) && host.at[i] != '.' && host.at[i] != '-' && host.at[i] != '_')
			return false;
	}
	return host.left > 3;
}

static bool noted_here(const struct finder *f, const struct carrier *c)
{
	for (unsigned i = 0; i < f->found.count; i++) {
		const struct attack_code *o = &f->found.codes[i];

		if (o->language == LANGUAGE_URL && o->part == c->part && o->offset == c->offset)
			return true;
	}
	return false;
}

/* A public place of files, or one that is written about: people say where something is. */
static bool is_named_place(struct bytes text, const struct url *u)
{
	if (writing_is_about(text, bytes_of(text.at, 0)))
		return true;
	return strcmp(u->scheme, "ftp") == 0 && u->address.family == 0 && u->user.left == 0 && !u->port_given && !is_inside_name(u->host) &&
		!holds_address(u->host);
}

static void note_fetch(struct finder *f, const struct carrier *c, const struct layer *l, struct bytes text, const struct url *u)
{
	struct sighting s = { .language = LANGUAGE_URL, .class_name = "ssrf", .text = text, .contexts = CONTEXT_ALONE,
	                      .sink = carrier_sink(c) };

	if (is_own_host(f, u))
		return;
	if (u->scheme[0] == '\0' && u->address.family == 0)
		return;
	s.quiet = !is_suspicious(text, u) || is_named_place(text, u);
	if (s.quiet && (c->kind != CARRIER_PARAMETER || c->name.left == 0 || !is_plain_name(u->host)))
		return;
	if (!url_address_inside(&u->address) && (u->address.family != 0 || !is_inside_name(u->host) || is_cut_off(text)) &&
	    (u->scheme[0] == '\0' || is_cut_off(text) || names_script(u->target)))
		s.class_name = "include";
	finder_note(f, c, l, &s);
}

/* The script that a data: URL holds. RFC 2397. */
static void note_data(struct finder *f, const struct carrier *c, const struct layer *l, struct bytes data)
{
	struct sighting s = { .language = LANGUAGE_PHP, .class_name = "include", .contexts = CONTEXT_ALONE,
	                      .sink = carrier_sink(c) };
	struct bytes rest = data, kind = http_split(&rest, ',');
	const struct step *step = bytes_ends_fold(kind, bytes_text(";base64")) ? &decode_base64 : &decode_url;
	struct layer inner = *l;
	uint8_t *room;
	struct sink out;

	if (rest.left == 0 || l->count == EXTRACT_LAYERS_MAX || (room = finder_take(f, rest.left)) == NULL)
		return;
	out = sink_over(room, rest.left);
	s.text = rest;
	if (step->undo(rest, &out) && !out.overflow) {
		s.text = bytes_of(out.at, out.used);
		inner.names[inner.count++] = step->name;
	}
	if (bytes_find(s.text, bytes_text("<?")) < 0)
		return;
	inner.text = s.text;
	finder_note(f, c, &inner, &s);
}

static void note_wrapper(struct finder *f, const struct carrier *c, const struct layer *l, struct bytes text, const struct url *u)
{
	struct sighting s = { .language = LANGUAGE_URL, .class_name = "include", .text = text, .contexts = CONTEXT_ALONE,
	                      .sink = carrier_sink(c) };
	bool slashes = bytes_starts_fold(u->target, bytes_text("//"));

	if (strcmp(u->scheme, "data") == 0) {
		note_data(f, c, l, slashes ? bytes_of(u->target.at + 2, u->target.left - 2) : u->target);
		return;
	}
	if (!slashes || u->target.left == 2)
		return;
	if (strcmp(u->scheme, "expect") == 0) {
		s.language = LANGUAGE_SHELL;
		s.text = bytes_of(u->target.at + 2, u->target.left - 2);
	}
	finder_note(f, c, l, &s);
}

/* "/fetch/http://inside/": behind a slash of the path. */
static struct bytes within_path(struct bytes path)
{
	static const char *const begins[] = { "/http:/", "/https:/", "/ftp:/", "/gopher:/", "/file:/" };

	for (size_t i = 0; i < COUNT_OF(begins); i++) {
		ptrdiff_t at = bytes_find(path, bytes_text(begins[i]));

		if (at >= 0)
			return bytes_of(path.at + at + 1, path.left - (size_t)at - 1);
	}
	return (struct bytes){ 0 };
}

void url_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes text = bytes_trim(l->text);
	struct url u;

	if (c->kind == CARRIER_HEADER || c->kind == CARRIER_BODY || c->kind == CARRIER_STREAM || text.left > URL_VALUE_MAX)
		return;
	if (c->kind == CARRIER_PATH)
		text = within_path(text);
	if (text.left < 4 || !url_parse(text, &u) || noted_here(f, c))
		return;
	if (u.kind == URL_FETCH)
		note_fetch(f, c, l, text, &u);
	else if (u.kind == URL_WRAPPER && c->kind != CARRIER_PATH)
		note_wrapper(f, c, l, text, &u);
}

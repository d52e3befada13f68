/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that leave the folder a carrier means: parent steps, absolute system paths, file URLs. */
#include "control/extract/finder.h"
#include "control/extract/http.h"
#include "control/extract/writing.h"

#include <ctype.h>
#include <string.h>

enum {
	PATH_VALUE_MAX = 2048,
	HEADER_STEPS_MIN = 2,  /* a link in a header has fewer that lead to a file of the system */
	LINK_STEPS_MAX = 4,    /* a site's folders lie no deeper, as links go */
};

static bool is_slash(uint8_t c)
{
	return c == '/' || c == '\\';
}

/* How far below its start the path steps at its deepest, counting ".." against names; disguises as ".../" and "....//" in, but a slash must follow. */
static unsigned steps_out(struct bytes b)
{
	int depth = 0, deepest = 0;

	for (size_t i = 0; i < b.left;) {
		size_t start = i, dots = 0;

		while (i < b.left && !is_slash(b.at[i])) {
			dots += b.at[i] == '.';
			i++;
		}
		if (i - start >= 2 && dots == i - start)
			depth -= dots == 2 || i < b.left;
		else if (i > start && dots != i - start)
			depth++;
		if (depth < deepest)
			deepest = depth;
		while (i < b.left && is_slash(b.at[i]))
			i++;
	}
	return (unsigned)-deepest;
}

/* Only what file names hold, as far as a query's path or a NUL. */
static struct bytes path_part(struct bytes b)
{
	size_t i = 0;

	while (i < b.left && b.at[i] != '\0' && b.at[i] != '?' && b.at[i] != '#')
		i++;
	return bytes_of(b.at, i);
}

static bool reads_as_path(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (b.at[i] < ' ' || strchr("<>|\"'`;,()$", b.at[i]) != NULL)
			return false;
	}
	return b.left > 1;
}

/* Below a top folder of a Unix system that no web server's document paths begin with. */
static bool is_system_path(struct bytes b)
{
	static const char *const tops[] = { "/etc/", "/proc/", "/root/", "/boot/", "/sys/", "/var/log/", "/var/lib/",
	                                    "/usr/local/", "/usr/share/", "/usr/lib/", "/bin/", "/usr/bin/" };
	size_t i = 0;
	bool disguised = false;

	/* dots and slashes of both kinds before it lead nowhere else */
	while (i + 1 < b.left && (is_slash(b.at[i]) || b.at[i] == '.'))
		disguised |= b.at[i++] == '\\';
	if (disguised)
		i--;
	else
		for (i = 0; i + 2 < b.left && b.at[i] == '/' && (b.at[i + 1] == '/' || (b.at[i + 1] == '.' && b.at[i + 2] == '/'));)
			i += b.at[i + 1] == '/' ? 1 : 2;
	b = bytes_of(b.at + i, b.left - i);
	for (i = 0; i < COUNT_OF(tops); i++) {
		struct bytes top = bytes_text(tops[i]);

		if (b.left > top.left && memcmp(b.at, top.at, top.left) == 0)
			return true;
	}
	return false;
}

/* Below a top folder of a Windows system's disk; what a browser tells of a user's own file is not there. */
static bool is_windows_path(struct bytes b)
{
	static const char *const tops[] = { "windows", "winnt", "inetpub", "boot.ini", "program files", "programdata", "xampp", "wamp",
	                                    "php", "apache", "autoexec.bat", "sysprep", "users\\administrator", "users/administrator" };

	if (b.left < 4 || !isalpha(b.at[0]) || b.at[1] != ':' || !is_slash(b.at[2]))
		return false;
	b = bytes_of(b.at + 3, b.left - 3);
	while (b.left > 0 && (is_slash(b.at[0]) || (b.at[0] == '.' && b.left > 1 && is_slash(b.at[1]))))
		b = bytes_of(b.at + 1, b.left - 1);
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		if (bytes_starts_fold(b, bytes_text(tops[i])))
			return true;
	}
	return false;
}

/* … or of the system's disk itself. */
static bool is_windows_file(struct bytes b)
{
	static const char *const tops[] = { "windows/win.ini", "windows/system", "winnt/win.ini", "winnt/system", "boot.ini" };

	while (b.left > 0 && is_slash(b.at[0]))
		b = bytes_of(b.at + 1, b.left - 1);
	for (size_t i = 0; i < COUNT_OF(tops); i++) {
		size_t k = 0;

		while (tops[i][k] != '\0' && k < b.left && (tops[i][k] == '/' ? is_slash(b.at[k]) : tolower(b.at[k]) == tops[i][k]))
			k++;
		if (tops[i][k] == '\0')
			return true;
	}
	return false;
}

/* What a Java server gives to nobody (Servlet 6.0, 10.5): the folder of an application's classes and settings. */
static bool is_inner_path(struct bytes b)
{
	static const char *const inner[] = { "web-inf/", "meta-inf/" };

	for (size_t i = 0; i < b.left; i++) {
		for (size_t k = 0; k < COUNT_OF(inner) && (i == 0 || is_slash(b.at[i - 1])); k++)
			if (bytes_starts_fold(bytes_of(b.at + i, b.left - i), bytes_text(inner[k])))
				return true;
	}
	return false;
}

/* A folder is left by a backslash: nobody's links and forms say so, and only a Windows system follows it. */
static bool steps_by_backslash(struct bytes b)
{
	return bytes_find(b, bytes_text("..\\")) >= 0;
}

/* A path of a Windows system's disk where the path of a resource ends. Empty: none. */
static struct bytes windows_tail(struct bytes b)
{
	for (size_t i = 1; i < b.left; i++) {
		struct bytes tail = bytes_of(b.at + i, b.left - i);

		if ((is_slash(b.at[i - 1]) || b.at[i - 1] == '=') && is_windows_path(tail))
			return tail;
	}
	return bytes_of(b.at + b.left, 0);
}

/* A system's own file where the path of a resource ends: what an application would open by it. Empty: none. */
static struct bytes system_tail(struct bytes b)
{
	static const char *const files[] = { "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hosts", "/proc/self/environ",
	                                     "/proc/self/cmdline", "/proc/version", "/windows/win.ini" };

	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct bytes file = bytes_text(files[i]);

		if (bytes_ends(b, file))
			return bytes_of(b.at + b.left - file.left, file.left);
	}
	return bytes_of(b.at + b.left, 0);
}

/* Files that an application's values name only to get at them: hidden ones, or with a NUL that cuts a suffix off. */
static bool is_odd_name(struct bytes b, bool cut)
{
	size_t i = b.left;

	while (i > 0 && !is_slash(b.at[i - 1]))
		i--;
	if (i == b.left)
		return false;
	return (i > 0 && b.at[i] == '.' && b.left - i > 2) || (cut && (i > 0 || memchr(b.at, '.', b.left) != NULL));
}

/*
 * What links and values of ordinary pages are too: the folder above or something in it without a suffix, a picture, a style or a schema of the site a few
 * folders above, and what every copy of a distribution holds alike, so that nobody learns from it.
 */
static bool is_everyday(struct bytes b)
{
	static const char *const resources[] = { ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".ico", ".css", ".js", ".html", ".htm", ".pdf", ".woff2", ".dtd", ".xsd" };
	static const char *const alike[] = { "/bin/", "/usr/bin/", "/usr/share/", "/usr/lib/" };
	unsigned steps = 0;
	bool found = false;

	if (b.at[0] == '/') {
		for (size_t i = 0; i < COUNT_OF(alike); i++)
			found |= bytes_starts_fold(b, bytes_text(alike[i]));
		return found && steps_out(b) == 0 && bytes_find(b, bytes_text("..")) < 0;
	}
	for (; b.left >= 2 && b.at[0] == '.' && b.at[1] == '.' && (b.left == 2 || b.at[2] == '/'); steps++)
		b = bytes_of(b.at + (b.left == 2 ? 2 : 3), b.left - (b.left == 2 ? 2 : 3));
	for (size_t i = 0; i < COUNT_OF(resources); i++)
		found |= b.left > strlen(resources[i]) && bytes_ends_fold(b, bytes_text(resources[i]));
	if (steps == 0 || steps > LINK_STEPS_MAX || bytes_find(b, bytes_text("..")) >= 0 || memchr(b.at, '\0', b.left) != NULL)
		return false;
	return found || (steps == 1 && memchr(b.at, '.', b.left) == NULL && memchr(b.at, '/', b.left) == NULL);
}

/* "-I../include -L../lib", ".. include:: ../x": a blank, and paths behind it that are no part of the first. */
static bool is_option(struct bytes b)
{
	for (size_t i = 0; i + 2 < b.left; i++) {
		if (b.at[i] == ' ' && (b.at[i + 1] == '-' || (memcmp(b.at + i + 1, "..", 2) == 0 && i > 0 && !is_slash(b.at[i - 1]))))
			return true;
	}
	return false;
}

/*
 * A header that names nothing but a file, well outside: what it asks to be rendered, or where a proxy says the page is. A template's
 * delimiter ends it (CVE-2019-5418). "": none is named.
 */
static struct bytes header_path(struct bytes text)
{
	ptrdiff_t end = bytes_find(text, bytes_text("{{"));
	struct bytes path = end >= 0 ? bytes_of(text.at, (size_t)end) : text;

	if (path.left < 3 || (path.at[0] != '.' && path.at[0] != '/') || memchr(path.at, ' ', path.left) != NULL ||
	    steps_out(path) < HEADER_STEPS_MIN || system_tail(path).left == 0)
		return bytes_of(text.at, 0);
	return path;
}

void path_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .language = LANGUAGE_PATH, .class_name = "path", .contexts = CONTEXT_ALONE,
	                      .sink = carrier_sink(c) };
	struct bytes text = bytes_trim(l->text), path;
	size_t nothing = 0; /* NULs before it, by which a filter is to stop reading */
	bool below; /* it stays where it began, and names nothing hidden */
	size_t url = bytes_starts_fold(text, bytes_text("file://")) ? 7 : bytes_starts_fold(text, bytes_text("file:/")) ? 5 : 0;

	if (c->kind == CARRIER_HEADER)
		text = header_path(text);
	while (nothing < text.left && text.at[nothing] == '\0')
		nothing++;
	if (text.left == 0 || c->kind == CARRIER_BODY || c->kind == CARRIER_STREAM || text.left > PATH_VALUE_MAX ||
	    bytes_find(text, bytes_text("</")) >= 0)
		return;
	url += nothing;
	path = path_part(bytes_of(text.at + url, text.left - url));
	if (!reads_as_path(path) && !is_inner_path(path))
		return;
	/* a blank is in file names, but one step up and a blank is in prose */
	if (memchr(path.at, ' ', path.left) != NULL && steps_out(path) < 2)
		return;
	below = steps_out(path) == 0 && !is_inner_path(path);
	s.text = text;
	if (below && c->kind == CARRIER_PATH) {
		s.text = system_tail(path);
		if (s.text.left == 0)
			s.text = windows_tail(path);
		if (s.text.left == 0 && !steps_by_backslash(path))
			return;
		s.text = s.text.left == 0 ? text : s.text;
	} else if (below && (c->kind != CARRIER_PARAMETER || (url == 0 && !steps_by_backslash(path) &&
	           !is_system_path(path) && !is_windows_path(path) && !is_windows_file(path) &&
	           !is_odd_name(path, path.left < text.left && path.at[path.left] == '\0')))) {
		return;
	}
	s.quiet = c->kind == CARRIER_PARAMETER && url == 0 && path.left == text.left &&
		(is_everyday(path) || is_option(path));
	finder_note(f, c, l, &s);
}

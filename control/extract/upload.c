/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a server would run when they are asked for: scripts by their first line, pages with code by their tags. */
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <string.h>

enum { LINE_MAX_READ = 128 };

/* Programs that a script's first line names, and the language they read. */
static const struct { const char *name; enum language language; } interpreters[] = {
	{ "sh", LANGUAGE_SHELL }, { "bash", LANGUAGE_SHELL }, { "dash", LANGUAGE_SHELL }, { "ash", LANGUAGE_SHELL }, { "ksh", LANGUAGE_SHELL },
	{ "zsh", LANGUAGE_SHELL }, { "perl", LANGUAGE_PERL }, { "python", LANGUAGE_PYTHON }, { "python3", LANGUAGE_PYTHON },
	{ "python2", LANGUAGE_PYTHON }, { "ruby", LANGUAGE_RUBY }, { "node", LANGUAGE_NODE }, { "php", LANGUAGE_PHP },
};

/* By "#!/usr/bin/env NAME" or "#!/usr/bin/NAME"; LANGUAGE_AUTO where nobody that we know reads it. */
static enum language by_first_line(struct bytes text)
{
	struct bytes line = bytes_trim(http_split(&text, '\n')), word = { 0 };

	if (!bytes_starts_fold(line, bytes_text("#!")) || line.left > LINE_MAX_READ)
		return LANGUAGE_AUTO;
	line = bytes_of(line.at + 2, line.left - 2);
	while (line.left > 0) {
		struct bytes piece = bytes_trim(http_split(&line, ' ')), path = piece;

		while (path.left > 0)
			word = http_split(&path, '/');
		if (piece.left > 0 && !bytes_equal(word, bytes_text("env")) && word.at[0] != '-')
			break;
	}
	for (size_t i = 0; i < COUNT_OF(interpreters); i++) {
		if (bytes_equal_fold(word, bytes_text(interpreters[i].name)))
			return interpreters[i].language;
	}
	return LANGUAGE_AUTO;
}

static bool ends_with(struct bytes name, const char *ending)
{
	return bytes_ends_fold(name, bytes_text(ending));
}

/* Is it called as a script that some server runs, whatever stands behind that name? */
static bool is_run(struct bytes file)
{
	static const char *const endings[] = { ".php", ".pht", ".phar", ".jsp", ".asp", ".ashx", ".asa", ".cer", ".cgi", ".pl", ".py", ".sh", ".rb", ".cfm", ".erb", ".war" };

	for (size_t at = 0; at < file.left; at++) {
		for (size_t i = 0; i < COUNT_OF(endings); i++)
			if (bytes_starts_fold(bytes_of(file.at + at, file.left - at), bytes_text(endings[i])))
				return true;
	}
	return memchr(file.at, '.', file.left) == NULL;
}

/* Pages with code between "<%" and "%>": whose, the file's name or what stands in them tells. */
static enum language by_tags(struct bytes file, struct bytes text)
{
	static const char *const java[] = { "Runtime", "java.", "request.getParameter", "ProcessBuilder", "<jsp:", "<%@page", "<%@ page", "out.print" };
	ptrdiff_t tag = bytes_find(text, bytes_text("<%"));

	if (tag < 0 && bytes_find(text, bytes_text("<jsp:")) < 0)
		return LANGUAGE_AUTO;
	if (ends_with(file, ".asp") || ends_with(file, ".aspx") || ends_with(file, ".ashx") || ends_with(file, ".asa") || ends_with(file, ".cer"))
		return LANGUAGE_ASP;
	for (size_t i = 0; i < COUNT_OF(java); i++) {
		if (bytes_find(text, bytes_text(java[i])) >= 0)
			return LANGUAGE_JAVA;
	}
	return ends_with(file, ".jsp") || ends_with(file, ".jspx") || ends_with(file, ".jspf") ? LANGUAGE_JAVA :
		ends_with(file, ".erb") ? LANGUAGE_ERB : LANGUAGE_AUTO;
}

void upload_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct sighting s = { .class_name = "upload", .text = l->text, .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };

	if (c->file.left == 0)
		return;
	s.language = by_first_line(l->text);
	if (s.language == LANGUAGE_AUTO)
		s.language = by_tags(c->file, l->text);
	/* no server runs a file of another name: it is told where a later request has it run */
	s.quiet = !is_run(c->file);
	if (s.language != LANGUAGE_AUTO && s.language != LANGUAGE_PHP)
		finder_note(f, c, l, &s);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Server-side includes: a comment that a server which parses its pages replaces by a command's output or by a file. Apache's mod_include. */
#include "control/extract/finder.h"

#include <ctype.h>
#include <string.h>

enum { INCLUDES_MAX = 8 };

/* The quoted value behind name= in b; false: there is none. */
static bool attribute(struct bytes b, const char *name, struct bytes *ret)
{
	ptrdiff_t at = bytes_find(b, bytes_text(name));
	const uint8_t *end;

	if (at < 0)
		return false;
	b = bytes_of(b.at + at + strlen(name), b.left - (size_t)at - strlen(name));
	while (b.left > 0 && (isspace(b.at[0]) || b.at[0] == '='))
		b = bytes_of(b.at + 1, b.left - 1);
	if (b.left < 2 || strchr("\"'`", b.at[0]) == NULL || (end = memchr(b.at + 1, b.at[0], b.left - 1)) == NULL)
		return false;
	*ret = bytes_of(b.at + 1, (size_t)(end - b.at) - 1);
	return ret->left > 0;
}

void include_recognise(struct finder *f, const struct carrier *c, const struct layer *l)
{
	struct bytes rest = l->text;
	ptrdiff_t at;

	if (c->kind == CARRIER_STREAM)
		return;
	for (unsigned i = 0; i < INCLUDES_MAX && (at = bytes_find(rest, bytes_text("<!--#"))) >= 0; i++) {
		struct sighting s = { .contexts = CONTEXT_ALONE, .sink = carrier_sink(c) };
		struct bytes tag;
		ptrdiff_t end;

		rest = bytes_of(rest.at + at + 5, rest.left - (size_t)at - 5);
		end = bytes_find(rest, bytes_text("-->"));
		tag = bytes_of(rest.at, end >= 0 ? (size_t)end : rest.left);
		if (bytes_starts_fold(tag, bytes_text("exec")) && (attribute(tag, "cmd", &s.text) || attribute(tag, "cgi", &s.text))) {
			s.language = LANGUAGE_SHELL;
			s.class_name = "shell";
		} else if (bytes_starts_fold(tag, bytes_text("include")) && (attribute(tag, "virtual", &s.text) || attribute(tag, "file", &s.text))) {
			s.language = LANGUAGE_PATH;
			s.class_name = "path";
		} else {
			continue;
		}
		finder_note(f, c, l, &s);
	}
}

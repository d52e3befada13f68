/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thymeleaf: what stands between double underscores is evaluated first and its value put there; then the expressions of
 * the text, by SpEL. Fragments, links and messages are the victim's.
 */
#include "emu/expression/class.h"

#include <errno.h>
#include <string.h>

enum { PREPROCESSED_MAX = 16 };

static int evaluated(struct java_run *run, struct bytes text, struct java_object *out)
{
	int r;

	run->language = EXPRESSION_SPEL;
	r = java_template_run(run, text, out);
	run->language = EXPRESSION_THYMELEAF;
	return r;
}

/* __…__ by their values. */
static int preprocess(struct java_run *run, struct bytes *text)
{
	for (unsigned n = 0; n < PREPROCESSED_MAX; n++) {
		ptrdiff_t from = bytes_find(*text, bytes_text("__")), len;
		struct java_object *out;
		struct bytes rest;
		int r;

		if (from < 0)
			return 0;
		rest = bytes_of(text->at + from + 2, text->left - (size_t)from - 2);
		if ((len = bytes_find(rest, bytes_text("__"))) < 0)
			return 0;
		if ((r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out)) < 0 || (r = java_write(run, out, bytes_of(text->at, (size_t)from))) < 0 ||
		    (r = evaluated(run, bytes_of(rest.at, (size_t)len), out)) < 0 ||
		    (r = java_write(run, out, bytes_of(rest.at + len + 2, rest.left - (size_t)len - 2))) < 0)
			return r;
		*text = out->text;
	}
	return 0;
}

/* [[…]] and [(…)] lose their brackets; what is in them is evaluated with the rest. */
static int inlined(struct java_run *run, struct bytes text, struct java_object *out)
{
	for (size_t at = 0; at < text.left;) {
		bool opens = at + 1 < text.left && text.at[at] == '[' && (text.at[at + 1] == '[' || text.at[at + 1] == '(');
		const char *close = opens && text.at[at + 1] == '[' ? "]]" : ")]";
		ptrdiff_t len = opens ? bytes_find(bytes_of(text.at + at + 2, text.left - at - 2), bytes_text(close)) : -1;
		struct bytes inside;
		int r;

		if (len < 0) {
			size_t next = at + 1;

			while (next < text.left && text.at[next] != '[')
				next++;
			if ((r = evaluated(run, bytes_of(text.at + at, next - at), out)) < 0)
				return r;
			at = next;
			continue;
		}
		inside = bytes_of(text.at + at + 2, (size_t)len);
		if ((r = evaluated(run, inside, out)) < 0)
			return r;
		at += (size_t)len + 4;
	}
	return 0;
}

int java_thymeleaf_run(struct java_run *run, struct bytes text, struct java_object *out)
{
	int r = preprocess(run, &text);

	if (r < 0)
		return r;
	/* a view's name is no template: what was put into it stands in the error */
	if (run->outcome->evaluated)
		return java_write(run, out, text);
	return inlined(run, text, out);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A JavaServer page as the Java that its compiler makes of it: text is printed, code stands as it is. JavaServer Pages 2.3,
 * JSP.1.3 and JSP.9.4; as a document (JSP.6) its scripting elements only.
 */
#include "emu/expression/jsp.h"

#include <errno.h>
#include <string.h>

enum { GROWTH = 8, ROOM = 256 }; /* a byte of text takes up to 6 as "\u00xx"; what is printed around each piece */

/* What opens code, what closes it, and what stands around it then. */
static const struct element {
	const char *open, *close, *before, *after;
} elements[] = { /* longer ones first */
	{ "<%--", "--%>", NULL, NULL },
	{ "<%@", "%>", NULL, NULL },
	{ "<%!", "%>", "", "\n" },
	{ "<%=", "%>", "out.print(", ");\n" },
	{ "<%", "%>", "", "\n" },
	{ "<jsp:scriptlet>", "</jsp:scriptlet>", "", "\n" },
	{ "<jsp:declaration>", "</jsp:declaration>", "", "\n" },
	{ "<jsp:expression>", "</jsp:expression>", "out.print(", ");\n" },
	{ "<jsp:root", ">", NULL, NULL },
	{ "</jsp:root", ">", NULL, NULL },
	{ "<jsp:directive", ">", NULL, NULL },
	{ "<?xml", "?>", NULL, NULL },
};

static const struct element *element_at(struct bytes b)
{
	for (size_t i = 0; i < COUNT_OF(elements); i++) {
		if (bytes_starts_fold(b, bytes_text(elements[i].open)))
			return &elements[i];
	}
	return NULL;
}

bool java_is_page(struct bytes text)
{
	ptrdiff_t tag = bytes_find(text, bytes_text("<%")), element = bytes_find(text, bytes_text("<jsp:"));

	return (tag >= 0 && bytes_find(bytes_of(text.at + tag, text.left - (size_t)tag), bytes_text("%>")) > 0) ||
	       (element >= 0 && bytes_find(bytes_of(text.at + element, text.left - (size_t)element), bytes_text("</jsp:")) > 0);
}

static bool is_blank(struct bytes text)
{
	return bytes_trim(text).left == 0;
}

static void print_text(struct sink *s, struct bytes text)
{
	static const char digits[] = "0123456789abcdef";

	if (is_blank(text))
		return;
	sink_put(s, "out.print(\"", 11);
	for (size_t i = 0; i < text.left; i++) {
		uint8_t c = text.at[i];

		if (c == '"' || c == '\\') {
			sink_u8(s, '\\');
			sink_u8(s, c);
		} else if (c >= ' ' && c != 0x7f && c != '$') { /* a dollar begins no expression here */
			sink_u8(s, c);
		} else {
			sink_put(s, "\\u00", 4);
			sink_u8(s, (uint8_t)digits[c >> 4]);
			sink_u8(s, (uint8_t)digits[c & 15]);
		}
	}
	sink_put(s, "\");\n", 4);
}

/* <![CDATA[…]]> around what a document's element holds */
static struct bytes bare(struct bytes code)
{
	struct bytes b = bytes_trim(code), open = bytes_text("<![CDATA["), close = bytes_text("]]>");

	if (!bytes_starts_fold(b, open) || b.left < open.left + close.left)
		return code;
	return bytes_of(b.at + open.left, b.left - open.left - close.left);
}

int java_of_page(struct bytes text, struct arena *a, struct bytes *ret)
{
	size_t size = GROWTH * text.left + ROOM, from = 0;
	struct sink s = sink_over(arena_take(a, size), size);

	if (s.at == NULL)
		return -ENOMEM;
	for (size_t at = 0; at < text.left;) {
		struct bytes rest = bytes_of(text.at + at, text.left - at), inside;
		const struct element *e = rest.at[0] == '<' ? element_at(rest) : NULL;
		ptrdiff_t end;

		if (e == NULL) {
			at++;
			continue;
		}
		inside = bytes_of(rest.at + strlen(e->open), rest.left - strlen(e->open));
		if ((end = bytes_find(inside, bytes_text(e->close))) < 0)
			break;
		print_text(&s, bytes_of(text.at + from, at - from));
		inside.left = (size_t)end;
		if (e->before != NULL) {
			struct bytes code = bare(inside);

			sink_put(&s, e->before, strlen(e->before));
			sink_put(&s, code.at, code.left);
			sink_put(&s, e->after, strlen(e->after));
		}
		at += strlen(e->open) + (size_t)end + strlen(e->close);
		from = at;
	}
	print_text(&s, bytes_of(text.at + from, text.left - from));
	if (s.overflow)
		return -E2BIG;
	*ret = bytes_of(s.at, s.used);
	return 0;
}

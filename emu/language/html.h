/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markup as a browser reads it: which script a piece of it brings along, in each place of a page that it may be put into. */
#ifndef EMU_LANGUAGE_HTML_H
#define EMU_LANGUAGE_HTML_H

#include "control/wire/bytes.h"

enum {
	HTML_CODE_MAX = 16 << 10,  /* bytes of a piece that are read */
	HTML_SCRIPTS_MAX = 64,     /* scripts kept of one piece */
	HTML_SCRIPT_MAX = 2048,    /* bytes kept of one script */
	HTML_LABEL_MAX = 48,
};

/* A script and what runs it: "script", "script@src", "svg@onload", "*@onload" (of the page's own element), "a@href"; "*": any script. */
struct html_script {
	char label[HTML_LABEL_MAX];
	uint8_t text[HTML_SCRIPT_MAX];  /* entities undone; of an address: what follows the scheme, of a source the address */
	size_t len;
};

struct html_result {
	unsigned count, left;
	struct html_script at[HTML_SCRIPTS_MAX];
};

/*
 * Reads code as text between tags, inside an attribute (each way of quoting), a title, a text area, a comment, a style and
 * a script, and notes each script that begins in it once. The tokeniser of the HTML standard without its tree: which of
 * them a page really holds, a parse of the page tells (control/judge). Pure, bounded. HTML 13.2.5.
 */
void html_evaluate(struct bytes code, struct html_result *ret);

#endif

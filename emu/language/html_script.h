/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of markup is script: attributes, addresses, and calls behind the end of a string. */
#ifndef EMU_LANGUAGE_HTML_SCRIPT_H
#define EMU_LANGUAGE_HTML_SCRIPT_H

#include "emu/language/html.h"

/* Notes a script once. Blanks around it fall away; "" is none. */
void html_script_add(struct html_result *, const char *label, struct bytes text);
/* The attribute's script if it is a handler, an address of script that the element follows, or a script's source. */
void html_script_of_attribute(struct html_result *, struct bytes element, struct bytes name, struct bytes value);
/* The whole piece as an address that a page puts into one of its own attributes. */
void html_scripts_of_address(struct html_result *, struct bytes code);
/* Calls that would run if the page had the piece inside a script, or a handler, of its own. */
void html_scripts_of_string(struct html_result *, struct bytes code);
/* Character references undone, as in an attribute. */
void html_unescape(struct bytes, struct sink *);

#endif

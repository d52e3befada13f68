/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a parser of XML that resolves entities makes of a document: its text, and what it reads and fetches for it. XML 1.0
 * (5th edition) and XInclude 1.0; namespaces and validity are not looked at, encodings other than UTF-8 are read as bytes.
 */
#ifndef EMU_LANGUAGE_XML_H
#define EMU_LANGUAGE_XML_H

#include "control/wire/bytes.h"
#include "control/wire/report.h"

enum {
	XML_TEXT_MAX = 64 << 10,     /* bytes of the document's text; what would be more stops the evaluation */
	XML_RESOURCES_MAX = 16,
	XML_URL_MAX = 1024,
	XML_STEPS_MAX = 200000,      /* references and pieces of mark-up: what only grows is stopped */
};

struct xml_resource {
	char url[XML_URL_MAX];
	bool shown;                  /* its text becomes the document's text; else it is markup declarations */
	bool cut;                    /* the rest of its name hangs on what another resource holds */
};

struct xml_world {
	const void *context;
	/* Lends the bytes behind a system identifier until the evaluation ends; false: they are not known. */
	bool (*read)(const void *context, struct bytes url, struct bytes *ret);
};

struct xml_result {
	enum stopped_by stopped_by;  /* exit; signal: not well-formed; memory, rounds: a bound */
	unsigned expanded;           /* references to entities that the document declares itself, replaced */
	unsigned resources_count, resources_left;
	struct xml_resource resources[XML_RESOURCES_MAX];
	size_t text_len;
	uint8_t text[XML_TEXT_MAX];  /* of all elements, in order; where a resource is not known, a line end */
};

/* world NULL: no resource is known. Pure; recursion by a counted depth. ret is large: not for the stack. */
void xml_evaluate(struct bytes document, const struct xml_world *, struct xml_result *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One evaluation of a document, shared by its declarations and its content. */
#ifndef EMU_LANGUAGE_XML_INSIDE_H
#define EMU_LANGUAGE_XML_INSIDE_H

#include "emu/language/xml.h"

enum {
	ENTITIES_MAX = 128,
	DEPTH_MAX = 40,              /* entities open inside each other */
	VALUES_MAX = 256 << 10,      /* bytes of all entities' values together */
	ELEMENTS_MAX = 256,          /* elements open inside each other */
};

struct entity {
	struct bytes name, value;    /* value: the replacement text, or the system identifier */
	bool parameter, external, unparsed;
	bool open;                   /* it is being replaced: a reference to it now is a loop */
};

struct xml {
	const struct xml_world *world;
	struct xml_result *ret;
	unsigned entities_count, depth, steps;
	unsigned replaced;           /* general entities open: libxml2 takes no unknown one within them */
	bool lenient;                /* declarations may be missing: an unknown entity is no error (4.1, WFC) */
	struct entity entities[ENTITIES_MAX];
	size_t used;
	uint8_t values[VALUES_MAX];
};

/* What is left to read of one entity; at its end no more is read. */
struct reader {
	struct bytes rest;
	bool declared_outside;       /* in an external entity: parameter references are allowed within declarations */
};

bool xml_stop(struct xml *, enum stopped_by why); /* always false */
bool xml_step(struct xml *);                      /* false at the bound */
bool xml_at(struct bytes, const char *text);
void xml_skip(struct bytes *, size_t len);
size_t xml_blanks(struct bytes *);                /* passes over them; how many */
bool xml_name(struct bytes *, struct bytes *ret);
/* One "&#…;" behind which reading goes on; false: none, or no character. */
bool xml_character(struct bytes *, struct sink *to);
/* Takes a quoted literal off. */
bool xml_literal(struct bytes *, struct bytes *ret);
/* Passes over a comment or a processing instruction that begins here; false: none begins, or it has no end. */
bool xml_aside(struct xml *, struct bytes *);
struct entity *xml_entity(struct xml *, struct bytes name, bool parameter);
/* Notes that a resource is wanted and, where the world knows it, lends its bytes. */
bool xml_resource(struct xml *, struct bytes url, bool shown, struct bytes *ret);

/* The document type declaration from behind "<!DOCTYPE". */
bool xml_doctype(struct xml *, struct bytes *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tags and texts of an XML document, one after the other. Forgiving: what is no tag is text. */
#ifndef EMU_SERIAL_XML_H
#define EMU_SERIAL_XML_H

#include "control/wire/bytes.h"

enum xml_kind { XML_OPEN, XML_CLOSE, XML_EMPTY, XML_TEXT };

struct xml_token {
	enum xml_kind kind;
	struct bytes name;        /* of a tag, as it stands */
	struct bytes attributes;  /* what stands behind it */
	struct bytes text;
};

bool xml_next(struct bytes *in, struct xml_token *ret);
/* The value of an attribute by its whole name; "" for none. */
struct bytes xml_attribute(const struct xml_token *, const char *name);
/* Text with its entities undone; what does not fit is left out. */
void xml_plain(struct bytes text, struct sink *to);

#endif

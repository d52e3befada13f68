/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Identifiers that are the same in every run. */
#ifndef CONTROL_IOCGEN_EXPORT_UUID_H
#define CONTROL_IOCGEN_EXPORT_UUID_H

enum { UUID_TEXT = 37 /* bytes, with the NUL */ };

/* A name-based UUID (RFC 4122, version 5) of two words in a name space of ours. Returns buf. Pure. */
const char *uuid_of(const char *kind, const char *name, char buf[UUID_TEXT]);

#endif

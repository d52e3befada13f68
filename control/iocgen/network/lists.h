/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of indicators as others write and read them. */
#ifndef CONTROL_IOCGEN_NETWORK_LISTS_H
#define CONTROL_IOCGEN_NETWORK_LISTS_H

#include "control/iocgen/ioc.h"
#include "control/iocgen/network/indicator.h"

#include <stdio.h>

/*
 * Reads a list of any form into l: our own and other plain lists (a value a line, behind # a comment), CSV (the column called
 * indicator, value, ioc …, else the first one that has indicators), STIX 2.x (comparisons of indicators' patterns for equality), MISP
 * (attributes, alone or in objects, except those not meant for detection). bad() is told what could not be read. -EIO, -ENOMEM,
 * -ENOSPC.
 */
must_check int lists_read(FILE *from, const char *file, struct indicators *l, void (*bad)(void *to, const char *file, uint64_t line, const char *why),
                          void *to);
/* What of IOCs for endpoints is about traffic and has no holes: the others are counted. -ENOMEM, -ENOSPC. */
must_check int lists_take_iocs(const struct ioc_set *, struct indicators *l, uint64_t *ret_left);

/* Writers of a settled list; the stream keeps its error. day: since 1970. */
void lists_write_plain(const struct indicators *, int32_t day, FILE *to);
void lists_write_csv(const struct indicators *, int32_t day, FILE *to);
void lists_write_json(const struct indicators *, int32_t day, FILE *to); /* a line each: {"type", "value"} */
void lists_write_stix(const struct indicators *, int32_t day, FILE *to);
void lists_write_misp(const struct indicators *, int32_t day, FILE *to);
/* In Suricata's language, for `rules.files`; what it has no keyword for is a comment. */
void lists_write_rules(const struct indicators *, int32_t day, FILE *to);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of foreign logs, and how a log's beginning tells which of them reads it: by its contents, never by its name. */
#ifndef CONTROL_IOCGEN_READ_FORM_H
#define CONTROL_IOCGEN_READ_FORM_H

#include "control/iocgen/read/read.h"

/* As read_plain(). */
int read_cape(FILE *from, const struct read_given *, const struct sample_sink *);      /* CAPE, Cuckoo, sandbox summaries */
int read_speakeasy(FILE *from, const struct read_given *, const struct sample_sink *); /* Speakeasy, all its shapes */
int read_windows(FILE *from, const struct read_given *, const struct sample_sink *);   /* Sysmon and Windows events as JSON */
int read_audit(FILE *from, const struct read_given *, const struct sample_sink *);     /* auditd, raw and JSON */
int read_emulated(FILE *from, const struct read_given *, const struct sample_sink *);  /* konseki emulate --json */

/* Does a log that begins so have this form? At most one says yes; all say no of the plain form. Pure. */
bool is_cape(struct bytes head);
bool is_speakeasy(struct bytes head);
bool is_windows(struct bytes head);
bool is_audit(struct bytes head);
bool is_emulated(struct bytes head);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a CSV says of samples: label, family, date, source environment. */
#ifndef CONTROL_IOCGEN_LABELS_H
#define CONTROL_IOCGEN_LABELS_H

#include "control/iocgen/sample.h"

#include <stdio.h>

/*
 * A table of samples. Its first line names the columns: sample (or sha256, md5, file, name) and any of label, family, date, source
 * (environment); others are let be. Fields may stand in double quotes (RFC 4180).
 */
struct labels;

/* Bad rows go to bad(to, file, line, why) and are passed over. -EBADMSG: no column names a sample; -EIO; -ENOMEM. */
must_check int labels_read(FILE *, const char *file, void (*bad)(void *, const char *, uint64_t, const char *), void *to,
                           struct labels **ret);
void labels_free(struct labels *);
size_t labels_count(const struct labels *);
/*
 * Lays what the table says of the sample over what the log said; texts are lent until labels_free(). The name is looked for as it
 * is, then its last path part, then that without its endings; then so the log's path, where the log is one sample. NULL table: nothing.
 * True: the table knows it.
 */
bool labels_apply(const struct labels *, struct sample *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that verbs read whole. */
#ifndef CONTROL_IOCGEN_WHOLE_H
#define CONTROL_IOCGEN_WHOLE_H

#include "control/iocgen/ioc.h"

/* All of the file ("-": stdin), at most max bytes. The caller frees *ret. -EFBIG, -ENOMEM, -errno. */
must_check int whole_read(const char *name, size_t max, uint8_t **ret, size_t *ret_len);
/* A file of IOCs; complaints go to stderr in the verb's name. An exit code; *ret is freed by ioc_set_free(). */
must_check int iocs_open(const char *verb, const char *name, struct ioc_set **ret);

#endif

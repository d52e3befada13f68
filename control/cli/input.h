/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What verbs that take foreign bytes share: reading all of FILE or -, and showing bytes on a terminal. */
#ifndef CONTROL_CLI_INPUT_H
#define CONTROL_CLI_INPUT_H

#include "control/wire/bytes.h"

/*
 * Reads name ("-": stdin) whole. *ret is the caller's, to be freed. -EFBIG: more than max bytes; -ENOMEM; -errno.
 */
must_check int input_read(const char *name, size_t max, uint8_t **ret, size_t *ret_len);
/* Prints b with control characters as \xNN; each line begins with indent, the last one is ended. */
void shown_print(struct bytes b, const char *indent);

#endif

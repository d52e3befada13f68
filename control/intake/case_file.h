/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A case that outlives the ring it came up: its bytes copied, its record decoded over the copy. */
#ifndef CONTROL_INTAKE_CASE_FILE_H
#define CONTROL_INTAKE_CASE_FILE_H

#include "control/wire/case.h"

struct case_file {
	struct case_record record;   /* borrows from bytes and marks */
	struct bytes bytes;          /* the encoding of wire/case.h, owned */
	struct segment_mark *marks;  /* owned */
	size_t cost;                 /* bytes of all of it */
};

/* Copies and decodes one encoded case. *ret is the caller's. -EBADMSG, -ENOMEM. */
must_check int case_file_new(struct bytes encoded, struct case_file **ret);
void case_file_free(struct case_file *);

#endif

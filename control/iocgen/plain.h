/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples in the plain form, written as they come. */
#ifndef CONTROL_IOCGEN_PLAIN_H
#define CONTROL_IOCGEN_PLAIN_H

#include "control/iocgen/sample.h"

#include <stdio.h>

struct plain {
	FILE *to;
	bool later; /* the sample has an artefact already */
};

/* One line a sample. Each returns 0, or -EIO from plain_end() where the stream has an error. */
must_check int plain_begin(struct plain *, const struct sample *);
must_check int plain_artefact(struct plain *, const struct artefact *);
must_check int plain_end(struct plain *);

#endif

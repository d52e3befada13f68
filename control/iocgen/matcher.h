/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many patterns at once over one value: a Hyperscan database for each kind and action class. */
#ifndef CONTROL_IOCGEN_MATCHER_H
#define CONTROL_IOCGEN_MATCHER_H

#include "control/iocgen/ioc.h"

struct matcher;

/*
 * patterns are borrowed while it compiles; a match is told by the number in the list. A pattern without holes that is closed at both
 * ends costs a look into a table. -EINVAL: Hyperscan refuses one (number in *which); -ENOMEM.
 */
must_check int matcher_new(const struct pattern *patterns, uint32_t count, struct matcher **ret, uint32_t *which);
/* value: normal form without kind and class. Each pattern is told at most once. What hit() returns, if not 0, ends it and is returned. */
must_check int matcher_scan(struct matcher *, enum artefact_kind, enum action_class, struct bytes value,
                            int (*hit)(void *, uint32_t pattern), void *to);
void matcher_free(struct matcher *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What events of Windows mean: a table by provider and number. */
#ifndef CONTROL_IOCGEN_READ_EVENT_H
#define CONTROL_IOCGEN_READ_EVENT_H

#include "control/iocgen/read/forest.h"
#include "control/iocgen/read/record.h"

/*
 * Adds what one event tells to the forest; the record holds its fields by the names that Windows gives them. *ret: it is an event of
 * a provider that the table knows, whether or not it says anything. As forest_add().
 */
must_check int event_take(const struct record *, struct forest *, bool *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asking konseki-rebind, root's helper, to hand the cards of pairs over. */
#ifndef DATAPLANE_BYPASS_REBIND_H
#define DATAPLANE_BYPASS_REBIND_H

#include "control/wire/compiler.h"
#include "control/wire/rebind.h"

/* A connection; owned. -errno. */
must_check int rebind_open(const char *path);
/*
 * Waits until the cards are there, at most 20 s; number is another one for each question. -errno (-EPIPE, -ECONNRESET: nobody is at the other end any more; -EAGAIN: no answer in time), or
 * what konseki-rebind says.
 */
must_check int rebind_ask(int fd, uint32_t number, enum rebind_to, struct rebind_answer *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's interfaces by rtnetlink: bridges that carry packets instead of us, and whether a link has a carrier. */
#ifndef DATAPLANE_BYPASS_LINK_H
#define DATAPLANE_BYPASS_LINK_H

#include "control/wire/compiler.h"

#include <stdbool.h>

/* A socket for the calls below; owned. -errno. */
must_check int link_open(void);
/* The number of the interface that has this name now. -errno (-ENODEV: none has). */
must_check int link_find(int fd, const char *name);
/*
 * The bridge `name`, down: then it carries nothing. One that is there already is taken as it is. No address of its own, no delay, and the
 * link-local groups that a wire carries. -errno. Needs CAP_NET_ADMIN.
 */
must_check int link_bridge(int fd, const char *name);
/* An interface into a bridge; again is no error. -errno (-EBUSY: it belongs to another one). */
must_check int link_join(int fd, const char *bridge, unsigned index);
/* Up or down, as an operator sets it. -errno. */
must_check int link_set(int fd, unsigned index, bool up);
/* 1: the other end is there; 0: it is not; -errno. */
int link_carrier(int fd, unsigned index);

#endif

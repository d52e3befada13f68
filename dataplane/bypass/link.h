/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's interfaces by rtnetlink: bridges that carry packets instead of us, and whether a link has a carrier. */
#ifndef DATAPLANE_BYPASS_LINK_H
#define DATAPLANE_BYPASS_LINK_H

#include "control/wire/compiler.h"

#include <stdbool.h>

/* A socket for the calls below; owned. -errno. */
must_check int link_open(void);
/*
 * The bridge `name` over two interfaces, down: then it carries nothing. One that is there already is taken as it is but for
 * its members. No address of its own, no delay, and the link-local groups that a wire carries. -errno (-ENODEV: no such
 * interface; -EBUSY: one belongs to another bridge). Needs CAP_NET_ADMIN.
 */
must_check int link_bridge(int fd, const char *name, const char *const members[2]);
/* Up or down, as an operator sets it. -errno. */
must_check int link_set(int fd, const char *name, bool up);
/* 1: the other end is there; 0: it is not; -errno. */
int link_carrier(int fd, const char *name);

#endif

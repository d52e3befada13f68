/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A web server before php: puts the script in its place and asks for it, as the real request did where it is known. */
#ifndef EMU_SERVER_FRONT_H
#define EMU_SERVER_FRONT_H

#include "emu/world/world.h"

/* Is this row of a profile's environment one that a web server makes for each request? */
bool front_makes(const char *row);
/*
 * Writes the script of this command into the tree and its request, as FastCGI has it, into room[size]. environment: the
 * profile's rows, in their order. -E2BIG, -ENOMEM, or why the script cannot be put there.
 */
must_check int front_request(struct world *, const struct bytes *environment, const struct command *, uint8_t *room,
    size_t size, struct bytes *ret);

#endif

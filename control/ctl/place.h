/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A path as the address of a local socket, however long it is. */
#ifndef CONTROL_CTL_PLACE_H
#define CONTROL_CTL_PLACE_H

#include "control/wire/compiler.h"

#include <sys/un.h>

/*
 * Where path is too long for an address (107 bytes), *ret goes through *ret_folder, a descriptor of its folder, which the
 * caller keeps open while it binds or connects, and closes; else *ret_folder is -1. -errno of the folder;
 * -ENAMETOOLONG where the file's own name is.
 */
must_check int socket_place(const char *path, struct sockaddr_un *ret, int *ret_folder);

#endif

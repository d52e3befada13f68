/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A collector's name becoming addresses, while the loop goes on. */
#ifndef CONTROL_JOURNAL_LOOKUP_H
#define CONTROL_JOURNAL_LOOKUP_H

#include "control/wire/compiler.h"

#include <netdb.h>
#include <stdint.h>

struct lookup;

/* Asks for host (a name or an address) and port; socktype as in socket(). *ret is the caller's. -ENOMEM, -EAGAIN. */
must_check int lookup_new(const char *host, uint16_t port, int socktype, struct lookup **ret);
/*
 * -EAGAIN: no answer yet. 0: *ret is the caller's, freed by freeaddrinfo(). -ENOENT: it has no address; *why says so.
 */
must_check int lookup_poll(struct lookup *, struct addrinfo **ret, const char **why);
/* Gives the question up; one that a resolver thread is in the middle of keeps its memory until the process ends. */
void lookup_free(struct lookup *);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The admin socket: one request line in, JSON lines out, then the end; followers stay and get what comes. A client that
 * reads too slowly is dropped. Never blocks. One thread.
 */
#ifndef CONTROL_CTL_ADMIN_H
#define CONTROL_CTL_ADMIN_H

#include "control/ctl/request.h"

enum { ADMIN_CLIENTS_MAX = 16, ADMIN_OUTPUT_MAX = 16 << 20 /* bytes waiting for one client */ };

struct admin;
struct admin_client;

struct admin_tools {
	/* writes the answer with admin_say(), line by line */
	void (*answer)(void *context, const struct request *, struct admin_client *);
	void *context;
};

/*
 * Listens at path (mode 0660; a stale socket is replaced, one that answers is not: -EADDRINUSE, nor is a file
 * of another kind: -EEXIST). *ret is the caller's. -errno.
 */
must_check int admin_open(const char *path, const struct admin_tools *, struct admin **ret);
void admin_close(struct admin *); /* removes the socket */
int admin_fd(const struct admin *); /* readable when admin_step() has work; borrowed */
void admin_step(struct admin *);
/* One line (without its end) to a client. */
void admin_say(struct admin_client *, const char *json);
/* One line to every follower of alerts. */
void admin_push(struct admin *, struct bytes json);

#endif

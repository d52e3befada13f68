/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The metrics page over HTTP, by libmicrohttpd inside the caller's loop: GET and HEAD of /metrics, nothing else. At most 16
 * connections, 8 from one address, of 10 s each, one request a connection; a page is made once in 200 ms at most. Never
 * blocks. One thread.
 */
#ifndef CONTROL_METRICS_LISTENER_H
#define CONTROL_METRICS_LISTENER_H

#include "control/wire/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct listener;

struct listener_tools {
	/* Makes the page; *ret is freed by the listener. -errno */
	int (*page)(void *context, bool open_metrics, char **ret, size_t *len);
	void *context;
};

/* at: "address:port" of config/listen.h. *ret is the caller's. -errno. */
must_check int listener_open(const char *at, const struct listener_tools *, struct listener **ret);
void listener_close(struct listener *);
/* Serves who waits; call it often. now_ns: CLOCK_MONOTONIC. */
void listener_step(struct listener *, uint64_t now_ns);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A sender with a store of its own, and sockets that play its collectors: what the tests of both share. */
#ifndef TESTS_UNIT_SENDER_WORLD_H
#define TESTS_UNIT_SENDER_WORLD_H

#include "control/journal/sender.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

extern struct settings settings;
extern struct store *store;
extern struct sender *sender;        /* NULL until a test makes it; freed at its end */
extern char got[1 << 16], sender_why[SENDER_WHY_MAX];
extern size_t got_len;
extern uint64_t later_ns;            /* added to the clock: seconds that a test does not wait for */

int begin(void **state);             /* of cmocka: a fresh store and no collectors */
int end(void **state);
uint64_t now_ns(void);
void collector_add(enum syslog_transport, const char *host, uint16_t port);
void line_put(const char *line);     /* committed */
/* A socket on the loopback; port 0: any. *port: which. */
int socket_at(int type, uint16_t *port);
void step(void);                     /* the sender's, then a pause of 5 ms */
/* Steps, reading from fd (-1: none) into got, until text is there or ms are over. */
bool comes(int fd, const char *wanted, unsigned ms);
int connection(int listener);        /* steps until the sender has connected */
bool says(const char *wanted);       /* does the news hold it? */

#endif

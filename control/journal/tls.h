/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS to a collector (RFC 5425), over a socket that never blocks. The only file that knows GnuTLS. Nothing is sent before
 * the collector's certificate was found good: signed by one of the CA file, in time, and for its name; or the one whose
 * fingerprint is set; both where both are set. One thread.
 */
#ifndef CONTROL_JOURNAL_TLS_H
#define CONTROL_JOURNAL_TLS_H

#include "config/settings.h"
#include "control/wire/compiler.h"

enum { TLS_WHY_MAX = 256 };

struct tls_credentials; /* of one target: files are read once, before power is given up */
struct tls;             /* one connection */

/* target stays borrowed. *ret is the caller's. -errno: *why, at least TLS_WHY_MAX bytes, names the file and what is wrong with it. */
must_check int tls_credentials_new(const struct syslog_target *, struct tls_credentials **ret, char *why);
void tls_credentials_free(struct tls_credentials *);

/* fd: a connected socket that does not block, borrowed. *written: counts the bytes that the kernel took. -ENOMEM. */
must_check int tls_new(const struct tls_credentials *, int fd, uint64_t *written, struct tls **ret);
void tls_free(struct tls *);
/*
 * 0: it is up. -EAGAIN: not yet. -EACCES: the certificate is not the collector's. -EPROTO: what came is no TLS, or the
 * collector refused. Other -errno: the connection broke. tls_why() says more.
 */
must_check int tls_handshake(struct tls *);
/* All of len bytes as one record, or -EAGAIN: call it again with the same. -errno. */
must_check int tls_send(struct tls *, const void *, size_t len);
/* Reads away what came, a bounded part of it. 0, or -errno: -EPIPE where the other side ended it. */
must_check int tls_drain(struct tls *);
/* Says goodbye, as far as the socket takes it. */
void tls_end(struct tls *);
const char *tls_why(const struct tls *); /* of the last error; lent */

#endif

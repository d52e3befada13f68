/* SPDX-License-Identifier: GPL-2.0-or-later */
/* GnuTLS: credentials, the check of the collector's certificate, records. */
#include "control/journal/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { DRAIN_READS = 8, DRAIN_BYTES = 4096 };

/* RFC 9662: 1.2 at least, 1.3 where the collector can. */
static const char versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

struct tls_credentials {
	const struct syslog_target *to;
	gnutls_certificate_credentials_t given;
};

struct tls {
	const struct tls_credentials *credentials;
	gnutls_session_t session;
	int fd;
	uint64_t *written;
	size_t pending;  /* bytes of a record that GnuTLS holds, not yet all in the socket */
	bool bad_certificate;
	char why[TLS_WHY_MAX];
};

/* A result of GnuTLS as ours. */
static int tls_error(ssize_t r)
{
	switch (r) {
	case GNUTLS_E_AGAIN:
	case GNUTLS_E_INTERRUPTED:
		return -EAGAIN;
	case GNUTLS_E_MEMORY_ERROR:
		return -ENOMEM;
	case GNUTLS_E_PULL_ERROR:
	case GNUTLS_E_PUSH_ERROR:
		return errno != 0 && errno != EAGAIN ? -errno : -ECONNRESET;
	case GNUTLS_E_PREMATURE_TERMINATION:
		return -ECONNRESET;
	default:
		return r < 0 ? -EPROTO : 0;
	}
}

int tls_credentials_new(const struct syslog_target *to, struct tls_credentials **ret, char *why)
{
	struct tls_credentials *c = calloc(1, sizeof(*c));
	int r;

	snprintf(why, TLS_WHY_MAX, "out of memory");
	if (c == NULL)
		return -ENOMEM;
	c->to = to;
	if (gnutls_certificate_allocate_credentials(&c->given) < 0) {
		free(c);
		return -ENOMEM;
	}
	r = 0;
	if (to->ca[0] != '\0') {
		r = gnutls_certificate_set_x509_trust_file(c->given, to->ca, GNUTLS_X509_FMT_PEM);
		if (r <= 0)
			snprintf(why, TLS_WHY_MAX, "%.180s: %s", to->ca, r == 0 ? "holds no certificate" : gnutls_strerror(r));
		r = r == 0 ? -1 : r;
	} else if (!to->pinned) {
		r = gnutls_certificate_set_x509_system_trust(c->given);
		if (r < 0)
			snprintf(why, TLS_WHY_MAX, "the system's certificates cannot be read: %s", gnutls_strerror(r));
	}
	if (r >= 0 && to->certificate[0] != '\0') {
		r = gnutls_certificate_set_x509_key_file(c->given, to->certificate, to->key, GNUTLS_X509_FMT_PEM);
		if (r < 0)
			snprintf(why, TLS_WHY_MAX, "%.100s and %.100s: %s", to->certificate, to->key, gnutls_strerror(r));
	}
	if (r < 0) {
		tls_credentials_free(c);
		return -EINVAL;
	}
	*ret = c;
	return 0;
}

void tls_credentials_free(struct tls_credentials *c)
{
	if (c == NULL)
		return;
	gnutls_certificate_free_credentials(c->given);
	free(c);
}

static ssize_t push(gnutls_transport_ptr_t of, const void *data, size_t len)
{
	struct tls *t = of;
	ssize_t n = send(t->fd, data, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		*t->written += (uint64_t)n;
	if (n < 0)
		gnutls_transport_set_errno(t->session, errno == ENOBUFS ? EAGAIN : errno);
	return n;
}

static ssize_t pull(gnutls_transport_ptr_t of, void *data, size_t len)
{
	struct tls *t = of;
	ssize_t n = recv(t->fd, data, len, MSG_DONTWAIT);

	if (n < 0)
		gnutls_transport_set_errno(t->session, errno);
	return n;
}

static const char *name_of(const struct syslog_target *to)
{
	return to->name[0] != '\0' ? to->name : to->host;
}

static int refuse(struct tls *t, const char *why)
{
	t->bad_certificate = true;
	snprintf(t->why, sizeof(t->why), "its certificate is refused: %.220s", why);
	for (char *c = t->why; *c != 0; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	return GNUTLS_E_CERTIFICATE_ERROR;
}

static int check_fingerprint(struct tls *t, const gnutls_datum_t *certificate)
{
	uint8_t digest[FINGERPRINT_SIZE];
	char text[64 + 2 * FINGERPRINT_SIZE];
	size_t len = sizeof(digest), at;

	if (gnutls_fingerprint(GNUTLS_DIG_SHA256, certificate, digest, &len) < 0 || len != sizeof(digest))
		return refuse(t, "it cannot be read");
	if (memcmp(digest, t->credentials->to->fingerprint, sizeof(digest)) == 0)
		return 0;
	at = (size_t)snprintf(text, sizeof(text), "its fingerprint is sha-256:");
	for (size_t i = 0; i < sizeof(digest); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%02x", digest[i]);
	return refuse(t, text);
}

static int check_chain(struct tls *t)
{
	gnutls_typed_vdata_st wanted[] = {
		{ .type = GNUTLS_DT_DNS_HOSTNAME },
		{ .type = GNUTLS_DT_KEY_PURPOSE_OID },
	};
	gnutls_datum_t said = { 0 };
	char name[256], server[] = GNUTLS_KP_TLS_WWW_SERVER, text[TLS_WHY_MAX];
	unsigned status = 0;

	snprintf(name, sizeof(name), "%s", name_of(t->credentials->to));
	wanted[0].data = (unsigned char *)name;
	wanted[1].data = (unsigned char *)server;
	if (gnutls_certificate_verify_peers(t->session, wanted, COUNT_OF(wanted), &status) < 0)
		return refuse(t, "it cannot be read");
	if (status == 0)
		return 0;
	if (status == GNUTLS_CERT_UNEXPECTED_OWNER || status == (GNUTLS_CERT_UNEXPECTED_OWNER | GNUTLS_CERT_INVALID)) {
		snprintf(text, sizeof(text), "it is not for the name %.200s", name);
		return refuse(t, text);
	}
	if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &said, 0) < 0)
		return refuse(t, "it is not trusted");
	(void)refuse(t, (const char *)said.data);
	gnutls_free(said.data);
	return GNUTLS_E_CERTIFICATE_ERROR;
}

/* Called by the handshake when the collector has shown its certificate, before anything of ours is sent. */
static int check(gnutls_session_t session)
{
	struct tls *t = gnutls_session_get_ptr(session);
	const struct syslog_target *to = t->credentials->to;
	unsigned count = 0;
	const gnutls_datum_t *list = gnutls_certificate_get_peers(session, &count);
	int r = 0;

	if (list == NULL || count == 0)
		return refuse(t, "there is none");
	if (to->pinned)
		r = check_fingerprint(t, &list[0]);
	if (r == 0 && (!to->pinned || to->ca[0] != '\0'))
		r = check_chain(t);
	return r;
}

static bool is_address(const char *host)
{
	uint8_t raw[16];

	return inet_pton(AF_INET, host, raw) == 1 || inet_pton(AF_INET6, host, raw) == 1;
}

int tls_new(const struct tls_credentials *c, int fd, uint64_t *written, struct tls **ret)
{
	struct tls *t = calloc(1, sizeof(*t));
	const char *name = name_of(c->to);

	if (t == NULL)
		return -ENOMEM;
	t->credentials = c;
	t->fd = fd;
	t->written = written;
	if (gnutls_init(&t->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0) {
		free(t);
		return -ENOMEM;
	}
	gnutls_session_set_ptr(t->session, t);
	if (gnutls_priority_set_direct(t->session, versions, NULL) < 0 ||
	    gnutls_credentials_set(t->session, GNUTLS_CRD_CERTIFICATE, c->given) < 0 ||
	    (!is_address(name) && gnutls_server_name_set(t->session, GNUTLS_NAME_DNS, name, strlen(name)) < 0)) {
		tls_free(t);
		return -ENOMEM;
	}
	gnutls_session_set_verify_function(t->session, check);
	gnutls_transport_set_ptr(t->session, t);
	gnutls_transport_set_push_function(t->session, push);
	gnutls_transport_set_pull_function(t->session, pull);
	gnutls_handshake_set_timeout(t->session, GNUTLS_INDEFINITE_TIMEOUT); /* its time is whoever opened the socket's to measure */
	*ret = t;
	return 0;
}

void tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	gnutls_deinit(t->session);
	free(t);
}

static int explain(struct tls *t, ssize_t r)
{
	int error = tls_error(r);

	if (t->bad_certificate)
		return -EACCES;
	if (error == -EPROTO && r == GNUTLS_E_FATAL_ALERT_RECEIVED)
		snprintf(t->why, sizeof(t->why), "it refuses: %s", gnutls_alert_get_name(gnutls_alert_get(t->session)));
	else if (error == -EPROTO)
		snprintf(t->why, sizeof(t->why), "no TLS with it: %s", gnutls_strerror((int)r));
	else
		snprintf(t->why, sizeof(t->why), "%s", strerror(-error));
	return error;
}

int tls_handshake(struct tls *t)
{
	int r = gnutls_handshake(t->session), error;

	if (r == 0)
		return 0;
	if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED || gnutls_error_is_fatal(r) == 0)
		return -EAGAIN;
	error = explain(t, r);
	(void)gnutls_alert_send_appropriate(t->session, r); /* so that the collector's log says why; it may not go out */
	return error;
}

int tls_send(struct tls *t, const void *data, size_t len)
{
	ssize_t n = t->pending > 0 ? gnutls_record_send(t->session, NULL, 0) : gnutls_record_send(t->session, data, len);

	if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED) {
		t->pending = len;
		return -EAGAIN;
	}
	t->pending = 0;
	if (n < 0)
		return explain(t, n);
	return (size_t)n == len ? 0 : -EMSGSIZE; /* a line is shorter than a record may be */
}

int tls_drain(struct tls *t)
{
	uint8_t ignored[DRAIN_BYTES];

	for (unsigned i = 0; i < DRAIN_READS; i++) {
		ssize_t n = gnutls_record_recv(t->session, ignored, sizeof(ignored));

		if (n > 0)
			continue;
		if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED || (n < 0 && gnutls_error_is_fatal((int)n) == 0))
			return 0;
		if (n < 0)
			return explain(t, n);
		snprintf(t->why, sizeof(t->why), "it closed the connection");
		return -EPIPE;
	}
	return 0;
}

void tls_end(struct tls *t)
{
	if (t->pending == 0)
		(void)gnutls_bye(t->session, GNUTLS_SHUT_WR);
}

const char *tls_why(const struct tls *t)
{
	return t->why;
}

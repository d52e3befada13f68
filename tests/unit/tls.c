/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TLS to collectors that are who they should be, and to others: nothing is told to a wrong one. */
#include "tests/unit/sender_world.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { NAMES_MAX = 64 };

/* A certificate with its key, in memory and as files. */
struct identity {
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;
	char crt_file[2 * NAMES_MAX], key_file[2 * NAMES_MAX];
};

static struct identity authority, stranger, collector, sensor;
static char files[NAMES_MAX];

/* The collector's side of one connection. */
static struct {
	gnutls_certificate_credentials_t given;
	gnutls_session_t session;
	int fd;
	bool up, wants_certificate;
} peer;

static void file_write(const char *path, gnutls_datum_t *text)
{
	FILE *f = fopen(path, "w");

	assert_true(f != NULL && fwrite(text->data, 1, text->size, f) == text->size && fclose(f) == 0);
	gnutls_free(text->data);
}

/* name: of a DNS host, or an address; valid: seconds from now on; purpose: NULL for any. signer NULL: by itself. */
static void identity_make(struct identity *i, const char *file, const char *name, long valid, const char *purpose, const struct identity *signer)
{
	gnutls_datum_t text;
	static unsigned char serial = 1;
	const unsigned char loopback[4] = { 127, 0, 0, 1 };

	gnutls_x509_privkey_init(&i->key);
	gnutls_x509_crt_init(&i->crt);
	assert_int_equal(gnutls_x509_privkey_generate(i->key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0), 0);
	gnutls_x509_crt_set_key(i->crt, i->key);
	gnutls_x509_crt_set_version(i->crt, 3);
	gnutls_x509_crt_set_serial(i->crt, &serial, 1);
	serial++;
	gnutls_x509_crt_set_activation_time(i->crt, time(NULL) - 100000);
	gnutls_x509_crt_set_expiration_time(i->crt, time(NULL) + valid);
	gnutls_x509_crt_set_dn_by_oid(i->crt, GNUTLS_OID_X520_COMMON_NAME, 0, file, (unsigned)strlen(file));
	gnutls_x509_crt_set_ca_status(i->crt, signer == NULL);
	gnutls_x509_crt_set_key_usage(i->crt, signer == NULL ? GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_DIGITAL_SIGNATURE : GNUTLS_KEY_DIGITAL_SIGNATURE);
	if (name != NULL && strcmp(name, "127.0.0.1") == 0)
		gnutls_x509_crt_set_subject_alt_name(i->crt, GNUTLS_SAN_IPADDRESS, loopback, sizeof(loopback), GNUTLS_FSAN_SET);
	else if (name != NULL)
		gnutls_x509_crt_set_subject_alt_name(i->crt, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name), GNUTLS_FSAN_SET);
	if (purpose != NULL)
		gnutls_x509_crt_set_key_purpose_oid(i->crt, purpose, 0);
	assert_int_equal(gnutls_x509_crt_sign2(i->crt, signer == NULL ? i->crt : signer->crt, signer == NULL ? i->key : signer->key, GNUTLS_DIG_SHA256, 0), 0);
	snprintf(i->crt_file, sizeof(i->crt_file), "%s/%s.crt", files, file);
	snprintf(i->key_file, sizeof(i->key_file), "%s/%s.key", files, file);
	gnutls_x509_crt_export2(i->crt, GNUTLS_X509_FMT_PEM, &text);
	file_write(i->crt_file, &text);
	gnutls_x509_privkey_export2(i->key, GNUTLS_X509_FMT_PEM, &text);
	file_write(i->key_file, &text);
}

static void identity_free(struct identity *i)
{
	if (i->crt != NULL) {
		gnutls_x509_crt_deinit(i->crt);
		gnutls_x509_privkey_deinit(i->key);
		unlink(i->crt_file);
		unlink(i->key_file);
	}
	memset(i, 0, sizeof(*i));
}

static int all_begin(void **state)
{
	snprintf(files, sizeof(files), "/tmp/konseki-tls-XXXXXX");
	if (mkdtemp(files) == NULL)
		return -1;
	identity_make(&authority, "authority", NULL, 100000, NULL, NULL);
	identity_make(&stranger, "stranger", NULL, 100000, NULL, NULL);
	identity_make(&sensor, "sensor", "sensor.example", 100000, GNUTLS_KP_TLS_WWW_CLIENT, &authority);
	return 0;
}

static int all_end(void **state)
{
	identity_free(&authority);
	identity_free(&stranger);
	identity_free(&sensor);
	identity_free(&collector);
	return rmdir(files);
}

static void peer_end(void)
{
	if (peer.session != NULL)
		gnutls_deinit(peer.session);
	if (peer.given != NULL)
		gnutls_certificate_free_credentials(peer.given);
	if (peer.fd > 0)
		close(peer.fd);
	memset(&peer, 0, sizeof(peer));
}

static int one_end(void **state)
{
	peer_end();
	return end(state);
}

static void peer_begin(int fd)
{
	peer.fd = fd;
	assert_int_equal(gnutls_certificate_allocate_credentials(&peer.given), 0);
	assert_int_equal(gnutls_certificate_set_x509_key(peer.given, &collector.crt, 1, collector.key), 0);
	assert_int_equal(gnutls_certificate_set_x509_trust(peer.given, &authority.crt, 1), 1);
	assert_int_equal(gnutls_init(&peer.session, GNUTLS_SERVER | GNUTLS_NONBLOCK), 0);
	gnutls_priority_set_direct(peer.session, "NORMAL", NULL);
	gnutls_credentials_set(peer.session, GNUTLS_CRD_CERTIFICATE, peer.given);
	if (peer.wants_certificate)
		gnutls_certificate_server_set_request(peer.session, GNUTLS_CERT_REQUIRE);
	gnutls_transport_set_int(peer.session, fd);
}

/* Both sides go on until text came; what the collector reads is what it was told. False: not in ms. */
static bool told(const char *wanted, unsigned ms)
{
	for (uint64_t until = now_ns() + ms * UINT64_C(1000000); now_ns() < until;) {
		ssize_t n = 0;

		step();
		if (!peer.up) {
			int r = gnutls_handshake(peer.session);

			peer.up = r == 0;
			if (r < 0 && gnutls_error_is_fatal(r))
				return false;
		}
		if (peer.up)
			n = gnutls_record_recv(peer.session, got + got_len, sizeof(got) - 1 - got_len);
		if (n > 0)
			got_len += (size_t)n;
		got[got_len] = 0;
		if (strstr(got, wanted) != NULL)
			return true;
		if (peer.up && n < 0 && gnutls_error_is_fatal((int)n))
			return false;
	}
	return false;
}

/* A listening collector with this certificate, and a sender that is to reach it as localhost by this authority. */
static int listener_begin(struct syslog_target **ret)
{
	uint16_t port = 0;
	int fd = socket_at(SOCK_STREAM, &port);

	collector_add(SYSLOG_TLS, "127.0.0.1", port);
	*ret = &settings.syslog[0];
	snprintf((*ret)->ca, sizeof((*ret)->ca), "%s", authority.crt_file);
	return fd;
}

static void sender_begin(void)
{
	line_put("<1>secret");
	assert_int_equal(sender_new(&settings, store, &sender, sender_why), 0);
}

static uint64_t refusals(void)
{
	struct collector_counts c;

	sender_look(sender, 0, &c);
	return c.refused;
}

/* It connects, is refused by us, and hears nothing; the count goes up and the news says why. */
static void refuses(const char *why, void (*change)(struct syslog_target *))
{
	struct syslog_target *t;
	int fd = listener_begin(&t);

	if (change != NULL)
		change(t);
	sender_begin();
	peer_begin(connection(fd));
	assert_false(told("secret", 3000));
	assert_int_equal(got_len, 0);
	assert_true(says(why));
	assert_int_equal(refusals(), 1);
	assert_true(sender_busy(sender));
	peer_end();
	close(fd);
	identity_free(&collector);
}

static void lines_go_to_the_collector_that_the_authority_signed(void **state)
{
	struct syslog_target *t;
	int fd = listener_begin(&t);

	identity_make(&collector, "collector", "127.0.0.1", 100000, GNUTLS_KP_TLS_WWW_SERVER, &authority);
	sender_begin();
	line_put("<1>another one");
	peer_begin(connection(fd));
	assert_true(told("another one", 5000));
	assert_string_equal(got, "9 <1>secret14 <1>another one"); /* RFC 5425 4.3 */
	assert_int_equal(refusals(), 0);
	later_ns += UINT64_C(6000000000);
	step();
	assert_false(sender_busy(sender));
	close(fd);
	identity_free(&collector);
}

static void name_it(struct syslog_target *t)
{
	snprintf(t->name, sizeof(t->name), "log.example");
}

static void the_name_may_be_another_than_the_address(void **state)
{
	struct syslog_target *t;
	int fd = listener_begin(&t);

	identity_make(&collector, "collector", "log.example", 100000, NULL, &authority);
	name_it(t);
	sender_begin();
	peer_begin(connection(fd));
	assert_true(told("secret", 5000));
	close(fd);
	identity_free(&collector);
}

static void nothing_is_told_to_another_name(void **state)
{
	identity_make(&collector, "collector", "other.example", 100000, NULL, &authority);
	refuses("its certificate is refused: it is not for the name log.example", name_it);
}

static void nothing_is_told_to_another_address(void **state)
{
	identity_make(&collector, "collector", "other.example", 100000, NULL, &authority);
	refuses("it is not for the name 127.0.0.1", NULL);
}

static void nothing_is_told_to_a_stranger_s(void **state)
{
	identity_make(&collector, "collector", "127.0.0.1", 100000, NULL, &stranger);
	refuses("its certificate is refused: The certificate is NOT trusted", NULL);
}

static void nothing_is_told_to_one_that_signed_itself(void **state)
{
	identity_make(&collector, "collector", "127.0.0.1", 100000, NULL, NULL);
	refuses("its certificate is refused: The certificate is NOT trusted", NULL);
}

static void nothing_is_told_to_one_out_of_time(void **state)
{
	identity_make(&collector, "collector", "127.0.0.1", -1000, NULL, &authority);
	refuses("expired", NULL);
}

static void nothing_is_told_to_a_client_s(void **state)
{
	identity_make(&collector, "collector", "127.0.0.1", 100000, GNUTLS_KP_TLS_WWW_CLIENT, &authority);
	refuses("its certificate is refused", NULL);
}

static void pin(struct syslog_target *t)
{
	size_t len = sizeof(t->fingerprint);

	t->ca[0] = 0;
	t->pinned = true;
	assert_int_equal(gnutls_x509_crt_get_fingerprint(collector.crt, GNUTLS_DIG_SHA256, t->fingerprint, &len), 0);
}

static void pin_another(struct syslog_target *t)
{
	pin(t);
	t->fingerprint[31] ^= 1;
}

static void pin_too(struct syslog_target *t)
{
	pin(t);
	snprintf(t->ca, sizeof(t->ca), "%s", authority.crt_file);
}

static void a_fingerprint_stands_for_authority_and_name(void **state)
{
	struct syslog_target *t;
	int fd = listener_begin(&t);

	identity_make(&collector, "collector", "other.example", 100000, NULL, NULL);
	pin(t);
	sender_begin();
	peer_begin(connection(fd));
	assert_true(told("secret", 5000));
	close(fd);
	identity_free(&collector);
}

static void another_fingerprint_is_told_nothing(void **state)
{
	identity_make(&collector, "collector", "127.0.0.1", 100000, NULL, &authority);
	refuses("its certificate is refused: its fingerprint is sha-256:", pin_another);
}

static void with_both_both_must_hold(void **state)
{
	identity_make(&collector, "collector", "127.0.0.1", 100000, NULL, &stranger);
	refuses("NOT trusted", pin_too);
}

static void a_collector_may_want_our_certificate(void **state)
{
	for (int ours = 1; ours >= 0; ours--) {
		struct syslog_target *t;
		int fd = listener_begin(&t);

		identity_make(&collector, "collector", "127.0.0.1", 100000, NULL, &authority);
		if (ours) {
			snprintf(t->certificate, sizeof(t->certificate), "%s", sensor.crt_file);
			snprintf(t->key, sizeof(t->key), "%s", sensor.key_file);
		}
		peer.wants_certificate = true;
		sender_begin();
		peer_begin(connection(fd));
		assert_int_equal(told("secret", 3000), ours);
		peer_end();
		close(fd);
		if (!ours) {
			for (unsigned i = 0; i < 50; i++)
				step();
			assert_true(sender_busy(sender));
		}
		sender_free(sender);
		sender = NULL;
		settings.syslog_count = 0;
		got_len = 0;
		identity_free(&collector);
	}
}

static void files_that_are_none_are_told_by_name(void **state)
{
	struct syslog_target *t;
	int fd = listener_begin(&t);

	snprintf(t->ca, sizeof(t->ca), "/nonexistent/ca.pem");
	assert_true(sender_new(&settings, store, &sender, sender_why) < 0);
	assert_non_null(strstr(sender_why, "/nonexistent/ca.pem: "));
	snprintf(t->ca, sizeof(t->ca), "%s", authority.key_file); /* PEM, but no certificate */
	assert_true(sender_new(&settings, store, &sender, sender_why) < 0);
	assert_non_null(strstr(sender_why, authority.key_file));
	snprintf(t->ca, sizeof(t->ca), "%s", authority.crt_file);
	snprintf(t->certificate, sizeof(t->certificate), "%s", sensor.crt_file);
	snprintf(t->key, sizeof(t->key), "%s", stranger.key_file); /* another's key */
	assert_true(sender_new(&settings, store, &sender, sender_why) < 0);
	assert_non_null(strstr(sender_why, sensor.crt_file));
	close(fd);
}

#define ONE(test) cmocka_unit_test_setup_teardown(test, begin, one_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ONE(lines_go_to_the_collector_that_the_authority_signed),
		ONE(the_name_may_be_another_than_the_address),
		ONE(nothing_is_told_to_another_name),
		ONE(nothing_is_told_to_another_address),
		ONE(nothing_is_told_to_a_stranger_s),
		ONE(nothing_is_told_to_one_that_signed_itself),
		ONE(nothing_is_told_to_one_out_of_time),
		ONE(nothing_is_told_to_a_client_s),
		ONE(a_fingerprint_stands_for_authority_and_name),
		ONE(another_fingerprint_is_told_nothing),
		ONE(with_both_both_must_hold),
		ONE(a_collector_may_want_our_certificate),
		ONE(files_that_are_none_are_told_by_name),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, all_begin, all_end);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recognition, heads, normalised buffers and DNS messages. */
#include "dataplane/app/dns.h"
#include "dataplane/app/http_buffers.h"
#include "dataplane/app/recognise.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void flows_are_recognised_by_their_first_bytes_and_never_otherwise_later(void **state)
{
	static const struct {
		const char *text;
		enum recognised is;
	} rows[] = {
		{ "GET / HTTP/1.1\r\n", RECOGNISED_HTTP },
		{ "\r\nPOST /x HTTP/1.0\n", RECOGNISED_HTTP },
		{ "${jndi:ldap://x}  / HTTP/1.1\r\n", RECOGNISED_HTTP },
		{ "BREW /pot HTTP/1.1\r\n", RECOGNISED_HTTP },
		{ "GET /short\r\n", RECOGNISED_HTTP },
		{ "EHLO mail.example.org\r\n", RECOGNISED_RAW },
		{ "id; uname -a\n", RECOGNISED_RAW },
		{ "\x16\x03\x01\x02", RECOGNISED_TLS },
		{ "\x16\x04", RECOGNISED_RAW },
		{ "\x90\x90\x90", RECOGNISED_RAW },
		{ "PRI * HTTP/2.0\r\n", RECOGNISED_RAW },
		{ "JRMI\1\2K", RECOGNISED_RAW },
		{ "SSH-2.0-x", RECOGNISED_NOT_YET },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum recognised before = RECOGNISED_NOT_YET;

		for (size_t len = 1; len <= strlen(rows[i].text); len++) {
			enum recognised now = recognise_client(bytes_of(rows[i].text, len));

			assert_true(before == RECOGNISED_NOT_YET || now == before);
			before = now;
		}
		assert_int_equal(before, rows[i].is);
	}
}

static void targets_are_normalised_once(void **state)
{
	static const struct {
		const char *target, *uri;
	} rows[] = {
		{ "/a/b?c=d", "/a/b?c=d" },
		{ "/cgi-bin/.%2e/%2e%2e/%2e./etc/passwd", "/etc/passwd" },
		{ "/a//b\\c/./d/../e", "/a/b/c/e" },
		{ "/%2541", "/%41" },
		{ "/x?q=%3Bid%20+1&r=%", "/x?q=;id +1&r=%" },
		{ "http://host:80/p/../q?x", "/q?x" },
		{ "/%uff1cscript%u003e", "/<script>" },
		{ "/..", "/" },
		{ "/a/..", "/" },
		{ "/a/...", "/a/..." },
		{ "/%zz%4", "/%zz%4" },
		{ "*", "*" },
		{ "/r?u=http://x/../y", "/r?u=http://x/../y" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint8_t room[64];
		struct sink s = sink_over(room, strlen(rows[i].target));

		http_uri_write(&s, bytes_text(rows[i].target));
		assert_false(s.overflow);
		assert_int_equal(s.used, strlen(rows[i].uri));
		assert_memory_equal(room, rows[i].uri, s.used);
	}
}

static void odd_heads_are_read_as_servers_read_them(void **state)
{
	struct http_head h;
	uint8_t room[256];
	struct sink s = sink_over(room, sizeof(room));

	http_head_read(bytes_text("GET  /a b  HTTP/1.1 \nHost:  Example.ORG:81\r\nX-Long: one\r\n\t two\n"
				  "Cookie: a=b\r\nno colon\r\n\r\n"), false, &h);
	assert_true(bytes_equal(h.method, bytes_text("GET")));
	assert_true(bytes_equal(h.target, bytes_text("/a b")));
	assert_int_equal(h.fields_count, 4);
	http_header_write(&s, &h);
	assert_int_equal(s.used, strlen("Host: Example.ORG:81\r\nX-Long: one two\r\n: no colon\r\n"));
	assert_memory_equal(room, "Host: Example.ORG:81\r\nX-Long: one two\r\n: no colon\r\n", s.used);
	s.used = 0;
	http_host_write(&s, &h);
	assert_int_equal(s.used, strlen("example.org"));
	assert_memory_equal(room, "example.org", s.used);
}

static void bodies_are_framed_as_the_fields_say(void **state)
{
	static const struct {
		const char *head, *method;
		bool response;
		enum http1_framing framing;
		bool malformed;
	} rows[] = {
		{ "GET / HTTP/1.1\r\n\r\n", "", false, HTTP1_NO_BODY, false },
		{ "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", "", false, HTTP1_LENGTH, false },
		{ "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", "", false, HTTP1_LENGTH, false },
		{ "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "", false, HTTP1_UNTIL_CLOSE, true },
		{ "POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", "", false, HTTP1_UNTIL_CLOSE, true },
		{ "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n", "", false, HTTP1_CHUNKED, false },
		{ "POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", "", false, HTTP1_UNTIL_CLOSE, true },
		{ "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", "", false, HTTP1_CHUNKED, true },
		{ "HTTP/1.1 200 OK\r\n\r\n", "GET", true, HTTP1_UNTIL_CLOSE, false },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", true, HTTP1_NO_BODY, false },
		{ "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET", true, HTTP1_NO_BODY, false },
		{ "HTTP/1.1 2x0 OK\r\n\r\n", "GET", true, HTTP1_UNTIL_CLOSE, true },
		{ "<html>\r\n\r\n", "GET", true, HTTP1_UNTIL_CLOSE, true },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct http_head h;
		uint64_t length = 0;

		http_head_read(bytes_text(rows[i].head), rows[i].response, &h);
		assert_int_equal(http_head_framing(&h, bytes_text(rows[i].method), &length), rows[i].framing);
		assert_int_equal(h.malformed, rows[i].malformed);
	}
}

static void names_that_go_in_circles_are_refused(void **state)
{
	static const uint8_t circle[] = "\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1";
	static const uint8_t forward[] = "\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0e\1a\0\0\1\0\1";
	static const uint8_t good[] = "\0\1\1\0\0\1\0\0\0\0\0\0\1a\2bc\0\0\x1c\0\1";
	struct dns_message m;

	assert_int_equal(dns_read(bytes_of(circle, sizeof(circle) - 1), &m), -EBADMSG);
	assert_int_equal(dns_read(bytes_of(forward, sizeof(forward) - 1), &m), -EBADMSG);
	for (size_t len = 0; len < sizeof(good) - 1; len++)
		assert_int_equal(dns_read(bytes_of(good, len), &m), -EBADMSG);
	assert_int_equal(dns_read(bytes_of(good, sizeof(good) - 1), &m), 0);
	assert_string_equal(m.name, "a.bc");
	assert_int_equal(m.type, 28);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_are_recognised_by_their_first_bytes_and_never_otherwise_later),
		cmocka_unit_test(targets_are_normalised_once),
		cmocka_unit_test(odd_heads_are_read_as_servers_read_them),
		cmocka_unit_test(bodies_are_framed_as_the_fields_say),
		cmocka_unit_test(names_that_go_in_circles_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

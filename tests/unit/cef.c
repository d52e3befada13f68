/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CEF events against a reader written from the specification (ArcSight Common Event Format, version 25), whatever the bytes are. */
#include "control/journal/cef.h"

#include <ctype.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADERS = 8, FIELDS_MAX = 64 };

/* What the reader found: the header's fields without their escapes, keys and values of the extension. */
struct cef_event {
	char text[LINE_MAX_BYTES + 1];
	char header[HEADERS][1024];
	char keys[FIELDS_MAX][32], values[FIELDS_MAX][4096];
	unsigned count;
};

static struct cef_event event;
static uint8_t room[LINE_MAX_BYTES];

/* Header: fields end at a pipe; in it a pipe and a backslash are escaped by a backslash, nothing else is. */
static const char *header_read(const char *at)
{
	assert_memory_equal(at, "CEF:", 4);
	at += 4;
	for (unsigned i = 0; i < HEADERS - 1; i++) {
		size_t used = 0;

		for (; *at != '|'; at++) {
			assert_true(*at != 0);
			if (*at == '\\') {
				at++;
				assert_true(*at == '\\' || *at == '|');
			}
			event.header[i][used++] = *at;
		}
		event.header[i][used] = 0;
		at++;
	}
	return at;
}

/*
 * Extension: key=value pairs with a blank between them. A value may hold blanks: it ends where a blank, a key and an
 * equal sign follow that is not escaped. In it equal sign and backslash are escaped, and \n and \r are line ends.
 */
static bool key_follows(const char *at)
{
	const char *from = at;

	while (isalnum((unsigned char)*at))
		at++;
	return at > from && *at == '=';
}

static void extension_read(const char *at)
{
	while (*at != 0) {
		size_t used = 0;

		assert_true(event.count < FIELDS_MAX && key_follows(at));
		for (; *at != '='; at++)
			event.keys[event.count][used++] = *at;
		event.keys[event.count][used] = 0;
		used = 0;
		for (at++; *at != 0 && !(*at == ' ' && key_follows(at + 1)); at++) {
			char c = *at;

			assert_true(c != '=');
			if (c == '\\') {
				c = *++at;
				assert_true(c == '\\' || c == '=' || c == 'n' || c == 'r');
				c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
			}
			event.values[event.count][used++] = c;
		}
		event.values[event.count++][used] = 0;
		at += *at == ' ';
	}
}

static const char *value(const char *key)
{
	const char *found = NULL;

	for (unsigned i = 0; i < event.count; i++)
		if (strcmp(event.keys[i], key) == 0) {
			assert_null(found); /* no key twice */
			found = event.values[i];
		}
	return found;
}

/* A case by what an attacker and a rule's author may choose. */
struct chosen {
	struct bytes message, head, code, excerpt;
	const char *detail;
	uint8_t family;
};

static void write_and_read(const struct chosen *w, enum priority priority)
{
	static struct extraction codes;
	static struct judgement j;
	static struct case_record c;
	struct record_facts f = { .id = "0123456789abcdef-7", .revision = 3, .record = &c, .codes = &codes, .judgement = &j, .excerpt_bytes = 256 };
	struct line_facts line = { .time_ns = UINT64_C(1700000000123456789), .priority = priority, .host = "sensor", .id = f.id };
	struct sink s = sink_over(room, sizeof(room));
	struct bytes done;

	memset(&codes, 0, sizeof(codes));
	memset(&j, 0, sizeof(j));
	memset(&c, 0, sizeof(c));
	memset(&event, 0, sizeof(event));
	codes.count = 1;
	codes.codes[0].text = w->code;
	j.verdict = VERDICT_SUCCESS;
	j.priority = priority;
	j.class_name = "shell";
	j.final = true;
	snprintf(j.detail, sizeof(j.detail), "%s", w->detail);
	j.evidence_count = 1;
	j.evidence[0].found = true;
	snprintf(j.evidence[0].where, sizeof(j.evidence[0].where), "http.response_body");
	j.evidence[0].excerpt_len = w->excerpt.left < EVIDENCE_EXCERPT_MAX ? w->excerpt.left : EVIDENCE_EXCERPT_MAX;
	memcpy(j.evidence[0].excerpt, w->excerpt.at, j.evidence[0].excerpt_len);
	c.app = APP_HTTP;
	c.tuple = (struct tuple){ .src.family = w->family, .dst.family = w->family, .sport = 40000, .dport = 80, .protocol = IPPROTO_TCP };
	c.tuple.src.raw[0] = 192;
	c.tuple.dst.raw[3] = 9;
	c.alerts_count = 1;
	c.alerts[0] = (struct case_alert){ .sid = 1000001, .severity = 1, .message = w->message };
	c.parts[PART_REQUEST_HEAD] = (struct case_part){ .present = true, .head = w->head };
	line.tuple = c.tuple;
	cef_write(&s, &line, &f);
	assert_int_equal(sink_done(&s, &done), 0);
	assert_true(done.left < LINE_MAX_BYTES);
	memcpy(event.text, done.at, done.left);
	for (size_t i = 0; i < done.left; i++)
		assert_true(done.at[i] >= ' ' && done.at[i] < 127);
	assert_non_null(strstr(event.text, " sensor konseki - verdict - CEF:0|"));
	extension_read(header_read(strstr(event.text, "CEF:")));
}

static void an_event_says_what_the_verdict_says(void **state)
{
	const struct chosen w = {
		bytes_text("Shell command | in a=b \\ URI"), bytes_text("GET /a?b=c|d\\e HTTP/1.1\r\nHost: www.example.test:8080\r\nUser-Agent: a=b\r\n\r\n"),
		bytes_text("id;\nx=1 y=2\r\n"), bytes_text("uid=33(x) gid=33"), "found = it", 4,
	};

	write_and_read(&w, PRIORITY_HIGH);
	assert_string_equal(event.header[0], "0");
	assert_string_equal(event.header[1], "Konseki");
	assert_string_equal(event.header[2], "Konseki");
	assert_string_equal(event.header[3], KONSEKI_VERSION);
	assert_string_equal(event.header[4], "1000001");
	assert_string_equal(event.header[5], "Shell command | in a=b \\ URI");
	assert_string_equal(event.header[6], "8");
	assert_non_null(strstr(event.text, "|Shell command \\| in a=b \\\\ URI|8|rt=1700000000123 "));
	assert_string_equal(value("externalId"), "0123456789abcdef-7");
	assert_string_equal(value("outcome"), "success");
	assert_string_equal(value("cat"), "shell");
	assert_string_equal(value("src"), "192.0.0.0");
	assert_string_equal(value("dst"), "0.0.0.9");
	assert_string_equal(value("spt"), "40000");
	assert_string_equal(value("dpt"), "80");
	assert_string_equal(value("proto"), "TCP");
	assert_string_equal(value("request"), "http://www.example.test:8080/a?b=c|d\\e");
	assert_string_equal(value("requestMethod"), "GET");
	assert_string_equal(value("dhost"), "www.example.test");
	assert_string_equal(value("requestClientApplication"), "a=b");
	assert_string_equal(value("msg"), "found = it");
	assert_string_equal(value("cs1"), "id;\nx=1 y=2\r\n");
	assert_string_equal(value("cs1Label"), "Attack Code");
	assert_string_equal(value("cs3"), "uid=33(x) gid=33");
	assert_string_equal(value("cs5"), "http.response_body");
	assert_string_equal(value("cn1"), "3");
	assert_string_equal(value("cs6"), "true");
	assert_null(value("c6a2"));
}

static void severity_has_the_name_of_the_priority(void **state)
{
	const struct chosen w = { bytes_text("m"), bytes_text("GET / HTTP/1.1\r\n\r\n"), bytes_text("id"), bytes_text("e"), "d", 4 };
	/* version 25: 0-3 is Low, 4-6 Medium, 7-8 High, 9-10 Very-High */
	static const struct {
		enum priority priority;
		int least, most;
	} bands[] = { { PRIORITY_LOW, 0, 3 }, { PRIORITY_MEDIUM, 4, 6 }, { PRIORITY_HIGH, 7, 8 } };

	for (size_t i = 0; i < COUNT_OF(bands); i++) {
		write_and_read(&w, bands[i].priority);
		assert_in_range(atoi(event.header[6]), bands[i].least, bands[i].most);
	}
}

static void addresses_of_ipv6_have_fields_of_their_own(void **state)
{
	const struct chosen w = { bytes_text("m"), bytes_text("GET / HTTP/1.1\r\n\r\n"), bytes_text("id"), bytes_text("e"), "d", 6 };

	write_and_read(&w, PRIORITY_LOW);
	assert_null(value("src"));
	assert_string_equal(value("c6a2"), "c000::");
	assert_string_equal(value("c6a2Label"), "Source IPv6 Address");
	assert_string_equal(value("c6a3Label"), "Destination IPv6 Address");
	assert_string_equal(value("request"), "/");
}

/* Every byte in every place that an attacker fills: the same keys as ever, none of theirs. */
static void no_bytes_make_another_field(void **state)
{
	static const char most[] = " =\\|\n\r\0x\xc3\xa9\xe7\x97\x95\xff cs1=evil \\=\\n|CEF:0|a|b|";
	static uint8_t texts[4][6000];
	static uint8_t head[6400];
	unsigned count = 0;

	srandom(1);
	for (unsigned round = 0; round < 400; round++) {
		struct chosen w = { .detail = "a=b\\|\nc", .family = 4 };
		size_t len = (size_t)random() % (round % 2 == 0 ? sizeof(texts[0]) : 300), at;

		for (unsigned i = 0; i < 4; i++)
			for (size_t k = 0; k < len; k++)
				texts[i][k] = random() % 3 == 0 ? (uint8_t)random() : (uint8_t)most[(size_t)random() % (sizeof(most) - 1)];
		for (size_t k = 0; k < len; k++)
			if (strchr("\r\n \t", texts[3][k]) != NULL || texts[3][k] == 0)
				texts[3][k] = '='; /* the target stays one word */
		at = (size_t)snprintf((char *)head, sizeof(head), "GET /");
		memcpy(head + at, texts[3], len);
		at += len;
		at += (size_t)snprintf((char *)head + at, sizeof(head) - at, " HTTP/1.1\r\nHost: a=b\\|c d\r\nUser-Agent: x=y\\ z=1\r\n\r\n");
		w.message = bytes_of(texts[0], len);
		w.code = bytes_of(texts[1], len);
		w.excerpt = bytes_of(texts[2], len);
		w.head = bytes_of(head, at);
		write_and_read(&w, PRIORITY_MEDIUM);
		if (len > 10) {
			assert_true(count == 0 || count == event.count);
			count = event.count;
		}
		assert_string_equal(value("externalId"), "0123456789abcdef-7");
		assert_string_equal(value("msg"), "a=b\\|\nc");
		assert_string_equal(value("requestClientApplication"), "x=y\\ z=1");
		assert_string_equal(event.header[6], "5");
	}
	assert_true(count > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_says_what_the_verdict_says),
		cmocka_unit_test(severity_has_the_name_of_the_priority),
		cmocka_unit_test(addresses_of_ipv6_have_fields_of_their_own),
		cmocka_unit_test(no_bytes_make_another_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

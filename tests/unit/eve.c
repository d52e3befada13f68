/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Alerts of another IDS: which lines are alerts, and which case each belongs to. */
#include "control/eve/eve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const uint64_t second = UINT64_C(1000000000), noon = UINT64_C(1767268800); /* 2026-01-01T12:00:00Z */
static char said[4096], rules[4096];

static struct eve *eve_of(const char *text, unsigned complaints)
{
	char path[] = "/tmp/konseki-eve-XXXXXX";
	struct complaints c = { .to = fmemopen(said, sizeof(said), "w") };
	struct eve *e = NULL;
	int fd = mkstemp(path);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	assert_int_equal(eve_open(path, &c, &e), 0);
	fclose(c.to);
	unlink(path);
	assert_int_equal(c.count, complaints);
	return e;
}

/* An alert line. at: the timestamp; more: further members, each begun by a comma. */
static const char *line_of(const char *at, const char *ends, const char *more)
{
	static char text[2048];

	snprintf(text, sizeof(text), "{\"event_type\":\"alert\",\"timestamp\":\"%s\",%s,\"proto\":\"TCP\",\"alert\":"
	         "{\"signature_id\":42,\"signature\":\"theirs\",\"severity\":2,\"category\":\"a class\"}%s}\n", at, ends, more);
	return text;
}

static const char forth[] = "\"src_ip\":\"192.0.2.1\",\"src_port\":4000,\"dest_ip\":\"198.51.100.2\",\"dest_port\":80";
static const char back[] = "\"dest_ip\":\"192.0.2.1\",\"dest_port\":4000,\"src_ip\":\"198.51.100.2\",\"src_port\":80";
static const char other[] = "\"src_ip\":\"192.0.2.1\",\"src_port\":4001,\"dest_ip\":\"198.51.100.2\",\"dest_port\":80";

/* A request at noon, answered within a second, with our rule's mark and one alert of our own. */
static struct case_record case_of(uint32_t tx)
{
	struct case_record c = {
		.tx_id = tx, .app = APP_HTTP, .tuple = { .sport = 4000, .dport = 80, .protocol = 6 },
		.request_first_ns = noon * second, .request_last_ns = noon * second + 1000,
		.response_first_ns = noon * second + second / 2, .response_last_ns = (noon + 1) * second, .alerts_count = 2,
	};

	assert_int_equal(address_parse("192.0.2.1", &c.tuple.src), 0);
	assert_int_equal(address_parse("198.51.100.2", &c.tuple.dst), 0);
	c.alerts[0] = (struct case_alert){ .gid = 1, .sid = 7, .severity = 3 };
	c.alerts[1] = (struct case_alert){ .gid = EVE_FLOW_GID, .sid = 1, .severity = 4 };
	return c;
}

static unsigned joined_by(const char *line)
{
	struct eve *e = eve_of(line, 0);
	struct case_record c = case_of(2);
	unsigned n = eve_join(e, &c);

	assert_true(eve_at(e, 0)->joined == (n > 0));
	eve_free(e);
	return n;
}

static void an_alert_belongs_to_the_transaction_of_its_time(void **state)
{
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:00.000000+0000", forth, "")), 1);
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:00.7Z", back, "")), 1);
	assert_int_equal(joined_by(line_of("2026-01-01T21:00:00.7+09:00", back, "")), 1);
	assert_int_equal(joined_by(line_of("2026-01-01T07:00:01.1-0500", forth, "")), 1);
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:02.0Z", forth, "")), 0);
	assert_int_equal(joined_by(line_of("2026-01-01T11:59:59.9Z", forth, "")), 0);
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:00.0Z", other, "")), 0);
}

static void a_transaction_that_is_named_decides(void **state)
{
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:00.5Z", forth, ",\"app_proto\":\"http\",\"tx_id\":2")), 1);
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:00.5Z", forth, ",\"app_proto\":\"http\",\"tx_id\":1")), 0);
	assert_int_equal(joined_by(line_of("2026-01-01T12:00:00.5Z", forth, ",\"app_proto\":\"smtp\",\"tx_id\":1")), 1);
}

static void the_case_names_theirs_by_severity_and_never_our_mark(void **state)
{
	struct eve *e = eve_of(line_of("2026-01-01T12:00:00.5Z", forth, ""), 0);
	struct case_record c = case_of(0), far = case_of(0);

	assert_int_equal(eve_join(e, &c), 1);
	assert_int_equal(c.alerts_count, 2);
	assert_int_equal(c.alerts[0].sid, 42);
	assert_true(bytes_equal(c.alerts[0].message, bytes_text("theirs")));
	assert_true(bytes_equal(c.alerts[0].class_type, bytes_text("a class")));
	assert_int_equal(c.alerts[1].sid, 7);
	far.alerts[0] = far.alerts[1];
	far.alerts_count = 1;
	far.request_first_ns = far.request_last_ns = far.response_first_ns = far.response_last_ns = (noon + 60) * second;
	assert_int_equal(eve_join(e, &far), 0);
	assert_int_equal(far.alerts_count, 0);
	eve_free(e);
}

static void a_full_case_counts_what_it_cannot_name(void **state)
{
	struct eve *e = eve_of(line_of("2026-01-01T12:00:00.5Z", forth, ""), 0);
	struct case_record c = case_of(0);

	for (unsigned i = 0; i < CASE_ALERTS_MAX; i++)
		c.alerts[i] = (struct case_alert){ .gid = 1, .sid = i + 1, .severity = i < 15 ? 1 : 3 };
	c.alerts_count = CASE_ALERTS_MAX;
	c.alerts_left = 1; /* our mark */
	assert_int_equal(eve_join(e, &c), 1);
	assert_int_equal(c.alerts_count, CASE_ALERTS_MAX);
	assert_int_equal(c.alerts[15].sid, 42);
	assert_int_equal(c.alerts_left, 1); /* the one that had to go */
	eve_free(e);
}

static void each_flow_has_one_rule(void **state)
{
	char text[8192];
	FILE *to = fmemopen(rules, sizeof(rules), "w");
	struct eve *e;

	snprintf(text, sizeof(text), "%s", line_of("2026-01-01T12:00:00.5Z", forth, ""));
	strcat(text, line_of("2026-01-01T12:00:09.5Z", back, ""));
	strcat(text, line_of("2026-01-01T12:00:09.5Z", other, ""));
	e = eve_of(text, 0);
	assert_int_equal(eve_count(e), 3);
	assert_int_equal(eve_rules_write(e, to), 0);
	fclose(to);
	assert_non_null(strstr(rules, "alert tcp [192.0.2.1] 4000 <> [198.51.100.2] 80 ("));
	assert_non_null(strstr(rules, "alert tcp [192.0.2.1] 4001 <> [198.51.100.2] 80 ("));
	assert_null(strstr(strstr(rules, "4000") + 4, "4000"));
	eve_free(e);
}

static void bad_lines_are_told_and_the_others_kept(void **state)
{
	static const char *const bad[] = {
		"nonsense\n", "[1]\n", "{}\n", "{\"event_type\":7}\n", "{\"event_type\":\"alert\"}\n",
		"{\"event_type\":\"alert\",\"timestamp\":\"yesterday\"}\n",
	};
	char text[8192] = "\n{\"event_type\":\"flow\"}\n";
	struct eve *e;

	for (size_t i = 0; i < COUNT_OF(bad); i++)
		strcat(text, bad[i]);
	strcat(text, line_of("2026-01-01T12:00:00.5Z", "\"src_ip\":\"300.0.0.1\",\"dest_ip\":\"::1\"", ""));
	strcat(text, line_of("2026-01-01T12:00:00.5Z", "\"src_ip\":\"::1\",\"src_port\":70000,\"dest_ip\":\"::1\",\"dest_port\":1", ""));
	strcat(text, line_of("2026-01-01T12:00:00.5Z", forth, ""));
	e = eve_of(text, COUNT_OF(bad) + 2);
	assert_non_null(strstr(said, ":3: no EVE record"));
	assert_non_null(strstr(said, ":8: an alert without a timestamp"));
	assert_non_null(strstr(said, ":10: an alert without src_ip"));
	assert_int_equal(eve_count(e), 1);
	assert_int_equal(eve_at(e, 0)->line, 11);
	assert_int_equal(eve_at(e, 0)->time_ns, noon * second + second / 2);
	eve_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_belongs_to_the_transaction_of_its_time),
		cmocka_unit_test(a_transaction_that_is_named_decides),
		cmocka_unit_test(the_case_names_theirs_by_severity_and_never_our_mark),
		cmocka_unit_test(a_full_case_counts_what_it_cannot_name),
		cmocka_unit_test(each_flow_has_one_rule),
		cmocka_unit_test(bad_lines_are_told_and_the_others_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

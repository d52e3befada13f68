/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rule language: what is taken, what is refused and why, and what a file may look like. */
#include "config/rules/ast.h"
#include "tests/unit/match_harness.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct settings settings;

/* Loads text; what was complained stands in said. The caller frees the set. */
static struct rule_set *load_bytes(const char *text, size_t len, char *said, size_t size)
{
	FILE *to = fmemopen(said, size, "w");
	struct complaints c = { .to = to };
	struct rule_set *set = NULL;

	memset(said, 0, size);
	assert_int_equal(rule_set_new(&settings, &c, &set), 0);
	assert_int_equal(harness_load(set, text, len, &c), 0);
	fclose(to);
	return set;
}

static void refuses(const char *rule, const char *why)
{
	char said[8192];
	struct rule_set *set = load_bytes(rule, strlen(rule), said, sizeof(said));

	if (rule_set_count(set) != 0 || rule_set_refused(set) != 1 || strstr(said, why) == NULL)
		fail_msg("rule: %s\nexpected: %s\nsaid: %s", rule, why, said);
	rule_set_free(set);
}

/* Loads one rule and lends it; the caller frees *set. */
static const struct rule *takes(const char *rule, struct rule_set **set)
{
	char said[8192];

	*set = load_bytes(rule, strlen(rule), said, sizeof(said));
	if (rule_set_count(*set) != 1)
		fail_msg("rule: %s\nsaid: %s", rule, said);
	return rule_set_at(*set, 0);
}

#define R(options) "alert http any any -> any any (" options " sid:1;)"

static void a_rule_with_anything_unknown_is_refused_whole(void **state)
{
	refuses(R("http.uri; content:\"a\"; foo:bar;"), ":1: keyword foo is not supported");
	refuses(R("xbits:set,a,track ip_src;"), "xbits: track ip_src is not supported");
	refuses(R("xbits:set,a;"), "xbits: set, unset");
	refuses(R("xbits:set,a,track ip_pair,expire 0;"), "xbits: expire takes");
	refuses(R("http.uri; to_sha256; content:\"a\";"), "keyword to_sha256 is not supported");
	refuses("alert tls any any -> any any (sid:1;)", "protocol tls is not looked into");
	refuses("watch tcp any any -> any any (sid:1;)", "no such action: watch");
	refuses("config tcp any any -> any any (sid:1;)", "action config is not supported");
	refuses("alert tcp any any <- any any (sid:1;)", "the direction is -> or <>");
	refuses("alert tcp any any -> any any sid:1;", "a rule is: action protocol");
	refuses("alert tcp any any -> any (sid:1;)", "a rule begins with");
	refuses("alert tcp any any -> any any (sid:1)", "does not end with ';'");
	refuses("alert tcp any any -> any any (msg:\"x\";)", "a rule needs a sid");
	refuses("alert tcp any any -> any any (sid:1; sid:2;)", "sid stands twice");
	refuses("alert tcp $NOBODY any -> any any (sid:1;)", "no such variable: $NOBODY");
	refuses("alert tcp 10.0.0.0/33 any -> any any (sid:1;)", "\"10.0.0.0/33\" is no address");
	refuses("alert tcp any 70000 -> any any (sid:1;)", "\"70000\" is no port");
	refuses("alert tcp any 90:80 -> any any (sid:1;)", "\"90:80\" is no port");
	refuses("alert tcp any !any -> any any (sid:1;)", "hold nothing");
	refuses("alert tcp [1.1.1.1 any -> any any (sid:1;)", "a rule begins with");
	refuses("alert tcp 1.1.1.1] any -> any any (sid:1;)", "\"]\" without");
	refuses("alert tcp any any -> any any (threshold:type threshold,track by_src,count 5,seconds 60; sid:1;)",
	        "counting 5 matches is not supported");
	refuses("alert tcp any any -> any any (content:\"a\"; dsize:5; sid:1;)", "dsize is only supported for udp");
	refuses("alert udp any any -> any any (http.uri; content:\"a\"; sid:1;)", "does not go with the rule's protocol");
}

static void a_content_that_cannot_be_is_refused(void **state)
{
	refuses(R("content:\"a|4|\";"), "content must be");
	refuses(R("content:\"a\\x\";"), "content must be");
	refuses(R("content:\"a;"), "does not end with ';'");
	refuses(R("content:\"\";"), "content must have 1 to");
	refuses(R("nocase;"), "nocase without a content");
	refuses(R("content:\"abc\"; depth:2;"), "depth 2 is less than");
	refuses(R("content:\"abc\"; within:2;"), "within 2 is less than");
	refuses(R("content:\"abc\"; offset:x;"), "offset: \"x\" is no number");
	refuses(R("content:\"abc\"; offset:1; offset:2;"), "offset stands twice");
	refuses(R("content:\"abc\"; fast_pattern:2,5;"), "must lie inside the content");
	refuses(R("http.uri; content:\"abc\"; http_uri;"), "after a sticky buffer");
	refuses(R("content:\"abc\"; http_uri; http_header;"), "has a buffer already");
	refuses(R("pcre:\"/(/\";"), "pcre: missing closing parenthesis");
	refuses(R("pcre:\"/a/q\";"), "unknown flag q");
	refuses(R("pcre:\"/a/UH\";"), "a second buffer");
	refuses(R("bsize:3;"), "bsize without a sticky buffer");
	refuses(R("http.uri; bsize:5<>5;"), "is empty");
	refuses(R("flow:to_server,to_client;"), "exclude each other");
	refuses(R("flow:not_established;"), "not_established is not supported");
	refuses(R("byte_test:9,=,1,0;"), "binary numbers have 1 to 4 bytes");
	refuses(R("isdataat:x;"), "isdataat: \"x\" is no number");
}

static void a_header_is_worked_out(void **state)
{
	struct rule_set *set;
	const struct rule *r = takes("drop tcp [10.0.0.0/8,!10.1.0.0/16,2001:db8::/32] [1:1023,!80] <> $HOME_NET any "
	                             "(sid:7; gid:3; rev:2; msg:\"a \\\"b\\\"\\; c\"; classtype:attempted-recon;)", &set);
	struct address a;

	assert_int_equal(r->sid, 7);
	assert_int_equal(r->gid, 3);
	assert_int_equal(r->rev, 2);
	assert_int_equal(r->severity, 2);
	assert_true(r->both_ways);
	assert_int_equal(r->message.left, 8);
	assert_memory_equal(r->message.at, "a \"b\"; c", 8);
	assert_memory_equal(r->class_text.at, "Attempted Information Leak", 26);
	assert_int_equal(address_parse("10.2.3.4", &a), 0);
	assert_true(ranges_hold(r->src, address_number(&a)));
	assert_int_equal(address_parse("10.1.3.4", &a), 0);
	assert_false(ranges_hold(r->src, address_number(&a)));
	assert_int_equal(address_parse("2001:db8::9", &a), 0);
	assert_true(ranges_hold(r->src, address_number(&a)));
	assert_true(ranges_hold(r->sport, 79) && !ranges_hold(r->sport, 80) && !ranges_hold(r->sport, 1024));
	assert_null(r->dport);
	rule_set_free(set);
}

static void conditions_are_grouped_by_buffer(void **state)
{
	struct rule_set *set;
	const struct rule *r = takes(R("content:\"/a\"; http_uri; content:\"POST\"; http_method; content:\"b\"; http_uri; "
	                               "distance:0; nocase; pcre:\"/c/UR\"; content:\"x|3a|y\\\"\"; fast_pattern:1,2;"), &set);

	assert_int_equal(r->groups_count, 3);
	assert_int_equal(r->groups[0].view.buffer, BUFFER_HTTP_URI);
	assert_int_equal(r->groups[0].count, 3);
	assert_int_equal(r->groups[1].view.buffer, BUFFER_HTTP_METHOD);
	assert_int_equal(r->groups[2].view.buffer, BUFFER_PAYLOAD);
	assert_int_equal(r->fast, 4);
	assert_int_equal(r->fast_from, 1);
	assert_int_equal(r->fast_len, 2);
	assert_memory_equal(r->conditions[4].content.bytes.at, "x:y\"", 4);
	assert_true(r->conditions[2].relative && r->conditions[1].content.nocase);
	assert_true(r->orientations[FROM_CLIENT] && !r->orientations[FROM_SERVER]);
	rule_set_free(set);
}

static void both_styles_of_modifiers_are_read(void **state)
{
	static const char *const rules[] = {
		R("content:\"abc\",nocase,offset 2,depth 10,fast_pattern;"),
		R("content: !\"abc\" ; nocase;"),
		R("uricontent:\"abc\";"),
		R("http.uri; content:\"a\"; pcre:\"/b\\/c\\;d/Ui\";"),
		R("http.header; content:\"a\"; http.uri; content:\"b\"; startswith; content:\"c\"; endswith; bsize:>3;"),
		R("file_data; content:\"a\"; pkt_data; content:\"b\";"),
		R("xbits:set,a.b,track ip_pair,expire 3600; xbits:isnotset, c ,track ip_pair;"),
		R("flow:established,from_client; flowbits:set,a.b; flowbits:isset,c|d; metadata:x y, z w; target:src_ip;"),
		R("threshold:type limit,track by_src,count 1,seconds 60; reference:url,example.org/a\\;b; priority:1;"),
		R("content:\"a\"; byte_test:2,!&,0x80,1,relative,little; byte_jump:4,0,relative,multiplier 2,post_offset -1;"),
	};

	for (unsigned i = 0; i < COUNT_OF(rules); i++) {
		struct rule_set *set;
		(void)takes(rules[i], &set);
		rule_set_free(set);
	}
}

static void a_file_has_comments_long_rules_and_any_line_ends(void **state)
{
	static const char text[] = "\xef\xbb\xbf# a comment \\\r\n\r\nalert tcp any any -> any any \\\r\n  (sid:1;)\r\n"
	                           "  # another\n\nnonsense\nalert tcp any any -> any any (sid:1;)\n"
	                           "alert tcp any any -> any any (sid:\0;)\nalert tcp any any -> any any (sid:2;)";
	char said[4096];
	struct rule_set *set = load_bytes(text, sizeof(text) - 1, said, sizeof(said));

	assert_int_equal(rule_set_count(set), 2);
	assert_int_equal(rule_set_refused(set), 3);
	assert_int_equal(rule_set_at(set, 0)->line, 3);
	assert_non_null(strstr(said, ":7: a rule is"));
	assert_non_null(strstr(said, ":8: sid 1 stands already at"));
	assert_non_null(strstr(said, ":9: a NUL byte"));
	rule_set_free(set);
}

static void an_overlong_line_is_refused_and_the_next_is_read(void **state)
{
	enum { LONG = 200000 };
	static char text[LONG + 64];
	char said[4096];

	memset(text, 'a', LONG);
	snprintf(text + LONG, 64, "\nalert tcp any any -> any any (sid:2;)\n");
	struct rule_set *set = load_bytes(text, strlen(text), said, sizeof(said));
	assert_int_equal(rule_set_count(set), 1);
	assert_non_null(strstr(said, ":1: the rule is too long"));
	rule_set_free(set);
}

static void rules_that_meet_all_traffic_are_few(void **state)
{
	static char text[400 * 48];
	char said[65536];
	size_t len = 0;

	for (unsigned i = 1; i <= 300; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "alert tcp any any -> any any (sid:%u;)\n", i);
	struct rule_set *set = load_bytes(text, len, said, sizeof(said));
	assert_int_equal(rule_set_count(set), RULE_PLAIN_MAX);
	rule_set_free(set);
}

static void variables_come_from_the_config_and_may_not_name_each_other(void **state)
{
	struct rule_set *set;

	snprintf(settings.variables[0].name, sizeof(settings.variables[0].name), "A");
	snprintf(settings.variables[0].text, sizeof(settings.variables[0].text), "[10.0.0.0/8,$HOME_NET]");
	settings.variables_count = 1;
	settings.home_count = 1;
	settings.home[0].bits = 24;
	assert_int_equal(address_parse("192.0.2.0", &settings.home[0].address), 0);
	const struct rule *r = takes("alert tcp !$A any -> $EXTERNAL_NET $HTTP_PORTS (sid:1;)", &set);
	struct address a;
	assert_int_equal(address_parse("192.0.2.9", &a), 0);
	assert_false(ranges_hold(r->src, address_number(&a)));
	assert_false(ranges_hold(r->dst, address_number(&a)));
	assert_true(ranges_hold(r->dport, 80));
	rule_set_free(set);

	struct complaints c = { 0 };
	snprintf(settings.variables[0].text, sizeof(settings.variables[0].text), "[$A,$A]");
	assert_int_equal(rule_set_new(&settings, &c, &set), -EINVAL);
	assert_int_equal(c.count, 1);
	settings_default("/", &settings);
}

static void our_own_rules_load(void **state)
{
	struct complaints c = { .to = stderr };
	struct rule_set *set = NULL;

	assert_int_equal(rule_set_new(&settings, &c, &set), 0);
	assert_int_equal(rule_set_add(set, SOURCE_ROOT "/config/rules/konseki.rules", &c), 0);
	assert_int_equal(c.count, 0);
	assert_true(rule_set_count(set) > 50);
	for (unsigned i = 0; i < rule_set_count(set); i++) {
		const struct rule *r = rule_set_at(set, i);
		assert_true(r->sid >= 9000000 && r->sid <= 9000999 && r->message.left > 0 && r->class_text.left > 0);
	}
	rule_set_free(set);
}

static void a_file_without_an_end_is_read_to_its_bound(void **state)
{
	char said[1024] = "";
	FILE *to = fmemopen(said, sizeof(said), "w");
	struct complaints c = { .to = to };
	struct rule_set *set = NULL;

	assert_int_equal(rule_set_new(&settings, &c, &set), 0);
	assert_int_equal(rule_set_add(set, "/dev/zero", &c), -EFBIG);
	fclose(to);
	assert_int_equal(rule_set_count(set), 0);
	assert_non_null(strstr(said, "/dev/zero:1: only the first 256 MiB of a rule file are read"));
	rule_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_with_anything_unknown_is_refused_whole),
		cmocka_unit_test(a_content_that_cannot_be_is_refused),
		cmocka_unit_test(a_header_is_worked_out),
		cmocka_unit_test(conditions_are_grouped_by_buffer),
		cmocka_unit_test(both_styles_of_modifiers_are_read),
		cmocka_unit_test(a_file_has_comments_long_rules_and_any_line_ends),
		cmocka_unit_test(an_overlong_line_is_refused_and_the_next_is_read),
		cmocka_unit_test(rules_that_meet_all_traffic_are_few),
		cmocka_unit_test(variables_come_from_the_config_and_may_not_name_each_other),
		cmocka_unit_test(our_own_rules_load),
		cmocka_unit_test(a_file_without_an_end_is_read_to_its_bound),
	};
	settings_default("/", &settings);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

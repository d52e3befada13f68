/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matching: fast patterns, conditions over several buffers, positions, and what happens at the bounds. */
#include "tests/unit/match_harness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define H "alert http any any -> any any (msg:\"m\"; "
#define T "alert tcp any any -> any any (msg:\"m\"; "

/* Do these rules fire exactly these sids on one transaction with a request's URI, body and a response's body? */
static void fires_over(const char *rules, const char *uri, const char *request, const char *response, const char *sids)
{
	struct harness *h = harness_new(rules);

	harness_set(h, FROM_CLIENT, BUFFER_HTTP_METHOD, "GET");
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, uri);
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_REQUEST_BODY, request);
	harness_set(h, FROM_SERVER, BUFFER_FILE_DATA, response);
	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, request);
	const char *got = harness_run(h);
	if (strcmp(got, sids) != 0)
		fail_msg("rules: %s\nfired \"%s\", expected \"%s\"", rules, got, sids);
	harness_free(h);
}

static void fires(const char *conditions, const char *uri)
{
	char rule[1024];
	snprintf(rule, sizeof(rule), H "http.uri; %s sid:1;)", conditions);
	fires_over(rule, uri, NULL, NULL, "1");
}

static void is_silent(const char *conditions, const char *uri)
{
	char rule[1024];
	snprintf(rule, sizeof(rule), H "http.uri; %s sid:1;)", conditions);
	fires_over(rule, uri, NULL, NULL, "");
}

static void a_content_is_found(void **state)
{
	fires("content:\"abc\";", "xxabcxx");
	is_silent("content:\"abc\";", "xxABCxx");
	fires("content:\"aBc\"; nocase;", "xxAbCxx");
	fires("content:\"|61 62|c\";", "abc");
	fires("content:\"a\"; content:!\"b\";", "xax");
	is_silent("content:\"a\"; content:!\"b\";", "xaxb");
}

static void positions_bound_a_content(void **state)
{
	fires("content:\"bc\"; offset:1; depth:2;", "abcd");
	is_silent("content:\"bc\"; offset:2;", "abcd");
	is_silent("content:\"bc\"; depth:2;", "abcd");
	fires("content:\"ab\"; startswith;", "abcd");
	is_silent("content:\"bc\"; startswith;", "abcd");
	fires("content:\"cd\"; endswith;", "cdcd");
	is_silent("content:\"bc\"; endswith;", "abcd");
	fires("content:\"a\"; content:\"b\"; distance:1; within:2;", "a.xb");
	is_silent("content:\"a\"; content:\"b\"; distance:1; within:1;", "a.xb");
	fires("content:\"a\"; content:\"b\"; distance:-2;", "ba");
	fires("content:\"a\"; content:!\"b\"; within:2;", "axxb");
	is_silent("content:\"a\"; content:!\"b\"; within:3;", "axxb");
}

static void an_earlier_content_is_tried_again_further_on(void **state)
{
	fires("content:\"a\"; content:\"b\"; distance:0; within:1; content:\"c\"; distance:0; within:1;", "aababxabc");
	is_silent("content:\"a\"; content:\"b\"; distance:0; within:1; content:\"c\"; distance:0; within:1;", "aababxab");
	fires("content:\"a\"; pcre:\"/^[0-9]+z/R\";", "a12a34z");
	fires("pcre:\"/a[0-9]/\"; content:\"b\"; within:1; distance:0;", "a1 a2b");
}

static void sizes_and_numbers_are_tested(void **state)
{
	fires("content:\"a\"; bsize:3;", "abc");
	is_silent("content:\"a\"; bsize:<3;", "abc");
	fires("content:\"a\"; bsize:2<>4;", "abc");
	fires("content:\"a\"; urilen:>2;", "abc");
	fires("content:\"a\"; isdataat:2,relative;", "abc");
	is_silent("content:\"a\"; isdataat:3,relative;", "abc");
	fires("content:\"c\"; isdataat:!1,relative;", "abc");
	/* means endswith, so that it holds of the negation, too */
	fires("content:!\"b\"; isdataat:!1,relative; content:\"a\";", "abc");
	is_silent("content:!\"c\"; isdataat:!1,relative; content:\"a\";", "abc");
	is_silent("content:\"b\"; isdataat:!1,relative;", "abc");
	fires("content:\"a\"; byte_test:1,=,0x62,0,relative;", "abc");
	fires("content:\"n=\"; byte_test:3,>,499,0,relative,string,dec;", "n=500");
	is_silent("content:\"n=\"; byte_test:3,>,500,0,relative,string,dec;", "n=500");
	fires("content:\"n=\"; byte_jump:1,0,relative,string,dec; content:\"z\"; distance:0; within:1;", "n=3abcz");
	is_silent("content:\"n=\"; byte_jump:1,0,relative,string,dec; content:\"z\"; distance:0; within:1;", "n=3abcdz");
	fires("content:\"n=\"; byte_jump:1,0,relative,post_offset -60; content:\"n\"; distance:0; within:1;", "n=3abc");
	is_silent("content:\"n=\"; byte_jump:1,0,relative,post_offset 9;", "n=3abc");
	fires("content:\"n=\"; byte_jump:1,0,relative,post_offset -50; content:\"b\"; distance:0; within:1;", "n=3abc");
}

static void a_regular_expression_alone_makes_a_candidate(void **state)
{
	fires("pcre:\"/;\\s*(?:id|whoami)\\b/\";", "/x?y=1;  id");
	is_silent("pcre:\"/;\\s*(?:id|whoami)\\b/\";", "/x?y=1;  idle");
	fires("pcre:\"/^AB/i\";", "abc");
	is_silent("content:\"b\"; pcre:!\"/b$/\";", "ab");
}

static void conditions_on_several_buffers_and_sides_hold_together(void **state)
{
	static const char rules[] = H "http.method; content:\"GET\"; http.uri; content:\"cmd=\"; http.request_body; "
	                              "content:\"evil\"; sid:1;)\n"
	                              H "http.uri; content:\"cmd=\"; file.data; content:\"uidlike\"; sid:2;)\n"
	                              H "http.method; content:\"POST\"; http.uri; content:\"cmd=\"; sid:3;)\n";

	fires_over(rules, "/?cmd=1", "an evil body", "has uidlike text", "1 2");
	fires_over(rules, "/?cmd=1", "an evil body", "nothing", "1");
	fires_over(rules, "/?cmd=1", "a good body", "has uidlike text", "2");
	fires_over(rules, "/", "an evil body", "has uidlike text", "");
}

static void a_fast_pattern_may_straddle_pieces(void **state)
{
	static const char rules[] = H "http.request_body; content:\"needle in hay\"; sid:1;)";
	char body[2000];

	for (unsigned at = 0; at + 13 < sizeof(body); at += 37) {
		struct harness *h = harness_new(rules);
		memset(body, 'h', sizeof(body));
		memcpy(body + at, "needle in hay", 13);
		harness_set_bytes(h, FROM_CLIENT, BUFFER_HTTP_REQUEST_BODY, body, sizeof(body));
		h->piece = 100;
		assert_string_equal(harness_run(h), "1");
		harness_free(h);
	}
}

static void each_rule_is_told_once_and_the_most_severe_first(void **state)
{
	static const char rules[] = H "http.uri; content:\"a\"; priority:3; sid:1;)\n" H "http.uri; content:\"a\"; "
	                              "priority:1; sid:2;)\n" H "http.uri; content:\"b\"; priority:2; sid:3;)";
	struct harness *h = harness_new(rules);

	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, "ab");
	assert_string_equal(harness_run(h), "2 3 1");
	harness_free(h);
	h = harness_new(rules);
	h->max = 1;
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, "ab");
	assert_string_equal(harness_run(h), "2");
	assert_int_equal(h->left, 2);
	harness_free(h);
}

static void addresses_and_ports_decide(void **state)
{
	static const char rules[] = "alert tcp 10.0.0.0/8 any -> any 80 (content:\"a\"; sid:1;)\n"
	                            "alert tcp !10.0.0.0/8 any -> any any (content:\"a\"; sid:2;)\n"
	                            "alert tcp any any -> any [1:79,!70,81:] (content:\"a\"; flow:to_server; sid:3;)\n"
	                            "alert tcp any any <> 10.0.0.5 any (content:\"a\"; flow:to_server; sid:4;)\n"
	                            "alert udp any any -> any any (content:\"a\"; sid:5;)\n"
	                            "alert ip [10.0.0.0/24,10.0.2.0/24] any -> any any (sid:6;)\n"
	                            "alert ip [10.0.1.0/24] any -> any any (sid:7;)\n"
	                            "alert tcp any 80 -> 10.0.0.5 any (content:\"a\"; flow:to_client; sid:8;)\n";

	/* the harness's client is 10.0.0.5, its server 192.0.2.1:80 */
	fires_over(rules, "", "xax", NULL, "1 4 6");
}

static void the_strongest_action_that_holds_is_the_flows(void **state)
{
	static const char rules[] = "drop tcp any any -> any 80 (content:\"bad\"; sid:1;)\n"
	                            "reject tcp any any -> any 80 (content:\"worse\"; sid:2;)\n"
	                            "alert tcp any any -> any 80 (content:\"odd\"; sid:3;)\n";
	struct harness *h = harness_new(rules);

	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "odd");
	assert_string_equal(harness_run(h), "3");
	assert_int_equal(h->flow.action, RULE_ALERT);
	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "worse, bad");
	assert_string_equal(harness_run(h), "1 2");
	assert_int_equal(h->flow.action, RULE_REJECT_SOURCE);
	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "bad");
	harness_run(h);
	assert_int_equal(h->flow.action, RULE_REJECT_SOURCE);
	harness_free(h);
}

static void a_flow_that_passes_is_told_of_no_more(void **state)
{
	static const char rules[] = "drop tcp any any -> any 80 (content:\"bad\"; sid:1;)\n"
	                            "pass tcp any any -> any 80 (content:\"friend\"; sid:2;)\n";
	struct harness *h = harness_new(rules);

	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "friend, bad");
	assert_string_equal(harness_run(h), "");
	assert_int_equal(h->flow.action, RULE_PASS);
	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "bad");
	assert_string_equal(harness_run(h), "");
	assert_int_equal(h->flow.action, RULE_PASS);
	h->flow = (struct match_flow){ 0 }; /* what came before a pass is not forgiven */
	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "bad");
	harness_run(h);
	harness_set(h, FROM_CLIENT, BUFFER_PAYLOAD, "friend");
	harness_run(h);
	assert_int_equal(h->flow.action, RULE_DROP);
	harness_free(h);
}

static struct match_gate gate_of(const struct harness *h, const char *src, uint16_t sport, const char *dst, uint16_t dport, uint8_t protocol,
                                 bool ports)
{
	struct tuple t = { .sport = sport, .dport = dport, .protocol = protocol };

	assert_int_equal(address_parse(src, &t.src), 0);
	assert_int_equal(address_parse(dst, &t.dst), 0);
	return match_gate(h->matcher, &t, ports);
}

static void only_packets_that_a_rule_could_stop_wait(void **state)
{
	static const char rules[] = "alert tcp any any -> any any (content:\"x\"; sid:1;)\n"
	                            "drop http any any -> 192.0.2.0/24 80 (http.uri; content:\"x\"; sid:2;)\n"
	                            "drop ip 10.6.6.6 any -> any any (sid:3;)\n"
	                            "reject tcp any any -> any 23 (sid:4;)\n"
	                            "drop tcp any any -> any 22 (flow:established; sid:5;)\n"
	                            "pass tcp 10.1.0.0/16 any -> any 23 (sid:6;)\n";
	struct harness *h = harness_new(rules);
	struct match_gate g;

	assert_false(gate_of(h, "10.0.0.1", 5, "192.0.2.1", 81, 6, true).waits);
	assert_false(gate_of(h, "10.0.0.1", 5, "198.51.100.1", 80, 6, true).waits);
	assert_false(gate_of(h, "10.0.0.1", 5, "192.0.2.1", 80, 17, true).waits);
	assert_true(gate_of(h, "10.0.0.1", 5, "192.0.2.1", 80, 6, true).waits);
	assert_true(gate_of(h, "192.0.2.1", 80, "10.0.0.1", 5, 6, true).waits); /* its answers stay in order behind it */
	assert_true(gate_of(h, "10.0.0.1", 0, "192.0.2.1", 0, 6, false).waits);  /* a fragment may be of it */
	assert_true(gate_of(h, "10.0.0.1", 0, "203.0.113.1", 0, 6, false).waits); /* or of a rule for any address */
	assert_false(gate_of(h, "10.0.0.1", 0, "203.0.113.1", 0, 17, false).waits);
	g = gate_of(h, "10.6.6.6", 1, "198.51.100.1", 9, 17, true);
	assert_true(g.waits && g.action == RULE_DROP);
	g = gate_of(h, "198.51.100.1", 9, "10.6.6.6", 1, 17, true); /* what goes there is no packet of the rule */
	assert_true(g.waits && g.action == RULE_ALERT);
	g = gate_of(h, "10.0.0.1", 5, "203.0.113.1", 23, 6, true);
	assert_true(g.waits && g.action == RULE_REJECT_SOURCE);
	assert_false(gate_of(h, "10.1.0.1", 5, "203.0.113.1", 23, 6, true).waits);
	assert_false(gate_of(h, "203.0.113.1", 23, "10.1.0.1", 5, 6, true).waits);
	g = gate_of(h, "10.0.0.1", 5, "203.0.113.1", 22, 6, true); /* not its first packets */
	assert_true(g.waits && g.action == RULE_ALERT);
	harness_free(h);
}

static void flowbits_hold_over_the_flow(void **state)
{
	static const char rules[] = H "http.uri; content:\"one\"; flowbits:set,x; flowbits:noalert; sid:1;)\n"
	                            H "http.uri; content:\"t\"; flowbits:isset,x; sid:2;)";
	struct harness *h = harness_new(rules);

	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, "two");
	assert_string_equal(harness_run(h), "");
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, "one");
	assert_string_equal(harness_run(h), "");
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, "two");
	assert_string_equal(harness_run(h), "2");
	harness_free(h);
}

static void xbits_hold_for_two_hosts_until_they_expire(void **state)
{
	static const char rules[] = H "http.uri; content:\"one\"; xbits:set,x,track ip_pair,expire 10; noalert; sid:1;)\n"
	                            H "http.uri; content:\"no\"; xbits:unset,x,track ip_pair; noalert; sid:2;)\n"
	                            H "http.uri; content:\"t\"; xbits:isset,x,track ip_pair; sid:3;)";
	struct harness *h = harness_new(rules);

	h->time_ns = 5000000000u;
	assert_string_equal(harness_uri(h, "two"), "");
	assert_string_equal(harness_uri(h, "one"), "");
	h->flow = (struct match_flow){ 0 };
	h->time_ns += 9999999999u;
	assert_string_equal(harness_uri(h, "two"), "3");
	h->elsewhere = true;
	assert_string_equal(harness_uri(h, "two"), "");
	h->elsewhere = false;
	h->time_ns += 1;
	assert_string_equal(harness_uri(h, "two"), "");
	assert_string_equal(harness_uri(h, "one"), "");
	assert_string_equal(harness_uri(h, "two"), "3");
	assert_string_equal(harness_uri(h, "no"), "");
	assert_string_equal(harness_uri(h, "two"), "");
	assert_string_equal(harness_uri(h, "one"), "");
	match_forget(h->scratch);
	assert_string_equal(harness_uri(h, "two"), "");
	harness_free(h);
}

static void xbits_that_find_no_room_are_counted(void **state)
{
	static const char rules[] = H "http.uri; content:\"one\"; xbits:set,x,track ip_pair,expire 60; noalert; sid:1;)\n"
	                            H "http.uri; content:\"t\"; xbits:isset,x,track ip_pair; sid:3;)";
	struct harness *h = harness_new(rules);

	for (unsigned i = 0; i < 40000; i++) {
		h->neighbour = i;
		assert_string_equal(harness_uri(h, "one"), "");
		assert_string_equal(harness_uri(h, "two"), "3");
	}
	assert_in_range(match_scratch_counts(h->scratch)->pairs_full, 40000 - 4 * 1024, 40000);
	harness_free(h);
}

static void names_of_a_domain_and_below_match_with_dotprefix(void **state)
{
	static const char rules[] = "alert dns any any -> any any (dns.query; dotprefix; content:\".evil.example\"; nocase; "
	                            "endswith; sid:1;)";
	static const char *const names[] = { "evil.example", "a.EVIL.example" };

	for (unsigned i = 0; i < COUNT_OF(names); i++) {
		struct harness *h = harness_new(rules);
		h->app = APP_DNS;
		harness_set(h, FROM_CLIENT, BUFFER_DNS_QUERY, names[i]);
		assert_string_equal(harness_run(h), "1");
		harness_set(h, FROM_CLIENT, BUFFER_DNS_QUERY, "notevil.example");
		assert_string_equal(harness_run(h), "");
		harness_free(h);
	}
}

static void what_does_not_fit_is_counted(void **state)
{
	static char rules[300 * 80];
	size_t len = 0;
	struct harness *h;
	char uri[300 * 6 + 1] = "";

	for (unsigned i = 0; i < 300; i++) {
		len += (size_t)snprintf(rules + len, sizeof(rules) - len, H "http.uri; content:\"x%03uy\"; sid:%u;)\n", i, i + 1);
		snprintf(uri + 5 * i, 6, "x%03uy", i);
	}
	h = harness_new(rules);
	h->max = 16;
	harness_set(h, FROM_CLIENT, BUFFER_HTTP_URI, uri);
	harness_run(h);
	assert_int_equal(match_scratch_counts(h->scratch)->state_full, 300 - 80);
	assert_int_equal(h->left, 80 - 16);
	harness_free(h);
}

static void hostile_text_ends_at_a_bound(void **state)
{
	static char body[200000];
	struct harness *h = harness_new(H "http.request_body; content:\"aa\"; content:\"aa\"; distance:0; content:\"aa\"; "
	                                "distance:0; content:\"aa\"; distance:0; content:\"b\"; distance:0; sid:1;)\n"
	                                H "http.request_body; pcre:\"/(a+)+c/\"; content:\"aa\"; sid:2;)");

	memset(body, 'a', sizeof(body));
	harness_set_bytes(h, FROM_CLIENT, BUFFER_HTTP_REQUEST_BODY, body, sizeof(body));
	assert_string_equal(harness_run(h), "");
	assert_int_not_equal(match_scratch_counts(h->scratch)->steps_ended, 0);
	harness_free(h);
}

static void a_run_of_one_byte_is_found_wherever_it_stands(void **state)
{
	static const char rules[] = T "content:\"|90 90 90 90 90 90|\"; sid:1;)\n" T "content:\"|90 90 90 90|\"; sid:2;)";
	char body[64];

	for (unsigned len = 0; len < 12; len++)
		for (unsigned at = 0; at + len < sizeof(body); at += 3) {
			struct harness *h = harness_new(rules);
			h->app = APP_UNKNOWN;
			memset(body, 'h', sizeof(body));
			memset(body + at, 0x90, len);
			harness_set_bytes(h, FROM_CLIENT, BUFFER_PAYLOAD, body, sizeof(body));
			h->piece = 5;
			assert_string_equal(harness_run(h), len >= 6 ? "1 2" : len >= 4 ? "2" : "");
			harness_free(h);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_content_is_found),
		cmocka_unit_test(positions_bound_a_content),
		cmocka_unit_test(an_earlier_content_is_tried_again_further_on),
		cmocka_unit_test(sizes_and_numbers_are_tested),
		cmocka_unit_test(a_regular_expression_alone_makes_a_candidate),
		cmocka_unit_test(conditions_on_several_buffers_and_sides_hold_together),
		cmocka_unit_test(a_fast_pattern_may_straddle_pieces),
		cmocka_unit_test(each_rule_is_told_once_and_the_most_severe_first),
		cmocka_unit_test(addresses_and_ports_decide),
		cmocka_unit_test(the_strongest_action_that_holds_is_the_flows),
		cmocka_unit_test(a_flow_that_passes_is_told_of_no_more),
		cmocka_unit_test(only_packets_that_a_rule_could_stop_wait),
		cmocka_unit_test(flowbits_hold_over_the_flow),
		cmocka_unit_test(xbits_hold_for_two_hosts_until_they_expire),
		cmocka_unit_test(xbits_that_find_no_room_are_counted),
		cmocka_unit_test(names_of_a_domain_and_below_match_with_dotprefix),
		cmocka_unit_test(what_does_not_fit_is_counted),
		cmocka_unit_test(hostile_text_ends_at_a_bound),
		cmocka_unit_test(a_run_of_one_byte_is_found_wherever_it_stands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

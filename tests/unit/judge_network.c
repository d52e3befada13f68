/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging by what the site did afterwards: contacts, their order, their habits, and their absence. */
#include "tests/unit/scene.h"

#define FAR "203.0.113.7"
#define OK "HTTP/1.1 500 Internal Server Error\r\n\r\noops"

static struct scene *attack(enum trace_kind kind, const char *pattern, const char *address, uint16_t port)
{
	struct scene *s = scene_new("GET /c HTTP/1.1\r\nUser-Agent: () { :;}; ping -c1 " FAR "\r\n\r\n");

	assert_int_equal(s->codes->count, 1);
	scene_network(s, kind, pattern, address, port);
	scene_response(s, bytes_text(OK));
	return s;
}

static void a_ping_after_the_request_is_success_whatever_the_response(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	scene_history(s, HISTORY_ICMP_ECHO, 100.5, VICTIM, FAR, 0, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	assert_string_equal(s->judged.evidence[0].where, "icmp");
	assert_int_equal(s->judged.evidence[0].packet, 15);
	assert_true(s->judged.evidence[0].found);
	scene_free(s);
}

static void a_ping_before_the_request_is_no_evidence(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	scene_history(s, HISTORY_ICMP_ECHO, 99.9, VICTIM, FAR, 0, "");
	expect_reason(s, REASON_OWN_TRACE_MISSING); /* though it shows that pings pass here */
	scene_free(s);
}

static void a_habit_explains_a_contact(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	scene_history(s, HISTORY_ICMP_ECHO, 80, VICTIM, FAR, 0, "");
	scene_history(s, HISTORY_ICMP_ECHO, 101, VICTIM, FAR, 0, "");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);
}

static void another_hosts_ping_is_no_evidence(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	scene_history(s, HISTORY_ICMP_ECHO, 101, "192.0.2.81", FAR, 0, "");
	scene_history(s, HISTORY_ICMP_ECHO, 101, FAR, VICTIM, 0, "");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_connection_needs_address_and_port(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);

	scene_history(s, HISTORY_FLOW, 101, VICTIM, FAR, 80, "");
	scene_history(s, HISTORY_FLOW, 101, VICTIM, "203.0.113.8", 4444, "");
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	scene_history(s, HISTORY_FLOW, 102, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void a_name_is_followed_to_its_address(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, "call.example.net:8000", NULL, 8000);
	struct history h = { .kind = HISTORY_DNS_ANSWER, .time_ns = 101ull * SECOND, .packet = 14, .flow_id = 5,
	                     .name = bytes_text("call.example.net"), .answers_count = 1 };

	h.tuple = (struct tuple){ .src = scene_address("192.0.2.53"), .dst = scene_address(VICTIM), .sport = 53 };
	h.answers[0] = scene_address(FAR);
	assert_int_equal(memory_add(s->memory, &h), 0);
	scene_history(s, HISTORY_FLOW, 102, VICTIM, FAR, 8000, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void a_question_for_the_name_is_success(void **state)
{
	struct scene *s = attack(TRACE_DNS, "a1b2c3.example.net", NULL, 0);

	scene_history(s, HISTORY_DNS_QUESTION, 101, VICTIM, "192.0.2.53", 53, "other.example.net");
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	scene_history(s, HISTORY_DNS_QUESTION, 102, VICTIM, "192.0.2.53", 53, "A1B2C3.example.net");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void a_short_name_that_is_asked_for_at_once_is_success(void **state)
{
	for (unsigned late = 0; late < 2; late++) {
		struct scene *s = attack(TRACE_DNS, "a1.example.net", NULL, 0);

		s->traces[0].bits = 27;
		scene_history(s, HISTORY_DNS_QUESTION, late ? 101.5 : 100.1, VICTIM, "192.0.2.53", 53, "a1.example.net");
		expect_reason(s, late ? REASON_WEAK_TRACE : REASON_TRACE_IN_LATER_FLOW);
		scene_free(s);
	}
}

static void a_name_with_a_hole_is_matched_whole(void **state)
{
	struct scene *s = attack(TRACE_DNS, "\\w{1,20}\\.a1b2c3\\.example\\.net", NULL, 0);

	scene_history(s, HISTORY_DNS_QUESTION, 101, VICTIM, "192.0.2.53", 53, "x.www.a1b2c3.example.net.org");
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	s->traces[0].bits = 50;
	scene_history(s, HISTORY_DNS_QUESTION, 102, VICTIM, "192.0.2.53", 53, "web7.a1b2c3.example.net");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void a_port_that_was_closed_and_answers_is_success(void **state)
{
	struct scene *s = attack(TRACE_LISTEN, "0.0.0.0:5555", NULL, 5555);

	/* nobody tried it before: it may be a service like any other */
	scene_history(s, HISTORY_ANSWERED, 101, CLIENT, VICTIM, 5555, "");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_history(s, HISTORY_REFUSED, 20, CLIENT, VICTIM, 5556, "");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_history(s, HISTORY_REFUSED, 30, CLIENT, VICTIM, 5555, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);

	s = attack(TRACE_LISTEN, "0.0.0.0:5555", NULL, 5555);
	scene_history(s, HISTORY_ANSWERED, 20, CLIENT, VICTIM, 5555, "");
	scene_history(s, HISTORY_ANSWERED, 101, CLIENT, VICTIM, 5555, "");
	expect_reason(s, REASON_EXPLAINED_BY_REQUEST);
	scene_free(s);
}

static void an_open_window_is_unknown_and_asks_again(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	s->in.capture_over = false;
	s->in.known_until_ns = 120ull * SECOND;
	expect_reason(s, REASON_WINDOW_OPEN);
	assert_false(s->judged.final);
	assert_int_equal(s->judged.ask_again_ns, 160ull * SECOND);
	s->in.capture_over = true;
	expect_reason(s, REASON_WINDOW_OPEN);
	assert_true(s->judged.final);
	scene_free(s);
}

static void a_missing_question_proves_nothing_where_resolvers_are_out_of_sight(void **state)
{
	struct scene *s = attack(TRACE_DNS, "a1b2c3.example.net", NULL, 0);

	s->in.egress_visible = true;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_history(s, HISTORY_DNS_QUESTION, 20, VICTIM, "192.0.2.53", 53, "mirror.example.org");
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	scene_free(s);
}

static void a_contact_that_is_not_known_yet_is_not_used(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	scene_history(s, HISTORY_ICMP_ECHO, 130, VICTIM, FAR, 0, "");
	s->in.known_until_ns = 120ull * SECOND;
	expect_reason(s, REASON_WINDOW_OPEN);
	scene_free(s);
}

static void absence_is_failure_only_where_egress_is_seen(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);

	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	s->in.egress_visible = true;
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	s->in.egress_visible = false;
	scene_history(s, HISTORY_ICMP_ECHO, 30, VICTIM, "10.1.1.1", 0, "");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_history(s, HISTORY_FLOW, 35, VICTIM, "203.0.113.99", 443, "");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_history(s, HISTORY_ICMP_ECHO, 40, VICTIM, "203.0.113.99", 0, "");
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	s->traces[0].must_show = false;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

/* Another case of the same world that names the same trace. */
static struct case_record claim_at(struct scene *s, double request, double response)
{
	struct case_record other = s->record;
	struct judge_input in = s->in;

	other.flow_id = 100 + s->packets++;
	other.request_last_ns = (uint64_t)(request * SECOND);
	other.response_last_ns = (uint64_t)(response * SECOND);
	in.record = &other;
	judge_announce(&in);
	return other;
}

static void two_attacks_that_wait_at_once_share_no_contact(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);

	claim_at(s, 99.5, 102);
	scene_history(s, HISTORY_FLOW, 101, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);

	s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);
	claim_at(s, 99.5, 99.8);
	scene_history(s, HISTORY_FLOW, 101, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void what_an_earlier_attack_left_running_is_no_evidence(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);

	/* it calls home every now and then since the attack at 50 s */
	claim_at(s, 50, 50.5);
	scene_history(s, HISTORY_FLOW, 51, VICTIM, FAR, 4444, "");
	scene_history(s, HISTORY_FLOW, 101, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_history(s, HISTORY_FLOW, 75, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_free(s);
}

static void a_code_that_waits_left_no_earlier_contact(void **state)
{
	struct event events[] = { { .kind = EVENT_SLEEP, .value = 2ull * SECOND },
	                          { .kind = EVENT_CONNECT, .virtual_ns = 2ull * SECOND } };
	struct run run = { .profile = bytes_text("one"), .events_count = 2, .events = events };
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);

	s->report.runs = &run;
	s->report.runs_count = 1;
	/* the other waits as long, and began earlier: what comes at 101.5 s is the other's */
	claim_at(s, 99.4, 99.5);
	scene_history(s, HISTORY_FLOW, 101.5, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_OWN_TRACE_MISSING);
	scene_history(s, HISTORY_FLOW, 102.1, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	/* when the window is over it may wait still */
	events[0].value = events[1].virtual_ns = 300ull * SECOND;
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	/* a sleep beside it holds nothing up */
	events[1].virtual_ns = 0;
	scene_history(s, HISTORY_FLOW, 100.2, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	assert_int_equal(s->judged.evidence[0].packet, 12);
	scene_free(s);
}

static void a_fetch_is_known_by_what_it_asks_for(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":8000", FAR, 8000);

	scene_network(s, TRACE_FETCH, "http://" FAR ":8000/x7?a=1", FAR, 8000);
	/* two attacks wait: the connection may be either's, what it asks for is this one's */
	s->report.traces_count = 1;
	claim_at(s, 99.5, 102);
	s->report.traces_count = 2;
	scene_history(s, HISTORY_FLOW, 101, VICTIM, FAR, 8000, "");
	scene_history(s, HISTORY_REQUEST, 101, VICTIM, FAR, 8000, "/x8");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_history(s, HISTORY_REQUEST, 101.5, VICTIM, FAR, 8000, "/x7?a=1");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void a_ping_that_goes_on_is_no_evidence(void **state)
{
	struct scene *s = attack(TRACE_ICMP, FAR, FAR, 0);
	struct history h = { .kind = HISTORY_ICMP_ECHO, .time_ns = 99ull * SECOND, .packet = 1, .flow_id = 77 };

	claim_at(s, 98, 98.1);
	h.tuple = (struct tuple){ .src = scene_address(VICTIM), .dst = scene_address(FAR), .sport = 42, .protocol = 1 };
	assert_int_equal(memory_add(s->memory, &h), 0);
	h.time_ns = 101ull * SECOND;
	h.packet = 30;
	assert_int_equal(memory_add(s->memory, &h), 0);
	expect_reason(s, REASON_WEAK_TRACE);
	scene_history(s, HISTORY_ICMP_ECHO, 102, VICTIM, FAR, 0, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void another_ports_way_out_proves_nothing(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);

	scene_history(s, HISTORY_FLOW, 30, VICTIM, "203.0.113.99", 443, "");
	expect_reason(s, REASON_MAY_RUN_UNSEEN);
	scene_free(s);
}

static void a_contact_belongs_to_the_latest_attack_that_names_it(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);
	struct case_record later = s->record;
	struct judge_input other = s->in;

	later.flow_id = 8;
	later.request_last_ns = 110ull * SECOND;
	later.request_last_packet = 60;
	other.record = &later;
	scene_history(s, HISTORY_FLOW, 111, VICTIM, FAR, 4444, "");
	judge_announce(&other);
	expect_reason(s, REASON_WEAK_TRACE);
	judge(&other, &s->judged);
	assert_int_equal(s->judged.reason, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

static void a_refusal_is_told_but_a_later_contact_corrects_it(void **state)
{
	struct scene *s = scene_new("GET /p.php?ip=127.0.0.1%3Bping+-c1+" FAR " HTTP/1.1\r\n\r\n");

	assert_int_equal(s->codes->count, 1);
	scene_network(s, TRACE_ICMP, FAR, FAR, 0);
	scene_answer(s, "/nothing", 404, "gone", false);
	scene_response(s, bytes_text("HTTP/1.1 404 Not Found\r\n\r\ngone"));
	s->in.capture_over = false;
	s->in.known_until_ns = 101ull * SECOND;
	expect_reason(s, REASON_REFUSED);
	assert_false(s->judged.final);
	scene_history(s, HISTORY_ICMP_ECHO, 103, VICTIM, FAR, 0, "");
	s->in.known_until_ns = s->judged.ask_again_ns;
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

/* What the caller of a port and the port say to each other first. */
static void talk(struct scene *s, double seconds, const char *asked, const char *told)
{
	struct history h = { .kind = HISTORY_SENT, .time_ns = (uint64_t)(seconds * SECOND), .flow_id = 1000 + s->packets - 1 };

	h.packet = (uint64_t)(seconds * 10);
	h.tuple = (struct tuple){ .src = scene_address(CLIENT), .dst = scene_address(VICTIM), .sport = 5555, .dport = 5555, .protocol = 6 };
	h.sample = bytes_text(asked);
	assert_int_equal(memory_add(s->memory, &h), 0);
	h.tuple = tuple_reverse(&h.tuple);
	h.sample = bytes_text(told);
	h.packet++;
	h.time_ns++;
	assert_int_equal(memory_add(s->memory, &h), 0);
}

static void a_shell_behind_the_port_is_success(void **state)
{
	static const struct { const char *asked, *told; enum reason why; } talks[] = {
		{ "id\n", "uid=33(web) gid=33(web)\n", REASON_TRACE_IN_LATER_FLOW },
		{ "id\n", "ERR unknown command 'id'\n", REASON_WEAK_TRACE },   /* a service that complains */
		{ "hello there\n", "hello yourself\n", REASON_WEAK_TRACE },   /* no command */
		{ "id\n", "\x16\x03\x01", REASON_WEAK_TRACE },
	};

	for (size_t i = 0; i < COUNT_OF(talks); i++) {
		struct scene *s = attack(TRACE_LISTEN, "0.0.0.0:5555", NULL, 5555);

		scene_history(s, HISTORY_ANSWERED, 102, CLIENT, VICTIM, 5555, "");
		talk(s, 103, talks[i].asked, talks[i].told);
		expect_reason(s, talks[i].why);
		scene_free(s);
	}
}

static void as_many_contacts_as_attacks_are_one_each(void **state)
{
	struct scene *s = attack(TRACE_CONNECT, FAR ":4444", FAR, 4444);

	/* another began just before and still waits for its answer */
	claim_at(s, 99, 120);
	scene_history(s, HISTORY_FLOW, 100.5, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_WEAK_TRACE);
	scene_history(s, HISTORY_FLOW, 100.8, VICTIM, FAR, 4444, "");
	expect_reason(s, REASON_TRACE_IN_LATER_FLOW);
	scene_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ping_after_the_request_is_success_whatever_the_response),
		cmocka_unit_test(a_ping_before_the_request_is_no_evidence),
		cmocka_unit_test(a_habit_explains_a_contact),
		cmocka_unit_test(another_hosts_ping_is_no_evidence),
		cmocka_unit_test(a_connection_needs_address_and_port),
		cmocka_unit_test(a_name_is_followed_to_its_address),
		cmocka_unit_test(a_question_for_the_name_is_success),
		cmocka_unit_test(a_short_name_that_is_asked_for_at_once_is_success),
		cmocka_unit_test(a_name_with_a_hole_is_matched_whole),
		cmocka_unit_test(a_port_that_was_closed_and_answers_is_success),
		cmocka_unit_test(a_shell_behind_the_port_is_success),
		cmocka_unit_test(as_many_contacts_as_attacks_are_one_each),
		cmocka_unit_test(an_open_window_is_unknown_and_asks_again),
		cmocka_unit_test(a_missing_question_proves_nothing_where_resolvers_are_out_of_sight),
		cmocka_unit_test(a_contact_that_is_not_known_yet_is_not_used),
		cmocka_unit_test(absence_is_failure_only_where_egress_is_seen),
		cmocka_unit_test(another_ports_way_out_proves_nothing),
		cmocka_unit_test(two_attacks_that_wait_at_once_share_no_contact),
		cmocka_unit_test(what_an_earlier_attack_left_running_is_no_evidence),
		cmocka_unit_test(a_code_that_waits_left_no_earlier_contact),
		cmocka_unit_test(a_fetch_is_known_by_what_it_asks_for),
		cmocka_unit_test(a_ping_that_goes_on_is_no_evidence),
		cmocka_unit_test(a_contact_belongs_to_the_latest_attack_that_names_it),
		cmocka_unit_test(a_refusal_is_told_but_a_later_contact_corrects_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracker: what is told of flows, when they end, and that time rules and not the wall clock. */
#include "control/wire/history.h"
#include "control/wire/record.h"
#include "dataplane/flow/track.h"
#include "tests/unit/packets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static const uint64_t second_ns = 1000000000u;
enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

static struct counters counters;
static struct ring *up, *down;
static struct tracker *tracker;
static struct { unsigned count; enum flow_end why; uint64_t id; } over;

static void ended(void *lane, struct flow *f, enum flow_end why, uint64_t now_ns)
{
	over.count++;
	over.why = why;
	over.id = f->id;
}

static int set_up_with(unsigned flows)
{
	struct tracker_limits limits = { .flows = flows, .tcp_idle_ns = 600 * second_ns,
		.tcp_closed_ns = 10 * second_ns, .udp_idle_ns = 60 * second_ns };
	int fd = rings_create(1, RING_SIZE_MIN), r;

	memset(&counters, 0, sizeof(counters));
	memset(&over, 0, sizeof(over));
	if ((r = ring_open(fd, 0, &up)) < 0 || (r = ring_open(fd, 0, &down)) < 0)
		return r;
	close(fd);
	return tracker_new(&limits, &counters, up, ended, NULL, &tracker);
}

static int set_up(void **state)
{
	return set_up_with(1000);
}

static int tear_down(void **state)
{
	tracker_free(tracker);
	ring_close(up);
	ring_close(down);
	return 0;
}

/* One history record from the ring, or none. */
static bool told(struct history *ret)
{
	struct bytes b;
	uint8_t kind;

	if (ring_peek(down, &b) < 0)
		return false;
	assert_int_equal(bytes_u8(&b, &kind), 0);
	assert_int_equal(kind, RECORD_HISTORY);
	assert_int_equal(history_decode(&b, ret), 0);
	ring_release(down);
	return true;
}

static void expect_told(enum history_kind kind, unsigned sport)
{
	struct history h;

	assert_true(told(&h));
	assert_int_equal(h.kind, kind);
	assert_int_equal(h.tuple.sport, sport);
}

static void expect_nothing_told(void)
{
	struct history h;

	assert_false(told(&h));
}

static struct flow *give(const struct decoded *d, uint64_t now_ns, enum direction *from)
{
	return tracker_packet(tracker, d, tracker_hash(tracker, d), now_ns, from);
}

/* Client is 10.0.0.1:5000, server 10.0.0.2:80. */
static struct flow *tcp(enum direction sent, unsigned flags, uint32_t seq, uint32_t ack, const char *payload,
                        uint64_t now_ns)
{
	struct decoded d = { .outcome = DECODE_PACKET, .packet = {
		.time_ns = now_ns, .number = 1, .tcp_flags = (uint8_t)flags, .seq = seq, .ack = ack,
		.payload = bytes_text(payload), .payload_sent = (uint32_t)strlen(payload),
		.tuple = { .src = { 4, { 10, 0, 0, 1 } }, .dst = { 4, { 10, 0, 0, 2 } }, .sport = 5000, .dport = 80,
		           .protocol = 6 } } };
	enum direction from = FROM_CLIENT;
	struct flow *f;

	if (sent == FROM_SERVER)
		d.packet.tuple = tuple_reverse(&d.packet.tuple);
	f = give(&d, now_ns, &from);
	if (f != NULL)
		assert_int_equal(from, sent);
	return f;
}

static void a_handshake_is_told_as_flow_and_answer_once(void **state)
{
	struct flow *f = tcp(FROM_CLIENT, SYN, 100, 0, "", second_ns);

	assert_non_null(f);
	expect_told(HISTORY_FLOW, 5000);
	assert_ptr_equal(tcp(FROM_CLIENT, SYN, 100, 0, "", 2 * second_ns), f);
	assert_ptr_equal(tcp(FROM_SERVER, SYN | ACK, 7, 101, "", 2 * second_ns), f);
	expect_told(HISTORY_ANSWERED, 5000);
	assert_ptr_equal(tcp(FROM_SERVER, SYN | ACK, 7, 101, "", 2 * second_ns), f);
	assert_ptr_equal(tcp(FROM_CLIENT, ACK, 101, 8, "x", 2 * second_ns), f);
	assert_int_equal(f->tcp, TCP_OPEN);
	assert_false(f->midstream);
	expect_nothing_told();
}

static void a_reset_before_any_answer_is_a_refusal(void **state)
{
	tcp(FROM_CLIENT, SYN, 100, 0, "", second_ns);
	tcp(FROM_SERVER, RST | ACK, 0, 101, "", second_ns);
	expect_told(HISTORY_FLOW, 5000);
	expect_told(HISTORY_REFUSED, 5000);
	tcp(FROM_SERVER, RST | ACK, 0, 101, "", second_ns);
	expect_nothing_told();
	tracker_tick(tracker, 12);
	assert_int_equal(over.why, FLOW_END_RESET);
}

static void an_unreachable_error_refuses_the_flow_it_quotes(void **state)
{
	struct decoded d = { .packet = { .icmp_type = 3, .tuple = { .src = { 4, { 10, 0, 0, 9 } },
		.dst = { 4, { 10, 0, 0, 1 } }, .protocol = 1 } }, .has_inner = true,
		.inner = { .src = { 4, { 10, 0, 0, 1 } }, .dst = { 4, { 10, 0, 0, 2 } }, .sport = 5000, .dport = 80,
		           .protocol = 6 } };
	enum direction from;

	tcp(FROM_CLIENT, SYN, 100, 0, "", second_ns);
	expect_told(HISTORY_FLOW, 5000);
	assert_null(give(&d, second_ns, &from));
	expect_told(HISTORY_REFUSED, 5000);
	assert_null(give(&d, second_ns, &from));
	d.inner = tuple_reverse(&d.inner); /* quotes a packet of the other side: not about our client's try */
	assert_null(give(&d, second_ns, &from));
	expect_nothing_told();
}

static void a_flow_met_under_way_is_no_new_flow(void **state)
{
	struct flow *f;

	assert_null(tcp(FROM_SERVER, ACK, 5, 6, "", second_ns)); /* carries nothing: waits for data */
	f = tcp(FROM_SERVER, ACK, 5, 6, "HTTP/1.1 200 OK\r\n", second_ns);
	assert_non_null(f);
	assert_true(f->midstream);
	assert_int_equal(f->client.sport, 5000);
	expect_nothing_told();
}

static void the_client_is_found_without_a_syn(void **state)
{
	struct decoded d = { .outcome = DECODE_PACKET, .packet = { .tcp_flags = ACK, .payload = bytes_text("GET /x "),
		.payload_sent = 7, .tuple = { .src = { 4, { 1 } }, .dst = { 4, { 2 } }, .sport = 80, .dport = 40000,
		.protocol = 6 } } };
	enum direction from;

	assert_non_null(give(&d, second_ns, &from)); /* what it says counts more than its port */
	assert_int_equal(from, FROM_CLIENT);
	d.packet.tuple.dport = 40001;
	d.packet.payload = bytes_text("\x01\x02");
	d.packet.payload_sent = 2;
	assert_non_null(give(&d, second_ns, &from));
	assert_int_equal(from, FROM_SERVER);
}

static void a_new_syn_begins_a_new_flow_only_when_the_old_is_over_or_the_server_says_so(void **state)
{
	struct flow *f = tcp(FROM_CLIENT, SYN, 100, 0, "", second_ns);
	uint64_t first = f->id;

	tcp(FROM_SERVER, SYN | ACK, 7, 101, "", second_ns);
	tcp(FROM_CLIENT, ACK, 101, 8, "x", second_ns);
	f = tcp(FROM_CLIENT, SYN, 5000, 0, "", 2 * second_ns); /* forged, or from a client that was restarted */
	assert_int_equal(f->id, first);
	f = tcp(FROM_SERVER, ACK, 8, 102, "", 2 * second_ns);   /* the server stays with the old one */
	assert_int_equal(f->id, first);
	f = tcp(FROM_SERVER, SYN | ACK, 99, 5001, "", 3 * second_ns);
	assert_int_not_equal(f->id, first);
	assert_int_equal(over.count, 1);
	assert_int_equal(over.id, first);

	first = f->id;
	tcp(FROM_CLIENT, FIN | ACK, 5001, 100, "", 3 * second_ns);
	tcp(FROM_SERVER, FIN | ACK, 100, 5002, "", 3 * second_ns);
	f = tcp(FROM_CLIENT, SYN, 9000, 0, "", 4 * second_ns);
	assert_int_not_equal(f->id, first);
	assert_int_equal(over.why, FLOW_END_CLOSED);
}

static void silence_ends_a_flow_at_a_tick_by_its_state(void **state)
{
	tcp(FROM_CLIENT, SYN, 100, 0, "", second_ns);
	tcp(FROM_SERVER, SYN | ACK, 7, 101, "", second_ns);
	tcp(FROM_CLIENT, ACK, 101, 8, "x", 100 * second_ns);
	tracker_tick(tracker, 500);
	tracker_tick(tracker, 699);
	assert_int_equal(over.count, 0);
	tcp(FROM_CLIENT, ACK, 101, 8, "x", 699 * second_ns);
	tracker_tick(tracker, 1298);
	assert_int_equal(over.count, 0);
	tracker_tick(tracker, 1300);
	assert_int_equal(over.count, 1);
	assert_int_equal(over.why, FLOW_END_EXPIRED);

	tcp(FROM_CLIENT, SYN, 1, 0, "", 2000 * second_ns);
	tcp(FROM_SERVER, SYN | ACK, 1, 2, "", 2000 * second_ns);
	tcp(FROM_CLIENT, FIN | ACK, 2, 2, "", 2000 * second_ns);
	tcp(FROM_SERVER, FIN | ACK, 2, 3, "", 2000 * second_ns);
	tracker_tick(tracker, 2009);
	assert_int_equal(over.count, 1);
	tracker_tick(tracker, 2011);
	assert_int_equal(over.count, 2);
	assert_int_equal(over.why, FLOW_END_CLOSED);
}

static void the_end_of_a_capture_ends_every_flow_and_time_begins_anew(void **state)
{
	tcp(FROM_CLIENT, SYN, 100, 0, "", 900000 * second_ns);
	tracker_tick(tracker, 900001);
	tracker_end(tracker, 900001 * second_ns);
	assert_int_equal(over.count, 1);
	assert_int_equal(over.why, FLOW_END_CAPTURE);
	tcp(FROM_CLIENT, SYN, 100, 0, "", 5 * second_ns);
	tracker_tick(tracker, 16);
	assert_int_equal(over.count, 2);
}

static void echoes_are_told_but_not_a_flood_of_them(void **state)
{
	struct decoded d = { .outcome = DECODE_PACKET, .packet = { .icmp_type = 8, .tuple = { .src = { 4, { 1 } },
		.dst = { 4, { 2 } }, .sport = 77, .protocol = 1 } } };
	struct history h;
	enum direction from;
	unsigned count = 0;

	for (unsigned i = 0; i < 1000; i++) /* a second of a flood */
		give(&d, second_ns + i * 1000000u, &from);
	while (told(&h)) {
		assert_int_equal(h.kind, HISTORY_ICMP_ECHO);
		count++;
	}
	assert_int_equal(count, 10);
	assert_int_equal(counter_get(&counters, COUNTER_ICMP_ECHO), 1000);
}

static void a_full_table_puts_out_the_one_that_costs_least_and_counts_it(void **state)
{
	tear_down(state);
	assert_int_equal(set_up_with(8), 0);
	for (unsigned i = 0; i < 2000; i++) {
		struct decoded d = { .outcome = DECODE_PACKET, .packet = { .tcp_flags = SYN, .tuple = {
			.src = { 4, { (uint8_t)i, (uint8_t)(i >> 8) } }, .dst = { 4, { 10 } }, .sport = 5, .dport = 80,
			.protocol = 6 } } };
		enum direction from;

		give(&d, second_ns + i, &from);
	}
	assert_int_equal(counter_get(&counters, COUNTER_FLOWS) + counter_get(&counters, DROP_FLOW_TABLE_FULL), 2000);
	assert_true(counter_get(&counters, COUNTER_FLOWS_EVICTED) > 1000);
	assert_int_equal(over.why, FLOW_END_EVICTED);
}

static void every_state_has_a_row_for_every_segment(void **state)
{
	for (enum tcp_state s = 0; s < TCP_STATES; s++) {
		for (enum tcp_event e = 0; e < TCP_EVENTS; e++) {
			assert_non_null(tcp_next(s, FROM_CLIENT, e)->reason);
			assert_non_null(tcp_next(s, FROM_SERVER, e)->reason);
			if (tcp_over(s)) { /* only a new connection leads out of the end */
				assert_true(tcp_over(tcp_next(s, FROM_CLIENT, e)->next) ||
				            tcp_next(s, FROM_CLIENT, e)->act == TCP_BEGIN_AGAIN);
				assert_true(tcp_over(tcp_next(s, FROM_SERVER, e)->next) ||
				            tcp_next(s, FROM_SERVER, e)->act == TCP_BEGIN_AGAIN);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_handshake_is_told_as_flow_and_answer_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reset_before_any_answer_is_a_refusal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_unreachable_error_refuses_the_flow_it_quotes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_flow_met_under_way_is_no_new_flow, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_client_is_found_without_a_syn, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_new_syn_begins_a_new_flow_only_when_the_old_is_over_or_the_server_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(silence_ends_a_flow_at_a_tick_by_its_state, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_end_of_a_capture_ends_every_flow_and_time_begins_anew, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(echoes_are_told_but_not_a_flood_of_them, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_full_table_puts_out_the_one_that_costs_least_and_counts_it, set_up,
		                                tear_down),
		cmocka_unit_test(every_state_has_a_row_for_every_segment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding: every link layer, both versions of IP, and a named reason for whatever is not looked into. */
#include "dataplane/decode/decode.h"
#include "tests/unit/packets.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct decoded d;

static void expect_tuple(const char *src, const char *dst, unsigned sport, unsigned dport, unsigned protocol)
{
	char text[ADDRESS_TEXT];

	assert_string_equal(address_format(&d.packet.tuple.src, text), src);
	assert_string_equal(address_format(&d.packet.tuple.dst, text), dst);
	assert_int_equal(d.packet.tuple.sport, sport);
	assert_int_equal(d.packet.tuple.dport, dport);
	assert_int_equal(d.packet.tuple.protocol, protocol);
}

static void expect_payload(const char *text)
{
	assert_true(bytes_equal(d.packet.payload, bytes_text(text)));
	assert_int_equal(d.packet.payload_sent, strlen(text));
}

static void expect_drop(enum link_type link, const struct frame_buffer *f, enum counter why)
{
	assert_int_equal(decode_frame(link, frame_bytes(f), &d), DECODE_DROP);
	assert_string_equal(counter_row(d.drop)->name, counter_row(why)->name);
}

static void every_link_layer_leads_to_the_same_packet(void **state)
{
	static const struct { enum link_type link; const char *header; size_t len; } links[] = {
		{ LINK_ETHERNET, "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0", 14 },
		{ LINK_ETHERNET, "\2\0\0\0\0\1\2\0\0\0\0\2\x81\0\0\x07\x08\0", 18 },
		{ LINK_ETHERNET, "\2\0\0\0\0\1\2\0\0\0\0\2\x88\xa8\0\x07\x81\0\0\x09\x08\0", 22 },
		{ LINK_COOKED, "\0\0\0\1\0\6\0\0\0\0\0\0\0\0\x08\0", 16 },
		{ LINK_COOKED2, "\x08\0\0\0\0\0\0\2\0\1\0\6\0\0\0\0\0\0\0\0", 20 },
		{ LINK_RAW, "", 0 },
		{ LINK_NULL, "\2\0\0\0", 4 },
		{ LINK_NULL, "\0\0\0\2", 4 },
	};

	for (size_t i = 0; i < COUNT_OF(links); i++) {
		struct frame_buffer f = { 0 };

		put(&f, links[i].header, links[i].len);
		put_ip4(&f, 6, 25, 1, 0);
		put_tcp(&f, 1234, 80, 0x01020304, 0x05060708, 0x18, "hello");
		assert_int_equal(decode_frame(links[i].link, frame_bytes(&f), &d), DECODE_PACKET);
		expect_tuple("192.0.2.1", "198.51.100.2", 1234, 80, 6);
		expect_payload("hello");
		assert_int_equal(d.packet.seq, 0x01020304);
		assert_int_equal(d.packet.ack, 0x05060708);
		assert_int_equal(d.packet.tcp_flags, 0x18);
		assert_int_equal(d.packet.tuple.vlan, i == 1 || i == 2 ? 7 : 0);
		assert_int_equal(d.odd & ~(unsigned)ODD_VLAN, 0);
	}
}

/* A host drops it, so nobody may be shown something else by it. */
static void another_version_than_the_link_says_is_dropped(void **state)
{
	static const struct { enum link_type link; const char *header; size_t len; } links[] = {
		{ LINK_ETHERNET, "\2\0\0\0\0\1\2\0\0\0\0\2\x86\xdd", 14 },
		{ LINK_COOKED, "\0\0\0\1\0\6\0\0\0\0\0\0\0\0\x86\xdd", 16 },
		{ LINK_NULL, "\x1e\0\0\0", 4 },
	};

	for (size_t i = 0; i < COUNT_OF(links); i++) {
		struct frame_buffer f = { 0 };

		put(&f, links[i].header, links[i].len);
		put_ip4(&f, 6, 25, 1, 0);
		put_tcp(&f, 1234, 80, 1, 2, 0x18, "hello");
		expect_drop(links[i].link, &f, DROP_IP_HEADER);
	}
}

static void link_padding_is_no_payload(void **state)
{
	struct frame_buffer f = { 0 };

	put_ethernet(&f, 0x0800);
	put_ip4(&f, 17, 10, 1, 0);
	put_udp(&f, 53, 5353, "ab");
	put(&f, "\0\0\0\0\0\0\0\0", 8);
	assert_int_equal(decode_frame(LINK_ETHERNET, frame_bytes(&f), &d), DECODE_PACKET);
	expect_tuple("192.0.2.1", "198.51.100.2", 53, 5353, 17);
	expect_payload("ab");
}

static void a_packet_captured_short_says_so(void **state)
{
	struct frame_buffer f = { 0 };

	put_ethernet(&f, 0x0800);
	put_ip4(&f, 6, 30, 1, 0);
	put_tcp(&f, 1, 2, 3, 4, 0x10, "0123456789");
	f.len -= 4;
	assert_int_equal(decode_frame(LINK_ETHERNET, frame_bytes(&f), &d), DECODE_PACKET);
	assert_true(d.packet.short_capture);
	assert_int_equal(d.packet.payload.left, 6);
	assert_int_equal(d.packet.payload_sent, 10);
	assert_true(d.odd & ODD_SHORT);
	f.len -= 10;
	expect_drop(LINK_ETHERNET, &f, DROP_TRUNCATED);
}

static void a_wrong_checksum_is_counted_and_looked_into(void **state)
{
	struct frame_buffer f = { 0 };

	put_ip4(&f, 17, 9, 1, 0);
	f.at[10] ^= 1;
	put_udp(&f, 1, 2, "x");
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_PACKET);
	assert_true(d.odd & ODD_CHECKSUM);
	expect_payload("x");
}

static void ipv6_extension_headers_are_walked_and_bounded(void **state)
{
	struct frame_buffer f = { 0 };

	put_ip6(&f, 0, 8 + 24 + 9);
	put(&f, "\x3c\0\0\0\0\0\0\0", 8);                       /* hop by hop, then destination options */
	put(&f, "\x11\2\0\0\0\0\0\0", 8);                       /* 24 bytes, then UDP */
	put(&f, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	put_udp(&f, 7, 8, "y");
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_PACKET);
	expect_tuple("2001:db8::1", "2001:db8::2", 7, 8, 17);
	expect_payload("y");

	f.len = 0;
	put_ip6(&f, 60, 200);
	for (unsigned i = 0; i < 25; i++)
		put(&f, "\x3c\0\0\0\0\0\0\0", 8);
	expect_drop(LINK_RAW, &f, DROP_IP_EXTENSIONS);
}

static void fragments_are_told_apart_from_whole_packets(void **state)
{
	struct frame_buffer f = { 0 };

	put_ip4(&f, 17, 16, 0x1234, 0x2000 | 3);
	put(&f, "0123456789abcdef", 16);
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_FRAGMENT);
	assert_int_equal(d.fragment.id, 0x1234);
	assert_int_equal(d.fragment.offset, 24);
	assert_true(d.fragment.more);
	assert_int_equal(d.fragment.data.left, 16);

	f.len = 0;
	put_ip6(&f, 44, 16);
	put(&f, "\x11\0\0\x08\1\2\3\4" "01234567", 16); /* the last piece, at 8 */
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_FRAGMENT);
	assert_int_equal(d.fragment.id, 0x01020304);
	assert_int_equal(d.fragment.offset, 8);
	assert_false(d.fragment.more);

	f.len = 0;
	put_ip4(&f, 17, 13, 1, 0x2000);
	put(&f, "0123456789abc", 13); /* not the last, and no multiple of 8 */
	expect_drop(LINK_RAW, &f, DROP_FRAGMENT_BAD);

	f.len = 0;
	put_ip4(&f, 17, 16, 1, 0x1fff);
	put(&f, "0123456789abcdef", 16); /* ends beyond 64 KB */
	expect_drop(LINK_RAW, &f, DROP_FRAGMENT_BAD);

	f.len = 0;
	put_ip6(&f, 44, 17);
	put(&f, "\x11\0\0\0\1\2\3\4", 8); /* an atomic fragment is a whole packet */
	put_udp(&f, 9, 10, "z");
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_PACKET);
	expect_payload("z");
}

static void an_icmp_error_names_the_packet_it_quotes(void **state)
{
	struct frame_buffer f = { 0 };

	put_ip4(&f, 1, 8 + 28, 1, 0);
	put(&f, "\3\3\0\0\0\0\0\0", 8);
	put_ip4(&f, 17, 1000, 2, 0); /* it quotes only the beginning */
	put_u16(&f, 4444);
	put_u16(&f, 53);
	put_u32(&f, 0);
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_PACKET);
	assert_true(d.has_inner);
	assert_int_equal(d.inner.sport, 4444);
	assert_int_equal(d.inner.dport, 53);
	assert_int_equal(d.inner.protocol, 17);
	assert_int_equal(d.packet.icmp_type, 3);

	f.len = 0;
	put_ip4(&f, 1, 12, 1, 0);
	put(&f, "\x08\0\0\0\x12\x34\0\1ping", 12);
	assert_int_equal(decode_frame(LINK_RAW, frame_bytes(&f), &d), DECODE_PACKET);
	assert_false(d.has_inner);
	expect_tuple("192.0.2.1", "198.51.100.2", 0x1234, 0, 1);
	expect_payload("ping");
}

static void what_is_broken_has_a_reason_of_its_own(void **state)
{
	struct frame_buffer f = { 0 };

	put_ethernet(&f, 0x0806);
	expect_drop(LINK_ETHERNET, &f, DROP_NOT_IP);
	f.len = 0;
	for (unsigned i = 0; i < 3; i++)
		put(&f, "\x81\0\x81\0\x81\0\x81\0\x81\0\x81\0", 12);
	expect_drop(LINK_ETHERNET, &f, DROP_LINK);
	f.len = 0;
	put_u32(&f, 0x30000000);
	expect_drop(LINK_RAW, &f, DROP_IP_HEADER);
	f.len = 0;
	put_ip4(&f, 6, 20, 1, 0);
	put_tcp(&f, 1, 2, 3, 4, 2, "");
	f.at[0] = 0x44;
	expect_drop(LINK_RAW, &f, DROP_IP_HEADER);
	f.at[0] = 0x45;
	f.at[32] = 4 << 4; /* a TCP header of 16 bytes */
	expect_drop(LINK_RAW, &f, DROP_TCP_HEADER);
	f.at[32] = 15 << 4; /* options beyond the packet */
	expect_drop(LINK_RAW, &f, DROP_TCP_HEADER);
	f.len = 0;
	put_ip4(&f, 17, 8, 1, 0);
	put_udp(&f, 1, 2, "");
	f.at[25] = 99; /* longer than its IP packet */
	expect_drop(LINK_RAW, &f, DROP_UDP_HEADER);
	f.len = 0;
	put_ip4(&f, 1, 4, 1, 0);
	put_u32(&f, 0);
	expect_drop(LINK_RAW, &f, DROP_ICMP_HEADER);
	f.len = 0;
	put_ip4(&f, 132, 4, 1, 0);
	put_u32(&f, 0);
	expect_drop(LINK_RAW, &f, DROP_PROTOCOL);
}

static void both_directions_fragments_and_errors_go_to_one_lane(void **state)
{
	struct frame_buffer there = { 0 }, back = { 0 }, piece = { 0 }, error = { 0 };
	uint32_t spread;

	put_ip4(&there, 6, 20, 1, 0);
	put_tcp(&there, 1, 2, 3, 4, 2, "");
	put_ip4(&back, 6, 20, 1, 0);
	memcpy(back.at + 12, there.at + 16, 4);
	memcpy(back.at + 16, there.at + 12, 4);
	put_tcp(&back, 2, 1, 3, 4, 0x12, "");
	put_ip4(&piece, 17, 8, 1, 5);
	put(&piece, "01234567", 8);
	put_ip4(&error, 1, 36, 1, 0);
	memcpy(error.at + 12, "\12\0\0\1", 4); /* from a router on the way */
	put(&error, "\3\1\0\0\0\0\0\0", 8);
	put_ip4(&error, 6, 20, 1, 0);
	put_u32(&error, 0x00010002);
	put_u32(&error, 3);

	spread = decode_spread(LINK_RAW, frame_bytes(&there));
	assert_int_not_equal(spread, 0);
	assert_int_equal(decode_spread(LINK_RAW, frame_bytes(&back)), spread);
	assert_int_equal(decode_spread(LINK_RAW, frame_bytes(&piece)), spread);
	assert_int_equal(decode_spread(LINK_RAW, frame_bytes(&error)), spread);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_layer_leads_to_the_same_packet),
		cmocka_unit_test(another_version_than_the_link_says_is_dropped),
		cmocka_unit_test(link_padding_is_no_payload),
		cmocka_unit_test(a_packet_captured_short_says_so),
		cmocka_unit_test(a_wrong_checksum_is_counted_and_looked_into),
		cmocka_unit_test(ipv6_extension_headers_are_walked_and_bounded),
		cmocka_unit_test(fragments_are_told_apart_from_whole_packets),
		cmocka_unit_test(an_icmp_error_names_the_packet_it_quotes),
		cmocka_unit_test(what_is_broken_has_a_reason_of_its_own),
		cmocka_unit_test(both_directions_fragments_and_errors_go_to_one_lane),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

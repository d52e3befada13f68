/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resets and ICMP errors: their fields by RFC 9293, 792 and 4443, and sums that come out as zero. */
#include "dataplane/reject.h"

#include "tests/unit/packets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static uint8_t room[256];

static uint32_t word(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* RFC 1071: a range that holds its own right sum adds up to all ones. */
static bool sums(const uint8_t *at, size_t len, uint32_t pseudo)
{
	uint32_t s = pseudo;

	for (size_t i = 0; i < len; i++)
		s += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
	while (s >> 16 != 0)
		s = (s & 0xffff) + (s >> 16);
	return s == 0xffff;
}

static uint32_t pseudo_of(const uint8_t *addresses, size_t len, uint32_t protocol, uint32_t size)
{
	uint32_t s = protocol + size;

	for (size_t i = 0; i < len; i += 2)
		s += (uint32_t)addresses[i] << 8 | addresses[i + 1];
	return s;
}

static struct bytes tcp_frame(struct frame_buffer *f, unsigned flags, const char *payload)
{
	f->len = 0;
	put_ethernet(f, 0x8100);
	put_u16(f, 7);
	put_u16(f, 0x0800);
	put_ip4(f, 6, 20 + (unsigned)strlen(payload), 1, 0);
	put_tcp(f, 1024, 80, 1000, 5000, flags, payload);
	return frame_bytes(f);
}

static void a_reset_takes_the_place_of_what_comes_next(void **state)
{
	static struct frame_buffer f;
	const uint8_t *ip = room + 18, *tcp = room + 38;

	assert_int_equal(reject_build(tcp_frame(&f, 0x18, "hello"), true, room, sizeof(room)), 58);
	assert_memory_equal(room, f.at + 6, 6);
	assert_memory_equal(room + 6, f.at, 6);
	assert_memory_equal(room + 12, f.at + 12, 6); /* its VLAN */
	assert_memory_equal(ip + 12, f.at + 18 + 16, 4);
	assert_memory_equal(ip + 16, f.at + 18 + 12, 4);
	assert_true(sums(ip, 20, 0));
	assert_int_equal(word(tcp), 80 << 16 | 1024);
	assert_int_equal(word(tcp + 4), 5000);
	assert_int_equal(tcp[13], 4);
	assert_true(sums(tcp, 20, pseudo_of(ip + 12, 8, 6, 20)));
	assert_int_equal(reject_build(tcp_frame(&f, 0x18, "hello"), false, room, sizeof(room)), 58);
	assert_memory_equal(room, f.at, 18);
	assert_memory_equal(ip + 12, f.at + 18 + 12, 8);
	assert_int_equal(word(tcp), 1024 << 16 | 80);
	assert_int_equal(word(tcp + 4), 1000);
	assert_int_equal(word(tcp + 8), 5000);
	assert_int_equal(tcp[13], 4 | 16);
	assert_true(sums(tcp, 20, pseudo_of(ip + 12, 8, 6, 20)));
}

static void a_first_packet_is_acknowledged_by_its_reset(void **state)
{
	static struct frame_buffer f;
	const uint8_t *tcp = room + 38;

	assert_int_equal(reject_build(tcp_frame(&f, 2, ""), true, room, sizeof(room)), 58);
	assert_int_equal(word(tcp + 4), 0);
	assert_int_equal(word(tcp + 8), 1001);
	assert_int_equal(tcp[13], 4 | 16);
	assert_int_equal(reject_build(tcp_frame(&f, 4, ""), true, room, sizeof(room)), 0); /* resets answer no resets */
}

static void a_datagram_gets_an_icmp_error_of_its_family(void **state)
{
	static struct frame_buffer f;

	f.len = 0;
	put_ethernet(&f, 0x0800);
	put_ip4(&f, 17, 8 + 3, 1, 0);
	put_udp(&f, 53, 54, "abc");
	assert_int_equal(reject_build(frame_bytes(&f), true, room, sizeof(room)), 14 + 20 + 8 + 28);
	assert_int_equal(room[14 + 9], 1);
	assert_int_equal(word(room + 34) >> 16, 3 << 8 | 3);
	assert_memory_equal(room + 42, f.at + 14, 28);
	assert_true(sums(room + 34, 36, 0));
	assert_int_equal(reject_build(frame_bytes(&f), false, room, sizeof(room)), 0);
	f.len = 0;
	put_ethernet(&f, 0x86dd);
	put_ip6(&f, 17, 8 + 3);
	put_udp(&f, 53, 54, "abc");
	assert_int_equal(reject_build(frame_bytes(&f), true, room, sizeof(room)), 14 + 40 + 8 + 48);
	assert_int_equal(room[14 + 6], 58);
	assert_int_equal(word(room + 54) >> 16, 1 << 8 | 4);
	assert_memory_equal(room + 62, f.at + 14, 48);
	assert_true(sums(room + 54, 56, pseudo_of(room + 14 + 8, 32, 58, 56)));
}

static void what_cannot_be_answered_is_not(void **state)
{
	static struct frame_buffer f;
	struct bytes whole;

	f.len = 0;
	put_ethernet(&f, 0x0800);
	put_ip4(&f, 17, 8 + 3, 1, 0x2000); /* a fragment */
	put_udp(&f, 53, 54, "abc");
	assert_int_equal(reject_build(frame_bytes(&f), true, room, sizeof(room)), 0);
	f.len = 0;
	put_ethernet(&f, 0x0806);
	put(&f, "\0\1\10\0\6\4\0\1", 8);
	assert_int_equal(reject_build(frame_bytes(&f), true, room, sizeof(room)), 0);
	whole = tcp_frame(&f, 0x18, "");
	for (size_t len = 0; len < whole.left; len++)
		assert_int_equal(reject_build(bytes_of(whole.at, len), true, room, sizeof(room)), 0);
	assert_int_equal(reject_build(whole, true, room, 60), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset_takes_the_place_of_what_comes_next),
		cmocka_unit_test(a_first_packet_is_acknowledged_by_its_reset),
		cmocka_unit_test(a_datagram_gets_an_icmp_error_of_its_family),
		cmocka_unit_test(what_cannot_be_answered_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

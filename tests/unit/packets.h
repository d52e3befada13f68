/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets written by hand, for the tests of decode, flow and lanes. */
#ifndef TESTS_UNIT_PACKETS_H
#define TESTS_UNIT_PACKETS_H

#include "control/wire/bytes.h"

#include <string.h>

struct frame_buffer {
	uint8_t at[70000];
	size_t len;
};

static inline void put(struct frame_buffer *f, const void *bytes, size_t len)
{
	memcpy(f->at + f->len, bytes, len);
	f->len += len;
}

static inline void put_u8(struct frame_buffer *f, unsigned v)
{
	f->at[f->len++] = (uint8_t)v;
}

static inline void put_u16(struct frame_buffer *f, unsigned v)
{
	put_u8(f, v >> 8);
	put_u8(f, v & 255);
}

static inline void put_u32(struct frame_buffer *f, uint32_t v)
{
	put_u16(f, v >> 16);
	put_u16(f, v & 0xffff);
}

static inline void put_ethernet(struct frame_buffer *f, unsigned type)
{
	put(f, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	put_u16(f, type);
}

/* From 192.0.2.1 to 198.51.100.2; the checksum is right. part: flags and fragment offset. */
static inline void put_ip4(struct frame_buffer *f, unsigned protocol, unsigned payload, unsigned id, unsigned part)
{
	size_t at = f->len;
	uint32_t sum = 0;

	put_u16(f, 0x4500);
	put_u16(f, 20 + payload);
	put_u16(f, id);
	put_u16(f, part);
	put_u8(f, 64);
	put_u8(f, protocol);
	put_u16(f, 0);
	put(f, "\300\0\2\1\306\63\144\2", 8);
	for (size_t i = at; i < f->len; i += 2)
		sum += (uint32_t)(f->at[i] << 8 | f->at[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
	f->at[at + 10] = (uint8_t)(sum >> 8);
	f->at[at + 11] = (uint8_t)sum;
}

/* From 2001:db8::1 to 2001:db8::2. */
static inline void put_ip6(struct frame_buffer *f, unsigned next, unsigned payload)
{
	put_u32(f, 0x60000000);
	put_u16(f, payload);
	put_u8(f, next);
	put_u8(f, 64);
	put(f, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 32);
}

static inline void put_tcp(struct frame_buffer *f, unsigned sport, unsigned dport, uint32_t seq, uint32_t ack,
                           unsigned flags, const char *payload)
{
	put_u16(f, sport);
	put_u16(f, dport);
	put_u32(f, seq);
	put_u32(f, ack);
	put_u8(f, 5 << 4);
	put_u8(f, flags);
	put_u16(f, 65535);
	put_u32(f, 0);
	put(f, payload, strlen(payload));
}

static inline void put_udp(struct frame_buffer *f, unsigned sport, unsigned dport, const char *payload)
{
	put_u16(f, sport);
	put_u16(f, dport);
	put_u16(f, 8 + (unsigned)strlen(payload));
	put_u16(f, 0);
	put(f, payload, strlen(payload));
}

static inline struct bytes frame_bytes(const struct frame_buffer *f)
{
	return bytes_of(f->at, f->len);
}

#endif

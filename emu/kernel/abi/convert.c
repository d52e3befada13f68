/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Structures of an ABI made over to those of x86-64 and back, and the bounce buffer they stand in meanwhile. */
#include "emu/kernel/abi/abi.h"

#include <stdlib.h>
#include <string.h>

/*
 * What a structure is made of, for both sides: h 16 bits, i 32 bits, l a signed and L an unsigned long or a pointer,
 * q 64 bits, n 64 bits of which 32-bit programs leave the upper half as it was; c bytes that stay. A number before it: so
 * many. On x86-64 each stands at its own size.
 */
static const char *const layouts[LAYOUT_COUNT] = {
	[LAYOUT_INT] = "i", [LAYOUT_INT2] = "2i", [LAYOUT_LONG] = "l", [LAYOUT_WIDE] = "q",
	[LAYOUT_TIMESPEC] = "2l", [LAYOUT_TIMESPEC64] = "qn", [LAYOUT_TIMEVAL] = "2l",
	[LAYOUT_ITIMERSPEC] = "4l", [LAYOUT_ITIMERSPEC64] = "qnqn", [LAYOUT_ITIMERVAL] = "4l",
	[LAYOUT_TIMESPEC2] = "4l", [LAYOUT_TIMESPEC2_64] = "qnqn", [LAYOUT_TIMEVAL2] = "4l",
	[LAYOUT_IOVEC] = "2L", [LAYOUT_POLLFD] = "i2h", [LAYOUT_RLIMIT] = "2L", [LAYOUT_RLIMIT64] = "2q",
	[LAYOUT_RUSAGE] = "18l", [LAYOUT_TMS] = "4l", [LAYOUT_UTIMBUF] = "2l",
	[LAYOUT_CAPABILITIES] = "6i", [LAYOUT_CAPABILITY_HEADER] = "2i",
	[LAYOUT_STATX] = "2i q 3i 2h 4q q2iq2iq2iq2i 4i q 2i 12q", [LAYOUT_SYSINFO] = "l9L2h2Li",
	[LAYOUT_STATFS] = "2l5L2i7L", [LAYOUT_MSGHDR] = "Li4Li", [LAYOUT_FLOCK] = "2h2li", [LAYOUT_FLOCK64] = "2h2qi",
	[LAYOUT_SIGEVENT] = "L3i44c", [LAYOUT_EPOLL] = "iq",
};

uint64_t abi_load(const struct abi *abi, const uint8_t *at, unsigned len)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < len; i++)
		v |= (uint64_t)at[i] << 8 * (abi->big_endian ? len - 1 - i : i);
	return v;
}

void abi_store(const struct abi *abi, uint8_t *at, unsigned len, uint64_t v)
{
	for (unsigned i = 0; i < len; i++)
		at[i] = (uint8_t)(v >> 8 * (abi->big_endian ? len - 1 - i : i));
}

/* One field: its length and alignment on both sides. */
struct field {
	unsigned count, len, native_len, alignment;
	bool is_signed, half;
};

static bool next_field(const struct abi *abi, const char **text, struct field *f)
{
	const char *t = *text;

	*f = (struct field){ 0 };
	while (*t == ' ')
		t++;
	while (*t >= '0' && *t <= '9')
		f->count = f->count * 10 + (unsigned)(*t++ - '0');
	if (f->count == 0)
		f->count = 1;
	switch (*t) {
	case 'c':
		f->len = f->native_len = f->alignment = 1;
		break;
	case 'h':
		f->len = f->native_len = f->alignment = 2;
		break;
	case 'i':
		f->len = f->native_len = f->alignment = 4;
		break;
	case 'l':
	case 'L':
		f->len = f->alignment = abi->word;
		f->native_len = 8;
		f->is_signed = *t == 'l';
		break;
	case 'n':
	case 'q':
		f->half = *t == 'n' && abi->word == 4;
		f->len = f->native_len = 8;
		f->alignment = abi->wide_alignment;
		break;
	default:
		return false;
	}
	*text = t + 1;
	return true;
}

static uint64_t up(uint64_t v, unsigned to)
{
	return (v + to - 1) / to * to;
}

/* Walks both sides, and moves what is there; own NULL: only measures. Sizes are padded to the greatest alignment. */
static void walk(const struct abi *abi, enum layout which, uint8_t *own, uint8_t *native, bool in, uint64_t size[2])
{
	const char *text = layouts[which];
	bool packed = which == LAYOUT_EPOLL; /* as x86 has it */
	unsigned most = 1, native_most = 1;
	uint64_t at = 0, native_at = 0;
	struct field f;

	while (next_field(abi, &text, &f)) {
		unsigned alignment = packed && abi->packed_epoll ? 1 : f.alignment, native_alignment = packed ? 1 : f.native_len;

		at = up(at, alignment);
		native_at = up(native_at, native_alignment);
		most = alignment > most ? alignment : most;
		native_most = native_alignment > native_most ? native_alignment : native_most;
		for (; f.count != 0; f.count--, at += f.len, native_at += f.native_len) {
			uint64_t v = 0;

			if (own == NULL)
				continue;
			if (in) {
				v = abi_load(abi, own + at, f.len);
				if (f.is_signed && f.len == 4)
					v = (uint64_t)(int64_t)(int32_t)v;
				if (f.half)
					v &= UINT32_MAX;
				memcpy(native + native_at, &v, f.native_len);
			} else {
				memcpy(&v, native + native_at, f.native_len);
				abi_store(abi, own + at, f.len, v);
			}
		}
	}
	size[0] = up(at, most);
	size[1] = up(native_at, native_most);
}

uint64_t layout_size(const struct abi *abi, enum layout which)
{
	uint64_t size[2];

	walk(abi, which, NULL, NULL, true, size);
	return size[0];
}

uint64_t layout_native_size(enum layout which)
{
	uint64_t size[2];

	walk(&abi_aarch64, which, NULL, NULL, true, size);
	return size[1];
}

void layout_in(const struct abi *abi, enum layout which, const uint8_t *from, void *to)
{
	uint64_t size[2];

	walk(abi, which, (uint8_t *)(uintptr_t)from, to, true, size);
}

void layout_out(const struct abi *abi, enum layout which, const void *from, uint8_t *to)
{
	uint64_t size[2];

	walk(abi, which, to, (uint8_t *)(uintptr_t)from, false, size);
}

/* Addresses above all that a guest of 47 or fewer bits has. */
#define BOUNCE_BASE (1ull << 62)

struct bounce {
	bool active;
	uint64_t used;
	uint8_t at[96 << 10]; /* a call's structures: the longest are 1024 parts of a message, and what poll waits for */
};

void abi_bounce_begin(struct kernel *k)
{
	if (k->bounce == NULL && (k->bounce = calloc(1, sizeof(*k->bounce))) == NULL)
		return;
	k->bounce->active = true;
	k->bounce->used = 0;
}

void abi_bounce_end(struct kernel *k)
{
	if (k->bounce != NULL)
		k->bounce->active = false;
}

uint64_t abi_bounce(struct kernel *k, uint64_t len, void *host)
{
	struct bounce *b = k->bounce;
	uint64_t at;

	if (b == NULL || len > sizeof(b->at) - b->used)
		return 0;
	at = b->used;
	b->used = up(at + len, 16) < sizeof(b->at) ? up(at + len, 16) : sizeof(b->at);
	memset(b->at + at, 0, len);
	*(uint8_t **)host = b->at + at;
	return BOUNCE_BASE + at;
}

void *abi_bounce_at(struct kernel *k, uint64_t at, uint64_t len)
{
	struct bounce *b = k->bounce;

	if (at < BOUNCE_BASE || b == NULL || !b->active || at - BOUNCE_BASE > b->used || len > b->used - (at - BOUNCE_BASE))
		return NULL;
	return b->at + (at - BOUNCE_BASE);
}

unsigned abi_word(const struct abi *abi)
{
	return abi != NULL ? abi->word : 8;
}

int abi_word_at(const struct space *s, const struct abi *abi, uint64_t at, uint64_t *ret)
{
	unsigned len = abi_word(abi);
	uint8_t raw[8];

	if (space_get(s, at, raw, len) < 0)
		return -EFAULT;
	*ret = abi_load(abi != NULL ? abi : &abi_aarch64, raw, len);
	return 0;
}

int abi_get_word(struct kernel *k, const struct abi *abi, uint64_t at, uint64_t *ret)
{
	return abi_word_at(k->current->space, abi, at, ret);
}

int abi_get_u32(struct kernel *k, const struct abi *abi, uint64_t at, uint32_t *ret)
{
	uint8_t raw[4];

	if (space_get(k->current->space, at, raw, sizeof(raw)) < 0)
		return -EFAULT;
	*ret = (uint32_t)abi_load(abi, raw, sizeof(raw));
	return 0;
}

int abi_put_u32(struct kernel *k, const struct abi *abi, uint64_t at, uint32_t v)
{
	uint8_t raw[4];

	abi_store(abi, raw, sizeof(raw), v);
	return space_put(k->current->space, at, raw, sizeof(raw));
}

unsigned sigset_size(const struct abi *abi)
{
	return abi->mips ? 16 : 8;
}

/* Signals are numbered from 1, bit 0. */
static uint64_t renumber(const struct abi_values *signals, uint64_t set, bool in)
{
	uint64_t r = 0;

	if (signals == NULL)
		return set;
	for (unsigned n = 1; n <= SIGNALS; n++)
		if ((set >> (n - 1) & 1) != 0) {
			uint64_t to = in ? abi_value_in(signals, n) : abi_value_out(signals, n);

			if (to >= 1 && to <= SIGNALS)
				r |= 1ull << (to - 1);
		}
	return r;
}

uint64_t sigset_in(const struct abi *abi, const uint8_t *from)
{
	uint64_t set;

	if (abi->word == 8)
		set = abi_load(abi, from, 8);
	else
		set = abi_load(abi, from, 4) | abi_load(abi, from + 4, 4) << 32;
	return renumber(abi->signals, set, true);
}

void sigset_out(const struct abi *abi, uint64_t set, uint8_t *to)
{
	set = renumber(abi->signals, set, false);
	memset(to, 0, sigset_size(abi));
	if (abi->word == 8) {
		abi_store(abi, to, 8, set);
	} else {
		abi_store(abi, to, 4, set & UINT32_MAX);
		abi_store(abi, to + 4, 4, set >> 32);
	}
}

void abi_info_in(const struct abi *abi, const uint8_t from[128], uint8_t native[128])
{
	unsigned first = abi->word == 8 ? 16 : 12;
	int32_t v[32] = {
		(int32_t)abi_value_in(abi->signals, abi_load(abi, from, 4)), (int32_t)abi_load(abi, from + (abi->mips ? 8 : 4), 4),
		(int32_t)abi_load(abi, from + (abi->mips ? 4 : 8), 4), 0, (int32_t)abi_load(abi, from + first, 4),
		(int32_t)abi_load(abi, from + first + 4, 4), (int32_t)abi_load(abi, from + first + 8, 4),
	};

	memcpy(native, v, sizeof(v));
}

void abi_info(const struct abi *abi, const uint8_t native[128], uint8_t to[128])
{
	enum { FIRST = 16, SEGV = 11, FPE = 8, BUS = 7, TRAP = 5, ILL = 4 };
	unsigned first = abi->word == 8 ? FIRST : 12;
	int32_t v[32];

	memcpy(v, native, sizeof(v));
	memset(to, 0, 128);
	abi_store(abi, to, 4, abi_value_out(abi->signals, (uint32_t)v[0]));
	abi_store(abi, to + (abi->mips ? 8 : 4), 4, (uint32_t)v[1]);
	abi_store(abi, to + (abi->mips ? 4 : 8), 4, (uint32_t)v[2]);
	/* of a fault the address; else process, user, and a status or a value */
	if (v[2] > 0 && (v[0] == SEGV || v[0] == BUS || v[0] == FPE || v[0] == ILL || v[0] == TRAP)) {
		abi_store(abi, to + first, abi->word, (uint32_t)v[4] | (uint64_t)(uint32_t)v[5] << 32);
		return;
	}
	for (unsigned i = 0; i < 3; i++)
		abi_store(abi, to + first + i * 4, 4, (uint32_t)v[4 + i]);
}

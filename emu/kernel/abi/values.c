/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and flags that differ between processors: errors, signals, flags of open and mmap, ioctls. uapi/asm/… of each. */
#include "emu/kernel/abi/abi.h"

uint64_t abi_value_in(const struct abi_values *v, uint64_t own)
{
	for (unsigned i = 0; v != NULL && i < v->count; i++)
		if (v->of[i].own == own)
			return v->of[i].native;
	return own;
}

uint64_t abi_value_out(const struct abi_values *v, uint64_t native)
{
	for (unsigned i = 0; v != NULL && i < v->count; i++)
		if (v->of[i].native == native)
			return v->of[i].own;
	return native;
}

uint64_t abi_bits_in(const struct abi_values *v, uint64_t own)
{
	uint64_t r = own;

	for (unsigned i = 0; v != NULL && i < v->count; i++)
		r &= ~(uint64_t)v->of[i].own;
	for (unsigned i = 0; v != NULL && i < v->count; i++)
		if ((own & v->of[i].own) == v->of[i].own)
			r |= v->of[i].native;
	return r;
}

uint64_t abi_bits_out(const struct abi_values *v, uint64_t native)
{
	uint64_t r = native;

	for (unsigned i = 0; v != NULL && i < v->count; i++)
		r &= ~(uint64_t)v->of[i].native;
	for (unsigned i = 0; v != NULL && i < v->count; i++)
		if ((native & v->of[i].native) == v->of[i].native)
			r |= v->of[i].own;
	return r;
}

#define VALUES(name, ...) \
	static const struct abi_value name##_list[] = { __VA_ARGS__ }; \
	const struct abi_values name = { COUNT_OF(name##_list), name##_list }

/* O_DIRECT, O_LARGEFILE, O_DIRECTORY, O_NOFOLLOW: ARM, AArch64 and PowerPC have them otherwise than x86 */
VALUES(generic_open_flags, { 0200000, 040000 }, { 0400000, 0100000 }, { 040000, 0200000 }, { 0100000, 0400000 });
VALUES(powerpc_open_flags, { 0400000, 040000 }, { 0200000, 0100000 }, { 040000, 0200000 }, { 0100000, 0400000 });

/* O_APPEND, O_CREAT, O_EXCL, O_NOCTTY, O_NONBLOCK, O_SYNC, FASYNC, O_DIRECT, O_LARGEFILE (of MIPS) */
VALUES(mips_open_flags, { 010, 02000 }, { 0400, 0100 }, { 02000, 0200 }, { 04000, 0400 }, { 0200, 04000 }, { 020, 010000 },
	{ 0x4010, 04010000 }, { 010000, 020000 }, { 0100000, 040000 }, { 020000, 0100000 });

VALUES(mips_errors, { 35, 42 }, { 36, 43 }, { 37, 44 }, { 38, 45 }, { 39, 46 }, { 40, 47 }, { 41, 48 }, { 42, 49 },
	{ 43, 50 }, { 44, 51 }, { 45, 35 }, { 46, 37 }, { 50, 52 }, { 51, 53 }, { 52, 54 }, { 53, 55 }, { 54, 56 },
	{ 55, 57 }, { 77, 74 }, { 78, 36 }, { 79, 75 }, { 88, 84 }, { 89, 38 }, { 90, 40 },
	{ 93, 39 }, { 94, 87 }, { 95, 88 }, { 96, 89 }, { 97, 90 }, { 98, 91 }, { 99, 92 }, { 120, 93 }, { 121, 94 },
	{ 122, 95 }, { 123, 96 }, { 124, 97 }, { 125, 98 }, { 126, 99 }, { 127, 100 }, { 128, 101 }, { 129, 102 },
	{ 130, 103 }, { 131, 104 }, { 132, 105 }, { 133, 106 }, { 134, 107 }, { 143, 108 }, { 144, 109 }, { 145, 110 },
	{ 146, 111 }, { 147, 112 }, { 148, 113 }, { 149, 114 }, { 150, 115 }, { 151, 116 }, { 158, 125 }, { 1133, 122 });

/* SIGEMT takes the place of SIGSTKFLT, which MIPS does not have */
VALUES(mips_signals, { 7, 16 }, { 10, 7 }, { 12, 31 }, { 16, 10 }, { 17, 12 }, { 18, 17 }, { 19, 30 }, { 20, 28 },
	{ 21, 23 }, { 22, 29 }, { 23, 19 }, { 24, 20 }, { 25, 18 }, { 26, 21 }, { 27, 22 }, { 28, 26 }, { 29, 27 },
	{ 30, 24 }, { 31, 25 });
VALUES(mips_types, { 1, 2 }, { 2, 1 });
/* MAP_ANONYMOUS, GROWSDOWN, DENYWRITE, EXECUTABLE, LOCKED, NORESERVE, POPULATE, NONBLOCK, STACK, HUGETLB */
VALUES(mips_map_flags, { 0x800, 0x20 }, { 0x1000, 0x100 }, { 0x2000, 0x800 }, { 0x4000, 0x1000 }, { 0x8000, 0x2000 },
	{ 0x400, 0x4000 }, { 0x10000, 0x8000 }, { 0x20000, 0x10000 }, { 0x40000, 0x20000 }, { 0x80000, 0x40000 });
VALUES(powerpc_map_flags, { 0x80, 0x2000 }, { 0x40, 0x4000 });
/* TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCGPGRP, TIOCSPGRP, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, TIOCSCTTY,
 * TIOCNOTTY, FIOASYNC */
VALUES(mips_requests, { 0x540d, 0x5401 }, { 0x540e, 0x5402 }, { 0x540f, 0x5403 }, { 0x5410, 0x5404 },
	{ 0x40087468, 0x5413 }, { 0x40047477, 0x540f }, { 0x80047476, 0x5410 }, { 0x467f, 0x541b }, { 0x667e, 0x5421 },
	{ 0x6601, 0x5451 }, { 0x6602, 0x5450 }, { 0x5480, 0x540e }, { 0x5471, 0x5422 }, { 0x667d, 0x5452 });
VALUES(powerpc_requests, { 0x402c7413, 0x5401 }, { 0x802c7414, 0x5402 }, { 0x802c7415, 0x5403 }, { 0x802c7416, 0x5404 },
	{ 0x40087468, 0x5413 }, { 0x40047477, 0x540f }, { 0x80047476, 0x5410 }, { 0x4004667f, 0x541b },
	{ 0x8004667e, 0x5421 }, { 0x20006601, 0x5451 }, { 0x20006602, 0x5450 }, { 0x8004667d, 0x5452 });
/* F_GETLK, SETLK, SETLKW, SETOWN, GETOWN, and the 64-bit forms of the first three */
VALUES(mips_commands, { 14, 5 }, { 24, 8 }, { 23, 9 }, { 33, 12 }, { 34, 13 }, { 35, 14 });

/* SO_REUSEADDR, KEEPALIVE, DONTROUTE, BROADCAST, LINGER, OOBINLINE, SNDBUF, RCVBUF, SNDLOWAT, RCVLOWAT, SNDTIMEO, RCVTIMEO,
 * ERROR, TYPE, ACCEPTCONN: MIPS has them from there */
VALUES(bsd_options, { 4, 2 }, { 8, 9 }, { 0x10, 5 }, { 0x20, 6 }, { 0x80, 13 }, { 0x100, 10 }, { 0x1001, 7 }, { 0x1002, 8 },
	{ 0x1003, 19 }, { 0x1004, 18 }, { 0x1005, 21 }, { 0x1006, 20 }, { 0x1007, 4 }, { 0x1008, 3 }, { 0x1009, 30 });

/* FreeBSD's, and mostly the others' too: sys/fcntl.h, sys/mman.h */
VALUES(bsd_open_flags, { 4, 04000 }, { 8, 02000 }, { 0x200, 0100 }, { 0x400, 01000 }, { 0x800, 0200 }, { 0x100, 0400000 },
	{ 0x8000, 0400 }, { 0x20000, 0200000 }, { 0x100000, 02000000 });
VALUES(bsd_map_flags, { 0x1000, 0x20 });

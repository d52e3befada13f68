/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs for the guest without a C library share: system calls, memory, and which function the
 * program is. Built by budgets.py: cc -static -nostdlib -ffreestanding -DACT=NAME.
 */
#ifndef TESTS_NATIVE_SPEND_H
#define TESTS_NATIVE_SPEND_H

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

static inline long call(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;

	__asm__ volatile("syscall" : "+a"(n) : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
	return n;
}
#define CALL(...) CALL_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define CALL_(n, a, b, c, d, e, f, ...) call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

static uint8_t room[1 << 20] __attribute__((aligned(4096)));

static inline void *memory(unsigned long len, int protection)
{
	return (void *)CALL(SYS_mmap, 0, len, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine code alone in a first process: the ways in which each processor's code calls, as far as no program of a
 * compiler's would use them. Assembled with nasm and the binutils of each.
 */
#include "emu/kernel/abi/abi.h"
#include "emu/kernel/kernel.h"
#include "emu/world/network.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <time.h>
#include <utime.h>

#include <cmocka.h>

static struct world world;
static struct kernel *kernel;

/* A folder and a device: no program, no file of the host. */
static int open_kernel(void **state)
{
	struct node *root, *dev, *null;

	memcpy(world.profile.cwd, "/", 2);
	memcpy(world.profile.shell, "/none", 6);
	world.profile.user = (struct identity){ .uid = 33, .gid = 33 };
	world.profile.memory_mb = 256;
	if (tree_new(&world.tree) < 0 || record_new(&world.record) < 0 || network_new(&world, &world.network) < 0)
		return -1;
	root = tree_root(world.tree);
	dev = node_new(world.tree, NODE_DIR, 0755, 0, 0);
	null = node_new(world.tree, NODE_DEVICE, 0666, 0, 0);
	if (dev == NULL || null == NULL || node_link(world.tree, root, "dev", dev, 0) < 0 ||
	    node_link(world.tree, dev, "null", null, 0) < 0)
		return -1;
	return kernel_new(&world, &kernel);
}

static int close_kernel(void **state)
{
	kernel_free(kernel);
	network_free(world.network);
	record_free(world.record);
	tree_free(world.tree);
	return 0;
}

static const struct run *run(const struct raw *raw)
{
	assert_int_equal(kernel_begin(kernel, 1, NULL, 0), 0);
	assert_int_equal(kernel_start_raw(kernel, raw), 0);
	assert_int_equal(kernel_run(kernel), 0);
	return &record_outcome(world.record)->run;
}

static const struct way {
	const char *what;
	enum machine_cpu cpu;
	enum personality personality;
	const char *prints;
	int status;
	unsigned len;
	uint8_t code[64];
} ways[] = {
	/* mov eax, 4; mov ebx, 1; lea rcx, [rel text]; mov edx, 3; int 0x80; mov ebx, eax; mov eax, 1; int 0x80; text:
	   "abc" */
	{ "a 32-bit call of a 64-bit program", CPU_X86_64, PERSONALITY_LINUX, "abc", 3, 36, {
		0xb8, 4, 0, 0, 0, 0xbb, 1, 0, 0, 0, 0x48, 0x8d, 0x0d, 0x10, 0, 0, 0, 0xba, 3, 0, 0, 0, 0xcd, 0x80, 0x89,
		0xc3, 0xb8, 1, 0, 0, 0, 0xcd, 0x80, 0x61, 0x62, 0x63,
	} },
	/* push 0; push 1; push 2; mov ecx, esp; mov ebx, 1; mov eax, 102; int 0x80; mov ebx, eax; mov eax, 1; int 0x80
	   */
	{ "the multiplexer of socket calls", CPU_X86, PERSONALITY_LINUX, "", 3, 29, {
		0x6a, 0, 0x6a, 1, 0x6a, 2, 0x89, 0xe1, 0xbb, 1, 0, 0, 0, 0xb8, 0x66, 0, 0, 0, 0xcd, 0x80, 0x89, 0xc3, 0xb8,
		1, 0, 0, 0, 0xcd, 0x80,
	} },
	/* call next; "abc"; next: pop esi; push 3; push esi; push 1; push eax; mov eax, 4; int 0x80; jc wrong; push 0;
	   push 77; push eax; mov eax, 6; int 0x80; jnc wrong; push eax; push eax; mov eax, 1; int 0x80; wrong: ud2 */
	{ "arguments on the stack, errors by the carry flag", CPU_X86, PERSONALITY_BSD, "abc", 9, 49, {
		0xe8, 3, 0, 0, 0, 0x61, 0x62, 0x63, 0x5e, 0x6a, 3, 0x56, 0x6a, 1, 0x50, 0xb8, 4, 0, 0, 0, 0xcd, 0x80, 0x72,
		0x17, 0x6a, 0, 0x6a, 0x4d, 0x50, 0xb8, 6, 0, 0, 0, 0xcd, 0x80, 0x73, 9, 0x50, 0x50, 0xb8, 1, 0, 0, 0, 0xcd,
		0x80, 0x0f, 0x0b,
	} },
	/* lea rsi, [rel text]; mov edi, 1; mov edx, 3; mov eax, 4; syscall; jc wrong; mov edi, 77; mov eax, 6; syscall;
	   jnc wrong; mov edi, eax; mov eax, 1; syscall; wrong: ud2; text: "abc" */
	{ "the same numbers by syscall", CPU_X86_64, PERSONALITY_BSD, "abc", 9, 54, {
		0x48, 0x8d, 0x35, 0x2c, 0, 0, 0, 0xbf, 1, 0, 0, 0, 0xba, 3, 0, 0, 0, 0xb8, 4, 0, 0, 0, 0x0f, 5, 0x72, 0x17,
		0xbf, 0x4d, 0, 0, 0, 0xb8, 6, 0, 0, 0, 0x0f, 5, 0x73, 9, 0x89, 0xc7, 0xb8, 1, 0, 0, 0, 0x0f, 5, 0x0f, 0x0b,
		0x61, 0x62, 0x63,
	} },
	/* mov r0, #1; adr r1, text; mov r2, #3; svc #0x900004; mov r7, #99; svc #0x900001; text: "abc" */
	{ "the old ABI has the number in the instruction", CPU_ARM, PERSONALITY_LINUX, "abc", 3, 28, {
		1, 0, 0xa0, 0xe3, 0x0c, 0x10, 0x8f, 0xe2, 3, 0x20, 0xa0, 0xe3, 4, 0, 0x90, 0xef, 0x63, 0x70, 0xa0, 0xe3, 1,
		0, 0x90, 0xef, 0x61, 0x62, 0x63, 0,
	} },
	/* mov r0, #1; adr r1, text; mov r2, #3; mov r7, #4; svc #5; mov r7, #1; svc #0x123; text: "abc" */
	{ "the new one does not look there", CPU_ARM, PERSONALITY_LINUX, "abc", 3, 32, {
		1, 0, 0xa0, 0xe3, 0x10, 0x10, 0x8f, 0xe2, 3, 0x20, 0xa0, 0xe3, 4, 0x70, 0xa0, 0xe3, 5, 0, 0, 0xef, 1, 0x70,
		0xa0, 0xe3, 0x23, 1, 0, 0xef, 0x61, 0x62, 0x63, 0,
	} },
	/* bal 1f; nop; 1: addiu $a1, $ra, text-1b; li $a0, 1; li $a2, 3; li $v0, 6001; syscall 0x4040; move $a0, $v0; li
	   $v0, 6058; syscall; text: "abc" */
	{ "numbers of N32, and a code in the instruction", CPU_MIPS, PERSONALITY_LINUX, "abc", 3, 48, {
		4, 0x11, 0, 1, 0, 0, 0, 0, 0x27, 0xe5, 0, 0x20, 0x24, 4, 0, 1, 0x24, 6, 0, 3, 0x24, 2, 0x17, 0x71, 0, 0x10,
		0x10, 0x0c, 0, 0x40, 0x20, 0x25, 0x24, 2, 0x17, 0xaa, 0, 0, 0, 0x0c, 0x61, 0x62, 0x63, 0, 0, 0, 0, 0,
	} },
	/* li $v0, 4999; syscall; beqz $a3, 1f; move $a0, $v0; li $v0, 4001; syscall; 1: break */
	{ "an error is told apart, and has a number of its own: ENOSYS is 89", CPU_MIPS, PERSONALITY_LINUX, "", 89, 32, {
		0x24, 2, 0x13, 0x87, 0, 0, 0, 0x0c, 0x10, 0xe0, 0, 3, 0, 0x40, 0x20, 0x25, 0x24, 2, 0x0f, 0xa1, 0, 0, 0,
		0x0c, 0, 0, 0, 0x0d, 0, 0, 0, 0,
	} },
	/* li 3, 77; li 0, 6; sc; bns 1f; li 0, 1; sc; 1: trap */
	{ "an error is told in CR0", CPU_POWERPC, PERSONALITY_LINUX, "", 9, 28, {
		0x38, 0x60, 0, 0x4d, 0x38, 0, 0, 6, 0x44, 0, 0, 2, 0x40, 0x83, 0, 0x0c, 0x38, 0, 0, 1, 0x44, 0, 0, 2, 0x7f,
		0xe0, 0, 8,
	} },
};

static void every_way_to_call_is_known(void **state)
{
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		const struct way *w = &ways[i];
		const struct raw raw = { .cpu = w->cpu, .personality = w->personality, .code = bytes_of(w->code, w->len) };
		const struct run *r = run(&raw);

		if (r->exit_status != w->status || r->out.left != strlen(w->prints) || memcmp(r->out.at, w->prints, r->out.left) != 0)
			fail_msg("%s: ends with %d and prints %zu bytes", w->what, r->exit_status, r->out.left);
		assert_int_equal(r->stopped_by, STOPPED_EXIT);
	}
}

static void registers_are_what_the_caller_says(void **state)
{
	/* mov eax, 1; int 0x80 — ends with ebx */
	static const uint8_t code[] = { 0xb8, 1, 0, 0, 0, 0xcd, 0x80 };
	const struct registers registers = { .r = { [GPR_RBX] = 42 } };
	struct raw raw = { .cpu = CPU_X86, .code = bytes_of(code, sizeof(code)), .registers = &registers };

	assert_int_equal(run(&raw)->exit_status, 42);
	raw.registers = NULL;
	assert_int_equal(run(&raw)->exit_status, 0);
}

static void code_and_stack_may_be_written_and_run(void **state)
{
	/* push 0x80cd: on the stack "int 0x80"; xor ebx, ebx; mov bl, 7; xor eax, eax; inc byte [rel x]; x: mov al, 0 */
	static const uint8_t code[] = {
		0x68, 0xcd, 0x80, 0, 0, 0x31, 0xdb, 0xb3, 7, 0x31, 0xc0, 0xe8, 0, 0, 0, 0, 0x59, 0xfe, 0x41, 5, 0xb0, 0, 0xff, 0xe4,
	};
	const struct raw raw = { .cpu = CPU_X86, .code = bytes_of(code, sizeof(code)) };

	assert_int_equal(run(&raw)->exit_status, 7);
}

static void what_cannot_be_started_is_refused(void **state)
{
	const struct raw outside = { .cpu = CPU_ARM, .code = bytes_of("abcd", 4), .entry = 4 };
	const struct raw longer = { .cpu = CPU_ARM, .code = bytes_of("", RAW_CODE_MAX + 1) };

	assert_int_equal(kernel_begin(kernel, 1, NULL, 0), 0);
	assert_int_equal(kernel_start_raw(kernel, &outside), -EINVAL);
	assert_int_equal(kernel_start_raw(kernel, &longer), -E2BIG);
}

static void structures_of_x86_64_have_their_sizes(void **state)
{
	static const struct { enum layout layout; size_t size; } known[] = {
		{ LAYOUT_TIMESPEC, sizeof(struct timespec) }, { LAYOUT_TIMESPEC64, sizeof(struct timespec) },
		{ LAYOUT_ITIMERSPEC, sizeof(struct itimerspec) }, { LAYOUT_ITIMERVAL, sizeof(struct itimerval) },
		{ LAYOUT_IOVEC, sizeof(struct iovec) }, { LAYOUT_POLLFD, sizeof(struct pollfd) },
		{ LAYOUT_RLIMIT, sizeof(struct rlimit) }, { LAYOUT_RUSAGE, sizeof(struct rusage) }, { LAYOUT_TMS, sizeof(struct tms) },
		{ LAYOUT_UTIMBUF, sizeof(struct utimbuf) }, { LAYOUT_STATFS, sizeof(struct statfs) },
		{ LAYOUT_STATX, sizeof(struct statx) }, { LAYOUT_SYSINFO, sizeof(struct sysinfo) },
		{ LAYOUT_MSGHDR, sizeof(struct msghdr) }, { LAYOUT_FLOCK, sizeof(struct flock) },
		{ LAYOUT_FLOCK64, sizeof(struct flock) }, { LAYOUT_SIGEVENT, sizeof(struct sigevent) },
		{ LAYOUT_EPOLL, sizeof(struct epoll_event) },
	};

	for (size_t i = 0; i < COUNT_OF(known); i++)
		assert_int_equal(layout_native_size(known[i].layout), known[i].size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_call_is_known),
		cmocka_unit_test(structures_of_x86_64_have_their_sizes),
		cmocka_unit_test(registers_are_what_the_caller_says),
		cmocka_unit_test(code_and_stack_may_be_written_and_run),
		cmocka_unit_test(what_cannot_be_started_is_refused),
	};

	return cmocka_run_group_tests(tests, open_kernel, close_kernel);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BSD programs on x86, as far as their calls are the same in FreeBSD, OpenBSD and NetBSD and have a counterpart here
 * (sys/kern/syscalls.master of each). There is no such server: what such code would do next is asked of this one.
 */
#include "emu/kernel/abi/abi.h"

static const struct abi_number numbers[] = {
	{ 1, __NR_exit }, { 2, __NR_fork }, { 3, __NR_read }, { 4, __NR_write }, { 5, __NR_open }, { 6, __NR_close },
	{ 7, __NR_wait4 }, { 9, __NR_link }, { 10, __NR_unlink }, { 12, __NR_chdir }, { 13, __NR_fchdir }, { 15, __NR_chmod },
	{ 16, __NR_chown }, { 17, __NR_brk }, { 20, __NR_getpid }, { 23, __NR_setuid }, { 24, __NR_getuid },
	{ 25, __NR_geteuid }, { 29, __NR_recvfrom }, { 30, __NR_accept }, { 31, __NR_getpeername }, { 32, __NR_getsockname },
	{ 33, __NR_access }, { 36, __NR_sync }, { 37, __NR_kill }, { 39, __NR_getppid }, { 41, __NR_dup },
	{ 42, CALL_PIPE_PAIR }, { 43, __NR_getegid }, { 47, __NR_getgid }, { 54, __NR_ioctl }, { 57, __NR_symlink },
	{ 58, __NR_readlink }, { 59, __NR_execve }, { 60, __NR_umask }, { 61, __NR_chroot }, { 66, __NR_vfork },
	{ 73, __NR_munmap }, { 74, __NR_mprotect }, { 75, __NR_madvise }, { 81, __NR_getpgrp }, { 82, __NR_setpgid },
	{ 90, __NR_dup2 }, { 92, __NR_fcntl }, { 93, __NR_select }, { 95, __NR_fsync }, { 97, __NR_socket },
	{ 98, __NR_connect }, { 104, __NR_bind }, { 105, __NR_setsockopt }, { 106, __NR_listen }, { 116, __NR_gettimeofday },
	{ 118, __NR_getsockopt }, { 120, __NR_readv }, { 121, __NR_writev }, { 123, __NR_fchown }, { 124, __NR_fchmod },
	{ 126, CALL_SETREUID }, { 127, CALL_SETREGID }, { 128, __NR_rename }, { 133, __NR_sendto }, { 134, __NR_shutdown },
	{ 135, __NR_socketpair }, { 136, __NR_mkdir }, { 137, __NR_rmdir }, { 147, __NR_setsid }, { 181, __NR_setgid },
	{ 197, CALL_BSD_MMAP }, { 209, __NR_poll }, { 240, __NR_nanosleep }, { 477, CALL_BSD_MMAP }, { 478, __NR_lseek },
};

/* An error sets the carry flag and comes without its sign; the numbers up to 34 are the same. */
static void result(struct kernel *k, struct process *p, int64_t r)
{
	enum { ERROR_MAX = 4095, CARRY = 1 };
	bool failed = r < 0 && r >= -ERROR_MAX;
	uint64_t flags = machine_get(k->machine, GPR_RFLAGS) & ~(uint64_t)CARRY;

	if (failed)
		r = -r;
	machine_set(k->machine, GPR_RAX, machine_cpu(k->machine) == CPU_X86 ? (uint64_t)r & UINT32_MAX : (uint64_t)r);
	machine_set(k->machine, GPR_RFLAGS, failed ? flags | CARRY : flags);
}

#define BSD \
	.machine = "i386", .numbers_count = COUNT_OF(numbers), .numbers = numbers, .open_flags = &bsd_open_flags, \
	.map_flags = &bsd_map_flags, .options = &bsd_options, .socket_level = 0xffff, .family6 = 28, .sockaddr_len = true, .bsd = true, \
	.second_result = GPR_RDX, .result = result

const struct abi abi_bsd_x86 = { BSD, .word = 4, .wide_alignment = 4 };
const struct abi abi_bsd_x86_64 = { BSD, .word = 8, .wide_alignment = 8 };

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How other processors' programs talk to the kernel. All handlers are those of x86-64 (emu/kernel/table.c): an ABI says
 * which of them a number means and how arguments and structures look in the guest's memory. A structure that looks
 * otherwise is made over in the bounce buffer, whose addresses no guest has, before and after the handler.
 * Sources: the kernel's uapi headers, arch/ARCH/kernel/syscalls and the psABI of each processor.
 */
#ifndef EMU_KERNEL_ABI_ABI_H
#define EMU_KERNEL_ABI_ABI_H

#include "emu/kernel/calls.h"

#include <asm/unistd_64.h>

/* Calls that x86-64 does not have, by numbers that it does not use. */
enum {
	ABI_NONE = 0xffff,
	ARM_PRIVATE = 0x3ff0, /* where ARM's private calls are brought among the numbers */
	CALL_OWN = 0x400,
	CALL_WAITPID = CALL_OWN, CALL_SIGNAL, CALL_SIGACTION, CALL_SIGSUSPEND, CALL_SIGPENDING,
	CALL_OLD_SELECT, CALL_OLD_MMAP, CALL_SOCKETCALL, CALL_SIGRETURN, CALL_SIGPROCMASK, CALL_LLSEEK, CALL_MMAP2,
	CALL_TRUNCATE64, CALL_FTRUNCATE64, CALL_STAT64, CALL_LSTAT64, CALL_FSTAT64, CALL_FSTATAT64, CALL_FCNTL64,
	CALL_SENDFILE64, CALL_STATFS64, CALL_FSTATFS64, CALL_SEND, CALL_RECV, CALL_THREAD_AREA, CALL_SET_TLS, CALL_NOTHING,
	CALL_INDIRECT, CALL_SETUID16, CALL_SETGID16, CALL_SETREUID, CALL_SETREGID, CALL_SETREUID16, CALL_SETREGID16,
	CALL_SETRESUID16, CALL_SETRESGID16, CALL_GETRESUID16, CALL_GETRESGID16, CALL_GETGROUPS16, CALL_CHOWN16,
	CALL_FCHOWN16, CALL_LCHOWN16, CALL_OLD_UNAME, CALL_PIPE_PAIR, CALL_BSD_MMAP,
	CALL_OWN_END,
	CALL_TIME64 = 0x4000, /* or'ed: a call of x86-64 whose times have 64 bits here too */
};

struct abi_number {
	uint16_t own, native;
};
struct abi_value {
	uint32_t own, native;
};
struct abi_values {
	unsigned count;
	const struct abi_value *of;
};

/* Where the fields of a stat structure are, and how long; 0 bytes: it is not there. */
enum stat_field {
	STAT_DEVICE, STAT_INODE, STAT_MODE, STAT_LINKS, STAT_UID, STAT_GID, STAT_RDEVICE, STAT_SIZE, STAT_BLOCK, STAT_BLOCKS,
	STAT_ATIME, STAT_ANSEC, STAT_MTIME, STAT_MNSEC, STAT_CTIME, STAT_CNSEC, STAT_INODE_TOO, STAT_FIELDS,
};
struct stat_layout {
	uint16_t size;
	struct { uint8_t at, len; } field[STAT_FIELDS];
};

struct abi {
	const char *machine;           /* what uname says */
	uint8_t word;                  /* bytes of a pointer and of a long */
	bool big_endian;
	bool even_pairs;               /* 64 bits in two registers begin with an even one */
	bool one_register;             /* 64 bits come in one register of 32 */
	bool same_layouts;             /* structures look as those of x86-64, but for stat and epoll's */
	bool packed_epoll;
	uint8_t wide_alignment;        /* of 64 bits in a structure */
	uint16_t first;                /* number of the first call */
	unsigned numbers_count;
	const struct abi_number *numbers; /* by own number */
	const struct stat_layout *stat, *stat64;
	/* NULL: the same as on x86-64 */
	const struct abi_values *signals;
	const struct abi_values *types;      /* of sockets */
	const struct abi_values *open_flags; /* bits */
	const struct abi_values *map_flags;  /* bits */
	const struct abi_values *requests;   /* of ioctl */
	const struct abi_values *commands;   /* of fcntl */
	const struct abi_values *options;    /* of sockets, of that level */
	uint16_t socket_level;         /* SOL_SOCKET */
	uint8_t family6;               /* AF_INET6 */
	bool sockaddr_len;             /* the family has one byte, behind one with the length */
	bool mips, bsd;
	uint8_t second_result;         /* register of a second result */
	void (*result)(struct kernel *, struct process *, int64_t r);
};

extern const struct abi abi_x86, abi_aarch64, abi_arm, abi_mips, abi_mipsel, abi_mips_n32, abi_mipsel_n32, abi_powerpc,
    abi_bsd_x86, abi_bsd_x86_64;
uint16_t abi_number_of(const struct abi *, uint64_t own); /* x86-64's, or one of CALL_OWN on; ABI_NONE */
/* This room's own handler for such a number; NULL: x86-64's serves, if there is one. */
const struct call *abi_own(unsigned number);

/* convert.c */
void abi_bounce_begin(struct kernel *);
void abi_bounce_end(struct kernel *);
/* A place of len zeroed bytes in the bounce buffer: its address; 0: it is full. host: where it is. */
uint64_t abi_bounce(struct kernel *, uint64_t len, void *host);
enum layout {
	LAYOUT_INT, LAYOUT_INT2, LAYOUT_LONG, LAYOUT_WIDE, LAYOUT_TIMESPEC, LAYOUT_TIMESPEC64, LAYOUT_TIMEVAL, LAYOUT_ITIMERSPEC,
	LAYOUT_ITIMERSPEC64, LAYOUT_ITIMERVAL, LAYOUT_TIMESPEC2, LAYOUT_TIMESPEC2_64, LAYOUT_TIMEVAL2, LAYOUT_IOVEC,
	LAYOUT_POLLFD, LAYOUT_RLIMIT, LAYOUT_RLIMIT64, LAYOUT_RUSAGE, LAYOUT_TMS, LAYOUT_UTIMBUF, LAYOUT_CAPABILITIES,
	LAYOUT_CAPABILITY_HEADER, LAYOUT_STATFS, LAYOUT_STATX, LAYOUT_SYSINFO, LAYOUT_MSGHDR, LAYOUT_FLOCK, LAYOUT_FLOCK64,
	LAYOUT_SIGEVENT, LAYOUT_EPOLL, LAYOUT_COUNT,
};
uint64_t layout_size(const struct abi *, enum layout);
uint64_t layout_native_size(enum layout);
void layout_in(const struct abi *, enum layout, const uint8_t *from, void *to);
void layout_out(const struct abi *, enum layout, const void *from, uint8_t *to);
uint64_t abi_load(const struct abi *, const uint8_t *at, unsigned len);
/* 32 bits of guest memory. -EFAULT. */
int abi_get_u32(struct kernel *, const struct abi *, uint64_t at, uint32_t *ret);
int abi_put_u32(struct kernel *, const struct abi *, uint64_t at, uint32_t v);
/* siginfo_t: its fields begin at byte 16 of 64-bit Linux's, at 12 elsewhere. */
void abi_info(const struct abi *, const uint8_t native[128], uint8_t to[128]);
void abi_info_in(const struct abi *, const uint8_t from[128], uint8_t native[128]);
/* Sets of signals, as the kernel of this ABI has them: 8 bytes, 16 on MIPS. */
uint64_t sigset_in(const struct abi *, const uint8_t *from);
void sigset_out(const struct abi *, uint64_t set, uint8_t *to);
unsigned sigset_size(const struct abi *);

/* values.c: numbers and flags; what is not listed is the same */
uint64_t abi_value_in(const struct abi_values *, uint64_t own);
uint64_t abi_value_out(const struct abi_values *, uint64_t native);
uint64_t abi_bits_in(const struct abi_values *, uint64_t own);
uint64_t abi_bits_out(const struct abi_values *, uint64_t native);
extern const struct abi_values generic_open_flags, mips_errors, mips_signals, mips_types, mips_open_flags, mips_map_flags,
    mips_requests, mips_commands, bsd_options, powerpc_map_flags, powerpc_requests, powerpc_open_flags, bsd_open_flags, bsd_map_flags;

/* arguments.c: a handler of x86-64 by its number, with arguments as the ABI has them. -ENOSYS: there is none. */
int64_t abi_native(struct kernel *, const struct abi *, unsigned number, bool time64, const uint64_t *raw);
/* The same with arguments that are made already. */
int64_t abi_call(struct kernel *, unsigned number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);
/* A call by x86-64's number or one of CALL_OWN on: what this room has for it itself, or abi_native(). */
int64_t abi_dispatch(struct kernel *, const struct abi *, unsigned number, const uint64_t *raw);

/* stat.c: `number` of x86-64 is called with the arguments, of which the one at `place` gets the structure */
int64_t abi_stat(struct kernel *, const struct abi *, const struct stat_layout *, unsigned number, const uint64_t *raw,
    unsigned place);
extern const struct stat_layout stat_generic, stat_old32, stat_old64, stat64_arm, stat_mips, stat64_mips, stat_powerpc,
    stat64_powerpc, stat_n32;
int64_t own_statfs64(struct kernel *, const uint64_t *a);
int64_t own_fstatfs64(struct kernel *, const uint64_t *a);

/* Calls with arguments as the ABI has them, k->current->abi_now; by subject. */
int64_t own_read(struct kernel *, const uint64_t *a);
int64_t own_write(struct kernel *, const uint64_t *a);
int64_t own_mmap2(struct kernel *, const uint64_t *a);
int64_t own_old_mmap(struct kernel *, const uint64_t *a);
int64_t own_bsd_mmap(struct kernel *, const uint64_t *a);
int64_t own_llseek(struct kernel *, const uint64_t *a);
int64_t own_truncate64(struct kernel *, const uint64_t *a);
int64_t own_ftruncate64(struct kernel *, const uint64_t *a);
int64_t own_fcntl(struct kernel *, const uint64_t *a);
int64_t own_ioctl(struct kernel *, const uint64_t *a);
int64_t own_sendfile64(struct kernel *, const uint64_t *a);
int64_t own_getdents(struct kernel *, const uint64_t *a);
int64_t own_getdents64(struct kernel *, const uint64_t *a);
int64_t own_old_select(struct kernel *, const uint64_t *a);
int64_t own_pselect6(struct kernel *, const uint64_t *a);
int64_t own_pipe_pair(struct kernel *, const uint64_t *a);
int64_t own_stat64(struct kernel *, const uint64_t *a);
int64_t own_lstat64(struct kernel *, const uint64_t *a);
int64_t own_fstat64(struct kernel *, const uint64_t *a);
int64_t own_fstatat64(struct kernel *, const uint64_t *a);
int64_t own_waitpid(struct kernel *, const uint64_t *a);
int64_t own_clone(struct kernel *, const uint64_t *a);
int64_t own_thread_area(struct kernel *, const uint64_t *a);
int64_t own_set_tls(struct kernel *, const uint64_t *a);
int64_t own_futex(struct kernel *, const uint64_t *a);
int64_t own_uname(struct kernel *, const uint64_t *a);
int64_t own_old_uname(struct kernel *, const uint64_t *a);
int64_t own_sysinfo(struct kernel *, const uint64_t *a);
int64_t own_nothing(struct kernel *, const uint64_t *a);
int64_t own_indirect(struct kernel *, const uint64_t *a);
int64_t own_setuid16(struct kernel *, const uint64_t *a);
int64_t own_setgid16(struct kernel *, const uint64_t *a);
int64_t own_setreuid(struct kernel *, const uint64_t *a);
int64_t own_setregid(struct kernel *, const uint64_t *a);
int64_t own_setreuid16(struct kernel *, const uint64_t *a);
int64_t own_setregid16(struct kernel *, const uint64_t *a);
int64_t own_setresuid16(struct kernel *, const uint64_t *a);
int64_t own_setresgid16(struct kernel *, const uint64_t *a);
int64_t own_getresuid16(struct kernel *, const uint64_t *a);
int64_t own_getresgid16(struct kernel *, const uint64_t *a);
int64_t own_getgroups16(struct kernel *, const uint64_t *a);
int64_t own_chown16(struct kernel *, const uint64_t *a);
int64_t own_fchown16(struct kernel *, const uint64_t *a);
int64_t own_lchown16(struct kernel *, const uint64_t *a);
int64_t own_socketcall(struct kernel *, const uint64_t *a);
int64_t own_send(struct kernel *, const uint64_t *a);
int64_t own_recv(struct kernel *, const uint64_t *a);
int64_t own_setsockopt(struct kernel *, const uint64_t *a);
int64_t own_getsockopt(struct kernel *, const uint64_t *a);
int64_t own_sendmsg(struct kernel *, const uint64_t *a);
int64_t own_recvmsg(struct kernel *, const uint64_t *a);
int64_t own_sendmmsg(struct kernel *, const uint64_t *a);
int64_t own_signal(struct kernel *, const uint64_t *a);
int64_t own_sigaction(struct kernel *, const uint64_t *a);
int64_t own_rt_sigaction(struct kernel *, const uint64_t *a);
int64_t own_sigprocmask(struct kernel *, const uint64_t *a);
int64_t own_sigpending(struct kernel *, const uint64_t *a);
int64_t own_sigsuspend(struct kernel *, const uint64_t *a);
int64_t own_sigaltstack(struct kernel *, const uint64_t *a);
int64_t own_timer_create(struct kernel *, const uint64_t *a);
int64_t own_sigreturn(struct kernel *, const uint64_t *a);
int64_t own_rt_sigreturn(struct kernel *, const uint64_t *a);

#endif

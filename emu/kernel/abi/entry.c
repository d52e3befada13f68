/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a call comes in: which ABI it is of, by processor, instruction and number, and which handler it means. */
#include "emu/kernel/abi/abi.h"
#include "emu/machine/registers.h"

#include <string.h>

static const struct call own_calls[CALL_OWN_END - CALL_OWN] = {
	[CALL_WAITPID - CALL_OWN] = { "waitpid", own_waitpid, false },
	[CALL_SIGNAL - CALL_OWN] = { "signal", own_signal, false },
	[CALL_SIGACTION - CALL_OWN] = { "sigaction", own_sigaction, false },
	[CALL_SIGSUSPEND - CALL_OWN] = { "sigsuspend", own_sigsuspend, false },
	[CALL_SIGPENDING - CALL_OWN] = { "sigpending", own_sigpending, false },
	[CALL_OLD_SELECT - CALL_OWN] = { "old_select", own_old_select, false },
	[CALL_OLD_MMAP - CALL_OWN] = { "old_mmap", own_old_mmap, false },
	[CALL_SOCKETCALL - CALL_OWN] = { "socketcall", own_socketcall, false },
	[CALL_SIGRETURN - CALL_OWN] = { "sigreturn", own_sigreturn, true },
	[CALL_SIGPROCMASK - CALL_OWN] = { "sigprocmask", own_sigprocmask, false },
	[CALL_LLSEEK - CALL_OWN] = { "_llseek", own_llseek, false },
	[CALL_MMAP2 - CALL_OWN] = { "mmap2", own_mmap2, false },
	[CALL_TRUNCATE64 - CALL_OWN] = { "truncate64", own_truncate64, false },
	[CALL_FTRUNCATE64 - CALL_OWN] = { "ftruncate64", own_ftruncate64, false },
	[CALL_STAT64 - CALL_OWN] = { "stat64", own_stat64, false },
	[CALL_LSTAT64 - CALL_OWN] = { "lstat64", own_lstat64, false },
	[CALL_FSTAT64 - CALL_OWN] = { "fstat64", own_fstat64, false },
	[CALL_FSTATAT64 - CALL_OWN] = { "fstatat64", own_fstatat64, false },
	[CALL_FCNTL64 - CALL_OWN] = { "fcntl64", own_fcntl, false },
	[CALL_SENDFILE64 - CALL_OWN] = { "sendfile64", own_sendfile64, false },
	[CALL_STATFS64 - CALL_OWN] = { "statfs64", own_statfs64, false },
	[CALL_FSTATFS64 - CALL_OWN] = { "fstatfs64", own_fstatfs64, false },
	[CALL_SEND - CALL_OWN] = { "send", own_send, false },
	[CALL_RECV - CALL_OWN] = { "recv", own_recv, false },
	[CALL_THREAD_AREA - CALL_OWN] = { "set_thread_area", own_thread_area, true },
	[CALL_SET_TLS - CALL_OWN] = { "set_tls", own_set_tls, false },
	[CALL_NOTHING - CALL_OWN] = { "nothing", own_nothing, false },
	[CALL_INDIRECT - CALL_OWN] = { "syscall", own_indirect, true },
	[CALL_SETUID16 - CALL_OWN] = { "setuid16", own_setuid16, false },
	[CALL_SETGID16 - CALL_OWN] = { "setgid16", own_setgid16, false },
	[CALL_SETREUID - CALL_OWN] = { "setreuid", own_setreuid, false },
	[CALL_SETREGID - CALL_OWN] = { "setregid", own_setregid, false },
	[CALL_SETREUID16 - CALL_OWN] = { "setreuid16", own_setreuid16, false },
	[CALL_SETREGID16 - CALL_OWN] = { "setregid16", own_setregid16, false },
	[CALL_SETRESUID16 - CALL_OWN] = { "setresuid16", own_setresuid16, false },
	[CALL_SETRESGID16 - CALL_OWN] = { "setresgid16", own_setresgid16, false },
	[CALL_GETRESUID16 - CALL_OWN] = { "getresuid16", own_getresuid16, false },
	[CALL_GETRESGID16 - CALL_OWN] = { "getresgid16", own_getresgid16, false },
	[CALL_GETGROUPS16 - CALL_OWN] = { "getgroups16", own_getgroups16, false },
	[CALL_CHOWN16 - CALL_OWN] = { "chown16", own_chown16, false },
	[CALL_FCHOWN16 - CALL_OWN] = { "fchown16", own_fchown16, false },
	[CALL_LCHOWN16 - CALL_OWN] = { "lchown16", own_lchown16, false },
	[CALL_OLD_UNAME - CALL_OWN] = { "olduname", own_old_uname, false },
	[CALL_PIPE_PAIR - CALL_OWN] = { "pipe", own_pipe_pair, false },
	[CALL_BSD_MMAP - CALL_OWN] = { "bsd_mmap", own_bsd_mmap, false },
};

/* Calls of x86-64 that the others have otherwise than a signature can say. */
static const struct { uint16_t native; struct call call; } replaced[] = {
	{ __NR_rt_sigaction, { "rt_sigaction", own_rt_sigaction, false } },
	{ __NR_rt_sigreturn, { "rt_sigreturn", own_rt_sigreturn, true } },
	{ __NR_sigaltstack, { "sigaltstack", own_sigaltstack, false } },
	{ __NR_read, { "read", own_read, false } },
	{ __NR_write, { "write", own_write, false } },
	{ __NR_ioctl, { "ioctl", own_ioctl, false } },
	{ __NR_fcntl, { "fcntl", own_fcntl, false } },
	{ __NR_clone, { "clone", own_clone, true } },
	{ __NR_uname, { "uname", own_uname, false } },
	{ __NR_sysinfo, { "sysinfo", own_sysinfo, false } },
	{ __NR_timer_create, { "timer_create", own_timer_create, false } },
	{ __NR_futex, { "futex", own_futex, false } },
	{ __NR_setsockopt, { "setsockopt", own_setsockopt, false } },
	{ __NR_getsockopt, { "getsockopt", own_getsockopt, false } },
	{ __NR_sendmsg, { "sendmsg", own_sendmsg, false } },
	{ __NR_recvmsg, { "recvmsg", own_recvmsg, false } },
	{ __NR_sendmmsg, { "sendmmsg", own_sendmmsg, false } },
	{ __NR_pselect6, { "pselect6", own_pselect6, false } },
	{ __NR_getdents, { "getdents", own_getdents, false } },
	{ __NR_getdents64, { "getdents64", own_getdents64, false } },
};

const struct call *abi_own(unsigned number)
{
	if (number >= CALL_OWN)
		return number < CALL_OWN_END && own_calls[number - CALL_OWN].run != NULL ? &own_calls[number - CALL_OWN] : NULL;
	for (size_t i = 0; i < COUNT_OF(replaced); i++)
		if (replaced[i].native == number)
			return &replaced[i].call;
	return NULL;
}

int64_t abi_dispatch(struct kernel *k, const struct abi *abi, unsigned number, const uint64_t *raw)
{
	const struct call *own = abi_own(number);

	return own != NULL ? own->run(k, raw) : abi_native(k, abi, number, k->current->call_time64, raw);
}

uint16_t abi_number_of(const struct abi *abi, uint64_t own)
{
	unsigned low = 0, high = abi->numbers_count;

	if (own < abi->first || own - abi->first > UINT16_MAX)
		return ABI_NONE;
	own -= abi->first;
	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (abi->numbers[middle].own == own)
			return abi->numbers[middle].native;
		if (abi->numbers[middle].own < own)
			low = middle + 1;
		else
			high = middle;
	}
	return ABI_NONE;
}

const struct abi *abi_of(enum machine_cpu cpu, enum personality personality)
{
	static const struct abi *const plain[CPU_COUNT] = {
		[CPU_X86] = &abi_x86, [CPU_AARCH64] = &abi_aarch64, [CPU_ARM] = &abi_arm, [CPU_MIPS] = &abi_mips,
		[CPU_MIPSEL] = &abi_mipsel, [CPU_POWERPC] = &abi_powerpc,
	};

	if (personality == PERSONALITY_BSD && cpu == CPU_X86)
		return &abi_bsd_x86;
	if (personality == PERSONALITY_BSD && cpu == CPU_X86_64)
		return &abi_bsd_x86_64;
	return plain[cpu];
}

/*
 * ARM's old ABI has the number in the instruction, as 0x900000 and more. Any other number there is what shellcode puts
 * to avoid zeroes: the kernel of the new ABI does not look at it.
 */
static void arm(struct kernel *k, struct process *p)
{
	enum { OLD = 0x900000, PRIVATE = 0xf0000, CACHEFLUSH = 2, SET_TLS = 5 };
	uint64_t pc = machine_get(k->machine, ARM_PC);
	uint32_t instruction;

	if ((pc & 1) == 0 && abi_get_u32(k, &abi_arm, pc - 4, &instruction) == 0 &&
	    (instruction & 0xff0000) == OLD)
		p->call[0] = (instruction & 0xffffff) - OLD;
	/* two private calls, brought among the others */
	if (p->call[0] == PRIVATE + SET_TLS || p->call[0] == PRIVATE + CACHEFLUSH)
		p->call[0] = p->call[0] - PRIVATE + ARM_PRIVATE;
}

/* N32 numbers its calls from 6000 on, and has all arguments in registers; O32 has those from the fifth on the stack. */
static const struct abi *mips(struct kernel *k, struct process *p, bool big_endian)
{
	enum { O32_STACK = 16, N32_FIRST = 6000, N32_END = 7000 };
	const struct abi *abi = big_endian ? &abi_mips : &abi_mipsel;
	uint64_t sp = machine_role(k->machine, ROLE_SP);

	if (p->call[0] >= N32_FIRST && p->call[0] < N32_END)
		return big_endian ? &abi_mips_n32 : &abi_mipsel_n32;
	for (unsigned i = 0; i < 2; i++)
		if (abi_get_word(k, abi, sp + O32_STACK + i * 4, &p->call[5 + i]) < 0)
			p->call[5 + i] = 0;
	return abi;
}

/* BSD on x86: all arguments on the stack, above what would be a return address. */
static void bsd_x86(struct kernel *k, struct process *p)
{
	uint64_t sp = machine_role(k->machine, ROLE_SP);

	for (unsigned i = 0; i < 6; i++)
		if (abi_get_word(k, &abi_bsd_x86, sp + 4 + i * 4, &p->call[1 + i]) < 0)
			p->call[1 + i] = 0;
}

static const struct call *look_up(struct process *p)
{
	const struct call *own;

	p->call_native = abi_number_of(p->abi_now, p->call[0]);
	if (p->call_native == ABI_NONE)
		return NULL;
	p->call_time64 = (p->call_native & CALL_TIME64) != 0;
	p->call_native &= (uint16_t)~CALL_TIME64;
	own = abi_own(p->call_native);
	return own != NULL ? own : call_find(p->call_native);
}

const struct call *abi_enter(struct kernel *k, struct process *p)
{
	p->abi_now = p->abi;
	switch (machine_cpu(k->machine)) {
	case CPU_ARM:
		arm(k, p);
		break;
	case CPU_MIPS:
	case CPU_MIPSEL:
		p->abi_now = mips(k, p, machine_cpu(k->machine) == CPU_MIPS);
		break;
	case CPU_X86:
		if (p->abi == &abi_bsd_x86)
			bsd_x86(k, p);
		break;
	default:
		break;
	}
	return look_up(p);
}

int64_t abi_perform(struct kernel *k, struct process *p)
{
	int64_t r;

	abi_bounce_begin(k);
	r = abi_dispatch(k, p->abi_now, p->call_native, p->call + 1);
	abi_bounce_end(k);
	return r;
}

void abi_result(struct kernel *k, struct process *p, int64_t r)
{
	p->abi_now->result(k, p, r);
}

uint32_t abi_order(const struct process *p, uint32_t v)
{
	return p->abi != NULL && p->abi->big_endian ? __builtin_bswap32(v) : v;
}

void abi_rewind(struct kernel *k, struct process *p)
{
	enum machine_cpu cpu = machine_cpu(k->machine);
	uint64_t pc = machine_role(k->machine, ROLE_PC);
	bool thumb = cpu == CPU_ARM && (pc & 1) != 0, x86 = cpu == CPU_X86 || cpu == CPU_X86_64;

	if (x86 || cpu == CPU_MIPS || cpu == CPU_MIPSEL)
		machine_set_role(k->machine, ROLE_RESULT, p->call[0]);
	else
		machine_set_role(k->machine, ROLE_RESULT, p->call[1]);
	if (cpu == CPU_MIPS || cpu == CPU_MIPSEL)
		machine_set(k->machine, MIPS_A3, p->call[4]);
	machine_set_role(k->machine, ROLE_PC, pc - (x86 || thumb ? 2 : 4));
}

/* int 0x80 in a 64-bit program is a call of 32-bit x86, with the lower halves of the registers. */
bool abi_trap(void *kernel, uint32_t number)
{
	enum { LINUX = 0x80 };
	static const uint8_t registers[7] = { GPR_RAX, GPR_RBX, GPR_RCX, GPR_RDX, GPR_RSI, GPR_RDI, GPR_RBP };
	struct kernel *k = kernel;
	struct process *p = k->current;

	if (number != LINUX || machine_cpu(k->machine) != CPU_X86_64)
		return false;
	for (unsigned i = 0; i < 7; i++)
		p->call[i] = machine_get(k->machine, registers[i]) & UINT32_MAX;
	p->abi_now = &abi_x86;
	kernel_call(k, look_up(p));
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw code in a server's worker process: zeroes before and behind it, an ordinary end for code that returns, and the
 * connection that brought it among the descriptors.
 */
#include "emu/kernel/socket.h"
#include "emu/machine/registers.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
	TAIL = 8 << 10,
	LEAVE_MAX = 24,
	CALLED_MAX = 8,
	NOWHERE = 0xff,
};

/* What a caller leaves in a register. */
enum left { LEFT_CODE = 1, LEFT_STACK, LEFT_SMALL };

/* leave: exit(0), of Linux and of BSD where there is one. */
static const struct cpu {
	enum language language;
	enum machine_cpu cpu;
	unsigned align;
	uint8_t back;                                       /* register of the return address; NOWHERE: it is on the stack */
	uint8_t leave_len;
	uint8_t leave[LEAVE_MAX];
	struct { uint8_t which, what; } called[CALLED_MAX]; /* what: enum left */
} cpus[] = {
	{ LANGUAGE_X86, CPU_X86, 1, NOWHERE, 13, { 0x31, 0xdb, 0x6a, 0, 0x6a, 0, 0xb8, 1, 0, 0, 0, 0xcd, 0x80 },
	  { { GPR_RAX, LEFT_CODE }, { GPR_RDX, LEFT_CODE }, { GPR_RCX, LEFT_STACK }, { GPR_RBX, LEFT_STACK },
	    { GPR_RSI, LEFT_STACK }, { GPR_RDI, LEFT_STACK }, { GPR_RBP, LEFT_STACK } } },
	{ LANGUAGE_X86_64, CPU_X86_64, 1, NOWHERE, 12, { 0x31, 0xff, 0x6a, 60, 0x58, 0x0f, 0x05, 0x6a, 1, 0x58, 0x0f, 0x05 },
	  { { GPR_RDX, LEFT_CODE }, { GPR_RCX, LEFT_STACK }, { GPR_RBX, LEFT_STACK }, { GPR_RSI, LEFT_STACK },
	    { GPR_RDI, LEFT_SMALL }, { GPR_RBP, LEFT_STACK } } },
	{ LANGUAGE_ARM, CPU_ARM, 4, ARM_LR, 12, { 0, 0, 0xa0, 0xe3, 1, 0x70, 0xa0, 0xe3, 0, 0, 0, 0xef },
	  { { ARM_R0, LEFT_SMALL }, { ARM_R0 + 1, LEFT_STACK }, { ARM_R0 + 2, LEFT_STACK }, { ARM_R0 + 3, LEFT_CODE } } },
	{ LANGUAGE_AARCH64, CPU_AARCH64, 4, A64_X30, 12, { 0, 0, 0x80, 0xd2, 0xa8, 0x0b, 0x80, 0xd2, 1, 0, 0, 0xd4 },
	  { { A64_X0, LEFT_CODE }, { A64_X0 + 1, LEFT_STACK }, { A64_X0 + 2, LEFT_STACK } } },
	{ LANGUAGE_MIPS, CPU_MIPS, 4, MIPS_RA, 12, { 0x24, 4, 0, 0, 0x24, 2, 0x0f, 0xa1, 0, 0, 0, 0x0c },
	  { { MIPS_V0, LEFT_CODE }, { MIPS_T9, LEFT_CODE }, { MIPS_A0, LEFT_SMALL }, { MIPS_A0 + 1, LEFT_STACK },
	    { MIPS_A0 + 2, LEFT_STACK } } },
	{ LANGUAGE_MIPSEL, CPU_MIPSEL, 4, MIPS_RA, 12, { 0, 0, 4, 0x24, 0xa1, 0x0f, 2, 0x24, 0x0c, 0, 0, 0 },
	  { { MIPS_V0, LEFT_CODE }, { MIPS_T9, LEFT_CODE }, { MIPS_A0, LEFT_SMALL }, { MIPS_A0 + 1, LEFT_STACK },
	    { MIPS_A0 + 2, LEFT_STACK } } },
	{ LANGUAGE_POWERPC, CPU_POWERPC, 4, PPC_LR, 12, { 0x38, 0x60, 0, 0, 0x38, 0, 0, 1, 0x44, 0, 0, 2 },
	  { { PPC_R3, LEFT_SMALL }, { PPC_R3 + 1, LEFT_STACK }, { PPC_R3 + 2, LEFT_STACK } } },
};

static const struct cpu *cpu_of(enum language language)
{
	for (unsigned i = 0; i < COUNT_OF(cpus); i++)
		if (cpus[i].language == language)
			return &cpus[i];
	return NULL;
}

/* The code with what stands around it. shift: bytes before it, so that the entry is aligned. */
static uint8_t *surround(const struct attack *a, const struct cpu *cpu, unsigned shift, size_t *len)
{
	size_t before = ATTACK_LEAD + shift, all = before + a->code.left + TAIL + cpu->leave_len;
	uint8_t *code = calloc(1, all);

	if (code == NULL)
		return NULL;
	memcpy(code + before, a->code.at, a->code.left);
	if (cpu->align == 1)
		memset(code + before + a->code.left + ATTACK_ZEROES, ATTACK_HLT, TAIL - ATTACK_ZEROES);
	memcpy(code + all - cpu->leave_len, cpu->leave, cpu->leave_len);
	*len = all;
	return code;
}

static void fill_registers(const struct attack *a, const struct cpu *cpu, uint64_t entry, struct registers *ret)
{
	const uint64_t values[] = { 0, entry, RAW_STACK_END - ATTACK_ABOVE + 0x118, 1 };

	*ret = (struct registers){ 0 };
	for (unsigned i = 0; a->registers == RAW_CALLED && i < CALLED_MAX; i++)
		if (cpu->called[i].what != 0)
			ret->r[cpu->called[i].which] = values[cpu->called[i].what];
	for (unsigned i = 0; a->registers == RAW_POINTING && i < REGISTERS_MAX; i++)
		ret->r[i] = entry;
}

/* Code that returns comes to its end. An address of two NULs, as no attack would have it, but none hangs on it. */
static int set_return(struct kernel *k, const struct cpu *cpu, uint64_t leave)
{
	if (cpu->back == NOWHERE)
		return space_put(k->first->space, RAW_STACK_END - ATTACK_ABOVE, &leave, machine_is_wide(cpu->cpu) ? 8 : 4);
	machine_set(k->machine, cpu->back, leave);
	return 0;
}

/* The connection that brought the attack, as file_at() gives it; said: what still comes in over it. */
static int put_connection(struct kernel *k, struct bytes said)
{
	struct file *f = socket_file(k, AF_INET, SOCK_STREAM, IPPROTO_TCP);

	if (f == NULL)
		return -ENOMEM;
	if ((f->socket->peer = peer_attack(k->world->network)) == NULL) {
		file_release(k, f);
		return -ENOMEM;
	}
	k->own = f->socket;
	f->socket->connected = f->socket->bound = true;
	peer_address(f->socket->peer, &f->socket->far.address, &f->socket->far.port);
	if (k->world->profile.addresses_count != 0)
		f->socket->own.address = k->world->profile.addresses[0];
	f->socket->own.port = k->world->profile.ports_count != 0 ? k->world->profile.ports[0] : 80;
	if (said.left > 0)
		peer_answer(f->socket->peer, said);
	k->connection = f;
	return 0;
}

int kernel_start_attack(struct kernel *k, const struct attack *a)
{
	const struct cpu *cpu = cpu_of(a->language);
	struct registers registers;
	struct raw raw = { .registers = &registers };
	unsigned shift;
	uint8_t *code;
	int r;

	if (cpu == NULL)
		return -ENOSYS;
	if (a->code.left > ATTACK_CODE_MAX || a->entry >= a->code.left)
		return -EINVAL;
	shift = (cpu->align - (unsigned)(a->entry % cpu->align)) % cpu->align;
	if ((code = surround(a, cpu, shift, &raw.code.left)) == NULL)
		return -ENOMEM;
	raw.code.at = code;
	raw.cpu = cpu->cpu;
	raw.personality = a->bsd ? PERSONALITY_BSD : PERSONALITY_LINUX;
	raw.entry = (ATTACK_LEAD + shift + a->entry) | a->thumb;
	fill_registers(a, cpu, RAW_CODE + ATTACK_LEAD + shift + a->entry, &registers);
	if ((r = kernel_start_raw(k, &raw)) == 0 && (r = put_connection(k, a->said)) == 0)
		r = set_return(k, cpu, RAW_CODE + raw.code.left - cpu->leave_len);
	free(code);
	/* a program of its own it has none: what it stands for is not known */
	if (k->first != NULL)
		k->first->program_node = NULL;
	k->attack = true;
	return r;
}

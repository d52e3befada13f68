/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a try's stops mean: system calls, the parts of a Windows process, and what a processor leaves to its kernel. */
#include "emu/shellcode/probe_inside.h"

#include <errno.h>
#include <string.h>

enum {
	CALLS_MAX = 64,        /* of one try: a loop over descriptors makes many */
	ODD_MAX = 6,           /* calls without sense; then it is no code, or has lost its way */
};

static void stop(struct probe *p)
{
	p->stop = true;
	uc_emu_stop(p->uc);
}

static const uint8_t *memory_at(const void *context, uint64_t address, uint64_t len)
{
	const struct probe *p = context;

	if (address >= CODE_AREA && address < CODE_AREA + AREA && len <= CODE_AREA + AREA - address)
		return p->area + (address - CODE_AREA);
	if (address >= STACK_AREA && address < STACK_AREA + STACK && len <= STACK_AREA + STACK - address)
		return p->stack + (address - STACK_AREA);
	return NULL;
}

static uint64_t word_at(const struct probe *p, uint64_t address)
{
	const uint8_t *at = memory_at(p, address, p->cpu->word);
	uint64_t v = 0;

	for (unsigned i = 0; at != NULL && i < p->cpu->word; i++)
		v |= (uint64_t)at[p->cpu->big ? p->cpu->word - 1 - i : i] << (8 * i);
	return v;
}

/* Code made of what is printed is long, and writes the shorter code that it stands for. */
static bool is_printed(const uint8_t *at, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (at[i] < 0x20 || at[i] >= 0x7f)
			return false;
	return true;
}

/*
 * A block that runs for the first time was translated for it, at a microsecond or two a byte. The same bytes always count
 * the same. Code that is an attack's does something before it has run far.
 */
static void count_translated(struct probe *p, unsigned at, uint32_t size)
{
	enum { IDLE_MAX = 1024 };
	uint8_t bit = (uint8_t)(1 << at % 8);

	if ((p->known[at / 8] & bit) != 0 || is_printed(p->area + at, size))
		return;
	p->known[at / 8] |= bit;
	p->tried.translated += size;
	if (p->tried.translated > IDLE_MAX && p->calls.made == 0 && p->tried.windows == 0)
		stop(p);
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct probe *p = arg;

	if (++p->tried.blocks > p->try->blocks)
		stop(p);
	if (address >= CODE_AREA && address + size <= CODE_AREA + AREA) {
		count_translated(p, (unsigned)(address - CODE_AREA), size);
		if (!p->tried.decoded)
			p->tried.decoded = memcmp(p->area + (address - CODE_AREA), p->plain + (address - CODE_AREA), size) != 0;
	} else if (address >= STACK_AREA) {
		p->ran_stack = p->tried.decoded = true;
	}
}

/* BSD kernels of x86 take the arguments from the stack, above a return address. */
static void read_bsd(struct probe *p, struct call_made *c)
{
	uint64_t sp = probe_register(p, p->cpu->sp);

	c->bsd = true;
	for (unsigned i = 0; p->cpu->language == LANGUAGE_X86 && i < CALL_ARGUMENTS; i++)
		c->argument[i] = word_at(p, sp + 4 + 4 * i);
}

/* int 0x80 in a 64-bit process: an x86 call. */
static void read_old(struct probe *p, struct call_made *c)
{
	static const int registers[CALL_ARGUMENTS] = { UC_X86_REG_EBX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_ESI,
		UC_X86_REG_EDI, UC_X86_REG_EBP };

	c->language = LANGUAGE_X86;
	c->number = probe_register(p, UC_X86_REG_EAX) & 0xffffffff;
	for (unsigned i = 0; i < CALL_ARGUMENTS; i++)
		c->argument[i] = probe_register(p, registers[i]) & 0xffffffff;
}

static void read_mips(struct probe *p, struct call_made *c)
{
	enum { O32 = 4000, N64 = 5000, END = 7000, FIFTH = 16, SIXTH = 20 };
	uint64_t sp = probe_register(p, p->cpu->sp);

	c->argument[4] = word_at(p, sp + FIFTH);
	c->argument[5] = word_at(p, sp + SIXTH);
	c->n32 = c->number >= N64 && c->number < END;
	c->number = c->number >= O32 && c->number < END ? c->number % 1000 : UINT16_MAX;
}

/* The old way of ARM to say which call: in the instruction. */
static void read_oabi(struct probe *p, struct call_made *c)
{
	enum { OABI = 0x900000, CALLS = 1024 };
	const uint8_t *insn = memory_at(p, probe_register(p, p->cpu->pc) - 4, 4);
	uint32_t imm = insn != NULL && insn[3] == 0xef ? (uint32_t)(insn[0] | insn[1] << 8 | insn[2] << 16) : 0;

	if (imm > OABI && imm < OABI + CALLS)
		c->number = imm - OABI;
}

static void read_call(struct probe *p, bool old, struct call_made *ret)
{
	const struct processor *cpu = p->cpu;

	*ret = (struct call_made){ .language = cpu->language, .number = probe_register(p, cpu->number) };
	for (unsigned i = 0; i < CALL_ARGUMENTS; i++)
		ret->argument[i] = probe_register(p, cpu->argument[i]);
	if (cpu->arch == UC_ARCH_MIPS)
		read_mips(p, ret);
	else if (cpu->arch == UC_ARCH_ARM)
		read_oabi(p, ret);
	else if (old && cpu->language == LANGUAGE_X86_64)
		read_old(p, ret);
	else if (p->try->bsd)
		read_bsd(p, ret);
}

static void take_call(struct probe *p, bool old)
{
	const struct call_memory memory = { memory_at, p, STACK_AREA };
	struct call_made c;
	int64_t r;

	read_call(p, old, &c);
	r = calls_take(&p->calls, &c, &memory);
	probe_register_set(p, p->cpu->result, (uint64_t)r);
	if (p->cpu->arch == UC_ARCH_MIPS)
		probe_register_set(p, UC_MIPS_REG_7, r < 0);
	if (p->calls.ended || p->calls.odd >= ODD_MAX || p->calls.made >= CALLS_MAX)
		stop(p);
}

static void on_syscall(uc_engine *uc, void *arg)
{
	struct probe *p = arg;

	if (!p->stop)
		take_call(p, false);
}

static bool is_call(const struct probe *p, uint32_t number)
{
	switch (p->cpu->arch) {
	case UC_ARCH_X86:
		return number == 0x80;
	case UC_ARCH_MIPS:
		return number == 17;
	case UC_ARCH_PPC:
		return number == 8 || number == 96;
	default:
		return number == 2;
	}
}

/* lcall 7, 0: the gate by which the first BSD kernels of x86 were called. As emu/machine/x86.c does it. */
static bool through_gate(struct probe *p)
{
	enum { FAR_CALL = 0x9a, GATE = 7 };
	static const uint8_t call[] = { 0xcd, 0x80, 0x90, 0x90, 0x90, 0x90, 0x90 };
	uint64_t at = probe_register(p, p->cpu->pc);
	const uint8_t *insn = p->cpu->language == LANGUAGE_X86 ? memory_at(p, at, sizeof(call)) : NULL;

	if (insn == NULL || insn[0] != FAR_CALL || insn[5] != GATE)
		return false;
	memcpy((uint8_t *)(uintptr_t)insn, call, sizeof(call));
	uc_ctl_remove_cache(p->uc, at, at + sizeof(call));
	p->resume = at;
	return true;
}

/* MIPS faults where an address is not aligned; Linux does what was meant. Only words and halves do that. */
static bool unaligned(struct probe *p)
{
	enum { LH = 0x21, LW = 0x23, LHU = 0x25, SH = 0x29, SW = 0x2b };
	const uint8_t *insn = memory_at(p, p->pc, 4), *at;
	unsigned op, len;
	uint32_t w, v = 0;
	int64_t offset;

	if (insn == NULL)
		return false;
	w = p->cpu->big ? (uint32_t)insn[0] << 24 | insn[1] << 16 | insn[2] << 8 | insn[3] :
	    (uint32_t)insn[3] << 24 | insn[2] << 16 | insn[1] << 8 | insn[0];
	op = w >> 26;
	len = op == LW || op == SW ? 4 : 2;
	offset = (int16_t)(w & 0xffff);
	at = memory_at(p, (probe_register(p, UC_MIPS_REG_0 + (int)(w >> 21 & 31)) + (uint64_t)offset) & 0xffffffff, len);
	if (at == NULL || (op != LH && op != LW && op != LHU && op != SH && op != SW))
		return false;
	if (op == SH || op == SW)
		v = (uint32_t)probe_register(p, UC_MIPS_REG_0 + (int)(w >> 16 & 31));
	for (unsigned i = 0; i < len; i++) {
		unsigned shift = 8 * (p->cpu->big ? len - 1 - i : i);

		if (op == SH || op == SW)
			((uint8_t *)(uintptr_t)at)[i] = (uint8_t)(v >> shift);
		else
			v |= (uint32_t)at[i] << shift;
	}
	if (op != SH && op != SW)
		probe_register_set(p, UC_MIPS_REG_0 + (int)(w >> 16 & 31), op == LH ? (uint32_t)(int16_t)v : v);
	p->resume = p->pc + 4;
	return true;
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *arg)
{
	enum { PROTECTION = 13, MIPS_LOAD = 12, MIPS_STORE = 13 };
	struct probe *p = arg;

	if (p->stop)
		return;
	if (is_call(p, number)) {
		take_call(p, true);
		return;
	}
	if (p->cpu->arch == UC_ARCH_X86 && number == PROTECTION && through_gate(p))
		uc_emu_stop(uc);
	else if (p->cpu->arch == UC_ARCH_MIPS && (number == MIPS_LOAD || number == MIPS_STORE) && unaligned(p))
		uc_emu_stop(uc);
	else
		stop(p);
}

/* Only for MIPS, where the program counter does not tell which instruction faulted. */
static void on_instruction(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct probe *p = arg;

	p->pc = address;
}

/*
 * Thread block (where its segment begins: at 0), process block, loader's data, first module: each page leads to the
 * next, wherever in it code looks. Only the first must be asked for at the right place.
 */
static bool windows_step(struct probe *p, uint64_t address)
{
	unsigned word = p->cpu->word, step = p->tried.windows;
	uint64_t from = step == 0 ? 0 : WINDOWS_AREA + (step - 1) * PAGE, next = WINDOWS_AREA + step * PAGE;
	uint8_t *page = p->windows + step * PAGE;

	if (p->cpu->arch != UC_ARCH_X86 || address < from || address >= from + PAGE || step == WINDOWS_PAGES ||
	    (step == 0 && address != (word == 8 ? 0x60 : 0x30)))
		return false;
	for (unsigned i = 0; i < PAGE; i++)
		page[i] = (uint8_t)(next >> (8 * (i % word)));
	if (step == 0) /* its pointer to itself, and the end of its exception handlers */
		memset(page, 0, word == 8 ? 0x60 : 0x30);
	p->tried.windows++;
	if (p->tried.windows == WINDOWS_PAGES)
		stop(p);
	return uc_mem_map_ptr(p->uc, from, PAGE, UC_PROT_READ, page) == UC_ERR_OK;
}

static bool on_invalid(uc_engine *uc, uc_mem_type type, uint64_t address, int size, int64_t value, void *arg)
{
	struct probe *p = arg;

	if (type == UC_MEM_READ_UNMAPPED && !p->stop && windows_step(p, address))
		return true;
	stop(p);
	return false;
}

static bool on_bad_instruction(uc_engine *uc, void *arg)
{
	stop(arg);
	return false;
}

int probe_hooks_add(struct probe *p)
{
	bool x86 = p->cpu->arch == UC_ARCH_X86, mips = p->cpu->arch == UC_ARCH_MIPS;
	uc_hook h;

	if (uc_hook_add(p->uc, &h, UC_HOOK_BLOCK, (void *)on_block, p, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_INTR, (void *)on_interrupt, p, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_INSN_INVALID, (void *)on_bad_instruction, p, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_MEM_INVALID, (void *)on_invalid, p, 1, 0) != UC_ERR_OK)
		return -EIO;
	if (mips && uc_hook_add(p->uc, &h, UC_HOOK_CODE, (void *)on_instruction, p, 1, 0) != UC_ERR_OK)
		return -EIO;
	if (x86 && (uc_hook_add(p->uc, &h, UC_HOOK_INSN, (void *)on_syscall, p, 1, 0, UC_X86_INS_SYSCALL) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_INSN, (void *)on_syscall, p, 1, 0, UC_X86_INS_SYSENTER) != UC_ERR_OK))
		return -EIO;
	return 0;
}

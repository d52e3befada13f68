/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trying bytes as code: the engine, its memory, and what its stops mean. */
#include "emu/shellcode/probe.h"

#include "emu/kernel/kernel.h"
#include "emu/machine/guard.h"
#include "emu/shellcode/processor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The code stands where emu/kernel/raw.c puts it, so that what is tried is what runs. */
#define CODE_AREA (WINDOW_RAW + RAW_LEAD - LEAD)
#define STACK_AREA (WINDOW_RAW_END - STACK)

enum {
	LEAD = 8 << 10, TAIL = 8 << 10, /* less than raw code has: each try looks through all of it */
	AREA = LEAD + PROBE_CODE_MAX + TAIL,
	STACK = 32 << 10, STACK_ABOVE = 8 << 10,
	PAGE = 4096,
	CALLS_MAX = 64,        /* of one try: a loop over descriptors makes many */
	ODD_MAX = 6,           /* calls without sense; then it is no code, or has lost its way */
};

/* Where the parts of a Windows process are found one through the other; a page each, there once it is asked for. */
#define WINDOWS_AREA 0x7ffd0000ull
enum { WINDOWS_PAGES = 4 };

struct probe {
	const struct processor *cpu;
	uc_engine *uc;
	uc_context *fresh;
	uint8_t *area, *stack, *windows;
	uint8_t *plain;            /* the area as it is before a try */
	struct bytes code;
	uint32_t shift;            /* of the code in its area, so that instructions are aligned */
	unsigned aborts;
	/* of one try */
	struct calls calls;
	struct tried tried;
	uint64_t blocks_max;
	bool stop, ran_stack;
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

static uint64_t reg(struct probe *p, int which)
{
	uint64_t v = 0;

	if (which != 0)
		uc_reg_read(p->uc, which, &v);
	return p->cpu->word == 4 ? v & 0xffffffff : v;
}

static void set_reg(struct probe *p, int which, uint64_t v)
{
	uc_reg_write(p->uc, which, &v);
}

static uint64_t word_at(const struct probe *p, uint64_t address)
{
	const uint8_t *at = memory_at(p, address, p->cpu->word);
	uint64_t v = 0;

	for (unsigned i = 0; at != NULL && i < p->cpu->word; i++)
		v |= (uint64_t)at[p->cpu->big ? p->cpu->word - 1 - i : i] << (8 * i);
	return v;
}

static void on_block(uc_engine *uc, uint64_t address, uint32_t size, void *arg)
{
	struct probe *p = arg;

	if (++p->tried.blocks > p->blocks_max)
		stop(p);
	if (address >= CODE_AREA && address + size <= CODE_AREA + AREA) {
		if (!p->tried.decoded)
			p->tried.decoded = memcmp(p->area + (address - CODE_AREA), p->plain + (address - CODE_AREA), size) != 0;
	} else if (address >= STACK_AREA) {
		p->ran_stack = p->tried.decoded = true;
	}
}

/* BSD kernels take the arguments from the stack, above a return address. */
static void read_bsd(struct probe *p, struct call_made *c)
{
	uint64_t sp = reg(p, p->cpu->sp);

	c->bsd = true;
	for (unsigned i = 0; p->cpu->language == LANGUAGE_X86 && i < CALL_ARGUMENTS; i++)
		c->argument[i] = word_at(p, sp + 4 + 4 * i);
}

static void read_call(struct probe *p, struct call_made *ret)
{
	const struct processor *cpu = p->cpu;
	const uint8_t *insn;

	*ret = (struct call_made){ .language = cpu->language, .number = reg(p, cpu->number) };
	for (unsigned i = 0; i < CALL_ARGUMENTS; i++)
		ret->argument[i] = reg(p, cpu->argument[i]);
	if (cpu->arch == UC_ARCH_MIPS) {
		enum { O32 = 4000, N64 = 5000, N32 = 6000, END = 7000 };
		uint64_t sp = reg(p, cpu->sp);

		ret->argument[4] = word_at(p, sp + 16);
		ret->argument[5] = word_at(p, sp + 20);
		ret->n32 = ret->number >= N64 && ret->number < END;
		ret->number = ret->number >= O32 && ret->number < END ? ret->number % 1000 : UINT16_MAX;
	} else if (cpu->arch == UC_ARCH_ARM) {
		enum { OABI = 0x900000, MASK = 0xffffff };
		uint32_t imm;

		/* in ARM state: the old way to say which call is in the instruction */
		insn = memory_at(p, reg(p, cpu->pc) - 4, 4);
		imm = insn != NULL && insn[3] == 0xef ? (uint32_t)(insn[0] | insn[1] << 8 | insn[2] << 16) & MASK : 0;
		if (imm > OABI && imm < OABI + 1024)
			ret->number = imm - OABI;
	}
}

static void take_call(struct probe *p)
{
	const struct call_memory memory = { memory_at, p };
	struct call_made c, bsd;
	int64_t r;

	read_call(p, &c);
	if (p->cpu->arch == UC_ARCH_X86) {
		bsd = c;
		read_bsd(p, &bsd);
		if (p->tried.bsd || (!calls_fits(&p->calls, &c, &memory) && calls_fits(&p->calls, &bsd, &memory))) {
			p->tried.bsd = true;
			c = bsd;
		}
	}
	r = calls_take(&p->calls, &c, &memory);
	set_reg(p, p->cpu->result, (uint64_t)r);
	if (p->cpu->arch == UC_ARCH_MIPS)
		set_reg(p, UC_MIPS_REG_7, r < 0);
	if (p->calls.ended || p->calls.odd >= ODD_MAX || p->calls.sane + p->calls.odd >= CALLS_MAX)
		stop(p);
}

static void on_syscall(uc_engine *uc, void *arg)
{
	struct probe *p = arg;

	if (!p->stop)
		take_call(p);
}

static bool is_call(const struct probe *p, uint32_t number)
{
	switch (p->cpu->arch) {
	case UC_ARCH_X86:
		return number == 0x80 && p->cpu->language == LANGUAGE_X86;
	case UC_ARCH_MIPS:
		return number == 17;
	case UC_ARCH_PPC:
		return number == 8 || number == 96;
	default:
		return number == 2;
	}
}

static void on_interrupt(uc_engine *uc, uint32_t number, void *arg)
{
	struct probe *p = arg;

	if (p->stop)
		return;
	if (is_call(p, number))
		take_call(p);
	else
		stop(p);
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

static int hooks_add(struct probe *p)
{
	bool x86 = p->cpu->arch == UC_ARCH_X86;
	uc_hook h;

	if (uc_hook_add(p->uc, &h, UC_HOOK_BLOCK, (void *)on_block, p, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_INTR, (void *)on_interrupt, p, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_INSN_INVALID, (void *)on_bad_instruction, p, 1, 0) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_MEM_INVALID, (void *)on_invalid, p, 1, 0) != UC_ERR_OK)
		return -EIO;
	if (x86 && (uc_hook_add(p->uc, &h, UC_HOOK_INSN, (void *)on_syscall, p, 1, 0, UC_X86_INS_SYSCALL) != UC_ERR_OK ||
	    uc_hook_add(p->uc, &h, UC_HOOK_INSN, (void *)on_syscall, p, 1, 0, UC_X86_INS_SYSENTER) != UC_ERR_OK))
		return -EIO;
	return 0;
}

static void engine_close(struct probe *p)
{
	if (p->fresh != NULL)
		uc_context_free(p->fresh);
	if (p->uc != NULL)
		uc_close(p->uc);
	p->fresh = NULL;
	p->uc = NULL;
}

static int engine_open(struct probe *p)
{
	uint64_t cr4 = 0;

	if (uc_open(p->cpu->arch, p->cpu->mode, &p->uc) != UC_ERR_OK ||
	    uc_mem_map_ptr(p->uc, CODE_AREA, AREA, UC_PROT_ALL, p->area) != UC_ERR_OK ||
	    uc_mem_map_ptr(p->uc, STACK_AREA, STACK, UC_PROT_ALL, p->stack) != UC_ERR_OK || hooks_add(p) < 0)
		return -EIO;
	if (p->cpu->arch == UC_ARCH_X86) {
		/* OSFXSR and OSXMMEXCPT: without them SSE breaks */
		uc_reg_read(p->uc, UC_X86_REG_CR4, &cr4);
		cr4 |= 0x600;
		uc_reg_write(p->uc, UC_X86_REG_CR4, &cr4);
	}
	if (uc_context_alloc(p->uc, &p->fresh) != UC_ERR_OK || uc_context_save(p->uc, p->fresh) != UC_ERR_OK)
		return -ENOMEM;
	return 0;
}

static void *area_new(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at != MAP_FAILED ? at : NULL;
}

static void area_free(void *at, size_t size)
{
	if (at != NULL)
		munmap(at, size);
}

int probe_open(enum language language, struct probe **ret)
{
	struct probe *p = calloc(1, sizeof(*p));
	int r = -ENOMEM;

	if (p == NULL)
		return -ENOMEM;
	p->area = area_new(AREA);
	p->stack = area_new(STACK);
	p->plain = area_new(AREA);
	p->windows = area_new(WINDOWS_PAGES * PAGE);
	p->cpu = processor_find(language);
	if (p->area == NULL || p->plain == NULL || p->stack == NULL || p->windows == NULL)
		goto out;
	r = p->cpu == NULL ? -ENOSYS : engine_open(p);
	if (r == 0) {
		*ret = p;
		p = NULL;
	}
out:
	probe_close(p);
	return r;
}

void probe_close(struct probe *p)
{
	if (p == NULL)
		return;
	engine_close(p);
	area_free(p->area, AREA);
	area_free(p->plain, AREA);
	area_free(p->stack, STACK);
	area_free(p->windows, WINDOWS_PAGES * PAGE);
	free(p);
}

/* Puts the code where offset entry is aligned, and forgets what was translated. */
static void place(struct probe *p, uint32_t entry)
{
	enum { ALIGN = 4 };

	p->shift = p->cpu->align == 1 ? 0 : (ALIGN - entry % ALIGN) % ALIGN;
	memset(p->plain, 0, AREA);
	if (p->code.left != 0)
		memcpy(p->plain + LEAD + p->shift, p->code.at, p->code.left);
	memcpy(p->area, p->plain, AREA);
	uc_ctl_remove_cache(p->uc, CODE_AREA, CODE_AREA + AREA);
}

void probe_load(struct probe *p, struct bytes code)
{
	if (code.left > PROBE_CODE_MAX)
		code.left = PROBE_CODE_MAX;
	p->code = code;
	place(p, 0);
}

/* What the try before left behind. */
static void clean(struct probe *p)
{
	for (unsigned at = 0; at < AREA; at += PAGE) {
		if (memcmp(p->area + at, p->plain + at, PAGE) == 0)
			continue;
		memcpy(p->area + at, p->plain + at, PAGE);
		uc_ctl_remove_cache(p->uc, CODE_AREA + at, CODE_AREA + at + PAGE);
	}
	for (unsigned i = 0; i < p->tried.windows; i++)
		uc_mem_unmap(p->uc, i == 0 ? 0 : WINDOWS_AREA + (i - 1) * PAGE, PAGE);
	memset(p->stack, 0, STACK);
	if (p->ran_stack)
		uc_ctl_remove_cache(p->uc, STACK_AREA, STACK_AREA + STACK);
	p->ran_stack = p->stop = false;
	calls_init(&p->calls);
	p->tried = (struct tried){ 0 };
	uc_context_restore(p->uc, p->fresh);
}

static void set_registers(struct probe *p, uint64_t entry, unsigned registers)
{
	const struct processor *cpu = p->cpu;
	uint64_t sp = STACK_AREA + STACK - STACK_ABOVE, back = CODE_AREA + AREA;

	for (unsigned i = 0; registers != RAW_ZERO && i < cpu->general_count; i++) {
		unsigned what = i < COUNT_OF(cpu->called) ? cpu->called[i] : 0;
		const uint64_t left[] = { 0, entry, sp + 0x118, 1 };

		set_reg(p, cpu->general[i], registers == RAW_POINTING ? entry : left[what]);
	}
	set_reg(p, cpu->sp, sp);
	for (unsigned i = 0; i < cpu->word && cpu->back == 0; i++)
		p->stack[STACK - STACK_ABOVE + i] = (uint8_t)(back >> (8 * i));
	if (cpu->back != 0)
		set_reg(p, cpu->back, back);
}

int probe_try(struct probe *p, uint32_t entry, unsigned registers, uint64_t blocks, struct tried *ret)
{
	uint32_t thumb = p->cpu->language == LANGUAGE_ARM ? entry & 1 : 0;
	uint64_t end = CODE_AREA + AREA, at;
	bool aborted;

	entry -= thumb;
	if (p->cpu->align != 1 && (entry + p->shift) % 4 != 0)
		place(p, entry);
	clean(p);
	at = CODE_AREA + LEAD + p->shift + entry;
	set_registers(p, at, registers);
	p->blocks_max = blocks;
	guard_start(p->uc, at | thumb, end, &aborted);
	p->tried.sane = p->calls.sane;
	p->tried.odd = p->calls.odd;
	p->tried.acts = p->calls.acts;
	if (!aborted)
		p->tried.ended = p->calls.ended || reg(p, p->cpu->pc) == end;
	p->tried.wrote = memcmp(p->area, p->plain, AREA) != 0;
	*ret = p->tried;
	if (!aborted)
		return 0;
	p->aborts++;
	p->tried.windows = 0;
	engine_close(p);
	return engine_open(p);
}

unsigned probe_aborts(const struct probe *p)
{
	return p->aborts;
}

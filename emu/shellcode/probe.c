/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trying bytes as code: the engine and its memory, as they were before each try. */
#include "emu/shellcode/probe_inside.h"

#include "emu/machine/guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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
	    uc_mem_map_ptr(p->uc, STACK_AREA, STACK, UC_PROT_ALL, p->stack) != UC_ERR_OK || probe_hooks_add(p) < 0)
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
	guard_open();
	guard_alone();
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
	/* x86 that runs off its end is stopped by what it may not do: zeroes would be code that writes */
	if (p->cpu->arch == UC_ARCH_X86)
		memset(p->plain + LEAD + p->code.left + ATTACK_ZEROES, ATTACK_HLT, AREA - LEAD - p->code.left - ATTACK_ZEROES);
	memcpy(p->area, p->plain, AREA);
	uc_ctl_remove_cache(p->uc, CODE_AREA, CODE_AREA + AREA);
	memset(p->known, 0, sizeof(p->known));
}

void probe_load(struct probe *p, struct bytes code)
{
	guard_alone();
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
		memset(p->known + at / 8, 0, PAGE / 8);
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

		probe_register_set(p, cpu->general[i], registers == RAW_POINTING ? entry : left[what]);
	}
	probe_register_set(p, cpu->sp, sp);
	for (unsigned i = 0; i < cpu->word && cpu->back == 0; i++)
		p->stack[STACK - STACK_ABOVE + i] = (uint8_t)(back >> (8 * i));
	if (cpu->back != 0)
		probe_register_set(p, cpu->back, back);
}

unsigned probe_changed(const struct probe *p)
{
	unsigned count = 0;

	for (unsigned at = 0; at < AREA; at += PAGE) {
		if (memcmp(p->area + at, p->plain + at, PAGE) == 0)
			continue;
		for (unsigned i = at; i < at + PAGE; i++)
			count += p->area[i] != p->plain[i];
	}
	for (unsigned i = 0; i < STACK - STACK_ABOVE; i++)
		count += p->stack[i] != 0;
	return count;
}

/* From begin on until it stops for good: what the processor does not do, but a kernel would, is done in between. */
static bool run(struct probe *p, uint64_t begin)
{
	enum { RESUMES_MAX = 256 };
	uint64_t end = CODE_AREA + AREA;
	bool aborted;

	for (unsigned i = 0; i < RESUMES_MAX; i++) {
		p->resume = 0;
		guard_start(p->uc, begin, end, &aborted);
		if (aborted || p->resume == 0 || p->stop)
			return aborted;
		begin = p->resume;
	}
	return false;
}

/* Translations that are dropped keep their room, about 1 KB a try: now and then it is given back. */
enum { ABORTS_BORNE = 24, TRIES_BORNE = 8192 };

int probe_try(struct probe *p, const struct try *try, struct tried *ret)
{
	uint32_t entry = try->entry;
	uint64_t at;
	bool aborted;

	if (p->cpu->align != 1 && (entry + p->shift) % 4 != 0)
		place(p, entry);
	clean(p);
	p->try = try;
	at = CODE_AREA + LEAD + p->shift + entry;
	set_registers(p, at, try->registers);
	aborted = run(p, at | try->thumb);
	p->tried.made = p->calls.made;
	p->tried.sane = p->calls.sane;
	p->tried.odd = p->calls.odd;
	p->tried.acts = p->calls.acts;
	p->tried.words = p->calls.words;
	p->tried.asked = p->calls.asked;
	if (!aborted)
		p->tried.ended = p->calls.ended || probe_register(p, p->cpu->pc) == CODE_AREA + AREA;
	*ret = p->tried;
	if (++p->tries % TRIES_BORNE != 0 && !aborted)
		return 0;
	/* the engine goes on, but counts each of these as a run within a run, and has room for some tens */
	p->aborts += aborted;
	if (p->tries % TRIES_BORNE != 0 && p->aborts % ABORTS_BORNE != 0)
		return 0;
	p->tried.windows = 0;
	engine_close(p);
	return engine_open(p);
}

unsigned probe_aborts(const struct probe *p)
{
	return p->aborts;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs whose instructions alone go on without end, each at another cost of the emulator's: see budgets.py. */
#include "spend.h"

static void spin(void)
{
	for (;;)
		__asm__ volatile("");
}

static void sines(void)
{
	__asm__ volatile("fldpi\n1: .rept 400\nfsin\n.endr\njmp 1b");
}

static void divisions(void)
{
	__asm__ volatile("1: .rept 200\nxor %%edx,%%edx\nmov $-1,%%rax\nmov $3,%%ecx\nidiv %%rcx\n.endr\njmp 1b" : : : "rax", "rcx", "rdx");
}

static void square_roots(void)
{
	__asm__ volatile("1: .rept 400\nsqrtpd %%xmm0,%%xmm1\ndivpd %%xmm1,%%xmm2\n.endr\njmp 1b" : : : "xmm1", "xmm2");
}

static void decimals(void)
{
	__asm__ volatile("1: .rept 300\nfbld %0\nfbstp %0\n.endr\njmp 1b" : : "m"(room));
}

static void processor_names(void)
{
	for (;;)
		__asm__ volatile(".rept 200\nxor %%eax,%%eax\ncpuid\n.endr" : : : "rax", "rbx", "rcx", "rdx");
}

static void saved_states(void)
{
	__asm__ volatile("1: .rept 300\nfxsave %0\nfxrstor %0\n.endr\njmp 1b" : : "m"(room));
}

static void strings(void)
{
	for (;;)
		__asm__ volatile("rep movsb" : : "D"(room), "S"(room + 1), "c"(sizeof(room) - 1) : "memory");
}

static void pages(void)
{
	uint8_t *at = memory(64 << 20, 3);

	for (;;)
		for (unsigned long i = 0; i < 64 << 20; i += 4096)
			at[i]++;
}

/* Two addresses of the same place in the processor's table of pages, in turn. */
static void table_misses(void)
{
	volatile uint8_t *at = memory(100 << 20, 3);

	for (;;)
		for (unsigned i = 0; i < 100; i++)
			at[i << 20]++;
}

static void own_code(void)
{
	__asm__ volatile("lea 1f(%%rip),%%rbx\n2: incl 1(%%rbx)\n1: mov $0,%%eax\njmp 2b" : : : "rax", "rbx");
}

static void cast_code(void)
{
	uint8_t *at = memory(1 << 20, 7);

	for (unsigned n = 0;; n++) {
		uint8_t *code = at + n % 64 * 4096;

		code[0] = 0xb8;
		*(uint32_t *)(code + 1) = n;
		code[5] = 0xc3;
		((void (*)(void))code)();
	}
}

static void many_codes(void)
{
	uint8_t *at = memory(32 << 20, 7);

	for (unsigned long i = 0;; i = (i + 16) % (32 << 20)) {
		at[i] = 0xc3;
		((void (*)(void))(at + i))();
	}
}

/* A handler that does nothing: what it is called for comes again. */
void handler(void);
void restorer(void);
__asm__("handler: ret\nrestorer: mov $15,%eax\nsyscall");

static void handle(int number)
{
	static struct { void (*handler)(void); unsigned long flags; void (*restorer)(void); unsigned long mask; } act;

	act.handler = handler;
	act.restorer = restorer;
	act.flags = 0x04000000;
	CALL(SYS_rt_sigaction, number, &act, 0, 8);
}

static void fault_again(void)
{
	handle(11);
	*(volatile int *)0 = 1;
}

static void traps(void)
{
	handle(5);
	for (;;)
		__asm__ volatile("int3");
}

static void signals(void)
{
	handle(10);
	for (;;)
		CALL(SYS_kill, CALL(SYS_getpid), 10);
}

static void recursion(void)
{
	__asm__ volatile("1: call 1b");
}

static void control_register(void)
{
	__asm__ volatile("xor %%eax,%%eax\nmov %%rax,%%cr4" : : : "rax");
	spin();
}

static void paging_off(void)
{
	__asm__ volatile("xor %%eax,%%eax\nmov %%rax,%%cr0" : : : "rax");
	spin();
}

static void paging_on(void)
{
	__asm__ volatile("mov $0x80000001,%%eax\nmov %%rax,%%cr0" : : : "rax");
	spin();
}

/* The long mode is switched off below the running program. */
static void no_long_mode(void)
{
	__asm__ volatile("mov $0xc0000080,%%ecx\nxor %%eax,%%eax\nxor %%edx,%%edx\nwrmsr" : : : "rax", "rcx", "rdx");
	spin();
}

static void new_tables(void)
{
	for (unsigned long i = 0;; i += 4096)
		__asm__ volatile("mov %0,%%cr3" : : "r"(i));
}

static void page_flushes(void)
{
	for (;;)
		__asm__ volatile(".rept 100\ninvlpg (%0)\n.endr" : : "r"(room));
}

void _start(void);
void _start(void)
{
	ACT();
	CALL(SYS_exit_group, 0);
}

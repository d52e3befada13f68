/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processors: each runs, calls, faults and goes on; they share one memory. */
#include "emu/machine/registers.h"
#include "emu/machine/space.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define AT WINDOW_HEAP
#define STACK (WINDOW_HEAP + 0x10000)
#define THERE (WINDOW_MMAP + 0x5000) /* nothing is there when a run begins; an address cache has another place for it than for AT */

static struct machine *machine;
static unsigned calls, traps;
static uint32_t trapped;
static uint64_t called[7], behind, jump_to;

static void on_call(void *owner)
{
	calls++;
	machine_call(machine, called);
	behind = machine_role(machine, ROLE_PC);
	machine_leave(machine);
}

static bool on_trap(void *owner, uint32_t number)
{
	traps++;
	trapped = number;
	behind = machine_role(machine, ROLE_PC);
	if (jump_to != 0)
		machine_jump(machine, jump_to);
	else
		machine_leave(machine);
	return number != 0x77;
}

static int open_machine(void **state)
{
	return machine_new(&(struct machine_hooks){ .syscall = on_call, .trap = on_trap }, &machine);
}

static int close_machine(void **state)
{
	machine_free(machine);
	return 0;
}

/* Code at AT, run on that processor from a fresh state. */
static enum machine_stop start(enum machine_cpu cpu, const void *code, size_t len)
{
	struct machine_context *fresh = NULL;

	calls = traps = 0;
	behind = jump_to = 0;
	assert_int_equal(machine_reset(machine), 0);
	assert_int_equal(machine_map_memory(machine, AT, AT + 0x20000, true), 0);
	memcpy(machine_host(machine, AT), code, len);
	machine_wrote(machine, AT, AT + len);
	assert_int_equal(machine_context_new_on(machine, cpu, &fresh), 0);
	machine_context_load(machine, fresh);
	machine_context_free(fresh);
	machine_set_role(machine, ROLE_PC, AT);
	machine_set_role(machine, ROLE_SP, STACK);
	return machine_run(machine, 1000);
}

/* A program: number 42 with the argument 7, its stack used; the call; 5 into the result's register; another call. */
struct program {
	enum machine_cpu cpu;
	unsigned end; /* where the program counter stands at the second call */
	uint32_t code[8];
};
static const struct program programs[] = {
	/* mov r7, #42; mov r0, #7; push {r0}; svc 0; mov r0, #5; svc 0 */
	{ CPU_ARM, 24, { 0xe3a0702a, 0xe3a00007, 0xe92d0001, 0xef000000, 0xe3a00005, 0xef000000 } },
	/* mov x8, #42; mov x0, #7; str x0, [sp, #-16]!; svc 0; mov x0, #5; svc 0 */
	{ CPU_AARCH64, 24, { 0xd2800548, 0xd28000e0, 0xf81f0fe0, 0xd4000001, 0xd28000a0, 0xd4000001 } },
	/* li $v0, 42; li $a0, 7; sw $a0, -4($sp); syscall; li $v0, 5; syscall */
	{ CPU_MIPSEL, 24, { 0x2402002a, 0x24040007, 0xafa4fffc, 0x0000000c, 0x24020005, 0x0000000c } },
	{ CPU_MIPS, 24, { 0x2402002a, 0x24040007, 0xafa4fffc, 0x0000000c, 0x24020005, 0x0000000c } },
	/* li r0, 42; li r3, 7; stwu r3, -16(r1); sc; li r3, 5; sc */
	{ CPU_POWERPC, 24, { 0x3800002a, 0x38600007, 0x9461fff0, 0x44000002, 0x38600005, 0x44000002 } },
	/* mov eax, 42; mov ebx, 7; push ebx; int 0x80; mov eax, 5; int 0x80 */
	{ CPU_X86, 20, { 0x00002ab8, 0x0007bb00, 0xcd530000, 0x0005b880, 0x80cd0000 } },
};

static void every_processor_calls_and_goes_on(void **state)
{
	for (size_t i = 0; i < COUNT_OF(programs); i++) {
		const struct program *p = &programs[i];
		uint32_t code[8];

		memcpy(code, p->code, sizeof(code));
		for (unsigned n = 0; n < COUNT_OF(code) && machine_is_big_endian(p->cpu); n++)
			code[n] = __builtin_bswap32(code[n]);
		assert_int_equal(start(p->cpu, code, sizeof(code)), MACHINE_LEFT);
		assert_int_equal(machine_cpu(machine), p->cpu);
		assert_int_equal(calls, 1);
		assert_int_equal(called[0], 42);
		assert_int_equal(called[1], 7);
		assert_true(machine_role(machine, ROLE_SP) <= STACK);
		assert_int_equal(machine_run(machine, 1000), MACHINE_LEFT);
		assert_int_equal(calls, 2);
		assert_int_equal(machine_role(machine, ROLE_RESULT), 5);
		assert_true(behind == AT + p->end);
	}
}

static void a_run_ends_when_its_blocks_are_used_up(void **state)
{
	static const struct { enum machine_cpu cpu; uint32_t code[2]; } loops[] = {
		{ CPU_ARM, { 0xeafffffe } }, { CPU_AARCH64, { 0x14000000 } }, { CPU_MIPSEL, { 0x1000ffff } },
		{ CPU_POWERPC, { 0x00000048 } }, { CPU_X86, { 0xfeeb } }, { CPU_X86_64, { 0xfeeb } },
	};

	for (size_t i = 0; i < COUNT_OF(loops); i++) {
		assert_int_equal(start(loops[i].cpu, loops[i].code, sizeof(loops[i].code)), MACHINE_QUANTUM);
		assert_int_equal(machine_blocks(machine), 1000);
		assert_int_equal(machine_role(machine, ROLE_PC), AT);
		assert_int_equal(machine_run(machine, 10), MACHINE_QUANTUM);
	}
}

static void thumb_goes_on_as_thumb(void **state)
{
	/* to Thumb; then movs r7, #9; svc 0; b . */
	static const uint8_t code[] = {
		0x01, 0x60, 0x8f, 0xe2, 0x16, 0xff, 0x2f, 0xe1, /* add r6, pc, #1; bx r6 */
		0x09, 0x27, 0x00, 0xdf, 0xfe, 0xe7,
	};

	assert_int_equal(start(CPU_ARM, code, sizeof(code)), MACHINE_LEFT);
	assert_int_equal(called[0], 9);
	assert_int_equal(behind, (AT + 12) | 1);
	assert_int_equal(machine_run(machine, 50), MACHINE_QUANTUM);
	assert_int_equal(machine_role(machine, ROLE_PC), (AT + 12) | 1);
	assert_int_equal(machine_run(machine, 50), MACHINE_QUANTUM);
	assert_int_equal(machine_role(machine, ROLE_PC), (AT + 12) | 1);
}

static void x86_has_its_segments(void **state)
{
	/* mov eax, fs:[0x30]; mov ebx, gs:[0]; mov ecx, cs; mov edx, gs; mov gs, edx; mov esi, gs:[0]; mov edi, ss; int 0x80 */
	static const uint8_t code[] = {
		0x64, 0xa1, 0x30, 0, 0, 0, 0x65, 0x8b, 0x1d, 0, 0, 0, 0, 0x8c, 0xc9, 0x8c, 0xea, 0x8e, 0xea,
		0x65, 0x8b, 0x35, 0, 0, 0, 0, 0x8c, 0xd7, 0xcd, 0x80,
	};
	uint32_t v = 0x1234;

	(void)start(CPU_X86, "\xeb\xfe", 2);
	memcpy(machine_host(machine, AT), code, sizeof(code));
	machine_wrote(machine, AT, AT + sizeof(code));
	memcpy(machine_host(machine, AT + 0x1030), &v, 4);
	v = 0x5678;
	memcpy(machine_host(machine, AT + 0x2000), &v, 4);
	machine_set(machine, GPR_FS_BASE, AT + 0x1000);
	machine_set(machine, GPR_GS_BASE, AT + 0x2000);
	machine_set_role(machine, ROLE_PC, AT);
	assert_int_equal(machine_run(machine, 1000), MACHINE_LEFT);
	assert_int_equal(machine_get(machine, GPR_RAX), 0x1234);
	assert_int_equal(machine_get(machine, GPR_RBX), 0x5678);
	assert_int_equal(machine_get(machine, GPR_RCX) & 0xffff, 0x23);
	assert_int_equal(machine_get(machine, GPR_RDX) & 0xffff, 0x63);
	assert_int_equal(machine_get(machine, GPR_RSI), 0x5678);
	assert_int_equal(machine_get(machine, GPR_RDI) & 0xffff, 0x2b);
	assert_int_equal(machine_get(machine, GPR_FS_BASE), AT + 0x1000);
}

static void a_software_interrupt_is_told_with_its_number(void **state)
{
	/* int 0x2f; mov al, 1; int 0x77 */
	static const uint8_t code[] = { 0xcd, 0x2f, 0xb0, 1, 0xcd, 0x77, 0xcc };

	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(start(i == 0 ? CPU_X86 : CPU_X86_64, code, sizeof(code)), MACHINE_LEFT);
		assert_int_equal(traps, 1);
		assert_int_equal(trapped, 0x2f);
		assert_int_equal(behind, AT + 2);
		assert_int_equal(machine_role(machine, ROLE_PC), AT + 2);
		/* set after the hook */
		machine_set_role(machine, ROLE_PC, AT + 4);
		assert_int_equal(machine_run(machine, 1000), MACHINE_LEFT);
		assert_int_equal(trapped, 0x77);
		assert_int_equal(machine_get(machine, GPR_RAX), 0);
		assert_int_equal(machine_run(machine, 1000), MACHINE_TRAP);
	}
}

static void a_hook_may_jump(void **state)
{
	/* int 0x2f; int3; mov al, 7; int 0x80 */
	static const uint8_t code[] = { 0xcd, 0x2f, 0xcc, 0xb0, 7, 0xcd, 0x80 };

	(void)start(CPU_X86, "\xeb\xfe", 2);
	memcpy(machine_host(machine, AT), code, sizeof(code));
	machine_wrote(machine, AT, AT + sizeof(code));
	jump_to = AT + 3;
	machine_set_role(machine, ROLE_PC, AT);
	assert_int_equal(machine_run(machine, 1000), MACHINE_LEFT);
	assert_int_equal(calls, 1);
	assert_int_equal(called[0], 7);
}

static void processors_see_what_the_host_wrote(void **state)
{
	/* ARM: mov r7, #1; svc 0 */
	static const uint32_t one[] = { 0xe3a07001, 0xef000000 }, two[] = { 0xe3a07002, 0xef000000 };

	assert_int_equal(start(CPU_ARM, one, sizeof(one)), MACHINE_LEFT);
	assert_int_equal(called[0], 1);
	memcpy(machine_host(machine, AT), two, sizeof(two));
	machine_wrote(machine, AT, AT + 8);
	machine_set_role(machine, ROLE_PC, AT);
	assert_int_equal(machine_run(machine, 1000), MACHINE_LEFT);
	assert_int_equal(called[0], 2);
	memcpy(machine_host(machine, AT), one, sizeof(one));
	machine_wrote(machine, AT, AT + 8);
	machine_set_role(machine, ROLE_PC, AT);
	assert_int_equal(machine_run(machine, 1000), MACHINE_LEFT);
	assert_int_equal(called[0], 1);
}

static void what_is_not_there_faults_on_every_processor(void **state)
{
	/* a read of address 0 */
	static const struct { enum machine_cpu cpu; uint32_t code[4]; } reads[] = {
		{ CPU_ARM, { 0xe3a01000, 0xe5910000 } }, { CPU_AARCH64, { 0xd2800001, 0xf9400020 } },
		{ CPU_MIPSEL, { 0x8c080000 } }, { CPU_POWERPC, { 0x00002039, 0x00002981 } }, { CPU_X86, { 0xa1, 0 } },
	};

	for (size_t i = 0; i < COUNT_OF(reads); i++) {
		assert_int_equal(start(reads[i].cpu, reads[i].code, sizeof(reads[i].code)), MACHINE_ACCESS);
		assert_int_equal(machine_fault_address(machine), 0);
	}
}

static void mips_gets_unaligned_words_as_from_linux(void **state)
{
	/* lui $t0, 0x1234; ori $t0, 0x5678; sw $t0, 1($sp); lw $a0, 1($sp); lhu $a1, 3($sp); lh $a2, 3($sp); syscall */
	static const uint32_t words[] = {
		0x3c081234, 0x35085678, 0xafa80001, 0x8fa40001, 0x97a50003, 0x87a60003, 0x0000000c,
	};

	for (unsigned i = 0; i < 2; i++) {
		uint32_t code[COUNT_OF(words)];

		for (unsigned n = 0; n < COUNT_OF(words); n++)
			code[n] = i == 0 ? words[n] : __builtin_bswap32(words[n]);
		assert_int_equal(start(i == 0 ? CPU_MIPSEL : CPU_MIPS, code, sizeof(code)), MACHINE_LEFT);
		assert_int_equal(called[1], 0x12345678);
		assert_int_equal(called[2], i == 0 ? 0x1234 : 0x5678);
		assert_int_equal(called[3], i == 0 ? 0x1234 : 0x5678);
	}
}

/* Runs code that begins with mov rax, THERE, in the run that is. */
static enum machine_stop go_on(const void *rest, size_t len)
{
	uint8_t code[32] = { 0x48, 0xb8 };
	uint64_t there = THERE;

	memcpy(code + 2, &there, sizeof(there));
	memcpy(code + 2 + sizeof(there), rest, len);
	memcpy(machine_host(machine, AT), code, sizeof(code));
	machine_wrote(machine, AT, AT + sizeof(code));
	machine_set_role(machine, ROLE_PC, AT);
	return machine_run(machine, 1000);
}

/* The engine is not told of each page: it must see what one has become, whatever it has seen there before. */
static void a_page_is_what_it_has_become(void **state)
{
	static const uint8_t jump[] = { 0xff, 0xe0 }, read[] = { 0x48, 0x8b, 0x00, 0x0f, 0x05 }, write[] = { 0xc6, 0x00, 0x01, 0x0f, 0x05 };
	uint8_t *image = mmap(NULL, GUEST_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_true(image != MAP_FAILED);
	memset(image, 0x77, GUEST_PAGE);
	for (unsigned run = 0; run < 3; run++) {
		assert_int_equal(start(CPU_X86_64, "\x0f\x05", 2), MACHINE_LEFT);
		assert_int_equal(go_on(read, sizeof(read)), MACHINE_ACCESS);
		assert_int_equal(go_on(jump, sizeof(jump)), MACHINE_ACCESS);
		assert_int_equal(machine_fault_address(machine), THERE);
		assert_int_equal(go_on(write, sizeof(write)), MACHINE_ACCESS);
		assert_int_equal(machine_map_memory(machine, THERE, THERE + GUEST_PAGE, false), 0);
		assert_int_equal(go_on(jump, sizeof(jump)), MACHINE_ACCESS);
		assert_int_equal(go_on(read, sizeof(read)), MACHINE_LEFT);
		assert_int_equal(called[0], 0);
		assert_int_equal(go_on(write, sizeof(write)), MACHINE_LEFT);
		assert_int_equal(machine_host(machine, THERE)[0], 1);
		assert_int_equal(machine_map_image(machine, THERE, THERE + GUEST_PAGE, image), 0);
		assert_int_equal(go_on(read, sizeof(read)), MACHINE_LEFT);
		assert_int_equal(called[0], 0x7777777777777777);
		assert_int_equal(go_on(write, sizeof(write)), MACHINE_ACCESS);
		assert_int_equal(machine_map_memory(machine, THERE, THERE + GUEST_PAGE, true), 0);
		machine_zero(machine, THERE, THERE + GUEST_PAGE);
		assert_int_equal(go_on(read, sizeof(read)), MACHINE_LEFT);
		assert_int_equal(called[0], 0);
		memcpy(machine_host(machine, THERE), "\x0f\x05", 2);
		machine_wrote(machine, THERE, THERE + 2);
		assert_int_equal(go_on(jump, sizeof(jump)), MACHINE_LEFT);
		assert_int_equal(behind / GUEST_PAGE, THERE / GUEST_PAGE);
	}
	assert_int_equal(image[0], 0x77);
	munmap(image, GUEST_PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_processor_calls_and_goes_on),
		cmocka_unit_test(a_run_ends_when_its_blocks_are_used_up),
		cmocka_unit_test(thumb_goes_on_as_thumb),
		cmocka_unit_test(x86_has_its_segments),
		cmocka_unit_test(a_software_interrupt_is_told_with_its_number),
		cmocka_unit_test(a_hook_may_jump),
		cmocka_unit_test(processors_see_what_the_host_wrote),
		cmocka_unit_test(mips_gets_unaligned_words_as_from_linux),
		cmocka_unit_test(what_is_not_there_faults_on_every_processor),
		cmocka_unit_test(a_page_is_what_it_has_become),
	};

	return cmocka_run_group_tests(tests, open_machine, close_machine);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs of other processors among those of the server: a shell of x86-64 starts them, and they start it. */
#include "emu/server/server.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { AT = 0x10000 };

/* write(1, "abc\n", 4); exit(7) */
static const struct kind {
	const char *name;
	uint16_t machine;
	bool big_endian;
	uint32_t text; /* where the code finds its text: after it */
	uint32_t code[10];
} kinds[] = {
	/* mov r0, #1; adr r1, text; mov r2, #4; mov r7, #4; svc 0; mov r0, #7; mov r7, #1; svc 0 */
	{ "arm", EM_ARM, false, 32, { 0xe3a00001, 0xe28f1014, 0xe3a02004, 0xe3a07004, 0xef000000, 0xe3a00007, 0xe3a07001, 0xef000000 } },
	/* li $v0, 4004; li $a0, 1; lui $a1, 1; ori $a1, 0x7c; li $a2, 4; syscall; li $v0, 4001; li $a0, 7; syscall; nop */
	{ "mips", EM_MIPS, true, 40, { 0x24020fa4, 0x24040001, 0x3c050001, 0x34a5007c, 0x24060004, 0x0000000c, 0x24020fa1, 0x24040007,
	    0x0000000c, 0 } },
	{ "mipsel", EM_MIPS, false, 40, { 0x24020fa4, 0x24040001, 0x3c050001, 0x34a5007c, 0x24060004, 0x0000000c, 0x24020fa1,
	    0x24040007, 0x0000000c, 0 } },
	/* li 0, 4; li 3, 1; lis 4, 1; ori 4, 4, 0x7c; li 5, 4; sc; li 0, 1; li 3, 7; sc; nop */
	{ "powerpc", EM_PPC, true, 40, { 0x38000004, 0x38600001, 0x3c800001, 0x6084007c, 0x38a00004, 0x44000002, 0x38000001,
	    0x38600007, 0x44000002, 0x60000000 } },
	/* mov eax, 4; mov ebx, 1; mov ecx, 0x1007c; mov edx, 4; int 0x80; mov eax, 1; mov ebx, 7; int 0x80; 6 nop */
	{ "x86", EM_386, false, 40, { 0x000004b8, 0x0001bb00, 0x7cb90000, 0xba000100, 0x00000004, 0x01b880cd, 0xbb000000, 0x00000007,
	    0x909080cd, 0x90909090 } },
};

static struct server *server;

static int open_server(void **state)
{
	char why[256];

	if (access("/bin/busybox", R_OK) < 0) {
		fprintf(stderr, "skipped: /bin/busybox is not installed (busybox-static)\n");
		return 0;
	}
	if (server_open(SOURCE_ROOT "/emu/profiles/busybox", why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s\n", why);
		return -1;
	}
	return 0;
}

static int close_server(void **state)
{
	server_close(server);
	return 0;
}

static uint32_t order(const struct kind *k, uint32_t v, unsigned len)
{
	return !k->big_endian ? v : len == 2 ? __builtin_bswap16((uint16_t)v) : __builtin_bswap32(v);
}

static size_t program(const struct kind *k, uint8_t *to)
{
	uint32_t len = sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr) + k->text + 4, code[COUNT_OF(k->code)];
	Elf32_Ehdr h = {
		.e_type = (uint16_t)order(k, ET_EXEC, 2), .e_machine = (uint16_t)order(k, k->machine, 2),
		.e_entry = order(k, AT + sizeof(h) + sizeof(Elf32_Phdr), 4), .e_phoff = order(k, sizeof(h), 4),
		.e_phentsize = (uint16_t)order(k, sizeof(Elf32_Phdr), 2), .e_phnum = (uint16_t)order(k, 1, 2),
	};
	Elf32_Phdr p = {
		.p_type = order(k, PT_LOAD, 4), .p_vaddr = order(k, AT, 4), .p_filesz = order(k, len, 4),
		.p_memsz = order(k, len, 4), .p_flags = order(k, PF_R | PF_X, 4),
	};

	memcpy(h.e_ident, ELFMAG, SELFMAG);
	h.e_ident[EI_CLASS] = ELFCLASS32;
	h.e_ident[EI_DATA] = k->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	for (size_t i = 0; i < COUNT_OF(code); i++)
		code[i] = order(k, k->code[i], 4);
	memcpy(to, &h, sizeof(h));
	memcpy(to + sizeof(h), &p, sizeof(p));
	memcpy(to + sizeof(h) + sizeof(p), code, k->text);
	memcpy(to + len - 4, "abc\n", 4);
	return len;
}

static void a_shell_starts_a_program_of_another_processor(void **state)
{
	if (server == NULL)
		skip();
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		char text[2048] = "printf '";
		size_t used = strlen(text), len;
		const struct outcome *o;
		uint8_t file[256];
		struct command c = { .language = LANGUAGE_SHELL, .seed = 1 };

		len = program(&kinds[i], file);
		for (size_t n = 0; n < len; n++)
			used += (size_t)sprintf(text + used, "\\%03o", file[n]);
		sprintf(text + used, "' > /tmp/x; chmod 755 /tmp/x; /tmp/x | cat; /tmp/x; echo $?");
		c.code = bytes_text(text);
		assert_int_equal(server_run(server, &c, &o), 0);
		if (o->run.out.left != 10 || memcmp(o->run.out.at, "abc\nabc\n7\n", 10) != 0)
			fail_msg("%s: %.*s", kinds[i].name, (int)o->run.out.left, o->run.out.at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shell_starts_a_program_of_another_processor),
	};

	return cmocka_run_group_tests(tests, open_server, close_server);
}

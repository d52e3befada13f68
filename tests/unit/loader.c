/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs and scripts as files: what is loaded, and what is refused. */
#include "emu/loader/elf.h"
#include "emu/loader/script.h"

#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct image {
	Elf64_Ehdr h;
	Elf64_Phdr p[2];
	uint8_t rest[64];
};

static struct image plain(void)
{
	struct image i = {
		.h = {
			.e_type = ET_EXEC, .e_machine = EM_X86_64, .e_entry = 0x400100, .e_phoff = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
		},
	};

	memcpy(i.h.e_ident, ELFMAG, SELFMAG);
	i.h.e_ident[EI_CLASS] = ELFCLASS64;
	i.h.e_ident[EI_DATA] = ELFDATA2LSB;
	i.p[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_vaddr = 0x400000, .p_filesz = sizeof(i),
		.p_memsz = sizeof(i) };
	i.p[1] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R | PF_W, .p_vaddr = 0x402000, .p_filesz = 16,
		.p_memsz = 0x3000 };
	return i;
}

static int read_image(const struct image *i, struct elf *ret)
{
	return elf_read(bytes_of(i, sizeof(*i)), ret);
}

static void a_plain_program_tells_its_segments(void **state)
{
	struct image i = plain();
	struct elf e;

	assert_int_equal(read_image(&i, &e), 0);
	assert_int_equal(e.count, 2);
	assert_true(e.fixed);
	assert_int_equal(e.start, 0x400000);
	assert_int_equal(e.end, 0x405000);
	assert_int_equal(e.headers, 0x400040);
	assert_int_equal(elf_plain_len(&e), 0x1000);
}

static void a_segment_outside_the_file_is_refused(void **state)
{
	struct image i = plain();
	struct elf e;

	i.p[1].p_offset = 0x1000;
	assert_int_equal(read_image(&i, &e), -ENOEXEC);
	i = plain();
	i.p[1].p_filesz = i.p[1].p_memsz = UINT64_MAX;
	assert_int_equal(read_image(&i, &e), -ENOEXEC);
}

static void segments_that_overlap_or_wrap_are_refused(void **state)
{
	struct image i = plain();
	struct elf e;

	i.p[1].p_vaddr = 0x400000;
	assert_int_equal(read_image(&i, &e), -ENOEXEC);
	i.p[1].p_vaddr = 0xfffffffffffff000;
	assert_int_equal(read_image(&i, &e), -ENOEXEC);
}

static void another_processor_is_refused(void **state)
{
	struct image i = plain();
	struct elf e;

	i.h.e_machine = EM_SPARCV9;
	assert_int_equal(read_image(&i, &e), -ENOEXEC);
}

static void a_cut_header_is_refused(void **state)
{
	struct image i = plain();
	struct elf e;

	assert_int_equal(elf_read(bytes_of(&i, sizeof(i.h) + 20), &e), -ENOEXEC);
	assert_int_equal(elf_read(bytes_of(&i, 3), &e), -ENOEXEC);
}

static void a_script_tells_its_interpreter_and_one_argument(void **state)
{
	struct script s;

	assert_int_equal(script_read(bytes_text("#! /bin/sh  -e x \necho"), &s), 0);
	assert_string_equal(s.interpreter, "/bin/sh");
	assert_string_equal(s.argument, "-e x");
	assert_int_equal(script_read(bytes_text("#!/bin/cat"), &s), 0);
	assert_string_equal(s.interpreter, "/bin/cat");
	assert_string_equal(s.argument, "");
}

static void a_script_without_an_interpreter_is_refused(void **state)
{
	struct script s;
	char text[400] = "#!/";

	assert_int_equal(script_read(bytes_text("#!  \n"), &s), -ENOEXEC);
	assert_int_equal(script_read(bytes_text("echo"), &s), -ENOEXEC);
	memset(text + 3, 'a', sizeof(text) - 3);
	assert_int_equal(script_read(bytes_of(text, sizeof(text)), &s), -ENOEXEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_program_tells_its_segments),
		cmocka_unit_test(a_segment_outside_the_file_is_refused),
		cmocka_unit_test(segments_that_overlap_or_wrap_are_refused),
		cmocka_unit_test(another_processor_is_refused),
		cmocka_unit_test(a_cut_header_is_refused),
		cmocka_unit_test(a_script_tells_its_interpreter_and_one_argument),
		cmocka_unit_test(a_script_without_an_interpreter_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

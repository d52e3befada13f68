/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of several outputs are one line. */
#include "emu/trace/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned columns_of_bytes(struct bytes a, struct bytes b)
{
	static uint8_t memory[64 << 20];
	struct arena arena = { .at = memory, .size = sizeof(memory) };
	const struct bytes outputs[] = { a, b };
	struct sheet sheet;

	assert_int_equal(sheet_of(outputs, 2, &arena, &sheet), 0);
	return sheet.columns;
}

static unsigned columns_of(const char *a, const char *b)
{
	return columns_of_bytes(bytes_text(a), bytes_text(b));
}

static void a_line_with_more_behind_it_is_the_same_line(void **state)
{
	const char *who = "uid=33(www-data) gid=33(www-data) groups=33(www-data)\n";

	assert_int_equal(columns_of(who, "uid=48(apache) gid=48(apache) groups=48(apache) context=system_u:system_r:httpd_t:s0\n"), 1);
	assert_int_equal(columns_of("uid=48(apache) gid=48(apache) groups=48(apache) context=a_u:b_r:c_t:s0:c1,c7\n", who), 1);
}

static void a_line_that_goes_on_is_the_same_line(void **state)
{
	assert_int_equal(columns_of("8a8bb7cd343aa2ad99b7d762030857a2", "8a8bb7cd343aa2ad99b7d762030857a2<br />\n"), 1);
}

static void lines_that_only_begin_alike_are_two(void **state)
{
	assert_int_equal(columns_of("total 28\n", "total of all files that were found here, in kilobytes: 917\n"), 2);
	assert_int_equal(columns_of("error: no such file\n", "error: disk /dev/sda1 (ext4) was not unmounted cleanly, 7 orphans\n"), 2);
}

#define TEXT(t) bytes_of((const uint8_t *)(t), sizeof(t) - 1)

/* proc(5): environ holds its strings with a NUL behind each. In a program's bytes NULs are what they are. */
static void words_that_a_nul_ends_are_lines(void **state)
{
	assert_int_equal(columns_of_bytes(TEXT("USER=ann\0PATH=/usr/bin:/bin\0"), TEXT("USER=ben\0HOME=/\0PATH=/usr/bin:/bin\0")), 3);
	assert_int_equal(columns_of_bytes(TEXT("PATH=/usr/bin:/bin\0\0\0"), TEXT("PATH=/usr/bin:/bin\0\0\0\0")), 1);
	assert_int_equal(columns_of_bytes(TEXT("\x7f" "ELF\1\0x\0"), TEXT("\x7f" "ELF\1\0x\0")), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_with_more_behind_it_is_the_same_line),
		cmocka_unit_test(a_line_that_goes_on_is_the_same_line),
		cmocka_unit_test(lines_that_only_begin_alike_are_two),
		cmocka_unit_test(words_that_a_nul_ends_are_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

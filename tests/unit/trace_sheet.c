/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of several outputs are one line. */
#include "emu/trace/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned columns_of(const char *a, const char *b)
{
	static uint8_t memory[64 << 20];
	struct arena arena = { .at = memory, .size = sizeof(memory) };
	const struct bytes outputs[] = { bytes_text(a), bytes_text(b) };
	struct sheet sheet;

	assert_int_equal(sheet_of(outputs, 2, &arena, &sheet), 0);
	return sheet.columns;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_with_more_behind_it_is_the_same_line),
		cmocka_unit_test(a_line_that_goes_on_is_the_same_line),
		cmocka_unit_test(lines_that_only_begin_alike_are_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Portable executables made from names: what is refused, where things stand, what texts become. */
#include "emu/windows/api/api.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t code[IMAGE_GATE + 1] = { 0x90, 0x90, 0xc3 };

static int places(const struct image_export *exports, unsigned count, struct image_places *ret)
{
	return image_places(&(struct image_plan){ .name = "a.dll", .base = 0x10000000, .library = true, .count = count,
	    .exports = exports }, ret);
}

static void names_out_of_order_or_twice_are_refused(void **state)
{
	const struct image_export turned[] = { { .name = "B" }, { .name = "A" } }, twice[] = { { .name = "A" }, { .name = "A" } };
	struct image_places p;

	assert_int_equal(places(turned, 2, &p), -EINVAL);
	assert_int_equal(places(twice, 2, &p), -EINVAL);
}

static void ordinals_that_do_not_fit_are_refused(void **state)
{
	const struct image_export twice[] = { { .name = "A", .ordinal = 7 }, { .name = "B", .ordinal = 7 } };
	const struct image_export high[] = { { .name = "A", .ordinal = IMAGE_ORDINAL_MAX + 1 } };
	struct image_places p;

	assert_int_equal(places(twice, 2, &p), -EINVAL);
	assert_int_equal(places(high, 1, &p), -EINVAL);
}

static void code_that_is_longer_than_its_gate_is_refused(void **state)
{
	const struct image_export e[] = { { .name = "A", .code = { code, IMAGE_GATE + 1 } } };
	struct image_places p;

	assert_int_equal(places(e, 1, &p), -EINVAL);
}

static void a_library_of_nothing_is_one_all_the_same(void **state)
{
	struct image_plan plan = { .name = "a.dll", .base = 0x10000000, .wide = true, .library = true };
	static uint8_t image[0x10000];
	struct image_places p;

	assert_int_equal(image_places(&plan, &p), 0);
	assert_true(p.size <= sizeof(image));
	assert_int_equal(image_build(&plan, image), 0);
	assert_memory_equal(image, "MZ", 2);
	assert_memory_equal(image + image[0x3c], "PE\0\0\x64\x86", 6);
}

static struct catalog *catalog;

static int open_catalog(void **state)
{
	return catalog_new(api_libraries, api_libraries_count, false, 61, &catalog);
}

static int close_catalog(void **state)
{
	catalog_free(catalog);
	return 0;
}

static void libraries_are_found_as_windows_finds_them(void **state)
{
	const struct win_image *kernel = &catalog->images[2];

	assert_string_equal(kernel->library->name, "kernel32.dll");
	assert_ptr_equal(catalog_find(catalog, "KERNEL32"), kernel);
	assert_ptr_equal(catalog_find(catalog, "Kernel32.DLL"), kernel);
	assert_ptr_equal(catalog_find(catalog, "api-ms-win-core-file-l1-1-0.dll"), catalog_find(catalog, "kernelbase"));
	assert_ptr_equal(catalog_find(catalog, "api-ms-win-crt-stdio-l1-1-0"), catalog_find(catalog, "msvcrt"));
	assert_null(catalog_find(catalog, "kernel"));
	assert_null(catalog_find(catalog, "kernel321.dll"));
	assert_null(catalog_find(catalog, ""));
}

static void winsock_has_the_ordinals_it_has_always_had(void **state)
{
	const struct win_image *winsock = catalog_find(catalog, "ws2_32.dll");
	static const struct { const char *name; unsigned ordinal; } known[] = { { "accept", 1 }, { "connect", 4 },
		{ "recv", 16 }, { "send", 19 }, { "socket", 23 }, { "gethostbyname", 52 }, { "WSAStartup", 115 } };

	for (size_t i = 0; i < COUNT_OF(known); i++)
		assert_int_equal(catalog_ordinal(winsock, known[i].ordinal), catalog_function(winsock, known[i].name));
	assert_int_equal(catalog_ordinal(winsock, 0), -1);
	assert_int_equal(catalog_ordinal(winsock, 99), -1);
	assert_int_equal(catalog_function(winsock, "Accept"), -1);
}

static void texts_go_there_and_back(void **state)
{
	static const char *const texts[] = { "", "abc", "gr\xc3\xbc\xc3\x9f", "\xe2\x82\xac 5", "\xf0\x9f\x98\x80!" };
	uint8_t wide[64];
	char back[64];

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		size_t units = win_utf16(texts[i], wide, sizeof(wide) / 2);

		assert_int_equal(win_utf8(wide, units, back, sizeof(back)), strlen(texts[i]));
		assert_string_equal(back, texts[i]);
	}
	/* what is cut is cut between letters */
	assert_int_equal(win_utf16("\xf0\x9f\x98\x80", wide, 1), 0);
	assert_int_equal(win_utf8((const uint8_t *)"\xac\x20", 1, back, 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_out_of_order_or_twice_are_refused),
		cmocka_unit_test(ordinals_that_do_not_fit_are_refused),
		cmocka_unit_test(code_that_is_longer_than_its_gate_is_refused),
		cmocka_unit_test(a_library_of_nothing_is_one_all_the_same),
		cmocka_unit_test(libraries_are_found_as_windows_finds_them),
		cmocka_unit_test(winsock_has_the_ordinals_it_has_always_had),
		cmocka_unit_test(texts_go_there_and_back),
	};

	return cmocka_run_group_tests(tests, open_catalog, close_catalog);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding machine code: what is found, what is not, and that one payload leaves nothing for the next. */
#include "emu/shellcode/calls.h"
#include "emu/shellcode/find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* execve("/bin//sh", NULL, NULL), of x86-64 */
static const uint8_t shell[] = { 0x31, 0xd2, 0x52, 0x48, 0xb8, '/', 'b', 'i', 'n', '/', '/', 's', 'h', 0x50, 0x48, 0x89,
	0xe7, 0x31, 0xf6, 0x6a, 0x3b, 0x58, 0x0f, 0x05 };

static struct finder *finder;

static int open_finder(void **state)
{
	return finder_open(&finder);
}

static int close_finder(void **state)
{
	finder_close(finder);
	return 0;
}

static void code_alone_is_found_at_its_beginning(void **state)
{
	struct found found[FOUND_MAX];

	assert_true(finder_search(finder, LANGUAGE_X86_64, bytes_of(shell, sizeof(shell)), found) > 0);
	assert_int_equal(found[0].language, LANGUAGE_X86_64);
	assert_int_equal(found[0].entry, 0);
	/* and its beginning on the other processor, with each kind of registers and of kernel */
	assert_in_range(finder_tries(finder), 1, 8);
}

static void code_in_a_request_is_found_where_it_stands(void **state)
{
	struct found found[FOUND_MAX];
	uint8_t payload[600];
	int head = snprintf((char *)payload, sizeof(payload), "POST /a HTTP/1.1\r\nHost: example.net\r\n\r\n");

	memcpy(payload + head, shell, sizeof(shell));
	memset(payload + head + sizeof(shell), 'B', sizeof(payload) - (size_t)head - sizeof(shell));
	assert_true(finder_search(finder, LANGUAGE_AUTO, bytes_of(payload, sizeof(payload)), found) > 0);
	assert_int_equal(found[0].language, LANGUAGE_X86_64);
	assert_int_equal(found[0].entry, head);
}

static void another_processors_name_does_not_hide_it(void **state)
{
	struct found found[FOUND_MAX];

	assert_true(finder_search(finder, LANGUAGE_X86, bytes_of(shell, sizeof(shell)), found) > 0);
	assert_int_equal(found[0].language, LANGUAGE_X86_64);
	assert_int_equal(finder_search(finder, LANGUAGE_MIPS, bytes_of(shell, sizeof(shell)), found), 0);
}

static void text_and_chance_hold_no_code(void **state)
{
	static uint8_t payload[65536];
	static const char text[] = "the quick brown fox\r\n<a href=x>";
	struct found found[FOUND_MAX];
	uint64_t chance = 1;

	for (unsigned round = 0; round < 6; round++) {
		for (size_t i = 0; i < sizeof(payload); i++) {
			chance = chance * 6364136223846793005u + 1442695040888963407u;
			payload[i] = round % 2 == 0 ? (uint8_t)(chance >> 56) : (uint8_t)text[(chance >> 32) % (sizeof(text) - 1)];
		}
		assert_int_equal(finder_search(finder, LANGUAGE_AUTO, bytes_of(payload, sizeof(payload)), found), 0);
	}
	memset(payload, 0, sizeof(payload));
	assert_int_equal(finder_search(finder, LANGUAGE_AUTO, bytes_of(payload, sizeof(payload)), found), 0);
	assert_int_equal(finder_search(finder, LANGUAGE_AUTO, bytes_of(payload, 0), found), 0);
}

/* The pairs are those that PLATFORM.md names: Unicorn's translator gives up on them by abort(). */
static void bytes_that_abort_the_translator_end_one_try(void **state)
{
	static const uint8_t pairs[][2] = { { 0xff, 0xd8 }, { 0xff, 0xdf }, { 0xff, 0xe8 }, { 0xff, 0xef }, { 0xf0, 0x38 },
		{ 0xf0, 0x39 }, { 0xf0, 0xa6 }, { 0xf0, 0xa7 } };
	struct found found[FOUND_MAX];

	for (unsigned i = 0; i < COUNT_OF(pairs); i++) {
		uint8_t payload[2 + sizeof(shell)];

		memcpy(payload, pairs[i], 2);
		memcpy(payload + 2, shell, sizeof(shell));
		assert_int_equal(finder_search(finder, LANGUAGE_X86_64, bytes_of(payload, 2), found), 0);
		assert_int_equal(finder_search(finder, LANGUAGE_X86, bytes_of(payload, 2), found), 0);
		assert_true(finder_search(finder, LANGUAGE_X86_64, bytes_of(payload, sizeof(payload)), found) > 0);
		/* some are instructions of an operand that is there; and the first ones of the code set to zero what is zero */
		assert_in_range(found[0].entry, 0, 5);
	}
}

static const uint8_t *at(const void *context, uint64_t address, uint64_t len)
{
	const struct bytes *memory = context;

	return address <= memory->left && len <= memory->left - address ? memory->at + address : NULL;
}

static int64_t call(struct calls *s, const struct bytes *memory, uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
	const struct call_memory m = { at, memory, 0 };
	const struct call_made made = { .language = LANGUAGE_X86_64, .number = number, .argument = { a, b, c } };

	return calls_take(s, &made, &m);
}

static void calls_make_sense_or_not(void **state)
{
	static const uint8_t raw[32] = { 2, 0, 0x11, 0x5c, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, '/', 'x', 0 };
	const struct bytes memory = bytes_of(raw, sizeof(raw));
	struct calls s;

	calls_init(&s);
	assert_true(call(&s, &memory, 42, 16, 0, 16) < 0); /* connect without a socket; a low number might be the attack's own */
	assert_int_equal(s.odd, 1);
	assert_int_equal(call(&s, &memory, 41, 2, 1, 0), 3);
	assert_int_equal(call(&s, &memory, 42, 3, 0, 16), 0);
	assert_int_equal(s.acts, 1);
	assert_true(call(&s, &memory, 42, 3, 4000, 16) < 0); /* an address of nothing */
	assert_true(call(&s, &memory, 59, 24, 0, 0) < 0);    /* a program without a name */
	assert_false(s.ended);
	assert_int_equal(call(&s, &memory, 59, 16, 0, 0), 0);
	assert_true(s.ended);
	assert_int_equal(s.acts, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(code_alone_is_found_at_its_beginning),
		cmocka_unit_test(code_in_a_request_is_found_where_it_stands),
		cmocka_unit_test(another_processors_name_does_not_hide_it),
		cmocka_unit_test(text_and_chance_hold_no_code),
		cmocka_unit_test(bytes_that_abort_the_translator_end_one_try),
		cmocka_unit_test(calls_make_sense_or_not),
	};

	return cmocka_run_group_tests(tests, open_finder, close_finder);
}

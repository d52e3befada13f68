/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Injected SQL out of requests: in every quoting, disguise and carrier; and what only looks like it. */
#include "control/extract/extract.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* SQL codes in a request; *text, if wanted: of the last one. */
static unsigned found(const char *request, const char *class_name, char text[256])
{
	struct extraction *e = NULL;
	unsigned n = 0;

	assert_int_equal(extract_bytes(bytes_text(request), &e), 0);
	for (unsigned i = 0; i < e->count; i++) {
		if (e->codes[i].language != LANGUAGE_SQL || (class_name != NULL && strcmp(e->codes[i].class_name, class_name) != 0))
			continue;
		n++;
		if (text != NULL)
			snprintf(text, 256, "%.*s", (int)e->codes[i].text.left, (const char *)e->codes[i].text.at);
	}
	extraction_free(e);
	return n;
}

/* As the value of a parameter. */
static unsigned found_in_value(const char *name, const char *value, const char *class_name)
{
	static char request[16384];
	int len = snprintf(request, sizeof(request), "GET /list?%s=", name);

	for (; *value != '\0'; value++)
		len += snprintf(request + len, sizeof(request) - (size_t)len, isalnum((unsigned char)*value) ? "%c" : "%%%02x", (unsigned char)*value);
	snprintf(request + len, sizeof(request) - (size_t)len, " HTTP/1.1\r\nHost: shop\r\n\r\n");
	return found(request, class_name, NULL);
}

static void each_once(const char *const *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (found_in_value("item", values[i], "sql") != 1)
			fail_msg("not found once: %s", values[i]);
	}
}

static void a_value_that_ends_its_quoting_and_goes_on_is_code(void **state)
{
	static const char *const values[] = {
		"1 AND 3=3", "1' AND '7'='7", "1\" or \"a\"=\"a", "a` or 1=1-- ", "1) or (2=2", "1')) or (('x'='x", "a%' and 3=3 and '%'='", "x') or 1=1-- -",
		"7 union select 1,2", "-1' UNION ALL SELECT NULL,NULL#", "9 order by 4", "3' order by 4-- ", "2 and sleep(4)", "x'||pg_sleep(3)--",
		"4;select pg_sleep(3)", "5';waitfor delay '0:0:3'--", "1 procedure analyse(extractvalue(1,concat(0x7e,user())),1)",
		"(select(0)from(select(sleep(3)))v)", "'xor(select(0)from(select(sleep(3)))v)xor'z", "if(now()=sysdate(),sleep(3),0)",
		"0 union select 'x',2 into outfile '/srv/x'", "1;copy (select '') to program 'id'", "1;drop table staff", "x';exec xp_cmdshell 'dir'--",
		"1 and utl_inaddr.get_host_address((select user from dual))=1", "steve'--", "steve'#", "a' and 'b", "f'||'oo", "1 rlike (select 1)",
		"-1 or 5*5=25", "1 and (select count(*) from sysobjects)>0", "1 and row(1,1)>(select count(*),2)", "a' like 'a", "1' and 66 63 and 'q'='q",
	};

	(void)state;
	each_once(values, COUNT_OF(values));
}

static void disguises_do_not_hide_it(void **state)
{
	static const char *const values[] = {
		"1/**/and/**/3=3", "1%20and%203=3", "1\tand\n3=3", "1\240and\2403=3", "1 /*!50000union*/ /*!select*/ 1,2", "1 uNiOn/*x*/sElEcT 1,2",
		"1-- x\nand 3=3", "1 union#a\nselect 1,2", "1&&3=3", "1 and 0x31=0x31", "1 and char(49)=char(49)", "1 and concat('a','b')='ab'", "\\' or 3=3-- ",
	};

	(void)state;
	each_once(values, COUNT_OF(values));
}

static void probes_without_a_query_are_code_too(void **state)
{
	static const char *const values[] = { "1'", "1\"", "1)", "1'\"", "'", "1(),.))\"'))", "x,,(),.\"'((", "1'Qwerty<'\">Uiop", "21--" };

	(void)state;
	each_once(values, COUNT_OF(values));
	assert_int_equal(found_in_value("id", "3-2", "sql"), 1);
	assert_int_equal(found_in_value("product_id", "1*7", "sql"), 1);
	assert_int_equal(found_in_value("score", "3-2", NULL), 0);
	assert_int_equal(found_in_value("id", "2026-11", NULL), 0);
	assert_int_equal(found_in_value("id", "2-9", NULL), 0);
}

static void every_carrier_may_bring_it(void **state)
{
	static const char *const requests[] = {
		"POST /f HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=1&b=1'+or+'1'%3d'1",
		"POST /f HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{\"a\":[{\"b\":\"1' or '1'='1\"}]}",
		"POST /f HTTP/1.1\r\nContent-Type: text/xml\r\n\r\n<a><b>1' or '1'='1</b></a>",
		"POST /f HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1' or '1'='1\r\n--B--\r\n",
		"GET / HTTP/1.1\r\nCookie: a=b; track=x'%20or%20'1'='1\r\n\r\n",
		"GET / HTTP/1.1\r\nUser-Agent: x' or sleep(5)-- \r\n\r\n",
		"GET / HTTP/1.1\r\nX-Forwarded-For: 10.0.0.1' and extractvalue(1,concat(0x7e,version()))-- \r\n\r\n",
		"GET /goods/7'%20union%20select%201,2,3--%20/show HTTP/1.1\r\n\r\n",
		"GET /goods/7'+union+all+select+1,2,3+from+x HTTP/1.1\r\n\r\n",
	};
	char text[256] = "";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(requests); i++) {
		if (found(requests[i], "sql", NULL) != 1)
			fail_msg("not found once: %s", requests[i]);
	}
	/* servers of Microsoft's join fields of one name */
	assert_true(found("GET /p?n=1/*&n=*/union/*&n=*/select/*&n=*/1,2 HTTP/1.1\r\n\r\n", "sql", text) >= 1);
	assert_string_equal(text, "1/*,*/union/*,*/select/*,*/1,2");
}

static void where_people_log_in_it_is_a_login(void **state)
{
	(void)state;
	assert_int_equal(found_in_value("username", "admin'-- ", "login"), 1);
	assert_int_equal(found_in_value("passwd", "' or '1'='1", "login"), 1);
	/* what asks for more than a way in is an ordinary injection */
	assert_int_equal(found_in_value("username", "x' and sleep(5)-- ", "sql"), 1);
}

static void what_only_looks_like_it_is_none(void **state)
{
	static const char *const values[] = {
		"O'Brien", "select a rope from the union", "the union selects a committee", "1 and 2", "5 or 6 boxes", "Tom & Jerry -- the movie", "rock 'n' roll",
		"a \"like\" button", "\"solar\" OR \"wind\" AND panels", "it's the dogs' and cats' food", "3 x 5\" cards", "5'4\" tall", "2+2=4", "x > 1 and y = 2",
		"if (a == 'x' && b == \"y\") { return c; }", "SELECT name FROM staff WHERE id = 3", "order by phone", "drop in; update the list and set it", "1=1",
		"Colour (select one from the list)", "a:hover { color: red; }", "project = SHOP AND assignee = max", "10-20", "2026-11-27", "127.0.0.1", "+49 (30) 1234-5",
		"';alert(1)//", "'-alert(1)-'", "\"><script>alert(1)</script>", "${7*7}", "{{7*'7'}}", "name eq 'Milk' and price gt 5", "=SUM(A1:A5)",
		"union select", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)", "0x31", "a='b'", "https://shop/?a=1&b='x'",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		if (found_in_value("q", values[i], NULL) != 0)
			fail_msg("found: %s", values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_that_ends_its_quoting_and_goes_on_is_code),
		cmocka_unit_test(disguises_do_not_hide_it),
		cmocka_unit_test(probes_without_a_query_are_code_too),
		cmocka_unit_test(every_carrier_may_bring_it),
		cmocka_unit_test(where_people_log_in_it_is_a_login),
		cmocka_unit_test(what_only_looks_like_it_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

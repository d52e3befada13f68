/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that leave their folder, however they are written; queries that have no parameters; forms that are calls, pages that include. */
#include "tests/unit/extract_sample.h"

static void a_query_without_names_is_one_value(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/x?%22%3E%3Csvg/onload=alert(1)%3E"), LANGUAGE_HTML, "\"><svg/onload=alert(1)>", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/x?a=1&'><svg/onload=alert(1)>"), LANGUAGE_HTML, "'><svg/onload=alert(1)>", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/x?a=1&'or'1'='1"), LANGUAGE_SQL, "'or'1'='1", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/x?ids[0,updatexml(0,concat(0xa,user()),0)]=1"), LANGUAGE_SQL, "0,updatexml(0,concat(0xa,user()),0)", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/x?%22a%22=b&sizes[width]=3"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void paths_that_leave_their_folder_are_code(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/v?page=../../../etc/passwd"), LANGUAGE_PATH, "../../../etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/v?page=..%252f..%252fetc/hosts"), LANGUAGE_PATH, "../../etc/hosts", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/%2e%2e/%2e%2e/etc/hosts"), LANGUAGE_PATH, "/../../etc/hosts", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/v?page=/etc/hostname"), LANGUAGE_PATH, "/etc/hostname", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/v?page=file:/etc/hostname"), LANGUAGE_PATH, "file:/etc/hostname", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/v?page=/windows%5CWin.ini"), LANGUAGE_PATH, "/windows\\Win.ini", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/files/%2Fetc%2Fpasswd"), LANGUAGE_PATH, "/etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/api/files/proc/self/environ"), LANGUAGE_PATH, "/proc/self/environ", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/v?page=./WEB-INF/web.xml"), LANGUAGE_PATH, "./WEB-INF/web.xml", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/app/;/WEB-INF/classes/a.properties"), LANGUAGE_PATH, "/app/;/WEB-INF/classes/a.properties", CONTEXT_ALONE,
		  SINK_RESOURCE },
		/* behind steps that lead nowhere; behind a NUL; in a header, as far as a template's delimiter */
		{ HEAD("/v?page=/././././etc/passwd"), LANGUAGE_PATH, "/././././etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		{ "GET / HTTP/1.1\r\nHost: a\r\nAccept: ../../../etc/passwd{{\r\n\r\n", LANGUAGE_PATH, "../../../etc/passwd", CONTEXT_ALONE,
		  SINK_HEADER },
		{ "GET / HTTP/1.1\r\nHost: a\r\nReferer: ../../docs/etc/list.html\r\n\r\n", 0, NULL, 0, 0 },
		{ HEAD("/v?page=/./images/logo"), 0, NULL, 0, 0 },
		{ HEAD("/etc/passwd"), LANGUAGE_PATH, "/etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		/* of Windows' kinds, in the path of a resource too; behind slashes of both kinds; in base64 as a last name */
		{ HEAD("/tail/app/..%5Capp.ini"), LANGUAGE_PATH, "/tail/app/..\\app.ini", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/d?dir=http%5C..%5Cadmin%5Clogin.php"), LANGUAGE_PATH, "http\\..\\admin\\login.php", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/mod/C:/Windows/System32/calc.exe"), LANGUAGE_PATH, "C:/Windows/System32/calc.exe", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/file=C:%5CWindows%5Cwin.ini"), LANGUAGE_PATH, "C:\\Windows\\win.ini", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/e?f1=.//./%5C.//./%5C.//./etc/passwd"), LANGUAGE_PATH, ".//./\\.//./\\.//./etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/qrcode/url/L2V0Yy9wYXNzd2Q="), LANGUAGE_PATH, "/etc/passwd", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/qrcode/url/SGVsbG9Xb3JsZDE="), 0, NULL, 0, 0 },
		{ HEAD("/e?f1=./etc/init.d/x"), 0, NULL, 0, 0 },
		{ HEAD("/mod/C:/data/report.pdf"), 0, NULL, 0, 0 },
		{ HEAD("/man/etc/passwd.html"), 0, NULL, 0, 0 },
		{ HEAD("/v?page=/windows/download"), 0, NULL, 0, 0 },
		{ HEAD("/a/../b/style.css"), 0, NULL, 0, 0 },
		{ HEAD("/v?page=pages/help.html"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}


static void a_function_and_its_argument_in_one_array_are_a_call(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/i.php?s=/a/invoke&function=call_user_func_array&vars[0]=md5&vars[1][]=Hello"), LANGUAGE_PHP, "md5('Hello')", CONTEXT_ALONE,
		  SINK_RESOURCE },
		{ FORM("f=1&mail%5B%23post_render%5D%5B%5D=exec&mail[%23type]=markup&mail[%23markup]=id+-a"), LANGUAGE_PHP, "exec('id -a')",
		  CONTEXT_ALONE, SINK_RESOURCE },
		{ FORM("_method=__construct&filter[]=system&get[]=echo+%27a%5Cb%27"), LANGUAGE_PHP, "system('echo \\'a\\\\b\\'')", CONTEXT_ALONE,
		  SINK_RESOURCE },
		/* a choice among names; nothing that it could be given; another array's */
		{ HEAD("/l?type[]=system&type[]=audit&sort[by]=time"), 0, NULL, 0, 0 },
		{ HEAD("/l?type[]=system&group[name]=sales"), 0, NULL, 0, 0 },
		{ HEAD("/l?mode=exec&vars[0]=md5&vars[1]=x"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}

static void what_a_page_includes_is_code(void **state)
{
	static const struct sample samples[] = {
		{ HEAD("/x.shtml?n=%3C!--%23exec%20cmd=%22expr%2019%20%2B%204%22--%3E"), LANGUAGE_SHELL, "expr 19 + 4", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/x?n=a%3C!--%23include%20virtual=%22/etc/hostname%22%20--%3E"), LANGUAGE_PATH, "/etc/hostname", CONTEXT_ALONE, SINK_RESOURCE },
		{ HEAD("/x?n=%3C!--%20exec%20cmd=%22id%22--%3E"), 0, NULL, 0, 0 },
	};

	expect_all(samples, COUNT_OF(samples));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_without_names_is_one_value),
		cmocka_unit_test(paths_that_leave_their_folder_are_code),
		cmocka_unit_test(a_function_and_its_argument_in_one_array_are_a_call),
		cmocka_unit_test(what_a_page_includes_is_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

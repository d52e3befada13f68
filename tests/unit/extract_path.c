/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that leave their folder, however they are written, and queries that have no parameters. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_query_without_names_is_one_value),
		cmocka_unit_test(paths_that_leave_their_folder_are_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

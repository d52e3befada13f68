/* SPDX-License-Identifier: GPL-2.0-or-later */
/* URLs as programs that fetch read them, and which no application would hand on. */
#include "control/extract/url.h"
#include "control/wire/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, const char *host, const char *address, unsigned port, const char *target)
{
	char shown[ADDRESS_TEXT] = "";
	struct url u;

	assert_true(url_parse(bytes_text(text), &u));
	if (u.address.family != 0)
		address_format(&u.address, shown);
	assert_true(bytes_equal(u.host, bytes_text(host)));
	assert_string_equal(shown, address);
	assert_int_equal(u.port, port);
	assert_true(bytes_equal(u.target, bytes_text(target)));
}

static void every_way_to_write_an_address_is_read(void **state)
{
	expect("http://127.0.0.1:22", "127.0.0.1", "127.0.0.1", 22, "");
	expect("http://127.1/", "127.1", "127.0.0.1", 80, "/");
	expect("http://2130706433/x?y", "2130706433", "127.0.0.1", 80, "/x?y");
	expect("http://0x7f.0.0.0x1/", "0x7f.0.0.0x1", "127.0.0.1", 80, "/");
	expect("http://017700000001/", "017700000001", "127.0.0.1", 80, "/");
	expect("https://[::ffff:169.254.169.254]/a", "::ffff:169.254.169.254", "169.254.169.254", 443, "/a");
	expect("http://1.2.3.4.5/", "1.2.3.4.5", "", 80, "/");
	expect("http://256.1.1.1/", "256.1.1.1", "", 80, "/");
}

static void what_stands_around_the_host_does_not_mislead(void **state)
{
	expect("http://www.example.org@198.51.100.7/", "198.51.100.7", "198.51.100.7", 80, "/");
	expect("http://a:b@c@198.51.100.7:81/", "198.51.100.7", "198.51.100.7", 81, "/");
	expect("http://198.51.100.7#www.example.org", "198.51.100.7", "198.51.100.7", 80, "");
	expect("gopher://127.0.0.1:6379/_INFO", "127.0.0.1", "127.0.0.1", 6379, "/_INFO");
}

static void what_is_no_url_is_none(void **state)
{
	static const char *const texts[] = { "", "http", "http:", "http://", "nothing://h/", "http:///", "http://a b/", "http://h:99999/" };
	struct url u;

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_false(url_parse(bytes_text(texts[i]), &u));
}

static void ordinary_urls_are_not_suspicious(void **state)
{
	static const char *const ordinary[] = { "http://www.example.org/", "https://shop.example.com:8443/a?b=c", "http://cdn.example.net/x.js" };
	static const char *const odd[] = { "http://localhost/", "http://web1:5000/", "http://10.0.0.1/", "http://2130706433/",
	                                   "dict://h.example.org:11211/", "http://127.0.0.1.nip.example/", "http://h.example.org:22/",
	                                   "http://a@h.example.org/", "http://h.example.org/s.txt?", "php://input", "http://db.internal/" };

	for (size_t i = 0; i < COUNT_OF(ordinary); i++)
		assert_false(url_is_suspicious(bytes_text(ordinary[i])));
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		assert_true(url_is_suspicious(bytes_text(odd[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_way_to_write_an_address_is_read),
		cmocka_unit_test(what_stands_around_the_host_does_not_mislead),
		cmocka_unit_test(what_is_no_url_is_none),
		cmocka_unit_test(ordinary_urls_are_not_suspicious),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Community IDs against the baseline of the specification. */
#include "control/journal/community.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct tuple tuple_of(const char *src, const char *dst, uint16_t sport, uint16_t dport, uint8_t protocol)
{
	struct tuple t = { .sport = sport, .dport = dport, .protocol = protocol };

	assert_int_equal(address_parse(src, &t.src), 0);
	assert_int_equal(address_parse(dst, &t.dst), 0);
	return t;
}

/* The rows of community-id-spec/baseline/baseline_deflt.json, and Zeek's community_id_v1. */
static void the_baseline_of_the_specification_holds(void **state)
{
	static const struct {
		const char *src, *dst;
		uint16_t sport, dport;
		uint8_t protocol;
		const char *id;
	} rows[] = {
		{ "128.232.110.120", "66.35.250.204", 34855, 80, IPPROTO_TCP, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ "192.168.1.52", "8.8.8.8", 54585, 53, IPPROTO_UDP, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
		{ "1.2.3.4", "5.6.7.8", 1122, 3344, IPPROTO_TCP, "1:wCb3OG7yAFWelaUydu0D+125CLM=" },
		{ "1.2.3.4", "5.6.7.8", 1122, 3344, IPPROTO_UDP, "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=" },
	};
	char id[COMMUNITY_TEXT], back[COMMUNITY_TEXT];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct tuple t = tuple_of(rows[i].src, rows[i].dst, rows[i].sport, rows[i].dport, rows[i].protocol);
		struct tuple reverse = tuple_reverse(&t);

		community_id(&t, id);
		community_id(&reverse, back);
		assert_string_equal(id, back);
		assert_string_equal(id, rows[i].id);
	}
}

static void echo_and_its_answer_have_one_id(void **state)
{
	struct tuple t = tuple_of("192.168.0.89", "192.168.0.1", 0, 0, IPPROTO_ICMP);
	struct tuple reverse = tuple_reverse(&t);
	char id[COMMUNITY_TEXT], back[COMMUNITY_TEXT];

	community_id_icmp(&t, 8, 0, id);
	community_id_icmp(&reverse, 0, 0, back);
	assert_string_equal(id, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
	assert_string_equal(back, id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_baseline_of_the_specification_holds),
		cmocka_unit_test(echo_and_its_answer_have_one_id),
	};

	return cmocka_run_group_tests_name("community", tests, NULL, NULL);
}

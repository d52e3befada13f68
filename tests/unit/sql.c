/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What injected SQL texts would do, by the engines' documentation; values beside real engines are in tests/engine. */
#include "emu/sql/sql.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct sql_outcome o;

static void run_with(enum sql_dialect d, const char *text, uint64_t seed, bool flip)
{
	arena.used = 0;
	arena.full = false;
	assert_int_equal(sql_evaluate(d, bytes_text(text), seed, flip, &arena, &o), 0);
}

static void run(enum sql_dialect d, const char *text)
{
	run_with(d, text, 1, false);
}

/* An effect of this kind and text (NULL: any). */
static const struct sql_effect *effect(enum sql_effect_kind kind, const char *text)
{
	for (unsigned i = 0; i < o.effects_count; i++) {
		if (o.effects[i].kind == kind && (text == NULL || bytes_equal(o.effects[i].text, bytes_text(text))))
			return &o.effects[i];
	}
	return NULL;
}

static void assert_seconds(double seconds)
{
	const struct sql_effect *e = effect(SQL_SLEEP, NULL);

	assert_non_null(e);
	assert_true(e->value == (uint64_t)(seconds * 1e9));
}

static void a_union_shows_what_it_computes(void **state)
{
	(void)state;
	run(SQL_MYSQL, "-1 UNION SELECT 1,concat(0x7e,0x61,char(98,99),0x7e),conv(255,10,16)-- -");
	assert_non_null(effect(SQL_VALUE, "~abc~"));
	assert_non_null(effect(SQL_VALUE, "FF"));
	run(SQL_POSTGRESQL, "x' union select null, chr(65)||(7*6)::text, null--");
	assert_non_null(effect(SQL_VALUE, "A42"));
	run(SQL_SQLITE, "1 union select 1, hex('ab') || char(33)");
	assert_non_null(effect(SQL_VALUE, "6162!"));
	run(SQL_MSSQL, "1 union select char(72)+char(73)+cast(7*191 as varchar(9)) --");
	assert_non_null(effect(SQL_VALUE, "HI1337"));
	run(SQL_ORACLE, "x' union select chr(72)||(7*191)||q'[it's]' from dual--");
	assert_non_null(effect(SQL_VALUE, "H1337it's"));
}

static void quotes_and_brackets_find_their_place(void **state)
{
	static const char *const texts[] = { "1 or 3=3", "' or 3=3-- ", "') or (3=3)-- ", "')) or (('3'='3", "\" or 3=3#", "%' or 3=3-- ", "' or '3'='3", "1) or (3=3" };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(texts); i++) {
		run(SQL_MYSQL, texts[i]);
		if (effect(SQL_TRUTH, NULL) == NULL)
			fail_msg("%s: no predicate", texts[i]);
		assert_int_equal(effect(SQL_TRUTH, NULL)->value, 1);
	}
	run(SQL_MYSQL, "1' and 3=4-- ");
	assert_int_equal(effect(SQL_TRUTH, NULL)->value, 0);
}

static void a_text_that_only_cuts_the_query_off_is_told(void **state)
{
	(void)state;
	run(SQL_MYSQL, "admin'-- ");
	assert_non_null(effect(SQL_CUT, NULL));
	run(SQL_SQLITE, "admin')--");
	assert_non_null(effect(SQL_CUT, NULL));
	run(SQL_MYSQL, "admin' and 1=2-- ");
	assert_null(effect(SQL_CUT, NULL));
	run(SQL_MYSQL, "admin'--"); /* no comment there: two signs */
	assert_null(effect(SQL_CUT, NULL));
	run(SQL_POSTGRESQL, "O'Brien");
	assert_null(effect(SQL_CUT, NULL));
}

static void disguises_are_only_blanks(void **state)
{
	static const char *const texts[] = { "1/**/uNiOn/*x*/sElEcT/**/concat(6,6)", "1\nunion\x0bselect\tconcat(6,6)", "1 /*!50000union*/ /*!select*/ concat(6,6)",
		"1\240union\240select\240concat(6,6)", "1e0union select concat(6,6)", "(1)union(select(concat(6,6)))", "1.union select concat(6,6)" };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(texts); i++) {
		run(SQL_MYSQL, texts[i]);
		if (effect(SQL_VALUE, "66") == NULL)
			fail_msg("%s: no value", texts[i]);
	}
}

static void errors_show_the_values_in_them(void **state)
{
	(void)state;
	run(SQL_MYSQL, "1 and extractvalue(1,concat(0x7e,3*37))");
	assert_non_null(effect(SQL_LEAK, "XPATH syntax error: '~111'"));
	run(SQL_MYSQL, "1 and updatexml(1,concat(0x7e,repeat('ab',40)),1)");
	/* what MySQL and MariaDB both show */
	assert_non_null(effect(SQL_LEAK, "XPATH syntax error: '~abababababababababababababab"));
	run(SQL_MYSQL, "1 and (select 1 from (select count(*),concat(3*37,':',floor(rand(0)*2))x from information_schema.tables group by x)a)");
	assert_non_null(effect(SQL_LEAK, "Duplicate entry '111:1' for key '"));
	run(SQL_MYSQL, "1 and (select 1 from (select count(*),concat(0x6b7a,(select 3*37),0x3a,floor(rand(0)*2))x from information_schema.plugins group by x)a)");
	assert_non_null(effect(SQL_LEAK, "Duplicate entry 'kz111:1' for key '"));
	run(SQL_POSTGRESQL, "1 and 1=(select case when 3=3 then 1/(select 0) else 1 end)");
	assert_non_null(effect(SQL_LEAK, "division by zero"));
	run(SQL_POSTGRESQL, "1 and 1=(select case when 3=4 then 1/(select 0) else 1 end)");
	assert_null(effect(SQL_LEAK, "division by zero"));
	run(SQL_MSSQL, "1 and 1=3/(4-4)");
	assert_non_null(effect(SQL_LEAK, "Divide by zero error encountered"));
	run(SQL_MYSQL, "1 and 1=3/(4-4)");
	assert_null(effect(SQL_LEAK, NULL));
	run(SQL_POSTGRESQL, "1 and 1=cast(('~'||(3*37)::text) as int)");
	assert_non_null(effect(SQL_LEAK, "invalid input syntax for type integer: \"~111\""));
	run(SQL_MSSQL, "1 and 1=convert(int,char(126)+cast(3*37 as varchar(9)))");
	assert_non_null(effect(SQL_LEAK, " value '~111' to data type int."));
	run(SQL_ORACLE, "1 and 1=ctxsys.drithsx.sn(1,chr(126)||(3*37))");
	assert_non_null(effect(SQL_LEAK, "~111"));
}

static void waits_are_told_with_their_seconds(void **state)
{
	(void)state;
	run(SQL_MYSQL, "1' and (select 7 from (select(sleep(2.5)))a)-- ");
	assert_seconds(2.5);
	run(SQL_POSTGRESQL, "1;select pg_sleep(4)--");
	assert_seconds(4);
	run(SQL_MSSQL, "1'; waitfor delay '0:1:5'--");
	assert_seconds(65);
	run(SQL_ORACLE, "1 and 1=dbms_pipe.receive_message('a',3)");
	assert_seconds(3);
	run(SQL_MYSQL, "1 and if(1=2,sleep(5),0)");
	assert_null(effect(SQL_SLEEP, NULL));
}

static void what_hangs_on_the_victim_is_open(void **state)
{
	(void)state;
	run(SQL_MYSQL, "1 and if(ascii(substring(user(),1,1))>64,sleep(5),0)");
	assert_true(o.undecided);
	assert_seconds(5);
	run_with(SQL_MYSQL, "1 and if(ascii(substring(user(),1,1))>64,sleep(5),0)", 1, true);
	assert_null(effect(SQL_SLEEP, NULL));
	run(SQL_MYSQL, "1 union select concat('~',version())");
	assert_true(effect(SQL_VALUE, NULL)->open);
}

static void other_hosts_files_and_commands_are_told(void **state)
{
	(void)state;
	run(SQL_MYSQL, "1' and load_file('\\\\\\\\h.example\\\\a')-- ");
	assert_non_null(effect(SQL_CONNECT, "h.example"));
	run(SQL_MYSQL, "1' union select load_file('/etc/hosts')-- ");
	assert_non_null(effect(SQL_READ, "/etc/hosts"));
	run(SQL_MYSQL, "1' union select 0x3c3f,2 into outfile '/srv/x.php'-- ");
	assert_non_null(effect(SQL_WRITE, "/srv/x.php"));
	assert_true(bytes_equal(effect(SQL_WRITE, NULL)->data, bytes_text("<?\t2\n")));
	run(SQL_POSTGRESQL, "1; copy (select 1) to program 'id > /tmp/x'--");
	assert_non_null(effect(SQL_EXEC, "id > /tmp/x"));
	run(SQL_MSSQL, "1'; exec master..xp_cmdshell 'ping 203.0.113.7'--");
	assert_int_equal(effect(SQL_EXEC, "ping 203.0.113.7")->value, SQL_SHELL_CMD);
	run(SQL_MSSQL, "1'; declare @q varchar(99) set @q=0x" "77616974666f722064656c61792027303a303a3527" " exec(@q)--");
	assert_seconds(5);
	run(SQL_ORACLE, "1 and 1=utl_http.request('http://203.0.113.7/x')");
	assert_non_null(effect(SQL_FETCH, "http://203.0.113.7/x"));
	run(SQL_SQLITE, "1;drop table users");
	assert_non_null(effect(SQL_CHANGE, "drop"));
}

static void ordinary_text_does_nothing(void **state)
{
	static const char *const texts[] = { "hello world", "O'Reilly", "rock 'n' roll", "7 and a half", "1 or 2 buttons", "select a size", "union square", "a - b",
		"5\" by 7\"", "50% off -- today only", "drop me a line", "x = y", "where is george", "2 or 4", "\"shoes\" and \"socks\"", "1,2,3", "(junk)", "C:\\dir" };

	(void)state;
	for (unsigned i = 0; i < COUNT_OF(texts); i++) {
		for (unsigned d = 0; d < SQL_DIALECTS; d++) {
			run((enum sql_dialect)d, texts[i]);
			if (o.effects_count > 0)
				fail_msg("%s does something in dialect %u", texts[i], d);
		}
	}
}

static void bounds_end_what_grows(void **state)
{
	static char deep[3000];

	(void)state;
	run(SQL_MYSQL, "1 union select replace(repeat('a',100000),'a',repeat('b',100000))");
	assert_true(o.bounded);
	memset(deep, '(', 1400);
	deep[1400] = '1';
	memset(deep + 1401, ')', 1400);
	run(SQL_MYSQL, deep);
	assert_true(o.bounded);
	assert_int_equal(o.effects_count, 0);
}

static void what_is_not_modelled_is_refused_by_name(void **state)
{
	(void)state;
	run(SQL_MYSQL, "1 union select no_such_function(1)");
	assert_int_equal(o.refusals_count, 1);
	assert_string_equal(o.refusals[0], "no_such_function");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_union_shows_what_it_computes), cmocka_unit_test(quotes_and_brackets_find_their_place),
		cmocka_unit_test(a_text_that_only_cuts_the_query_off_is_told),
		cmocka_unit_test(disguises_are_only_blanks), cmocka_unit_test(errors_show_the_values_in_them),
		cmocka_unit_test(waits_are_told_with_their_seconds), cmocka_unit_test(what_hangs_on_the_victim_is_open),
		cmocka_unit_test(other_hosts_files_and_commands_are_told), cmocka_unit_test(ordinary_text_does_nothing),
		cmocka_unit_test(bounds_end_what_grows), cmocka_unit_test(what_is_not_modelled_is_refused_by_name),
	};

	arena = (struct arena){ .at = malloc(64 << 20), .size = 64 << 20 };
	return arena.at == NULL ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

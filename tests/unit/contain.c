/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Containment: what a success blocks and what it must not, and the list over time and restarts. */
#include "control/contain/choose.h"
#include "control/contain/forwarded.h"
#include "control/contain/list.h"
#include "config/load.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define ATTACKER "198.51.100.66"
#define VICTIM "192.0.2.80"
#define FAR "203.0.113.7"

static const uint64_t second = UINT64_C(1000000000);

/* A success that is easy to change. */
struct scene {
	struct settings settings;
	struct case_record record;
	struct tuple attack;
	struct judgement judgement;
	struct trace trace;
	struct report report;
	const struct report *reports[1];
	struct guard *guard;
	struct choice choices[CHOICES_MAX];
	unsigned count;
};

static void address(const char *text, struct address *ret)
{
	assert_int_equal(address_parse(text, ret), 0);
}

static struct scene *begin(void)
{
	struct scene *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	settings_default("/x", &s->settings);
	s->settings.block_on_count = 3;
	for (unsigned i = 0; i < 3; i++)
		s->settings.block_on[i] = i;
	s->settings.home_count = 1;
	assert_int_equal(address_parse("192.0.2.0", &s->settings.home[0].address), 0);
	s->settings.home[0].bits = 24;
	s->record.tuple = (struct tuple){ .sport = 4000, .dport = 80, .protocol = 6 };
	address(ATTACKER, &s->record.tuple.src);
	address(VICTIM, &s->record.tuple.dst);
	s->attack = s->record.tuple;
	s->record.client_seen = s->record.server_seen = true;
	s->record.app = APP_HTTP;
	s->judgement.verdict = VERDICT_SUCCESS;
	s->trace = (struct trace){ .kind = TRACE_CONNECT };
	s->report.traces = &s->trace;
	s->report.traces_count = 1;
	s->reports[0] = &s->report;
	return s;
}

static void request(struct scene *s, const char *head)
{
	s->record.parts[PART_REQUEST_HEAD] = (struct case_part){ .present = true, .head = bytes_text(head) };
}

static void contact(struct scene *s, enum trace_kind kind, const char *peer)
{
	s->trace.kind = kind;
	s->judgement.evidence_count = 1;
	s->judgement.evidence[0] = (struct evidence){ .found = true };
	address(peer, &s->judgement.evidence[0].peer);
}

/* What is to be blocked, as one text. */
static const char *chosen(struct scene *s)
{
	static char all[1024];
	const struct choose_facts facts = {
		.settings = &s->settings, .record = &s->record, .attack = &s->attack, .judgement = &s->judgement, .reports = s->reports,
	};
	struct choose_facts with = facts;

	guard_free(s->guard);
	assert_int_equal(guard_new(&s->settings, &s->guard), 0);
	with.guard = s->guard;
	s->count = choose(&with, s->choices);
	all[0] = '\0';
	for (unsigned i = 0; i < s->count; i++) {
		char text[BLOCK_TEXT];

		if (s->choices[i].why_not == NULL)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", all[0] != '\0' ? ", " : "", block_format(&s->choices[i].block, text));
	}
	return all;
}

static const char *why_not(const struct scene *s, const char *what)
{
	for (unsigned i = 0; i < s->count; i++)
		if (strcmp(s->choices[i].what, what) == 0 && s->choices[i].why_not != NULL)
			return s->choices[i].why_not;
	return "";
}

static void finish(struct scene *s)
{
	guard_free(s->guard);
	free(s);
}

#define FLOW "tcp " VICTIM ":80 " ATTACKER ":4000"

static void a_success_blocks_what_the_config_says(void **state)
{
	struct scene *s = begin();

	request(s, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_string_equal(chosen(s), ATTACKER ", " FLOW);
	contact(s, TRACE_CONNECT, FAR);
	assert_string_equal(chosen(s), ATTACKER ", " FLOW ", " VICTIM " " FAR);
	s->settings.block_on_count = 1;
	assert_string_equal(chosen(s), ATTACKER);
	s->settings.block_on_count = 0;
	assert_string_equal(chosen(s), "");
	finish(s);
}

static void who_stands_for_others_or_may_be_forged_loses_the_flow_alone(void **state)
{
	static const char *const heads[] = {
		"GET / HTTP/1.1\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n", "GET / HTTP/1.1\nhost: x\nFORWARDED: for=203.0.113.1\n\n",
		"GET / HTTP/1.1\r\nvia: 1.1 p\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nCF-Connecting-IP: 203.0.113.1\r\n\r\n",
	};
	struct scene *s = begin();

	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		request(s, heads[i]);
		assert_string_equal(chosen(s), FLOW);
		assert_non_null(strstr(why_not(s, "attacker"), "proxy"));
	}
	s->settings.proxied = false;
	assert_string_equal(chosen(s), ATTACKER ", " FLOW);
	s->settings.proxied = true;
	request(s, "GET /?via:=x HTTP/1.1\r\nNotVia: x\r\nX-Via: 1\r\n\r\n");
	assert_string_equal(chosen(s), ATTACKER ", " FLOW);
	s->record.app = APP_WEBSOCKET;
	assert_string_equal(chosen(s), FLOW);
	s->record.app = APP_UNKNOWN;
	s->record.parts[PART_CLIENT_STREAM] = (struct case_part){ .present = true, .head = bytes_text("PROXY TCP4 203.0.113.1 192.0.2.1 1 2\r\n") };
	assert_string_equal(chosen(s), FLOW);
	s->record.parts[PART_CLIENT_STREAM].present = false;
	s->record.server_seen = false;
	assert_string_equal(chosen(s), FLOW);
	s->record.server_seen = true;
	s->attack.protocol = s->record.tuple.protocol = 17;
	assert_string_equal(chosen(s), "udp " VICTIM ":80 " ATTACKER ":4000");
	assert_non_null(strstr(why_not(s, "attacker"), "forged"));
	finish(s);
}

static void an_answer_with_code_does_not_block_its_server(void **state)
{
	struct scene *s = begin();

	s->record.tuple = tuple_reverse(&s->attack); /* our client asked them */
	assert_string_equal(chosen(s), FLOW);
	finish(s);
}

static void protected_addresses_are_never_blocked(void **state)
{
	struct scene *s = begin();

	contact(s, TRACE_FETCH, "192.0.2.9"); /* our own database, say */
	assert_string_equal(chosen(s), ATTACKER ", " FLOW);
	assert_string_equal(why_not(s, "contact"), "is in rules.home");
	address("192.0.2.7", &s->attack.src);
	s->record.tuple.src = s->attack.src;
	assert_string_equal(chosen(s), "tcp 192.0.2.7:4000 " VICTIM ":80");
	assert_string_equal(why_not(s, "attacker"), "is in rules.home");
	s->settings.never_count = 1;
	address("192.0.2.7", &s->settings.never[0].address);
	s->settings.never[0].bits = 32;
	assert_string_equal(chosen(s), "");
	assert_string_equal(why_not(s, "flow"), "is in containment.never");
	finish(s);
	s = begin();
	s->settings.syslog_count = 1;
	snprintf(s->settings.syslog[0].host, sizeof(s->settings.syslog[0].host), "%s", ATTACKER);
	assert_string_equal(chosen(s), "");
	assert_string_equal(why_not(s, "flow"), "is a collector of syslog.targets");
	finish(s);
}

static void only_contacts_that_were_found_and_no_resolver(void **state)
{
	static const enum trace_kind kinds[] = { TRACE_CONNECT, TRACE_FETCH, TRACE_LISTEN, TRACE_ICMP };
	struct scene *s = begin();

	s->settings.block_on[0] = BLOCK_ON_CONTACT;
	s->settings.block_on_count = 1;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		contact(s, kinds[i], FAR);
		assert_string_equal(chosen(s), VICTIM " " FAR);
	}
	s->judgement.evidence[0].found = false;
	assert_string_equal(chosen(s), "");
	contact(s, TRACE_DNS, FAR);
	assert_string_equal(chosen(s), "");
	contact(s, TRACE_CONNECT, FAR);
	address("192.0.2.81", &s->judgement.evidence[0].near); /* another address of the site */
	assert_string_equal(chosen(s), "192.0.2.81 " FAR);
	s->judgement.evidence[0].code = 0;
	s->judgement.evidence[0].trace = 7;
	assert_string_equal(chosen(s), "");
	finish(s);
}

static void a_collector_is_protected_once_its_name_is_known(void **state)
{
	struct scene *s = begin();
	struct address a;
	struct block b;

	(void)chosen(s);
	assert_int_equal(block_parse("198.51.100.9", &b), 0);
	assert_null(guard_why(s->guard, &b));
	assert_int_equal(address_parse("198.51.100.9", &a), 0);
	for (unsigned i = 0; i < 100000; i++)
		guard_collector(s->guard, &a); /* however often it is said */
	assert_string_equal(guard_why(s->guard, &b), "is a collector of syslog.targets");
	assert_int_equal(block_parse("198.51.100.10", &b), 0);
	assert_null(guard_why(s->guard, &b));
	assert_int_equal(address_parse("198.51.100.10", &a), 0);
	guard_collector(s->guard, &a);
	assert_non_null(guard_why(s->guard, &b));
	finish(s);
}

static void a_network_is_protected_if_any_of_it_is(void **state)
{
	struct scene *s = begin();
	struct block b;

	(void)chosen(s);
	assert_int_equal(block_parse("192.0.0.0/8", &b), 0);
	assert_non_null(guard_why(s->guard, &b));
	assert_int_equal(block_parse("198.51.100.0/24", &b), 0);
	assert_null(guard_why(s->guard, &b));
	assert_int_equal(block_parse("127.0.0.1", &b), 0);
	assert_non_null(guard_why(s->guard, &b));
	assert_int_equal(block_parse("ff02::1", &b), 0);
	assert_non_null(guard_why(s->guard, &b));
	assert_int_equal(block_parse("192.0.2.201 192.0.2.202", &b), 0);
	assert_string_equal(guard_why(s->guard, &b), "is between two protected addresses");
	assert_int_equal(block_parse("192.0.2.201 198.51.100.1", &b), 0);
	assert_null(guard_why(s->guard, &b));
	finish(s);
}

/* The list over a barrier of its own. */
struct world {
	struct barrier *barrier;
	struct containment *list;
};

static struct world start(unsigned max)
{
	struct world w;
	int fd = barrier_create(max);

	assert_true(fd >= 0);
	assert_int_equal(barrier_open(fd, &w.barrier), 0);
	close(fd);
	assert_int_equal(containment_new(w.barrier, &w.list), 0);
	return w;
}

static void stop(struct world *w)
{
	containment_free(w->list);
	barrier_close(w->barrier);
}

static struct contained wish(const char *what, uint64_t until_s, const char *of)
{
	struct contained c = { .until_ns = until_s * second };

	assert_int_equal(block_parse(what, &c.block), 0);
	snprintf(c.case_id, sizeof(c.case_id), "%s", of);
	snprintf(c.reason, sizeof(c.reason), "%s", of);
	if (of[0] == '\0')
		snprintf(c.who, sizeof(c.who), "ann");
	return c;
}

static uint64_t add(struct world *w, const char *what, uint64_t until_s, const char *of)
{
	const struct contained c = wish(what, until_s, of), *made;

	assert_int_equal(containment_add(w->list, &c, second, &made), 0);
	return made->id;
}

static unsigned step(struct world *w, uint64_t at_s)
{
	const struct contained *ended;
	unsigned count;

	containment_step(w->list, at_s * second, at_s * second, &ended, &count);
	return count;
}

static bool stopped(struct world *w, const char *src)
{
	struct tuple t = { .protocol = 6, .sport = 1, .dport = 2 };

	address(src, &t.src);
	address("192.0.2.1", &t.dst);
	return barrier_stops(w->barrier, &t, true);
}

static void blocks_end_when_their_time_is_over(void **state)
{
	struct world w = start(4);

	add(&w, ATTACKER, 100, "00000000000000aa-0");
	add(&w, FAR, 200, "");
	step(&w, 2);
	assert_true(stopped(&w, ATTACKER) && stopped(&w, FAR));
	assert_int_equal(step(&w, 99), 0);
	assert_int_equal(step(&w, 100), 1);
	assert_true(!stopped(&w, ATTACKER) && stopped(&w, FAR));
	assert_int_equal(step(&w, 5000), 1);
	assert_false(barrier_stands(w.barrier));
	stop(&w);
}

static void a_person_replaces_and_a_verdict_only_prolongs(void **state)
{
	struct world w = start(4);
	unsigned place = 0;
	uint64_t id = add(&w, ATTACKER, 100, "00000000000000aa-0");
	const struct contained *c;

	assert_int_equal(add(&w, ATTACKER, 50, "00000000000000bb-0"), id);
	c = containment_next(w.list, &place);
	assert_true(c->until_ns == 100 * second && strcmp(c->case_id, "00000000000000aa-0") == 0);
	add(&w, ATTACKER, 150, "00000000000000bb-0");
	assert_true(c->until_ns == 150 * second && strcmp(c->case_id, "00000000000000aa-0") == 0);
	assert_int_equal(add(&w, ATTACKER, 20, ""), id);
	assert_true(c->until_ns == 20 * second && c->case_id[0] == '\0' && strcmp(c->who, "ann") == 0);
	step(&w, 3);
	assert_int_equal(step(&w, 20), 1);
	stop(&w);
}

static void full_is_said_and_counted_and_makes_nobody_leave(void **state)
{
	struct world w = start(2);
	const struct contained c = wish("198.51.100.9", 100, ""), *made;
	struct containment_counts counts;

	add(&w, "198.51.100.1", 100, "");
	add(&w, "198.51.100.2", 100, "");
	assert_int_equal(containment_add(w.list, &c, second, &made), -ENOSPC);
	containment_count(w.list, &counts);
	assert_true(counts.blocks == 2 && counts.max == 2 && counts.full == 1);
	step(&w, 100);
	assert_int_equal(containment_add(w.list, &c, second, &made), 0);
	assert_int_equal(made->id, 3); /* a number is never given twice */
	stop(&w);
}

static void the_store_brings_them_back_but_for_what_is_over_or_was_removed(void **state)
{
	char folder[] = "/tmp/konseki-contain-XXXXXX";
	struct world w = start(8), again;
	struct store *s;
	unsigned bad = 9, place = 0;
	char file[64];

	assert_non_null(mkdtemp(folder));
	assert_int_equal(store_open(folder, 16 << 20, 1 << 20, STORE_QUICK, &s), 0);
	add(&w, ATTACKER, 1000, "00000000000000aa-0");
	add(&w, FAR, 100, "");
	add(&w, "198.51.100.9", 1000, "");
	step(&w, 2);
	assert_true(containment_unsaved(w.list));
	assert_int_equal(containment_save(w.list, s), 0);
	assert_false(containment_unsaved(w.list));
	while (containment_next(w.list, &place)->id != 3)
		;
	place--;
	containment_remove(w.list, containment_next(w.list, &place));
	add(&w, "198.51.100.10 192.0.2.1", 1000, "");
	assert_int_equal(containment_save(w.list, s), 0);
	assert_int_equal(store_put_block(s, 77, bytes_text("nonsense")), 0);
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	stop(&w);
	assert_int_equal(store_open(folder, 16 << 20, 1 << 20, STORE_QUICK, &s), 0);
	again = start(8);
	assert_int_equal(containment_load(again.list, s, 500 * second, &bad), 0);
	assert_int_equal(bad, 1);
	step(&again, 500);
	assert_true(stopped(&again, ATTACKER) && stopped(&again, "198.51.100.10"));
	assert_true(!stopped(&again, FAR) && !stopped(&again, "198.51.100.9"));
	assert_int_equal(add(&again, FAR, 1000, ""), 78);
	assert_int_equal(containment_save(again.list, s), 0);
	store_close(s);
	stop(&again);
	snprintf(file, sizeof(file), "%s/data.mdb", folder);
	unlink(file);
	snprintf(file, sizeof(file), "%s/lock.mdb", folder);
	unlink(file);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_success_blocks_what_the_config_says),
		cmocka_unit_test(who_stands_for_others_or_may_be_forged_loses_the_flow_alone),
		cmocka_unit_test(an_answer_with_code_does_not_block_its_server),
		cmocka_unit_test(protected_addresses_are_never_blocked),
		cmocka_unit_test(only_contacts_that_were_found_and_no_resolver),
		cmocka_unit_test(a_collector_is_protected_once_its_name_is_known),
		cmocka_unit_test(a_network_is_protected_if_any_of_it_is),
		cmocka_unit_test(blocks_end_when_their_time_is_over),
		cmocka_unit_test(a_person_replaces_and_a_verdict_only_prolongs),
		cmocka_unit_test(full_is_said_and_counted_and_makes_nobody_leave),
		cmocka_unit_test(the_store_brings_them_back_but_for_what_is_over_or_was_removed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From runs to traces, on servers that the test itself plays: what must show, what hangs on what. */
#include "emu/trace/study.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

/* The played server: a behaviour writes its output with say(), tells events and asks questions. */
struct server {
	const char *name, *user;
	unsigned uid;
	bool bare;
};

static struct server debian = { "debian", "www-data", 33, false }, busybox = { "busybox", "root", 0, true };
static struct server *const servers[] = { &debian, &busybox };

static struct outcome outcome;
static struct event events[8];
static char out[8192], err[8192];
static size_t out_used, err_used;
static const struct command *command;
static void (*behaviour)(const struct server *);
static unsigned runs;

const char *server_name(const struct server *s)
{
	return s->name;
}

bool server_spoilt(const struct server *s) { return false; }

bool server_runs(const struct server *s, enum language l)
{
	return l == LANGUAGE_SHELL;
}

static void say(const char *format, ...) format_like(1, 2);
static void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	out_used += (size_t)vsnprintf(out + out_used, sizeof(out) - out_used, format, arguments);
	va_end(arguments);
}

static void complain_of(const char *text)
{
	err_used += (size_t)snprintf(err + err_used, sizeof(err) - err_used, "%s\n", text);
}

static struct event *happens(enum event_kind kind)
{
	struct event *e = &events[outcome.run.events_count++];

	*e = (struct event){ .kind = kind };
	return e;
}

static bool ask(enum question_kind kind, const char *subject, bool answer)
{
	struct question *q = &outcome.questions[outcome.questions_count++];

	for (unsigned i = 0; i < command->twists_count; i++) {
		if (command->twists[i].kind == kind && strcmp(command->twists[i].subject, subject) == 0)
			answer = command->twists[i].answer;
	}
	*q = (struct question){ .kind = kind, .output_before = out_used, .answered_yes = answer };
	snprintf(q->subject, sizeof(q->subject), "%s", subject);
	return answer;
}

int server_run(struct server *s, const struct command *c, const struct outcome **ret)
{
	memset(&outcome, 0, sizeof(outcome));
	out_used = err_used = 0;
	command = c;
	runs++;
	outcome.run.profile = bytes_text(s->name);
	outcome.run.events = events;
	outcome.run.blocks = 10;
	behaviour(s);
	outcome.run.out = outcome.run.output = bytes_of(out, out_used);
	outcome.run.err = bytes_of(err, err_used);
	*ret = &outcome;
	return 0;
}

static unsigned servers_used = COUNT_OF(servers);

static struct report *learn(void (*behave)(const struct server *))
{
	static struct arena arena;
	const struct job job = { .id = 1, .language = LANGUAGE_SHELL, .code = bytes_text("x"), .runs = true, .seed = 7 };
	struct report *report = NULL;

	if (arena.at == NULL) {
		arena.at = mmap(NULL, STUDY_MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		assert_ptr_not_equal(arena.at, MAP_FAILED);
		arena.size = STUDY_MEMORY;
	}
	arena.used = 0;
	behaviour = behave;
	runs = 0;
	assert_int_equal(study(servers, servers_used, &job, &arena, NULL, &report), 0);
	return report;
}

static const struct trace *find(const struct report *r, enum trace_kind kind, const char *pattern)
{
	for (uint32_t i = 0; i < r->traces_count; i++) {
		if (r->traces[i].kind == kind && bytes_equal(r->traces[i].pattern, bytes_text(pattern)))
			return &r->traces[i];
	}
	for (uint32_t i = 0; i < r->traces_count; i++)
		print_message("has: %s %.*s\n", trace_kind_name(r->traces[i].kind), (int)r->traces[i].pattern.left,
		              (const char *)r->traces[i].pattern.at);
	fail_msg("no trace %s %s", trace_kind_name(kind), pattern);
	return NULL;
}

static bool depends(const struct trace *t, const char *on)
{
	for (uint32_t i = 0; i < t->depends_count; i++) {
		if (bytes_equal(t->depends_on[i], bytes_text(on)))
			return true;
	}
	return false;
}

static void identity(const struct server *s)
{
	ask(QUESTION_IDENTITY, "", true);
	say("uid=%u(%s) gid=%u(%s)\n7331\n", s->uid, s->user, s->uid, s->user);
}

static void identity_and_sum_are_one_pattern_that_must_show(void **state)
{
	const struct report *r = learn(identity);
	const struct trace *t = find(r, TRACE_TEXT, "uid=\\d{1,10}\\([\\w-]{1,32}\\)\\s{1,8}gid=\\d{1,10}"
	                                            "\\([\\w-]{1,32}\\)\\s{1,8}7331");

	assert_int_equal(runs, 4);
	assert_true(t->must_show && !t->literal && t->place == PLACE_RESPONSE && t->bits > 30);
	assert_true(bytes_equal(t->profiles, bytes_of("debian\0busybox", 15)));
	assert_true(bytes_equal(t->text, bytes_text("uid=33(www-data) gid=33(www-data)\n7331")));
	assert_int_equal(r->runs_count, 2);
	assert_int_equal(r->stopped_by, STOPPED_EXIT);
	assert_true(r->blocks == 40);
}

static void one_server_alone_lets_nothing_have_to_show(void **state)
{
	servers_used = 1;
	assert_false(learn(identity)->traces[0].must_show);
	servers_used = COUNT_OF(servers);
}

static void path_decides(const struct server *s)
{
	say("first 58213\n");
	if (ask(QUESTION_PATH, "/srv/x", false))
		say("second 94327\n");
	say("third 17654\n");
}

static void what_hangs_on_a_path_says_so_and_the_rest_must_show(void **state)
{
	const struct report *r = learn(path_decides);
	const struct trace *t = find(r, TRACE_TEXT, "second\\s{1,8}94327");

	assert_int_equal(runs, 5);
	assert_true(!t->must_show && depends(t, "path /srv/x"));
	assert_true(find(r, TRACE_TEXT, "first\\s{1,8}58213")->must_show);
	assert_true(find(r, TRACE_TEXT, "third\\s{1,8}17654")->must_show);
}

static void path_ends_all(const struct server *s)
{
	if (!ask(QUESTION_PATH, "/srv/x", true))
		return;
	say("found 58213\n");
	happens(EVENT_ICMP)->address = (struct address){ .family = 4, .raw = { 198, 51, 100, 7 } };
}

static void what_an_answer_takes_away_need_not_show(void **state)
{
	const struct report *r = learn(path_ends_all);
	const struct trace *text = find(r, TRACE_TEXT, "found\\s{1,8}58213"), *icmp = find(r, TRACE_ICMP, "198.51.100.7");

	assert_true(!text->must_show && depends(text, "path /srv/x"));
	assert_true(!icmp->must_show && depends(icmp, "path /srv/x"));
	assert_true(icmp->place == PLACE_LATER_FLOW && icmp->bits >= 30);
}

static void many_questions(const struct server *s)
{
	char path[32];

	say("before 58213\n");
	for (unsigned i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), "/srv/%u", i);
		ask(QUESTION_PATH, path, false);
	}
	say("after 94327\n");
}

static void what_follows_a_question_that_no_run_turned_round_need_not_show(void **state)
{
	const struct report *r = learn(many_questions);

	assert_int_equal(runs, 12);
	assert_true(find(r, TRACE_TEXT, "before\\s{1,8}58213")->must_show);
	assert_false(find(r, TRACE_TEXT, "after\\s{1,8}94327")->must_show);
}

static void fetches(const struct server *s)
{
	struct event *e = happens(EVENT_CONNECT);

	e->address = (struct address){ .family = 4, .raw = { 203, 0, 113, 9 } };
	e->port = 80;
	e->protocol = 6;
	happens(EVENT_FETCH)->name = bytes_text("http://203.0.113.9/x");
}

static void what_every_server_does_on_the_network_must_show(void **state)
{
	const struct report *r = learn(fetches);
	const struct trace *connect = find(r, TRACE_CONNECT, "203.0.113.9:80"),
	                   *fetch = find(r, TRACE_FETCH, "http://203.0.113.9/x");

	assert_int_equal(r->traces_count, 2);
	assert_true(connect->must_show && connect->port == 80 && connect->address.family == 4 && connect->literal);
	assert_true(fetch->must_show && fetch->address.family == 4 && fetch->bits >= 32);
}

static void needs_curl(const struct server *s)
{
	if (!ask(QUESTION_PROGRAM, "curl", !s->bare)) {
		complain_of("sh: curl: not found");
		outcome.run.exit_status = 127;
		return;
	}
	fetches(s);
}

static void what_only_some_servers_do_is_theirs_and_a_complaint_is_an_error(void **state)
{
	const struct report *r = learn(needs_curl);
	const struct trace *t = find(r, TRACE_CONNECT, "203.0.113.9:80");

	assert_false(t->must_show);
	assert_true(depends(t, "program curl"));
	assert_true(bytes_equal(t->profiles, bytes_of("debian", 7)));
	t = find(r, TRACE_ERROR, "sh:\\s{1,8}curl:\\s{1,8}not\\s{1,8}found");
	assert_true(!t->must_show && bytes_equal(t->profiles, bytes_of("busybox", 8)));
}

static void names_of_the_server(const struct server *s)
{
	static char name[64];

	snprintf(name, sizeof(name), "%s.x7kq2v.oast.example", s->user);
	happens(EVENT_DNS)->name = bytes_text(name);
}

static void a_name_with_the_servers_own_part_is_a_pattern(void **state)
{
	const struct report *r = learn(names_of_the_server);
	const struct trace *t = find(r, TRACE_DNS, "[\\w-]{1,32}\\.x7kq2v\\.oast\\.example");

	assert_true(t->must_show && !t->literal && t->bits > 25);
}

static void sleeps(const struct server *s)
{
	happens(EVENT_SLEEP)->value = 5000000000u;
	outcome.run.ended_ns = s->bare ? 5000100000u : 5000400000u;
}

static void a_sleep_that_holds_up_is_a_delay(void **state)
{
	const struct trace *t = find(learn(sleeps), TRACE_DELAY, "5.000 s");

	assert_true(t->must_show && t->value_ns == 5000100000u && t->place == PLACE_RESPONSE);
}

static void sleeps_aside(const struct server *s)
{
	happens(EVENT_SLEEP)->value = 5000000000u;
	outcome.run.ended_ns = 3000000;
}

static void random_text(const struct server *s)
{
	say("%016llx\n", (unsigned long long)command->seed * 0x9e3779b97f4a7c15u);
}

static void what_leaves_nothing_is_no_trace(void **state)
{
	assert_int_equal(learn(sleeps_aside)->traces_count, 0);
	assert_int_equal(learn(random_text)->traces_count, 0);
}

static void stopped(const struct server *s)
{
	say("endless 58213\n");
	outcome.run.stopped_by = STOPPED_BLOCKS;
}

static void a_run_that_was_stopped_lets_nothing_have_to_show(void **state)
{
	const struct report *r = learn(stopped);

	assert_false(find(r, TRACE_TEXT, "endless\\s{1,8}58213")->must_show);
	assert_int_equal(r->stopped_by, STOPPED_BLOCKS);
}

static void own_files(const struct server *s)
{
	say(s->bare ? "Welcome to kzqw vmtrplxj\n" : "PRETTY=\"Xylo 12 (brqzkwfd)\" ID=7\n");
}

static void where_servers_have_nothing_in_common_each_has_its_own_trace(void **state)
{
	const struct report *r = learn(own_files);
	const struct trace *t = find(r, TRACE_TEXT, "Welcome\\s{1,8}to\\s{1,8}kzqw\\s{1,8}vmtrplxj");

	assert_true(!t->must_show && bytes_equal(t->profiles, bytes_of("busybox", 8)));
}

static void reads_clock(const struct server *s)
{
	ask(QUESTION_CLOCK, "", true);
	say("it is 2026 kzqwv\n");
}

static void digits_after_the_clock_need_not_show(void **state)
{
	const struct trace *t = find(learn(reads_clock), TRACE_TEXT, "it\\s{1,8}is\\s{1,8}2026\\s{1,8}kzqwv");

	assert_true(!t->must_show && depends(t, "clock"));
}

static void tell(const char *text)
{
	outcome.facts[outcome.facts_count++] = (struct fact){ bytes_text(text), out_used, false };
}

static void reads_files(const struct server *s)
{
	say("before the vendor\n");
	tell("model name : Kzqw 7\nvendor : vmtrplxj\n");
	say("model name : Kzqw 7\nthe vendor is vendor : vmtrplxj\nvmtrplxj\nmine 58213\n");
}

static void what_the_server_tells_of_itself_need_not_show(void **state)
{
	const struct report *r = learn(reads_files);
	const struct trace *whole = find(r, TRACE_TEXT, "model\\s{1,8}name\\s{1,8}:\\s{1,8}Kzqw\\s{1,8}7\\s{1,8}the\\s{1,8}"
	                                 "vendor\\s{1,8}is\\s{1,8}vendor\\s{1,8}:\\s{1,8}vmtrplxj\\s{1,8}vmtrplxj");

	assert_true(!whole->must_show && depends(whole, "identity"));
	assert_true(find(r, TRACE_TEXT, "before\\s{1,8}the\\s{1,8}vendor")->must_show);
	assert_true(find(r, TRACE_TEXT, "mine\\s{1,8}58213")->must_show);
}

static void reads_too_much(const struct server *s)
{
	outcome.facts_left = 1;
	say("mine 58213\n");
}

static void facts_that_were_too_many_to_keep_may_be_in_any_line(void **state)
{
	assert_false(find(learn(reads_too_much), TRACE_TEXT, "mine\\s{1,8}58213")->must_show);
}

static void reaches_a_name(const struct server *s)
{
	const struct address made_up = { .family = 4, .raw = { 198, 18, 7, 7 } }, given = { .family = 4, .raw = { 203, 0, 113, 9 } };

	happens(EVENT_DNS)->name = bytes_text("x.example");
	*happens(EVENT_CONNECT) = (struct event){ .kind = EVENT_CONNECT, .address = made_up, .port = 80, .protocol = 6,
		.name = bytes_text("x.example") };
	*happens(EVENT_ICMP) = (struct event){ .kind = EVENT_ICMP, .address = made_up, .name = bytes_text("x.example") };
	*happens(EVENT_SEND) = (struct event){ .kind = EVENT_SEND, .address = given, .port = 69, .protocol = 17,
		.data = bytes_text("question") };
}

static void a_made_up_address_is_no_trace_and_a_datagram_is_one(void **state)
{
	const struct report *r = learn(reaches_a_name);
	const struct trace *t = find(r, TRACE_CONNECT, "203.0.113.9:69/udp");

	assert_int_equal(r->traces_count, 2);
	assert_true(t->must_show && t->port == 69 && t->protocol == 17);
	assert_true(find(r, TRACE_DNS, "x.example")->must_show);
}

static void says_twice(const struct server *s)
{
	say("same 58213 kzqwv\n");
	if (ask(QUESTION_PATH, "/srv/x", false))
		say("more\n");
	ask(QUESTION_CLOCK, "", true);
	say("same 58213 kzqwv\n");
}

static void what_is_printed_twice_is_one_trace_of_the_surer_standing(void **state)
{
	const struct report *r = learn(says_twice);
	unsigned count = 0;

	for (uint32_t i = 0; i < r->traces_count; i++)
		count += bytes_equal(r->traces[i].pattern, bytes_text("same\\s{1,8}58213\\s{1,8}kzqwv"));
	assert_int_equal(count, 1);
	assert_true(find(r, TRACE_TEXT, "same\\s{1,8}58213\\s{1,8}kzqwv")->must_show);
}

static void prints_a_program(const struct server *s)
{
	say("mine 58213\n");
	say("f\x0f:\x0f\xd0\nH\x83\xec\x08H\x8b\x05\xd9/\xc0t\x02\xff\xd0\n__libc_start_main %c\n", 1);
}

static void a_programs_bytes_are_no_text(void **state)
{
	const struct report *r = learn(prints_a_program);

	assert_int_equal(r->traces_count, 1);
	assert_true(find(r, TRACE_TEXT, "mine\\s{1,8}58213")->must_show);
}

static void another_language_is_unsupported(void **state)
{
	uint8_t *memory = malloc(8 << 20);
	struct arena arena = { .at = memory, .size = 8 << 20 };
	const struct job job = { .id = 1, .language = LANGUAGE_PHP, .code = bytes_text("x") };
	struct report *report = NULL;

	assert_int_equal(study(servers, COUNT_OF(servers), &job, &arena, NULL, &report), 0);
	assert_int_equal(report->stopped_by, STOPPED_UNSUPPORTED);
	assert_int_equal(report->traces_count, 0);
	free(memory);
}

static void long_output(const struct server *s)
{
	for (unsigned i = 0; i < 120; i++)
		say("row %u of kzqwv %s\n", i * 7919, s->user);
}

static void long_outputs_are_several_traces_within_bounds(void **state)
{
	const struct report *r = learn(long_output);

	assert_true(r->traces_count > 15 && r->traces_count <= REPORT_TRACES_MAX);
	for (uint32_t i = 0; i < r->traces_count; i++)
		assert_true(r->traces[i].must_show && r->traces[i].pattern.left <= TRACE_PATTERN_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_and_sum_are_one_pattern_that_must_show),
		cmocka_unit_test(one_server_alone_lets_nothing_have_to_show),
		cmocka_unit_test(what_hangs_on_a_path_says_so_and_the_rest_must_show),
		cmocka_unit_test(what_an_answer_takes_away_need_not_show),
		cmocka_unit_test(what_follows_a_question_that_no_run_turned_round_need_not_show),
		cmocka_unit_test(what_every_server_does_on_the_network_must_show),
		cmocka_unit_test(what_only_some_servers_do_is_theirs_and_a_complaint_is_an_error),
		cmocka_unit_test(a_name_with_the_servers_own_part_is_a_pattern),
		cmocka_unit_test(a_sleep_that_holds_up_is_a_delay),
		cmocka_unit_test(what_leaves_nothing_is_no_trace),
		cmocka_unit_test(a_run_that_was_stopped_lets_nothing_have_to_show),
		cmocka_unit_test(where_servers_have_nothing_in_common_each_has_its_own_trace),
		cmocka_unit_test(digits_after_the_clock_need_not_show),
		cmocka_unit_test(what_the_server_tells_of_itself_need_not_show),
		cmocka_unit_test(facts_that_were_too_many_to_keep_may_be_in_any_line),
		cmocka_unit_test(a_made_up_address_is_no_trace_and_a_datagram_is_one),
		cmocka_unit_test(what_is_printed_twice_is_one_trace_of_the_surer_standing),
		cmocka_unit_test(a_programs_bytes_are_no_text),
		cmocka_unit_test(another_language_is_unsupported),
		cmocka_unit_test(long_outputs_are_several_traces_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

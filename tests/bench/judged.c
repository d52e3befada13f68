/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long each attack code takes a warm pool of one worker, every profile: reads "LANGUAGE HEX-OF-CODE" a line, prints
 * "LANGUAGE MS", the worker's own processor time, so that what else the machine does counts for nothing. With REPORTS, what
 * was learned is written there as text, without times and work: two builds' are compared by diff.
 * usage: bench_judged KONSEKI-EMU CONFIG [REPORTS]
 */
#include "control/queue/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>

enum { PATIENCE_S = 60 };

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Processor time that process has used; 0: it is gone. */
static double used_ms(pid_t process)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)process);
	if ((f = fopen(path, "r")) == NULL)
		return 0;
	if (fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	fclose(f);
	return (double)ns / 1e6;
}

/* One line, whatever the bytes are. */
static void put(FILE *to, const char *name, struct bytes b)
{
	fprintf(to, " %s=", name);
	for (size_t i = 0; i < b.left; i++)
		fprintf(to, b.at[i] > ' ' && b.at[i] < 0x7f && b.at[i] != '\\' ? "%c" : "\\x%02x", b.at[i]);
}

static void put_event(FILE *to, const struct event *e)
{
	char address[ADDRESS_TEXT];

	fprintf(to, "    %s %s %u %u %llu %llu", event_kind_name(e->kind), address_format(&e->address, address), e->port, e->protocol,
	        (unsigned long long)e->virtual_ns, (unsigned long long)e->value);
	put(to, "name", e->name);
	put(to, "path", e->path);
	put(to, "argv", e->argv);
	put(to, "data", e->data);
	fputc('\n', to);
}

static void put_run(FILE *to, const struct run *r)
{
	fprintf(to, "  run %d %s %llu", r->exit_status, stopped_by_name(r->stopped_by), (unsigned long long)r->ended_ns);
	put(to, "profile", r->profile);
	put(to, "output", r->output);
	put(to, "out", r->out);
	put(to, "err", r->err);
	fputc('\n', to);
	for (uint32_t i = 0; i < r->events_count; i++)
		put_event(to, &r->events[i]);
}

static void put_trace(FILE *to, const struct trace *t)
{
	char address[ADDRESS_TEXT];

	fprintf(to, "  trace %s %s %s %u %u %llu %.3f%s%s", trace_kind_name(t->kind), trace_place_name(t->place), address_format(&t->address, address),
	        t->port, t->protocol, (unsigned long long)t->value_ns, t->bits, t->must_show ? " must" : "", t->literal ? " literal" : "");
	put(to, "pattern", t->pattern);
	put(to, "text", t->text);
	put(to, "profiles", t->profiles);
	for (uint32_t i = 0; i < t->depends_count; i++)
		put(to, "depends", t->depends_on[i]);
	fputc('\n', to);
}

static void put_report(FILE *to, const char *name, const char *hex, const struct report *r)
{
	fprintf(to, "%s %s %s %s\n", name, hex, language_name(r->language), stopped_by_name(r->stopped_by));
	for (uint32_t i = 0; i < r->runs_count; i++)
		put_run(to, &r->runs[i]);
	for (uint32_t i = 0; i < r->traces_count; i++)
		put_trace(to, &r->traces[i]);
}

static size_t unhex(const char *text, uint8_t *to, size_t room)
{
	size_t n = 0;
	unsigned byte;

	for (; n < room && sscanf(text, "%2x", &byte) == 1; text += 2)
		to[n++] = (uint8_t)byte;
	return n;
}

int main(int argc, char **argv)
{
	static char line[2 * JOB_CODE_MAX + 64], hex[2 * JOB_CODE_MAX + 1], name[32];
	static uint8_t code[JOB_CODE_MAX];
	struct pool *pool = NULL;
	struct job job = { .seed = 7 };
	struct answer answer;
	FILE *reports = NULL;

	if (argc < 3 || (argc > 3 && (reports = fopen(argv[3], "w")) == NULL))
		return 2;
	if (pool_start(argv[1], argv[2], 1, &pool) < 0)
		return 3;
	while (fgets(line, sizeof(line), stdin) != NULL) {
		double began, used, ms;
		pid_t worker;

		if (sscanf(line, "%31s %131072s", name, hex) != 2 || language_parse(name, &job.language) < 0)
			continue;
		job.id++;
		job.code = bytes_of(code, unhex(hex, code, sizeof(code)));
		worker = pool_worker_pid(pool, 0);
		began = now_ms();
		used = used_ms(worker);
		if (pool_ask(pool, &job, UINT64_C(1000000000) * PATIENCE_S, &answer) < 0)
			break;
		ms = used_ms(worker) - used;
		printf("%s %.3f\n", name, worker != 0 && ms > 0 ? ms : now_ms() - began); /* of a worker that ended with its answer, the wall's time */
		if (reports != NULL)
			put_report(reports, name, hex, answer.report);
		answer_free(&answer);
	}
	if (reports != NULL)
		fclose(reports);
	pool_close(pool);
	return 0;
}

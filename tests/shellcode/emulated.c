/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machine code in one emulated server, many files in a row, without a jail.
 * usage: shellcodes PROFILE < "LANGUAGE PATH" a line; prints a line "code PATH LANGUAGE STOPPED_BY SEARCH_MS RUN_MS", then
 * one for each event ("event KIND ADDRESS PORT PROTOCOL HEX-OF-PATH HEX-OF-ARGV HEX-OF-NAME") and each trace ("trace KIND
 * PLACE MUST_SHOW PATTERN"). Without a PROFILE ("-"): the search alone, "found PATH LANGUAGE ENTRY TRIES SEARCH_MS".
 */
#include "emu/evaluate/evaluate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void put_hex(struct bytes b)
{
	printf(b.left > 0 ? " " : " -");
	for (size_t i = 0; i < b.left; i++)
		printf("%02x", b.at[i]);
}

static void print(const char *path, const struct report *r, double search, double all)
{
	printf("code %s %s \"%s\" %.3f %.3f\n", path, language_name(r->language), stopped_by_name(r->stopped_by), search, all);
	for (uint32_t i = 0; r->runs_count > 0 && i < r->runs[0].events_count; i++) {
		const struct event *e = &r->runs[0].events[i];
		char address[ADDRESS_TEXT];

		printf("event %s %s %u %u", event_kind_name(e->kind),
		    e->address.family != 0 ? address_format(&e->address, address) : "-", e->port, e->protocol);
		put_hex(e->path);
		put_hex(e->argv);
		put_hex(e->name);
		putchar('\n');
	}
	for (uint32_t i = 0; i < r->traces_count; i++) {
		const struct trace *t = &r->traces[i];

		printf("trace %s %s %d %.*s\n", trace_kind_name(t->kind), trace_place_name(t->place), t->must_show,
		    (int)t->pattern.left, (const char *)t->pattern.at);
	}
}

static int one(struct server *server, struct finder *finder, struct arena *arena, enum language language, const char *path)
{
	static uint8_t code[JOB_CODE_MAX];
	struct job job = { .id = 1, .language = language, .runs = true, .seed = 1 };
	struct found found[FOUND_MAX];
	struct report *report = NULL;
	FILE *file = fopen(path, "rb");
	double begin, search;
	int r;

	if (file == NULL)
		return -1;
	job.code = bytes_of(code, fread(code, 1, sizeof(code), file));
	fclose(file);
	begin = now_ms();
	if ((r = finder_search(finder, language, job.code, found)) < 0)
		return r;
	search = now_ms() - begin;
	if (server == NULL) {
		printf("found %s %s %d %u %.3f\n", path, r > 0 ? language_name(found[0].language) : "none",
		    r > 0 ? (int)found[0].entry : -1, finder_tries(finder), search);
		return 0;
	}
	arena->used = 0;
	begin = now_ms();
	if ((r = evaluate(&server, 1, finder, &job, arena, NULL, &report)) == 0)
		print(path, report, search, now_ms() - begin);
	return r;
}

int main(int argc, char **argv)
{
	struct arena arena = { .size = STUDY_MEMORY };
	struct server *server = NULL;
	struct finder *finder = NULL;
	char why[256] = "", name[32], path[4096];
	enum language language;
	int r = 0;

	arena.at = mmap(NULL, STUDY_MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (argc != 2 || arena.at == MAP_FAILED || finder_open(&finder) < 0)
		return 2;
	if (strcmp(argv[1], "-") != 0 && server_open(argv[1], why, sizeof(why), &server) < 0) {
		fprintf(stderr, "%s: %s\n", argv[1], why);
		return 3;
	}
	while (r == 0 && scanf("%31s %4095s", name, path) == 2) {
		if (language_parse(name, &language) < 0 || (r = one(server, finder, &arena, language, path)) < 0)
			fprintf(stderr, "%s %s: cannot (%d)\n", name, path, r);
		fflush(stdout);
	}
	server_close(server);
	finder_close(finder);
	return r < 0 ? 3 : 0;
}

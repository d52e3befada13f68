/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki emulate: one code in the emulated servers, by the real konseki-emu in its jail. */
#include "config/settings.h"
#include "control/cli/behaviour.h"
#include "control/cli/input.h"
#include "control/cli/supervise.h"
#include "control/cli/verb.h"
#include "control/journal/text.h"
#include "control/journal/triage.h"
#include "control/queue/pool.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint64_t patience_ns = UINT64_C(60000000000); /* for programs to load and the job to run */
static const uint64_t seed = UINT64_C(0x6b6f6e73656b6931); /* the same code gives the same answer */

struct request {
	enum language language;
	const char *profile, *config, *file, *request; /* request: NULL: none */
	bool json, language_given;
};

static void put(json_t *o, const char *name, const char *base64_name, struct bytes b)
{
	if (!text_put(o, name, base64_name, b))
		json_object_set_new(o, name, json_null()); /* no memory: the field shows it */
}

/* "a\0b\0" as ["a", "b"]. */
static json_t *words_json(struct bytes words)
{
	json_t *list = json_array();

	while (words.left > 0) {
		const uint8_t *end = memchr(words.at, 0, words.left);
		size_t len = end != NULL ? (size_t)(end - words.at) : words.left;

		json_array_append_new(list, text_shown(bytes_of(words.at, len)));
		len += end != NULL;
		words.at += len;
		words.left -= len;
	}
	return list;
}

static json_t *event_json(const struct event *e)
{
	json_t *o = json_object();
	char address[ADDRESS_TEXT];

	json_object_set_new(o, "kind", json_string(event_kind_name(e->kind)));
	json_object_set_new(o, "at_ms", json_real((double)(e->virtual_ns / 1000) / 1000.0));
	if (e->address.family != 0)
		json_object_set_new(o, "address", json_string(address_format(&e->address, address)));
	if (e->port != 0)
		json_object_set_new(o, "port", json_integer(e->port));
	if (e->protocol != 0)
		json_object_set_new(o, "protocol", json_integer(e->protocol));
	if (e->name.left > 0)
		put(o, "name", "name_base64", e->name);
	if (e->path.left > 0)
		put(o, "path", "path_base64", e->path);
	if (e->argv.left > 0)
		json_object_set_new(o, "argv", words_json(e->argv));
	if (e->kind == EVENT_SLEEP)
		json_object_set_new(o, "seconds", json_real((double)e->value / 1e9));
	else if (e->value > 0)
		json_object_set_new(o, "bytes", json_integer((json_int_t)e->value));
	if (e->data.left > 0)
		put(o, "data", "data_base64", e->data);
	return o;
}

static json_t *run_json(const struct run *r)
{
	json_t *o = json_object(), *events = json_array();

	json_object_set_new(o, "name", text_shown(r->profile));
	put(o, "output", "output_base64", r->output);
	put(o, "stdout", "stdout_base64", r->out);
	put(o, "stderr", "stderr_base64", r->err);
	json_object_set_new(o, "exit_status", json_integer(r->exit_status));
	json_object_set_new(o, "stopped_by", json_string(stopped_by_name(r->stopped_by)));
	json_object_set_new(o, "ms", json_real((double)(r->host_ns / 1000) / 1000.0));
	for (uint32_t i = 0; i < r->events_count; i++)
		json_array_append_new(events, event_json(&r->events[i]));
	json_object_set_new(o, "events", events);
	if (r->events_left > 0)
		json_object_set_new(o, "events_left", json_integer(r->events_left));
	return o;
}

static void print_json(const struct report *r, json_t *behaviour)
{
	json_t *o = json_object(), *profiles = json_array(), *traces = json_array();

	for (uint32_t i = 0; i < r->runs_count; i++)
		json_array_append_new(profiles, run_json(&r->runs[i]));
	for (uint32_t i = 0; i < r->traces_count; i++)
		json_array_append_new(traces, trace_json(&r->traces[i]));
	json_object_set_new(o, "language", json_string(language_name(r->language)));
	json_object_set_new(o, "stopped_by", json_string(stopped_by_name(r->stopped_by)));
	json_object_set_new(o, "profiles", profiles);
	json_object_set_new(o, "traces", traces);
	json_object_set_new(o, "behaviour", behaviour);
	json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
	putchar('\n');
	json_decref(o);
}

/* A blank, then text that may be anything, on one line. */
static void print_word(struct bytes word)
{
	if (word.left > 0)
		putchar(' ');
	for (size_t i = 0; i < word.left; i++)
		putchar(word.at[i] < ' ' || word.at[i] >= 0x7f ? '?' : word.at[i]);
}

/* An event in one line. A program's words stand two blanks behind its path. */
static void print_event(const struct event *e)
{
	char address[ADDRESS_TEXT];
	struct bytes argv = e->argv;

	printf("  %-8s", event_kind_name(e->kind));
	if (e->address.family != 0)
		printf(" %s", address_format(&e->address, address));
	if (e->port != 0)
		printf(" port %u", e->port);
	print_word(e->name);
	print_word(e->path);
	if (e->kind == EVENT_SLEEP)
		printf(" %.3f s", (double)e->value / 1e9);
	else if (e->value > 0)
		printf(" %llu bytes", (unsigned long long)e->value);
	if (argv.left > 0)
		putchar(' ');
	while (argv.left > 0) {
		const uint8_t *end = memchr(argv.at, 0, argv.left);
		size_t len = end != NULL ? (size_t)(end - argv.at) : argv.left;

		print_word(bytes_of(argv.at, len));
		len += end != NULL;
		argv.at += len;
		argv.left -= len;
	}
	putchar('\n');
}

static void print_trace(const struct trace *t)
{
	printf("  %s, %s, %.1f bits, %s", trace_kind_name(t->kind), trace_place_name(t->place), t->bits,
	       t->must_show ? "a success must leave it" : "a success may leave it");
	for (uint32_t i = 0; i < t->depends_count; i++)
		printf("%s %.*s", i == 0 ? "; hangs on" : ",", (int)t->depends_on[i].left, (const char *)t->depends_on[i].at);
	fputs("; by", stdout);
	for (size_t i = 0; i < t->profiles.left; i++) {
		if (i == 0 || t->profiles.at[i - 1] == 0)
			putchar(' ');
		if (t->profiles.at[i] != 0)
			putchar(t->profiles.at[i]);
	}
	putchar('\n');
	shown_print(t->pattern, "    ");
}

static void print_text(const struct report *r)
{
	for (uint32_t i = 0; i < r->runs_count; i++) {
		const struct run *run = &r->runs[i];

		printf("%.*s: %s, exit status %d, %.2f ms\n", (int)run->profile.left, (const char *)run->profile.at,
		       stopped_by_name(run->stopped_by), run->exit_status, (double)run->host_ns / 1e6);
		if (run->output.left > 0)
			shown_print(run->output, "  | ");
		for (uint32_t k = 0; k < run->events_count; k++)
			print_event(&run->events[k]);
	}
	printf("traces of %s code: %u\n", language_name(r->language), r->traces_count);
	for (uint32_t i = 0; i < r->traces_count; i++)
		print_trace(&r->traces[i]);
}

static int parse(int argc, char **argv, struct request *ret)
{
	static const struct option options[] = {
		{ "language", required_argument, NULL, 'l' },
		{ "profile", required_argument, NULL, 'p' },
		{ "request", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 },
	};
	int c;

	*ret = (struct request){ .file = "-", .profile = "" };
	opterr = 0;
	while ((c = getopt_long(argc, argv, ":c:", options, NULL)) != -1) {
		if (c == 'c') {
			ret->config = optarg;
		} else if (c == 'p') {
			ret->profile = optarg;
		} else if (c == 'r') {
			ret->request = optarg;
		} else if (c == 'j') {
			ret->json = true;
		} else if (c == 'l') {
			if (language_parse(optarg, &ret->language) < 0)
				return cli_usage("emulate", "no such language: %s", optarg);
			ret->language_given = true;
		} else {
			return cli_bad_option("emulate", c, argv);
		}
	}
	if (!ret->language_given)
		return cli_usage("emulate", "say --language L (auto: by what it looks like)");
	if (strlen(ret->profile) > JOB_PROFILE_MAX || strchr(ret->profile, '/') != NULL)
		return cli_usage("emulate", "no such profile: %s", ret->profile);
	if (argc - optind > 1)
		return cli_usage("emulate", "one file at a time");
	if (argc - optind == 1)
		ret->file = argv[optind];
	return EXIT_DONE;
}

/* Asks a pool of one worker, started for it. */
static int ask(const struct settings *s, const struct job *job, struct answer *ret)
{
	struct pool *pool = NULL;
	char program[PATH_MAX];
	int r = program_find(PROGRAM_EMU, program, sizeof(program));

	if (r == 0)
		r = pool_start(program, s->file, 1, &pool);
	if (r == 0)
		r = pool_ask(pool, job, patience_ns, ret);
	pool_close(pool);
	return r;
}

static int print(const struct request *q, const struct report *r, struct bytes code)
{
	json_t *behaviour = behaviour_json(r, code);

	if (r->stopped_by == STOPPED_UNSUPPORTED)
		fprintf(stderr, "konseki emulate: no emulated server runs %s\n", language_name(r->language));
	else if (r->runs_count == 0)
		fprintf(stderr, "konseki emulate: %s\n", stopped_by_name(r->stopped_by));
	if (q->json) {
		print_json(r, behaviour);
	} else {
		print_text(r);
		behaviour_print(behaviour);
		json_decref(behaviour);
	}
	return r->stopped_by == STOPPED_UNSUPPORTED ? EXIT_NO : EXIT_DONE;
}

int verb_emulate(int argc, char **argv)
{
	static struct settings settings;
	struct request q;
	struct answer answer;
	struct job job;
	char path[3 * PATH_MAX];
	uint8_t *code = NULL, *request = NULL;
	size_t len = 0, request_len = 0, most;
	int r;

	if ((r = parse(argc, argv, &q)) != EXIT_DONE || (r = cli_settings("emulate", q.config, &settings)) != EXIT_DONE)
		return r;
	snprintf(path, sizeof(path), "%s/%s/profile.conf", settings.profiles, q.profile);
	if (q.profile[0] != '\0' && (q.profile[0] == '.' || access(path, F_OK) < 0))
		return cli_no("emulate", "no such profile: %s (%s cannot be read)", q.profile, path);
	/* a sample is a file; other code comes out of a request */
	most = q.language == LANGUAGE_ELF || q.language == LANGUAGE_AUTO ? JOB_SAMPLE_MAX : JOB_CODE_MAX;
	if ((r = input_read(q.file, most, &code, &len)) == -EFBIG)
		return cli_no("emulate", "%s: longer than %zu KB", q.file, most >> 10);
	if (r < 0)
		return cli_no("emulate", "%s: %s", q.file, strerror(-r));
	if (q.request != NULL && (r = input_read(q.request, JOB_REQUEST_MAX, &request, &request_len)) < 0) {
		free(code);
		return cli_no("emulate", "%s: %s", q.request, r == -EFBIG ? "longer than 64 KB" : strerror(-r));
	}
	job = (struct job){ .id = 1, .language = q.language, .code = bytes_of(code, len),
		.request = bytes_of(request, request_len), .runs = true, .seed = seed,
		.profile = bytes_text(q.profile) };
	if ((r = ask(&settings, &job, &answer)) == -ECANCELED) {
		r = EXIT_CANNOT; /* konseki-emu has said why */
	} else if (r < 0) {
		r = cli_cannot("emulate", "konseki-emu gave no answer: %s", strerror(-r));
	} else {
		r = print(&q, answer.report, job.code);
		if (fflush(stdout) != 0 || ferror(stdout))
			r = cli_cannot("emulate", "the answer cannot be written: %s", strerror(errno));
		answer_free(&answer);
	}
	free(code);
	free(request);
	return r;
}

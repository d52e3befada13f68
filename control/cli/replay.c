/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki replay: recordings through the very same programs, and what they told as a table or as JSON lines. */
#include "control/cli/clean.h"
#include "control/cli/progress.h"
#include "control/cli/supervise.h"
#include "control/cli/table.h"
#include "control/cli/verb.h"
#include "control/eve/eve.h"
#include "control/wire/counters.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct replay {
	const char *config, *alerts;
	bool json;
	unsigned lanes, workers; /* 0: as the config says */
	struct settings settings;
	struct fleet fleet;
	struct progress progress;
	struct table *table;
	/* what came */
	unsigned long captures, bad, records, verdicts[3];
	unsigned long long packets;
	json_t *losses;
	unsigned bad_alerts;     /* lines of --alerts */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = 1;
}

static int count_parse(const char *text, unsigned most, unsigned *ret)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	if (end == text || *end != 0 || text[0] == '-' || v < 1 || v > most)
		return -EINVAL;
	*ret = (unsigned)v;
	return 0;
}

static int options_read(int argc, char **argv, struct replay *r)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },          { "alerts", required_argument, NULL, 'a' },
		{ "lanes", required_argument, NULL, 'l' },   { "workers", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":c:", longs, NULL)) != -1) {
		if (option == 'c')
			r->config = optarg;
		else if (option == 'j')
			r->json = true;
		else if (option == 'a')
			r->alerts = optarg;
		else if (option == 'l' && count_parse(optarg, 64, &r->lanes) < 0)
			return cli_usage("replay", "--lanes takes a number from 1 to 64, not %s", optarg);
		else if (option == 'w' && count_parse(optarg, 256, &r->workers) < 0)
			return cli_usage("replay", "--workers takes a number from 1 to 256, not %s", optarg);
		else if (option == '?' || option == ':')
			return cli_bad_option("replay", option, argv);
	}
	if (optind == argc)
		return cli_usage("replay", "no capture is named");
	return EXIT_DONE;
}

/* A line about a capture as a whole: its error goes to stderr. */
static void take_capture(struct replay *r, const json_t *capture)
{
	const char *error = json_string_value(json_object_get(capture, "error"));
	const char *name = json_string_value(json_object_get(capture, "name"));

	r->captures++;
	r->packets += (unsigned long long)json_integer_value(json_object_get(capture, "packets"));
	if (error == NULL || error[0] == 0)
		return;
	r->bad++;
	if (name != NULL && strncmp(error, name, strlen(name)) == 0) /* it names the file itself */
		cli_no("replay", "%s", error);
	else
		cli_no("replay", "%s: %s", name == NULL ? "?" : name, error);
}

/* Alerts of another IDS that stay without a verdict, each by name. */
static void take_others(const struct replay *r, const json_t *others)
{
	const json_t *list = json_object_get(others, "unmatched"), *o;
	long long alerts = json_integer_value(json_object_get(others, "alerts"));
	long long left = alerts - json_integer_value(json_object_get(others, "joined"));
	size_t i;

	if (left == 0)
		return;
	fprintf(stderr, "konseki replay: %lld of %lld alerts of %s belong to no transaction of these captures\n", left, alerts,
	        r->alerts);
	json_array_foreach(list, i, o)
	{
		fprintf(stderr, "%s:%lld: %lld ", r->alerts, (long long)json_integer_value(json_object_get(o, "line")),
		        (long long)json_integer_value(json_object_get(o, "signature_id")));
		clean_put(stderr, json_string_value(json_object_get(o, "signature")));
		fprintf(stderr, ", %s port %lld -> %s port %lld\n", json_string_value(json_object_get(o, "src_ip")),
		        (long long)json_integer_value(json_object_get(o, "src_port")),
		        json_string_value(json_object_get(o, "dest_ip")),
		        (long long)json_integer_value(json_object_get(o, "dest_port")));
	}
	if ((size_t)left > json_array_size(list))
		fprintf(stderr, "%s: … and %lld more\n", r->alerts, left - (long long)json_array_size(list));
}

static void take_record(struct replay *r, const json_t *record)
{
	static const char *const names[] = { "unknown", "failure", "success" };
	const char *verdict = json_string_value(json_object_get(json_object_get(record, "triage"), "verdict"));

	r->records++;
	for (unsigned i = 0; verdict != NULL && i < COUNT_OF(names); i++)
		r->verdicts[i] += strcmp(names[i], verdict) == 0;
	if (table_add(r->table, record) < 0)
		cli_cannot("replay", "a record could not be shown");
}

/* No record but a word of control's about the replay: each has one key, which no record begins with. */
static bool is_about_replay(const char *line, size_t len)
{
	static const char *const begins[] = { "{\"capture\":", "{\"losses\":", "{\"others\":" };

	for (size_t i = 0; i < COUNT_OF(begins); i++)
		if (len > strlen(begins[i]) && memcmp(line, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

static void line_take(struct replay *r, const char *line, size_t len)
{
	json_t *o = NULL, *capture, *losses, *others;

	progress_clear(&r->progress);
	if (r->json && !is_about_replay(line, len)) { /* goes out as it came */
		r->records++;
		fwrite(line, 1, len, stdout);
		return;
	}
	o = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
	capture = json_object_get(o, "capture");
	losses = json_object_get(o, "losses");
	others = json_object_get(o, "others");
	if (capture != NULL)
		take_capture(r, capture);
	else if (losses != NULL)
		r->losses = json_incref(losses);
	else if (others != NULL)
		take_others(r, others);
	else if (o != NULL)
		take_record(r, o);
	json_decref(o);
}

/* The whole lines of buf; returns how many bytes they are. */
static size_t lines_of(struct replay *r, const char *buf, size_t used)
{
	size_t from = 0;

	for (const char *end; (end = memchr(buf + from, '\n', used - from)) != NULL; from = (size_t)(end - buf) + 1)
		line_take(r, buf + from, (size_t)(end - buf) + 1 - from);
	return from;
}

/* Result lines until control closes its end, and how far it is meanwhile. */
static void lines_take(struct replay *r, int from, unsigned captures)
{
	struct pollfd wait = { .fd = from, .events = POLLIN };
	size_t size = 1 << 16, used = 0;
	char *buf = malloc(size);

	while (!interrupted && buf != NULL) {
		ssize_t n;
		size_t taken;

		if (poll(&wait, 1, 1000) <= 0) {
			progress_tick(&r->progress, "judging capture", r->captures + 1, captures);
			continue;
		}
		n = read(from, buf + used, size - used);
		if (n <= 0)
			break;
		used += (size_t)n;
		taken = lines_of(r, buf, used);
		memmove(buf, buf + taken, used - taken);
		used -= taken;
		if (used == size) {
			char *grown = realloc(buf, size *= 2);

			if (grown == NULL)
				break;
			buf = grown;
		}
	}
	progress_clear(&r->progress);
	free(buf);
}

/* NULL where it is none of the lanes': control's have names that speak for themselves. */
static const struct counter_row *row_of(const char *name)
{
	for (enum counter k = 0; k < COUNTER_COUNT; k++)
		if (strcmp(counter_row(k)->name, name) == 0)
			return counter_row(k);
	return NULL;
}

/* One line for all, and one more for each counter of what was lost, ignored or odd. */
static void summary_print(const struct replay *r)
{
	char line[256];
	const char *name;
	json_t *value;

	printf("%s%lu alert%s: %lu success, %lu failure, %lu unknown; %llu packets in %lu capture%s\n", r->records > 0 ? "\n" : "",
	       r->records, r->records == 1 ? "" : "s", r->verdicts[2], r->verdicts[1], r->verdicts[0], r->packets,
	       r->captures, r->captures == 1 ? "" : "s");
	json_object_foreach(r->losses, name, value) {
		const struct counter_row *row = row_of(name);

		snprintf(line, sizeof(line), "    %s %lld  %s", name, (long long)json_integer_value(value), row != NULL ? row->help : "");
		printf("%.*s\n", (int)table_width(stdout), line);
	}
}

/* With --json stdout is for records alone; what is merely odd is no news to a program. */
static void losses_tell(const struct replay *r)
{
	const char *name;
	json_t *value;
	bool any = false;

	json_object_foreach(r->losses, name, value) {
		const struct counter_row *row = row_of(name);

		if (row != NULL && row->kind == COUNTER_KIND_ODD)
			continue;
		if (!any)
			fprintf(stderr, "konseki replay: of %llu packets in %lu capture%s", r->packets, r->captures, r->captures == 1 ? "" : "s");
		fprintf(stderr, "; %s %lld", name, (long long)json_integer_value(value));
		any = true;
	}
	if (any)
		putc('\n', stderr);
}

/* Who failed first: the dataplane ends by itself, control after it, the emulators last. It has told why. */
static int failure_tell(struct replay *r)
{
	static const enum program order[] = { PROGRAM_DATAPLANE, PROGRAM_EMU, PROGRAM_CONTROL };
	char how[64];

	for (size_t i = 0; i < COUNT_OF(order); i++) {
		const struct fleet_member *m = &r->fleet.members[order[i]];

		if (order[i] == PROGRAM_EMU && m->ended && WIFEXITED(m->status) && WEXITSTATUS(m->status) == EXIT_CANNOT)
			return EXIT_CANNOT; /* a profile that cannot be opened: its line stands alone */
		if (m->ended && m->status != 0)
			return cli_cannot("replay", "%s %s before every capture was judged", program_name(order[i]),
			                  fleet_ending(m, how, sizeof(how)));
	}
	return cli_cannot("replay", "the programs ended before every capture was judged");
}

/* All results are in, or there will be no more: the programs end by themselves, or are ended. */
static int programs_end(struct replay *r, bool whole)
{
	int code = EXIT_DONE;

	for (unsigned waited = 0; waited < 100 && !interrupted && r->fleet.members[PROGRAM_CONTROL].pid > 0; waited++) {
		usleep(10000);
		fleet_reap(&r->fleet);
	}
	if (!whole && !interrupted)
		code = failure_tell(r);
	fleet_stop(&r->fleet);
	return code;
}

static int results_read(struct replay *r, unsigned captures)
{
	int code;

	lines_take(r, r->fleet.results[0], captures);
	code = programs_end(r, r->captures == captures);
	if (interrupted)
		return cli_cannot("replay", "interrupted");
	if (!r->json) {
		table_print(r->table, stdout);
		if (code == EXIT_DONE)
			summary_print(r);
	} else if (code == EXIT_DONE) {
		losses_tell(r);
	}
	if (code == EXIT_DONE && (fflush(stdout) != 0 || ferror(stdout)))
		return cli_cannot("replay", "cannot write the output: %s", strerror(errno));
	return code != EXIT_DONE ? code : r->bad > 0 || r->bad_alerts > 0 ? EXIT_NO : EXIT_DONE;
}

/* The flows of another IDS's alerts, as rules in memory: *ret is their descriptor. An exit code. */
static int alerts_read(struct replay *r, int *ret)
{
	struct complaints complaints = { .to = stderr, .max = 20 };
	struct eve *eve = NULL;
	FILE *rules = NULL;
	int fd = -1, e = eve_open(r->alerts, &complaints, &eve);

	if (e < 0)
		return cli_cannot("replay", "cannot read %s: %s", r->alerts, strerror(-e));
	r->bad_alerts = complaints.count;
	if (complaints.count > complaints.max)
		fprintf(stderr, "%s: … and %u more bad lines\n", r->alerts, complaints.count - complaints.max);
	if ((fd = memfd_create("rules", MFD_CLOEXEC)) < 0 || (rules = fdopen(dup(fd), "w")) == NULL)
		e = -errno;
	else
		e = eve_rules_write(eve, rules);
	if (rules != NULL)
		fclose(rules);
	eve_free(eve);
	if (e < 0) {
		if (fd >= 0)
			close(fd);
		return cli_cannot("replay", "cannot make rules of %s: %s", r->alerts, strerror(-e));
	}
	*ret = fd;
	return EXIT_DONE;
}

static int replay_run(struct replay *r, int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct fleet_plan plan = { .verb = "replay", .settings = &r->settings, .replay = true, .rules = -1 };
	int code = options_read(argc, argv, r);

	if (code != EXIT_DONE || (code = cli_settings("replay", r->config, &r->settings)) != EXIT_DONE)
		return code;
	if (r->lanes > 0)
		r->settings.lanes = r->lanes;
	if (r->workers > 0)
		r->settings.workers = r->workers;
	if (r->alerts != NULL && (code = alerts_read(r, &plan.rules)) != EXIT_DONE)
		return code;
	plan.alerts = r->alerts;
	plan.captures = argv + optind;
	plan.captures_count = (unsigned)(argc - optind);
	if (!r->json && table_new(table_width(stdout), table_colours(stdout), &r->table) < 0)
		return cli_cannot("replay", "out of memory");
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	r->progress = progress_begin();
	code = fleet_start(&plan, &r->fleet);
	if (code != EXIT_DONE)
		return code;
	fleet_let_go(&r->fleet);
	if (plan.rules >= 0)
		close(plan.rules);
	return results_read(r, plan.captures_count);
}

int verb_replay(int argc, char **argv)
{
	struct replay *r = calloc(1, sizeof(*r));
	int code;

	if (r == NULL)
		return cli_cannot("replay", "out of memory");
	code = replay_run(r, argc, argv);
	table_free(r->table);
	json_decref(r->losses);
	free(r);
	return code;
}

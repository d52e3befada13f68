/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki show: what the running appliance tells over its admin socket; alerts also out of the store. */
#include "control/cli/ask.h"
#include "control/cli/table.h"
#include "control/cli/verb.h"
#include "config/settings.h"
#include "control/ctl/request.h"
#include "control/store/store.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FOLLOW_PAUSE_S = 1 };

struct showing {
	struct request request;
	bool json, follow;
	bool unhealthy; /* the answer to `show health` is no */
	struct settings settings;
	struct table *table;
};

/* "name value" for each member of an object, those of one line together. */
static void print_plain(json_t *o)
{
	const char *name;
	json_t *value;

	json_object_foreach(o, name, value)
	{
		char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

		if (json_is_string(value))
			printf("%-28s %s\n", name, json_string_value(value));
		else
			printf("%-28s %s\n", name, text == NULL ? "?" : text);
		free(text);
	}
}

/* One line of the answer. An exit code. */
static int line_show(void *arg, const char *line, size_t len)
{
	struct showing *s = arg;
	json_t *o = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
	const char *error = json_string_value(json_object_get(o, "error"));
	int code = EXIT_DONE;

	if (o == NULL) {
		code = cli_cannot("show", "the appliance answered with what is no JSON");
	} else if (error != NULL) {
		code = cli_cannot("show", "%s: %s", show_name(s->request.show), error);
	} else if (s->json) {
		fwrite(line, 1, len, stdout);
		if (len == 0 || line[len - 1] != '\n')
			putchar('\n');
	} else if (s->request.show == SHOW_ALERTS) {
		if (table_add(s->table, o) == 0 && s->follow)
			table_print(s->table, stdout);
	} else {
		print_plain(o);
		if (s->request.show == SHOW_LANES)
			putchar('\n');
	}
	if (json_is_false(json_object_get(o, "healthy")))
		s->unhealthy = true;
	fflush(stdout);
	json_decref(o);
	return code;
}

static int answer_show(struct showing *s, FILE *answer)
{
	int code = answer_each(answer, line_show, s);

	if (s->table != NULL)
		table_print(s->table, stdout);
	return code;
}

/* Nothing runs: what it stored is there all the same. */
static int store_show(struct showing *s)
{
	char folder[PATH_MAX + 8];
	struct store *store = NULL;
	struct store_record record;
	char **lines = calloc(s->request.limit, sizeof(*lines));
	unsigned count = 0;
	uint64_t before = UINT64_MAX;
	int r, code = EXIT_DONE;

	snprintf(folder, sizeof(folder), "%s/live", s->settings.store);
	r = store_open(folder, 0, 0, STORE_READ, &store);
	if (r == -ENOENT || lines == NULL) {
		free(lines);
		return cli_cannot("show", "no appliance answers at %s and none has stored anything in %s; start it with: konseki run",
		                  s->settings.socket, folder);
	}
	if (r < 0) {
		free(lines);
		return cli_cannot("show", "cannot read the store %s: %s", folder, store_why(r));
	}
	while (count < s->request.limit && store_find_before(store, before, &record) == 0) {
		before = record.sequence;
		lines[count] = strndup((const char *)record.json.at, record.json.left);
		if (lines[count] == NULL)
			break;
		count++;
	}
	while (count > 0) {
		code = line_show(s, lines[count - 1], strlen(lines[count - 1]));
		free(lines[--count]);
	}
	free(lines);
	if (s->table != NULL)
		table_print(s->table, stdout);
	store_close(store);
	return code;
}

static int show_once(struct showing *s)
{
	FILE *answer = NULL;
	int r = ask(s->settings.socket, &s->request, &answer);

	if (r == 0)
		return answer_show(s, answer);
	if (s->request.show == SHOW_ALERTS && !s->follow && (r == -ENOENT || r == -ECONNREFUSED))
		return store_show(s);
	if (r == -ENOENT || r == -ECONNREFUSED)
		return cli_cannot("show", "no appliance answers at %s; start it with: konseki run", s->settings.socket);
	return cli_cannot("show", "cannot ask the appliance at %s: %s", s->settings.socket, strerror(-r));
}

static int options_read(int argc, char **argv, struct showing *s, const char **config)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' }, { "follow", no_argument, NULL, 'f' }, { NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":c:", longs, NULL)) != -1) {
		if (option == 'c')
			*config = optarg;
		else if (option == 'j')
			s->json = true;
		else if (option == 'f')
			s->follow = true;
		else
			return cli_bad_option("show", option, argv);
	}
	if (optind == argc)
		return cli_usage("show", "what? alerts, flows, ports, lanes, queue, rules, iocs, profiles or health");
	if (optind + 1 < argc)
		return cli_usage("show", "unexpected argument: %s", argv[optind + 1]);
	if (show_parse(argv[optind], &s->request.show) < 0)
		return cli_usage("show", "there is no %s to show", argv[optind]);
	s->request.follow = s->follow;
	s->request.limit = 100;
	return EXIT_DONE;
}

int verb_show(int argc, char **argv)
{
	struct showing *s = calloc(1, sizeof(*s));
	const char *config = NULL;
	unsigned version;
	int code;

	if (s == NULL)
		return cli_cannot("show", "out of memory");
	if ((code = options_read(argc, argv, s, &config)) != EXIT_DONE ||
	    (code = cli_settings_in_force("show", config, false, &s->settings, &version)) != EXIT_DONE)
		goto out;
	if (!s->json && s->request.show == SHOW_ALERTS &&
	    table_new(table_width(stdout), table_colours(stdout), &s->table) < 0) {
		code = cli_cannot("show", "out of memory");
		goto out;
	}
	code = show_once(s);
	/* alerts are pushed by the appliance; everything else is asked for again */
	while (code == EXIT_DONE && s->follow && s->request.show != SHOW_ALERTS) {
		sleep(FOLLOW_PAUSE_S);
		code = show_once(s);
	}
	if (code == EXIT_DONE && s->unhealthy)
		code = EXIT_NO;
out:
	table_free(s->table);
	free(s);
	return code;
}

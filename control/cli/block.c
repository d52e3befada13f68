/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki block: what is stopped. The appliance does it; the list is also in its store. */
#include "control/cli/block.h"

#include "control/cli/ask.h"
#include "control/cli/author.h"
#include "control/cli/clean.h"
#include "control/cli/verb.h"
#include "config/settings.h"
#include "control/contain/contained.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct blocking {
	struct request request;
	bool json, offline;
	struct settings settings;
	json_t *rows; /* an array: what is told */
};

static int by_number(const void *a, const void *b)
{
	const json_int_t x = json_integer_value(json_object_get(*(json_t *const *)a, "id"));
	const json_int_t y = json_integer_value(json_object_get(*(json_t *const *)b, "id"));

	return (x > y) - (x < y);
}

static const char *text_of(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text == NULL ? "" : text;
}

static void row_print(const json_t *o)
{
	const char *who = text_of(o, "who"), *of = text_of(o, "case");

	printf("%6lld  %-20.19s  %8lld  %-34s  ", (long long)json_integer_value(json_object_get(o, "id")), text_of(o, "until"),
	       (long long)json_integer_value(json_object_get(o, "packets")), text_of(o, "what"));
	if (of[0] != '\0')
		printf("case %s  ", of);
	else
		clean_put(stdout, who[0] != '\0' ? who : "an operator");
	if (of[0] == '\0')
		fputs("  ", stdout);
	clean_put(stdout, text_of(o, "reason"));
	putchar('\n');
}

/* In the order of numbers. An exit code. */
static int rows_tell(struct blocking *b)
{
	size_t count = json_array_size(b->rows);
	json_t **rows = calloc(count + 1, sizeof(*rows));

	if (rows == NULL)
		return cli_cannot("block", "out of memory");
	for (size_t i = 0; i < count; i++)
		rows[i] = json_array_get(b->rows, i);
	qsort(rows, count, sizeof(*rows), by_number);
	if (!b->json && count > 0)
		puts("NUMBER  UNTIL (UTC)           PACKETS  WHAT                                BY, REASON");
	for (size_t i = 0; i < count; i++) {
		char *text = b->json ? json_dumps(rows[i], JSON_COMPACT) : NULL;

		if (text != NULL)
			puts(text);
		else
			row_print(rows[i]);
		free(text);
	}
	if (count > 0 && !b->offline && b->request.kind != REQUEST_BLOCK_REMOVE && json_is_false(json_object_get(rows[0], "in_force")))
		fputs("konseki block: no port of dataplane.ports has a pair: on a tap nothing is stopped\n", stderr);
	free(rows);
	return EXIT_DONE;
}

/* A row, or what is wrong. An exit code. */
static int line_read(void *arg, const char *line, size_t len)
{
	struct blocking *b = arg;
	json_t *o = json_loadb(line, len, 0, NULL);
	const char *error = json_string_value(json_object_get(o, "error"));
	int code = EXIT_DONE;

	if (o == NULL)
		code = cli_cannot("block", "the appliance answered with what is no JSON");
	else if (error != NULL && b->request.kind == REQUEST_BLOCK_ADD && !b->request.force)
		code = cli_no("block", "%s; not blocked", error);
	else if (error != NULL)
		code = cli_no("block", "%s", error);
	else
		json_array_append(b->rows, o);
	json_decref(o);
	return code;
}

static int answer_read(struct blocking *b, FILE *answer)
{
	int code = answer_each(answer, line_read, b);

	return code == EXIT_DONE ? rows_tell(b) : code;
}

/* Nothing runs and so nothing is stopped; what the next start will stop is told. */
static int store_read(struct blocking *b)
{
	char folder[PATH_MAX + 8];
	struct store *store = NULL;
	struct timespec now;
	struct bytes encoded;
	uint64_t id = 0;
	int r;

	snprintf(folder, sizeof(folder), "%s/live", b->settings.store);
	r = store_open(folder, 0, 0, STORE_READ, &store);
	if (r == -ENOENT)
		return cli_cannot("block", "no appliance answers at %s and none has stored anything in %s; start it with: konseki run",
		                  b->settings.socket, folder);
	if (r < 0)
		return cli_cannot("block", "cannot read the store %s: %s", folder, store_why(r));
	clock_gettime(CLOCK_REALTIME, &now);
	while (store_find_block(store, id, &id, &encoded) == 0) {
		struct contained c;

		if (contained_decode(encoded, &c) == 0 && c.until_ns / 1000000000u > (uint64_t)now.tv_sec)
			json_array_append_new(b->rows, contained_json(&c, 0, false));
	}
	store_close(store);
	b->offline = true;
	fputs("konseki block: no appliance runs: nothing is stopped until it does\n", stderr);
	return rows_tell(b);
}

void block_hint(struct store *store, const struct case_id *id)
{
	char text[CASE_ID_TEXT];
	struct bytes encoded;
	uint64_t number = 0;
	unsigned count = 0;

	case_id_format(id, text);
	while (store_find_block(store, number, &number, &encoded) == 0) {
		struct contained c;

		count += contained_decode(encoded, &c) == 0 && strcmp(c.case_id, text) == 0;
	}
	if (count > 0)
		fprintf(stderr, "konseki case: its success blocked %u; let them go with: konseki block remove --case %s\n", count, text);
}

static int number_read(const char *text, unsigned long long max, unsigned long long *ret)
{
	char *end;

	if (text[0] < '0' || text[0] > '9' || strlen(text) > 18)
		return -EINVAL;
	*ret = strtoull(text, &end, 10);
	return *end != '\0' || *ret == 0 || *ret > max ? -EINVAL : 0;
}

/* The words of WHAT, as one text. */
static int what_read(struct blocking *b, int argc, char **argv)
{
	char text[BLOCK_TEXT] = "";
	size_t used = 0;
	unsigned long long number;

	for (int i = 0; i < argc; i++) {
		int n = snprintf(text + used, sizeof(text) - used, "%s%s", i > 0 ? " " : "", argv[i]);

		used += (size_t)n;
		if (used >= sizeof(text))
			return cli_usage("block", "that is too long for what can be blocked");
	}
	if (b->request.kind == REQUEST_BLOCK_REMOVE && argc == 1 && number_read(text, INT64_MAX, &number) == 0) {
		b->request.id = number;
		return EXIT_DONE;
	}
	if (block_parse(text, &b->request.block) < 0)
		return cli_usage("block", "%s is no ADDRESS, NETWORK/BITS (/8 at least, IPv6 /16), two addresses of one family, or "
		                 "tcp|udp ADDRESS:PORT ADDRESS:PORT", text);
	return EXIT_DONE;
}

struct given {
	const char *config, *author, *of, *minutes, *reason;
	bool all;
};

static int take_texts(struct blocking *b, const struct given *g)
{
	struct request *q = &b->request;
	char author[VERSION_AUTHOR_MAX + 1];
	unsigned long long minutes = 0;
	struct case_id id;

	if (g->reason != NULL && !request_text_ok(g->reason, REQUEST_REASON_MAX))
		return cli_usage("block", "a reason is one line of at most %d bytes of UTF-8", REQUEST_REASON_MAX);
	if (g->author != NULL && (g->author[0] == 0 || !request_text_ok(g->author, REQUEST_WHO_MAX)))
		return cli_usage("block", "an author is one line of at most %d bytes of UTF-8", REQUEST_WHO_MAX);
	if (g->minutes != NULL && number_read(g->minutes, REQUEST_MINUTES_MAX, &minutes) < 0)
		return cli_usage("block", "%s is no number of minutes from 1 to %d", g->minutes, REQUEST_MINUTES_MAX);
	if (g->of != NULL && case_id_parse(g->of, &id) < 0)
		return cli_usage("block", "%s is no case", g->of);
	author_write(g->author, author);
	snprintf(q->who, sizeof(q->who), "%s", author);
	snprintf(q->reason, sizeof(q->reason), "%s", g->reason == NULL ? "" : g->reason);
	snprintf(q->case_id, sizeof(q->case_id), "%s", g->of == NULL ? "" : g->of);
	q->minutes = (unsigned)minutes;
	q->all = g->all;
	return EXIT_DONE;
}

/* Which options belong to which word. */
static int options_fit(const struct blocking *b, const struct given *g, int words)
{
	enum request_kind kind = b->request.kind;
	bool adds = kind == REQUEST_BLOCK_ADD, removes = kind == REQUEST_BLOCK_REMOVE;

	if (!adds && (g->minutes != NULL || g->reason != NULL || b->request.force))
		return cli_usage("block", "--minutes, --reason and --force are of add");
	if (!removes && (g->of != NULL || g->all))
		return cli_usage("block", "--case and --all are of remove");
	if (kind == REQUEST_BLOCK_LIST && (words > 0 || g->author != NULL))
		return cli_usage("block", "list takes no more words");
	if (kind != REQUEST_BLOCK_LIST && words + (g->of != NULL) + g->all == 0)
		return cli_usage("block", adds ? "add what?" : "remove what?");
	if (removes && (words > 0) + (g->of != NULL) + g->all > 1)
		return cli_usage("block", "a number, WHAT, --case or --all: one of them");
	return EXIT_DONE;
}

static int options_read(int argc, char **argv, struct blocking *b, struct given *g)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },          { "minutes", required_argument, NULL, 'm' },
		{ "reason", required_argument, NULL, 'r' },  { "author", required_argument, NULL, 'a' },
		{ "force", no_argument, NULL, 'f' },         { "case", required_argument, NULL, 'i' },
		{ "all", no_argument, NULL, 'l' },           { NULL, 0, NULL, 0 },
	};
	static const char *const words[] = { [REQUEST_BLOCK_LIST] = "list", [REQUEST_BLOCK_ADD] = "add", [REQUEST_BLOCK_REMOVE] = "remove" };
	int option, code;

	while ((option = getopt_long(argc, argv, ":c:", longs, NULL)) != -1) {
		const char **text = option == 'c' ? &g->config : option == 'm' ? &g->minutes : option == 'r' ? &g->reason :
		                    option == 'a' ? &g->author : option == 'i' ? &g->of : NULL;

		if (text != NULL)
			*text = optarg;
		else if (option == 'j')
			b->json = true;
		else if (option == 'f')
			b->request.force = true;
		else if (option == 'l')
			g->all = true;
		else
			return cli_bad_option("block", option, argv);
	}
	if (optind == argc)
		return cli_usage("block", "what? list, add or remove");
	for (unsigned i = REQUEST_BLOCK_LIST; i <= REQUEST_BLOCK_REMOVE; i++)
		if (strcmp(argv[optind], words[i]) == 0)
			b->request.kind = i;
	if (b->request.kind == REQUEST_SHOW)
		return cli_usage("block", "no such word: %s", argv[optind]);
	optind++;
	if ((code = options_fit(b, g, argc - optind)) != EXIT_DONE || (code = take_texts(b, g)) != EXIT_DONE || optind == argc)
		return code;
	return what_read(b, argc - optind, argv + optind);
}

static int block(struct blocking *b)
{
	FILE *answer = NULL;
	int r = ask(b->settings.socket, &b->request, &answer);

	if (r == 0)
		return answer_read(b, answer);
	if (r != -ENOENT && r != -ECONNREFUSED)
		return cli_cannot("block", "cannot ask the appliance at %s: %s", b->settings.socket, strerror(-r));
	if (b->request.kind == REQUEST_BLOCK_LIST)
		return store_read(b);
	return cli_cannot("block", "no appliance answers at %s; start it with: konseki run", b->settings.socket);
}

int verb_block(int argc, char **argv)
{
	struct blocking *b = calloc(1, sizeof(*b));
	struct given given = { 0 };
	unsigned version;
	int code;

	if (b == NULL || (b->rows = json_array()) == NULL) {
		free(b);
		return cli_cannot("block", "out of memory");
	}
	if ((code = options_read(argc, argv, b, &given)) == EXIT_DONE &&
	    (code = cli_settings_in_force("block", given.config, false, &b->settings, &version)) == EXIT_DONE)
		code = block(b);
	json_decref(b->rows);
	free(b);
	return code;
}

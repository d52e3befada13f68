/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki case: one case out of the store, to be checked, exported or marked. */
#include "control/cli/case.h"
#include "config/settings.h"
#include "control/cli/block.h"
#include "control/cli/mask.h"
#include "control/cli/rebuild.h"
#include "control/cli/verb.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asked {
	const char *config, *pcap, *mark, *code;
	bool json, request;
	struct case_id id;
};

static uint8_t *bytes_keep(struct bytes b)
{
	uint8_t *copy = malloc(b.left + 1);

	if (copy != NULL && b.left > 0)
		memcpy(copy, b.at, b.left);
	return copy;
}

static void case_fini(struct stored_case *c)
{
	for (unsigned i = 0; i < c->reports_count; i++) {
		report_free(c->reports[i].report);
		free(c->reports[i].bytes);
	}
	extraction_free(c->codes);
	free(c->marks);
	free(c->bytes);
	free(c->mark);
	json_decref(c->record);
}

static int reports_take(struct stored_case *c, struct store *s, const struct store_record *record)
{
	struct bytes b;

	c->reports_count = record->keys_count;
	for (unsigned i = 0; i < record->keys_count; i++) {
		if (store_find_trace(s, record->keys[i], &b) < 0)
			continue;
		c->reports[i].bytes = bytes_keep(b);
		if (c->reports[i].bytes == NULL)
			return -ENOMEM;
		b.at = c->reports[i].bytes;
		if (report_decode(&b, &c->reports[i].report) < 0)
			c->reports[i].report = NULL;
	}
	return 0;
}

/* Puts a script back that an earlier request brought: the case itself does not hold it. */
static void uploaded_put_back(struct stored_case *c, const json_t *code)
{
	const char *text = json_string_value(json_object_get(code, "text")), *name = json_string_value(json_object_get(code, "language"));
	const json_t *layers = json_object_get(code, "decoding");
	const char *layer = json_string_value(json_array_get(layers, 0));
	enum language language;

	if (text != NULL && name != NULL && layer != NULL && strcmp(layer, EXTRACT_UPLOADED) == 0 && language_parse(name, &language) == 0 &&
	    extract_uploaded(c->codes, &c->captured, language, bytes_text(text)) < 0)
		fprintf(stderr, "konseki case: an uploaded script has no room here\n");
}

static bool same_digest(const struct attack_code *code, const char *hex)
{
	char text[2 * sizeof(code->digest) + 1];

	bytes_hex(bytes_of(code->digest, sizeof(code->digest)), text);
	return hex != NULL && strcmp(text, hex) == 0;
}

/* The codes as the record has them, and in its order: what turned out to be none is not in it, and reports go by it. */
static int codes_take(struct stored_case *c)
{
	const json_t *told = json_object_get(json_object_get(c->record, "triage"), "attack_code"), *one;
	struct attack_code *kept = NULL;
	unsigned count = 0;
	size_t i;
	int r = extract_case(&c->captured, NULL, &c->codes);

	if (r < 0)
		return r;
	json_array_foreach(told, i, one)
		uploaded_put_back(c, one);
	if ((kept = calloc(EXTRACT_CODES_MAX, sizeof(*kept))) == NULL)
		return -ENOMEM;
	json_array_foreach(told, i, one)
	{
		for (unsigned k = 0; k < c->codes->count && count < EXTRACT_CODES_MAX; k++) {
			struct attack_code *code = &c->codes->codes[k];

			if (code->where[0] == '\0' || !same_digest(code, json_string_value(json_object_get(one, "sha256"))))
				continue;
			kept[count] = *code;
			if (language_parse(json_string_value(json_object_get(one, "language")), &kept[count].language) < 0)
				kept[count].language = code->language;
			count++;
			code->where[0] = '\0'; /* taken */
			break;
		}
	}
	memcpy(c->codes->codes, kept, count * sizeof(*kept));
	c->codes->count = count;
	free(kept);
	return 0;
}

static int case_take(struct stored_case *c, struct store *s)
{
	static struct store_record record;
	struct bytes b;
	int r = store_find_record(s, &c->id, &record);

	if (r < 0)
		return r;
	c->record = json_loadb((const char *)record.json.at, record.json.left, JSON_ALLOW_NUL, NULL);
	if (c->record == NULL)
		return -EINVAL;
	if ((r = reports_take(c, s, &record)) < 0)
		return r;
	if (store_find_mark(s, &c->id, &b) == 0)
		c->mark = strndup((const char *)b.at, b.left);
	if ((r = store_find_case(s, &c->id, &b)) < 0)
		return r;
	c->bytes = bytes_keep(b);
	c->marks = calloc((size_t)CASE_SEGMENTS_MAX * PART_COUNT, sizeof(*c->marks));
	if (c->bytes == NULL || c->marks == NULL)
		return -ENOMEM;
	b.at = c->bytes;
	if ((r = case_decode(&b, c->marks, &c->captured)) < 0)
		return r;
	return codes_take(c);
}

/* Opens the store that has the case: what runs, then what was replayed. */
static int case_find(struct stored_case *c, const struct settings *s, enum store_mode mode, struct store **ret)
{
	static const char *const kinds[] = { "live", "replay" };
	char bad[sizeof(c->folder)] = "";
	struct store_record record;
	int worst = -ENOENT;

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct store *store = NULL;
		int r;

		snprintf(c->folder, sizeof(c->folder), "%s/%s", s->store, kinds[i]);
		r = store_open(c->folder, (uint64_t)s->store_mb << 20, (uint64_t)s->spool_mb << 20, STORE_READ, &store);
		if (r == 0)
			r = store_find_record(store, &c->id, &record);
		if (r == 0 && mode != STORE_READ) {
			store_close(store);
			store = NULL;
			r = store_open(c->folder, (uint64_t)s->store_mb << 20, (uint64_t)s->spool_mb << 20, mode, &store);
		}
		if (r == 0) {
			*ret = store;
			return 0;
		}
		store_close(store);
		if (r != -ENOENT) {
			worst = r;
			memcpy(bad, c->folder, sizeof(bad));
		}
	}
	memcpy(c->folder, bad, sizeof(bad));
	return worst;
}

static int pcap_write(const struct stored_case *c, const char *path)
{
	FILE *to = fopen(path, "wb");
	int r = to == NULL ? -errno : rebuild_pcap(&c->captured, to);

	if (to != NULL && fclose(to) != 0 && r == 0)
		r = -errno;
	if (r < 0)
		return cli_cannot("case", "cannot write %s: %s", path, strerror(-r));
	fprintf(stderr, "konseki case: %s holds packets rebuilt from what was kept of the streams, not the captured ones\n",
	        path);
	return EXIT_DONE;
}

static int json_print(const struct stored_case *c)
{
	json_t *o = case_json(c);
	char *text = o == NULL ? NULL : json_dumps(o, JSON_COMPACT);

	json_decref(o);
	if (text == NULL)
		return cli_cannot("case", "out of memory");
	puts(text);
	free(text);
	return EXIT_DONE;
}

/* The bytes of one code, for `konseki emulate`. */
static int code_write(const struct stored_case *c, const char *number)
{
	char *end = NULL;
	unsigned long n = strtoul(number, &end, 10);

	if (end == number || *end != '\0' || n >= c->codes->count)
		return cli_no("case", "there is no code %s in it: it has %u, counted from 0", number, c->codes->count);
	fwrite(c->codes->codes[n].text.at, 1, c->codes->codes[n].text.left, stdout);
	return EXIT_DONE;
}

/* The request that brought the code, for `konseki emulate --request`. */
static int request_write(const struct stored_case *c)
{
	static const enum part_kind parts[] = { PART_REQUEST_HEAD, PART_REQUEST_BODY };

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		fwrite(c->captured.parts[parts[i]].head.at, 1, c->captured.parts[parts[i]].head.left, stdout);
	return EXIT_DONE;
}

static int options_read(int argc, char **argv, struct asked *a)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },        { "pcap", required_argument, NULL, 'p' },
		{ "mark", required_argument, NULL, 'm' },  { "code", required_argument, NULL, 'n' },
		{ "request", no_argument, NULL, 'r' },     { NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":c:", longs, NULL)) != -1) {
		if (option == 'c')
			a->config = optarg;
		else if (option == 'j')
			a->json = true;
		else if (option == 'p')
			a->pcap = optarg;
		else if (option == 'm')
			a->mark = optarg;
		else if (option == 'n')
			a->code = optarg;
		else if (option == 'r')
			a->request = true;
		else
			return cli_bad_option("case", option, argv);
	}
	if (optind + 1 != argc)
		return cli_usage("case", optind == argc ? "which case? its ID is triage.id of an alert" : "one ID at a time");
	if (case_id_parse(argv[optind], &a->id) < 0)
		return cli_no("case", "there is no case %s; an ID is 16 hex digits, '-' and a number", argv[optind]);
	if (a->mark != NULL && strcmp(a->mark, "false-positive") != 0 && strcmp(a->mark, "confirmed") != 0)
		return cli_usage("case", "--mark takes false-positive or confirmed, not %s", a->mark);
	if (a->json + a->request + (a->pcap != NULL) + (a->mark != NULL) + (a->code != NULL) > 1)
		return cli_usage("case", "one of --json, --pcap, --code, --request and --mark");
	return EXIT_DONE;
}

static int case_serve(struct stored_case *c, const struct settings *settings, const struct asked *a, const char *name)
{
	struct store *store = NULL;
	int code = EXIT_DONE, r = case_find(c, settings, a->mark != NULL ? STORE_DURABLE : STORE_READ, &store);

	if (r == -ENOENT)
		return cli_no("case", "there is no case %s in %s", name, settings->store);
	if (r < 0)
		return cli_cannot("case", "cannot open the store %s: %s", c->folder, store_why(r));
	r = a->mark != NULL ? store_put_mark(store, &c->id, a->mark) : case_take(c, store);
	if (r == 0 && a->mark != NULL && strcmp(a->mark, "false-positive") == 0)
		block_hint(store, &c->id);
	store_close(store);
	if (r < 0)
		return cli_cannot("case", "%s in %s: %s", name, c->folder, store_why(r));
	if (a->mark == NULL && a->code == NULL && !a->request)
		case_mask(c, settings->mask_secrets, settings->mask_outside);
	if (a->pcap != NULL)
		code = pcap_write(c, a->pcap);
	else if (a->json)
		code = json_print(c);
	else if (a->code != NULL)
		code = code_write(c, a->code);
	else if (a->request)
		code = request_write(c);
	else if (a->mark == NULL)
		case_print(c, stdout);
	return code;
}

int verb_case(int argc, char **argv)
{
	struct settings *settings = calloc(1, sizeof(*settings));
	struct stored_case *c = calloc(1, sizeof(*c));
	struct asked a = { 0 };
	unsigned version;
	int code;

	if (settings == NULL || c == NULL) {
		code = cli_cannot("case", "out of memory");
		goto out;
	}
	if ((code = options_read(argc, argv, &a)) != EXIT_DONE ||
	    (code = cli_settings_in_force("case", a.config, false, settings, &version)) != EXIT_DONE)
		goto out;
	c->id = a.id;
	c->config = a.config;
	code = case_serve(c, settings, &a, argv[optind]);
out:
	if (c != NULL)
		case_fini(c);
	free(c);
	free(settings);
	return code;
}

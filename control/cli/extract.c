/* SPDX-License-Identifier: GPL-2.0-or-later */
/* konseki extract: the attack code in request bytes, layer by layer. */
#include "control/cli/input.h"
#include "control/cli/verb.h"
#include "control/extract/extract.h"
#include "control/journal/text.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REQUEST_MAX = 16 << 20 }; /* bytes read; a longer file is no request */

struct context_name {
	uint32_t context;
	const char *name;
};

static const struct context_name context_names[] = {
	{ CONTEXT_ALONE, "alone" }, { CONTEXT_AFTER, "after" }, { CONTEXT_IF_SUCCESS, "if-success" },
	{ CONTEXT_IF_FAILURE, "if-failure" }, { CONTEXT_SUBSTITUTION, "substitution" },
	{ CONTEXT_PIPED_INTO, "piped-into" }, { CONTEXT_BACKGROUND, "background" },
};

static const char *const sink_names[] = {
	[SINK_RESOURCE] = "resource", [SINK_HEADER] = "header", [SINK_STREAM] = "stream",
};

static void put_bytes(json_t *to, const char *name, const char *base64_name, struct bytes b)
{
	if (!text_put(to, name, base64_name, b))
		json_object_set_new(to, name, json_null()); /* no memory: the field shows it */
}

static json_t *code_json(const struct attack_code *code)
{
	json_t *o = json_object(), *layers = json_array(), *contexts = json_array();
	char digest[2 * sizeof(code->digest) + 1];

	for (unsigned i = 0; i < code->layers_count; i++)
		json_array_append_new(layers, json_string(code->layers[i]));
	for (size_t i = 0; i < COUNT_OF(context_names); i++) {
		if ((code->contexts & context_names[i].context) != 0)
			json_array_append_new(contexts, json_string(context_names[i].name));
	}
	bytes_hex(bytes_of(code->digest, sizeof(code->digest)), digest);
	json_object_set_new(o, "language", json_string(language_name(code->language)));
	json_object_set_new(o, "class", json_string(code->class_name));
	json_object_set_new(o, "decoding", layers);
	json_object_set_new(o, "where", json_string(code->where));
	if (code->parameter[0] != '\0')
		put_bytes(o, "parameter", "parameter_base64", bytes_text(code->parameter));
	json_object_set_new(o, "offset", json_integer((json_int_t)code->offset));
	json_object_set_new(o, "contexts", contexts);
	json_object_set_new(o, "sink", json_string(sink_names[code->sink]));
	put_bytes(o, "text", "base64", code->text);
	json_object_set_new(o, "sha256", json_string(digest));
	json_object_set_new(o, "cut", json_boolean(code->cut));
	return o;
}

/* What ordinary requests hold too is no attack code by itself. */
static void drop_quiet(struct extraction *e)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < e->count; i++)
		if (!e->codes[i].quiet)
			e->codes[kept++] = e->codes[i];
	e->count = kept;
}

static void print_json(const struct extraction *e)
{
	json_t *all = json_object(), *codes = json_array();

	for (unsigned i = 0; i < e->count; i++)
		json_array_append_new(codes, code_json(&e->codes[i]));
	json_object_set_new(all, "attack_code", codes);
	json_object_set_new(all, "left", json_integer(e->left));
	json_dumpf(all, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(all);
}

static void print_text(const struct extraction *e)
{
	for (unsigned i = 0; i < e->count; i++) {
		const struct attack_code *code = &e->codes[i];

		printf("%s in %s%s%s, sink %s, written", language_name(code->language), code->where,
		       code->parameter[0] != '\0' ? " parameter " : "", code->parameter, sink_names[code->sink]);
		for (unsigned l = 0; l < code->layers_count; l++)
			printf(" %s", code->layers[l]);
		fputs(code->layers_count == 0 ? " plainly; runs" : "; runs", stdout);
		for (size_t c = 0; c < COUNT_OF(context_names); c++) {
			if ((code->contexts & context_names[c].context) != 0)
				printf(" %s", context_names[c].name);
		}
		putchar('\n');
		shown_print(code->text, "    ");
	}
	if (e->count == 0)
		puts("no attack code");
	if (e->left > 0)
		printf("%u codes or values more were left out\n", e->left);
}

int verb_extract(int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' }, { 0 } };
	struct extraction *found = NULL;
	uint8_t *request = NULL;
	const char *name = "-";
	size_t len = 0;
	bool json = false;
	int c, r;

	opterr = 0;
	while ((c = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (c != 'j')
			return cli_bad_option("extract", c, argv);
		json = true;
	}
	if (argc - optind > 1)
		return cli_usage("extract", "one file at a time");
	if (argc - optind == 1)
		name = argv[optind];
	r = input_read(name, REQUEST_MAX, &request, &len);
	if (r == 0)
		r = extract_bytes(bytes_of(request, len), &found);
	if (r < 0) {
		free(request);
		return cli_cannot("extract", "%s: %s", name, strerror(-r));
	}
	drop_quiet(found);
	if (json)
		print_json(found);
	else
		print_text(found);
	c = found->count > 0 ? EXIT_DONE : EXIT_NO;
	extraction_free(found);
	free(request);
	return c;
}

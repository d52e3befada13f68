/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plain form: one JSON object a line, a sample each. */
#include "control/iocgen/read/read.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 64 << 20 }; /* a longer line is no sample: it would be a gigabyte as a tree */

static struct bytes text_of(const json_t *of, const char *key)
{
	const json_t *v = json_object_get(of, key);

	return bytes_of(json_string_value(v), json_is_string(v) ? json_string_length(v) : 0);
}

static struct bytes cut(struct bytes t)
{
	if (t.left > SAMPLE_NAME_MAX)
		t.left = SAMPLE_NAME_MAX;
	return t;
}

/* NULL, or why the line is none. */
static const char *sample_of(const json_t *j, const struct read_given *given, struct sample *ret)
{
	struct bytes label = text_of(j, "label"), date = text_of(j, "date");

	*ret = given->otherwise;
	if (!json_is_object(j))
		return "no JSON object";
	ret->name = cut(text_of(j, "sample"));
	if (ret->name.left == 0)
		return "\"sample\" is missing";
	if (!json_is_array(json_object_get(j, "artefacts")))
		return "\"artefacts\" is no list";
	if (label.left > 0 && label_find(label, &ret->label) < 0)
		return "\"label\" is malware or benign";
	if (date.left > 0 && day_parse(date, &ret->day) < 0)
		return "\"date\" is no YYYY-MM-DD";
	if (text_of(j, "family").left > 0)
		ret->family = cut(text_of(j, "family"));
	if (text_of(j, "source").left > 0)
		ret->source = cut(text_of(j, "source"));
	return NULL;
}

static const char *artefact_of(const json_t *j, struct artefact *ret)
{
	if (!json_is_object(j) || kind_find(text_of(j, "kind"), &ret->kind) < 0)
		return "an artefact of no known kind";
	ret->action = action_find(text_of(j, "action")); /* a word that we do not know says no more than none */
	ret->value = text_of(j, "value");
	return ret->value.left == 0 ? "an artefact without a value" : NULL;
}

static int hand_on(const json_t *j, const struct read_given *given, uint64_t line, const struct sample_sink *sink)
{
	const json_t *list = json_object_get(j, "artefacts"), *one;
	struct sample sample;
	struct artefact artefact;
	const char *why = sample_of(j, given, &sample);
	size_t i;
	int r;

	if (why != NULL) {
		sink->bad(sink->to, given->path, line, why);
		return 0;
	}
	if ((r = sink->begin(sink->to, &sample)) < 0)
		return r;
	json_array_foreach(list, i, one)
	{
		if ((why = artefact_of(one, &artefact)) != NULL)
			sink->bad(sink->to, given->path, line, why);
		else if ((r = sink->artefact(sink->to, &artefact)) < 0)
			return r;
	}
	return sink->end(sink->to);
}

int read_plain(FILE *from, const struct read_given *given, const struct sample_sink *sink)
{
	char *text = NULL;
	size_t room = 0;
	uint64_t line = 0;
	ssize_t len;
	int r = 0;

	while (r == 0 && (len = getline(&text, &room, from)) >= 0) {
		json_error_t error;
		json_t *j;

		line++;
		if (bytes_trim(bytes_of(text, (size_t)len)).left == 0)
			continue;
		if (len > LINE_MAX_BYTES) {
			sink->bad(sink->to, given->path, line, "a line of more than 64 MB");
			continue;
		}
		j = json_loadb(text, (size_t)len, JSON_ALLOW_NUL, &error);
		if (j == NULL)
			sink->bad(sink->to, given->path, line, error.text);
		else
			r = hand_on(j, given, line, sink);
		json_decref(j);
	}
	free(text);
	return r < 0 ? r : ferror(from) ? -EIO : 0;
}

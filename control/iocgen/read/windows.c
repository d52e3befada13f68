/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Windows' events as JSON: lines or arrays, flat or in the levels of their XML, from every common shipper. */
#include "control/iocgen/read/form.h"

#include "control/iocgen/read/event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct events {
	struct walk_reader reader;
	const struct read_given *given;
	const struct sample_sink *sink;
	struct forest *forest;
	struct record record;
	uint32_t level;                    /* depth of the open record's path + 1; 0: none is open */
	char name[WALK_KEY_MAX], text[4096]; /* of an element that pairs a name and a value */
	size_t name_len, text_len;
	uint64_t known;                    /* events */
	int error;
};

/* Elastic's common schema, where it replaced the event's own fields. */
static const struct { const char *path, *field; } aliases[] = {
	{ "event.code", "EventID" }, { "event.provider", "SourceName" }, { "host.name", "Hostname" }, { "process.pid", "ProcessId" },
	{ "process.parent.pid", "ParentProcessId" }, { "process.executable", "Image" }, { "process.command_line", "CommandLine" },
	{ "file.path", "TargetFilename" }, { "file.name", "PipeName" }, { "registry.path", "TargetObject" },
	{ "dns.question.name", "QueryName" }, { "destination.ip", "DestinationIp" }, { "destination.port", "DestinationPort" },
	{ "dll.path", "ImageLoaded" },
};

/* Is this object an event? One that stands in nothing but arrays, or what a search engine found. */
static bool begins(const struct walk_path *p)
{
	uint32_t i = 0;

	if (p->depth > 0 && !p->steps[p->depth - 1].element)
		return bytes_equal(walk_path_name(p), bytes_text("_source"));
	while (i < p->depth && p->steps[i].element)
		i++;
	return i == p->depth || walk_path_is(p, "Events.*") || walk_path_is(p, "events.*") || walk_path_is(p, "Records.*");
}

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	struct events *e = user;

	if (object && begins(p)) {
		record_clear(&e->record);
		e->level = p->depth + 1;
	} else if (object && p->depth > 0 && p->steps[p->depth - 1].element) {
		e->name_len = e->text_len = 0;
	}
	/* who wrote the log is not who did it */
	return e->level == 0 || !(bytes_equal(walk_path_name(p), bytes_text("Execution")) || walk_path_is(p, "winlog.process"));
}

/* An array's element of two: <Data Name="Image">…</Data>. */
static bool is_pair(const struct walk_path *p, uint32_t levels)
{
	return p->depth > levels && p->steps[p->depth - 1 - levels].element;
}

static void keep_pair(struct events *e, struct bytes member, struct bytes value)
{
	static const char *const names[] = { "Name", "@Name" }, *const texts[] = { "#text", "text", "Value", "content", "$t", "_" };

	if (bytes_is_one_of(member, names, COUNT_OF(names)) && value.left <= sizeof(e->name)) {
		memcpy(e->name, value.at, value.left);
		e->name_len = value.left;
	} else if (bytes_is_one_of(member, texts, COUNT_OF(texts))) {
		e->text_len = value.left < sizeof(e->text) ? value.left : sizeof(e->text);
		memcpy(e->text, value.at, e->text_len);
	}
}

/* A value under its innermost name, except where that only says that this is the value. */
static void keep(struct events *e, const struct walk_path *p, struct bytes value)
{
	struct bytes name = walk_path_name(p);

	if (p->depth > 1 && (bytes_equal(name, bytes_text("#text")) || bytes_equal(name, bytes_text("$t")))) {
		name = walk_path_above(p);
	} else if (bytes_equal_fold(name, bytes_text("Name")) || bytes_equal(name, bytes_text("@Name"))) {
		for (uint32_t i = 0; i < p->depth; i++) {
			if (!p->steps[i].element && bytes_equal_fold(bytes_of(p->steps[i].key, p->steps[i].len), bytes_text("Provider")))
				name = bytes_text("SourceName");
		}
	}
	record_put(&e->record, name, value);
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct events *e = user;

	if (e->level == 0 || type == WALK_NULL)
		return;
	if (is_pair(p, 1) && p->depth > e->level + 1)
		keep_pair(e, walk_path_name(p), value);
	else if (is_pair(p, 2) && p->depth > e->level + 2)
		keep_pair(e, walk_path_name(p), value); /* the name is an attribute, a level further in */
	keep(e, p, value);
	for (size_t i = 0; i < COUNT_OF(aliases); i++) {
		if (walk_path_is_within(p, e->level - 1, aliases[i].path))
			record_put(&e->record, bytes_text(aliases[i].field), value);
	}
}

/* "New Process Name:	C:\…", a line: where a shipper gives nothing but the event's message. */
static void read_message(struct record *r)
{
	/* the record's text stays where it is while more is put behind it */
	struct bytes rest = record_get(r, "Message");

	while (rest.left > 0) {
		const uint8_t *end = memchr(rest.at, '\n', rest.left), *colon;
		size_t len = end != NULL ? (size_t)(end - rest.at) : rest.left;
		struct bytes line = bytes_trim(bytes_of(rest.at, len)), value;
		uint8_t name[64];
		size_t used = 0;

		len += end != NULL;
		rest = bytes_of(rest.at + len, rest.left - len);
		if (line.left == 0 || (colon = memchr(line.at, ':', line.left)) == NULL)
			continue;
		for (const uint8_t *at = line.at; at < colon && used < sizeof(name); at++)
			if (*at != ' ')
				name[used++] = *at;
		value = bytes_trim(bytes_of(colon + 1, line.left - (size_t)(colon + 1 - line.at)));
		if (value.left > 0 && used < sizeof(name))
			record_put(r, bytes_of(name, used), value);
	}
}

static void close_part(void *user, const struct walk_path *p, bool object)
{
	static const char *const own[] = { "Image", "NewProcessName", "ProcessName", "TaskName", "ServiceName", "ObjectName", "QueryName", "SourceImage" };
	struct events *e = user;
	bool known = false, told = false;

	if (e->level == 0 || !object)
		return;
	if (p->depth + 1 > e->level) {
		if (p->depth > 0 && p->steps[p->depth - 1].element && e->name_len > 0)
			record_put(&e->record, bytes_of(e->name, e->name_len), bytes_of(e->text, e->text_len));
		e->name_len = p->depth > 0 && p->steps[p->depth - 1].element ? 0 : e->name_len;
		return;
	}
	e->level = 0;
	for (size_t i = 0; i < COUNT_OF(own) && !told; i++)
		told = record_has(&e->record, own[i]);
	if (!told)
		read_message(&e->record);
	if (e->error == 0)
		e->error = event_take(&e->record, e->forest, &known);
	e->known += known;
}

static int read_all(struct events *e)
{
	static const struct walk_hooks hooks = { .open = open_part, .close = close_part, .value = take_value };
	int r = 1;

	while (r > 0 && e->error == 0) {
		e->level = 0;
		r = walk_next(&e->reader, &hooks, e);
		if (r == -EBADMSG) {
			e->sink->bad(e->sink->to, e->given->path, e->reader.line, "no JSON, or cut off");
			r = walk_skip_line(&e->reader);
		}
	}
	if (e->known == 0 && e->error == 0)
		e->sink->bad(e->sink->to, e->given->path, 0, "no event of a provider that tells of behaviour");
	return e->error < 0 ? e->error : r;
}

int read_windows(FILE *from, const struct read_given *given, const struct sample_sink *sink)
{
	int r = -ENOMEM, given_out;
	struct events *e = malloc(sizeof(*e));

	if (e == NULL)
		return -ENOMEM;
	memset(e, 0, offsetof(struct events, record));
	e->level = 0;
	e->name_len = e->text_len = 0;
	e->known = 0;
	e->error = 0;
	walk_reader_init(&e->reader, from);
	e->given = given;
	e->sink = sink;
	if ((e->forest = forest_new(given, sink, "windows events")) == NULL)
		goto out;
	r = read_all(e);
	/* what was read before a stream broke is kept */
	if ((r == 0 || r == -EIO) && (given_out = forest_give(e->forest)) < 0)
		r = given_out;
out:
	forest_free(e->forest);
	free(e);
	return r;
}

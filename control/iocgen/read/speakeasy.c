/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of Speakeasy: a list for each kind of event (1.x), one list of all (2 to 4), and that with named arguments (5). */
#include "control/iocgen/read/form.h"

#include "control/iocgen/read/report.h"

#include "control/wire/address.h"

#include <string.h>

/* An event's word in each shape, by the end of the list's path. */
static const struct event {
	const char *list, *word;
	enum artefact_kind kind;
	enum artefact_action action;
	const char *field;
} events[] = {
	{ "file_access", "create", KIND_FILE, ACTION_CREATE, "path" },
	{ "file_access", "write", KIND_FILE, ACTION_WRITE, "path" },
	{ "file_access", "open", KIND_FILE, ACTION_OPEN, "path" },
	{ "file_access", "read", KIND_FILE, ACTION_READ, "path" },
	{ "file_access", "delete", KIND_FILE, ACTION_DELETE, "path" },
	{ "dropped_files", "", KIND_FILE, ACTION_WRITE, "path" },
	{ "registry_access", "create_key", KIND_REGISTRY, ACTION_CREATE, "path" },
	{ "registry_access", "write_value", KIND_REGISTRY, ACTION_SET, "path" },
	{ "registry_access", "open_key", KIND_REGISTRY, ACTION_OPEN, "path" },
	{ "registry_access", "read_value", KIND_REGISTRY, ACTION_READ, "path" },
	{ "registry_access", "list_subkeys", KIND_REGISTRY, ACTION_READ, "path" },
	{ "process_events", "create", KIND_PROCESS, ACTION_CREATE, "path" },
	{ "process_events", "create", KIND_COMMAND, ACTION_CREATE, "cmdline" },
	{ "process_events", "thread_inject", KIND_PROCESS, ACTION_OPEN, "path" },
	{ "dns", "", KIND_DNS, ACTION_QUERY, "query" },
	{ "events", "file_create", KIND_FILE, ACTION_CREATE, "path" },
	{ "events", "file_write", KIND_FILE, ACTION_WRITE, "path" },
	{ "events", "file_open", KIND_FILE, ACTION_OPEN, "path" },
	{ "events", "file_read", KIND_FILE, ACTION_READ, "path" },
	{ "events", "file_delete", KIND_FILE, ACTION_DELETE, "path" },
	{ "events", "reg_create_key", KIND_REGISTRY, ACTION_CREATE, "path" },
	{ "events", "reg_write_value", KIND_REGISTRY, ACTION_SET, "path" },
	{ "events", "reg_open_key", KIND_REGISTRY, ACTION_OPEN, "path" },
	{ "events", "reg_read_value", KIND_REGISTRY, ACTION_READ, "path" },
	{ "events", "reg_list_subkeys", KIND_REGISTRY, ACTION_READ, "path" },
	{ "events", "process_create", KIND_PROCESS, ACTION_CREATE, "path" },
	{ "events", "process_create", KIND_COMMAND, ACTION_CREATE, "cmdline" },
	{ "events", "thread_inject", KIND_PROCESS, ACTION_OPEN, "path" },
	{ "events", "net_dns", KIND_DNS, ACTION_QUERY, "query" },
};

/* Functions whose effect no event tells: which argument names what. Documented by Windows; with or without A or W at the end. */
static const struct function {
	const char *name;
	unsigned argument;
	enum artefact_kind kind;
	enum artefact_action action;
} functions[] = {
	{ "CreateMutex", 2, KIND_MUTEX, ACTION_CREATE }, { "CreateMutexEx", 1, KIND_MUTEX, ACTION_CREATE },
	{ "OpenMutex", 2, KIND_MUTEX, ACTION_OPEN }, { "CreateService", 1, KIND_SERVICE, ACTION_CREATE },
	{ "CreateService", 7, KIND_COMMAND, ACTION_CREATE }, { "OpenService", 1, KIND_SERVICE, ACTION_OPEN },
	{ "CreateNamedPipe", 0, KIND_FILE, ACTION_CREATE }, { "DeleteFile", 0, KIND_FILE, ACTION_DELETE },
	{ "MoveFile", 0, KIND_FILE, ACTION_RENAME }, { "MoveFile", 1, KIND_FILE, ACTION_CREATE },
	{ "MoveFileEx", 0, KIND_FILE, ACTION_RENAME }, { "MoveFileEx", 1, KIND_FILE, ACTION_CREATE },
	{ "CopyFile", 1, KIND_FILE, ACTION_CREATE }, { "CreateDirectory", 0, KIND_FILE, ACTION_CREATE },
	{ "URLDownloadToFile", 1, KIND_URL, ACTION_QUERY }, { "URLDownloadToFile", 2, KIND_FILE, ACTION_CREATE },
	{ "InternetOpen", 0, KIND_AGENT, ACTION_ANY }, { "WinHttpOpen", 0, KIND_AGENT, ACTION_ANY },
	{ "InternetOpenUrl", 1, KIND_URL, ACTION_QUERY }, { "WinExec", 0, KIND_COMMAND, ACTION_CREATE },
	{ "ShellExecute", 2, KIND_PROCESS, ACTION_CREATE }, { "system", 0, KIND_COMMAND, ACTION_CREATE },
};

static const char *const records[] = {
	"entry_points.*.events.*", "entry_points.*.apis.*", "entry_points.*.file_access.*", "entry_points.*.registry_access.*",
	"entry_points.*.process_events.*", "entry_points.*.dropped_files.*", "entry_points.*.network_events.dns.*",
	"entry_points.*.network_events.traffic.*",
};

static bool is_record(const struct walk_path *p)
{
	for (size_t i = 0; i < COUNT_OF(records); i++) {
		if (walk_path_is(p, records[i]))
			return true;
	}
	return false;
}

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	struct report *r = user;

	if (walk_path_is(p, "strings") || walk_path_is(p, "data") || walk_path_is(p, "entry_points.*.memory") ||
	    walk_path_is(p, "entry_points.*.coverage"))
		return false;
	if (walk_path_is(p, "entry_points"))
		r->known = true;
	if (object && is_record(p))
		record_clear(&r->record);
	return true;
}

/* An argument that is a number or nothing says no name. */
static bool is_name(struct bytes value)
{
	bool number = value.left > 2 && value.at[0] == '0' && value.at[1] == 'x';

	for (size_t i = 2; number && i < value.left; i++) {
		uint8_t c = value.at[i] | 0x20;

		number = (value.at[i] >= '0' && value.at[i] <= '9') || (c >= 'a' && c <= 'f');
	}
	return value.left > 0 && !number && !bytes_equal_fold(value, bytes_text("null"));
}

static void add_call(struct report *r)
{
	struct bytes name = record_get(&r->record, "api_name");

	for (size_t i = name.left; i > 0; i--) {
		if (name.at[i - 1] == '.') {
			name = bytes_of(name.at + i, name.left - i);
			break;
		}
	}
	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		size_t len = strlen(functions[i].name);
		struct bytes value = bytes_of(NULL, 0);
		unsigned at = 0;

		if (name.left < len || memcmp(name.at, functions[i].name, len) != 0 ||
		    !(name.left == len || (name.left == len + 1 && (name.at[len] == 'A' || name.at[len] == 'W'))))
			continue;
		for (unsigned k = 0; k <= functions[i].argument; k++)
			value = record_next(&r->record, "args", &at);
		if (is_name(value))
			report_add(r, functions[i].kind, functions[i].action, value);
	}
}

/* The value of a header line; "" where there is none. */
static struct bytes header(struct bytes lines, const char *name)
{
	while (lines.left > 0) {
		const uint8_t *end = memchr(lines.at, '\n', lines.left);
		size_t len = end != NULL ? (size_t)(end - lines.at) : lines.left;

		if (bytes_starts_fold(bytes_of(lines.at, len), bytes_text(name)))
			return bytes_trim(bytes_of(lines.at + strlen(name), len - strlen(name)));
		len += end != NULL;
		lines = bytes_of(lines.at + len, lines.left - len);
	}
	return bytes_of(NULL, 0);
}

/* A request: its URL, without the port that goes without saying, and what the client calls itself. */
static void add_request(struct report *r, struct bytes headers)
{
	struct bytes server = record_get(&r->record, "server"), port = record_get(&r->record, "port"), target = headers, url;
	bool secure = bytes_find(record_get(&r->record, "proto"), bytes_text("https")) >= 0;
	uint8_t text[ARTEFACT_VALUE_MAX];
	struct sink to = sink_over(text, sizeof(text));
	size_t len = 0;

	report_add(r, KIND_AGENT, ACTION_ANY, header(headers, "user-agent:"));
	while (target.left > 0 && *target.at != ' ' && *target.at != '\n')
		target = bytes_of(target.at + 1, target.left - 1);
	if (target.left > 0)
		target = bytes_of(target.at + 1, target.left - 1);
	while (len < target.left && target.at[len] > ' ')
		len++;
	sink_put(&to, secure ? "https://" : "http://", secure ? 8 : 7);
	sink_put(&to, server.at, server.left);
	if (port.left > 0 && !bytes_equal(port, bytes_text(secure ? "443" : "80"))) {
		sink_put(&to, ":", 1);
		sink_put(&to, port.at, port.left);
	}
	sink_put(&to, target.at, len);
	if (server.left > 0 && sink_done(&to, &url) == 0)
		report_add(r, KIND_URL, ACTION_QUERY, url);
}

static void add_traffic(struct report *r)
{
	struct bytes headers = record_get(&r->record, "headers"), server = record_get(&r->record, "server");
	struct address address;
	char text[ADDRESS_TEXT];

	if (headers.left > 0) {
		add_request(r, headers);
		return;
	}
	if (server.left == 0 || server.left >= sizeof(text)) {
		report_add(r, KIND_DNS, ACTION_CONNECT, server);
		return;
	}
	memcpy(text, server.at, server.left);
	text[server.left] = '\0';
	if (address_parse(text, &address) == 0)
		report_add_end(r, server, record_get(&r->record, "port"));
	else
		report_add(r, KIND_DNS, ACTION_CONNECT, server);
}

/* A value of the registry is its key with the value's name behind it. */
static void add_value(struct report *r, enum artefact_action action, struct bytes key)
{
	struct bytes name = record_get(&r->record, "value_name"), whole;
	uint8_t text[ARTEFACT_VALUE_MAX];
	struct sink to = sink_over(text, sizeof(text));

	sink_put(&to, key.at, key.left);
	if (name.left > 0) {
		sink_put(&to, "\\", 1);
		sink_put(&to, name.at, name.left);
	}
	if (sink_done(&to, &whole) == 0)
		report_add(r, KIND_REGISTRY, action, whole);
}

static void close_part(void *user, const struct walk_path *p, bool object)
{
	struct report *r = user;
	struct bytes list = walk_path_name(p), word;

	if (!object || !is_record(p))
		return;
	word = record_get(&r->record, "event");
	if (bytes_equal(list, bytes_text("apis")) || bytes_equal(word, bytes_text("api")))
		add_call(r);
	else if (bytes_equal(list, bytes_text("traffic")) || bytes_equal(word, bytes_text("net_traffic")) || bytes_equal(word, bytes_text("net_http")))
		add_traffic(r);
	for (size_t i = 0; i < COUNT_OF(events); i++) {
		struct bytes value;

		if (!bytes_equal(list, bytes_text(events[i].list)) || (events[i].word[0] != '\0' && !bytes_equal(word, bytes_text(events[i].word))))
			continue;
		value = record_get(&r->record, events[i].field);
		if (events[i].kind == KIND_REGISTRY && value.left > 0)
			add_value(r, events[i].action, value);
		else
			report_add(r, events[i].kind, events[i].action, value);
	}
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct report *r = user;

	if (walk_path_is(p, "sha256"))
		facts_put(r->facts.name, value);
	else if (walk_path_is(p, "timestamp"))
		facts_put_day(&r->facts, value);
	else if (type != WALK_NULL && walk_path_is(p, "entry_points.*.*.*.args.*.display"))
		record_put(&r->record, bytes_text("args"), value);
	else if (type != WALK_NULL && walk_path_below(p, "entry_points.*.*.*") && !walk_path_below(p, "entry_points.*.*.*.args.*.*") &&
	         !walk_path_below(p, "entry_points.*.*.*.pos.*"))
		report_keep(r, p, value);
}

static void finish(struct report *r)
{
	facts_put(r->facts.source, bytes_text("speakeasy"));
}

int read_speakeasy(FILE *from, const struct read_given *given, const struct sample_sink *sink)
{
	static const struct walk_hooks hooks = { .open = open_part, .close = close_part, .value = take_value };

	return report_read(from, given, sink, &hooks, finish);
}

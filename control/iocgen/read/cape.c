/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of CAPE and of Cuckoo 1 and 2, and sandbox summaries of the same kind: lists of what was touched. */
#include "control/iocgen/read/form.h"

#include "control/iocgen/read/report.h"

#include <string.h>

enum certainty {
	CERTAIN,
	VAGUE,   /* touched somehow: gather_add_vague() */
};

/* Lists of texts: where they stand, and what their elements are. */
static const struct list {
	const char *path;
	enum artefact_kind kind;
	enum artefact_action action;
	enum certainty certainty;
} lists[] = {
	/* CAPE, Cuckoo 1 */
	{ "behavior.summary.write_files.*", KIND_FILE, ACTION_WRITE, CERTAIN },
	{ "behavior.summary.delete_files.*", KIND_FILE, ACTION_DELETE, CERTAIN },
	{ "behavior.summary.read_files.*", KIND_FILE, ACTION_READ, CERTAIN },
	{ "behavior.summary.files.*", KIND_FILE, ACTION_OPEN, VAGUE },
	{ "behavior.summary.write_keys.*", KIND_REGISTRY, ACTION_SET, CERTAIN },
	{ "behavior.summary.delete_keys.*", KIND_REGISTRY, ACTION_DELETE, CERTAIN },
	{ "behavior.summary.read_keys.*", KIND_REGISTRY, ACTION_READ, CERTAIN },
	{ "behavior.summary.keys.*", KIND_REGISTRY, ACTION_OPEN, VAGUE },
	{ "behavior.summary.executed_commands.*", KIND_COMMAND, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.mutexes.*", KIND_MUTEX, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.created_services.*", KIND_SERVICE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.started_services.*", KIND_SERVICE, ACTION_START, CERTAIN },
	/* Cuckoo 2 */
	{ "behavior.summary.file_created.*", KIND_FILE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.file_recreated.*", KIND_FILE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.file_written.*", KIND_FILE, ACTION_WRITE, CERTAIN },
	{ "behavior.summary.file_deleted.*", KIND_FILE, ACTION_DELETE, CERTAIN },
	{ "behavior.summary.file_read.*", KIND_FILE, ACTION_READ, CERTAIN },
	{ "behavior.summary.file_opened.*", KIND_FILE, ACTION_OPEN, CERTAIN },
	{ "behavior.summary.file_copied.*.1", KIND_FILE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.file_moved.*.0", KIND_FILE, ACTION_RENAME, CERTAIN },
	{ "behavior.summary.file_moved.*.1", KIND_FILE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.directory_created.*", KIND_FILE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.directory_removed.*", KIND_FILE, ACTION_DELETE, CERTAIN },
	{ "behavior.summary.regkey_written.*", KIND_REGISTRY, ACTION_SET, CERTAIN },
	{ "behavior.summary.regkey_deleted.*", KIND_REGISTRY, ACTION_DELETE, CERTAIN },
	{ "behavior.summary.regkey_read.*", KIND_REGISTRY, ACTION_READ, CERTAIN },
	{ "behavior.summary.regkey_opened.*", KIND_REGISTRY, ACTION_OPEN, CERTAIN },
	{ "behavior.summary.command_line.*", KIND_COMMAND, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.mutex.*", KIND_MUTEX, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.resolves_host.*", KIND_DNS, ACTION_QUERY, CERTAIN },
	{ "behavior.summary.connects_host.*", KIND_DNS, ACTION_CONNECT, CERTAIN },
	{ "behavior.summary.connects_ip.*", KIND_IP, ACTION_CONNECT, CERTAIN },
	{ "behavior.summary.fetches_url.*", KIND_URL, ACTION_QUERY, CERTAIN },
	{ "behavior.summary.downloads_file.*", KIND_URL, ACTION_QUERY, CERTAIN },
	{ "behavior.summary.service_created.*", KIND_SERVICE, ACTION_CREATE, CERTAIN },
	{ "behavior.summary.service_started.*", KIND_SERVICE, ACTION_START, CERTAIN },
	/* both: the processes that ran, and their traffic */
	{ "behavior.processes.*.module_path", KIND_PROCESS, ACTION_CREATE, CERTAIN },
	{ "behavior.processes.*.process_path", KIND_PROCESS, ACTION_CREATE, CERTAIN },
	{ "behavior.processes.*.command_line", KIND_COMMAND, ACTION_CREATE, CERTAIN },
	{ "behavior.generic.*.process_path", KIND_PROCESS, ACTION_CREATE, CERTAIN },
	{ "network.dns.*.request", KIND_DNS, ACTION_QUERY, CERTAIN },
	{ "network.domains.*.domain", KIND_DNS, ACTION_QUERY, CERTAIN },
	{ "network.http.*.uri", KIND_URL, ACTION_QUERY, CERTAIN },
	{ "network.http.*.user-agent", KIND_AGENT, ACTION_ANY, CERTAIN },
	/* summaries of several sandboxes in one form */
	{ "files_created.*", KIND_FILE, ACTION_CREATE, CERTAIN },
	{ "files_deleted.*", KIND_FILE, ACTION_DELETE, CERTAIN },
	{ "regs_created.*", KIND_REGISTRY, ACTION_SET, CERTAIN },
	{ "regs_deleted.*", KIND_REGISTRY, ACTION_DELETE, CERTAIN },
	{ "mutexes_created.*", KIND_MUTEX, ACTION_CREATE, CERTAIN },
	{ "processes_created.*", KIND_COMMAND, ACTION_CREATE, CERTAIN },
	{ "processes_injected.*", KIND_PROCESS, ACTION_OPEN, CERTAIN },
};

/* Containers that hold nothing for us, and most of the bytes. */
static const char *const passed[] = {
	"behavior.processes.*.calls", "behavior.processes.*.threads", "behavior.processtree", "behavior.encryptedbuffers", "behavior.anomaly", "behavior.apistats",
	"strings", "static", "procdump", "procmemory", "dropped", "signatures", "debug", "suricata", "CAPE", "statistics", "memory", "screenshots", "ttps",
	"curtain", "url_analysis", "virustotal", "misp", "extracted", "buffer", "deduplicated_shots",
};

/* Objects that are read as a whole. */
static const char *const records[] = {
	"network.tcp.*", "network.udp.*", "network.http_ex.*", "network.https_ex.*", "behavior.enhanced.*",
};

static bool is_one_of(const struct walk_path *p, const char *const *patterns, size_t count, bool below)
{
	for (size_t i = 0; i < count; i++) {
		if (below ? walk_path_below(p, patterns[i]) : walk_path_is(p, patterns[i]))
			return true;
	}
	return false;
}

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	struct report *r = user;

	if (is_one_of(p, passed, COUNT_OF(passed), false))
		return false;
	if (object && is_one_of(p, records, COUNT_OF(records), false))
		record_clear(&r->record);
	if (walk_path_is(p, "behavior") || walk_path_is(p, "behavior.summary") || walk_path_is(p, "files_created") ||
	    walk_path_is(p, "mutexes_created"))
		r->known = true;
	return true;
}

/* A packet's far end. Names are resolved and addresses given out by the sandbox's own system, whatever runs in it. */
static void add_flow(struct report *r)
{
	static const char *const of_system[] = { "53", "67", "68", "123", "137", "138", "1900", "5353", "5355" };
	struct bytes port = record_get(&r->record, "dport");

	for (size_t i = 0; i < COUNT_OF(of_system); i++) {
		if (bytes_equal(port, bytes_text(of_system[i])))
			return;
	}
	report_add_end(r, record_get(&r->record, "dst"), port);
}

/* Cuckoo 2 tells a request's parts. */
static void add_request(struct report *r)
{
	struct bytes host = record_get(&r->record, "host"), uri = record_get(&r->record, "uri"), protocol = record_get(&r->record, "protocol");
	uint8_t text[ARTEFACT_VALUE_MAX];
	struct sink to = sink_over(text, sizeof(text));
	struct bytes url;

	if (host.left == 0 || protocol.left == 0)
		return;
	sink_put(&to, protocol.at, protocol.left);
	sink_put(&to, "://", 3);
	sink_put(&to, host.at, host.left);
	sink_put(&to, uri.at, uri.left);
	if (sink_done(&to, &url) == 0)
		report_add(r, KIND_URL, ACTION_QUERY, url);
}

/* What the summary's lists do not have: a file's old and new name. */
static void add_enhanced(struct report *r)
{
	struct bytes event = record_get(&r->record, "event");

	if (!bytes_equal(record_get(&r->record, "object"), bytes_text("file")))
		return;
	if (bytes_equal(event, bytes_text("move")))
		report_add(r, KIND_FILE, ACTION_RENAME, record_get(&r->record, "from"));
	if (bytes_equal(event, bytes_text("move")) || bytes_equal(event, bytes_text("copy")))
		report_add(r, KIND_FILE, ACTION_CREATE, record_get(&r->record, "to"));
}

static void close_part(void *user, const struct walk_path *p, bool object)
{
	struct report *r = user;

	if (!object)
		return;
	if (walk_path_is(p, "network.tcp.*") || walk_path_is(p, "network.udp.*"))
		add_flow(r);
	else if (walk_path_is(p, "network.http_ex.*") || walk_path_is(p, "network.https_ex.*"))
		add_request(r);
	else if (walk_path_is(p, "behavior.enhanced.*"))
		add_enhanced(r);
}

/* What the report says of the sample itself. */
static void take_fact(struct report *r, const struct walk_path *p, struct bytes value)
{
	struct facts *f = &r->facts;
	bool is_cape = false;

	if (walk_path_is(p, "target.file.sha256") || walk_path_is(p, "target.url")) {
		facts_put(f->name, value);
	} else if (walk_path_is(p, "info.started")) {
		facts_put_day(f, value);
	} else if (walk_path_is(p, "info.version")) {
		is_cape = bytes_find(value, bytes_text("CAPE")) >= 0;
		facts_put(f->source, bytes_text(is_cape ? "cape" : "cuckoo"));
	} else if (walk_path_is(p, "malfamily") || walk_path_is(p, "detections") || walk_path_is(p, "detections.*.family")) {
		facts_put(f->family, value);
	}
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct report *r = user;

	if (type == WALK_NULL)
		return;
	take_fact(r, p, value);
	if (is_one_of(p, records, COUNT_OF(records), true)) {
		report_keep(r, p, value);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (!walk_path_is(p, lists[i].path))
			continue;
		if (lists[i].certainty == CERTAIN)
			report_add(r, lists[i].kind, lists[i].action, value);
		else if (r->error == 0)
			r->error = gather_add_vague(r->gather, lists[i].kind, value);
		break;
	}
}

static void finish(struct report *r)
{
	if (r->facts.family[0] != '\0')
		r->facts.label = LABEL_MALWARE;
}

int read_cape(FILE *from, const struct read_given *given, const struct sample_sink *sink)
{
	static const struct walk_hooks hooks = { .open = open_part, .close = close_part, .value = take_value };

	return report_read(from, given, sink, &hooks, finish);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a report's events to artefacts. */
#include "control/cli/behaviour.h"

#include "control/journal/text.h"

#include <nettle/sha2.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct log {
	json_t *artefacts;
	unsigned left;
};

/* What a file means by where it stands: what the system starts by itself, at times or at its start. */
static const struct { const char *below, *ending, *kind; } places[] = {
	{ "/etc/crontab", "", "task" }, { "/etc/anacrontab", "", "task" }, { "/etc/cron.", "", "task" },
	{ "/var/spool/cron/", "", "task" }, { "/var/spool/at/", "", "task" }, { "/var/spool/cron.d/", "", "task" },
	{ "/etc/systemd/", ".timer", "task" }, { "/lib/systemd/", ".timer", "task" }, { "/usr/lib/systemd/", ".timer", "task" },
	{ "/etc/systemd/", "", "service" }, { "/lib/systemd/system/", "", "service" }, { "/usr/lib/systemd/system/", "", "service" },
	{ "/run/systemd/system/", "", "service" }, { "/etc/init.d/", "", "service" }, { "/etc/rc.d/", "", "service" },
	{ "/etc/rc.local", "", "service" }, { "/etc/inittab", "", "service" }, { "/etc/init/", "", "service" }, { "/etc/xinetd.d/", "", "service" },
};

static void add(struct log *l, const char *kind, const char *action, struct bytes value)
{
	json_t *artefact, *known, *text;
	size_t i;

	if (value.left == 0)
		return;
	text = text_shown(value);
	json_array_foreach(l->artefacts, i, known) {
		if (strcmp(json_string_value(json_object_get(known, "kind")), kind) == 0 &&
		    strcmp(json_string_value(json_object_get(known, "action")), action) == 0 &&
		    json_equal(json_object_get(known, "value"), text)) {
			json_decref(text);
			return;
		}
	}
	if (json_array_size(l->artefacts) == ARTEFACTS_MAX) {
		l->left++;
		json_decref(text);
		return;
	}
	artefact = json_object();
	json_object_set_new(artefact, "kind", json_string(kind));
	json_object_set_new(artefact, "action", json_string(action));
	json_object_set_new(artefact, "value", text);
	json_array_append_new(l->artefacts, artefact);
}

static bool ends(struct bytes b, struct bytes ending)
{
	return b.left >= ending.left && memcmp(b.at + b.left - ending.left, ending.at, ending.left) == 0;
}

/* rc0.d to rcS.d: what starts or stops at a change of runlevel. */
static bool is_runlevel(struct bytes path)
{
	return path.left > 10 && bytes_starts_fold(path, bytes_text("/etc/rc")) && memcmp(path.at + 8, ".d/", 3) == 0;
}

/* A file is there now, or holds something else; with what that means to the system. */
static void add_file(struct log *l, const char *action, struct bytes path)
{
	add(l, "file", action, path);
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		if (bytes_starts_fold(path, bytes_text(places[i].below)) && ends(path, bytes_text(places[i].ending))) {
			add(l, places[i].kind, "create", path);
			return;
		}
	}
	if (is_runlevel(path))
		add(l, "service", "create", path);
}

/* Words, each ended by NUL, as one line. */
static void add_command(struct log *l, struct bytes words)
{
	char line[4096];
	size_t len = words.left < sizeof(line) ? words.left : sizeof(line);

	memcpy(line, words.at, len);
	while (len > 0 && line[len - 1] == '\0')
		len--;
	for (size_t i = 0; i < len; i++)
		line[i] = line[i] != '\0' ? line[i] : ' ';
	add(l, "command", "create", bytes_of(line, len));
}

/* The far or own end: an address, or the name that a made-up address stands for; a port, if there is one. */
static void add_end(struct log *l, const char *action, const struct event *e)
{
	char address[ADDRESS_TEXT], text[512];
	int len;

	if (e->address.family == 0 && e->port == 0 && e->name.left == 0)
		return;
	if (e->name.left > 0)
		len = snprintf(text, sizeof(text), "%.*s", (int)e->name.left, (const char *)e->name.at);
	else
		len = snprintf(text, sizeof(text), e->address.family == 6 && e->port != 0 ? "[%s]" : "%s",
		               e->address.family != 0 ? address_format(&e->address, address) : "0.0.0.0");
	if (e->port != 0 && len > 0 && (size_t)len < sizeof(text))
		len += snprintf(text + len, sizeof(text) - (size_t)len, ":%u", e->port);
	if (len > 0 && (size_t)len < sizeof(text))
		add(l, e->name.left > 0 ? "dns" : "ip", action, bytes_of(text, (size_t)len));
}

/* What a client calls itself in the requests that it sent. */
static void add_agents(struct log *l, struct bytes sent)
{
	static const char name[] = "\nuser-agent:";

	for (size_t i = 0; i + sizeof(name) < sent.left; i++) {
		struct bytes at = bytes_of(sent.at + i, sent.left - i);
		size_t len = 0;

		if (!bytes_starts_fold(at, bytes_text(name)))
			continue;
		at = bytes_of(at.at + sizeof(name) - 1, at.left - (sizeof(name) - 1));
		while (at.left > 0 && *at.at == ' ')
			at = bytes_of(at.at + 1, at.left - 1);
		while (len < at.left && at.at[len] != '\r' && at.at[len] != '\n')
			len++;
		add(l, "agent", "send", bytes_of(at.at, len));
	}
}

static void add_network(struct log *l, const struct event *e)
{
	switch (e->kind) {
	case EVENT_CONNECT:
		add_end(l, "connect", e);
		break;
	case EVENT_LISTEN:
		add_end(l, "listen", e);
		break;
	case EVENT_ACCEPT:
		add_end(l, "accept", e);
		break;
	case EVENT_ICMP:
		add_end(l, "ping", e);
		break;
	case EVENT_DNS:
		add(l, "dns", "query", e->name);
		break;
	case EVENT_FETCH:
		add(l, "url", "fetch", e->name);
		break;
	case EVENT_SEND:
		add_agents(l, e->data);
		/* a stream's connection was told already */
		if (e->protocol == 17)
			add_end(l, "send", e);
		break;
	default:
		break;
	}
}

static void add_process(struct log *l, const struct event *e)
{
	switch (e->kind) {
	case EVENT_EXEC:
		add(l, "process", "create", e->path);
		if (e->argv.left > 0)
			add_command(l, e->argv);
		break;
	case EVENT_KILL:
		add(l, "process", "kill", e->path);
		break;
	case EVENT_PTRACE:
		add(l, "process", "trace", e->path.left > 0 ? e->path : e->name);
		break;
	case EVENT_NAME:
		add(l, "process", "rename", e->name);
		break;
	default:
		break;
	}
}

/* What has an artefact of its own kind in the system. */
static void add_object(struct log *l, const struct event *e)
{
	static const char *const kinds[] = {
		[EVENT_REGISTRY] = "registry", [EVENT_MUTEX] = "mutex", [EVENT_SERVICE] = "service", [EVENT_TASK] = "task",
		[EVENT_PIPE] = "pipe",
	};
	char action[32];

	if ((size_t)e->kind >= COUNT_OF(kinds) || kinds[e->kind] == NULL)
		return;
	snprintf(action, sizeof(action), "%.*s", (int)e->name.left, e->name.left > 0 ? (const char *)e->name.at : "");
	add(l, kinds[e->kind], action[0] != '\0' ? action : "create", e->path);
}

static void add_event(struct log *l, const struct event *e)
{
	switch (e->kind) {
	case EVENT_OPEN:
		add(l, "file", "read", e->path);
		break;
	case EVENT_WRITE:
		if (e->name.left > 0)
			add_file(l, "create", e->path);
		if (e->name.left == 0 || e->value > 0)
			add_file(l, "write", e->path);
		break;
	case EVENT_DELETE:
		add(l, "file", "delete", e->path);
		break;
	case EVENT_RENAME:
		add(l, "file", "rename", e->path);
		add_file(l, "create", e->data);
		break;
	case EVENT_LINK:
		add_file(l, "link", e->path);
		break;
	case EVENT_CHMOD:
		add(l, "file", "chmod", e->path);
		break;
	case EVENT_MKDIR:
		add(l, "file", "mkdir", e->path);
		break;
	case EVENT_MODULE:
		add(l, "file", "load", e->path);
		break;
	default:
		add_network(l, e);
		add_process(l, e);
		add_object(l, e);
	}
}

/* The environments that it ran in. */
static json_t *source_of(const struct report *r)
{
	char text[512] = "konseki-emu";
	size_t len = strlen(text);

	for (uint32_t i = 0; i < r->runs_count; i++) {
		int n = snprintf(text + len, sizeof(text) - len, "%c%.*s", i == 0 ? ' ' : '+', (int)r->runs[i].profile.left,
		                 (const char *)r->runs[i].profile.at);

		if (n > 0 && (size_t)n < sizeof(text) - len)
			len += (size_t)n;
		text[len] = '\0';
	}
	return text_shown(bytes_text(text));
}

static json_t *digest_of(struct bytes code)
{
	uint8_t raw[SHA256_DIGEST_SIZE];
	char text[2 * SHA256_DIGEST_SIZE + 1];
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, code.left, code.at);
	sha256_digest(&sha, sizeof(raw), raw);
	bytes_hex(bytes_of(raw, sizeof(raw)), text);
	return json_string(text);
}

json_t *behaviour_json(const struct report *r, struct bytes code)
{
	struct log log = { .artefacts = json_array() };
	json_t *o = json_object();

	for (uint32_t i = 0; i < r->runs_count; i++) {
		for (uint32_t k = 0; k < r->runs[i].events_count; k++)
			add_event(&log, &r->runs[i].events[k]);
		log.left += r->runs[i].events_left;
	}
	json_object_set_new(o, "sample", digest_of(code));
	/* nobody has said so here: a pool's list does */
	json_object_set_new(o, "label", json_null());
	json_object_set_new(o, "family", json_null());
	json_object_set_new(o, "date", json_null());
	json_object_set_new(o, "source", source_of(r));
	json_object_set_new(o, "artefacts", log.artefacts);
	if (log.left > 0)
		json_object_set_new(o, "left", json_integer(log.left));
	return o;
}

void behaviour_print(const json_t *log)
{
	const json_t *artefacts = json_object_get(log, "artefacts"), *left = json_object_get(log, "left");
	size_t i;
	json_t *a;

	printf("behaviour: %zu artefacts\n", json_array_size(artefacts));
	json_array_foreach((json_t *)(uintptr_t)artefacts, i, a) {
		const char *value = json_string_value(json_object_get(a, "value"));

		printf("  %-8s %-8s ", json_string_value(json_object_get(a, "kind")), json_string_value(json_object_get(a, "action")));
		for (; *value != '\0'; value++)
			putchar((unsigned char)*value < ' ' || *value == 0x7f ? '?' : *value);
		putchar('\n');
	}
	if (left != NULL)
		printf("  and %lld more\n", (long long)json_integer_value(left));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log's form by the names that the first record's members have. */
#include "control/iocgen/read/form.h"

#include "control/iocgen/read/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum form { UNKNOWN, PLAIN, CAPE, SPEAKEASY, WINDOWS, AUDIT, EMULATED, FORMS };

/* Members, from the outermost on, that only this form has; "*" is an element of an array. */
static const struct { const char *path; enum form form; } marks[] = {
	{ "artefacts", PLAIN }, { "behaviour", EMULATED }, { "profiles.*.events", EMULATED }, { "profiles.*.stopped_by", EMULATED },
	{ "entry_points", SPEAKEASY }, { "emulation_total_runtime", SPEAKEASY }, { "report_version", SPEAKEASY },
	{ "behavior", CAPE }, { "CAPE", CAPE }, { "procdump", CAPE }, { "procmemory", CAPE }, { "malscore", CAPE }, { "info.version", CAPE },
	{ "target.category", CAPE }, { "dropped.*.guest_paths", CAPE }, { "suricata", CAPE }, { "signatures.*.severity", CAPE },
	{ "files_created", CAPE }, { "mutexes_created", CAPE }, { "regs_created", CAPE }, { "processes_created", CAPE },
	{ "SYSCALL", AUDIT }, { "EXECVE", AUDIT }, { "PROCTITLE", AUDIT }, { "PATH", AUDIT }, { "auditd", AUDIT }, { "messages.*.data", AUDIT },
	{ "_AUDIT_TYPE_NAME", AUDIT },
	{ "winlog", WINDOWS }, { "EventID", WINDOWS }, { "event_id", WINDOWS }, { "EventData", WINDOWS }, { "event_data", WINDOWS },
	{ "Event.System", WINDOWS }, { "Event.EventData", WINDOWS }, { "win.system", WINDOWS }, { "data.win", WINDOWS }, { "ProviderName", WINDOWS },
	{ "Channel", WINDOWS }, { "ProviderGuid", WINDOWS }, { "ProcessGuid", WINDOWS }, { "_source.winlog", WINDOWS }, { "_source.EventID", WINDOWS },
	{ "_source.event_data", WINDOWS }, { "hits.hits.*._source.winlog", WINDOWS }, { "Events.*.EventID", WINDOWS }, { "Events.*.Event", WINDOWS },
};

struct found {
	bool seen[FORMS];
	bool line;       /* a record carries a line of auditd */
};

static void look(struct found *f, const struct walk_path *p)
{
	uint32_t levels = p->depth > 0 && p->steps[0].element;

	if (p->depth == levels)
		return;
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		if (walk_path_is_within(p, levels, marks[i].path))
			f->seen[marks[i].form] = true;
	}
}

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	look(user, p);
	return p->depth < 6;
}

static bool is_audit_line(struct bytes text)
{
	return bytes_find(text, bytes_text("type=")) >= 0 && bytes_find(text, bytes_text(" msg=audit(")) >= 0;
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct found *f = user;
	uint32_t levels = p->depth > 0 && p->steps[0].element;

	look(f, p);
	if (p->depth == levels + 1)
		f->line = f->line || is_audit_line(value);
}

static bool is_json(struct bytes head)
{
	if (bytes_take_text(&head, "\xef\xbb\xbf") || head.left > 0)
		head = bytes_trim(head);
	return head.left > 0 && (*head.at == '{' || *head.at == '[');
}

/* The first record is enough; that the head ends inside it does not matter. */
static enum form form_of(struct bytes head)
{
	static const struct walk_hooks hooks = { .open = open_part, .value = take_value };
	struct found found = { 0 };
	struct walk_reader *reader;
	FILE *from;
	int r;

	if (!is_json(head))
		return is_audit_line(head) ? AUDIT : UNKNOWN;
	reader = malloc(sizeof(*reader));
	from = fmemopen((void *)(uintptr_t)head.at, head.left, "r");
	if (reader != NULL && from != NULL) {
		walk_reader_init(reader, from);
		r = walk_next(reader, &hooks, &found);
		/* a broken first line is not the log's fault */
		for (int tries = 0; tries < 8 && r == -EBADMSG && walk_skip_line(reader) > 0; tries++)
			r = walk_next(reader, &hooks, &found);
	}
	if (from != NULL)
		fclose(from);
	free(reader);
	if (found.line)
		return AUDIT;
	for (enum form f = UNKNOWN + 1; f < FORMS; f++) {
		if (found.seen[f])
			return f;
	}
	return UNKNOWN;
}

bool is_cape(struct bytes head)
{
	return form_of(head) == CAPE;
}

bool is_speakeasy(struct bytes head)
{
	return form_of(head) == SPEAKEASY;
}

bool is_windows(struct bytes head)
{
	return form_of(head) == WINDOWS;
}

bool is_audit(struct bytes head)
{
	return form_of(head) == AUDIT;
}

bool is_emulated(struct bytes head)
{
	return form_of(head) == EMULATED;
}

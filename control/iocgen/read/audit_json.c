/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Audit events as JSON: LAUREL's, Auditbeat's, go-audit's, and auditd's lines inside the records of a shipper. */
#include "control/iocgen/read/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct shipped {
	struct walk_reader reader;
	struct audit *audit;
	bool open;                /* inside a record */
	char type[32];            /* of the message whose data comes next */
	uint8_t line[16 << 10];   /* one of auditd's; the kernel's messages have at most 8,970 bytes */
	size_t line_len;
	struct audit_event event; /* the record, where it is a whole event */
};

/* What they call a field that the kernel calls otherwise, or where they put it. */
static const struct { const char *path, *field; } aliases[] = {
	{ "auditd.data.syscall", "syscall" }, { "auditd.data.arch", "arch" }, { "auditd.data.a1", "a1" }, { "auditd.data.a2", "a2" },
	{ "auditd.data.exit", "exit" }, { "process.executable", "exe" }, { "process.pid", "pid" }, { "process.ppid", "ppid" },
	{ "process.parent.pid", "ppid" }, { "process.working_directory", "cwd" }, { "process.args.*", "arg" }, { "host.name", "node" },
	{ "auditd.paths.*.name", "name" }, { "auditd.paths.*.nametype", "nametype" }, { "destination.ip", "addr" },
	{ "destination.port", "port" }, { "NODE", "node" },
	{ "SYSCALL.syscall", "syscall" }, { "SYSCALL.arch", "arch" }, { "SYSCALL.success", "success" }, { "SYSCALL.exit", "exit" },
	{ "SYSCALL.pid", "pid" }, { "SYSCALL.ppid", "ppid" }, { "SYSCALL.exe", "exe" }, { "SYSCALL.a1", "a1" }, { "SYSCALL.a2", "a2" },
	{ "SYSCALL.ARGV.1", "a1" }, { "SYSCALL.ARGV.2", "a2" }, { "CWD.cwd", "cwd" }, { "EXECVE.ARGV.*", "arg" },
	{ "PATH.*.name", "name" }, { "PATH.*.nametype", "nametype" }, { "SOCKADDR.*.saddr", "saddr" },
	{ "SOCKADDR.*.SADDR.addr", "addr" }, { "SOCKADDR.*.SADDR.port", "port" },
};

/* Records stand one after the other, or in one array. */
static bool is_record(const struct walk_path *p)
{
	return p->depth == 0 || (p->depth == 1 && p->steps[0].element);
}

static uint32_t levels_of(const struct walk_path *p)
{
	return p->depth > 0 && p->steps[0].element;
}

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	struct shipped *s = user;

	if (object && is_record(p)) {
		s->open = true;
		s->line_len = 0;
	}
	s->event.ran = s->event.ran || (s->open && walk_path_is_within(p, levels_of(p), "EXECVE"));
	return true;
}

/* LAUREL writes what is no printable ASCII as %XX. */
static struct bytes without_percent(struct bytes value, uint8_t *text, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < value.left && used < size; i++) {
		char digits[3] = { 0 };
		char *end;
		unsigned long v;

		text[used++] = value.at[i];
		if (value.at[i] != '%' || value.left - i < 3)
			continue;
		memcpy(digits, value.at + i + 1, 2);
		v = strtoul(digits, &end, 16);
		if (end == digits + 2 && digits[0] != '+' && digits[0] != '-') {
			text[used - 1] = (uint8_t)v;
			i += 2;
		}
	}
	return bytes_of(text, used);
}

/* A field of a record that is one event. */
static void take_field(struct shipped *s, const struct walk_path *p, uint32_t levels, struct bytes value)
{
	uint8_t text[ARTEFACT_VALUE_MAX];

	for (size_t i = 0; i < COUNT_OF(aliases); i++) {
		if (!walk_path_is_within(p, levels, aliases[i].path))
			continue;
		if (p->steps[levels].key[0] >= 'A' && p->steps[levels].key[0] <= 'Z')
			value = without_percent(value, text, sizeof(text));
		record_put(&s->event.fields, bytes_text(aliases[i].field), value);
		strcpy(s->event.id, "-");
		return;
	}
}

/* go-audit gives the kernel's own text, by the number of its type. */
static void take_message(struct shipped *s, const struct walk_path *p, uint32_t levels, struct bytes value)
{
	if (walk_path_is_within(p, levels, "messages.*.type") && value.left < sizeof(s->type)) {
		memcpy(s->type, value.at, value.left);
		s->type[value.left] = '\0';
	} else if (walk_path_is_within(p, levels, "messages.*.data")) {
		audit_event_add(&s->event, bytes_text(s->type), value);
		strcpy(s->event.id, "-");
	}
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	static const char *const lines[] = { "message", "MESSAGE", "event.original" };
	struct shipped *s = user;
	uint32_t levels = levels_of(p);
	int32_t day;

	if (!s->open || type == WALK_NULL || p->depth == levels)
		return;
	take_field(s, p, levels, value);
	take_message(s, p, levels, value);
	if (walk_path_is_within(p, levels, "auditd.result"))
		record_put(&s->event.fields, bytes_text("success"), bytes_text(bytes_equal(value, bytes_text("fail")) ? "no" : "yes"));
	else if (walk_path_is_within(p, levels, "ID") || walk_path_is_within(p, levels, "timestamp"))
		audit_day(s->audit, value);
	else if (walk_path_is_within(p, levels, "@timestamp") && day_parse(value, &day) == 0)
		forest_day(s->audit->forest, day);
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (walk_path_is_within(p, levels, lines[i]) && value.left <= sizeof(s->line)) {
			memcpy(s->line, value.at, value.left);
			s->line_len = value.left;
		}
	}
}

static void close_part(void *user, const struct walk_path *p, bool object)
{
	struct shipped *s = user;

	if (!s->open || !object || !is_record(p))
		return;
	s->open = false;
	/* a line tells more than what its shipper took out of it */
	if (s->line_len > 0 && audit_line(s->audit, bytes_of(s->line, s->line_len)))
		s->event.id[0] = '\0';
	audit_close(s->audit, &s->event);
}

int audit_read_json(struct audit *a, FILE *from)
{
	static const struct walk_hooks hooks = { .open = open_part, .close = close_part, .value = take_value };
	struct shipped *s = calloc(1, sizeof(*s));
	int r = 1;

	if (s == NULL)
		return -ENOMEM;
	s->audit = a;
	walk_reader_init(&s->reader, from);
	while (r > 0 && a->error == 0) {
		s->open = false;
		s->event.id[0] = '\0';
		audit_close(a, &s->event);
		r = walk_next(&s->reader, &hooks, s);
		if (r == -EBADMSG) {
			a->sink->bad(a->sink->to, a->given->path, s->reader.line, "no JSON, or cut off");
			r = walk_skip_line(&s->reader);
		}
	}
	free(s);
	return r < 0 ? r : a->error;
}

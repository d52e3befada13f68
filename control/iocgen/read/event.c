/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of Sysmon, of Windows' security log, and of the service manager, the task scheduler and the DNS client. */
#include "control/iocgen/read/event.h"

#include <string.h>

enum provider { NOBODY, SYSMON, SECURITY, SERVICES, TASKS, DNS };

/* Parts of the names by which logs call them; a channel names its provider where the provider is not named. */
static const struct { const char *part; enum provider provider; } providers[] = {
	{ "sysmon", SYSMON }, { "Security-Auditing", SECURITY }, { "Service Control Manager", SERVICES }, { "TaskScheduler", TASKS },
	{ "DNS-Client", DNS }, { "Windows-Security", SECURITY },
};

/* A further condition that a row hangs on. */
enum when {
	ALWAYS, OUTWARD, KEY_MADE, KEY_GONE, WRITTEN, READ, DELETED, KEY_SET, KEY_READ, ON_PIPE_SHARE,
};

/* The field's value is an artefact. Documented with Sysmon and in Microsoft's list of security audit events. */
static const struct row {
	enum provider provider;
	uint16_t id;
	const char *field;
	enum artefact_kind kind;
	enum artefact_action action;
	enum when when;
} rows[] = {
	{ SYSMON, 1, "Image", KIND_PROCESS, ACTION_CREATE, ALWAYS },
	{ SYSMON, 1, "CommandLine", KIND_COMMAND, ACTION_CREATE, ALWAYS },
	{ SYSMON, 3, "DestinationIp", KIND_IP, ACTION_CONNECT, OUTWARD },
	{ SYSMON, 3, "DestinationHostname", KIND_DNS, ACTION_CONNECT, OUTWARD },
	{ SYSMON, 6, "ImageLoaded", KIND_FILE, ACTION_LOAD, ALWAYS },
	{ SYSMON, 7, "ImageLoaded", KIND_FILE, ACTION_LOAD, ALWAYS },
	{ SYSMON, 8, "TargetImage", KIND_PROCESS, ACTION_OPEN, ALWAYS },
	{ SYSMON, 10, "TargetImage", KIND_PROCESS, ACTION_OPEN, ALWAYS },
	{ SYSMON, 11, "TargetFilename", KIND_FILE, ACTION_CREATE, ALWAYS },
	{ SYSMON, 12, "TargetObject", KIND_REGISTRY, ACTION_CREATE, KEY_MADE },
	{ SYSMON, 12, "TargetObject", KIND_REGISTRY, ACTION_DELETE, KEY_GONE },
	{ SYSMON, 13, "TargetObject", KIND_REGISTRY, ACTION_SET, ALWAYS },
	{ SYSMON, 14, "TargetObject", KIND_REGISTRY, ACTION_RENAME, ALWAYS },
	{ SYSMON, 14, "NewName", KIND_REGISTRY, ACTION_CREATE, ALWAYS },
	{ SYSMON, 15, "TargetFilename", KIND_FILE, ACTION_CREATE, ALWAYS },
	{ SYSMON, 17, "PipeName", KIND_PIPE, ACTION_CREATE, ALWAYS },
	{ SYSMON, 18, "PipeName", KIND_PIPE, ACTION_CONNECT, ALWAYS },
	{ SYSMON, 19, "Query", KIND_TASK, ACTION_CREATE, ALWAYS },
	{ SYSMON, 20, "Destination", KIND_TASK, ACTION_CREATE, ALWAYS },
	{ SYSMON, 22, "QueryName", KIND_DNS, ACTION_QUERY, ALWAYS },
	{ SYSMON, 23, "TargetFilename", KIND_FILE, ACTION_DELETE, ALWAYS },
	{ SYSMON, 26, "TargetFilename", KIND_FILE, ACTION_DELETE, ALWAYS },
	{ SYSMON, 27, "TargetFilename", KIND_FILE, ACTION_CREATE, ALWAYS },
	{ SYSMON, 29, "TargetFilename", KIND_FILE, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4688, "NewProcessName", KIND_PROCESS, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4688, "CommandLine", KIND_COMMAND, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4688, "ProcessCommandLine", KIND_COMMAND, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4657, "ObjectName", KIND_REGISTRY, ACTION_SET, ALWAYS },
	{ SECURITY, 4663, "ObjectName", KIND_FILE, ACTION_WRITE, WRITTEN },
	{ SECURITY, 4663, "ObjectName", KIND_FILE, ACTION_READ, READ },
	{ SECURITY, 4663, "ObjectName", KIND_FILE, ACTION_DELETE, DELETED },
	{ SECURITY, 4663, "ObjectName", KIND_REGISTRY, ACTION_SET, KEY_SET },
	{ SECURITY, 4663, "ObjectName", KIND_REGISTRY, ACTION_READ, KEY_READ },
	{ SECURITY, 4697, "ServiceName", KIND_SERVICE, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4697, "ServiceFileName", KIND_COMMAND, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4698, "TaskName", KIND_TASK, ACTION_CREATE, ALWAYS },
	{ SECURITY, 4699, "TaskName", KIND_TASK, ACTION_DELETE, ALWAYS },
	{ SECURITY, 4702, "TaskName", KIND_TASK, ACTION_WRITE, ALWAYS },
	{ SECURITY, 5145, "RelativeTargetName", KIND_PIPE, ACTION_CONNECT, ON_PIPE_SHARE },
	{ SECURITY, 5156, "DestAddress", KIND_IP, ACTION_CONNECT, OUTWARD },
	{ SERVICES, 7045, "ServiceName", KIND_SERVICE, ACTION_CREATE, ALWAYS },
	{ SERVICES, 7045, "ImagePath", KIND_COMMAND, ACTION_CREATE, ALWAYS },
	{ SERVICES, 7045, "ServiceFileName", KIND_COMMAND, ACTION_CREATE, ALWAYS },
	{ TASKS, 106, "TaskName", KIND_TASK, ACTION_CREATE, ALWAYS },
	{ TASKS, 140, "TaskName", KIND_TASK, ACTION_WRITE, ALWAYS },
	{ TASKS, 141, "TaskName", KIND_TASK, ACTION_DELETE, ALWAYS },
	{ DNS, 3008, "QueryName", KIND_DNS, ACTION_QUERY, ALWAYS },
};

static struct bytes first_of(const struct record *r, const char *const *names, size_t count)
{
	struct bytes value = bytes_of(NULL, 0);

	for (size_t i = 0; i < count && value.left == 0; i++)
		value = record_get(r, names[i]);
	return value;
}

static enum provider provider_of(const struct record *r)
{
	static const char *const names[] = { "SourceName", "provider_name", "ProviderName", "Provider", "Channel", "log_name", "LogName" };

	for (size_t k = 0; k < COUNT_OF(names); k++) {
		struct bytes name = record_get(r, names[k]);

		for (size_t i = 0; i < COUNT_OF(providers); i++) {
			struct bytes part = bytes_text(providers[i].part);

			for (size_t at = 0; at + part.left <= name.left; at++) {
				if (bytes_starts_fold(bytes_of(name.at + at, name.left - at), part))
					return providers[i].provider;
			}
		}
		if (bytes_equal_fold(name, bytes_text("Security")))
			return SECURITY;
	}
	return NOBODY;
}

static bool id_of(const struct record *r, uint64_t *ret)
{
	static const char *const names[] = { "EventID", "event_id", "Id" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (record_number(r, names[i], ret))
			return true;
	}
	return false;
}

static bool is(const struct record *r, const char *field, const char *value)
{
	return bytes_equal_fold(record_get(r, field), bytes_text(value));
}

/* Rights asked for, as the object's kind reads them: MS-DTYP 2.4.3 and the rights of files and keys. */
static bool asks(const struct record *r, const char *type, uint64_t rights)
{
	uint64_t mask;

	return is(r, "ObjectType", type) && record_number(r, "AccessMask", &mask) && (mask & rights) != 0;
}

static bool holds(const struct record *r, enum when when)
{
	enum { WRITE_OR_APPEND = 0x6, READ_DATA = 0x1, DELETE = 0x10000, SET_OR_CREATE = 0x6, QUERY_VALUE = 0x1 };
	struct bytes event_type;

	switch (when) {
	case OUTWARD: /* 14593: outbound, as the log writes it or as it is shown */
		return !is(r, "Initiated", "false") && !is(r, "Direction", "%%14592") && !is(r, "Direction", "Inbound");
	case KEY_MADE:
		event_type = record_get(r, "EventType");
		return !bytes_starts_fold(event_type, bytes_text("Delete"));
	case KEY_GONE:
		event_type = record_get(r, "EventType");
		return bytes_starts_fold(event_type, bytes_text("Delete"));
	case WRITTEN:
		return asks(r, "File", WRITE_OR_APPEND);
	case READ:
		return asks(r, "File", READ_DATA);
	case DELETED:
		return asks(r, "File", DELETE);
	case KEY_SET:
		return asks(r, "Key", SET_OR_CREATE);
	case KEY_READ:
		return asks(r, "Key", QUERY_VALUE);
	case ON_PIPE_SHARE:
		return bytes_ends_fold(record_get(r, "ShareName"), bytes_text("IPC$"));
	case ALWAYS:
		break;
	}
	return true;
}

/* Two fields as one value, with what stands between them. */
static int add_joined(struct forest *f, const struct record *r, struct bytes host, uint64_t pid, struct bytes image,
                      const struct row *row, const char *between, struct bytes second)
{
	struct bytes first = record_get(r, row->field), whole;
	uint8_t text[ARTEFACT_VALUE_MAX];
	struct sink to = sink_over(text, sizeof(text));
	bool bracket = row->kind == KIND_IP && first.left > 0 && memchr(first.at, ':', first.left) != NULL;

	if (bracket)
		sink_u8(&to, '[');
	sink_put(&to, first.at, first.left);
	if (bracket)
		sink_u8(&to, ']');
	sink_put(&to, between, strlen(between));
	sink_put(&to, second.at, second.left);
	return sink_done(&to, &whole) == 0 ? forest_add(f, host, pid, image, row->kind, row->action, whole) : 0;
}

static int take_row(const struct record *r, struct forest *f, struct bytes host, uint64_t pid, struct bytes image, const struct row *row)
{
	struct bytes value = record_get(r, row->field), second = bytes_of(NULL, 0);

	/* how logs write that there is none */
	if (value.left == 0 || bytes_equal(value, bytes_text("-")) || bytes_equal_fold(value, bytes_text("<unknown process>")))
		return 0;
	if (row->kind == KIND_IP)
		second = record_get(r, record_has(r, "DestinationPort") ? "DestinationPort" : "DestPort");
	else if (row->id == 4657)
		second = record_get(r, "ObjectValueName");
	if (second.left > 0 && !bytes_equal(second, bytes_text("-")))
		return add_joined(f, r, host, pid, image, row, row->kind == KIND_IP ? ":" : "\\", second);
	return forest_add(f, host, pid, image, row->kind, row->action, value);
}

/* Who is born and who ends; *ret_pid: whose doing the event is. */
static int take_process(const struct record *r, struct forest *f, enum provider provider, uint64_t id, struct bytes host, uint64_t *ret_pid)
{
	uint64_t pid = 0, parent = 0;
	int e = 0;

	if (provider == SYSMON && (id == 8 || id == 10)) {
		(void)record_number(r, "SourceProcessId", &pid);
	} else if (provider == SECURITY && id == 4688) {
		(void)record_number(r, "NewProcessId", &pid);
		(void)(record_number(r, "ProcessId", &parent) || record_number(r, "CreatorProcessId", &parent));
		e = forest_born(f, host, pid, parent, record_get(r, "NewProcessName"));
	} else {
		(void)record_number(r, "ProcessId", &pid);
		if (provider == SYSMON && id == 1) {
			(void)record_number(r, "ParentProcessId", &parent);
			e = forest_born(f, host, pid, parent, record_get(r, "Image"));
		}
	}
	/* other providers tell of what nobody is named for: their own service wrote it down */
	*ret_pid = provider == SYSMON || provider == SECURITY ? pid : 0;
	return e;
}

int event_take(const struct record *r, struct forest *f, bool *ret)
{
	static const char *const hosts[] = { "Hostname", "Computer", "computer_name", "MachineName" };
	static const char *const times[] = { "UtcTime", "TimeCreated", "SystemTime", "@timestamp", "EventTime" };
	static const char *const images[] = { "Image", "SourceImage", "NewProcessName", "ProcessName", "Application" };
	enum provider provider = provider_of(r);
	struct bytes host = first_of(r, hosts, COUNT_OF(hosts)), image = first_of(r, images, COUNT_OF(images));
	uint64_t id, pid;
	int32_t day;
	int e;

	*ret = provider != NOBODY && id_of(r, &id);
	if (!*ret)
		return 0;
	if (day_parse(first_of(r, times, COUNT_OF(times)), &day) == 0)
		forest_day(f, day);
	e = take_process(r, f, provider, id, host, &pid);
	for (size_t i = 0; e == 0 && i < COUNT_OF(rows); i++) {
		if (rows[i].provider == provider && rows[i].id == id && holds(r, rows[i].when))
			e = take_row(r, f, host, pid, image, &rows[i]);
	}
	if ((provider == SYSMON && id == 5) || (provider == SECURITY && id == 4689))
		forest_ended(f, host, pid);
	return e;
}

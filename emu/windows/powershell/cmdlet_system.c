/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cmdlets that fetch, start, wait and change the server, by their pages in .Management, .Utility and the network modules. */
#include "emu/windows/powershell/session.h"
#include "emu/windows/command/command.h"
#include "emu/windows/host/calendar.h"
#include "emu/windows/host/web.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PING_COUNT = 4 };

/* Invoke-WebRequest and Invoke-RestMethod; rest: what came is the result itself. */
static void fetch(struct session *s, struct arguments *a, bool rest)
{
	const struct value *uri = argument(a, "Uri", 0), *out = argument(a, "OutFile", -1), *method = argument(a, "Method", -1);
	const struct value *body = argument(a, "Body", -1), *in_file = argument(a, "InFile", -1);
	struct bytes got, sent = { 0 };
	const char *url;
	struct place p;
	char *path;

	if (uri == NULL)
		return;
	url = value_utf8(s, uri);
	if (strstr(url, "://") == NULL)
		url = heap_print(s->host->heap, "http://%.4000s", url);
	if (body != NULL && body->kind == V_TABLE) {
		struct text t = text_in(s->host->heap);

		for (unsigned i = 0; i < body->table->count; i++)
			text_print(&t, "%s%.2000s=%.4000s", i != 0 ? "&" : "", string_to_utf8(s->host->heap, body->table->rows[i].key),
			    value_utf8(s, &body->table->rows[i].value));
		sent = text_bytes(&t);
	} else if (body != NULL) {
		sent = body->kind == V_LIST ? value_bytes(s, body) : string_bytes(s->host->heap, value_string(s, body));
	}
	if (in_file != NULL && (path = session_path(s, in_file)) != NULL)
		(void)!file_read(s->host, path, &sent);
	if (!web_get(s, method != NULL ? value_utf8(s, method) : "GET", url, sent, &got))
		return;
	if (out != NULL) {
		path = session_path(s, out);
		if (path == NULL || file_put(s->host, path, got) < 0)
			session_throw(s, "powershell.file", path != NULL ? path : "");
		else if (file_find(s->host, path, &p))
			file_mark_foreign(s->host, p.node);
		return;
	}
	{
		struct string *text = string_utf8(s->host->heap, got);
		struct value v = object_custom(s);

		text->foreign = true;
		if (rest) {
			session_emit_one(s, v_string(text));
			return;
		}
		table_write(v.object->properties, "Content", v_string(text));
		table_write(v.object->properties, "RawContent", v_string(text));
		table_write(v.object->properties, "Value", v_string(text));
		table_write(v.object->properties, "StatusCode", v_int(200));
		session_emit_one(s, v);
	}
}

static void invoke_web(struct session *s, struct arguments *a)
{
	fetch(s, a, false);
}

static void invoke_rest(struct session *s, struct arguments *a)
{
	fetch(s, a, true);
}

static void start_bits(struct session *s, struct arguments *a)
{
	const struct value *from = argument(a, "Source", 0), *to = argument(a, "Destination", 1);
	struct bytes got;
	struct place p;
	char *path;

	if (from == NULL || !web_get(s, "GET", value_utf8(s, from), (struct bytes){ 0 }, &got))
		return;
	path = to != NULL ? session_path(s, to) : NULL;
	if (path != NULL && file_put(s->host, path, got) == 0 && file_find(s->host, path, &p))
		file_mark_foreign(s->host, p.node);
}

static void start_process(struct session *s, struct arguments *a)
{
	const struct value *file = argument(a, "FilePath", 0), *words = argument(a, "ArgumentList", argument(a, "FilePath", -1) != NULL ? 0 : 1);
	struct list *list = words != NULL ? value_list(s, words) : list_new(s->host->heap, 0), *kept = s->out;
	const struct value *out = argument(a, "RedirectStandardOutput", -1);
	struct list *lines;

	if (file == NULL)
		return;
	/* its own window: what it prints is not ours */
	s->out = lines = list_new(s->host->heap, 4);
	if (!program_call(s, value_utf8(s, file), list, (struct bytes){ 0 }, true)) {
		s->out = kept;
		session_throw(s, "powershell.file", value_utf8(s, file));
		return;
	}
	s->out = argument_switch(a, "NoNewWindow") && out == NULL ? kept : lines;
	if (s->out == kept)
		for (unsigned i = 0; i < lines->count && session_goes_on(s); i++)
			session_emit_one(s, lines->at[i]);
	s->out = kept;
	if (out != NULL) {
		char *path = session_path(s, out);
		struct value all = v_list(lines), between = v_text(s->host->heap, "\r\n"), made = operator_binary(s, OP_JOIN, &all, &between);

		if (path != NULL)
			(void)!file_put(s->host, path, string_bytes(s->host->heap, value_string(s, &made)));
	}
	if (argument_switch(a, "PassThru"))
		session_emit_one(s, v_unknown());
}

static void start_sleep(struct session *s, struct arguments *a)
{
	const struct value *ms = argument(a, "Milliseconds", -1), *seconds = argument(a, "Seconds", 0);
	struct value n;

	if (ms == NULL)
		ms = table_at(a->named, "m");
	if (ms != NULL && value_int(s, ms) > 0)
		host_sleep(s->host, (uint64_t)value_int(s, ms) % 100000000 * 1000000);
	else if (seconds != NULL && value_number(s, seconds, &n)) {
		double d = n.kind == V_DOUBLE ? n.real : (double)n.number;

		host_sleep(s->host, d > 0 && d < 100000 ? (uint64_t)(d * 1e9) : 0);
	}
}

static void get_date(struct session *s, struct arguments *a)
{
	const struct value *format = argument(a, "Format", -1), *unix_format = argument(a, "UFormat", -1);
	struct value v = v_null();

	if (unix_format != NULL) {
		session_emit_one(s, v_text(s->host->heap, calendar_print(s->host, value_utf8(s, unix_format), host_clock(s->host))));
		return;
	}
	(void)type_static(s, "datetime", "Now", &v);
	if (format != NULL) {
		const struct string *f = value_string(s, format);
		struct text t = text_in(s->host->heap);
		static const struct { const char *net, *ours; } parts[] = {
			{ "yyyy", "%Y" }, { "yy", "%y" }, { "MMMM", "%B" }, { "MMM", "%b" }, { "MM", "%m" }, { "dddd", "%A" }, { "ddd", "%a" },
			{ "dd", "%d" }, { "HH", "%H" }, { "hh", "%I" }, { "mm", "%M" }, { "ss", "%S" }, { "tt", "%p" }, { "M", "%n" }, { "d", "%e" },
			{ "h", "%l" },
		};
		const char *at = string_to_utf8(s->host->heap, f);

		while (*at != 0) {
			size_t i = 0;

			while (i < COUNT_OF(parts) && strncmp(at, parts[i].net, strlen(parts[i].net)) != 0)
				i++;
			if (i < COUNT_OF(parts))
				text_add(&t, bytes_text(parts[i].ours));
			else
				text_put(&t, *at);
			at += i < COUNT_OF(parts) ? strlen(parts[i].net) : 1;
		}
		session_emit_one(s, v_text(s->host->heap, calendar_print(s->host, t.at, host_clock(s->host))));
		return;
	}
	if (s->out == NULL) {
		const char *shown = host_text(s->host, "format.powershell_date", NULL);

		handle_text(s->host, s->standard.out, heap_print(s->host->heap, "\r\n%s\r\n\r\n\r\n",
		    calendar_print(s->host, shown != NULL ? shown : "", host_clock(s->host))));
		return;
	}
	session_emit_one(s, v);
}

static void test_connection(struct session *s, struct arguments *a)
{
	const struct value *name = argument(a, "ComputerName", 0), *count = argument(a, "Count", -1);
	unsigned times = count != NULL ? (unsigned)value_int(s, count) : PING_COUNT, back;
	struct address to;

	if (name == NULL)
		return;
	if (!web_resolve(s->host, value_utf8(s, name), &to)) {
		session_complain(s, "powershell.name", value_utf8(s, name));
		return;
	}
	back = web_ping(s->host, &to, times < 1000 ? times : 1000, 32);
	if (argument_switch(a, "Quiet"))
		session_emit_one(s, v_bool(back != 0));
	else
		session_emit_one(s, v_unknown());
}

static void test_net(struct session *s, struct arguments *a)
{
	const struct value *name = argument(a, "ComputerName", 0), *port = argument(a, "Port", -1);
	struct value v = object_custom(s);
	struct address to;
	bool reached = false;

	if (name == NULL)
		return;
	if (port != NULL)
		reached = web_connect(s->host, value_utf8(s, name), (uint16_t)value_int(s, port)) != NULL;
	else if (web_resolve(s->host, value_utf8(s, name), &to))
		reached = web_ping(s->host, &to, 1, 32) != 0;
	table_write(v.object->properties, "TcpTestSucceeded", v_bool(reached));
	table_write(v.object->properties, "PingSucceeded", v_bool(reached));
	session_emit_one(s, v);
}

static void resolve_name(struct session *s, struct arguments *a)
{
	const struct value *name = argument(a, "Name", 0), *type = argument(a, "Type", 1);
	const char *kind = type != NULL ? value_utf8(s, type) : "A";
	static const struct { const char *name; uint16_t type; } types[] = {
		{ "A", 1 }, { "NS", 2 }, { "CNAME", 5 }, { "MX", 15 }, { "TXT", 16 }, { "AAAA", 28 }, { "SRV", 33 },
	};
	struct address to;

	for (size_t i = 0; name != NULL && i < COUNT_OF(types); i++)
		if (same_name(types[i].name, kind))
			(void)web_ask(s->host, value_utf8(s, name), types[i].type, &to);
	session_emit_one(s, v_unknown());
}

/* Invoke-WmiMethod and Invoke-CimMethod -Class Win32_Process -Name Create -ArgumentList COMMAND: that form runs it. */
static void invoke_wmi(struct session *s, struct arguments *a)
{
	const struct value *class = argument(a, "Class", 0), *name = argument(a, "Name", 1), *args = argument(a, "ArgumentList", 2);
	const struct value *table = argument(a, "Arguments", -1);
	struct creation c = { .cwd = s->cwd, .variables = s->environment, .standard = {
		handle_new(s->host, HANDLE_NUL), handle_new(s->host, HANDLE_NUL), handle_new(s->host, HANDLE_NUL) } };
	uint32_t status;

	if (name == NULL)
		name = argument(a, "MethodName", -1);
	if (table != NULL && table->kind == V_TABLE && table_at(table->table, "CommandLine") != NULL)
		args = table_at(table->table, "CommandLine");
	if (class != NULL && string_is(value_string(s, class), "win32_process") && name != NULL && string_is(value_string(s, name), "create") &&
	    args != NULL) {
		struct list *l = value_list(s, args);

		if (l->count != 0) {
			c.line = value_utf8(s, &l->at[0]);
			(void)!command_create(s->host, &c, &status);
		}
	}
	session_emit_one(s, v_unknown());
}

static void start_job(struct session *s, struct arguments *a)
{
	const struct value *block = argument(a, "ScriptBlock", 0);
	struct list *kept = s->out;

	s->out = list_new(s->host->heap, 4);
	if (block != NULL && block->kind == V_BLOCK)
		block_call(s, block->block->body, &(struct arguments){ .list = list_new(s->host->heap, 0), .named = table_new(s->host->heap) }, true);
	s->out = kept;
	session_emit_one(s, v_unknown());
}

static void tell(struct session *s, enum event_kind kind, const char *what, const struct value *name, const struct value *data)
{
	struct event *e = world_event(s->host->world, kind);

	if (e == NULL)
		return;
	e->name = world_keep_text(s->host->world, what);
	e->path = world_keep_text(s->host->world, name != NULL ? value_utf8(s, name) : "");
	if (data != NULL)
		e->data = world_keep_text(s->host->world, value_utf8(s, data));
}

static void register_task(struct session *s, struct arguments *a)
{
	tell(s, EVENT_TASK, "create", argument(a, "TaskName", 0), argument(a, "Action", -1));
	session_emit_one(s, v_unknown());
}

static void new_service(struct session *s, struct arguments *a)
{
	tell(s, EVENT_SERVICE, "create", argument(a, "Name", 0), argument(a, "BinaryPathName", 1));
	session_emit_one(s, v_unknown());
}

/* New-ScheduledTaskAction: the command, as a text. */
static void task_action(struct session *s, struct arguments *a)
{
	const struct value *run = argument(a, "Execute", 0), *words = argument(a, "Argument", 1);

	session_emit_one(s, v_text(s->host->heap, heap_print(s->host->heap, "%.2000s%s%.6000s", run != NULL ? value_utf8(s, run) : "",
	    words != NULL ? " " : "", words != NULL ? value_utf8(s, words) : "")));
}

const struct cmdlet cmdlets_system[] = {
	{ "Invoke-WebRequest", invoke_web, "|usebasicparsing|disablekeepalive|usedefaultcredentials|" },
	{ "Invoke-RestMethod", invoke_rest, "|usebasicparsing|usedefaultcredentials|" }, { "Start-BitsTransfer", start_bits, "|asynchronous|" },
	{ "Start-Process", start_process, "|wait|nonewwindow|passthru|loaduserprofile|" }, { "Start-Sleep", start_sleep, NULL },
	{ "Get-Date", get_date, NULL }, { "Test-Connection", test_connection, "|quiet|" }, { "Test-NetConnection", test_net, "|traceroute|" },
	{ "Resolve-DnsName", resolve_name, "|dnsonly|quicktimeout|" }, { "Invoke-WmiMethod", invoke_wmi, NULL }, { "Invoke-CimMethod", invoke_wmi, NULL },
	{ "Start-Job", start_job, NULL }, { "Register-ScheduledTask", register_task, NULL }, { "New-Service", new_service, NULL },
	{ "New-ScheduledTaskAction", task_action, NULL }, { NULL, NULL, NULL },
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static members of .NET types that ask or change the server: Environment, IO, Net, Process, and what is loaded. */
#include "emu/windows/powershell/session.h"
#include "emu/windows/command/command.h"
#include "emu/windows/host/calendar.h"
#include "emu/windows/host/web.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct value clock_value(struct session *s, bool utc)
{
	struct value v = object_custom(s);
	uint64_t ns = host_clock(s->host) - (utc ? (uint64_t)(atoll(host_fact(s->host, "TIME_ZONE_MINUTES")) * 60000000000ll) : 0);
	struct calendar c = calendar_of(ns);
	const struct { const char *name; int value; } parts[] = {
		{ "Year", c.year }, { "Month", c.month }, { "Day", c.day }, { "Hour", c.hour }, { "Minute", c.minute },
		{ "Second", c.second }, { "Millisecond", c.milliseconds },
	};
	const char *format = host_text(s->host, "format.general", NULL);

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		table_write(v.object->properties, parts[i].name, v_int(parts[i].value));
	table_write(v.object->properties, "Ticks", v_number(V_LONG, (int64_t)(ns / 100 + 621355968000000000ull)));
	table_write(v.object->properties, "Value", v_text(s->host->heap, calendar_print(s->host, format != NULL ? format : "", ns)));
	return v;
}

bool type_static(struct session *s, const char *type, const char *as, struct value *ret)
{
	static const struct { const char *type, *name; int64_t value; } numbers[] = {
		{ "int32", "maxvalue", INT32_MAX }, { "int32", "minvalue", INT32_MIN }, { "byte", "maxvalue", 255 },
		{ "int64", "maxvalue", INT64_MAX },
	};
	static const struct { const char *name, *encoding; } encodings[] = {
		{ "ascii", "ascii" }, { "utf8", "utf8" }, { "unicode", "unicode" }, { "default", "default" }, { "utf7", "utf7" },
		{ "bigendianunicode", "bigendianunicode" },
	};
	struct heap *heap = s->host->heap;
	char *name = heap_text(heap, bytes_text(as));

	for (char *c = name; *c != 0; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (strcmp(numbers[i].type, type) == 0 && strcmp(numbers[i].name, name) == 0) {
			*ret = v_int(numbers[i].value);
			return true;
		}
	if (strcmp(type, "text.encoding") == 0)
		for (size_t i = 0; i < COUNT_OF(encodings); i++)
			if (strcmp(encodings[i].name, name) == 0) {
				*ret = encoding_of(s, encodings[i].encoding);
				return true;
			}
	if (strcmp(type, "environment") == 0 && strcmp(name, "newline") == 0)
		*ret = v_text(heap, "\r\n");
	else if (strcmp(type, "environment") == 0 && (strcmp(name, "machinename") == 0 || strcmp(name, "username") == 0 ||
	    strcmp(name, "userdomainname") == 0))
		*ret = v_text(heap, host_fact(s->host, *name == 'm' ? "HOSTNAME" : name[4] == 'n' ? "USER" : "DOMAIN")),
		record_fact(s->host->world->record, string_bytes(heap, ret->string));
	else if (strcmp(type, "environment") == 0 && strcmp(name, "currentdirectory") == 0)
		*ret = v_text(heap, s->cwd);
	else if (strcmp(type, "environment") == 0 && strncmp(name, "is64bit", 7) == 0)
		*ret = v_bool(true);
	else if (strcmp(type, "environment") == 0 && strcmp(name, "processorcount") == 0)
		*ret = v_int(s->host->world->profile.processors);
	else if (strcmp(type, "math") == 0 && strcmp(name, "pi") == 0)
		*ret = v_double(M_PI);
	else if (strcmp(type, "intptr") == 0 && (strcmp(name, "size") == 0 || strcmp(name, "zero") == 0))
		*ret = v_int(*name == 's' ? 8 : 0);
	else if (strcmp(type, "string") == 0 && strcmp(name, "empty") == 0)
		*ret = v_text(heap, "");
	else if (strcmp(type, "datetime") == 0 && (strcmp(name, "now") == 0 || strcmp(name, "utcnow") == 0 || strcmp(name, "today") == 0))
		*ret = clock_value(s, *name == 'u');
	else if (strncmp(type, "io.compression.", 15) == 0 || strcmp(type, "stringsplitoptions") == 0 || strncmp(type, "net.securityprotocoltype", 24) == 0 ||
	    strcmp(type, "base64formattingoptions") == 0 || strcmp(type, "stringcomparison") == 0 || strcmp(type, "io.filemode") == 0 ||
	    strcmp(type, "diagnostics.processwindowstyle") == 0 || strcmp(type, "text.regularexpressions.regexoptions") == 0 ||
	    strcmp(type, "environment.specialfolder") == 0 || strcmp(type, "environment+specialfolder") == 0)
		*ret = v_text(heap, as); /* an enumeration's name */
	else if (strncmp(type, "net.", 4) == 0 || strncmp(type, "reflection.", 11) == 0 || strncmp(type, "security.", 9) == 0 ||
	    strncmp(type, "management.", 11) == 0 || strncmp(type, "runtime.", 8) == 0 || strncmp(type, "appdomain", 9) == 0 ||
	    strcmp(type, "ref") == 0 || strncmp(type, "diagnostics.", 12) == 0)
		*ret = v_unknown(); /* settings and reflection: not followed */
	else
		return false;
	return true;
}

void type_static_set(struct session *s, const char *type, const char *name, const struct value *v)
{
	/* settings of the network and of checks change nothing that is modelled */
	if (strcmp(type, "environment") == 0 && same_name(name, "currentdirectory")) {
		char *path = session_path(s, v);

		if (path != NULL)
			strcpy(s->cwd, path);
	}
}

static bool of_environment(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	const char *what = args->count != 0 ? value_utf8(s, &args->at[0]) : "", *value;
	static const struct { const char *folder, *variable, *below; } folders[] = {
		{ "applicationdata", "APPDATA", "" }, { "localapplicationdata", "LOCALAPPDATA", "" }, { "commonapplicationdata", "ProgramData", "" },
		{ "userprofile", "USERPROFILE", "" }, { "desktop", "USERPROFILE", "\\Desktop" }, { "system", "SystemRoot", "\\system32" },
		{ "startup", "APPDATA", "\\Microsoft\\Windows\\Start Menu\\Programs\\Startup" }, { "windows", "SystemRoot", "" },
		{ "mydocuments", "USERPROFILE", "\\Documents" }, { "personal", "USERPROFILE", "\\Documents" }, { "programfiles", "ProgramFiles", "" },
	};

	if (strcmp(name, "getenvironmentvariable") == 0) {
		value = variable_ask(s->host, s->environment, what);
		*ret = value != NULL ? v_text(s->host->heap, value) : v_null();
		return true;
	}
	if (strcmp(name, "setenvironmentvariable") == 0 && args->count >= 2) {
		variable_set(s->environment, what, value_utf8(s, &args->at[1]));
		return true;
	}
	if (strcmp(name, "expandenvironmentvariables") == 0) {
		struct text t = text_in(s->host->heap);

		for (const char *at = what, *end; *at != 0; at++) {
			end = *at == '%' ? strchr(at + 1, '%') : NULL;
			value = end != NULL ? variable_ask(s->host, s->environment, heap_text(s->host->heap, bytes_of(at + 1, (size_t)(end - at) - 1))) : NULL;
			if (value == NULL) {
				text_put(&t, *at);
				continue;
			}
			text_add(&t, bytes_text(value));
			at = end;
		}
		*ret = v_text(s->host->heap, t.at);
		return true;
	}
	for (size_t i = 0; strcmp(name, "getfolderpath") == 0 && i < COUNT_OF(folders); i++)
		if (same_name(folders[i].folder, what)) {
			value = variable_ask(s->host, s->environment, folders[i].variable);
			*ret = v_text(s->host->heap, heap_print(s->host->heap, "%s%s", value != NULL ? value : "", folders[i].below));
			return true;
		}
	if (strcmp(name, "exit") == 0) {
		s->exit_status = (int32_t)value_int(s, &args->at[0]);
		s->flow = FLOW_EXIT;
		return true;
	}
	return false;
}

static struct bytes file_bytes(struct session *s, const struct value *v, const char *how)
{
	if (strcmp(how, "writeallbytes") == 0)
		return value_bytes(s, v);
	if (strcmp(how, "writealllines") == 0)
		return bytes_text(heap_print(s->host->heap, "%.16000s\r\n", value_utf8(s, v)));
	return string_bytes(s->host->heap, value_string(s, v));
}

static bool file_change(struct session *s, const char *name, const char *path, const struct list *args, struct value *ret)
{
	bool foreign = args->count > 1 && value_is_foreign(&args->at[1]);
	struct event *told;
	struct node *n;
	struct place p;
	struct bytes b;

	if (strncmp(name, "write", 5) == 0 || strncmp(name, "append", 6) == 0) {
		b = file_bytes(s, &args->at[1], name);
		if (file_write(s->host, path, *name == 'a', &n, &told) < 0) {
			session_throw(s, "powershell.file", path);
			return true;
		}
		record_more(s->host->world->record, told, b);
		if (node_write(s->host->world->tree, n, n->size, b) < 0)
			host_stop(s->host, STOPPED_FILES);
		if (foreign)
			file_mark_foreign(s->host, n);
	} else if (strcmp(name, "exists") == 0) {
		*ret = v_bool(file_exists(s->host, path, &p));
	} else if (strcmp(name, "delete") == 0) {
		(void)!file_delete(s->host, path);
	} else if (strcmp(name, "createdirectory") == 0) {
		(void)!file_make_folder(s->host, path);
	} else {
		return false;
	}
	return true;
}

static bool of_file(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	char *path = args->count != 0 ? session_path(s, &args->at[0]) : NULL;
	struct bytes b;
	struct place p;

	if (path == NULL)
		return false;
	if (strncmp(name, "read", 4) == 0 || strcmp(name, "openread") == 0) {
		if (file_read(s->host, path, &b) < 0) {
			session_throw(s, "powershell.file", path);
			return true;
		}
		if (file_find(s->host, path, &p) && file_is_foreign(s->host, p.node))
			*ret = v_unknown();
		else if (strcmp(name, "readallbytes") == 0)
			*ret = v_bytes(s->host->heap, b);
		else if (strcmp(name, "readalltext") == 0)
			*ret = v_string(string_utf8(s->host->heap, b));
		else if (strcmp(name, "openread") == 0)
			*ret = stream_over(s, b, false);
		else {
			struct handle *lines = handle_reading(s->host, b);
			struct list *all = list_new(s->host->heap, 16);

			while (handle_line(lines, &b) && host_step(s->host))
				list_add(all, v_string(string_utf8(s->host->heap, b)));
			*ret = v_list(all);
		}
		return true;
	}
	if ((strcmp(name, "copy") == 0 || strcmp(name, "move") == 0) && args->count >= 2) {
		char *to = session_path(s, &args->at[1]);

		if (to != NULL && *name == 'm')
			(void)!file_rename(s->host, path, to);
		else if (to != NULL && file_read(s->host, path, &b) == 0)
			(void)!file_put(s->host, to, b);
		return true;
	}
	return file_change(s, name, path, args, ret);
}

static bool of_path(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	const char *path = args->count != 0 ? value_utf8(s, &args->at[0]) : "", *temp = variable_find(s->environment, "TEMP");
	const char *last = strrchr(path, '\\'), *dot;
	struct text t = text_in(s->host->heap);

	last = last != NULL ? last + 1 : path;
	dot = strrchr(last, '.');
	if (strcmp(name, "gettemppath") == 0)
		text_print(&t, "%s\\", temp != NULL ? temp : "C:\\Windows\\TEMP");
	else if (strcmp(name, "combine") == 0)
		for (unsigned i = 0; i < args->count; i++)
			text_print(&t, "%s%s", t.len != 0 && t.at[t.len - 1] != '\\' ? "\\" : "", value_utf8(s, &args->at[i]));
	else if (strcmp(name, "getfilename") == 0)
		text_add(&t, bytes_text(last));
	else if (strcmp(name, "getfilenamewithoutextension") == 0)
		text_add(&t, bytes_of(last, dot != NULL ? (size_t)(dot - last) : strlen(last)));
	else if (strcmp(name, "getextension") == 0)
		text_add(&t, bytes_text(dot != NULL ? dot : ""));
	else if (strcmp(name, "getdirectoryname") == 0)
		text_add(&t, bytes_of(path, last > path ? (size_t)(last - path) - 1 : 0));
	else if (strcmp(name, "getrandomfilename") == 0 || strcmp(name, "gettempfilename") == 0) {
		(void)record_ask(s->host->world->record, QUESTION_RANDOM, "", true);
		if (name[3] == 'r')
			text_print(&t, "%08x.%03x", (unsigned)world_random(s->host->world), (unsigned)(world_random(s->host->world) & 0xfff));
		else
			text_print(&t, "%s\\tmp%04X.tmp", temp != NULL ? temp : "", (unsigned)(world_random(s->host->world) & 0xffff));
	} else {
		return false;
	}
	*ret = v_text(s->host->heap, t.at);
	return true;
}

static bool of_process(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	struct list *words = list_new(s->host->heap, 2), *kept = s->out;

	if (strcmp(name, "start") != 0 || args->count == 0)
		return false;
	if (args->at[0].kind == V_OBJECT)
		return class_process.call(s, args->at[0].object, "start", words, ret);
	if (args->count > 1)
		list_add(words, args->at[1]);
	s->out = list_new(s->host->heap, 1); /* a window of its own */
	if (!program_call(s, value_utf8(s, &args->at[0]), words, (struct bytes){ 0 }, true))
		session_throw(s, "powershell.file", value_utf8(s, &args->at[0]));
	s->out = kept;
	*ret = v_unknown();
	return true;
}

bool type_call_more(struct session *s, const char *type, const char *name, const struct list *args, struct value *ret)
{
	struct address a;
	char text[ADDRESS_TEXT];

	if (strncmp(type, "reflection.", 11) == 0)
		goto unknown;
	if (strcmp(type, "environment") == 0)
		return of_environment(s, name, args, ret);
	if (strcmp(type, "io.file") == 0 || strcmp(type, "io.directory") == 0)
		return of_file(s, name, args, ret);
	if (strcmp(type, "io.path") == 0)
		return of_path(s, name, args, ret);
	if (strcmp(type, "diagnostics.process") == 0)
		return of_process(s, name, args, ret) || (*ret = v_unknown(), true);
	if (strcmp(type, "threading.thread") == 0 && strcmp(name, "sleep") == 0 && args->count == 1) {
		int64_t ms = value_int(s, &args->at[0]);

		host_sleep(s->host, ms > 0 ? (uint64_t)ms * 1000000 : 0);
		return true;
	}
	if (strcmp(type, "net.dns") == 0 && args->count >= 1) {
		if (!web_resolve(s->host, value_utf8(s, &args->at[0]), &a)) {
			session_throw(s, "powershell.name", value_utf8(s, &args->at[0]));
			return true;
		}
		*ret = v_text(s->host->heap, address_format(&a, text));
		if (strcmp(name, "gethostaddresses") != 0)
			*ret = v_unknown();
		return true;
	}
	if (strcmp(type, "scriptblock") == 0 && strcmp(name, "create") == 0 && args->count == 1) {
		*ret = type_cast(s, type, &args->at[0]);
		return true;
	}
	if (strcmp(type, "text.encoding") == 0 && strcmp(name, "getencoding") == 0 && args->count == 1) {
		const char *which = value_utf8(s, &args->at[0]);

		*ret = encoding_of(s, same_name(which, "utf-8") ? "utf8" : same_name(which, "utf-16") ? "unicode" : same_name(which, "ascii") ||
		    same_name(which, "us-ascii") ? "ascii" : "default");
		return true;
	}
	if ((strcmp(type, "net.webrequest") == 0 || strcmp(type, "net.httpwebrequest") == 0) && strcmp(name, "create") == 0)
		return type_new(s, "net.webrequest", args, ret);
	if (strcmp(type, "guid") == 0 && strcmp(name, "newguid") == 0) {
		(void)record_ask(s->host->world->record, QUESTION_RANDOM, "", true);
		*ret = v_text(s->host->heap, heap_print(s->host->heap, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)world_random(s->host->world),
		    (unsigned)world_random(s->host->world) & 0xffff, (unsigned)world_random(s->host->world) & 0xfff,
		    (unsigned)world_random(s->host->world) & 0xfff, (unsigned long long)(world_random(s->host->world) & 0xffffffffffff)));
		return true;
	}
	/* what is loaded, or reached by reflection, is code that is not here */
	if (strncmp(type, "runtime.", 8) == 0 || strcmp(type, "activator") == 0 ||
	    strcmp(type, "appdomain") == 0 || strncmp(type, "management.", 11) == 0 || strncmp(type, "security.", 9) == 0 ||
	    strcmp(type, "gc") == 0 || strcmp(type, "console") == 0 || strncmp(type, "microsoft.win32.", 16) == 0) {
unknown:
		(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: [%s]::%s", type, name));
		*ret = v_unknown();
		return true;
	}
	return false;
}

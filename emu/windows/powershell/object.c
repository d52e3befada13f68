/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects that New-Object makes: web clients, processes, builders; and what scripting hosts know as COM objects. */
#include "emu/windows/powershell/session.h"
#include "emu/windows/command/command.h"
#include "emu/windows/host/registry.h"
#include "emu/windows/host/web.h"

#include <string.h>

const struct class class_custom = { "System.Management.Automation.PSCustomObject", NULL, NULL, NULL };

struct value object_custom(struct session *s)
{
	struct value v = v_object(s->host->heap, &class_custom, NULL);

	v.object->properties = table_new(s->host->heap);
	return v;
}

bool web_get(struct session *s, const char *method, const char *url, struct bytes body, struct bytes *ret)
{
	if (web_fetch(s->host, method, url, body, ret) == 0)
		return true;
	session_throw(s, "powershell.web", url);
	return false;
}

static struct value foreign_text(struct session *s, struct bytes b)
{
	struct string *t = string_utf8(s->host->heap, b);

	t->foreign = true;
	return v_string(t);
}

static struct value foreign_bytes(struct session *s, struct bytes b)
{
	struct value v = v_bytes(s->host->heap, b);

	v.list->foreign = true;
	return v;
}

/* A file fetched to a path, marked as the attacker's. */
static void fetch_to(struct session *s, const char *url, const struct value *path)
{
	char *to = session_path(s, path);
	struct bytes got;
	struct place p;

	if (!web_get(s, "GET", url, (struct bytes){ 0 }, &got))
		return;
	if (to == NULL || file_put(s->host, to, got) < 0)
		session_throw(s, "powershell.file", to != NULL ? to : "");
	else if (file_find(s->host, to, &p))
		file_mark_foreign(s->host, p.node);
}

static struct bytes upload(struct session *s, const struct value *v)
{
	return v->kind == V_LIST ? value_bytes(s, v) : string_bytes(s->host->heap, value_string(s, v));
}

static bool client_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	const char *url = args->count != 0 ? value_utf8(s, &args->at[0]) : "", *base;
	bool task = strstr(name, "async") != NULL;
	struct bytes got;

	*ret = v_null();
	if (o->properties != NULL && table_at(o->properties, "BaseAddress") != NULL && strstr(url, "://") == NULL) {
		base = value_utf8(s, table_at(o->properties, "BaseAddress"));
		url = heap_print(s->host->heap, "%.2000s%.2000s", base, url);
	}
	if (strncmp(name, "downloadstring", 14) == 0 || strncmp(name, "getstring", 9) == 0) {
		if (web_get(s, "GET", url, (struct bytes){ 0 }, &got))
			*ret = foreign_text(s, got);
	} else if (strncmp(name, "downloaddata", 12) == 0 || strncmp(name, "getbytearray", 12) == 0) {
		if (web_get(s, "GET", url, (struct bytes){ 0 }, &got))
			*ret = foreign_bytes(s, got);
	} else if (strncmp(name, "downloadfile", 12) == 0 && args->count >= 2) {
		fetch_to(s, url, &args->at[1]);
		return true;
	} else if (strncmp(name, "openread", 8) == 0) {
		if (web_get(s, "GET", url, (struct bytes){ 0 }, &got))
			*ret = stream_over(s, got, true);
		return true;
	} else if (strncmp(name, "upload", 6) == 0 && args->count >= 2) {
		bool named = args->count >= 3 && args->at[1].kind == V_STRING;
		struct bytes body = upload(s, &args->at[args->count - 1]);

		if (strncmp(name, "uploadfile", 10) == 0) {
			char *path = session_path(s, &args->at[args->count - 1]);

			body = (struct bytes){ 0 };
			if (path != NULL)
				(void)!file_read(s->host, path, &body);
		}
		if (web_get(s, named ? value_utf8(s, &args->at[1]) : "POST", url, body, &got))
			*ret = foreign_text(s, got);
	} else if (strcmp(name, "dispose") == 0) {
		return true;
	} else {
		return false;
	}
	if (task) {
		struct value t = object_custom(s);

		table_write(t.object->properties, "Result", *ret);
		*ret = t;
	}
	return true;
}

static bool client_get(struct session *s, struct object *o, const char *name, struct value *ret)
{
	/* headers, proxies and credentials are taken and not looked at */
	*ret = v_unknown();
	return strcmp(name, "headers") == 0 || strcmp(name, "proxy") == 0 || strcmp(name, "credentials") == 0 ||
	    strcmp(name, "querystring") == 0 || strcmp(name, "encoding") == 0 || strcmp(name, "responseheaders") == 0 ||
	    strcmp(name, "defaultrequestheaders") == 0 || strcmp(name, "isbusy") == 0 || strcmp(name, "cachepolicy") == 0;
}

static const struct class class_client = { "System.Net.WebClient", client_get, NULL, client_call };

/* WebRequest: GetResponse() fetches; its stream is what came. */
static bool request_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	struct string *url = o->state;
	const struct value *method = o->properties != NULL ? table_at(o->properties, "Method") : NULL;
	struct value response;
	struct bytes got;

	if (strcmp(name, "getrequeststream") == 0) {
		*ret = v_unknown();
		return true;
	}
	if (strcmp(name, "getresponse") != 0)
		return false;
	*ret = v_null();
	if (!web_get(s, method != NULL ? value_utf8(s, method) : "GET", string_to_utf8(s->host->heap, url), (struct bytes){ 0 }, &got))
		return true;
	response = object_custom(s);
	table_write(response.object->properties, "Stream", stream_over(s, got, true));
	*ret = response;
	return true;
}

static bool response_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	*ret = v_null();
	if (strcmp(name, "getresponsestream") == 0)
		*ret = *table_at(o->properties, "Stream");
	else if (strcmp(name, "close") != 0 && strcmp(name, "dispose") != 0)
		return false;
	return true;
}

static const struct class class_response = { "System.Net.HttpWebResponse", client_get, NULL, response_call };

static bool request_answers(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	bool done = request_call(s, o, name, args, ret);

	if (done && ret->kind == V_OBJECT)
		ret->object->class = &class_response;
	return done;
}

static const struct class class_request = { "System.Net.HttpWebRequest", client_get, NULL, request_answers };

/* XmlDocument: Load() takes a URL; what the document holds is its sender's. */
static bool xml_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	const char *from = args->count != 0 ? value_utf8(s, &args->at[0]) : "";
	struct bytes got;

	*ret = v_unknown();
	if (strcmp(name, "load") == 0 && strstr(from, "://") != NULL)
		(void)web_get(s, "GET", from, (struct bytes){ 0 }, &got);
	return true;
}

static bool xml_get(struct session *s, struct object *o, const char *name, struct value *ret)
{
	*ret = v_unknown();
	return true;
}

static const struct class class_xml = { "System.Xml.XmlDocument", xml_get, NULL, xml_call };

static bool random_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	int64_t from = args->count > 1 ? value_int(s, &args->at[0]) : 0;
	int64_t to = args->count != 0 ? value_int(s, &args->at[args->count - 1]) : INT32_MAX;

	if (strcmp(name, "next") != 0)
		return false;
	(void)record_ask(s->host->world->record, QUESTION_RANDOM, "", true);
	*ret = v_int(to > from ? from + (int64_t)(world_random(s->host->world) % (uint64_t)(to - from)) : from);
	return true;
}

static const struct class class_random = { "System.Random", NULL, NULL, random_call };

static bool builder_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	struct units *u = o->state;

	if (strcmp(name, "tostring") == 0) {
		*ret = v_string(string_of(s->host->heap, u->at, u->len));
		((struct string *)(uintptr_t)ret->string)->foreign = u->foreign;
		return true;
	}
	if (strcmp(name, "append") != 0 && strcmp(name, "appendline") != 0)
		return false;
	if (args->count != 0)
		units_add(u, value_string(s, &args->at[0]));
	if (name[6] != 0)
		units_text(u, "\r\n");
	*ret = (struct value){ V_OBJECT, { .object = o } };
	return true;
}

static const struct class class_builder = { "System.Text.StringBuilder", NULL, NULL, builder_call };

/* Process and ProcessStartInfo are one here: what is set on either counts when it starts. */
static const struct value *start_value(const struct object *o, const char *name)
{
	const struct value *info = o->properties != NULL ? table_at(o->properties, "StartInfo") : NULL, *v;

	v = o->properties != NULL ? table_at(o->properties, name) : NULL;
	return v != NULL ? v : info != NULL && info->kind == V_OBJECT && info->object != o && info->object->properties != NULL
	    ? table_at(info->object->properties, name) : NULL;
}

static bool process_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	const struct value *file = start_value(o, "FileName"), *words = start_value(o, "Arguments");
	struct list *list = list_new(s->host->heap, 1), *kept = s->out, *lines;
	struct units all = units_in(s->host->heap);

	*ret = v_null();
	if (strcmp(name, "start") != 0)
		return strcmp(name, "waitforexit") == 0 || strcmp(name, "close") == 0 || strcmp(name, "kill") == 0;
	if (file == NULL)
		return false;
	if (words != NULL)
		list_add(list, *words);
	lines = s->out = list_new(s->host->heap, 8);
	if (!program_call(s, value_utf8(s, file), list, (struct bytes){ 0 }, true))
		session_throw(s, "powershell.file", value_utf8(s, file));
	s->out = kept;
	for (unsigned i = 0; i < lines->count; i++) {
		units_add(&all, value_string(s, &lines->at[i]));
		units_text(&all, "\r\n");
	}
	if (o->properties == NULL)
		o->properties = table_new(s->host->heap);
	table_write(o->properties, "StandardOutput", stream_over(s, string_bytes(s->host->heap, units_string(&all)), all.foreign));
	table_write(o->properties, "StandardError", stream_over(s, (struct bytes){ 0 }, false));
	*ret = v_bool(true);
	return true;
}

static bool process_get(struct session *s, struct object *o, const char *name, struct value *ret)
{
	if (strcmp(name, "startinfo") == 0)
		*ret = (struct value){ V_OBJECT, { .object = o } };
	else if (strcmp(name, "standardinput") == 0 || strcmp(name, "id") == 0 || strcmp(name, "exitcode") == 0)
		*ret = v_unknown();
	else
		return false;
	return true;
}

const struct class class_process = { "System.Diagnostics.Process", process_get, NULL, process_call };

/* WScript.Shell, Shell.Application and the HTTP requests of COM. */
static bool shell_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	const char *what = args->count != 0 ? value_utf8(s, &args->at[0]) : "";
	struct creation c = { .line = what, .cwd = s->cwd, .variables = s->environment, .standard = {
		handle_new(s->host, HANDLE_NUL), handle_new(s->host, HANDLE_NUL), handle_new(s->host, HANDLE_NUL) } };
	uint32_t status = 0;
	char *key;

	*ret = v_unknown();
	if (strcmp(name, "run") == 0 || strcmp(name, "exec") == 0 || strcmp(name, "shellexecute") == 0) {
		if (args->count > 1 && *name == 's')
			c.line = heap_print(s->host->heap, "%.4000s %.8000s", what, value_utf8(s, &args->at[1]));
		if (command_create(s->host, &c, &status) == 0)
			*ret = v_int(status);
	} else if (strcmp(name, "regwrite") == 0 && args->count >= 2 && (key = registry_key(s->host, what)) != NULL) {
		char *last = strrchr(key, '\\');

		if (last != NULL) {
			*last = 0;
			registry_set(s->host, key, last + 1, "REG_SZ", value_utf8(s, &args->at[1]));
		}
	}
	return true;
}

static bool shell_get(struct session *s, struct object *o, const char *name, struct value *ret)
{
	*ret = v_unknown();
	return true;
}

static const struct class class_shell = { "System.__ComObject", shell_get, NULL, shell_call };

static bool http_call(struct session *s, struct object *o, const char *name, const struct list *args, struct value *ret)
{
	struct bytes got, body = { 0 };

	*ret = v_null();
	if (o->properties == NULL)
		o->properties = table_new(s->host->heap);
	if (strcmp(name, "open") == 0 && args->count >= 2) {
		table_write(o->properties, "verb", args->at[0]);
		table_write(o->properties, "url", args->at[1]);
	} else if (strcmp(name, "send") == 0 && table_at(o->properties, "url") != NULL) {
		if (args->count != 0 && args->at[0].kind != V_NULL)
			body = upload(s, &args->at[0]);
		if (web_get(s, value_utf8(s, table_at(o->properties, "verb")), value_utf8(s, table_at(o->properties, "url")), body, &got)) {
			table_write(o->properties, "responseText", foreign_text(s, got));
			table_write(o->properties, "responseBody", foreign_bytes(s, got));
			table_write(o->properties, "status", v_int(200));
		}
	}
	return true;
}

static const struct class class_http = { "System.__ComObject", NULL, NULL, http_call };

struct value object_com(struct session *s, const char *name)
{
	if (same_name(name, "wscript.shell") || same_name(name, "shell.application"))
		return v_object(s->host->heap, &class_shell, NULL);
	if (strcasestr(name, "xmlhttp") != NULL || strcasestr(name, "winhttprequest") != NULL)
		return v_object(s->host->heap, &class_http, NULL);
	(void)host_unknown(s->host, heap_print(s->host->heap, "powershell: COM %.100s", name));
	return v_unknown();
}

bool type_new(struct session *s, const char *type, const struct list *args, struct value *ret)
{
	struct heap *heap = s->host->heap;
	static const struct { const char *type, *encoding; } encodings[] = {
		{ "text.asciiencoding", "ascii" }, { "text.utf8encoding", "utf8" }, { "text.unicodeencoding", "unicode" },
	};

	for (size_t i = 0; i < COUNT_OF(encodings); i++)
		if (strcmp(encodings[i].type, type) == 0) {
			*ret = encoding_of(s, encodings[i].encoding);
			return true;
		}
	if (strcmp(type, "net.webclient") == 0 || strcmp(type, "net.http.httpclient") == 0) {
		*ret = v_object(heap, &class_client, NULL);
	} else if (strcmp(type, "net.webrequest") == 0 && args->count >= 1) {
		*ret = v_object(heap, &class_request, (void *)(uintptr_t)value_string(s, &args->at[0]));
	} else if (strcmp(type, "xml.xmldocument") == 0) {
		*ret = v_object(heap, &class_xml, NULL);
	} else if (strcmp(type, "random") == 0) {
		*ret = v_object(heap, &class_random, NULL);
	} else if (strcmp(type, "text.stringbuilder") == 0) {
		struct units *u = heap_take(heap, sizeof(*u));

		*u = units_in(heap);
		if (args->count != 0 && args->at[0].kind == V_STRING)
			units_add(u, args->at[0].string);
		*ret = v_object(heap, &class_builder, u);
	} else if (strcmp(type, "diagnostics.process") == 0 || strcmp(type, "diagnostics.processstartinfo") == 0) {
		*ret = v_object(heap, &class_process, NULL);
		if (args->count != 0) {
			ret->object->properties = table_new(heap);
			table_write(ret->object->properties, "FileName", args->at[0]);
			if (args->count > 1)
				table_write(ret->object->properties, "Arguments", args->at[1]);
		}
	} else if (strcmp(type, "collections.arraylist") == 0 || strcmp(type, "object[]") == 0) {
		struct value none = v_null();

		*ret = type_cast(s, "collections.arraylist", args->count != 0 && !value_is_number(&args->at[0]) ? &args->at[0] : &none);
	} else if (strcmp(type, "hashtable") == 0) {
		*ret = (struct value){ V_TABLE, { .table = table_new(heap) } };
	} else if (strcmp(type, "psobject") == 0 || strcmp(type, "pscustomobject") == 0 || strcmp(type, "object") == 0) {
		*ret = object_custom(s);
	} else if (strcmp(type, "string") == 0 && args->count == 2) {
		*ret = operator_binary(s, OP_MULTIPLY, &(struct value){ V_STRING, { .string = value_string(s, &args->at[0]) } }, &args->at[1]);
	} else if (strcmp(type, "string") == 0 && args->count == 1) {
		struct value all = v_list(value_list(s, &args->at[0]));

		*ret = operator_unary(s, OP_JOIN, &all);
	} else if ((strcmp(type, "uri") == 0 || strcmp(type, "version") == 0 || strcmp(type, "regex") == 0) && args->count >= 1) {
		*ret = args->at[0];
	} else if (strlen(type) > 2 && strcmp(type + strlen(type) - 2, "[]") == 0 && args->count == 1) {
		struct list *l = list_new(heap, 8);

		l->of = strcmp(type, "byte[]") == 0 ? V_BYTE : strcmp(type, "char[]") == 0 ? V_CHAR : strcmp(type, "int32[]") == 0 ? V_INT : V_NULL;
		for (int64_t i = 0, n = value_int(s, &args->at[0]); i < n && host_step(s->host); i++)
			list_add(l, l->of == V_NULL ? v_null() : v_number(l->of, 0));
		*ret = v_list(l);
	} else if (strncmp(type, "net.webproxy", 12) == 0 || strncmp(type, "net.networkcredential", 21) == 0 || strncmp(type, "net.cookie", 10) == 0 ||
	    strncmp(type, "management.automation.pscredential", 34) == 0 || strncmp(type, "security.", 9) == 0) {
		*ret = v_unknown();
	} else {
		return stream_new(s, type, args, ret);
	}
	return true;
}

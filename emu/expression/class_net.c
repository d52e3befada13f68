/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files by name; URLs, addresses, sockets, naming services: what they would do on the network. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

static int text_object(struct java_run *run, const char *type, struct bytes text, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_TEXT, type, &o);

	if (r < 0)
		return r;
	o->text = text;
	*ret = java_object(o);
	return 0;
}

/* new File(path), new File(folder, name), Paths.get(path…) */
METHOD(file_new)
{
	struct bytes text, next;
	struct java_value v;
	int r = java_to_text(run, &args[0], &text);

	for (unsigned i = 1; i < count && r == 0; i++) {
		if ((r = java_to_text(run, &args[i], &next)) == 0 && (r = java_concat(run, text, bytes_text("/"), &v)) == 0 && (r = java_concat(run, v.s, next, &v)) == 0)
			text = v.s;
	}
	return r < 0 ? r : text_object(run, "java.io.File", text, ret);
}

METHOD(path_text)
{
	const uint8_t *last = memrchr(self->o->text.at, '/', self->o->text.left);

	*ret = java_string(self->o->text);
	if (m->variant == 1 && last != NULL)
		*ret = java_string(bytes_of(last + 1, self->o->text.left - (size_t)(last - self->o->text.at) - 1));
	if (m->variant == 2)
		*ret = *self;
	return 0;
}

/* What a program of the server says of the path; its lines. */
static int ask(struct java_run *run, const char *program, const char *option, struct bytes path, struct java_value *ret)
{
	struct bytes words[] = { bytes_text(program), bytes_text(option), path };

	return java_process_start(run, words, 3, false, ret);
}

METHOD(list)
{
	struct java_value p, s, *items;
	struct java_object *o;
	unsigned n;
	int r = ask(run, "ls", "-A", self->o->text, &p);

	if (r < 0)
		return r;
	s = java_string(p.o->text);
	if ((r = java_method_call(run, &s, NULL, bytes_text("lines"), NULL, 0, ret)) < 0 || (r = java_items_of(run, ret, &items, &n)) < 0 ||
	    (r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o)) < 0)
		return r;
	o->of = class_of("java.lang.String");
	o->items = items;
	o->count = n;
	for (unsigned i = 0; i < n && m->variant == 1; i++) {
		if ((r = java_concat(run, self->o->text, bytes_text("/"), &s)) < 0 || (r = java_concat(run, s.s, items[i].s, &s)) < 0 || (r = text_object(run, "java.io.File", s.s, &items[i])) < 0)
			return r;
	}
	*ret = java_object(o);
	return 0;
}

METHOD(exists)
{
	static const char *const tests[] = { "-e", "-f", "-d", "-r" };
	struct java_value p;
	struct bytes path;
	int r = java_to_text(run, self != NULL ? self : &args[0], &path);

	if (r == 0 && (r = ask(run, "test", tests[m->variant], path, &p)) == 0)
		*ret = java_bool(p.o->status == 0);
	return r;
}

METHOD(delete)
{
	java_note_event(run, &(struct event){ .kind = EVENT_DELETE, .path = self->o->text });
	*ret = java_bool(true);
	return 0;
}

/* Files.readAllBytes, readAllLines, readString, lines; Groovy's file.text */
METHOD(read_file)
{
	struct bytes path, text;
	int r = java_to_text(run, self != NULL ? self : &args[0], &path);

	if (r < 0 || (r = java_file_read(run, path, &text)) < 0)
		return r;
	return java_text_as(run, text, m->variant, ret);
}

METHOD(write_file)
{
	struct bytes path, text;
	struct java_value *what = self != NULL ? &args[0] : &args[1];
	int r = java_to_text(run, self != NULL ? self : &args[0], &path);

	if (r < 0 || (r = java_stream_rest(run, what, &text)) < 0)
		return r;
	java_note_event(run, &(struct event){ .kind = EVENT_WRITE, .path = path, .data = text, .value = text.left });
	return 0;
}

METHOD(output_new)
{
	struct bytes path;
	int r = java_to_text(run, &args[0], &path);

	return r < 0 ? r : text_object(run, "java.io.FileOutputStream", path, ret);
}

METHOD(nothing)
{
	*ret = self != NULL ? *self : java_null();
	return 0;
}

METHOD(url_new)
{
	struct bytes text;
	int r = java_to_text(run, &args[count > 1 ? count - 1 : 0], &text);

	return r < 0 ? r : text_object(run, m->type, text, ret);
}

/* openStream, getContent, openConnection().getInputStream(), connect: the request goes out; its answer is the net's. */
METHOD(url_get)
{
	int r;

	if (self->o->text.left > 5 && bytes_starts_fold(self->o->text, bytes_text("file:"))) {
		struct bytes text, path = bytes_of(self->o->text.at + 5, self->o->text.left - 5);

		while (path.left > 1 && path.at[1] == '/')
			path = bytes_of(path.at + 1, path.left - 1);
		return (r = java_file_read(run, path, &text)) < 0 ? r : java_stream_of(run, "java.io.BufferedInputStream", text, ret);
	}
	if ((r = java_url_fetch(run, self->o->text)) < 0)
		return r;
	return java_open(run, "network", ret);
}

METHOD(url_connection)
{
	return text_object(run, "java.net.HttpURLConnection", self->o->text, ret);
}

METHOD(url_host)
{
	ptrdiff_t at = bytes_find(self->o->text, bytes_text("://"));
	struct bytes host = at < 0 ? self->o->text : bytes_of(self->o->text.at + at + 3, self->o->text.left - (size_t)at - 3);
	size_t len = 0;

	while (len < host.left && strchr("/:?#", host.at[len]) == NULL)
		len++;
	host.left = len;
	if (m->variant == 1 && host.left > 0) /* hashCode, equals: the name is asked for */
		java_note_event(run, &(struct event){ .kind = EVENT_DNS, .name = host });
	*ret = java_string(host);
	return m->variant == 1 ? java_open(run, "network", ret) : 0;
}

static void connect_to(struct java_run *run, struct bytes host, int64_t port)
{
	struct address address = { 0 };

	if (address_parse_bytes(host, &address) < 0)
		address = (struct address){ 0 };
	if (address.family == 0)
		java_note_event(run, &(struct event){ .kind = EVENT_DNS, .name = host });
	if (port > 0 && port < 65536)
		java_note_event(run, &(struct event){ .kind = EVENT_CONNECT, .address = address, .port = (uint16_t)port, .protocol = 6, .name = address.family == 0 ? host : (struct bytes){ 0 } });
}

METHOD(resolve)
{
	connect_to(run, args[0].s, 0);
	return java_open(run, "network", ret);
}

METHOD(local_host)
{
	const struct bytes words[] = { bytes_text("hostname") };
	struct java_value p;
	int r = java_process_start(run, words, 1, false, &p);

	if (r < 0)
		return r;
	while (p.o->text.left > 0 && p.o->text.at[p.o->text.left - 1] == '\n')
		p.o->text.left--;
	return text_object(run, "java.net.InetAddress", p.o->text, ret);
}

METHOD(socket_new)
{
	connect_to(run, args[0].s, java_to_long(&args[1]));
	return java_open(run, "network", ret);
}

/* ldap://host:port/name and its like; any other name is looked up at home */
METHOD(lookup)
{
	ptrdiff_t at = bytes_find(args[0].s, bytes_text("://"));
	struct bytes host;
	int64_t port = 0;
	size_t len = 0;

	if (at < 0)
		return java_open(run, "naming", ret);
	host = bytes_of(args[0].s.at + at + 3, args[0].s.left - (size_t)at - 3);
	while (len < host.left && strchr("/:?#", host.at[len]) == NULL)
		len++;
	for (size_t i = len + 1; len < host.left && host.at[len] == ':' && i < host.left && isdigit(host.at[i]) && port < 65536; i++)
		port = port * 10 + host.at[i] - '0';
	host.left = len;
	if (port == 0)
		port = bytes_starts_fold(args[0].s, bytes_text("rmi")) ? 1099 : bytes_starts_fold(args[0].s, bytes_text("ldaps")) ? 636 : 389;
	connect_to(run, host, bytes_starts_fold(args[0].s, bytes_text("dns")) ? 0 : port);
	return java_open(run, "network", ret);
}

METHOD(loader_new)
{
	struct java_value *items;
	struct bytes url;
	unsigned n;
	int r = java_items_of(run, &args[0], &items, &n);

	for (unsigned i = 0; i < n && r == 0; i++) {
		if ((r = java_to_text(run, &items[i], &url)) == 0)
			r = java_url_fetch(run, url);
	}
	return r < 0 ? r : java_open(run, "network", ret);
}

static const char file[] = "java.io.File", files[] = "java.nio.file.Files", fu[] = "org.apache.commons.io.FileUtils", out[] = "java.io.OutputStream", url[] = "java.net.URL",
	conn[] = "java.net.URLConnection", inet[] = "java.net.InetAddress";
static const struct java_method file_list[] = {
	{ file, "new", "a", METHOD_NEW, 0, file_new }, { file, "new", "aa", METHOD_NEW, 0, file_new }, { "java.nio.file.Paths", "get", "a*", METHOD_STATIC, 0, file_new }, { "java.nio.file.Path", "of", "a*", METHOD_STATIC, 0, file_new },
	{ file, "getPath", "", 0, 0, path_text }, { file, "getAbsolutePath", "", 0, 0, path_text }, { file, "getCanonicalPath", "", 0, 0, path_text }, { file, "getName", "", 0, 1, path_text },
	{ file, "toPath", "", 0, 2, path_text }, { file, "toFile", "", 0, 2, path_text }, { file, "list", "", 0, 0, list }, { file, "listFiles", "", 0, 1, list }, { file, "exists", "", 0, 0, exists },
	{ file, "isFile", "", 0, 1, exists }, { file, "isDirectory", "", 0, 2, exists }, { file, "canRead", "", 0, 3, exists }, { file, "delete", "", 0, 0, delete }, { file, "getText", "*", 0, 0, read_file },
	{ file, "text", "", 0, 0, read_file }, { file, "readLines", "", 0, 2, read_file }, { file, "getBytes", "", 0, 1, read_file }, { file, "write", "a*", 0, 0, write_file }, { file, "append", "a", 0, 0, write_file }, { file, "setText", "a", 0, 0, write_file },
	{ files, "readAllBytes", "a", METHOD_STATIC, 1, read_file }, { files, "readAllLines", "a*", METHOD_STATIC, 2, read_file }, { files, "readString", "a*", METHOD_STATIC, 0, read_file },
	{ files, "lines", "a", METHOD_STATIC, 2, read_file }, { files, "exists", "a*", METHOD_STATIC, 0, exists }, { files, "write", "aa*", METHOD_STATIC, 0, write_file }, { files, "writeString", "aa*", METHOD_STATIC, 0, write_file },
	{ fu, "readFileToString", "a*", METHOD_STATIC, 0, read_file }, { fu, "readLines", "a*", METHOD_STATIC, 2, read_file }, { fu, "writeStringToFile", "aa*", METHOD_STATIC, 0, write_file },
	{ "java.io.FileOutputStream", "new", "a*", METHOD_NEW, 0, output_new }, { "java.io.FileWriter", "new", "a*", METHOD_NEW, 0, output_new }, { out, "write", "a*", 0, 0, write_file },
	{ out, "append", "a", 0, 0, write_file }, { out, "flush", "", 0, 0, nothing }, { out, "close", "", 0, 0, nothing },
};
const struct method_table methods_file = { file_list, COUNT_OF(file_list) };

static const struct java_method net_list[] = {
	{ url, "new", "a*", METHOD_NEW | METHOD_OPEN, 0, url_new }, { "java.net.URI", "new", "a", METHOD_NEW, 0, url_new }, { "java.net.URI", "create", "a", METHOD_STATIC, 0, url_new }, { url, "toURL", "", 0, 0, nothing }, { url, "toURI", "", 0, 0, nothing },
	{ url, "openStream", "", 0, 0, url_get }, { url, "getContent", "", 0, 0, url_get }, { url, "getText", "*", 0, 0, url_get }, { url, "text", "", 0, 0, url_get }, { url, "openConnection", "*", METHOD_OPEN, 0, url_connection },
	{ url, "getHost", "", 0, 0, url_host }, { url, "hashCode", "", 0, 1, url_host }, { conn, "getInputStream", "", 0, 0, url_get }, { conn, "getResponseCode", "", 0, 0, url_get }, { conn, "getContent", "", 0, 0, url_get },
	{ conn, "connect", "", 0, 0, url_get }, { conn, "getResponseMessage", "", 0, 0, url_get }, { conn, "getHeaderFields", "", 0, 0, url_get }, { conn, "setRequestMethod", "a", 0, 0, nothing }, { conn, "setRequestProperty", "aa", METHOD_OPEN, 0, nothing },
	{ conn, "setConnectTimeout", "i", 0, 0, nothing }, { conn, "setReadTimeout", "i", 0, 0, nothing }, { conn, "setDoOutput", "b", 0, 0, nothing }, { conn, "disconnect", "", 0, 0, nothing },
	{ inet, "getByName", "s", METHOD_STATIC, 0, resolve }, { inet, "getAllByName", "s", METHOD_STATIC, 0, resolve }, { inet, "getLocalHost", "", METHOD_STATIC, 0, local_host }, { inet, "getHostName", "", 0, 0, path_text },
	{ inet, "getCanonicalHostName", "", 0, 0, path_text }, { "java.net.Socket", "new", "si", METHOD_NEW, 0, socket_new }, { "javax.naming.InitialContext", "lookup", "s", 0, 0, lookup },
	{ "javax.naming.InitialContext", "doLookup", "s", METHOD_STATIC, 0, lookup }, { "java.net.URLClassLoader", "new", "a*", METHOD_NEW | METHOD_OPEN, 0, loader_new },
	{ "java.net.URLClassLoader", "newInstance", "a*", METHOD_STATIC | METHOD_OPEN, 0, loader_new },
};
const struct method_table methods_net = { net_list, COUNT_OF(net_list) };

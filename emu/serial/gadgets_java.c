/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a graph of Java objects does when it is read. Whatever classes lead there (transformers, comparators, proxies,
 * closures), a call by name has the method's name in one field and its target or arguments in another; a URL in a map is
 * hashed, which resolves its host; a reference to a remote object is registered there; bytes of a class are defined and
 * started; a look-up's name is a URL.
 */
#include "emu/serial/graph.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 32, NESTED_MAX = 3, REFERENCES_MAX = 64 };

static struct bytes text_of(const struct value *v)
{
	return v != NULL && v->kind == VALUE_TEXT ? v->text : (struct bytes){ 0 };
}

static const struct value *first_field(const struct value *v, const char *const *names, size_t count)
{
	const struct value *found = NULL;

	for (size_t i = 0; i < count && found == NULL; i++)
		found = graph_field(v, names[i]);
	return found;
}

static unsigned words_of(const struct value *list, struct bytes words[WORDS_MAX])
{
	unsigned n = 0;

	for (const struct edge *e = list->first; e != NULL && n < WORDS_MAX; e = e->next)
		if (e->to->kind == VALUE_TEXT)
			words[n++] = e->to->text;
	return n;
}

/* A program to be started: its words, or one text, in a list of arguments or alone. */
static void start(const struct value *what, struct serial_result *ret, struct bytes class_name)
{
	struct bytes words[WORDS_MAX];
	unsigned n;

	if (what == NULL)
		return;
	if (what->kind == VALUE_TEXT) {
		effect_program(ret, &what->text, 1, true, class_name);
		return;
	}
	/* exec(Object[]) holds a text or an array of them */
	for (const struct edge *e = what->first; e != NULL; e = e->next)
		if (e->to->kind == VALUE_LIST && (n = words_of(e->to, words)) > 0) {
			effect_program(ret, words, n, false, class_name);
			return;
		}
	if ((n = words_of(what, words)) > 0)
		effect_program(ret, words, n, n == 1, class_name);
}

static void call_by_name(const struct value *v, struct serial_result *ret)
{
	static const char *const methods[] = { "iMethodName", "methodName", "method", "_methodName", "mMethodName" };
	static const char *const arguments[] = { "iArgs", "args", "arguments", "_args", "owner", "delegate", "target", "iConstant" };
	struct bytes method = text_of(first_field(v, methods, COUNT_OF(methods)));

	if (bytes_equal(method, bytes_text("exec")) || bytes_equal(method, bytes_text("execute")) || bytes_equal(method, bytes_text("start")))
		start(first_field(v, arguments, COUNT_OF(arguments)), ret, v->text);
}

/* protocol://host:port/file, from the fields of a java.net.URL */
static void contact(const struct graph *g, const struct value *v, struct serial_result *ret)
{
	struct bytes protocol = text_of(graph_field(v, "protocol")), host = text_of(graph_field(v, "host")),
	    file = text_of(graph_field(v, "file"));
	const struct value *port = graph_field(v, "port");
	bool mapped = false;
	char url[1024];
	int len;

	for (unsigned i = 0; i < g->values_count; i++)
		mapped = mapped || (g->values[i].kind == VALUE_OBJECT && (bytes_find(g->values[i].text, bytes_text("Map")) >= 0 ||
		    bytes_find(g->values[i].text, bytes_text("HashSet")) >= 0 || bytes_find(g->values[i].text, bytes_text("Hashtable")) >= 0));
	if (host.left > 0 && mapped)
		effect_add(ret, SERIAL_DNS, LANGUAGE_AUTO, host, false, v->text);
	len = snprintf(url, sizeof(url), "%.*s://%.*s", (int)protocol.left, (const char *)protocol.at, (int)(host.left < 255 ? host.left : 255),
	    (const char *)host.at);
	if (port != NULL && (int32_t)port->number > 0 && (int32_t)port->number < 65536)
		len += snprintf(url + len, sizeof(url) - (size_t)len, ":%d", (int)(int32_t)port->number);
	if (!mapped && host.left > 0 && protocol.left > 0 && protocol.left < 8 && (size_t)len + file.left < sizeof(url)) {
		memcpy(url + len, file.at, file.left);
		(void)effect_url(ret, bytes_of(url, (size_t)len + file.left), true, v->text);
	}
}

/* sun.rmi.server.UnicastRef: its kind, host and port, as a live reference writes itself. */
static void remote(const struct value *v, struct serial_result *ret)
{
	struct bytes in = v->data, kind, host;
	char address[320];
	uint16_t len;
	uint32_t port;
	uint8_t format;

	if (bytes_u16be(&in, &len) < 0 || bytes_take(&in, len, &kind) < 0 || !bytes_starts_fold(kind, bytes_text("UnicastRef")))
		return;
	if (bytes_equal(kind, bytes_text("UnicastRef2")) && bytes_u8(&in, &format) < 0)
		return;
	if (bytes_u16be(&in, &len) < 0 || bytes_take(&in, len, &host) < 0 || bytes_u32be(&in, &port) < 0 || port == 0 || port > 65535 ||
	    host.left > 255)
		return;
	snprintf(address, sizeof(address), "%.*s:%u", (int)host.left, (const char *)host.at, (unsigned)port);
	effect_add(ret, SERIAL_CONNECT, LANGUAGE_AUTO, bytes_text(address), false, v->text);
}

/* Source of a scripting library's: "new java.lang.ProcessBuilder(…)". */
static bool is_source(struct bytes text)
{
	return (bytes_find(text, bytes_text("Runtime")) >= 0 || bytes_find(text, bytes_text("ProcessBuilder")) >= 0) &&
	    bytes_find(text, bytes_text("(")) >= 0;
}

void gadgets_java(const struct graph *g, struct serial_result *ret)
{
	for (unsigned i = 0; i < g->values_count; i++) {
		const struct value *v = &g->values[i];

		if (v->kind == VALUE_BYTES)
			class_commands(v->text, ret);
		if (v->kind == VALUE_TEXT && !effect_url(ret, v->text, true, (struct bytes){ 0 }) && is_source(v->text))
			effect_add(ret, SERIAL_CODE, LANGUAGE_JAVA, v->text, true, (struct bytes){ 0 });
		if (v->kind != VALUE_OBJECT)
			continue;
		call_by_name(v, ret);
		if (bytes_equal(v->text, bytes_text("java.net.URL")))
			contact(g, v, ret);
		if (v->data.left > 0)
			remote(v, ret);
		for (const struct edge *e = v->first; e != NULL; e = e->next)
			if (e->to->data.left > 0)
				remote(e->to, ret);
	}
}

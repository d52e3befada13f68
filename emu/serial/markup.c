/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON, YAML and XML that name classes: what setters and constructors of Java's and .NET's own classes do with the texts
 * given to them. URLs are looked up or fetched; the words within a process builder, or behind the name of a method that
 * starts programs, are a command line.
 */
#include "emu/serial/graph.h"
#include "emu/serial/xml.h"

#include <ctype.h>
#include <string.h>

enum { WORDS_MAX = 16, PLAIN_MAX = 16 << 10 };

static bool has(struct bytes b, const char *text)
{
	return bytes_find(b, bytes_text(text)) >= 0;
}

/* Every URL that stands in the text, up to what ends it; escaped slashes are slashes. */
static void urls(struct bytes b, struct serial_result *ret)
{
	for (size_t i = 0; i + 6 < b.left; i++) {
		uint8_t plain[1024];
		struct sink s = sink_over(plain, sizeof(plain));

		if (i > 0 && isalnum(b.at[i - 1]))
			continue;
		if (!isalpha(b.at[i]))
			continue;
		for (size_t k = i; k < b.left && !isspace(b.at[k]) && strchr("\"'<>]},)", b.at[k]) == NULL && !s.overflow; k++)
			if (b.at[k] != '\\')
				sink_u8(&s, b.at[k]);
		if (!s.overflow && effect_url(ret, bytes_of(plain, s.used), false, (struct bytes){ 0 }))
			i += s.used;
	}
}

/* The texts in quotes from b's beginning up to the closing bracket. */
static unsigned quoted(struct bytes b, struct sink *to, struct bytes words[WORDS_MAX])
{
	unsigned n = 0;

	for (size_t i = 0; i < b.left && n < WORDS_MAX && b.at[i] != ']'; i++) {
		uint8_t quote = b.at[i];
		size_t from = to->used;

		if (quote != '"' && quote != '\'')
			continue;
		for (i++; i < b.left && b.at[i] != quote; i++) {
			i += b.at[i] == '\\';
			if (i < b.left)
				sink_u8(to, b.at[i]);
		}
		words[n++] = bytes_of(to->at + from, to->used - from);
	}
	return to->overflow ? 0 : n;
}

static struct bytes behind(struct bytes b, const char *text)
{
	ptrdiff_t at = bytes_find(b, bytes_text(text));

	return at < 0 ? bytes_of(b.at + b.left, 0) : bytes_of(b.at + at + strlen(text), b.left - (size_t)at - strlen(text));
}

/* One value of JSON behind its key: {"@type":"java.net.InetAddress","val":"host"} */
static void resolve(struct bytes b, struct serial_result *ret)
{
	uint8_t plain[512];
	struct sink s = sink_over(plain, sizeof(plain));
	struct bytes words[WORDS_MAX], value = behind(b, "\"val\"");

	if (!has(b, "InetAddress") && !has(b, "Inet4Address") && !has(b, "Inet6Address") && !has(b, "InetSocketAddress"))
		return;
	if (value.left == 0)
		value = behind(b, "\"address\"");
	if (value.left > sizeof(plain))
		value.left = sizeof(plain);
	if (quoted(value, &s, words) > 0 && words[0].left > 3 && !has(words[0], "/"))
		effect_add(ret, SERIAL_DNS, LANGUAGE_AUTO, words[0], false, (struct bytes){ 0 });
}

/* What a tag says that starts a program when it is read. */
static bool starts(const struct xml_token *t, bool *split)
{
	bool builder = has(t->name, "ProcessBuilder") || has(xml_attribute(t, "class"), "ProcessBuilder");
	bool exec = bytes_equal(xml_attribute(t, "method"), bytes_text("exec")) || bytes_equal(t->name, bytes_text("iArgs"));
	bool parameters = has(t->name, "MethodParameters");

	*split = exec;
	return builder || exec || parameters;
}

/* Texts of the elements within the one that starts a program. */
static void programs(struct bytes b, struct serial_result *ret)
{
	uint8_t plain[PLAIN_MAX];
	struct sink s = sink_over(plain, sizeof(plain));
	struct bytes words[WORDS_MAX];
	struct xml_token t;
	unsigned n = 0, depth = 0;
	bool split = false;

	while (xml_next(&b, &t)) {
		if (t.kind == XML_OPEN || t.kind == XML_EMPTY) {
			struct bytes file = xml_attribute(&t, "FileName"), arguments = xml_attribute(&t, "Arguments");

			if (file.left > 0 && has(t.name, "Process")) {
				size_t from = s.used;

				xml_plain(file, &s);
				words[0] = bytes_of(s.at + from, s.used - from);
				from = s.used;
				xml_plain(arguments, &s);
				words[1] = bytes_of(s.at + from, s.used - from);
				if (!s.overflow)
					effect_program(ret, words, arguments.left > 0 ? 2 : 1, true, t.name);
			}
		}
		if (t.kind == XML_OPEN && (depth > 0 || starts(&t, &split))) {
			depth++;
		} else if (t.kind == XML_TEXT && depth > 0 && n < WORDS_MAX) {
			size_t from = s.used;

			xml_plain(t.text, &s);
			words[n++] = bytes_of(s.at + from, s.used - from);
		} else if (t.kind == XML_CLOSE && depth > 0 && --depth == 0) {
			if (n > 0 && !s.overflow)
				effect_program(ret, words, n, split && n == 1, t.name);
			n = 0;
			s.used = 0;
		}
	}
}

/* Words in quotes behind a process builder's name: YAML, JSON, and source in scripts. */
static void builders(struct bytes b, struct serial_result *ret)
{
	uint8_t plain[PLAIN_MAX];
	struct sink s = sink_over(plain, sizeof(plain));
	struct bytes words[WORDS_MAX], rest = behind(b, "java.lang.ProcessBuilder");
	unsigned n;

	if (rest.left > 0 && (rest.at[0] == '"' || rest.at[0] == '\''))
		rest = bytes_of(rest.at + 1, rest.left - 1);
	if (rest.left > PLAIN_MAX)
		rest.left = PLAIN_MAX;
	if (rest.left > 0 && b.at[0] != '<' && (n = quoted(behind(rest, "["), &s, words)) > 0)
		effect_program(ret, words, n, false, bytes_text("java.lang.ProcessBuilder"));
}

void markup_java(struct bytes text, struct serial_result *ret)
{
	if (text.left > 0 && text.at[0] == '<') {
		programs(text, ret);
	} else {
		resolve(text, ret);
		builders(text, ret);
	}
	urls(text, ret);
}

void markup_dotnet(struct bytes text, struct serial_result *ret)
{
	uint8_t plain[PLAIN_MAX];
	struct sink s = sink_over(plain, sizeof(plain));
	struct bytes words[WORDS_MAX], parameters = behind(text, "MethodParameters");
	unsigned n;

	if (text.left > 0 && text.at[0] == '<') {
		programs(text, ret);
		return;
	}
	if (has(parameters, "$values"))
		parameters = behind(parameters, "$values");
	parameters = behind(parameters, "[");
	if (parameters.left > PLAIN_MAX)
		parameters.left = PLAIN_MAX;
	if ((n = quoted(parameters, &s, words)) > 0)
		effect_program(ret, words, n, true, bytes_text("ObjectDataProvider"));
}

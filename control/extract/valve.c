/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Properties of a Java server's own objects, reached by names of parameters ("class.module.classLoader.resources…", CVE-2022-22965):
 * Tomcat's log of accesses becomes a page whose text is the log's pattern. org.apache.catalina.valves.AbstractAccessLogValve.
 */
#include "control/extract/decode.h"
#include "control/extract/finder.h"
#include "control/extract/http.h"

#include <string.h>

enum { NAME_ROOM = 96, GROWTH_MAX = 16 << 10 /* bytes of a page with its headers put in */ };

/* The parts of the log's file, in the order they stand in its name; then what is written into it, and what is fetched. */
enum property { PREFIX, FILE_DATE, SUFFIX, PATTERN, CONFIG_FILE, PROPERTIES };

static const char *const endings[PROPERTIES] = { ".prefix", ".fileDateFormat", ".suffix", ".pattern", ".configFile" };

static enum property property_of(struct bytes name)
{
	if (!bytes_starts_fold(name, bytes_text("class.")) || bytes_find(name, bytes_text("lassLoader")) < 0)
		return PROPERTIES;
	for (unsigned i = 0; i < PROPERTIES; i++) {
		if (bytes_ends(name, bytes_text(endings[i])))
			return (enum property)i;
	}
	return PROPERTIES;
}

/* %{name}i is the request's header of that name; other directives stay, as they hold no code. */
static struct bytes with_headers(struct finder *f, struct bytes pattern, struct bytes headers)
{
	struct sink s = sink_over(finder_take(f, GROWTH_MAX), GROWTH_MAX);

	if (s.at == NULL)
		return pattern;
	for (size_t i = 0; i < pattern.left;) {
		struct bytes rest = bytes_of(pattern.at + i, pattern.left - i), value = { 0 };
		const uint8_t *end = rest.left > 3 && rest.at[0] == '%' && rest.at[1] == '{' ? memchr(rest.at, '}', rest.left - 1) : NULL;
		char name[NAME_ROOM];

		if (end != NULL && end[1] == 'i' && (size_t)(end - rest.at) - 2 < sizeof(name)) {
			memcpy(name, rest.at + 2, (size_t)(end - rest.at) - 2);
			name[end - rest.at - 2] = '\0';
			value = http_header_find(headers, name);
			sink_put(&s, value.at, value.left);
			i += (size_t)(end - rest.at) + 2;
		} else {
			sink_u8(&s, rest.at[0]);
			i++;
		}
	}
	return s.overflow ? pattern : bytes_of(s.at, s.used);
}

static void note(struct finder *f, const struct carrier *c, enum language language, const char *class_name, struct bytes text)
{
	const struct layer l = { .text = text, .names = { "url" }, .count = 1 };
	const struct sighting s = { .language = language, .class_name = class_name, .text = text, .contexts = CONTEXT_ALONE, .sink = SINK_HEADER };

	if (text.left > 0)
		finder_note(f, c, &l, &s);
}

void valve_of_form(struct finder *f, const struct carrier *like, struct bytes form)
{
	struct carrier found[PROPERTIES] = { 0 };
	uint8_t file[NAME_ROOM];
	struct sink name = sink_over(file, sizeof(file));

	/* spelled so in every one of them, whatever else is encoded */
	if (bytes_find(form, bytes_text("lassLoader")) < 0)
		return;
	for (struct bytes rest = form; rest.left > 0;) {
		struct bytes value = http_split(&rest, '&'), key = http_split(&value, '=');
		enum property p = property_of(form_value(f, key));

		if (p < PROPERTIES && found[p].raw.left == 0)
			found[p] = carrier_piece(like, value, key);
	}
	for (unsigned p = PREFIX; p <= SUFFIX; p++) {
		struct bytes part = form_value(f, found[p].raw);

		sink_put(&name, part.at, part.left);
	}
	if (found[CONFIG_FILE].raw.left > 0)
		note(f, &found[CONFIG_FILE], LANGUAGE_URL, "ssrf", form_value(f, found[CONFIG_FILE].raw));
	if (found[PATTERN].raw.left == 0 || name.overflow || name.used == 0)
		return;
	found[PATTERN].file = bytes_of(file, name.used);
	note(f, &found[PATTERN], LANGUAGE_JAVA, "upload", with_headers(f, form_value(f, found[PATTERN].raw), f->headers));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading lists of any form, told by their first character and, of tables, by their first lines. */
#include "control/iocgen/network/lists.h"

#include "control/iocgen/read/record.h"
#include "control/iocgen/read/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 16 << 10, FIELDS = 64 };

struct reading {
	const char *file;
	struct indicators *to;
	void (*bad)(void *, const char *, uint64_t, const char *);
	void *bad_to;
	struct walk_reader *walk;
	struct record record;
	char kind[32];           /* of the object that was closed last, and what else it says */
	int column;              /* of the values, or -1 */
	int error;
};

static void refuse(struct reading *r, uint64_t line, const char *why)
{
	r->bad(r->bad_to, r->file, line, why);
}

/* -EINVAL is told, anything else ends the reading. */
static void took(struct reading *r, uint64_t line, int e)
{
	if (e == -EINVAL)
		refuse(r, line, "no address, name, URL or digest");
	else if (e < 0)
		r->error = e;
}

/* What MISP calls them; parts of a composite one are added apart. */
static const struct { const char *type; enum indicator_kind kind; int part; } misp_types[] = {
	{ "ip-src", OF_IP, -1 }, { "ip-dst", OF_IP, -1 }, { "ip-src|port", OF_IP, 0 }, { "ip-dst|port", OF_IP, 0 }, { "domain", OF_DOMAIN, -1 },
	{ "hostname", OF_DOMAIN, -1 }, { "hostname|port", OF_DOMAIN, 0 }, { "domain|ip", OF_DOMAIN, 0 }, { "domain|ip", OF_IP, 1 }, { "url", OF_URL, -1 },
	{ "uri", OF_URL, -1 }, { "link", OF_URL, -1 }, { "ja3-fingerprint-md5", OF_JA3, -1 }, { "ja4-fingerprint", OF_JA4, -1 },
	{ "md5", OF_MD5, -1 }, { "sha1", OF_SHA1, -1 }, { "sha256", OF_SHA256, -1 }, { "filename|md5", OF_MD5, 1 }, { "filename|sha1", OF_SHA1, 1 },
	{ "filename|sha256", OF_SHA256, 1 }, { "x509-fingerprint-md5", OF_MD5, -1 }, { "x509-fingerprint-sha1", OF_SHA1, -1 },
	{ "x509-fingerprint-sha256", OF_SHA256, -1 },
};

static void take_attribute(struct reading *r)
{
	struct bytes type = record_get(&r->record, "type"), value = record_get(&r->record, "value"), detection = record_get(&r->record, "to_ids");

	if (bytes_equal(detection, bytes_text("false")) || bytes_equal(detection, bytes_text("0")))
		return;
	for (size_t i = 0; i < COUNT_OF(misp_types); i++) {
		const uint8_t *bar = value.left > 0 ? memchr(value.at, '|', value.left) : NULL;
		struct bytes part = value;

		if (!bytes_equal(type, bytes_text(misp_types[i].type)))
			continue;
		if (misp_types[i].part >= 0 && bar == NULL)
			continue;
		if (misp_types[i].part == 0)
			part.left = (size_t)(bar - value.at);
		else if (misp_types[i].part == 1)
			part = bytes_of(bar + 1, value.left - (size_t)(bar + 1 - value.at));
		took(r, r->walk->line, indicators_add(r->to, misp_types[i].kind, part));
	}
}

/* Object paths of STIX whose values are indicators. */
static const struct { const char *path; enum indicator_kind kind; } stix_paths[] = {
	{ "ipv4-addr:value", OF_IP }, { "ipv6-addr:value", OF_IP }, { "network-traffic:dst_ref.value", OF_IP }, { "network-traffic:src_ref.value", OF_IP },
	{ "domain-name:value", OF_DOMAIN }, { "url:value", OF_URL }, { "file:hashes.MD5", OF_MD5 }, { "file:hashes.'MD5'", OF_MD5 },
	{ "file:hashes.'SHA-1'", OF_SHA1 }, { "file:hashes.'SHA-256'", OF_SHA256 }, { "file:hashes.\"SHA-256\"", OF_SHA256 },
	{ "x509-certificate:hashes.'SHA-1'", OF_SHA1 }, { "x509-certificate:hashes.'SHA-256'", OF_SHA256 },
};

/* The text in quotes that comes next, its backslashes undone; false: none does. */
static bool take_quoted(struct bytes *rest, char *ret, size_t size)
{
	size_t used = 0;

	if (rest->left == 0 || *rest->at != '\'')
		return false;
	for (size_t i = 1; i < rest->left; i++) {
		if (rest->at[i] == '\'') {
			ret[used] = '\0';
			*rest = bytes_of(rest->at + i + 1, rest->left - i - 1);
			return true;
		}
		i += rest->at[i] == '\\' && i + 1 < rest->left;
		if (used + 1 == size)
			return false;
		ret[used++] = (char)rest->at[i];
	}
	return false;
}

static struct bytes without_blanks(struct bytes b)
{
	while (b.left > 0 && (*b.at == ' ' || *b.at == '\t' || *b.at == '('))
		b = bytes_of(b.at + 1, b.left - 1);
	return b;
}

/*
 * [a:b = 'x' OR a:b = 'y']: every comparison for equality stands alone. A pattern that needs two things at once would be more than it
 * says: it is refused.
 */
static void take_pattern(struct reading *r, struct bytes pattern)
{
	char value[INDICATOR_VALUE_MAX + 1];
	struct bytes rest;
	bool found = false;

	if (bytes_find(pattern, bytes_text(" AND ")) >= 0 || bytes_find(pattern, bytes_text(" FOLLOWEDBY ")) >= 0 ||
	    bytes_find(pattern, bytes_text(" NOT ")) >= 0) {
		refuse(r, r->walk->line, "a pattern of several conditions");
		return;
	}
	for (rest = pattern; rest.left > 0; rest = bytes_of(rest.at + 1, rest.left - 1)) {
		if (*rest.at != '[' && *rest.at != ' ' && *rest.at != '(')
			continue;
		for (size_t i = 0; i < COUNT_OF(stix_paths); i++) {
			struct bytes after = bytes_of(rest.at + 1, rest.left - 1);

			if (!bytes_take_text(&after, stix_paths[i].path))
				continue;
			after = without_blanks(after);
			if (!bytes_take_text(&after, "="))
				continue;
			after = without_blanks(after);
			if (!take_quoted(&after, value, sizeof(value)))
				continue;
			found = true;
			took(r, r->walk->line, indicators_add(r->to, stix_paths[i].kind, bytes_text(value)));
		}
	}
	if (!found)
		refuse(r, r->walk->line, "a pattern of another kind");
}

static bool open_part(void *user, const struct walk_path *p, bool object)
{
	struct reading *r = user;
	struct bytes name = walk_path_name(p);

	if (object && p->depth > 0 && p->steps[p->depth - 1].element && (bytes_equal(name, bytes_text("Attribute")) || bytes_equal(name, bytes_text("response"))))
		record_clear(&r->record);
	if (object && bytes_equal(name, bytes_text("objects")))
		r->kind[0] = '\0';
	return true;
}

static void close_part(void *user, const struct walk_path *p, bool object)
{
	struct reading *r = user;

	if (object && p->depth > 0 && p->steps[p->depth - 1].element && bytes_equal(walk_path_name(p), bytes_text("Attribute")))
		take_attribute(r);
}

static void take_value(void *user, const struct walk_path *p, enum walk_type type, struct bytes value)
{
	struct reading *r = user;
	struct bytes name = walk_path_name(p);

	if (bytes_equal(name, bytes_text("pattern")) && bytes_find(value, bytes_text("[")) >= 0 && bytes_find(value, bytes_text(":")) >= 0) {
		take_pattern(r, value);
	} else if (bytes_equal(walk_path_above(p), bytes_text("Attribute"))) {
		record_put(&r->record, name, value);
	} else if (p->depth == 1 && bytes_equal(name, bytes_text("value"))) {
		/* our own lines */
		took(r, r->walk->line, indicators_add_any(r->to, value));
	}
}

static int read_json(struct reading *r, FILE *from)
{
	static const struct walk_hooks hooks = { .open = open_part, .close = close_part, .value = take_value };
	int w = 1;

	if ((r->walk = malloc(sizeof(*r->walk))) == NULL)
		return -ENOMEM;
	walk_reader_init(r->walk, from);
	while (w > 0 && r->error == 0) {
		w = walk_next(r->walk, &hooks, r);
		if (w == -EBADMSG) {
			refuse(r, r->walk->line, "no JSON, or cut off");
			w = walk_skip_line(r->walk);
		}
	}
	free(r->walk);
	return r->error < 0 ? r->error : w;
}

/* Fields of a line of CSV, in place. */
static unsigned fields_of(char *line, char *fields[FIELDS])
{
	unsigned count = 0;

	while (count < FIELDS) {
		char *to = line, *at = line;
		bool quoted;

		while (*at == ' ' || *at == '\t')
			at++;
		quoted = *at == '"';
		at += quoted;
		fields[count++] = to;
		for (; *at != '\0' && (quoted || *at != ','); at++) {
			if (quoted && *at == '"') {
				quoted = at[1] == '"';
				if (!quoted)
					continue;
				at++;
			}
			*to++ = *at;
		}
		line = at + 1;
		if (*at == '\0') {
			*to = '\0';
			break;
		}
		*to = '\0';
	}
	return count;
}

/* The first line of a table may name its columns. */
static bool take_header(struct reading *r, char *fields[FIELDS], unsigned count)
{
	static const char *const values[] = { "ioc_value", "indicator", "value", "ioc", "dst_ip", "ip", "domain", "url", "host", "hostname", "sha256_hash", "sha256", "ja3_md5" };

	for (size_t k = 0; k < COUNT_OF(values); k++) {
		for (unsigned i = 0; i < count; i++) {
			if (strcasecmp(fields[i], values[k]) == 0) {
				r->column = (int)i;
				return true;
			}
		}
	}
	return false;
}

/* "192.0.2.1:443" is about its address. */
static void without_port(char *text)
{
	char *colon = strchr(text, ':');

	if (colon != NULL && colon == strrchr(text, ':') && strspn(text, "0123456789.") == (size_t)(colon - text))
		*colon = '\0';
}

static void take_line(struct reading *r, char *line, uint64_t number, bool first)
{
	char *fields[FIELDS], value[INDICATOR_VALUE_MAX + 1], *comment;
	enum indicator_kind kind;
	unsigned count;
	struct bytes text = bytes_trim(bytes_text(line));

	if (text.left == 0 || *text.at == '#' || *text.at == ';' || strncmp((const char *)text.at, "//", 2) == 0)
		return;
	/* a list of hosts: an address that leads nowhere, and a name */
	if (bytes_take_text(&text, "0.0.0.0 ") || bytes_take_text(&text, "127.0.0.1 "))
		text = bytes_trim(text);
	line[text.at - (const uint8_t *)line + (ptrdiff_t)text.left] = '\0';
	if ((comment = strstr((char *)(uintptr_t)text.at, " #")) != NULL)
		*comment = '\0';
	count = fields_of((char *)(uintptr_t)text.at, fields);
	for (unsigned i = 0; i < count; i++)
		without_port(fields[i]);
	if (r->column < 0 && first && take_header(r, fields, count))
		return;
	/* no column is named: it is the first one that has an indicator */
	for (unsigned i = 0; r->column < 0 && i < count; i++) {
		if (indicator_parse(bytes_text(fields[i]), &kind, value) == 0)
			r->column = (int)i;
	}
	if (r->column < 0 || (unsigned)r->column >= count) {
		refuse(r, number, "no address, name, URL or digest");
		return;
	}
	took(r, number, indicators_add_any(r->to, bytes_text(fields[r->column])));
	/* a table that names no column is read anew in each line: lists of one column mix kinds, not places */
	if (count == 1)
		r->column = -1;
}

static int read_table(struct reading *r, FILE *from)
{
	char *line = malloc(LINE_BYTES);
	uint64_t number = 0;
	bool first = true;

	if (line == NULL)
		return -ENOMEM;
	while (r->error == 0 && fgets(line, LINE_BYTES, from) != NULL) {
		size_t len = strlen(line);
		int c;

		number++;
		if (len == LINE_BYTES - 1 && line[len - 1] != '\n') {
			refuse(r, number, "a line of more than 16 KB");
			while ((c = getc(from)) != EOF && c != '\n')
				;
			continue;
		}
		take_line(r, line, number, first);
		first = first && (line[0] == '#' || line[0] == '\n' || line[0] == '\r');
	}
	free(line);
	return r->error == 0 && ferror(from) ? -EIO : r->error;
}

int lists_read(FILE *from, const char *file, struct indicators *l, void (*bad)(void *to, const char *file, uint64_t line, const char *why), void *to)
{
	struct reading *r = calloc(1, sizeof(*r));
	int c, e;

	if (r == NULL)
		return -ENOMEM;
	r->file = file;
	r->to = l;
	r->bad = bad;
	r->bad_to = to;
	r->column = -1;
	while ((c = getc(from)) == ' ' || c == '\n' || c == '\r' || c == '\t')
		;
	if (c == EOF || ungetc(c, from) == EOF)
		e = ferror(from) ? -EIO : 0;
	else
		e = c == '{' || c == '[' ? read_json(r, from) : read_table(r, from);
	free(r);
	return e;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Normalising targets and header blocks. */
#include "dataplane/app/http_buffers.h"

#include <string.h>

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* count hex digits at the front as a number, or -1. */
static int hex_number(struct bytes b, size_t count)
{
	int v = 0;

	if (b.left < count)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int digit = hex_value(b.at[i]);

		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	return v;
}

/* One byte off the front, percent-decoded. A wrong escape stays as it is. */
static uint8_t take_decoded(struct bytes *b, bool path)
{
	uint8_t c = b->at[0];
	size_t used = 1;
	int v;

	if (c == '%' && (v = hex_number(bytes_of(b->at + 1, b->left - 1), 2)) >= 0) {
		c = (uint8_t)v;
		used = 3;
	} else if (path && c == '%' && b->left > 1 && (b->at[1] | 0x20) == 'u' &&
		   (v = hex_number(bytes_of(b->at + 2, b->left - 2), 4)) >= 0) {
		/* full-width forms are what attackers write instead of ASCII */
		c = (uint8_t)(v >= 0xff01 && v <= 0xff5e ? v - 0xff01 + '!' : v);
		used = 6;
	}
	b->at += used;
	b->left -= used;
	return c;
}

/* Where the path of an absolute target begins; the target itself where it is none. */
static struct bytes without_authority(struct bytes target)
{
	ptrdiff_t scheme = bytes_find(target, bytes_text("://"));
	size_t at;

	if (scheme <= 0 || target.at[0] == '/' || memchr(target.at, '?', (size_t)scheme) != NULL)
		return target;
	for (at = (size_t)scheme + 3; at < target.left; at++) {
		if (target.at[at] == '/' || target.at[at] == '?' || target.at[at] == '#')
			break;
	}
	return bytes_of(target.at + at, target.left - at);
}

/* The path written so far ends with a whole segment of dots: resolve it. start: where the path begins in the sink. */
static void resolve_dots(struct sink *s, size_t start)
{
	size_t from = s->used, len;

	while (from > start && s->at[from - 1] != '/')
		from--;
	len = s->used - from;
	if (len == 0 || len > 2 || s->at[from] != '.' || s->at[s->used - 1] != '.')
		return;
	s->used = from;
	if (len == 1 || from <= start + 1)
		return;
	/* "..": the segment before goes as well, its slash stays */
	s->used--;
	while (s->used > start && s->at[s->used - 1] != '/')
		s->used--;
}

static void write_path(struct sink *s, struct bytes path)
{
	size_t start = s->used;

	while (path.left > 0) {
		uint8_t c = take_decoded(&path, true);

		if (c == '\\')
			c = '/';
		if (c == '/') {
			resolve_dots(s, start);
			if (s->used > start && s->at[s->used - 1] == '/')
				continue;
		}
		sink_u8(s, c);
		if (s->overflow)
			return;
	}
	resolve_dots(s, start);
}

void http_uri_write(struct sink *s, struct bytes target)
{
	struct bytes path = without_authority(target), query;
	size_t end = 0;

	if (path.left == 0)
		return;
	while (end < path.left && path.at[end] != '?')
		end++;
	query = bytes_of(path.at + end, path.left - end);
	write_path(s, bytes_of(path.at, end));
	while (query.left > 0)
		sink_u8(s, take_decoded(&query, false));
}

static bool is_cookie(struct bytes name)
{
	return bytes_equal_fold(name, bytes_text("Cookie")) || bytes_equal_fold(name, bytes_text("Set-Cookie"));
}

/* A folded value on one line: each line end with the blanks around it becomes one blank. */
static void write_unfolded(struct sink *s, struct bytes value)
{
	size_t i = 0;

	while (i < value.left) {
		size_t from = i;

		while (i < value.left && value.at[i] != '\r' && value.at[i] != '\n')
			i++;
		sink_put(s, value.at + from, i - from);
		if (i == value.left)
			return;
		while (i < value.left && (value.at[i] == '\r' || value.at[i] == '\n' || value.at[i] == ' ' ||
					  value.at[i] == '\t'))
			i++;
		sink_u8(s, ' ');
	}
}

static void write_field(struct sink *s, const struct http_field *f)
{
	sink_put(s, f->name.at, f->name.left);
	sink_put(s, ": ", 2);
	write_unfolded(s, f->value);
	sink_put(s, "\r\n", 2);
}

void http_header_write(struct sink *s, const struct http_head *h)
{
	for (unsigned i = 0; i < h->fields_count; i++) {
		if (!is_cookie(h->fields[i].name))
			write_field(s, &h->fields[i]);
	}
}

void http_names_write(struct sink *s, const struct http_head *h)
{
	sink_put(s, "\r\n", 2);
	for (unsigned i = 0; i < h->fields_count; i++) {
		sink_put(s, h->fields[i].name.at, h->fields[i].name.left);
		sink_put(s, "\r\n", 2);
	}
	sink_put(s, "\r\n", 2);
}

void http_start_write(struct sink *s, const struct http_head *h)
{
	sink_put(s, h->first_line.at, h->first_line.left);
	sink_put(s, "\r\n", 2);
	for (unsigned i = 0; i < h->fields_count; i++)
		write_field(s, &h->fields[i]);
	sink_put(s, "\r\n", 2);
}

void http_host_write(struct sink *s, const struct http_head *h)
{
	struct bytes host = http_head_value(h, "Host");
	size_t end = host.left;

	while (end > 0 && host.at[end - 1] >= '0' && host.at[end - 1] <= '9')
		end--;
	if (end > 0 && end <= host.left && host.at[end - 1] == ':')
		host.left = end - 1;
	for (size_t i = 0; i < host.left; i++) {
		uint8_t c = host.at[i];

		sink_u8(s, c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c);
	}
}

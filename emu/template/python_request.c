/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flask's request, as far as the one that brought the template says what is in it. */
#include "emu/template/python_object.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { PAIRS_MAX = 64 };

static struct bytes line_of(struct bytes *rest)
{
	ptrdiff_t end = bytes_find(*rest, bytes_text("\n"));
	struct bytes line = text_cut(*rest, 0, end < 0 ? rest->left : (size_t)end);

	*rest = text_cut(*rest, line.left + 1, rest->left);
	if (line.left > 0 && line.at[line.left - 1] == '\r')
		line.left--;
	return line;
}

static struct bytes split(struct bytes *rest, uint8_t c)
{
	struct bytes part = *rest;

	for (size_t i = 0; i < rest->left; i++) {
		if (rest->at[i] == c) {
			part.left = i;
			break;
		}
	}
	*rest = text_cut(*rest, part.left + 1, rest->left);
	return part;
}

static unsigned nibble(uint8_t c)
{
	return isdigit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

static struct bytes decoded(struct render *r, struct bytes s)
{
	uint8_t *at = arena_take(r->arena, s.left);
	size_t n = 0;

	for (size_t i = 0; i < s.left && at != NULL; i++) {
		if (s.at[i] == '%' && i + 2 < s.left && isxdigit(s.at[i + 1]) && isxdigit(s.at[i + 2])) {
			at[n++] = (uint8_t)(nibble(s.at[i + 1]) << 4 | nibble(s.at[i + 2]));
			i += 2;
		} else {
			at[n++] = s.at[i] == '+' ? ' ' : s.at[i];
		}
	}
	return at != NULL ? bytes_of(at, n) : (struct bytes){ 0 };
}

/* name=value&…, or the cookies. */
static int pairs_of(struct render *r, struct bytes form, uint8_t between, struct datum *ret)
{
	int e = 0;

	for (unsigned i = 0; form.left > 0 && i < PAIRS_MAX && e == 0; i++) {
		struct bytes value = split(&form, between), name = split(&value, '=');

		while (name.left > 0 && name.at[0] == ' ')
			name = text_cut(name, 1, name.left);
		if (dict_find_text(ret->dict, decoded(r, name)) == NULL)
			e = dict_put(ret->dict, r->arena, datum_text(decoded(r, name)), datum_text(decoded(r, value)));
	}
	return e;
}

static int headers_of(struct render *r, struct bytes head, struct datum *ret)
{
	int e = 0;

	for (unsigned i = 0; head.left > 0 && i < PAIRS_MAX && e == 0; i++) {
		struct bytes line = line_of(&head), name;

		if (line.left == 0)
			break;
		name = split(&line, ':');
		while (line.left > 0 && line.at[0] == ' ')
			line = text_cut(line, 1, line.left);
		e = dict_put(ret->dict, r->arena, datum_text(name), datum_text(line));
	}
	return e;
}

static struct bytes header(const struct dict *d, const char *name)
{
	for (size_t i = 0; i < d->count; i++) {
		if (bytes_equal_fold(d->keys[i].s, bytes_text(name)))
			return d->values[i].s;
	}
	return (struct bytes){ 0 };
}

static int dictionary(struct render *r, struct bytes name, struct bytes query, struct bytes body, struct datum headers, struct datum *ret)
{
	int e = 0;

	*ret = datum_dict(r->arena);
	if (ret->dict == NULL)
		return -ENOMEM;
	if (bytes_equal(name, bytes_text("cookies")))
		e = pairs_of(r, header(headers.dict, "cookie"), ';', ret);
	if (bytes_equal(name, bytes_text("args")) || bytes_equal(name, bytes_text("values")))
		e = pairs_of(r, query, '&', ret);
	if (e == 0 && (bytes_equal(name, bytes_text("form")) || bytes_equal(name, bytes_text("values"))))
		e = pairs_of(r, body, '&', ret);
	ret->open = true;
	return e;
}

int request_attribute(struct render *r, struct bytes name, struct datum *ret)
{
	struct bytes rest = r->host->request, line, method, target, path, value;
	struct datum headers = datum_dict(r->arena);
	int e;

	if (headers.dict == NULL)
		return -ENOMEM;
	line = line_of(&rest);
	method = split(&line, ' ');
	target = split(&line, ' ');
	value = target;
	path = split(&value, '?');
	if ((e = headers_of(r, rest, &headers)) < 0)
		return e;
	if (word_in(" args form values cookies files environ ", name)) {
		ptrdiff_t blank = bytes_find(rest, bytes_text("\r\n\r\n"));

		return dictionary(r, name, value, blank < 0 ? (struct bytes){ 0 } : text_cut(rest, (size_t)blank + 4, rest.left), headers, ret);
	}
	headers.open = true;
	*ret = headers;
	if (bytes_equal(name, bytes_text("headers")))
		return 0;
	*ret = (struct datum){ .kind = DATUM_TEXT, .open = true };
	if (bytes_equal(name, bytes_text("method")))
		ret->s = method;
	else if (bytes_equal(name, bytes_text("path")))
		ret->s = decoded(r, path);
	else if (bytes_equal(name, bytes_text("full_path")))
		ret->s = target;
	else if (bytes_equal(name, bytes_text("query_string"))) {
		ret->s = value;
		ret->raw = true;
	} else if (bytes_equal(name, bytes_text("host")))
		ret->s = header(headers.dict, "host");
	else if (bytes_equal(name, bytes_text("referrer")))
		ret->s = header(headers.dict, "referer");
	else if (bytes_equal(name, bytes_text("user_agent")))
		ret->s = header(headers.dict, "user-agent");
	else if (bytes_equal(name, bytes_text("mimetype")) || bytes_equal(name, bytes_text("content_type")))
		ret->s = header(headers.dict, "content-type");
	else
		return -ENOENT;
	return 0;
}

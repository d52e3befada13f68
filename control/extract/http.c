/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Request lines, status lines and header lines. */
#include "control/extract/http.h"

#include <ctype.h>
#include <string.h>

struct bytes http_split(struct bytes *rest, uint8_t c)
{
	const uint8_t *end = rest->left > 0 ? memchr(rest->at, c, rest->left) : NULL;
	struct bytes piece = *rest;

	if (end == NULL) {
		*rest = (struct bytes){ 0 };
		return piece;
	}
	piece.left = (size_t)(end - rest->at);
	*rest = bytes_of(end + 1, rest->left - piece.left - 1);
	return piece;
}

bool http_is_token(struct bytes b)
{
	for (size_t i = 0; i < b.left; i++) {
		if (!isalnum(b.at[i]) && memchr("!#$%&'*+-.^_`|~", b.at[i], 15) == NULL)
			return false;
	}
	return b.left > 0;
}

/* Behind "scheme://host" of an absolute target; any other target as it is. */
static struct bytes path_of_target(struct bytes target)
{
	ptrdiff_t scheme = bytes_find(target, bytes_text("://"));
	struct bytes rest = target;

	if (target.left == 0 || target.at[0] == '/' || scheme <= 0 || scheme > 10)
		return target;
	rest.at += scheme + 3;
	rest.left -= (size_t)scheme + 3;
	while (rest.left > 0 && rest.at[0] != '/' && rest.at[0] != '?') {
		rest.at++;
		rest.left--;
	}
	return rest;
}

struct http_request http_request_of(struct bytes head)
{
	struct http_request r = { 0 };
	struct bytes rest = head, line, words;
	size_t end;

	line = http_split(&rest, '\n');
	words = bytes_trim(line);
	r.method = http_split(&words, ' ');
	if (!http_is_token(r.method) || r.method.left > 32 || words.left == 0)
		return (struct http_request){ 0 };
	/* raw blanks inside a target happen in attacks: the version is what follows the last one */
	for (end = words.left; end > 0 && words.at[end - 1] != ' '; end--)
		;
	r.target = end > 0 && bytes_starts_fold(bytes_of(words.at + end, words.left - end), bytes_text("HTTP/")) ?
		bytes_trim(bytes_of(words.at, end - 1)) : words;
	r.query = path_of_target(r.target);
	r.path = http_split(&r.query, '?');
	r.headers = rest;
	return r;
}

struct http_response http_response_of(struct bytes head)
{
	struct http_response r = { 0 };
	struct bytes rest = head, line = http_split(&rest, '\n');

	if (!bytes_starts_fold(line, bytes_text("HTTP/")))
		return r;
	http_split(&line, ' ');
	for (size_t i = 0; i < 3 && i < line.left && isdigit(line.at[i]); i++)
		r.status = r.status * 10 + (line.at[i] - '0');
	r.headers = rest;
	return r;
}

bool http_header_next(struct bytes *lines, struct http_header *ret)
{
	while (lines->left > 0) {
		struct bytes start = *lines, line = http_split(lines, '\n');
		struct bytes value = line, name;

		if (bytes_trim(line).left == 0)
			return false;
		while (lines->left > 0 && (lines->at[0] == ' ' || lines->at[0] == '\t')) {
			http_split(lines, '\n');
			value.left = lines->left > 0 ? (size_t)(lines->at - start.at) : start.left;
		}
		if (memchr(line.at, ':', line.left) == NULL)
			continue;
		name = http_split(&value, ':');
		*ret = (struct http_header){ .name = bytes_trim(name), .value = bytes_trim(value) };
		return true;
	}
	return false;
}

struct bytes http_header_find(struct bytes lines, const char *name)
{
	struct http_header h;

	while (http_header_next(&lines, &h)) {
		if (bytes_equal_fold(h.name, bytes_text(name)))
			return h.value;
	}
	return (struct bytes){ 0 };
}

bool http_says(struct bytes value, const char *word)
{
	struct bytes wanted = bytes_text(word);

	for (size_t i = 0; i + wanted.left <= value.left; i++) {
		if (bytes_starts_fold(bytes_of(value.at + i, value.left - i), wanted))
			return true;
	}
	return false;
}

size_t http_dechunk(struct bytes body, uint8_t *to)
{
	size_t len = 0;

	while (body.left > 0) {
		struct bytes line = http_split(&body, '\n');
		size_t size = 0, digits = 0;

		for (; digits < line.left && digits < 8 && isxdigit(line.at[digits]); digits++)
			size = size << 4 | (isdigit(line.at[digits]) ? line.at[digits] - '0' : (line.at[digits] | 0x20) - 'a' + 10);
		if (digits == 0 || size == 0)
			break;
		if (size > body.left)
			size = body.left;
		memcpy(to + len, body.at, size);
		len += size;
		body = bytes_of(body.at + size, body.left - size);
		http_split(&body, '\n');
	}
	return len;
}

struct bytes http_basename(struct bytes path)
{
	for (size_t i = path.left; i > 0; i--) {
		if (path.at[i - 1] == '/' || path.at[i - 1] == '\\')
			return bytes_of(path.at + i, path.left - i);
	}
	return path;
}

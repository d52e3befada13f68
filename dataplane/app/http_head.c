/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading heads: lines, fields, and what they say about the body. */
#include "dataplane/app/http_head.h"

#include <string.h>

enum { LENGTH_DIGITS_MAX = 18 };

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == '\n';
}

static struct bytes trimmed(struct bytes b)
{
	while (b.left > 0 && blank(b.at[0])) {
		b.at++;
		b.left--;
	}
	while (b.left > 0 && blank(b.at[b.left - 1]))
		b.left--;
	return b;
}

/* The next line with its LF; empty at the end. */
static struct bytes take_line(struct bytes *b)
{
	struct bytes line = *b;
	const uint8_t *lf = b->left > 0 ? memchr(b->at, '\n', b->left) : NULL;

	if (lf != NULL)
		line.left = (size_t)(lf - b->at) + 1;
	b->at += line.left;
	b->left -= line.left;
	return line;
}

static struct bytes without_end(struct bytes line)
{
	while (line.left > 0 && (line.at[line.left - 1] == '\n' || line.at[line.left - 1] == '\r'))
		line.left--;
	return line;
}

/* The next word up to blanks; the blanks after it go too. */
static struct bytes take_word(struct bytes *b)
{
	struct bytes word = bytes_of(b->at, 0);

	while (word.left < b->left && b->at[word.left] != ' ' && b->at[word.left] != '\t')
		word.left++;
	b->at += word.left;
	b->left -= word.left;
	while (b->left > 0 && (b->at[0] == ' ' || b->at[0] == '\t')) {
		b->at++;
		b->left--;
	}
	return word;
}

/* The target may hold blanks: the version is the last word, if it looks like one. */
static void read_request_line(struct http_head *h)
{
	struct bytes rest = h->first_line;
	size_t last;

	h->method = take_word(&rest);
	rest = trimmed(rest);
	last = rest.left;
	while (last > 0 && rest.at[last - 1] != ' ' && rest.at[last - 1] != '\t')
		last--;
	h->target = rest;
	if (bytes_starts_fold(bytes_of(rest.at + last, rest.left - last), bytes_text("HTTP/"))) {
		h->version = bytes_of(rest.at + last, rest.left - last);
		h->target = trimmed(bytes_of(rest.at, last));
	}
	h->short_form = h->version.left == 0;
}

static void read_status_line(struct http_head *h)
{
	struct bytes rest = h->first_line;

	h->version = take_word(&rest);
	h->status_text = take_word(&rest);
	h->reason = trimmed(rest);
	if (h->status_text.left == 3 && h->status_text.at[0] >= '1' && h->status_text.at[0] <= '9') {
		for (size_t i = 0; i < 3; i++) {
			uint8_t c = h->status_text.at[i];

			if (c < '0' || c > '9') {
				h->status = 0;
				break;
			}
			h->status = (uint16_t)(h->status * 10 + (c - '0'));
		}
	}
	if (h->status == 0 || !bytes_starts_fold(h->version, bytes_text("HTTP/")))
		h->malformed = true;
}

static void add_field(struct http_head *h, struct bytes line)
{
	const uint8_t *colon = line.left > 0 ? memchr(line.at, ':', line.left) : NULL;
	struct http_field *f;

	if (h->fields_count == HTTP_FIELDS_MAX) {
		h->fields_left++;
		return;
	}
	f = &h->fields[h->fields_count++];
	f->name = bytes_of(line.at, 0);
	if (colon != NULL) {
		f->name = trimmed(bytes_of(line.at, (size_t)(colon - line.at)));
		line.left -= (size_t)(colon + 1 - line.at);
		line.at = colon + 1;
	}
	f->value = trimmed(line);
}

void http_head_read(struct bytes head, bool response, struct http_head *ret)
{
	struct bytes rest = head, line;

	memset(ret, 0, offsetof(struct http_head, fields));
	ret->response = response;
	ret->first_line = without_end(take_line(&rest));
	ret->block = rest;
	if (response)
		read_status_line(ret);
	else
		read_request_line(ret);
	while ((line = take_line(&rest)).left > 0 && without_end(line).left > 0) {
		/* a line that begins with a blank goes on with the field before: RFC 9112 5.2 */
		while (rest.left > 0 && (rest.at[0] == ' ' || rest.at[0] == '\t'))
			line.left += take_line(&rest).left;
		add_field(ret, line);
	}
}

const struct http_field *http_head_find(const struct http_head *h, const char *name)
{
	struct bytes want = bytes_text(name);

	for (unsigned i = 0; i < h->fields_count; i++) {
		if (bytes_equal_fold(h->fields[i].name, want))
			return &h->fields[i];
	}
	return NULL;
}

struct bytes http_head_value(const struct http_head *h, const char *name)
{
	const struct http_field *f = http_head_find(h, name);

	return f != NULL ? f->value : (struct bytes){ 0 };
}

/* A Content-Length: digits only, possibly the same number several times in a list. False: nobody can tell. */
static bool read_length(struct bytes value, uint64_t *ret)
{
	uint64_t length = 0;
	size_t digits = 0;

	for (; digits < value.left && value.at[digits] >= '0' && value.at[digits] <= '9'; digits++) {
		if (digits == LENGTH_DIGITS_MAX)
			return false;
		length = length * 10 + (uint64_t)(value.at[digits] - '0');
	}
	if (digits == 0 || digits != value.left)
		return false;
	*ret = length;
	return true;
}

enum length_seen { LENGTH_NONE, LENGTH_GOOD, LENGTH_BAD };

/* All Content-Length fields together: two different ones are bad. */
static enum length_seen find_length(const struct http_head *h, uint64_t *ret)
{
	enum length_seen seen = LENGTH_NONE;
	uint64_t one;

	for (unsigned i = 0; i < h->fields_count; i++) {
		if (!bytes_equal_fold(h->fields[i].name, bytes_text("Content-Length")))
			continue;
		if (!read_length(h->fields[i].value, &one) || (seen == LENGTH_GOOD && one != *ret))
			return LENGTH_BAD;
		*ret = one;
		seen = LENGTH_GOOD;
	}
	return seen;
}

/* Is chunked the last coding of the list? */
static bool ends_chunked(struct bytes value)
{
	static const char word[] = "chunked";
	size_t len = sizeof(word) - 1;

	if (value.left < len || !bytes_equal_fold(bytes_of(value.at + value.left - len, len), bytes_text(word)))
		return false;
	return value.left == len || value.at[value.left - len - 1] == ',' || blank(value.at[value.left - len - 1]);
}

static bool response_has_no_body(const struct http_head *h, struct bytes request_method)
{
	return h->status / 100 == 1 || h->status == 204 || h->status == 304 ||
	       bytes_equal(request_method, bytes_text("HEAD"));
}

enum http1_framing http_head_framing(struct http_head *h, struct bytes request_method, uint64_t *length)
{
	enum http1_framing none = h->response ? HTTP1_UNTIL_CLOSE : HTTP1_NO_BODY;
	const struct http_field *coding = http_head_find(h, "Transfer-Encoding");
	enum length_seen seen = find_length(h, length);

	if (seen == LENGTH_BAD || (coding != NULL && (seen != LENGTH_NONE || !ends_chunked(coding->value))))
		h->malformed = true;
	if (h->response && response_has_no_body(h, request_method))
		return HTTP1_NO_BODY;
	if (coding != NULL && ends_chunked(coding->value))
		return HTTP1_CHUNKED;
	if (seen == LENGTH_GOOD)
		return HTTP1_LENGTH;
	/* a request whose length nobody can tell: all that follows is shown as its body, not lost */
	return seen == LENGTH_BAD || coding != NULL ? HTTP1_UNTIL_CLOSE : none;
}

bool http_head_tunnels(const struct http_head *h, struct bytes request_method)
{
	return h->status == 101 || (h->status / 100 == 2 && bytes_equal(request_method, bytes_text("CONNECT")));
}

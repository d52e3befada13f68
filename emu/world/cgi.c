/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads HTTP requests as CGI does. */
#include "emu/world/cgi.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Takes up to a line's end, which goes too. */
static struct bytes take_line(struct bytes *b)
{
	const uint8_t *end = b->left != 0 ? memchr(b->at, '\n', b->left) : NULL;
	struct bytes line = bytes_of(b->at, end != NULL ? (size_t)(end - b->at) : b->left);
	size_t taken = line.left + (end != NULL);

	*b = bytes_of(b->at + taken, b->left - taken);
	if (line.left != 0 && line.at[line.left - 1] == '\r')
		line.left--;
	return line;
}

static struct bytes take_word(struct bytes *b)
{
	struct bytes word = *b;
	size_t len = 0;

	while (len < b->left && b->at[len] != ' ')
		len++;
	word.left = len;
	while (len < b->left && b->at[len] == ' ')
		len++;
	*b = bytes_of(b->at + len, b->left - len);
	return word;
}

static bool split_header(struct bytes line, struct bytes *name, struct bytes *value)
{
	const uint8_t *colon = line.left != 0 ? memchr(line.at, ':', line.left) : NULL;

	if (colon == NULL)
		return false;
	*name = bytes_of(line.at, (size_t)(colon - line.at));
	*value = bytes_trim(bytes_of(colon + 1, line.left - name->left - 1));
	return true;
}

static unsigned hex(uint8_t c)
{
	return isdigit(c) ? (unsigned)(c - 0x30) : isxdigit(c) ? (unsigned)(tolower(c) - 0x61) + 10 : 16;
}

/* Undoes percent encoding. False: it does not fit. */
static bool decode_path(struct bytes path, char to[CGI_SCRIPT_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < path.left; i++) {
		uint8_t c = path.at[i];

		if (c == '%' && i + 2 < path.left && hex(path.at[i + 1]) < 16 && hex(path.at[i + 2]) < 16) {
			c = (uint8_t)(hex(path.at[i + 1]) << 4 | hex(path.at[i + 2]));
			i += 2;
		}
		if (len == CGI_SCRIPT_MAX - 1 || c == 0)
			return false;
		to[len++] = (char)c;
	}
	to[len] = 0;
	return true;
}

/* A path that a file of a server may have, and none that leads elsewhere. */
static bool is_plain(const char *path)
{
	return path[0] == '/' && strstr(path, "..") == NULL && strstr(path, "//") == NULL &&
	    path[strspn(path, "/._-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")] == 0;
}

/* "/a/b.php/c" is the script "/a/b.php" and the path "/c" beyond it. */
static void find_script(struct cgi *c, struct bytes path)
{
	static const char end[] = ".php";
	char all[CGI_SCRIPT_MAX] = "", beyond[CGI_SCRIPT_MAX] = "";
	char *at = all;

	if (!decode_path(path, all))
		return;
	while ((at = strstr(at, end)) != NULL) {
		at += sizeof(end) - 1;
		if (*at != 0 && *at != '/')
			continue;
		memcpy(beyond, at, strlen(at) + 1);
		*at = 0;
		if (!is_plain(all))
			return;
		memcpy(c->path_info, beyond, sizeof(beyond));
		memcpy(c->script, all, sizeof(all));
		return;
	}
}

int cgi_read(struct bytes request, struct cgi *ret)
{
	struct cgi c = { 0 };
	struct bytes rest = request, line, path, name, value;
	const uint8_t *mark;

	if (request.left == 0)
		return -EBADMSG;
	line = take_line(&rest);
	c.method = take_word(&line);
	c.target = take_word(&line);
	c.protocol = bytes_trim(line);
	if (c.method.left == 0 || c.target.left == 0 || !bytes_starts_fold(c.protocol, bytes_text("HTTP/")))
		return -EBADMSG;
	path = c.target;
	if ((mark = memchr(path.at, '?', path.left)) != NULL) {
		path.left = (size_t)(mark - path.at);
		c.query = bytes_of(mark + 1, c.target.left - path.left - 1);
	}
	find_script(&c, path);
	c.headers = rest;
	while ((line = take_line(&rest)).left != 0) {
		if (!split_header(line, &name, &value))
			continue;
		if (bytes_equal_fold(name, bytes_text("content-type")) && c.content_type.left == 0)
			c.content_type = value;
		if (!bytes_equal_fold(name, bytes_text("host")) || c.host.left != 0)
			continue;
		c.host = value;
		if (value.left != 0 && value.at[0] != '[' && (mark = memchr(value.at, ':', value.left)) != NULL)
			c.host.left = (size_t)(mark - value.at);
	}
	c.headers.left -= rest.left;
	c.body = rest;
	*ret = c;
	return 0;
}

/* As web servers name it; false for what they keep back or say otherwise. */
static bool variable(struct bytes header, char to[CGI_NAME_MAX])
{
	static const char *const others[] = { "content-type", "content-length", "authorization", "proxy", "transfer-encoding" };
	size_t len = (size_t)snprintf(to, CGI_NAME_MAX, "HTTP_");

	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (bytes_equal_fold(header, bytes_text(others[i])))
			return false;
	if (header.left == 0 || header.left >= CGI_NAME_MAX - len)
		return false;
	for (size_t i = 0; i < header.left; i++) {
		uint8_t c = header.at[i];

		if (!isalnum(c) && c != '-')
			return false;
		to[len++] = c == '-' ? '_' : (char)toupper(c);
	}
	to[len] = 0;
	return true;
}

bool cgi_header(struct bytes *rest, char name[CGI_NAME_MAX], struct bytes *value)
{
	while (rest->left != 0) {
		struct bytes header;

		if (split_header(take_line(rest), &header, value) && variable(header, name))
			return true;
	}
	return false;
}

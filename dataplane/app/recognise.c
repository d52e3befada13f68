/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recognition: decided as early as it can be without ever changing its mind. */
#include "dataplane/app/recognise.h"

#include <string.h>

static const char *const methods[] = {
	"GET ", "POST ", "HEAD ", "PUT ", "DELETE ", "OPTIONS ", "TRACE ", "CONNECT ", "PATCH ", "PROPFIND ", "PROPPATCH ",
	"MKCOL ", "COPY ", "MOVE ", "LOCK ", "UNLOCK ", "SEARCH ", "DEBUG ", "REPORT ", "SUBSCRIBE ", "NOTIFY ",
};

/* After a known method: does a target begin as in HTTP? */
static bool target_begins(struct bytes b)
{
	return b.at[0] == '/' || b.at[0] == '*' || b.at[0] == 'h' || b.at[0] == 'H';
}

static bool known_method(struct bytes b)
{
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		size_t len = strlen(methods[i]);

		if (b.left > len && memcmp(b.at, methods[i], len) == 0 &&
		    target_begins(bytes_of(b.at + len, b.left - len)))
			return true;
	}
	return false;
}

/* Is the last word of this whole line a version of HTTP/1? */
static bool ends_with_version(struct bytes line)
{
	size_t last;

	while (line.left > 0 && (line.at[line.left - 1] == '\r' || line.at[line.left - 1] == ' '))
		line.left--;
	last = line.left;
	while (last > 0 && line.at[last - 1] != ' ' && line.at[last - 1] != '\t')
		last--;
	return last > 1 && bytes_starts_fold(bytes_of(line.at + last, line.left - last), bytes_text("HTTP/1"));
}

/* Blank lines before a request are skipped, as servers do. */
static struct bytes without_blank_lines(struct bytes b)
{
	while (b.left > 0 && (b.at[0] == '\r' || b.at[0] == '\n')) {
		b.at++;
		b.left--;
	}
	return b;
}

/* A byte that no first line of HTTP holds, however odd its method: binary protocols show one soon. */
static bool binary(struct bytes line)
{
	for (size_t i = 0; i < line.left; i++) {
		if (line.at[i] < ' ' && line.at[i] != '\t' && line.at[i] != '\r')
			return true;
	}
	return false;
}

enum recognised recognise_client(struct bytes b)
{
	const uint8_t *lf;
	struct bytes line;

	if (b.left > 0 && b.at[0] == 0x16) {
		if (b.left < 2)
			return RECOGNISED_NOT_YET;
		return b.at[1] == 0x03 ? RECOGNISED_TLS : RECOGNISED_RAW;
	}
	b = without_blank_lines(b);
	if (b.left == 0)
		return RECOGNISED_NOT_YET;
	if (b.at[0] > '~')
		return RECOGNISED_RAW;
	if (known_method(b))
		return RECOGNISED_HTTP;
	line = bytes_of(b.at, b.left < RECOGNISE_MAX ? b.left : RECOGNISE_MAX);
	lf = memchr(line.at, '\n', line.left);
	if (lf != NULL)
		line.left = (size_t)(lf - line.at);
	if (binary(line))
		return RECOGNISED_RAW;
	if (lf != NULL)
		return ends_with_version(line) ? RECOGNISED_HTTP : RECOGNISED_RAW;
	return line.left < RECOGNISE_MAX ? RECOGNISED_NOT_YET : RECOGNISED_RAW;
}

enum recognised recognise_server(struct bytes b)
{
	static const char version[] = "HTTP/1.";
	size_t len = b.left < sizeof(version) - 1 ? b.left : sizeof(version) - 1;

	if (memcmp(b.at, version, len) != 0)
		return RECOGNISED_RAW;
	return len == sizeof(version) - 1 ? RECOGNISED_HTTP : RECOGNISED_NOT_YET;
}

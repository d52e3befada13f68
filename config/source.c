/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a config file: only numbers and includes are looked at, comments and strings passed over. */
#include "config/source.h"

#include "config/list.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct source {
	struct complaints *complaints;
	const char *folder;
	char *files[SOURCE_FILES_MAX]; /* owned; the main one first */
	unsigned count;
	const char *name;              /* of the file being looked at */
	const char *at, *end;
	unsigned line;
	bool unreadable;
};

static char next(struct source *s)
{
	char c = *s->at++;

	s->line += c == '\n';
	return c;
}

static bool starts(const struct source *s, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(s->end - s->at) >= len && memcmp(s->at, word, len) == 0;
}

/* True: there was a comment, and it was passed. */
static bool comment_pass(struct source *s)
{
	bool block = starts(s, "/*");

	if (!block && !starts(s, "//") && *s->at != '#')
		return false;
	for (s->at += block ? 2 : 1; s->at < s->end; next(s)) {
		if (block ? starts(s, "*/") : *s->at == '\n') {
			s->at += block ? 2 : 0;
			break;
		}
	}
	return true;
}

/* Behind its opening quote: passes the string and puts its bytes, cut, into buf. */
static void string_take(struct source *s, char *buf, size_t size)
{
	size_t used = 0;

	while (s->at < s->end && *s->at != '"') {
		if (*s->at == '\\' && s->at + 1 < s->end)
			next(s);
		if (used + 1 < size)
			buf[used++] = *s->at;
		next(s);
	}
	if (s->at < s->end)
		s->at++;
	buf[used] = 0;
}

static void file_add(struct source *s, const char *path)
{
	for (unsigned i = 0; i < s->count; i++)
		if (strcmp(s->files[i], path) == 0)
			return;
	if (s->count == SOURCE_FILES_MAX)
		complain(s->complaints, s->name, s->line, "more than %d files are included", SOURCE_FILES_MAX);
	else if ((s->files[s->count] = strdup(path)) != NULL)
		s->count++;
}

static void include_take(struct source *s)
{
	char name[PATH_MAX], path[PATH_MAX];

	s->at += strlen("@include");
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
	if (s->at == s->end || *s->at != '"')
		return;
	s->at++;
	string_take(s, name, sizeof(name));
	if (value_path(s->folder, name, path) == 0)
		file_add(s, path);
}

/* A word that begins with a digit or a sign. */
static void number_take(struct source *s)
{
	const char *begin = s->at, *digits;
	bool hex, whole = true;
	size_t len;
	char text[32], *end;

	s->at++;
	while (s->at < s->end && (isalnum((unsigned char)*s->at) || *s->at == '.' ||
	                          ((*s->at == '-' || *s->at == '+') && (s->at[-1] == 'e' || s->at[-1] == 'E'))))
		s->at++;
	digits = begin + (*begin == '-' || *begin == '+');
	hex = s->at - digits > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	len = (size_t)(s->at - digits);
	for (size_t i = hex ? 2 : 0; i < len && digits[i] != 'L'; i++)
		whole = whole && (hex ? isxdigit((unsigned char)digits[i]) : isdigit((unsigned char)digits[i]));
	if (!whole || len == 0)
		return;
	errno = 0;
	if (len < sizeof(text)) {
		memcpy(text, digits, len);
		text[len] = 0;
		if (strtoull(text, &end, hex ? 16 : 10) <= INT32_MAX && errno == 0)
			return;
	}
	complain(s->complaints, s->name, s->line, "%.*s is out of range for any key", (int)(s->at - begin), begin);
}

static void text_look(struct source *s)
{
	char ignored[8], before = '\n';

	while (s->at < s->end) {
		char c = *s->at;
		bool in_name = isalnum((unsigned char)before) || before == '_' || before == '*' || before == '-';

		if (comment_pass(s)) {
			before = ' ';
			continue;
		}
		before = c;
		if (c == '"') {
			s->at++;
			string_take(s, ignored, sizeof(ignored));
		} else if (starts(s, "@include")) {
			include_take(s);
		} else if (!in_name && (isdigit((unsigned char)c) ||
		                        ((c == '-' || c == '+') && s->at + 1 < s->end && isdigit((unsigned char)s->at[1])))) {
			number_take(s);
			before = '0';
		} else {
			next(s);
		}
	}
}

/* NULL: it was told, or it is an included file that libconfig will miss. */
static char *file_read(struct source *s, bool first, size_t *len)
{
	struct stat st;
	char *text = NULL;
	ssize_t n = -1;
	int fd = open(s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not be waited for */

	if (fd < 0 || fstat(fd, &st) < 0) {
		if (first)
			complain(s->complaints, s->name, 0, "cannot be read: %s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		complain(s->complaints, s->name, 0, "cannot be read: it is no regular file");
	} else if (st.st_size > SOURCE_MAX) {
		complain(s->complaints, s->name, 0, "cannot be read: a config file has %d bytes at most", SOURCE_MAX);
	} else if ((text = malloc(SOURCE_MAX)) == NULL || (n = read(fd, text, SOURCE_MAX)) < 0) {
		complain(s->complaints, s->name, 0, "cannot be read: %s", strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	if (n < 0) {
		s->unreadable = s->unreadable || fd >= 0 || first;
		free(text);
		return NULL;
	}
	*len = (size_t)n;
	return text;
}

int source_each(const char *path, const char *folder, struct complaints *complaints, source_file *each, void *context)
{
	int r = 0;
	struct source s = { .complaints = complaints, .folder = folder, .name = path };

	file_add(&s, path);
	for (unsigned i = 0; i < s.count; i++) {
		size_t len = 0;
		char *text;

		s.name = s.files[i];
		s.line = 1;
		text = file_read(&s, i == 0, &len);
		s.at = text;
		s.end = text == NULL ? NULL : text + len;
		text_look(&s);
		free(text);
	}
	if (s.unreadable)
		r = -EINVAL;
	for (unsigned i = 0; i < s.count; i++) {
		if (r == 0 && each != NULL)
			r = each(context, s.files[i], i == 0);
		free(s.files[i]);
	}
	return r;
}

int source_check(const char *path, const char *folder, struct complaints *complaints)
{
	return source_each(path, folder, complaints, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Logs of Linux' audit system: auditd's own lines here, the JSON of those who ship them in audit_json.c. */
#include "control/iocgen/read/form.h"

#include "control/iocgen/read/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 64 << 10 /* the kernel's messages have at most 8,970 */ };

void audit_close(struct audit *a, struct audit_event *e)
{
	if (e->id[0] != '\0' && a->error == 0)
		a->error = audit_event_take(e, a->forest);
	e->id[0] = '\0';
	e->ran = false;
	record_clear(&e->fields);
}

void audit_day(struct audit *a, struct bytes seconds)
{
	char text[32];
	size_t len = seconds.left < sizeof(text) - 1 ? seconds.left : sizeof(text) - 1;
	double v;

	if (len > 0)
		memcpy(text, seconds.at, len);
	text[len] = '\0';
	v = strtod(text, NULL);
	/* up to the year 5138 */
	if (v >= 86400 && v < 1e11)
		forest_day(a->forest, (int32_t)(v / 86400));
}

/* The event of this id; of those open, the one that was not added to for longest makes room. */
static struct audit_event *event_of(struct audit *a, struct bytes id)
{
	struct audit_event *oldest = &a->events[0];

	if (id.left >= sizeof(oldest->id))
		id.left = sizeof(oldest->id) - 1;
	for (size_t i = 0; i < AUDIT_OPEN; i++) {
		struct audit_event *e = &a->events[i];

		if (e->id[0] != '\0' && bytes_equal(bytes_text(e->id), id)) {
			e->used = ++a->count;
			return e;
		}
		if (e->id[0] == '\0' ? oldest->id[0] != '\0' : oldest->id[0] != '\0' && e->used < oldest->used)
			oldest = e;
	}
	audit_close(a, oldest);
	if (id.left > 0)
		memcpy(oldest->id, id.at, id.left);
	oldest->id[id.left] = '\0';
	oldest->used = ++a->count;
	audit_day(a, id);
	return oldest;
}

/* Takes what stands before mark, and the mark; false: it is not there. */
static bool cut(struct bytes *from, const char *mark, struct bytes *ret_before)
{
	ptrdiff_t at = bytes_find(*from, bytes_text(mark));

	if (at < 0)
		return false;
	*ret_before = bytes_of(from->at, (size_t)at);
	*from = bytes_of(from->at + at + strlen(mark), from->left - (size_t)at - strlen(mark));
	return true;
}

bool audit_line(struct audit *a, struct bytes line)
{
	struct bytes before, type, id, node;
	struct audit_event *e;
	const uint8_t *end;

	if (!cut(&line, "type=", &before) || !cut(&line, " msg=audit(", &type) || !cut(&line, "):", &id) || id.left == 0)
		return false;
	e = event_of(a, id);
	if (bytes_equal(type, bytes_text("EOE"))) {
		audit_close(a, e);
		return true;
	}
	if (cut(&before, "node=", &node) && !record_has(&e->fields, "node"))
		record_put(&e->fields, bytes_text("node"), bytes_trim(before));
	/* what stands behind the separator are the same numbers as names */
	if (line.left > 0 && (end = memchr(line.at, 0x1d, line.left)) != NULL)
		line.left = (size_t)(end - line.at);
	audit_event_add(e, type, bytes_trim(line));
	return true;
}

/* A line without its end; false: there is none any more. One that is too long is passed over, and left is 0. */
static bool next_line(FILE *from, uint8_t *text, struct bytes *ret)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(from)) != EOF && c != '\n') {
		if (len < LINE_MAX_BYTES)
			text[len] = (uint8_t)c;
		len++;
	}
	*ret = bytes_of(text, len <= LINE_MAX_BYTES ? len : 0);
	return c != EOF || len > 0;
}

static int read_lines(struct audit *a, FILE *from)
{
	uint8_t *text = malloc(LINE_MAX_BYTES);
	struct bytes line;
	uint64_t number = 0;

	if (text == NULL)
		return -ENOMEM;
	while (a->error == 0 && next_line(from, text, &line)) {
		number++;
		if (!bytes_equal(bytes_trim(line), bytes_text("----")) && line.left > 0 && !audit_line(a, line))
			a->sink->bad(a->sink->to, a->given->path, number, "no line of auditd");
	}
	free(text);
	return a->error == 0 && ferror(from) ? -EIO : a->error;
}

int read_audit(FILE *from, const struct read_given *given, const struct sample_sink *sink)
{
	int r = -ENOMEM, given_out, first;
	struct audit *a = calloc(1, sizeof(*a));

	if (a == NULL || (a->forest = forest_new(given, sink, "auditd")) == NULL)
		goto out;
	a->given = given;
	a->sink = sink;
	first = getc(from);
	if (first != EOF && ungetc(first, from) == EOF) {
		r = -EIO;
		goto out;
	}
	r = first == '{' || first == '[' ? audit_read_json(a, from) : read_lines(a, from);
	for (size_t i = 0; i < AUDIT_OPEN; i++) {
		struct audit_event *oldest = NULL;

		for (size_t k = 0; k < AUDIT_OPEN; k++)
			if (a->events[k].id[0] != '\0' && (oldest == NULL || a->events[k].used < oldest->used))
				oldest = &a->events[k];
		if (oldest != NULL)
			audit_close(a, oldest);
	}
	r = r == 0 ? a->error : r;
	/* what was read before a stream broke is kept */
	if ((r == 0 || r == -EIO) && (given_out = forest_give(a->forest)) < 0)
		r = given_out;
out:
	if (a != NULL)
		forest_free(a->forest);
	free(a);
	return r;
}

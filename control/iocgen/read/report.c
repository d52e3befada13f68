/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The loop over a stream of reports: walk, finish, give. */
#include "control/iocgen/read/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void facts_put(char field[SAMPLE_NAME_MAX + 1], struct bytes text)
{
	size_t len = text.left < SAMPLE_NAME_MAX ? text.left : SAMPLE_NAME_MAX;

	if (field[0] != '\0' || len == 0)
		return;
	memcpy(field, text.at, len);
	field[len] = '\0';
}

void facts_put_day(struct facts *f, struct bytes text)
{
	char digits[32];
	size_t len = text.left < sizeof(digits) ? text.left : sizeof(digits) - 1;
	double seconds;
	char *end;

	if (f->day != DAY_NONE || day_parse(text, &f->day) == 0)
		return;
	if (len > 0)
		memcpy(digits, text.at, len);
	digits[len] = '\0';
	seconds = strtod(digits, &end);
	/* up to the year 5138; larger numbers are no seconds */
	if (end != digits && *end == '\0' && seconds > 0 && seconds < 1e11)
		f->day = (int32_t)(seconds / 86400);
}

void report_add(struct report *r, enum artefact_kind kind, enum artefact_action action, struct bytes value)
{
	if (r->error == 0)
		r->error = gather_add(r->gather, kind, action, value);
}

void report_add_end(struct report *r, struct bytes address, struct bytes port)
{
	char text[320];
	bool is_v6 = memchr(address.at != NULL ? (const char *)address.at : "", ':', address.left) != NULL;
	bool has_port = port.left > 0 && !bytes_equal(port, bytes_text("0"));
	int n;

	if (address.left == 0 || address.left > 256 || port.left > 8)
		return;
	n = snprintf(text, sizeof(text), "%s%.*s%s%s%.*s", is_v6 && has_port ? "[" : "", (int)address.left, (const char *)address.at,
	             is_v6 && has_port ? "]" : "", has_port ? ":" : "", has_port ? (int)port.left : 0, has_port ? (const char *)port.at : "");
	if (n > 0 && (size_t)n < sizeof(text))
		report_add(r, KIND_IP, ACTION_CONNECT, bytes_of(text, (size_t)n));
}

void report_keep(struct report *r, const struct walk_path *p, struct bytes value)
{
	record_put(&r->record, walk_path_name(p), value);
}

static void reset(struct report *r)
{
	r->facts = (struct facts){ .day = DAY_NONE };
	r->known = false;
	record_clear(&r->record);
}

static int give(struct report *r)
{
	struct sample s = { .name = bytes_text(r->facts.name), .family = bytes_text(r->facts.family),
		.source = bytes_text(r->facts.source), .day = r->facts.day, .label = r->facts.label };

	return gather_give(r->gather, &s, r->given, r->sink);
}

/* A broken report is no end of the others; what it told before it broke is kept. */
static int read_one(struct report *r, const struct walk_hooks *hooks, void (*finish)(struct report *), bool *ret_more)
{
	uint64_t line = r->reader->line;
	int e, w;

	reset(r);
	w = walk_next(r->reader, hooks, r);
	if (w == -EBADMSG) {
		r->sink->bad(r->sink->to, r->given->path, r->reader->line, "no JSON, or cut off");
		if ((e = walk_skip_line(r->reader)) < 0)
			return e;
		*ret_more = e > 0;
	} else {
		*ret_more = w > 0;
	}
	if (r->error < 0)
		return r->error;
	if (r->known) {
		finish(r);
		if ((e = give(r)) < 0)
			return e;
	} else if (w > 0) {
		r->sink->bad(r->sink->to, r->given->path, line, "a report of another form");
	}
	return w < 0 && w != -EBADMSG ? w : 0;
}

int report_read(FILE *from, const struct read_given *given, const struct sample_sink *sink, const struct walk_hooks *hooks,
                void (*finish)(struct report *))
{
	int e = -ENOMEM;
	bool more = true;
	struct report *r = calloc(1, sizeof(*r));

	if (r == NULL)
		goto out;
	r->given = given;
	r->sink = sink;
	if ((r->reader = malloc(sizeof(*r->reader))) == NULL || (r->gather = gather_new()) == NULL)
		goto out;
	walk_reader_init(r->reader, from);
	for (e = 0; e == 0 && more;)
		e = read_one(r, hooks, finish, &more);
out:
	if (r != NULL) {
		free(r->reader);
		gather_free(r->gather);
	}
	free(r);
	return e;
}

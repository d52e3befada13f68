/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines out of records. */
#include "control/journal/lines.h"
#include "control/journal/cef.h"

#include <errno.h>

void line_forms(const struct settings *s, bool ret[SYSLOG_FORMATS])
{
	for (unsigned i = 0; i < SYSLOG_FORMATS; i++)
		ret[i] = false;
	for (unsigned i = 0; i < s->syslog_count; i++)
		ret[s->syslog[i].format] = true;
}

/* The record whole if a line can carry it, else its short form, else a sentence. */
static int json_line(struct line_maker *m, const struct line_facts *line, const struct record_facts *f, struct bytes json, struct sink *s,
                     struct bytes *ret)
{
	char sentence[JUDGE_DETAIL_MAX + 256];
	const struct sink empty = *s;
	struct bytes brief;
	int r;

	line_write(s, line, json);
	if (sink_done(s, ret) == 0)
		return 0;
	if ((r = record_write(f, RECORD_SHORT, &m->brief, &brief)) < 0)
		return r;
	*s = empty;
	line_write(s, line, brief);
	if (sink_done(s, ret) == 0)
		return 0;
	*s = empty;
	line_write(s, line, bytes_text(line_sentence(line, f->judgement->detail, sentence, sizeof(sentence))));
	return sink_done(s, ret);
}

int lines_write(struct line_maker *m, const struct record_facts *f, struct bytes json, struct sink *to)
{
	const struct judgement *j = f->judgement;
	const struct line_facts line = {
		.time_ns = record_time_ns(f->record), .verdict = j->verdict, .priority = j->priority, .id = f->id,
		.reason = reason_name(j->reason), .revision = f->revision, .final = j->final,
		.tuple = record_tuple(f->record, f->codes), .host = m->host,
	};
	struct entry e = {
		.priority = (uint8_t)j->priority, .verdict = (uint8_t)j->verdict, .final = j->final, .src = line.tuple.src, .dst = line.tuple.dst,
		.class_name = bytes_text(j->class_name == NULL || j->class_name[0] == 0 ? "other" : j->class_name),
	};
	uint8_t room[SYSLOG_FORMATS][LINE_MAX_BYTES];
	struct bytes done;
	int r = 0;

	for (unsigned i = 0; i < SYSLOG_FORMATS && r == 0; i++) {
		struct sink s = sink_over(room[i], sizeof(room[i]));

		if (!m->forms[i])
			continue;
		if (i == SYSLOG_JSON) {
			r = json_line(m, &line, f, json, &s, &e.lines[i]);
		} else {
			cef_write(&s, &line, f);
			r = sink_done(&s, &e.lines[i]);
		}
	}
	if (r < 0)
		return r;
	entry_encode(to, &e);
	return sink_done(to, &done);
}

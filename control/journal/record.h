/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judged alert as JSON: an EVE alert record with a triage object. The words are DESIGN.md's; see config/README.md. */
#ifndef CONTROL_JOURNAL_RECORD_H
#define CONTROL_JOURNAL_RECORD_H

#include "control/journal/writer.h"
#include "control/judge/judge.h"

struct told_texts;

enum record_form {
	RECORD_WHOLE,
	RECORD_SHORT, /* for one syslog line: no traces, long texts cut */
};

/* Everything is borrowed. reports: one per code, NULL where it was not emulated; codes may be NULL. */
struct record_facts {
	const char *id;                       /* triage.id */
	uint32_t revision;
	const struct case_record *record;
	const struct extraction *codes;
	const struct report *const *reports;
	const struct judgement *judgement;
	bool cached;                          /* no code of it was emulated for this case */
	bool repeatable;                      /* replay: emulation.ms from the blocks executed, not from a clock */
	size_t excerpt_bytes;                 /* longest excerpt told */
	struct told_texts *told;              /* told.h; NULL: nothing is kept */
	const uint8_t *const *report_keys;    /* one per code: what its report goes by, NULL where by nothing; NULL: all by nothing */
};

/* Who sent the attack code: the client, unless every code came out of a response. src is the sender. */
struct tuple record_tuple(const struct case_record *, const struct extraction *codes);
/* When the request was complete; where that was not seen, the latest moment known of the case. */
uint64_t record_time_ns(const struct case_record *);

/* One line of JSON without its end, in a writer that is emptied first: *ret is the writer's, with a NUL behind it. -ENOMEM. */
must_check int record_write(const struct record_facts *, enum record_form, struct writer *, struct bytes *ret);

#endif

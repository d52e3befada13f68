/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One verdict as an RFC 5424 line. */
#ifndef CONTROL_JOURNAL_RFC5424_H
#define CONTROL_JOURNAL_RFC5424_H

#include "control/judge/judge.h"

enum {
	LINE_MAX_BYTES = 8000, /* of a whole line: collectors take 8 KB by their defaults */
	LINE_HEAD_MAX = 1024,  /* bytes of everything before MSG */
};

/* What the line says besides its message. Text is borrowed. */
struct line_facts {
	uint64_t time_ns;
	enum verdict verdict;
	enum priority priority;
	const char *id, *reason;
	uint32_t revision;
	bool final;
	struct tuple tuple;        /* src: who sent the attack code */
	const char *host;          /* this machine's name; "" or NULL: "-" */
};

/* Everything before the structured data, with the blank: PRI to MSGID. RFC 5424 6.2. */
void line_head(struct sink *, const struct line_facts *);
/*
 * Writes header, structured data and message: facility local4, severity 2, 4, 6 for high, medium, low. The message is
 * ASCII, what else it holds in JSON's \u form: no BOM, so that a JSON parser can take it as it is. No line end: the
 * transport frames it. RFC 5424 6.
 * sink_done() tells whether it fitted.
 */
void line_write(struct sink *, const struct line_facts *, struct bytes message);
/* The same facts as a sentence, for a record too long for one line. Returns buf. */
const char *line_sentence(const struct line_facts *, const char *detail, char *buf, size_t size);

#endif

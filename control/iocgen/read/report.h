/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What readers of whole reports share: one document, one sample, its facts in whatever order they stand. */
#ifndef CONTROL_IOCGEN_READ_REPORT_H
#define CONTROL_IOCGEN_READ_REPORT_H

#include "control/iocgen/read/gather.h"
#include "control/iocgen/read/record.h"

/* The facts of one sample, which may stand behind its artefacts. */
struct facts {
	char name[SAMPLE_NAME_MAX + 1], family[SAMPLE_NAME_MAX + 1], source[SAMPLE_NAME_MAX + 1];
	int32_t day;
	enum label label;
};

struct report {
	const struct read_given *given;
	const struct sample_sink *sink;
	struct walk_reader *reader;
	struct gather *gather;
	struct record record;          /* of an object that is read as a whole */
	struct facts facts;
	bool known;                    /* a part of it was one that the reader reads */
	int error;                     /* of gather_add() */
};

/* Puts text into a field of struct facts, cut to fit, unless one is there. */
void facts_put(char field[SAMPLE_NAME_MAX + 1], struct bytes text);
/* A day by "2023-07-22 …" or by seconds since 1970, unless one is there. */
void facts_put_day(struct facts *, struct bytes text);
/* gather_add() whose error waits in the report. */
void report_add(struct report *, enum artefact_kind, enum artefact_action, struct bytes value);
/* An address and a port as one value, "192.0.2.1:443" or "[2001:db8::1]:443"; port 0: without. */
void report_add_end(struct report *, struct bytes address, struct bytes port);
/* A value of an object that is read as a whole: into the record, by its innermost name. */
void report_keep(struct report *, const struct walk_path *, struct bytes value);

/*
 * Reads every document of the stream with the hooks (user: the struct report), each as a sample; `finish` is called at each one's
 * end, and after what could be read of a broken one. As readers return.
 */
must_check int report_read(FILE *from, const struct read_given *, const struct sample_sink *, const struct walk_hooks *,
                           void (*finish)(struct report *));

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One stored case, whole, as `konseki case` shows it. */
#ifndef CONTROL_CLI_CASE_H
#define CONTROL_CLI_CASE_H

#include "control/extract/extract.h"
#include "control/store/store.h"
#include "control/wire/report.h"

#include <jansson.h>

/* Everything is owned by the case. */
struct stored_case {
	struct case_id id;
	const char *config;               /* as it was given, or NULL; lent */
	char folder[4200];                /* of the store it was found in */
	json_t *record;
	char *mark;                       /* a person's word, or NULL */
	uint8_t *bytes;                   /* the encoded case, borrowed by what follows */
	struct segment_mark *marks;
	struct case_record captured;
	struct extraction *codes;
	unsigned reports_count;
	struct stored_report {
		struct report *report;    /* NULL: not emulated, or no longer kept */
		uint8_t *bytes;
	} reports[STORE_CODES_MAX];
};

/* For people: everything needed to check the verdict by hand. */
void case_print(const struct stored_case *, FILE *to);
/* The same as one JSON object, a new reference; NULL without memory. */
json_t *case_json(const struct stored_case *);

/* "http.request_head" … of a part. */
const char *part_name(enum part_kind);
/* What the bit of that number in a part's gaps says; NULL: there is no such bit. */
const char *part_gap_name(unsigned gap);

#endif

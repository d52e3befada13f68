/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transaction made of given buffers, for tests of matching. */
#ifndef TESTS_UNIT_MATCH_HARNESS_H
#define TESTS_UNIT_MATCH_HARNESS_H

#include "config/rules/rule.h"
#include "dataplane/match/match.h"

struct harness {
	struct rule_set *rules;
	struct matcher *matcher;
	struct match_scratch *scratch;
	struct match_flow flow;
	enum app_proto app;
	uint64_t time_ns;        /* of the request */
	bool elsewhere;          /* the client is another host */
	unsigned neighbour;      /* which one of its network */
	size_t piece;            /* bytes at once of bodies and payload; 0: whole */
	unsigned max;            /* alerts asked for */
	uint32_t left;
	bool have[2][BUFFER_COUNT];
	struct bytes buffers[2][BUFFER_COUNT];
	char fired[1024];
};

/* Rules from text; a refused rule ends the program. */
struct harness *harness_new(const char *rules);
void harness_free(struct harness *);
/* The transaction's buffer; NULL takes it away. Borrowed. */
void harness_set(struct harness *, enum direction, enum buffer, const char *text);
void harness_set_bytes(struct harness *, enum direction, enum buffer, const void *at, size_t len);
/* Scans and decides a transaction of these buffers: the sids that fired, blanks between them. */
const char *harness_run(struct harness *);
/* The same of one whose URI alone is set. */
const char *harness_uri(struct harness *, const char *uri);
/* Writes text to an unnamed file and loads its rules. */
int harness_load(struct rule_set *, const char *text, size_t len, struct complaints *);

#endif

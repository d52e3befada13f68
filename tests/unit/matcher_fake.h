/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the matcher of the session tests knows: words in buffers. */
#ifndef TESTS_UNIT_MATCHER_FAKE_H
#define TESTS_UNIT_MATCHER_FAKE_H

#include "dataplane/match/match.h"

struct fake_rule {
	enum direction direction;
	enum buffer buffer;
	const char *word;
	bool never; /* the word is seen, but what else the rule asks never holds */
};

struct matcher {
	unsigned count;
	struct fake_rule rules[16];
	uint64_t *scanned, *asked; /* bytes passed to match_scan(), bytes that match_verdicts() pulled; NULL: not counted */
};

#endif

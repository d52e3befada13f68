/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A reader of the patterns that emu/trace writes: literals, escapes, classes, counts and alternatives in a row. Of any other syntax it
 * says that nothing is required.
 */
#include "control/judge/required.h"

#include <ctype.h>
#include <string.h>

enum { RUN_MAX = 256 }; /* bytes of one run of literals; of a longer one its beginning counts */

struct reader {
	struct bytes pattern;
	size_t at;
	uint8_t run[RUN_MAX];
	size_t run_len;
	bool literal;  /* the last atom was one, and stands at the run's end */
	bool strange;
	struct required *to;
};

static void require(struct reader *r, size_t at)
{
	if (r->to->count < REQUIRED_MAX)
		r->to->grams[r->to->count++] = gram_of(r->run + at);
}

/* The run ends: its first and its last bytes, and some between them, are required. */
static void run_end(struct reader *r)
{
	for (size_t at = 0; at + GRAM_LEN <= r->run_len; at += GRAM_LEN)
		require(r, at);
	r->run_len = 0;
	r->literal = false;
}

static void take_literal(struct reader *r, uint8_t c)
{
	if (r->run_len == RUN_MAX)
		run_end(r);
	r->run[r->run_len++] = c;
	r->literal = true;
}

static int digit_of(uint8_t c)
{
	return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

/* Behind a backslash. */
static void take_escape(struct reader *r)
{
	const uint8_t *p = r->pattern.at + r->at;
	size_t left = r->pattern.left - r->at;

	if (left == 0) {
		r->strange = true;
	} else if (p[0] == 'x' && left >= 3 && digit_of(p[1]) >= 0 && digit_of(p[2]) >= 0) {
		take_literal(r, (uint8_t)(digit_of(p[1]) << 4 | digit_of(p[2])));
		r->at += 3;
	} else if (!isalnum(p[0])) {
		take_literal(r, p[0]);
		r->at++;
	} else {
		r->strange = strchr("sSdDwW", p[0]) == NULL;
		run_end(r);
		r->at++;
	}
}

/* Behind an opening bracket. */
static void take_class(struct reader *r)
{
	size_t at = r->at;

	run_end(r);
	if (at < r->pattern.left && r->pattern.at[at] == '^')
		at++;
	if (at < r->pattern.left && r->pattern.at[at] == ']')
		at++;
	while (at < r->pattern.left && r->pattern.at[at] != ']') {
		r->strange |= r->pattern.at[at] == '[';
		at += r->pattern.at[at] == '\\' ? 2 : 1;
	}
	r->strange |= at >= r->pattern.left;
	r->at = at + 1;
}

/* Behind an opening bracket of alternatives: none of what stands in them is required. */
static void take_group(struct reader *r)
{
	unsigned depth = 1;

	run_end(r);
	r->strange = r->at < r->pattern.left && r->pattern.at[r->at] == '*'; /* a verb */
	while (depth > 0 && r->at < r->pattern.left && !r->strange) {
		uint8_t c = r->pattern.at[r->at++];

		if (c == '[')
			take_class(r);
		else if (c == '\\')
			take_escape(r);
		else if (c == '?' && r->pattern.at[r->at - 2] == '(')
			r->strange = r->at == r->pattern.left || r->pattern.at[r->at] != ':';
		depth = depth + (c == '(') - (c == ')');
		r->run_len = 0;
		r->literal = false;
	}
	r->strange |= depth > 0;
}

/* What is counted may be missing. */
static void take_count(struct reader *r, uint8_t c)
{
	if (r->literal)
		r->run_len--;
	run_end(r);
	while (c == '{' && r->at < r->pattern.left && r->pattern.at[r->at++] != '}')
		;
}

void required_of(struct bytes pattern, struct required *ret)
{
	struct reader r = { .pattern = pattern, .to = ret };

	ret->count = 0;
	while (r.at < pattern.left && !r.strange) {
		uint8_t c = pattern.at[r.at++];

		switch (c) {
		case '\\': take_escape(&r); break;
		case '[': take_class(&r); break;
		case '{': case '*': case '+': case '?': take_count(&r, c); break;
		case '.': case '^': case '$': run_end(&r); break;
		case '(': take_group(&r); break;
		case '|': case ')': r.strange = true; break;
		default: take_literal(&r, c);
		}
	}
	run_end(&r);
	if (r.strange)
		ret->count = 0;
}

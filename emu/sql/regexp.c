/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Regular expressions as probes use them, by backtracking over the pattern itself, depth and steps counted: literals,
 * . ^ $ [] () | * + ?. What goes beyond (escapes, {n}, classes by name, lazy quantifiers) is refused, not guessed.
 */
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

enum { STEPS_MAX = 100000, DEPTH_MAX = 200, NEST_MAX = 16 };

struct search {
	struct bytes text, pattern;
	bool fold;
	unsigned steps;
	int failed;
};

static uint8_t fold(const struct search *s, uint8_t c)
{
	return s->fold && c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static bool special(uint8_t c)
{
	return c != 0 && strchr("\\{}", c) != NULL;
}

/* Behind the atom at p. 0: it has no end. */
static size_t atom_end(const struct search *s, size_t p)
{
	unsigned open = 0;
	bool in_class = false;
	size_t from = p;

	for (; p < s->pattern.left; p++) {
		uint8_t c = s->pattern.at[p];

		if (in_class) {
			in_class = c != ']' || p == from + 1;
			if (!in_class && open == 0)
				return p + 1;
			continue;
		}
		if (c == '[') {
			in_class = true;
			if (open == 0)
				from = p;
			continue;
		}
		if (c == '(')
			open++;
		else if (c == ')' && --open == 0)
			return p + 1;
		if (open == 0)
			return p + 1;
	}
	return 0;
}

/* Is the whole of it what this file knows? -EDOM: no pattern at all; -ENOTSUP: more than is known. */
static int check(struct search *s)
{
	unsigned open = 0;
	bool repeatable = false;

	for (size_t p = 0; p < s->pattern.left; p++) {
		uint8_t c = s->pattern.at[p];

		if (special(c) || (c == '(' && p + 1 < s->pattern.left && s->pattern.at[p + 1] == '?'))
			return -ENOTSUP;
		if (c == '[') {
			size_t end = atom_end(s, p);

			if (end == 0)
				return -EDOM;
			for (size_t i = p + 1; i < end; i++) {
				if (s->pattern.at[i] == '[' || s->pattern.at[i] == '\\')
					return -ENOTSUP;
			}
			if (end - p < 3 || (s->pattern.at[p + 1] == '^' && end - p < 4))
				return -ENOTSUP;
			p = end - 1;
			repeatable = true;
			continue;
		}
		if (c == '*' || c == '+' || c == '?') {
			if (!repeatable)
				return p > 0 && (s->pattern.at[p - 1] == '*' || s->pattern.at[p - 1] == '+' || s->pattern.at[p - 1] == '?') ? -ENOTSUP : -EDOM;
			repeatable = false;
			continue;
		}
		if (c == '(' && ++open > NEST_MAX)
			return -ENOTSUP;
		if (c == ')' && open-- == 0)
			return -EDOM;
		repeatable = c != '(' && c != '|' && c != '^';
	}
	return open > 0 ? -EDOM : 0;
}

static bool in_class(const struct search *s, size_t p, uint8_t c)
{
	bool negated = s->pattern.at[p + 1] == '^', found = false;

	c = fold(s, c);
	for (size_t i = p + 1 + negated; ; i++) {
		uint8_t low = fold(s, s->pattern.at[i]), high = low;

		if (i > p + 1 + negated && s->pattern.at[i] == ']')
			break;
		if (s->pattern.at[i + 1] == '-' && s->pattern.at[i + 2] != ']') {
			high = fold(s, s->pattern.at[i + 2]);
			i += 2;
		}
		found |= c >= low && c <= high;
	}
	return found != negated;
}

/* Does c match the one-character atom at p? */
static bool one(const struct search *s, size_t p, uint8_t c)
{
	uint8_t want = s->pattern.at[p];

	if (want == '[')
		return in_class(s, p, c);
	return want == '.' ? c != '\n' : fold(s, want) == fold(s, c);
}

/* What is still to be matched behind a group: a list on the C stack, of checked depth. */
struct rest {
	size_t from, to;
	const struct rest *next;
};

static bool match(struct search *s, size_t from, size_t to, const struct rest *rest, size_t at, unsigned depth);

/* The alternatives of from..to, split by | outside groups. */
static bool alternatives(struct search *s, size_t from, size_t to, const struct rest *rest, size_t at, unsigned depth)
{
	size_t begin = from;

	for (size_t p = from; p <= to; ) {
		if (p == to || s->pattern.at[p] == '|') {
			if (match(s, begin, p, rest, at, depth + 1))
				return true;
			begin = ++p;
		} else {
			size_t end = atom_end(s, p);

			p = end > 0 && end <= to ? end : to;
		}
	}
	return false;
}

static bool repeat(struct search *s, size_t p, size_t end, size_t to, const struct rest *rest, size_t at, unsigned depth)
{
	uint8_t mark = end < to ? s->pattern.at[end] : 0;
	bool group = s->pattern.at[p] == '(', marked = mark == '*' || mark == '+' || mark == '?';
	const struct rest after = { end + marked, to, rest };
	size_t n = at;

	if (group) {
		if (marked && mark != '?') { /* a group again and again */
			s->failed = -ENOTSUP;
			return false;
		}
		if (alternatives(s, p + 1, end - 1, &after, at, depth + 1))
			return true;
		return mark == '?' && match(s, after.from, to, rest, at, depth + 1);
	}
	if (!marked)
		return at < s->text.left && one(s, p, s->text.at[at]) && match(s, end, to, rest, at + 1, depth + 1);
	while (n < s->text.left && (mark != '?' || n == at) && one(s, p, s->text.at[n]))
		n++;
	for (;; n--) {
		if (n >= at + (mark == '+') && match(s, end + 1, to, rest, n, depth + 1))
			return true;
		if (n == at || s->failed != 0)
			return false;
	}
}

static bool match(struct search *s, size_t from, size_t to, const struct rest *rest, size_t at, unsigned depth)
{
	while (s->failed == 0) {
		if (++s->steps > STEPS_MAX || depth > DEPTH_MAX) {
			s->failed = -E2BIG;
		} else if (from == to) {
			if (rest == NULL)
				return true;
			from = rest->from;
			to = rest->to;
			rest = rest->next;
		} else if (s->pattern.at[from] == '^') {
			if (at != 0)
				return false;
			from++;
		} else if (s->pattern.at[from] == '$') {
			if (at != s->text.left)
				return false;
			from++;
		} else {
			return repeat(s, from, atom_end(s, from), to, rest, at, depth);
		}
	}
	return false;
}

int regexp_match(struct sql_run *r, struct bytes text, struct bytes pattern, bool fold_case, bool *ret)
{
	struct search s = { .text = text, .pattern = pattern, .fold = fold_case };
	bool found = false;
	int e = check(&s);

	if (e < 0)
		return e == -EDOM ? run_error(r) : run_refuse(r, "regular expression");
	for (size_t at = 0; at <= text.left && !found && s.failed == 0; at++)
		found = alternatives(&s, 0, pattern.left, NULL, at, 0);
	run_work(r, 16ull * s.steps);
	if (s.failed != 0)
		return s.failed == -ENOTSUP ? run_refuse(r, "regular expression") : s.failed;
	*ret = found;
	return 0;
}

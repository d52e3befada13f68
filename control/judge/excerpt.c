/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the response hold only some lines of what the code prints, side by side though others belong between them? A
 * program prints all of them, if with other values; a page about it gives a few as an example.
 */
#include "control/extract/http.h"
#include "control/judge/ruling.h"

#include <ctype.h>
#include <string.h>

enum {
	LINE_MIN = 12,        /* letters and digits; shorter lines are found by chance */
	LINE_MAX = 512,
	LINES_WEIGHED = 512,  /* of one run */
	SKIPPED_SHARE = 2,    /* so many skipped lines for each one found: servers lack a few, an example most */
};

/* How the lines of one run stand in the response. */
struct cover {
	unsigned found, skipped; /* skipped: those between two that follow each other in the response */
	size_t end;              /* of the last one found, in the reduced body */
	unsigned last;           /* its number */
};

/* Where the line stands behind `from`, reduced; sets *end behind it. */
static bool stands(const struct ruling *r, struct bytes line, size_t from, size_t *start, size_t *end)
{
	uint8_t reduced[LINE_MAX];
	size_t len;
	const uint8_t *at;

	if (!reduced_may_hold(r, line))
		return false;
	len = reflection_reduce(line, reduced, sizeof(reduced));
	if ((at = reduced_find(r, from, reduced, len)) == NULL)
		return false;
	*start = (size_t)(at - r->reduced);
	*end = *start + len;
	return true;
}

static bool is_long(struct bytes line)
{
	size_t len = 0;

	for (size_t i = 0; i < line.left && len < LINE_MIN; i++)
		len += isalnum(line.at[i]) != 0;
	return len == LINE_MIN;
}

static struct cover cover_of(const struct ruling *r, struct bytes out)
{
	struct cover c = { 0 };
	unsigned n = 0;

	while (out.left > 0 && n < LINES_WEIGHED) {
		struct bytes line = http_split(&out, '\n');
		size_t start, end;

		if (!is_long(line))
			continue;
		n++;
		if (!stands(r, line, c.end, &start, &end))
			continue;
		if (c.found++ > 0 && start == c.end)
			c.skipped += n - c.last - 1;
		c.last = n;
		c.end = end;
	}
	return c;
}

/* Most servers print the same: it is looked for once. */
static bool printed_before(const struct report *report, uint32_t run)
{
	for (uint32_t i = 0; i < run; i++)
		if (bytes_equal(report->runs[i].out, report->runs[run].out))
			return true;
	return false;
}

static bool excerpts(const struct ruling *r, unsigned code)
{
	const struct report *report = r->in->reports[code];
	struct cover best = { 0 };

	if (r->reduced == NULL || r->reduced_len == 0)
		return false;
	for (uint32_t i = 0; i < report->runs_count; i++) {
		struct cover c = { 0 };

		if (!printed_before(report, i))
			c = cover_of(r, report->runs[i].out);
		if (c.found > best.found)
			best = c;
	}
	return best.found > 0 && best.skipped >= best.found * SKIPPED_SHARE;
}

bool response_excerpts(struct ruling *r, unsigned code)
{
	enum asked *known = &r->excerpts[code];

	if (*known == NOT_ASKED)
		*known = excerpts(r, code) ? ASKED_YES : ASKED_NO;
	return *known == ASKED_YES;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unified diffs. */
#include "control/cli/difference.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { AROUND = 3 };

struct text {
	struct bytes *lines; /* owned; each with its end */
	bool *only;          /* owned: is this line in this text alone? */
	int count;
};

struct pair {
	struct text was, is;
	int begin, was_end, is_end; /* between their common beginning and end */
};

static void text_fini(struct text *t)
{
	free(t->lines);
	free(t->only);
}

static int text_init(struct text *t, struct bytes b)
{
	size_t room = 1;

	for (size_t i = 0; i < b.left; i++)
		room += b.at[i] == '\n';
	t->lines = calloc(room, sizeof(*t->lines));
	t->only = calloc(room, sizeof(*t->only));
	if (t->lines == NULL || t->only == NULL || room > INT32_MAX / 2)
		return -ENOMEM;
	while (b.left > 0) {
		const uint8_t *end = memchr(b.at, '\n', b.left);
		size_t len = end == NULL ? b.left : (size_t)(end - b.at) + 1;

		t->lines[t->count++] = bytes_of(b.at, len);
		b.at += len;
		b.left -= len;
	}
	return 0;
}

static bool same(const struct pair *p, int i, int j)
{
	return bytes_equal(p->was.lines[i], p->is.lines[j]);
}

static void ends_trim(struct pair *p)
{
	p->was_end = p->was.count;
	p->is_end = p->is.count;
	while (p->begin < p->was_end && p->begin < p->is_end && same(p, p->begin, p->begin))
		p->begin++;
	while (p->was_end > p->begin && p->is_end > p->begin && same(p, p->was_end - 1, p->is_end - 1)) {
		p->was_end--;
		p->is_end--;
	}
}

/* Backwards along the furthest paths of each number of edits: what each edit took out or put in. */
static void paths_follow(struct pair *p, int *const *paths, int edits)
{
	int x = p->was_end - p->begin, y = p->is_end - p->begin;

	for (int d = edits; d > 0; d--) {
		const int *v = paths[d - 1] + d; /* of d - 1 edits, from -d to d */
		int k = x - y;
		bool down = k == -d || (k != d && v[k - 1] < v[k + 1]);
		int from = down ? v[k + 1] : v[k - 1];

		if (down)
			p->is.only[p->begin + from - (k + 1)] = true;
		else
			p->was.only[p->begin + from] = true;
		x = from;
		y = x - (down ? k + 1 : k - 1);
	}
}

/* The furthest places that d edits reach, for each d until both texts are through. -ENOBUFS: more edits than that. */
static int shortest_find(struct pair *p)
{
	int n = p->was_end - p->begin, m = p->is_end - p->begin, r = -ENOBUFS;
	int **paths = calloc(DIFFERENCE_EDITS_MAX + 1, sizeof(*paths));

	if (paths == NULL)
		return -ENOMEM;
	for (int d = 0; r == -ENOBUFS && d <= DIFFERENCE_EDITS_MAX; d++) {
		int *v = malloc((2 * (size_t)d + 3) * sizeof(*v));
		const int *before = d == 0 ? NULL : paths[d - 1] + d;

		if ((paths[d] = v) == NULL) {
			r = -ENOMEM;
			break;
		}
		v += d + 1;
		v[-d - 1] = v[d + 1] = -1;
		for (int k = -d; k <= d; k++) {
			int x = 0, y;

			v[k] = -1;
			if (d > 0 && ((k - d) & 1) != 0)
				continue; /* an even number of edits ends on an even diagonal */
			if (d > 0)
				x = k == -d || (k != d && before[k - 1] < before[k + 1]) ? before[k + 1] : before[k - 1] + 1;
			y = x - k;
			while (x < n && y < m && same(p, p->begin + x, p->begin + y)) {
				x++;
				y++;
			}
			v[k] = x;
			if (x >= n && y >= m && k == n - m) {
				paths_follow(p, paths, d);
				r = 0;
				break;
			}
		}
	}
	for (int d = 0; d <= DIFFERENCE_EDITS_MAX; d++)
		free(paths[d]);
	free(paths);
	return r;
}

static void line_print(FILE *to, char sign, struct bytes line)
{
	fputc(sign, to);
	fwrite(line.at, 1, line.left, to);
	if (line.left == 0 || line.at[line.left - 1] != '\n')
		fputs("\n\\ No newline at end of file\n", to);
}

/* Both places move on, by what only one has before what both have. */
static void lines_print(FILE *to, const struct pair *p, int i, int i_end, int j, int j_end)
{
	while (i < i_end || j < j_end) {
		if (i < i_end && p->was.only[i]) {
			line_print(to, '-', p->was.lines[i++]);
		} else if (j < j_end && p->is.only[j]) {
			line_print(to, '+', p->is.lines[j++]);
		} else {
			line_print(to, ' ', p->was.lines[i]);
			i++;
			j++;
		}
	}
}

/* From the change at i, j: to behind the last one that has fewer than 2 * AROUND common lines before it. */
static void hunk_end(const struct pair *p, int *i, int *j)
{
	for (int common = 0, x = *i, y = *j; common <= 2 * AROUND && (x < p->was.count || y < p->is.count);) {
		if (x < p->was.count && p->was.only[x])
			x++;
		else if (y < p->is.count && p->is.only[y])
			y++;
		else {
			common++;
			x++;
			y++;
			continue;
		}
		common = 0;
		*i = x;
		*j = y;
	}
}

static void range_print(FILE *to, char sign, int begin, int count)
{
	/* an empty range names the line before it */
	if (count == 1)
		fprintf(to, "%c%d", sign, begin + 1);
	else
		fprintf(to, "%c%d,%d", sign, count == 0 ? begin : begin + 1, count);
}

static void hunks_print(FILE *to, const struct pair *p)
{
	int i = 0, j = 0;

	while (i < p->was.count || j < p->is.count) {
		int lead, tail, end_i = i, end_j = j;

		if ((i == p->was.count || !p->was.only[i]) && (j == p->is.count || !p->is.only[j])) {
			i++;
			j++;
			continue;
		}
		lead = i < AROUND ? i : AROUND;
		lead = j < lead ? j : lead;
		hunk_end(p, &end_i, &end_j);
		tail = p->was.count - end_i < AROUND ? p->was.count - end_i : AROUND;
		fputs("@@ ", to);
		range_print(to, '-', i - lead, end_i - i + lead + tail);
		fputc(' ', to);
		range_print(to, '+', j - lead, end_j - j + lead + tail);
		fputs(" @@\n", to);
		lines_print(to, p, i - lead, end_i + tail, j - lead, end_j + tail);
		i = end_i + tail;
		j = end_j + tail;
	}
}

int difference_print(FILE *to, const char *was_name, struct bytes was, const char *is_name, struct bytes is)
{
	struct pair p = { .begin = 0 };
	int r;

	if (bytes_equal(was, is))
		return 0;
	if ((r = text_init(&p.was, was)) < 0 || (r = text_init(&p.is, is)) < 0)
		goto out;
	ends_trim(&p);
	r = shortest_find(&p);
	if (r == -ENOBUFS) {
		for (int i = p.begin; i < p.was_end; i++)
			p.was.only[i] = true;
		for (int j = p.begin; j < p.is_end; j++)
			p.is.only[j] = true;
		r = 0;
	}
	if (r < 0)
		goto out;
	fprintf(to, "--- %s\n+++ %s\n", was_name, is_name);
	hunks_print(to, &p);
	r = 1;
out:
	text_fini(&p.was);
	text_fini(&p.is);
	return r;
}

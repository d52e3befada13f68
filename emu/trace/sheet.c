/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of several outputs brought into columns, one output after the other. */
#include "emu/trace/sheet.h"

#include "emu/trace/align.h"
#include "emu/trace/token.h"

#include <errno.h>
#include <string.h>

_Static_assert((int)SHEET_COLUMNS_MAX <= (int)ALIGN_MAX, "columns can be aligned");

enum { WHOLE_MIN = 8 /* bytes of a line that begins another */, WORDS_MAX = 24, MARKS_MAX = 24 /* of a line that are compared with another's */ };

struct line {
	struct bytes text;
	uint32_t end;
	uint32_t shape;               /* hash of the kinds of its tokens, and of its marks */
	uint32_t first, last;         /* hashes of its outer words */
	struct bag {
		unsigned count;
		uint32_t hashes[WORDS_MAX]; /* ascending */
	} words, marks;
};
_Static_assert((int)MARKS_MAX <= (int)WORDS_MAX, "marks fit in a bag");

static uint32_t hash(uint32_t h, const void *at, size_t len) /* FNV-1a */
{
	const uint8_t *p = at;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 16777619u;
	return h;
}

static void bag_add(struct bag *b, uint32_t one)
{
	unsigned at = b->count;

	if (at == COUNT_OF(b->hashes))
		return;
	for (; at > 0 && b->hashes[at - 1] > one; at--)
		b->hashes[at] = b->hashes[at - 1];
	b->hashes[at] = one;
	b->count++;
}

static void line_measure(struct line *l)
{
	struct token tokens[LINE_TOKENS_MAX];
	unsigned count = tokens_of(l->text, tokens);

	l->shape = 2166136261u;
	l->words.count = l->marks.count = l->first = l->last = 0;
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *at = l->text.at + tokens[i].at;

		if (tokens[i].kind == TOKEN_MARK) {
			l->shape = hash(l->shape, at, 1);
			bag_add(&l->marks, at[0]);
		} else if (tokens[i].kind == TOKEN_SPACE) {
			l->shape = hash(l->shape, " ", 1);
		} else {
			l->shape = hash(l->shape, "w", 1);
			l->last = hash(2166136261u, at, tokens[i].len);
			l->first = l->words.count == 0 ? l->last : l->first;
			bag_add(&l->words, l->last);
		}
	}
}

static unsigned bag_shared(const struct bag *a, const struct bag *b)
{
	unsigned i = 0, j = 0, shared = 0;

	while (i < a->count && j < b->count) {
		if (a->hashes[i] == b->hashes[j]) {
			shared++;
			i++;
			j++;
		} else if (a->hashes[i] < b->hashes[j]) {
			i++;
		} else {
			j++;
		}
	}
	return shared;
}

struct lines {
	unsigned count;
	struct line line[SHEET_COLUMNS_MAX];
};
struct pair {
	const struct lines *columns, *row;
};

/* A line that begins and ends as the other and shares more of it is one format with other values between. */
static bool one_frame(const struct line *a, const struct line *b, unsigned words)
{
	return words > 3 && a->first == b->first && a->last == b->last;
}

/* A line that begins as the other and shares half of what the shorter one has is that one with more behind it. */
static bool one_begin(const struct line *a, const struct line *b, unsigned words, unsigned shared, unsigned least)
{
	return words > 2 && a->first == b->first && 2 * shared >= least;
}

/* The whole of one stands at the other's beginning: a warning may follow an output that ends no line. */
static bool one_whole(struct bytes a, struct bytes b)
{
	size_t least = a.left < b.left ? a.left : b.left;

	return least >= WHOLE_MIN && memcmp(a.at, b.at, least) == 0;
}

/*
 * Equal lines first, then those that share a word, and are built alike, share half of their words and marks, stand in
 * one frame or begin alike; of one shape and nothing shared, last.
 */
static unsigned line_weight(const void *context, unsigned i, unsigned j)
{
	const struct pair *p = context;
	const struct line *a = &p->columns->line[i], *b = &p->row->line[j];
	unsigned size_a = a->words.count + a->marks.count, size_b = b->words.count + b->marks.count;
	unsigned most = size_a > size_b ? size_a : size_b, least = size_a + size_b - most, words, shared;

	if (bytes_equal(a->text, b->text))
		return 1000;
	words = bag_shared(&a->words, &b->words);
	shared = words + bag_shared(&a->marks, &b->marks);
	if (words > 0 && (a->shape == b->shape || 2 * shared >= most || one_frame(a, b, words) ||
	    one_begin(a, b, words, shared, least) || one_whole(a->text, b->text)))
		return 10 + 400 * shared / most;
	return a->shape == b->shape ? 10 : 0;
}

/* What ends a line: of words with a NUL behind each, as the kernel lists a process's environment, that NUL. */
static int end_of_lines(struct bytes output)
{
	if (output.left == 0 || output.at[output.left - 1] != '\0')
		return '\n';
	for (size_t i = 0; i < output.left; i++) {
		if (output.at[i] == '\0' ? i == 0 || output.at[i - 1] == '\0' : output.at[i] < ' ' || output.at[i] > '~')
			return '\n';
	}
	return '\0';
}

static void lines_of(struct bytes output, struct lines *ret)
{
	int ends = end_of_lines(output);
	size_t at = 0, end;

	ret->count = 0;
	output.left = output.left < LEARN_MAX ? output.left : LEARN_MAX;
	for (; at < output.left && ret->count < SHEET_LINES_MAX; at = end + 1) {
		const uint8_t *nl = memchr(output.at + at, ends, output.left - at);
		struct line *l = &ret->line[ret->count];
		size_t len;
		bool blank = true;

		end = nl != NULL ? (size_t)(nl - output.at) : output.left;
		len = end - at > 0 && output.at[end - 1] == '\r' ? end - at - 1 : end - at;
		l->text = bytes_of(output.at + at, len < SHEET_LINE_MAX ? len : SHEET_LINE_MAX);
		l->end = (uint32_t)end;
		for (size_t i = 0; i < l->text.left && blank; i++)
			blank = is_blank(l->text.at[i]);
		if (blank)
			continue;
		line_measure(l);
		ret->count++;
	}
}

/* Puts the row's lines into columns: those with a partner into its column, others into new ones between. */
static void merge(struct sheet *s, struct lines *columns, struct lines *merged, unsigned row, const struct lines *lines,
                  const uint16_t *partner, struct cell *cells)
{
	unsigned next = 0, to = 0;

	for (unsigned c = 0; c <= columns->count; c++) {
		unsigned until = c == columns->count ? lines->count : partner[c] == ALIGN_NONE ? next : partner[c];

		for (; next < until && to + (columns->count - c) < SHEET_COLUMNS_MAX; next++, to++) {
			memset(&cells[to * s->rows], 0, s->rows * sizeof(*cells));
			cells[to * s->rows + row] = (struct cell){ lines->line[next].text, lines->line[next].end };
			merged->line[to] = lines->line[next];
		}
		next = until;
		if (c == columns->count)
			break;
		memcpy(&cells[to * s->rows], &s->cells[c * s->rows], s->rows * sizeof(*cells));
		merged->line[to] = columns->line[c];
		if (partner[c] != ALIGN_NONE) {
			cells[to * s->rows + row] = (struct cell){ lines->line[next].text, lines->line[next].end };
			merged->line[to] = lines->line[next++]; /* the latest row is likely the likest to the next */
		}
		to++;
	}
	s->columns = to;
	memcpy(s->cells, cells, (size_t)to * s->rows * sizeof(*cells));
	columns->count = to;
	memcpy(columns->line, merged->line, to * sizeof(columns->line[0]));
}

/* No more columns than this can come of the outputs. */
static unsigned columns_most(const struct bytes *outputs, unsigned rows)
{
	unsigned most = 0;

	for (unsigned row = 0; row < rows && most < SHEET_COLUMNS_MAX; row++) {
		int ends = end_of_lines(outputs[row]);

		for (size_t i = 0; i < outputs[row].left && i < LEARN_MAX; i++)
			most += outputs[row].at[i] == ends;
		most++;
	}
	return most < SHEET_COLUMNS_MAX ? most : SHEET_COLUMNS_MAX;
}

int sheet_of(const struct bytes *outputs, unsigned rows, struct arena *a, struct sheet *ret)
{
	size_t size = (size_t)columns_most(outputs, rows) * rows * sizeof(struct cell), mark;
	struct sheet s = { .rows = rows, .cells = arena_take(a, size) };
	struct lines *columns, *merged, *lines;
	struct cell *cells;

	mark = a->used;
	columns = arena_take(a, sizeof(*columns));
	merged = arena_take(a, sizeof(*merged));
	lines = arena_take(a, sizeof(*lines));
	cells = arena_take(a, size);
	if (s.cells == NULL || cells == NULL || lines == NULL || merged == NULL || columns == NULL)
		return -ENOMEM;
	for (unsigned row = 0; row < rows; row++) {
		uint16_t partner[SHEET_COLUMNS_MAX];
		const struct pair pair = { columns, lines };
		const struct align_by by = { line_weight, &pair };
		size_t before = a->used;
		uint32_t *table;

		lines_of(outputs[row], lines);
		table = arena_take(a, (size_t)(columns->count + 1) * (lines->count + 1) * sizeof(*table));
		if (table == NULL)
			return -ENOMEM;
		align(columns->count, lines->count, &by, table, partner);
		merge(&s, columns, merged, row, lines, partner, cells);
		a->used = before;
	}
	a->used = mark;
	*ret = s;
	return 0;
}

const struct cell *sheet_cell(const struct sheet *s, unsigned column, unsigned row)
{
	return &s->cells[(size_t)column * s->rows + row];
}

uint64_t sheet_support(const struct sheet *s, unsigned column)
{
	uint64_t support = 0;

	for (unsigned row = 0; row < s->rows; row++) {
		if (sheet_cell(s, column, row)->line.at != NULL)
			support |= UINT64_C(1) << row;
	}
	return support;
}

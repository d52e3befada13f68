/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts in memory: lengths, copies, comparisons, conversions between bytes and UTF-16. */
#include "emu/windows/api/api.h"

#include <string.h>
#include <strings.h>

static uint64_t text_length(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];
	uint8_t raw[2 * WIN_TEXT_MAX];

	if (!api_text_of(w, a[0], text))
		return 0;
	return w->function->wide ? win_utf16(text, raw, WIN_TEXT_MAX) : strlen(text);
}

static uint64_t text_copy(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	if (!api_text_of(w, a[1], text) && win_number(w, a[1], 1, NULL) != 0)
		return 0;
	win_put_text(w, a[0], w->function->wide, text, WIN_TEXT_MAX);
	return a[0];
}

static uint64_t text_copy_some(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	if (!api_text_of(w, a[1], text) || a[2] == 0)
		return 0;
	if (a[2] < sizeof(text))
		text[a[2] - 1] = 0;
	win_put_text(w, a[0], w->function->wide, text, a[2]);
	return a[0];
}

static uint64_t text_append(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];

	if (!api_text_of(w, a[1], text))
		return a[0];
	win_put_text(w, a[0] + text_length(w, a) * (w->function->wide ? 2 : 1), w->function->wide, text, WIN_TEXT_MAX);
	return a[0];
}

static uint64_t compare(struct windows *w, const uint64_t *a, bool fold, size_t most)
{
	char one[WIN_TEXT_MAX], other[WIN_TEXT_MAX];
	int r;

	(void)api_text_of(w, a[0], one);
	(void)api_text_of(w, a[1], other);
	r = fold ? strncasecmp(one, other, most) : strncmp(one, other, most);
	return (uint64_t)(r < 0 ? -1 : r > 0);
}

static uint64_t text_compare(struct windows *w, const uint64_t *a)
{
	return compare(w, a, false, WIN_TEXT_MAX);
}

static uint64_t text_compare_fold(struct windows *w, const uint64_t *a)
{
	return compare(w, a, true, WIN_TEXT_MAX);
}

/* MultiByteToWideChar(page, flags, from, len, to, room) */
static uint64_t to_wide(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];
	uint8_t raw[2 * WIN_TEXT_MAX];
	bool counted = (int32_t)a[3] > 0 && (uint32_t)a[3] < WIN_TEXT_MAX;
	size_t n;

	if (counted) {
		if (win_read(w, a[2], text, (uint32_t)a[3]) < 0)
			return 0;
		text[(uint32_t)a[3]] = 0;
	} else if (win_text(w, a[2], false, text, sizeof(text)) < 0) {
		return 0;
	}
	n = win_utf16(text, raw, WIN_TEXT_MAX - 1);
	raw[2 * n] = raw[2 * n + 1] = 0;
	n += !counted || strlen(text) < (uint32_t)a[3];
	if ((uint32_t)a[5] == 0)
		return n;
	return n <= (uint32_t)a[5] && win_write(w, a[4], raw, 2 * n) == 0 ? n : 0;
}

/* WideCharToMultiByte(page, flags, from, len, to, room, …) */
static uint64_t to_bytes(struct windows *w, const uint64_t *a)
{
	char text[WIN_TEXT_MAX];
	uint8_t raw[2 * WIN_TEXT_MAX];
	bool counted = (int32_t)a[3] > 0 && (uint32_t)a[3] < WIN_TEXT_MAX / 4;
	size_t n;

	if (counted) {
		if (win_read(w, a[2], raw, 2 * (a[3] & 0xffff)) < 0)
			return 0;
		n = win_utf8(raw, a[3] & 0xffff, text, sizeof(text));
	} else if (win_text(w, a[2], true, text, sizeof(text)) < 0) {
		return 0;
	} else {
		n = strlen(text) + 1;
	}
	if ((uint32_t)a[5] == 0)
		return n;
	return n <= (uint32_t)a[5] && win_write(w, a[4], text, n) == 0 ? n : 0;
}

static const struct win_function rows[] = {
	{ "lstrlenA", 1, .run = text_length }, { "lstrlenW", 1, .run = text_length, .wide = true },
	{ "lstrcpyA", 2, .run = text_copy }, { "lstrcpyW", 2, .run = text_copy, .wide = true },
	{ "lstrcpynA", 3, .run = text_copy_some }, { "lstrcpynW", 3, .run = text_copy_some, .wide = true },
	{ "lstrcatA", 2, .run = text_append }, { "lstrcatW", 2, .run = text_append, .wide = true },
	{ "lstrcmpA", 2, .run = text_compare }, { "lstrcmpW", 2, .run = text_compare, .wide = true },
	{ "lstrcmpiA", 2, .run = text_compare_fold }, { "lstrcmpiW", 2, .run = text_compare_fold, .wide = true },
	{ "lstrlen", 1, .run = text_length }, { "lstrcpy", 2, .run = text_copy }, { "lstrcat", 2, .run = text_append },
	{ "lstrcmp", 2, .run = text_compare }, { "lstrcmpi", 2, .run = text_compare_fold },
	{ "MultiByteToWideChar", 6, .run = to_wide }, { "WideCharToMultiByte", 8, .run = to_bytes },
};
const struct win_table api_text = { rows, COUNT_OF(rows) };

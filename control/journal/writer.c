/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The writer: commas, escapes, numbers. */
#include "control/journal/writer.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_SIZE = 16 << 10, NUMBER_MAX = 32, DIGITS = 12,
	PIECE = 4096,     /* bytes that are escaped at a time */
	ESCAPED_MAX = 6,  /* bytes of one that is */
};

void writer_fini(struct writer *w)
{
	free(w->at);
	*w = (struct writer){ 0 };
}

void writer_reset(struct writer *w)
{
	w->used = 0;
	w->follows = w->failed = false;
}

char *writer_raw(struct writer *w, size_t len)
{
	char *to;

	if (w->size - w->used < len && !w->failed) {
		size_t size = 2 * w->size + len + (w->size == 0 ? FIRST_SIZE : 0);
		char *grown = realloc(w->at, size);

		w->failed = grown == NULL;
		if (grown != NULL) {
			w->at = grown;
			w->size = size;
		}
	}
	if (w->failed)
		return NULL;
	to = w->at + w->used;
	w->used += len;
	return to;
}

static void put(struct writer *w, const char *text, size_t len)
{
	char *to = writer_raw(w, len);

	if (to != NULL && len > 0)
		memcpy(to, text, len);
}

static void put_byte(struct writer *w, char c)
{
	if (w->used < w->size)
		w->at[w->used++] = c;
	else
		put(w, &c, 1);
}

int writer_done(struct writer *w, struct bytes *ret)
{
	put_byte(w, '\0');
	if (w->failed)
		return -ENOMEM;
	w->used--;
	*ret = bytes_of(w->at, w->used);
	return 0;
}

/* What stands before each value that is none of a key's. */
static void separate(struct writer *w)
{
	if (w->follows)
		put_byte(w, ',');
	w->follows = true;
}

/* RFC 8259 7: what must be escaped, in the form that jansson gives it; 'u': as its number, 0: not at all. */
static const char escapes[256] = {
	[0 ... 7] = 'u', ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', [0x0b] = 'u', ['\f'] = 'f', ['\r'] = 'r', [0x0e ... 0x1f] = 'u',
	['"'] = '"', ['\\'] = '\\',
};

/* Eight bytes of which none needs an escape: below blank, a quote or a backslash would show in its high bit. */
static bool is_plain(uint64_t v)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t quote = v ^ ones * '"', backslash = v ^ ones * '\\';

	return ((((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & high) == 0;
}

/* to has room for ESCAPED_MAX times as much. Returns what follows. */
static char *escape(char *to, struct bytes b)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < b.left;) {
		uint64_t v = 0;

		if (b.left - i >= sizeof(v)) {
			memcpy(&v, b.at + i, sizeof(v));
			if (is_plain(v)) {
				memcpy(to, &v, sizeof(v));
				to += sizeof(v);
				i += sizeof(v);
				continue;
			}
		}
		for (size_t end = b.left - i < sizeof(v) ? b.left : i + sizeof(v); i < end; i++) {
			uint8_t c = b.at[i];

			if (escapes[c] == 0) {
				*to++ = (char)c;
				continue;
			}
			*to++ = '\\';
			*to++ = escapes[c];
			if (escapes[c] == 'u') {
				memcpy(to, "00", 2);
				to[2] = digits[c >> 4];
				to[3] = digits[c & 15];
				to += 4;
			}
		}
	}
	return to;
}

void writer_part(struct writer *w, struct bytes b)
{
	while (b.left > 0) {
		struct bytes piece = bytes_of(b.at, b.left < PIECE ? b.left : PIECE);
		char *to = writer_raw(w, piece.left * ESCAPED_MAX);

		if (to == NULL)
			return;
		w->used = (size_t)(escape(to, piece) - w->at);
		b = bytes_of(b.at + piece.left, b.left - piece.left);
	}
}

void writer_begin(struct writer *w)
{
	separate(w);
	put_byte(w, '"');
}

void writer_end(struct writer *w)
{
	put_byte(w, '"');
}

void writer_text(struct writer *w, struct bytes b)
{
	writer_begin(w);
	writer_part(w, b);
	writer_end(w);
}

void writer_open(struct writer *w, char bracket)
{
	separate(w);
	put_byte(w, bracket);
	w->follows = false;
}

void writer_close(struct writer *w, char bracket)
{
	put_byte(w, bracket);
	w->follows = true;
}

void writer_key(struct writer *w, const char *key)
{
	separate(w);
	put_byte(w, '"');
	put(w, key, strlen(key));
	put(w, "\":", 2);
	w->follows = false;
}

void writer_bool(struct writer *w, bool value)
{
	separate(w);
	put(w, value ? "true" : "false", value ? 4 : 5);
}

void writer_integer(struct writer *w, int64_t value)
{
	char text[NUMBER_MAX];
	size_t at = sizeof(text);
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

	separate(w);
	do
		text[--at] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		text[--at] = '-';
	put(w, text + at, sizeof(text) - at);
}

/* Any number, by jansson itself. */
static void put_odd(struct writer *w, double v)
{
	json_t *value = json_real(v);
	char *text = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS));

	w->failed |= text == NULL;
	if (text != NULL)
		put(w, text, strlen(text));
	free(text);
	json_decref(value);
}

/* Ours have three digits behind the point at most, which need no rounding. */
void writer_key_real(struct writer *w, const char *key, double v)
{
	double size = fabs(v), thousands = rint(size * 1000);
	char text[NUMBER_MAX], *at = text + sizeof(text);
	unsigned left;

	if (!isfinite(v))
		return;
	writer_key(w, key);
	w->follows = true;
	if (size >= 1e6 || thousands / 1000 != size || (v == 0 && signbit(v))) {
		put_odd(w, v);
		return;
	}
	left = (unsigned)thousands;
	for (unsigned digit = 0; digit < 4 || left > 0; digit++, left /= 10) {
		if (digit == 3)
			*--at = '.';
		if (digit > 1 || left % 10 != 0 || at < text + sizeof(text))
			*--at = (char)('0' + left % 10);
	}
	if (v < 0)
		*--at = '-';
	put(w, at, (size_t)(text + sizeof(text) - at));
}

void writer_key_text(struct writer *w, const char *key, const char *text)
{
	writer_key(w, key);
	writer_text(w, bytes_text(text));
}

void writer_key_integer(struct writer *w, const char *key, int64_t value)
{
	writer_key(w, key);
	writer_integer(w, value);
}

void writer_key_bool(struct writer *w, const char *key, bool value)
{
	writer_key(w, key);
	writer_bool(w, value);
}

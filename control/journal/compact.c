/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compact JSON into one growing block. */
#include "control/journal/compact.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 16 << 10, NUMBER_MAX = 32, DIGITS = 12 };

struct text {
	char *at;
	size_t used, size;
	bool failed;
};

/* Room for len bytes more; NULL without memory. */
static char *room(struct text *t, size_t len)
{
	if (t->size - t->used < len && !t->failed) {
		size_t size = 2 * t->size + len;
		char *grown = realloc(t->at, size);

		t->failed = grown == NULL;
		if (grown != NULL) {
			t->at = grown;
			t->size = size;
		}
	}
	return t->failed ? NULL : t->at + t->used;
}

static void put(struct text *t, const char *text, size_t len)
{
	char *to = room(t, len);

	if (to == NULL)
		return;
	memcpy(to, text, len);
	t->used += len;
}

/* RFC 8259 7: what must be escaped, in the form that jansson gives it. */
static size_t escape(char to[8], unsigned char c)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (size_t i = 0; letters[i] != '\0'; i += 2) {
		if ((unsigned char)letters[i] == c) {
			to[0] = '\\';
			to[1] = letters[i + 1];
			return 2;
		}
	}
	return (size_t)snprintf(to, 8, "\\u%04X", c);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* How many bytes need no escape; eight at a time: one below blank, a quote or a backslash among them shows in its high bit. */
static size_t plain_length(const char *text, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	size_t i = 0;
	uint64_t v;

	for (; i + sizeof(v) <= len; i += sizeof(v)) {
		uint64_t quote, backslash;

		memcpy(&v, text + i, sizeof(v));
		quote = v ^ ones * '"';
		backslash = v ^ ones * '\\';
		if ((((v - ones * 0x20) & ~v) | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & high)
			break;
	}
	while (i < len && is_plain((unsigned char)text[i]))
		i++;
	return i;
}

static void put_string(struct text *t, const char *text, size_t len)
{
	put(t, "\"", 1);
	for (size_t i = 0, run; i < len; i += run) {
		char escaped[8];

		run = plain_length(text + i, len - i);
		put(t, text + i, run);
		if (i + run == len)
			break;
		put(t, escaped, escape(escaped, (unsigned char)text[i + run]));
		run++;
	}
	put(t, "\"", 1);
}

static void put_integer(struct text *t, json_int_t value)
{
	char text[NUMBER_MAX];
	size_t at = sizeof(text);
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;

	do
		text[--at] = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (value < 0)
		text[--at] = '-';
	put(t, text + at, sizeof(text) - at);
}

/* Ours have three digits behind the point at most, which need no rounding; any other is left to jansson. */
static void put_real(struct text *t, const json_t *value)
{
	double v = json_real_value(value), thousands = rint(v * 1000);
	char text[NUMBER_MAX], *other;
	int len;

	if (v >= 0 && !signbit(v) && v < 1e6 && thousands / 1000 == v) {
		len = snprintf(text, sizeof(text), "%u.%03u", (unsigned)(thousands / 1000), (unsigned)thousands % 1000);
		for (unsigned cut = 0; cut < 2 && text[len - 1] == '0'; cut++)
			len--;
		put(t, text, (size_t)len);
		return;
	}
	other = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS));
	t->failed |= other == NULL;
	if (other != NULL)
		put(t, other, strlen(other));
	free(other);
}

static void put_value(struct text *, const json_t *, unsigned depth);

static void put_object(struct text *t, const json_t *value, unsigned depth)
{
	json_t *object = (json_t *)(uintptr_t)value; /* iterating changes nothing */

	put(t, "{", 1);
	for (void *i = json_object_iter(object), *first = i; i != NULL; i = json_object_iter_next(object, i)) {
		const char *key = json_object_iter_key(i);

		if (i != first)
			put(t, ",", 1);
		put_string(t, key, json_object_iter_key_len(i));
		put(t, ":", 1);
		put_value(t, json_object_iter_value(i), depth + 1);
	}
	put(t, "}", 1);
}

static void put_value(struct text *t, const json_t *value, unsigned depth)
{
	t->failed |= value == NULL || depth > COMPACT_DEPTH_MAX;
	if (t->failed)
		return;
	switch (json_typeof(value)) {
	case JSON_OBJECT: put_object(t, value, depth); break;
	case JSON_ARRAY:
		put(t, "[", 1);
		for (size_t i = 0; i < json_array_size(value); i++) {
			if (i > 0)
				put(t, ",", 1);
			put_value(t, json_array_get(value, i), depth + 1);
		}
		put(t, "]", 1);
		break;
	case JSON_STRING: put_string(t, json_string_value(value), json_string_length(value)); break;
	case JSON_INTEGER: put_integer(t, json_integer_value(value)); break;
	case JSON_REAL: put_real(t, value); break;
	case JSON_TRUE: put(t, "true", 4); break;
	case JSON_FALSE: put(t, "false", 5); break;
	default: put(t, "null", 4);
	}
}

char *compact_of(const json_t *value)
{
	struct text t = { .at = malloc(FIRST_SIZE), .size = FIRST_SIZE };

	t.failed = t.at == NULL;
	put_value(&t, value, 0);
	put(&t, "", 1);
	if (t.failed) {
		free(t.at);
		return NULL;
	}
	return t.at;
}

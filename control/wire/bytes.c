/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded reading and writing: the only code that turns untrusted bytes into numbers. */
#include "control/wire/bytes.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

int bytes_take(struct bytes *b, size_t len, struct bytes *ret)
{
	if (len > b->left)
		return -EBADMSG;
	*ret = bytes_of(b->at, len);
	if (len > 0) {
		b->at += len;
		b->left -= len;
	}
	return 0;
}

int bytes_copy(struct bytes *b, void *to, size_t len)
{
	struct bytes run;
	int r = bytes_take(b, len, &run);

	if (r == 0 && len > 0)
		memcpy(to, run.at, len);
	return r;
}

int bytes_u8(struct bytes *b, uint8_t *ret)
{
	return bytes_copy(b, ret, 1);
}

/* len bytes, least significant first, as one number. */
static int take_le(struct bytes *b, size_t len, uint64_t *ret)
{
	struct bytes run;
	uint64_t v = 0;

	if (bytes_take(b, len, &run) < 0)
		return -EBADMSG;
	for (size_t i = len; i > 0; i--)
		v = v << 8 | run.at[i - 1];
	*ret = v;
	return 0;
}

int bytes_u16le(struct bytes *b, uint16_t *ret)
{
	uint64_t v;
	int r = take_le(b, 2, &v);

	if (r == 0)
		*ret = (uint16_t)v;
	return r;
}

int bytes_u32le(struct bytes *b, uint32_t *ret)
{
	uint64_t v;
	int r = take_le(b, 4, &v);

	if (r == 0)
		*ret = (uint32_t)v;
	return r;
}

int bytes_u64le(struct bytes *b, uint64_t *ret)
{
	return take_le(b, 8, ret);
}

int bytes_u16be(struct bytes *b, uint16_t *ret)
{
	uint16_t v;
	int r = bytes_u16le(b, &v);

	if (r == 0)
		*ret = __builtin_bswap16(v);
	return r;
}

int bytes_u32be(struct bytes *b, uint32_t *ret)
{
	uint32_t v;
	int r = bytes_u32le(b, &v);

	if (r == 0)
		*ret = __builtin_bswap32(v);
	return r;
}

int bytes_run(struct bytes *b, size_t max, struct bytes *ret)
{
	struct bytes at = *b, run;
	uint32_t len;

	if (bytes_u32le(&at, &len) < 0 || len > max || bytes_take(&at, len, &run) < 0)
		return -EBADMSG;
	*b = at;
	*ret = run;
	return 0;
}

ptrdiff_t bytes_find(struct bytes hay, struct bytes needle)
{
	const uint8_t *hit;

	if (needle.left == 0)
		return 0;
	if (hay.left == 0)
		return -1;
	hit = memmem(hay.at, hay.left, needle.at, needle.left);
	return hit == NULL ? -1 : hit - hay.at;
}

bool bytes_is_one_of(struct bytes b, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_equal_fold(b, bytes_text(words[i])))
			return true;
	}
	return false;
}

bool bytes_starts_fold(struct bytes text, struct bytes prefix)
{
	if (prefix.left > text.left)
		return false;
	for (size_t i = 0; i < prefix.left; i++) {
		uint8_t a = text.at[i], b = prefix.at[i];

		a = a >= 'A' && a <= 'Z' ? (uint8_t)(a + 32) : a;
		b = b >= 'A' && b <= 'Z' ? (uint8_t)(b + 32) : b;
		if (a != b)
			return false;
	}
	return true;
}

uint64_t bytes_hash(struct bytes b)
{
	uint64_t h = b.left, eight;

	for (size_t i = 0; i < b.left; i += sizeof(eight)) {
		eight = 0;
		memcpy(&eight, b.at + i, b.left - i < sizeof(eight) ? b.left - i : sizeof(eight));
		h = (h ^ eight) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	return h;
}

bool bytes_equal_fold(struct bytes a, struct bytes b)
{
	return a.left == b.left && bytes_starts_fold(a, b);
}

bool bytes_ends(struct bytes text, struct bytes suffix)
{
	return text.left >= suffix.left && bytes_equal(bytes_of(text.at + text.left - suffix.left, suffix.left), suffix);
}

bool bytes_ends_fold(struct bytes text, struct bytes suffix)
{
	return text.left >= suffix.left && bytes_equal_fold(bytes_of(text.at + text.left - suffix.left, suffix.left), suffix);
}

void bytes_hex(struct bytes b, char *ret)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < b.left; i++) {
		*ret++ = digits[b.at[i] >> 4];
		*ret++ = digits[b.at[i] & 15];
	}
	*ret = '\0';
}

struct bytes bytes_trim(struct bytes b)
{
	while (b.left > 0 && isspace(b.at[0])) {
		b.at++;
		b.left--;
	}
	while (b.left > 0 && isspace(b.at[b.left - 1]))
		b.left--;
	return b;
}

bool bytes_take_text(struct bytes *b, const char *text)
{
	size_t len = strlen(text);

	if (b->left < len || memcmp(b->at, text, len) != 0)
		return false;
	*b = bytes_of(b->at + len, b->left - len);
	return true;
}

bool bytes_bracket_end(struct bytes b, size_t at, size_t *ret)
{
	unsigned open = 0;
	uint8_t quote = 0;

	for (; at < b.left; at++) {
		uint8_t c = b.at[at];

		if (c == '\\') {
			at++;
		} else if (quote != 0) {
			quote = c == quote ? 0 : quote;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == '(') {
			open++;
		} else if (c == ')' && --open == 0) {
			*ret = at + 1;
			return true;
		}
	}
	return false;
}

struct sink sink_over(void *at, size_t size)
{
	return (struct sink){ .at = at, .size = size };
}

void sink_put(struct sink *s, const void *from, size_t len)
{
	if (s->overflow || len > s->size - s->used) {
		s->overflow = true;
		return;
	}
	if (len > 0)
		memcpy(s->at + s->used, from, len);
	s->used += len;
}

/* v in len bytes, least significant first. */
static void put_le(struct sink *s, uint64_t v, size_t len)
{
	uint8_t raw[8];

	for (size_t i = 0; i < len; i++)
		raw[i] = (uint8_t)(v >> 8 * i);
	sink_put(s, raw, len);
}

void sink_u16le(struct sink *s, uint16_t v)
{
	put_le(s, v, 2);
}

void sink_u32le(struct sink *s, uint32_t v)
{
	put_le(s, v, 4);
}

void sink_u64le(struct sink *s, uint64_t v)
{
	put_le(s, v, 8);
}

void sink_run(struct sink *s, struct bytes run)
{
	if (run.left > UINT32_MAX) {
		s->overflow = true;
		return;
	}
	sink_u32le(s, (uint32_t)run.left);
	sink_put(s, run.at, run.left);
}

void sink_text(struct sink *s, const char *text)
{
	sink_run(s, bytes_text(text != NULL ? text : ""));
}

int sink_done(const struct sink *s, struct bytes *ret)
{
	if (s->overflow)
		return -ENOSPC;
	*ret = bytes_of(s->at, s->used);
	return 0;
}

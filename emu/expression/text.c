/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strings by characters: UTF-8, and bytes that are none count as one each. */
#include "emu/expression/value.h"

#include "control/wire/utf8.h"

static size_t width(struct bytes s, size_t at)
{
	size_t len = s.at[at] < 0x80 ? 1 : utf8_length(bytes_of(s.at + at, s.left - at));

	return len == 0 ? 1 : len;
}

size_t java_text_length(struct bytes s)
{
	size_t n = 0;

	for (size_t at = 0; at < s.left; at += width(s, at))
		n++;
	return n;
}

size_t java_text_at(struct bytes s, size_t character)
{
	size_t at = 0;

	while (at < s.left && character-- > 0)
		at += width(s, at);
	return at;
}

int64_t java_text_code(struct bytes s, size_t offset)
{
	static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	size_t len = offset < s.left ? width(s, offset) : 0;
	int64_t code;

	if (len == 0)
		return 0;
	if (len == 1)
		return s.at[offset];
	code = s.at[offset] & masks[len];
	for (size_t i = 1; i < len; i++)
		code = code << 6 | (s.at[offset + i] & 0x3f);
	return code;
}

size_t java_text_put(int64_t code, uint8_t ret[4])
{
	uint32_t c = (uint32_t)code;

	if (c < 0x80) {
		ret[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		ret[0] = (uint8_t)(0xc0 | c >> 6);
		ret[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		ret[0] = (uint8_t)(0xe0 | c >> 12);
		ret[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		ret[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	ret[0] = (uint8_t)(0xf0 | (c >> 18 & 7));
	ret[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	ret[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	ret[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

struct bytes java_text_cut(struct bytes s, size_t from, size_t to)
{
	size_t a = java_text_at(s, from), b = to > from ? a + java_text_at(bytes_of(s.at + a, s.left - a), to - from) : a;

	return bytes_of(s.at + a, b - a);
}

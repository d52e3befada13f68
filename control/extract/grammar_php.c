/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP's serialize(): values with their lengths and counts (ext/standard/var_unserializer.re of PHP 8.2). */
#include "control/extract/serialised.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 64, VALUES_MAX = 4096 };

/* A number behind "X:", and what ends it. */
static bool take_number(struct bytes *b, char end, size_t *ret)
{
	size_t v = 0, i = 0;

	if (i < b->left && b->at[i] == '+')
		i++;
	if (i == b->left || !isdigit(b->at[i]))
		return false;
	for (; i < b->left && isdigit(b->at[i]); i++)
		if ((v = v * 10 + (size_t)(b->at[i] - '0')) > (1u << 24))
			return false;
	if (i == b->left || b->at[i] != (uint8_t)end)
		return false;
	*b = bytes_of(b->at + i + 1, b->left - i - 1);
	*ret = v;
	return true;
}

/* LEN:"…" */
static bool take_string(struct bytes *b, struct bytes *ret)
{
	size_t len;

	if (!take_number(b, ':', &len) || !bytes_take_text(b, "\"") || b->left < len)
		return false;
	*ret = bytes_of(b->at, len);
	*b = bytes_of(b->at + len, b->left - len);
	return bytes_take_text(b, "\"");
}

static bool skip_past(struct bytes *b, uint8_t end)
{
	const uint8_t *at = b->left > 0 ? memchr(b->at, end, b->left < 64 ? b->left : 64) : NULL;

	if (at == NULL)
		return false;
	*b = bytes_of(at + 1, b->left - (size_t)(at + 1 - b->at));
	return true;
}

/* One value's opening. *inner: how many values follow within it before its brace; 0 and *closes false: it was whole. */
static bool take_value(struct bytes *b, size_t *inner, bool *opens, bool *object)
{
	struct bytes name;
	uint8_t type;

	*opens = false;
	*inner = 0;
	if (b->left < 2 || (b->at[1] != ':' && !(b->at[0] == 'N' && b->at[1] == ';')))
		return false;
	type = b->at[0];
	*b = bytes_of(b->at + 2, b->left - 2);
	switch (type) {
	case 'N':
		return true;
	case 'b': case 'i': case 'd': case 'R': case 'r':
		return skip_past(b, ';');
	case 's': case 'S': case 'E':
		*object |= type == 'E';
		return take_string(b, &name) && bytes_take_text(b, ";");
	case 'a':
		*opens = true;
		if (!take_number(b, ':', inner) || !bytes_take_text(b, "{"))
			return false;
		*inner *= 2;
		return true;
	case 'O':
		*opens = true;
		if (!take_string(b, &name) || !bytes_take_text(b, ":") || !take_number(b, ':', inner) || !bytes_take_text(b, "{"))
			return false;
		*object |= !bytes_equal_fold(name, bytes_text("stdClass"));
		*inner *= 2;
		return true;
	case 'C':
		*object = true;
		if (!take_string(b, &name) || !bytes_take_text(b, ":") || !take_number(b, ':', inner) || !bytes_take_text(b, "{") || b->left < *inner)
			return false;
		*b = bytes_of(b->at + *inner, b->left - *inner);
		*inner = 0;
		return bytes_take_text(b, "}");
	default:
		return false;
	}
}

size_t php_object_length(struct bytes b)
{
	size_t left[DEPTH_MAX] = { 1 };
	struct bytes rest = b;
	unsigned depth = 0;
	bool object = false;

	for (unsigned values = 0; values < VALUES_MAX; values++) {
		size_t inner;
		bool opens;

		if (!take_value(&rest, &inner, &opens, &object))
			return 0;
		left[depth]--;
		if (opens) {
			if (depth + 1 == DEPTH_MAX)
				return 0;
			left[++depth] = inner;
		}
		while (depth > 0 && left[depth] == 0) {
			if (!bytes_take_text(&rest, "}"))
				return 0;
			depth--;
		}
		if (depth == 0)
			return object ? b.left - rest.left : 0;
	}
	return 0;
}

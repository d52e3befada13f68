/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ruby's Marshal, version 4.8 (doc/marshal.rdoc of Ruby 3.1): a walk over its values that counts what is still to come. */
#include "control/extract/serialised.h"

#include <string.h>

enum { VALUES_MAX = 16384, PENDING_MAX = 1 << 20 };

/* Marshal's numbers: one byte for small ones, else how many bytes follow. */
static bool take_number(struct bytes *b, long *ret)
{
	int8_t first;
	long v = 0;
	unsigned len;

	if (b->left == 0)
		return false;
	first = (int8_t)b->at[0];
	*b = bytes_of(b->at + 1, b->left - 1);
	if (first == 0 || first > 4 || first < -4) {
		*ret = first == 0 ? 0 : first > 0 ? first - 5 : first + 5;
		return true;
	}
	len = (unsigned)(first > 0 ? first : -first);
	if (b->left < len)
		return false;
	for (unsigned i = 0; i < len; i++)
		v |= (long)b->at[i] << (8 * i);
	if (first < 0)
		v -= 1l << (8 * len);
	*b = bytes_of(b->at + len, b->left - len);
	*ret = v;
	return true;
}

static bool take_run(struct bytes *b)
{
	long len;
	struct bytes run;

	return take_number(b, &len) && len >= 0 && bytes_take(b, (size_t)len, &run) == 0;
}

/* How many values follow the one whose type this is; -1: it cannot be read. */
static long follow(struct bytes *b, uint8_t type, bool *object)
{
	long n = 0;

	switch (type) {
	case '0': case 'T': case 'F':
		return 0;
	case 'i': case ';': case '@':
		return take_number(b, &n) ? 0 : -1;
	case ':': case '"': case 'f': case 'c': case 'm': case 'M':
		return take_run(b) ? 0 : -1;
	case '/': {
		struct bytes options;

		return take_run(b) && bytes_take(b, 1, &options) == 0 ? 0 : -1;
	}
	case 'l': {
		struct bytes sign, digits;

		return bytes_take(b, 1, &sign) == 0 && take_number(b, &n) && n >= 0 && bytes_take(b, (size_t)n * 2, &digits) == 0 ? 0 : -1;
	}
	case '[':
		return take_number(b, &n) && n >= 0 ? n : -1;
	case '{': case '}':
		return take_number(b, &n) && n >= 0 ? n * 2 + (type == '}') : -1;
	case 'I': case 'e': case 'C': case 'U': case 'u': case 'd': case 'o': case 'S':
		*object |= type != 'I' && type != 'C';
		return -2;
	default:
		return -1;
	}
}

size_t marshal_length(struct bytes b)
{
	/* what is to be read, innermost last: so many values, then so many pairs by a count that stands there */
	struct { long values; bool pairs, run; } stack[64];
	unsigned depth = 0;
	struct bytes rest = b;
	bool object = false;

	if (b.left < 4 || b.at[0] != 4 || b.at[1] != 8)
		return 0;
	rest = bytes_of(b.at + 2, b.left - 2);
	stack[0].values = 1;
	stack[0].pairs = stack[0].run = false;
	for (unsigned n = 0; n < VALUES_MAX; n++) {
		uint8_t type;
		long more;

		while (stack[depth].values == 0) {
			long count;

			if (stack[depth].run) {
				stack[depth].run = false;
				if (!take_run(&rest))
					return 0;
			} else if (stack[depth].pairs) {
				stack[depth].pairs = false;
				if (!take_number(&rest, &count) || count < 0 || count > PENDING_MAX)
					return 0;
				stack[depth].values = count * 2;
			} else if (depth == 0) {
				return object ? b.left - rest.left : 0;
			} else {
				depth--;
			}
		}
		stack[depth].values--;
		if (rest.left == 0 || depth + 1 == COUNT_OF(stack))
			return 0;
		type = rest.at[0];
		rest = bytes_of(rest.at + 1, rest.left - 1);
		more = follow(&rest, type, &object);
		if (more == -1 || more > PENDING_MAX)
			return 0;
		if (more == -2) {
			depth++;
			/* a class' name and what stands for the object; names and values of its variables behind that */
			stack[depth].values = type == 'e' || type == 'C' || type == 'U' || type == 'd' ? 2 : 1;
			stack[depth].pairs = type == 'I' || type == 'o' || type == 'S';
			stack[depth].run = type == 'u';
		} else if (more > 0) {
			depth++;
			stack[depth].values = more;
			stack[depth].pairs = stack[depth].run = false;
		}
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters of a query and a form, and headers, out of the bytes of the request. */
#include "emu/expression/request.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { PARAMETERS_MAX = 256 };

struct parts {
	struct bytes query, headers, body;
};

static struct bytes cut(struct bytes *rest, uint8_t at)
{
	const uint8_t *end = rest->left > 0 ? memchr(rest->at, at, rest->left) : NULL;
	size_t len = end != NULL ? (size_t)(end - rest->at) : rest->left;
	struct bytes ret = bytes_of(rest->at, len);

	*rest = bytes_of(rest->at + len + (end != NULL), rest->left - len - (end != NULL));
	return ret;
}

static struct parts parts_of(const struct java_run *run)
{
	struct bytes rest = run->host->request, line = cut(&rest, '\n'), target;
	struct parts p = { .headers = rest };

	(void)cut(&line, ' ');
	target = cut(&line, ' ');
	(void)cut(&target, '?');
	p.query = target;
	while (rest.left > 0) {
		struct bytes header = cut(&rest, '\n');

		if (header.left == 0 || (header.left == 1 && header.at[0] == '\r')) {
			p.headers.left -= rest.left;
			p.body = rest;
			break;
		}
	}
	return p;
}

static struct bytes decoded(struct java_run *run, struct bytes s)
{
	uint8_t *to = java_take(run, s.left + 1);
	size_t used = 0;

	for (size_t i = 0; to != NULL && i < s.left; i++) {
		if (s.at[i] == '%' && i + 2 < s.left && isxdigit(s.at[i + 1]) && isxdigit(s.at[i + 2])) {
			int high = isdigit(s.at[i + 1]) ? s.at[i + 1] - '0' : (s.at[i + 1] | 32) - 'a' + 10;
			int low = isdigit(s.at[i + 2]) ? s.at[i + 2] - '0' : (s.at[i + 2] | 32) - 'a' + 10;

			to[used++] = (uint8_t)(high << 4 | low);
			i += 2;
		} else {
			to[used++] = s.at[i] == '+' ? ' ' : s.at[i];
		}
	}
	return bytes_of(to, used);
}

bool java_request_parameter(struct java_run *run, struct bytes name, struct bytes *ret)
{
	struct parts p = parts_of(run);
	struct bytes forms[] = { p.query, p.body };

	for (size_t f = 0; f < COUNT_OF(forms); f++) {
		for (unsigned n = 0; forms[f].left > 0 && n < PARAMETERS_MAX; n++) {
			struct bytes value = cut(&forms[f], '&'), key = cut(&value, '=');

			if (!bytes_equal(decoded(run, key), name))
				continue;
			*ret = decoded(run, value);
			return ret->at != NULL;
		}
	}
	return false;
}

bool java_request_header(struct java_run *run, struct bytes name, struct bytes *ret)
{
	struct bytes rest = parts_of(run).headers;

	while (rest.left > 0) {
		struct bytes value = cut(&rest, '\n'), key = cut(&value, ':');

		if (!bytes_equal_fold(key, name))
			continue;
		while (value.left > 0 && isspace(value.at[0]))
			value = bytes_of(value.at + 1, value.left - 1);
		while (value.left > 0 && isspace(value.at[value.left - 1]))
			value.left--;
		*ret = value;
		return true;
	}
	return false;
}

int java_request_parameters(struct java_run *run, struct java_value *ret)
{
	struct parts p = parts_of(run);
	struct bytes forms[] = { p.query, p.body };
	struct java_object *map, *array;
	int r = java_make(run, OBJECT_MAP, "java.util.HashMap", &map);

	for (size_t f = 0; f < COUNT_OF(forms) && r == 0; f++) {
		for (unsigned n = 0; forms[f].left > 0 && n < PARAMETERS_MAX && r == 0; n++) {
			struct bytes value = cut(&forms[f], '&'), key = cut(&value, '=');

			if ((r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &array)) == 0 && (r = java_append(run, array, java_string(decoded(run, value)))) == 0)
				r = java_map_put(run, map, java_string(decoded(run, key)), java_object(array));
		}
	}
	*ret = java_object(map);
	return r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PHP's serialize(), read into a graph (ext/standard/var_unserializer.re of PHP 8.2). */
#include "emu/serial/graph.h"

#include <ctype.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

/* What is being read: a value whose members follow, by turns a key and a value. */
struct level {
	struct value *of;
	size_t left;          /* members still to come, keys and values counted apart */
	struct bytes key;
};

static bool take_number(struct bytes *b, uint8_t end, int64_t *ret)
{
	int64_t v = 0;
	size_t i = 0;
	bool minus = b->left > 0 && b->at[0] == '-';

	if (b->left > 0 && (b->at[0] == '-' || b->at[0] == '+'))
		i++;
	for (; i < b->left && isdigit(b->at[i]); i++) {
		if (v > (INT64_MAX >> 8))
			return false;
		v = v * 10 + (b->at[i] - '0');
	}
	if (i == b->left || b->at[i] != end)
		return false;
	*b = bytes_of(b->at + i + 1, b->left - i - 1);
	*ret = minus ? -v : v;
	return true;
}

static bool take_string(struct bytes *b, struct bytes *ret)
{
	int64_t len;

	return take_number(b, ':', &len) && len >= 0 && bytes_take_text(b, "\"") && bytes_take(b, (size_t)len, ret) == 0 &&
	    bytes_take_text(b, "\"");
}

/* The members of what opens here; false: it cannot be read. */
static bool open_members(struct bytes *b, struct level *level)
{
	int64_t count;

	if (!take_number(b, ':', &count) || count < 0 || count > GRAPH_VALUES_MAX || !bytes_take_text(b, "{"))
		return false;
	level->left = (size_t)count * 2;
	return true;
}

/* One value. A container's members are to follow: *inner is set up then. */
static struct value *take_value(struct bytes *b, struct graph *g, struct level *inner)
{
	struct value *v = graph_value(g, VALUE_OTHER);
	uint8_t type;

	inner->of = NULL;
	if (bytes_take_text(b, "N;"))
		return v;
	if (b->left < 2 || b->at[1] != ':')
		return NULL;
	type = b->at[0];
	*b = bytes_of(b->at + 2, b->left - 2);
	if (type == 's' || type == 'S' || type == 'E') {
		v->kind = VALUE_TEXT;
		return take_string(b, &v->text) && bytes_take_text(b, ";") ? v : NULL;
	}
	if (type == 'a') {
		v->kind = VALUE_LIST;
		inner->of = v;
		return open_members(b, inner) ? v : NULL;
	}
	if (type == 'O') {
		v->kind = VALUE_OBJECT;
		inner->of = v;
		return take_string(b, &v->text) && bytes_take_text(b, ":") && open_members(b, inner) ? v : NULL;
	}
	if (type == 'C') {
		v->kind = VALUE_OBJECT;
		return take_string(b, &v->text) && bytes_take_text(b, ":") && take_number(b, ':', &v->number) && v->number >= 0 &&
		    bytes_take_text(b, "{") && bytes_take(b, (size_t)v->number, &v->data) == 0 && bytes_take_text(b, "}") ? v : NULL;
	}
	v->kind = VALUE_NUMBER;
	if (type == 'd') {
		const uint8_t *end = b->left > 0 ? memchr(b->at, ';', b->left) : NULL;

		if (end == NULL)
			return NULL;
		*b = bytes_of(end + 1, b->left - (size_t)(end + 1 - b->at));
		return v;
	}
	return strchr("ibRr", type) != NULL && take_number(b, ';', &v->number) ? v : NULL;
}

/* "\0Class\0name", "\0*\0name": a member that is not public. */
static struct bytes member_name(struct bytes key)
{
	const uint8_t *end = key.left > 1 && key.at[0] == 0 ? memchr(key.at + 1, 0, key.left - 1) : NULL;

	return end == NULL ? key : bytes_of(end + 1, key.left - (size_t)(end + 1 - key.at));
}

bool php_read(struct bytes b, struct graph *g)
{
	struct level levels[DEPTH_MAX] = { { .left = 1 } }, inner = { 0 };
	unsigned depth = 0;

	while (!g->full) {
		struct level *level = &levels[depth];
		struct value *v = take_value(&b, g, &inner);

		if (v == NULL)
			return false;
		if (level->of != NULL && level->left % 2 == 0)
			level->key = v->kind == VALUE_TEXT ? member_name(v->text) : (struct bytes){ 0 };
		else if (level->of != NULL)
			graph_add(g, level->of, level->key, v);
		level->left--;
		if (inner.of != NULL) {
			if (depth + 1 == DEPTH_MAX)
				return false;
			levels[++depth] = inner;
		}
		while (depth > 0 && levels[depth].left == 0) {
			if (!bytes_take_text(&b, "}"))
				return false;
			depth--;
		}
		if (depth == 0)
			return true;
	}
	return false;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ruby's Marshal, version 4.8, read into a graph (doc/marshal.rdoc of Ruby 3.1). Recursion is counted. */
#include "emu/serial/graph.h"

#include <string.h>

enum { DEPTH_MAX = 64, SYMBOLS_MAX = 512 };

struct reader {
	struct bytes in;
	struct graph *graph;
	unsigned depth, symbols_count;
	struct bytes symbols[SYMBOLS_MAX];
};

static struct value *read_value(struct reader *);

static bool take_number(struct bytes *b, long *ret)
{
	uint8_t raw;
	int8_t first;
	long v = 0;
	unsigned len;

	if (bytes_u8(b, &raw) < 0)
		return false;
	first = (int8_t)raw;
	if (first == 0 || first > 4 || first < -4) {
		*ret = first == 0 ? 0 : first > 0 ? first - 5 : first + 5;
		return true;
	}
	len = (unsigned)(first > 0 ? first : -first);
	for (unsigned i = 0; i < len; i++) {
		if (bytes_u8(b, &raw) < 0)
			return false;
		v |= (long)raw << (8 * i);
	}
	*ret = first > 0 ? v : v - (1l << (8 * len));
	return true;
}

static bool take_run(struct reader *r, struct bytes *ret)
{
	long len;

	return take_number(&r->in, &len) && len >= 0 && bytes_take(&r->in, (size_t)len, ret) == 0;
}

/* A symbol, or a reference to one. */
static bool take_symbol(struct reader *r, struct bytes *ret)
{
	uint8_t type;
	long index;

	if (bytes_u8(&r->in, &type) < 0)
		return false;
	if (type == ';') {
		if (!take_number(&r->in, &index) || index < 0 || (unsigned long)index >= r->symbols_count)
			return false;
		*ret = r->symbols[index];
		return true;
	}
	if (type != ':' || !take_run(r, ret))
		return false;
	if (r->symbols_count < SYMBOLS_MAX)
		r->symbols[r->symbols_count++] = *ret;
	return true;
}

static bool read_members(struct reader *r, struct value *of, bool named, long count)
{
	for (long i = 0; i < count; i++) {
		struct bytes name = { 0 };
		struct value *v;

		if (r->graph->full || (named && !take_symbol(r, &name)) || (v = read_value(r)) == NULL)
			return false;
		if (name.left > 0 && name.at[0] == '@')
			name = bytes_of(name.at + 1, name.left - 1);
		graph_add(r->graph, of, name, v);
	}
	return true;
}

static struct value *read_container(struct reader *r, uint8_t type)
{
	struct value *v = graph_value(r->graph, type == 'o' || type == 'S' ? VALUE_OBJECT : VALUE_LIST);
	bool named = type == 'o' || type == 'S';
	long count;

	if (named && !take_symbol(r, &v->text))
		return NULL;
	if (!take_number(&r->in, &count) || count < 0 || count > GRAPH_VALUES_MAX)
		return NULL;
	if (!read_members(r, v, named, type == '{' || type == '}' ? count * 2 : count))
		return NULL;
	return type != '}' || read_value(r) != NULL ? v : NULL;
}

/* An object that another wraps: instance variables, a class of its own, what its methods wrote. */
static struct value *read_wrapped(struct reader *r, uint8_t type)
{
	struct value *v, *outer;
	long count;

	if (type == 'I') {
		if ((v = read_value(r)) == NULL || !take_number(&r->in, &count) || count < 0)
			return NULL;
		outer = graph_value(r->graph, VALUE_OTHER); /* an encoding and the like: of no use */
		return read_members(r, outer, true, count) ? v : NULL;
	}
	outer = graph_value(r->graph, VALUE_OBJECT);
	if (!take_symbol(r, &outer->text))
		return NULL;
	if (type == 'u') {
		v = graph_value(r->graph, VALUE_BYTES);
		if (!take_run(r, &v->text))
			return NULL;
	} else if ((v = read_value(r)) == NULL) {
		return NULL;
	}
	graph_add(r->graph, outer, (struct bytes){ 0 }, v);
	return outer;
}

static struct value *read_plain(struct reader *r, uint8_t type)
{
	struct value *v = graph_value(r->graph, VALUE_OTHER);
	struct bytes skipped;
	long n;

	switch (type) {
	case '0': case 'T': case 'F':
		return v;
	case 'i': case '@':
		v->kind = VALUE_NUMBER;
		return take_number(&r->in, &n) ? v : NULL;
	case ':': case ';':
		v->kind = VALUE_CLASS;
		r->in = bytes_of(r->in.at - 1, r->in.left + 1);
		return take_symbol(r, &v->text) ? v : NULL;
	case '"':
		v->kind = VALUE_TEXT;
		return take_run(r, &v->text) ? v : NULL;
	case 'c': case 'm': case 'M':
		v->kind = VALUE_CLASS;
		return take_run(r, &v->text) ? v : NULL;
	case 'f':
		return take_run(r, &skipped) ? v : NULL;
	case '/':
		return take_run(r, &skipped) && bytes_take(&r->in, 1, &skipped) == 0 ? v : NULL;
	case 'l':
		return bytes_take(&r->in, 1, &skipped) == 0 && take_number(&r->in, &n) && n >= 0 &&
		    bytes_take(&r->in, (size_t)n * 2, &skipped) == 0 ? v : NULL;
	default:
		return NULL;
	}
}

static struct value *read_value(struct reader *r)
{
	struct value *v;
	uint8_t type;

	if (r->depth == DEPTH_MAX || r->graph->full || bytes_u8(&r->in, &type) < 0)
		return NULL;
	r->depth++;
	if (memchr("[{}oS", type, 5) != NULL)
		v = read_container(r, type);
	else if (memchr("IeCUud", type, 6) != NULL)
		v = read_wrapped(r, type);
	else
		v = read_plain(r, type);
	r->depth--;
	return v;
}

bool marshal_read(struct bytes b, struct graph *g)
{
	struct reader r = { .graph = g };

	if (b.left < 3 || b.at[0] != 4 || b.at[1] != 8)
		return false;
	r.in = bytes_of(b.at + 2, b.left - 2);
	return read_value(&r) != NULL;
}

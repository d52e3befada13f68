/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Java's object streams, read into a graph (Java Object Serialization Specification, chapter 6). Recursion is counted. */
#include "emu/serial/graph.h"

#include <stdalign.h>
#include <string.h>

enum { HANDLES_MAX = 4096, CLASSES_MAX = 256, FIELDS_MAX = 2048, DEPTH_MAX = 96, BASE_HANDLE = 0x7e0000 };
enum {
	TC_NULL = 0x70, TC_REFERENCE, TC_CLASSDESC, TC_OBJECT, TC_STRING, TC_ARRAY, TC_CLASS, TC_BLOCKDATA, TC_ENDBLOCKDATA,
	TC_RESET, TC_BLOCKDATALONG, TC_EXCEPTION, TC_LONGSTRING, TC_PROXYCLASSDESC, TC_ENUM,
};
enum { SC_WRITE_METHOD = 1, SC_SERIALIZABLE = 2, SC_EXTERNALIZABLE = 4, SC_BLOCK_DATA = 8 };

struct field {
	uint8_t type;
	struct bytes name;
};
struct class {
	struct bytes name;
	uint8_t flags;
	unsigned first_field, fields;
	int super;              /* index; -1: none */
};
struct handle {
	struct value *value;    /* NULL: a class */
	int class;
};
struct reader {
	struct bytes in;
	struct graph *graph;
	unsigned depth, handles_count, classes_count, fields_count;
	struct handle handles[HANDLES_MAX];
	struct class classes[CLASSES_MAX];
	struct field fields[FIELDS_MAX];
};

static bool read_content(struct reader *, struct value **ret);

static bool take_utf(struct reader *r, struct bytes *ret)
{
	uint16_t len;

	return bytes_u16be(&r->in, &len) == 0 && bytes_take(&r->in, len, ret) == 0;
}

static bool new_handle(struct reader *r, struct value *v, int class)
{
	if (r->handles_count == HANDLES_MAX)
		return false;
	r->handles[r->handles_count++] = (struct handle){ v, class };
	return true;
}

/* Contents up to the mark of their end; what is in them belongs to the object (NULL: to nobody). */
static bool read_annotation(struct reader *r, struct value *of)
{
	while (r->in.left > 0) {
		struct value *v = NULL;

		if (r->in.at[0] == TC_ENDBLOCKDATA) {
			r->in = bytes_of(r->in.at + 1, r->in.left - 1);
			return true;
		}
		if (!read_content(r, &v))
			return false;
		if (of == NULL || v == NULL)
			continue;
		if (v->kind == VALUE_OTHER && v->data.left > 0 && of->data.left == 0)
			of->data = v->data;
		graph_add(r->graph, of, (struct bytes){ 0 }, v);
	}
	return false;
}

static bool read_fields(struct reader *r, struct class *c)
{
	uint16_t count;

	if (bytes_u16be(&r->in, &count) < 0 || count > FIELDS_MAX - r->fields_count)
		return false;
	c->first_field = r->fields_count;
	c->fields = count;
	r->fields_count += count;
	for (unsigned i = 0; i < count; i++) {
		struct field *f = &r->fields[c->first_field + i];
		struct value *type;

		if (bytes_u8(&r->in, &f->type) < 0 || !take_utf(r, &f->name))
			return false;
		if ((f->type == '[' || f->type == 'L') && !read_content(r, &type))
			return false;
	}
	return true;
}

static bool read_class(struct reader *r, int *ret);

static bool read_new_class(struct reader *r, bool proxy, int *ret)
{
	struct class *c = &r->classes[r->classes_count];
	int index = (int)r->classes_count, super;
	struct bytes skipped;
	uint32_t count = 0;

	if (r->classes_count == CLASSES_MAX)
		return false;
	r->classes_count++;
	*c = (struct class){ .super = -1, .flags = SC_SERIALIZABLE };
	if (!proxy && (!take_utf(r, &c->name) || bytes_take(&r->in, 8, &skipped) < 0))
		return false;
	if (!new_handle(r, NULL, index))
		return false;
	if (proxy && bytes_u32be(&r->in, &count) < 0)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!take_utf(r, &c->name))
			return false;
	if (!proxy && (bytes_u8(&r->in, &c->flags) < 0 || !read_fields(r, c)))
		return false;
	if (!read_annotation(r, NULL) || !read_class(r, &super))
		return false;
	c->super = super;
	*ret = index;
	return true;
}

/* A class' description; -1 for none. */
static bool read_class(struct reader *r, int *ret)
{
	uint8_t tag;
	uint32_t handle;

	if (r->depth == DEPTH_MAX || bytes_u8(&r->in, &tag) < 0)
		return false;
	*ret = -1;
	if (tag == TC_NULL)
		return true;
	if (tag == TC_REFERENCE) {
		if (bytes_u32be(&r->in, &handle) < 0 || handle - BASE_HANDLE >= r->handles_count)
			return false;
		*ret = r->handles[handle - BASE_HANDLE].class;
		return r->handles[handle - BASE_HANDLE].value == NULL;
	}
	if (tag == TC_CLASSDESC || tag == TC_PROXYCLASSDESC) {
		bool read;

		r->depth++;
		read = read_new_class(r, tag == TC_PROXYCLASSDESC, ret);
		r->depth--;
		return read;
	}
	return false;
}

/* A value of a primitive type, big-endian; real numbers by their bits. */
static bool take_primitive(struct reader *r, uint8_t type, int64_t *ret)
{
	unsigned len = type == 'B' || type == 'Z' ? 1 : type == 'C' || type == 'S' ? 2 : type == 'I' || type == 'F' ? 4 : 8;
	struct bytes raw;
	uint64_t v = 0;

	if (memchr("BZCSIFJD", type, 8) == NULL || bytes_take(&r->in, len, &raw) < 0)
		return false;
	for (unsigned i = 0; i < len; i++)
		v = v << 8 | raw.at[i];
	*ret = (int64_t)v;
	return true;
}

static bool read_typed(struct reader *r, uint8_t type, struct value **ret)
{
	struct value *v;

	if (type == 'L' || type == '[')
		return read_content(r, ret);
	v = graph_value(r->graph, VALUE_NUMBER);
	*ret = v;
	return take_primitive(r, type, &v->number);
}

static bool read_class_data(struct reader *r, const struct class *c, struct value *of)
{
	if (c->flags & SC_SERIALIZABLE) {
		for (unsigned i = 0; i < c->fields; i++) {
			const struct field *f = &r->fields[c->first_field + i];
			struct value *v = NULL;

			if (!read_typed(r, f->type, &v))
				return false;
			if (v != NULL)
				graph_add(r->graph, of, f->name, v);
		}
		return !(c->flags & SC_WRITE_METHOD) || read_annotation(r, of);
	}
	if (c->flags & SC_EXTERNALIZABLE)
		return (c->flags & SC_BLOCK_DATA) != 0 && read_annotation(r, of);
	return true;
}

/* An object's data stand from its highest class down. */
static bool read_object(struct reader *r, struct value **ret)
{
	int chain[32], class;
	unsigned n = 0;
	struct value *v = graph_value(r->graph, VALUE_OBJECT);

	*ret = v;
	if (!read_class(r, &class) || class < 0 || !new_handle(r, v, -1))
		return false;
	v->text = r->classes[class].name;
	for (; class >= 0 && n < COUNT_OF(chain); class = r->classes[class].super)
		chain[n++] = class;
	while (n-- > 0)
		if (!read_class_data(r, &r->classes[chain[n]], v))
			return false;
	return true;
}

static bool read_array(struct reader *r, struct value **ret)
{
	struct value *v = graph_value(r->graph, VALUE_LIST);
	struct bytes name;
	uint32_t count;
	int class;

	*ret = v;
	if (!read_class(r, &class) || class < 0 || !new_handle(r, v, -1) || bytes_u32be(&r->in, &count) < 0)
		return false;
	name = r->classes[class].name;
	if (name.left < 2 || name.at[0] != '[')
		return false;
	if (name.at[1] == 'B') {
		v->kind = VALUE_BYTES;
		return bytes_take(&r->in, count, &v->text) == 0;
	}
	for (uint32_t i = 0; i < count; i++) {
		struct value *member = NULL;

		if (r->graph->full || !read_typed(r, name.at[1], &member))
			return false;
		if (member != NULL)
			graph_add(r->graph, v, (struct bytes){ 0 }, member);
	}
	return true;
}

static bool read_string(struct reader *r, bool longer, struct value **ret)
{
	struct value *v = graph_value(r->graph, VALUE_TEXT);
	uint32_t high, len;

	*ret = v;
	if (!new_handle(r, v, -1))
		return false;
	if (!longer)
		return take_utf(r, &v->text);
	return bytes_u32be(&r->in, &high) == 0 && high == 0 && bytes_u32be(&r->in, &len) == 0 && bytes_take(&r->in, len, &v->text) == 0;
}

static bool read_block(struct reader *r, bool longer, struct value **ret)
{
	struct value *v = graph_value(r->graph, VALUE_OTHER);
	uint32_t len;
	uint8_t brief;

	*ret = v;
	if (longer)
		return bytes_u32be(&r->in, &len) == 0 && bytes_take(&r->in, len, &v->data) == 0;
	return bytes_u8(&r->in, &brief) == 0 && bytes_take(&r->in, brief, &v->data) == 0;
}

static bool read_reference(struct reader *r, struct value **ret)
{
	uint32_t handle;

	if (bytes_u32be(&r->in, &handle) < 0 || handle - BASE_HANDLE >= r->handles_count)
		return false;
	*ret = r->handles[handle - BASE_HANDLE].value;
	return true;
}

static bool read_tagged(struct reader *r, uint8_t tag, struct value **ret)
{
	struct value *name;
	int class;

	switch (tag) {
	case TC_NULL:
		return true;
	case TC_REFERENCE:
		return read_reference(r, ret);
	case TC_OBJECT:
		return read_object(r, ret);
	case TC_ARRAY:
		return read_array(r, ret);
	case TC_STRING: case TC_LONGSTRING:
		return read_string(r, tag == TC_LONGSTRING, ret);
	case TC_BLOCKDATA: case TC_BLOCKDATALONG:
		return read_block(r, tag == TC_BLOCKDATALONG, ret);
	case TC_CLASS:
		*ret = graph_value(r->graph, VALUE_CLASS);
		if (!read_class(r, &class) || class < 0)
			return false;
		(*ret)->text = r->classes[class].name;
		return new_handle(r, *ret, -1);
	case TC_ENUM:
		*ret = graph_value(r->graph, VALUE_OTHER);
		return read_class(r, &class) && new_handle(r, *ret, -1) && read_content(r, &name);
	case TC_RESET:
		r->handles_count = 0;
		return true;
	default:
		return false;
	}
}

/* What the tag that comes next says; *ret stays NULL for what is nothing. */
static bool read_content(struct reader *r, struct value **ret)
{
	bool read;
	uint8_t tag;

	if (r->depth == DEPTH_MAX || r->graph->full || r->in.left == 0)
		return false;
	tag = r->in.at[0];
	r->depth++;
	*ret = NULL;
	if (tag == TC_CLASSDESC || tag == TC_PROXYCLASSDESC) {
		int class;

		read = read_class(r, &class);
	} else {
		r->in = bytes_of(r->in.at + 1, r->in.left - 1);
		read = read_tagged(r, tag, ret);
	}
	r->depth--;
	return read;
}

bool java_read(struct bytes b, struct graph *g)
{
	uint8_t *room = graph_take(g, sizeof(struct reader) + alignof(struct reader));
	struct reader *r;
	struct value *v;

	if (room == NULL || b.left < 5 || b.at[0] != 0xac || b.at[1] != 0xed)
		return false;
	room += (alignof(struct reader) - (uintptr_t)room % alignof(struct reader)) % alignof(struct reader);
	r = (struct reader *)(void *)room;
	r->in = bytes_of(b.at + 4, b.left - 4);
	r->graph = g;
	r->depth = r->handles_count = r->classes_count = r->fields_count = 0;
	while (r->in.left > 0)
		if (!read_content(r, &v))
			return false;
	return true;
}

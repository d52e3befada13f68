/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A Java class given as bytes (Java Virtual Machine Specification, chapters 4 and 6): each method's code is walked once,
 * and the texts loaded before a call that starts a program, or contacts a host, are what it is called with.
 */
#include "emu/serial/graph.h"

#include <string.h>

enum { POOL_MAX = 4096, TEXTS_MAX = 16, STEPS_MAX = 65536 };
enum { CONSTANT_UTF8 = 1, CONSTANT_CLASS = 7, CONSTANT_STRING = 8, CONSTANT_METHOD = 10, CONSTANT_NAME_AND_TYPE = 12 };

struct constant {
	uint8_t tag;
	uint16_t a, b;
	struct bytes text;
};
struct class_file {
	struct bytes in;
	unsigned count;
	struct constant pool[POOL_MAX];
};

/* How many bytes follow each instruction; the two switches and wide are told apart. */
static unsigned operands(uint8_t code)
{
	static const struct { uint8_t from, to, len; } rows[] = {
		{ 0x10, 0x10, 1 }, { 0x11, 0x11, 2 }, { 0x12, 0x12, 1 }, { 0x13, 0x14, 2 }, { 0x15, 0x19, 1 }, { 0x36, 0x3a, 1 },
		{ 0x84, 0x84, 2 }, { 0x99, 0xa8, 2 }, { 0xa9, 0xa9, 1 }, { 0xb2, 0xb8, 2 }, { 0xb9, 0xba, 4 }, { 0xbb, 0xbb, 2 },
		{ 0xbc, 0xbc, 1 }, { 0xbd, 0xbd, 2 }, { 0xc0, 0xc1, 2 }, { 0xc5, 0xc5, 3 }, { 0xc6, 0xc7, 2 }, { 0xc8, 0xc9, 4 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (code >= rows[i].from && code <= rows[i].to)
			return rows[i].len;
	return 0;
}

static bool read_constant(struct class_file *f, unsigned *index)
{
	struct constant *c = &f->pool[*index];
	static const uint8_t lengths[] = { [3] = 4, [4] = 4, [5] = 8, [6] = 8, [15] = 3, [16] = 2, [17] = 4, [18] = 4, [19] = 2, [20] = 2 };
	struct bytes skipped;
	uint16_t len;

	if (bytes_u8(&f->in, &c->tag) < 0)
		return false;
	if (c->tag == CONSTANT_UTF8)
		return bytes_u16be(&f->in, &len) == 0 && bytes_take(&f->in, len, &c->text) == 0;
	if (c->tag == CONSTANT_CLASS || c->tag == CONSTANT_STRING)
		return bytes_u16be(&f->in, &c->a) == 0;
	if (c->tag >= 9 && c->tag <= CONSTANT_NAME_AND_TYPE)
		return bytes_u16be(&f->in, &c->a) == 0 && bytes_u16be(&f->in, &c->b) == 0;
	if (c->tag >= sizeof(lengths) || lengths[c->tag] == 0)
		return false;
	*index += c->tag == 5 || c->tag == 6; /* they take two places */
	return bytes_take(&f->in, lengths[c->tag], &skipped) == 0;
}

static struct bytes utf8_at(const struct class_file *f, unsigned index)
{
	return index < f->count && f->pool[index].tag == CONSTANT_UTF8 ? f->pool[index].text : (struct bytes){ 0 };
}

static const struct constant *constant_at(const struct class_file *f, unsigned index, uint8_t tag)
{
	return index < f->count && f->pool[index].tag == tag ? &f->pool[index] : NULL;
}

/* The class' and the method's name that an instruction calls. */
static bool called(const struct class_file *f, unsigned index, struct bytes *class, struct bytes *name)
{
	const struct constant *m = index < f->count && f->pool[index].tag >= 10 && f->pool[index].tag <= 11 ? &f->pool[index] : NULL;
	const struct constant *c = m != NULL ? constant_at(f, m->a, CONSTANT_CLASS) : NULL;
	const struct constant *n = m != NULL ? constant_at(f, m->b, CONSTANT_NAME_AND_TYPE) : NULL;

	if (c == NULL || n == NULL)
		return false;
	*class = utf8_at(f, c->a);
	*name = utf8_at(f, n->a);
	return true;
}

/* What the texts loaded so far are given to. */
static void call(const struct class_file *f, unsigned index, const struct bytes *texts, unsigned count, bool array,
    struct serial_result *ret)
{
	static const char *const starts[][2] = { { "java/lang/Runtime", "exec" }, { "java/lang/ProcessBuilder", "<init>" } };
	static const char *const hosts[][2] = { { "java/net/InetAddress", "getByName" }, { "java/net/Socket", "<init>" } };
	struct bytes class, name;

	if (count == 0 || !called(f, index, &class, &name))
		return;
	for (size_t i = 0; i < COUNT_OF(starts); i++)
		if (bytes_equal(class, bytes_text(starts[i][0])) && bytes_equal(name, bytes_text(starts[i][1])))
			effect_program(ret, array || i > 0 ? texts : &texts[count - 1], array || i > 0 ? count : 1, !array && i == 0, class);
	if (bytes_equal(class, bytes_text(hosts[0][0])) && bytes_equal(name, bytes_text(hosts[0][1])))
		effect_add(ret, SERIAL_DNS, LANGUAGE_AUTO, texts[count - 1], false, class);
	if (bytes_equal(class, bytes_text("java/net/URL")) && bytes_equal(name, bytes_text("<init>")))
		(void)effect_url(ret, texts[count - 1], true, class);
}

static void walk(const struct class_file *f, struct bytes code, struct serial_result *ret)
{
	struct bytes texts[TEXTS_MAX];
	unsigned count = 0;
	bool array = false;

	for (size_t i = 0, steps = 0; i < code.left && steps < STEPS_MAX; steps++) {
		uint8_t op = code.at[i];
		unsigned len = operands(op), index = 0;
		const struct constant *c;

		if (op == 0xaa || op == 0xab || op == 0xc4 || i + len >= code.left)
			return; /* code of an attack is straight; the rest of a method with a switch is not looked at */
		for (unsigned k = 0; k < len && k < 2; k++)
			index = index << 8 | code.at[i + 1 + k];
		c = op == 0x12 || op == 0x13 ? constant_at(f, index, CONSTANT_STRING) : NULL;
		if (c != NULL && count < TEXTS_MAX)
			texts[count++] = utf8_at(f, c->a);
		if (op == 0xbd) {
			array = true;
			count = 0;
		}
		if (op >= 0xb6 && op <= 0xb9) {
			struct bytes class, name;

			call(f, index, texts, count, array, ret);
			if (called(f, index, &class, &name) && !bytes_equal(name, bytes_text("getRuntime"))) {
				count = 0;
				array = false;
			}
		}
		i += 1 + len;
	}
}

static bool skip_attributes(struct class_file *f, bool of_method, struct serial_result *ret)
{
	uint16_t count;

	if (bytes_u16be(&f->in, &count) < 0)
		return false;
	for (unsigned i = 0; i < count; i++) {
		struct bytes body, head, code;
		uint16_t name;
		uint32_t len;

		if (bytes_u16be(&f->in, &name) < 0 || bytes_u32be(&f->in, &len) < 0 || bytes_take(&f->in, len, &body) < 0)
			return false;
		if (of_method && bytes_equal(utf8_at(f, name), bytes_text("Code")) && bytes_take(&body, 4, &head) == 0 &&
		    bytes_u32be(&body, &len) == 0 && bytes_take(&body, len, &code) == 0)
			walk(f, code, ret);
	}
	return true;
}

static bool read_members(struct class_file *f, bool methods, struct serial_result *ret)
{
	struct bytes head;
	uint16_t count;

	if (bytes_u16be(&f->in, &count) < 0)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (bytes_take(&f->in, 6, &head) < 0 || !skip_attributes(f, methods, ret))
			return false;
	return true;
}

void class_commands(struct bytes file, struct serial_result *ret)
{
	static const uint8_t magic[] = { 0xca, 0xfe, 0xba, 0xbe };
	struct class_file f = { .in = file };
	struct bytes head, interfaces;
	uint16_t count;

	if (file.left < sizeof(magic) || memcmp(file.at, magic, sizeof(magic)) != 0)
		return;
	if (bytes_take(&f.in, 8, &head) < 0 || bytes_u16be(&f.in, &count) < 0 || count > POOL_MAX)
		return;
	f.count = count;
	for (unsigned i = 1; i < count; i++)
		if (!read_constant(&f, &i))
			return;
	if (bytes_take(&f.in, 6, &head) < 0 || bytes_u16be(&f.in, &count) < 0 || bytes_take(&f.in, (size_t)count * 2, &interfaces) < 0)
		return;
	if (read_members(&f, false, ret))
		(void)read_members(&f, true, ret);
}

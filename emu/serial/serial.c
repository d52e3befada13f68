/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each format to its reader, and what it read to those who know what that does. */
#include "emu/serial/serial.h"

#include "emu/serial/graph.h"

#include <string.h>

enum { NESTED_MAX = 4 };

/* A stream of Java's that an object of another holds, as bytes: read into the same graph, so that its objects are seen. */
static void read_nested(struct graph *g)
{
	unsigned nested = 0;

	for (unsigned i = 0; i < g->values_count && nested < NESTED_MAX; i++) {
		const struct value *v = &g->values[i];

		if (v->kind != VALUE_BYTES || v->text.left < 6 || v->text.at[0] != 0xac || v->text.at[1] != 0xed)
			continue;
		nested++;
		(void)java_read(v->text, g);
	}
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "…:aced0005…": a stream written in hexadecimal digits in a text of an object. */
static void read_written(struct graph *g, struct bytes text)
{
	static const char *const magics[] = { "aced0005", "ACED0005" };

	for (size_t m = 0; m < COUNT_OF(magics); m++) {
		ptrdiff_t at = bytes_find(text, bytes_text(magics[m]));
		uint8_t *to = at >= 0 ? graph_take(g, (text.left - (size_t)at) / 2) : NULL;
		size_t len = 0;

		if (to == NULL)
			continue;
		for (size_t i = (size_t)at; i + 1 < text.left; i += 2) {
			int high = digit(text.at[i]), low = digit(text.at[i + 1]);

			if (high < 0 || low < 0)
				break;
			to[len++] = (uint8_t)(high << 4 | low);
		}
		(void)java_read(bytes_of(to, len), g);
		return;
	}
}

static void evaluate_java(struct bytes object, struct graph *g, struct serial_result *ret)
{
	if (object.left > 1 && object.at[0] == 0xac && object.at[1] == 0xed) {
		/* what stands before a break is read by a victim, too */
		(void)java_read(object, g);
		ret->read = g->values_count > 0;
		read_nested(g);
		for (unsigned i = 0; i < g->values_count; i++)
			if (g->values[i].kind == VALUE_TEXT)
				read_written(g, g->values[i].text);
	} else {
		ret->read = true;
		markup_java(object, ret);
		read_written(g, object);
	}
	gadgets_java(g, ret);
}

size_t serial_room(void)
{
	return sizeof(struct graph);
}

void serial_evaluate(enum language format, struct bytes object, void *room, struct serial_result *ret)
{
	struct graph *g = room;

	ret->read = false;
	ret->effects_count = ret->effects_left = 0;
	ret->used = 0;
	graph_clear(g);
	switch (format) {
	case LANGUAGE_PHP_OBJECT:
		ret->read = php_read(object, g);
		gadgets_application(g, LANGUAGE_PHP, ret);
		break;
	case LANGUAGE_RUBY_OBJECT:
		ret->read = marshal_read(object, g);
		gadgets_application(g, LANGUAGE_RUBY, ret);
		break;
	case LANGUAGE_DOTNET_OBJECT:
		ret->read = true;
		if (object.left > 0 && object.at[0] == 0)
			dotnet_read(object, ret);
		else
			markup_dotnet(object, ret);
		break;
	case LANGUAGE_JAVA_OBJECT:
	case LANGUAGE_YAML:
		evaluate_java(object, g, ret);
		break;
	default:
		break;
	}
}

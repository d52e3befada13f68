/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Objects as a serialised form has them, of whatever language: values, and the fields that lead from one to another. */
#ifndef EMU_SERIAL_GRAPH_H
#define EMU_SERIAL_GRAPH_H

#include "emu/serial/serial.h"

enum { GRAPH_VALUES_MAX = 8192, GRAPH_EDGES_MAX = 16384, GRAPH_TEXT_MAX = 512 << 10 };

enum value_kind { VALUE_OTHER, VALUE_NUMBER, VALUE_TEXT, VALUE_BYTES, VALUE_CLASS, VALUE_LIST, VALUE_OBJECT };

struct value;
struct edge {
	struct bytes name;     /* of the field; "" in a list */
	struct value *to;
	struct edge *next;
};
struct value {
	enum value_kind kind;
	struct bytes text;     /* of a text, of bytes; the name of a class (of an object, too) */
	int64_t number;
	struct edge *first, *last;
	struct bytes data;     /* what an object wrote about itself beyond its fields */
};

struct graph {
	unsigned values_count, edges_count;
	bool full;
	size_t text_used;
	struct value values[GRAPH_VALUES_MAX];
	struct edge edges[GRAPH_EDGES_MAX];
	uint8_t text[GRAPH_TEXT_MAX]; /* what a reader had to put together */
};

void graph_clear(struct graph *);
/* A new value; never NULL: at the bound the graph is full, and the last one is lent again. */
struct value *graph_value(struct graph *, enum value_kind);
void graph_add(struct graph *, struct value *from, struct bytes name, struct value *to);
/* Memory of the graph; NULL at the bound. */
uint8_t *graph_take(struct graph *, size_t len);
/* The field of that name; NULL: none. */
struct value *graph_field(const struct value *, const char *name);

/* Readers: each fills the graph as far as it can, and says whether the whole was read. */
bool php_read(struct bytes, struct graph *);
bool java_read(struct bytes, struct graph *);
bool marshal_read(struct bytes, struct graph *);

/* What is done: puts an effect into the result, once. from: the object, for its class. */
void effect_add(struct serial_result *, enum serial_kind, enum language, struct bytes text, bool guessed, struct bytes class_name);
/* A program and its words, as a command line of the shell, or of Windows where the program is one of Windows'. */
void effect_program(struct serial_result *, const struct bytes *words, unsigned count, bool split, struct bytes class_name);
/* A URL or an address that stands in a text by itself: looked up, fetched. False: it is none. */
bool effect_url(struct serial_result *, struct bytes text, bool guessed, struct bytes class_name);

void gadgets_java(const struct graph *, struct serial_result *);
void gadgets_application(const struct graph *, enum language of, struct serial_result *);
/* The commands that a Java class' code hands to a runtime. */
void class_commands(struct bytes file, struct serial_result *);
void markup_java(struct bytes text, struct serial_result *);
void markup_dotnet(struct bytes text, struct serial_result *);
void dotnet_read(struct bytes, struct serial_result *);

#endif

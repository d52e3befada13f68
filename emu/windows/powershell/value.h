/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of PowerShell: strings of UTF-16 units, numbers, lists, tables, script blocks and objects. In the run's heap. */
#ifndef EMU_WINDOWS_POWERSHELL_VALUE_H
#define EMU_WINDOWS_POWERSHELL_VALUE_H

#include "emu/windows/host/host.h"

enum {
	STRING_MAX = 1 << 20,     /* units of one string; more is STOPPED_MEMORY */
	LIST_MAX = 1 << 18,       /* elements of one list */
};

enum value_kind {
	V_NULL, V_BOOL, V_CHAR, V_BYTE, V_INT, V_LONG, V_DOUBLE, V_STRING, V_LIST, V_TABLE, V_BLOCK, V_TYPE, V_OBJECT,
	V_UNKNOWN,                /* what nobody here can know: whatever is done with it is unknown too */
};

struct string { const uint16_t *at; uint32_t len; bool foreign; };

struct list;
struct table;
struct block;
struct object;

struct value {
	enum value_kind kind;
	union {
		bool truth;
		int64_t number;       /* char, byte, int, long */
		double real;
		const struct string *string;
		struct list *list;
		struct table *table;
		const struct block *block;
		struct object *object;
		const char *type;     /* its full name in small letters, "system." left out */
	};
};

struct list {
	struct heap *heap;
	struct value *at;
	unsigned count, room;
	enum value_kind of;       /* V_BYTE, V_CHAR, … of an array of these; V_NULL: of anything */
	bool grows;               /* an ArrayList */
	bool foreign;             /* bytes from the network */
};

struct row { const struct string *key; uint32_t hash; struct value value; };
struct table {
	struct heap *heap;
	struct row *rows;
	unsigned count, room;
	uint32_t *places;         /* of many rows: by hash, the row's number and one; 0: none */
	uint32_t places_count;    /* a power of two, at least twice the rows */
};

struct session;
/* What an object can do. Each may be NULL. False: it has no such member. */
struct class {
	const char *name;         /* as GetType() tells it */
	bool (*get)(struct session *, struct object *, const char *name, struct value *ret);
	bool (*set)(struct session *, struct object *, const char *name, const struct value *);
	bool (*call)(struct session *, struct object *, const char *name, const struct list *args, struct value *ret);
};
struct object {
	const struct class *class;
	struct table *properties; /* that anything may set */
	void *state;
};

struct string *string_of(struct heap *, const uint16_t *at, size_t len);
struct string *string_utf8(struct heap *, struct bytes);   /* wrong bytes become U+FFFD */
struct string *string_text(struct heap *, const char *);
struct string *string_join(struct heap *, const struct string *, const struct string *);
struct string *string_part(struct heap *, const struct string *, size_t from, size_t len);
char *string_to_utf8(struct heap *, const struct string *);
struct bytes string_bytes(struct heap *, const struct string *); /* UTF-8 */
bool string_is(const struct string *, const char *ascii);  /* ASCII case folded */
int string_compare(const struct string *, const struct string *, bool folded);
int64_t string_find(const struct string *hay, const struct string *needle, size_t from, bool folded); /* or -1 */

/* Units that grow. */
struct units { struct heap *heap; uint16_t *at; size_t len, room; bool foreign; };
struct units units_in(struct heap *);
void units_put(struct units *, uint16_t);
void units_add(struct units *, const struct string *);
void units_text(struct units *, const char *);
struct string *units_string(struct units *);

struct list *list_new(struct heap *, unsigned room);
void list_add(struct list *, struct value);
struct table *table_new(struct heap *);
struct value *table_find(const struct table *, const struct string *key);
struct value *table_at(const struct table *, const char *key);
void table_set(struct table *, const struct string *key, struct value);
void table_put(struct table *, const char *key, struct value);
bool table_remove(struct table *, const struct string *key);

struct value v_null(void);
struct value v_bool(bool);
struct value v_int(int64_t);      /* int, or long where it does not fit */
struct value v_number(enum value_kind, int64_t);
struct value v_double(double);
struct value v_string(const struct string *);
struct value v_text(struct heap *, const char *);
struct value v_list(struct list *);
struct value v_bytes(struct heap *, struct bytes);
struct value v_object(struct heap *, const struct class *, void *state);
struct value v_unknown(void);

/* Conversions as PowerShell makes them of itself. */
bool value_truth(const struct value *);
const struct string *value_string(struct session *, const struct value *);
char *value_utf8(struct session *, const struct value *);
bool value_is_number(const struct value *);
/* To a number (V_INT, V_LONG or V_DOUBLE). False: it is none. */
bool value_number(struct session *, const struct value *, struct value *ret);
int64_t value_int(struct session *, const struct value *); /* 0 where it is none */
/* The bytes of a byte array or of what converts to one. */
struct bytes value_bytes(struct session *, const struct value *);
bool value_is_foreign(const struct value *);
/* A list of it: a list's elements, nothing of $null, else itself. Borrowed where it is one. */
struct list *value_list(struct session *, const struct value *);
const char *value_type(const struct value *); /* "Int32" */

#endif

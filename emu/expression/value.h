/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Java's values and objects, and what one evaluation shares. */
#ifndef EMU_EXPRESSION_VALUE_H
#define EMU_EXPRESSION_VALUE_H

#include "emu/expression/expression.h"
#include "emu/sql/decimal.h"

enum {
	STEPS_MAX = 200000,         /* nodes evaluated in one run: loops of attacks take some thousands */
	CALLS_MAX = 48,             /* functions inside each other */
	STRING_MAX = 1 << 20,       /* bytes of one string */
	ITEMS_MAX = 65536,          /* of one list, map or array */
	RUN_MEMORY_MAX = 24 << 20,  /* bytes of the arena that one run takes */
};

/* The order of numbers is that of their ranks. */
enum java_kind {
	JAVA_NULL, JAVA_VOID, JAVA_BOOLEAN, JAVA_CHAR, JAVA_BYTE, JAVA_SHORT, JAVA_INT, JAVA_LONG, JAVA_BIG /* BigInteger */,
	JAVA_FLOAT, JAVA_DOUBLE, JAVA_DECIMAL /* BigDecimal */, JAVA_STRING, JAVA_OBJECT,
};

struct java_object;
struct node;

struct java_value {
	enum java_kind kind;
	union {
		int64_t i;
		double d;
		const struct decimal *n;  /* of JAVA_BIG with scale 0 */
		struct bytes s;           /* UTF-8 */
		struct java_object *o;
	};
};

enum object_kind {
	OBJECT_PLAIN,    /* nothing but its class */
	OBJECT_LIST, OBJECT_ARRAY /* class: of its elements */, OBJECT_MAP /* key, value, key, value … */,
	OBJECT_CLASS,    /* of: the class */
	OBJECT_METHOD,   /* of: its class; text: its name, "" where only an index is known */
	OBJECT_BUILDER,  /* StringBuilder, writers, byte streams: text, room */
	OBJECT_STREAM,   /* streams, readers, scanners: text, at */
	OBJECT_PROCESS,  /* text, both, err, status */
	OBJECT_TEXT,     /* File, URL, Charset …: text */
	OBJECT_ITERATOR, /* items, at */
	OBJECT_LAMBDA,   /* node */
	OBJECT_OPEN,     /* of the victim: anything may be in it; text: how it was come by */
	OBJECT_THROWABLE,
};

struct java_class;

struct java_object {
	enum object_kind kind;
	const struct java_class *type;
	const struct java_class *of;
	struct java_value *items;
	unsigned count, room;
	struct bytes text, err, both;
	size_t at, text_room;
	int status;
	uint64_t ran_ns;
	bool merged, seen;        /* of a process: stderr goes into stdout; its end was waited for */
	const struct node *node;
	struct java_value inner;  /* what it wraps */
};

struct variable {
	struct variable *next;
	struct bytes name;
	struct java_value value;
};

struct scope {
	struct scope *outer;
	struct variable *first;
};

/* What a text of EXPRESSION_JAVA is, by its looks: it decides how numbers divide, and what == means. */
enum dialect { DIALECT_JAVA, DIALECT_GROOVY, DIALECT_SCRIPT };

enum leaving { LEAVING_NOT, LEAVING_LOOP, LEAVING_TURN, LEAVING_FUNCTION };

/* Errors are -EDOM (thrown: an exception of Java's), -ENOTSUP (not modelled; refused), -ENOMEM, -E2BIG, or the host's. */
struct java_run {
	struct arena *arena;
	size_t arena_began;
	enum expression_language language;
	enum dialect dialect;
	const struct expression_host *host;
	struct expression_outcome *outcome;
	unsigned steps, calls, commands, depth;
	struct scope *scope, *globals;
	struct java_value root, current; /* #root, #this */
	struct java_value thrown, result;
	enum leaving leaving;
	struct java_object *page;   /* what was written to the response, the console, the log */
	struct java_value *defaults;
	const struct node *functions;
	bool soft;                  /* an undefined thing is asked for on purpose (a!default, a??) */
	bool written;               /* something was written by the code itself */
};

struct java_value java_int(int64_t);
struct java_value java_long(int64_t);
struct java_value java_double(double);
struct java_value java_bool(bool);
struct java_value java_null(void);
struct java_value java_void(void);
struct java_value java_char(int64_t);
struct java_value java_text(const char *);               /* static text */
struct java_value java_string(struct bytes);             /* borrowed bytes that outlive the run */
struct java_value java_object(struct java_object *);
struct java_value java_number(enum java_kind, const struct decimal *);

/* Memory of the run; NULL at a bound. */
void *java_take(struct java_run *, size_t len);
struct bytes java_copy(struct java_run *, struct bytes);
must_check int java_concat(struct java_run *, struct bytes, struct bytes, struct java_value *ret);
/* A new object of a known class (its name as in class.c); -ENOMEM. */
must_check int java_make(struct java_run *, enum object_kind, const char *type, struct java_object **ret);
must_check int java_append(struct java_run *, struct java_object *list, struct java_value);
must_check int java_write(struct java_run *, struct java_object *builder, struct bytes);
/* The place of a key, or -1; sets or adds. */
int java_map_find(struct java_run *, const struct java_object *, const struct java_value *key);
must_check int java_map_put(struct java_run *, struct java_object *, struct java_value key, struct java_value value);
/* Something of the victim's that nothing is known about. how: told in depends. */
must_check int java_open(struct java_run *, const char *how, struct java_value *ret);
bool java_is_open(const struct java_value *);

/* Throws an exception of this class. Always -EDOM. */
int java_throw(struct java_run *, const char *type, const char *message);
/* Not modelled. Always -ENOTSUP. */
int java_refuse(struct java_run *, const char *what, struct bytes name);
/* One step of work: -E2BIG at the bound. */
must_check int java_step(struct java_run *);

bool java_is(const struct java_value *, enum object_kind);
bool java_is_number(const struct java_value *);
bool java_is_whole(const struct java_value *); /* an integer of any width, BigInteger too */
const struct java_class *java_type(const struct java_value *);
/* String.valueOf(v) */
must_check int java_to_text(struct java_run *, const struct java_value *, struct bytes *ret);
/* As the language puts a value into its output. */
must_check int java_to_output(struct java_run *, const struct java_value *, struct bytes *ret);
bool java_same(struct java_run *, const struct java_value *, const struct java_value *); /* equals() */
/* Truth where a condition stands; -EDOM. */
must_check int java_truth(struct java_run *, const struct java_value *, bool *ret);

/* number.c */
must_check int java_number_text(struct java_run *, const struct java_value *, struct bytes *ret);
double java_to_double(const struct java_value *);
int64_t java_to_long(const struct java_value *);            /* with Java's narrowing of doubles */
const struct decimal *java_to_decimal(struct java_run *, const struct java_value *);
struct java_value java_narrow(struct java_value, enum java_kind);
/* The number that a text is in Java source; -EDOM (NumberFormatException). */
must_check int java_parse_number(struct java_run *, struct bytes, enum java_kind, unsigned radix, struct java_value *ret);
must_check int java_grouped(struct java_run *, const struct java_value *, struct bytes *ret); /* 1,337.25 */

/* text.c: strings by characters */
size_t java_text_length(struct bytes);
size_t java_text_at(struct bytes, size_t character);  /* byte offset */
int64_t java_text_code(struct bytes, size_t offset);
size_t java_text_put(int64_t code, uint8_t ret[4]);
struct bytes java_text_cut(struct bytes, size_t from, size_t to); /* characters */

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A value of an expression, what an evaluation shares, and how values turn into text and numbers in each dialect. */
#ifndef EMU_SQL_VALUE_H
#define EMU_SQL_VALUE_H

#include "emu/sql/decimal.h"
#include "emu/sql/sql.h"
#include "emu/sql/syntax.h"

enum sql_type {
	TYPE_NULL,     /* NULL, of no type yet */
	TYPE_UNKNOWN,  /* PostgreSQL: a literal that takes its neighbour's type; s */
	TYPE_BOOL,     /* i; in MySQL and SQLite booleans are TYPE_INT */
	TYPE_INT,      /* i; PostgreSQL and SQL Server: 32 bits */
	TYPE_BIGINT,   /* i; PostgreSQL and SQL Server */
	TYPE_UNSIGNED, /* i as uint64_t; MySQL */
	TYPE_DECIMAL,  /* n */
	TYPE_REAL,     /* d */
	TYPE_TEXT,     /* s */
	TYPE_BYTES,    /* s */
};

enum { SCALE_FREE = 39 /* of a MySQL real: as many digits as it has */, VALUE_BYTES_MAX = 256 << 10 };

/* SQLite: what the side of a comparison does to the other. */
enum affinity { AFFINITY_NONE, AFFINITY_BLOB, AFFINITY_TEXT, AFFINITY_NUMERIC };

struct sql_value {
	enum sql_type type;
	bool null;
	bool open;               /* hangs on the victim */
	bool carrier;            /* the column that the attacked query compares its input with, or that comparison */
	bool hex;                /* MySQL: 0x…, which is a number beside numbers */
	uint8_t scale;           /* MySQL: digits shown behind the point of a decimal or real */
	enum affinity affinity;
	int64_t i;
	double d;
	const struct decimal *n;
	struct bytes s;
};

struct scope;

/* One evaluation of one text. */
struct sql_run {
	enum sql_dialect dialect;
	struct arena *arena;      /* for one place's evaluation */
	struct arena *keep;       /* for what the outcome holds */
	uint64_t seed;            /* what the victim's own values are made of */
	bool flip;                /* predicates that hang on the victim are answered the other way round */
	unsigned steps;           /* nodes evaluated */
	unsigned depth, nested;   /* queries inside each other; texts that run texts */
	unsigned open_rows;       /* how many rows a victim's table has here: groups need some */
	bool unread;              /* the next query's items are not looked at: EXISTS */
	bool dry;                 /* for the type only: no effects */
	bool mismatch;            /* of -EDOM: see run_mismatch() */
	bool undecided;           /* a predicate that hangs on the victim decided something */
	struct sql_outcome *out;
	struct scope *scope;      /* innermost */
	struct { uint32_t one, two; bool set, kept; } random; /* MySQL rand(seed) */
	struct { struct bytes name; struct sql_value value; } variables[16];
	unsigned variables_count;
	bool quoted;              /* the place stands in quotes, which the text has closed */
	bool carried;             /* the text stands in a query of the victim's */
	struct bytes fragment;    /* the text itself */
	const char *refused;      /* of -ENOTSUP */
	struct sql_value leak;    /* of -EDOM: the value that the error shows, if it shows one */
	const char *said_before, *said_after; /* … and the engine's words round it; static */
	unsigned flavour;         /* which of the products that share a dialect the victim runs: it shows in what it says of itself */
};

enum {
	RUN_STEPS_MAX = 60000,   /* an ordinary attack takes some hundreds */
	RUN_STEP_WORK = 256,     /* bytes moved or compared that count as one more */
	RUN_DEPTH_MAX = 24,
};

/*
 * Functions of the room return 0, -EDOM (the engine would say an error), -ENOTSUP (not modelled: run->refused says
 * what), -ENOMEM or -E2BIG (a bound).
 */
int run_error(struct sql_run *);
int run_mismatch(struct sql_run *); /* an error that the engine finds before it runs anything: wrong types */
int run_error_shows(struct sql_run *, const struct sql_value *);
/* The same with the engine's own words round the value (NULL: none is shown). */
int run_error_says(struct sql_run *, const char *before, const struct sql_value *, const char *after);
int run_refuse(struct sql_run *, const char *what);
void run_set(struct sql_run *, struct bytes variable, const struct sql_value *);
bool run_in(const struct sql_run *, unsigned dialects);
/* Counts work on long values, so that steps are a measure of time. */
void run_work(struct sql_run *, uint64_t bytes);
void *run_room(struct sql_run *, size_t);

struct sql_value value_null(enum sql_type);
struct sql_value sql_value_int(int64_t);            /* the dialect's ordinary integer */
struct sql_value value_bigint(int64_t);
struct sql_value value_unsigned(uint64_t);
struct sql_value value_real(double);
struct sql_value value_text(struct bytes);
struct sql_value sql_value_bytes(struct bytes);
struct sql_value value_decimal(const struct decimal *); /* NULL: the caller tests value.n */
struct sql_value sql_value_truth(const struct sql_run *, bool); /* a boolean, or 0 and 1 */

bool type_is_number(enum sql_type); /* BOOL is none */
bool type_is_integer(enum sql_type);
bool type_is_string(enum sql_type);

/* As a client sees it, or as it is in a concatenation. PostgreSQL: shown is 't' instead of 'true'. */
int value_write(struct sql_run *, const struct sql_value *, bool shown, struct bytes *ret);
/* A number out of it by the dialect's rules for arithmetic: strings become numbers or errors. NULL stays. */
int sql_value_number(struct sql_run *, const struct sql_value *, struct sql_value *ret);
int value_real_of(struct sql_run *, const struct sql_value *, double *ret);
int value_decimal_of(struct sql_run *, const struct sql_value *, const struct decimal **ret);
/* An integer for an argument: rounded, or cut, as the dialect does it. */
int value_int_of(struct sql_run *, const struct sql_value *, int64_t *ret);
/* -1: NULL; 0, 1. */
int value_truth_of(struct sql_run *, const struct sql_value *, int *ret);

/* number_text.c: reals as text, and the number a text begins with */
struct bytes real_text(struct sql_run *, double);
struct bytes real_fixed(struct sql_run *, double, unsigned scale);
/* How many bytes of t are a number (blanks before it counted); *integer: without point and exponent. 0: none. */
size_t number_prefix(struct bytes t, bool *integer, double *ret);
size_t integer_prefix(struct bytes t, bool *fits, int64_t *ret);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an injected SQL text would do: the text is put where applications put their users' input (struct place), parsed
 * by the dialect's grammar and evaluated over a database of which nothing is known but its engine.
 */
#ifndef EMU_SQL_SQL_H
#define EMU_SQL_SQL_H

#include "emu/sql/dialect.h"
#include "emu/trace/arena.h"

enum {
	SQL_EFFECTS_MAX = 96,      /* different ones of a text, in all its places; more are counted */
	SQL_FRAGMENT_MAX = 32768,  /* bytes of the text; more is refused */
	SQL_REFUSALS_MAX = 8,
	SQL_FACT_VARIANTS = 4,     /* seeds in a row tell of servers that have nothing in common but their product */
	SQL_ROW_BETWEEN = 0x1e,    /* stands in no value that a page shows */
	SQL_FLAVOURS = 2,          /* products that share a dialect */
};

enum sql_effect_kind {
	SQL_VALUE,    /* a value in a row of the answer: text */
	SQL_LEAK,     /* a value that an error message shows: text */
	SQL_SLEEP,    /* value: ns */
	SQL_DNS,      /* text: a name */
	SQL_CONNECT,  /* text: host, value: port */
	SQL_FETCH,    /* text: URL */
	SQL_EXEC,     /* text: a command line; value: enum sql_shell */
	SQL_READ,     /* text: path */
	SQL_WRITE,    /* text: path; data */
	SQL_CHANGE,   /* text: the verb: the victim's data are changed */
	SQL_TRUTH,    /* what the attack's predicate is: value 0, 1 */
	SQL_CUT,      /* the text only cuts off the rest of the query: what else that asked for is asked for no more */
	SQL_ROW,      /* one row of the attack's in the answer: values with SQL_ROW_BETWEEN between them */
	SQL_ROWS,     /* the answer has rows of the attack's: value: columns */
};

enum sql_shell { SQL_SHELL_POSIX, SQL_SHELL_CMD };

struct sql_effect {
	enum sql_effect_kind kind;
	bool open;            /* hangs on the victim: its value, or whether it comes to pass */
	struct bytes text, data;
	uint64_t value;
};

struct sql_outcome {
	unsigned effects_count, effects_left;
	struct sql_effect effects[SQL_EFFECTS_MAX];
	unsigned places_parsed;    /* places where the text is SQL */
	unsigned places_bounded;   /* where a bound was reached */
	unsigned places_rejected;  /* where the engine would find its syntax wrong */
	unsigned refusals_count;
	char refusals[SQL_REFUSALS_MAX][48]; /* what is not modelled: a function, a clause */
	bool told_of_itself;       /* a value holds what the server says of itself: other flavours say other things */
	bool undecided;            /* some predicate hung on the victim */
	bool bounded;              /* a bound was reached */
};

/*
 * Evaluates the fragment in every place that its quotes and parentheses fit. seed: the victim's own values are made of
 * it; flip: its predicates are answered the other way round. Borrowed: fragment; texts of *ret live in the arena.
 * Returns 0 or -ENOMEM. Pure; any thread.
 */
must_check int sql_evaluate(enum sql_dialect, struct bytes fragment, uint64_t seed, bool flip, struct arena *,
                            struct sql_outcome *ret);
/* The same for one product of the dialect. flavour: below SQL_FLAVOURS; sql_evaluate() is of the first. */
must_check int sql_evaluate_flavour(enum sql_dialect, unsigned flavour, struct bytes fragment, uint64_t seed, bool flip, struct arena *,
                                    struct sql_outcome *ret);

/*
 * One expression by itself, as `SELECT expression` would print it. *null: it is NULL. For tests beside real engines.
 * 0, -EDOM (an error), -EBADMSG (no syntax), -ENOTSUP (not modelled; refused says what), -ENOMEM, -E2BIG.
 */
must_check int sql_expression(enum sql_dialect, struct bytes text, struct arena *, const char **refused, bool *null,
                              struct bytes *ret);

#endif

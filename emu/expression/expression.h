/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a text of one of Java's expression and template languages, or a piece of Java code, would do and show: one
 * grammar with tables of what differs, evaluated over Java's values and the classes that attacks use.
 */
#ifndef EMU_EXPRESSION_EXPRESSION_H
#define EMU_EXPRESSION_EXPRESSION_H

#include "control/wire/report.h"
#include "emu/trace/arena.h"

enum expression_language {
	EXPRESSION_SPEL, EXPRESSION_OGNL, EXPRESSION_EL, EXPRESSION_MVEL,
	EXPRESSION_JAVA,      /* Java, and Groovy and a server's JavaScript: one grammar that takes all three */
	EXPRESSION_FREEMARKER, EXPRESSION_VELOCITY, EXPRESSION_THYMELEAF,
	EXPRESSION_LANGUAGES,
};

enum {
	EXPRESSION_TEXT_MAX = 65536,   /* bytes of one text; more is refused */
	EXPRESSION_SHOWN_MAX = 256 << 10,
	EXPRESSION_COMMANDS_MAX = 8,   /* processes that one evaluation starts; more are refused */
};

/* A process that was started and has ended. Texts are borrowed from the host until the evaluation ends. */
struct expression_process {
	struct bytes out, err, both;
	int status;
	uint64_t ran_ns;               /* guest time */
	bool missing;                  /* there is no such program: Java throws */
};

/* The server that the evaluation happens on. */
struct expression_host {
	void *context;
	/* count >= 1 words: the program and its arguments, without a shell. 0 or -errno, which ends the evaluation. */
	int (*exec)(void *context, const struct bytes *words, unsigned count, struct expression_process *ret);
	void (*note)(void *context, const struct event *); /* sleep, dns, connect, fetch, write, …: copied by the host */
	struct bytes request;          /* that brought the code; empty: none is known */
	uint64_t seed;                 /* what only the victim knows is made of it */
	bool old;                      /* Java 8 and numbers without a locale's marks; else Java 17 and American ones */
};

struct expression_outcome {
	struct bytes shown;            /* in the arena: what a page would hold of it, values on lines of their own */
	struct bytes value;            /* of a single expression */
	uint64_t waited_ns;            /* how long the evaluation took: sleeps, processes whose end it saw */
	unsigned effects;              /* events noted and processes started */
	bool evaluated;                /* something was computed: the text is no mere text in this language */
	bool asked_java;               /* it would be another with host.old */
	bool threw;                    /* ended by an exception of Java's */
	char refused[64];              /* what is not modelled; "" */
};

/*
 * Evaluates a template (text with expressions in the language's delimiters), or, where whole is true, a bare
 * expression. Returns 0, -EBADMSG (no syntax of this language), -E2BIG, -ENOMEM, or the host's error.
 */
must_check int expression_evaluate(enum expression_language, bool whole, struct bytes text, const struct expression_host *,
                                   struct arena *, struct expression_outcome *ret);

#endif

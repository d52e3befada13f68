/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every engine of templates and expressions tells of a text that was put where its templates stand, and what it may
 * ask of the server it runs on. Engines of other rooms (expressions, script templates) fill the same outcome.
 */
#ifndef EMU_TEMPLATE_ENGINE_H
#define EMU_TEMPLATE_ENGINE_H

#include "control/wire/language.h"
#include "emu/trace/arena.h"

enum {
	TEMPLATE_EFFECTS_MAX = 32,     /* different ones of a text; more are counted */
	TEMPLATE_REFUSALS_MAX = 4,
	TEMPLATE_TEXT_MAX = 64 << 10,  /* bytes of a template, and of what it renders; more is a bound reached */
};

enum template_effect_kind {
	TEMPLATE_RUN,      /* text: code of another language (LANGUAGE_SHELL, _CMD, _PHP, _PYTHON, _PATH: a file is read) */
	TEMPLATE_WRITE,    /* text: path; data */
	TEMPLATE_FETCH,    /* text: URL */
	TEMPLATE_DNS,      /* text: a name */
	TEMPLATE_CONNECT,  /* text: host; value: port */
	TEMPLATE_SLEEP,    /* value: ns */
};

struct template_effect {
	enum template_effect_kind kind;
	enum language language;   /* of TEMPLATE_RUN */
	bool open;                /* hangs on the victim: its value, or whether it comes to pass */
	struct bytes text, data;
	uint64_t value;
};

struct template_outcome {
	bool taken;               /* the engine evaluates something of it; false: plain text to it */
	bool rejected;            /* its parser refuses the text: nothing is evaluated, error says why */
	bool failed;              /* evaluation ended in an error: nothing is rendered, effects before it stand */
	bool open;                /* something of the text or of the way there hangs on the victim */
	bool bounded;             /* a bound was reached */
	struct bytes text;        /* what is rendered where the template stood */
	struct bytes error;       /* rejected, failed: the engine's message */
	unsigned effects_count, effects_left;
	struct template_effect effects[TEMPLATE_EFFECTS_MAX];
	unsigned refusals_count;
	char refusals[TEMPLATE_REFUSALS_MAX][48]; /* what is not modelled: a filter, a function */
};

/* What the engine's server answers; NULL for run: nobody knows (tests), what would be printed is then empty and open. */
struct template_host {
	void *context;
	/* What code of this language prints on the server (of LANGUAGE_PATH: the file). Lives in the arena. 0 or -errno. */
	int (*run)(void *context, enum language, struct bytes code, struct bytes *ret);
	struct bytes request;     /* that brought the template, or empty */
	uint64_t seed;            /* the victim's own values are made of it, and which release of a library it has */
};

/*
 * Evaluates the text as one engine's template. Borrowed: text, host; what *ret holds lives in the arena (text may be
 * borrowed). Returns 0 or -ENOMEM. Bounded; never recurses beyond a checked depth; any thread.
 */
struct template_engine {
	enum language language;
	int (*evaluate)(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
};

/* The engines of this room. */
int jinja2_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int twig_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);
int smarty_evaluate(struct bytes text, const struct template_host *, struct arena *, struct template_outcome *ret);

/* outcome.c: notes an effect once; copies the texts into the arena. */
void template_effect_note(struct template_outcome *, const struct template_effect *, struct arena *);
void template_refusal_note(struct template_outcome *, const char *what);

#endif

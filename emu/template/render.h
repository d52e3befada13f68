/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One evaluation of a template: the walk that engines share, and what each of them does differently. */
#ifndef EMU_TEMPLATE_RENDER_H
#define EMU_TEMPLATE_RENDER_H

#include "emu/template/engine.h"
#include "emu/template/syntax.h"

enum {
	RENDER_STEPS_MAX = 40000,     /* nodes evaluated; an ordinary attack takes a hundred */
	RENDER_STEP_WORK = 256,       /* bytes moved or elements looked at that count as one more */
	RENDER_DEPTH_MAX = 96,        /* of calls and expressions inside each other */
	RENDER_LIST_MAX = 20000,      /* elements */
	RENDER_MEMORY_MAX = 12 << 20, /* bytes of one evaluation */
	RENDER_HOST_MAX = 6,          /* codes run on the server; more is what the victim alone knows */
};

/* Names of one block. */
struct scope {
	struct scope *parent;
	struct dict names;
	bool opaque;                  /* a set inside stays inside: Jinja's loops */
};

struct arguments {
	struct list positional;
	struct dict named;            /* keys are texts */
};

struct render;

/* What an engine's values do. Each returns 0, -EDOM (raised: render->error), -ENOTSUP (refused), -ENOMEM or -E2BIG. */
struct semantics {
	int (*name)(struct render *, struct bytes name, struct datum *ret);
	int (*attribute)(struct render *, struct datum of, struct bytes name, struct datum *ret);
	int (*item)(struct render *, struct datum of, struct datum key, struct datum *ret);
	int (*slice)(struct render *, struct datum of, const struct datum part[3], struct datum *ret); /* none where left out */
	int (*unary)(struct render *, int op, struct datum, struct datum *ret);
	int (*binary)(struct render *, int op, struct datum, struct datum, struct datum *ret);
	int (*truth)(struct render *, struct datum, bool *ret);
	int (*text)(struct render *, struct datum, struct bytes *ret);
	int (*iterate)(struct render *, struct datum, struct list *ret, struct list *keys);
	int (*call)(struct render *, struct datum callee, const struct arguments *, struct datum *ret);
	int (*method)(struct render *, struct datum of, struct bytes name, const struct arguments *, struct datum *ret);
	int (*filter)(struct render *, struct bytes name, struct datum, const struct arguments *, struct datum *ret);
	int (*test)(struct render *, struct bytes name, struct datum, const struct arguments *, bool *ret);
	int (*file)(struct render *, const struct node *, struct datum); /* include, import, extends */
	void (*settle)(struct render *, struct datum); /* what is computed and not shown is done all the same; may be NULL */
};

struct closure {
	struct bytes name;
	const struct node *parameters, *body; /* of a macro */
	const struct node *arrow;             /* of an arrow function */
	struct scope *scope;
};

struct render {
	const struct semantics *by;
	enum dialect dialect;
	const struct template_host *host;
	struct arena *arena;
	struct template_outcome *out;
	struct scope *scope;
	struct sink page;             /* what is rendered so far */
	struct datum callback;        /* Twig: what is asked for filters that are not there */
	size_t memory;                /* of the arena, used before */
	unsigned steps, depth, host_runs;
	struct bytes error;
	const char *refused;
};

/* The whole: reads, evaluates, fills *ret. 0 or -ENOMEM. */
int render_template(enum dialect, const struct semantics *, struct bytes text, const struct template_host *, struct arena *,
                    struct template_outcome *ret);

int render_fail(struct render *, const char *format, ...) __attribute__((format(printf, 2, 3))); /* -EDOM */
int render_refuse(struct render *, const char *what);                                            /* -ENOTSUP */
int render_work(struct render *, size_t amount);                                                  /* counts; -E2BIG */
int render_full(struct render *);                                                                 /* -ENOMEM, or 0 */
/* What the server prints for it; noted as an effect. Empty and *open where nobody knows. */
int render_run(struct render *, enum language, struct bytes code, struct bytes *ret);

int render_expression(struct render *, const struct node *, struct datum *ret);
int render_arguments(struct render *, const struct node *, struct arguments *ret);
int render_body(struct render *, const struct node *);
/* The body's text instead of printing it. */
int render_captured(struct render *, const struct node *, struct bytes *ret);
int render_closure(struct render *, const struct closure *, const struct arguments *, struct datum *ret);

/* An argument by place or name; false: not given. */
bool argument_of(const struct arguments *, size_t place, const char *name, struct datum *ret);
struct datum *scope_find(struct scope *, struct bytes name);
int scope_set(struct render *, struct scope *, struct bytes name, struct datum);
struct datum *dict_find_text(const struct dict *, struct bytes key);

#endif

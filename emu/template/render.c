/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One evaluation: its bounds, its errors, its names, and what it asks of the server. */
#include "emu/template/render.h"

#include "emu/template/parse_smarty.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ERROR_MAX = 511 }; /* bytes of a message */

int render_fail(struct render *r, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	r->error = text_vformat(r->arena, format, list);
	va_end(list);
	if (r->error.left > ERROR_MAX)
		r->error.left = ERROR_MAX;
	return -EDOM;
}

int render_refuse(struct render *r, const char *what)
{
	r->refused = what;
	return -ENOTSUP;
}

int render_work(struct render *r, size_t amount)
{
	size_t steps = amount / RENDER_STEP_WORK + 1;

	if (steps > RENDER_STEPS_MAX - r->steps || r->arena->used - r->memory > RENDER_MEMORY_MAX) {
		r->steps = RENDER_STEPS_MAX;
		return -E2BIG;
	}
	r->steps += (unsigned)steps;
	return 0;
}

int render_full(struct render *r)
{
	return r->arena->full ? -ENOMEM : 0;
}

int render_run(struct render *r, enum language language, struct bytes code, struct bytes *ret)
{
	template_effect_note(r->out, &(struct template_effect){ .kind = TEMPLATE_RUN, .language = language, .text = code }, r->arena);
	*ret = (struct bytes){ 0 };
	r->out->open = true;
	if (r->host->run == NULL || r->host_runs++ >= RENDER_HOST_MAX)
		return 0;
	return r->host->run(r->host->context, language, code, ret);
}

struct datum *dict_find_text(const struct dict *d, struct bytes key)
{
	for (size_t i = 0; i < d->count; i++) {
		if (d->keys[i].kind == DATUM_TEXT && bytes_equal(d->keys[i].s, key))
			return &d->values[i];
	}
	return NULL;
}

struct datum *scope_find(struct scope *s, struct bytes name)
{
	struct datum *found = NULL;

	for (; s != NULL && found == NULL; s = s->parent)
		found = dict_find_text(&s->names, name);
	return found;
}

int scope_set(struct render *r, struct scope *s, struct bytes name, struct datum value)
{
	struct datum *found = dict_find_text(&s->names, name);

	if (found == NULL)
		return dict_put(&s->names, r->arena, datum_text(name), value);
	*found = value;
	return 0;
}

bool argument_of(const struct arguments *a, size_t place, const char *name, struct datum *ret)
{
	struct datum *named = name != NULL ? dict_find_text(&a->named, bytes_text(name)) : NULL;

	if (place < a->positional.count)
		*ret = a->positional.at[place];
	else if (named != NULL)
		*ret = *named;
	return place < a->positional.count || named != NULL;
}

/* How evaluation ended, as the outcome tells it. Returns what is no outcome of it. */
static int settle(struct render *r, int e)
{
	struct template_outcome *o = r->out;

	o->bounded |= e == -E2BIG;
	o->failed = e != 0;
	if (e == -EDOM)
		o->error = r->error;
	if (e == -ENOTSUP)
		template_refusal_note(o, r->refused != NULL ? r->refused : "something");
	return e == -ENOMEM || r->arena->full ? -ENOMEM : 0;
}

int render_template(enum dialect d, const struct semantics *by, struct bytes text, const struct template_host *host, struct arena *a,
                    struct template_outcome *ret)
{
	struct parser p;
	struct scope top = { 0 };
	struct render r = { .by = by, .dialect = d, .host = host, .arena = a, .out = ret, .scope = &top };
	struct node *root;

	*ret = (struct template_outcome){ .bounded = text.left > TEMPLATE_TEXT_MAX };
	if (ret->bounded)
		return 0;
	root = d == DIALECT_SMARTY ? parse_smarty_template(text, a, &p) : parse_template(d, text, a, &p);
	ret->taken = p.evaluates;
	if (a->full)
		return -ENOMEM;
	ret->bounded = p.bounded;
	if (p.refused != NULL)
		template_refusal_note(ret, p.refused);
	if (root == NULL || parser_failed(&p)) {
		ret->rejected = p.error.at != NULL;
		ret->failed = true;
		ret->error = p.error;
		return 0;
	}
	ret->text = p.lexer.all;
	if (!p.evaluates)
		return 0;
	r.memory = a->used;
	r.page = sink_over(arena_take(a, TEMPLATE_TEXT_MAX), TEMPLATE_TEXT_MAX);
	if (r.page.at == NULL)
		return -ENOMEM;
	int e = render_body(&r, root);

	ret->text = bytes_of(r.page.at, r.page.used);
	ret->bounded |= r.page.overflow;
	return settle(&r, e);
}

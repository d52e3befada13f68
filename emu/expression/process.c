/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes out of an evaluation: processes started on the server, files read by its own cat, events noted. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

void java_note_event(struct java_run *run, const struct event *e)
{
	run->outcome->effects++;
	if (run->host->note != NULL)
		run->host->note(run->host->context, e);
}

static int start(struct java_run *run, const struct bytes *words, unsigned count, struct expression_process *ret)
{
	if (run->commands++ >= EXPRESSION_COMMANDS_MAX)
		return java_refuse(run, "processes", (struct bytes){ 0 });
	if (run->host->exec == NULL)
		return java_refuse(run, "process", words[0]);
	run->outcome->effects++;
	*ret = (struct expression_process){ 0 };
	return run->host->exec(run->host->context, words, count, ret);
}

int java_process_start(struct java_run *run, const struct bytes *words, unsigned count, bool merged, struct java_value *ret)
{
	struct expression_process p;
	struct java_object *o;
	int r;

	if (count == 0 || words[0].left == 0)
		return java_throw(run, "java.lang.IllegalArgumentException", "Empty command");
	if ((r = start(run, words, count, &p)) < 0)
		return r;
	if (p.missing)
		return java_throw(run, "java.io.IOException", "");
	if ((r = java_make(run, OBJECT_PROCESS, "java.lang.ProcessImpl", &o)) < 0)
		return r;
	o->text = java_copy(run, merged ? p.both : p.out);
	o->err = merged ? (struct bytes){ 0 } : java_copy(run, p.err);
	o->both = java_copy(run, p.both);
	o->status = p.status;
	o->ran_ns = p.ran_ns;
	*ret = java_object(o);
	return 0;
}

void java_process_wait(struct java_run *run, struct java_object *p)
{
	if (!p->seen)
		run->outcome->waited_ns += p->ran_ns;
	p->seen = true;
}

/* One text is cut at its blanks, as StringTokenizer does; a list's items are words. */
int java_process_words(struct java_run *run, const struct java_value *v, struct bytes words[CALL_ARGUMENTS_MAX], unsigned *count)
{
	struct java_value *items;
	unsigned n;
	int r;

	*count = 0;
	if (v->kind == JAVA_STRING) {
		for (size_t at = 0; at < v->s.left;) {
			size_t from;

			while (at < v->s.left && strchr(" \t\n\r\f", v->s.at[at]) != NULL)
				at++;
			for (from = at; at < v->s.left && strchr(" \t\n\r\f", v->s.at[at]) == NULL; at++)
				;
			if (at > from && *count < CALL_ARGUMENTS_MAX)
				words[(*count)++] = bytes_of(v->s.at + from, at - from);
		}
		return 0;
	}
	if ((r = java_items_of(run, v, &items, &n)) < 0)
		return r;
	for (unsigned i = 0; i < n && *count < CALL_ARGUMENTS_MAX; i++) {
		if (java_is_open(&items[i]))
			return java_refuse(run, "command", (struct bytes){ 0 });
		if ((r = java_to_text(run, &items[i], &words[(*count)++])) < 0)
			return r;
	}
	return 0;
}

int java_file_read(struct java_run *run, struct bytes path, struct bytes *ret)
{
	const struct bytes words[] = { bytes_text("cat"), path };
	struct expression_process p;
	int r;

	if (path.left > 7 && bytes_starts_fold(path, bytes_text("file://")))
		return java_file_read(run, bytes_of(path.at + 7, path.left - 7), ret);
	if ((r = start(run, words, 2, &p)) < 0)
		return r;
	if (p.status != 0 || p.missing || p.out.left == 0)
		return java_throw(run, "java.io.FileNotFoundException", "");
	*ret = java_copy(run, p.out);
	return 0;
}

int java_url_fetch(struct java_run *run, struct bytes url)
{
	ptrdiff_t colon = bytes_find(url, bytes_text("://"));

	if (colon <= 0)
		return java_throw(run, "java.net.MalformedURLException", "");
	java_note_event(run, &(struct event){ .kind = EVENT_FETCH, .name = url });
	return 0;
}

int java_stream_of(struct java_run *run, const char *type, struct bytes text, struct java_value *ret)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_STREAM, type, &o);

	if (r < 0)
		return r;
	o->text = text;
	*ret = java_object(o);
	return 0;
}

static int array_text(struct java_run *run, const struct java_object *a, struct bytes *ret)
{
	bool bytes = a->of != NULL && strcmp(a->of->name, "byte") == 0;
	uint8_t *to = java_take(run, (size_t)a->count * 4 + 1);
	size_t used = 0;

	if (to == NULL)
		return -E2BIG;
	for (unsigned i = 0; i < a->count; i++) {
		const struct java_value *v = &a->items[i];

		if (v->kind == JAVA_STRING && v->s.left <= 4) {
			memcpy(to + used, v->s.at, v->s.left);
			used += v->s.left;
		} else if (bytes || v->kind == JAVA_BYTE) {
			to[used++] = (uint8_t)java_to_long(v);
		} else if (v->kind >= JAVA_CHAR && v->kind <= JAVA_LONG) {
			/* what a reader left untouched of its buffer is zeros */
			used += java_text_put(v->i, to + used);
		}
	}
	*ret = bytes_of(to, used);
	return 0;
}

int java_stream_rest(struct java_run *run, struct java_value *v, struct bytes *ret)
{
	struct java_object *o = v->kind == JAVA_OBJECT ? v->o : NULL;

	if (o == NULL || o->kind == OBJECT_TEXT)
		return v->kind <= JAVA_VOID ? java_throw(run, "java.lang.NullPointerException", "") : java_to_text(run, v, ret);
	switch (o->kind) {
	case OBJECT_STREAM:
		if (o->inner.kind == JAVA_OBJECT && o->inner.o->kind == OBJECT_PROCESS)
			java_process_wait(run, o->inner.o);
		*ret = bytes_of(o->text.at + o->at, o->text.left - o->at);
		o->at = o->text.left;
		return 0;
	case OBJECT_BUILDER: *ret = o->text; return 0;
	case OBJECT_ARRAY: case OBJECT_LIST: return array_text(run, o, ret);
	case OBJECT_PROCESS:
		java_process_wait(run, o);
		*ret = o->text;
		return 0;
	default:
		return java_to_text(run, v, ret);
	}
}

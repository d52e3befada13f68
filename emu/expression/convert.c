/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What values are as text and as truth. */
#include "emu/expression/class.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static uint64_t mix(struct java_run *run, const void *at, size_t len)
{
	uint64_t h = 14695981039346656037u ^ (run->host->seed * 0x9e3779b97f4a7c15u);

	for (size_t i = 0; i < len; i++)
		h = (h ^ ((const uint8_t *)at)[i]) * 1099511628211u;
	h ^= h >> 29;
	return h * 0x9e3779b97f4a7c15u;
}

struct bytes java_unknown_word(struct java_run *run, const char *what)
{
	uint64_t h = mix(run, what, strlen(what));
	unsigned len = 4 + (unsigned)(h >> 60) % 5;
	uint8_t *to = java_take(run, len + 1);

	if (to == NULL)
		return (struct bytes){ 0 };
	for (unsigned i = 0; i < len; i++, h = h * 6364136223846793005u + 1442695040888963407u)
		to[i] = (uint8_t)('a' + (h >> 33) % 26);
	return bytes_of(to, len);
}

/* Class@hash, as Object.toString() has it */
static int identity_text(struct java_run *run, const struct java_object *o, const char *name, struct bytes *ret)
{
	char text[160];
	unsigned number = run->steps; /* another one for each object, the same in each run */

	snprintf(text, sizeof(text), "%.120s@%x", name, (unsigned)(mix(run, &number, sizeof(number)) >> 36) | 0x1000000);
	*ret = java_copy(run, bytes_text(text));
	return ret->at == NULL ? -E2BIG : 0;
}

static int array_name(const struct java_object *o, char ret[160])
{
	static const char *const simple[][2] = { { "int", "[I" }, { "long", "[J" }, { "byte", "[B" }, { "char", "[C" }, { "double", "[D" }, { "boolean", "[Z" }, { "float", "[F" }, { "short", "[S" } };

	snprintf(ret, 160, "[L%.120s;", o->of != NULL ? o->of->name : "java.lang.Object");
	for (size_t i = 0; o->of != NULL && i < COUNT_OF(simple); i++) {
		if (strcmp(o->of->name, simple[i][0]) == 0)
			snprintf(ret, 160, "%s", simple[i][1]);
	}
	return 0;
}

static int items_text(struct java_run *run, const struct java_object *o, struct bytes *ret)
{
	struct java_object *out;
	bool map = o->kind == OBJECT_MAP, braces = map && run->dialect != DIALECT_GROOVY;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out);

	if (r < 0)
		return r;
	if (++run->calls > CALLS_MAX)
		return -E2BIG;
	if ((r = java_write(run, out, bytes_text(braces ? "{" : "["))) < 0)
		return r;
	for (unsigned i = 0; i < o->count; i++) {
		struct bytes text;

		if (i > 0 && (r = java_write(run, out, bytes_text(map && i % 2 == 1 ? braces ? "=" : ":" : ", "))) < 0)
			return r;
		if ((r = java_step(run)) < 0 || (r = java_to_text(run, &o->items[i], &text)) < 0 || (r = java_write(run, out, text)) < 0)
			return r;
	}
	run->calls--;
	r = java_write(run, out, bytes_text(braces ? "}" : "]"));
	*ret = out->text;
	return r;
}

static int process_text(struct java_run *run, const struct java_object *o, struct bytes *ret)
{
	char text[96], status[24];

	run->outcome->asked_java = true;
	if (run->host->old)
		return identity_text(run, o, "java.lang.UNIXProcess", ret);
	snprintf(status, sizeof(status), "%d", o->status);
	snprintf(text, sizeof(text), "Process[pid=%u, exitValue=%s]", 1000 + (unsigned)(mix(run, "pid", 3) >> 50) % 60000,
	         o->seen ? status : "\"not exited\"");
	*ret = java_copy(run, bytes_text(text));
	return ret->at == NULL ? -E2BIG : 0;
}

static int class_text(struct java_run *run, const struct java_object *o, struct bytes *ret)
{
	static const char *const interfaces[] = { "java.util.List", "java.util.Map", "java.util.Set", "java.util.Collection", "java.lang.Comparable", "java.lang.Runnable", "java.lang.CharSequence", "java.util.Iterator" };
	const char *what = strchr(o->of->name, '.') == NULL ? "" : "class ";
	struct java_value v;
	int r;

	for (size_t i = 0; i < COUNT_OF(interfaces); i++) {
		if (strcmp(o->of->name, interfaces[i]) == 0)
			what = "interface ";
	}
	if ((r = java_concat(run, bytes_text(what), bytes_text(o->of->name), &v)) == 0)
		*ret = v.s;
	return r;
}

static int throwable_text(struct java_run *run, const struct java_object *o, struct bytes *ret)
{
	struct java_value v;
	int r = java_concat(run, bytes_text(o->type->name), bytes_text(o->text.left > 0 ? ": " : ""), &v);

	if (r == 0 && (r = java_concat(run, v.s, o->text, &v)) == 0)
		*ret = v.s;
	return r;
}

static int object_text(struct java_run *run, const struct java_object *o, struct bytes *ret)
{
	char name[160];

	switch (o->kind) {
	case OBJECT_LIST: case OBJECT_MAP: return items_text(run, o, ret);
	case OBJECT_CLASS: return class_text(run, o, ret);
	case OBJECT_PROCESS: return process_text(run, o, ret);
	case OBJECT_BUILDER: case OBJECT_TEXT:
		*ret = o->text;
		return 0;
	case OBJECT_OPEN:
		*ret = java_unknown_word(run, (const char *)o->text.at);
		return ret->at == NULL ? -E2BIG : 0;
	case OBJECT_THROWABLE: return throwable_text(run, o, ret);
	case OBJECT_ARRAY:
		array_name(o, name);
		return identity_text(run, o, name, ret);
	default:
		return identity_text(run, o, o->type->name, ret);
	}
}

int java_to_text(struct java_run *run, const struct java_value *v, struct bytes *ret)
{
	uint8_t code[4];

	switch (v->kind) {
	case JAVA_NULL: case JAVA_VOID: *ret = bytes_text("null"); return 0;
	case JAVA_BOOLEAN: *ret = bytes_text(v->i != 0 ? "true" : "false"); return 0;
	case JAVA_STRING: *ret = v->s; return 0;
	case JAVA_OBJECT: return object_text(run, v->o, ret);
	case JAVA_CHAR:
		*ret = java_copy(run, bytes_of(code, java_text_put(v->i, code)));
		return ret->at == NULL ? -E2BIG : 0;
	default:
		/* a JavaScript number that is whole has no point */
		if (v->kind == JAVA_DOUBLE && run->dialect == DIALECT_SCRIPT && v->d == (double)(int64_t)v->d && v->d < 1e15 && v->d > -1e15) {
			struct java_value whole = java_long((int64_t)v->d);

			return java_number_text(run, &whole, ret);
		}
		return java_number_text(run, v, ret);
	}
}

/* Items side by side, as Struts and SpEL turn arrays into text. */
static int joined_text(struct java_run *run, const struct java_object *o, const char *between, struct bytes *ret)
{
	struct java_object *out;
	struct bytes text;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out);

	for (unsigned i = 0; r == 0 && i < o->count; i++) {
		if ((i > 0 && (r = java_write(run, out, bytes_text(between))) < 0) || (r = java_to_text(run, &o->items[i], &text)) < 0)
			return r;
		r = java_write(run, out, text);
	}
	if (r == 0)
		*ret = out->text;
	return r;
}

int java_to_output(struct java_run *run, const struct java_value *v, struct bytes *ret)
{
	if (v->kind <= JAVA_VOID && run->language != EXPRESSION_MVEL && run->language != EXPRESSION_JAVA) {
		*ret = (struct bytes){ 0 };
		return 0;
	}
	if (run->language == EXPRESSION_FREEMARKER && java_is_number(v))
		return java_grouped(run, v, ret);
	if (run->language == EXPRESSION_FREEMARKER && (v->kind == JAVA_BOOLEAN || java_is(v, OBJECT_LIST) || java_is(v, OBJECT_MAP)))
		return java_throw(run, "freemarker.core.NonStringException", "");
	if (run->language == EXPRESSION_OGNL && v->kind == JAVA_OBJECT && (v->o->kind == OBJECT_ARRAY || v->o->kind == OBJECT_LIST))
		return joined_text(run, v->o, ", ", ret);
	if ((run->language == EXPRESSION_SPEL || run->language == EXPRESSION_THYMELEAF) && java_is(v, OBJECT_ARRAY))
		return joined_text(run, v->o, ",", ret);
	return java_to_text(run, v, ret);
}

/* OGNL and scripts find truth in anything; Java, SpEL and EL in booleans, or what says so. */
int java_truth(struct java_run *run, const struct java_value *v, bool *ret)
{
	bool loose = run->language == EXPRESSION_OGNL || run->language == EXPRESSION_VELOCITY || run->dialect != DIALECT_JAVA;

	if (v->kind == JAVA_BOOLEAN) {
		*ret = v->i != 0;
		return 0;
	}
	if (java_is_open(v)) { /* the victim's: taken to be there */
		*ret = true;
		return 0;
	}
	if (v->kind <= JAVA_VOID && (loose || run->language == EXPRESSION_EL)) {
		*ret = false;
		return 0;
	}
	if (run->language == EXPRESSION_VELOCITY) {
		*ret = true;
		return 0;
	}
	if (loose) {
		*ret = v->kind == JAVA_STRING ? run->language == EXPRESSION_OGNL || v->s.left > 0 :
		       v->kind == JAVA_OBJECT ? run->dialect != DIALECT_GROOVY || (v->o->kind != OBJECT_LIST && v->o->kind != OBJECT_MAP) || v->o->count > 0 :
		       java_to_double(v) != 0;
		return 0;
	}
	if (v->kind == JAVA_STRING && run->language != EXPRESSION_JAVA && run->language != EXPRESSION_FREEMARKER) {
		*ret = bytes_equal_fold(v->s, bytes_text("true"));
		return 0;
	}
	return java_throw(run, "java.lang.ClassCastException", "");
}

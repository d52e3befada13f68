/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runtime, ProcessBuilder, Process, and what else starts a program. */
#include "emu/expression/class.h"

#include <errno.h>
#include <string.h>

METHOD(runtime)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_PLAIN, "java.lang.Runtime", &o);

	*ret = java_object(o);
	return r;
}

METHOD(exec)
{
	struct bytes words[CALL_ARGUMENTS_MAX];
	unsigned n;
	int r;

	if (args[0].kind <= JAVA_VOID)
		return java_throw(run, "java.lang.NullPointerException", "");
	if ((r = java_process_words(run, &args[0], words, &n)) < 0)
		return r;
	return java_process_start(run, words, n, false, ret);
}

METHOD(processors)
{
	*ret = java_int(1 + java_unknown_word(run, "processors").left);
	return 0;
}

/* A builder: items are its words. */
METHOD(builder_new)
{
	struct java_value *items = args;
	struct java_object *o;
	unsigned n = count;
	int r = java_make(run, OBJECT_PLAIN, "java.lang.ProcessBuilder", &o);

	if (r == 0 && count == 1 && args[0].kind == JAVA_OBJECT)
		r = java_items_of(run, &args[0], &items, &n);
	for (unsigned i = 0; i < n && r == 0; i++)
		r = java_append(run, o, items[i]);
	*ret = java_object(o);
	return r;
}

METHOD(builder_set)
{
	struct java_value made;
	int r = 0;

	*ret = *self;
	if (m->variant == 1)
		self->o->merged = count == 0 || args[0].i != 0;
	if (m->variant == 2 && (r = builder_new(run, m, NULL, args, count, &made)) == 0) {
		self->o->items = made.o->items;
		self->o->count = made.o->count;
		self->o->room = made.o->room;
	}
	return r;
}

METHOD(builder_start)
{
	struct bytes words[CALL_ARGUMENTS_MAX];
	struct java_object list = *self->o;
	struct java_value v = java_object(&list);
	unsigned n;
	int r;

	list.kind = OBJECT_LIST;
	if ((r = java_process_words(run, &v, words, &n)) < 0)
		return r;
	return java_process_start(run, words, n, self->o->merged, ret);
}

METHOD(output)
{
	int r;

	if (m->variant == 2) { /* its input: nobody reads it any more */
		struct java_object *o;

		if ((r = java_make(run, OBJECT_BUILDER, "java.io.PrintStream", &o)) == 0)
			*ret = java_object(o);
		return r;
	}
	if ((r = java_stream_of(run, "java.io.BufferedInputStream", m->variant == 1 ? self->o->err : self->o->text, ret)) == 0)
		ret->o->inner = *self;
	return r;
}

/* Groovy's text, JavaScript libraries' outputs */
METHOD(text)
{
	java_process_wait(run, self->o);
	*ret = java_string(m->variant == 1 ? self->o->err : self->o->text);
	return 0;
}

METHOD(wait_for)
{
	java_process_wait(run, self->o);
	*ret = count > 1 ? java_bool(true) : java_int(self->o->status);
	return 0;
}

METHOD(process_fact)
{
	*ret = m->variant == 1 ? java_bool(!self->o->seen) : java_long(1000 + (int64_t)java_unknown_word(run, "pid").left);
	return 0;
}

/* waitForProcessOutput(out, err): Groovy writes both where it is told */
METHOD(consume)
{
	struct bytes *texts[] = { &self->o->text, &self->o->err };
	int r = 0;

	java_process_wait(run, self->o);
	for (unsigned i = 0; i < count && i < COUNT_OF(texts) && r == 0; i++) {
		struct java_value text = java_string(*texts[i]);

		if (args[i].kind == JAVA_OBJECT)
			r = java_method_call(run, &args[i], NULL, bytes_text("append"), &text, 1, ret);
	}
	*ret = java_null();
	return r;
}

METHOD(nothing)
{
	*ret = self != NULL ? *self : java_null();
	return 0;
}

/* freemarker.template.utility.Execute, called with a command line: its output */
METHOD(run_line)
{
	struct java_value process, command = args[0];
	struct bytes words[CALL_ARGUMENTS_MAX];
	unsigned n;
	int r;

	if (args[0].kind == JAVA_OBJECT) { /* exec(list of one command line) */
		struct java_value *items;

		if ((r = java_items_of(run, &args[0], &items, &n)) < 0)
			return r;
		if (n == 0)
			return java_throw(run, "freemarker.template.TemplateModelException", "");
		command = items[0];
	}
	if ((r = java_process_words(run, &command, words, &n)) < 0 || (r = java_process_start(run, words, n, false, &process)) < 0)
		return r;
	java_process_wait(run, process.o);
	*ret = java_string(process.o->text);
	return 0;
}

METHOD(construct)
{
	if (args[0].kind != JAVA_STRING)
		return java_throw(run, "freemarker.template.TemplateModelException", "");
	return java_method_new(run, class_named(run, args[0].s), args + 1, count - 1, ret);
}

static const char rt[] = "java.lang.Runtime", pb[] = "java.lang.ProcessBuilder", process[] = "java.lang.Process";
static const struct java_method list[] = {
	{ rt, "getRuntime", "", METHOD_STATIC, 0, runtime }, { rt, "new", "", METHOD_NEW, 0, runtime }, { rt, "exec", "a", 0, 0, exec }, { rt, "exec", "aa", METHOD_OPEN, 0, exec }, { rt, "exec", "aaa", METHOD_OPEN, 0, exec },
	{ rt, "availableProcessors", "", 0, 0, processors }, { rt, "totalMemory", "", 0, 0, processors }, { rt, "freeMemory", "", 0, 0, processors }, { rt, "maxMemory", "", 0, 0, processors },
	{ pb, "new", "*", METHOD_NEW, 0, builder_new }, { pb, "start", "", 0, 0, builder_start }, { pb, "redirectErrorStream", "b", 0, 1, builder_set },
	{ pb, "setRedirectErrorStream", "b", 0, 1, builder_set }, { pb, "command", "*", 0, 2, builder_set }, { pb, "setCommand", "*", 0, 2, builder_set }, { pb, "directory", "a", METHOD_OPEN, 0, nothing },
	{ pb, "inheritIO", "", 0, 0, nothing },
	{ process, "getInputStream", "", 0, 0, output }, { process, "getErrorStream", "", 0, 1, output }, { process, "getOutputStream", "", 0, 2, output }, { process, "inputReader", "", 0, 0, output },
	{ process, "getIn", "", 0, 0, output }, { process, "getErr", "", 0, 1, output }, { process, "getText", "*", 0, 0, text }, { process, "text", "", 0, 0, text }, { process, "waitFor", "*", 0, 0, wait_for }, { process, "exitValue", "", 0, 0, wait_for },
	{ process, "waitForOrKill", "i", 0, 0, wait_for }, { process, "waitForProcessOutput", "*", METHOD_OPEN, 0, consume }, { process, "consumeProcessOutput", "*", METHOD_OPEN, 0, consume },
	{ process, "isAlive", "", 0, 1, process_fact }, { process, "pid", "", 0, 0, process_fact }, { process, "destroy", "", 0, 0, nothing }, { process, "destroyForcibly", "", 0, 0, nothing },
	{ "freemarker.template.utility.Execute", "exec", "a", 0, 0, run_line },
	{ "freemarker.template.utility.Execute", "call", "s", 0, 0, run_line }, { "freemarker.template.utility.ObjectConstructor", "call", "s*", 0, 0, construct },
	{ "freemarker.template.utility.ObjectConstructor", "exec", "s*", 0, 0, construct },
};
const struct method_table methods_process = { list, COUNT_OF(list) };

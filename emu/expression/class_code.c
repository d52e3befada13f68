/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code that code runs: script engines, expression parsers, Groovy's shell; functions of scripts. */
#include "emu/expression/evaluate.h"

#include <errno.h>
#include <string.h>

METHOD(plain)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_PLAIN, m->type, &o);

	*ret = java_object(o);
	return r;
}

METHOD(engine)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_PLAIN, "javax.script.ScriptEngine", &o);

	*ret = java_object(o);
	return r;
}

/* variant: the language, or -1 - it for statements */
METHOD(run_text)
{
	unsigned at = m->signature[0] == 'a' && m->signature[1] == 's' ? 1 : 0;

	if (args[at].kind != JAVA_STRING)
		return java_throw(run, "java.lang.NullPointerException", "");
	return java_evaluate_inside(run, (enum expression_language)m->variant, args[at].s, m->variant == EXPRESSION_JAVA || m->variant == EXPRESSION_MVEL, ret);
}

/* parser.parseExpression(text): evaluated when its value is asked for, which is at once here */
METHOD(parsed)
{
	struct java_object *o;
	int r = java_make(run, OBJECT_PLAIN, "konseki.Template", &o);

	if (r < 0)
		return r;
	*ret = java_object(o);
	return java_evaluate_inside(run, EXPRESSION_SPEL, args[0].s, false, &o->inner);
}

METHOD(value)
{
	*ret = self->o->inner;
	return 0;
}

METHOD(wait)
{
	struct java_value v = java_long(java_to_long(&args[0]) * m->variant);

	return java_method_call(run, NULL, class_of("java.lang.Thread"), bytes_text("sleep"), &v, 1, ret);
}

/* Java.type("…") of a server's JavaScript */
METHOD(type)
{
	return java_class_value(run, class_named(run, args[0].s), ret);
}

METHOD(itself)
{
	*ret = args[0];
	return 0;
}

METHOD(construct)
{
	return java_method_new(run, self->o->of, args, count, ret);
}

METHOD(length)
{
	*ret = java_int(args[0].kind == JAVA_STRING ? (int64_t)java_text_length(args[0].s) : args[0].kind == JAVA_OBJECT ? (int64_t)args[0].o->count : 0);
	return 0;
}

/* fn:toUpperCase(a) and its like: the string's own methods */
METHOD(as_method)
{
	return java_method_call(run, &args[0], NULL, bytes_text(m->name), args + 1, count - 1, ret);
}

METHOD(text_of)
{
	struct bytes text;
	int r = java_stream_rest(run, &args[0], &text);

	*ret = java_string(text);
	return r;
}

METHOD(nothing)
{
	return 0;
}

METHOD(call)
{
	return java_code_call(run, self, args, count, ret);
}

/* exec(java.lang.Runtime.getRuntime(),'id'): XPath over beans calls the first argument's method (commons-jxpath) */
METHOD(of_first)
{
	return java_method_call(run, &args[0], NULL, bytes_text(m->name), args + 1, count - 1, ret);
}

static const char sem[] = "javax.script.ScriptEngineManager", se[] = "javax.script.ScriptEngine", fun[] = "konseki.Functions", sp[] = "org.springframework.expression.spel.standard.SpelExpressionParser",
	el[] = "javax.el.ELProcessor", ctx[] = "konseki.Context", tpl[] = "konseki.Template";
static const struct java_method list[] = {
	{ sem, "new", "*", METHOD_NEW | METHOD_OPEN, 0, plain }, { sem, "getEngineByName", "s", 0, 0, engine }, { sem, "getEngineByExtension", "s", 0, 0, engine }, { sem, "getEngineByMimeType", "s", 0, 0, engine },
	{ se, "eval", "s*", METHOD_OPEN, EXPRESSION_JAVA, run_text }, { se, "put", "aa", METHOD_OPEN, 0, nothing }, { sp, "new", "*", METHOD_NEW, 0, plain }, { sp, "parseExpression", "s*", METHOD_OPEN, 0, parsed }, { sp, "parseRaw", "s", 0, 0, parsed },
	{ tpl, "getValue", "*", METHOD_OPEN, 0, value }, { el, "new", "", METHOD_NEW, 0, plain }, { el, "eval", "s", 0, EXPRESSION_EL, run_text }, { el, "getValue", "s*", METHOD_OPEN, EXPRESSION_EL, run_text },
	{ "ognl.Ognl", "getValue", "s*", METHOD_STATIC | METHOD_OPEN, EXPRESSION_OGNL, run_text }, { "org.mvel2.MVEL", "eval", "s*", METHOD_STATIC | METHOD_OPEN, EXPRESSION_MVEL, run_text },
	{ "com.tangosol.coherence.mvel2.sh.ShellSession", "new", "s", METHOD_NEW, EXPRESSION_MVEL, run_text }, { "groovy.lang.GroovyShell", "new", "*", METHOD_NEW | METHOD_OPEN, 0, plain },
	{ "groovy.lang.GroovyShell", "evaluate", "s*", METHOD_OPEN, EXPRESSION_JAVA, run_text }, { "groovy.util.Eval", "me", "s", METHOD_STATIC, EXPRESSION_JAVA, run_text },
	{ ctx, "findValue", "s*", METHOD_OPEN, EXPRESSION_OGNL, run_text }, { ctx, "getValue", "s*", METHOD_OPEN, EXPRESSION_OGNL, run_text }, { ctx, "eval", "s*", METHOD_OPEN, EXPRESSION_JAVA, run_text },
	{ fun, "evaluate", "s", METHOD_STATIC, EXPRESSION_JAVA, run_text }, { fun, "eval", "s", METHOD_STATIC, EXPRESSION_JAVA, run_text }, { fun, "sleep", "i", METHOD_STATIC, 1, wait },
	{ fun, "load", "a", METHOD_STATIC, 0, nothing }, { fun, "importPackage", "*", METHOD_STATIC | METHOD_OPEN, 0, nothing }, { fun, "importClass", "*", METHOD_STATIC | METHOD_OPEN, 0, nothing },
	{ fun, "String", "a", METHOD_STATIC, 0, text_of }, { fun, "length", "a", METHOD_STATIC, 0, length }, { fun, "toUpperCase", "s", METHOD_STATIC, 0, as_method }, { fun, "toLowerCase", "s", METHOD_STATIC, 0, as_method },
	{ fun, "trim", "s", METHOD_STATIC, 0, as_method }, { fun, "contains", "ss", METHOD_STATIC, 0, as_method }, { fun, "startsWith", "ss", METHOD_STATIC, 0, as_method }, { fun, "endsWith", "ss", METHOD_STATIC, 0, as_method },
	{ fun, "replace", "sss", METHOD_STATIC, 0, as_method }, { fun, "substring", "sii", METHOD_STATIC, 0, as_method }, { fun, "split", "ss", METHOD_STATIC, 0, as_method }, { fun, "indexOf", "ss", METHOD_STATIC, 0, as_method },
	{ fun, "escapeXml", "s", METHOD_STATIC, 0, itself }, { fun, "exec", "oa", METHOD_STATIC, 0, of_first }, { "Java", "type", "s", METHOD_STATIC, 0, type }, { "Java", "to", "a*", METHOD_STATIC | METHOD_OPEN, 0, itself },
	{ "Java", "from", "a", METHOD_STATIC, 0, itself }, { "java.lang.Class", "call", "*", 0, 0, construct }, { "groovy.lang.Closure", "call", "*", METHOD_OPEN, 0, call }, { "groovy.lang.Closure", "run", "", 0, 0, call },
};
const struct method_table methods_code = { list, COUNT_OF(list) };

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The classes by name, and calls of their methods: which overload, and what its arguments are brought to. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Sources: the Java platform's API reference, and those of the libraries named. */
static const struct java_class classes[] = {
	{ "java.lang.Object", NULL }, { "java.lang.String", "java.lang.CharSequence" }, { "java.lang.CharSequence", NULL },
	{ "java.lang.Boolean", NULL }, { "java.lang.Character", NULL }, { "java.lang.Number", NULL },
	{ "java.lang.Byte", "java.lang.Number" }, { "java.lang.Short", "java.lang.Number" }, { "java.lang.Integer", "java.lang.Number" },
	{ "java.lang.Long", "java.lang.Number" }, { "java.lang.Float", "java.lang.Number" }, { "java.lang.Double", "java.lang.Number" },
	{ "java.math.BigInteger", "java.lang.Number" }, { "java.math.BigDecimal", "java.lang.Number" }, { "java.lang.Math", NULL }, { "java.lang.StrictMath", "java.lang.Math" },
	{ "java.lang.StringBuilder", "java.lang.AbstractStringBuilder" }, { "java.lang.StringBuffer", "java.lang.AbstractStringBuilder" },
	{ "java.lang.AbstractStringBuilder", "java.lang.CharSequence" },
	{ "java.lang.Class", NULL }, { "java.lang.ClassLoader", NULL }, { "java.lang.Runtime", NULL }, { "java.lang.ProcessBuilder", NULL },
	{ "java.lang.Process", NULL }, { "java.lang.ProcessImpl", "java.lang.Process" }, { "java.lang.UNIXProcess", "java.lang.Process" },
	{ "java.lang.System", NULL }, { "java.lang.Thread", NULL }, { "java.lang.Throwable", NULL }, { "java.lang.Exception", "java.lang.Throwable" },
	{ "java.lang.RuntimeException", "java.lang.Exception" }, { "java.lang.Error", "java.lang.Throwable" }, { "java.lang.Iterable", NULL },
	{ "java.lang.IllegalArgumentException", "java.lang.RuntimeException" }, { "java.io.IOException", "java.lang.Exception" },
	{ "java.lang.reflect.Method", NULL }, { "java.lang.reflect.Constructor", "java.lang.reflect.Method" }, { "java.lang.reflect.Field", NULL }, { "java.lang.reflect.Array", NULL },
	{ "java.lang.Object[]", NULL },
	{ "java.util.Collection", "java.lang.Iterable" }, { "java.util.List", "java.util.Collection" }, { "java.util.Set", "java.util.Collection" },
	{ "java.util.ArrayList", "java.util.List" }, { "java.util.LinkedList", "java.util.List" }, { "java.util.Vector", "java.util.List" },
	{ "java.util.HashSet", "java.util.Set" }, { "java.util.LinkedHashSet", "java.util.Set" }, { "java.util.TreeSet", "java.util.Set" }, { "java.util.Arrays", NULL },
	{ "java.util.Collections", NULL }, { "java.util.Map", NULL }, { "java.util.HashMap", "java.util.Map" },
	{ "java.util.LinkedHashMap", "java.util.HashMap" }, { "java.util.TreeMap", "java.util.Map" }, { "java.util.Hashtable", "java.util.Map" }, { "java.util.Properties", "java.util.Map" },
	{ "java.util.Map.Entry", NULL }, { "java.util.Iterator", NULL }, { "java.util.Scanner", "java.io.Reader" }, { "java.util.Base64", NULL },
	{ "java.util.Base64.Encoder", NULL }, { "java.util.Base64.Decoder", NULL }, { "java.util.Random", NULL }, { "java.util.UUID", NULL }, { "java.util.Date", NULL }, { "java.util.Objects", NULL },
	{ "java.util.regex.Pattern", NULL }, { "java.util.concurrent.TimeUnit", NULL }, { "java.util.stream.Collectors", NULL }, { "java.util.stream.Stream", "java.util.List" },
	{ "java.io.InputStream", NULL }, { "java.io.Reader", "java.io.InputStream" }, { "java.io.InputStreamReader", "java.io.Reader" }, { "java.io.BufferedReader", "java.io.Reader" },
	{ "java.io.BufferedInputStream", "java.io.InputStream" }, { "java.io.DataInputStream", "java.io.InputStream" }, { "java.io.FileInputStream", "java.io.InputStream" },
	{ "java.io.ByteArrayInputStream", "java.io.InputStream" }, { "java.io.FileReader", "java.io.Reader" }, { "java.io.SequenceInputStream", "java.io.InputStream" },
	{ "java.io.StringReader", "java.io.Reader" }, { "java.io.File", NULL }, { "java.io.OutputStream", NULL }, { "java.io.Writer", "java.io.OutputStream" },
	{ "java.io.ByteArrayOutputStream", "java.io.Writer" }, { "java.io.StringWriter", "java.io.Writer" }, { "java.io.PrintWriter", "java.io.Writer" }, { "java.io.PrintStream", "java.io.Writer" },
	{ "java.io.FileOutputStream", "java.io.OutputStream" }, { "java.io.FileWriter", "java.io.OutputStream" }, { "java.io.BufferedWriter", "java.io.Writer" }, { "java.io.OutputStreamWriter", "java.io.Writer" },
	{ "java.nio.file.Files", NULL }, { "java.nio.file.Path", "java.io.File" }, { "java.nio.file.Paths", NULL }, { "java.nio.charset.Charset", NULL },
	{ "java.nio.charset.StandardCharsets", NULL },
	{ "java.net.URL", NULL }, { "java.net.URI", "java.net.URL" }, { "java.net.URLConnection", NULL }, { "java.net.HttpURLConnection", "java.net.URLConnection" },
	{ "java.net.InetAddress", NULL }, { "java.net.Socket", NULL }, { "java.net.URLDecoder", NULL }, { "java.net.URLEncoder", NULL }, { "java.net.URLClassLoader", "java.lang.ClassLoader" },
	{ "javax.naming.InitialContext", NULL }, { "javax.naming.Context", "javax.naming.InitialContext" },
	{ "javax.script.ScriptEngineManager", NULL }, { "javax.script.ScriptEngine", NULL },
	{ "java.text.SimpleDateFormat", NULL }, { "java.security.MessageDigest", NULL }, { "javax.xml.bind.DatatypeConverter", NULL },
	{ "org.apache.commons.io.IOUtils", NULL }, { "org.apache.commons.io.FileUtils", NULL }, { "org.springframework.util.StreamUtils", NULL },
	{ "org.springframework.util.FileCopyUtils", "org.springframework.util.StreamUtils" }, { "org.springframework.util.StringUtils", NULL }, { "org.springframework.util.Base64Utils", NULL },
	{ "org.springframework.cglib.core.ReflectUtils", NULL }, { "org.apache.commons.lang3.StringUtils", "org.springframework.util.StringUtils" },
	{ "org.apache.commons.codec.binary.Base64", NULL }, { "sun.misc.BASE64Decoder", "java.util.Base64.Decoder" }, { "sun.misc.BASE64Encoder", "java.util.Base64.Encoder" },
	{ "org.apache.commons.codec.digest.DigestUtils", NULL },
	{ "freemarker.template.utility.Execute", NULL }, { "freemarker.template.utility.ObjectConstructor", NULL }, { "freemarker.template.utility.JythonRuntime", NULL },
	{ "groovy.lang.GroovyShell", NULL }, { "groovy.lang.Closure", NULL }, { "groovy.util.Eval", NULL }, { "groovy.lang.MissingPropertyException", "java.lang.RuntimeException" },
	{ "org.springframework.expression.spel.standard.SpelExpressionParser", NULL }, { "ognl.Ognl", NULL }, { "javax.el.ELProcessor", NULL }, { "jakarta.el.ELProcessor", "javax.el.ELProcessor" },
	{ "org.mvel2.MVEL", NULL }, { "com.tangosol.coherence.mvel2.sh.ShellSession", NULL }, { "jdk.nashorn.api.scripting.NashornScriptEngine", "javax.script.ScriptEngine" },
	{ "org.apache.struts2.ServletActionContext", NULL }, { "org.springframework.web.context.request.RequestContextHolder", NULL },
	{ "konseki.Response", NULL }, { "konseki.Request", NULL }, { "konseki.Functions", NULL }, { "konseki.Context", "java.util.Map" }, { "konseki.Template", NULL },
	{ "Java", NULL },
};

/* Packages whose classes need no name before them. */
static const struct { const char *package; unsigned languages; } imports[] = {
	{ "java.lang.", IN_ALL }, { "java.util.", IN_JAVA }, { "java.io.", IN_JAVA }, { "java.net.", IN_JAVA }, { "java.math.", IN_JAVA | IN_MVEL },
	{ "java.lang.reflect.", IN_JAVA }, { "java.nio.file.", IN_JAVA }, { "java.nio.charset.", IN_JAVA }, { "javax.script.", IN_JAVA }, { "java.util.regex.", IN_JAVA },
	{ "org.apache.commons.io.", IN_JAVA }, { "groovy.lang.", IN_JAVA }, { "groovy.util.", IN_JAVA }, { "javax.naming.", IN_JAVA }, { "java.security.", IN_JAVA },
	{ "sun.misc.", IN_JAVA },
};

static const struct method_table *const tables[] = {
	&methods_string, &methods_builder, &methods_number, &methods_lang, &methods_process, &methods_reflect, &methods_list, &methods_map, &methods_util,
	&methods_stream, &methods_file, &methods_net, &methods_web, &methods_code, &methods_format,
};

static const struct java_class *exact(struct bytes name)
{
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		if (bytes_equal(name, bytes_text(classes[i].name)))
			return &classes[i];
	}
	return NULL;
}

const struct java_class *class_of(const char *name)
{
	const struct java_class *c = exact(bytes_text(name));

	return c != NULL ? c : &classes[0];
}

const struct java_class *class_find(const struct java_run *run, struct bytes name)
{
	static const struct { const char *old, *now; } inner[] = {
		{ "java.util.Map$Entry", "java.util.Map.Entry" }, { "java.util.Base64$Encoder", "java.util.Base64.Encoder" },
		{ "java.util.Base64$Decoder", "java.util.Base64.Decoder" },
	};
	const struct java_class *c = exact(name);
	char full[128];

	for (size_t i = 0; i < COUNT_OF(inner) && c == NULL; i++)
		c = bytes_equal(name, bytes_text(inner[i].old)) ? exact(bytes_text(inner[i].now)) : NULL;
	for (size_t i = 0; i < COUNT_OF(imports) && c == NULL && name.left < 64 && memchr(name.at, '.', name.left) == NULL; i++) {
		if ((1u << run->language & imports[i].languages) == 0)
			continue;
		snprintf(full, sizeof(full), "%s%.*s", imports[i].package, (int)name.left, (const char *)name.at);
		c = exact(bytes_text(full));
	}
	/* Tomcat carries the libraries it uses under names of its own */
	if (c == NULL && name.left > 20 && bytes_starts_fold(name, bytes_text("jakarta.")) ) {
		snprintf(full, sizeof(full), "javax.%.*s", (int)(name.left < 100 ? name.left - 8 : 92), (const char *)name.at + 8);
		c = exact(bytes_text(full));
	}
	return c;
}

const struct java_class *class_named(struct java_run *run, struct bytes name)
{
	const struct java_class *c = class_find(run, name);
	struct java_class *made;
	uint8_t *to;

	if (c != NULL)
		return c;
	if ((made = java_take(run, sizeof(*made))) == NULL || (to = java_take(run, name.left + 1)) == NULL)
		return NULL;
	memcpy(to, name.at, name.left);
	made->name = (const char *)to;
	made->base = NULL;
	return made;
}

bool class_is_known(const struct java_class *c)
{
	return c >= classes && c < classes + COUNT_OF(classes);
}

bool class_name_plausible(struct bytes name)
{
	size_t last = 0;

	for (size_t i = 0; i < name.left; i++) {
		if (name.at[i] == '.')
			last = i + 1;
	}
	return last > 0 && last < name.left && isupper(name.at[last]) && islower(name.at[0]);
}

bool class_is(const struct java_class *c, const char *base)
{
	for (unsigned depth = 0; c != NULL && depth < 8; depth++) {
		if (strcmp(c->name, base) == 0)
			return true;
		c = c->base != NULL ? exact(bytes_text(c->base)) : NULL;
	}
	return false;
}

/* How well a value fits an argument's letter: 0 not at all, 1 by conversion, 2 as it is. */
static unsigned fits(char letter, const struct java_value *v)
{
	switch (letter) {
	case 's': return v->kind == JAVA_STRING ? 2 : v->kind == JAVA_OBJECT && v->o->kind != OBJECT_BUILDER && v->o->kind != OBJECT_TEXT ? 0 : 1;
	case 'i': return java_is_whole(v) || v->kind == JAVA_CHAR ? 2 : v->kind == JAVA_STRING || v->kind == JAVA_DOUBLE || v->kind == JAVA_DECIMAL ? 1 : 0;
	case 'n': return v->kind >= JAVA_CHAR && v->kind <= JAVA_DECIMAL ? 2 : v->kind == JAVA_STRING ? 1 : 0;
	case 'b': return v->kind == JAVA_BOOLEAN ? 2 : v->kind == JAVA_STRING ? 1 : 0;
	case 'o': return v->kind == JAVA_OBJECT || v->kind == JAVA_NULL ? 2 : 0;
	default: return 2;
	}
}

/* 0: no; else the better the more. */
static unsigned signature_fits(const char *signature, const struct java_value *args, unsigned count)
{
	unsigned worst = 2, i = 0;

	for (; *signature != '\0' && *signature != '*'; signature++, i++) {
		unsigned fit = i < count ? fits(*signature, &args[i]) : 0;

		worst = fit < worst ? fit : worst;
	}
	if (i > count || (i < count && *signature != '*'))
		return 0;
	return worst;
}

static int bring(struct java_run *run, const char *signature, struct java_value *args, unsigned count)
{
	struct bytes text;
	bool truth;
	int r = 0;

	for (unsigned i = 0; i < count && *signature != '\0' && *signature != '*' && r == 0; i++, signature++) {
		struct java_value *v = &args[i];

		if (*signature == 's' && v->kind != JAVA_STRING) {
			if (v->kind <= JAVA_VOID)
				continue;
			if ((r = java_to_text(run, v, &text)) == 0)
				*v = java_string(text);
		} else if (*signature == 'i' || *signature == 'n') {
			if (v->kind == JAVA_STRING)
				r = java_parse_number(run, v->s, *signature == 'i' ? JAVA_INT : JAVA_DOUBLE, 10, v);
			else if (*signature == 'i' && (v->kind == JAVA_DOUBLE || v->kind == JAVA_DECIMAL || v->kind == JAVA_BIG))
				*v = java_narrow(*v, JAVA_LONG);
		} else if (*signature == 'b' && v->kind != JAVA_BOOLEAN) {
			if ((r = java_truth(run, v, &truth)) == 0)
				*v = java_bool(truth);
		}
	}
	return r;
}

static const struct java_method *method_find(const struct java_class *c, struct bytes name, bool fixed, bool maker, const struct java_value *args,
                                             unsigned count, bool *named)
{
	const struct java_method *best = NULL;
	unsigned best_fit = 0;

	for (size_t t = 0; t < COUNT_OF(tables); t++) {
		for (unsigned i = 0; i < tables[t]->count; i++) {
			const struct java_method *m = &tables[t]->list[i];
			unsigned fit;

			if (((m->flags & METHOD_NEW) != 0) != maker || (fixed && (m->flags & METHOD_STATIC) == 0) || strcmp(m->type, c->name) != 0 ||
			    !bytes_equal(name, bytes_text(m->name)))
				continue;
			*named = true;
			if ((fit = signature_fits(m->signature, args, count)) > best_fit) {
				best_fit = fit;
				best = m;
			}
		}
	}
	return best;
}

/* Its own methods, then its bases', then Object's. */
static const struct java_method *method_of(const struct java_class *c, struct bytes name, bool fixed, const struct java_value *args, unsigned count,
                                           bool *named)
{
	const struct java_method *m = NULL;

	for (unsigned depth = 0; c != NULL && m == NULL && depth < 8; depth++) {
		m = method_find(c, name, fixed, false, args, count, named);
		c = c->base != NULL ? exact(bytes_text(c->base)) : NULL;
	}
	if (m == NULL && !fixed)
		m = method_find(&classes[0], name, false, false, args, count, named);
	return m;
}

bool java_method_exists(const struct java_run *run, const struct java_class *c, bool fixed, struct bytes name)
{
	bool named = false;

	(void)method_of(c, name, fixed, NULL, 0, &named);
	return named;
}

static bool takes_open(const struct java_value *args, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		if (java_is_open(&args[i]))
			return true;
	}
	return false;
}

/* Several arguments given as one array, where a method takes any number: Method.invoke's, ProcessBuilder's. */
static int invoke(struct java_run *run, const struct java_method *m, struct java_value *self, struct java_value *args, unsigned count,
                  struct java_value *ret)
{
	struct java_value kept = self != NULL ? *self : java_null(); /* ret may be where self is */
	int r;

	if (takes_open(args, count) && (m->flags & METHOD_OPEN) == 0 && m->variant >= 0)
		return java_open(run, m->name, ret);
	if ((r = bring(run, m->signature, args, count)) < 0)
		return r;
	*ret = java_null();
	run->outcome->evaluated = true;
	return m->call(run, m, self != NULL ? &kept : NULL, args, count, ret);
}

int java_method_call(struct java_run *run, struct java_value *target, const struct java_class *type, struct bytes name, struct java_value *args,
                unsigned count, struct java_value *ret)
{
	struct java_value open;
	const struct java_method *m = NULL;
	bool named = false;
	int r = java_step(run);

	if (r < 0)
		return r;
	if (target != NULL && java_is(target, OBJECT_CLASS)) {
		m = method_of(target->o->of, name, true, args, count, &named);
		if (m == NULL && !class_is_known(target->o->of) && !java_method_exists(run, class_of("java.lang.Class"), false, name))
			type = target->o->of;
	}
	if (m == NULL && type != NULL && !(target != NULL && class_is_known(type)))
		m = method_of(type, name, target == NULL, args, count, &named);
	if (m == NULL && target != NULL && !(java_is(target, OBJECT_CLASS) && !class_is_known(target->o->of) && type != NULL))
		m = method_of(java_is_open(target) ? class_of("konseki.Context") : java_type(target), name, false, args, count, &named);
	if (m != NULL)
		return invoke(run, m, target, args, count, ret);
	/* a function under that name in a map */
	if (target != NULL && java_is(target, OBJECT_MAP)) {
		struct java_value key = java_string(name);
		int at = java_map_find(run, target->o, &key);

		if (at >= 0 && java_is(&target->o->items[at + 1], OBJECT_LAMBDA))
			return java_code_call(run, &target->o->items[at + 1], args, count, ret);
	}
	/* what is not in our tables of a class that we do not know is the victim's */
	if ((type != NULL && !class_is_known(type)) || (target != NULL && (java_is_open(target) || !class_is_known(java_type(target))))) {
		if ((r = java_open(run, "method", &open)) == 0)
			*ret = open;
		return r;
	}
	if (named)
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	return java_refuse(run, "method", name);
}

int java_method_new(struct java_run *run, const struct java_class *c, struct java_value *args, unsigned count, struct java_value *ret)
{
	const struct java_method *m;
	bool named = false;

	if (c == NULL)
		return -E2BIG;
	m = method_find(c, bytes_text("new"), false, true, args, count, &named);
	if (m != NULL)
		return invoke(run, m, NULL, args, count, ret);
	if (class_is_known(c) && named)
		return java_throw(run, "java.lang.IllegalArgumentException", "");
	/* exceptions have the same constructor all */
	if (strlen(c->name) > 9 && (strcmp(c->name + strlen(c->name) - 9, "Exception") == 0 || class_is(c, "java.lang.Throwable"))) {
		struct java_object *o;
		struct bytes text = { 0 };
		int r = java_make(run, OBJECT_THROWABLE, "java.lang.Exception", &o);

		if (r < 0 || (count > 0 && (r = java_to_text(run, &args[0], &text)) < 0))
			return r;
		o->type = c;
		o->text = text;
		*ret = java_object(o);
		return 0;
	}
	if (class_is_known(c)) {
		struct java_object *o;
		int r = java_make(run, OBJECT_PLAIN, c->name, &o);

		if (r == 0)
			*ret = java_object(o);
		return r;
	}
	/* a stream or reader of a library's own, over what it is given */
	if (count > 0 && strlen(c->name) > 6 && (strcmp(c->name + strlen(c->name) - 6, "Stream") == 0 || strcmp(c->name + strlen(c->name) - 6, "Reader") == 0) &&
	    strstr(c->name, "Output") == NULL && !java_is_open(&args[0])) {
		struct bytes text;
		int r = java_stream_rest(run, &args[0], &text);

		return r < 0 ? r : java_stream_of(run, "java.io.InputStream", text, ret);
	}
	return java_open(run, "new object", ret);
}

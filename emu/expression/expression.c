/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One evaluation from its text to its outcome; templates of languages that only put expressions into text. */
#include "emu/expression/class.h"
#include "emu/expression/request.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* What stands before the brace of an expression. */
static const char *marks_of(enum expression_language l)
{
	static const char *const marks[EXPRESSION_LANGUAGES] = {
		[EXPRESSION_SPEL] = "#$", [EXPRESSION_OGNL] = "%$", [EXPRESSION_EL] = "$#", [EXPRESSION_MVEL] = "@$", [EXPRESSION_JAVA] = "$",
		[EXPRESSION_THYMELEAF] = "$*",
	};

	return marks[l] != NULL ? marks[l] : "";
}

size_t java_template_end(struct bytes text, size_t at, char close)
{
	char open[64];
	unsigned depth = 0;

	for (; at < text.left; at++) {
		uint8_t c = text.at[at];

		if (c == '"' || c == '\'') {
			size_t end = at + 1;

			while (end < text.left && text.at[end] != c)
				end += text.at[end] == '\\' && end + 1 < text.left ? 2 : 1;
			if (end >= text.left)
				return text.left;
			at = end;
		} else if (depth == 0 && c == (uint8_t)close) {
			return at;
		} else if (c == '(' || c == '[' || c == '{') {
			if (depth == sizeof(open))
				return text.left;
			open[depth++] = c == '(' ? ')' : c == '[' ? ']' : '}';
		} else if ((c == ')' || c == ']' || c == '}') && depth > 0 && open[depth - 1] == (char)c) {
			depth--;
		}
	}
	return text.left;
}

int java_evaluate_inside(struct java_run *run, enum expression_language language, struct bytes text, bool statements, struct java_value *ret)
{
	enum expression_language before = run->language;
	enum dialect dialect = run->dialect;
	enum leaving leaving = run->leaving;
	struct node *n;
	int r;

	if (++run->calls > CALLS_MAX)
		return -E2BIG;
	run->language = language;
	run->leaving = LEAVING_NOT;
	r = statements ? java_statements_parse(run, text, &n) : java_expression_parse(run, text, &n);
	if (r == -EBADMSG)
		r = java_throw(run, "java.lang.IllegalArgumentException", "");
	if (r == 0 && statements) {
		run->result = java_null();
		r = java_execute(run, n);
		*ret = run->result;
	} else if (r == 0) {
		r = java_evaluate(run, n, ret);
	}
	run->language = before;
	run->dialect = dialect;
	run->leaving = leaving;
	run->calls--;
	return r;
}

/* An expression out of a template, and its value's text. */
static int put_value(struct java_run *run, struct bytes text, struct java_object *out)
{
	struct java_value v;
	struct bytes shown;
	struct node *n;
	int r;

	if ((r = java_expression_parse(run, text, &n)) < 0 || (r = java_evaluate(run, n, &v)) < 0)
		return r;
	run->outcome->evaluated = true;
	if ((r = java_to_output(run, &v, &shown)) < 0)
		return r;
	return java_write(run, out, shown);
}

int java_template_run(struct java_run *run, struct bytes text, struct java_object *out)
{
	const char *marks = marks_of(run->language);
	size_t copied = 0;
	int r;

	for (size_t at = 0; at < text.left; at++) {
		size_t begin = at + 2, end = begin;

		if (text.at[at] == '\0' || strchr(marks, text.at[at]) == NULL || at + 1 >= text.left)
			continue;
		if (text.at[at + 1] == '{') {
			end = java_template_end(text, begin, '}');
			if (end >= text.left)
				return -EBADMSG;
		} else if (run->language == EXPRESSION_JAVA && (isalpha(text.at[at + 1]) || text.at[at + 1] == '_')) {
			begin--;
			end = begin;
			while (end < text.left && (isalnum(text.at[end]) || text.at[end] == '_' || (text.at[end] == '.' && end + 1 < text.left && isalpha(text.at[end + 1]))))
				end++;
		} else {
			continue;
		}
		if ((r = java_write(run, out, bytes_of(text.at + copied, at - copied))) < 0 || (r = put_value(run, bytes_of(text.at + begin, end - begin), out)) < 0)
			return r;
		copied = end + (text.at[at + 1] == '{');
		at = copied - 1;
	}
	return java_write(run, out, bytes_of(text.at + copied, text.left - copied));
}

static int name_object(struct java_run *run, const char *name, const char *type)
{
	struct java_value v;
	struct java_object *o;
	int r = strcmp(type, "?") == 0 ? java_open(run, name, &v) : java_make(run, OBJECT_PLAIN, type, &o);

	if (r < 0)
		return r;
	if (strcmp(type, "?") != 0)
		v = java_object(o);
	return java_variable_set(run, bytes_text(name), v, false);
}

/* What the languages' hosts give to every expression. */
static int furnish(struct java_run *run)
{
	static const struct { const char *name; const char *type; unsigned languages; } names[] = {
		{ "context", "?", IN_OGNL | IN_VELOCITY }, { "_memberAccess", "?", IN_OGNL }, { "application", "?", IN_OGNL | IN_EL | IN_JAVA | IN_VELOCITY }, { "session", "?", IN_OGNL | IN_EL | IN_JAVA | IN_VELOCITY | IN_SPEL },
		{ "attr", "?", IN_OGNL }, { "request", "konseki.Request", IN_OGNL | IN_EL | IN_JAVA | IN_VELOCITY | IN_SPEL }, { "response", "konseki.Response", IN_EL | IN_JAVA | IN_VELOCITY | IN_SPEL | IN_OGNL },
		{ "req", "konseki.Request", IN_VELOCITY }, { "res", "konseki.Response", IN_VELOCITY }, { "out", "konseki.Response", IN_JAVA }, { "pageContext", "?", IN_EL | IN_JAVA },
		{ "facesContext", "?", IN_EL }, { "requestScope", "?", IN_EL }, { "sessionScope", "?", IN_EL }, { "applicationScope", "?", IN_EL }, { "pageScope", "?", IN_EL }, { "view", "?", IN_EL }, { "externalContext", "?", IN_EL },
		{ "class", "?", IN_VELOCITY }, { "stack", "?", IN_VELOCITY | IN_OGNL }, { "action", "?", IN_VELOCITY }, { "ctx", "?", IN_SPEL | IN_MVEL | IN_JAVA }, { "exchange", "?", IN_SPEL },
		{ "doc", "?", IN_MVEL | IN_JAVA }, { "_source", "?", IN_MVEL },
	};
	struct java_value parameters;
	int r = 0;

	for (size_t i = 0; i < COUNT_OF(names) && r == 0; i++) {
		unsigned in = run->language == EXPRESSION_THYMELEAF ? IN_SPEL : 1u << run->language;

		if ((in & names[i].languages) != 0)
			r = name_object(run, names[i].name, names[i].type);
	}
	if (r < 0 || (r = java_request_parameters(run, &parameters)) < 0)
		return r;
	if (run->language == EXPRESSION_OGNL)
		return java_variable_set(run, bytes_text("parameters"), parameters, false);
	if (run->language == EXPRESSION_EL) {
		for (unsigned i = 1; i < parameters.o->count; i += 2)
			parameters.o->items[i] = parameters.o->items[i].o->items[0];
		return java_variable_set(run, bytes_text("param"), parameters, false);
	}
	return 0;
}

/* Java's compiler and OGNL's lexer read \uXXXX as the character anywhere, before anything else. */
static struct bytes plain_text(struct java_run *run, struct bytes text)
{
	bool bare = bytes_find(text, bytes_text("\\u00")) >= 0 || bytes_find(text, bytes_text("\\u0")) >= 0;
	uint8_t *to, code[4];
	size_t used = 0;

	if (!bare || (run->language != EXPRESSION_JAVA && run->language != EXPRESSION_OGNL) || (to = java_take(run, text.left + 1)) == NULL)
		return text;
	for (size_t i = 0; i < text.left; i++) {
		int64_t c = 0;
		size_t k = 0;

		for (; text.at[i] == '\\' && i + 5 < text.left && text.at[i + 1] == 'u' && k < 4 && isxdigit(text.at[i + 2 + k]); k++)
			c = c * 16 + (isdigit(text.at[i + 2 + k]) ? text.at[i + 2 + k] - '0' : (text.at[i + 2 + k] | 32) - 'a' + 10);
		if (k < 4) {
			to[used++] = text.at[i];
			continue;
		}
		used += java_text_put(c, code) > 0 ? (memcpy(to + used, code, java_text_put(c, code)), java_text_put(c, code)) : 0;
		i += 5;
	}
	return bytes_of(to, used);
}

static enum dialect dialect_of(struct bytes text)
{
	static const struct { const char *mark; enum dialect dialect; } marks[] = {
		{ "def ", DIALECT_GROOVY }, { ".execute()", DIALECT_GROOVY }, { "println ", DIALECT_GROOVY }, { "println(", DIALECT_GROOVY }, { "'''", DIALECT_GROOVY }, { ".text", DIALECT_GROOVY },
		{ "groovy", DIALECT_GROOVY }, { ".each", DIALECT_GROOVY }, { ".collect", DIALECT_GROOVY }, { "function", DIALECT_SCRIPT }, { "var ", DIALECT_SCRIPT }, { "Java.type", DIALECT_SCRIPT }, { "=>", DIALECT_SCRIPT },
		{ "let ", DIALECT_SCRIPT }, { "Packages.", DIALECT_SCRIPT }, { "load(", DIALECT_SCRIPT },
	};

	if (bytes_find(text, bytes_text("System.out.println(")) >= 0 || bytes_find(text, bytes_text("out.println(")) >= 0)
		return bytes_find(text, bytes_text("def ")) >= 0 ? DIALECT_GROOVY : DIALECT_JAVA;
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		if (bytes_find(text, bytes_text(marks[i].mark)) >= 0)
			return marks[i].dialect;
	}
	return DIALECT_JAVA;
}

static bool only_functions(const struct node *block)
{
	for (const struct node *s = block->arguments; s != NULL; s = s->next) {
		if (s->kind != NODE_FUNCTION)
			return false;
	}
	return true;
}

static int run_whole(struct java_run *run, struct bytes text)
{
	bool statements = run->language == EXPRESSION_JAVA || run->language == EXPRESSION_MVEL;
	struct java_value v;
	struct node *n;
	int r = statements ? java_statements_parse(run, text, &n) : java_expression_parse(run, text, &n);

	if (r < 0)
		return r;
	run->result = java_null();
	if (statements && (r = java_execute(run, n)) == 0)
		v = run->result;
	else if (!statements)
		r = java_evaluate(run, n, &v);
	/* a script that is a function, or nothing but functions, is called; its arguments are the victim's */
	if (r == 0 && statements && v.kind <= JAVA_VOID && run->page->text.left == 0 && run->globals->first != NULL && java_is(&run->globals->first->value, OBJECT_LAMBDA) && only_functions(n))
		v = run->globals->first->value;
	if (r == 0 && java_is(&v, OBJECT_LAMBDA))
		r = java_code_call(run, &v, NULL, 0, &v);
	if (r < 0)
		return r;
	run->outcome->evaluated = true;
	if ((r = java_to_text(run, &v, &run->outcome->value)) < 0 || (statements && v.kind <= JAVA_VOID))
		return r;
	if (run->page->text.left > 0 && run->page->text.at[run->page->text.left - 1] != '\n' && (r = java_write(run, run->page, bytes_text("\n"))) < 0)
		return r;
	return (r = java_to_output(run, &v, &text)) < 0 ? r : java_write(run, run->page, text);
}

static int run_template(struct java_run *run, struct bytes text)
{
	struct java_object *out;
	int r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out);

	if (r < 0)
		return r;
	switch (run->language) {
	case EXPRESSION_FREEMARKER: r = java_freemarker_run(run, text, out); break;
	case EXPRESSION_VELOCITY: r = java_velocity_run(run, text, out); break;
	case EXPRESSION_THYMELEAF: r = java_thymeleaf_run(run, text, out); break;
	default: r = java_template_run(run, text, out);
	}
	if (r < 0)
		return r;
	run->outcome->value = out->text;
	if (run->written && (r = java_write(run, run->page, bytes_text("\n"))) < 0)
		return r;
	return java_write(run, run->page, out->text);
}

/* An exception that the code made of a text is shown by most error pages. */
static int show_thrown(struct java_run *run)
{
	struct java_object *o = run->thrown.kind == JAVA_OBJECT ? run->thrown.o : NULL;
	int r;

	run->outcome->threw = true;
	if (o == NULL || o->kind != OBJECT_THROWABLE || o->text.left == 0)
		return 0;
	if (run->page->text.left > 0 && (r = java_write(run, run->page, bytes_text("\n"))) < 0)
		return r;
	return java_write(run, run->page, o->text);
}

int expression_evaluate(enum expression_language language, bool whole, struct bytes text, const struct expression_host *host,
                        struct arena *a, struct expression_outcome *ret)
{
	struct scope globals = { 0 };
	struct java_run run = { .arena = a, .arena_began = a->used, .language = language, .host = host, .outcome = ret, .scope = &globals, .globals = &globals };
	int r;

	*ret = (struct expression_outcome){ 0 };
	if (text.left > EXPRESSION_TEXT_MAX)
		return -E2BIG;
	if ((r = java_make(&run, OBJECT_BUILDER, "java.lang.StringBuilder", &run.page)) < 0 || (r = java_open(&run, "root", &run.root)) < 0 || (r = furnish(&run)) < 0)
		return r;
	if (language == EXPRESSION_OGNL)
		run.current = run.root = java_null();
	text = plain_text(&run, text);
	if (language == EXPRESSION_JAVA)
		run.dialect = dialect_of(text);
	r = whole ? run_whole(&run, text) : run_template(&run, text);
	if (r == -EDOM)
		r = show_thrown(&run);
	ret->shown = run.page->text;
	if (ret->shown.left > EXPRESSION_SHOWN_MAX)
		ret->shown.left = EXPRESSION_SHOWN_MAX;
	return r == -ENOTSUP ? 0 : r;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A lexer for expressions of any engine: names, literals, operators, brackets. It asks whether they fit each other as
 * operands and operators do, and of what the value is made: of literals alone, of names that engines themselves bring, or
 * of names that only the application knows.
 */
#include "control/extract/template_code.h"

#include <ctype.h>
#include <string.h>

enum { OPEN_MAX = 64, WORD_MAX = 64, INSIDE_MAX = 16384 };

/* What the engines bring themselves, under the names that templates call it by. */
static const char *const globals[] = {
	"config", "request", "session", "self", "g", "cycler", "joiner", "namespace", "lipsum", "url_for", "get_flashed_messages", /* Jinja2, Flask */
	"_self", "_context", "_charset", "app", "dump", "source", "constant", "attribute", "range", "include", /* Twig, Symfony */
	"smarty", "settings", "handler", "locals", "globals", "this", "self_", "context", "_env", /* Smarty, Django, Tornado, Mako */
	"applicationScope", "sessionScope", "requestScope", "param", "header", "cookie", "initParam", "pageContext", "facesContext", /* EL */
	"systemProperties", "environment", "execInfo", "application", "servletContext", "root", "process", "class", "_",
};

/* Words of languages below the engines: no application's template has a use for them. */
static const char *const reaching[] = {
	"system", "passthru", "shell_exec", "popen", "exec", "proc_open", "phpinfo", "eval", "assert", "getRuntime", "ProcessBuilder", "forName", "getClass",
	"newInstance", "getDeclaredMethod", "getMethod", "invoke", "Runtime", "java", "javax", "constructor", "prototype", "require", "child_process",
	"execSync", "spawnSync", "popen3", "popen2e", "capture2", "subprocess", "os", "importlib", "builtins", "file_get_contents", "readfile", "registerUndefinedFilterCallback", "getFilter",
	"freemarker", "Execute", "ObjectConstructor", "JythonRuntime", "springframework", "ognl", "OgnlContext", "_memberAccess", "getParameter",
	"ScriptEngineManager", "getEngineByName", "classLoader", "getResource", "getProtectionDomain", "toURI", "getInputStream", "File", "IO", "Dir", "Kernel",
	"instance_eval", "__proto__",
};

static bool word_in(struct bytes w, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (bytes_equal(w, bytes_text(words[i])))
			return true;
	}
	return false;
}

/* What was seen so far. */
struct look {
	struct bytes b;
	size_t at;
	bool operand;             /* the last thing was an operand */
	bool after_dot, after_pipe;
	bool statement;
	unsigned open;
	uint8_t brackets[OPEN_MAX];
	bool calls[OPEN_MAX];     /* the bracket is a call's */
	unsigned literals, names, engine, reach, operators, called, items, filters, attributes, keywords, arguments;
	unsigned tokens;
	bool bad;
};

static bool is_word(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '$';
}

static bool is_dunder(struct bytes w)
{
	return w.left > 4 && w.at[0] == '_' && w.at[1] == '_' && w.at[w.left - 1] == '_' && w.at[w.left - 2] == '_';
}

static void literal(struct look *l)
{
	l->bad |= l->operand && l->open == 0 && !l->statement;
	l->literals++;
	l->arguments += l->open > 0 && l->calls[l->open - 1];
	l->operand = true;
}

static void read_string(struct look *l)
{
	uint8_t quote = l->b.at[l->at++];

	while (l->at < l->b.left && l->b.at[l->at] != quote)
		l->at += l->b.at[l->at] == '\\' ? 2 : 1;
	l->bad |= l->at >= l->b.left;
	/* the name of a class or module, of a function, or a path to them */
	l->at++;
	literal(l);
}

/* `id`: a shell's command in Ruby and PHP. */
static void read_command(struct look *l)
{
	read_string(l);
	l->reach++;
	l->called++;
}

static void read_number(struct look *l)
{
	while (l->at < l->b.left && (isalnum(l->b.at[l->at]) || (l->b.at[l->at] == '.' && l->at + 1 < l->b.left && isdigit(l->b.at[l->at + 1]))))
		l->at++;
	literal(l);
}

static const char *const operators_of_words[] = { "and", "or", "not", "in", "is", "if", "else", "matches", "eq", "ne", "lt", "gt", "le", "ge", "mod", "div", "instanceof",
	"starts", "ends", "with", "as", "new", "var", "def" };
static const char *const constants[] = { "true", "false", "none", "None", "True", "False", "null", "nil", "empty" };

static void read_word(struct look *l)
{
	size_t from = l->at;
	struct bytes w;
	bool dollar;

	while (l->at < l->b.left && is_word(l->b.at[l->at]))
		l->at++;
	w = bytes_of(l->b.at + from, l->at - from);
	dollar = w.left > 1 && w.at[0] == '$';
	if (dollar)
		w = bytes_of(w.at + 1, w.left - 1);
	if (is_dunder(w) || word_in(w, reaching, COUNT_OF(reaching)))
		l->reach += is_dunder(w) || l->b.left > l->at; /* a single such word is a word */
	if (l->after_dot || l->after_pipe) {
		l->attributes += l->after_dot;
		l->after_dot = l->after_pipe = false;
		l->operand = true;
		return;
	}
	if (word_in(w, operators_of_words, COUNT_OF(operators_of_words))) {
		l->keywords++;
		l->operand = false;
		return;
	}
	l->bad |= l->operand && !l->statement && l->open == 0;
	if (word_in(w, constants, COUNT_OF(constants)))
		l->literals++;
	else if (word_in(w, globals, COUNT_OF(globals)) && (!dollar || bytes_equal(w, bytes_text("smarty")))) /* $self and $_ are Perl's and PHP's */
		l->engine++;
	else
		l->names++;
	l->operand = true;
}

static void open_bracket(struct look *l, uint8_t c)
{
	static const char opening[] = "([{", closing[] = ")]}";

	if (l->open == OPEN_MAX) {
		l->bad = true;
		return;
	}
	l->calls[l->open] = c == '(' && l->operand;
	l->called += c == '(' && l->operand;
	l->items += c == '[' && l->operand;
	l->brackets[l->open++] = (uint8_t)closing[strchr(opening, c) - opening];
	l->operand = false;
}

static void read_mark(struct look *l)
{
	uint8_t c = l->b.at[l->at++], next = l->at < l->b.left ? l->b.at[l->at] : 0;

	if (c == '(' || c == '[' || c == '{') {
		open_bracket(l, c);
	} else if (c == ')' || c == ']' || c == '}') {
		l->bad |= l->open == 0 || l->brackets[l->open - 1] != c;
		l->open -= l->open > 0;
		l->operand = true;
	} else if (c == '.' || (c == ':' && next == ':') || (c == '-' && next == '>')) {
		l->at += c != '.';
		l->after_dot = true;
		l->bad |= !l->operand && c != '.';
		l->operand = false;
	} else if (c == '|' && next != '|') {
		l->filters++;
		l->after_pipe = true;
		l->bad |= !l->operand;
		l->operand = false;
	} else if (c == '?' && l->operand && isalpha(next)) {
		l->after_dot = true; /* Freemarker's own: "class"?new */
		l->operand = false;
	} else if (strchr("+-*/%~<>=!&|^", c) != NULL) {
		l->operators += l->operand;
		l->bad |= !l->operand && strchr("+-!~*&=<>", c) == NULL;
		l->operand = false;
	} else if (strchr(",:?;@#\\", c) != NULL) {
		l->bad |= c == ',' && l->tokens == 1 && !l->statement;
		l->operand = c == '?' ? l->operand : false;
	} else {
		l->bad = true;
	}
}

static void look_through(struct look *l)
{
	while (l->at < l->b.left && !l->bad) {
		uint8_t c = l->b.at[l->at];

		l->tokens += !isspace(c);
		if (isspace(c))
			l->at++;
		else if (c == '"' || c == '\'')
			read_string(l);
		else if (c == '`')
			read_command(l);
		else if (isdigit(c) && !l->after_dot)
			read_number(l);
		else if (is_word(c))
			read_word(l);
		else
			read_mark(l);
	}
	l->bad |= l->open > 0 || (!l->operand && !l->statement);
}

/* Statements of templates, by the word they begin with. */
static const char *const tags[] = {
	"if", "for", "set", "macro", "block", "include", "import", "from", "extends", "with", "filter", "apply", "call", "do", "debug", "load", "autoescape",
	"raw", "verbatim", "embed", "math", "fetch", "php", "eval", "comment", "now", "while", "foreach", "assign", "list", "sandbox", "module", "elif", "elseif", "else", "endif", "endfor",
};

enum template_code template_code(struct bytes inside, bool statement)
{
	struct look l = { .b = inside, .statement = statement };
	size_t from = 0, to;
	unsigned does;

	if (inside.left == 0 || inside.left > INSIDE_MAX)
		return TEMPLATE_NOTHING;
	if (statement) {
		while (from < inside.left && !isalpha(inside.at[from]))
			from++;
		for (to = from; to < inside.left && is_word(inside.at[to]); to++)
			;
		if (!word_in(bytes_of(inside.at + from, to - from), tags, COUNT_OF(tags)))
			return TEMPLATE_NOTHING;
		if (to - from == 5 && memcmp(inside.at + from, "debug", 5) == 0)
			return TEMPLATE_PROBE;
		l.at = to;
		/* the loop's own names */
	}
	look_through(&l);
	if (l.bad || l.tokens == 0)
		return TEMPLATE_NOTHING;
	does = l.operators + l.called + l.filters + l.items + l.attributes;
	if (l.reach > 0 && (does > 0 || statement))
		return TEMPLATE_REACH;
	if (l.engine > 0 && l.names == 0)
		return does > 0 || statement ? TEMPLATE_PROBE : TEMPLATE_GLOBAL;
	if (statement && l.engine > 0 && l.keywords > 0 && l.names <= 2)
		return TEMPLATE_PROBE;
	if (l.names == 0 && l.literals > 0 && (does > 0 || statement))
		return TEMPLATE_PROBE;
	if (l.called > 0 || (l.literals > 0 && does > 0) || statement)
		return TEMPLATE_ORDINARY;
	return TEMPLATE_NOTHING;
}

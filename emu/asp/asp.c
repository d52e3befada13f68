/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages, statements and expressions. */
#include "emu/asp/inside.h"

#include <errno.h>
#include <string.h>

/* Operators by what binds closer; VBScript's & binds less than +. */
static const struct { const char *sign; unsigned power; } operators[] = {
	{ "&", 1 }, { "+", 2 }, { "-", 2 }, { "mod", 3 }, { "\\", 4 }, { "*", 5 }, { "/", 5 }, { "%", 5 }, { "^", 6 },
};

/* Words that begin what is not modelled. */
static const char *const refused[] = {
	"if", "for", "while", "do", "function", "sub", "class", "select", "with", "try", "switch", "foreach", "using", "public", "private",
};

static struct asp_value expression(struct asp_page *, unsigned least);

static bool goes_on(struct asp_page *p)
{
	if (p->error < 0 || p->stopped)
		return false;
	if (++p->steps > ASP_STEPS_MAX) {
		p->out->bounded = p->stopped = true;
		return false;
	}
	return true;
}

void asp_write(struct asp_page *p, struct bytes text)
{
	p->did = true;
	sink_put(&p->written, text.at, text.left);
}

/* Behind an opening bracket; how many there are. */
static int arguments_read(struct asp_page *p, const char *close, struct asp_value *ret)
{
	int n = 0;

	while (goes_on(p) && !asp_sign(p, close) && p->next.token != ASP_END) {
		struct asp_value v = expression(p, 0);

		if (n < ASP_ARGUMENTS_MAX)
			ret[n++] = v;
		if (asp_sign(p, ","))
			asp_read(p);
		else if (!asp_sign(p, close))
			break;
	}
	if (!asp_sign(p, close))
		asp_stop(p, "brackets that do not close");
	asp_read(p);
	return n;
}

/* A name with what is called and taken of it. */
static struct asp_value chain(struct asp_page *p)
{
	struct asp_value arguments[ASP_ARGUMENTS_MAX], v;
	struct bytes name = p->next.text;
	int count = -1;

	asp_read(p);
	if (asp_sign(p, "(")) {
		asp_read(p);
		count = arguments_read(p, ")", arguments);
	}
	v = asp_global(p, name, arguments, count);
	while (goes_on(p) && (asp_sign(p, ".") || asp_sign(p, "[") || asp_sign(p, "("))) {
		bool member = asp_sign(p, "."), call = asp_sign(p, "(");

		asp_read(p);
		if (!member) {
			arguments_read(p, call ? ")" : "]", arguments);
			v = asp_open(p);
			continue;
		}
		name = p->next.text;
		asp_read(p);
		count = -1;
		if (asp_sign(p, "(")) {
			asp_read(p);
			count = arguments_read(p, ")", arguments);
		} else if (bytes_equal_fold(name, bytes_text("write")) && p->next.token != ASP_LINE && p->next.token != ASP_END) {
			/* Response.Write value */
			arguments[0] = expression(p, 0);
			count = 1;
		}
		v = asp_member(p, &v, name, arguments, count);
	}
	return v;
}

static struct asp_value primary(struct asp_page *p)
{
	struct asp_value v = { 0 };

	if (p->next.token == ASP_NUMBER) {
		v = asp_number(p->next.number);
		asp_read(p);
	} else if (p->next.token == ASP_TEXT) {
		v = asp_text(p->next.text);
		asp_read(p);
		while (goes_on(p) && asp_sign(p, ".")) {
			struct asp_value arguments[ASP_ARGUMENTS_MAX];
			struct bytes name;
			int count = -1;

			asp_read(p);
			name = p->next.text;
			asp_read(p);
			if (asp_sign(p, "(")) {
				asp_read(p);
				count = arguments_read(p, ")", arguments);
			}
			v = asp_member(p, &v, name, arguments, count);
		}
	} else if (asp_sign(p, "(")) {
		asp_read(p);
		v = expression(p, 0);
		if (!asp_sign(p, ")"))
			asp_stop(p, "brackets that do not close");
		asp_read(p);
	} else if (asp_sign(p, "-")) {
		struct asp_value none = asp_number(0), one;

		asp_read(p);
		one = primary(p);
		v = asp_operate(p, bytes_text("-"), &none, &one);
	} else if (asp_word(p, "new")) {
		asp_read(p);
		v = chain(p);
	} else if (p->next.token == ASP_WORD) {
		v = chain(p);
	} else {
		asp_stop(p, "a sign");
	}
	return v;
}

static unsigned power_of(const struct asp_page *p)
{
	for (size_t i = 0; i < COUNT_OF(operators); i++)
		if (asp_sign(p, operators[i].sign) || asp_word(p, operators[i].sign))
			return operators[i].power;
	return 0;
}

static struct asp_value expression(struct asp_page *p, unsigned least)
{
	struct asp_value v = { 0 };
	unsigned power;

	if (!goes_on(p))
		return v;
	if (++p->depth > ASP_DEPTH_MAX) {
		p->out->bounded = p->stopped = true;
		return v;
	}
	v = primary(p);
	while (goes_on(p) && (power = power_of(p)) > least) {
		struct bytes sign = p->next.text;
		struct asp_value right;

		asp_read(p);
		right = expression(p, power);
		v = asp_operate(p, sign, &v, &right);
	}
	p->depth--;
	return v;
}

static void set(struct asp_page *p, struct bytes name, const struct asp_value *v)
{
	for (unsigned i = 0; i < p->names_count; i++)
		if (bytes_equal_fold(p->names[i].name, name)) {
			p->names[i].value = *v;
			return;
		}
	if (p->names_count < ASP_NAMES_MAX)
		p->names[p->names_count++] = (struct asp_name){ name, *v };
}

/* name = value, set name = value, var name = value; false: it is none, and nothing was read. */
static bool assignment(struct asp_page *p)
{
	struct asp_page before = *p;
	struct bytes name;
	struct asp_value v;

	if (asp_word(p, "set") || asp_word(p, "var") || asp_word(p, "dim") || asp_word(p, "let"))
		asp_read(p);
	name = p->next.text;
	if (p->next.token == ASP_WORD) {
		asp_read(p);
		if (asp_sign(p, "=")) {
			asp_read(p);
			v = expression(p, 0);
			set(p, name, &v);
			return true;
		}
		/* dim a, b */
		if (before.next.token == ASP_WORD && bytes_equal_fold(before.next.text, bytes_text("dim"))) {
			while (asp_sign(p, ",") || p->next.token == ASP_WORD)
				asp_read(p);
			return true;
		}
	}
	p->in = before.in;
	p->next = before.next;
	return false;
}

struct asp_value asp_run(struct asp_page *p, struct bytes code)
{
	struct bytes in = p->in;
	struct asp_lexeme next = p->next;
	struct asp_value v = { 0 };

	if (++p->depth > ASP_DEPTH_MAX) {
		p->out->bounded = p->stopped = true;
		return v;
	}
	p->in = code;
	asp_read(p);
	while (goes_on(p) && p->next.token != ASP_END) {
		if (p->next.token == ASP_LINE || asp_sign(p, "}") || asp_sign(p, ")")) {
			asp_read(p);
			continue;
		}
		for (size_t i = 0; i < COUNT_OF(refused); i++)
			if (asp_word(p, refused[i]))
				asp_stop(p, refused[i]);
		if (p->stopped)
			break;
		/* eval "text", execute text: VBScript calls without brackets */
		if (asp_word(p, "eval") || asp_word(p, "execute") || asp_word(p, "executeglobal") || asp_word(p, "call")) {
			struct asp_value what;
			bool plain = asp_word(p, "call");

			asp_read(p);
			what = expression(p, 0);
			v = plain ? what : what.kind == ASP_TEXT_VALUE ? asp_run(p, what.text) : asp_open(p);
			continue;
		}
		if (!assignment(p))
			v = expression(p, 0);
	}
	p->depth--;
	p->in = in;
	p->next = next;
	return v;
}

/* Text as it stands, code between its tags; <%= writes a value, <%@ says what the page is. */
static void run_page(struct asp_page *p, struct bytes text)
{
	while (text.left > 0 && goes_on(p)) {
		ptrdiff_t open = bytes_find(text, bytes_text("<%")), close;
		struct bytes code;
		struct asp_value v;

		if (open < 0) {
			sink_put(&p->written, text.at, text.left);
			return;
		}
		sink_put(&p->written, text.at, (size_t)open);
		text = bytes_of(text.at + open + 2, text.left - (size_t)open - 2);
		close = bytes_find(text, bytes_text("%>"));
		code = bytes_of(text.at, close < 0 ? text.left : (size_t)close);
		text = close < 0 ? bytes_of(text.at, 0) : bytes_of(text.at + close + 2, text.left - (size_t)close - 2);
		if (code.left == 0 || code.at[0] == '@')
			continue;
		if (code.at[0] != '=') {
			(void)asp_run(p, code);
			continue;
		}
		v = asp_run(p, bytes_of(code.at + 1, code.left - 1));
		asp_write(p, asp_text_of(p, &v));
	}
}

/* What no other engine's text holds: a name of these languages that is called. */
static bool is_ours(struct bytes text)
{
	static const char *const names[] = {
		"response.write", "createobject", "activexobject", "execute", "eval", "system.diagnostics", "process.start", "<%=", "chr(",
	};

	for (size_t i = 0; i < text.left; i++)
		for (size_t k = 0; k < COUNT_OF(names); k++)
			if (bytes_starts_fold(bytes_of(text.at + i, text.left - i), bytes_text(names[k])))
				return true;
	return false;
}

int asp_evaluate(struct bytes text, const struct template_host *host, struct arena *a, struct template_outcome *ret)
{
	struct asp_page *p = arena_take(a, sizeof(*p));
	uint8_t *page = arena_take(a, TEMPLATE_TEXT_MAX);

	*ret = (struct template_outcome){ 0 };
	if (p == NULL || page == NULL)
		return -ENOMEM;
	if (!is_ours(text))
		return 0;
	*p = (struct asp_page){ .host = host, .arena = a, .out = ret, .written = sink_over(page, TEMPLATE_TEXT_MAX) };
	if (bytes_find(text, bytes_text("<%")) >= 0) {
		run_page(p, text);
	} else {
		struct asp_value v = asp_run(p, text);

		/* an expression within a page shows its value */
		if (p->written.used == 0 && v.kind != ASP_EMPTY && v.kind != ASP_OBJECT)
			asp_write(p, asp_text_of(p, &v));
	}
	if (p->error < 0)
		return p->error == -1 ? -ENOMEM : p->error;
	ret->taken = p->did;
	ret->bounded |= p->written.overflow;
	ret->text = bytes_of(page, p->written.used);
	/* what was refused may have stopped a page that a victim goes on with */
	ret->open |= ret->refusals_count > 0;
	return a->full ? -ENOMEM : 0;
}

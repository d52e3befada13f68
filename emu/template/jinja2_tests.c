/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jinja2's tests: x is defined, x is divisibleby 3. */
#include "emu/template/python.h"

#include <ctype.h>
#include <string.h>

struct testing {
	struct render *r;
	struct bytes name;
	struct datum of;
	const struct arguments *a;
	bool *ret;
};

static int test_kind(struct testing *t)
{
	static const struct { const char *name; unsigned kinds; } rows[] = {
		{ "undefined", 1u << DATUM_UNDEFINED }, { "none", 1u << DATUM_NONE }, { "boolean", 1u << DATUM_BOOL },
		{ "integer", 1u << DATUM_INT }, { "float", 1u << DATUM_REAL }, { "number", 1u << DATUM_INT | 1u << DATUM_REAL | 1u << DATUM_BOOL },
		{ "string", 1u << DATUM_TEXT }, { "mapping", 1u << DATUM_DICT },
		{ "defined", ~(1u << DATUM_UNDEFINED) }, { "callable", 1u << DATUM_CODE | 1u << DATUM_OBJECT },
		{ "iterable", 1u << DATUM_TEXT | 1u << DATUM_LIST | 1u << DATUM_DICT | 1u << DATUM_UNDEFINED },
		{ "sequence", 1u << DATUM_TEXT | 1u << DATUM_LIST | 1u << DATUM_DICT | 1u << DATUM_UNDEFINED },
	};

	for (unsigned i = 0; i < COUNT_OF(rows); i++) {
		if (!bytes_equal(t->name, bytes_text(rows[i].name)))
			continue;
		*t->ret = (rows[i].kinds >> t->of.kind & 1) != 0;
		if (t->name.at[0] == 's' && t->name.at[1] == 'e' && t->of.kind == DATUM_LIST)
			*t->ret = t->of.list->form <= FORM_TUPLE || t->of.list->form == FORM_RANGE;
		if (t->name.at[0] == 's' && t->name.at[1] == 't')
			*t->ret &= !t->of.raw;
	}
	return 0;
}

static int number_of(struct testing *t, struct datum *ret)
{
	if (t->of.kind == DATUM_UNDEFINED)
		return jinja2_undefined(t->r, t->of);
	if (!python_is_number(t->of))
		return t->of.kind == DATUM_TEXT ? render_fail(t->r, "not all arguments converted during string formatting")
			: render_fail(t->r, "unsupported operand type(s) for %%: '%s' and 'int'", python_type(t->of));
	*ret = t->of;
	return 0;
}

static int test_parity(struct testing *t)
{
	struct datum d = datum_int(0), by = datum_int(2);
	bool divisible = t->name.at[0] == 'd';
	int e;

	if (divisible && !argument_of(t->a, 0, "num", &by))
		return render_fail(t->r, "test_divisibleby() missing 1 required positional argument: 'num'");
	if ((e = number_of(t, &d)) < 0 || (e = python_binary(t->r, '%', d, by, &d)) < 0)
		return e;
	*t->ret = python_equal(d, datum_int(t->name.at[0] == 'o'));
	return 0;
}

static int test_case(struct testing *t)
{
	struct bytes s;
	bool lower = t->name.at[0] == 'l', cased = false;
	int e = python_str(t->r, t->of, &s);

	*t->ret = true;
	for (size_t i = 0; i < s.left; i++) {
		if (s.at[i] >= 0x80)
			return render_refuse(t->r, "case beyond ASCII");
		cased |= isalpha(s.at[i]) != 0;
		*t->ret &= !isalpha(s.at[i]) || (islower(s.at[i]) != 0) == lower;
	}
	*t->ret &= cased;
	return e;
}

static int test_compare(struct testing *t)
{
	static const struct { const char *name; int op; } rows[] = {
		{ "eq", OP_EQUAL }, { "equalto", OP_EQUAL }, { "ne", OP_UNEQUAL }, { "lt", '<' }, { "lessthan", '<' }, { "le", OP_AT_MOST },
		{ "gt", '>' }, { "greaterthan", '>' }, { "ge", OP_AT_LEAST }, { "in", OP_IN },
	};
	struct datum other, truth = datum_bool(false);
	int e = 0;

	if (!argument_of(t->a, 0, NULL, &other))
		return render_fail(t->r, "%.*s expected 2 arguments, got 1", (int)t->name.left, (const char *)t->name.at);
	for (unsigned i = 0; i < COUNT_OF(rows); i++) {
		if (bytes_equal(t->name, bytes_text(rows[i].name)))
			e = python_binary(t->r, rows[i].op, t->of, other, &truth);
	}
	*t->ret = truth.i != 0;
	return e;
}

static int test_truth(struct testing *t)
{
	bool wanted = t->name.at[0] == 't';

	*t->ret = t->of.kind == DATUM_BOOL && (t->of.i != 0) == wanted;
	return 0;
}

static int test_same(struct testing *t)
{
	struct datum other;

	if (!argument_of(t->a, 0, "other", &other))
		return render_fail(t->r, "test_sameas() missing 1 required positional argument: 'other'");
	if (t->of.kind != other.kind || t->of.kind == DATUM_NONE || t->of.kind == DATUM_BOOL) {
		*t->ret = t->of.kind == other.kind && (t->of.kind == DATUM_NONE || t->of.i == other.i);
		return 0;
	}
	return render_refuse(t->r, "sameas of values");
}

static int test_escaped(struct testing *t)
{
	*t->ret = false;
	return 0;
}

int jinja2_test(struct render *r, struct bytes name, struct datum of, const struct arguments *a, bool *ret)
{
	static const struct { const char *name; int (*run)(struct testing *); } tests[] = {
		{ "defined", test_kind }, { "undefined", test_kind }, { "none", test_kind }, { "boolean", test_kind }, { "integer", test_kind },
		{ "float", test_kind }, { "number", test_kind }, { "string", test_kind }, { "mapping", test_kind }, { "callable", test_kind },
		{ "iterable", test_kind }, { "sequence", test_kind }, { "odd", test_parity }, { "even", test_parity }, { "divisibleby", test_parity },
		{ "lower", test_case }, { "upper", test_case }, { "eq", test_compare }, { "equalto", test_compare }, { "ne", test_compare },
		{ "lt", test_compare }, { "lessthan", test_compare }, { "le", test_compare }, { "gt", test_compare }, { "greaterthan", test_compare },
		{ "ge", test_compare }, { "in", test_compare }, { "true", test_truth }, { "false", test_truth }, { "sameas", test_same }, { "escaped", test_escaped },
	};
	struct testing t = { .r = r, .name = name, .of = of, .a = a, .ret = ret };

	*ret = false;
	for (unsigned i = 0; i < COUNT_OF(tests); i++) {
		if (bytes_equal(name, bytes_text(tests[i].name)))
			return tests[i].run(&t);
	}
	return render_fail(r, "No test named '%.*s'.", (int)(name.left < 100 ? name.left : 100), (const char *)name.at);
}

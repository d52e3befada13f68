/* SPDX-License-Identifier: GPL-2.0-or-later */
/* String builders; numbers, characters and booleans as objects; Math. */
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

METHOD(builder_new)
{
	struct java_object *o;
	struct bytes text;
	int r = java_make(run, OBJECT_BUILDER, m->type, &o);

	if (r < 0)
		return r;
	*ret = java_object(o);
	if (count == 0 || java_is_number(&args[0]))
		return 0;
	return (r = java_to_text(run, &args[0], &text)) < 0 ? r : java_write(run, o, text);
}

METHOD(append)
{
	struct bytes text;
	int r = 0;

	if (java_is(&args[0], OBJECT_ARRAY) || java_is(&args[0], OBJECT_BUILDER))
		r = java_stream_rest(run, &args[0], &text);
	else
		r = java_to_text(run, &args[0], &text);
	*ret = *self;
	return r < 0 ? r : java_write(run, self->o, text);
}

/* What a string has, a builder has too. */
METHOD(as_string)
{
	struct java_value s = java_string(self->o->text);

	return java_method_call(run, &s, NULL, bytes_text(m->name), args, count, ret);
}

/* Changes the builder: reverse, insert, deleteCharAt, setLength, replace, delete. */
METHOD(change)
{
	struct bytes s = self->o->text, insert = { 0 };
	int64_t from = count > 0 && m->variant != 0 ? args[0].i : 0, to = from, len = (int64_t)java_text_length(s);
	struct java_value v = java_string(s);
	struct java_object *out;
	int r = 0;

	*ret = *self;
	if (m->variant == 0) {
		if ((r = java_method_call(run, &v, NULL, bytes_text("reverse"), NULL, 0, &v)) < 0)
			return r;
		self->o->text = v.s;
		self->o->text_room = 0;
		return 0;
	}
	if (m->variant == 1)
		r = java_to_text(run, &args[1], &insert);
	else if (m->variant == 2)
		to = from + 1;
	else if (m->variant == 3)
		to = len;
	else
		to = args[1].i > len ? len : args[1].i;
	if (m->variant == 5)
		insert = args[2].s;
	if (r < 0 || from < 0 || from > len || to < from || to > len)
		return r < 0 ? r : java_throw(run, "java.lang.StringIndexOutOfBoundsException", "");
	if ((r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out)) < 0 || (r = java_write(run, out, java_text_cut(s, 0, (size_t)from))) < 0 ||
	    (r = java_write(run, out, insert)) < 0 || (r = java_write(run, out, java_text_cut(s, (size_t)to, (size_t)len))) < 0)
		return r;
	self->o->text = out->text;
	self->o->text_room = out->text_room;
	return 0;
}

static const char builder[] = "java.lang.AbstractStringBuilder";
static const struct java_method builders[] = {
	{ "java.lang.StringBuilder", "new", "*", METHOD_NEW, 0, builder_new }, { "java.lang.StringBuffer", "new", "*", METHOD_NEW, 0, builder_new },
	{ builder, "append", "a", METHOD_OPEN, 0, append }, { builder, "leftShift", "a", METHOD_OPEN, 0, append }, { builder, "reverse", "", 0, 0, change }, { builder, "insert", "ia", 0, 1, change },
	{ builder, "deleteCharAt", "i", 0, 2, change }, { builder, "setLength", "i", 0, 3, change }, { builder, "delete", "ii", 0, 4, change },
	{ builder, "replace", "iis", 0, 5, change }, { builder, "length", "", 0, 0, as_string }, { builder, "charAt", "i", 0, 0, as_string },
	{ builder, "indexOf", "s", 0, 0, as_string }, { builder, "substring", "i", 0, 0, as_string }, { builder, "substring", "ii", 0, 0, as_string },
	{ builder, "isEmpty", "", 0, 0, as_string },
};
const struct method_table methods_builder = { builders, COUNT_OF(builders) };

static enum java_kind kind_of(const char *type)
{
	static const struct { const char *type; enum java_kind kind; } kinds[] = {
		{ "java.lang.Integer", JAVA_INT }, { "java.lang.Long", JAVA_LONG }, { "java.lang.Short", JAVA_SHORT }, { "java.lang.Byte", JAVA_BYTE },
		{ "java.lang.Double", JAVA_DOUBLE }, { "java.lang.Float", JAVA_FLOAT }, { "java.math.BigInteger", JAVA_BIG }, { "java.math.BigDecimal", JAVA_DECIMAL },
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].type, type) == 0)
			return kinds[i].kind;
	}
	return JAVA_VOID;
}

/* valueOf, parseInt, new: of a text (in a radix) or a number. */
METHOD(number_of)
{
	enum java_kind kind = kind_of(m->type);

	if (args[0].kind == JAVA_STRING)
		return java_parse_number(run, args[0].s, kind, count > 1 ? (unsigned)java_to_long(&args[1]) : 10, ret);
	if (args[0].kind == JAVA_NULL)
		return java_throw(run, "java.lang.NumberFormatException", "");
	if (kind == JAVA_BIG || kind == JAVA_DECIMAL) {
		const struct decimal *n = java_to_decimal(run, &args[0]);

		*ret = java_number(kind, n);
		return n == NULL ? -EDOM : 0;
	}
	*ret = java_narrow(args[0], kind);
	return 0;
}

METHOD(as_kind)
{
	*ret = java_narrow(*self, (enum java_kind)m->variant);
	return 0;
}

METHOD(in_radix)
{
	char text[72];
	uint64_t n = (uint64_t)java_to_long(&args[0]);
	unsigned radix = m->variant != 0 ? (unsigned)m->variant : count > 1 ? (unsigned)java_to_long(&args[1]) : 10, at = sizeof(text);
	bool negative = m->variant == 0 && (int64_t)n < 0;

	if (radix < 2 || radix > 36)
		radix = 10;
	if (negative)
		n = -n;
	else if (strcmp(m->type, "java.lang.Integer") == 0)
		n = (uint32_t)n;
	do
		text[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[n % radix];
	while ((n /= radix) > 0);
	if (negative)
		text[--at] = '-';
	*ret = java_string(java_copy(run, bytes_of(text + at, sizeof(text) - at)));
	return 0;
}

METHOD(number_compare)
{
	int order;
	int r = java_compare(run, m->variant == 1 ? &args[0] : self, m->variant == 1 ? &args[1] : &args[0], &order);

	*ret = java_int(order);
	return r;
}

/* add, subtract, multiply, divide, mod, pow of BigInteger and BigDecimal. */
METHOD(big)
{
	struct java_value x = *self, y = args[0];

	if (m->variant == OP_POWER) {
		*ret = java_number(self->kind, decimal_of_int(run->arena, 1));
		for (int64_t i = 0; i < args[0].i; i++) {
			struct java_value v = *ret;

			if (i > 400 || java_operate(run, OP_MUL, &v, &x, ret) < 0)
				return -E2BIG;
		}
		return 0;
	}
	return java_operate(run, (enum operator)m->variant, &x, &y, ret);
}

METHOD(boolean_of)
{
	*ret = java_bool(args[0].kind == JAVA_BOOLEAN ? args[0].i != 0 : args[0].kind == JAVA_STRING && bytes_equal_fold(args[0].s, bytes_text("true")));
	return 0;
}

METHOD(boolean_value)
{
	*ret = *self;
	return 0;
}

/* Character.toString(97), valueOf('a'), toChars */
METHOD(character_text)
{
	uint8_t code[4];
	struct bytes text = java_copy(run, bytes_of(code, java_text_put(java_to_long(&args[0]), code)));
	struct java_object *o;
	int r = 0;

	*ret = java_string(text);
	if (m->variant == 1)
		*ret = java_char(java_to_long(&args[0]));
	if (m->variant == 2 && (r = java_make(run, OBJECT_ARRAY, "java.lang.Object[]", &o)) == 0) {
		o->of = class_named(run, bytes_text("char"));
		r = java_append(run, o, java_char(java_to_long(&args[0])));
		*ret = java_object(o);
	}
	return r;
}

METHOD(character_is)
{
	int c = (int)java_to_long(&args[0]);

	*ret = java_bool(c < 128 && (m->variant == 0 ? isdigit(c) : m->variant == 1 ? isalpha(c) : m->variant == 2 ? isupper(c) : m->variant == 3 ? islower(c) : isspace(c)) != 0);
	if (m->variant == 5)
		*ret = java_char(toupper(c));
	if (m->variant == 6)
		*ret = java_char(tolower(c));
	if (m->variant == 7)
		*ret = java_int(isdigit(c) ? c - '0' : -1);
	return 0;
}

METHOD(math_one)
{
	double d = java_to_double(&args[0]);

	switch (m->variant) {
	case 0:
		*ret = args[0];
		if (args[0].kind == JAVA_FLOAT || args[0].kind == JAVA_DOUBLE)
			ret->d = fabs(d);
		else if (args[0].i < 0)
			*ret = args[0].kind == JAVA_LONG ? java_long((int64_t)(0 - (uint64_t)args[0].i)) : java_int(0 - args[0].i);
		return 0;
	case 1: *ret = java_double(sqrt(d)); return 0;
	case 2: *ret = java_double(floor(d)); return 0;
	case 3: *ret = java_double(ceil(d)); return 0;
	case 4:
		*ret = java_double(floor(d + 0.5));
		*ret = java_narrow(*ret, args[0].kind == JAVA_FLOAT ? JAVA_INT : JAVA_LONG);
		return 0;
	default:
		return java_refuse(run, "method", bytes_text(m->name));
	}
}

METHOD(sum)
{
	return java_operate(run, OP_ADD, &args[0], &args[1], ret);
}

METHOD(math_two)
{
	int order;
	int r;

	if (m->variant == 2) {
		*ret = java_double(pow(java_to_double(&args[0]), java_to_double(&args[1])));
		return 0;
	}
	if ((r = java_compare(run, &args[0], &args[1], &order)) < 0)
		return r;
	*ret = args[(order > 0) == (m->variant == 1) ? 1 : 0];
	if (args[0].kind != args[1].kind)
		*ret = java_narrow(*ret, args[0].kind > args[1].kind ? args[0].kind : args[1].kind);
	if (ret->kind < JAVA_INT)
		ret->kind = JAVA_INT;
	return 0;
}

METHOD(math_random)
{
	struct bytes word = java_unknown_word(run, "random");
	double d = 0;

	for (size_t i = 0; i < word.left; i++)
		d = (d + word.at[i] - 'a') / 26;
	*ret = java_double(d);
	return 0;
}

static const char integer[] = "java.lang.Integer", wide[] = "java.lang.Long", number[] = "java.lang.Number", math[] = "java.lang.Math",
	bigint[] = "java.math.BigInteger", bigdec[] = "java.math.BigDecimal", character[] = "java.lang.Character", boolean[] = "java.lang.Boolean";
static const struct java_method numbers[] = {
	{ integer, "valueOf", "a", METHOD_STATIC, 0, number_of }, { integer, "valueOf", "si", METHOD_STATIC, 0, number_of }, { integer, "parseInt", "s", METHOD_STATIC, 0, number_of },
	{ integer, "parseInt", "si", METHOD_STATIC, 0, number_of }, { integer, "new", "a", METHOD_NEW, 0, number_of }, { integer, "toHexString", "i", METHOD_STATIC, 16, in_radix },
	{ integer, "toOctalString", "i", METHOD_STATIC, 8, in_radix }, { integer, "toBinaryString", "i", METHOD_STATIC, 2, in_radix }, { integer, "toString", "i", METHOD_STATIC, 0, in_radix },
	{ integer, "toString", "ii", METHOD_STATIC, 0, in_radix }, { integer, "compare", "ii", METHOD_STATIC, 1, number_compare }, { integer, "sum", "ii", METHOD_STATIC, OP_ADD, sum },
	{ wide, "valueOf", "a", METHOD_STATIC, 0, number_of }, { wide, "parseLong", "s", METHOD_STATIC, 0, number_of }, { wide, "parseLong", "si", METHOD_STATIC, 0, number_of },
	{ wide, "new", "a", METHOD_NEW, 0, number_of }, { wide, "toHexString", "i", METHOD_STATIC, 16, in_radix }, { wide, "toString", "i", METHOD_STATIC, 0, in_radix },
	{ wide, "toBinaryString", "i", METHOD_STATIC, 2, in_radix }, { "java.lang.Short", "valueOf", "a", METHOD_STATIC, 0, number_of }, { "java.lang.Byte", "valueOf", "a", METHOD_STATIC, 0, number_of },
	{ "java.lang.Double", "valueOf", "a", METHOD_STATIC, 0, number_of }, { "java.lang.Double", "parseDouble", "s", METHOD_STATIC, 0, number_of }, { "java.lang.Double", "new", "a", METHOD_NEW, 0, number_of },
	{ "java.lang.Float", "valueOf", "a", METHOD_STATIC, 0, number_of }, { "java.lang.Float", "parseFloat", "s", METHOD_STATIC, 0, number_of },
	{ bigint, "new", "s", METHOD_NEW, 0, number_of }, { bigint, "valueOf", "i", METHOD_STATIC, 0, number_of }, { bigdec, "new", "a", METHOD_NEW, 0, number_of }, { bigdec, "valueOf", "n", METHOD_STATIC, 0, number_of },
	{ number, "intValue", "", 0, JAVA_INT, as_kind }, { number, "longValue", "", 0, JAVA_LONG, as_kind }, { number, "doubleValue", "", 0, JAVA_DOUBLE, as_kind },
	{ number, "floatValue", "", 0, JAVA_FLOAT, as_kind }, { number, "shortValue", "", 0, JAVA_SHORT, as_kind }, { number, "byteValue", "", 0, JAVA_BYTE, as_kind },
	{ number, "compareTo", "n", 0, 0, number_compare }, { bigint, "add", "n", 0, OP_ADD, big }, { bigint, "subtract", "n", 0, OP_SUB, big }, { bigint, "multiply", "n", 0, OP_MUL, big },
	{ bigint, "divide", "n", 0, OP_DIV, big }, { bigint, "mod", "n", 0, OP_MOD, big }, { bigint, "pow", "i", 0, OP_POWER, big }, { bigdec, "add", "n", 0, OP_ADD, big },
	{ bigdec, "subtract", "n", 0, OP_SUB, big }, { bigdec, "multiply", "n", 0, OP_MUL, big },
	{ boolean, "valueOf", "a", METHOD_STATIC, 0, boolean_of }, { boolean, "parseBoolean", "a", METHOD_STATIC, 0, boolean_of }, { boolean, "new", "a", METHOD_NEW, 0, boolean_of },
	{ boolean, "booleanValue", "", 0, 0, boolean_value }, { character, "toString", "n", METHOD_STATIC, 0, character_text }, { character, "valueOf", "n", METHOD_STATIC, 1, character_text },
	{ character, "toChars", "n", METHOD_STATIC, 2, character_text }, { character, "charValue", "", 0, 0, boolean_value },
	{ character, "isDigit", "n", METHOD_STATIC, 0, character_is }, { character, "isLetter", "n", METHOD_STATIC, 1, character_is }, { character, "isUpperCase", "n", METHOD_STATIC, 2, character_is },
	{ character, "isLowerCase", "n", METHOD_STATIC, 3, character_is }, { character, "isWhitespace", "n", METHOD_STATIC, 4, character_is }, { character, "toUpperCase", "n", METHOD_STATIC, 5, character_is },
	{ character, "toLowerCase", "n", METHOD_STATIC, 6, character_is }, { character, "getNumericValue", "n", METHOD_STATIC, 7, character_is },
	{ math, "abs", "n", METHOD_STATIC, 0, math_one }, { math, "sqrt", "n", METHOD_STATIC, 1, math_one }, { math, "floor", "n", METHOD_STATIC, 2, math_one }, { math, "ceil", "n", METHOD_STATIC, 3, math_one },
	{ math, "round", "n", METHOD_STATIC, 4, math_one }, { math, "max", "nn", METHOD_STATIC, 0, math_two }, { math, "min", "nn", METHOD_STATIC, 1, math_two },
	{ math, "pow", "nn", METHOD_STATIC, 2, math_two }, { math, "random", "", METHOD_STATIC, 0, math_random },
};
const struct method_table methods_number = { numbers, COUNT_OF(numbers) };

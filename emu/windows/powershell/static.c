/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static members of .NET types that attacks use, by .NET's reference: text, numbers, conversions. Others: static_system.c. */
#include "emu/windows/powershell/session.h"

#include <math.h>
#include <nettle/base64.h>
#include <stdlib.h>
#include <string.h>

static struct value from_base64(struct session *s, const struct value *v)
{
	const struct string *text = value_string(s, v);
	uint8_t *out = heap_take(s->host->heap, BASE64_DECODE_LENGTH(text->len) + 1);
	char *in = heap_take(s->host->heap, text->len + 1);
	struct base64_decode_ctx ctx;
	size_t len = BASE64_DECODE_LENGTH(text->len), count = 0;
	struct value made;

	for (uint32_t i = 0; i < text->len; i++)
		if (strchr(" \t\r\n", text->at[i] < 128 ? text->at[i] : 'x') == NULL)
			in[count++] = text->at[i] < 128 ? (char)text->at[i] : '!';
	base64_decode_init(&ctx);
	if (text->foreign)
		return v_unknown();
	if (count % 4 != 0 || !base64_decode_update(&ctx, &len, out, count, in) || !base64_decode_final(&ctx)) {
		session_throw(s, "powershell.base64", NULL);
		return v_null();
	}
	made = v_bytes(s->host->heap, bytes_of(out, len));
	return made;
}

static struct value to_base64(struct session *s, struct bytes b)
{
	char *out = heap_take(s->host->heap, BASE64_ENCODE_RAW_LENGTH(b.left) + 1);

	base64_encode_raw(out, b.left, b.at);
	return v_text(s->host->heap, out);
}

static struct value to_base(struct session *s, int64_t v, int base)
{
	char made[72], *at = made + sizeof(made) - 1;
	uint64_t n = v < 0 && v >= INT32_MIN ? (uint32_t)v : (uint64_t)v;

	*at = 0;
	do {
		*--at = "0123456789abcdef"[n % (unsigned)base];
		n /= (unsigned)base;
	} while (n != 0);
	return v_text(s->host->heap, at);
}

/* Convert.ToInt32(text, base) and its kin. */
static bool convert(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	static const struct { const char *name, *type; } to[] = {
		{ "toint32", "int32" }, { "tobyte", "byte" }, { "toint16", "int16" }, { "toint64", "int64" }, { "touint32", "uint32" },
		{ "touint16", "uint16" }, { "tochar", "char" }, { "todouble", "double" }, { "toboolean", "boolean" }, { "tosbyte", "sbyte" },
		{ "tostring", "string" }, { "touint64", "uint64" }, { "tosingle", "single" },
	};

	if (strcmp(name, "frombase64string") == 0)
		*ret = from_base64(s, &args->at[0]);
	else if (strcmp(name, "tobase64string") == 0)
		*ret = to_base64(s, value_bytes(s, &args->at[0]));
	else if (strcmp(name, "tostring") == 0 && args->count == 2 && value_is_number(&args->at[0]))
		*ret = to_base(s, value_int(s, &args->at[0]), value_int(s, &args->at[1]) == 2 ? 2 : value_int(s, &args->at[1]) == 8 ? 8
		    : value_int(s, &args->at[1]) == 16 ? 16 : 10);
	else
		for (size_t i = 0; i < COUNT_OF(to); i++) {
			char *end, *text;
			int64_t n;

			if (strcmp(to[i].name, name) != 0)
				continue;
			if (args->count != 2 || value_int(s, &args->at[1]) < 2 || value_int(s, &args->at[1]) > 16 || args->at[0].kind != V_STRING) {
				*ret = type_cast(s, to[i].type, &args->at[0]);
				return true;
			}
			text = value_utf8(s, &args->at[0]);
			n = (int64_t)strtoull(text, &end, (int)value_int(s, &args->at[1]));
			if (*end != 0 || *text == 0) {
				session_throw(s, "powershell.cast", NULL);
				return true;
			}
			*ret = v_number(strcmp(to[i].type, "byte") == 0 ? V_BYTE : strcmp(to[i].type, "int64") == 0 ? V_LONG : V_INT,
			    strcmp(to[i].type, "int32") == 0 ? (int32_t)n : n);
			return true;
		}
	return ret->kind != V_NULL || s->flow != FLOW_ON;
}

static struct value join(struct session *s, const struct list *args)
{
	struct list *rest;
	struct value all;

	if (args->count == 2)
		return operator_binary(s, OP_JOIN, &args->at[1], &args->at[0]);
	rest = list_new(s->host->heap, args->count);
	for (unsigned i = 1; i < args->count; i++)
		list_add(rest, args->at[i]);
	all = v_list(rest);
	return operator_binary(s, OP_JOIN, &all, &args->at[0]);
}

static bool of_string(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	struct list *rest = list_new(s->host->heap, args->count);

	if (strcmp(name, "join") == 0) {
		*ret = join(s, args);
	} else if (strcmp(name, "concat") == 0) {
		struct value all = v_list(args->count == 1 ? value_list(s, &args->at[0]) : (struct list *)(uintptr_t)args);

		*ret = operator_unary(s, OP_JOIN, &all);
	} else if (strcmp(name, "format") == 0 && args->count >= 1) {
		if (args->count == 2 && args->at[1].kind == V_LIST)
			rest = args->at[1].list;
		else
			for (unsigned i = 1; i < args->count; i++)
				list_add(rest, args->at[i]);
		*ret = v_string(operator_format(s, value_string(s, &args->at[0]), rest));
	} else if (strcmp(name, "isnullorempty") == 0 || strcmp(name, "isnullorwhitespace") == 0) {
		struct string *t;

		(void)string_call(s, value_string(s, &args->at[0]), "trim", rest, ret);
		t = (struct string *)(uintptr_t)ret->string;
		*ret = v_bool((name[8] == 'r' && name[9] == 'w' ? t->len : value_string(s, &args->at[0])->len) == 0);
	} else if (strcmp(name, "compare") == 0 && args->count >= 2) {
		*ret = v_int(operator_order(s, &args->at[0], &args->at[1], args->count > 2 && value_truth(&args->at[2])));
	} else {
		return false;
	}
	return true;
}

static bool of_char(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	struct value c = type_cast(s, "char", &args->at[0]);
	int64_t n = c.kind == V_CHAR ? c.number : 0;

	if (strcmp(name, "convertfromutf32") == 0 && value_int(s, &args->at[0]) < 0x10000)
		*ret = v_string(value_string(s, &c));
	else if (strncmp(name, "toupper", 7) == 0 || strncmp(name, "tolower", 7) == 0)
		*ret = v_number(V_CHAR, (name[2] == 'u' ? n >= 'a' && n <= 'z' : n >= 'A' && n <= 'Z') ? n ^ 0x20 : n);
	else if (strcmp(name, "isdigit") == 0)
		*ret = v_bool(n >= '0' && n <= '9');
	else if (strcmp(name, "isletter") == 0)
		*ret = v_bool((n | 0x20) >= 'a' && (n | 0x20) <= 'z');
	else
		return false;
	return true;
}

static double real_of(struct session *s, const struct value *v)
{
	struct value n;

	if (!value_number(s, v, &n))
		return 0;
	return n.kind == V_DOUBLE ? n.real : (double)n.number;
}

static bool of_math(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	double a = real_of(s, &args->at[0]), b = args->count > 1 ? real_of(s, &args->at[1]) : 0, r, scale;
	bool ints = args->at[0].kind != V_DOUBLE && (args->count < 2 || args->at[1].kind != V_DOUBLE);

	if (strcmp(name, "abs") == 0)
		r = fabs(a);
	else if (strcmp(name, "max") == 0 || strcmp(name, "min") == 0)
		r = (name[1] == 'a') == (a > b) ? a : b;
	else if (strcmp(name, "pow") == 0)
		r = pow(a, b), ints = false;
	else if (strcmp(name, "sqrt") == 0)
		r = sqrt(a), ints = false;
	else if (strcmp(name, "floor") == 0)
		r = floor(a), ints = false;
	else if (strcmp(name, "ceiling") == 0)
		r = ceil(a), ints = false;
	else if (strcmp(name, "truncate") == 0)
		r = trunc(a), ints = false;
	else if (strcmp(name, "round") == 0) {
		scale = pow(10, b < 15 ? b : 15);
		r = nearbyint(a * scale) / scale;
		ints = false;
	} else if (strcmp(name, "sign") == 0) {
		r = a > 0 ? 1 : a < 0 ? -1 : 0;
		ints = true;
	} else {
		return false;
	}
	*ret = ints ? v_int((int64_t)r) : v_double(r);
	return true;
}

static bool of_array(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	*ret = v_null();
	if (strcmp(name, "reverse") == 0 && args->at[0].kind == V_LIST)
		return list_call(s, args->at[0].list, "reverse", list_new(s->host->heap, 0), ret);
	if (strcmp(name, "indexof") == 0 && args->count == 2) {
		struct list *one = list_new(s->host->heap, 1);

		list_add(one, args->at[1]);
		return list_call(s, value_list(s, &args->at[0]), "indexof", one, ret);
	}
	if (strcmp(name, "copy") == 0 && args->count == 3 && args->at[0].kind == V_LIST && args->at[1].kind == V_LIST) {
		int64_t count = value_int(s, &args->at[2]);

		for (int64_t i = 0; i < count && i < args->at[0].list->count && i < args->at[1].list->count; i++)
			args->at[1].list->at[i] = args->at[0].list->at[i];
		return true;
	}
	return false;
}

static bool of_regex(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	const struct string *text = value_string(s, &args->at[0]), *pattern = args->count > 1 ? value_string(s, &args->at[1]) : text;
	bool folded = args->at[args->count - 1].kind == V_STRING && args->count > 2 &&
	    string_find(value_string(s, &args->at[args->count - 1]), string_text(s->host->heap, "IgnoreCase"), 0, true) >= 0;
	bool back = args->count > 2 && string_is(value_string(s, &args->at[2]), "righttoleft");
	struct list *all;

	/* from the right they are the same ones only where each is of one unit */
	if (back && (!string_is(pattern, ".") || (strcmp(name, "matches") != 0 && strcmp(name, "match") != 0))) {
		session_unsupported(s, "regex", "RightToLeft");
		return true;
	}
	if (strcmp(name, "replace") == 0 && args->count >= 3)
		*ret = v_string(regex_replace(s, pattern, text, &args->at[2], folded));
	else if (strcmp(name, "split") == 0 && args->count >= 2)
		*ret = v_list(regex_split(s, pattern, text, 0, folded));
	else if (strcmp(name, "matches") == 0 && args->count >= 2) {
		all = regex_all(s, pattern, text, folded);
		if (back)
			(void)list_call(s, all, "reverse", list_new(s->host->heap, 0), ret);
		*ret = v_list(all);
	} else if (strcmp(name, "match") == 0 && args->count >= 2) {
		all = regex_all(s, pattern, text, folded);
		*ret = all->count != 0 ? all->at[back ? all->count - 1 : 0] : object_custom(s);
	} else if (strcmp(name, "ismatch") == 0 && args->count >= 2) {
		*ret = v_bool(regex_all(s, pattern, text, folded)->count != 0);
	} else if ((strcmp(name, "unescape") == 0 || strcmp(name, "escape") == 0) && args->count == 1) {
		struct units u = units_in(s->host->heap);

		for (uint32_t i = 0; i < text->len; i++) {
			bool sign = text->at[i] < 128 && strchr("\\*+?|{[()^$.# ", text->at[i]) != NULL && text->at[i] != 0;

			if (sign && *name == 'e')
				units_put(&u, '\\');
			units_put(&u, text->at[i]);
		}
		*ret = *name == 'e' ? v_string(units_string(&u)) : args->at[0];
	} else {
		return false;
	}
	return true;
}

static bool of_bits(struct session *s, const char *name, const struct list *args, struct value *ret)
{
	struct text t = text_in(s->host->heap);
	struct bytes b;

	if (strcmp(name, "tostring") == 0) {
		b = value_bytes(s, &args->at[0]);
		for (size_t i = 0; i < b.left; i++)
			text_print(&t, i != 0 ? "-%02X" : "%02X", b.at[i]);
		*ret = v_text(s->host->heap, t.at);
	} else if (strcmp(name, "getbytes") == 0) {
		int64_t n = value_int(s, &args->at[0]);
		uint8_t raw[8];

		for (int i = 0; i < 8; i++)
			raw[i] = (uint8_t)((uint64_t)n >> 8 * i);
		*ret = v_bytes(s->host->heap, bytes_of(raw, args->at[0].kind == V_LONG ? 8 : args->at[0].kind == V_CHAR ? 2 : 4));
	} else if ((strcmp(name, "toint32") == 0 || strcmp(name, "touint32") == 0 || strcmp(name, "toint16") == 0) && args->count == 2) {
		int64_t from = value_int(s, &args->at[1]), n = 0, len = name[strlen(name) - 1] == '6' ? 2 : 4;

		b = value_bytes(s, &args->at[0]);
		if (from < 0 || from + len > (int64_t)b.left) {
			session_throw(s, "powershell.range", NULL);
			return true;
		}
		for (int64_t i = len; i > 0; i--)
			n = n << 8 | b.at[from + i - 1];
		*ret = v_int(name[2] == 'u' ? n : len == 2 ? (int16_t)n : (int32_t)n);
	} else {
		return false;
	}
	return true;
}

bool type_call(struct session *s, const char *type, const char *as, const struct list *args, struct value *ret)
{
	static const struct {
		const char *type;
		bool (*call)(struct session *, const char *, const struct list *, struct value *);
	} types[] = {
		{ "convert", convert }, { "string", of_string }, { "char", of_char }, { "math", of_math }, { "object[]", of_array },
		{ "regex", of_regex }, { "bitconverter", of_bits },
	};
	char *name = heap_text(s->host->heap, bytes_text(as));

	for (char *c = name; *c != 0; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
	*ret = v_null();
	for (unsigned i = 0; i < args->count; i++)
		if (args->at[i].kind == V_UNKNOWN && strcmp(type, "io.file") != 0) {
			*ret = v_unknown();
			return true;
		}
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(types[i].type, type) == 0 && args->count != 0 && types[i].call(s, name, args, ret))
			return true;
	if (strcmp(name, "parse") == 0 && args->count >= 1) {
		*ret = type_cast(s, type, &args->at[0]);
		return true;
	}
	return type_call_more(s, type, name, args, ret);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding a function by name, and bringing arguments to what it takes. */
#include "emu/sql/function.h"
#include "emu/sql/operate.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

const struct function *function_find(const struct sql_run *r, struct bytes name)
{
	static const struct function_table *const tables[] = { &functions_text, &functions_cut, &functions_digits,
		&functions_numbers, &functions_facts, &functions_effects, &functions_lists, &functions_cipher };

	for (unsigned t = 0; t < COUNT_OF(tables); t++) {
		for (unsigned i = 0; i < tables[t]->count; i++) {
			const struct function *f = &tables[t]->list[i];

			if (run_in(r, f->in) && bytes_equal_fold(name, bytes_text(f->name)))
				return f;
		}
	}
	return NULL;
}

bool text_is_wide(const struct sql_value *v)
{
	return v->type != TYPE_BYTES;
}

size_t text_width(const struct sql_value *v, size_t at)
{
	size_t n = 1;

	if (text_is_wide(v) && v->s.at[at] >= 0xc0) {
		while (at + n < v->s.left && (v->s.at[at + n] & 0xc0) == 0x80 && n < 4)
			n++;
	}
	return n;
}

size_t text_offset(const struct sql_value *v, size_t n)
{
	size_t at = 0;

	while (n-- > 0 && at < v->s.left)
		at += text_width(v, at);
	return at;
}

size_t text_characters(const struct sql_value *v)
{
	size_t n = 0;

	for (size_t at = 0; at < v->s.left; at += text_width(v, at))
		n++;
	return n;
}

struct sql_value text_result(const struct sql_run *r, const struct sql_value *args, unsigned count, struct bytes s)
{
	struct sql_value v = value_text(s);

	for (unsigned i = 0; i < count; i++) {
		if (args[i].type == TYPE_BYTES && (r->dialect == SQL_MYSQL || i == 0) && r->dialect != SQL_SQLITE)
			v.type = TYPE_BYTES;
	}
	return v;
}

int text_room(struct sql_run *r, size_t size, uint8_t **ret)
{
	run_work(r, size);
	if (size > VALUE_BYTES_MAX)
		return -E2BIG;
	*ret = run_room(r, size);
	return *ret == NULL ? -ENOMEM : 0;
}

/* PostgreSQL has a function only for the types it was made for. */
static int typed_text(struct sql_run *r, struct sql_value *v)
{
	if (v->type == TYPE_UNKNOWN || v->type == TYPE_NULL)
		v->type = TYPE_TEXT;
	return v->type == TYPE_TEXT ? 0 : run_mismatch(r);
}

static int to_text(struct sql_run *r, struct sql_value *v)
{
	struct bytes s;
	int e;

	if (type_is_string(v->type) && v->type != TYPE_UNKNOWN)
		return 0;
	if (r->dialect == SQL_POSTGRESQL)
		return typed_text(r, v);
	if (v->type == TYPE_BOOL)
		return run_error(r);
	if ((e = value_write(r, v, false, &s)) < 0)
		return e;
	s = value_text(s).s;
	v->s = s;
	v->type = TYPE_TEXT;
	return 0;
}

static int to_integer(struct sql_run *r, struct sql_value *v)
{
	struct sql_value made;
	int64_t i;
	int e;

	if (r->dialect == SQL_POSTGRESQL) {
		if (v->type == TYPE_UNKNOWN) {
			e = cast_literal(r, v, TYPE_INT, &made);
			*v = e == 0 ? made : *v;
			return e;
		}
		return v->type == TYPE_INT ? 0 : run_mismatch(r);
	}
	if (v->type == TYPE_UNSIGNED)
		return 0;
	if ((e = value_int_of(r, v, &i)) < 0)
		return e;
	v->type = TYPE_INT;
	v->i = i;
	return 0;
}

static int to_real(struct sql_run *r, struct sql_value *v)
{
	struct sql_value made = value_real(0);
	int e;

	if (v->type == TYPE_UNKNOWN)
		e = cast_literal(r, v, TYPE_REAL, &made);
	else
		e = value_real_of(r, v, &made.d);
	made.open = v->open;
	*v = e == 0 ? made : *v;
	return e;
}

static int to_number(struct sql_run *r, struct sql_value *v)
{
	struct sql_value made;
	int e;

	if (v->type == TYPE_UNKNOWN)
		e = cast_literal(r, v, TYPE_REAL, &made);
	else
		e = sql_value_number(r, v, &made);
	*v = e == 0 ? made : *v;
	return e;
}

static int convert(struct sql_run *r, char how, struct sql_value *v)
{
	if (v->null)
		return 0;
	switch (tolower(how)) {
	case 't': return to_text(r, v);
	case 'i': return to_integer(r, v);
	case 'r': return to_real(r, v);
	case 'n': return to_number(r, v);
	default: return 0;
	}
}

/* What stands for a NULL while the result's type is found. */
static void stand_in(struct sql_run *r, char how, struct sql_value *v)
{
	uint8_t scale = v->scale;

	if (!v->null)
		return;
	if (tolower(how) == 't' || type_is_string(v->type)) {
		enum sql_type type = v->type == TYPE_BYTES ? TYPE_BYTES : TYPE_TEXT;

		*v = value_text(bytes_text("1"));
		v->type = type;
	} else if (v->type == TYPE_DECIMAL) {
		*v = value_decimal(decimal_of_int(r->arena, 1));
		v->scale = scale;
	} else if (v->type == TYPE_REAL || (v->type <= TYPE_UNKNOWN && r->dialect == SQL_POSTGRESQL && tolower(how) != 'i')) {
		*v = value_real(1);
	} else {
		*v = sql_value_int(1);
	}
}

/* NULL, of the type that the function has for such arguments: found by calling it with others. */
static int null_call(struct sql_run *r, const struct function *f, struct sql_value *args, unsigned count, struct sql_value *ret)
{
	const char *s = f->signature;
	bool dry = r->dry;
	int e;

	if (!run_in(r, IN_MYSQL | IN_POSTGRESQL))
		return 0;
	for (unsigned i = 0; i < count; i++) {
		s += *s == '?';
		stand_in(r, *s, &args[i]);
		s += s[1] != '*' && *s != '\0';
	}
	r->dry = true;
	e = f->call(r, f, args, count, ret);
	r->dry = dry;
	if (e < 0)
		*ret = value_null(f->type);
	ret->null = true;
	ret->open = false;
	ret->s = (struct bytes){ 0 };
	return e == -ENOMEM ? e : 0;
}

int function_call(struct sql_run *r, const struct function *f, struct sql_value *args, unsigned count, struct sql_value *ret)
{
	const char *s = f->signature;
	bool null = false, open = false, optional = false;
	unsigned i = 0;
	int e;

	for (; i < count; i++) {
		if (*s == '?') {
			optional = true;
			s++;
		}
		if (*s == '\0')
			return run_mismatch(r); /* too many */
		if ((e = convert(r, *s, &args[i])) < 0)
			return e;
		null |= args[i].null && islower(*s);
		open |= args[i].open;
		if (s[1] != '*')
			s++;
	}
	if (*s != '\0' && *s != '?' && s[1] != '*' && !optional)
		return run_mismatch(r); /* too few */
	if (s[0] != '\0' && s[1] == '*' && i == 0 && strlen(f->signature) > 2)
		return run_error(r);
	*ret = value_null(f->type);
	ret->scale = f->type == TYPE_REAL || f->type == TYPE_TEXT ? SCALE_FREE : 0;
	/* two functions of that name would do for a NULL of no type */
	if (null && count == 1 && r->dialect == SQL_POSTGRESQL && args[0].type == TYPE_NULL && args[0].null &&
	    (strcmp(f->name, "trunc") == 0 || strcmp(f->name, "to_hex") == 0))
		return run_mismatch(r);
	e = null ? null_call(r, f, args, count, ret) : f->call(r, f, args, count, ret);
	if (e == 0)
		ret->open |= open;
	return e;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LIKE and GLOB: patterns with % and _, * and ?, one place to go back to. */
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

struct pattern_way {
	enum sql_operator op;
	int escape;               /* -1: none */
	bool fold, classes;       /* [a-z] is a class */
	uint8_t any, one;
	bool utf8;
};

static uint8_t fold(const struct pattern_way *w, uint8_t c)
{
	return w->fold && c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* How many bytes the character here has. */
static size_t width(const struct pattern_way *w, struct bytes s, size_t at)
{
	size_t n = 1;

	if (w->utf8 && s.at[at] >= 0xc2) {
		while (at + n < s.left && (s.at[at + n] & 0xc0) == 0x80 && n < 4)
			n++;
	}
	return n;
}

/* [abc], [a-z], [^a]: does c stand in it? *end: behind the bracket; 0 where it has no end. */
static bool in_class(const struct pattern_way *w, struct bytes p, size_t at, uint8_t c, size_t *end)
{
	bool negated = at + 1 < p.left && p.at[at + 1] == '^', found = false;
	size_t i = at + 1 + negated;

	*end = 0;
	for (bool first = true; i < p.left && (first || p.at[i] != ']'); first = false) {
		uint8_t low = fold(w, p.at[i]), high = low;

		if (i + 2 < p.left && p.at[i + 1] == '-' && p.at[i + 2] != ']') {
			high = fold(w, p.at[i + 2]);
			i += 2;
		}
		found |= fold(w, c) >= low && fold(w, c) <= high;
		i++;
	}
	if (i >= p.left)
		return false;
	*end = i + 1;
	return found != negated;
}

/* One thing of the pattern at *p that is no "any" against s[*at]; both move on. */
static bool step(const struct pattern_way *w, struct bytes s, size_t *at, struct bytes pat, size_t *p)
{
	size_t end;

	if (*at >= s.left)
		return false;
	if (pat.at[*p] == w->escape && *p + 1 < pat.left) {
		if (fold(w, pat.at[*p + 1]) != fold(w, s.at[*at]))
			return false;
		*p += 2;
		(*at)++;
		return true;
	}
	if (pat.at[*p] == w->one) {
		*at += width(w, s, *at);
		(*p)++;
		return true;
	}
	if (w->classes && pat.at[*p] == '[') {
		bool in = in_class(w, pat, *p, s.at[*at], &end);

		*p = end;
		(*at)++;
		return in && end > 0;
	}
	if (fold(w, pat.at[*p]) != fold(w, s.at[*at]))
		return false;
	(*p)++;
	(*at)++;
	return true;
}

static bool matches(const struct pattern_way *w, struct bytes s, struct bytes pat)
{
	size_t at = 0, p = 0, back_at = 0, back_p = SIZE_MAX;

	while (at < s.left || p < pat.left) {
		if (p < pat.left && pat.at[p] == w->any && pat.at[p] != w->escape) {
			back_p = ++p;
			back_at = at;
			continue;
		}
		if (p < pat.left && step(w, s, &at, pat, &p))
			continue;
		if (back_p == SIZE_MAX || back_at >= s.left)
			return false;
		back_at += width(w, s, back_at);
		at = back_at;
		p = back_p;
	}
	return true;
}

/* PostgreSQL minds an escape with nothing behind it, if the match comes there. */
static bool ends_in_escape(const struct pattern_way *w, struct bytes pat)
{
	size_t i = 0;

	while (i < pat.left)
		i += pat.at[i] == w->escape ? 2 : 1;
	return i > pat.left;
}

static int escape_of(struct sql_run *r, const struct sql_value *escape, struct pattern_way *w)
{
	struct bytes s;
	int e;

	if (escape == NULL)
		return 0;
	if ((e = value_write(r, escape, false, &s)) < 0)
		return e;
	if (s.left > 1 || (s.left == 0 && !run_in(r, IN_MYSQL | IN_POSTGRESQL)))
		return run_error(r);
	w->escape = s.left == 1 ? s.at[0] : -1;
	return 0;
}

int like(struct sql_run *r, enum sql_operator op, const struct sql_value *text, const struct sql_value *pattern,
         const struct sql_value *escape, struct sql_value *ret)
{
	struct pattern_way w = { .op = op, .escape = run_in(r, IN_MYSQL | IN_POSTGRESQL) ? '\\' : -1,
		.fold = op == OP_ILIKE || (op == OP_LIKE && run_in(r, IN_MYSQL | IN_SQLITE | IN_MSSQL)),
		.classes = op == OP_GLOB || r->dialect == SQL_MSSQL, .any = op == OP_GLOB ? '*' : '%',
		.one = op == OP_GLOB ? '?' : '_', .utf8 = true };
	struct bytes s, p;
	bool truth = false;
	int e;

	if (r->dialect == SQL_POSTGRESQL && ((!type_is_string(text->type) && text->type != TYPE_NULL) ||
	                                     (!type_is_string(pattern->type) && pattern->type != TYPE_NULL)))
		return run_error(r);
	if (r->dialect == SQL_POSTGRESQL && (text->type == TYPE_BYTES || pattern->type == TYPE_BYTES))
		return run_refuse(r, "bytea like");
	if (r->dialect == SQL_SQLITE && (text->type == TYPE_BYTES || pattern->type == TYPE_BYTES)) {
		*ret = sql_value_truth(r, false); /* blobs match nothing */
		return 0;
	}
	*ret = value_null(sql_value_truth(r, false).type);
	ret->open = text->open || pattern->open;
	if (text->null || pattern->null || (escape != NULL && escape->null && r->dialect != SQL_MYSQL))
		return 0;
	if (r->dialect == SQL_MYSQL && (text->type == TYPE_BYTES || pattern->type == TYPE_BYTES))
		w.fold = w.utf8 = false;
	if ((e = value_write(r, text, false, &s)) < 0 || (e = value_write(r, pattern, false, &p)) < 0 ||
	    (e = escape_of(r, escape != NULL && escape->null ? NULL : escape, &w)) < 0)
		return e;
	run_work(r, (uint64_t)s.left * p.left);
	if ((uint64_t)s.left * p.left > 4u << 20)
		return -E2BIG;
	if (op == OP_REGEXP)
		e = regexp_match(r, s, p, r->dialect == SQL_MYSQL && text->type != TYPE_BYTES && pattern->type != TYPE_BYTES, &truth);
	else if (r->dialect == SQL_POSTGRESQL && ends_in_escape(&w, p))
		return run_refuse(r, "like pattern that ends in its escape");
	else
		truth = matches(&w, s, p);
	if (e < 0)
		return e;
	*ret = sql_value_truth(r, truth);
	ret->open = text->open || pattern->open;
	return 0;
}

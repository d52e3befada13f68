/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comparison: which type both sides are brought to, and what order texts have. */
#include "emu/sql/operate.h"

#include <errno.h>
#include <string.h>

static uint8_t fold(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? c - 32 : c;
}

static int compare_bytes(struct bytes a, struct bytes b)
{
	size_t both = a.left < b.left ? a.left : b.left;
	int cmp = both > 0 ? memcmp(a.at, b.at, both) : 0;

	return cmp != 0 ? cmp : a.left < b.left ? -1 : a.left > b.left;
}

int compare_folded(struct bytes a, struct bytes b)
{
	size_t most = a.left > b.left ? a.left : b.left;

	for (size_t i = 0; i < most; i++) {
		int x = i < a.left ? fold(a.at[i]) : ' ', y = i < b.left ? fold(b.at[i]) : ' ';

		if (x != y)
			return x - y;
	}
	return 0;
}

int compare_unify(struct sql_run *r, struct sql_value *a, struct sql_value *b)
{
	bool loose_a = a->type == TYPE_UNKNOWN || a->type == TYPE_NULL, loose_b = b->type == TYPE_UNKNOWN || b->type == TYPE_NULL;
	int e = 0;

	if (loose_a && loose_b)
		a->type = b->type = TYPE_TEXT;
	else if (loose_a)
		e = cast_literal(r, a, b->type, a);
	else if (loose_b)
		e = cast_literal(r, b, a->type, b);
	if (e == 0 && a->type != b->type && !(type_is_number(a->type) && type_is_number(b->type)))
		e = run_mismatch(r); /* operator does not exist */
	return e;
}

/* SQLite: the affinity of one side changes the other. */
static void apply_affinity(struct sql_run *r, struct sql_value *to, enum affinity by, enum affinity own)
{
	struct sql_value n;
	bool integer;
	double d;

	if (by == AFFINITY_NUMERIC && own != AFFINITY_NUMERIC && to->type == TYPE_TEXT) {
		size_t len = number_prefix(to->s, &integer, &d);

		while (len > 0 && len < to->s.left && (to->s.at[len] == ' ' || (to->s.at[len] >= '\t' && to->s.at[len] <= '\r')))
			len++;
		if (len > 0 && len == to->s.left && sql_value_number(r, to, &n) == 0) {
			*to = n;
			if (n.type == TYPE_REAL && n.d == (double)(int64_t)n.d && n.d < 9e15 && n.d > -9e15)
				*to = sql_value_int((int64_t)n.d);
		}
	} else if (by == AFFINITY_TEXT && own == AFFINITY_NONE && type_is_number(to->type)) {
		struct bytes s;

		if (value_write(r, to, false, &s) == 0)
			*to = value_text(s);
	}
}

static int rank(const struct sql_value *v)
{
	return type_is_number(v->type) ? 0 : v->type == TYPE_TEXT ? 1 : 2;
}

static int numbers(struct sql_run *r, const struct sql_value *a, const struct sql_value *b, int *ret)
{
	const struct decimal *x, *y;
	double c, d;
	int e;

	if (type_is_integer(a->type) && type_is_integer(b->type)) {
		__int128 i = a->type == TYPE_UNSIGNED ? (__int128)(uint64_t)a->i : a->i;
		__int128 k = b->type == TYPE_UNSIGNED ? (__int128)(uint64_t)b->i : b->i;

		*ret = i < k ? -1 : i > k;
		return 0;
	}
	if (a->type == TYPE_REAL || b->type == TYPE_REAL) {
		if ((e = value_real_of(r, a, &c)) < 0 || (e = value_real_of(r, b, &d)) < 0)
			return e;
		*ret = c < d ? -1 : c > d;
		return 0;
	}
	if ((e = value_decimal_of(r, a, &x)) < 0 || (e = value_decimal_of(r, b, &y)) < 0)
		return e;
	*ret = decimal_compare(x, y);
	return 0;
}

static int sqlite_order(struct sql_run *r, struct sql_value a, struct sql_value b, int *ret)
{
	enum affinity fa = a.affinity, fb = b.affinity;

	if (fa == AFFINITY_NUMERIC || fb == AFFINITY_NUMERIC) {
		apply_affinity(r, &a, fb == AFFINITY_NUMERIC ? fb : AFFINITY_NONE, fa);
		apply_affinity(r, &b, fa == AFFINITY_NUMERIC ? fa : AFFINITY_NONE, fb);
	} else if (fa == AFFINITY_TEXT || fb == AFFINITY_TEXT) {
		apply_affinity(r, &a, fb, fa);
		apply_affinity(r, &b, fa, fb);
	}
	if (rank(&a) != rank(&b)) {
		*ret = rank(&a) - rank(&b);
		return 0;
	}
	if (rank(&a) > 0) {
		*ret = compare_bytes(a.s, b.s);
		return 0;
	}
	return numbers(r, &a, &b, ret);
}

int compare_order(struct sql_run *r, const struct sql_value *va, const struct sql_value *vb, int *ret)
{
	struct sql_value a = *va, b = *vb, x, y;
	int e;

	if (r->dialect == SQL_SQLITE)
		return sqlite_order(r, a, b, ret);
	if (r->dialect == SQL_POSTGRESQL && (e = compare_unify(r, &a, &b)) < 0)
		return e;
	if (a.type == TYPE_BOOL && b.type == TYPE_BOOL) {
		*ret = (int)(a.i - b.i);
		return 0;
	}
	if (type_is_string(a.type) && type_is_string(b.type)) {
		bool binary = run_in(r, IN_POSTGRESQL | IN_ORACLE) || a.type == TYPE_BYTES || b.type == TYPE_BYTES;

		*ret = binary ? compare_bytes(a.s, b.s) : compare_folded(a.s, b.s);
		return 0;
	}
	/* a text beside a real or an integer is a number */
	if ((e = sql_value_number(r, &a, &x)) < 0 || (e = sql_value_number(r, &b, &y)) < 0)
		return e;
	return numbers(r, &x, &y, ret);
}

int compare(struct sql_run *r, enum sql_operator op, const struct sql_value *va, const struct sql_value *vb, struct sql_value *ret)
{
	struct sql_value a = *va, b = *vb;
	int cmp = 0, e = 0;
	bool truth;

	if (r->dialect == SQL_POSTGRESQL && (e = compare_unify(r, &a, &b)) < 0)
		return e;
	if (a.null || b.null) {
		*ret = sql_value_truth(r, a.null && b.null);
		ret->null = op != OP_NULLSAFE;
		ret->open = a.open || b.open;
		return 0;
	}
	if ((e = compare_order(r, &a, &b, &cmp)) < 0)
		return e;
	switch (op) {
	case OP_NE: truth = cmp != 0; break;
	case OP_LT: truth = cmp < 0; break;
	case OP_LE: truth = cmp <= 0; break;
	case OP_GT: truth = cmp > 0; break;
	case OP_GE: truth = cmp >= 0; break;
	default: truth = cmp == 0; break;
	}
	*ret = sql_value_truth(r, truth);
	ret->open = a.open || b.open;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and texts: how they are shown, and what operators make of them. */
#include "emu/asp/inside.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asp_value asp_text(struct bytes text)
{
	return (struct asp_value){ .kind = ASP_TEXT_VALUE, .text = text };
}

struct asp_value asp_number(double number)
{
	return (struct asp_value){ .kind = ASP_NUMBER_VALUE, .number = number };
}

struct asp_value asp_open(struct asp_page *p)
{
	p->out->open = true;
	return (struct asp_value){ .kind = ASP_OPEN };
}

struct bytes asp_text_of(struct asp_page *p, const struct asp_value *v)
{
	char digits[40];
	int len;

	if (v->kind == ASP_TEXT_VALUE)
		return v->text;
	if (v->kind != ASP_NUMBER_VALUE)
		return (struct bytes){ 0 };
	len = v->number == trunc(v->number) && fabs(v->number) < 1e15 ? snprintf(digits, sizeof(digits), "%.0f", v->number) :
	    snprintf(digits, sizeof(digits), "%.15g", v->number);
	return arena_copy(p->arena, bytes_of(digits, (size_t)len), sizeof(digits));
}

double asp_number_of(const struct asp_value *v)
{
	char digits[48];
	size_t len = v->text.left < sizeof(digits) - 1 ? v->text.left : sizeof(digits) - 1;

	if (v->kind != ASP_TEXT_VALUE)
		return v->kind == ASP_NUMBER_VALUE ? v->number : 0;
	if (len > 0)
		memcpy(digits, v->text.at, len);
	digits[len] = '\0';
	return strtod(digits, NULL);
}

static struct asp_value join(struct asp_page *p, const struct asp_value *a, const struct asp_value *b)
{
	struct bytes left = asp_text_of(p, a), right = asp_text_of(p, b);
	uint8_t *at;

	if (left.left + right.left > TEMPLATE_TEXT_MAX) {
		p->out->bounded = true;
		p->stopped = true;
		return asp_text(left);
	}
	if ((at = arena_take(p->arena, left.left + right.left + 1)) == NULL) {
		p->error = -1;
		return asp_text(left);
	}
	if (left.left > 0)
		memcpy(at, left.at, left.left);
	if (right.left > 0)
		memcpy(at + left.left, right.at, right.left);
	return asp_text(bytes_of(at, left.left + right.left));
}

struct asp_value asp_operate(struct asp_page *p, struct bytes sign, const struct asp_value *a, const struct asp_value *b)
{
	double x = asp_number_of(a), y = asp_number_of(b);
	bool texts = a->kind == ASP_TEXT_VALUE || b->kind == ASP_TEXT_VALUE;

	if (a->kind == ASP_OPEN || b->kind == ASP_OPEN)
		return asp_open(p);
	if (bytes_equal_fold(sign, bytes_text("mod")) || sign.at[0] == '%')
		return y == 0 ? asp_open(p) : asp_number(fmod(x, y));
	switch (sign.at[0]) {
	case '&':
		return join(p, a, b);
	case '+':
		return texts ? join(p, a, b) : asp_number(x + y);
	case '-':
		return asp_number(x - y);
	case '*':
		return asp_number(x * y);
	case '^':
		return asp_number(pow(x, y));
	case '/':
		return y == 0 ? asp_open(p) : asp_number(x / y);
	case '\\':
		return y == 0 ? asp_open(p) : asp_number(trunc(x / y));
	default:
		asp_stop(p, "an operator");
		return asp_number(0);
	}
}

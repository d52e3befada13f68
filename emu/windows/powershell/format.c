/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The -f operator and ToString(format): .NET's composite formats, "Standard Numeric Format Strings". */
#include "emu/windows/powershell/session.h"
#include "emu/windows/host/calendar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 99, DIGITS = 100 };

/* Groups of three with the profile's sign between. */
static char *grouped(struct host *h, const char *digits)
{
	const char *dot = strchr(digits, '.'), *between = host_fact(h, "THOUSANDS");
	size_t whole = dot != NULL ? (size_t)(dot - digits) : strlen(digits), sign = *digits == '-';
	struct text t = text_in(h->heap);

	for (size_t i = 0; i < whole; i++) {
		if (i > sign && (whole - i) % 3 == 0)
			text_add(&t, bytes_text(between));
		text_put(&t, digits[i]);
	}
	if (dot != NULL)
		text_add(&t, bytes_text(dot));
	return t.at;
}

static struct string *number_format(struct session *s, const struct value *v, char how, int precision)
{
	struct heap *heap = s->host->heap;
	struct value n;
	double d;
	char made[DIGITS + 400];

	if (!value_number(s, v, &n))
		return NULL;
	d = n.kind == V_DOUBLE ? n.real : (double)n.number;
	precision = precision > DIGITS_MAX ? DIGITS_MAX : precision;
	switch (how) {
	case 'X': case 'x':
		if (n.kind == V_DOUBLE)
			return NULL;
		snprintf(made, sizeof(made), how == 'X' ? "%0*llX" : "%0*llx", precision < 0 ? 1 : precision,
		    (unsigned long long)(n.kind == V_LONG ? (uint64_t)n.number : (uint32_t)n.number));
		return string_text(heap, made);
	case 'D': case 'd':
		if (n.kind == V_DOUBLE)
			return NULL;
		snprintf(made, sizeof(made), "%s%0*llu", n.number < 0 ? "-" : "", precision < 0 ? 1 : precision,
		    (unsigned long long)llabs(n.number));
		return string_text(heap, made);
	case 'N': case 'n':
		snprintf(made, sizeof(made), "%.*f", precision < 0 ? 2 : precision, d);
		return string_text(heap, grouped(s->host, made));
	case 'F': case 'f':
		snprintf(made, sizeof(made), "%.*f", precision < 0 ? 2 : precision, d);
		return string_text(heap, made);
	case 'P': case 'p':
		snprintf(made, sizeof(made), "%.*f", precision < 0 ? 2 : precision, d * 100);
		return string_text(heap, heap_print(heap, "%s %%", grouped(s->host, made)));
	case 'G': case 'g':
		return precision < 0 ? string_of(heap, value_string(s, v)->at, value_string(s, v)->len) : NULL;
	default: return NULL;
	}
}

/* "000", "0.00", "#": a custom format of zeroes. */
static struct string *custom_format(struct session *s, const struct value *v, const char *how)
{
	const char *dot = strchr(how, '.');
	struct value n;
	char made[DIGITS + 400];
	size_t whole = dot != NULL ? (size_t)(dot - how) : strlen(how), part = dot != NULL ? strlen(dot + 1) : 0;

	if (strspn(how, "0.") != strlen(how) || !value_number(s, v, &n) || whole + part > 60)
		return NULL;
	snprintf(made, sizeof(made), "%0*.*f", (int)(whole + part + (part != 0)), (int)part, n.kind == V_DOUBLE ? n.real : (double)n.number);
	return string_text(s->host->heap, made);
}

struct string *format_value(struct session *s, const struct value *v, const char *how)
{
	struct string *made = NULL;

	if (*how == 0 || !(value_is_number(v)))
		return string_of(s->host->heap, value_string(s, v)->at, value_string(s, v)->len);
	if (strlen(how) <= 3 && strchr("XxDdNnFfPpGg", *how) != NULL && strspn(how + 1, "0123456789") == strlen(how + 1))
		made = number_format(s, v, *how, how[1] != 0 ? atoi(how + 1) : -1);
	else
		made = custom_format(s, v, how);
	if (made == NULL) {
		session_unsupported(s, "a format", how);
		made = string_text(s->host->heap, "");
	}
	return made;
}

/* {index[,width][:format]} at an offset. How many units it takes; 0: not one. */
static size_t item(struct session *s, const struct string *format, size_t at, const struct list *args, struct units *u)
{
	size_t end = at + 1, from;
	int64_t index = 0, width = 0;
	bool left = false;
	char how[32] = "";
	struct string *made;

	for (from = end; end < format->len && format->at[end] >= '0' && format->at[end] <= '9' && index < 100000; end++)
		index = index * 10 + (format->at[end] - '0');
	if (end == from)
		return 0;
	if (end < format->len && format->at[end] == ',') {
		for (end++; end < format->len && format->at[end] == ' '; end++)
			;
		left = end < format->len && format->at[end] == '-';
		for (end += left; end < format->len && format->at[end] >= '0' && format->at[end] <= '9' && width < 100000; end++)
			width = width * 10 + (format->at[end] - '0');
	}
	while (end < format->len && format->at[end] == ' ')
		end++;
	if (end < format->len && format->at[end] == ':')
		for (end++; end < format->len && format->at[end] != '}'; end++)
			if (strlen(how) < sizeof(how) - 1)
				how[strlen(how)] = (char)format->at[end];
	if (end >= format->len || format->at[end] != '}' || index >= args->count)
		return 0;
	made = format_value(s, &args->at[index], how);
	u->foreign |= value_is_foreign(&args->at[index]);
	for (int64_t i = made->len; !left && i < width; i++)
		units_put(u, ' ');
	units_add(u, made);
	for (int64_t i = made->len; left && i < width; i++)
		units_put(u, ' ');
	return end + 1 - at;
}

struct string *operator_format(struct session *s, const struct string *format, const struct list *args)
{
	struct units u = units_in(s->host->heap);

	for (size_t at = 0; at < format->len && session_goes_on(s);) {
		uint16_t c = format->at[at];
		size_t taken;

		if ((c == '{' || c == '}') && at + 1 < format->len && format->at[at + 1] == c) {
			units_put(&u, c);
			at += 2;
		} else if (c == '{') {
			if ((taken = item(s, format, at, args, &u)) == 0) {
				session_throw(s, "powershell.format", NULL);
				break;
			}
			at += taken;
		} else {
			units_put(&u, c);
			at++;
		}
	}
	return units_string(&u);
}

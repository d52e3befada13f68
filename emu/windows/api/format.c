/* SPDX-License-Identifier: GPL-2.0-or-later */
/* printf as Windows' run-time library and user32 know it, over arguments in guest memory. */
#include "emu/windows/api/api.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	bool left, zero, sign, blank, alternative, is_long, is_longlong, is_short;
	unsigned width, precision;
	bool has_precision;
};

struct arguments { struct windows *w; uint64_t at; };

static uint64_t take(struct arguments *a, unsigned len)
{
	uint64_t v = win_number(a->w, a->at, len, NULL);

	a->at += a->w->wide || len <= 4 ? a->w->word : 8;
	return v;
}

static unsigned number(const char **at, struct arguments *a)
{
	unsigned v = 0;

	if (**at == '*') {
		++*at;
		v = (unsigned)take(a, 4);
		return v < 4096 ? v : 0;
	}
	for (; isdigit((unsigned char)**at); ++*at)
		v = v < 1000 ? v * 10 + (unsigned)(**at - '0') : v;
	return v;
}

static struct piece parse(const char **at, struct arguments *a)
{
	struct piece p = { 0 };

	for (;; ++*at) {
		if (**at == '-')
			p.left = true;
		else if (**at == '0')
			p.zero = true;
		else if (**at == '+')
			p.sign = true;
		else if (**at == ' ')
			p.blank = true;
		else if (**at == '#')
			p.alternative = true;
		else
			break;
	}
	p.width = number(at, a);
	if (**at == '.') {
		++*at;
		p.has_precision = true;
		p.precision = number(at, a);
	}
	for (;; ++*at) {
		if (strncmp(*at, "I64", 3) == 0) {
			p.is_longlong = true;
			*at += 2;
		} else if (**at == 'l') {
			p.is_longlong = p.is_long;
			p.is_long = true;
		} else if (**at == 'h') {
			p.is_short = true;
		} else if (**at == 'w') {
			p.is_long = true;
		} else {
			break;
		}
	}
	return p;
}

static size_t pad(const struct piece *p, const char *text, size_t len, char *to, size_t room)
{
	size_t used = 0, fill = p->width > len ? p->width - len : 0;

	for (; !p->left && fill != 0 && used < room; fill--)
		to[used++] = p->zero ? '0' : ' ';
	for (size_t i = 0; i < len && used < room; i++)
		to[used++] = text[i];
	for (; fill != 0 && used < room; fill--)
		to[used++] = ' ';
	return used;
}

static size_t one(const struct piece *p, char kind, bool wide, struct arguments *a, char *to, size_t room)
{
	char text[WIN_TEXT_MAX] = "";
	uint64_t v;
	int n;

	switch (kind) {
	case 's':
	case 'S':
		v = take(a, a->w->word);
		wide = p->is_long || (p->is_short ? false : kind == 'S' ? !wide : wide);
		if (v == 0 || win_text(a->w, v, wide, text, sizeof(text)) < 0)
			snprintf(text, sizeof(text), v == 0 ? "(null)" : "");
		n = (int)strlen(text);
		if (p->has_precision && (unsigned)n > p->precision)
			n = (int)p->precision;
		return pad(p, text, (size_t)n, to, room);
	case 'c':
	case 'C':
		text[0] = (char)take(a, 4);
		return pad(p, text, 1, to, room);
	case 'd':
	case 'i':
		v = take(a, p->is_longlong ? 8 : 4);
		n = snprintf(text, sizeof(text), p->sign ? "%+" PRId64 : "%" PRId64, p->is_longlong ? (int64_t)v : (int32_t)v);
		return pad(p, text, (size_t)n, to, room);
	case 'u':
		n = snprintf(text, sizeof(text), "%" PRIu64, take(a, p->is_longlong ? 8 : 4));
		return pad(p, text, (size_t)n, to, room);
	case 'x':
	case 'X':
	case 'p':
		v = take(a, p->is_longlong ? 8 : kind == 'p' ? a->w->word : 4);
		n = snprintf(text, sizeof(text), kind == 'x' ? "%s%0*" PRIx64 : "%s%0*" PRIX64, p->alternative ? "0x" : "",
		    kind == 'p' ? (int)(2 * a->w->word) : p->has_precision ? (int)(p->precision & 31) : 1, v);
		return pad(p, text, (size_t)n, to, room);
	case 'o':
		n = snprintf(text, sizeof(text), "%" PRIo64, take(a, 4));
		return pad(p, text, (size_t)n, to, room);
	case 'n':
		(void)take(a, a->w->word);
		return 0;
	default:
		to[0] = kind;
		return room != 0;
	}
}

size_t api_format(struct windows *w, const char *format, bool wide, uint64_t list, char *to, size_t size)
{
	struct arguments a = { w, list };
	size_t used = 0;

	for (const char *c = format; *c != 0 && used + 1 < size; c++) {
		struct piece p;

		if (*c != '%' || c[1] == 0) {
			to[used++] = *c;
			continue;
		}
		c++;
		p = parse(&c, &a);
		if (*c == 0)
			break;
		used += one(&p, *c, wide, &a, to + used, size - used - 1);
	}
	to[used] = 0;
	return used;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods of Python's texts. Letters beyond Latin-1 have no case here. */
#include "emu/template/python.h"
#include "emu/template/python_containers.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

struct bytes python_upper(struct arena *a, struct bytes s, bool upper)
{
	uint8_t *at = arena_take(a, s.left);

	for (size_t i = 0; i < s.left && at != NULL; i++) {
		uint8_t c = s.at[i];

		at[i] = (uint8_t)(c >= 0x80 ? c : upper ? toupper(c) : tolower(c));
		if (i > 0 && s.at[i - 1] == 0xc3 && (c & 0x1f) != 0x17 && c >= (upper ? 0xa0 : 0x80) && c < (upper ? 0xbf : 0x9f))
			at[i] = (uint8_t)(c ^ 0x20);
	}
	return at != NULL ? bytes_of(at, s.left) : (struct bytes){ 0 };
}

static bool in_set(struct bytes set, uint8_t c)
{
	return set.at == NULL ? isspace(c) || (c >= 0x1c && c <= 0x1f) : memchr(set.at, c, set.left) != NULL;
}

struct bytes python_strip(struct bytes s, struct bytes set, bool left, bool right)
{
	while (left && s.left > 0 && in_set(set, s.at[0]))
		s = bytes_of(s.at + 1, s.left - 1);
	while (right && s.left > 0 && in_set(set, s.at[s.left - 1]))
		s.left--;
	return s;
}

struct bytes python_replace(struct render *r, struct bytes s, struct bytes from, struct bytes to, int64_t count)
{
	size_t room = 0, len;
	struct sink out;

	/* at every place one replacement at most */
	room = s.left + (from.left == 0 ? (s.left + 1) * to.left : s.left / from.left * to.left) + 1;
	if (room > TEMPLATE_TEXT_MAX || (out = sink_over(arena_take(r->arena, room), room)).at == NULL)
		return (struct bytes){ 0 };
	while (from.left == 0 ? true : s.left > 0) {
		bool here = count != 0 && s.left >= from.left && (from.left == 0 || memcmp(s.at, from.at, from.left) == 0);

		if (here) {
			sink_put(&out, to.at, to.left);
			count -= count > 0;
		}
		if (s.left == 0)
			break;
		len = here && from.left > 0 ? from.left : 1;
		if (from.left == 0)
			(void)text_point(s, &len);
		if (!here || from.left == 0)
			sink_put(&out, s.at, len);
		s = bytes_of(s.at + len, s.left - len);
	}
	return bytes_of(out.at, out.used);
}

int python_join(struct render *r, struct bytes between, const struct list *l, struct bytes *ret)
{
	size_t room = 0;
	struct sink out;
	int e;

	for (size_t i = 0; i < l->count; i++) {
		if (l->at[i].kind != DATUM_TEXT)
			return render_fail(r, "sequence item %zu: expected str instance, %s found", i, python_type(l->at[i]));
		room += l->at[i].s.left + between.left;
	}
	if (room > TEMPLATE_TEXT_MAX)
		return -E2BIG;
	if ((e = render_work(r, room)) < 0)
		return e;
	out = sink_over(arena_take(r->arena, room), room);
	if (out.at == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < l->count; i++) {
		if (i > 0)
			sink_put(&out, between.at, between.left);
		sink_put(&out, l->at[i].s.at, l->at[i].s.left);
	}
	*ret = bytes_of(out.at, out.used);
	return 0;
}

/* One call of a text's method. */
struct call {
	struct render *r;
	struct bytes s;
	const struct arguments *a;
	struct bytes name;
	struct datum *ret;
};

static int text_argument(const struct call *c, size_t place, struct bytes *ret)
{
	struct datum d;

	if (!argument_of(c->a, place, NULL, &d))
		return render_fail(c->r, "%.*s() takes at least %zu argument (%zu given)", (int)c->name.left, (const char *)c->name.at, place + 1, place);
	if (d.kind != DATUM_TEXT)
		return render_fail(c->r, "must be str, not %s", python_type(d));
	*ret = d.s;
	return 0;
}

static int64_t int_argument(const struct call *c, size_t place, const char *name, int64_t otherwise)
{
	struct datum d;

	return argument_of(c->a, place, name, &d) && (d.kind == DATUM_INT || d.kind == DATUM_BOOL) ? d.i : otherwise;
}

static int method_case(struct call *c)
{
	struct bytes s;
	uint8_t *at;
	bool title = bytes_equal(c->name, bytes_text("title")), swap = bytes_equal(c->name, bytes_text("swapcase"));
	bool begin = true;

	if (!title && !swap && !bytes_equal(c->name, bytes_text("capitalize"))) {
		*c->ret = datum_text(python_upper(c->r->arena, c->s, bytes_equal(c->name, bytes_text("upper"))));
		return render_full(c->r);
	}
	s = python_upper(c->r->arena, c->s, false);
	at = arena_take(c->r->arena, s.left);
	for (size_t i = 0; i < s.left && at != NULL; i++) {
		at[i] = s.at[i];
		if (c->s.at[i] >= 0x80)
			return render_refuse(c->r, "title() beyond ASCII");
		if (swap)
			at[i] = (uint8_t)(c->s.at[i] >= 0x80 ? c->s.at[i] : isupper(c->s.at[i]) ? tolower(c->s.at[i]) : toupper(c->s.at[i]));
		else if (begin && at[i] < 0x80)
			at[i] = (uint8_t)toupper(at[i]);
		begin = title && !isalpha(s.at[i]) && s.at[i] < 0x80;
	}
	*c->ret = datum_text(at != NULL ? bytes_of(at, s.left) : (struct bytes){ 0 });
	return render_full(c->r);
}

static int method_strip(struct call *c)
{
	struct bytes set = { 0 };
	struct datum d;
	int e = argument_of(c->a, 0, NULL, &d) && d.kind != DATUM_NONE ? text_argument(c, 0, &set) : 0;

	if (set.at == NULL && e == 0 && argument_of(c->a, 0, NULL, &d) && d.kind == DATUM_TEXT)
		set.at = (const uint8_t *)"";
	*c->ret = datum_text(python_strip(c->s, set, c->name.at[0] != 'r', c->name.at[0] != 'l'));
	return e;
}

static int method_replace(struct call *c)
{
	struct bytes from, to;
	int e;

	if ((e = text_argument(c, 0, &from)) < 0 || (e = text_argument(c, 1, &to)) < 0 || (e = render_work(c->r, c->s.left * (to.left + 1))) < 0)
		return e;
	*c->ret = datum_text(python_replace(c->r, c->s, from, to, int_argument(c, 2, NULL, -1)));
	return render_full(c->r);
}

static int split_at_blanks(struct call *c, int64_t most)
{
	struct bytes s = c->s;
	int e = 0;

	for (;;) {
		size_t n = 0;

		s = python_strip(s, (struct bytes){ 0 }, true, false);
		if (s.left == 0)
			return 0;
		while (n < s.left && !isspace(s.at[n]))
			n++;
		if (most-- == 0)
			return list_put(c->ret->list, c->r->arena, datum_text(python_strip(s, (struct bytes){ 0 }, false, true)));
		if ((e = list_put(c->ret->list, c->r->arena, datum_text(bytes_of(s.at, n)))) < 0)
			return e;
		s = bytes_of(s.at + n, s.left - n);
	}
}

static int method_split(struct call *c)
{
	int64_t most = int_argument(c, 1, "maxsplit", -1);
	struct bytes between, s = c->s;
	struct datum d;
	ptrdiff_t at;
	int e;

	*c->ret = datum_list(c->r->arena, FORM_LIST);
	if (c->ret->list == NULL)
		return -ENOMEM;
	if (!argument_of(c->a, 0, "sep", &d) || d.kind == DATUM_NONE)
		return c->name.at[0] == 'r' && most >= 0 ? render_refuse(c->r, "rsplit()") : split_at_blanks(c, most);
	if ((e = text_argument(c, 0, &between)) < 0)
		return e;
	if (between.left == 0)
		return render_fail(c->r, "empty separator");
	if (c->name.at[0] == 'r' && most >= 0)
		return render_refuse(c->r, "rsplit()");
	while (most-- != 0 && (at = bytes_find(s, between)) >= 0) {
		if ((e = list_put(c->ret->list, c->r->arena, datum_text(bytes_of(s.at, (size_t)at)))) < 0)
			return e;
		s = text_cut(s, (size_t)at + between.left, s.left);
	}
	return list_put(c->ret->list, c->r->arena, datum_text(s));
}

static int method_lines(struct call *c)
{
	struct bytes s = c->s;
	int e = 0;

	*c->ret = datum_list(c->r->arena, FORM_LIST);
	while (s.left > 0 && e == 0) {
		size_t n = 0;

		while (n < s.left && s.at[n] != '\n' && s.at[n] != '\r')
			n++;
		e = list_put(c->ret->list, c->r->arena, datum_text(bytes_of(s.at, n)));
		n += n + 1 < s.left && s.at[n] == '\r' && s.at[n + 1] == '\n' ? 2 : n < s.left;
		s = bytes_of(s.at + n, s.left - n);
	}
	return e;
}

static int method_join(struct call *c)
{
	struct list all;
	struct datum d;
	int e;

	if (!argument_of(c->a, 0, NULL, &d))
		return render_fail(c->r, "str.join() takes exactly one argument (0 given)");
	if ((e = python_iterate(c->r, d, &all, NULL)) < 0)
		return e;
	*c->ret = datum_text((struct bytes){ 0 });
	c->ret->open = d.open;
	return python_join(c->r, c->s, &all, &c->ret->s);
}

static int method_find(struct call *c)
{
	bool last = c->name.at[0] == 'r', index = bytes_find(c->name, bytes_text("index")) >= 0, count = c->name.at[0] == 'c';
	struct bytes part, s = c->s;
	ptrdiff_t at, found = -1;
	int64_t times = 0;
	size_t from = 0;
	int e = text_argument(c, 0, &part);

	if (e < 0)
		return e;
	if (c->a->positional.count > 1 || part.left == 0)
		return render_refuse(c->r, "find() within bounds");
	while ((at = bytes_find(text_cut(s, from, s.left), part)) >= 0) {
		found = at + (ptrdiff_t)from;
		times++;
		from = (size_t)found + (count ? part.left : 1);
		if (!last && !count)
			break;
	}
	if (index && found < 0)
		return render_fail(c->r, "substring not found");
	*c->ret = datum_int(count ? times : found < 0 ? -1 : (int64_t)text_length(bytes_of(s.at, (size_t)found)));
	return 0;
}

static int method_begins(struct call *c)
{
	struct datum d;
	bool ends = c->name.at[0] == 'e', is = false;
	struct list one = { .count = 1, .at = &d }, *all = &one;

	if (!argument_of(c->a, 0, NULL, &d))
		return render_fail(c->r, "%.*s() takes at least 1 argument (0 given)", (int)c->name.left, (const char *)c->name.at);
	if (c->a->positional.count > 1)
		return render_refuse(c->r, "startswith() within bounds");
	if (d.kind == DATUM_LIST && d.list->form == FORM_TUPLE)
		all = d.list;
	for (size_t i = 0; i < all->count && !is; i++) {
		struct bytes p = all->at[i].s;

		if (all->at[i].kind != DATUM_TEXT)
			return render_fail(c->r, "%.*s first arg must be str or a tuple of str, not %s", (int)c->name.left, (const char *)c->name.at, python_type(all->at[i]));
		is = p.left <= c->s.left && (p.left == 0 || memcmp(ends ? c->s.at + c->s.left - p.left : c->s.at, p.at, p.left) == 0);
	}
	*c->ret = datum_bool(is);
	return 0;
}

static int method_is(struct call *c)
{
	static const struct { const char *name; int (*is)(int); } classes[] = {
		{ "isdigit", isdigit }, { "isnumeric", isdigit }, { "isdecimal", isdigit }, { "isalpha", isalpha }, { "isalnum", isalnum }, { "isspace", isspace },
	};
	bool lower = bytes_equal(c->name, bytes_text("islower")), cased = false, is = c->s.left > 0;

	for (size_t i = 0; i < c->s.left && is; i++) {
		if (c->s.at[i] >= 0x80)
			return render_refuse(c->r, "classes of letters beyond ASCII");
		if (lower || bytes_equal(c->name, bytes_text("isupper"))) {
			is = !isalpha(c->s.at[i]) || (islower(c->s.at[i]) != 0) == lower;
			cased |= isalpha(c->s.at[i]) != 0;
		} else {
			cased = true;
		}
		for (unsigned k = 0; k < COUNT_OF(classes); k++)
			if (bytes_equal(c->name, bytes_text(classes[k].name)))
				is = classes[k].is(c->s.at[i]) != 0;
	}
	*c->ret = datum_bool(is && cased);
	return 0;
}

static int method_pad(struct call *c)
{
	bool zeros = c->name.at[0] == 'z', right = c->name.at[0] == 'r', center = c->name.at[0] == 'c';
	int64_t width = int_argument(c, 0, NULL, 0);
	size_t length = text_length(c->s), pad = width > (int64_t)length ? (size_t)width - length : 0, left;
	struct bytes fill = bytes_text(zeros ? "0" : " "), whole = { 0 }, rest = c->s;
	int e = !zeros && c->a->positional.count > 1 ? text_argument(c, 1, &fill) : 0;

	if (e < 0)
		return e;
	if (pad > TEMPLATE_TEXT_MAX / 8 || text_length(fill) != 1)
		return pad > TEMPLATE_TEXT_MAX / 8 ? -E2BIG : render_fail(c->r, "The fill character must be exactly one character long");
	left = zeros || right ? pad : center ? pad / 2 + (pad & (size_t)width & 1) : 0;
	if (zeros && rest.left > 0 && (rest.at[0] == '-' || rest.at[0] == '+')) {
		whole = bytes_of(rest.at, 1);
		rest = bytes_of(rest.at + 1, rest.left - 1);
	}
	for (size_t i = 0; i < left; i++)
		whole = text_join(c->r->arena, whole, fill);
	whole = text_join(c->r->arena, whole, rest);
	for (size_t i = left; i < pad; i++)
		whole = text_join(c->r->arena, whole, fill);
	*c->ret = datum_text(whole);
	return (e = render_work(c->r, pad * pad)) < 0 ? e : render_full(c->r);
}

static int method_format(struct call *c)
{
	*c->ret = datum_text((struct bytes){ 0 });
	return python_format(c->r, c->s, c->a, &c->ret->s);
}

static int method_encode(struct call *c)
{
	*c->ret = datum_text(c->s);
	c->ret->raw = c->name.at[0] == 'e';
	return 0;
}

static int method_prefix(struct call *c)
{
	bool suffix = bytes_equal(c->name, bytes_text("removesuffix"));
	struct bytes part = { 0 }, s = c->s;
	int e = text_argument(c, 0, &part);

	if (e == 0 && part.left <= s.left && part.left > 0 && memcmp(suffix ? s.at + s.left - part.left : s.at, part.at, part.left) == 0)
		s = suffix ? bytes_of(s.at, s.left - part.left) : text_cut(s, part.left, s.left);
	*c->ret = datum_text(s);
	return e;
}

static const struct { const char *name; int (*run)(struct call *); bool of_bytes; } methods[] = {
	{ "upper", method_case, false }, { "lower", method_case, false }, { "title", method_case, false }, { "capitalize", method_case, false },
	{ "swapcase", method_case, false }, { "casefold", method_case, false }, { "strip", method_strip, true }, { "lstrip", method_strip, true },
	{ "rstrip", method_strip, true }, { "replace", method_replace, false }, { "split", method_split, false }, { "rsplit", method_split, false },
	{ "splitlines", method_lines, false }, { "join", method_join, false }, { "find", method_find, false }, { "rfind", method_find, false },
	{ "index", method_find, false }, { "rindex", method_find, false }, { "count", method_find, false }, { "startswith", method_begins, false },
	{ "endswith", method_begins, false }, { "isdigit", method_is, false }, { "isnumeric", method_is, false }, { "isdecimal", method_is, false },
	{ "isalpha", method_is, false }, { "isalnum", method_is, false }, { "isspace", method_is, false }, { "islower", method_is, false },
	{ "isupper", method_is, false }, { "zfill", method_pad, false }, { "ljust", method_pad, false }, { "rjust", method_pad, false },
	{ "center", method_pad, false }, { "format", method_format, false }, { "encode", method_encode, false }, { "decode", method_encode, true },
	{ "removeprefix", method_prefix, false }, { "removesuffix", method_prefix, false },
};

bool python_has_method(struct datum of, struct bytes name)
{
	for (unsigned i = 0; of.kind == DATUM_TEXT && i < COUNT_OF(methods); i++) {
		if (bytes_equal(name, bytes_text(methods[i].name)))
			return true;
	}
	return of.kind == DATUM_LIST || of.kind == DATUM_DICT ? python_container_has(of, name) : false;
}

int python_method(struct render *r, struct datum of, struct bytes name, const struct arguments *a, struct datum *ret)
{
	struct call c = { .r = r, .s = of.s, .a = a, .name = name, .ret = ret };

	if (of.kind == DATUM_LIST || of.kind == DATUM_DICT)
		return python_container_method(r, of, name, a, ret);
	for (unsigned i = 0; of.kind == DATUM_TEXT && i < COUNT_OF(methods); i++) {
		int e;

		if (!bytes_equal(name, bytes_text(methods[i].name)))
			continue;
		if (of.raw && !methods[i].of_bytes)
			return render_refuse(r, "a method of bytes");
		if ((e = render_work(r, of.s.left * 4)) < 0 || (e = methods[i].run(&c)) < 0)
			return e;
		ret->open |= of.open;
		ret->raw |= of.raw && !bytes_equal(name, bytes_text("decode"));
		return 0;
	}
	return -ENOENT;
}

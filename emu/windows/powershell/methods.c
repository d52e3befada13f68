/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Methods of System.String and of lists, by .NET's reference. */
#include "emu/windows/powershell/session.h"

#include <string.h>

static bool is_space(uint16_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0;
}

static struct string *changed_case(struct session *s, const struct string *t, bool up)
{
	struct units u = units_in(s->host->heap);

	u.foreign = t->foreign;
	for (uint32_t i = 0; i < t->len; i++) {
		uint16_t c = t->at[i];
		bool other = up ? (c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7)
		    : (c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7);

		units_put(&u, other ? c ^ 0x20 : c);
	}
	return units_string(&u);
}

/* Is a unit one of those that arguments name? */
static bool among(struct session *s, const struct list *args, uint16_t c)
{
	for (unsigned i = 0; i < args->count; i++) {
		struct list *l = value_list(s, &args->at[i]);

		for (unsigned k = 0; k < l->count; k++) {
			const struct string *t = value_string(s, &l->at[k]);

			for (uint32_t n = 0; n < t->len; n++)
				if (t->at[n] == c)
					return true;
		}
	}
	return false;
}

static struct string *trimmed(struct session *s, const struct string *t, const struct list *args, bool front, bool back)
{
	size_t from = 0, to = t->len;

	while (front && from < to && (args->count == 0 ? is_space(t->at[from]) : among(s, args, t->at[from])))
		from++;
	while (back && to > from && (args->count == 0 ? is_space(t->at[to - 1]) : among(s, args, t->at[to - 1])))
		to--;
	return string_part(s->host->heap, t, from, to - from);
}

/* A place that an argument names must be in the string. */
static bool in_range(struct session *s, int64_t from, int64_t len, const struct string *t)
{
	if (from >= 0 && len >= 0 && from <= t->len && len <= t->len - from)
		return true;
	session_throw(s, "powershell.range", NULL);
	return false;
}

static struct value split(struct session *s, const struct string *t, const struct list *args)
{
	struct list *all = list_new(s->host->heap, 8), *chars = list_new(s->host->heap, 1);
	int64_t max = LIST_MAX;
	bool whole = false, drop = false;
	size_t from = 0;

	if (args->count != 0)
		list_add(chars, args->at[0]);
	/* Split(string[], …) parts by whole strings; Split(char[]) and a lone string by each unit */
	for (unsigned i = 1; i < args->count; i++) {
		if (value_is_number(&args->at[i]))
			max = value_int(s, &args->at[i]);
		else if (args->at[i].kind == V_STRING && (string_is(args->at[i].string, "removeemptyentries") || string_is(args->at[i].string, "none")))
			drop = string_is(args->at[i].string, "removeemptyentries");
		else
			list_add(chars, args->at[i]);
	}
	whole = args->count > 0 && args->at[0].kind == V_LIST && args->at[0].list->of == V_STRING && args->count > 1;
	for (size_t i = 0; i <= t->len && host_step(s->host);) {
		size_t len = 1;
		bool here = i == t->len;

		if (!here && whole) {
			const struct string *sep = value_string(s, &args->at[0].list->at[0]);

			here = sep->len != 0 && string_find(t, sep, i, false) == (int64_t)i;
			len = sep->len;
		} else if (!here) {
			here = chars->count == 0 ? is_space(t->at[i]) : among(s, chars, t->at[i]);
		}
		if (here && i < t->len && all->count + 1 >= (uint64_t)max)
			here = false;
		if (!here) {
			i++;
			continue;
		}
		if (!drop || i > from)
			list_add(all, v_string(string_part(s->host->heap, t, from, i - from)));
		if (i == t->len)
			break;
		i += len;
		from = i;
	}
	return v_list(all);
}

static struct string *replaced(struct session *s, const struct string *t, const struct string *from, const struct string *to)
{
	struct units u = units_in(s->host->heap);
	size_t done = 0;
	int64_t at;

	u.foreign = t->foreign;
	if (from->len == 0) {
		session_throw(s, "powershell.range", NULL);
		return units_string(&u);
	}
	while ((at = string_find(t, from, done, false)) >= 0 && host_step(s->host)) {
		units_add(&u, string_part(s->host->heap, t, done, (size_t)at - done));
		units_add(&u, to);
		done = (size_t)at + from->len;
	}
	units_add(&u, string_part(s->host->heap, t, done, t->len - done));
	return units_string(&u);
}

static struct string *padded(struct session *s, const struct string *t, const struct list *args, bool left)
{
	struct units u = units_in(s->host->heap);
	int64_t width = value_int(s, &args->at[0]);
	uint16_t with = args->count > 1 && value_string(s, &args->at[1])->len != 0 ? value_string(s, &args->at[1])->at[0] : ' ';

	if (!left)
		units_add(&u, t);
	for (int64_t i = t->len; i < width && host_step(s->host); i++)
		units_put(&u, with);
	if (left)
		units_add(&u, t);
	return units_string(&u);
}

static int64_t last_of(const struct string *t, const struct string *what)
{
	int64_t found = -1, at = -1;

	while ((at = string_find(t, what, (size_t)(at + 1), false)) >= 0)
		found = at;
	return found;
}

static bool any_of(struct session *s, const struct string *t, const struct list *args, int64_t *ret)
{
	for (uint32_t i = 0; i < t->len; i++)
		if (among(s, args, t->at[i])) {
			*ret = i;
			return true;
		}
	*ret = -1;
	return true;
}

/* StringComparison that does not mind case. */
static bool is_folded(struct session *s, const struct list *args, unsigned i)
{
	return i < args->count && args->at[i].kind == V_STRING && args->at[i].string->len > 10 &&
	    string_find(args->at[i].string, string_text(s->host->heap, "IgnoreCase"), 0, true) >= 0;
}

static bool string_search(struct session *s, const struct string *t, const char *name, const struct list *args, struct value *ret)
{
	const struct string *what = value_string(s, &args->at[0]);
	int64_t at = 0;
	bool folded = is_folded(s, args, args->count - 1);

	if (strcmp(name, "indexof") == 0) {
		int64_t from = args->count > 1 && value_is_number(&args->at[1]) ? value_int(s, &args->at[1]) : 0;

		*ret = v_int(from < 0 ? -1 : string_find(t, what, (size_t)from, folded));
	} else if (strcmp(name, "lastindexof") == 0) {
		*ret = v_int(last_of(t, what));
	} else if (strcmp(name, "indexofany") == 0 && any_of(s, t, args, &at)) {
		*ret = v_int(at);
	} else if (strcmp(name, "startswith") == 0) {
		*ret = v_bool(string_find(t, what, 0, folded) == 0);
	} else if (strcmp(name, "endswith") == 0) {
		*ret = v_bool(what->len <= t->len && string_find(t, what, t->len - what->len, folded) == (int64_t)(t->len - what->len));
	} else if (strcmp(name, "contains") == 0) {
		*ret = v_bool(string_find(t, what, 0, folded) >= 0);
	} else {
		return false;
	}
	return true;
}

static bool string_change(struct session *s, const struct string *t, const char *name, const struct list *args, struct value *ret)
{
	int64_t from = args->count != 0 ? value_int(s, &args->at[0]) : 0, len;

	*ret = v_null();
	if (strcmp(name, "substring") == 0 && args->count != 0) {
		len = args->count > 1 ? value_int(s, &args->at[1]) : t->len - from;
		if (in_range(s, from, len, t))
			*ret = v_string(string_part(s->host->heap, t, (size_t)from, (size_t)len));
	} else if (strcmp(name, "remove") == 0 && args->count != 0) {
		len = args->count > 1 ? value_int(s, &args->at[1]) : t->len - from;
		if (in_range(s, from, len, t))
			*ret = v_string(string_join(s->host->heap, string_part(s->host->heap, t, 0, (size_t)from),
			    string_part(s->host->heap, t, (size_t)(from + len), t->len - (size_t)(from + len))));
	} else if (strcmp(name, "insert") == 0 && args->count == 2) {
		if (in_range(s, from, 0, t))
			*ret = v_string(string_join(s->host->heap, string_join(s->host->heap, string_part(s->host->heap, t, 0, (size_t)from),
			    value_string(s, &args->at[1])), string_part(s->host->heap, t, (size_t)from, t->len - (size_t)from)));
	} else if (strcmp(name, "replace") == 0 && args->count >= 2) {
		*ret = v_string(replaced(s, t, value_string(s, &args->at[0]), value_string(s, &args->at[1])));
	} else if ((strcmp(name, "padleft") == 0 || strcmp(name, "padright") == 0) && args->count != 0) {
		*ret = v_string(padded(s, t, args, name[3] == 'l'));
	} else {
		return false;
	}
	return true;
}

static struct value chars_of(struct session *s, const struct string *t, const struct list *args)
{
	int64_t from = args->count == 2 ? value_int(s, &args->at[0]) : 0, len = args->count == 2 ? value_int(s, &args->at[1]) : t->len;
	struct list *l;

	if (!in_range(s, from, len, t))
		return v_null();
	l = list_new(s->host->heap, (unsigned)len);
	l->of = V_CHAR;
	l->foreign = t->foreign;
	for (int64_t i = from; i < from + len && host_step(s->host); i++)
		list_add(l, v_number(V_CHAR, t->at[i]));
	return v_list(l);
}

bool string_call(struct session *s, const struct string *t, const char *name, const struct list *args, struct value *ret)
{
	if (strncmp(name, "toupper", 7) == 0 || strncmp(name, "tolower", 7) == 0)
		*ret = v_string(changed_case(s, t, name[2] == 'u'));
	else if (strcmp(name, "trim") == 0 || strcmp(name, "trimstart") == 0 || strcmp(name, "trimend") == 0)
		*ret = v_string(trimmed(s, t, args, name[4] != 'e', name[4] != 's'));
	else if (strcmp(name, "split") == 0)
		*ret = split(s, t, args);
	else if (strcmp(name, "tochararray") == 0)
		*ret = chars_of(s, t, args);
	else if (strcmp(name, "getenumerator") == 0)
		*ret = chars_of(s, t, list_new(s->host->heap, 0));
	else if (strcmp(name, "tostring") == 0 || strcmp(name, "clone") == 0 || strcmp(name, "normalize") == 0)
		*ret = v_string(t);
	else if ((strcmp(name, "chars") == 0 || strcmp(name, "get_chars") == 0) && args->count == 1)
		*ret = index_get(s, &(struct value){ V_STRING, { .string = t } }, &args->at[0]);
	else if (strcmp(name, "get_length") == 0)
		*ret = v_int(t->len);
	else if (strcmp(name, "invoke") == 0)
		return false;
	else
		return string_change(s, t, name, args, ret) || (args->count != 0 && string_search(s, t, name, args, ret));
	return true;
}

static void reverse(struct list *l, unsigned from, unsigned count)
{
	for (unsigned i = 0; i < count / 2; i++) {
		struct value kept = l->at[from + i];

		l->at[from + i] = l->at[from + count - 1 - i];
		l->at[from + count - 1 - i] = kept;
	}
}

static int64_t index_of(struct session *s, const struct list *l, const struct value *v)
{
	for (unsigned i = 0; i < l->count && host_step(s->host); i++)
		if (operator_equal(s, &l->at[i], v, false))
			return i;
	return -1;
}

bool list_call(struct session *s, struct list *l, const char *name, const struct list *args, struct value *ret)
{
	*ret = v_null();
	if (strcmp(name, "add") == 0 && args->count == 1) {
		list_add(l, args->at[0]);
		*ret = l->grows ? v_int(l->count - 1) : v_null();
	} else if (strcmp(name, "addrange") == 0 && args->count == 1) {
		struct list *more = value_list(s, &args->at[0]);

		for (unsigned i = 0, n = more->count; i < n && host_step(s->host); i++)
			list_add(l, more->at[i]);
	} else if (strcmp(name, "contains") == 0 && args->count == 1) {
		*ret = v_bool(index_of(s, l, &args->at[0]) >= 0);
	} else if (strcmp(name, "indexof") == 0 && args->count >= 1) {
		*ret = v_int(index_of(s, l, &args->at[0]));
	} else if (strcmp(name, "reverse") == 0 && args->count == 0) {
		reverse(l, 0, l->count);
	} else if (strcmp(name, "toarray") == 0 || strcmp(name, "clone") == 0 || strcmp(name, "getenumerator") == 0) {
		struct list *copy = list_new(s->host->heap, l->count);

		memcpy(copy->at, l->at, l->count * sizeof(*l->at));
		copy->count = l->count;
		copy->of = l->of;
		copy->foreign = l->foreign;
		*ret = v_list(copy);
	} else if (strcmp(name, "clear") == 0) {
		l->count = 0;
	} else if (strcmp(name, "getlength") == 0 || strcmp(name, "getupperbound") == 0 || strcmp(name, "get_count") == 0) {
		*ret = v_int(l->count - (name[3] == 'u'));
	} else if ((strcmp(name, "get_item") == 0 || strcmp(name, "getvalue") == 0) && args->count == 1) {
		*ret = index_get(s, &(struct value){ V_LIST, { .list = l } }, &args->at[0]);
	} else if (strcmp(name, "foreach") == 0 && args->count == 1 && args->at[0].kind == V_BLOCK) {
		struct list *all = list_new(s->host->heap, l->count);

		for (unsigned i = 0; i < l->count && session_goes_on(s); i++) {
			struct value v = block_with(s, args->at[0].block, &l->at[i]);

			list_add(all, v);
		}
		*ret = v_list(all);
	} else {
		return false;
	}
	return true;
}

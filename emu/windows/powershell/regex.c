/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regular expressions over UTF-16, by PCRE2, bounded: what .NET and Perl write alike. */
#define PCRE2_CODE_UNIT_WIDTH 16
#include "emu/windows/powershell/session.h"

#include <pcre2.h>

enum { MATCH_LIMIT = 200000, REPLACED_MAX = 100000 };

struct regex { pcre2_code *code; pcre2_match_data *data; pcre2_match_context *limits; };

static bool regex_open(struct session *s, const struct string *pattern, bool folded, struct regex *ret)
{
	int error;
	PCRE2_SIZE at;

	ret->code = pcre2_compile(pattern->len != 0 ? pattern->at : (const uint16_t *)u"", pattern->len,
	    (folded ? PCRE2_CASELESS : 0) | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY * 0, &error, &at, NULL);
	if (ret->code == NULL) {
		session_throw(s, "powershell.regex", NULL);
		return false;
	}
	ret->data = pcre2_match_data_create_from_pattern(ret->code, NULL);
	ret->limits = pcre2_match_context_create(NULL);
	if (ret->data == NULL || ret->limits == NULL) {
		host_stop(s->host, STOPPED_MEMORY);
	} else {
		pcre2_set_match_limit(ret->limits, MATCH_LIMIT);
		pcre2_set_heap_limit(ret->limits, 8192);
		pcre2_set_depth_limit(ret->limits, MATCH_LIMIT);
	}
	return true;
}

static void regex_close(struct regex *r)
{
	pcre2_match_context_free(r->limits);
	pcre2_match_data_free(r->data);
	pcre2_code_free(r->code);
}

/* The next place it fits: its offsets. False: none. */
static bool next(struct session *s, struct regex *r, const struct string *text, size_t from, PCRE2_SIZE **ret)
{
	int count;

	if (r->data == NULL || r->limits == NULL || from > text->len || !host_step(s->host))
		return false;
	s->host->steps += 20 + text->len / 16;
	count = pcre2_match(r->code, text->len != 0 ? text->at : (const uint16_t *)u"", text->len, from, 0, r->data, r->limits);
	if (count == PCRE2_ERROR_MATCHLIMIT || count == PCRE2_ERROR_DEPTHLIMIT || count == PCRE2_ERROR_HEAPLIMIT)
		host_stop(s->host, STOPPED_ROUNDS);
	*ret = pcre2_get_ovector_pointer(r->data);
	return count > 0 && (*ret)[1] >= (*ret)[0];
}

static void groups_of(struct session *s, struct regex *r, const struct string *text, const PCRE2_SIZE *at, struct match *ret)
{
	uint32_t count = pcre2_get_ovector_count(r->data), names = 0, size = 0;
	PCRE2_SPTR table;

	ret->from = at[0];
	ret->to = at[1];
	ret->groups = list_new(s->host->heap, count);
	ret->names = table_new(s->host->heap);
	for (uint32_t i = 0; i < count; i++)
		list_add(ret->groups, at[2 * i] == PCRE2_UNSET || at[2 * i + 1] < at[2 * i] ? v_null()
		    : v_string(string_part(s->host->heap, text, at[2 * i], at[2 * i + 1] - at[2 * i])));
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &names);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	if (names == 0)
		return;
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < names; i++, table += size) {
		size_t len = 0;

		while (table[1 + len] != 0)
			len++;
		if (table[0] < count)
			table_set(ret->names, string_of(s->host->heap, table + 1, len), ret->groups->at[table[0]]);
	}
}

bool regex_find(struct session *s, const struct string *pattern, const struct string *text, size_t from, bool folded, struct match *ret)
{
	struct regex r;
	PCRE2_SIZE *at;
	bool found;

	if (!regex_open(s, pattern, folded, &r))
		return false;
	found = next(s, &r, text, from, &at);
	if (found)
		groups_of(s, &r, text, at, ret);
	regex_close(&r);
	return found;
}

/* $1, ${name}, $&, $$ in what replaces. */
static void substitute(struct session *s, struct units *u, const struct string *by, const struct match *m)
{
	for (uint32_t i = 0; i < by->len; i++) {
		uint32_t k = i + 1;
		const struct value *v = NULL;

		if (by->at[i] != '$' || k >= by->len) {
			units_put(u, by->at[i]);
			continue;
		}
		if (by->at[k] == '$') {
			units_put(u, '$');
			i = k;
			continue;
		}
		if (by->at[k] == '&') {
			v = &m->groups->at[0];
			k++;
		} else if (by->at[k] == '{') {
			while (k < by->len && by->at[k] != '}')
				k++;
			v = table_find(m->names, string_part(s->host->heap, by, i + 2, k > i + 2 ? k - i - 2 : 0));
			if (v == NULL) {
				int64_t n = value_int(s, &(struct value){ V_STRING, { .string = string_part(s->host->heap, by, i + 2, k > i + 2 ? k - i - 2 : 0) } });

				v = n >= 0 && n < m->groups->count ? &m->groups->at[n] : NULL;
			}
			k++;
		} else {
			unsigned n = 0;

			while (k < by->len && by->at[k] >= '0' && by->at[k] <= '9' && n < 100)
				n = n * 10 + (by->at[k++] - '0');
			v = k > i + 1 && n < m->groups->count ? &m->groups->at[n] : NULL;
		}
		if (v == NULL) {
			units_put(u, '$');
			continue;
		}
		if (v->kind == V_STRING)
			units_add(u, v->string);
		i = k - 1;
	}
}

static struct value match_object(struct session *s, const struct match *m)
{
	struct value v = object_custom(s);
	struct list *groups = list_new(s->host->heap, m->groups->count);

	for (unsigned i = 0; i < m->groups->count; i++) {
		struct value g = object_custom(s);

		table_write(g.object->properties, "Value", m->groups->at[i].kind == V_NULL ? v_text(s->host->heap, "") : m->groups->at[i]);
		table_write(g.object->properties, "Success", v_bool(m->groups->at[i].kind != V_NULL));
		list_add(groups, g);
	}
	table_write(v.object->properties, "Value", m->groups->at[0]);
	table_write(v.object->properties, "Index", v_int((int64_t)m->from));
	table_write(v.object->properties, "Length", v_int((int64_t)(m->to - m->from)));
	table_write(v.object->properties, "Success", v_bool(true));
	table_write(v.object->properties, "Groups", v_list(groups));
	return v;
}

struct list *regex_all(struct session *s, const struct string *pattern, const struct string *text, bool folded)
{
	struct list *all = list_new(s->host->heap, 4);
	struct regex r;
	PCRE2_SIZE *at;
	size_t from = 0;

	if (!regex_open(s, pattern, folded, &r))
		return all;
	while (all->count < REPLACED_MAX && next(s, &r, text, from, &at)) {
		struct match m;

		groups_of(s, &r, text, at, &m);
		list_add(all, match_object(s, &m));
		from = m.to > m.from ? m.to : m.to + 1;
	}
	regex_close(&r);
	return all;
}

struct string *regex_replace(struct session *s, const struct string *pattern, const struct string *text, const struct value *by, bool folded)
{
	struct units u = units_in(s->host->heap);
	struct regex r;
	PCRE2_SIZE *at;
	size_t from = 0, done = 0;

	u.foreign = text->foreign;
	if (!regex_open(s, pattern, folded, &r))
		return units_string(&u);
	while (session_goes_on(s) && next(s, &r, text, from, &at)) {
		struct match m;

		groups_of(s, &r, text, at, &m);
		units_add(&u, string_part(s->host->heap, text, done, m.from - done));
		if (by->kind == V_BLOCK) {
			struct value item = match_object(s, &m), made = block_with(s, by->block, &item);

			units_add(&u, value_string(s, &made));
		} else {
			substitute(s, &u, value_string(s, by), &m);
		}
		done = m.to;
		from = m.to > m.from ? m.to : m.to + 1;
	}
	if (done < text->len)
		units_add(&u, string_part(s->host->heap, text, done, text->len - done));
	regex_close(&r);
	return units_string(&u);
}

struct list *regex_split(struct session *s, const struct string *pattern, const struct string *text, int64_t max, bool folded)
{
	struct list *all = list_new(s->host->heap, 8);
	struct regex r;
	PCRE2_SIZE *at;
	size_t from = 0, done = 0;

	if (!regex_open(s, pattern, folded, &r))
		return all;
	while ((max <= 0 || all->count + 1 < (uint64_t)max) && next(s, &r, text, from, &at)) {
		struct match m;

		groups_of(s, &r, text, at, &m);
		/* nothing is split off at the very end */
		if (m.to == m.from && m.from >= text->len)
			break;
		if (m.to > m.from || m.from != 0 || pattern->len == 0)
			list_add(all, v_string(string_part(s->host->heap, text, done, m.from - done)));
		for (unsigned i = 1; i < m.groups->count; i++)
			if (m.groups->at[i].kind != V_NULL)
				list_add(all, m.groups->at[i]);
		done = m.to;
		from = m.to > m.from ? m.to : m.to + 1;
	}
	list_add(all, v_string(string_part(s->host->heap, text, done, text->len - done)));
	if (pattern->len == 0 && max <= 0)
		list_add(all, v_text(s->host->heap, ""));
	regex_close(&r);
	return all;
}

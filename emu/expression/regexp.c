/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Java's regular expressions by PCRE2, which has the same grammar as far as attacks use it; bounded work. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "emu/expression/class.h"

#include <ctype.h>
#include <errno.h>
#include <pcre2.h>
#include <string.h>

enum { MATCH_STEPS = 100000, MATCH_DEPTH = 2000, PATTERN_MAX = 4096 };

struct matcher {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static void matcher_fini(struct matcher *m)
{
	pcre2_match_data_free(m->data);
	pcre2_match_context_free(m->context);
	pcre2_code_free(m->code);
}

static int matcher_init(struct java_run *run, struct bytes pattern, bool whole, struct matcher *m)
{
	int error;
	size_t offset;

	*m = (struct matcher){ 0 };
	if (pattern.left > PATTERN_MAX)
		return -E2BIG;
	m->code = pcre2_compile(pattern.at, pattern.left, (whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0) | PCRE2_NEVER_BACKSLASH_C, &error, &offset, NULL);
	if (m->code == NULL)
		return java_throw(run, "java.util.regex.PatternSyntaxException", "");
	m->data = pcre2_match_data_create(10, NULL);
	m->context = pcre2_match_context_create(NULL);
	if (m->data == NULL || m->context == NULL) {
		matcher_fini(m);
		return -ENOMEM;
	}
	pcre2_set_match_limit(m->context, MATCH_STEPS);
	pcre2_set_depth_limit(m->context, MATCH_DEPTH);
	return 0;
}

/* 1: found, its offsets in groups; 0: not; -E2BIG: too much work. */
static int matcher_next(struct java_run *run, struct matcher *m, struct bytes text, size_t from, size_t groups[20], int *count)
{
	static const uint8_t none[1];
	int n = pcre2_match(m->code, text.at != NULL ? text.at : none, text.left, from, 0, m->data, m->context);
	const size_t *found = pcre2_get_ovector_pointer(m->data);

	if (n == PCRE2_ERROR_NOMATCH)
		return 0;
	if (n < 0 || java_step(run) < 0)
		return -E2BIG;
	*count = n == 0 ? 10 : n;
	for (int i = 0; i < 20; i++)
		groups[i] = i < 2 * *count ? found[i] : PCRE2_UNSET;
	return 1;
}

int java_regexp_match(struct java_run *run, struct bytes text, struct bytes pattern, bool whole, size_t from, size_t groups[20], bool *ret)
{
	struct matcher m;
	int count, r = matcher_init(run, pattern, whole, &m);

	if (r < 0)
		return r;
	r = matcher_next(run, &m, text, from, groups, &count);
	matcher_fini(&m);
	*ret = r == 1;
	return r < 0 ? r : 0;
}

/* $1 and \x in what replaces. */
static int write_replacement(struct java_run *run, struct java_object *out, struct bytes text, struct bytes by, const size_t groups[20], int count)
{
	int r = 0;

	for (size_t i = 0; i < by.left && r == 0; i++) {
		if (by.at[i] == '\\' && i + 1 < by.left) {
			r = java_write(run, out, bytes_of(by.at + ++i, 1));
		} else if (by.at[i] == '$' && i + 1 < by.left && isdigit(by.at[i + 1])) {
			int group = by.at[++i] - '0';

			if (group >= count)
				return java_throw(run, "java.lang.IndexOutOfBoundsException", "");
			if (groups[2 * group] != PCRE2_UNSET)
				r = java_write(run, out, bytes_of(text.at + groups[2 * group], groups[2 * group + 1] - groups[2 * group]));
		} else {
			r = java_write(run, out, bytes_of(by.at + i, 1));
		}
	}
	return r;
}

int java_regexp_replace(struct java_run *run, struct bytes text, struct bytes pattern, struct bytes by, bool all, struct bytes *ret)
{
	size_t groups[20], from = 0, copied = 0;
	struct java_object *out;
	struct matcher m;
	int count, r = matcher_init(run, pattern, false, &m);

	if (r < 0)
		return r;
	r = java_make(run, OBJECT_BUILDER, "java.lang.StringBuilder", &out);
	while (r == 0 && from <= text.left && (r = matcher_next(run, &m, text, from, groups, &count)) == 1) {
		if ((r = java_write(run, out, bytes_of(text.at + copied, groups[0] - copied))) < 0 || (r = write_replacement(run, out, text, by, groups, count)) < 0)
			break;
		copied = groups[1];
		from = groups[1] > groups[0] ? groups[1] : groups[1] + 1;
		if (!all)
			break;
	}
	if (r == 0)
		r = java_write(run, out, bytes_of(text.at + copied, text.left - copied));
	matcher_fini(&m);
	if (r == 0)
		*ret = out->text;
	return r;
}

int java_regexp_split(struct java_run *run, struct bytes text, struct bytes pattern, int64_t limit, struct java_object *list)
{
	size_t groups[20], from = 0, begin = 0;
	struct matcher m;
	int count, r = matcher_init(run, pattern, false, &m);

	if (r < 0)
		return r;
	while (r == 0 && from <= text.left && (limit <= 0 || list->count + 1 < limit) && (r = matcher_next(run, &m, text, from, groups, &count)) == 1) {
		r = 0;
		from = groups[1] > groups[0] ? groups[1] : groups[1] + 1;
		if (groups[1] == 0 || (groups[0] == groups[1] && groups[0] >= text.left))
			continue; /* nothing is cut off in front of, or behind, the text */
		r = java_append(run, list, java_string(bytes_of(text.at + begin, groups[0] - begin)));
		begin = groups[1];
	}
	matcher_fini(&m);
	if (r == 0)
		r = java_append(run, list, java_string(bytes_of(text.at + begin, text.left - begin)));
	while (r == 0 && limit == 0 && list->count > 1 && list->items[list->count - 1].s.left == 0)
		list->count--;
	return r;
}
